//! Alternatives of schemes, schemes that are needed together, and API keys: each alternative alone lets its caller in, no
//! part of one does, and nothing bad is carried in beside something good (rulings 22, 25, 26; P27).

use super::callers::{main, met_by};
use super::case::{ApiKey, Expect, Key, Sent, Token};
use super::certificates;
use super::circumstances::Which;
use super::keys;
use super::passwords;
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Access, Alternative, Means, Need};
use std::rc::Rc;

pub fn attack<'a>(scene: &mut Scene<'a>, stage: &Stage<'a>) {
    let Some(need) = stage.operation.access.need() else {
        return;
    };
    let optional = matches!(stage.operation.access, Access::Optional(_));
    let by_one_token = matches!(need.means().as_slice(), [Means::Token(_)]);
    if by_one_token && need.alternatives.len() == 1 && !optional {
        return;
    }
    let key = format!(
        "{} {optional} {:?}",
        scene.caller_key(stage),
        writers(scene, stage)
    );
    scene.family(stage, "schemes", &key, |scene| {
        for (at, alternative) in need.alternatives.iter().enumerate() {
            let way = Way {
                need,
                alternative,
                at,
            };
            way.attack(scene, stage);
        }
        if optional {
            nobody_in_disguise(scene, stage);
        }
    });
}

/// The sets of roles that the plainest body takes.
fn writers(scene: &Scene<'_>, stage: &Stage<'_>) -> Vec<u64> {
    let body = stage.operation.body.as_ref();
    // Nobody in particular may send those.
    match scene.need(stage.operation) {
        Some(_) => body.map_or(Vec::new(), |body| stage.maker.writers(&body.value, 0)),
        None => Vec::new(),
    }
}

/// One alternative of an operation.
struct Way<'n> {
    need: &'n Need,
    alternative: &'n Alternative,
    at: usize,
}

