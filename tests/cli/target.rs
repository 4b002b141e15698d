//! Which document and which folder are meant.

use super::support::Place;

#[test]
fn the_folder_is_named_by_the_title() {
    let place = Place::new();
    place.run(&["generate", "specs/users.yaml"]).exits(0);
    assert!(place.path("users-api/palisade.lock").exists());
    assert!(
        place
            .text("users-api/service/Cargo.toml")
            .contains("name = \"users-api\"")
    );
    assert!(
        place
            .text("users-api/palisade.lock")
            .contains("spec: \"../specs/users.yaml\"")
    );
    place.run(&["check", "specs/users.yaml"]).exits(0);
}

#[test]
fn a_title_that_gives_no_name_asks_for_one() {
    let place = Place::new();
    for (number, title) in ["API", "..", "std", "宠物店", "CON", "match"]
        .iter()
        .enumerate()
    {
        let spec = format!("{number}.yaml");
        let text = place.text("specs/users.yaml");
        place.set(
            &spec,
            &text.replace("title: Users API", &format!("title: '{title}'")),
        );
        let run = place.run(&["generate", &spec]).exits(2);
        assert!(run.stderr.contains("-o"), "{}", run.stderr);
        place.run(&["generate", &spec, "-o", "out"]).exits(0);
        std::fs::remove_dir_all(place.path("out")).unwrap();
    }
}

#[test]
fn a_folder_that_cannot_name_a_crate_is_refused() {
    let place = Place::new();
    for dir in ["api", "shield", "core", "nul", "fn"] {
        let run = place
            .run(&["generate", "specs/users.yaml", "-o", dir])
            .exits(2);
        assert!(run.stderr.contains(dir), "{}", run.stderr);
        assert!(!place.path(dir).exists());
    }
}

#[test]
fn the_lock_knows_the_rest() {
    let place = Place::generated();
    place.run(&["generate", "-o", "out"]).exits(0);
    place.run_in("out", &["generate"]).exits(0);
    place
        .run_in("out", &["generate", "../specs/users.yaml"])
        .exits(0);
    assert!(
        !place.path("out/users-api").exists(),
        "the folder we stand in was meant"
    );
}

#[test]
fn without_a_lock_there_is_nothing_to_know() {
    let place = Place::new();
    for command in ["generate", "check"] {
        let run = place.run(&[command]).exits(2);
        assert!(run.stderr.contains("palisade.lock"), "{}", run.stderr);
        place.run(&[command, "-o", "specs"]).exits(2);
    }
}

#[test]
fn another_document_does_not_take_a_project_over_by_accident() {
    let place = Place::generated();
    place
        .run_in("out", &["generate", "../specs/clinic.yaml"])
        .exits(2);
    place.run(&["generate", "specs/users.yaml"]).exits(0);
    let text = place.text("specs/clinic.yaml");
    place.set(
        "specs/twin.yaml",
        &text.replace("title: Clinic API", "title: Users API"),
    );
    let run = place.run(&["generate", "specs/twin.yaml"]).exits(2);
    assert!(run.stderr.contains("-o users-api"), "{}", run.stderr);
}

#[test]
fn a_document_may_move() {
    let place = Place::generated();
    std::fs::rename(place.path("specs/users.yaml"), place.path("moved.yaml")).unwrap();
    place.run(&["generate", "-o", "out"]).exits(2);
    place.run(&["generate", "moved.yaml", "-o", "out"]).exits(0);
    place.run(&["check", "-o", "out"]).exits(0);
}

#[test]
fn a_changed_title_renames_nothing() {
    let place = Place::new();
    place.run(&["generate", "specs/users.yaml"]).exits(0);
    std::fs::rename(place.path("users-api"), place.path("renamed")).unwrap();
    place.edit("specs/users.yaml", "title: Users API", "title: Accounts");
    place.run(&["generate", "-o", "renamed"]).exits(0);
    assert!(
        place
            .text("renamed/service/Cargo.toml")
            .contains("name = \"users-api\"")
    );
    assert!(
        place
            .text("renamed/palisade.lock")
            .contains("package: \"users-api\"")
    );
}

#[test]
fn stdin_is_a_document() {
    let place = Place::new();
    let spec = place.text("specs/users.yaml");
    place
        .run_with_stdin(&["generate", "-", "-o", "out"], &spec)
        .exits(0);
    place
        .run_with_stdin(&["check", "-", "-o", "out"], &spec)
        .exits(0);
    let run = place.run(&["generate", "-o", "out"]).exits(2);
    assert!(run.stderr.contains("stdin"), "{}", run.stderr);
}

#[test]
fn a_lock_does_not_make_palisade_read_what_it_likes() {
    let place = Place::generated();
    place.edit(
        "out/palisade.lock",
        "spec: \"../specs/users.yaml\"",
        "spec: \"/etc/hostname\"",
    );
    let run = place.run(&["generate", "-o", "out"]).exits(2);
    assert!(run.stderr.contains("not relative"), "{}", run.stderr);
}
