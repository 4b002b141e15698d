//! What the guard costs: the generated service, bare axum with the same routes, and a stack of known layers, each a process
//! of its own, under one load in turn.

use super::page;
use super::spread::Spread;
use super::target;
use crate::emitted::palisade;
use crate::steps::{Failed, cargo, root, run};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The document is `specs/clinic.yaml` with tokens that cost little to verify, with quotas that no run reaches, and with one
/// `GET` twice ([`super::pair`]).
const CHANGES: [(&str, &str); 5] = [
    ("algorithms: [ES256]", "algorithms: [HS256]"),
    (
        "  rateLimits:\n",
        "  rateLimits:\n    standard: { limit: 4000000000, window: 1m, by: subject }\n",
    ),
    (
        "    body: 16KiB\n",
        "    body: 16KiB\n    ipRate: 4000000000 per 1m\n",
    ),
    ("paths:\n", PAIR),
    ("  schemas:\n", PLAIN),
];

/// What any caller may read, and what only this caller may: the same record.
const PAIR: &str = "paths:
  /plain/{number}:
    get:
      operationId: readPlain
      tags: [pair]
      parameters: [{ name: number, in: path, required: true, schema: { type: string, format: uuid } }]
      responses:
        '200':
          description: The record.
          content: { application/json: { schema: { $ref: '#/components/schemas/Plain' } } }
  /owned/{patientId}:
    get:
      operationId: readOwned
      tags: [pair]
      x-security: { access: patient, owns: Patient }
      parameters: [{ name: patientId, in: path, required: true, schema: { type: string, format: uuid } }]
      responses:
        '200':
          description: The record.
          content: { application/json: { schema: { $ref: '#/components/schemas/Patient' } } }
";

/// A patient whose members are everybody's.
const PLAIN: &str = "  schemas:
    Plain:
      type: object
      required: [id, name, birthDate, email, version]
      properties:
        id: { type: string, format: uuid }
        name: { type: string, maxLength: 80 }
        birthDate: { type: string, format: date }
        email: { type: string, format: email, maxLength: 254 }
        phone: { type: [string, 'null'], maxLength: 16 }
        allergies: { type: array, maxItems: 20, items: { type: string, maxLength: 60 } }
        riskNote: { type: string, maxLength: 2000 }
        version: { type: integer, format: int64, minimum: 1 }
";

const SERVERS: [(&str, &str); 3] = [
    ("bare", "bare axum"),
    ("guarded", "generated service"),
    ("layers", "known layers"),
];

const CASES: [(&str, &str); 4] = [
    ("get", "GET with token"),
    ("post", "valid POST"),
    ("refused", "refused POST (422)"),
    ("anonymous", "GET without token (401)"),
];

/// How much is sent.
#[derive(Clone, Copy)]
pub struct Size {
    pub rounds: usize,
    pub requests: usize,
    pub connections: usize,
}

/// Each caller is heard once a round.
pub const WHOLE: Size = Size {
    rounds: 31,
    requests: 10_000,
    connections: 32,
};

/// Enough to see that everybody answers as is expected.
const SMOKE: Size = Size {
    rounds: 1,
    requests: 200,
    connections: 4,
};

/// Rounds of one case against one server.
pub type Rounds = BTreeMap<(String, String), Vec<Round>>;

#[derive(Clone, Copy)]
pub struct Round {
    /// Of the server's processor, in microseconds a request.
    pub cpu: f64,
    /// Requests a second.
    pub rate: f64,
}

/// Whether the bench still works: debug builds, a few hundred requests, nothing is written.
pub fn smoke() -> Result<(), Failed> {
    let servers = build(false)?;
    let servers_and_cases = (SERVERS.len() * CASES.len(), 2);
    let rounds = measure(&servers, SMOKE, &SERVERS.map(|(name, _)| name), "service")?;
    let pair = measure(&servers, SMOKE, &["guarded"], "pair")?;
    if (rounds.len(), pair.len()) != servers_and_cases {
        return Err(Failed(format!(
            "{servers_and_cases:?} rounds were wanted, {} and {} were measured",
            rounds.len(),
            pair.len()
        )));
    }
    println!("    every server answered every kind of request as expected");
    Ok(())
}

/// Measures, prints the tables and writes them into the page.
pub fn whole(size: Size) -> Result<(), Failed> {
    let servers = build(true)?;
    println!(
        "==> {} rounds of {} requests each, load average {}",
        size.rounds,
        size.requests,
        page::load()
    );
    let rounds = measure(&servers, size, &SERVERS.map(|(name, _)| name), "service")?;
    let text = tables(&rounds, size)?;
    println!("{text}");
    page::write("services", &text)
}

/// The programs, in a folder; the generated one is generated first.
pub fn build(release: bool) -> Result<PathBuf, Failed> {
    // Debug builds share what the emitted projects of the tests have built.
    let into = target().join(if release { "bench" } else { "emitted" });
    std::fs::create_dir_all(&into).map_err(Failed::at(into.display()))?;
    let spec = into.join("clinic.yaml");
    std::fs::write(&spec, document()?).map_err(Failed::at(spec.display()))?;
    let benches = root().join("benches");
    run(
        "benches/guarded: generate",
        palisade(false)
            .args(["--quiet", "generate"])
            .arg(&spec)
            .args(["-o", "benches/guarded"]),
    )?;
    for dir in [benches.join("guarded"), benches] {
        let mut command = cargo();
        command
            .current_dir(&dir)
            .env("CARGO_TARGET_DIR", &into)
            .args(["build", "--quiet", "--bins"])
            .args(release.then_some("--release"));
        run(&format!("{}: build", dir.display()), &mut command)?;
    }
    Ok(into.join(if release { "release" } else { "debug" }))
}

