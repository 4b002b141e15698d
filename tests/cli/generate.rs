//! What `generate` writes, keeps and removes.

use super::support::Place;
use std::fs;

const LIB: &str = "out/api/src/lib.rs";

/// The stub of an operation, wherever its group puts it.
fn handler(place: &Place, name: &str) -> String {
    let end = format!("/{name}.rs");
    let found: Vec<String> = place
        .tree("out/service/src/handlers")
        .into_keys()
        .filter(|path| format!("/{path}").ends_with(&end) && !path.starts_with("loaders/"))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    format!("out/service/src/handlers/{}", found[0])
}

#[test]
fn a_second_run_changes_nothing() {
    let place = Place::generated();
    let before = place.tree("out");
    let stamp = || fs::metadata(place.path(LIB)).unwrap().modified().unwrap();
    let first = stamp();
    std::thread::sleep(std::time::Duration::from_millis(20));
    let run = place
        .run(&["generate", "specs/users.yaml", "-o", "out"])
        .exits(0);
    assert!(run.stdout.contains("up to date"), "{}", run.stdout);
    assert_eq!(before, place.tree("out"));
    assert_eq!(first, stamp(), "a file that did not change was written");
}

#[test]
fn the_first_run_says_what_there_is_to_do() {
    let place = Place::new();
    let run = place
        .run(&["generate", "specs/users.yaml", "-o", "out"])
        .exits(0);
    for expected in [
        "to write",
        "get_user.rs",
        "README.md",
        "cargo run -- dev",
        "cd out",
    ] {
        assert!(run.stdout.contains(expected), "{expected}:\n{}", run.stdout);
    }
    assert!(
        !run.stdout.contains("api/src/"),
        "files nobody has to look at:\n{}",
        run.stdout
    );
}

#[test]
fn quiet_is_quiet() {
    let place = Place::new();
    let run = place
        .run(&["-q", "generate", "specs/users.yaml", "-o", "out"])
        .exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn verbose_tells_the_time_of_each_stage() {
    let place = Place::new();
    let run = place
        .run(&["generate", "specs/users.yaml", "-o", "out", "-v"])
        .exits(0);
    for stage in ["document", "openapi", "policy", "plan", "emit", "write"] {
        assert!(
            run.stderr
                .lines()
                .any(|line| line.starts_with(stage) && line.ends_with(" ms")),
            "{stage}"
        );
    }
}

#[test]
fn the_persons_files_are_never_opened_again() {
    let place = Place::generated();
    let handler = handler(&place, "get_user");
    let mine = [
        handler.as_str(),
        "out/Cargo.toml",
        "out/README.md",
        "out/service/Cargo.toml",
        "out/service/src/main.rs",
    ];
    for path in mine {
        place.set(path, "mine\n");
    }
    place.edit("specs/users.yaml", "title: Users API", "title: Another API");
    place.run(&["generate", "-o", "out"]).exits(0);
    place.run(&["generate", "-o", "out", "--force"]).exits(0);
    for path in mine {
        assert_eq!(place.text(path), "mine\n", "{path}");
    }
}

#[test]
fn an_operation_that_goes_leaves_its_handler_behind() {
    let place = Place::generated();
    let handler = handler(&place, "get_user");
    let text = place.text("specs/users.yaml");
    let start = text.find("    get:\n      operationId: getUser\n").unwrap();
    let end = start
        + 4
        + text[start + 4..]
            .find("\n    patch:")
            .or_else(|| text[start + 4..].find("\n    put:"))
            .unwrap()
        + 1;
    place.set(
        "specs/users.yaml",
        &format!("{}{}", &text[..start], &text[end..]),
    );
    place.set(&handler, "mine\n");
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert!(!place.path("out/api/src/operations/get_user.rs").exists());
    assert!(
        run.stdout.contains("api/src/operations/get_user.rs"),
        "{}",
        run.stdout
    );
    let named = handler.strip_prefix("out/").unwrap();
    assert!(run.stdout.contains(named), "{}", run.stdout);
    assert_eq!(place.text(&handler), "mine\n");
    place.run(&["check", "-o", "out"]).exits(0);
}

#[test]
fn an_operation_that_comes_gets_a_stub() {
    let place = Place::generated();
    let handler = handler(&place, "get_user");
    fs::remove_file(place.path(&handler)).unwrap();
    place.run(&["check", "-o", "out"]).exits(1);
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert!(run.stdout.contains("1 handler to write"), "{}", run.stdout);
    assert!(place.path(&handler).exists());
}

#[test]
fn a_file_edited_by_hand_is_written_over_only_by_force() {
    let place = Place::generated();
    let before = place.text(LIB);
    place.set(LIB, "// mine\n");
    let run = place.run(&["generate", "-o", "out"]).exits(1);
    assert!(run.stderr.contains("api/src/lib.rs"), "{}", run.stderr);
    assert_eq!(place.text(LIB), "// mine\n");
    place.run(&["generate", "-o", "out", "--force"]).exits(0);
    assert_eq!(place.text(LIB), before);
}

#[test]
fn a_run_that_was_cut_off_is_healed() {
    let place = Place::generated();
    let before = place.tree("out");
    fs::remove_file(place.path(LIB)).unwrap();
    fs::remove_file(place.path("out/palisade.lock")).unwrap();
    place.set("out/.palisade-4000000000/0", "half a file");
    place
        .run(&["check", "specs/users.yaml", "-o", "out"])
        .exits(1);
    place
        .run(&["generate", "specs/users.yaml", "-o", "out"])
        .exits(0);
    assert_eq!(place.tree("out"), before);
}

#[test]
fn the_document_is_never_written_to() {
    let place = Place::generated();
    let before = place.text("specs/users.yaml");
    place.run(&["generate", "-o", "out", "--force"]).exits(0);
    assert_eq!(place.text("specs/users.yaml"), before);
    // In the very place of an owned file.
    let owned = place.owned();
    let victim = format!(
        "out/{}",
        owned
            .iter()
            .find(|path| path.starts_with("api/src/"))
            .unwrap()
    );
    place.set(&victim, &before);
    let run = place
        .run(&["generate", &victim, "-o", "out", "--force"])
        .exits(2);
    assert!(run.stderr.contains("the document itself"), "{}", run.stderr);
    assert_eq!(place.text(&victim), before);
    // It may lie in the project's folder all the same.
    place.set("out/openapi.yaml", &before);
    place
        .run(&["generate", "out/openapi.yaml", "-o", "out", "--force"])
        .exits(0);
    assert_eq!(place.text("out/openapi.yaml"), before);
    assert!(
        place
            .text("out/palisade.lock")
            .contains("spec: \"openapi.yaml\"")
    );
}

#[cfg(unix)]
#[test]
fn links_in_the_project_are_not_followed() {
    let place = Place::generated();
    fs::rename(place.path("out/api"), place.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("out/api")).unwrap();
    let before = place.tree("elsewhere");
    let run = place.run(&["generate", "-o", "out", "--force"]).exits(2);
    assert!(run.stderr.contains("symbolic link"), "{}", run.stderr);
    place.run(&["check", "-o", "out"]).exits(2);
    assert_eq!(place.tree("elsewhere"), before);
}
