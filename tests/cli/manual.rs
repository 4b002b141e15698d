//! What teaches: help and manual of every command, and the line that shows what takes long.

use super::support::{Place, not_run};
use std::process::{Command, Stdio};

/// The commands that `--help` lists.
fn commands(place: &Place) -> Vec<String> {
    let help = place.run(&["--help"]).exits(0).stdout;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| line.starts_with("  "));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_teaches_with_examples() {
    let place = Place::new();
    let commands = commands(&place);
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        let help = place.run(&[&command, "--help"]).exits(0).stdout;
        let (_, rest) = help
            .split_once("Exit code:\n")
            .unwrap_or_else(|| panic!("{command}: {help}"));
        assert!(rest.starts_with("  0  "), "{command}: {rest}");
        let (_, examples) = rest
            .split_once("Examples:\n")
            .unwrap_or_else(|| panic!("{command}: {rest}"));
        let own = format!("palisade {command}");
        assert!(examples.contains(&own), "{command}: {examples}");
        for line in help.lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
}

#[test]
fn every_command_has_a_page() {
    let place = Place::new();
    let root = place.run(&["man"]).exits(0).stdout;
    assert!(root.contains(".TH palisade 1"), "{root}");
    for command in commands(&place) {
        assert!(
            root.contains(&format!("palisade\\-{command}(1)")),
            "{command}"
        );
        let page = place.run(&["man", &command]).exits(0).stdout;
        assert!(
            page.contains(&format!(".TH palisade-{command} 1")),
            "{page}"
        );
        for expected in [".SH NAME", ".SH SYNOPSIS", ".SH EXIT CODE", ".SH EXAMPLES"] {
            assert!(page.contains(expected), "{command}: {expected}\n{page}");
        }
    }
    let run = place.run(&["man", "genrate"]).exits(2);
    assert!(
        run.stderr.contains("did you mean `generate`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_pages_are_ones_that_man_can_show() {
    let place = Place::new();
    let Ok(found) = Command::new("man").arg("--version").output() else {
        return not_run("pages in man", "there is no man here");
    };
    assert!(found.status.success());
    for command in [&[][..], &["generate"], &["stub"]] {
        let page = place.run(&[&["man"], command].concat()).exits(0).stdout;
        place.set("page.1", &page);
        let output = Command::new("man")
            .args(["--warnings=w", "-l", "page.1"])
            .current_dir(place.path(""))
            .env("MANPAGER", "cat")
            .env("LC_ALL", "C.UTF-8")
            .env("MANWIDTH", "100")
            .output()
            .unwrap();
        let warned = String::from_utf8_lossy(&output.stderr);
        assert_eq!(warned, "", "{command:?}");
        let shown = String::from_utf8_lossy(&output.stdout);
        let example = match command {
            ["stub"] => "  palisade stub get_user -o users         as the compiler names it\n",
            _ => "  palisade generate -o clinic",
        };
        assert!(shown.contains(example), "{command:?}: {shown}");
    }
}

/// palisade on a terminal, waiting a second for its document; what the terminal was shown.
fn on_a_terminal(place: &Place, flags: &str) -> Option<String> {
    let script = format!(
        "mkfifo slow.yaml; (sleep 1.5; cat specs/users.yaml > slow.yaml) & {} {flags} generate slow.yaml -o out",
        env!("CARGO_BIN_EXE_palisade")
    );
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &script, "/dev/null"])
        .current_dir(place.path(""))
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}");
    Some(shown)
}

#[cfg(unix)]
#[test]
fn what_takes_long_is_shown_on_a_terminal_and_then_gone() {
    let place = Place::new();
    let Some(shown) = on_a_terminal(&place, "") else {
        return not_run("progress on a terminal", "there is no script(1) here");
    };
    assert!(
        shown.contains("\r\u{1b}[Kreading the document … 0 s"),
        "{shown:?}"
    );
    let (line, rest) = shown.split_once("out:\r\n").unwrap();
    assert!(
        line.ends_with("\r\u{1b}[K") && !line.contains('\n'),
        "{line:?}"
    );
    assert!(!rest.contains('…'), "{rest:?}");
    for flags in ["--quiet", "--verbose"] {
        let shown = on_a_terminal(&Place::new(), flags).unwrap();
        assert!(!shown.contains('…'), "{flags}: {shown:?}");
    }
}

#[cfg(unix)]
#[test]
fn where_there_is_no_terminal_nothing_is_shown() {
    let place = Place::new();
    let script = format!(
        "mkfifo slow.yaml; (sleep 1.5; cat specs/users.yaml > slow.yaml) & {} generate slow.yaml -o out 2>&1",
        env!("CARGO_BIN_EXE_palisade")
    );
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(place.path(""));
    let run = super::support::finish(command, "").exits(0);
    assert!(run.stdout.starts_with("out:\n"), "{:?}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'), "{:?}", run.stdout);
}
