//! What a refusal looks like from outside. It is decided by the kind alone: nothing of the request but member names, and
//! nothing internal, can get into it.

use super::*;
use crate::spec::{Carrier, Credential, Needs};

const QUOTA: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";
const REDUCED: &str = "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";

/// A refusal, worded.
pub(super) struct Answer<'a> {
    pub status: StatusCode,
    pub headers: HeaderMap,
    type_uri: &'static str,
    detail: &'static str,
    code: Option<&'a str>,
    errors: &'a [crate::schema::Violation],
    violated: Vec<&'static str>,
}

impl<'a> Answer<'a> {
    fn new(
        status: StatusCode,
        type_uri: &'static str,
        code: &'a str,
        detail: &'static str,
    ) -> Self {
        Answer {
            status,
            headers: HeaderMap::new(),
            type_uri,
            detail,
            code: Some(code),
            errors: &[],
            violated: Vec::new(),
        }
    }

    fn with(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        if let Ok(value) = value.try_into() {
            self.headers.insert(name, value);
        }
        self
    }

    pub(super) fn of(spec: &'static Spec, kind: &'a Kind) -> Self {
        use StatusCode as S;
        match kind {
            Kind::Unauthenticated { needs, reason, .. } => unauthenticated(spec, *needs, *reason),
            Kind::Insufficient { needs, scopes } => insufficient(spec, *needs, scopes),
            Kind::Denied => Answer::new(
                S::FORBIDDEN,
                "urn:palisade:problem:forbidden",
                "forbidden",
                "This operation is not open to the caller.",
            ),
            Kind::ForbiddenMembers(errors) => Answer {
                errors,
                ..Answer::new(
                    S::FORBIDDEN,
                    "urn:palisade:problem:forbidden-members",
                    "forbidden",
                    "The caller may not write some of these members.",
                )
            },
            Kind::Object {
                forbidden: false, ..
            }
            | Kind::NoRoute => Answer::status(S::NOT_FOUND),
            Kind::Object {
                forbidden: true, ..
            } => Answer::status(S::FORBIDDEN),
            Kind::Policy { object, .. } => {
                let hidden = object.as_ref().is_some_and(|object| !object.forbidden);
                Answer::status(if hidden { S::NOT_FOUND } else { S::FORBIDDEN })
            }
            Kind::StepUp(wanted) => again(spec, wanted),
            Kind::Quota {
                violated,
                retry_after,
            } => Answer {
                violated: violated
                    .iter()
                    .filter_map(|quota| spec.quotas.get(*quota))
                    .map(|quota| quota.name)
                    .collect(),
                ..Answer::new(
                    S::TOO_MANY_REQUESTS,
                    QUOTA,
                    "quota_exceeded",
                    "There were too many requests.",
                )
            }
            .with(RETRY_AFTER, *retry_after),
            Kind::Flood { retry_after } => Answer::new(
                S::TOO_MANY_REQUESTS,
                "urn:palisade:problem:too-many-requests",
                "too_many_requests",
                "There were too many requests from this address.",
            )
            .with(RETRY_AFTER, *retry_after),
            Kind::Malformed { code, errors } => Answer {
                errors,
                ..Answer::new(
                    S::BAD_REQUEST,
                    "urn:palisade:problem:malformed",
                    code,
                    "The request cannot be parsed.",
                )
            },
            Kind::Invalid(errors) => Answer {
                errors,
                ..Answer::new(
                    S::UNPROCESSABLE_ENTITY,
                    "urn:palisade:problem:invalid",
                    "invalid",
                    "The request breaks the rules of its schema.",
                )
            },
            Kind::Grant { .. } => Answer::new(
                S::BAD_REQUEST,
                "urn:palisade:problem:invalid-grant",
                "invalid_grant",
                "The refresh token is not good.",
            ),
            other => Answer::of_limits(other),
        }
    }

