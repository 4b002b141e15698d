//! `--deny-unsupported`: what cannot be enforced is denied and listed, and `check` knows of it.

use super::support::Place;

/// `users.yaml` with a construct that is not enforced in one operation, and one in a schema that two others use.
fn place() -> Place {
    let place = Place::new();
    place.edit(
        "specs/users.yaml",
        "      operationId: deleteUser\n",
        "      operationId: deleteUser\n      callbacks: { gone: {} }\n",
    );
    place.edit(
        "specs/users.yaml",
        "    UserUpdate:\n      type: object\n",
        "    UserUpdate:\n      type: object\n      not: {}\n",
    );
    place
}

#[test]
fn without_it_all_constructs_are_told_and_nothing_is_written() {
    let place = place();
    let run = place
        .run(&["generate", "specs/users.yaml", "-o", "out"])
        .exits(1);
    assert!(
        run.stderr.contains("PAL-4007") && run.stderr.contains("PAL-4033"),
        "{}",
        run.stderr
    );
    assert!(!place.path("out").exists());
}

#[test]
fn with_it_exactly_those_operations_are_denied_and_listed() {
    let place = place();
    let flags = ["specs/users.yaml", "-o", "out", "--deny-unsupported"];
    let run = place.run(&[&["generate"], &flags[..]].concat()).exits(0);
    assert!(
        run.stderr.starts_with(
            "note: 2 operations use what palisade cannot enforce, denied to everyone:
  updateUser (PATCH /users/{userId}): `not` at specs/users.yaml:201:7
  deleteUser (DELETE /users/{userId}): `callbacks` at specs/users.yaml:137:7
"
        ),
        "{}",
        run.stderr
    );
    let denied = place.text("out/api/src/operations/update_user.rs");
    assert!(
        denied.contains("denied to every caller. it uses `not`, which palisade cannot enforce"),
        "{denied}"
    );
    assert!(
        place
            .text("out/api/src/operations/get_user.rs")
            .contains("pub trait GetUser")
    );
    assert!(
        !place.path("out/api/src/requests/user_update.rs").exists(),
        "a type of a denied operation"
    );
    place.run(&[&["check"], &flags[..]].concat()).exits(0);
    // The lock remembers it, until something else is asked for.
    let lock = place.text("out/palisade.lock");
    assert!(
        lock.contains("options:\n  deny_unsupported: true\n"),
        "{lock}"
    );
    place.run(&["check", "-o", "out"]).exits(0);
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert!(run.stderr.contains("deleteUser"), "{}", run.stderr);
    let forget = ["-o", "out", "--deny-unsupported=false"];
    place.run(&[&["check"], &forget[..]].concat()).exits(2);
    place.run(&[&["generate"], &forget[..]].concat()).exits(1);
}

#[test]
fn where_it_is_not_needed_it_says_so() {
    let place = Place::new();
    let run = place
        .run(&[
            "generate",
            "specs/users.yaml",
            "-o",
            "out",
            "--deny-unsupported",
        ])
        .exits(0);
    assert!(
        run.stderr.contains("--deny-unsupported is not needed"),
        "{}",
        run.stderr
    );
    place
        .run(&["check", "specs/users.yaml", "-o", "out"])
        .exits(0);
}

#[test]
fn what_is_wrong_in_another_way_stops_all_the_same() {
    let place = place();
    place.edit(
        "specs/users.yaml",
        "owns: { User: any }",
        "owns: { Usr: any }",
    );
    let run = place
        .run(&[
            "generate",
            "specs/users.yaml",
            "-o",
            "out",
            "--deny-unsupported",
        ])
        .exits(1);
    assert!(
        run.stderr.contains("did you mean `User`?"),
        "{}",
        run.stderr
    );
    assert!(
        !run.stderr.contains("PAL-4"),
        "what would be denied is not in the way: {}",
        run.stderr
    );
    assert!(!place.path("out").exists());
}
