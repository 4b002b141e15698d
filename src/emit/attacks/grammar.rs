//! Bodies that do not parse, do not fit, or are not what they are said to be (P52, P57, P58, P64 to P66, P71).

use super::body::takes_lists;
use super::case::{Body, Expect, Field, Request, Sent, Violation};
use super::sample::Step;
use super::sample::pointer;
use super::scene::Scene;
use super::stage::{Stage, encode};
use super::{form, octets, parts, plain};
use crate::plan::{Media, ReplyBody, Union, ValueKind};
use serde_json::json;

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let answers = format!("{} {}", answers_json(stage), plain::answers(stage));
    scene.family(stage, "accept", &answers, |scene| {
        accept(scene, stage);
        plain::accept(scene, stage);
    });
    let Some(body) = &stage.body else {
        return scene.family(stage, "bodiless", "", |scene| unwanted_body(scene, stage));
    };
    let operation = stage.operation;
    let required = operation.body.as_ref().is_some_and(|body| body.required);
    let parts = operation.body.as_ref().map(|body| body.parts);
    let parts = parts.filter(|_| stage.ways() != [Media::Json]);
    // What is wrong with nothing but nesting stands elsewhere in a list.
    let list = body.is_array();
    // And where there are alternatives, none of them may be one; where anything may stand, a list may.
    let union = operation.body.as_ref();
    let union = union.and_then(|body| stage.maker.union(&body.value));
    let union = union.map(|union| (union.keyword(), takes_list(union)));
    let free = operation.body.as_ref();
    let free = free.is_some_and(|body| takes_lists(&body.value));
    let key = format!(
        "{required} {list} {free} {union:?} {:?} {parts:?}",
        stage.ways()
    );
    scene.family(stage, "grammar", &key, |scene| {
        for media in stage.ways() {
            let stage = &stage.written(*media);
            match media {
                Media::Json => {
                    syntax(scene, stage);
                    depth(scene, stage);
                }
                Media::Form => form_syntax(scene, stage),
                Media::Multipart => parts::syntax(scene, stage),
                Media::Text => plain::syntax(scene, stage),
                // Whatever they are, they are bytes.
                Media::Octets => {}
            }
            if required {
                nothing(scene, stage);
            }
        }
        media_type(scene, stage);
    });
    let key = format!(
        "{} {:?} {}",
        operation.body_bytes,
        stage.media(),
        is_filled(stage)
    );
    scene.family(stage, "size", &key, |scene| size(scene, stage));
    let key = scene.body_key(stage);
    scene.family(stage, "twice", &key, |scene| {
        for media in stage.ways() {
            let stage = &stage.written(*media);
            match media {
                Media::Json => twice(scene, stage, body),
                Media::Form => twice_in_form(scene, stage, body),
                Media::Multipart => parts::members(scene, stage),
                Media::Text => plain::spellings(scene, stage),
                Media::Octets => {}
            }
        }
    });
}

fn takes_list(union: &Union) -> bool {
    super::unions::case(union, &json!([])).is_some()
}

fn answers_json(stage: &Stage<'_>) -> bool {
    let mut replies = stage.operation.replies.iter();
    replies.any(|reply| matches!(reply.body, ReplyBody::Json(_)))
}

fn good(stage: &Stage<'_>, request: Request) -> Sent {
    request.by(stage.token.clone())
}

fn malformed(scene: &Scene<'_>) -> Expect {
    scene.refused(400)
}

fn unwanted_body(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let request = stage
        .request()
        .header("Content-Type", "application/json")
        .body("{}");
    let (sent, expect) = (good(stage, request), Expect::status(400));
    scene.add("unwanted-body", "an empty object", sent, expect);
}

