//! Whose a file is, while the document changes: palisade's are replaced and removed, the person's stay as they are.

use super::support::Place;
use std::collections::BTreeSet;
use std::fs;

const HANDLERS: &str = "out/service/src/handlers";

/// Every file below the project that is the person's.
fn persons(place: &Place) -> BTreeSet<String> {
    let owned: BTreeSet<String> = place.owned().into_iter().collect();
    let tree = place.tree("out");
    let theirs = tree
        .into_keys()
        .filter(|path| !owned.contains(path) && path != "palisade.lock");
    theirs.collect()
}

/// The project of `users.yaml`, with something of the person's in every file that is theirs.
fn written() -> Place {
    let place = Place::generated();
    for path in persons(&place) {
        place.set(&format!("out/{path}"), &format!("mine: {path}\n"));
    }
    place
}

/// After a change: what was the person's is, byte for byte, and the folder is what the document says.
#[track_caller]
fn holds(place: &Place) {
    for path in persons(place) {
        let text = place.text(&format!("out/{path}"));
        assert!(
            text == format!("mine: {path}\n") || !text.contains("mine"),
            "{path}: {text}"
        );
    }
    let run = place.run(&["check", "-o", "out"]).exits(0);
    assert_eq!(run.stdout, "");
}

/// The lines of a list that `generate` printed.
fn listed<'t>(told: &'t str, title: &str) -> Vec<&'t str> {
    let Some((_, list)) = told.split_once(&format!("{title}:\n")) else {
        return Vec::new();
    };
    list.lines()
        .take_while(|line| line.starts_with("  "))
        .map(str::trim)
        .collect()
}

#[test]
fn an_operation_is_renamed() {
    let place = written();
    place.edit(
        "specs/users.yaml",
        "operationId: getUser\n",
        "operationId: readUser\n",
    );
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(
        listed(&run.stdout, "removed"),
        ["api/src/operations/get_user.rs"]
    );
    assert_eq!(
        listed(&run.stdout, "1 handler to write"),
        ["service/src/handlers/users/read_user.rs"]
    );
    assert_eq!(
        listed(&run.stdout, "not needed any more; yours to delete"),
        ["service/src/handlers/users/get_user.rs"]
    );
    let modules = place.text(&format!("{HANDLERS}/mod.rs"));
    assert!(modules.contains("mod read_user;") && !modules.contains("mod get_user;"));
    assert!(
        place
            .text(&format!("{HANDLERS}/users/get_user.rs"))
            .starts_with("mine")
    );
    holds(&place);
    // Back again: the old handler is the one that is wanted, the new one is nobody's.
    place.edit(
        "specs/users.yaml",
        "operationId: readUser\n",
        "operationId: getUser\n",
    );
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert!(!run.stdout.contains("to write"), "{}", run.stdout);
    assert_eq!(
        listed(&run.stdout, "not needed any more; yours to delete"),
        ["service/src/handlers/users/read_user.rs"]
    );
    holds(&place);
}

#[test]
fn an_operation_changes_the_case_of_its_name() {
    let place = written();
    place.edit(
        "specs/users.yaml",
        "operationId: signUp\n",
        "operationId: signup\n",
    );
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(
        listed(&run.stdout, "removed"),
        ["api/src/operations/sign_up.rs"]
    );
    assert_eq!(
        listed(&run.stdout, "not needed any more; yours to delete"),
        ["service/src/handlers/users/sign_up.rs"]
    );
    holds(&place);
    // Names of files are in lower case, so this one is the same file.
    place.edit(
        "specs/users.yaml",
        "operationId: signup\n",
        "operationId: Signup\n",
    );
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(listed(&run.stdout, "removed"), [""; 0]);
    assert!(!run.stdout.contains("to write"), "{}", run.stdout);
    holds(&place);
}

#[test]
fn an_operation_comes_and_goes() {
    let place = written();
    let before = place.tree("out");
    let users = place.text("specs/users.yaml");
    let ping = "paths:\n  /ping:\n    get:\n      operationId: ping\n      security: []\n      x-security: { access: public, reason: It tells nothing. }\n      responses: { '204': { description: Here. } }\n";
    place.edit("specs/users.yaml", "paths:\n", ping);
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(
        listed(&run.stdout, "1 handler to write"),
        ["service/src/handlers/ping/ping.rs"]
    );
    assert!(
        place
            .owned()
            .contains(&"api/src/operations/ping.rs".to_owned())
    );
    let stub = place.text(&format!("{HANDLERS}/ping/ping.rs"));
    assert!(stub.contains("impl Ping for App"), "{stub}");
    holds(&place);
    place.set("specs/users.yaml", &users);
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(
        listed(&run.stdout, "removed"),
        ["api/src/operations/ping.rs"]
    );
    assert_eq!(
        listed(&run.stdout, "not needed any more; yours to delete"),
        ["service/src/handlers/ping/ping.rs"]
    );
    holds(&place);
    let mut after = place.tree("out");
    assert!(
        after.remove("service/src/handlers/ping/ping.rs").is_some(),
        "never deleted"
    );
    assert!(before == after);
}

#[test]
fn a_resource_is_renamed() {
    let place = written();
    let users = place.text("specs/users.yaml");
    let renamed = users
        .replace("    User: { param:", "    Account: { param:")
        .replace("owns: { User:", "owns: { Account:")
        .replace("owns: User", "owns: Account");
    place.set("specs/users.yaml", &renamed);
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(listed(&run.stdout, "removed"), ["api/src/access/user.rs"]);
    assert_eq!(
        listed(&run.stdout, "1 handler to write"),
        ["service/src/handlers/loaders/account.rs"]
    );
    assert_eq!(
        listed(&run.stdout, "not needed any more; yours to delete"),
        ["service/src/handlers/loaders/user.rs"]
    );
    holds(&place);
}

