//! One event as text.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use crate::json::{Writer, push_digits};
use crate::spec::{RoleSet, Spec};

use super::About;

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

impl Class {
    const fn uid(self) -> i64 {
        match self {
            Class::Authentication => 3002,
            Class::Authorization => 3003,
            Class::Api => 6003,
        }
    }

    /// Activity and category.
    fn activity(self, method: &str) -> i64 {
        match (self, method) {
            (Class::Authentication, _) | (Class::Api, "POST") => 1,
            (Class::Api, "GET" | "HEAD" | "OPTIONS") => 2,
            (Class::Api, "PUT" | "PATCH") => 3,
            (Class::Api, "DELETE") => 4,
            _ => 99,
        }
    }
}

impl Event<'_> {
    /// The line, with its line feed. `at`: since 1970. What is the same in every line is written in one piece.
    pub(crate) fn line(&self, spec: &Spec, id: &str, at: Duration, about: &About<'_>) -> Vec<u8> {
        let mut w = Writer::new();
        let activity = self.class.activity(about.method);
        w.raw("{\"time\":");
        w.whole(i64::try_from(at.as_millis()).unwrap_or(i64::MAX));
        w.raw(",\"time_dt\":");
        w.plain(|text| rfc3339(at, text));
        w.raw(",\"class_uid\":");
        w.whole(self.class.uid());
        w.raw(",\"category_uid\":");
        w.whole(self.class.uid() / 1000);
        w.raw(",\"activity_id\":");
        w.whole(activity);
        w.raw(",\"type_uid\":");
        w.whole(self.class.uid() * 100 + activity);
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
        w.text(self.name);
        w.raw(",\"uid\":");
        w.text(id);
        w.raw(",\"product\":{\"name\":");
        w.text(spec.title);
        w.raw(",\"version\":");
        w.text(spec.version);
        w.raw("}}");
        self.who(&mut w, spec, about);
        self.what(&mut w, about);
        w.close();
        let mut line = w.into_bytes();
        line.push(b'\n');
        line
    }

    fn who(&self, w: &mut Writer, spec: &Spec, about: &About<'_>) {
        if let Some(caller) = &about.subject {
            w.raw(",\"actor\":{\"user\":{\"uid\":");
            w.text(caller.subject);
            w.raw(",\"groups\":");
            w.open_array();
            for (bit, role) in spec.roles.iter().enumerate() {
                if u32::try_from(bit)
                    .is_ok_and(|bit| caller.roles.checked_shr(bit).unwrap_or(0) & 1 == 1)
                {
                    w.open();
                    w.member("name").text(role.name);
                    w.close();
                }
            }
            w.close_array();
            w.close();
            w.raw(",\"session\":{\"issuer\":");
            w.text(caller.issuer);
            w.close();
            w.close();
        }
        if let Some(address) = about.address {
            w.raw(",\"src_endpoint\":{\"ip\":");
            w.plain(|text| spell(address, text));
            w.close();
        }
    }

    fn what(&self, w: &mut Writer, about: &About<'_>) {
        if !about.method.is_empty() {
            w.raw(",\"http_request\":{\"http_method\":");
            w.text(cut(about.method, 20));
            if let Some(route) = about.route {
                w.raw(",\"url\":{\"path\":");
                w.text(route);
                w.close();
            }
            if let Some(agent) = about.user_agent {
                w.raw(",\"user_agent\":");
                w.text(cut(&String::from_utf8_lossy(agent), AGENT));
            }
            w.close();
            if about.status != 0 {
                w.raw(",\"http_response\":{\"code\":");
                w.whole(about.status.into());
                w.close();
            }
        }
        if let Some(operation) = about.operation {
            w.raw(",\"api\":{\"operation\":");
            w.text(operation);
            w.close();
        }
        w.raw(",\"unmapped\":{\"palisade\":{");
        if let Some(route) = about.route {
            w.raw("\"route\":");
            w.text(route);
            w.raw(",");
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
        w.close();
        w.close();
    }
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> &str {
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

/// UTC with milliseconds.
fn rfc3339(at: Duration, text: &mut String) {
    let seconds = at.as_secs();
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
        (".", at.subsec_millis().into(), 3),
    ];
    for (before, value, digits) in parts {
        text.push_str(before);
        push_digits(text, value, digits);
    }
    text.push('Z');
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
