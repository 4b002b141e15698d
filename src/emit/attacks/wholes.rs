//! Parts of other objects: the right one below the wrong parent, and one whose parent is someone else's (P40).

use super::case::Expect;
use super::circumstances::Which;
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{IdAt, OnDenied, Operation, OwnKind, Ownership};

/// Of each part of an object, the parameters with which it is part of someone else's. `None`: there are none to be had, since
/// its id is no parameter. Nothing of a list, whose rows are told apart when they are admitted.
pub fn of(
    scene: &Scene<'_>,
    operation: &Operation,
    whole: usize,
) -> Vec<Option<Option<(usize, String)>>> {
    let parts = operation.owns.iter();
    let parts = parts.filter(|part| part.parent == Some(whole));
    parts
        .map(|part| match part.kind.one() {
            None => Some(None),
            Some((IdAt::Param(param), _)) => {
                let planted = scene.planted.get(part.resource)?.as_ref()?;
                Some(Some((param, planted.stray.clone()?)))
            }
            Some(_) => None,
        })
        .collect()
}

pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let operation = stage.operation;
    for part in &operation.owns {
        let Some(whole) = part.parent.and_then(|at| operation.owns.get(at)) else {
            continue;
        };
        strayed(scene, stage, part, whole);
        elsewhere(scene, stage, part, whole);
    }
}

/// The caller's own part of an object of someone else: below the caller's object it is not, and without a parent in the path
/// it is out of reach with the whole.
fn strayed<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>, part: &Ownership, whole: &Ownership) {
    let operation = stage.operation;
    let (Some(param), Some(Some(planted))) =
        (part.kind.param(), scene.planted.get(part.resource).cloned())
    else {
        return;
    };
    let Some(stray) = planted.stray else { return };
    let Some((part_of, parent)) = names(scene, part, whole) else {
        return;
    };
    let named = whole.kind.param().is_some();
    let parent_of = scene.plan.resources.get(whole.resource);
    let bypass = parent_of.map_or(0, |resource| resource.bypass);
    let by_owner = matches!(whole.kind, OwnKind::Owner { .. });
    // Without the path only the owner of the whole refuses.
    if !named && !by_owner {
        return;
    }
    let everything = match named {
        true => scene.all_without(0),
        false => scene.all_without(bypass),
    };
    let sets = scene.sets(operation);
    for (who, roles) in [
        ("the plainest caller", &stage.roles),
        ("every role", &everything),
    ] {
        let held = scene.holds(roles);
        if !sets.iter().all(|set| held & set != 0) || !named && held & bypass != 0 {
            continue;
        }
        let token = scene.token(operation, roles);
        let request = |id: &str| {
            let mut values = stage.values.clone();
            values.insert(param, id.to_owned());
            stage.request_with(scene.plan, &values).by(token.clone())
        };
        let forbidden = |own: &Ownership| {
            let resource = scene.plan.resources.get(own.resource);
            resource.is_some_and(|each| each.on_denied == OnDenied::Forbidden)
        };
        let expect = match !named && forbidden(whole) && forbidden(part) {
            true => scene.refused(403).event("authz.object_denied", None),
            false => scene
                .refused(404)
                .code("not_found")
                .event("authz.object_denied", None)
                .same_as(request(&planted.absent)),
        };
        let name = match named {
            true => format!("{part_of} of another {parent} than the one in the path, {who}"),
            false => format!("{part_of} of the caller, of a {parent} of someone else, {who}"),
        };
        let sent = request(&stray);
        if scene.policies_admit(stage, &sent, Which::Own) {
            scene.add("wrong-parent", name, sent, expect);
        }
    }
}

/// The caller's part, asked for below an object of someone else that the caller may reach as well.
fn elsewhere<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>, part: &Ownership, whole: &Ownership) {
    let operation = stage.operation;
    let (Some(param), Some(Some(planted))) = (
        whole.kind.param(),
        scene.planted.get(whole.resource).cloned(),
    ) else {
        return;
    };
    let Some((part_of, parent)) = names(scene, part, whole) else {
        return;
    };
    // Rows of a list are looked at where they are admitted, and an empty body names nothing.
    let names_one = match part.kind.one() {
        Some((IdAt::Param(_) | IdAt::Part(_), _)) => true,
        Some((IdAt::Body(_), _)) | None => false,
    };
    let mut sets = scene.sets(operation);
    match whole.kind {
        OwnKind::Owner { .. } => {
            let resource = scene.plan.resources.get(whole.resource);
            sets.push(resource.map_or(0, |resource| resource.bypass));
        }
        OwnKind::Any { .. } => {}
        OwnKind::Policy { .. } | OwnKind::List => return,
    }
    let Some(roles) = scene.choose(&sets, 0).filter(|_| names_one) else {
        return;
    };
    let mut values = stage.values.clone();
    values.insert(param, planted.other.clone());
    let sent = stage
        .request_with(scene.plan, &values)
        .by(scene.token(operation, &roles));
    let expect = scene
        .refused(404)
        .code("not_found")
        .event("authz.object_denied", None);
    let name = format!("{part_of} below a {parent} that it is not part of");
    if scene.policies_admit(stage, &sent, Which::Own) {
        scene.add("wrong-parent", name, sent, Expect { ..expect });
    }
}

fn names<'a>(scene: &Scene<'a>, part: &Ownership, whole: &Ownership) -> Option<(&'a str, &'a str)> {
    let name = |own: &Ownership| {
        let resource = scene.plan.resources.get(own.resource);
        resource.map(|resource| resource.name.as_str())
    };
    Some((name(part)?, name(whole)?))
}
