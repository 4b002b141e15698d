//! Forms of several parts: broken ones, and parts that are not what the member of their name is (P69, ruling 99).

use super::case::{Body, Expect, Sent, Violation};
use super::sample::{Step, pointer};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Member, ValueKind};
use serde_json::{Value, json};
use std::rc::Rc;

/// What may stand behind `multipart/form-data`, and is no boundary.
pub const NO_BOUNDARY: &[&str] = &[
    "",
    ";",
    "; boundary=",
    "; boundary=\"\"",
    "; boundary=palisade; boundary=b",
    "; boundary=palisade; charset=utf-8",
    "; boundary=\"palisade",
    "; boundary=\"palisade \"",
    "; boundary=\"pali\\sade\"",
    "; boundary*=palisade",
    "; boundary=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "x; boundary=palisade",
];

const NAMED: &str = "Content-Disposition: form-data; name=\"palisadeUnknown\"";

/// A form of one part with this head.
fn one(head: &str) -> String {
    format!("--palisade\r\n{head}\r\n\r\nv\r\n--palisade--\r\n")
}

/// A part behind its name.
fn part(name: &str, more: &str, content: &str) -> String {
    format!(
        "--palisade\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{content}\r\n"
    )
}

fn whole(parts: &[String]) -> String {
    format!("{}--palisade--\r\n", parts.concat())
}

fn add(
    scene: &mut Scene<'_>,
    stage: &Stage<'_>,
    kind: &'static str,
    name: &str,
    body: String,
    expect: Expect,
) {
    let sent = stage.request().body(body).by(stage.token.clone());
    scene.add(kind, name, sent, expect);
}

/// What two readers could take for different forms: 400, whatever its parts are called.
pub fn syntax(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let good = one(NAMED);
    let open = format!("--palisade\r\n{NAMED}\r\n");
    for (name, body) in [
        ("no end", format!("{open}\r\nv\r\n")),
        ("half an end", format!("{open}\r\nv\r\n--palisade-")),
        ("cut in a head", format!("--palisade\r\n{NAMED}")),
        (
            "no line between head and content",
            format!("{open}v\r\n--palisade--"),
        ),
        ("something before", format!("x\r\n{good}")),
        ("a line before", format!("\r\n{good}")),
        ("something behind", format!("{good}x")),
        ("a second form behind", format!("{good}{good}")),
        (
            "padding",
            good.replacen("--palisade\r\n", "--palisade \r\n", 1),
        ),
        (
            "a longer boundary",
            good.replacen("v\r\n", "v\r\n--palisades\r\n", 1),
        ),
        ("another boundary", good.replace("--palisade", "--b")),
        ("bare line feeds", good.replace("\r\n", "\n")),
        (
            "a boundary as content",
            format!("{open}\r\n--palisade\r\n--palisade--"),
        ),
        ("no disposition", one("Content-Type: text/plain")),
        (
            "an attachment",
            one("Content-Disposition: attachment; name=\"a\""),
        ),
        ("no name", one("Content-Disposition: form-data")),
        (
            "an empty name",
            one("Content-Disposition: form-data; name=\"\""),
        ),
        ("two names", one(&format!("{NAMED}; name=\"b\""))),
        (
            "two file names",
            one(&format!("{NAMED}; filename=\"a\"; filename=\"b\"")),
        ),
        (
            "a name in another charset",
            one(&format!("{NAMED}; filename=\"a\"; filename*=UTF-8''b")),
        ),
        (
            "an escaped quote",
            one("Content-Disposition: form-data; name=\"a\\\"; filename=\\\"b\""),
        ),
        ("a backslash", one(&format!("{NAMED}; filename=\"..\\a\""))),
        (
            "an open quote",
            one("Content-Disposition: form-data; name=\"a"),
        ),
        ("two dispositions", one(&format!("{NAMED}\r\n{NAMED}"))),
        (
            "two types",
            one(&format!(
                "{NAMED}\r\nContent-Type: a/b\r\nContent-Type: a/b"
            )),
        ),
        (
            "an encoding",
            one(&format!("{NAMED}\r\nContent-Transfer-Encoding: base64")),
        ),
        (
            "a folded field",
            one("Content-Disposition: form-data;\r\n name=\"a\""),
        ),
        (
            "NUL in a name",
            one("Content-Disposition: form-data; name=\"a\0\""),
        ),
        (
            "NUL in the name of a file",
            one(&format!("{NAMED}; filename=\"a\0\"")),
        ),
        (
            "a length that is wrong",
            one(&format!("{NAMED}\r\nContent-Length: 2")),
        ),
        (
            "a name of 4096 letters",
            one(&format!("{NAMED}; filename=\"{}\"", "x".repeat(4096))),
        ),
        ("JSON", "{}".to_owned()),
        ("a form of pairs", "a=b".to_owned()),
    ] {
        let expect = scene.refused(400);
        add(scene, stage, "parts", name, body, expect);
    }
    let Some(most) = stage.operation.body.as_ref().map(|body| body.parts) else {
        return;
    };
    let unit = part("palisadeUnknown", "", "");
    let length = most.saturating_add(1).saturating_mul(unit.len() as u64);
    if length > stage.operation.body_bytes.saturating_sub(64) {
        let why = "so many do not fit into the body's limit";
        return scene.skip("parts", "too many".to_owned(), why);
    }
    let mut request = stage.request();
    let end = "--palisade--\r\n".to_owned();
    request.body = Some(Body::Runs(vec![(unit, most + 1), (end, 1)]));
    let sent: Sent = request.by(stage.token.clone());
    let expect = scene.refused(413);
    scene.add(
        "parts",
        format!("{} parts, too many", most + 1),
        sent,
        expect,
    );
}