#[test]
fn a_title_changes_and_nothing_is_renamed() {
    let place = written();
    place.edit(
        "specs/users.yaml",
        "title: Users API",
        "title: Accounts of People",
    );
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(listed(&run.stdout, "removed"), [""; 0]);
    assert!(!run.stdout.contains("to write"), "{}", run.stdout);
    assert!(place.text("out/palisade.lock").contains("package: \"out\""));
    holds(&place);
}

#[test]
fn the_document_moves() {
    let place = written();
    fs::create_dir(place.path("api")).unwrap();
    fs::rename(
        place.path("specs/users.yaml"),
        place.path("api/accounts.yaml"),
    )
    .unwrap();
    for command in ["generate", "check"] {
        let run = place.run(&[command, "-o", "out"]).exits(2);
        assert!(run.stderr.contains("specs/users.yaml"), "{}", run.stderr);
    }
    let run = place
        .run(&["check", "api/accounts.yaml", "-o", "out"])
        .exits(1);
    assert!(
        run.stdout.contains("+spec: \"../api/accounts.yaml\""),
        "{}",
        run.stdout
    );
    place
        .run(&["generate", "api/accounts.yaml", "-o", "out"])
        .exits(0);
    assert!(
        place
            .text("out/api/src/lib.rs")
            .contains("from accounts.yaml.")
    );
    // From anywhere.
    place.run(&["generate", "-o", "out"]).exits(0);
    place.run_in("out", &["check"]).exits(0);
    place
        .run_in("out/api/src", &["check", "-o", "../.."])
        .exits(0);
    holds(&place);
}

#[test]
fn the_document_changes_the_case_of_its_name() {
    let place = written();
    fs::rename(
        place.path("specs/users.yaml"),
        place.path("specs/Users.YAML"),
    )
    .unwrap();
    place
        .run(&["generate", "specs/Users.YAML", "-o", "out"])
        .exits(0);
    assert!(
        place
            .text("out/palisade.lock")
            .contains("spec: \"../specs/Users.YAML\"")
    );
    assert!(
        place
            .text("out/api/src/lib.rs")
            .contains("from Users.YAML.")
    );
    holds(&place);
}

#[test]
fn an_owned_file_changes_the_case_of_its_name() {
    let place = written();
    // As another palisade may have called it.
    let lock = place.text("out/palisade.lock");
    let (old, new) = ("api/src/Prelude.rs", "api/src/prelude.rs");
    fs::rename(
        place.path(&format!("out/{new}")),
        place.path(&format!("out/{old}")),
    )
    .unwrap();
    place.set("out/palisade.lock", &lock.replace(new, old));
    place.run(&["check", "-o", "out"]).exits(1);
    let run = place.run(&["generate", "-o", "out"]).exits(0);
    assert_eq!(listed(&run.stdout, "removed"), [old]);
    assert!(place.path(&format!("out/{new}")).exists());
    assert_eq!(place.text("out/palisade.lock"), lock);
    holds(&place);
}

#[test]
fn the_project_moves() {
    let place = written();
    fs::create_dir(place.path("deep")).unwrap();
    fs::rename(place.path("out"), place.path("deep/project")).unwrap();
    place.run(&["generate", "-o", "deep/project"]).exits(2);
    place
        .run(&["generate", "specs/users.yaml", "-o", "deep/project"])
        .exits(0);
    let lock = place.text("deep/project/palisade.lock");
    assert!(lock.contains("spec: \"../../specs/users.yaml\""), "{lock}");
    // The person's crate keeps its name.
    assert!(lock.contains("package: \"out\""), "{lock}");
    place.run(&["check", "-o", "deep/project"]).exits(0);
}

#[test]
fn what_was_edited_by_hand_is_reported_also_where_it_is_not_needed_any_more() {
    let place = written();
    let gone = "out/api/src/operations/get_user.rs";
    place.set(gone, "// a note to myself\n");
    place.edit(
        "specs/users.yaml",
        "operationId: getUser\n",
        "operationId: readUser\n",
    );
    let before = place.tree("out");
    let run = place.run(&["generate", "-o", "out"]).exits(1);
    assert!(
        run.stderr.contains("\n  api/src/operations/get_user.rs\n"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    assert!(before == place.tree("out"), "all or nothing");
    place.run(&["generate", "-o", "out", "--force"]).exits(0);
    assert!(!place.path(gone).exists());
    holds(&place);
}

#[test]
fn the_document_lies_where_a_file_is_to_be_removed() {
    let place = written();
    let victim = "out/api/src/operations/get_user.rs";
    let users = place.text("specs/users.yaml");
    place.set(
        victim,
        &users.replace("operationId: getUser\n", "operationId: readUser\n"),
    );
    let before = place.text(victim);
    for force in [&[][..], &["--force"]] {
        let arguments = [&["generate", victim, "-o", "out"], force].concat();
        let run = place.run(&arguments);
        assert_ne!(run.code, 0, "{}", run.stdout);
        assert_eq!(place.text(victim), before);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_the_document_is_the_document() {
    let place = written();
    // The document itself lies where palisade writes; the person calls it by a link elsewhere.
    let users = place.text("specs/users.yaml");
    place.set("out/api/src/lib.rs", &users);
    fs::remove_file(place.path("specs/users.yaml")).unwrap();
    std::os::unix::fs::symlink("../out/api/src/lib.rs", place.path("specs/users.yaml")).unwrap();
    let run = place
        .run(&["generate", "specs/users.yaml", "-o", "out", "--force"])
        .exits(2);
    assert!(run.stderr.contains("the document itself"), "{}", run.stderr);
    assert_eq!(place.text("out/api/src/lib.rs"), users);
}
