//! The root `x-security`: how the tokens of each scheme in use are verified, and which roles `security` names.

use super::propose::{Notes, used_schemes};
use super::written::{Member, Written};
use crate::document::{Map, Node};
use crate::outline::{EXTENSION, Outline};
use heck::ToShoutySnakeCase;

/// So that a long title stays a name that a person can type.
const LONGEST: usize = 30;

/// The whole object, with the `resources` that were found.
pub(super) fn member(outline: &Outline, resources: Vec<Member>, notes: &mut Notes) -> Member {
    let mut members = vec![Member::new("version", Written::Number(1))];
    members.extend(auth(outline, notes));
    let roles = roles(outline, notes);
    if !roles.is_empty() {
        members.push(Member::new("roles", Written::Map(roles)));
    }
    if !resources.is_empty() {
        let resources = Member::new("resources", Written::Map(resources));
        members.push(resources.under(
            "What the path parameters identify. Every caller gets at their own objects only: `bypass: [role]` lets roles by.",
        ));
    }
    Member::new(EXTENSION, Written::Map(members))
}

fn auth(outline: &Outline, notes: &mut Notes) -> Vec<Member> {
    let used = used_schemes(outline);
    let verified: Vec<&str> = used
        .iter()
        .copied()
        .filter(|name| unverified(outline, name).is_none())
        .collect();
    let prefix = prefix(outline);
    let mut entries = Vec::new();
    let mut comments = Vec::new();
    for name in used {
        if let Some(why) = unverified(outline, name) {
            notes.decide.push(format!(
                "auth.{name}: {why}; operations that only it guards stay denied"
            ));
            comments.push(format!(
                "No entry for {name}: {why}. Operations that only it guards are denied."
            ));
            continue;
        }
        let own = match verified.as_slice() {
            [_] => prefix.clone(),
            _ => format!("{prefix}_{}", name.to_shouty_snake_case()),
        };
        let variable = |what: &str| Written::Text(format!("env:{own}_{what}"));
        if is_api_key(outline, name) {
            let list = "JSON: a list of {id, sha256, roles}; `sha256` is the hexadecimal digest of the key.";
            let keys = Member::new("keys", variable("KEYS")).under(list);
            entries.push(Member::new(name, Written::Map(vec![keys])));
            notes.proposed.push(format!(
                "auth.{name}: API keys of the list in {own}_KEYS; the caller is the `id`"
            ));
            continue;
        }
        let algorithms = Member::new("algorithms", Written::Words(vec!["RS256".to_owned()]));
        let members = vec![
            Member::new("issuer", variable("ISSUER")),
            Member::new("audience", variable("AUDIENCE")),
            algorithms.under("What the issuer signs with: RS256, ES256, EdDSA or HS256."),
            Member::new("keys", variable("KEYS")).under("A JWK set, PEM, or with HS256 a secret."),
        ];
        entries.push(Member::new(name, Written::Map(members)));
        notes.proposed.push(format!(
            "auth.{name}: tokens are JWTs of the issuer in {own}_ISSUER for {own}_AUDIENCE, verified with {own}_KEYS"
        ));
        notes.decide.push(format!(
            "auth.{name}: RS256 is a guess; write what the issuer signs with, and `profile: jwt` if its tokens are not `typ: at+jwt` (RFC 9068)"
        ));
    }
    if entries.is_empty() {
        return comments.into_iter().map(Member::comment).collect();
    }
    let mut auth = Member::new("auth", Written::Map(entries));
    auth.comments = comments;
    vec![auth]
}

/// Why no entry is possible for a scheme.
pub(super) fn unverified(outline: &Outline, name: &str) -> Option<&'static str> {
    let scheme = scheme(outline, name);
    let text = |key: &str| scheme.and_then(|map| map.get(key)).and_then(Node::as_str);
    let bearer = |scheme: &str| scheme.eq_ignore_ascii_case("bearer");
    match text("type") {
        Some("oauth2" | "openIdConnect") => None,
        Some("http") if text("scheme").is_some_and(bearer) => None,
        Some("http")
            if text("scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic")) =>
        {
            Some(
                "a password goes with every request; its entry needs a `reason`, and a hook of yours verifies it",
            )
        }
        Some("http") => {
            Some("palisade verifies bearer tokens and passwords, not this HTTP authentication")
        }
        Some("apiKey") if text("in") == Some("query") => {
            Some("keys in addresses end up in logs; its entry needs a `reason`, beside `keys`")
        }
        Some("apiKey") => None,
        Some("mutualTLS") => Some(
            "certificates need `network: { tls: terminate }`, and an entry with `subject: san-uri`, `san-dns` or `cn`",
        ),
        _ => Some("it is not declared in a way that palisade reads"),
    }
}

fn is_api_key(outline: &Outline, name: &str) -> bool {
    let kind = scheme(outline, name).and_then(|map| map.get("type"));
    kind.and_then(Node::as_str) == Some("apiKey")
}

fn scheme<'d>(outline: &Outline<'d>, name: &str) -> Option<&'d Map> {
    outline.component("securitySchemes", name)?.as_map()
}

/// From 3.1 on, `security` names roles where the scheme has no scopes (ruling 27).
fn roles(outline: &Outline, notes: &mut Notes) -> Vec<Member> {
    let version = outline.root.get("openapi").and_then(Node::as_str);
    if version.is_none_or(|version| version.starts_with("3.0")) {
        return Vec::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for (_, operation) in outline.operations() {
        let alternatives = outline.security(operation).and_then(Node::as_list);
        let maps = alternatives
            .unwrap_or_default()
            .iter()
            .filter_map(Node::as_map);
        for (scheme_name, list) in maps.flat_map(|map| &map.entries) {
            let kind = scheme(outline, &scheme_name.text).and_then(|map| map.get("type"));
            if matches!(
                kind.and_then(Node::as_str),
                Some("oauth2" | "openIdConnect")
            ) {
                continue;
            }
            for name in list
                .as_list()
                .unwrap_or_default()
                .iter()
                .filter_map(Node::as_str)
            {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    if !names.is_empty() {
        notes.proposed.push(format!(
            "roles: {} that `security` names; none includes another",
            names.len()
        ));
    }
    let role = |name: &&str| Member::new(name, Written::Short(Vec::new()));
    names.iter().map(role).collect()
}

/// The title as the beginning of the name of a variable.
fn prefix(outline: &Outline) -> String {
    let title = outline.root.get("info").and_then(Node::as_map);
    let title = title
        .and_then(|map| map.get("title"))
        .and_then(Node::as_str);
    let kept: String = title
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let name = kept.to_shouty_snake_case();
    let mut prefix = String::new();
    for word in name.split('_') {
        if !prefix.is_empty() && prefix.len().saturating_add(word.len()) >= LONGEST {
            break;
        }
        if !prefix.is_empty() {
            prefix.push('_');
        }
        prefix.push_str(word);
    }
    match prefix.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => prefix,
        false => "API".to_owned(),
    }
}
