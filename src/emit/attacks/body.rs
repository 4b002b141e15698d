//! Bodies that are not what the document describes (P44, P51, P52, P54 to P60).

use super::case::{Expect, LEXEME, Violation};
use super::field::{Field, forbidden};
use super::sample::{DEEPEST, Step, pointer};
use super::scene::Scene;
use super::signature;
use super::stage::Stage;
use super::values::{self, tries};
use super::{counts, octets, others};
use crate::plan::{self, Count, Media, Member, Object, TypeId, ValueKind, Write};
use serde_json::{Value, json};

/// Names of members that other services have and this object has not.
const UNKNOWN: &[&str] = &["palisadeUnknown", "isAdmin", "ownerId", "__proto__"];

pub fn attack(scene: &mut Scene<'_>, plainest: &Stage<'_>) {
    for media in plainest.ways() {
        written(scene, plainest, *media);
    }
}

/// What is asked of a body is asked of it however it is written.
fn written(scene: &mut Scene<'_>, plainest: &Stage<'_>, media: Media) {
    let stage = &plainest.written(media);
    let Some(body) = &stage.operation.body else {
        return;
    };
    let room = stage.operation.body_bytes.saturating_sub(1024);
    let key = format!(
        "{media:?} {} {room} {}",
        scene.body_key(stage),
        scene.caller_key(stage)
    );
    let mut field = Field {
        stage,
        kind: body.value.clone(),
        sets: Vec::new(),
        cases: Vec::new(),
        room,
    };
    let found = body
        .named()
        .and_then(|id| Some((id, stage.maker.object(id)?)));
    let Some((id, object)) = found else {
        // No object: one value, with what is inside it.
        return scene.family(plainest, "body", &key, |scene| {
            value(scene, &mut field, &body.value, false, &[], 0, false);
        });
    };
    scene.family(plainest, "body", &key, |scene| {
        if media == Media::Json {
            root(scene, &field, id);
        }
        whole(scene, &field, id, &[], 0);
    });
    for each in &object.members {
        let key = member_key(scene, &field, object, each);
        let path = [Step::Member(each.name.clone())];
        let key = format!("{media:?} {:?} {key}", plainest.media());
        scene.family(plainest, "member", &key, |scene| {
            member(scene, &mut field, object, each, &path, 0);
        });
    }
}

/// Bodies have members in common where the same is asked of them, whatever stands beside them.
fn member_key(scene: &Scene<'_>, field: &Field<'_, '_>, of: &Object, member: &Member) -> String {
    let stage = field.stage;
    let plainest = stage.body.as_ref();
    format!(
        "{:?} {} {:?} {} {} {} {} {} {} {} {} {:?} {:?} {}",
        member.name,
        signature::kind(scene.plan, &scene.signatures, &member.value),
        member.write,
        member.required_in_request,
        member.nullable,
        plainest.is_some_and(|body| body.get(&member.name).is_some()),
        of.min_properties > 0,
        of.max_properties.is_some(),
        stage.maker.creating,
        field.room,
        scene.caller_key(stage),
        // Whose ids they are, and whether another operation proves them otherwise.
        stage.operation.ids,
        // What stands beside it matters to rules, and to policies that read the body.
        of.rules.iter().map(|rule| &rule.text).collect::<Vec<_>>(),
        scene.read_by_policies(stage)
    )
}

/// Other JSON than an object, several faults at once.
fn root(scene: &mut Scene<'_>, field: &Field<'_, '_>, id: TypeId) {
    for value in ["[]", "[{}]", "null", "\"text\"", "1", "true"] {
        let expect = scene.invalid().errors(vec![Violation::body("", "type")]);
        field.add(
            scene,
            "type",
            format!("body: {value} for an object"),
            field.sent(scene, value.to_owned()),
            expect,
        );
    }
    // The fields of an object in the order in which it has them: a list is none, whatever serde takes it for.
    if let Some(Value::Object(members)) = field.stage.body.as_deref() {
        let list = Value::from(members.values().cloned().collect::<Vec<_>>()).to_string();
        let expect = scene.invalid().errors(vec![Violation::body("", "type")]);
        field.add(
            scene,
            "type",
            "body: its values as an array".into(),
            field.sent(scene, list),
            expect,
        );
    }
    let Some(object) = field.stage.maker.object(id) else {
        return;
    };
    let mut body = serde_json::Map::new();
    let mut errors = Vec::new();
    for member in object
        .members
        .iter()
        .filter(|member| matches!(member.write, Write::Anyone))
        // To what may be anything, nothing is wrong.
        .filter(|member| !takes_lists(&member.value))
        .take(10)
    {
        body.insert(member.name.clone(), json!([[]]));
        let code = Some("type")
            .filter(|_| !matches!(member.value, ValueKind::Named(_) | ValueKind::List(_)));
        let at = pointer(&[Step::Member(member.name.clone())]);
        // For an array of arrays the item is what is wrong.
        let union = field.stage.maker.union(&member.value);
        let listed = |case: &plan::Case| matches!(case.value, ValueKind::List(_));
        let at = if matches!(member.value, ValueKind::List(_))
            || union.is_some_and(|union| union.cases.iter().any(listed))
        {
            format!("{at}/0")
        } else {
            at
        };
        errors.push(Violation {
            place: "body",
            pointer: at,
            code: code.map(Into::into),
        });
    }
    if object.rest.is_none() {
        body.insert("palisadeUnknown".into(), json!("PALISADE-CANARY"));
        errors.push(Violation::body("/palisadeUnknown", "unknown"));
    }
    let expect = Expect {
        more: true,
        never: Some("PALISADE-CANARY"),
        ..scene.invalid().errors(errors)
    };
    field.add(
        scene,
        "several",
        "every member wrong, all are named".into(),
        field.sent(scene, Value::Object(body).to_string()),
        expect,
    );
}