fn document() -> Result<String, Failed> {
    let path = root().join("specs/clinic.yaml");
    let mut text = std::fs::read_to_string(&path).map_err(Failed::at(path.display()))?;
    for (from, to) in CHANGES {
        if text.matches(from).count() != 1 {
            return Err(Failed(format!(
                "specs/clinic.yaml has `{}` not exactly once; the bench changes it",
                from.trim()
            )));
        }
        text = text.replace(from, to);
    }
    Ok(text)
}

/// Cases `of` the service, or the pair, against these servers.
pub fn measure(programs: &Path, size: Size, servers: &[&str], of: &str) -> Result<Rounds, Failed> {
    let logs = programs.join("logs");
    std::fs::create_dir_all(&logs).map_err(Failed::at(logs.display()))?;
    let program = |name: &str| programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut command = if pinned() {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(program("load"));
        command.args(["--cpu", "1"]);
        command
    } else {
        Command::new(program("load"))
    };
    for (name, value) in [
        ("--rounds", size.rounds),
        ("--requests", size.requests),
        ("--connections", size.connections),
    ] {
        command.arg(name).arg(value.to_string());
    }
    command.arg("--logs").arg(logs).args(["--cases", of]);
    for name in servers {
        let kind = if *name == "bare" {
            "--open"
        } else {
            "--guarded"
        };
        command
            .arg(kind)
            .arg(format!("{name}={}", program(name).display()));
    }
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(Failed::at("load"))?;
    if !output.status.success() {
        return Err(Failed(format!("load: {}", output.status)));
    }
    let mut rounds = Rounds::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (key, round) = read(line).ok_or_else(|| Failed(format!("load said {line}")))?;
        rounds.entry(key).or_default().push(round);
    }
    Ok(rounds)
}

fn read(line: &str) -> Option<((String, String), Round)> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let word = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let number = |name: &str| value.get(name)?.as_f64();
    let round = Round {
        cpu: number("cpu_seconds")? * 1e6 / number("requests")?,
        rate: number("requests")? / number("seconds")?,
    };
    Some(((word("case")?, word("server")?), round))
}

/// Client and server on a processor each, where the system can be asked for it.
pub fn pinned() -> bool {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = Command::new("taskset").arg("--version").output();
    threads > 1 && asked.is_ok_and(|output| output.status.success())
}

fn tables(rounds: &Rounds, size: Size) -> Result<String, Failed> {
    let mut text = format!(
        "Measured on {}; {}; load average {} afterwards. {} rounds of {} requests for each cell, over {} connections. In each cell: the median, the \
         quartiles in parentheses.\n\nProcessor time of the server process for one request, in µs, and how often that of bare \
         axum in the same round:\n\n| request |",
        page::machine(),
        if pinned() {
            "the client has one of them to itself, the server another"
        } else {
            "client and servers share them"
        },
        page::load(),
        size.rounds,
        size.requests,
        size.connections
    );
    heads(&mut text);
    row_each(&mut text, |text, case, server| {
        let (own, bare) = (of(rounds, case, server)?, of(rounds, case, "bare")?);
        let cost = spread(own.iter().map(|round| round.cpu))?;
        let _ = write!(
            text,
            " {:.1} ({:.1}–{:.1})",
            cost.median, cost.low, cost.high
        );
        if server != "bare" {
            let ratios = own.iter().zip(bare).map(|(own, bare)| own.cpu / bare.cpu);
            let ratio = spread(ratios)?;
            let _ = write!(
                text,
                ", **{:.2} ×** ({:.2}–{:.2})",
                ratio.median, ratio.low, ratio.high
            );
        }
        Ok(())
    })?;
    text.push_str("\nThousand requests a second, by one processor:\n\n| request |");
    heads(&mut text);
    row_each(&mut text, |text, case, server| {
        let rates = of(rounds, case, server)?
            .iter()
            .map(|round| round.rate / 1e3);
        let rate = spread(rates)?;
        let _ = write!(
            text,
            " {:.1} ({:.1}–{:.1})",
            rate.median, rate.low, rate.high
        );
        Ok(())
    })?;
    Ok(text)
}

fn heads(text: &mut String) {
    for (_, label) in SERVERS {
        let _ = write!(text, " {label} |");
    }
    text.push_str("\n|---|---|---|---|\n");
}

/// A row for each kind of request, a cell for each server.
fn row_each(
    text: &mut String,
    cell: impl Fn(&mut String, &str, &str) -> Result<(), Failed>,
) -> Result<(), Failed> {
    for (case, label) in CASES {
        let _ = write!(text, "| {label} |");
        for (server, _) in SERVERS {
            cell(text, case, server)?;
            text.push_str(" |");
        }
        text.push('\n');
    }
    Ok(())
}

fn of<'r>(rounds: &'r Rounds, case: &str, server: &str) -> Result<&'r [Round], Failed> {
    rounds
        .get(&(case.to_owned(), server.to_owned()))
        .map(Vec::as_slice)
        .ok_or_else(|| Failed(format!("no rounds of {case} against {server}")))
}

fn spread(values: impl Iterator<Item = f64>) -> Result<Spread, Failed> {
    Spread::of(values.collect()).ok_or_else(|| Failed("nothing was measured".to_owned()))
}
