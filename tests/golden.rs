//! What palisade emits, and what it says, held against files that people read in reviews.
//!
//! `tests/golden/<case>/spec.yaml` gives `tests/golden/<case>/expected/**`: the emitted `api/src`, byte for byte; the
//! first line of the document says what the case is for. All cases are compiled together by `cargo xtask gym`; a case
//! that is large is held by the files alone that its `held` names.
//!
//! `tests/golden/<topic>/negative/<case>.yaml` or `.json` gives `<case>.stderr`: what palisade says when it refuses. In the
//! document stands `expect: PAL-3031 17:29, …`: every code with its line and column, in order, *as a person counts them in
//! the document*; `UPDATE_GOLDEN` does not touch it. Every code has a case, or a reason why it has none.
//!
//! A new case is a new file. `UPDATE_GOLDEN=1 cargo test --test golden` writes what is expected anew; the review is in the
//! diff.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use palisade::diagnostic::{Diagnostics, render_json, render_load_error_json};
use palisade::document::{Document, node_at};
use palisade::{openapi, plan, policy};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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

/// The documents that are refused, by topic.
fn refused() -> Vec<PathBuf> {
    let topics = entries(&golden()).into_iter();
    let all = topics.flat_map(|topic| entries(&topic.join("negative")));
    all.filter(|path| {
        path.extension()
            .is_some_and(|end| end == "yaml" || end == "json")
    })
    .collect()
}

fn name(spec: &Path) -> String {
    spec.strip_prefix(golden()).unwrap().display().to_string()
}

/// A code, and its line and column where it has a place.
type Expected = (String, Option<(u32, u32)>);

/// What the document says of itself, behind `expect`.
fn expected(spec: &Path) -> Vec<Expected> {
    let text = String::from_utf8_lossy(&fs::read(spec).unwrap()).into_owned();
    let (_, rest) = text
        .split_once("expect")
        .unwrap_or_else(|| panic!("{}: nothing is expected", name(spec)));
    let rest = rest.trim_start_matches(['"', ':', ' ']);
    let list = rest.split(['\n', '\r', '"']).next().unwrap();
    list.split(", ")
        .map(|one| {
            let (code, place) = one.split_once(' ').unwrap_or((one, ""));
            let place = place.split_once(':').map(|(line, column)| {
                let number = |text: &str| text.parse::<u32>().unwrap();
                (number(line), number(column))
            });
            (code.to_owned(), place)
        })
        .collect()
}

/// What palisade said: each `error[…]` with the first place behind it.
fn said(stderr: &str) -> Vec<Expected> {
    let mut said: Vec<Expected> = Vec::new();
    for line in stderr.lines() {
        if let Some(rest) = line.strip_prefix("error[") {
            said.push((rest.split(']').next().unwrap().to_owned(), None));
        } else if let Some(rest) = line.trim_start().strip_prefix("--> ") {
            let mut parts = rest.rsplitn(3, ':');
            let column = parts.next().unwrap().parse().unwrap();
            let line = parts.next().unwrap().parse().unwrap();
            said.last_mut().unwrap().1 = Some((line, column));
        }
    }
    said
}

#[test]
fn what_is_refused_is_refused_in_these_words() {
    let mut told = Vec::new();
    for spec in refused() {
        let out = tempfile::tempdir().unwrap();
        let (code, stderr) = palisade(&spec, &out.path().join("golden"));
        let name = name(&spec);
        assert_eq!(code, 1, "{name} was not refused\n{stderr}");
        assert!(
            !out.path().join("golden").exists(),
            "{name}: something was written"
        );
        let (wanted, found) = (expected(&spec), said(&stderr));
        if wanted != found {
            told.push(format!(
                "{name}\n--- marked\n{wanted:?}\n--- said\n{found:?}\n{stderr}"
            ));
        }
        let words = spec.with_extension("stderr");
        if update() {
            fs::write(&words, &stderr).unwrap();
            continue;
        }
        let wanted = fs::read_to_string(&words).unwrap_or_default();
        if wanted != stderr {
            told.push(format!("{name}\n--- expected\n{wanted}--- said\n{stderr}"));
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// The diagnostics of a document as programs read them; `None` when it could not be loaded.
fn json(file: &str, bytes: Vec<u8>) -> (Value, Option<Document>) {
    let read = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let document = match palisade::document::from_bytes(file, bytes) {
        Ok(document) => document,
        Err(error) => return (read(render_load_error_json(&error)), None),
    };
    let mut found = Diagnostics::default();
    if let Some(api) = openapi::read(&document, &mut found)
        && let Some(policy) = policy::read(&api, &mut found)
    {
        plan::build(&api, &policy, file, &mut found);
    }
    let json = read(render_json(&found, &document.sources, Some(&document.root)));
    (json, Some(document))
}

fn diagnostics(json: &Value) -> &Vec<Value> {
    json["diagnostics"].as_array().unwrap()
}

/// The text behind line and column, counted in characters.
fn rest<'t>(text: &'t str, place: &Value) -> &'t str {
    let (mut line, mut column) = (1, 1);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if place["line"] == line && place["column"] == column {
            return &text[at..];
        }
        match c {
            '\r' if chars.peek().is_some_and(|(_, next)| *next == '\n') => {}
            '\n' | '\r' => (line, column) = (line + 1, 1),
            _ => column += 1,
        }
    }
    panic!("there is no {place}");
}