/// What is not JSON, strictly (RFC 8259, ruling 97).
fn syntax(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    for (kind, name, body) in [
        ("syntax", "cut off", "{"),
        ("syntax", "a comma too many", "{\"a\":1,}"),
        ("syntax", "no comma", "{\"a\":1 \"b\":2}"),
        ("syntax", "single quotes", "{'a':1}"),
        ("syntax", "a bare word", "{a:1}"),
        ("syntax", "a comment", "{/**/}"),
        ("syntax", "two values", "{}{}"),
        ("syntax", "text behind", "{} x"),
        ("syntax", "a leading zero", "{\"a\":01}"),
        ("syntax", "a plus sign", "{\"a\":+1}"),
        ("syntax", "NaN", "{\"a\":NaN}"),
        ("syntax", "Infinity", "{\"a\":-Infinity}"),
        ("syntax", "a number out of range", "{\"a\":1e400}"),
        ("syntax", "a line feed in a string", "{\"a\":\"\n\"}"),
        ("syntax", "an unknown escape", "{\"a\":\"\\x41\"}"),
        ("syntax", "half a surrogate pair", "{\"a\":\"\\ud800\"}"),
        ("syntax", "NUL in a string", "{\"a\":\"\\u0000\"}"),
        ("syntax", "NUL in a name", "{\"a\\u0000\":1}"),
        ("syntax", "a byte order mark", "\u{feff}{}"),
    ] {
        let sent = good(stage, stage.request().body(body));
        let expect = malformed(scene);
        scene.add(kind, name, sent, expect);
    }
    // Latin-1, an overlong slash, a surrogate half as bytes.
    for (name, hex) in [
        ("Latin-1", "7b2261223a22e9227d"),
        ("overlong UTF-8", "7b2261223a22c0af227d"),
        ("a surrogate as bytes", "7b2261223a22eda080227d"),
    ] {
        let mut request = stage.request();
        request.body = Some(Body::Hex(hex));
        let (sent, expect) = (good(stage, request), malformed(scene));
        scene.add("syntax", name, sent, expect);
    }
}

/// A body that is required and is not there.
fn nothing(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let mut nothing = stage.request();
    nothing.body = None;
    let none_at_all = nothing.clone().replace("Content-Type", None);
    for (name, request) in [
        ("no byte", nothing.clone().body("")),
        ("none at all", none_at_all),
        ("blanks", nothing.body(" \n")),
    ] {
        // They are a text or bytes, and judged as such.
        if name == "blanks" && matches!(stage.media(), Media::Text | Media::Octets) {
            continue;
        }
        let (sent, expect) = (good(stage, request), malformed(scene));
        scene.add("empty-body", name, sent, expect);
    }
}

/// What is no form, strictly: escapes that are none, bytes that are no text.
fn form_syntax(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    for (name, body) in [
        ("form: half an escape", "palisadeUnknown=%4"),
        ("form: an escape of nothing", "palisadeUnknown=%"),
        ("form: no hexadecimal digit", "palisadeUnknown=%zz"),
        ("form: a bad escape in a name", "palisade%zz=a"),
        ("form: Latin-1", "palisadeUnknown=%E9"),
        ("form: overlong UTF-8", "palisadeUnknown=%C0%AF"),
        ("form: a surrogate", "palisadeUnknown=%ED%A0%80"),
        ("form: NUL", "palisadeUnknown=%00"),
        ("form: NUL in a name", "palisadeUnknown%00=a"),
        ("form: a bare NUL", "palisadeUnknown=\0"),
        ("form: a bare line end", "palisadeUnknown=a\r\n"),
        ("form: an object of JSON", "{\"palisadeUnknown\":\"\n\"}"),
    ] {
        let sent = good(stage, stage.request().body(body));
        let expect = malformed(scene);
        scene.add("syntax", name, sent, expect);
    }
    let mut request = stage.request();
    request.body = Some(Body::Hex("70616c69736164653de9"));
    let (sent, expect) = (good(stage, request), malformed(scene));
    scene.add("syntax", "form: a byte that is no text", sent, expect);
    pairs(scene, stage);
}

/// More pairs than all members can be (P71).
fn pairs(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let Some(most) = stage.operation.body.as_ref().map(|body| body.parts) else {
        return;
    };
    let (name, unit) = (format!("form: {} pairs, too many", most + 1), "a&");
    let length = most.saturating_add(1).saturating_mul(unit.len() as u64);
    if length > stage.operation.body_bytes {
        return scene.skip("oversize", name, "so many do not fit into the body's limit");
    }
    let mut request = stage.request();
    request.body = Some(Body::Runs(vec![(unit.to_owned(), most + 1)]));
    let (sent, expect) = (good(stage, request), scene.refused(413));
    scene.add("oversize", name, sent, expect);
}

/// The same member again, plainly and in disguise (P52).
fn twice_in_form(scene: &mut Scene<'_>, stage: &Stage<'_>, body: &serde_json::Value) {
    let Some(id) = stage.operation.body.as_ref().and_then(|body| body.named()) else {
        return;
    };
    let Some(text) = form::text(&stage.maker, id, body) else {
        return;
    };
    let single = body.as_object().into_iter().flatten();
    let mut single = single.filter(|(_, value)| !value.is_array());
    let Some((name, value)) = single.next() else {
        return;
    };
    let mut value = value.to_string();
    if let Some(text) = single_text(&value) {
        value = text;
    }
    let (plain, value) = (encode(name), encode(&value));
    let disguised: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for (how, more) in [
        ("the same", format!("{plain}={value}")),
        ("another value", format!("{plain}=")),
        ("without a value", plain.clone()),
        ("escaped", format!("{disguised}={value}")),
    ] {
        let at = pointer(&[Step::Member(name.clone())]);
        let expect = malformed(scene).errors(vec![Violation::body(at, "duplicate")]);
        let sent = good(stage, stage.request().body(format!("{text}&{more}")));
        scene.add("duplicate", format!("form, {how}"), sent, expect);
    }
    let expect = malformed(scene).errors(vec![Violation::body("/palisadeUnknown", "duplicate")]);
    let unknown = format!("{text}&palisadeUnknown=1&palisadeUnknown=2");
    let sent = good(stage, stage.request().body(unknown));
    scene.add("duplicate", "form, a member that is unknown", sent, expect);
}

