//! Cross-origin reads: exact origins only, answered the same way whatever the guards say (P90 to P92, rulings 29 to 32).

use axum::body::Body;
use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};
use http::{Method, StatusCode};

use crate::config::ConfigError;
use crate::routes;
use crate::routes::Node;
use crate::spec::{self, Carrier, Credential, Policy};

pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
    /// `*`, without credentials.
    any: bool,
    credentials: bool,
    max_age: Option<HeaderValue>,
    expose: Option<HeaderValue>,
}

impl Cors {
    pub(crate) fn new(spec: &spec::Cors, origins: &[String]) -> Result<Self, ConfigError> {
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|_| ConfigError::new("cors", "cannot be sent in a header"))
        };
        let any = origins.iter().any(|origin| origin == "*");
        if any && spec.credentials {
            return Err(ConfigError::new(
                "cors.origins",
                "`*` cannot go with credentials",
            ));
        }
        Ok(Cors {
            origins: origins
                .iter()
                .map(|origin| value(origin))
                .collect::<Result<_, _>>()?,
            any,
            credentials: spec.credentials,
            max_age: spec.max_age.map(HeaderValue::from),
            expose: if spec.expose.is_empty() {
                None
            } else {
                Some(value(&spec.expose.join(", "))?)
            },
        })
    }

    /// Lets a listed origin read the answer. Anything else gets nothing: no comparison but equality is made, so neither
    /// prefixes nor `null` nor another scheme or port can pass.
    pub(crate) fn stamp(&self, request: &HeaderMap, answer: &mut HeaderMap) {
        if self.admit(request, answer)
            && let Some(expose) = &self.expose
        {
            answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, expose.clone());
        }
    }

    /// Whether the origin is listed; then the answer says so.
    fn admit(&self, request: &HeaderMap, answer: &mut HeaderMap) -> bool {
        let mut given = request.get_all(ORIGIN).iter();
        let Some(origin) = given.next() else {
            return false;
        };
        // guard: cors-origin-once
        if given.next().is_some() {
            return false;
        }
        // guard: cors-origin
        if !self.any && !self.origins.contains(origin) {
            return false;
        }
        let allowed = if self.any {
            HeaderValue::from_static("*")
        } else {
            origin.clone()
        };
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        if self.credentials {
            answer.insert(
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            );
        }
        true
    }

    /// The answer to a preflight of a declared path, and whether the question was granted.
    pub(crate) fn preflight(
        &self,
        spec: &spec::Spec,
        node: &Node,
        request: &HeaderMap,
    ) -> (Response, bool) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let answer = response.headers_mut();
        if !self.admit(request, answer) {
            return (response, false);
        }
        let wanted = request
            .get(ACCESS_CONTROL_REQUEST_METHOD)
            .and_then(|wanted| wanted.to_str().ok());
        let operation = wanted.and_then(|wanted| routes::operation(node, wanted));
        let Some(policy) = operation.and_then(|operation| spec.operations.get(operation)) else {
            return (response, false);
        };
        let methods = node
            .methods
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", ");
        if let Ok(methods) = HeaderValue::try_from(methods) {
            answer.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        let headers = headers(spec, policy).join(", ");
        if !headers.is_empty()
            && let Ok(headers) = HeaderValue::try_from(headers)
        {
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        if let Some(age) = &self.max_age {
            answer.insert(ACCESS_CONTROL_MAX_AGE, age.clone());
        }
        (response, true)
    }
}

/// Whether a request asks before it sends (Fetch §3.2.2).
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The fields a page may send to an operation (ruling 30).
fn headers(spec: &spec::Spec, policy: &'static Policy) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = policy
        .input
        .header
        .iter()
        .map(|field| field.name())
        .collect();
    if policy.body.is_some() {
        names.push("Content-Type");
    }
    for credential in policy.access.needs().credentials() {
        let name = match credential {
            Credential::Token(_) | Credential::Password(_) => "Authorization",
            // It is no field.
            Credential::Certificate(_) => continue,
            Credential::Key(key) => match spec.keys.get(key).map(|scheme| scheme.carrier) {
                Some(Carrier::Header(name)) => name,
                _ => continue,
            },
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
