//! `stub` brings back one file, and touches nothing else.

use super::support::Place;
use std::fs;

const GET_USER: &str = "service/src/handlers/users/get_user.rs";
const LOADER: &str = "service/src/handlers/loaders/user.rs";

#[test]
fn a_file_that_is_gone_comes_back_by_any_of_its_names() {
    let place = Place::generated();
    let before = place.tree("out");
    for (name, path) in [
        ("get_user", GET_USER),
        ("getUser", GET_USER),
        ("load_user", LOADER),
        ("User", LOADER),
    ] {
        fs::remove_file(place.path("out").join(path)).unwrap();
        let run = place.run(&["stub", name, "-o", "out"]).exits(0);
        assert_eq!(run.stdout, format!("written: {path}\n"));
        assert!(before == place.tree("out"), "{name}");
    }
    // Its folder may be gone as well; from inside, the folder need not be named.
    fs::remove_dir_all(place.path("out/service/src/handlers/users")).unwrap();
    place.run_in("out", &["stub", "get_user"]).exits(0);
    assert_eq!(
        place.text(&format!("out/{GET_USER}")).as_bytes(),
        before[GET_USER]
    );
}

#[test]
fn a_file_that_is_there_is_not_opened() {
    let place = Place::generated();
    place.set(&format!("out/{GET_USER}"), "mine\n");
    let before = place.tree("out");
    let run = place.run(&["stub", "get_user", "-o", "out"]).exits(0);
    assert!(run.stdout.contains("not opened"), "{}", run.stdout);
    assert!(before == place.tree("out"));
    // Nor is anything else that stands in its place.
    fs::remove_file(place.path("out").join(GET_USER)).unwrap();
    fs::create_dir(place.path("out").join(GET_USER)).unwrap();
    let run = place.run(&["stub", "get_user", "-o", "out"]).exits(0);
    assert!(run.stdout.contains("not opened"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn it_does_not_write_through_links() {
    let place = Place::generated();
    let handlers = place.path("out/service/src/handlers/users");
    fs::rename(&handlers, place.path("elsewhere")).unwrap();
    fs::remove_file(place.path("elsewhere/get_user.rs")).unwrap();
    std::os::unix::fs::symlink(place.path("elsewhere"), &handlers).unwrap();
    let run = place.run(&["stub", "get_user", "-o", "out"]).exits(2);
    assert!(run.stderr.contains("symbolic link"), "{}", run.stderr);
    assert!(!place.path("elsewhere/get_user.rs").exists());
}

#[test]
fn an_operation_that_is_not_there_has_a_suggestion() {
    let place = Place::generated();
    let before = place.tree("");
    for (wrong, near) in [
        ("get_usr", "did you mean `get_user`?"),
        ("getUsers", "did you mean `getUser`?"),
        ("Usr", "did you mean `User`?"),
        (
            "entirely-different-words",
            "there are list_users, sign_up, get_user, update_user, delete_user, load_user",
        ),
        ("../../x", "there are"),
        ("", "there are"),
    ] {
        let run = place.run(&["stub", wrong, "-o", "out"]).exits(2);
        assert!(run.stderr.contains(near), "{wrong}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    let run = place
        .run(&["stub", "\u{1b}[2J\u{202e}", "-o", "out"])
        .exits(2);
    assert!(
        !run.stderr.contains(['\u{1b}', '\u{202e}']),
        "{}",
        run.stderr
    );
    assert!(before == place.tree(""));
}

#[test]
fn an_operation_that_is_denied_has_no_handler() {
    let place = Place::generated();
    place.edit(
        "specs/users.yaml",
        "operationId: deleteUser\n",
        "operationId: deleteUser\n      x-other: {}\n",
    );
    let text = place.text("specs/users.yaml");
    let (before, after) = text.split_once("operationId: deleteUser\n").unwrap();
    let after = after.replacen("access: admin", "access: denied", 1);
    place.set(
        "specs/users.yaml",
        &format!("{before}operationId: deleteUser\n{after}"),
    );
    let run = place.run(&["stub", "delete_user", "-o", "out"]).exits(2);
    assert!(run.stderr.contains("denied to everyone"), "{}", run.stderr);
}

#[test]
fn it_needs_a_project() {
    let place = Place::new();
    for arguments in [
        &["stub", "get_user"][..],
        &["stub", "get_user", "-o", "specs"],
        &["stub", "get_user", "specs/users.yaml", "-o", "none"],
    ] {
        let run = place.run(arguments).exits(2);
        assert!(run.stderr.contains("palisade.lock"), "{}", run.stderr);
    }
    assert!(!place.path("none").exists());
    place.run(&["stub"]).exits(2);
}

#[test]
fn it_says_when_there_is_more_to_do() {
    let place = Place::generated();
    let run = place.run(&["stub", "get_user", "-o", "out"]).exits(0);
    assert_eq!(run.stderr, "");
    place.edit(
        "specs/users.yaml",
        "operationId: getUser\n",
        "operationId: readUser\n",
    );
    let run = place.run(&["stub", "read_user", "-o", "out"]).exits(0);
    assert!(run.stderr.contains("`palisade generate`"), "{}", run.stderr);
    place.run(&["generate", "-o", "out"]).exits(0);
    place.run(&["check", "-o", "out"]).exits(0);
}

#[test]
fn the_compiler_is_made_to_name_it() {
    let place = Place::generated();
    for (file, name) in [
        ("operations/get_user.rs", "get_user"),
        ("access/user.rs", "load_user"),
    ] {
        let text = place.text(&format!("out/api/src/{file}"));
        let note = text
            .lines()
            .find(|line| line.contains("#[stub = "))
            .unwrap();
        assert!(note.contains(&format!("`palisade stub {name}`")), "{note}");
        place.run(&["stub", name, "-o", "out"]).exits(0);
    }
}
