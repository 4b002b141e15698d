//! Which events a request leaves behind (P103).

use std::net::IpAddr;
use std::time::Duration;

use http::StatusCode;
use http::header::USER_AGENT;
use uuid::Uuid;

use crate::events::{About, Class, Event, Subject};
use crate::exchange::Exchange;
use crate::refusal::Kind;
use crate::shield::{Inner, Shield};
use crate::spec::Credential;

use super::request_id;

const INFORMATIONAL: u8 = 1;
const LOW: u8 = 2;
const MEDIUM: u8 = 3;
const HIGH: u8 = 4;

/// What became of a request.
pub(super) struct What<'k> {
    pub refusal: Option<&'k Kind>,
    /// The policy that could not decide of a row of the answer.
    pub unsure: Option<&'static str>,
    pub status: StatusCode,
}

/// Writes the events of one request. Its id is made when the first of them needs it.
pub(super) fn write(
    inner: &Inner,
    x: &Exchange,
    what: &What<'_>,
    now: Duration,
    id: &mut Option<Uuid>,
) {
    let What {
        refusal,
        unsure,
        status,
    } = *what;
    let rejected = x.preflight == Some(false);
    let unsaid = refusal.is_none() && unsure.is_none() && x.revoked.is_none();
    if x.identity.is_none() && unsaid && !rejected {
        return;
    }
    let mut text = [0; 36];
    let id = id
        .get_or_insert_with(|| request_id(now))
        .hyphenated()
        .encode_lower(&mut text);
    let mut about = about(x, status.as_u16());
    // Whose session it was that a stolen token ended.
    if let Some(Kind::Grant {
        reused: Some((subject, _)),
    }) = refusal
        && let Some(issuing) = &inner.issuing
    {
        about.subject = Some(Subject {
            issuer: &issuing.issuer,
            subject,
            roles: 0,
        });
    }
    let put = |event: Event<'_>| {
        inner
            .events
            .push(&event.line(&inner.phrases, id, now, &about))
    };
    if x.identity.is_some() {
        put(Event {
            allowed: true,
            ..event("auth.success", Class::Authentication, INFORMATIONAL)
        });
    }
    if let Some(how) = x.revoked {
        put(Event {
            allowed: true,
            reason: Some(how),
            ..event("token.revoked", Class::Authentication, LOW)
        });
    }
    if rejected {
        put(event("cors.rejected", Class::Api, LOW));
    }
    // Once for all rows that were left out for it (decision 32).
    if let Some(policy) = unsure {
        put(Event {
            reason: Some("undecided"),
            policy: Some(policy),
            ..event("policy.error", Class::Authorization, MEDIUM)
        });
    }
    if let Some(kind) = refusal {
        refused(inner, kind, put);
    }
}

