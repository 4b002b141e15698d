//! Values of the policy in the words of the vocabulary: for programs and for people.

use crate::document::Place;
use crate::plan;
use crate::policy::{
    Access, By, Expression, Flow, How, IdAt, Means, Need, Owns, Policy, RateLimit, RateUse,
};
use serde_json::{Value, json};

type Shown = (Value, String);

/// `public`, `authenticated`, `denied`, or what a caller must have.
pub(super) fn access(access: &Access, policy: &Policy) -> Shown {
    let word = |word: &str| (json!(word), word.to_owned());
    match access {
        Access::Denied { why } => (json!("denied"), format!("denied: {why}")),
        Access::Public { reason } => (json!("public"), format!("public: {reason}")),
        Access::Optional(need) => {
            let (value, text) = by(need, policy);
            let mut all = serde_json::Map::new();
            all.insert("optional".to_owned(), json!(true));
            all.extend(value);
            (Value::Object(all), format!("optional{text}"))
        }
        Access::Caller(need) if only(need) && !need.is_selective() && !is_further(need) => {
            word("authenticated")
        }
        Access::Caller(need) if only(need) => {
            let demand = need.demands().next();
            let (sets, scopes) =
                demand.map_or_else(Default::default, |one| (one.roles, one.scopes));
            let mut value = serde_json::Map::new();
            let mut texts = holds(&sets, &scopes, policy, &mut value);
            texts.extend(further(need, &mut value));
            (Value::Object(value), texts.join("; "))
        }
        Access::Caller(need) => {
            let mut value = serde_json::Map::new();
            let scopes: Vec<&str> = need.scopes.iter().map(String::as_str).collect();
            let mut texts = holds(&need.roles, &scopes, policy, &mut value);
            texts.extend(further(need, &mut value));
            if texts.is_empty() {
                texts.push("authenticated".to_owned());
            }
            let (alternatives, text) = by(need, policy);
            value.extend(alternatives);
            (Value::Object(value), format!("{}{text}", texts.join("; ")))
        }
    }
}

/// Whether there is one scheme, which `security` shows by itself.
fn only(need: &Need) -> bool {
    matches!(need.alternatives.as_slice(), [one] if one.asks.len() == 1)
}

/// Whether more is asked than credentials, roles and scopes.
fn is_further(need: &Need) -> bool {
    need.policy.is_some() || need.is_step_up()
}

/// A policy, an age, a class: into `value` and in words.
fn further(need: &Need, value: &mut serde_json::Map<String, Value>) -> Vec<String> {
    let mut texts = Vec::new();
    if let Some(policy) = &need.policy {
        texts.push(in_words_of(policy));
        value.insert("policy".to_owned(), json!(short(policy)));
    }
    if let Some(fresh) = need.fresh {
        texts.push(format!("authenticated within {}", seconds(fresh)));
        value.insert("fresh".to_owned(), json!(seconds(fresh)));
    }
    if !need.acr.is_empty() {
        texts.push(format!("authenticated by {}", need.acr.join(" or ")));
        value.insert("acr".to_owned(), json!(need.acr));
    }
    texts
}

/// Roles and scopes, into `value` and in words.
fn holds(
    sets: &[u64],
    scopes: &[&str],
    policy: &Policy,
    value: &mut serde_json::Map<String, Value>,
) -> Vec<String> {
    let sets: Vec<Vec<&str>> = sets.iter().map(|set| roles(*set, policy)).collect();
    let mut texts: Vec<String> = sets.iter().map(|set| set.join(" or ")).collect();
    if !scopes.is_empty() {
        texts.push(format!("scope {}", scopes.join(" and ")));
        value.insert("scopes".to_owned(), json!(scopes));
    }
    if !sets.is_empty() {
        value.insert("roles".to_owned(), json!(sets));
    }
    texts
}

/// The alternatives, each with its schemes and who of them is the caller.
fn by(need: &Need, policy: &Policy) -> (serde_json::Map<String, Value>, String) {
    let (mut values, mut texts) = (Vec::new(), Vec::new());
    for alternative in &need.alternatives {
        let mut schemes = Vec::new();
        let mut words = Vec::new();
        for asks in &alternative.asks {
            let name = name(asks.means, policy);
            let mut value = serde_json::Map::new();
            value.insert("scheme".to_owned(), json!(name));
            let scopes: Vec<&str> = asks.scopes.iter().map(String::as_str).collect();
            let held = holds(&asks.roles, &scopes, policy, &mut value);
            let with = match held.is_empty() {
                true => String::new(),
                false => format!(" with {}", held.join(" and ")),
            };
            words.push(format!("{name}{with}"));
            schemes.push(Value::Object(value));
        }
        let caller = alternative.caller().map_or("", |means| name(means, policy));
        let mut text = words.join(" and ");
        if alternative.asks.len() > 1 {
            text.push_str(&format!(" (the caller is of {caller})"));
        }
        values.push(json!({ "schemes": schemes, "caller": caller }));
        texts.push(text);
    }
    let mut map = serde_json::Map::new();
    map.insert("alternatives".to_owned(), json!(values));
    (map, format!(", by {}", texts.join(", or by ")))
}

