//! Sub-resources: an object that is part of another is reached through it (ruling 81).
//!
//! What `owns` proves of a part is worth nothing while the whole is someone else's. So the parent is proved too: as `owns`
//! says, or else by its owner, to be read. Its id is the one in the path or the query, and the part must be of that one;
//! where there is none, it is the one that the facts of the part name.

use super::effective::Subject;
use super::gaps;
use super::model::{How, IdAt, Owns, Resource};
use super::proof::identifies;
use super::report::Report;

/// Adds the parents that nobody wrote, and says where the id of each stands.
pub(super) fn add(
    subject: &Subject,
    kept: &mut Vec<Owns>,
    resources: &[Resource],
    report: &mut Report,
) {
    let mut number = 0;
    // Those that are added have parents of their own. Nothing is part of itself, so there is an end.
    while let Some(part) = kept.get(number).cloned() {
        let parent = resources.get(part.resource).and_then(|part| part.parent);
        if let Some((parent, resource)) =
            parent.and_then(|parent| resources.get(parent).map(|resource| (parent, resource)))
        {
            let found = kept
                .iter()
                .position(|owns| owns.resource == parent && owns.how != How::List);
            let found = found.unwrap_or_else(|| {
                let in_param = identifies(subject.operation, resource);
                kept.push(Owns {
                    resource: parent,
                    how: How::Owner { write: false },
                    at: in_param.then(|| IdAt::Param(resource.param.clone())),
                    policy: None,
                    implied: true,
                    place: part.place,
                });
                kept.len().saturating_sub(1)
            });
            named_by(number, &part, found, kept, report);
        }
        number = number.saturating_add(1);
    }
}

/// Where the parent's id stands, seen from one of its parts.
fn named_by(number: usize, part: &Owns, found: usize, kept: &mut [Owns], report: &mut Report) {
    let Some(parent) = kept.get_mut(found) else {
        return;
    };
    let one = part.how != How::List && !matches!(part.at, Some(IdAt::Body { .. }));
    match &parent.at {
        Some(IdAt::Param(_)) => {}
        None if one => parent.at = Some(IdAt::Part(number)),
        Some(IdAt::Part(_)) if one => report.gap(&gaps::TWO_PARTS, part.place),
        _ => {
            report.gap(&gaps::PARENT_UNNAMED, part.place);
            // It has been told, and is not told again as a parameter that is missing.
            parent.at.get_or_insert(IdAt::Part(number));
        }
    }
}
