//! Bodies that are bytes: one file, which has no name and nothing beside it.

use super::types::{Builder, Used};
use super::{Media, ValueKind};
use crate::document::Place;
use crate::policy::gaps;

impl<'p> Builder<'p, '_, '_> {
    /// Holds the body to what bytes can be, and takes what `files` says of them. `place`: of the media type; `limit`: of the
    /// bodies of this operation.
    pub(super) fn octets(
        &mut self,
        used: Used<'p>,
        value: &mut ValueKind,
        media: &[Media],
        place: Place,
        limit: u64,
    ) -> Option<()> {
        let (ValueKind::File(file), [Media::Octets]) = (&mut *value, media) else {
            self.report.gap(&gaps::OCTETS_BODY, place);
            return None;
        };
        if !file.max_declared {
            file.max = limit;
        }
        let marks = self.marks(used)?;
        let hidden = (used.read_only() || used.write_only()).then_some(used.place);
        let guarded = [
            marks.sensitive.map(|(_, place)| place),
            marks.read.map(|(_, place)| place),
            marks.write.map(|(_, place)| place),
            hidden,
        ];
        if let Some(place) = guarded.into_iter().flatten().next() {
            self.report.gap(&gaps::MARK_NOT_MEMBER, place);
            return None;
        }
        if let Some((files, place)) = &marks.files
            && (files.count.is_some() || files.names.is_some())
        {
            self.report.gap(&gaps::OCTETS_FILES, *place);
            return None;
        }
        self.files(value, marks.files.as_ref(), used.place)
    }
}
