//! The keys of a mapping under construction; a second one of the same name is refused with both places.

use std::collections::HashMap;

use super::codes::DUPLICATE_KEY;
use super::{Key, Map, Node, Place};
use crate::diagnostic::Diagnostic;

/// Up to here a scan is cheaper than a table, and most mappings of a document are small.
const SCAN: usize = 16;

/// A mapping that is being read.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    map: Map,
    index: HashMap<String, Place>,
}

impl Mapping {
    /// Refuses `key` when the mapping has it already.
    pub(super) fn check(&self, key: &Key) -> Result<(), Box<Diagnostic>> {
        let first = if self.index.is_empty() {
            self.map.entry(&key.text).map(|(first, _)| first.place)
        } else {
            self.index.get(&key.text).copied()
        };
        match first {
            None => Ok(()),
            Some(place) => Err(Box::new(
                Diagnostic::new(
                    DUPLICATE_KEY,
                    key.place,
                    format!("the key `{}` is given twice", key.text),
                )
                .related(place, "first given here")
                .help("remove one of the two; which one counts is not the reader's to guess"),
            )),
        }
    }

    /// Adds an entry whose key passed [`Mapping::check`].
    pub(super) fn push(&mut self, key: Key, value: Node) {
        self.map.entries.push((key, value));
        match self.map.entries.len() {
            0..SCAN => {}
            SCAN => {
                let all = self.map.entries.iter();
                self.index = all.map(|(key, _)| (key.text.clone(), key.place)).collect();
            }
            _ => {
                if let Some((key, _)) = self.map.entries.last() {
                    self.index.insert(key.text.clone(), key.place);
                }
            }
        }
    }

    pub(super) fn finish(self) -> Map {
        self.map
    }
}
