//! A project on a real disk.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod hostile;

use super::*;
use crate::emit::{Emitted, Files, Owner};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const HANDLER: &str = "service/src/handlers/users/get_user.rs";

fn files(entries: &[(&str, &str, Owner)]) -> Files {
    entries
        .iter()
        .map(|(path, text, owner)| {
            let (text, owner) = ((*text).to_owned(), *owner);
            ((*path).to_owned(), Emitted { text, owner })
        })
        .collect()
}

fn first() -> Files {
    files(&[
        ("api/src/lib.rs", "one\ntwo\n", Owner::Palisade),
        ("api/src/operations/get_user.rs", "get\n", Owner::Palisade),
        (HANDLER, "stub\n", Owner::Person),
    ])
}

/// `get_user` is gone, `lib.rs` differs, `list_users` is new.
fn second() -> Files {
    files(&[
        ("api/src/lib.rs", "one\n2\n", Owner::Palisade),
        ("api/src/roles.rs", "roles\n", Owner::Palisade),
        (
            "service/src/handlers/users/list_users.rs",
            "stub\n",
            Owner::Person,
        ),
    ])
}

fn about() -> About {
    About {
        spec: "../a.yaml".to_owned(),
        package: Some("clinic".to_owned()),
        options: Options::default(),
        sources: Vec::new(),
    }
}

fn put(dir: &TempDir, files: &Files) -> Report {
    write(dir.path(), files, &about(), false).unwrap()
}

fn text(dir: &TempDir, path: &str) -> String {
    fs::read_to_string(dir.path().join(path)).unwrap()
}

fn set(dir: &TempDir, path: &str, text: &str) {
    let path = dir.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn changed(dir: &TempDir, files: &Files) -> Vec<(String, Kind)> {
    compare(dir.path(), files, &about())
        .unwrap()
        .changes
        .into_iter()
        .map(|change| (change.path, change.kind))
        .collect()
}

fn top(dir: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_written_is_what_was_emitted() {
    let dir = TempDir::new().unwrap();
    let report = put(&dir, &first());
    assert_eq!(report.written.len(), 2);
    assert_eq!(report.created, [HANDLER]);
    assert_eq!(report.handlers().collect::<Vec<_>>(), [HANDLER]);
    for (path, file) in first() {
        assert_eq!(text(&dir, &path), file.text);
    }
    assert_eq!(changed(&dir, &first()), []);
    assert_eq!(top(&dir), ["api", LOCK, "service"]);
}

#[test]
fn a_second_time_nothing_is_touched() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    let stamp = |path: &str| {
        fs::metadata(dir.path().join(path))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = [stamp("api/src/lib.rs"), stamp(LOCK), stamp(HANDLER)];
    std::thread::sleep(std::time::Duration::from_millis(20));
    let report = put(&dir, &first());
    assert_eq!((report.same, report.kept), (2, 1));
    assert_eq!((report.written.len(), report.created.len()), (0, 0));
    assert_eq!(
        before,
        [stamp("api/src/lib.rs"), stamp(LOCK), stamp(HANDLER)]
    );
}

#[test]
fn what_changes_is_replaced_and_what_goes_is_removed() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    assert_eq!(
        changed(&dir, &second()),
        [
            ("api/src/lib.rs".to_owned(), Kind::Changed),
            (
                "api/src/operations/get_user.rs".to_owned(),
                Kind::Superfluous
            ),
            ("api/src/roles.rs".to_owned(), Kind::Missing),
            (LOCK.to_owned(), Kind::Changed),
            (
                "service/src/handlers/users/list_users.rs".to_owned(),
                Kind::Missing
            ),
        ]
    );
    let report = put(&dir, &second());
    assert_eq!(report.written, ["api/src/lib.rs", "api/src/roles.rs"]);
    assert_eq!(report.removed, ["api/src/operations/get_user.rs"]);
    assert_eq!(report.orphans, [HANDLER]);
    assert_eq!(text(&dir, "api/src/lib.rs"), "one\n2\n");
    assert!(
        !dir.path().join("api/src/operations").exists(),
        "an empty folder stays"
    );
    assert_eq!(
        text(&dir, HANDLER),
        "stub\n",
        "a handler is the person's, needed or not"
    );
    assert_eq!(changed(&dir, &second()), []);
}

#[test]
fn the_diff_is_unified_and_goes_from_the_folder_to_the_document() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    let drift = compare(dir.path(), &second(), &about()).unwrap();
    assert_eq!(
        drift.changes[0].diff,
        "--- a/api/src/lib.rs\n+++ b/api/src/lib.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
    );
    assert!(
        drift.changes[1]
            .diff
            .starts_with("--- a/api/src/operations/get_user.rs\n+++ /dev/null\n")
    );
    assert!(
        drift.changes[2]
            .diff
            .starts_with("--- /dev/null\n+++ b/api/src/roles.rs\n")
    );
}

