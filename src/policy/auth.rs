//! `auth`: how the tokens of each security scheme are verified.

use super::api_keys;
use super::certificates;
use super::codes;
use super::gaps;
use super::keys;
use super::model::{CertificateScheme, Claims, KeyScheme, PasswordScheme, Role, Scheme, Setting};
use super::passwords;
use super::reader::{self, Fields};
use super::report::Report;
use super::units;
use super::vocabulary::{ALGORITHMS, CLAIMS, ENTRY, MOST_LEEWAY, MOST_TOKEN_BYTES, PROFILES, Word};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node};
use crate::openapi::{Api, SchemeKind};

/// What `auth` says, by what verifies it.
#[derive(Default)]
pub(super) struct Entries {
    pub schemes: Vec<Scheme>,
    pub keys: Vec<KeyScheme>,
    pub passwords: Vec<PasswordScheme>,
    pub certificates: Vec<CertificateScheme>,
}

/// Reads `x-security.auth`.
pub(super) fn read(node: &Node, api: &Api, roles: &[Role], report: &mut Report) -> Entries {
    let Some(map) = reader::entries(node, "`auth`", report) else {
        return Entries::default();
    };
    let mut schemes: Vec<Scheme> = Vec::new();
    let mut keys: Vec<KeyScheme> = Vec::new();
    let mut passwords: Vec<PasswordScheme> = Vec::new();
    let mut certificates: Vec<CertificateScheme> = Vec::new();
    for (key, node) in &map.entries {
        let Some((_, declared)) = api
            .security_schemes
            .iter()
            .find(|(name, _)| name.value == key.text)
        else {
            let help = reader::near(
                &key.text,
                api.security_schemes
                    .iter()
                    .map(|(name, _)| name.value.as_str()),
            );
            let message = format!("`{}` is not a security scheme of this document", key.text);
            report.error(codes::SCHEME_UNDECLARED, key.place, message, help);
            continue;
        };
        match &declared.kind {
            SchemeKind::Http { scheme } if scheme == "bearer" => {}
            SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. } => {}
            SchemeKind::Http { scheme } if scheme == "basic" => {
                passwords.extend(passwords::entry(key, node, roles, report));
                continue;
            }
            SchemeKind::Http { .. } => {
                report.gap(&gaps::AUTH_HTTP, key.place);
                continue;
            }
            SchemeKind::ApiKey { location, name } => {
                keys.extend(api_keys::entry(key, node, (location, name), roles, report));
                continue;
            }
            SchemeKind::MutualTls => {
                certificates.extend(certificates::entry(key, node, roles, report));
                continue;
            }
        }
        if let Some(scheme) = entry(key, node, report) {
            one_family_an_issuer(&schemes, &scheme, report);
            schemes.push(scheme);
        }
    }
    Entries {
        schemes,
        keys,
        passwords,
        certificates,
    }
}

fn entry(key: &Key, node: &Node, report: &mut Report) -> Option<Scheme> {
    let map = reader::mapping(node, &ENTRY, report)?;
    let what = format!("the entry `{}` of `auth`", key.text);
    let need =
        |name: &str, report: &mut Report| reader::required(map, name, &what, key.place, report);
    // All are read before the first `?`: a person sees everything that is wrong at once.
    let issuer = need("issuer", report).and_then(|node| units::setting(node, "`issuer`", report));
    let audience = need("audience", report).and_then(|node| audience(node, report));
    let algorithms = need("algorithms", report).and_then(|node| algorithms(node, report));
    let family = algorithms.as_ref();
    let family = family
        .and_then(|names| names.first())
        .map(|name| symmetric(name));
    let keys = need("keys", report).and_then(|node| keys::read(node, family, report));
    let profile = optional(map, "profile", "accessToken", report, |node, report| {
        reader::choice(node, "`profile`", PROFILES, report)
    });
    let leeway = optional(map, "leeway", 30, report, leeway);
    let max_lifetime = optional(map, "maxLifetime", 3_600, report, |node, report| {
        units::seconds(node, "`maxLifetime`", false, report)
    });
    let max_bytes = optional(map, "maxBytes", 8 << 10, report, |node, report| {
        units::bytes(node, "`maxBytes`", MOST_TOKEN_BYTES, report)
    });
    let claims = claims(map.get("claims"), report);
    let identity = optional(map, "identity", false, report, |node, report| {
        if reader::boolean(node, "`identity`", report)? {
            return Some(true);
        }
        report.error(
            codes::IDENTITY,
            node.place,
            "`identity: false` leaves nobody to be the identity",
            "write `identity: true`, or leave it out",
        );
        None
    });
    Some(Scheme {
        name: key.text.clone(),
        place: key.place,
        issuer: issuer?,
        audience: audience?,
        algorithms: algorithms?,
        keys: keys?,
        access_token_profile: profile? == "accessToken",
        leeway_seconds: leeway?,
        max_lifetime_seconds: max_lifetime?,
        max_bytes: max_bytes?,
        claims: claims?,
        identity: identity?,
    })
}

/// The value of a key that may be left out; `None` only when it is there and wrong.
fn optional<'n, T>(
    map: Fields<'n>,
    key: &str,
    default: T,
    report: &mut Report,
    read: impl FnOnce(&'n Node, &mut Report) -> Option<T>,
) -> Option<T> {
    match map.get(key) {
        Some(node) => read(node, report),
        None => Some(default),
    }
}