/// Whether an array of arrays is admitted.
pub fn takes_lists(kind: &ValueKind) -> bool {
    match kind {
        ValueKind::Json(_) => true,
        ValueKind::List(list) => matches!(*list.items, ValueKind::Json(_)),
        _ => false,
    }
}

fn object(
    scene: &mut Scene<'_>,
    field: &mut Field<'_, '_>,
    id: TypeId,
    path: &[Step],
    depth: usize,
) {
    whole(scene, field, id, path, depth);
    let Some(object) = field.stage.maker.object(id).filter(|_| depth < DEEPEST) else {
        return;
    };
    for each in &object.members {
        let path = [path, &[Step::Member(each.name.clone())]].concat();
        let Some(left) = scene.nested.checked_sub(1) else {
            let name = format!("body{}", pointer(&path));
            return scene.skip(
                "type",
                name,
                "the document nests more values than are tried",
            );
        };
        scene.nested = left;
        member(scene, field, object, each, &path, depth);
    }
}

/// Of an object as a whole: what it does not have, and how many.
fn whole(scene: &mut Scene<'_>, field: &Field<'_, '_>, id: TypeId, path: &[Step], depth: usize) {
    let Some(object) = field.stage.maker.object(id).filter(|_| depth < DEEPEST) else {
        return;
    };
    let here = pointer(path);
    let inside = |name: &str| [path, &[Step::Member(name.to_owned())]].concat();
    for name in UNKNOWN
        .iter()
        .filter(|name| object.members.iter().all(|member| member.name != **name))
        .filter(|_| object.rest.is_none())
    {
        let sent = field.with(scene, &inside(name), Some(json!("PALISADE-CANARY")));
        let expect = scene
            .invalid()
            .errors(vec![Violation::body(pointer(&inside(name)), "unknown")]);
        // One member more may be one too many besides.
        let expect = Expect {
            never: Some("PALISADE-CANARY"),
            more: object.max_properties.is_some(),
            ..expect
        };
        field.add(
            scene,
            "unknown",
            format!("{}{here}: {name}", field.called()),
            sent,
            expect,
        );
    }
    counts::attack(scene, field, object, path, depth);
    if let Some(rest) = &object.rest {
        others::attack(scene, field, object, rest, path, depth);
    }
    super::rules::attack(scene, field, id, path, depth);
}

fn member(
    scene: &mut Scene<'_>,
    field: &mut Field<'_, '_>,
    of: &Object,
    member: &Member,
    path: &[Step],
    depth: usize,
) {
    let operation = field.stage.operation;
    let here = pointer(path);
    let maker = field.stage.maker;
    if !maker.sendable(member) {
        let sent = field.with(scene, path, maker.sample(&member.value, depth));
        let expect = scene
            .invalid()
            .errors(vec![Violation::body(here.as_str(), "readOnly")]);
        let expect = Expect {
            more: of.max_properties.is_some(),
            ..expect
        };
        return field.add(
            scene,
            "readOnly",
            format!("{}{here}", field.called()),
            sent,
            expect,
        );
    }
    if member.required_in_request {
        let expect = scene
            .invalid()
            .errors(vec![Violation::body(here.as_str(), "required")]);
        // Without it there may be too few.
        let expect = Expect {
            more: of.min_properties > 0,
            ..expect
        };
        field.add(
            scene,
            "required",
            format!("{}{here}", field.called()),
            field.with(scene, path, None),
            expect,
        );
    }
    let sets = field.sets.clone();
    if let Write::Roles(roles) = member.write {
        forbidden(scene, field, member, path, roles);
        // Whoever has no token has no role: nothing of the member is ever let in.
        if scene.need(operation).is_none() {
            return;
        }
        field.sets.push(roles);
    }
    let alone = stands_alone(scene, field, member);
    value(
        scene,
        field,
        &member.value,
        member.nullable,
        path,
        depth,
        alone,
    );
    field.sets = sets;
}