fn about(x: &Exchange, status: u16) -> About<'_> {
    About {
        address: x.address.map(|address| address.0),
        user_agent: x.head.headers.get(USER_AGENT).map(|agent| agent.as_bytes()),
        method: x.head.method.as_str(),
        operation: x.operation,
        subject: x.identity.as_deref().map(|identity| Subject {
            issuer: &identity.issuer,
            subject: &identity.subject,
            roles: identity.roles,
        }),
        status,
        latency_ms: u64::try_from(x.started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

/// About a connection rather than a request.
pub(super) fn connection(
    inner: &Inner,
    kind: &Kind,
    status: StatusCode,
    peer: IpAddr,
    now: Duration,
    id: Uuid,
) {
    let mut text = [0; 36];
    let id = &*id.hyphenated().encode_lower(&mut text);
    let about = About {
        address: Some(peer),
        status: status.as_u16(),
        ..About::nothing()
    };
    refused(inner, kind, |event| {
        inner
            .events
            .push(&event.line(&inner.phrases, id, now, &about))
    });
}

impl Shield {
    /// A known caller was let in and did not wait for the answer: told without a status, as nobody was given one.
    pub(crate) fn abandoned(&self, x: &Exchange) {
        if x.identity.is_none() {
            return;
        }
        let inner = self.inner();
        let now = inner.clock.unix();
        let mut text = [0; 36];
        let id = &*request_id(now).hyphenated().encode_lower(&mut text);
        let event = Event {
            allowed: true,
            reason: Some("abandoned"),
            ..event("auth.success", Class::Authentication, INFORMATIONAL)
        };
        inner
            .events
            .push(&event.line(&inner.phrases, id, now, &about(x, 0)));
    }

    /// Somebody who runs the service revoked something: `token.revoked`.
    pub(crate) fn ordered(&self, by: &'static str, hash: &str) {
        let inner = self.inner();
        let now = inner.clock.unix();
        let mut text = [0; 36];
        let id = &*request_id(now).hyphenated().encode_lower(&mut text);
        let event = Event {
            allowed: true,
            reason: Some("admin"),
            object: Some((by, hash)),
            ..event("token.revoked", Class::Authentication, MEDIUM)
        };
        inner
            .events
            .push(&event.line(&inner.phrases, id, now, &About::nothing()));
    }

    /// The service starts: `config.loaded`.
    pub(crate) fn loaded(&self) {
        self.of_the_service("config.loaded");
    }

    /// Other keys verify tokens from now on: `secret.rotated`.
    pub(crate) fn rotated(&self) {
        self.of_the_service("secret.rotated");
    }

    fn of_the_service(&self, name: &'static str) {
        let inner = self.inner();
        let now = inner.clock.unix();
        let mut text = [0; 36];
        let id = &*request_id(now).hyphenated().encode_lower(&mut text);
        let event = Event {
            allowed: true,
            ..event(name, Class::Api, INFORMATIONAL)
        };
        inner
            .events
            .push(&event.line(&inner.phrases, id, now, &About::nothing()));
    }
}

const fn event(name: &'static str, class: Class, severity: u8) -> Event<'static> {
    Event {
        name,
        class,
        reason: None,
        policy: None,
        message: None,
        object: None,
        severity,
        allowed: false,
    }
}

/// The event of a refusal. What is no concern of security (404 and 405 of no operation, answers the document declares,
/// what is not written yet) has none.
fn refused(inner: &Inner, kind: &Kind, put: impl Fn(Event<'_>)) {
    let denied = event("authz.denied", Class::Authorization, MEDIUM);
    let invalid = event("validation.failed", Class::Api, LOW);
    let limit = event("limit.exceeded", Class::Api, LOW);
    let error = event("error.unhandled", Class::Api, HIGH);
    let name = |by: Option<Credential>| inner.spec.name_of(by?);
    match kind {
        Kind::Unauthenticated { needs, by, reason } => put(Event {
            reason: Some(reason.word()),
            policy: name(by.or(needs.credentials().next())),
            ..event("auth.failure", Class::Authentication, MEDIUM)
        }),
        Kind::Insufficient { needs, .. } => {
            put(Event {
                reason: Some("insufficient"),
                policy: name(needs.credentials().next()),
                ..denied
            });
        }
        Kind::Denied => put(Event {
            reason: Some("denied"),
            ..denied
        }),
        Kind::ForbiddenMembers(_) => put(Event {
            reason: Some("members"),
            ..denied
        }),
        Kind::Object {
            resource,
            hash,
            existed,
            ..
        } => put(Event {
            reason: Some(if *existed { "foreign" } else { "absent" }),
            object: Some((resource, hash)),
            ..event("authz.object_denied", Class::Authorization, MEDIUM)
        }),
        Kind::Policy {
            policy,
            undecided,
            foreign,
            object,
        } => {
            let object = object
                .as_ref()
                .map(|object| (object.resource, object.hash.as_str()));
            let (name, reason) = match (*undecided, *foreign) {
                (true, _) => ("policy.error", "undecided"),
                (false, true) => ("authz.object_denied", "policy"),
                (false, false) => ("authz.denied", "policy"),
            };
            put(Event {
                reason: Some(reason),
                policy: Some(policy),
                object,
                ..event(name, Class::Authorization, MEDIUM)
            });
        }
        Kind::StepUp(_) => put(Event {
            reason: Some("stepUp"),
            ..denied
        }),
        Kind::Quota { violated, .. } => {
            let names: Vec<&str> = violated
                .iter()
                .filter_map(|quota| inner.quotas.spec(*quota))
                .map(|quota| quota.name)
                .collect();
            put(Event {
                reason: Some("quota"),
                policy: Some(&names.join(",")),
                ..event("ratelimit.exceeded", Class::Api, MEDIUM)
            });
        }
        Kind::Flood { .. } => put(Event {
            reason: Some("address"),
            ..event("ratelimit.exceeded", Class::Api, MEDIUM)
        }),
        Kind::Malformed { code, .. } => put(Event {
            reason: Some(code),
            ..invalid
        }),
        Kind::Invalid(errors) => put(Event {
            reason: errors.first().map(|error| error.code),
            ..invalid
        }),
        Kind::MediaType { .. } => put(Event {
            reason: Some("mediaType"),
            ..invalid
        }),
        Kind::NotAcceptable => put(Event {
            reason: Some("accept"),
            ..invalid
        }),
        Kind::BodyTooLarge => put(Event {
            reason: Some("body"),
            ..limit
        }),
        Kind::UriTooLong => put(Event {
            reason: Some("uri"),
            ..limit
        }),
        Kind::HeadersTooLarge => put(Event {
            reason: Some("headers"),
            ..limit
        }),
        Kind::BodyTimeout => put(Event {
            reason: Some("bodyTimeout"),
            ..limit
        }),
        Kind::HeaderTimeout => put(Event {
            reason: Some("headerTimeout"),
            ..limit
        }),
        Kind::HandlerTimeout => put(Event {
            reason: Some("handlerTimeout"),
            ..limit
        }),
        Kind::Busy => put(Event {
            reason: Some("busy"),
            ..limit
        }),
        Kind::NoKeys => put(Event {
            reason: Some("noKeys"),
            ..error
        }),
        Kind::Grant { reused: None } => put(Event {
            reason: Some("invalidGrant"),
            ..event("auth.failure", Class::Authentication, MEDIUM)
        }),
        Kind::Grant {
            reused: Some((_, session)),
        } => put(Event {
            reason: Some("reused"),
            object: Some(("session", session)),
            ..event("token.reuse_detected", Class::Authentication, HIGH)
        }),
        Kind::Store(trouble) => put(Event {
            reason: Some(trouble.word()),
            ..error
        }),
        Kind::Fault(text) => put(Event {
            reason: Some("fault"),
            message: Some(text),
            ..error
        }),
        Kind::Panic => put(Event {
            reason: Some("panic"),
            ..error
        }),
        _ => {}
    }
}
