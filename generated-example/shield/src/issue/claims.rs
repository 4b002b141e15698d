//! Claims as one scheme of the document looks for them.

use crate::json::Value;
use crate::spec::Claims;
use crate::store::Grant;

/// What an access token says beside who it is for.
pub(super) struct Said<'a> {
    pub issuer: &'a str,
    pub audience: &'a str,
    pub session: &'a str,
    pub token: &'a str,
    /// Seconds since 1970.
    pub now: u64,
    pub lifetime: u64,
}

/// The claims as JSON text. `None`: two of the scheme's pointers lead to one place.
pub(super) fn text(at: &Claims, grant: &Grant, said: &Said<'_>) -> Option<String> {
    let mut claims = Value::Object(Vec::new());
    let mut set = |pointer: &str, value| put(&mut claims, pointer, value);
    set("/iss", word(said.issuer))?;
    set("/aud", word(said.audience))?;
    // RFC 9068 §2.2 demands one; who signs in here is a client of this very service.
    set("/client_id", word(said.audience))?;
    set("/iat", number(said.now))?;
    set("/exp", number(said.now.saturating_add(said.lifetime)))?;
    set("/jti", word(said.token))?;
    set(at.session, word(said.session))?;
    set(at.subject, word(&grant.subject))?;
    if !grant.roles.is_empty() {
        set(
            at.roles,
            Value::Array(grant.roles.iter().map(|role| word(role)).collect()),
        )?;
    }
    if !grant.scopes.is_empty() {
        set(at.scopes, word(&grant.scopes.join(" ")))?;
    }
    if let Some(tenant) = &grant.tenant {
        set(at.tenant, word(tenant))?;
    }
    // What step-up looks at (RFC 9470): a session that is renewed is not one that has signed in again.
    set("/auth_time", number(grant.authenticated))?;
    if let Some(class) = &grant.class {
        set("/acr", word(class))?;
    }
    let mut out = String::new();
    render(&claims, &mut out);
    Some(out)
}

pub(crate) fn word(text: &str) -> Value<'static> {
    Value::String(text.to_owned().into())
}

pub(crate) fn number(number: u64) -> Value<'static> {
    Value::Number(number.to_string().into())
}

/// Sets the value at a JSON Pointer; objects on the way are made. `None`: there is no room for it.
pub(crate) fn put<'v>(root: &mut Value<'v>, pointer: &str, value: Value<'v>) -> Option<()> {
    let mut place = root;
    for token in pointer.strip_prefix('/')?.split('/') {
        let name = token.replace("~1", "/").replace("~0", "~");
        let Value::Object(members) = place else {
            return None;
        };
        let at = match members.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                members.push((name.into(), Value::Object(Vec::new())));
                members.len() - 1
            }
        };
        place = members.get_mut(at).map(|(_, value)| value)?;
    }
    *place = value;
    Some(())
}

pub(crate) fn render(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(lexeme) => out.push_str(lexeme),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                render(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(name));
                out.push(':');
                render(value, out);
            }
            out.push('}');
        }
    }
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\0'..='\x1f' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