fn leeway(node: &Node, report: &mut Report) -> Option<u32> {
    let seconds = units::seconds(node, "`leeway`", true, report)?;
    if seconds > MOST_LEEWAY {
        let message = format!("`leeway` is more than {MOST_LEEWAY}s");
        report.error(
            codes::DURATION,
            node.place,
            message,
            "write `60s` or less; set the clocks, not the leeway",
        );
        return None;
    }
    u32::try_from(seconds).ok()
}

fn audience(node: &Node, report: &mut Report) -> Option<Vec<Setting>> {
    if node.as_list().is_none() {
        return Some(vec![units::setting(node, "`audience`", report)?]);
    }
    reader::words(node, "`audience`", report)?;
    node.as_list()?
        .iter()
        .map(|item| units::setting(item, "`audience`", report))
        .collect()
}

fn algorithms(node: &Node, report: &mut Report) -> Option<Vec<String>> {
    let items = reader::list(node, "`algorithms`", report)?;
    let words = reader::words(node, "`algorithms`", report)?;
    let mut good = Vec::new();
    for (word, place) in &words {
        if word.eq_ignore_ascii_case("none") {
            let help = "name the algorithm the issuer signs with";
            report.error(
                codes::ALGORITHM_NONE,
                *place,
                "`none` verifies nothing",
                help,
            );
            continue;
        }
        match reader::word(word, ALGORITHMS) {
            Some(Word { gap: None, .. }) => good.push((*word, *place)),
            Some(Word { gap: Some(gap), .. }) => report.gap(gap, *place),
            None => {
                let help = reader::near(word, reader::enforced(ALGORITHMS));
                report.error(
                    codes::ALGORITHM,
                    *place,
                    format!("`{word}` is not an algorithm of JWA"),
                    help,
                );
            }
        }
    }
    let (first, first_place) = good.first()?;
    if let Some((other, place)) = good
        .iter()
        .find(|(other, _)| symmetric(other) != symmetric(first))
    {
        let message = format!(
            "`{first}` and `{other}` are of two families: one key would be both secret and public"
        );
        report.push(
            Diagnostic::new(codes::ALGORITHM_FAMILIES, *place, message)
                .related(*first_place, "the other family")
                .help("keep one family"),
        );
        return None;
    }
    if let (true, Some((second, place))) = (symmetric(first), good.get(1)) {
        let message = format!("`{first}` and `{second}` would share one secret");
        report.push(
            Diagnostic::new(codes::ALGORITHM_SECRET, *place, message)
                .related(*first_place, "the other one")
                .help("name one: a key is for one algorithm (RFC 8725, 3.1)"),
        );
        return None;
    }
    (good.len() == items.len()).then(|| good.iter().map(|(word, _)| (*word).to_owned()).collect())
}

fn symmetric(algorithm: &str) -> bool {
    algorithm.starts_with("HS")
}

/// P6 holds for an issuer, not for an entry.
fn one_family_an_issuer(schemes: &[Scheme], scheme: &Scheme, report: &mut Report) {
    let family = |each: &Scheme| each.algorithms.first().is_some_and(|name| symmetric(name));
    let other = schemes
        .iter()
        .find(|other| other.issuer == scheme.issuer && family(other) != family(scheme));
    if let Some(other) = other {
        let message = format!(
            "`{}` and `{}` have one issuer and algorithms of two families",
            other.name, scheme.name
        );
        report.push(
            Diagnostic::new(codes::ALGORITHM_FAMILIES, scheme.place, message)
                .related(other.place, "the other entry")
                .help("keep one family for each issuer"),
        );
    }
}

fn claims(node: Option<&Node>, report: &mut Report) -> Option<Claims> {
    let mut claims = Claims {
        subject: "/sub".to_owned(),
        roles: "/roles".to_owned(),
        scopes: "/scope".to_owned(),
        tenant: "/tenant".to_owned(),
        session: "/sid".to_owned(),
    };
    let Some(node) = node else {
        return Some(claims);
    };
    let map = reader::mapping(node, &CLAIMS, report)?;
    let mut whole = true;
    for (key, node) in map.entries() {
        let slot = match key.text.as_str() {
            "subject" => &mut claims.subject,
            "roles" => &mut claims.roles,
            "scopes" => &mut claims.scopes,
            "tenant" => &mut claims.tenant,
            "session" => &mut claims.session,
            _ => continue,
        };
        match reader::text(node, "a claim", report) {
            Some(text) if is_pointer(text) => *slot = text.to_owned(),
            Some(text) => {
                let message = format!("`{text}` is not a JSON Pointer");
                report.error(
                    codes::POINTER,
                    node.place,
                    message,
                    "write it like `/realm_access/roles`",
                );
                whole = false;
            }
            None => whole = false,
        }
    }
    whole.then_some(claims)
}

/// RFC 6901, not of the whole document.
pub(super) fn is_pointer(text: &str) -> bool {
    let mut rest = text.split('~');
    let first = rest.next().is_some_and(|first| first.starts_with('/'));
    first && text.len() > 1 && rest.all(|after| after.starts_with(['0', '1']))
}
