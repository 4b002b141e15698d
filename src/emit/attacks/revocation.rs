//! Tokens that were revoked, that could not be, and a store that says nothing (P18).

use super::case::Prepare;
use super::scene::{CALLER, Scene};
use super::stage::Stage;
use std::rc::Rc;

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    // A key is taken back by taking it off its list.
    let by_token = stage
        .token
        .as_ref()
        .is_some_and(|token| token.scheme.is_some());
    if scene.plan.revocation.is_none() || scene.need(stage.operation).is_none() || !by_token {
        return;
    }
    let key = scene.caller_key(stage);
    scene.family(stage, "revocation", &key, |scene| revoke(scene, stage));
}

fn revoke(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let Some(by) = scene.plan.revocation else {
        return;
    };
    // As every token of the attacks is made.
    let names = [
        ("jti", by.jti, "token-1"),
        ("session", by.session, "session-1"),
        ("subject", by.subject, CALLER),
    ];
    let names: Vec<_> = names.into_iter().filter(|(_, on, _)| *on).collect();
    for (by, _, name) in &names {
        let expect = scene
            .refused(401)
            .code("invalid_token")
            .event("auth.failure", Some("revoked"))
            .header(
                "www-authenticate",
                scene.challenge(stage.operation, &["error=\"invalid_token\""], &[]),
            );
        let title = format!("its {by} was revoked");
        scene.prepared(
            "revoked",
            title,
            Prepare::Revoke(by, (*name).to_owned()),
            stage.control(),
            expect,
        );
        // The same word as another kind of name is another name.
        for (other, _, _) in names.iter().filter(|(other, ..)| other != by) {
            let expect = scene.reached();
            let title = format!("its {by} was revoked as a {other}");
            scene.prepared(
                "revoked",
                title,
                Prepare::Revoke(other, (*name).to_owned()),
                stage.control(),
                expect,
            );
        }
    }
    if by.jti
        && let Some(mut token) = stage.token.clone()
    {
        Rc::make_mut(&mut token).claims.remove("jti");
        let expect = scene
            .refused(401)
            .code("invalid_token")
            .event("auth.failure", Some("malformed"));
        let sent = stage.request().by(Some(token));
        scene.add(
            "wrong-claims",
            "without a name to revoke it by",
            sent,
            expect,
        );
    }
    let expect = super::case::Expect::status(503).event("error.unhandled", Some("store"));
    scene.prepared(
        "no-store",
        "nobody knows what is revoked",
        Prepare::NoStore,
        stage.control(),
        expect,
    );
}