impl Way<'_> {
    fn attack<'a>(&self, scene: &mut Scene<'a>, stage: &Stage<'a>) {
        let names: Vec<&str> = self
            .means()
            .into_iter()
            .filter_map(|means| scene.plan.name_of(means))
            .collect();
        let name = format!("{}, by {}", self.at + 1, names.join(" and "));
        if !scene.one_key(self.alternative) {
            let why = "no token is good for two schemes with different keys";
            return scene.skip("alternative", name, why);
        }
        let mut sets = self.need.demand(self.alternative).roles;
        sets.extend(writers(scene, stage));
        let given = scene.given(self.alternative);
        sets.retain(|set| set & given == 0);
        let more = scene.further_claims(stage.operation);
        let good = scene
            .choose(&sets, scene.bypass(stage.operation))
            .and_then(|roles| scene.credentials(self.need, self.alternative, &roles, &more));
        let Some(good) = good else {
            return scene.skip("alternative", name, "no role admits a caller");
        };
        let sent = stage.request().by(Some(good.clone()));
        // A key has no attributes, so a policy may have no answer for who comes by one.
        match scene.policies_admit(stage, &sent, Which::Own) {
            true => {
                let expect = scene.reached();
                scene.add("alternative", &name, sent, expect);
            }
            false => scene.without(
                "alternative",
                &name,
                "no policy is known to admit its caller",
            ),
        }
        self.halves(scene, stage, &name, &good);
        self.forged(scene, stage, &name, &good);
        self.beside(scene, stage, &name, &good);
        self.too_weak(scene, stage, &name);
        for at in 0..good.keys.len() {
            self.keys(scene, stage, &name, (&good, at));
        }
    }

    fn means(&self) -> Vec<Means> {
        self.alternative
            .asks
            .iter()
            .map(|asks| asks.means)
            .collect()
    }

    /// All but one of what is needed together.
    fn halves(&self, scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str, good: &Rc<Token>) {
        let means = self.means();
        if means.len() < 2 {
            return;
        }
        let tokens = means.iter().filter(|each| matches!(each, Means::Token(_)));
        let mut parts: Vec<(String, Vec<Means>, Rc<Token>)> = Vec::new();
        if tokens.count() > 0 {
            let rest = means
                .iter()
                .copied()
                .filter(|each| !matches!(each, Means::Token(_)));
            let half = changed(good, |token| token.scheme = None);
            parts.push(("the token".to_owned(), rest.collect(), half));
        }
        let keys = means.iter().filter(|each| !matches!(each, Means::Token(_)));
        for (at, key) in keys.enumerate() {
            let rest = means.iter().copied().filter(|each| each != key);
            let half = changed(good, |token| drop(token.keys.remove(at)));
            let key = scene.plan.name_of(*key).unwrap_or_default();
            parts.push((key.to_owned(), rest.collect(), half));
        }
        for (missing, rest, half) in parts {
            if rest.is_empty() || met_by(self.need, &rest) {
                continue;
            }
            let expect = unmet(scene, stage);
            let sent = stage.request().by(Some(half));
            let name = format!("{name}, without {missing}");
            scene.add("half-credentials", name, sent, expect);
        }
    }

    /// The right token of a wrong key, with everything that belongs to it.
    fn forged(&self, scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str, good: &Rc<Token>) {
        if good.scheme.is_none() {
            return;
        }
        let sent = stage
            .request()
            .by(Some(changed(good, |token| token.key = Key::Other)));
        let expect = invalid(scene, stage, None);
        scene.add("wrong-signature", format!("{name}, forged"), sent, expect);
    }

    /// A bad credential of every scheme that this alternative does without: it would do without it.
    fn beside(&self, scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str, good: &Rc<Token>) {
        let means = self.means();
        for other in self.need.means() {
            if means.contains(&other) {
                continue;
            }
            let sent = match other {
                Means::Token(_) if !passwords::in_field(good) => Some(
                    stage
                        .request()
                        .header("Authorization", "Bearer nonsense")
                        .by(Some(good.clone())),
                ),
                Means::Password(_) if !passwords::in_field(good) => Some(
                    stage
                        .request()
                        .header("Authorization", &passwords::stranger())
                        .by(Some(good.clone())),
                ),
                Means::Token(_) | Means::Password(_) => None,
                // A connection shows one certificate.
                Means::Certificate(at) => scene
                    .bad_certificate(at)
                    .filter(|bad| good.keys.iter().all(|key| key.0 != bad.0))
                    .map(|bad| {
                        let both = changed(good, |token| token.keys.push(bad));
                        stage.request().by(Some(both))
                    }),
                Means::Key(at) => bad_key(scene, at)
                    .filter(|bad| good.keys.iter().all(|key| !same_place(key, bad)))
                    .map(|bad| {
                        let both = changed(good, |token| token.keys.push(bad));
                        stage.request().by(Some(both))
                    }),
            };
            let Some(sent) = sent else { continue };
            let other = scene.plan.name_of(other).unwrap_or_default();
            let name = format!("{name}, and a bad one of {other}");
            let expect = invalid(scene, stage, None);
            scene.add("bad-beside-good", name, sent, expect);
        }
    }

    /// Callers whose roles or scopes are not enough. The plainest caller's are tried elsewhere.
    fn too_weak(&self, scene: &mut Scene<'_>, stage: &Stage<'_>, name: &str) {
        let means = self.means();
        let others = self.need.alternatives.iter().enumerate();
        let mut others = others.filter(|(at, _)| *at != self.at);
        let within = others.any(|(_, one)| one.asks.iter().all(|asks| means.contains(&asks.means)));
        let plainest = main(self.need).is_some_and(|main| std::ptr::eq(main, self.alternative));
        let optional = matches!(stage.operation.access, Access::Optional(_));
        if within || (plainest && !optional) {
            return;
        }
        let given = scene.given(self.alternative);
        for set in self.need.demand(self.alternative).roles {
            if set & given != 0 {
                continue;
            }
            let roles = scene.all_without(set);
            let more = scene.further_claims(stage.operation);
            let weak = scene.credentials(self.need, self.alternative, &roles, &more);
            let expect = scene.refused(403).event("authz.denied", None).header(
                "www-authenticate",
                scene.challenge(stage.operation, &["error=\"insufficient_scope\""], &[]),
            );
            let sent = stage.request().by(weak);
            scene.add(
                "wrong-role",
                format!("{name}, every other role"),
                sent,
                expect,
            );
        }
    }

    /// One of the keys: unknown, over, of another list, and where it does not belong.
    fn keys(
        &self,
        scene: &mut Scene<'_>,
        stage: &Stage<'_>,
        name: &str,
        (good, at): (&Rc<Token>, usize),
    ) {
        let sent = self.means().into_iter();
        let mut sent = sent.filter(|means| !matches!(means, Means::Token(_)));
        let (scheme, key) = match (sent.nth(at), good.keys.get(at)) {
            (Some(Means::Key(scheme)), Some(key)) => (scheme, key),
            (Some(Means::Password(_)), _) => {
                return passwords::attack(scene, stage, self.need, name, (good, at));
            }
            (Some(Means::Certificate(_)), _) => {
                return certificates::attack(scene, stage, self.need, name, (good, at));
            }
            _ => return,
        };
        let Some(declared) = scene.plan.keys.get(scheme) else {
            return;
        };
        // Another scheme that looks in the same place might take it.
        let alone = self.need.means().into_iter().all(|means| match means {
            Means::Key(other) if other != scheme => scene
                .plan
                .keys
                .get(other)
                .is_none_or(|other| keys::place(other) != keys::place(declared)),
            _ => true,
        });
        let with = |key: ApiKey| {
            let other = changed(good, |token| {
                if let Some(place) = token.keys.get_mut(at) {
                    *place = key;
                }
            });
            stage.request().by(Some(other))
        };
        let value = |text: String| ApiKey(key.0, key.1.clone(), text);
        let ended = scene.ended_key(scheme);
        let mut wrong: Vec<(&str, ApiKey, &'static str)> = vec![
            ("unknown", value(format!("{}x", key.2)), "key"),
            (
                "in other letters",
                value(other_case(&declared.prefix, &key.2)),
                "key",
            ),
        ];
        wrong.extend(
            ended
                .clone()
                .map(|ended| ("that is over", ended, "expired")),
        );
        if !declared.prefix.is_empty() {
            let foreign = scene.foreign_key(scheme);
            wrong.extend(foreign.map(|key| ("without the prefix", key, "malformed")));
        }
        for (what, key, reason) in wrong {
            let prefixed = key.2.starts_with(declared.prefix.as_str());
            let reason = if prefixed { reason } else { "malformed" };
            let mut expect = invalid(scene, stage, alone.then_some(reason));
            // What is unknown and what is over look the same (P27).
            if let (Some(ended), true) = (&ended, what == "unknown") {
                expect = expect.same_as(with(ended.clone()));
            }
            scene.add(
                "wrong-key",
                format!("{name}, a key {what}"),
                with(key),
                expect,
            );
        }
        for place in ["header", "query", "cookie"] {
            // A parameter of the same name would be one.
            let is_parameter = stage
                .operation
                .params
                .iter()
                .any(|param| param.name == key.1);
            let is_anothers = self.need.means().into_iter().any(|means| match means {
                Means::Key(other) => scene
                    .plan
                    .keys
                    .get(other)
                    .is_some_and(|other| keys::place(other) == (place, key.1.as_str())),
                Means::Token(_) | Means::Password(_) | Means::Certificate(_) => false,
            });
            if place == key.0 || is_parameter || is_anothers {
                continue;
            }
            let rest: Vec<Means> = self
                .means()
                .into_iter()
                .filter(|means| *means != Means::Key(scheme))
                .collect();
            // Without the key, what is left may be enough; in the query it is a parameter nobody knows.
            if !rest.is_empty() && met_by(self.need, &rest) {
                continue;
            }
            let elsewhere = with(ApiKey(place, key.1.clone(), key.2.clone()));
            let expect = unmet(scene, stage);
            let nobody =
                self.means().len() == 1 && matches!(stage.operation.access, Access::Optional(_));
            let expect = match (nobody, place) {
                (true, "query") => scene.refused(400),
                (true, _) => scene.reached(),
                (false, _) => expect,
            };
            scene.add(
                "key-elsewhere",
                format!("{name}, in the {place}"),
                elsewhere,
                expect,
            );
        }
        let twice = changed(good, |token| token.keys.push(key.clone()));
        let expect = scene.refused(400);
        scene.add(
            "two-keys",
            format!("{name}, the key twice"),
            stage.request().by(Some(twice)),
            expect,
        );
    }
}

