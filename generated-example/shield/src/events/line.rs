//! One event as text.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use crate::json::{Writer, push_digits};
use crate::spec::RoleSet;

use super::phrases::Place;
use super::{About, Phrases};

/// Of a user agent, in characters.
const AGENT: usize = 200;
/// Of the text of a fault, in characters.
const MESSAGE: usize = 500;

/// What happened, by its name of P103.
pub(crate) struct Event<'a> {
    pub name: &'static str,
    pub class: Class,
    /// `status_detail`: the reason word.
    pub reason: Option<&'a str>,
    /// What said no: the security scheme, or the quotas.
    pub policy: Option<&'a str>,
    /// What a fault said; for whoever reads the log.
    pub message: Option<&'a str>,
    pub object: Option<(&'static str, &'a str)>,
    pub severity: u8,
    pub allowed: bool,
}

/// OCSF classes that are used (P104).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Authentication,
    Authorization,
    Api,
}

/// The verified caller.
pub(crate) struct Subject<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
    pub roles: RoleSet,
}

/// What says which class an event is of. Its category is the first digit; its type is class and activity in one number.
macro_rules! ids {
    ($class:literal, $category:literal, $activity:literal, $type:literal) => {
        concat!(
            ",\"class_uid\":",
            $class,
            ",\"category_uid\":",
            $category,
            ",\"activity_id\":",
            $activity,
            ",\"type_uid\":",
            $type
        )
    };
}

impl Class {
    fn ids(self, method: &str) -> &'static str {
        match (self, method) {
            (Class::Authentication, _) => ids!(3002, 3, 1, 300201),
            (Class::Authorization, _) => ids!(3003, 3, 99, 300399),
            (Class::Api, "POST") => ids!(6003, 6, 1, 600301),
            (Class::Api, "GET" | "HEAD" | "OPTIONS") => ids!(6003, 6, 2, 600302),
            (Class::Api, "PUT" | "PATCH") => ids!(6003, 6, 3, 600303),
            (Class::Api, "DELETE") => ids!(6003, 6, 4, 600304),
            (Class::Api, _) => ids!(6003, 6, 99, 600399),
        }
    }
}