#[test]
fn the_persons_files_are_theirs() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    set(&dir, HANDLER, "mine\n");
    assert_eq!(changed(&dir, &first()), []);
    assert_eq!(put(&dir, &first()).kept, 1);
    write(dir.path(), &first(), &about(), true).unwrap();
    assert_eq!(text(&dir, HANDLER), "mine\n", "not even with --force");
}

#[test]
fn an_edited_file_is_written_over_only_by_force() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    set(&dir, "api/src/lib.rs", "edited\n");
    set(&dir, "api/src/operations/get_user.rs", "edited, too\n");
    match write(dir.path(), &second(), &about(), false) {
        Err(ProjectError::Edited { paths }) => {
            assert_eq!(paths, ["api/src/lib.rs", "api/src/operations/get_user.rs"]);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(text(&dir, "api/src/lib.rs"), "edited\n");
    assert!(
        !dir.path().join("api/src/roles.rs").exists(),
        "all or nothing"
    );
    write(dir.path(), &second(), &about(), true).unwrap();
    assert_eq!(changed(&dir, &second()), []);
}

#[test]
fn a_file_that_was_there_before_palisade_is_not_palisades() {
    let dir = TempDir::new().unwrap();
    set(&dir, "api/src/lib.rs", "mine\n");
    assert!(matches!(
        write(dir.path(), &first(), &about(), false),
        Err(ProjectError::Edited { .. })
    ));
    assert_eq!(text(&dir, "api/src/lib.rs"), "mine\n");
}

#[test]
fn a_lost_lock_is_no_harm_while_the_files_are_right() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    fs::remove_file(dir.path().join(LOCK)).unwrap();
    assert_eq!(changed(&dir, &first()), [(LOCK.to_owned(), Kind::Missing)]);
    put(&dir, &first());
    assert_eq!(changed(&dir, &first()), []);
}

#[test]
fn a_broken_lock_is_an_error_that_force_heals() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    for broken in ["<<<<<<< ours\n", "files: [", "palisade: 1\n", "\u{0}"] {
        set(&dir, LOCK, broken);
        for result in [
            write(dir.path(), &first(), &about(), false).err(),
            compare(dir.path(), &first(), &about()).err(),
        ] {
            assert!(
                matches!(result, Some(ProjectError::Lock { .. })),
                "{broken}"
            );
        }
        write(dir.path(), &first(), &about(), true).unwrap();
        assert_eq!(changed(&dir, &first()), []);
    }
}

#[test]
fn a_run_that_was_cut_off_is_healed_by_a_plain_one() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    // Cut off in the middle of writing `second`: one file moved, the other and the lock not.
    let lock = lock::Lock::of(&second(), &about()).text();
    set(&dir, "api/src/lib.rs", "one\n2\n");
    set(&dir, ".palisade-4000000000/1", "roles\n");
    set(&dir, &format!(".palisade-4000000000/{LOCK}"), &lock);
    set(&dir, ".palisade-4000000001/0", "half a fi");
    // What is wanted now is neither of the two.
    let third = files(&[("api/src/lib.rs", "three\n", Owner::Palisade)]);
    assert!(!changed(&dir, &third).is_empty());
    put(&dir, &third);
    assert_eq!(text(&dir, "api/src/lib.rs"), "three\n");
    assert_eq!(changed(&dir, &third), []);
    assert_eq!(top(&dir), ["api", LOCK, "service"]);
}

#[test]
fn files_a_cut_off_run_had_moved_already_are_removed_when_not_wanted() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    set(&dir, "api/src/roles.rs", "roles\n");
    let lock = lock::Lock::of(&second(), &about()).text();
    set(&dir, &format!(".palisade-4000000000/{LOCK}"), &lock);
    let report = put(&dir, &first());
    assert_eq!(report.removed, ["api/src/roles.rs"]);
}

#[test]
fn what_a_run_with_our_number_left_stays_until_we_are_done() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    // In a container, the next run may have the number of the one that was killed.
    let left = format!(".palisade-{}", std::process::id());
    set(&dir, "api/src/roles.rs", "roles\n");
    set(&dir, "api/src/lib.rs", "one\n2\n");
    let lock = lock::Lock::of(&second(), &about()).text();
    set(&dir, &format!("{left}/{LOCK}"), &lock);
    // It is killed as well, before its own lock is written.
    let cut_off = staging::Staging::in_folder(dir.path()).unwrap();
    cut_off.fill(&["half"], None).unwrap();
    assert_eq!(text(&dir, &format!("{left}/{LOCK}")), lock);
    let report = put(&dir, &first());
    assert_eq!(report.removed, ["api/src/roles.rs"]);
    assert_eq!(report.written, ["api/src/lib.rs"]);
    assert_eq!(top(&dir), ["api", LOCK, "service"]);
}

