//! The texts that diagnostics quote from, each taken apart once.

use std::collections::BTreeMap;

use crate::document::lines::{Cursor, Lines};
use crate::document::{FileId, Place, Source, Sources};

pub(super) struct Texts<'s> {
    sources: &'s Sources,
    lines: BTreeMap<FileId, Lines<'s>>,
}

impl<'s> Texts<'s> {
    pub(super) fn of(sources: &'s Sources) -> Self {
        Texts {
            sources,
            lines: BTreeMap::new(),
        }
    }

    pub(super) fn source(&self, place: Place) -> Option<&'s Source> {
        self.sources.get(place.file)
    }

    pub(super) fn line(&mut self, place: Place) -> Option<&'s str> {
        self.lines(place.file)?.get(place.line)
    }

    pub(super) fn cursor(&mut self, place: Place) -> Option<Cursor<'s>> {
        self.lines(place.file)?.cursor(place)
    }

    fn lines(&mut self, file: FileId) -> Option<&Lines<'s>> {
        let source = self.sources.get(file)?;
        let lines = self.lines.entry(file);
        Some(lines.or_insert_with(|| Lines::of(&source.text)))
    }
}
