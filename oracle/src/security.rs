//! `security` of OpenAPI and its schemes: an OR of ANDs.

use crate::tree::{Tree, flag, items, members, words};
use serde_json::Value;

/// A security scheme that `x-security.auth` has an entry for.
#[derive(Debug, Clone)]
pub struct Scheme {
    pub name: String,
    pub kind: SchemeKind,
    /// The variable its keys come from; none has those of passwords.
    pub variable: String,
    /// The service signs with them too, so they are private.
    pub issued: bool,
    /// Roles that every credential of the scheme gives.
    pub roles: Vec<String>,
    /// Where several are needed together, it says who the caller is.
    pub identity: bool,
}

#[derive(Debug, Clone)]
pub enum SchemeKind {
    Token {
        issuer: String,
        audience: String,
        algorithm: String,
        /// JSON Pointers of subject, roles, scopes and tenant.
        claims: [String; 4],
    },
    Key {
        place: Place,
        name: String,
        /// What every key begins with.
        prefix: String,
    },
    /// HTTP Basic: what the hook says of a user and a password. It shares its field with tokens.
    Password,
}

/// Where a key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Header,
    Query,
    Cookie,
}

impl Scheme {
    pub fn is_token(&self) -> bool {
        matches!(self.kind, SchemeKind::Token { .. })
    }

    /// Whether its credentials stand in `Authorization`.
    pub fn is_in_field(&self) -> bool {
        matches!(self.kind, SchemeKind::Token { .. } | SchemeKind::Password)
    }
}

/// One scheme of an alternative, and what it asks for beside a credential.
#[derive(Debug, Clone)]
pub struct Use {
    pub scheme: String,
    pub scopes: Vec<String>,
    pub roles: Vec<String>,
}

/// All of these; nothing at all is `{}`.
pub type Alternative = Vec<Use>;

pub(crate) fn schemes(tree: &Tree<'_>) -> Result<Vec<Scheme>, String> {
    let mut schemes = Vec::new();
    for (name, entry) in members(tree.at("/x-security/auth")) {
        let declared = tree
            .at("/components/securitySchemes")
            .and_then(|all| all.get(name))
            .ok_or(format!("auth names no scheme: {name}"))?;
        let declared = tree.resolve(declared)?;
        let word = |key: &str| declared.get(key).and_then(Value::as_str);
        let text = |key: &str| {
            let text = words(entry.get(key)).into_iter().next();
            text.ok_or(format!("auth.{name} has no {key}"))
        };
        let claim = |key: &str, default: &str| {
            let pointer = entry.get("claims").and_then(|claims| claims.get(key));
            pointer
                .and_then(Value::as_str)
                .unwrap_or(default)
                .to_owned()
        };
        let kind = match (word("type"), word("in")) {
            (Some("http"), _)
                if word("scheme").is_some_and(|name| name.eq_ignore_ascii_case("basic")) =>
            {
                text("reason")?;
                SchemeKind::Password
            }
            (Some("http" | "oauth2" | "openIdConnect"), _) => SchemeKind::Token {
                issuer: text("issuer")?,
                audience: text("audience")?,
                algorithm: text("algorithms")?,
                claims: [
                    claim("subject", "/sub"),
                    claim("roles", "/roles"),
                    claim("scopes", "/scope"),
                    claim("tenant", "/tenant"),
                ],
            },
            (Some("apiKey"), Some(place @ ("header" | "query" | "cookie"))) => SchemeKind::Key {
                place: match place {
                    "header" => Place::Header,
                    "query" => Place::Query,
                    _ => Place::Cookie,
                },
                name: word("name").unwrap_or_default().to_owned(),
                prefix: words(entry.get("prefix")).concat(),
            },
            other => return Err(format!("scheme {name} is {other:?}")),
        };
        let issued = entry
            .get("keys")
            .and_then(|keys| keys.get("source"))
            .is_some_and(|source| source == "issued");
        let keys = match (&kind, issued) {
            // A hook knows them, and no variable.
            (SchemeKind::Password, _) => "env:".to_owned(),
            (_, true) => words(entry.get("keys").and_then(|keys| keys.get("from"))).concat(),
            (_, false) => text("keys")?,
        };
        let variable = keys.strip_prefix("env:").ok_or(format!("keys: {keys}"))?;
        schemes.push(Scheme {
            name: name.clone(),
            kind,
            variable: variable.to_owned(),
            issued,
            roles: words(entry.get("roles")),
            identity: flag(entry, "identity"),
        });
    }
    // Which of them a bearer token is for, only a contract about issuers could say.
    let tokens = schemes.iter().filter(|scheme| scheme.is_token());
    match tokens.count() {
        0 | 1 => Ok(schemes),
        _ => Err("several schemes with tokens".to_owned()),
    }
}

/// The alternatives that hold for an operation: its own, else those of the root.
pub(crate) fn alternatives(tree: &Tree<'_>, operation: &Value) -> Vec<Alternative> {
    let security = operation.get("security").or(tree.at("/security"));
    let uses = |alternative: &Value| -> Alternative {
        members(Some(alternative))
            .map(|(scheme, list)| {
                let kind = tree
                    .at("/components/securitySchemes")
                    .and_then(|all| all.get(scheme))
                    .and_then(|each| each.get("type"))
                    .and_then(Value::as_str);
                let (scopes, roles) = match kind {
                    Some("oauth2" | "openIdConnect") => (words(Some(list)), Vec::new()),
                    // From OpenAPI 3.1 on, the list of any other scheme names roles.
                    _ => (Vec::new(), words(Some(list))),
                };
                Use {
                    scheme: scheme.clone(),
                    scopes,
                    roles,
                }
            })
            .collect()
    };
    items(security).map(uses).collect()
}