#[test]
fn a_stub_is_written_where_there_is_nothing() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    let other = "service/src/handlers/users/other.rs";
    assert!(place_stub(dir.path(), other, "stub\n").unwrap());
    set(&dir, other, "mine\n");
    assert!(!place_stub(dir.path(), other, "stub\n").unwrap());
    assert_eq!(text(&dir, other), "mine\n");
    assert_eq!(top(&dir), ["api", LOCK, "service"]);
    for path in ["../x.rs", "/x.rs", "a/./b.rs"] {
        let refused = place_stub(dir.path(), path, "");
        assert!(
            matches!(refused, Err(ProjectError::BadPath { .. })),
            "{path}"
        );
    }
    let none = dir.path().join("none");
    assert!(matches!(
        place_stub(&none, other, ""),
        Err(ProjectError::NotThat { .. })
    ));
    assert!(!none.exists());
}

#[test]
fn what_is_to_be_removed_is_nobodys_to_delete() {
    let dir = TempDir::new().unwrap();
    let modules = "service/src/handlers/mod.rs";
    let mut with = first();
    with.extend(files(&[(modules, "mod users;\n", Owner::Palisade)]));
    put(&dir, &with);
    assert_eq!(put(&dir, &first()).orphans, [""; 0]);
    put(&dir, &with);
    let report = put(&dir, &second());
    assert_eq!(report.removed, ["api/src/operations/get_user.rs", modules]);
    assert_eq!(report.orphans, [HANDLER]);
}

#[test]
fn every_file_of_the_document_is_safe() {
    let dir = TempDir::new().unwrap();
    set(&dir, "api/src/roles.rs", "components: {}\n");
    set(&dir, "api/src/lib.rs", "openapi: 3.1.0\n");
    for source in ["api/src/roles.rs", "api/src/lib.rs"] {
        let mut about = about();
        about.sources = vec![dir.path().join("elsewhere.yaml"), dir.path().join(source)];
        let before = text(&dir, source);
        let result = write(dir.path(), &second(), &about, true);
        assert!(
            matches!(result, Err(ProjectError::OverDocument { .. })),
            "{source}: {result:?}"
        );
        assert_eq!(text(&dir, source), before);
    }
}

#[test]
fn what_only_looks_like_a_leftover_stays() {
    let dir = TempDir::new().unwrap();
    set(&dir, ".palisade-mine/x", "x");
    set(&dir, ".palisade-7", "a file");
    put(&dir, &first());
    assert_eq!(text(&dir, ".palisade-mine/x"), "x");
    assert_eq!(text(&dir, ".palisade-7"), "a file");
}

#[test]
fn a_file_is_no_folder() {
    let dir = TempDir::new().unwrap();
    set(&dir, "x", "");
    let target = dir.path().join("x");
    for error in [
        write(&target, &first(), &about(), true).err(),
        compare(&target, &first(), &about()).err(),
    ] {
        assert!(
            matches!(error, Some(ProjectError::NotThat { .. })),
            "{error:?}"
        );
    }
}

#[test]
fn helpers_beside_a_handler_are_no_orphans() {
    let dir = TempDir::new().unwrap();
    put(&dir, &first());
    set(&dir, "service/src/handlers/users/get_user/helper.rs", "");
    set(&dir, "service/src/handlers/users/notes.txt", "");
    set(&dir, "service/src/handlers/users/old.rs", "");
    set(&dir, "service/src/handlers/gone/older.rs", "");
    assert_eq!(
        put(&dir, &first()).orphans,
        [
            "service/src/handlers/gone/older.rs",
            "service/src/handlers/users/old.rs"
        ]
    );
}

#[test]
fn comparing_touches_nothing() {
    let dir = TempDir::new().unwrap();
    let missing = dir.path().join("missing");
    let drift = compare(Path::new(&missing), &first(), &about()).unwrap();
    assert!(!drift.folder);
    assert_eq!(drift.changes.len(), 4);
    assert!(!missing.exists());
    set(&dir, ".palisade-4000000000/0", "");
    compare(dir.path(), &first(), &about()).unwrap();
    assert_eq!(top(&dir), [".palisade-4000000000"]);
}
