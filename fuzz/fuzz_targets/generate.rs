//! From a document to the files of its project: whatever it says, palisade refuses it or emits files in which its words
//! are words. Every emitted Rust file is parsed, and searched for the sentinel as anything but a literal or a comment.
//!
//! Documents are changed as trees, so that many of them are still documents; some are changed as bytes.

#![no_main]

#[path = "../../tests/hostile/inert.rs"]
mod inert;
#[path = "../src/mutate.rs"]
mod mutate;
#[path = "../../tests/hostile/texts.rs"]
mod texts;
#[path = "../../tests/hostile/tree.rs"]
mod tree;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use palisade::document::from_text;
use palisade::emit::Files;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is emitted for a document that says nothing: the same in every project, and looked at once.
fn known() -> &'static Files {
    static KNOWN: OnceLock<Files> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let nothing = "openapi: 3.1.0\ninfo: { title: Nothing, version: '1' }\npaths: {}\n";
        inert::generate(nothing).unwrap_or_default()
    })
}

/// Inputs, those that were text, those that reached emission.
static COUNTS: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

/// Written now and then, for whoever runs us: `PALISADE_FUZZ_COUNTS` names the file.
fn tell() {
    if let Some(path) = std::env::var_os("PALISADE_FUZZ_COUNTS") {
        let [inputs, texts, emitted] = COUNTS.each_ref().map(|count| count.load(Ordering::Relaxed));
        let _ = std::fs::write(path, format!("{inputs} {texts} {emitted}\n"));
    }
}

fuzz_target!(|data: &[u8]| {
    let inputs = COUNTS[0].fetch_add(1, Ordering::Relaxed);
    if let Ok(text) = std::str::from_utf8(data) {
        COUNTS[1].fetch_add(1, Ordering::Relaxed);
        if let Ok(files) = inert::generate(text) {
            COUNTS[2].fetch_add(1, Ordering::Relaxed);
            if let Some(wrong) = inert::wrong(&files, known()) {
                panic!("{wrong}");
            }
        }
    }
    if inputs % 16 == 0 {
        tell();
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut dice = mutate::Dice::new(seed);
    let read = || {
        let text = std::str::from_utf8(&data[..size]).ok()?;
        Some(from_text("spec.yaml", text).ok()?.root)
    };
    let root = match dice.below(12) {
        0 => None,
        1..=3 => mutate::fresh(&mut dice),
        _ => read().map(|mut root| {
            for _ in 0..=dice.below(3) {
                mutate::mutate(&mut root, &mut dice);
            }
            root
        }),
    };
    let Some(root) = root else {
        return fuzzer_mutate(data, size, max_size);
    };
    let text = match dice.once_in(4) {
        true => tree::yaml(&root),
        false => tree::json(&root),
    };
    match data
        .get_mut(..text.len())
        .filter(|_| text.len() <= max_size)
    {
        Some(place) => {
            place.copy_from_slice(text.as_bytes());
            text.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});