/// The text that a JSON string holds.
fn single_text(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// The same member again, plainly and in disguise (P52).
fn twice(scene: &mut Scene<'_>, stage: &Stage<'_>, body: &serde_json::Value) {
    let text = body.to_string();
    let Some((name, value)) = body.as_object().and_then(|members| members.iter().next()) else {
        return;
    };
    let Some(open) = text.strip_suffix('}') else {
        return;
    };
    let escaped: String = name
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    let quoted = serde_json::Value::from(name.as_str());
    for (how, body) in [
        ("the same", format!("{open},{quoted}:{value}}}")),
        ("another value", format!("{open},{quoted}:null}}")),
        ("escaped", format!("{open},\"{escaped}\":{value}}}")),
    ] {
        let at = pointer(&[Step::Member(name.clone())]);
        let expect = malformed(scene).errors(vec![Violation::body(at, "duplicate")]);
        let sent = good(stage, stage.request().body(body));
        scene.add("duplicate", format!("body, {how}"), sent, expect);
    }
    // In what no member names too: the grammar comes first.
    let expect = malformed(scene).errors(vec![Violation::body("/palisadeUnknown/a", "duplicate")]);
    let nested = format!("{open},\"palisadeUnknown\":{{\"a\":1,\"a\":2}}}}");
    let sent = good(stage, stage.request().body(nested));
    scene.add(
        "duplicate",
        "body, inside a member that is unknown",
        sent,
        expect,
    );
}

/// Nesting at the limit and beyond it, where it is a question of grammar only.
fn depth(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let most = usize::try_from(scene.plan.limits.json_depth).unwrap_or(32);
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let kind = stage.operation.body.as_ref().map(|body| &body.value);
    let body = stage.operation.body.as_ref();
    let union = body.and_then(|body| stage.maker.union(&body.value));
    let expect = match (&stage.body, union) {
        (_, Some(union)) if !takes_list(union) => {
            let none = Violation::body("", union.keyword());
            scene.invalid().errors(vec![none])
        }
        // Its first item is what is wrong.
        (Some(body), _) if body.is_array() || union.is_some() => {
            scene.invalid().errors(vec![Violation {
                code: None,
                ..Violation::body("/0", "type")
            }])
        }
        _ => scene.invalid().errors(vec![Violation::body("", "type")]),
    };
    // What may be any JSON may be this; there it is tried with the values.
    if !kind.is_some_and(takes_lists) {
        let sent = good(stage, stage.request().body(nested(most)));
        scene.add("depth", format!("{most} levels, parsed"), sent, expect);
    }
    for levels in [most + 1, 5000] {
        let (sent, expect) = (
            good(stage, stage.request().body(nested(levels))),
            malformed(scene),
        );
        scene.add("depth", format!("{levels} levels"), sent, expect);
    }
    let (sent, expect) = (
        good(stage, stage.request().body("[".repeat(5000))),
        malformed(scene),
    );
    scene.add("depth", "5000 brackets, none closed", sent, expect);
}

fn media_type(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let taken: Vec<&str> = stage.ways().iter().map(|media| media.name()).collect();
    let others = Media::ALL.into_iter();
    let others: Vec<Media> = others
        .filter(|media| !matches!(media, Media::Text | Media::Octets))
        .filter(|media| !stage.ways().contains(media))
        .collect();
    let untaken: Vec<&str> = others.iter().map(|media| media.name()).collect();
    let refused = scene
        .refused(415)
        .header("accept", Field::holds(&taken, &untaken));
    for (name, value) in [
        ("text", Some("text/plain")),
        ("XML", Some("application/xml")),
        ("another JSON", Some("application/vnd.palisade+json")),
        ("nothing said", None),
        ("no media type", Some("json")),
    ] {
        if value == Some("text/plain") && taken.contains(&"text/plain") {
            continue;
        }
        let sent = good(stage, stage.request().replace("Content-Type", value));
        scene.add("media-type", name, sent, refused.clone());
    }
    for media in others {
        let sent = good(
            stage,
            stage.written(media).request().body("palisadeUnknown=a"),
        );
        let name = format!("written as {}", form::word(media));
        scene.add("media-type", name, sent, refused.clone());
    }
    for media in stage.ways() {
        let stage = stage.written(*media);
        let name = media.name();
        let ends = match media {
            Media::Multipart => parts::NO_BOUNDARY,
            Media::Octets => octets::SAID,
            _ => &[
                "; charset=latin1",
                "; charset=utf-8; a=b",
                ";",
                "x",
                ", text/plain",
            ],
        };
        for end in ends {
            let value = format!("{name}{end}");
            let mut sent = stage.request().replace("Content-Type", Some(&value));
            if !stage.is_said() {
                // Whatever it says: nobody comes to read it.
                sent = sent.body("palisadeUnknown=a");
            }
            scene.add("media-type", value, good(&stage, sent), refused.clone());
        }
    }
    for name in ["gzip", "br", "deflate"] {
        let sent = good(stage, stage.request().header("Content-Encoding", name));
        scene.add(
            "media-type",
            format!("encoded with {name}"),
            sent,
            Expect::status(415),
        );
    }
    for media in stage.ways() {
        let stage = stage.written(*media);
        if !stage.is_said() {
            continue;
        }
        let name = media.name();
        let parameter = match media {
            Media::Multipart => ("; boundary=palisade", ";BOUNDARY=\"palisade\""),
            Media::Octets => ("", ""),
            _ => ("; charset=utf-8", ";charset=\"UTF-8\""),
        };
        for value in [
            format!("{name}{}", parameter.0),
            format!("{}{}", name.to_ascii_uppercase(), parameter.1),
        ] {
            let sent = stage.request().replace("Content-Type", Some(&value));
            let (sent, expect) = (good(&stage, sent), scene.reached());
            scene.add("media-type", value, sent, expect);
        }
    }
}

/// What the caller would take (P66, ruling 36).
fn accept(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    // Where a text is taken too, the cases are others.
    if !answers_json(stage) || plain::answers(stage) {
        return;
    }
    for value in ["text/html", "application/json;q=0", "image/*"] {
        let sent = good(stage, stage.request().header("Accept", value));
        let expect = scene.refused(406);
        scene.add("not-acceptable", value, sent, expect);
    }
    for value in [
        "*/*",
        "application/*",
        "text/html, application/json;q=0.1",
        "application/problem+json, application/json;q=0.1",
    ] {
        let sent = good(stage, stage.request().header("Accept", value));
        let expect = scene.reached();
        scene.add("not-acceptable", value, sent, expect);
    }
}

fn size(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    let limit = operation.body_bytes;
    let too_large = || Expect::status(413).event("limit.exceeded", None);
    let padded = |to: u64, chunked: bool| {
        let mut request = stage.request();
        (request.pad, request.chunked) = (Some(to), chunked);
        request
    };
    let declared = |length: u64| {
        let mut request = stage.request();
        (request.body, request.declare) = (None, Some(length));
        request
    };
    let cases = vec![
        (
            format!("{limit} bytes"),
            padded(limit, false),
            scene.reached(),
        ),
        (
            format!("{limit} bytes in chunks"),
            padded(limit, true),
            scene.reached(),
        ),
        (
            format!("{} bytes", limit + 1),
            padded(limit + 1, false),
            too_large(),
        ),
        (
            format!("{} bytes in chunks", limit + 1),
            padded(limit + 1, true),
            too_large(),
        ),
        (
            "declared and not sent".to_owned(),
            declared(limit + 1),
            too_large(),
        ),
        (
            "declared beyond measure".to_owned(),
            declared(u64::MAX / 4),
            too_large(),
        ),
        (
            "declared and to be continued".to_owned(),
            declared(limit + 1).header("Expect", "100-continue"),
            too_large(),
        ),
        // Several faults: the length comes first (ruling 94).
        (
            "also when it is no JSON".to_owned(),
            declared(limit + 1).replace("Content-Type", Some("text/plain")),
            too_large(),
        ),
    ];
    for (name, request, expect) in cases {
        if !is_filled(stage) && expect.status == [super::case::REACHED] {
            continue;
        }
        let sent = good(stage, request);
        scene.add("oversize", name, sent, expect);
    }
}

/// Whether a body is still the same when it is filled up to the limit. Parts and texts are not: nothing may stand before them
/// and behind them.
fn is_filled(stage: &Stage<'_>) -> bool {
    let body = stage.operation.body.as_ref();
    match (stage.media(), body.map(|body| &body.value)) {
        (Media::Octets, Some(ValueKind::File(file))) => file.max >= stage.operation.body_bytes,
        (Media::Multipart | Media::Text | Media::Octets, _) => false,
        (Media::Json | Media::Form, _) => true,
    }
}
