//! What is not a document, not a folder, not readable, not writable: the exit code of the contract, never a panic, and a
//! project that is as it was or can be healed.
#![cfg(unix)]

use super::support::{Place, Run, finish, not_run};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// What each command ends with: generate, check, stub.
type Codes = [i32; 3];

/// The document cannot be read: usage or disk.
const UNREADABLE: Codes = [2, 2, 2];
/// It can be read, and is none (ruling 17).
const INVALID: Codes = [1, 2, 2];

/// Longer than any file system has names.
fn long() -> String {
    "x".repeat(300)
}

/// Nobody, to whom permissions mean something. A test that is not run by root is run by somebody like that.
const NOBODY: u32 = 65534;

/// Whether permissions mean nothing to us.
fn root() -> bool {
    tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0
}

#[track_caller]
fn sane(run: &Run, what: &str) {
    assert!(!run.stderr.contains("panicked"), "{what}: {}", run.stderr);
    assert!((0..=2).contains(&run.code), "{what}: {run:?}");
    // Whoever gets an exit code is told why.
    assert!(run.code == 0 || !run.stderr.is_empty(), "{what}: {run:?}");
}

#[track_caller]
fn ends(run: &Run, code: i32, what: &str) {
    sane(run, what);
    assert_eq!(run.code, code, "{what}: {}{}", run.stdout, run.stderr);
}

/// The three commands, of a document in place of the one that `out/` was made from.
#[track_caller]
fn with_document(place: &Place, spec: &str, stdin: &[u8], codes: Codes) {
    let before = place.tree("out");
    let arguments: [&[&str]; 3] = [
        &["generate", spec, "-o", "out"],
        &["check", spec, "-o", "out"],
        &["stub", "get_user", spec, "-o", "out"],
    ];
    for (arguments, code) in arguments.iter().zip(codes) {
        let what = format!("{arguments:?}");
        let run = finish(place.command("", arguments), stdin);
        ends(&run, code, &what);
        assert_eq!(run.stdout, "", "{what}");
        assert!(before == place.tree("out"), "{what} wrote something");
    }
}

#[test]
fn what_is_no_document() {
    let place = Place::generated();
    place.set("empty.yaml", "");
    place.set("blank.yaml", "\n\n   \n");
    place.set("nul.yaml", "openapi: \0\n");
    place.set("text.yaml", "hello\n");
    let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
    fs::write(place.path("binary.yaml"), &binary).unwrap();
    symlink("nowhere", place.path("dangling.yaml")).unwrap();
    symlink("circle.yaml", place.path("circle.yaml")).unwrap();
    let long = long();
    for (spec, codes) in [
        ("none.yaml", UNREADABLE),
        ("", UNREADABLE),
        ("specs", UNREADABLE),
        ("specs/users.yaml/x.yaml", UNREADABLE),
        ("dangling.yaml", UNREADABLE),
        ("circle.yaml", UNREADABLE),
        (long.as_str(), UNREADABLE),
        ("empty.yaml", INVALID),
        ("blank.yaml", INVALID),
        ("nul.yaml", INVALID),
        ("text.yaml", INVALID),
        ("binary.yaml", INVALID),
        // Bytes without end.
        ("/dev/zero", INVALID),
    ] {
        with_document(&place, spec, b"", codes);
    }
    for stdin in [&b""[..], b"hello", &binary] {
        with_document(&place, "-", stdin, INVALID);
    }
}

#[test]
fn what_is_no_folder() {
    let place = Place::new();
    place.set("file", "");
    symlink("nowhere", place.path("dangling")).unwrap();
    symlink("circle", place.path("circle")).unwrap();
    let long = long();
    for dir in [
        "file",
        "file/below",
        "dangling",
        "circle",
        &long,
        "",
        "/dev/full",
    ] {
        for arguments in [
            &["generate", "specs/users.yaml", "-o", dir][..],
            &["generate", "specs/users.yaml", "-o", dir, "--force"],
            &["check", "specs/users.yaml", "-o", dir],
            &["stub", "get_user", "specs/users.yaml", "-o", dir],
        ] {
            ends(&place.run(arguments), 2, &format!("{arguments:?}"));
        }
        assert_eq!(place.text("file"), "");
        assert!(
            !place.path("nowhere").exists(),
            "written through a dangling link"
        );
    }
}

