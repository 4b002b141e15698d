//! `palisade diff`: what is printed, and the exit codes of ruling 77.

use super::support::Place;
use serde_json::Value;

/// `old.yaml` and `new.yaml` beside each other, which differ by these edits of users.yaml.
fn two(edits: &[(&str, &str)]) -> Place {
    let place = Place::new();
    let old = place.text("specs/users.yaml");
    place.set("old.yaml", &old);
    place.set("new.yaml", &old);
    for (from, to) in edits {
        place.edit("new.yaml", from, to);
    }
    place
}

const OPENED: (&str, &str) = (
    "access: admin\n        owns: { User: any }",
    "access: member\n        owns: { User: any }",
);
const CLOSED: (&str, &str) = (
    "maximum: 120\n          x-security: { sensitive: personal }\n        password:",
    "maximum: 110\n          x-security: { sensitive: personal }\n        password:",
);

#[test]
fn the_same_is_neutral() {
    let place = two(&[("title: Users API", "title: Users")]);
    let run = place
        .run(&["diff", "old.yaml", "new.yaml", "--fail-on", "any"])
        .exits(0);
    assert_eq!(run.stdout, "neutral: 0 widened, 0 narrowed, 0 neutral\n");
}

#[test]
fn who_may_do_more() {
    let place = two(&[OPENED]);
    let run = place.run(&["diff", "old.yaml", "new.yaml"]).exits(1);
    assert!(
        run.stdout.starts_with("deleteUser  old.yaml:"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("  + widened   access, for member: admin -> member\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .ends_with("widened: 1 widened, 0 narrowed, 0 neutral\n")
    );
    // The other way round, less.
    place.run(&["diff", "new.yaml", "old.yaml"]).exits(0);
}

#[test]
fn what_fails_is_the_callers_to_say() {
    for (edits, codes) in [
        (&[OPENED][..], [1, 0, 1, 0]),
        (&[CLOSED], [0, 1, 1, 0]),
        (&[OPENED, CLOSED], [1, 1, 1, 0]),
    ] {
        let place = two(edits);
        for (word, code) in ["widened", "narrowed", "any", "never"].iter().zip(codes) {
            place
                .run(&["diff", "old.yaml", "new.yaml", "--fail-on", word])
                .exits(code);
        }
    }
}

#[test]
fn json_has_the_shape_of_the_ruling() {
    let place = two(&[OPENED]);
    let run = place
        .run(&["diff", "old.yaml", "new.yaml", "--format", "json"])
        .exits(1);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["version"], 1);
    assert_eq!(report["verdict"], "widened");
    let change = &report["changes"][0];
    let keys: Vec<&String> = change.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "new",
            "old",
            "operation",
            "places",
            "principal",
            "verdict",
            "what"
        ]
    );
    assert_eq!(change["operation"], "deleteUser");
    assert_eq!(change["principal"], "member");
    let files: Vec<&Value> = change["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| &place["file"])
        .collect();
    assert_eq!(files, ["old.yaml", "new.yaml"]);
    assert_eq!(
        change["places"][0]["pointer"],
        "/paths/~1users~1{userId}/delete"
    );
}

#[test]
fn markdown_is_a_table_that_obeys_nobody() {
    let place = two(&[
        OPENED,
        ("operationId: deleteUser", "operationId: 'a|b @team'"),
    ]);
    let run = place
        .run(&["diff", "old.yaml", "new.yaml", "--format", "markdown"])
        .exits(1);
    assert!(run.stdout.contains("| **widened** |"), "{}", run.stdout);
    assert!(!run.stdout.contains("@team"), "{}", run.stdout);
}

#[test]
fn one_document_may_come_from_a_pipe_and_errors_are_usage() {
    let place = two(&[OPENED]);
    let old = place.text("old.yaml");
    let run = place.run_with_stdin(&["diff", "-", "new.yaml"], &old);
    assert_eq!(run.code, 1, "{}", run.stderr);
    place.run(&["diff", "-", "-"]).exits(2);
    place.run(&["diff", "old.yaml", "none.yaml"]).exits(2);
    place.set("broken.yaml", "openapi: [");
    place.run(&["diff", "broken.yaml", "new.yaml"]).exits(2);
}
