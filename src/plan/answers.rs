//! What an operation answers besides what its handler says: each status, and the fields that come with it.
//!
//! One table for the documents that are published and for the check of what a document declares.

use super::model::{
    Access, Carrier, Means, Media, Member, Need, OnDenied, Operation, OwnKind, Plan, Shape, TypeId,
    Write,
};

/// A header field that the service sends itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    RateLimit,
    RateLimitPolicy,
    RetryAfter,
    WwwAuthenticate,
    /// What is accepted, on a 415.
    Accept,
    AllowOrigin,
}

/// What the value of a field looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldRule {
    Text {
        pattern: &'static str,
        max: u64,
    },
    Whole {
        min: u64,
        max: u64,
    },
    /// Always this.
    Word(&'static str),
}

impl Field {
    pub const ALL: [Field; 6] = [
        Field::RateLimit,
        Field::RateLimitPolicy,
        Field::RetryAfter,
        Field::WwwAuthenticate,
        Field::Accept,
        Field::AllowOrigin,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Field::RateLimit => "RateLimit",
            Field::RateLimitPolicy => "RateLimit-Policy",
            Field::RetryAfter => "Retry-After",
            Field::WwwAuthenticate => "WWW-Authenticate",
            Field::Accept => "Accept",
            Field::AllowOrigin => "Access-Control-Allow-Origin",
        }
    }

    /// The rule of its value in this service. Bounds are what the service can send at most.
    pub fn rule(self, plan: &Plan) -> FieldRule {
        match self {
            Field::RateLimit => FieldRule::Text {
                pattern: r#"^"[A-Za-z0-9._-]+";r=[0-9]+;t=[0-9]+(, "[A-Za-z0-9._-]+";r=[0-9]+;t=[0-9]+)*$"#,
                max: items(plan),
            },
            Field::RateLimitPolicy => FieldRule::Text {
                pattern: r#"^"[A-Za-z0-9._-]+";q=[0-9]+;w=[0-9]+(, "[A-Za-z0-9._-]+";q=[0-9]+;w=[0-9]+)*$"#,
                max: items(plan),
            },
            Field::RetryAfter => {
                let windows = plan.quotas.iter().map(|quota| quota.window_seconds);
                FieldRule::Whole {
                    min: 1,
                    max: windows.chain([plan.limits.ip_rate.1]).max().unwrap_or(1),
                }
            }
            Field::WwwAuthenticate => {
                let needs = plan.operations.iter().filter_map(|each| each.access.need());
                let longest = needs.map(|need| challenges_of(plan, need)).max();
                FieldRule::Text {
                    pattern: challenge(plan),
                    max: wide(longest.unwrap_or(0)),
                }
            }
            Field::Accept => {
                let bodies = plan.operations.iter().filter_map(|each| each.body.as_ref());
                let mut media = bodies.flat_map(|body| &body.media);
                match media.any(|media| *media != Media::Json) {
                    true => FieldRule::Text {
                        pattern: r"^[a-z-]+/[a-z-]+(, [a-z-]+/[a-z-]+)*$",
                        max: 128,
                    },
                    false => FieldRule::Word("application/json"),
                }
            }
            // It is the caller's own `Origin`, or `*`.
            Field::AllowOrigin => FieldRule::Text {
                pattern: r"^(\*|https?://[^/]+)$",
                max: plan.limits.header_bytes,
            },
        }
    }
}

/// How a challenge begins.
fn challenge(plan: &Plan) -> &'static str {
    let tokens = !plan.schemes.is_empty();
    match (tokens, plan.keys.is_empty(), plan.passwords.is_empty()) {
        _ if !plan.certificates.is_empty() => r#"^(Bearer|ApiKey|Basic|MutualTLS) realm="[^"]*""#,
        (_, true, true) => r#"^Bearer realm="[^"]*""#,
        (false, false, true) => r#"^ApiKey realm="[^"]*""#,
        (true, false, true) => r#"^(Bearer|ApiKey) realm="[^"]*""#,
        (false, true, false) => r#"^Basic realm="[^"]*""#,
        (true, true, false) => r#"^(Bearer|Basic) realm="[^"]*""#,
        (false, false, false) => r#"^(ApiKey|Basic) realm="[^"]*""#,
        (true, false, false) => r#"^(Bearer|ApiKey|Basic) realm="[^"]*""#,
    }
}

