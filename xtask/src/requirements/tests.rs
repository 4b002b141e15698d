#![allow(clippy::unwrap_used, clippy::panic)]

//! The command over the marks of this repository and runs made up for it.

use super::evidence::{Shown, State, weigh};
use super::last_run::{Ended, LastRun};
use super::list::Requirement;
use super::marks::{Mark, On, What};
use super::*;
use crate::emitted::PROJECTS;
use palisade::emit::attacks::kinds::KINDS;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What `cargo xtask test` would print if all that is marked passed, a log a name.
fn logs() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |log: &str, text: &str| match found.iter_mut().find(|(had, _)| had == log) {
        Some((_, all)) => all.push_str(text),
        None => found.push((log.to_owned(), text.to_owned())),
    };
    for project in &PROJECTS {
        let mut text = format!("{:<24} {:>6} {:>6}  shows\n", "kind", "cases", "failed");
        for kind in KINDS {
            let _ = writeln!(text, "{:<24} {:>6} {:>6}  {}", kind.name, 3, 0, kind.shows);
        }
        add(
            &project.log(),
            &format!("{text}\noperation  cases failed\n"),
        );
    }
    let refuses = "     Running tests/golden.rs (target/debug/deps/golden-0)\n\
                   test what_is_refused_is_refused_in_these_words ... ok\n";
    add("workspace", refuses);
    let mut seen = BTreeSet::new();
    for mark in marks::read(&root()).unwrap() {
        match &mark.what {
            What::Page => add("pages", &format!("page {} ... ok\n", mark.path)),
            What::Case => add("proofs", &format!("case {} ... ok\n", mark.path)),
            What::Refused => {}
            What::Test {
                function,
                binary,
                log,
            } => {
                // Functions of one name in one binary would need their modules.
                assert!(
                    seen.insert((binary.clone(), function.clone())),
                    "{function}"
                );
                let text = format!(
                    "     Running unittests src/lib.rs (target/debug/deps/{binary}-0123abc)\n\
                     test some::module::{function} ... ok\n"
                );
                add(log, &text);
            }
        }
    }
    found
}

fn run(logs: &[(String, String)]) -> LastRun {
    let mut run = LastRun::default();
    for (log, text) in logs {
        run.add(log, text);
    }
    run
}

/// The page when `from` stands `to` in the logs, which must have it.
fn with(from: &str, to: &str) -> Result<String, String> {
    let mut logs = logs();
    assert!(logs.iter().any(|(_, text)| text.contains(from)), "{from}");
    for (_, text) in &mut logs {
        *text = text.replacen(from, to, 1);
    }
    of(&root(), &run(&logs)).map_err(|Failed(why)| why)
}

#[test]
fn when_all_that_is_marked_passed_there_is_a_page() {
    let page = with("kind", "kind").unwrap_or_else(|why| panic!("{why}"));
    assert!(page.contains("| P112 |"));
    assert!(page.contains("`other-tenant` 3 + 3"));
    assert_eq!(page, with("kind", "kind").unwrap(), "the same every time");
}

#[test]
fn a_marked_test_that_did_not_run_is_told() {
    let why = with("test some::module::roles_and_scopes ... ok\n", "").unwrap_err();
    let told: Vec<&str> = why.lines().skip(1).collect();
    assert_eq!(
        told,
        ["  templates/shield/tests/door/prefix.rs: roles_and_scopes did not run"],
        "{why}"
    );
    let why = with("roles_and_scopes ... ok", "roles_and_scopes ... ignored").unwrap_err();
    assert!(why.contains("roles_and_scopes did not run"), "{why}");
}

#[test]
fn a_marked_test_that_failed_is_told() {
    let why = with("preflights ... ok", "preflights ... FAILED").unwrap_err();
    assert!(why.contains("cors.rs: preflights failed"), "{why}");
    let refused = "what_is_refused_is_refused_in_these_words ... ";
    let why = with(&format!("{refused}ok"), &format!("{refused}FAILED")).unwrap_err();
    assert!(why.contains("one-issuer-two-families.yaml failed"), "{why}");
    let why = with("no_raw_id.rs ... ok", "no_raw_id.rs ... FAILED").unwrap_err();
    assert!(why.contains("no_raw_id.rs failed"), "{why}");
    let why = with("page README.md ... ok", "").unwrap_err();
    assert!(why.contains("README.md did not run"), "{why}");
}

#[test]
fn attacks_that_failed_or_did_not_run_are_told() {
    let row = |failed| format!("{:<24} {:>6} {failed:>6}", "other-tenant", 3);
    let why = with(&row(0), &row(1)).unwrap_err();
    assert!(
        why.contains("generated-example: 1 of 3 attacks of the kind other-tenant failed"),
        "{why}"
    );
    let none = format!("{:<24} {:>6} {:>6}", "other-tenant", 0, 0);
    let why = with(&row(0), &none).unwrap_err();
    assert!(
        why.contains("no attack of the kind other-tenant ran"),
        "{why}"
    );
    let why = with("cases failed  shows", "").unwrap_err();
    assert!(why.contains("the attacks did not run"), "{why}");
}

