//! Values for what may be any JSON: every kind of them, and what is too long, given twice or out of range deep inside.

use super::field::Field;
use super::sample::{NAME, Step, pointer};
use super::scene::Scene;
use super::values::Tries;
use crate::plan::{Free, Media, ValueKind};
use serde_json::{Map, Value, json};

/// The longest string, list and object that is made.
const LONGEST: u64 = 1 << 16;

pub fn tries(rule: &Free, room: u64, tries: &mut Tries) {
    for (name, value) in [
        ("null", json!(null)),
        ("a boolean", json!(false)),
        ("a string", json!("")),
        ("a number", json!(-1)),
        ("an array", json!([])),
        ("an object", json!({})),
    ] {
        tries.good("type", format!("any JSON: {name}"), value);
    }
    // Exactly, whatever a double makes of it.
    tries.lexeme("type", "12345678901234567890123.5e-1", &[]);
    if rule.array == 0 || rule.object == 0 {
        return;
    }
    let deep = |value: Value| json!([{ (NAME): value }]);
    let at = format!("/0/{NAME}");
    let text = |count: u64| Some(json!("\u{1f600}".repeat(usize::try_from(count).ok()?)));
    let list = |count: u64| Some(vec![json!(1); usize::try_from(count).ok()?].into());
    let object = |count: u64| {
        let names = (0..count).map(|at| (format!("{NAME}{at}"), json!(1)));
        Some(names.collect::<Map<String, Value>>().into())
    };
    let made: [(_, _, _, &dyn Fn(u64) -> Option<Value>); 3] = [
        ("maxLength", "a string", rule.string, &text),
        ("maxItems", "an array", rule.array, &list),
        ("maxProperties", "an object", rule.object, &object),
    ];
    for (kind, what, most, make) in made {
        let fits = |count: u64| {
            let made = Some(count).filter(|count| *count <= LONGEST);
            let made = deep(made.and_then(make)?);
            (made.to_string().len() as u64 <= room).then_some(made)
        };
        match (fits(most), most.checked_add(1).and_then(fits)) {
            (Some(good), Some(bad)) => {
                tries.good(kind, format!("{what} inside, {most}, the most"), good);
                let name = format!("{what} inside, {}, too many", most + 1);
                tries.inside(kind, name, bad, (&at, kind));
            }
            _ => tries.failed(kind),
        }
    }
    for (kind, name, text) in [
        (
            "duplicate",
            "a member twice, deep inside",
            r#"[{"a":[{"b":1,"b":2}]}]"#,
        ),
        (
            "duplicate",
            "a member twice in disguise",
            r#"[{"a":[{"b":1,"\u0062":1}]}]"#,
        ),
        (
            "syntax",
            "a number out of range, deep inside",
            r#"[{"a":[1e400]}]"#,
        ),
        (
            "syntax",
            "half a surrogate pair, deep inside",
            r#"[{"a":["\ud800"]}]"#,
        ),
        (
            "syntax",
            "NUL in a name, deep inside",
            r#"[{"a":[{"\u0000":1}]}]"#,
        ),
        ("syntax", "a leading zero, deep inside", r#"[{"a":[01]}]"#),
    ] {
        tries.malformed(kind, name, text);
    }
}

/// Nesting at the limit and beyond it: here it is no question of grammar only.
pub fn depth(scene: &mut Scene<'_>, field: &Field<'_, '_>, kind: &ValueKind, path: &[Step]) {
    if !matches!(kind, ValueKind::Json(_)) || field.stage.media() != Media::Json {
        return;
    }
    let most = usize::try_from(scene.plan.limits.json_depth).unwrap_or_default();
    let here = pointer(path);
    // Each step leads into one container.
    let Some(left) = most.checked_sub(path.len()) else {
        return;
    };
    let nested = |levels: usize| {
        (0..levels).fold(None, |inner: Option<Value>, _| {
            Some(Value::Array(inner.into_iter().collect()))
        })
    };
    for levels in [left, left + 1] {
        let expect = match levels > left {
            true => scene.refused(400),
            false => scene.reached(),
        };
        let sent = nested(levels).and_then(|value| field.with(scene, path, Some(value)));
        let name = format!("{}{here}: {levels} levels inside", field.called());
        field.add(scene, "depth", name, sent, expect);
    }
}