#[test]
fn what_is_refused_is_the_same_to_a_program_and_has_a_way_out() {
    let mut patches = 0;
    for spec in refused() {
        let bytes = fs::read(&spec).unwrap();
        let name = name(&spec);
        let (json_found, document) = json(&name, bytes.clone());
        let found: Vec<Expected> = diagnostics(&json_found)
            .iter()
            .map(|one| {
                let number =
                    |key: &str| u32::try_from(one["place"][key].as_u64().unwrap()).unwrap();
                let place = (!one["place"].is_null()).then(|| (number("line"), number("column")));
                (one["rule"].as_str().unwrap().to_owned(), place)
            })
            .collect();
        assert_eq!(found, expected(&spec), "{name}");
        for one in diagnostics(&json_found) {
            assert!(one["help"].is_string(), "{name}: no way out: {one}");
            if let Some(document) = &document {
                let pointer = one["place"]["pointer"].as_str();
                let pointer = pointer.unwrap_or_else(|| panic!("{name}: no pointer: {one}"));
                assert!(
                    node_at(&document.root, pointer).is_some(),
                    "{name}: {pointer}"
                );
            }
            if one["patch"].is_null() {
                continue;
            }
            // What a patch says is done: the document is read, and this is no longer wrong.
            patches += 1;
            let text = String::from_utf8(bytes.clone()).unwrap();
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let behind = rest(text, &one["patch"]["place"]);
            let after = behind.strip_prefix(one["patch"]["old"].as_str().unwrap());
            let after = after.unwrap_or_else(|| panic!("{name}: {}", one["patch"]));
            let before = text.strip_suffix(behind).unwrap();
            let new = one["patch"]["new"].as_str().unwrap();
            let (again, loaded) = json(&name, format!("{before}{new}{after}").into_bytes());
            assert!(loaded.is_some(), "{name}: {} gives {again}", one["patch"]);
            let left = diagnostics(&again);
            let same =
                |other: &&Value| other["rule"] == one["rule"] && other["message"] == one["message"];
            assert!(
                left.iter().filter(same).count()
                    < diagnostics(&json_found).iter().filter(same).count()
                    || json_found["more"].as_u64() > again["more"].as_u64(),
                "{name}: {} leaves {again}",
                one["patch"]
            );
        }
    }
    assert!(patches > 30, "{patches}");
}

/// Codes that no document of this folder can show, and why.
const WITHOUT_A_CASE: &[(u16, &str)] = &[
    (
        2022,
        "takes a document of hundreds of kilobytes; the reader's tests make one",
    ),
    (3503, "the reader refuses it first, as 2020"),
    (
        3508,
        "the second lock behind the reader's references and the policy's parameters",
    ),
    (4406, "the second lock behind 4024"),
    (4408, "the second lock behind 2005 and 4027"),
    (4431, "the second lock behind 4039"),
    (4432, "the second lock behind 4040"),
];

/// Every code of the tables, as they stand in the sources.
fn codes() -> BTreeSet<u16> {
    let mut codes = BTreeSet::new();
    for stage in ["document", "openapi", "policy", "plan"] {
        let table = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/{stage}/codes.rs"));
        let text = fs::read_to_string(table).unwrap();
        let before = codes.len();
        let found = text.split(": Code = ").skip(1);
        codes.extend(found.map(|rest| rest.split(';').next().unwrap().parse::<u16>().unwrap()));
        assert!(codes.len() > before + 5, "{stage}: the table was not read");
    }
    codes.extend(openapi::gaps::ALL.iter().map(|gap| gap.code));
    codes.extend(policy::gaps::GAPS.iter().map(|gap| gap.code));
    codes
}

#[test]
fn every_code_has_a_case() {
    let shown: BTreeSet<u16> = refused()
        .iter()
        .flat_map(|spec| expected(spec))
        .map(|(code, _)| code.trim_start_matches("PAL-").parse().unwrap())
        .collect();
    let excused: BTreeSet<u16> = WITHOUT_A_CASE.iter().map(|(code, _)| *code).collect();
    let missing: Vec<_> = codes()
        .into_iter()
        .filter(|code| !shown.contains(code) && !excused.contains(code))
        .collect();
    assert!(missing.is_empty(), "no negative case for {missing:?}");
    let needless: Vec<_> = excused.intersection(&shown).collect();
    assert!(needless.is_empty(), "there is a case for {needless:?}");
    let unknown: Vec<_> = shown
        .union(&excused)
        .filter(|code| !codes().contains(code))
        .collect();
    assert!(unknown.is_empty(), "no table has {unknown:?}");
}