#[test]
fn a_project_with_the_wrong_things_in_it() {
    type Break = fn(&Place);
    let cases: [(&str, Break, Codes); 6] = [
        (
            "a file for a folder",
            |place| replace(place, "out/api"),
            [2, 2, 0],
        ),
        (
            "a file for the folder of handlers",
            |place| replace(place, "out/service"),
            UNREADABLE,
        ),
        (
            "a folder for a file",
            |place| {
                fs::remove_file(place.path("out/api/src/lib.rs")).unwrap();
                fs::create_dir(place.path("out/api/src/lib.rs")).unwrap();
            },
            [2, 2, 0],
        ),
        (
            "a folder for the lock",
            |place| {
                fs::remove_file(place.path("out/palisade.lock")).unwrap();
                fs::create_dir(place.path("out/palisade.lock")).unwrap();
            },
            UNREADABLE,
        ),
        (
            "a lock of nothing",
            |place| place.set("out/palisade.lock", ""),
            UNREADABLE,
        ),
        (
            "a lock of bytes",
            |place| fs::write(place.path("out/palisade.lock"), [0xff, 0xfe, 0]).unwrap(),
            UNREADABLE,
        ),
    ];
    for (what, make, codes) in cases {
        let place = Place::generated();
        make(&place);
        let before = place.tree("out");
        for (arguments, code) in [
            &["generate", "-o", "out"][..],
            &["check", "-o", "out"],
            &["stub", "get_user", "-o", "out"],
        ]
        .iter()
        .zip(codes)
        {
            ends(
                &place.run(arguments),
                code,
                &format!("{what}: {arguments:?}"),
            );
            assert!(
                before == place.tree("out"),
                "{what}: {arguments:?} wrote something"
            );
        }
    }
}

fn replace(place: &Place, folder: &str) {
    fs::remove_dir_all(place.path(folder)).unwrap();
    place.set(folder, "");
}

/// palisade run by somebody to whom permissions mean something, in a place that belongs to them.
fn by_nobody(place: &Place, arguments: &[&str]) -> Run {
    let mut command = Command::new(place.path("palisade"));
    command.args(arguments).current_dir(place.path(""));
    if root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    finish(command, b"")
}

