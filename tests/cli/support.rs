//! A folder with the documents of this repository in it, and palisade run there.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Fails with everything that was said when the exit code is another one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        assert_eq!(
            self.code, code,
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }
}

/// A folder that goes away with the test.
pub struct Place {
    dir: TempDir,
}

impl Place {
    /// With `users.yaml` and `clinic.yaml` in `specs/`.
    pub fn new() -> Place {
        let place = Place {
            dir: tempfile::Builder::new()
                .prefix("palisade")
                .tempdir()
                .unwrap(),
        };
        for name in ["users.yaml", "clinic.yaml"] {
            let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
            place.set(
                &format!("specs/{name}"),
                &fs::read_to_string(specs.join(name)).unwrap(),
            );
        }
        place
    }

    /// With the project of `users.yaml` in `out/` as well.
    pub fn generated() -> Place {
        let place = Place::new();
        place
            .run(&["generate", "specs/users.yaml", "-o", "out"])
            .exits(0);
        place
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn set(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces one passage, which must stand there exactly once.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
        self.set(path, &text.replace(from, to));
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_in("", arguments)
    }

    /// In a folder below.
    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        finish(self.command(folder, arguments), "")
    }

    pub fn run_with_stdin(&self, arguments: &[&str], stdin: &str) -> Run {
        finish(self.command("", arguments), stdin)
    }

    pub fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_palisade"));
        command
            .args(arguments)
            .current_dir(self.path(folder))
            .env_remove("NO_COLOR");
        command
    }

    /// Every file below a folder, by path.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        let mut found = BTreeMap::new();
        let mut open = vec![root.clone()];
        while let Some(here) = open.pop() {
            for entry in fs::read_dir(&here).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                    found.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
                }
            }
        }
        found
    }

    /// The paths of the lock of `out/`.
    pub fn owned(&self) -> Vec<String> {
        self.text("out/palisade.lock")
            .lines()
            .filter_map(|line| line.strip_prefix("  \""))
            .map(|line| line.split('"').next().unwrap().to_owned())
            .collect()
    }
}

/// Says that something was not tried here. The test passes, and nobody can overlook that it proved nothing.
pub fn not_run(what: &str, why: &str) {
    // Past the harness, which shows what a passing test prints to nobody.
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "\n!!! NOT RUN: {what}: {why}\n");
}

pub fn finish(mut command: Command, stdin: impl AsRef<[u8]>) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A reader that does not want it all is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_ref());
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
