//! What the document puts into events, written once when the service starts: it is the same in every line.

use crate::json::Writer;
use crate::spec::{Policy, Spec};

/// Pieces of lines, with the commas before them.
pub(crate) struct Phrases {
    /// Name and version of the service.
    pub(super) product: Box<str>,
    /// Of each role, in the order of the document; without a comma.
    pub(super) groups: Box<[Box<str>]>,
    /// Of each operation, in the order of `Spec::operations`.
    pub(super) operations: Box<[Place]>,
}

/// Where a request belongs.
pub(super) struct Place {
    /// Inside of `http_request`: the template, never the path.
    pub(super) url: Box<str>,
    /// Behind `http_response`.
    pub(super) api: Box<str>,
    /// The first member of what OCSF has no place for, with the comma behind it.
    pub(super) route: Box<str>,
}

impl Phrases {
    pub(crate) fn of(spec: &Spec) -> Self {
        Phrases {
            product: piece(|w| {
                w.raw(",\"product\":{\"name\":");
                w.text(spec.title);
                w.raw(",\"version\":");
                w.text(spec.version);
                w.close();
            }),
            groups: spec
                .roles
                .iter()
                .map(|role| {
                    piece(|w| {
                        w.raw("{\"name\":");
                        w.text(role.name);
                        w.close();
                    })
                })
                .collect(),
            operations: spec.operations.iter().map(|at| Place::of(at)).collect(),
        }
    }
}

impl Place {
    fn of(policy: &Policy) -> Self {
        Place {
            url: piece(|w| {
                w.raw(",\"url\":{\"path\":");
                w.text(policy.route);
                w.close();
            }),
            api: piece(|w| {
                w.raw(",\"api\":{\"operation\":");
                w.text(policy.operation);
                w.close();
            }),
            route: piece(|w| {
                w.raw("\"route\":");
                w.text(policy.route);
                w.raw(",");
            }),
        }
    }
}

fn piece(write: impl FnOnce(&mut Writer)) -> Box<str> {
    let mut writer = Writer::new();
    write(&mut writer);
    // What a writer wrote is text.
    String::from_utf8(writer.into_bytes())
        .unwrap_or_default()
        .into()
}
