//! Every rule of `palisade audit`, held against documents that people read, and the pages that explain them.
//!
//! `tests/audit/<rule>/bad.yaml` is found wrong by that rule and by nothing else; `good.yaml` by nothing. A comment whose
//! `^` stands below a token says what is found there: `#   ^ PAL-5101`. `tests/audit/more/` holds documents that say what
//! rules look for in other ways. `UPDATE_GOLDEN=1 cargo test --test audit` writes the pages anew.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "audit/formats.rs"]
mod formats;
#[path = "audit/hostile.rs"]
mod hostile;
#[path = "audit/pages.rs"]
mod pages;
#[path = "audit/schema.rs"]
mod schema;

use palisade::audit::{Finding, Findings, audit, rules};
use palisade::diagnostic::Diagnostics;
use palisade::{document, openapi, plan, policy};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit")
}

/// As `palisade audit` does it.
fn findings(name: &str, text: &str) -> Findings {
    let document =
        document::from_text(name, text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let mut diagnostics = Diagnostics::default();
    let api = openapi::read(&document, &mut diagnostics);
    let policy = api
        .as_ref()
        .and_then(|api| policy::read(api, &mut diagnostics));
    if let (Some(api), Some(policy)) = (&api, &policy) {
        plan::build(api, policy, name, &mut diagnostics);
    }
    audit(&document, api.as_ref().zip(policy.as_ref()), &diagnostics)
}

type Mark = (u32, u32, String);

/// Line, column and rule of what stands above each `^`.
fn marks(text: &str) -> Vec<Mark> {
    let (mut marks, mut above) = (Vec::new(), 0);
    for (number, line) in (1..).zip(text.lines()) {
        let mark = line.strip_prefix('#').and_then(|rest| {
            let rule = rest.trim_start().strip_prefix("^ ")?;
            Some((
                above,
                1 + u32::try_from(line.find('^')?).unwrap(),
                rule.to_owned(),
            ))
        });
        match mark {
            Some(mark) => marks.push(mark),
            None => above = number,
        }
    }
    marks.sort();
    marks
}

/// Constructs that this version refuses are no business of the rules, and another version may take them.
fn is_gap(finding: &Finding) -> bool {
    (4000..5000).contains(&finding.code)
}

fn found(findings: &Findings) -> Vec<Mark> {
    let mark = |each: &Finding| (each.place.line, each.place.column, each.rule());
    let own = findings.list.iter().filter(|each| !is_gap(each));
    let mut found: Vec<Mark> = own.map(mark).collect();
    found.sort();
    found
}

/// What differs between what is marked and what is found, in words.
fn differs(path: &Path) -> Option<String> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.strip_prefix(folder()).unwrap().display().to_string();
    let findings = findings(&name, &text);
    let (wanted, found) = (marks(&text), found(&findings));
    if wanted == found {
        return None;
    }
    let said: Vec<String> = findings
        .list
        .iter()
        .map(|each| format!("  {} {}: {}", each.place.shown(), each.rule(), each.message))
        .collect();
    Some(format!("{name}: marked {wanted:?}\n{}", said.join("\n")))
}

// requirement: P37
#[test]
fn every_rule_finds_what_is_bad_and_nothing_else() {
    let mut told = Vec::new();
    for rule in rules() {
        let case = folder().join(rule.id());
        let bad = fs::read_to_string(case.join("bad.yaml")).unwrap_or_default();
        let own = marks(&bad)
            .into_iter()
            .filter(|(_, _, id)| *id == rule.id());
        if own.count() != 1 {
            told.push(format!("{}: bad.yaml has not one mark of it", rule.id()));
        }
        let other = |(_, _, id): &Mark| *id != rule.id();
        assert!(!marks(&bad).iter().any(other), "{}", rule.id());
        told.extend(differs(&case.join("bad.yaml")));
        told.extend(differs(&case.join("good.yaml")));
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn every_case_is_of_a_rule() {
    let rules: BTreeSet<String> = rules().map(|rule| rule.id()).collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let known = rules.contains(name) || name == "more" || name.ends_with(".rs");
        assert!(known, "{name} is no rule");
    }
}

#[test]
fn what_is_said_in_other_ways_is_understood() {
    let mut told = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder().join("more")).unwrap() {
        told.extend(differs(&entry.unwrap().path()));
        count += 1;
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    assert!(count > 0);
}

/// What the authors of both specifications would agree with, and nothing else.
// requirement: P37
#[test]
fn the_specifications_have_these_findings() {
    let specs = folder().join("../../specs");
    for (name, expected) in [
        // The hash is in the document so that readers know it is stored; it never travels.
        (
            "users.yaml",
            vec![(
                "PAL-5406",
                "/components/schemas/User/properties/passwordHash/x-security/sensitive",
            )],
        ),
        ("sign-in.yaml", vec![]),
        // One operation is there to be seen denied; its terminals are a house of its own.
        (
            "library.yaml",
            vec![
                ("PAL-5210", "/x-security/auth/terminal/algorithms"),
                ("PAL-5211", "/x-security/auth/terminal/profile"),
                ("PAL-5101", "/paths/~1loans~1overdue/get"),
            ],
        ),
        // The photo of a receipt is larger than what is sent elsewhere; the accounting system has only a password;
        // and names of cost centres are data.
        (
            "receipts.yaml",
            vec![
                ("PAL-5204", "/components/securitySchemes/books"),
                (
                    "PAL-5405",
                    "/components/schemas/Shares/additionalProperties",
                ),
            ],
        ),
        // A version is counted up by one; nobody has said how far.
        (
            "clinic.yaml",
            vec![(
                "PAL-5503",
                "/components/schemas/PatientUpdate/properties/version/type",
            )],
        ),
    ] {
        let text = fs::read_to_string(specs.join(name)).unwrap();
        let findings = findings(name, &text);
        let found: Vec<(String, &str)> = findings
            .list
            .iter()
            .map(|each| (each.rule(), each.place.pointer.as_str()))
            .collect();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(rule, at)| (rule.as_str(), *at))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}