fn name(means: Means, policy: &Policy) -> &str {
    let name = match means {
        Means::Token(at) => policy.schemes.get(at).map(|each| &each.name),
        Means::Key(at) => policy.keys.get(at).map(|each| &each.name),
        Means::Password(at) => policy.passwords.get(at).map(|each| &each.name),
        Means::Certificate(at) => policy.certificates.get(at).map(|each| &each.name),
    };
    name.map_or("", String::as_str)
}

/// The name of a policy, or the expression where it has none.
fn short(policy: &Expression) -> &str {
    policy.name.as_deref().unwrap_or(policy.text())
}

/// The same for people, with the place where it stands.
fn in_words_of(policy: &Expression) -> String {
    let Place { line, column, .. } = policy.node.place;
    match &policy.name {
        Some(name) => format!("policy {name} ({line}:{column})"),
        None => format!("policy `{}`", policy.text().trim()),
    }
}

fn roles(set: u64, policy: &Policy) -> Vec<&str> {
    let roles = policy.roles.iter().enumerate();
    roles
        .filter(|(bit, _)| set >> bit & 1 == 1)
        .map(|(_, role)| role.name.as_str())
        .collect()
}

/// By resource.
pub(super) fn owns(owns: &[Owns], policy: &Policy) -> Shown {
    let (mut value, mut texts) = (serde_json::Map::new(), Vec::new());
    for each in owns {
        let Some(resource) = policy.resources.get(each.resource) else {
            continue;
        };
        let mode = |write| if write { "write" } else { "read" };
        let (how, text) = match each.how {
            How::List => match &each.policy {
                Some(policy) => (
                    json!({ "by": format!("policy {}", short(policy)), "mode": "list" }),
                    format!("list by {}", in_words_of(policy)),
                ),
                None => (json!("list"), "list".to_owned()),
            },
            How::Any { write } => (json!("any"), format!("any, {}", mode(write))),
            How::Policy { write } => {
                let policy = each.policy.as_ref();
                let (name, words) = match policy {
                    Some(policy) => (short(policy), in_words_of(policy)),
                    None => ("", String::new()),
                };
                (
                    json!({ "by": format!("policy {name}"), "mode": mode(write) }),
                    format!("by {words}, {}", mode(write)),
                )
            }
            How::Owner { write } => (
                json!({ "by": "owner", "mode": mode(write) }),
                format!("by owner, {}", mode(write)),
            ),
        };
        let (mut how, mut text) = (how, text);
        let id = match &each.at {
            Some(IdAt::Param(name)) if *name != resource.param => Some(name.clone()),
            Some(IdAt::Body { tokens, .. }) => {
                let escaped = |token: &String| token.replace('~', "~0").replace('/', "~1");
                let tokens: Vec<String> = tokens.iter().map(escaped).collect();
                Some(format!("body./{}", tokens.join("/")))
            }
            // It is not written: where it comes from is said in words.
            Some(IdAt::Part(_)) => Some("the facts of its part".to_owned()),
            Some(IdAt::Param(_)) | None => None,
        };
        if let Some(id) = id {
            text = format!("{text}, id from {id}");
            // The word alone has no place for it.
            if let How::Any { write } = each.how {
                let by = if resource.tenant { "tenant" } else { "any" };
                how = json!({ "by": by, "mode": mode(write) });
            }
            if let Some(members) = how.as_object_mut() {
                members.insert("id".to_owned(), json!(id));
            }
        }
        if each.implied {
            text = format!("{text}, since another is part of it");
        }
        value.insert(resource.name.clone(), how);
        texts.push(format!("{} ({text})", resource.name));
    }
    (Value::Object(value), texts.join(", "))
}

