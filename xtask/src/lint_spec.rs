//! The public documents of three specifications, held by other people's tools: Spectral with the OWASP rules, Redocly,
//! and openapi-spec-validator. What is missing is installed below `target/`, by name and version; without it this fails.

use crate::steps::{Failed, root, run};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SPECS: [&str; 3] = ["users", "clinic", "receipts"];

const NPM: [&str; 3] = [
    "@stoplight/spectral-cli@6.16.3",
    "@stoplight/spectral-owasp-ruleset@2.0.1",
    "@redocly/cli@2.77.0",
];
const PIP: &str = "openapi-spec-validator==0.9.0";

/// What is found and stays: a document may take passwords where it says why, and whoever lints it is told of that.
const EXCEPTIONS: [(&str, &str, &str); 1] = [(
    "receipts",
    "owasp:api2:2023-no-http-basic",
    "components.securitySchemes.books.scheme",
)];

const RULES: &str = "extends: [\"@stoplight/spectral-owasp-ruleset\"]\n";

pub fn hold() -> Result<(), Failed> {
    let dir = root().join("target/lint-spec");
    std::fs::create_dir_all(&dir).map_err(Failed::at(dir.display()))?;
    install_npm(&dir)?;
    let python = install_pip(&dir)?;
    let documents = documents(&dir)?;

    spectral(&dir, &documents)?;
    run(
        "Redocly, recommended-strict",
        node(&dir, "redocly")
            .args(["lint", "--extends", "recommended-strict"])
            .args(&documents)
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
    )?;
    run(
        "openapi-spec-validator",
        Command::new(python)
            .args(["-m", "openapi_spec_validator"])
            .args(&documents),
    )
}

/// `harden --public` of each.
fn documents(dir: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut documents = Vec::new();
    for spec in SPECS {
        let document = dir.join(format!("{spec}.yaml"));
        let mut harden = crate::emitted::palisade(false);
        harden
            .args(["harden", "--public"])
            .arg(root().join(format!("specs/{spec}.yaml")))
            .arg("-o")
            .arg(&document);
        run(&format!("the public document of {spec}.yaml"), &mut harden)?;
        documents.push(document);
    }
    Ok(documents)
}

/// Whether what is there is what is wanted: the stamp is written last.
fn is_there(dir: &Path, name: &str, wanted: &str) -> bool {
    std::fs::read_to_string(dir.join(name)).is_ok_and(|stamp| stamp == wanted)
}

fn install_npm(dir: &Path) -> Result<(), Failed> {
    let wanted = NPM.join(" ");
    if is_there(dir, "npm.stamp", &wanted) {
        return Ok(());
    }
    let write = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(Failed::at(path.display()))
    };
    write("package.json", "{ \"private\": true }\n")?;
    let npm = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--silent",
        ])
        .args(NPM)
        .current_dir(dir)
        .status();
    match npm {
        Ok(status) if status.success() => write("npm.stamp", &wanted),
        Ok(status) => Err(Failed(format!(
            "npm could not install {wanted} ({status}): nothing was linted"
        ))),
        Err(error) => Err(Failed(format!(
            "npm is needed for Spectral and Redocly, and cannot be run ({error}): nothing was linted"
        ))),
    }
}

fn install_pip(dir: &Path) -> Result<PathBuf, Failed> {
    let python = dir.join("venv/bin/python");
    if is_there(dir, "pip.stamp", PIP) && python.exists() {
        return Ok(python);
    }
    let missing = |error: String| {
        Failed(format!(
            "python3 with venv and pip is needed for openapi-spec-validator ({error}): nothing was linted"
        ))
    };
    let steps: [(&Path, &[&str]); 2] = [
        (Path::new("python3"), &["-m", "venv", "venv"]),
        (
            &python,
            &[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                PIP,
            ],
        ),
    ];
    for (program, arguments) in steps {
        let status = Command::new(program)
            .args(arguments)
            .current_dir(dir)
            .status()
            .map_err(|error| missing(error.to_string()))?;
        if !status.success() {
            return Err(missing(format!("{}: {status}", arguments.join(" "))));
        }
    }
    let stamp = dir.join("pip.stamp");
    std::fs::write(&stamp, PIP).map_err(Failed::at(stamp.display()))?;
    Ok(python)
}

fn node(dir: &Path, tool: &str) -> Command {
    let mut command = Command::new(dir.join("node_modules/.bin").join(tool));
    command.current_dir(dir);
    command
}

/// No result but the exceptions, and all of those.
fn spectral(dir: &Path, documents: &[PathBuf]) -> Result<(), Failed> {
    println!("==> Spectral, OWASP rules, every severity");
    let rules = dir.join("owasp.yaml");
    std::fs::write(&rules, RULES).map_err(Failed::at(rules.display()))?;
    let output = node(dir, "spectral")
        .args([
            "lint",
            "--fail-severity",
            "hint",
            "--format",
            "json",
            "--quiet",
        ])
        .arg("--ruleset")
        .arg(&rules)
        .args(documents)
        .output()
        .map_err(Failed::at("spectral"))?;
    let found = results(&output)?;
    let is = |one: &(String, String, String), (spec, rule, path): &(&str, &str, &str)| {
        one.0 == *spec && one.1 == *rule && one.2 == *path
    };
    let mut told = Vec::new();
    for one in &found {
        let (spec, rule, path) = one;
        match EXCEPTIONS.iter().any(|known| is(one, known)) {
            true => println!("    {spec}: {rule}: {path}: as the document says with its reason"),
            false => told.push(format!("\n  {spec}: {rule}: {path}")),
        }
    }
    let gone = |known: &&(&str, &str, &str)| !found.iter().any(|one| is(one, known));
    for (spec, rule, path) in EXCEPTIONS.iter().filter(gone) {
        told.push(format!(
            "\n  {spec}: {rule}: {path} is an exception, and is not found"
        ));
    }
    println!(
        "    {} results, {} exceptions",
        found.len(),
        EXCEPTIONS.len()
    );
    match told.is_empty() {
        true => Ok(()),
        false => Err(Failed(format!("Spectral found{}", told.concat()))),
    }
}

/// Document, rule and path of each result.
type Found = Vec<(String, String, String)>;

fn results(output: &Output) -> Result<Found, Failed> {
    let said = String::from_utf8_lossy(&output.stdout);
    let trouble = || {
        let errors = String::from_utf8_lossy(&output.stderr);
        Failed(format!("spectral: {}\n{said}{errors}", output.status))
    };
    // 0: nothing; 1: results. All else is a failure of Spectral itself.
    if !matches!(output.status.code(), Some(0 | 1)) {
        return Err(trouble());
    }
    let read: serde_json::Value = serde_json::from_str(said.trim()).map_err(|_| trouble())?;
    let list = read.as_array().ok_or_else(trouble)?;
    let mut found = Vec::new();
    for each in list {
        let text = |key: &str| each.get(key).and_then(serde_json::Value::as_str);
        let (Some(source), Some(rule)) = (text("source"), text("code")) else {
            return Err(trouble());
        };
        let spec = Path::new(source).file_stem().unwrap_or_default();
        let path = each.get("path").and_then(serde_json::Value::as_array);
        let path: Vec<String> = path
            .into_iter()
            .flatten()
            .map(|part| {
                part.as_str()
                    .map_or_else(|| part.to_string(), str::to_owned)
            })
            .collect();
        found.push((
            spec.to_string_lossy().into_owned(),
            rule.to_owned(),
            path.join("."),
        ));
    }
    if found.is_empty() == output.status.success() {
        Ok(found)
    } else {
        Err(trouble())
    }
}