/// Parts of members, twice and of another type.
pub fn members(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let body = stage.operation.body.as_ref();
    let Some(object) = body.and_then(|body| stage.maker.object(body.named()?)) else {
        return;
    };
    let unknown = [
        part("palisadeUnknown", "", "1"),
        part("palisadeUnknown", "", "2"),
    ];
    let expect = scene
        .refused(400)
        .errors(vec![Violation::body("/palisadeUnknown", "duplicate")]);
    let name = "parts, a member that is unknown";
    add(scene, stage, "duplicate", name, whole(&unknown), expect);
    let plain = |name: &str| !name.contains(['"', '\\']) && !name.chars().any(char::is_control);
    let named = object.members.iter().filter(|member| plain(&member.name));
    let is_object = |member: &&Member| match &member.value {
        ValueKind::Named(id) => stage.maker.object(*id).is_some(),
        value => matches!(value, ValueKind::Map(_)),
    };
    let is_text = |member: &&Member| {
        !is_object(member) && !matches!(member.value, ValueKind::List(_) | ValueKind::File(_))
    };
    if let Some(member) = named.clone().find(is_text) {
        text(scene, stage, &member.name);
    }
    let is_file = |member: &&Member| matches!(member.value, ValueKind::File(_));
    let plain = stage.body.as_ref();
    let sent = |member: &&Member| plain.is_some_and(|plain| plain.get(&member.name).is_some());
    let sent = named.clone().filter(sent);
    let once = [sent.clone().find(is_text), sent.clone().find(is_file)];
    for member in once.into_iter().flatten() {
        twice(scene, stage, &member.name);
    }
    if let Some(member) = named.clone().find(is_object) {
        inner(scene, stage, &member.name);
    }
}

/// The member twice in a form that is good without the second.
fn twice(scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str) {
    let Some(plain) = stage.body.as_ref() else {
        return;
    };
    let Some(value) = plain.get(name) else {
        return;
    };
    let mut body = Value::clone(plain);
    if let Some(members) = body.as_object_mut() {
        // The runner writes a part for each item.
        members.insert(name.to_owned(), json!([value, value]));
    }
    let at = pointer(&[Step::Member(name.to_owned())]);
    let expect = scene
        .refused(400)
        .errors(vec![Violation::body(&at, "duplicate")]);
    let sent = stage.request().json(Rc::new(body)).by(stage.token.clone());
    let called = format!("parts, a whole form and once more {at}");
    scene.add("duplicate", called, sent, expect);
}

fn text(scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str) {
    let at = pointer(&[Step::Member(name.to_owned())]);
    let twice = [part(name, "", "1"), part(name, "", "1")];
    let expect = scene
        .refused(400)
        .errors(vec![Violation::body(at, "duplicate")]);
    add(
        scene,
        stage,
        "duplicate",
        "parts, the same",
        whole(&twice),
        expect,
    );
    for (why, more) in [
        ("a file for a text", "; filename=\"a\""),
        ("JSON for a text", "\r\nContent-Type: application/json"),
        ("a page for a text", "\r\nContent-Type: text/html"),
        (
            "a text in another charset",
            "\r\nContent-Type: text/plain; charset=latin1",
        ),
    ] {
        let expect = scene.refused(415);
        let body = whole(&[part(name, more, "1")]);
        add(scene, stage, "parts", why, body, expect);
    }
    let expect = scene.refused(400);
    let body = whole(&[part(name, "", "\0")]);
    add(scene, stage, "parts", "NUL for a text", body, expect);
}

/// An object is a part of JSON, whole by itself.
fn inner(scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str) {
    let json = "\r\nContent-Type: application/json";
    for (why, more) in [
        ("an object that says of no type", ""),
        ("an object as text", "\r\nContent-Type: text/plain"),
        (
            "an object as another JSON",
            "\r\nContent-Type: application/vnd.palisade+json",
        ),
        (
            "an object as a file",
            "; filename=\"a\"\r\nContent-Type: application/json",
        ),
    ] {
        let expect = scene.refused(415);
        let body = whole(&[part(name, more, "{}")]);
        add(scene, stage, "parts", why, body, expect);
    }
    for (why, content, code) in [
        ("an object and more", "{},\"palisadeUnknown\":{}", "syntax"),
        ("an object that is cut", "{", "syntax"),
        ("nothing for an object", "", "syntax"),
        ("NUL in an object", "{\"a\":\"\\u0000\"}", "control"),
    ] {
        let at = pointer(&[Step::Member(name.to_owned())]);
        let expect = scene.refused(400).errors(vec![Violation::body(at, code)]);
        let body = whole(&[part(name, json, content)]);
        add(scene, stage, "parts", why, body, expect);
    }
}
