//! Forged, borrowed and outlived tokens (P1 to P24).

use super::case::{Expect, Key};
use super::edges;
use super::forgeries::{Spoilt, admitted, expire, spoilt};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Access, Scheme};
use serde_json::{Map, Value};
use std::rc::Rc;

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    match &stage.operation.access {
        Access::Public { .. } => {
            return scene.family(stage, "public", "", |scene| public(scene, stage));
        }
        Access::Caller(_) => {}
        // What is presented there is looked at: by the attacks on schemes.
        Access::Optional(_) | Access::Denied { .. } => return,
    }
    let scheme = stage.token.as_ref().and_then(|token| token.scheme);
    let Some(scheme) = scheme.and_then(|at| scene.plan.schemes.get(at)) else {
        return;
    };
    let key = scene.caller_key(stage);
    scene.family(stage, "tokens", &key, |scene| forge(scene, stage, scheme));
}

fn forge(scene: &mut Scene<'_>, stage: &Stage<'_>, scheme: &Scheme) {
    let request = stage.request();
    let Some(good) = stage.token.clone() else {
        return;
    };

    let missing = || {
        let expect = scene
            .refused(401)
            .code("missing")
            .event("auth.failure", Some("missing"))
            .header(
                "www-authenticate",
                scene.challenge(stage.operation, &[], &["error="]),
            );
        scene.outcome("no credentials", expect)
    };
    let invalid = || {
        let expect = scene.refused(401).code("invalid_token").header(
            "www-authenticate",
            scene.challenge(
                stage.operation,
                &["error=\"invalid_token\""],
                &["error_description"],
            ),
        );
        scene.outcome("no valid token", expect)
    };
    // What is needed beside the token is there.
    let rest = (!good.keys.is_empty()).then(|| {
        let mut rest = good.clone();
        Rc::make_mut(&mut rest).scheme = None;
        rest
    });
    let mut cases = vec![
        (
            "no-token",
            "nothing presented".to_owned(),
            request.clone().by(None),
            missing(),
        ),
        (
            "no-token",
            "token in the query".to_owned(),
            request
                .clone()
                .query("access_token=eyJhbGciOiJub25lIn0.e30.")
                .by(None),
            missing(),
        ),
        (
            "no-token",
            "another scheme".to_owned(),
            request
                .clone()
                .header("Authorization", "Basic Y2FsbGVyOnNlY3JldA==")
                .by(None),
            // Whether another scheme is nothing, or something invalid, is left open.
            scene.refused(401).header(
                "www-authenticate",
                scene.challenge(stage.operation, &[], &[]),
            ),
        ),
        (
            "two-tokens",
            "two Authorization fields".to_owned(),
            request
                .clone()
                .header("Authorization", "Bearer e30.e30.e30")
                .by(Some(good.clone())),
            Expect::status(400),
        ),
        (
            "malformed-token",
            "no token at all".to_owned(),
            request
                .clone()
                .header("Authorization", "Bearer nonsense")
                .by(rest.clone()),
            invalid().event("auth.failure", Some("malformed")),
        ),
        (
            "malformed-token",
            "JSON serialization".to_owned(),
            request
                .clone()
                .header(
                    "Authorization",
                    "Bearer {\"payload\":\"e30\",\"signatures\":[]}",
                )
                .by(rest.clone()),
            invalid().event("auth.failure", Some("malformed")),
        ),
        (
            "malformed-token",
            "larger than the limit".to_owned(),
            request
                .clone()
                .header(
                    "Authorization",
                    &format!(
                        "Bearer {}",
                        "a".repeat(usize::try_from(scheme.max_bytes).unwrap_or(8192) + 1)
                    ),
                )
                .by(rest.clone()),
            invalid().event("auth.failure", None),
        ),
    ];
    // Of two schemes, either may be the one that says why.
    let alone = scene.plan.schemes.len() == 1;
    let spoilt = spoilt(scheme).into_iter().chain(edges::spoilt(scheme));
    for Spoilt(kind, name, reason, change) in spoilt {
        let mut token = good.clone();
        change(Rc::make_mut(&mut token));
        // Every cause must look the same from outside (P2): held against a plain forgery, the forgery against an old one.
        let mut other = good.clone();
        if kind == "wrong-signature" {
            expire(Rc::make_mut(&mut other), scheme);
        } else {
            Rc::make_mut(&mut other).key = Key::Other;
        }
        let expect = invalid()
            .event("auth.failure", reason.filter(|_| alone))
            .same_as(request.clone().by(Some(other)));
        cases.push((
            kind,
            name.to_owned(),
            request.clone().by(Some(token)),
            expect,
        ));
    }
    // What the document wants every token to say (ruling 115).
    for attribute in scene.plan.principal.iter().filter(|each| each.required) {
        let mut token = good.clone();
        without(&mut Rc::make_mut(&mut token).claims, &attribute.from);
        let expect = invalid().event("auth.failure", Some("malformed").filter(|_| alone));
        let name = format!("nothing at {}", attribute.from);
        cases.push((
            "wrong-claims",
            name,
            request.clone().by(Some(token)),
            expect,
        ));
    }
    for (kind, name, change) in admitted(scheme) {
        let mut token = good.clone();
        change(Rc::make_mut(&mut token));
        cases.push((
            kind,
            name.to_owned(),
            request.clone().by(Some(token)),
            scene.reached(),
        ));
    }
    for (kind, name, sent, expect) in cases {
        scene.add(kind, name, sent, expect);
    }
}

/// Credentials are not looked at where none are wanted (ruling 40).
fn public(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let request = stage.request().header("Authorization", "Bearer nonsense");
    let expect = scene.reached();
    scene.add(
        "public",
        "a bad token is not looked at",
        request.by(None),
        expect,
    );
}

/// The claims without what the pointer leads to.
fn without(claims: &mut Map<String, Value>, pointer: &str) {
    let mut all = Value::Object(std::mem::take(claims));
    if let Some((above, last)) = pointer.rsplit_once('/') {
        let last = last.replace("~1", "/").replace("~0", "~");
        if let Some(Value::Object(members)) = all.pointer_mut(above) {
            members.remove(&last);
        }
    }
    if let Value::Object(members) = all {
        *claims = members;
    }
}