    fn of_limits(kind: &'a Kind) -> Self {
        use StatusCode as S;
        match kind {
            Kind::BodyTooLarge => Answer::status(S::PAYLOAD_TOO_LARGE),
            Kind::UriTooLong => Answer::status(S::URI_TOO_LONG),
            Kind::HeadersTooLarge => Answer::status(S::REQUEST_HEADER_FIELDS_TOO_LARGE),
            Kind::MediaType { accepted } => {
                let names: Vec<&str> = accepted.iter().map(|each| each.name()).collect();
                let answer = Answer::status(S::UNSUPPORTED_MEDIA_TYPE);
                match names.as_slice() {
                    // The body is of the right type, and a part of it is not.
                    [] => answer,
                    names => answer.with(ACCEPT, names.join(", ")),
                }
            }
            Kind::NotAcceptable => Answer::status(S::NOT_ACCEPTABLE),
            Kind::Method { allow } => {
                Answer::status(S::METHOD_NOT_ALLOWED).with(ALLOW, allow.as_str())
            }
            Kind::BodyTimeout | Kind::HeaderTimeout => Answer::status(S::REQUEST_TIMEOUT),
            Kind::HandlerTimeout | Kind::NoKeys | Kind::Store(_) => {
                Answer::status(S::SERVICE_UNAVAILABLE).with(RETRY_AFTER, SOON)
            }
            Kind::Busy => Answer {
                type_uri: REDUCED,
                code: Some("busy"),
                ..Answer::status(S::SERVICE_UNAVAILABLE).with(RETRY_AFTER, SOON)
            },
            Kind::Unwritten { .. } => Answer::status(S::NOT_IMPLEMENTED),
            Kind::Declared(status) => {
                Answer::status(S::from_u16(*status).unwrap_or(S::INTERNAL_SERVER_ERROR))
            }
            #[cfg(feature = "testing")]
            Kind::Reached => Answer::status(S::from_u16(599).unwrap_or(S::INTERNAL_SERVER_ERROR)),
            _ => Answer::status(S::INTERNAL_SERVER_ERROR),
        }
    }

    /// Where the status says all there is to say. One wording per status, so that a 404 tells nothing about which of its
    /// reasons it was (P39).
    fn status(status: StatusCode) -> Self {
        let (type_uri, code, detail) = match status.as_u16() {
            403 => (
                "urn:palisade:problem:forbidden",
                "forbidden",
                "This is not open to the caller.",
            ),
            404 => (
                "urn:palisade:problem:not-found",
                "not_found",
                "There is nothing here.",
            ),
            405 => (
                "urn:palisade:problem:method-not-allowed",
                "method_not_allowed",
                "The method is not declared here.",
            ),
            406 => (
                "urn:palisade:problem:not-acceptable",
                "not_acceptable",
                "No declared media type is accepted.",
            ),
            408 => (
                "urn:palisade:problem:request-timeout",
                "request_timeout",
                "The request took too long to arrive.",
            ),
            409 => (
                "urn:palisade:problem:conflict",
                "conflict",
                "This is in conflict with the present state.",
            ),
            413 => (
                "urn:palisade:problem:body-too-large",
                "body_too_large",
                "The body is larger than is allowed.",
            ),
            414 => (
                "urn:palisade:problem:uri-too-long",
                "uri_too_long",
                "The address is longer than is allowed.",
            ),
            415 => (
                "urn:palisade:problem:media-type",
                "media_type",
                "The body is of a media type that is not declared.",
            ),
            431 => (
                "urn:palisade:problem:headers-too-large",
                "headers_too_large",
                "The header fields are too large.",
            ),
            500 => (
                "urn:palisade:problem:internal",
                "internal",
                "The request could not be served.",
            ),
            501 => (
                "urn:palisade:problem:unwritten",
                "unwritten",
                "This operation is not written yet.",
            ),
            503 => (
                "urn:palisade:problem:unavailable",
                "unavailable",
                "The request could not be served in time.",
            ),
            599 => (
                "urn:palisade:problem:reached",
                "reached",
                "The handler was reached.",
            ),
            _ => (
                "urn:palisade:problem:declared",
                "declared",
                "The request was refused.",
            ),
        };
        Answer::new(status, type_uri, code, detail)
    }

    /// The text of the problem; `instance` is the request id.
    pub(super) fn body(&mut self, id: Uuid) -> Vec<u8> {
        let mut urn = [0; 45];
        Problem {
            status: self.status.as_u16(),
            type_uri: self.type_uri,
            title: title(self.status),
            detail: self.detail,
            instance: id.urn().encode_lower(&mut urn),
            code: self.code,
            errors: self.errors,
            violated: &self.violated,
        }
        .into_bytes()
    }
}

