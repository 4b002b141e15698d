//! `cargo xtask oracle`: a second reader of the document against the running service, cell by cell.
//!
//! The services of `specs/`, of documents drawn by lot and of the algebra of `security` become modules of one crate in
//! `target/oracle`; `tests/oracle/run.rs` asks them. Some more have one guard taken out: there the two must
//! disagree, else the command could not see anything.

mod mutants;
mod probe;

use crate::emitted::cargo_in;
use crate::gathered::{Crate, Wrong, planned};
use crate::steps::{Failed, root, run};
use mutants::MUTANTS;
use oracle::{algebra, quotas, random};
use palisade::plan::Plan;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What is drawn when nobody says otherwise: the same documents on every machine, every day.
const SEED: u64 = 19;
const DOCUMENTS: u64 = 24;
/// Constructs that are understood and refused by name.
const GAPS: std::ops::Range<u16> = 4300..4500;

const MANIFEST: &str = r#"
[dependencies.oracle]
path = "ORACLE"

[dependencies.aws-lc-rs]
version = "1.19"
default-features = false
features = ["aws-lc-sys", "prebuilt-nasm"]

[dependencies.base64]
version = "0.22"

[dependencies.serde_json]
version = "1"

[dependencies.tokio]
version = "1.54"
features = ["rt", "time"]

[dependencies.tower-service]
version = "0.3"

[[bin]]
name = "ask"
path = "src/ask.rs"
required-features = ["testing"]

# A million requests are judged by the one and answered by the other.
[profile.dev.package.oracle]
opt-level = 1

[profile.dev.package.shield]
opt-level = 1
"#;

/// One line of the list of services.
struct Service {
    name: String,
    document: Value,
    kind: Kind,
}

