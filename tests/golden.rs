//! What palisade emits, and what it says, held against files that people read in reviews.
//!
//! `tests/golden/<case>/spec.yaml` gives `tests/golden/<case>/expected/**`: the emitted `api/src`, byte for byte; the
//! first line of the document says what the case is for. All cases are compiled together by `cargo xtask gym`; a case
//! that is large is held by the files alone that its `held` names. `tests/golden/<topic>/negative/<case>.yaml` gives `<case>.stderr`: what palisade says when it refuses. A new
//! case is a new file. `UPDATE_GOLDEN=1 cargo test --test golden` writes what is expected anew; the review is in the diff.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What of a project is held: the code that follows from the document. Attacks are held to what they do, not to how
/// they are written, and the rest is the same in every project.
const FOLDER: &str = "api/src";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// Sorted; nothing when there is no such folder.
fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(dir)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    found.sort();
    found
}

fn tree(root: &Path, folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.join(folder)];
    while let Some(here) = open.pop() {
        for path in entries(&here) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// palisade in the folder of the document, so that messages name the file alone.
fn palisade(spec: &Path, out: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_palisade"))
        .current_dir(spec.parent().unwrap())
        .args(["--quiet", "generate"])
        .arg(spec.file_name().unwrap())
        .arg("-o")
        .arg(out)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap_or(-1), said)
}

/// Differences in words, most telling first.
fn differences(
    expected: &BTreeMap<String, String>,
    found: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut told = Vec::new();
    for (path, text) in found {
        match expected.get(path) {
            None => told.push(format!("{path}: not expected")),
            Some(wanted) if wanted != text => told.push(
                similar::TextDiff::from_lines(wanted.as_str(), text)
                    .unified_diff()
                    .header(&format!("expected/{path}"), path)
                    .to_string(),
            ),
            Some(_) => {}
        }
    }
    let missing = expected.keys().filter(|path| !found.contains_key(*path));
    told.extend(missing.map(|path| format!("{path}: missing")));
    told
}

#[test]
fn what_is_emitted_is_what_is_expected() {
    let mut told = Vec::new();
    for case in entries(&golden())
        .into_iter()
        .filter(|case| case.join("spec.yaml").exists())
    {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let out = tempfile::tempdir().unwrap();
        let (code, said) = palisade(&case.join("spec.yaml"), &out.path().join("golden"));
        assert_eq!(code, 0, "{name}: {said}");
        let purpose = fs::read_to_string(case.join("spec.yaml")).unwrap();
        assert!(
            purpose.starts_with("# "),
            "{name}: the first line says what the case is for"
        );
        let mut found = tree(&out.path().join("golden"), FOLDER);
        let expected = tree(&case.join("expected"), FOLDER);
        if let Ok(held) = fs::read_to_string(case.join("held")) {
            let held: Vec<String> = held
                .lines()
                .map(|path| format!("{FOLDER}/{path}"))
                .collect();
            for path in &held {
                assert!(found.contains_key(path), "{name}: {path} is not emitted");
            }
            found.retain(|path, _| held.contains(path));
        }
        assert!(found.len() > 5, "{name}: only {} files", found.len());
        if update() {
            let _ = fs::remove_dir_all(case.join("expected"));
            for (path, text) in &found {
                let path = case.join("expected").join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            continue;
        }
        told.extend(
            differences(&expected, &found)
                .iter()
                .map(|what| format!("{name}: {what}")),
        );
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn what_is_refused_is_refused_in_these_words() {
    let mut told = Vec::new();
    for topic in entries(&golden()) {
        for spec in entries(&topic.join("negative")) {
            if spec.extension().is_none_or(|end| end != "yaml") {
                continue;
            }
            let out = tempfile::tempdir().unwrap();
            let (code, said) = palisade(&spec, &out.path().join("golden"));
            let name = spec.strip_prefix(golden()).unwrap().display().to_string();
            assert_eq!(code, 1, "{name} was not refused\n{said}");
            assert!(
                !out.path().join("golden").exists(),
                "{name}: something was written"
            );
            let expected = spec.with_extension("stderr");
            if update() {
                fs::write(&expected, &said).unwrap();
                continue;
            }
            let wanted = fs::read_to_string(&expected).unwrap_or_default();
            if wanted != said {
                told.push(format!("{name}\n--- expected\n{wanted}--- said\n{said}"));
            }
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}