/// The phrase of RFC 9110 §15, which renamed two that the `http` crate still has from RFC 4918 and RFC 7231.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        other => other.canonical_reason().unwrap_or("Refused"),
    }
}

/// Two answers only, so that a credential tells nothing about why it failed, nor which of several did (P1, P2, ruling 10).
fn unauthenticated(spec: &Spec, needs: Needs, reason: AuthReason) -> Answer<'static> {
    let (code, detail, error) = if reason == AuthReason::Missing {
        ("missing", "Credentials are required.", "")
    } else {
        (
            "invalid_token",
            "The credentials are not accepted.",
            ", error=\"invalid_token\"",
        )
    };
    Answer::new(
        StatusCode::UNAUTHORIZED,
        "urn:palisade:problem:unauthenticated",
        code,
        detail,
    )
    .challenging(spec, needs, error, "")
}

/// What the token must say next time is named, for the client to ask the issuer for (RFC 9470 §3).
fn again(spec: &Spec, wanted: &StepUp) -> Answer<'static> {
    let mut challenge = format!(
        "Bearer realm=\"{}\", error=\"insufficient_user_authentication\"",
        spec.realm
    );
    // Writing to a `String` does not fail.
    if let Some(seconds) = wanted.fresh {
        let _ = write!(challenge, ", max_age=\"{seconds}\"");
    }
    if !wanted.acr.is_empty() {
        let _ = write!(challenge, ", acr_values=\"{}\"", wanted.acr.join(" "));
    }
    Answer::new(
        StatusCode::UNAUTHORIZED,
        "urn:palisade:problem:step-up",
        "insufficient_user_authentication",
        "The caller must authenticate again.",
    )
    .with(WWW_AUTHENTICATE, challenge)
}

/// Scopes are named where some are declared, roles never (ruling 21).
fn insufficient(spec: &Spec, needs: Needs, scopes: &[&str]) -> Answer<'static> {
    let error = ", error=\"insufficient_scope\"";
    let mut bearer = String::from(error);
    if !scopes.is_empty() {
        // Writing to a `String` does not fail.
        let _ = write!(bearer, ", scope=\"{}\"", scopes.join(" "));
    }
    Answer::new(
        StatusCode::FORBIDDEN,
        "urn:palisade:problem:insufficient",
        "insufficient_scope",
        "The caller may not do this.",
    )
    .challenging(spec, needs, &bearer, error)
}

impl Answer<'_> {
    /// One challenge for each scheme of the operation, in document order (ruling 22); schemes of bearer tokens look the
    /// same from outside and share one.
    fn challenging(mut self, spec: &Spec, needs: Needs, bearer: &str, other: &str) -> Self {
        let (mut told, mut basic, mut mutual) = (false, false, false);
        for credential in needs.credentials() {
            let challenge = match credential {
                Credential::Token(_) if std::mem::replace(&mut told, true) => continue,
                Credential::Token(_) => format!("Bearer realm=\"{}\"{bearer}", spec.realm),
                // What is sent is UTF-8 (RFC 7617 §2.1).
                Credential::Password(_) if std::mem::replace(&mut basic, true) => continue,
                Credential::Password(_) => {
                    format!("Basic realm=\"{}\", charset=\"UTF-8\"{other}", spec.realm)
                }
                // No word is registered for it; the field may not be missing (RFC 9110 §15.5.2).
                Credential::Certificate(_) if std::mem::replace(&mut mutual, true) => continue,
                Credential::Certificate(_) => format!("MutualTLS realm=\"{}\"{other}", spec.realm),
                Credential::Key(key) => {
                    let Some(scheme) = spec.keys.get(key) else {
                        continue;
                    };
                    let (place, name) = match scheme.carrier {
                        Carrier::Header(name) => ("header", name),
                        Carrier::Query(name) => ("query", name),
                        Carrier::Cookie(name) => ("cookie", name),
                    };
                    format!(
                        "ApiKey realm=\"{}\", in=\"{place}\", name=\"{name}\"{other}",
                        spec.realm
                    )
                }
            };
            if let Ok(challenge) = HeaderValue::try_from(challenge) {
                self.headers.append(WWW_AUTHENTICATE, challenge);
            }
        }
        self
    }
}
