//! `keys` of an entry of `auth`: a reference, or a reference with what must stand behind it and how it is kept.

use super::codes;
use super::model::{Holds, Keys};
use super::reader::{self, Fields};
use super::report::Report;
use super::units;
use super::vocabulary::{KEYS, SOURCES};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node};

/// Seconds after which a JWK set is fetched anew, and between two fetches (ruling 58).
const REFRESH: u64 = 600;
const COOLDOWN: u64 = 60;

/// `symmetric`: the algorithms of the entry take a secret; `None`: they could not be read.
pub(super) fn read(node: &Node, symmetric: Option<bool>, report: &mut Report) -> Option<Keys> {
    if node.as_map().is_none() {
        return Some(Keys {
            from: units::reference(node, "`keys`", report)?,
            holds: Holds::Anything,
            refresh_seconds: REFRESH,
            cooldown_seconds: COOLDOWN,
            private: None,
        });
    }
    let map = reader::mapping(node, &KEYS, report)?;
    let need =
        |name: &str, report: &mut Report| reader::required(map, name, "`keys`", node.place, report);
    let from = need("from", report).and_then(|node| units::reference(node, "`from`", report));
    let holds = need("source", report).and_then(|node| source(node, symmetric, report));
    let mut seconds = |name: &str, default: u64| match map.get(name) {
        Some(node) => units::seconds(node, &format!("`{name}`"), false, report),
        None => Some(default),
    };
    let (refresh, cooldown) = (seconds("refresh", REFRESH), seconds("cooldown", COOLDOWN));
    let private = match map.get("private") {
        Some(node) => Some(reader::text(node, "`private`", report)?.to_owned()),
        None => None,
    };
    let holds = holds?;
    if holds != Holds::Set {
        only_for_a_set(map, report)?;
    }
    Some(Keys {
        from: from?,
        holds,
        refresh_seconds: refresh?,
        cooldown_seconds: cooldown?,
        private,
    })
}

fn source(node: &Node, symmetric: Option<bool>, report: &mut Report) -> Option<Holds> {
    let holds = match reader::choice(node, "`source`", SOURCES, report)? {
        "jwks" => Holds::Set,
        "pem" => Holds::Pem,
        "secret" => Holds::Secret,
        "issued" => Holds::Issued,
        _ => return None,
    };
    match (symmetric, holds) {
        (Some(true), Holds::Set | Holds::Pem) => report.error(
            codes::KEYS_SOURCE,
            node.place,
            "the algorithm takes a secret",
            "write `source: secret`, or name an algorithm with public keys",
        ),
        (Some(false), Holds::Secret) => report.error(
            codes::KEYS_SOURCE,
            node.place,
            "the algorithms take public keys",
            "write `source: jwks` or `source: pem`, or name an HS algorithm",
        ),
        _ => return Some(holds),
    }
    None
}

/// What is written beside keys that are never fetched would not be done.
fn only_for_a_set(map: Fields<'_>, report: &mut Report) -> Option<()> {
    let found: Vec<&Key> = ["refresh", "cooldown", "private"]
        .into_iter()
        .filter_map(|name| map.entry(name).map(|(key, _)| key))
        .collect();
    for key in &found {
        let message = format!("`{}` is for a JWK set behind an address", key.text);
        report.push(
            Diagnostic::new(codes::KEYS_SOURCE, key.place, message)
                .help("remove it, or write `source: jwks`"),
        );
    }
    found.is_empty().then_some(())
}
