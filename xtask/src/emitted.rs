//! Projects that palisade emitted: where they are, how they are built, what is in them.

use crate::steps::{Failed, cargo, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A generated folder that is checked in.
pub struct Project {
    pub spec: &'static str,
    pub dir: &'static str,
}

impl Project {
    /// Under which name the last run of its tests is kept.
    pub fn log(&self) -> String {
        self.dir.replace('/', "-")
    }
}

/// All of them.
pub const PROJECTS: [Project; 5] = [
    Project {
        spec: "specs/clinic.yaml",
        dir: "generated-example",
    },
    Project {
        spec: "specs/users.yaml",
        dir: "examples/users",
    },
    Project {
        spec: "specs/sign-in.yaml",
        dir: "examples/sign-in",
    },
    Project {
        spec: "specs/library.yaml",
        dir: "examples/library",
    },
    Project {
        spec: "specs/receipts.yaml",
        dir: "examples/receipts",
    },
];

/// palisade itself, built first when need be.
pub fn palisade(release: bool) -> Command {
    let mut command = cargo();
    command
        .args(["run", "--quiet", "--package", "palisade"])
        .args(release.then_some("--release"))
        .arg("--");
    command
}

/// cargo in an emitted project. All of them share one target folder: their dependencies are the same.
pub fn cargo_in(dir: &Path) -> Command {
    let mut command = cargo();
    command
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", root().join("target/emitted"));
    command
}

/// Every file below `dir` whose name ends so; nothing when there is no such folder.
pub fn files(dir: &Path, end: &str) -> Result<Vec<PathBuf>, Failed> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(here) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&here) else {
            continue;
        };
        for entry in entries {
            let entry = entry.map_err(Failed::at(here.display()))?;
            let kind = entry.file_type().map_err(Failed::at(here.display()))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if entry.file_name().to_string_lossy().ends_with(end) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What a folder of an emitted project holds.
#[derive(Debug, Default, Clone, Copy)]
pub struct Size {
    pub files: usize,
    pub lines: usize,
    /// `allow` and `expect` attributes: each is a lint that somebody silenced.
    pub allows: usize,
}

impl Size {
    /// Of all Rust files below `dir`.
    pub fn of(dir: &Path) -> Result<Size, Failed> {
        let mut size = Size::default();
        for path in files(dir, ".rs")? {
            let text = std::fs::read_to_string(&path).map_err(Failed::at(path.display()))?;
            size.files += 1;
            size.lines += text.lines().count();
            size.allows += ["#[allow(", "#![allow(", "#[expect(", "#![expect("]
                .iter()
                .map(|attribute| text.matches(attribute).count())
                .sum::<usize>();
        }
        Ok(size)
    }
}

/// How many operations a project has: a file each.
pub fn operations(dir: &Path) -> Result<usize, Failed> {
    let found = files(&dir.join("api/src/operations"), ".rs")?;
    Ok(found
        .iter()
        .filter(|path| !path.ends_with("mod.rs"))
        .count())
}

/// The crates of an emitted project.
pub const CRATES: [&str; 4] = ["api", "attacks", "service", "shield"];
