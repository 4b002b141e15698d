//! Claims as one scheme of the document wants them.

use crate::issue::claims::{self, number, render, word as text};
use crate::json::Value;
use crate::spec::Scheme;

use super::{DevError, Signer};

/// What a token shall say. Everything else (issuer, audience, times, names) follows from the scheme.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest {
    pub subject: String,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
    pub tenant: Option<String>,
    /// A name or a JSON Pointer, and JSON text; may replace any other claim.
    pub claims: Vec<(String, String)>,
    /// Seconds.
    pub ttl: u64,
}

impl TokenRequest {
    /// For `subject`, without roles, for 15 minutes.
    pub fn new(subject: impl Into<String>) -> Self {
        TokenRequest {
            subject: subject.into(),
            ttl: 900,
            ..TokenRequest::default()
        }
    }

    /// The claims as JSON text; `now` in seconds since 1970.
    pub fn claims(
        &self,
        scheme: &Scheme,
        issuer: &str,
        audience: &str,
        now: u64,
    ) -> Result<String, DevError> {
        let mut claims = Value::Object(Vec::new());
        let at = &scheme.claims;
        put(&mut claims, "/iss", text(issuer))?;
        put(&mut claims, at.subject, text(&self.subject))?;
        put(&mut claims, "/aud", text(audience))?;
        put(&mut claims, "/client_id", text("development"))?;
        put(&mut claims, "/iat", number(now))?;
        put(&mut claims, "/exp", number(now.saturating_add(self.ttl)))?;
        put(&mut claims, "/auth_time", number(now))?;
        put(&mut claims, "/jti", text(&uuid::Uuid::now_v7().to_string()))?;
        put(
            &mut claims,
            at.session,
            text(&uuid::Uuid::now_v7().to_string()),
        )?;
        if !self.roles.is_empty() {
            put(
                &mut claims,
                at.roles,
                Value::Array(self.roles.iter().map(|role| text(role)).collect()),
            )?;
        }
        if !self.scopes.is_empty() {
            put(&mut claims, at.scopes, text(&self.scopes.join(" ")))?;
        }
        if let Some(tenant) = &self.tenant {
            put(&mut claims, at.tenant, text(tenant))?;
        }
        for (name, json) in &self.claims {
            let value = Value::parse(json.as_bytes(), 32).map_err(|_| {
                DevError(format!(
                    "the claim {name} is no JSON; a string needs its quotes"
                ))
            })?;
            if name.starts_with('/') {
                put(&mut claims, name, value)?;
            } else {
                put(
                    &mut claims,
                    &format!("/{}", name.replace('~', "~0").replace('/', "~1")),
                    value,
                )?;
            }
        }
        let mut out = String::new();
        render(&claims, &mut out);
        Ok(out)
    }
}

/// Signs tokens that the verifier of one scheme accepts.
pub struct Minter {
    pub(crate) scheme: &'static Scheme,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) signer: Signer,
}

impl Minter {
    /// For tests and attacks; the service's own comes from [`crate::config::Config::minter`].
    pub fn new(scheme: &'static Scheme, issuer: &str, audience: &str, signer: Signer) -> Self {
        Minter {
            scheme,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            signer,
        }
    }

    /// A good token; `now` in seconds since 1970.
    pub fn token(&self, request: &TokenRequest, now: u64) -> Result<String, DevError> {
        let claims = request.claims(self.scheme, &self.issuer, &self.audience, now)?;
        Ok(self.signer.sign(&self.signer.header(self.scheme), &claims))
    }

    /// The key, to sign what is not good.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub fn audience(&self) -> &str {
        &self.audience
    }
}

/// Sets the value at a JSON Pointer; objects on the way are made.
fn put<'v>(root: &mut Value<'v>, pointer: &str, value: Value<'v>) -> Result<(), DevError> {
    claims::put(root, pointer, value)
        .ok_or_else(|| DevError(format!("there is no room for a claim at {pointer}")))
}
