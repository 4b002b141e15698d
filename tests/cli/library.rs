//! `--as library`: guards without a service, mounted in a program that was there before.

use super::support::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn mounted() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/library")
}

/// With the guards of `notes.yaml` in `guards/`.
fn generated() -> Place {
    let place = Place::new();
    let spec = fs::read_to_string(mounted().join("notes.yaml")).unwrap();
    place.set("notes.yaml", &spec);
    place
        .run(&["generate", "notes.yaml", "-o", "guards", "--as", "library"])
        .exits(0);
    place
}

/// One target folder for all generated projects: their dependencies are the same, and so are their versions.
fn cargo(place: &Place, folder: &str, arguments: &[&str]) -> (bool, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = place.path(folder).join("Cargo.lock");
    fs::copy(root.join("generated-example/Cargo.lock"), lock).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(place.path(folder))
        .env("CARGO_TARGET_DIR", root.join("target/emitted"))
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn there_is_no_service_and_everything_else() {
    let place = generated();
    let tree = place.tree("guards");
    assert!(
        !tree.keys().any(|path| path.starts_with("service/")),
        "{:?}",
        tree.keys()
    );
    for path in [
        "api/src/lib.rs",
        "shield/src/lib.rs",
        "attacks/cases.jsonl",
        "README.md",
    ] {
        assert!(tree.contains_key(path), "{path}");
    }
    assert!(!place.text("guards/Cargo.toml").contains("service"));
    assert!(
        place
            .text("guards/README.md")
            .contains("palisade stub hello")
    );
    // No crate takes its name from the folder.
    place
        .run(&["generate", "notes.yaml", "-o", "api", "--as", "library"])
        .exits(0);
}

#[test]
fn the_lock_remembers_it() {
    let place = generated();
    let lock = place.text("guards/palisade.lock");
    assert!(lock.contains("options:\n  library: true\n"), "{lock}");
    assert!(!lock.contains("package:"), "{lock}");
    let before = place.tree("guards");
    place.run(&["check", "-o", "guards"]).exits(0);
    place.run(&["check", "notes.yaml", "-o", "guards"]).exits(0);
    place.run(&["generate", "-o", "guards"]).exits(0);
    place
        .run(&["generate", "notes.yaml", "-o", "guards"])
        .exits(0);
    place.run_in("guards", &["generate"]).exits(0);
    assert_eq!(before, place.tree("guards"));
    place
        .run(&["check", "-o", "guards", "--as", "library"])
        .exits(0);
    place
        .run(&["check", "-o", "guards", "--as", "service"])
        .exits(1);
    assert_eq!(before, place.tree("guards"));
}

#[test]
fn one_becomes_the_other_and_the_persons_files_stay() {
    let place = generated();
    let run = place
        .run(&["generate", "-o", "guards", "--as", "service"])
        .exits(0);
    assert!(run.stderr.contains("add `service`"), "{}", run.stderr);
    assert!(
        place
            .text("guards/service/Cargo.toml")
            .contains("name = \"guards\"")
    );
    assert!(!place.text("guards/palisade.lock").contains("options:"));
    place.run(&["check", "-o", "guards"]).exits(0);
    let handlers = "guards/service/src/handlers";
    place.set(&format!("{handlers}/v1/hello.rs"), "mine\n");
    let run = place
        .run(&["generate", "-o", "guards", "--as", "library"])
        .exits(0);
    assert!(run.stderr.contains("take `service` out"), "{}", run.stderr);
    let (_, orphans) = run.stdout.split_once("yours to delete").unwrap();
    assert!(
        orphans.contains("v1/hello.rs") && !orphans.contains("mod.rs"),
        "{orphans}"
    );
    assert_eq!(place.text(&format!("{handlers}/v1/hello.rs")), "mine\n");
    assert!(!place.path(&format!("{handlers}/mod.rs")).exists());
    place.run(&["check", "-o", "guards"]).exits(0);
}

#[test]
fn what_stub_gives_for_it_is_printed() {
    let place = generated();
    let before = place.tree("guards");
    let run = place.run(&["stub", "hello", "-o", "guards"]).exits(0);
    assert!(
        run.stdout.contains("impl Hello for App {"),
        "{}",
        run.stdout
    );
    assert_eq!(before, place.tree("guards"));
}

#[test]
fn it_is_mounted_in_a_program_that_was_there() {
    let place = generated();
    for file in ["Cargo.toml", "src/main.rs", "src/handlers.rs"] {
        place.set(
            file,
            &fs::read_to_string(mounted().join("host").join(file)).unwrap(),
        );
    }
    for (name, todo, done) in [
        (
            "hello",
            "Err(Fault::unwritten(\"hello\"))",
            "Ok(Reply::NoContent)",
        ),
        (
            "get_note",
            "Err(Fault::unwritten(\"getNote\"))",
            "Ok(Reply::NoContent)",
        ),
        (
            "load_note",
            "Err(Fault::unwritten(\"the loader of Note\"))",
            "let owner = id.as_str().trim_end_matches('s').to_owned();
        Ok(Some(NoteFacts { id: id.clone(), owner, version: 1 }))",
        ),
    ] {
        let stub = place.run(&["stub", name, "-o", "guards"]).exits(0).stdout;
        assert_eq!(stub.matches(todo).count(), 1, "{stub}");
        place.set(
            &format!("src/handlers/{name}.rs"),
            &stub.replace(todo, done),
        );
    }
    let (good, _, said) = cargo(&place, "guards", &["check", "--quiet"]);
    assert!(good, "{said}");
    let (good, told, said) = cargo(&place, "", &["run", "--quiet"]);
    assert!(good, "{said}");
    let told: Vec<&str> = told.lines().filter(|line| line.starts_with('/')).collect();
    // Path, token, status, and whether the headers are the shield's.
    assert_eq!(
        told,
        [
            "/mine false 200 false",
            "/v1/hello false 204 true",
            "/v1/notes/adas false 401 true",
            "/v1/notes/adas true 204 true",
            "/v1/notes/bobs true 404 true",
            "/v1/notes/ADAS true 422 true",
            "/nothing false 404 true",
        ],
        "{said}"
    );
}
