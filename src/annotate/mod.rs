//! A first `x-security` for a document that has none, inserted into its text: comments, order and layout stay.
//!
//! What is proposed is never looser than what the document says: an operation with `security` is for callers who are
//! authenticated, an object is its owner's, and where that is not clear the operation is denied and the person is told.
//! Where nobody can tell an owner, since callers come from several issuers, no resource is declared: what the document says
//! holds then as it stands, and the person is told at each operation that it does.

mod ids;
mod issuers;
mod lists;
mod media;
mod propose;
mod root;
#[cfg(test)]
mod tests;
mod text;
mod written;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{self, Document, Key, LoadError, Node, Value};
use crate::outline::{EXTENSION, Outline};
use propose::{Notes, Proposal};
use text::{Insertion, Text};
use written::Member;

/// A document with `x-security`, and what a person should know about it.
#[derive(Debug)]
pub struct Annotated {
    pub text: String,
    pub proposed: Vec<String>,
    pub decide: Vec<String>,
}

/// Why there is nothing to propose.
#[derive(Debug)]
pub enum Refused {
    /// The document cannot be read.
    Load(LoadError),
    /// It is no OpenAPI 3.0 or 3.1, or has an `x-security` already.
    Document(Diagnostics, Box<Document>),
    /// It is written in a way into which nothing could be inserted safely.
    Layout(&'static str),
}

/// The code of a document that has `x-security` already.
const ANNOTATED: u16 = 2050;

/// Keys of the root before which `x-security` is written: the first that the document has.
const ROOT: [&str; 4] = ["security", "paths", "webhooks", "components"];

/// The same for an operation: after what it is called, before what it takes.
const OPERATION: [&str; 5] = [
    "security",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
];

/// Proposes `x-security` for the document in `bytes`; `name` is how diagnostics call it.
///
/// # Errors
/// The document cannot be read, has `x-security`, or nothing can be inserted into it.
pub fn annotate(name: &str, bytes: &[u8]) -> Result<Annotated, Refused> {
    let document = document::from_bytes(name, bytes.to_vec()).map_err(Refused::Load)?;
    let mut found = Diagnostics::default();
    if crate::openapi::read(&document, &mut found).is_none() {
        return Err(Refused::Document(found, Box::new(document)));
    }
    if let Some(key) = extension(&document.root) {
        let message = "the document has `x-security` already";
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(
            Diagnostic::new(ANNOTATED, key.place, message)
                .help("annotate is for a document without any; change this one by hand"),
        );
        return Err(Refused::Document(diagnostics, Box::new(document)));
    }
    let Some(outline) = Outline::of(&document.root) else {
        return Err(Refused::Layout("the document is no mapping"));
    };
    let mut notes = Notes::default();
    let (proposals, resources) = propose::operations(&outline, &mut notes);
    let root = root::member(&outline, resources, &mut notes);
    let source = document.sources.get(document.root.place.file);
    let source = source
        .map(|source| source.text.as_str())
        .unwrap_or_default();
    let text = Text::of(source, &document.root);
    // Comments right above a key stay with it, where that changes nothing: in a block of text they are text.
    for above in [true, false] {
        let written = write(&text, &document.root, &root, &proposals, above);
        let Some(written) = written else {
            continue;
        };
        let read = document::from_text(name, &written);
        if read.is_ok_and(|read| written::same(&document.root, &read.root)) {
            // The reader does not count a byte order mark as text.
            let mark = bytes.starts_with("\u{feff}".as_bytes());
            return Ok(Annotated {
                text: format!("{}{written}", if mark { "\u{feff}" } else { "" }),
                proposed: notes.proposed,
                decide: notes.decide,
            });
        }
    }
    Err(Refused::Layout(
        "the document is laid out in a way into which palisade cannot insert; write it in block style",
    ))
}

fn write(
    text: &Text,
    root: &Node,
    member: &Member,
    proposals: &[Proposal],
    above: bool,
) -> Option<String> {
    let mut insertions: Vec<Insertion> = Vec::new();
    let before = first_of(root, &ROOT)?;
    insertions.push(text.insert(root, before, member, above)?);
    for proposal in proposals {
        let node = proposal.operation.node;
        let inserted = first_of(node, &OPERATION)
            .and_then(|before| text.insert(node, before, &proposal.member, above));
        match inserted {
            Some(inserted) => insertions.push(inserted),
            // A comment alone has no place in JSON; the person is told on stderr.
            None if proposal.member.value.is_none() => {}
            None => return None,
        }
    }
    Some(text.with(insertions))
}

/// The first of `keys` in the order of the document; else the last key.
fn first_of<'d>(node: &'d Node, keys: &[&str]) -> Option<&'d Key> {
    let entries = &node.as_map()?.entries;
    let found = entries
        .iter()
        .find(|(key, _)| keys.contains(&key.text.as_str()));
    found.or(entries.last()).map(|(key, _)| key)
}

/// The first `x-security` anywhere.
fn extension(node: &Node) -> Option<&Key> {
    match &node.value {
        Value::List(items) => items.iter().find_map(extension),
        Value::Map(map) => map
            .entries
            .iter()
            .find_map(|(key, node)| match key.text == EXTENSION {
                true => Some(key),
                false => extension(node),
            }),
        _ => None,
    }
}
