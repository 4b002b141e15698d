//! Members of an object that nobody named, where the document lets them in (P51, P52; ruling 39).

use super::body;
use super::case::{LEXEME, Violation};
use super::field::Field;
use super::sample::{LARGEST, NAME, Step, pointer};
use super::scene::Scene;
use crate::plan::{Object, Rest, ValueKind};
use serde_json::json;

/// Members that nobody named.
pub(super) fn attack(
    scene: &mut Scene<'_>,
    field: &Field<'_, '_>,
    object: &Object,
    rest: &Rest,
    path: &[Step],
    depth: usize,
) {
    let (here, maker) = (pointer(path), &field.stage.maker);
    let inside = |name: &str| [path, &[Step::Member(name.to_owned())]].concat();
    // In the plainest object there is room for one more.
    let plainest = maker.plainest(object).len() as u64;
    if object.max_properties.is_some_and(|most| most <= plainest) {
        return;
    }
    let mut own = Field {
        stage: field.stage,
        kind: field.kind.clone(),
        sets: field.sets.clone(),
        cases: field.cases.clone(),
        room: field.room,
    };
    for name in [format!("{NAME}0"), "__proto__".to_owned(), String::new()] {
        if object.members.iter().any(|member| member.name == name) {
            continue;
        }
        let sent = field.with(scene, &inside(&name), maker.sample(&rest.value, depth));
        let reached = scene.reached();
        let name = format!("{}{here}: {name:?}, which nobody named", field.called());
        field.add(scene, "unknown", name, sent, reached);
    }
    let again = match *rest.value {
        ValueKind::Text(_) => r#""aaaa","palisade0":"aaaa""#,
        ValueKind::Boolean => r#"true,"palisade0":true"#,
        _ => r#"1,"palisade0":1"#,
    };
    let first = inside("palisade0");
    let sent = field.with(scene, &first, Some(json!(LEXEME)));
    let sent = sent.map(|mut sent| {
        sent.request.lexeme = Some(again.into());
        sent
    });
    let refused = scene.refused(400);
    let name = format!(
        "{}{here}: a member that nobody named, twice",
        field.called()
    );
    field.add(scene, "duplicate", name, sent, refused);
    let path = inside(&format!("{NAME}0"));
    body::value(
        scene,
        &mut own,
        &rest.value,
        rest.nullable,
        &path,
        depth + 1,
        false,
    );
    // So many of them that all together are too many.
    let room = usize::try_from(field.room).unwrap_or(usize::MAX);
    let of = |scene: &Scene<'_>, count: u64| {
        let count = usize::try_from(count)
            .ok()
            .filter(|count| *count <= LARGEST)?;
        let mut made = maker.object_of(&maker.plainest(object), depth)?;
        let sample = maker.sample(&rest.value, depth)?;
        let members = made.as_object_mut()?;
        for at in 0..count.saturating_sub(members.len()) {
            members.insert(format!("{NAME}{at}"), sample.clone());
        }
        (made.to_string().len() <= room).then_some(())?;
        let (_, object) = path.split_last()?;
        field.with(scene, object, Some(made))
    };
    if let Some(most) = object.max_properties {
        let code = "maxProperties";
        let many = scene
            .invalid()
            .errors(vec![Violation::body(here.as_str(), code)]);
        let name = format!("{}{here}: {} members of any name", field.called(), most + 1);
        field.add(scene, code, name, of(scene, most + 1), many);
        let reached = scene.reached();
        let name = format!("{}{here}: {most} members of any name", field.called());
        field.add(scene, code, name, of(scene, most), reached);
    }
}
