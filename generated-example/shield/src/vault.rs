//! References into HashiCorp Vault, or what speaks like it: `vault:PATH#FIELD`, read over its HTTP API (P99, P100).
//!
//! PATH is the path of the API behind `/v1/`, so `secret/data/api` for the second version of the key-value engine and
//! `kv/api` for the first; which of the two answered is told by its answer. The client is the one for JWK sets, with its
//! bounds: five seconds, 64 KiB, no redirect. That Vault may be in a private network is said by who names it: `VAULT_ADDR`
//! comes from whoever runs the service, never from the document or a caller.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use http::header::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::config::content;
use crate::json::Value;
use crate::jwks::{Address, Client};
use crate::secret::Secret;

const TOKEN: HeaderName = HeaderName::from_static("x-vault-token");
const NAMESPACE: HeaderName = HeaderName::from_static("x-vault-namespace");
/// Asks an agent before Vault not to pass on what a page of somebody else's sends.
const REQUEST: HeaderName = HeaderName::from_static("x-vault-request");

/// An answer holds `data` in `data`, and in it fields of plain text.
const DEPTH: u32 = 16;

/// A Vault, and who asks it.
pub(crate) struct Vault {
    at: Address,
    client: Client,
    token: Token,
    namespace: Option<HeaderValue>,
}

/// What is shown to it.
pub(crate) enum Token {
    Text(Secret),
    /// Read for every question: an agent writes a new one before the old one ends.
    File(PathBuf),
}

impl Vault {
    /// The error is the rest of a sentence about the variable that comes first.
    ///
    /// # Errors
    ///
    /// No address that may be asked, a namespace that cannot be sent, no root certificates.
    pub fn new(
        address: &str,
        token: Token,
        namespace: Option<&str>,
        production: bool,
    ) -> Result<Self, (&'static str, String)> {
        let wrong = |what: &str| ("VAULT_ADDR", what.to_owned());
        let at = Address::parse_as(address.trim_end_matches('/'), production, "Vault")
            .map_err(|what| wrong(&what))?;
        if at.target() != "/" {
            return Err(wrong("has a path; it is the address alone"));
        }
        let namespace = match namespace {
            None | Some("") => None,
            Some(name) => Some(
                HeaderValue::from_str(name)
                    .map_err(|_| ("VAULT_NAMESPACE", "cannot be sent".to_owned()))?,
            ),
        };
        Ok(Vault {
            client: Client::new(&at).map_err(|what| wrong(&what))?,
            at,
            token,
            namespace,
        })
    }

    /// What the reference leads to now. The error is the rest of a sentence about it, without anything that was read.
    ///
    /// # Errors
    ///
    /// Vault does not answer, or not with this.
    pub async fn read(&self, reference: &str) -> Result<String, String> {
        let (path, field) = reference.split_once('#').ok_or("is no path with a field")?;
        let at = self
            .at
            .at(&format!("/v1/{path}"))
            .ok_or("has an odd path")?;
        let mut token = HeaderValue::from_str(self.token()?.expose())
            .map_err(|_| "cannot be asked for: the token cannot be sent")?;
        token.set_sensitive(true);
        let mut fields = vec![(TOKEN, token), (REQUEST, HeaderValue::from_static("true"))];
        fields.extend(self.namespace.clone().map(|name| (NAMESPACE, name)));
        let text = Zeroizing::new(self.client.get_with(&at, true, &fields).await?);
        field_of(&text, field)
    }

    fn token(&self) -> Result<Secret, String> {
        let path = match &self.token {
            Token::Text(text) => return Ok(Secret::new(text.expose().trim())),
            Token::File(path) => path,
        };
        let text = content("VAULT_TOKEN_FILE", path).map_err(|error| {
            format!("cannot be asked for: {}: {}", error.variable, error.message)
        })?;
        Ok(Secret::new(text.trim()))
    }

    /// The same, from where nothing can be waited for: when the service starts.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`].
    pub fn read_now(self: &Arc<Self>, reference: &'static str) -> Result<String, String> {
        let vault = self.clone();
        // A thread of its own: whoever starts the service may be inside of a runtime already.
        let asking = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| format!("cannot be asked for: {error}"))?;
            runtime.block_on(vault.read(reference))
        });
        asking
            .join()
            .unwrap_or_else(|_| Err("could not be asked for".to_owned()))
    }
}

/// The field of the secret in an answer of either version of the engine, without one newline at its end.
fn field_of(text: &str, field: &str) -> Result<String, String> {
    let answer = Value::parse(text.as_bytes(), DEPTH)
        .map_err(|_| "is not told in JSON as Vault answers".to_owned())?;
    let data = member(&answer, "data").ok_or("is no secret of the key-value engine")?;
    // The second version tells about the secret beside it.
    let fields = match (member(data, "data"), member(data, "metadata")) {
        (Some(inner @ Value::Object(_)), Some(Value::Object(_))) => inner,
        _ => data,
    };
    let value = member(fields, field).ok_or("has no such field")?;
    let text = value.as_str().ok_or("has a field that is no text")?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    match text.trim().is_empty() {
        true => Err("has a field that is empty".to_owned()),
        false => Ok(text.to_owned()),
    }
}

fn member<'v>(value: &'v Value<'_>, name: &str) -> Option<&'v Value<'v>> {
    match value {
        Value::Object(members) => {
            let mut members = members.iter();
            members
                .find(|(known, _)| **known == *name)
                .map(|(_, value)| value)
        }
        _ => None,
    }
}