/// How long the challenges of an operation are at most, one behind the other.
fn challenges_of(plan: &Plan, need: &Need) -> usize {
    let scopes = need.demands().map(|demand| {
        let scopes = demand.scopes.iter();
        scopes.map(|scope| scope.len() + 1).sum::<usize>()
    });
    let keys = need.means().into_iter().filter_map(|means| match means {
        Means::Key(at) => plan.keys.get(at),
        Means::Token(_) | Means::Password(_) | Means::Certificate(_) => None,
    });
    let keys = keys.map(|scheme| {
        let (Carrier::Header(name) | Carrier::Query(name) | Carrier::Cookie(name)) =
            &scheme.carrier;
        plan.title.len() + name.len() + 80
    });
    // `Basic realm="", charset="UTF-8"`
    let passwords = need.means().into_iter();
    let passwords = passwords.filter(|means| matches!(means, Means::Password(_)));
    let basic = (plan.title.len() + 40) * passwords.count().min(1);
    // `MutualTLS realm=""`
    let certificates = need.means().into_iter();
    let certificates = certificates.filter(|means| matches!(means, Means::Certificate(_)));
    let mutual = (plan.title.len() + 40) * certificates.count().min(1);
    plan.title.len() + scopes.max().unwrap_or(0) + 64 + keys.sum::<usize>() + basic + mutual
}

/// The longest list of quotas: of each its name, and two numbers of at most twenty digits.
fn items(plan: &Plan) -> u64 {
    let lists = plan.operations.iter().map(|operation| {
        let quotas = operation.quotas.iter();
        let named = quotas.filter_map(|index| plan.quotas.get(*index));
        named.map(|quota| quota.name.len() + 50).sum::<usize>()
    });
    wide(lists.max().unwrap_or(0))
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The statuses that the service answers by itself once it knows which operation is meant, ascending. What is refused
/// before that (a request line or a head that is too large, a method that is not declared) is no operation's.
///
/// 501 is not among them: it is the answer of a handler that is not written yet, and of no service that is published.
pub fn own(plan: &Plan, operation: &Operation) -> Vec<u16> {
    let body = operation.body.is_some();
    let mut replies = operation.replies.iter();
    let content = replies.any(|reply| reply.body.media_type().is_some());
    let caller = operation.access.need().is_some();
    let denied = matches!(operation.access, Access::Denied { .. });
    let answers = [
        (400, !denied),
        (401, caller),
        (403, denied || forbids(plan, operation)),
        (404, loads(operation)),
        (406, content),
        (408, body),
        (413, body),
        (415, body),
        (422, !denied && (body || !operation.params.is_empty())),
        (429, !denied),
        (500, !denied),
        (503, true),
    ];
    answers
        .into_iter()
        .filter_map(|(status, given)| given.then_some(status))
        .collect()
}

/// Whether the callers may be told that roles or scopes are missing.
pub fn challenges(operation: &Operation) -> bool {
    operation
        .access
        .need()
        .is_some_and(|need| need.is_selective())
}

/// The fields that an answer of this status has, or may have.
pub fn fields(plan: &Plan, operation: &Operation, status: u16) -> Vec<Field> {
    let caller = operation.access.need().is_some();
    let given = [
        (Field::RateLimit, !operation.quotas.is_empty()),
        (Field::RateLimitPolicy, !operation.quotas.is_empty()),
        (Field::RetryAfter, matches!(status, 429 | 503)),
        (
            Field::WwwAuthenticate,
            caller && (status == 401 || (status == 403 && challenges(operation))),
        ),
        (Field::Accept, status == 415 && operation.body.is_some()),
        (Field::AllowOrigin, plan.cors.is_some()),
    ];
    given
        .into_iter()
        .filter_map(|(field, sent)| sent.then_some(field))
        .collect()
}

/// Whether a caller who is known can be refused with 403.
fn forbids(plan: &Plan, operation: &Operation) -> bool {
    let object = operation.owns.iter().any(|owns| {
        let resource = plan.resources.get(owns.resource);
        resource.is_some_and(|resource| match owns.kind {
            // A caller without a tenant sees no rows of any.
            OwnKind::List => resource.tenant,
            OwnKind::Owner { .. } | OwnKind::Policy { .. } => {
                resource.on_denied == OnDenied::Forbidden
            }
            // What is refused here is in another tenant, and never there.
            OwnKind::Any { .. } => false,
        })
    });
    let members = operation
        .body
        .as_ref()
        .and_then(|body| body.value.inner())
        .is_some_and(|id| writes(plan, id, &mut Vec::new()));
    let decided = operation.decision.is_some();
    challenges(operation) || object || members || decided
}

/// Whether an object is loaded: where there is none, `onDenied: 403` answers 404 too.
fn loads(operation: &Operation) -> bool {
    let mut owns = operation.owns.iter();
    owns.any(|owns| owns.kind != OwnKind::List)
}

/// Whether some member of a body is for some roles only.
fn writes(plan: &Plan, id: TypeId, seen: &mut Vec<TypeId>) -> bool {
    if seen.contains(&id) {
        return false;
    }
    seen.push(id);
    let Some(shape) = plan.types.get(id.0).map(|each| &each.shape) else {
        return false;
    };
    let by_role = |member: &Member| matches!(member.write, Write::Roles(_));
    let own = matches!(shape, Shape::Object(object) if object.members.iter().any(by_role));
    let mut inner = shape.inner(|_| true).into_iter();
    own || inner.any(|id| writes(plan, id, seen))
}
