//! Certificates of clients: one that is good, made by the runner when it is sent, and everything that is none (P2).

use super::case::{ApiKey, Token};
use super::scene::{CALLER, Scene};
use super::schemes::{changed, invalid};
use super::stage::Stage;
use crate::plan::{
    Alternative, CertificateName, Means, Member, Need, Operation, Read, Shape, Write,
};
use std::rc::Rc;

/// Not a place in a request: it is shown when the connection is made.
pub const PLACE: &str = "certificate";

impl Scene<'_> {
    /// A certificate that a scheme takes.
    pub fn certificate(&self, scheme: usize) -> Option<ApiKey> {
        let scheme = self.plan.certificates.get(scheme)?;
        Some(shown("good", scheme.subject, CALLER))
    }

    /// One that nobody trusts, with the same name in it.
    pub fn bad_certificate(&self, scheme: usize) -> Option<ApiKey> {
        let scheme = self.plan.certificates.get(scheme)?;
        Some(shown("other", scheme.subject, CALLER))
    }

    /// Whether roles decide something here besides who gets in: a certificate cannot bring the ones that a case is about.
    pub fn wants_roles(&self, operation: &Operation, alternative: &Alternative) -> bool {
        let mut asks = alternative.asks.iter();
        let alone = asks.all(|asks| matches!(asks.means, Means::Certificate(_)));
        let by_role = |member: &Member| {
            matches!(member.read, Read::Some { .. }) || matches!(member.write, Write::Roles(_))
        };
        let members = self.plan.types.iter().any(|each| match &each.shape {
            Shape::Object(object) => object.members.iter().any(by_role),
            _ => false,
        });
        alone && (members || self.bypass(operation) != 0 || operation.decision.is_some())
    }
}

/// How it is made, which of its names is the caller's, and that name.
fn shown(how: &str, name: CertificateName, subject: &str) -> ApiKey {
    ApiKey(PLACE, format!("{how} {}", name.word()), subject.to_owned())
}

/// One alternative with a certificate, which is the credential at this place.
pub fn attack(
    scene: &mut Scene<'_>,
    stage: &Stage<'_>,
    need: &Need,
    name: &str,
    (good, at): (&Rc<Token>, usize),
) {
    let Some(key) = good.keys.get(at).cloned() else {
        return;
    };
    let Some((_, word)) = key.1.split_once(' ') else {
        return;
    };
    // Another scheme of certificates takes what this one does not, where it looks at another name.
    let schemes = need.means().into_iter();
    let alone = schemes
        .filter(|means| matches!(means, Means::Certificate(_)))
        .count()
        == 1;
    let wrong = [
        (
            "other",
            "of another authority by the same name",
            "signature",
        ),
        ("expired", "that is over", "expired"),
        ("server", "for servers", "type"),
        ("nameless", "without such a name", "malformed"),
        ("two", "with two such names", "malformed"),
    ];
    for (how, what, reason) in wrong {
        let names = matches!(how, "nameless" | "two");
        if (names && !alone) || (how == "two" && word == CertificateName::Common.word()) {
            continue;
        }
        let other = changed(good, |token| {
            if let Some(place) = token.keys.get_mut(at) {
                place.1 = format!("{how} {word}");
            }
        });
        let sent = stage.request().by(Some(other));
        let expect = invalid(scene, stage, alone.then_some(reason));
        let name = format!("{name}, a certificate {what}");
        scene.add("wrong-certificate", name, sent, expect);
    }
}
