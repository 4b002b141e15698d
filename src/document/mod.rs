//! From files to one tree in which every node knows its place.
//!
//! Everything later (OpenAPI reading, policy, diagnostics) works on [`Node`]; no other stage opens a file.
//!
//! A text whose first character is `{` is JSON ([`json`]), everything else is YAML ([`yaml`]). Both are untrusted: size,
//! depth, nodes and what aliases copy are bounded ([`budget`]).

mod budget;
mod codes;
mod error;
mod inside;
mod json;
mod key_set;
pub(crate) mod lines;
mod node;
mod number;
mod pointer;
mod scalar;
mod sources;
#[cfg(test)]
mod tests;
mod token;
mod yaml;

use std::io::Read;
use std::path::Path;

use crate::diagnostic::Diagnostic;

pub use budget::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
pub use codes::UNREADABLE;
pub use error::LoadError;
pub use inside::inside;
pub use node::{FileId, Key, Map, Node, Place, Value};
pub use pointer::{node_at, pointer_at, pointers_at};
pub use sources::{Source, Sources};

/// A document that was read whole: its tree, and the text that diagnostics quote from.
#[derive(Debug)]
pub struct Document {
    pub root: Node,
    pub sources: Sources,
}

/// Reads the document at `path`.
///
/// # Errors
/// The file cannot be read, is larger than [`MAX_BYTES`], is not UTF-8, or [`from_text`] refuses what it holds.
pub fn load(path: &Path) -> Result<Document, LoadError> {
    let name = path.display().to_string();
    match std::fs::File::open(path) {
        Ok(file) => from_reader(&name, file),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

/// Reads a document that is open already, a pipe perhaps, which cannot be opened twice.
///
/// # Errors
/// As [`load`].
pub fn from_reader(name: &str, reader: impl Read) -> Result<Document, LoadError> {
    // One byte more than allowed tells "too large" without trusting the size the file system reports (pipes have none).
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    reader
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(name, &error))?;
    from_bytes(name, bytes)
}

/// Reads a document that is already in memory; `name` is how diagnostics call it.
///
/// # Errors
/// The text is not the JSON or YAML that palisade accepts; the diagnostic says where and why.
pub fn from_text(name: &str, text: &str) -> Result<Document, LoadError> {
    if text.len() > MAX_BYTES {
        return Err(too_large(name));
    }
    // A byte order mark is no part of the text; editors count no column for it either.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let sources = Sources::single(name, text);
    let file = FileId::default();
    let tree = if text.trim_start().starts_with('{') {
        json::read(text, file)
    } else {
        yaml::read(text, file)
    };
    match tree {
        Ok(root) => Ok(Document { root, sources }),
        Err(diagnostic) => Err(LoadError::refused(*diagnostic, sources)),
    }
}

/// As [`from_text`], for bytes of which nobody knows yet that they are text.
///
/// # Errors
/// As [`from_text`]; also when the bytes are not UTF-8.
pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Document, LoadError> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large(name));
    }
    match String::from_utf8(bytes) {
        Ok(text) => from_text(name, &text),
        Err(error) => Err(not_utf8(
            name,
            error.as_bytes(),
            error.utf8_error().valid_up_to(),
        )),
    }
}

/// Points at the first byte that is no UTF-8; `valid` bytes stand before it.
fn not_utf8(name: &str, bytes: &[u8], valid: usize) -> LoadError {
    let shown = String::from_utf8_lossy(bytes);
    let before = shown.get(..valid).unwrap_or_default();
    let lines = before.matches('\n').count().saturating_add(1);
    let columns = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let place = Place {
        file: FileId::default(),
        line: number(lines),
        column: number(columns.saturating_add(1)),
    };
    let message = "the document is not UTF-8: no character begins with this byte";
    let diagnostic = Diagnostic::new(UNREADABLE, place, message).help("save it as UTF-8");
    LoadError::refused(diagnostic, Sources::single(name, &shown))
}

fn unreadable(name: &str, error: &std::io::Error) -> LoadError {
    LoadError::unplaced(format!("cannot read `{name}`: {error}"), None)
}

fn too_large(name: &str) -> LoadError {
    LoadError::unplaced(
        format!("`{name}` is larger than {} MiB", MAX_BYTES / (1024 * 1024)),
        Some("split the API into several documents"),
    )
}