#[test]
fn where_nothing_was_run_it_says_what_to_do() {
    let Err(Failed(why)) = LastRun::read(&root().join("target/no-such-run")) else {
        panic!("there is no such run");
    };
    assert!(why.contains("`cargo xtask test` first"), "{why}");
}

#[test]
fn a_mark_stands_above_a_test() {
    let path = "tests/cli/check.rs";
    let text = "// requirement: P1, P2\n#[test]\nfn one() {}\n";
    let marks = marks::of_tests(path, text).unwrap();
    let [mark] = marks.as_slice() else {
        panic!("{marks:?}");
    };
    assert_eq!(mark.numbers, ["P1", "P2"]);
    let What::Test {
        function,
        binary,
        log,
    } = &mark.what
    else {
        panic!("{mark:?}");
    };
    assert_eq!(
        (&**function, &**binary, &**log),
        ("one", "cli", "workspace")
    );
    for text in [
        "// requirement: P1\nfn one() {}\n",
        "// requirement: P1\n\n#[test]\nfn one() {}\n",
        "// requirement: P1",
    ] {
        let why = marks::of_tests(path, text).unwrap_err();
        assert!(why.starts_with("tests/cli/check.rs:1:"), "{why}");
    }
}

#[test]
fn a_test_is_found_in_its_binary_and_its_modules() {
    let mut run = LastRun::default();
    let text = "     Running tests/a/main.rs (target/debug/deps/a-0f)\n\
                test one::same ... ok\ntest two::same ... FAILED\n\
                     Running tests/b.rs (target/debug/deps/b-0f)\ntest same ... ok\n\
                Doc-tests a\ntest same ... FAILED\n";
    run.add("workspace", text);
    let of = |binary, path| run.test("workspace", binary, path, "same");
    assert_eq!(of("a", "tests/a/one.rs"), Ok(Ended::Passed));
    assert_eq!(of("a", "tests/a/two.rs"), Ok(Ended::Failed));
    assert_eq!(of("b", "tests/b.rs"), Ok(Ended::Passed));
    assert_eq!(of("c", "tests/c.rs"), Ok(Ended::NotRun));
    assert!(of("a", "tests/a/main.rs").is_err(), "which of the two?");
}

fn required(of_service: bool, lacks: &str) -> Requirement {
    Requirement {
        number: "P1".to_owned(),
        of_service,
        title: "It is so".to_owned(),
        source: "RFC 1".to_owned(),
        lacks: lacks.to_owned(),
    }
}

#[test]
fn what_is_shown_elsewhere_is_not_met() {
    let on = |on: &[On]| Shown {
        marks: on
            .iter()
            .map(|on| Mark {
                path: String::new(),
                what: What::Page,
                on: *on,
                numbers: vec![],
            })
            .collect(),
        ..Shown::default()
    };
    for (shown, of_service, lacks, state) in [
        (on(&[On::Service]), true, "", State::Met),
        (on(&[On::Shield, On::Service]), true, "half", State::Partly),
        (on(&[On::Shield]), true, "", State::Shield),
        (on(&[On::Shield]), true, "half", State::Partly),
        (on(&[On::Palisade]), true, "", State::Partly),
        (on(&[On::Palisade]), false, "", State::Met),
        (on(&[On::Shield]), false, "", State::Partly),
        (on(&[]), true, "why", State::Open),
    ] {
        assert_eq!(
            shown.state(&required(of_service, lacks)),
            state,
            "{shown:?}"
        );
    }
}

#[test]
fn what_nothing_shows_needs_a_reason() {
    let told = |lacks: &str| {
        let (_, wrong) = weigh(&[required(true, lacks)], &[], &run(&logs()));
        // `no-token` shows P1 on every example, so take the attacks away.
        let (_, without) = weigh(&[required(true, lacks)], &[], &LastRun::default());
        (
            wrong.len(),
            without.iter().any(|why| why.contains("P1: nothing")),
        )
    };
    assert_eq!(told(""), (0, true));
    assert_eq!(told("it is not built"), (0, false));
}

#[test]
fn the_list_is_whole_and_names_no_gap_that_was_closed() {
    assert_eq!(list::read(list::TEXT).unwrap().len(), 112);
    for (text, why) in [
        ("P2 | service | a | b |", "not the next number"),
        ("P1 | elsewhere | a | b |", "neither"),
        ("P1 | service | a |", "five columns"),
        ("P1 | service | a | b | gone (PAL-4999)", "no gap any more"),
    ] {
        let said = list::read(text).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
}
