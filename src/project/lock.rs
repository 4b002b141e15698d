//! `palisade.lock`: what was written, from which document, by which palisade.

use super::{About, Options, ProjectError};
use crate::emit::{Files, Owner};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Its name in the project's folder.
pub const LOCK: &str = "palisade.lock";

/// More is no lock of ours: some hundred bytes a file, and no project has a hundred thousand.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// The content of `palisade.lock`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The version of palisade that wrote it.
    pub palisade: String,
    /// The document, relative to the folder, with `/`; `-` for stdin.
    pub spec: String,
    /// The person's crate in `service/`, where there is one.
    #[serde(default)]
    pub package: Option<String>,
    /// What the person asked for; used again until they ask for something else.
    #[serde(default)]
    pub options: Options,
    /// Every owned file and the SHA-256 of its bytes, in hexadecimal.
    pub files: BTreeMap<String, String>,
}

impl Lock {
    /// The lock of a project that holds exactly `files`.
    pub(super) fn of(files: &Files, about: &About) -> Lock {
        Lock {
            palisade: env!("CARGO_PKG_VERSION").to_owned(),
            spec: about.spec.clone(),
            package: about.package.clone(),
            options: about.options.clone(),
            files: files
                .iter()
                .filter(|(_, file)| file.owner == Owner::Palisade)
                .map(|(path, file)| (path.clone(), sha256(file.text.as_bytes())))
                .collect(),
        }
    }

    /// Whether `path` is palisade's and was last written with this text.
    pub fn holds(&self, path: &str, text: &str) -> bool {
        self.files
            .get(path)
            .is_some_and(|known| *known == sha256(text.as_bytes()))
    }

    /// The lock in `dir`; `None` when there is none.
    pub fn read(dir: &Path) -> Result<Option<Lock>, ProjectError> {
        Lock::read_file(&dir.join(LOCK))
    }

    pub(super) fn read_file(path: &Path) -> Result<Option<Lock>, ProjectError> {
        let found = match std::fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(None),
            Err(error) => return Err(ProjectError::io("read", path)(error)),
        };
        if found.is_symlink() {
            return Err(ProjectError::Link {
                path: path.to_path_buf(),
            });
        }
        if !found.is_file() {
            return Err(ProjectError::NotThat {
                path: path.to_path_buf(),
                wanted: "file",
            });
        }
        let bad = |why: String| ProjectError::Lock {
            path: path.to_path_buf(),
            why,
        };
        if found.len() > MAX_BYTES {
            return Err(bad("it is too large".to_owned()));
        }
        let bytes = std::fs::read(path).map_err(ProjectError::io("read", path))?;
        let text = String::from_utf8(bytes).map_err(|_| bad("it is not UTF-8".to_owned()))?;
        let lock: Lock = serde_yaml::from_str(&text).map_err(|error| bad(error.to_string()))?;
        for name in lock.files.keys() {
            super::folder::checked(name)?;
        }
        Ok(Some(lock))
    }

    /// As it stands on disk.
    pub(super) fn text(&self) -> String {
        let mut text = String::from(
            "# Written by palisade. Do not edit: `palisade generate` replaces this file. Commit it.\n",
        );
        // Strings in double quotes are YAML and JSON alike, whatever they hold.
        let _ = writeln!(text, "palisade: {}", quoted(&self.palisade));
        let _ = writeln!(text, "spec: {}", quoted(&self.spec));
        if let Some(package) = &self.package {
            let _ = writeln!(text, "package: {}", quoted(package));
        }
        let options = self.options.set();
        if !options.is_empty() {
            text.push_str("options:\n");
        }
        for (name, value) in options {
            let _ = writeln!(text, "  {name}: {value}");
        }
        if self.files.is_empty() {
            text.push_str("files: {}\n");
            return text;
        }
        text.push_str("files:\n");
        for (path, hash) in &self.files {
            let _ = writeln!(text, "  {}: {}", quoted(path), quoted(hash));
        }
        text
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::emit::Emitted;

    fn about() -> About {
        About {
            spec: "../specs/a \"b\": #c.yaml".to_owned(),
            package: Some("clinic".to_owned()),
            options: Options::default(),
            sources: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut files = Files::new();
        for (path, owner) in [
            ("api/src/lib.rs", Owner::Palisade),
            ("service/src/main.rs", Owner::Person),
        ] {
            let text = String::from("x");
            files.insert(path.to_owned(), Emitted { text, owner });
        }
        let lock = Lock::of(&files, &about());
        assert_eq!(lock.files.keys().collect::<Vec<_>>(), ["api/src/lib.rs"]);
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(LOCK), lock.text()).unwrap();
        assert_eq!(Lock::read(dir.path()).unwrap(), Some(lock));
    }

    #[test]
    fn options_are_remembered_and_their_defaults_are_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let mut about = about();
        let plain = Lock::of(&Files::new(), &about);
        assert!(!plain.text().contains("options"), "{}", plain.text());
        about.package = None;
        about.options.library = true;
        let lock = Lock::of(&Files::new(), &about);
        std::fs::write(dir.path().join(LOCK), lock.text()).unwrap();
        assert_eq!(Lock::read(dir.path()).unwrap(), Some(lock.clone()));
        // Every option but the default one is in the text: a forgotten one would be forgotten by every later run.
        assert!(lock.text().contains("options:\n  library: true\n"));
        let unknown = lock
            .text()
            .replace("  library", "  a-later-one: true\n  library");
        std::fs::write(dir.path().join(LOCK), unknown).unwrap();
        assert!(Lock::read(dir.path()).is_err(), "an option nobody knows");
    }

    #[test]
    fn a_hash_that_looks_like_a_number_stays_text() {
        let mut lock = Lock::of(&Files::new(), &about());
        lock.files.insert(
            "a".to_owned(),
            format!("{}e{}", "1".repeat(30), "2".repeat(33)),
        );
        lock.files.insert("b".to_owned(), "0".repeat(64));
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(LOCK), lock.text()).unwrap();
        assert_eq!(Lock::read(dir.path()).unwrap(), Some(lock));
    }

    #[test]
    fn the_hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_lock_that_points_outside_is_refused() {
        for path in ["../x", "/etc/passwd", "a/../../x", "C:x", "a\\b", ""] {
            let mut lock = Lock::of(&Files::new(), &about());
            lock.files.insert(path.to_owned(), sha256(b""));
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join(LOCK), lock.text()).unwrap();
            assert!(Lock::read(dir.path()).is_err(), "{path}");
        }
    }

    #[test]
    fn no_lock_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Lock::read(dir.path()).unwrap(), None);
        assert_eq!(Lock::read(&dir.path().join("none")).unwrap(), None);
    }
}
