//! Diagnostics as a program reads them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::is_hidden;
use super::patch::patch_in;
use super::texts::Texts;
use super::{Diagnostic, Diagnostics, code};
use crate::document::{LoadError, Node, Place, Sources, UNREADABLE, pointers_at};

/// One diagnostic; the shape is a contract.
#[derive(Debug, Serialize)]
pub struct Entry {
    pub rule: String,
    pub severity: &'static str,
    pub message: String,
    pub help: Option<String>,
    /// Null only when there was no text to point into.
    pub place: Option<Spot>,
    pub related: Vec<Related>,
    pub patch: Option<Replacement>,
}

#[derive(Debug, Serialize)]
pub struct Related {
    pub place: Spot,
    pub message: String,
}

/// A place by file name, with its JSON Pointer where the document could be read.
#[derive(Debug, Serialize)]
pub struct Spot {
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub pointer: Option<String>,
}

/// `old` stands at the place; `new` should.
#[derive(Debug, Serialize)]
pub struct Replacement {
    pub place: Spot,
    pub old: String,
    pub new: String,
}

/// What is wrong, sorted and each once, and how many more there are. `root` is the tree, where there is one.
pub fn entries(
    diagnostics: &Diagnostics,
    sources: &Sources,
    root: Option<&Node>,
) -> (Vec<Entry>, usize) {
    let (shown, more) = diagnostics.shown();
    let mut texts = Texts::of(sources);
    let patches: Vec<_> = shown
        .iter()
        .map(|one| {
            one.edit
                .as_ref()
                .and_then(|edit| patch_in(edit, &mut texts))
        })
        .collect();
    let places = shown.iter().zip(&patches).flat_map(|(one, patch)| {
        let related = one.related.iter().map(|(place, _)| *place);
        let patched = patch.iter().map(|patch| patch.place);
        related.chain(patched).chain([one.place]).chain(one.scalar)
    });
    let spots = Spots {
        sources,
        pointers: root
            .map(|root| pointers_at(root, places))
            .unwrap_or_default(),
    };
    let entries = shown
        .iter()
        .zip(patches)
        .map(|(one, patch)| {
            let patch = patch.map(|patch| Replacement {
                place: spots.inside(patch.place, one),
                old: patch.old,
                new: patch.new,
            });
            spots.entry(one, patch)
        })
        .collect();
    (entries, more)
}

struct Spots<'s> {
    sources: &'s Sources,
    pointers: BTreeMap<Place, String>,
}

impl Spots<'_> {
    fn of(&self, place: Place) -> Spot {
        let source = self.sources.get(place.file);
        Spot {
            file: source.map_or_else(|| "?".to_owned(), |source| source.name.clone()),
            line: place.line,
            column: place.column,
            pointer: self.pointers.get(&place).cloned(),
        }
    }

    /// A place of the diagnostic; inside of a scalar, with the pointer to that.
    fn inside(&self, place: Place, one: &Diagnostic) -> Spot {
        let spot = self.of(place);
        let scalar = one.scalar.filter(|_| place == one.place);
        Spot {
            pointer: spot
                .pointer
                .or_else(|| self.pointers.get(&scalar?).cloned()),
            ..spot
        }
    }

    fn entry(&self, one: &Diagnostic, patch: Option<Replacement>) -> Entry {
        let related = one.related.iter().map(|(place, message)| Related {
            place: self.of(*place),
            message: message.clone(),
        });
        Entry {
            rule: code(one.code),
            severity: "error",
            message: one.message.clone(),
            help: one.help.clone(),
            place: Some(self.inside(one.place, one)),
            related: related.collect(),
            patch,
        }
    }
}

/// `{"version":1,"diagnostics":[…],"more":n}` and a line end.
pub fn render_json(diagnostics: &Diagnostics, sources: &Sources, root: Option<&Node>) -> String {
    let (entries, more) = entries(diagnostics, sources, root);
    written(&entries, more)
}

/// A refusal to load, in the same shape.
pub fn render_load_error_json(error: &LoadError) -> String {
    match error {
        LoadError::Refused {
            diagnostics,
            sources,
        } => render_json(diagnostics, sources, None),
        LoadError::Unplaced { message, help } => {
            let entry = Entry {
                rule: code(UNREADABLE),
                severity: "error",
                message: message.clone(),
                help: help.clone(),
                place: None,
                related: Vec::new(),
                patch: None,
            };
            written(&[entry], 0)
        }
    }
}

fn written(entries: &[Entry], more: usize) -> String {
    let whole = serde_json::json!({ "version": 1, "diagnostics": entries, "more": more });
    format!("{}\n", ascii_where_hidden(&whole.to_string()))
}

/// JSON escapes control characters; what else a terminal would obey is escaped here. It stands only in strings.
fn ascii_where_hidden(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if !is_hidden(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}
