//! The reader against documents that are right, and against one mistake at a time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub(crate) mod corpus;
mod positive;
mod refused;
mod refused_schemas;

use crate::diagnostic::Diagnostics;
use crate::document::from_text;

use super::{Api, read};

/// Code, line and column of a diagnostic.
type Found = (u16, u32, u32);

/// Reads `text`, in which `§` marks the places that must be reported; gives `(code, line, column)` of every diagnostic,
/// and the marked places.
fn marked(text: &str) -> (Vec<Found>, Vec<(u32, u32)>) {
    let (mut plain, mut marks) = (String::new(), Vec::new());
    let (mut line, mut column) = (1, 1);
    for c in text.chars() {
        match c {
            '§' => marks.push((line, column)),
            '\n' => {
                plain.push(c);
                (line, column) = (line + 1, 1);
            }
            c => {
                plain.push(c);
                column += 1;
            }
        }
    }
    let document = from_text("test", &plain).unwrap_or_else(|error| panic!("{error:?}\n{plain}"));
    let mut diagnostics = Diagnostics::default();
    read(&document, &mut diagnostics);
    let mut found: Vec<_> = diagnostics
        .iter()
        .map(|one| (one.code, one.place.line, one.place.column))
        .collect();
    found.sort_by_key(|(_, line, column)| (*line, *column));
    (found, marks)
}

/// The document must be refused with `code` at each mark, and with nothing else.
#[track_caller]
pub(crate) fn refuses(code: u16, text: &str) {
    let (found, marks) = marked(text);
    assert!(!marks.is_empty(), "no mark in {text}");
    let expected: Vec<_> = marks
        .iter()
        .map(|&(line, column)| (code, line, column))
        .collect();
    assert_eq!(found, expected, "\n{text}");
}

/// The document must be accepted.
#[track_caller]
pub(crate) fn accepts(text: &str) -> Api {
    let document = from_text("test", text).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    let mut diagnostics = Diagnostics::default();
    let api = read(&document, &mut diagnostics);
    let found: Vec<_> = diagnostics.iter().collect();
    assert!(found.is_empty(), "{found:#?}\n{text}");
    api.unwrap()
}

/// What a person is told about the first mistake: message and help.
pub(crate) fn told(text: &str) -> (String, String) {
    let document = from_text("test", &text.replace('§', "")).unwrap();
    let mut diagnostics = Diagnostics::default();
    read(&document, &mut diagnostics);
    let one = diagnostics.iter().next().unwrap();
    (one.message.clone(), one.help.clone().unwrap_or_default())
}

const INFO: &str = "info: {title: T, version: '1'}\n";

/// A 3.0 document with `rest` after a head without paths.
fn v30(rest: &str) -> String {
    format!("openapi: 3.0.3\n{INFO}paths: {{}}\n{rest}")
}

/// A 3.1 document with `rest` after a head.
pub(crate) fn v31(rest: &str) -> String {
    format!("openapi: 3.1.0\n{INFO}{rest}")
}

/// Documents with one component schema.
pub(crate) fn schema30(schema: &str) -> String {
    v30(&format!("components:\n  schemas:\n    A: {schema}\n"))
}

pub(crate) fn schema31(schema: &str) -> String {
    v31(&format!("components:\n  schemas:\n    A: {schema}\n"))
}

/// A 3.0 document with these paths.
fn paths30(paths: &str) -> String {
    format!("openapi: 3.0.3\n{INFO}paths:\n{paths}")
}

/// A 3.0 document with `GET /a` that holds `keys` besides its responses.
fn get30(keys: &str) -> String {
    paths30(&format!(
        "  /a:\n    get:\n      responses: {{'200': {{description: ok}}}}\n      {keys}\n"
    ))
}
