//! Documents that cannot be generated from, and files that are not there: exit codes (ruling 17).

use super::support::Place;

const BROKEN: &[(&str, &str)] = &[
    ("syntax", "openapi: 3.1.0\ninfo: [\n"),
    ("empty", ""),
    ("no OpenAPI", "hello: world\n"),
    (
        "another version",
        "swagger: '2.0'\ninfo: { title: T, version: '1' }\npaths: {}\n",
    ),
];

#[test]
fn an_invalid_document_is_1_for_generate_and_2_for_check() {
    let place = Place::new();
    for (name, text) in BROKEN {
        place.set("broken.yaml", text);
        let run = place
            .run(&["generate", "broken.yaml", "-o", "out"])
            .exits(1);
        assert!(run.stderr.contains("error[PAL-"), "{name}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{name}");
        assert!(!place.path("out").exists(), "{name}");
        place.run(&["check", "broken.yaml", "-o", "out"]).exits(2);
        place
            .run_with_stdin(&["generate", "-", "-o", "out"], text)
            .exits(1);
    }
}

#[test]
fn a_key_that_does_not_exist_has_a_place() {
    let place = Place::new();
    place.edit("specs/users.yaml", "  resources:\n", "  resorces:\n");
    let run = place
        .run(&["generate", "specs/users.yaml", "-o", "out"])
        .exits(1);
    let line = place
        .text("specs/users.yaml")
        .lines()
        .position(|line| line == "  resorces:")
        .unwrap()
        + 1;
    assert!(
        run.stderr.contains(&format!("specs/users.yaml:{line}:3")),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("resources"),
        "no suggestion: {}",
        run.stderr
    );
}

#[test]
fn a_document_that_becomes_invalid_leaves_the_project_alone() {
    let place = Place::generated();
    let before = place.tree("out");
    place.set("specs/users.yaml", "openapi: [");
    place.run(&["generate", "-o", "out"]).exits(1);
    place.run(&["generate", "-o", "out", "--force"]).exits(1);
    assert_eq!(before, place.tree("out"));
}

#[test]
fn a_document_that_is_not_there_is_usage() {
    let place = Place::new();
    for spec in ["none.yaml", "specs"] {
        let run = place.run(&["generate", spec, "-o", "out"]).exits(2);
        assert!(run.stderr.contains(spec), "{}", run.stderr);
        place.run(&["check", spec, "-o", "out"]).exits(2);
    }
    for wrong in [&["generate", "--no-such-flag"][..], &["genrate"], &[]] {
        place.run(wrong).exits(2);
    }
}

#[test]
fn text_that_is_not_utf_8_is_the_documents_fault() {
    let place = Place::new();
    std::fs::write(
        place.path("latin.yaml"),
        b"openapi: 3.1.0\ninfo: { title: \xe9 }\n",
    )
    .unwrap();
    place.run(&["generate", "latin.yaml", "-o", "out"]).exits(1);
}

#[test]
fn a_title_is_not_obeyed_by_the_terminal() {
    let place = Place::new();
    place.edit(
        "specs/users.yaml",
        "title: Users API",
        "title: \"\\e[2J\\u202E\"",
    );
    let run = place.run(&["generate", "specs/users.yaml"]);
    assert_ne!(run.code, 0);
    assert!(
        !run.stderr.contains(['\u{1b}', '\u{202e}']),
        "{}",
        run.stderr
    );
}
