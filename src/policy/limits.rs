//! `limits`: sizes, times and numbers of the whole service, and the few an operation sets for itself.

use super::codes;
use super::gaps;
use super::model::{Effective, Level, Limits};
use super::reader;
use super::report::Report;
use super::units;
use super::vocabulary::{
    LIMITS, MOST, MOST_BODY, MOST_DEPTH, MOST_FIELDS, MOST_HEADER, MOST_URI, OPERATION_LIMITS,
};
use crate::document::{Node, Place};

/// What one `x-security.limits` of an operation, a path item or `defaults` says.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnLimits {
    pub body: Option<(u64, Place)>,
    pub body_timeout: Option<(u64, Place)>,
    pub handler_timeout: Option<(u64, Place)>,
}

/// Reads `x-security.limits` of the root; `place` is where the defaults stand when there is none.
pub(super) fn read(node: Option<&Node>, place: Place, report: &mut Report) -> Limits {
    let map = node.and_then(|node| reader::mapping(node, &LIMITS, report));
    let bytes = |key: &str, default: u64, most: u64, report: &mut Report| {
        let node = map.and_then(|map| map.get(key));
        let value = node.and_then(|node| units::bytes(node, &format!("`{key}`"), most, report));
        effective(value, default, node, place)
    };
    let body = bytes("body", 64 << 10, MOST_BODY, report);
    let uri = bytes("uri", 8 << 10, MOST_URI, report);
    let header_bytes = bytes("headerBytes", 16 << 10, MOST_HEADER, report);
    let millis = |key: &str, default: u64, report: &mut Report| {
        let node = map.and_then(|map| map.get(key));
        let value = node.and_then(|node| units::millis(node, &format!("`{key}`"), report));
        effective(value, default, node, place)
    };
    let header_timeout = millis("headerTimeout", 10_000, report);
    let body_timeout = millis("bodyTimeout", 15_000, report);
    let handler_timeout = millis("handlerTimeout", 15_000, report);
    let count = |key: &str, default: u64, most: u64, report: &mut Report| {
        let node = map.and_then(|map| map.get(key));
        let value = node.and_then(|node| reader::count(node, &format!("`{key}`"), 1, most, report));
        effective(value, default, node, place)
    };
    let header_count = count("headerCount", 64, MOST_FIELDS, report);
    let connections = count("connections", 4_096, MOST, report);
    let per_ip = count("perIp", 256, MOST, report);
    let concurrency = count("concurrency", 512, MOST, report);
    let json_depth = count("jsonDepth", 32, MOST_DEPTH, report);
    let string = count("string", 4_096, MOST, report);
    let array = count("array", 1_000, MOST, report);
    let object = count("object", 256, MOST, report);
    let rate = map.and_then(|map| map.get("ipRate"));
    let ip_rate = effective(
        rate.and_then(|node| ip_rate(node, report)),
        (3_000, 60),
        rate,
        place,
    );
    Limits {
        body,
        uri,
        header_bytes,
        header_count,
        header_timeout,
        body_timeout,
        handler_timeout,
        connections,
        per_ip,
        ip_rate,
        concurrency,
        json_depth,
        string,
        array,
        object,
    }
}

fn effective<T>(value: Option<T>, default: T, node: Option<&Node>, place: Place) -> Effective<T> {
    match (value, node) {
        (Some(value), Some(node)) => Effective {
            value,
            level: Level::Root,
            place: node.place,
        },
        _ => Effective {
            value: default,
            level: Level::Default,
            place,
        },
    }
}

/// `3000 per 1m`: requests and seconds.
fn ip_rate(node: &Node, report: &mut Report) -> Option<(u32, u64)> {
    let text = node
        .as_str()
        .or_else(|| reader::wrong_kind(node, "`ipRate`", "a rate like `3000 per 1m`", report))?;
    if units::is_reference(text) {
        report.gap(&gaps::LIMIT_REFERENCE, node.place);
        return None;
    }
    let rate = text.split_once(" per ").and_then(|(number, window)| {
        let number = number
            .parse::<u32>()
            .ok()
            .filter(|number| *number > 0 && !text.starts_with(['+', '0']))?;
        let millis =
            units::parse_duration(window).filter(|millis| *millis > 0 && millis % 1_000 == 0)?;
        Some((number, millis / 1_000))
    });
    if rate.is_none() {
        report.error(
            codes::RANGE,
            node.place,
            "`ipRate` is not a rate",
            "write it like `3000 per 1m`",
        );
    }
    rate
}

/// Reads `limits` among the keys of an operation.
pub(super) fn own(node: &Node, report: &mut Report) -> OwnLimits {
    let mut own = OwnLimits::default();
    let Some(map) = reader::mapping(node, &OPERATION_LIMITS, report) else {
        return own;
    };
    for (key, node) in map.entries() {
        let what = format!("`{}`", key.text);
        let at = |value: Option<u64>| value.map(|value| (value, node.place));
        match key.text.as_str() {
            "body" => own.body = at(units::bytes(node, &what, MOST_BODY, report)),
            "bodyTimeout" => own.body_timeout = at(units::millis(node, &what, report)),
            "handlerTimeout" => own.handler_timeout = at(units::millis(node, &what, report)),
            _ => {}
        }
    }
    own
}