/// Names, or the limit as it is written out.
pub(super) fn rate_limit(rate: &RateUse, policy: &Policy) -> Shown {
    match rate {
        RateUse::Named(names) => {
            let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
            let texts: Vec<String> = names
                .iter()
                .map(|name| match policy.rate_limit(name) {
                    Some(limit) => format!("{name} ({})", in_words(limit)),
                    None => (*name).to_owned(),
                })
                .collect();
            (json!(names), texts.join(", "))
        }
        RateUse::Inline(limit) => {
            let by: Vec<String> = limit.by.iter().map(part).collect();
            let value = json!({
                "limit": limit.limit,
                "window": seconds(limit.window_seconds),
                "by": by,
                "count": if limit.failures_only { "failures" } else { "all" },
                "onFailure": if limit.deny_without_store { "deny" } else { "local" },
            });
            (value, in_words(limit))
        }
    }
}

/// The limits of an operation that `rateLimit` does not name.
/// What the service does itself.
pub(super) fn media(media: &[(&'static str, Place)]) -> Shown {
    let words: Vec<&str> = media.iter().map(|(word, _)| *word).collect();
    (json!(words), words.join(", "))
}

pub(super) fn flow(flow: Flow) -> Shown {
    (json!(flow.word()), flow.word().to_owned())
}

pub(super) fn beside(rate: &RateUse, id: &str, quotas: &[&plan::Quota]) -> Option<Shown> {
    let named = |quota: &plan::Quota| match rate {
        RateUse::Named(names) => names.iter().any(|(name, _)| *name == quota.name),
        RateUse::Inline(_) => quota.name == id,
    };
    let beside: Vec<&plan::Quota> = quotas.iter().copied().filter(|each| !named(each)).collect();
    if beside.is_empty() {
        return None;
    }
    let names: Vec<&str> = beside.iter().map(|each| each.name.as_str()).collect();
    let texts: Vec<String> = beside
        .iter()
        .map(|each| {
            let by = each.by.iter().map(|by| match by {
                plan::By::Ip => By::Ip,
                plan::By::Subject => By::Subject,
                plan::By::Tenant => By::Tenant,
                plan::By::ApiKey => By::ApiKey,
                plan::By::All => By::All,
                plan::By::Field(name) => By::Field(name.clone()),
            });
            let limit = (each.limit, each.window_seconds, each.failures_only);
            format!("{} ({})", each.name, window(limit, by))
        })
        .collect();
    Some((json!(names), texts.join(", ")))
}

fn in_words(limit: &RateLimit) -> String {
    let one = (limit.limit, limit.window_seconds, limit.failures_only);
    window(one, limit.by.iter().cloned())
}

fn window(
    (limit, window, failures_only): (u32, u64, bool),
    by: impl Iterator<Item = By>,
) -> String {
    let by: Vec<String> = by.map(|each| part(&each)).collect();
    let what = if failures_only { " failures" } else { "" };
    format!(
        "{limit}{what} per {} by {}",
        seconds(window),
        by.join(" and ")
    )
}

fn part(by: &By) -> String {
    match by {
        By::Ip => "ip".to_owned(),
        By::Subject => "subject".to_owned(),
        By::Tenant => "tenant".to_owned(),
        By::ApiKey => "apiKey".to_owned(),
        By::All => "all".to_owned(),
        By::Field(name) => {
            format!("field:/{}", name.replace('~', "~0").replace('/', "~1"))
        }
    }
}

pub(super) fn size(bytes: u64) -> Shown {
    let text = unit(
        bytes,
        &[
            (1 << 30, "GiB"),
            (1 << 20, "MiB"),
            (1 << 10, "KiB"),
            (1, "B"),
        ],
    );
    (json!(text), text)
}

pub(super) fn time(millis: u64) -> Shown {
    let text = unit(
        millis,
        &[
            (86_400_000, "d"),
            (3_600_000, "h"),
            (60_000, "m"),
            (1_000, "s"),
            (1, "ms"),
        ],
    );
    (json!(text), text)
}

fn seconds(seconds: u64) -> String {
    time(seconds.saturating_mul(1_000)).1
}

/// In the greatest unit that divides it, as the vocabulary writes it.
fn unit(number: u64, units: &[(u64, &str)]) -> String {
    for (factor, name) in units {
        if number != 0
            && let (Some(count), Some(0)) =
                (number.checked_div(*factor), number.checked_rem(*factor))
        {
            return format!("{count}{name}");
        }
    }
    let smallest = units.last().map_or("", |(_, name)| name);
    format!("{number}{smallest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_the_vocabulary() {
        assert_eq!(size(64 << 10).1, "64KiB");
        assert_eq!(size(1500).1, "1500B");
        assert_eq!(size(1 << 30).1, "1GiB");
        assert_eq!(time(15_000).1, "15s");
        assert_eq!(time(1_500).1, "1500ms");
        assert_eq!(seconds(900), "15m");
        assert_eq!(seconds(86_400), "1d");
        assert_eq!(size(0).1, "0B");
    }
}
