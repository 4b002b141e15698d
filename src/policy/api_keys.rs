//! `auth` of a scheme of API keys: where they are sent, and which list they are looked up in.

use super::codes;
use super::gaps;
use super::model::{Carrier, KeyScheme, Role};
use super::reader;
use super::report::Report;
use super::roles;
use super::units;
use super::vocabulary::KEY_ENTRY;
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node};
use crate::openapi::fields;

/// Reads the entry of the scheme whose keys are sent in `location` under `name`.
pub(super) fn entry(
    key: &Key,
    node: &Node,
    (location, name): (&str, &str),
    declared: &[Role],
    report: &mut Report,
) -> Option<KeyScheme> {
    let map = reader::mapping(node, &KEY_ENTRY, report)?;
    let what = format!("the entry `{}` of `auth`", key.text);
    // All are read before the first `?`: a person sees everything that is wrong at once.
    let carrier = carrier(key, location, name, report);
    let keys = reader::required(map, "keys", &what, key.place, report)
        .and_then(|node| units::reference(node, "`keys`", report));
    let held = match map.get("roles") {
        Some(node) => roles::set(declared, node, "`roles`", report),
        None => Some(0),
    };
    let prefix = match map.get("prefix") {
        Some(node) => prefix(node, report),
        None => Some(String::new()),
    };
    let reason = match map.get("reason") {
        Some(node) => reader::text(node, "`reason`", report).map(|text| Some(text.to_owned())),
        None => Some(None),
    };
    let reason = reason?;
    if location == "query" && reason.is_none() {
        let message = format!(
            "the keys of `{}` are sent in addresses, which end up in logs and histories",
            key.text
        );
        report.error(
            codes::KEY_IN_QUERY,
            key.place,
            message,
            "declare the scheme with `in: header`, or say in a `reason` here why it must be so",
        );
        return None;
    }
    Some(KeyScheme {
        name: key.text.clone(),
        place: key.place,
        carrier: carrier?,
        keys: keys?,
        roles: held?,
        prefix: prefix?,
        reason,
    })
}

fn carrier(key: &Key, location: &str, name: &str, report: &mut Report) -> Option<Carrier> {
    let bad = |what: &str, report: &mut Report| {
        let message = format!(
            "the keys of `{}` are sent under a name that is {what}",
            key.text
        );
        report.error(
            codes::KEY_NAME,
            key.place,
            message,
            "correct `name` of the security scheme",
        );
        None
    };
    match location {
        "header" if !fields::is_name(name) => bad("no name of a header field", report),
        "header" if fields::RESERVED.contains(&name.to_ascii_lowercase().as_str()) => {
            report.gap(&gaps::KEY_HEADER, key.place);
            None
        }
        "header" => Some(Carrier::Header(name.to_owned())),
        "cookie" if !fields::is_name(name) => bad("no name of a cookie", report),
        "cookie" => Some(Carrier::Cookie(name.to_owned())),
        // It is written into the challenge.
        _ if !is_quotable(name) => bad("not visible ASCII without `\"` and `\\`", report),
        _ => Some(Carrier::Query(name.to_owned())),
    }
}

fn is_quotable(text: &str) -> bool {
    let fits = |byte| matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b'\\');
    !text.is_empty() && text.bytes().all(fits)
}

fn prefix(node: &Node, report: &mut Report) -> Option<String> {
    let text = reader::text(node, "`prefix`", report)?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:".contains(&byte);
    if text.len() <= 64 && text.bytes().all(fits) {
        return Some(text.to_owned());
    }
    let message = "`prefix` can be at most 64 letters, digits and `-._~+/=:`";
    report.push(
        Diagnostic::new(codes::KEY_PREFIX, node.place, message)
            .help("write it as the keys begin, for example `clinic_live_`"),
    );
    None
}
