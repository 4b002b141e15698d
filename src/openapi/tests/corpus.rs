//! Every real document is read or refused; none makes the reader panic, and none takes long.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostics, render, render_load_error};
use crate::document::load;
use crate::openapi::read;

/// Where the documents are: `PALISADE_CORPUS`, or a folder beside the repository. `none` says that there are none and
/// that this is known.
fn folder() -> Option<PathBuf> {
    match std::env::var_os("PALISADE_CORPUS") {
        Some(value) if value == "none" => None,
        Some(value) => Some(PathBuf::from(value)),
        None => Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus")),
    }
}

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else if path
            .extension()
            .is_some_and(|end| end == "json" || end == "yaml" || end == "yml")
        {
            found.push(path);
        }
    }
}

/// All documents, sorted. `None` when it is known that there are none, which is said.
pub(crate) fn paths() -> Option<Vec<PathBuf>> {
    let Some(folder) = folder() else {
        eprintln!("NOT RUN: PALISADE_CORPUS=none");
        return None;
    };
    assert!(
        folder.is_dir(),
        "there is no corpus at {}: set PALISADE_CORPUS to its folder, or to `none` to go without it",
        folder.display()
    );
    let mut paths = Vec::new();
    documents(&folder, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "the corpus is empty");
    Some(paths)
}

#[test]
fn every_document_is_read_or_refused() {
    let Some(paths) = paths() else {
        return;
    };
    let begin = Instant::now();
    let (mut clean, mut refused, mut unread) = (0, 0, 0);
    for path in &paths {
        let start = Instant::now();
        let shown = match load(path) {
            Err(error) => {
                unread += 1;
                render_load_error(&error, false)
            }
            Ok(document) => {
                let mut diagnostics = Diagnostics::default();
                let api = read(&document, &mut diagnostics);
                assert!(
                    api.is_some() || !diagnostics.is_empty(),
                    "{}: dropped silently",
                    path.display()
                );
                if diagnostics.is_empty() {
                    clean += 1
                } else {
                    refused += 1
                }
                render(&diagnostics, &document.sources, false)
            }
        };
        assert!(
            shown.is_empty() || shown.starts_with("error[PAL-"),
            "{}",
            path.display()
        );
        let took = start.elapsed();
        // A second where nothing else runs; the tests beside this one have the same cores.
        assert!(
            took < Duration::from_secs(20),
            "{} took {took:?}",
            path.display()
        );
    }
    let took = begin.elapsed();
    eprintln!("{clean} read, {refused} refused, {unread} not loaded, in {took:?}");
    assert!(took < Duration::from_secs(120), "{took:?}");
}
