//! `check` says what `generate` would do, and does none of it.

use super::support::Place;

#[test]
fn what_was_generated_is_the_same() {
    let place = Place::generated();
    let before = place.tree("");
    let run = place
        .run(&["check", "specs/users.yaml", "-o", "out"])
        .exits(0);
    assert_eq!(run.stdout, "");
    place.run(&["check", "-o", "out"]).exits(0);
    place.run_in("out", &["check"]).exits(0);
    assert_eq!(before, place.tree(""));
}

#[test]
fn one_byte_in_any_owned_file_is_drift() {
    let place = Place::generated();
    let owned = place.owned();
    assert!(owned.len() > 20, "{owned:?}");
    // One of each folder and kind; all of them would take minutes.
    let mut seen = std::collections::BTreeSet::new();
    let sample = owned.iter().filter(|path| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        seen.insert((
            folder.to_owned(),
            name.rsplit('.').next().unwrap_or("").to_owned(),
        ))
    });
    for path in sample {
        let full = format!("out/{path}");
        let before = place.text(&full);
        place.set(&full, &format!("{before} "));
        let run = place.run(&["check", "-o", "out"]).exits(1);
        assert!(
            run.stdout
                .contains(&format!("--- a/{path}\n+++ b/{path}\n")),
            "{}",
            run.stdout
        );
        assert_eq!(
            place.text(&full),
            format!("{before} "),
            "check wrote to {path}"
        );
        place.set(&full, &before);
    }
    place.run(&["check", "-o", "out"]).exits(0);
}

#[test]
fn the_persons_files_are_not_compared() {
    let place = Place::generated();
    place.set("out/service/src/main.rs", "fn main() {}\n");
    place.set("out/service/src/mine.rs", "");
    place.set("out/notes/todo.md", "");
    place.run(&["check", "-o", "out"]).exits(0);
}

#[test]
fn a_role_that_changed_in_the_document_is_drift() {
    let place = Place::generated();
    place.edit(
        "specs/users.yaml",
        "admin: { includes: [member],",
        "admin: {",
    );
    let before = place.tree("");
    let run = place.run(&["check", "-o", "out"]).exits(1);
    assert!(run.stdout.contains("+++ b/api/src/"), "{}", run.stdout);
    assert_eq!(before, place.tree(""));
    place.run(&["generate", "-o", "out"]).exits(0);
    place.run(&["check", "-o", "out"]).exits(0);
}

#[test]
fn a_folder_that_is_missing_is_all_drift() {
    let place = Place::new();
    let run = place
        .run(&["check", "specs/users.yaml", "-o", "out"])
        .exits(1);
    assert!(
        run.stdout
            .lines()
            .any(|line| line == "missing: api/src/lib.rs"),
        "{}",
        run.stdout
    );
    assert!(!place.path("out").exists());
}

#[test]
fn a_file_that_is_missing_and_one_too_many_are_named() {
    let place = Place::generated();
    std::fs::remove_file(place.path("out/api/src/lib.rs")).unwrap();
    let run = place.run(&["check", "-o", "out"]).exits(1);
    assert!(
        run.stdout.contains("--- /dev/null\n+++ b/api/src/lib.rs\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr.contains("0 changed, 1 missing, 0 too many"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_a_file_holds_is_not_obeyed_by_the_terminal() {
    let place = Place::generated();
    place.set("out/api/src/lib.rs", "\u{1b}]0;title\u{7}\u{202e}\n");
    let run = place.run(&["check", "-o", "out"]).exits(1);
    assert!(!run.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']));
    assert!(run.stdout.contains("-\\u{1b}]0;title"), "{}", run.stdout);
}
