//! What `palisade audit` prints, and with which exit code, the binary as it is.

use super::schema::validate;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const BAD: &str = "tests/audit/PAL-5105/bad.yaml";
const GOOD: &str = "tests/audit/PAL-5105/good.yaml";

/// In the root of the repository.
fn palisade(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_palisade"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap_or(-1),
        text(output.stdout),
        text(output.stderr),
    )
}

fn json(spec: &str) -> Value {
    serde_json::from_str(&palisade(&["audit", spec, "--format", "json"]).1).unwrap()
}

fn sarif(spec: &str) -> Value {
    serde_json::from_str(&palisade(&["audit", spec, "--format", "sarif"]).1).unwrap()
}

/// The cases, and documents that are wrong in every stage.
fn documents() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = vec![
        "specs/users.yaml".to_owned(),
        "specs/clinic.yaml".to_owned(),
    ];
    for topic in ["tests/audit", "tests/golden"] {
        for entry in fs::read_dir(root.join(topic)).unwrap() {
            let path = entry.unwrap().path();
            let negative = path.join("negative");
            let inner = if negative.is_dir() { negative } else { path };
            for file in fs::read_dir(inner).into_iter().flatten() {
                let file = file.unwrap().path();
                if file.extension().is_some_and(|end| end == "yaml") {
                    let name = file.strip_prefix(root).unwrap();
                    documents.push(name.to_str().unwrap().replace('\\', "/"));
                }
            }
        }
    }
    documents.sort();
    documents
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = include_str!("../../docs/reference/audit.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let documents = documents();
    assert!(documents.len() > 100, "{}", documents.len());
    for spec in documents {
        let report = json(&spec);
        validate(&schema, &report);
        assert_eq!(report["spec"], *spec);
        let findings = report["findings"].as_array().unwrap();
        for severity in ["error", "warning", "info"] {
            let count = findings.iter().filter(|each| each["severity"] == severity);
            assert_eq!(report["summary"][severity], count.count(), "{spec}");
        }
        let order: Vec<(u64, u64, &str)> = findings
            .iter()
            .map(|each| {
                let at = |key: &str| each["place"][key].as_u64().unwrap();
                (at("line"), at("column"), each["rule"].as_str().unwrap())
            })
            .collect();
        assert!(order.is_sorted(), "{spec}: {order:?}");
    }
}

#[test]
fn a_finding_names_its_operation_and_its_place() {
    let report = json(BAD);
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "PAL-5105");
    assert_eq!(finding["owasp"], "API6:2023");
    assert_eq!(finding["severity"], "warning");
    assert_eq!(finding["operation"], "one");
    assert_eq!(finding["place"]["file"], BAD);
    assert_eq!(finding["place"]["pointer"], "/paths/~1messages/post");
    // What several operations may share belongs to none.
    let shared = json("tests/audit/PAL-5305/bad.yaml");
    assert_eq!(shared["findings"][0]["operation"], Value::Null);
}

