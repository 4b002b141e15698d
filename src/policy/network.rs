//! `network`: where TLS ends, and which versions are spoken.

use super::codes;
use super::model::Tls;
use super::reader;
use super::report::Report;
use super::vocabulary::{CLIENT_ADDRESSES, NETWORK, TLS_WORDS};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Value};

/// Reads `x-security.network`. `None`: TLS ends before the service.
pub(super) fn read(node: &Node, report: &mut Report) -> Option<Tls> {
    let map = reader::mapping(node, &NETWORK, report)?;
    if map.is_empty() {
        report.error(
            codes::EMPTY,
            node.place,
            "`network` says nothing",
            "write `tls: terminate`, or remove it",
        );
        return None;
    }
    if let Some(node) = map.get("clientAddress") {
        reader::choice(node, "`clientAddress`", CLIENT_ADDRESSES, report);
    }
    let tls = map
        .get("tls")
        .and_then(|node| reader::choice(node, "`tls`", TLS_WORDS, report));
    let least = map.entry("minTls");
    let tls12 = match least {
        Some((_, node)) => tls12(node, report)?,
        None => true,
    };
    // Of a `tls` that could not be read nothing is known.
    let ends_elsewhere = map.get("tls").is_none() || tls == Some("upstream");
    if let (Some((key, _)), true) = (least, ends_elsewhere) {
        let message = "`minTls` without `tls: terminate`: TLS ends elsewhere, and so does its choice of versions";
        let mut diagnostic = Diagnostic::new(codes::MIN_TLS, key.place, message);
        if let Some(node) = map.get("tls") {
            diagnostic = diagnostic.related(node.place, "it ends before the service");
        }
        report.push(diagnostic.help("write `tls: terminate`, or remove `minTls`"));
        return None;
    }
    let place = map.get("tls").map(|node| node.place)?;
    (tls? == "terminate").then_some(Tls { tls12, place })
}

/// Whether TLS 1.2 is spoken beside 1.3.
fn tls12(node: &Node, report: &mut Report) -> Option<bool> {
    match &node.value {
        Value::Number(lexeme) if lexeme == "1.2" => Some(true),
        Value::Number(lexeme) if lexeme == "1.3" => Some(false),
        Value::Number(lexeme) => {
            let message = format!("`minTls` cannot be {lexeme}");
            report.error(codes::WORD, node.place, message, "write 1.2 or 1.3");
            None
        }
        _ => reader::wrong_kind(node, "`minTls`", "the number 1.2 or 1.3", report),
    }
}
