//! Results that nobody reads, or that find no room.
#![cfg(unix)]

use super::support::Place;
use std::fs;
use std::process::Stdio;

/// Every command that prints something, and how it ends when that is read.
const PRINTING: &[(&[&str], i32)] = &[
    (&["generate", "-o", "out"], 0),
    (&["check", "-o", "edited"], 1),
    (&["stub", "get_user", "-o", "out"], 0),
    (&["stub", "get_user", "-o", "guards"], 0),
    (&["gaps"], 0),
    (&["gaps", "--format", "json"], 0),
    (&["completions", "bash"], 0),
    (&["man"], 0),
    (&["man", "generate"], 0),
    (&["--help"], 0),
    (&["generate", "--help"], 0),
    (&["--version"], 0),
];

fn printing() -> Place {
    let place = Place::generated();
    place
        .run(&["-q", "generate", "specs/users.yaml", "-o", "edited"])
        .exits(0);
    place.set("edited/api/src/lib.rs", "// mine\n");
    place
        .run(&[
            "generate",
            "specs/users.yaml",
            "-o",
            "guards",
            "--as",
            "library",
        ])
        .exits(0);
    place
}

#[test]
fn a_reader_that_goes_away_changes_nothing() {
    let place = printing();
    for (arguments, code) in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = place
            .command("", arguments)
            .stdin(Stdio::null())
            .stdout(writer)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {said}");
        assert!(
            !said.contains("panicked") && !said.contains("cannot write"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_result_that_cannot_be_written_is_told() {
    let place = printing();
    for (arguments, _) in PRINTING {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = place
            .command("", arguments)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(
            said.contains("cannot write to stdout"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn where_nothing_can_be_said_the_exit_code_still_tells() {
    let place = Place::generated();
    for (arguments, code) in [
        (&["generate", "none.yaml", "-o", "out"][..], 2),
        (&["check", "-o", "out"], 0),
        (&["genrate"], 2),
    ] {
        let full = || fs::File::options().write(true).open("/dev/full").unwrap();
        let status = place
            .command("", arguments)
            .stdin(Stdio::null())
            .stdout(full())
            .stderr(full())
            .status();
        assert_eq!(status.unwrap().code(), Some(code), "{arguments:?}");
    }
}
