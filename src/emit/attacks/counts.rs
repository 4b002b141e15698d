//! Objects with too few members, and with too many (P59).

use super::case::Violation;
use super::field::Field;
use super::sample::{Step, pointer};
use super::scene::Scene;
use crate::plan::{Member, Object, Write};

/// Numbers of members.
pub(super) fn attack(
    scene: &mut Scene<'_>,
    field: &Field<'_, '_>,
    object: &Object,
    path: &[Step],
    depth: usize,
) {
    let (here, maker) = (pointer(path), &field.stage.maker);
    let open: Vec<&Member> = object
        .members
        .iter()
        .filter(|m| maker.sendable(m) && matches!(m.write, Write::Anyone))
        .collect();
    let required = object
        .members
        .iter()
        .filter(|member| member.required_in_request)
        .count();
    let of = |scene: &Scene<'_>, count: u64| {
        let count = usize::try_from(count)
            .ok()
            .filter(|count| *count >= required && *count <= open.len())?;
        let mut chosen = open.clone();
        chosen.sort_by_key(|member| !member.required_in_request);
        chosen.truncate(count);
        field.with(scene, path, Some(maker.object_of(&chosen, depth)?))
    };
    // Where more members are required there is no object that is only too small.
    if object.min_properties > required as u64 {
        let few = scene
            .invalid()
            .errors(vec![Violation::body(here.as_str(), "minProperties")]);
        field.add(
            scene,
            "minProperties",
            format!(
                "{}{here}: {} members",
                field.called(),
                object.min_properties - 1
            ),
            of(scene, object.min_properties - 1),
            few,
        );
        let reached = scene.reached();
        field.add(
            scene,
            "minProperties",
            format!(
                "{}{here}: {} members",
                field.called(),
                object.min_properties
            ),
            of(scene, object.min_properties),
            reached,
        );
    }
    if let Some(most) = object
        .max_properties
        .filter(|most| *most < open.len() as u64)
    {
        let many = scene
            .invalid()
            .errors(vec![Violation::body(here.as_str(), "maxProperties")]);
        field.add(
            scene,
            "maxProperties",
            format!("{}{here}: {} members", field.called(), most + 1),
            of(scene, most + 1),
            many,
        );
        let reached = scene.reached();
        field.add(
            scene,
            "maxProperties",
            format!("{}{here}: {most} members", field.called()),
            of(scene, most),
            reached,
        );
    }
}
