//! What every reader of this stage shares: the version, what was found, and the components of the document.

use std::collections::{HashMap, HashSet};

use super::header::Field;
use super::reference::{Cached, Section};
use super::response::Answer;
use super::{Parameter, RequestBody, Version, codes};
use crate::diagnostic::{Diagnostic, Diagnostics, suggest};
use crate::document::{MAX_NODES, Node, Place};

/// A mapping of `components`, by name.
pub(super) type Named<'d> = HashMap<&'d str, &'d Node>;

pub(super) struct Reader<'r, 'd> {
    pub(super) version: Version,
    diagnostics: &'r mut Diagnostics,
    pub(super) sections: HashMap<Section, Named<'d>>,
    pub(super) parameters: HashMap<&'d str, Cached<Parameter>>,
    pub(super) bodies: HashMap<&'d str, Cached<RequestBody>>,
    pub(super) answers: HashMap<&'d str, Cached<Answer>>,
    pub(super) fields: HashMap<&'d str, Cached<Field>>,
    /// Names of `components.securitySchemes`, whatever became of what they name.
    pub(super) scheme_names: HashSet<&'d str>,
    /// Nodes that uses of components may still copy.
    expansion: usize,
    exhausted: bool,
    /// How many inline schemas are being read, one inside the other.
    pub(super) depth: usize,
    /// Whether any schema has `allOf`, `oneOf` or `anyOf`.
    pub(super) composes: bool,
    /// Comparisons that "did you mean" may still make: a hostile document is wrong often, and has many names.
    comparisons: usize,
    /// Keys that were misspelt, by the first key of their mapping: they are not missing as well.
    pub(super) meant: HashSet<(Option<Place>, &'static str)>,
}

/// Enough for every mistake a person makes, and well under a second of work.
const COMPARISONS: usize = 200_000;

impl<'r, 'd> Reader<'r, 'd> {
    pub(super) fn new(version: Version, diagnostics: &'r mut Diagnostics) -> Self {
        Reader {
            version,
            diagnostics,
            sections: HashMap::new(),
            parameters: HashMap::new(),
            bodies: HashMap::new(),
            answers: HashMap::new(),
            fields: HashMap::new(),
            scheme_names: HashSet::new(),
            expansion: MAX_NODES,
            exhausted: false,
            depth: 0,
            composes: false,
            comparisons: COMPARISONS,
            meant: HashSet::new(),
        }
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The candidate that `word` was probably meant to be.
    pub(super) fn near<'c>(
        &mut self,
        word: &str,
        candidates: impl ExactSizeIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        self.comparisons = self.comparisons.checked_sub(candidates.len())?;
        // Sorted, so that the answer does not depend on the order of a hash table.
        let mut candidates: Vec<&str> = candidates.collect();
        candidates.sort_unstable();
        suggest(word, candidates)
    }

    /// Takes what copying a component of `nodes` nodes costs; `None` when the document expands to too much.
    pub(super) fn charge(&mut self, nodes: usize, place: Place) -> Option<()> {
        match self.expansion.checked_sub(nodes) {
            Some(left) => {
                self.expansion = left;
                Some(())
            }
            None => {
                if !self.exhausted {
                    self.exhausted = true;
                    let message = format!(
                        "the references of the document expand to more than {MAX_NODES} values"
                    );
                    self.fail(codes::EXPANSION, place, message, "split the document");
                }
                None
            }
        }
    }
}
