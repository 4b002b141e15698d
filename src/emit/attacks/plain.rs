//! Bodies and answers of plain text: what is none, and what spells no value (P54, P57, P66; ruling 100).

use super::case::{Body, Sent, Violation};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Media, ReplyBody, ValueKind};

fn good(stage: &Stage<'_>, body: Body) -> Sent {
    let mut request = stage.request();
    request.body = Some(body);
    request.by(stage.token.clone())
}

/// Bytes that are no text, and characters that a terminal obeys.
pub fn syntax(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    for (name, hex) in [
        ("text: Latin-1", "61e9"),
        ("text: overlong UTF-8", "61c0af"),
        ("text: a surrogate as bytes", "61eda080"),
        ("text: cut inside a character", "61e282"),
        ("text: NUL", "6100"),
        ("text: NUL alone", "00"),
        ("text: the last control", "611f"),
        ("text: an escape", "1b5b324a"),
        ("text: between tab and line feed, but no blank", "610b"),
        ("text: delete", "617f"),
    ] {
        let expect = scene.refused(400);
        scene.add("syntax", name, good(stage, Body::Hex(hex)), expect);
    }
}

/// What looks like a number or a word of JSON, and is none here.
pub fn spellings(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let kind = stage.operation.body.as_ref().map(|body| &body.value);
    let texts: &[&str] = match kind {
        Some(ValueKind::Integer(_)) => &[
            "01", "+1", "1.0", "1e1", " 1", "1 ", "1\n", "0x1", "-", "\"1\"", "1,0", "true",
        ],
        Some(ValueKind::Number(_)) => &[
            "01", "+1", "1.", ".5", "1e", " 1", "1 ", "1\n", "0x1", "-", "\"1\"", "1,0", "NaN",
            "Infinity", "true",
        ],
        Some(ValueKind::Boolean) => &[
            "True", "TRUE", "1", "0", " true", "true\n", "\"true\"", "on",
        ],
        _ => return,
    };
    if let Some(ValueKind::Number(_)) = kind {
        for text in ["1e400", "-1e400", "1e-400"] {
            let sent = good(stage, Body::Text(text.to_owned()));
            let expect = scene.refused(400);
            scene.add("type", format!("text: {text:?}"), sent, expect);
        }
    }
    for text in texts {
        let expect = scene.invalid().errors(vec![Violation::body("", "type")]);
        let sent = good(stage, Body::Text((*text).to_owned()));
        scene.add("type", format!("text: {text:?}"), sent, expect);
    }
}

/// Whether some answer is plain text.
pub fn answers(stage: &Stage<'_>) -> bool {
    let mut replies = stage.operation.replies.iter();
    replies.any(|reply| matches!(reply.body, ReplyBody::Text(_)))
}

/// What the caller would take of such an answer (P66, ruling 36).
pub fn accept(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    if !answers(stage) {
        return;
    }
    for (value, taken) in [
        ("text/html", false),
        ("image/*", false),
        ("text/plain;q=0, application/json;q=0", false),
        (Media::Text.name(), true),
        ("text/*", true),
        ("image/png, text/plain;q=0.1", true),
        ("text/plain; charset=utf-8", true),
        ("*/*", true),
    ] {
        let sent = stage.request().header("Accept", value);
        let sent = sent.by(stage.token.clone());
        let expect = match taken {
            true => scene.reached(),
            false => scene.refused(406),
        };
        scene.add("not-acceptable", value, sent, expect);
    }
}