/// A value, and what is inside it.
pub(super) fn value(
    scene: &mut Scene<'_>,
    field: &mut Field<'_, '_>,
    kind: &ValueKind,
    nullable: bool,
    path: &[Step],
    depth: usize,
    alone: bool,
) {
    if field.stage.maker.union(kind).is_some() {
        return super::unions::attack(scene, field, kind, nullable, path, depth);
    }
    let tries = match kind {
        ValueKind::File(file) if field.stage.media() == Media::Octets => {
            octets::tries(file, field.stage.operation.body_bytes)
        }
        kind => tries(&field.stage.maker, kind, nullable, field.room),
    };
    tried(scene, field, kind, tries, path, depth, alone);
}

/// What was made for one value, and what is inside it.
pub fn tried(
    scene: &mut Scene<'_>,
    field: &mut Field<'_, '_>,
    kind: &ValueKind,
    tries: values::Tries,
    path: &[Step],
    depth: usize,
    alone: bool,
) {
    let here = pointer(path);
    for each in tries.made {
        let sent = match &each.value {
            values::Sent::Json(value) => field.with(scene, path, Some(value.clone())),
            values::Sent::Lexeme(lexeme) => {
                let json = field.stage.media() == Media::Json;
                field
                    .with(scene, path, Some(json!(LEXEME)))
                    .filter(|_| json)
                    .map(|mut sent| {
                        sent.request.lexeme = Some(lexeme.clone());
                        sent
                    })
            }
        };
        let name = format!("{}{here}: {}", field.called(), each.name);
        let expect = if let Some(status) = each.status {
            scene.refused(status)
        } else if each.broken.is_empty()
            && alone
            && matches!(&each.value, values::Sent::Json(value) if !value.is_null())
        {
            // It is an id, and there is no such object.
            scene.refused(404).code("not_found")
        } else if each.broken.is_empty() {
            scene.reached()
        } else {
            let errors = each.broken.iter().map(|(below, code)| Violation {
                place: "body",
                pointer: format!("{here}{below}"),
                code: code.map(Into::into),
            });
            Expect {
                more: each.more,
                ..scene.invalid().errors(errors.collect())
            }
        };
        field.add(scene, each.kind, name, sent, expect);
    }
    for (kind, why) in tries.failed {
        scene.skip(kind, format!("{}{here}", field.called()), why);
    }
    super::files::longer(scene, field, kind, path);
    super::free::depth(scene, field, kind, path);
    if depth < DEEPEST {
        match kind {
            ValueKind::Named(id) => object(scene, field, *id, path, depth + 1),
            ValueKind::Map(map) if map.max > 0 => {
                // The first name of those that are made, so that it is never one too many.
                let first = field.stage.maker.names(map, map.min.max(1));
                let first = first.and_then(|names| names.into_iter().next());
                if let Some(first) = first {
                    let path = [path, &[Step::Member(first)]].concat();
                    let nullable = map.values_nullable;
                    value(scene, field, &map.values, nullable, &path, depth + 1, false);
                } else {
                    let why = "no name was found that meets its rule";
                    scene.skip("propertyNames", format!("{}{here}", field.called()), why);
                }
            }
            ValueKind::List(list) if list.max > 0 => {
                let path = [path, &[Step::Item]].concat();
                value(
                    scene,
                    field,
                    &list.items,
                    list.items_nullable,
                    &path,
                    depth + 1,
                    alone,
                );
            }
            _ => {}
        }
    }
}

/// Whether the member is an id that is loaded by itself: then the probe knows none but those that are planted.
fn stands_alone(scene: &Scene<'_>, field: &Field<'_, '_>, member: &Member) -> bool {
    let ids = field.stage.operation.ids.iter();
    let mut alone = ids.filter(|id| id.count == Count::One);
    alone.any(|id| match id.steps.last() {
        Some(plan::Step::Member { object, member: at }) => {
            let shape = scene.plan.types.get(object.0).map(|each| &each.shape);
            matches!(shape, Some(plan::Shape::Object(object)) if object.members.get(*at).is_some_and(|each| each.place == member.place))
        }
        _ => false,
    })
}
