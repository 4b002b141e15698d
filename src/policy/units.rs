//! Durations, sizes and references as `x-security` writes them.

use super::codes;
use super::gaps;
use super::model::Setting;
use super::reader;
use super::report::Report;
use crate::diagnostic::Diagnostic;
use crate::document::Node;

const DURATIONS: &[(&str, u64)] = &[
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];
const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

/// Longest duration: what is meant to be longer is a mistake. Ten years in milliseconds.
const LONGEST: u64 = 3_653 * 86_400_000;

/// `15m` in milliseconds.
pub(super) fn parse_duration(text: &str) -> Option<u64> {
    with_unit(text, DURATIONS).filter(|millis| *millis <= LONGEST)
}

fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(end)?;
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    digits.parse::<u64>().ok()?.checked_mul(*factor)
}

/// Milliseconds, more than none.
pub(super) fn millis(node: &Node, what: &str, report: &mut Report) -> Option<u64> {
    let millis = duration(node, what, report)?;
    if millis == 0 {
        return no_time(node, what, report);
    }
    Some(millis)
}

/// Whole seconds; none at all only where `zero` says so.
pub(super) fn seconds(node: &Node, what: &str, zero: bool, report: &mut Report) -> Option<u64> {
    let millis = duration(node, what, report)?;
    if millis % 1_000 != 0 {
        let message = format!("{what} is counted in whole seconds");
        let help = "write it like `30s`, `15m`, `24h` or `30d`";
        report.error(codes::DURATION, node.place, message, help);
        return None;
    }
    if millis == 0 && !zero {
        return no_time(node, what, report);
    }
    Some(millis / 1_000)
}

fn duration(node: &Node, what: &str, report: &mut Report) -> Option<u64> {
    let text = string(node, what, "a duration like `15m`", report)?;
    parse_duration(text).or_else(|| bad_duration(node, format!("{what} is not a duration"), report))
}

fn no_time<T>(node: &Node, what: &str, report: &mut Report) -> Option<T> {
    let message = format!("{what} is no time at all");
    report.error(codes::DURATION, node.place, message, "write a longer one");
    None
}

fn bad_duration<T>(node: &Node, message: String, report: &mut Report) -> Option<T> {
    report.error(
        codes::DURATION,
        node.place,
        message,
        "write it like `500ms`, `30s`, `15m`, `24h` or `30d`",
    );
    None
}

/// Bytes, more than none.
pub(super) fn bytes(node: &Node, what: &str, most: u64, report: &mut Report) -> Option<u64> {
    let text = string(node, what, "a size like `64KiB`", report)?;
    let size = with_unit(text, SIZES).filter(|size| (1..=most).contains(size));
    if size.is_none() {
        let message = format!("{what} is not a size from 1B to {}", shown(most));
        report.error(
            codes::SIZE,
            node.place,
            message,
            "write it like `64KiB` or `10MiB`",
        );
    }
    size
}

/// A size in the largest unit that is exact.
fn shown(bytes: u64) -> String {
    let exact = |factor: u64| bytes >= factor && bytes.checked_rem(factor) == Some(0);
    let unit = SIZES.iter().rev().find(|(_, factor)| exact(*factor));
    let (name, factor) = unit.unwrap_or(&("B", 1));
    format!("{}{name}", bytes.checked_div(*factor).unwrap_or(bytes))
}

fn string<'n>(node: &'n Node, what: &str, wanted: &str, report: &mut Report) -> Option<&'n str> {
    let text = node
        .as_str()
        .or_else(|| reader::wrong_kind(node, what, wanted, report))?;
    if is_reference(text) {
        report.gap(&gaps::LIMIT_REFERENCE, node.place);
        return None;
    }
    Some(text)
}

/// Whether the text is meant as a reference.
pub(super) fn is_reference(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(scheme, _)| matches!(scheme, "env" | "file" | "vault"))
}

/// `PATH#FIELD`: segments that begin with no dot, so that none leads elsewhere.
fn is_of_vault(reference: &str) -> bool {
    let word = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        !text.is_empty() && !text.starts_with('.') && text.bytes().all(fits)
    };
    reference
        .split_once('#')
        .is_some_and(|(path, field)| path.split('/').all(word) && word(field))
}

/// A literal or a reference.
pub(super) fn setting(node: &Node, what: &str, report: &mut Report) -> Option<Setting> {
    let text = reader::text(node, what, report)?;
    let bad = |report: &mut Report, help: &str| {
        report.error(
            codes::REFERENCE,
            node.place,
            format!("{what} is not a reference that can be resolved"),
            help,
        );
        None
    };
    if text.chars().any(char::is_control) {
        return bad(report, "remove the control characters");
    }
    match text.split_once(':') {
        Some(("env", name)) if is_variable(name) => Some(Setting::Env(name.to_owned())),
        Some(("env", _)) => bad(
            report,
            "write `env:` and the name of a variable: letters, digits and `_`",
        ),
        Some(("file", path)) if !path.trim().is_empty() => Some(Setting::File(path.to_owned())),
        Some(("file", _)) => bad(report, "write `file:` and a path"),
        Some(("vault", reference)) if is_of_vault(reference) => {
            Some(Setting::Vault(reference.to_owned()))
        }
        Some(("vault", _)) => bad(
            report,
            "write `vault:`, the path behind `/v1/` in Vault's API, `#` and a field: `vault:secret/data/api#keys`",
        ),
        Some((scheme, _))
            if matches!(
                scheme.trim().to_ascii_lowercase().as_str(),
                "env" | "file" | "vault"
            ) =>
        {
            bad(
                report,
                "write `env:`, `file:` or `vault:` in lower case, without blanks",
            )
        }
        _ => Some(Setting::Literal(text.to_owned())),
    }
}

/// A reference; a literal would be a secret in the document.
pub(super) fn reference(node: &Node, what: &str, report: &mut Report) -> Option<Setting> {
    match setting(node, what, report)? {
        Setting::Literal(_) => {
            let message = format!("{what} is a literal, not a reference");
            report.push(Diagnostic::new(codes::REFERENCE, node.place, message).help(
                "write `env:NAME` or `file:PATH`; what stands there is a JWK set, PEM or a secret",
            ));
            None
        }
        setting => Some(setting),
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let cases = [
            ("500ms", Some(500)),
            ("30s", Some(30_000)),
            ("15m", Some(900_000)),
            ("24h", Some(86_400_000)),
            ("30d", Some(2_592_000_000)),
            ("0s", Some(0)),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_duration(text), millis, "{text}");
        }
        for text in [
            "",
            "15",
            "m",
            "1.5h",
            "-1s",
            "15 m",
            "15M",
            "01s",
            "1m30s",
            "99999999999999999999d",
            "4000d",
            "١s",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(with_unit("64KiB", SIZES), Some(65_536));
        assert_eq!(with_unit("10MiB", SIZES), Some(10_485_760));
        for text in [
            "64",
            "64KB",
            "64kib",
            "64 KiB",
            "1e3B",
            "99999999999999999999B",
            "18446744073709551615GiB",
        ] {
            assert_eq!(with_unit(text, SIZES), None, "{text}");
        }
    }
}