impl Event<'_> {
    /// The line, with its line feed. `at`: since 1970. What is the same in every line is written in one piece.
    pub(crate) fn line(
        &self,
        phrases: &Phrases,
        id: &str,
        at: Duration,
        about: &About<'_>,
    ) -> Vec<u8> {
        let mut w = Writer::new();
        w.raw("{\"time\":");
        w.whole(i64::try_from(at.as_millis()).unwrap_or(i64::MAX));
        w.raw(",\"time_dt\":");
        w.plain(|text| rfc3339(at, text));
        w.raw(self.class.ids(about.method));
        w.raw(",\"severity_id\":");
        w.whole(self.severity.into());
        w.raw(if self.allowed {
            ",\"status_id\":1"
        } else {
            ",\"status_id\":2"
        });
        if let Some(reason) = self.reason {
            w.raw(",\"status_detail\":");
            w.text(reason);
        }
        if let Some(message) = self.message {
            w.raw(",\"message\":");
            w.text(cut(message, MESSAGE));
        }
        w.raw(",\"metadata\":{\"version\":\"1.3.0\",\"event_code\":");
        w.plain(|text| text.push_str(self.name));
        w.raw(",\"uid\":");
        w.plain(|text| text.push_str(id));
        w.raw(&phrases.product);
        w.raw("}");
        self.who(&mut w, phrases, about);
        let place = about.operation.and_then(|at| phrases.operations.get(at));
        self.what(&mut w, place, about);
        w.raw("}\n");
        w.into_bytes()
    }

    fn who(&self, w: &mut Writer, phrases: &Phrases, about: &About<'_>) {
        if let Some(caller) = &about.subject {
            w.raw(",\"actor\":{\"user\":{\"uid\":");
            w.text(caller.subject);
            w.raw(",\"groups\":");
            let mut before = "[";
            for (bit, group) in (0..).zip(&phrases.groups) {
                if caller.roles.checked_shr(bit).unwrap_or(0) & 1 == 1 {
                    w.raw(before);
                    w.raw(group);
                    before = ",";
                }
            }
            w.raw(if before == "[" { "[]" } else { "]" });
            w.raw("},\"session\":{\"issuer\":");
            w.text(caller.issuer);
            w.raw("}}");
        }
        if let Some(address) = about.address {
            w.raw(",\"src_endpoint\":{\"ip\":");
            w.plain(|text| spell(address, text));
            w.raw("}");
        }
    }

    fn what(&self, w: &mut Writer, place: Option<&Place>, about: &About<'_>) {
        if !about.method.is_empty() {
            w.raw(",\"http_request\":{\"http_method\":");
            w.text(cut(about.method, 20));
            if let Some(place) = place {
                w.raw(&place.url);
            }
            if let Some(agent) = about.user_agent {
                w.raw(",\"user_agent\":");
                match std::str::from_utf8(agent) {
                    Ok(agent) => w.text(cut(agent, AGENT)),
                    Err(_) => w.text(cut(&String::from_utf8_lossy(agent), AGENT)),
                }
            }
            w.raw("}");
            if about.status != 0 {
                w.raw(",\"http_response\":{\"code\":");
                w.whole(about.status.into());
                w.raw("}");
            }
        }
        if let Some(place) = place {
            w.raw(&place.api);
        }
        w.raw(",\"unmapped\":{\"palisade\":{");
        if let Some(place) = place {
            w.raw(&place.route);
        }
        w.raw(if self.allowed {
            "\"decision\":\"allow\""
        } else {
            "\"decision\":\"deny\""
        });
        if let Some(policy) = self.policy {
            w.raw(",\"policy\":");
            w.text(policy);
        }
        if let Some((kind, hash)) = self.object {
            w.raw(",\"objectKind\":");
            w.text(kind);
            w.raw(",\"objectHash\":");
            w.text(hash);
        }
        w.raw(",\"latencyMs\":");
        w.whole(i64::try_from(about.latency_ms).unwrap_or(i64::MAX));
        w.raw("}}");
    }
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> &str {
    // No character is less than a byte.
    if text.len() <= most {
        return text;
    }
    text.char_indices()
        .nth(most)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

/// An address as it is usually written.
fn spell(address: IpAddr, text: &mut String) {
    match address {
        IpAddr::V4(address) => {
            for (at, part) in address.octets().into_iter().enumerate() {
                if at > 0 {
                    text.push('.');
                }
                push_digits(text, part.into(), 1);
            }
        }
        IpAddr::V6(address) => {
            // Writing to a `String` does not fail.
            let _ = write!(text, "{address}");
        }
    }
}

/// UTC with milliseconds. The thread keeps what it wrote last, which is the same for all lines of one second.
fn rfc3339(at: Duration, text: &mut String) {
    thread_local! {
        static LAST: RefCell<(u64, String)> = const { RefCell::new((u64::MAX, String::new())) };
    }
    LAST.with_borrow_mut(|(second, written)| {
        if *second != at.as_secs() {
            written.clear();
            date(at.as_secs(), written);
            *second = at.as_secs();
        }
        text.push_str(written);
    });
    text.push('.');
    push_digits(text, at.subsec_millis().into(), 3);
    text.push('Z');
}

/// Date and time of a second.
fn date(seconds: u64, text: &mut String) {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Civil date of a day count, by eras of 400 years that begin on the first of March.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let parts = [
        ("", year, 4),
        ("-", month, 2),
        ("-", day, 2),
        ("T", second / 3_600, 2),
        (":", second / 60 % 60, 2),
        (":", second % 60, 2),
    ];
    for (before, value, digits) in parts {
        text.push_str(before);
        push_digits(text, value, digits);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            let mut written = String::new();
            rfc3339(Duration::from_secs(seconds), &mut written);
            assert_eq!(written, text);
        }
        let mut written = String::new();
        rfc3339(Duration::from_millis(1_234_567_890_012), &mut written);
        assert_eq!(written, "2009-02-13T23:31:30.012Z");
    }

    #[test]
    fn ids_agree_with_each_other() {
        let classes = [Class::Authentication, Class::Authorization, Class::Api];
        let methods = [
            "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "",
        ];
        for (class, method) in classes.iter().flat_map(|c| methods.map(|m| (c, m))) {
            let text = class.ids(method);
            let number = |name: &str| -> u32 {
                let (_, rest) = text.split_once(&format!("\"{name}\":")).unwrap();
                let digits = rest.split(',').next().unwrap();
                digits.parse().unwrap()
            };
            let uid = number("class_uid");
            assert_eq!(number("category_uid"), uid / 1000, "{text}");
            assert_eq!(
                number("type_uid"),
                uid * 100 + number("activity_id"),
                "{text}"
            );
        }
    }

    #[test]
    fn addresses_are_spelled_as_the_standard_library_does() {
        for address in [
            "0.0.0.0",
            "127.0.0.1",
            "203.0.113.255",
            "::1",
            "2001:db8::a:b",
        ] {
            let address: IpAddr = address.parse().unwrap();
            let mut written = String::new();
            spell(address, &mut written);
            assert_eq!(written, address.to_string());
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("äöü", 2), "äö");
        assert_eq!(cut("äöü", 3), "äöü");
    }
}