/// Everything in it is nobody's, palisade too: it may lie where nobody may look.
fn nobodys() -> Place {
    let place = Place::generated();
    fs::copy(env!("CARGO_BIN_EXE_palisade"), place.path("palisade")).unwrap();
    if root() {
        let mut open = vec![place.path("")];
        while let Some(path) = open.pop() {
            std::os::unix::fs::chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
            if path.is_dir() {
                open.extend(
                    fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            }
        }
    }
    ends(
        &by_nobody(&place, &["check", "-o", "out"]),
        0,
        "before anything is forbidden",
    );
    place
}

#[test]
fn what_may_not_be_read_or_written() {
    const GENERATE: &[&str] = &["generate", "-o", "out"];
    const CHECK: &[&str] = &["check", "-o", "out"];
    const STUB: &[&str] = &["stub", "get_user", "-o", "out"];
    const FIRST: &[&str] = &["generate", "specs/users.yaml", "-o", "new/out"];
    const FIRST_CHECK: &[&str] = &["check", "specs/users.yaml", "-o", "new/out"];
    const HANDLER: &str = "out/service/src/handlers/users/get_user.rs";
    let place = nobodys();
    fs::create_dir(place.path("new")).unwrap();
    let lib = "out/api/src/lib.rs";
    for (path, mode, runs) in [
        (
            "specs/users.yaml",
            0o000,
            &[(GENERATE, 2), (CHECK, 2), (STUB, 2)][..],
        ),
        ("specs", 0o000, &[(GENERATE, 2), (CHECK, 2), (STUB, 2)]),
        ("out", 0o000, &[(GENERATE, 2), (CHECK, 2), (STUB, 2)]),
        (
            "out/palisade.lock",
            0o000,
            &[(GENERATE, 2), (CHECK, 2), (STUB, 2)],
        ),
        (lib, 0o000, &[(GENERATE, 2), (CHECK, 2)]),
        ("out/api/src", 0o000, &[(GENERATE, 2), (CHECK, 2)]),
        (
            "out/service/src/handlers/users",
            0o000,
            &[(GENERATE, 2), (CHECK, 2)],
        ),
        ("new", 0o555, &[(FIRST, 2), (FIRST_CHECK, 1)]),
        // Nothing is to be written, and nobody has to look into a handler.
        ("out", 0o555, &[(GENERATE, 0), (CHECK, 0), (STUB, 0)]),
        (HANDLER, 0o000, &[(GENERATE, 0), (CHECK, 0), (STUB, 0)]),
    ] {
        let full = place.path(path);
        let usual = fs::metadata(&full).unwrap().permissions();
        fs::set_permissions(&full, Permissions::from_mode(mode)).unwrap();
        let ended: Vec<_> = runs
            .iter()
            .map(|(arguments, _)| by_nobody(&place, arguments))
            .collect();
        fs::set_permissions(&full, usual).unwrap();
        for (run, (arguments, code)) in ended.iter().zip(runs) {
            ends(run, *code, &format!("{path} {mode:o}: {arguments:?}"));
        }
    }
    ends(&by_nobody(&place, CHECK), 0, "afterwards");
}

#[test]
fn a_folder_that_may_not_be_written_to_keeps_what_it_has() {
    let place = nobodys();
    // Every owned file names its document.
    fs::rename(
        place.path("specs/users.yaml"),
        place.path("specs/accounts.yaml"),
    )
    .unwrap();
    let generate = &["generate", "specs/accounts.yaml", "-o", "out"];
    let check = &["check", "specs/accounts.yaml", "-o", "out"];
    let before = place.tree("out");
    // The first fails when it begins to write, the other when it moves what was written.
    for path in ["out", "out/api/src/operations"] {
        let full = place.path(path);
        let usual = fs::metadata(&full).unwrap().permissions();
        fs::set_permissions(&full, Permissions::from_mode(0o555)).unwrap();
        let run = by_nobody(&place, generate);
        fs::set_permissions(&full, usual).unwrap();
        ends(&run, 2, path);
        assert!(
            run.stderr.contains("Permission denied"),
            "{path}: {}",
            run.stderr
        );
        if path == "out" {
            assert!(before == place.tree("out"), "{path}");
        }
        ends(&by_nobody(&place, check), 1, path);
    }
    ends(&by_nobody(&place, generate), 0, "healed");
    ends(&by_nobody(&place, check), 0, "healed");
}

/// Runs a script with `$PALISADE` in a place whose document has changed; gives the numbers that it printed.
fn script(place: &Place, text: &str) -> Result<Vec<i32>, String> {
    let mut command = Command::new("sh");
    command
        .args(["-c", text])
        .current_dir(place.path(""))
        .env("PALISADE", env!("CARGO_BIN_EXE_palisade"));
    let run = finish(command, b"");
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    if run.code != 0 {
        return Err(format!("exit code {}: {}", run.code, run.stderr));
    }
    let numbers = run.stdout.split_whitespace();
    Ok(numbers.map(|word| word.parse().unwrap()).collect())
}

#[test]
fn a_full_disk_leaves_the_old_project() {
    let place = Place::new();
    fs::create_dir(place.path("disk")).unwrap();
    // A disk of its own, which is full when the document has changed, and then is not.
    let told = script(
        &place,
        r#"exec unshare --user --map-root-user --mount sh -c '
            mount -t tmpfs -o size=4m none disk || exit 9
            $PALISADE -q generate specs/users.yaml -o disk/out || exit 8
            sed -i "s/title: Users API/title: Accounts/" specs/users.yaml
            cp -r disk/out before
            dd if=/dev/zero of=disk/ballast 2>/dev/null
            $PALISADE generate -o disk/out >disk.log 2>&1; echo $?
            grep -c "No space left" disk.log
            diff -r disk/out before >&2; echo $?
            $PALISADE check -o disk/out >/dev/null; echo $?
            $PALISADE stub get_user -o disk/out >/dev/null; echo $?
            rm disk/out/service/src/handlers/users/get_user.rs
            dd if=/dev/zero of=disk/more 2>/dev/null
            $PALISADE stub get_user -o disk/out >/dev/null; echo $?
            ls disk/out/service/src/handlers/users | grep -c get_user
            rm disk/ballast disk/more
            $PALISADE -q generate -o disk/out; echo $?
            $PALISADE -q check -o disk/out; echo $?
            ls -a disk/out | grep -c palisade-
            exit 0
        '"#,
    );
    match told {
        Ok(told) => assert_eq!(told, [2, 1, 0, 1, 0, 2, 0, 0, 0, 0]),
        Err(why) => not_run(
            "a full disk",
            &format!("no file system can be mounted here ({why})"),
        ),
    }
}

#[test]
fn a_file_that_may_not_grow_leaves_the_old_project() {
    let place = Place::generated();
    place.edit("specs/users.yaml", "title: Users API", "title: Accounts");
    fs::create_dir(place.path("old")).unwrap();
    let before = place.tree("out");
    // The limit is told by an error, once the signal is ignored.
    let told = script(
        &place,
        r#"trap "" XFSZ; ulimit -f 8; $PALISADE generate -o out >/dev/null; echo $?"#,
    );
    assert_eq!(told.unwrap(), [2]);
    assert!(before == place.tree("out"), "something was written");
    // Otherwise it ends the process, wherever that stands.
    let told = script(
        &place,
        r#"ulimit -f 8; $PALISADE generate -o out >/dev/null; test $? -gt 128; echo $?"#,
    );
    assert_eq!(told.unwrap(), [0], "it was not ended by the signal");
    place.run(&["check", "-o", "out"]).exits(1);
    place.run(&["generate", "-o", "out"]).exits(0);
    place.run(&["check", "-o", "out"]).exits(0);
}