enum Kind {
    /// Of `specs/`: every combination of caller.
    Whole,
    Drawn,
    Algebra,
    /// What was taken out.
    Mutant(&'static str),
}

pub fn hold(options: &[&str]) -> Result<(), Failed> {
    let (seed, count) = chosen(options)?;
    let mut crate_ = Crate::default();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut services = Vec::new();
    for name in ["users", "clinic", "receipts", "sheets"] {
        let (document, plan) = spec(name)?;
        add(&mut crate_, name, &plan);
        services.push(Service {
            name: name.to_owned(),
            document,
            kind: Kind::Whole,
        });
    }
    let drawn = draw(seed, count, &mut refused)?;
    for (name, document, plan) in drawn {
        add(&mut crate_, &name, &plan);
        services.push(Service {
            name,
            document,
            kind: Kind::Drawn,
        });
    }
    for (name, lines) in [
        ("algebra", algebra::lines()),
        ("algebra_with_passwords", algebra::lines_with_passwords()),
    ] {
        let Some((document, plan)) = combined(lines, &mut refused)? else {
            continue;
        };
        add(&mut crate_, name, &plan);
        services.push(Service {
            name: name.to_owned(),
            document,
            kind: Kind::Algebra,
        });
    }
    for (at, mutant) in MUTANTS.iter().enumerate() {
        let (document, plan) = spec(mutant.of)?;
        let name = format!("mutant_{at}");
        add(&mut crate_, &name, &plan);
        mutant.take_out(&name, &mut crate_.files)?;
        services.push(Service {
            name,
            document,
            kind: Kind::Mutant(mutant.name),
        });
    }
    println!("==> oracle: {} services, seed {seed}", services.len());
    for (gap, count) in &refused {
        println!("    refused by name, {count} times: {gap}");
    }
    list(&services, &mut crate_);
    let folder = root().join("target/oracle");
    let oracle = root().join("oracle").display().to_string();
    let manifest = MANIFEST.replace("\"ORACLE\"", &format!("{oracle:?}"));
    crate_.finish(
        &folder,
        "asked",
        "The services that the oracle asks, and what stands behind their guards.",
        &manifest,
    )?;
    let cargo = |words: &[&str]| {
        let mut cargo = cargo_in(&folder);
        cargo.args(words);
        cargo
    };
    run(
        "oracle: build",
        &mut cargo(&["build", "--quiet", "--features", "testing"]),
    )?;
    run(
        "oracle: ask",
        &mut cargo(&["run", "--quiet", "--features", "testing"]),
    )
}

fn chosen(options: &[&str]) -> Result<(u64, u64), Failed> {
    let (mut seed, mut count) = (SEED, DOCUMENTS);
    let number = |text: &str| text.parse().map_err(Failed::at(text));
    let mut rest = options;
    while let [name, value, more @ ..] = rest {
        match *name {
            "--seed" => seed = number(value)?,
            "--documents" => count = number(value)?,
            other => {
                return Err(Failed(format!(
                    "{other}: --seed S and --documents N are known"
                )));
            }
        }
        rest = more;
    }
    match rest {
        [] => Ok((seed, count)),
        [alone, ..] => Err(Failed(format!("{alone} needs a number"))),
    }
}

/// A document of `specs/`, or the one that has what those have not, as a tree, with its quotas out of the way, and the plan of that tree.
fn spec(name: &str) -> Result<(Value, Plan), Failed> {
    let folder = match name {
        "sheets" => "tests/oracle",
        _ => "specs",
    };
    let path = root().join(format!("{folder}/{name}.yaml"));
    let text = std::fs::read_to_string(&path).map_err(Failed::at(path.display()))?;
    let mut document: Value = serde_yaml::from_str(&text).map_err(Failed::at(path.display()))?;
    quotas::lift(&mut document);
    let plan = plan_of(&document).map_err(|wrong| Failed(format!("{name}: {wrong:?}")))?;
    Ok((document, plan))
}

fn plan_of(document: &Value) -> Result<Plan, Wrong> {
    planned("oracle.json", &document.to_string())
}

/// Documents by lot, until there are `count` that palisade takes. Only gaps may be refused.
fn draw(
    seed: u64,
    count: u64,
    refused: &mut BTreeMap<String, usize>,
) -> Result<Vec<(String, Value, Plan)>, Failed> {
    let mut drawn = Vec::new();
    for at in 0..count.saturating_mul(4) {
        if drawn.len() as u64 == count {
            break;
        }
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(at);
        let mut document = random::document(seed);
        quotas::lift(&mut document);
        match plan_of(&document) {
            Ok(plan) => drawn.push((format!("random_{at}"), document, plan)),
            Err(wrong) => count_gap(wrong, refused, &document)?,
        }
    }
    Ok(drawn)
}

fn count_gap(
    wrong: Wrong,
    refused: &mut BTreeMap<String, usize>,
    document: &Value,
) -> Result<(), Failed> {
    match wrong.first() {
        Some((code, message)) if wrong.iter().all(|(code, _)| GAPS.contains(code)) => {
            *refused.entry(format!("PAL-{code} {message}")).or_default() += 1;
            Ok(())
        }
        _ => Err(Failed(format!(
            "a document that should be taken is not: {wrong:?}\n{document}"
        ))),
    }
}

/// Every line of the algebra that palisade takes, as one document.
fn combined(
    lines: Vec<algebra::Line>,
    refused: &mut BTreeMap<String, usize>,
) -> Result<Option<(Value, Plan)>, Failed> {
    let mut taken = Vec::new();
    for line in lines {
        let mut document = algebra::document(std::slice::from_ref(&line));
        quotas::lift(&mut document);
        match plan_of(&document) {
            Ok(_) => taken.push(line),
            Err(wrong) => count_gap(wrong, refused, &document)?,
        }
    }
    if taken.is_empty() {
        return Ok(None);
    }
    let mut document = algebra::document(&taken);
    quotas::lift(&mut document);
    match plan_of(&document) {
        Ok(plan) => Ok(Some((document, plan))),
        Err(wrong) => Err(Failed(format!("the algebra as one document: {wrong:?}"))),
    }
}

fn add(crate_: &mut Crate, name: &str, plan: &Plan) {
    crate_.module(name, plan);
    crate_.beside(&format!("probe_{name}"), probe::module(name, plan));
}

/// The program, the documents, and the list that ties them to the modules.
fn list(services: &[Service], crate_: &mut Crate) {
    let mut text = "//! Every service with its document.\n\nuse super::Service;\n\npub const SERVICES: &[Service] = &[\n".to_owned();
    for service in services {
        let (name, [every, algebra]) = (
            &service.name,
            match service.kind {
                Kind::Whole => [true, false],
                Kind::Algebra => [false, true],
                Kind::Drawn | Kind::Mutant(_) => [false, false],
            },
        );
        let mutant = match service.kind {
            Kind::Mutant(what) => Some(what),
            _ => None,
        };
        let _ = writeln!(
            text,
            "    Service {{ name: {name:?}, document: include_str!(\"documents/{name}.json\"), every: {every}, algebra: {algebra}, mutant: {mutant:?}, start: asked::probe_{name}::start }},",
        );
        crate_.files.insert(
            format!("src/documents/{name}.json"),
            service.document.to_string(),
        );
    }
    text.push_str("];\n");
    crate_.files.insert("src/services.rs".to_owned(), text);
    for (name, text) in [
        ("ask", include_str!("../../tests/oracle/ask.rs")),
        (
            "credentials",
            include_str!("../../tests/oracle/credentials.rs"),
        ),
        ("tally", include_str!("../../tests/oracle/tally.rs")),
    ] {
        crate_
            .files
            .insert(format!("src/{name}.rs"), text.to_owned());
    }
}
