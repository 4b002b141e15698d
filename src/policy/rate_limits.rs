//! `rateLimits` and `rateLimit`: windows, what they are counted by, and the built-in ones.

use super::codes;
use super::gaps::{self, Gap};
use super::model::{By, RateLimit, RateUse};
use super::reader::{self, Fields};
use super::report::Report;
use super::units;
use super::vocabulary::syntax::FIELD;
use super::vocabulary::{COUNT_BY, COUNTS, MOST, ON_FAILURE, RATE_LIMIT, Word};
use crate::document::{Node, Place};

pub(crate) const STANDARD: &str = "standard";
pub(crate) const AUTH: &str = "auth";
pub(crate) const AUTH_ACCOUNT: &str = "authAccount";

/// Reads `x-security.rateLimits`; the built-in limits that are not declared again are added.
pub(super) fn read(node: Option<&Node>, report: &mut Report) -> Vec<RateLimit> {
    let mut limits = Vec::new();
    if let Some(map) = node.and_then(|node| reader::entries(node, "`rateLimits`", report)) {
        for (key, node) in &map.entries {
            if !is_name(&key.text) {
                let help = "use letters, digits, `-`, `_` and `.`: the name is sent in a field";
                report.error(
                    codes::WORD,
                    key.place,
                    "this cannot name a rate limit",
                    help,
                );
            }
            let limit = reader::mapping(node, &RATE_LIMIT, report)
                .and_then(|map| one(map, &key.text, key.place, report));
            if limit.is_none() {
                report.broken("rate limit", &key.text);
            }
            limits.extend(limit);
        }
    }
    for limit in [
        built_in(STANDARD, 100, 60, false),
        built_in(AUTH, 10, 900, true),
    ] {
        if !limits.iter().any(|other| other.name == limit.name) {
            limits.push(limit);
        }
    }
    limits
}

fn built_in(name: &str, limit: u32, window_seconds: u64, failures_only: bool) -> RateLimit {
    RateLimit {
        name: name.to_owned(),
        place: None,
        limit,
        window_seconds,
        by: vec![if failures_only { By::Ip } else { By::Subject }],
        failures_only,
        deny_without_store: failures_only,
    }
}

/// The built-in limit by address and account (ruling 13); `account` is the member that names it.
pub(crate) fn auth_account(account: &str) -> RateLimit {
    RateLimit {
        by: vec![By::Ip, By::Field(account.to_owned())],
        ..built_in(AUTH_ACCOUNT, 10, 900, true)
    }
}

/// It becomes part of the `RateLimit` fields.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn one(map: Fields, name: &str, place: Place, report: &mut Report) -> Option<RateLimit> {
    let what = format!("the rate limit `{name}`");
    let need = |key: &str, report: &mut Report| reader::required(map, key, &what, place, report);
    let limit = need("limit", report)
        .and_then(|node| reader::count(node, "`limit`", 1, MOST, report))
        .and_then(|limit| u32::try_from(limit).ok());
    let window =
        need("window", report).and_then(|node| units::seconds(node, "`window`", false, report));
    let by = need("by", report).and_then(|node| by(node, report));
    let failures = match map.get("count") {
        Some(node) => {
            reader::choice(node, "`count`", COUNTS, report).map(|word| word == "failures")
        }
        None => Some(false),
    };
    let deny = match map.get("onFailure") {
        Some(node) => {
            reader::choice(node, "`onFailure`", ON_FAILURE, report).map(|word| word == "deny")
        }
        None => failures,
    };
    Some(RateLimit {
        name: name.to_owned(),
        place: Some(place),
        limit: limit?,
        window_seconds: window?,
        by: by?,
        failures_only: failures?,
        deny_without_store: deny?,
    })
}

fn by(node: &Node, report: &mut Report) -> Option<Vec<By>> {
    let words = reader::words(node, "`by`", report)?;
    let parts: Vec<By> = words
        .iter()
        .filter_map(|(word, place)| part(word, *place, report))
        .collect();
    if parts.len() != words.len() {
        return None;
    }
    let by_input = parts.iter().any(|part| matches!(part, By::Field(_)));
    if by_input
        && !parts
            .iter()
            .any(|part| matches!(part, By::Ip | By::Subject))
    {
        report.error(
            codes::LIMIT_LOCKS_OUT,
            node.place,
            "a limit by what is sent alone lets anyone lock others out",
            "count by `ip` or `subject` as well: `[ip, field:/name]`",
        );
        return None;
    }
    Some(parts)
}

fn part(word: &str, place: Place, report: &mut Report) -> Option<By> {
    let mut refuse = |gap: &Gap| {
        report.gap(gap, place);
        None
    };
    if let Some(Word { gap: Some(gap), .. }) = reader::word(word, COUNT_BY) {
        return refuse(gap);
    }
    match word {
        "ip" => Some(By::Ip),
        "subject" => Some(By::Subject),
        "tenant" => Some(By::Tenant),
        "apiKey" => Some(By::ApiKey),
        "all" => Some(By::All),
        _ if word.starts_with("parameter:") => refuse(&gaps::BY_PARAMETER),
        _ => {
            let Some(pointer) = word.strip_prefix("field:") else {
                let help = reader::near(word, reader::enforced(COUNT_BY).chain([FIELD.example]));
                report.error(
                    codes::WORD,
                    place,
                    format!("a limit cannot be counted by `{word}`"),
                    help,
                );
                return None;
            };
            match pointer.strip_prefix('/') {
                Some(name) if name.contains(['/', '*']) => refuse(&gaps::BY_NESTED_FIELD),
                Some(name) if !name.is_empty() => match unescape(name) {
                    Some(name) => Some(By::Field(name)),
                    None => bad_pointer(place, report),
                },
                _ => bad_pointer(place, report),
            }
        }
    }
}

fn bad_pointer<T>(place: Place, report: &mut Report) -> Option<T> {
    report.error(
        codes::POINTER,
        place,
        "`field:` takes a JSON Pointer",
        "write it like `field:/email`",
    );
    None
}

/// One token of a JSON Pointer (RFC 6901).
fn unescape(token: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = token.chars();
    while let Some(c) = chars.next() {
        text.push(match (c, c == '~') {
            (_, true) => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            (c, false) => c,
        });
    }
    Some(text)
}

/// Reads `rateLimit` of an operation: names, or a limit written out.
pub(super) fn used(node: &Node, declared: &[RateLimit], report: &mut Report) -> Option<RateUse> {
    if node.as_map().is_some() {
        let map = reader::mapping(node, &RATE_LIMIT, report)?;
        return one(map, "of this operation", node.place, report).map(RateUse::Inline);
    }
    let words = reader::words(node, "`rateLimit`", report)?;
    let mut whole = true;
    for (name, place) in &words {
        let known = declared.iter().any(|limit| limit.name == *name) || *name == AUTH_ACCOUNT;
        if !known && report.is_broken("rate limit", name) {
            whole = false;
        } else if !known {
            let names = declared
                .iter()
                .map(|limit| limit.name.as_str())
                .chain([AUTH_ACCOUNT]);
            let message = format!("the rate limit `{name}` is not declared");
            report.error(
                codes::LIMIT_UNDECLARED,
                *place,
                message,
                reader::near(name, names),
            );
            whole = false;
        }
    }
    whole.then(|| {
        RateUse::Named(
            words
                .iter()
                .map(|(name, place)| ((*name).to_owned(), *place))
                .collect(),
        )
    })
}