#[test]
fn diagnostics_are_findings() {
    let report = json("tests/golden/x-security/negative/undeclared-role.yaml");
    let findings = report["findings"].as_array().unwrap();
    let role = findings
        .iter()
        .find(|each| each["rule"] == "PAL-3031")
        .unwrap();
    assert_eq!(role["severity"], "error");
    assert_eq!(role["owasp"], Value::Null);
    assert_eq!(role["fix"], "did you mean `reader`?");
    // A document that is no document at all has one, too, and a place.
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.yaml");
    fs::write(&broken, "openapi: [").unwrap();
    let (code, out, _) = palisade(&["audit", broken.to_str().unwrap(), "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1);
    assert_eq!(report["summary"]["error"], 1);
    fs::write(&broken, b"\xff\xfe").unwrap();
    let (code, out, _) = palisade(&["audit", broken.to_str().unwrap(), "--format", "json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &report["findings"][0]["rule"]),
        (1, &Value::from("PAL-1001"))
    );
}

#[test]
fn exit_codes_follow_fail_on() {
    for (spec, fail_on, code) in [
        (BAD, None, 0),
        (BAD, Some("error"), 0),
        (BAD, Some("warning"), 1),
        (BAD, Some("info"), 1),
        (GOOD, Some("info"), 0),
        ("specs/clinic.yaml", Some("warning"), 0),
        ("specs/clinic.yaml", Some("info"), 1),
        ("tests/audit/PAL-5101/bad.yaml", None, 1),
        (
            "tests/golden/x-security/negative/undeclared-role.yaml",
            None,
            1,
        ),
        ("none.yaml", None, 2),
        ("specs", None, 2),
        (BAD, Some("never"), 2),
    ] {
        let mut arguments = vec!["audit", spec];
        if let Some(fail_on) = fail_on {
            arguments.extend(["--fail-on", fail_on]);
        }
        for format in ["text", "json", "sarif", "markdown"] {
            let mut arguments = arguments.clone();
            arguments.extend(["--format", format]);
            let (found, out, err) = palisade(&arguments);
            assert_eq!(found, code, "{arguments:?}\n{out}\n{err}");
            assert_eq!(out.is_empty(), code == 2, "{arguments:?}\n{out}");
        }
    }
}

#[test]
fn text_says_where_what_and_what_to_do() {
    let (_, out, err) = palisade(&["audit", BAD]);
    assert_eq!(err, "");
    assert_eq!(
        out,
        "\
tests/audit/PAL-5105/bad.yaml:11:5: warning[PAL-5105]: `POST /messages` is public, and nothing but `standard` limits it
    Name a tighter limit in `rateLimit`, for example `auth`, or one of your own by `ip`.

tests/audit/PAL-5105/bad.yaml: 1 warning
"
    );
    assert_eq!(palisade(&["audit", GOOD]).1, format!("{GOOD}: nothing\n"));
}

#[test]
fn sarif_has_what_code_scanning_reads() {
    for spec in [
        BAD,
        GOOD,
        "tests/golden/x-security/negative/undeclared-role.yaml",
    ] {
        let log = sarif(spec);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: BTreeSet<&str> = rules
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), rules.len(), "{spec}: a rule stands twice");
        let mut prints = BTreeSet::new();
        let findings = json(spec);
        let results = run["results"].as_array().unwrap();
        assert_eq!(
            results.len(),
            findings["findings"].as_array().unwrap().len()
        );
        for (result, finding) in results.iter().zip(findings["findings"].as_array().unwrap()) {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"], "{spec}");
            assert_eq!(result["ruleId"], finding["rule"]);
            let physical = &result["locations"][0]["physicalLocation"];
            assert_eq!(physical["artifactLocation"]["uri"], *spec);
            assert_eq!(physical["region"]["startLine"], finding["place"]["line"]);
            assert_eq!(
                physical["region"]["startColumn"],
                finding["place"]["column"]
            );
            let print = result["partialFingerprints"]["palisade/v1"]
                .as_str()
                .unwrap();
            assert!(
                prints.insert(print.to_owned()),
                "{spec}: two results have one fingerprint"
            );
        }
    }
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let folder = tempfile::tempdir().unwrap();
    let print = |text: &str| {
        fs::write(folder.path().join("spec.yaml"), text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_palisade"))
            .current_dir(folder.path())
            .args(["audit", "spec.yaml", "--format", "sarif"])
            .output()
            .unwrap();
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        let result = log["runs"][0]["results"][0].clone();
        let line = result["locations"][0]["physicalLocation"]["region"]["startLine"].clone();
        (line, result["partialFingerprints"].clone())
    };
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(BAD)).unwrap();
    let (line, before) = print(&text);
    let (moved, after) = print(&format!("# one line more\n{text}"));
    assert_ne!(line, moved);
    assert_eq!(before, after);
}

#[test]
fn markdown_is_a_table() {
    let (_, out, _) = palisade(&["audit", BAD, "--format", "markdown"]);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("### Audit of <code>"), "{out}");
    assert!(lines[0].ends_with(": 1 warning"), "{out}");
    let rows: Vec<&&str> = lines.iter().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 3, "{out}");
    assert!(
        rows[2].contains("PAL-5105") && rows[2].contains("[API6:2023](https://owasp.org/"),
        "{out}"
    );
    for row in rows {
        assert_eq!(row.matches('|').count(), 5, "{row}");
    }
}

#[test]
fn generate_decides_before_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let (code, said, err) = palisade(&["generate", BAD, "-o", out, "--fail-on", "warning"]);
    assert_eq!((code, said.as_str()), (1, ""));
    assert!(
        err.contains("--fail-on warning") && err.contains("1 warning"),
        "{err}"
    );
    assert!(!Path::new(out).exists());
    // Neither below what was found, nor without being asked (ruling 16).
    let (code, _, err) = palisade(&["generate", BAD, "-o", out, "--fail-on", "error"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("audit found 1 warning; `palisade audit "),
        "{err}"
    );
    fs::remove_dir_all(out).unwrap();
    assert_eq!(
        palisade(&["generate", "tests/audit/PAL-5101/bad.yaml", "-o", out]).0,
        0
    );
    let (code, _, err) = palisade(&["generate", GOOD, "-o", out, "--force"]);
    assert_eq!(code, 0, "{err}");
    assert!(!err.contains("audit"), "{err}");
}