/// Whoever is let in as nobody is not, with something in hand that is no good.
fn nobody_in_disguise(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let Some(need) = stage.operation.access.need() else {
        return;
    };
    let mut cases: Vec<(&'static str, Sent)> = Vec::new();
    let means = need.means();
    let in_field = |means: &Means| matches!(means, Means::Token(_) | Means::Password(_));
    if means.iter().any(in_field) {
        let bearer = stage.request().header("Authorization", "Bearer nonsense");
        cases.push(("no token at all", bearer.by(None)));
        let basic = stage
            .request()
            .header("Authorization", "Basic Y2FsbGVyOnNlY3JldA==");
        cases.push(("another scheme", basic.by(None)));
    }
    for (name, sent) in cases {
        let expect = Expect {
            code: None,
            ..scene.refused(401)
        };
        scene.add(
            "malformed-token",
            format!("nobody, and {name}"),
            sent,
            expect,
        );
    }
}

pub(super) fn changed(token: &Rc<Token>, change: impl FnOnce(&mut Token)) -> Rc<Token> {
    let mut token = token.clone();
    change(Rc::make_mut(&mut token));
    token
}

/// A key that is in no list.
fn bad_key(scene: &Scene<'_>, scheme: usize) -> Option<ApiKey> {
    let scheme = scene.plan.keys.get(scheme)?;
    Some(keys::sent(scheme, format!("{}nonsense", scheme.prefix)))
}

fn same_place(one: &ApiKey, other: &ApiKey) -> bool {
    one.0 == other.0 && one.1.eq_ignore_ascii_case(&other.1)
}

fn other_case(prefix: &str, text: &str) -> String {
    let other = |c: char| match c.is_ascii_lowercase() {
        true => c.to_ascii_uppercase(),
        false => c.to_ascii_lowercase(),
    };
    let rest = text.strip_prefix(prefix).unwrap_or(text);
    prefix.chars().chain(rest.chars().map(other)).collect()
}

/// Not all that belongs together is there.
fn unmet(scene: &Scene<'_>, stage: &Stage<'_>) -> Expect {
    let expect = scene
        .refused(401)
        .code("missing")
        .event("auth.failure", Some("missing"))
        .header(
            "www-authenticate",
            scene.challenge(stage.operation, &[], &["error="]),
        );
    scene.outcome("no credentials", expect)
}

pub(super) fn invalid(
    scene: &Scene<'_>,
    stage: &Stage<'_>,
    reason: Option<&'static str>,
) -> Expect {
    let words = ["error=\"invalid_token\""];
    let expect = scene.refused(401).code("invalid_token").header(
        "www-authenticate",
        scene.challenge(stage.operation, &words, &["error_description"]),
    );
    let expect = scene.outcome("no valid token", expect);
    expect.event("auth.failure", reason)
}
