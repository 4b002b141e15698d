//! One event as text.

use std::fmt::Write as _;
use std::time::Duration;

use crate::json::Writer;
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
    /// The line, with its line feed. `at`: since 1970.
    pub(crate) fn line(&self, spec: &Spec, id: &str, at: Duration, about: &About<'_>) -> Vec<u8> {
        let mut w = Writer::new();
        let activity = self.class.activity(about.method);
        w.open();
        w.member("time")
            .whole(i64::try_from(at.as_millis()).unwrap_or(i64::MAX));
        w.member("time_dt").text(&rfc3339(at));
        w.member("class_uid").whole(self.class.uid());
        w.member("category_uid").whole(self.class.uid() / 1000);
        w.member("activity_id").whole(activity);
        w.member("type_uid")
            .whole(self.class.uid() * 100 + activity);
        w.member("severity_id").whole(self.severity.into());
        w.member("status_id")
            .whole(if self.allowed { 1 } else { 2 });
        if let Some(reason) = self.reason {
            w.member("status_detail").text(reason);
        }
        if let Some(message) = self.message {
            w.member("message").text(cut(message, MESSAGE));
        }
        w.member("metadata").open();
        w.member("version").text("1.3.0");
        w.member("event_code").text(self.name);
        w.member("uid").text(id);
        w.member("product").open();
        w.member("name").text(spec.title);
        w.member("version").text(spec.version);
        w.close();
        w.close();
        self.who(&mut w, spec, about);
        self.what(&mut w, about);
        w.close();
        let mut line = w.into_bytes();
        line.push(b'\n');
        line
    }

    fn who(&self, w: &mut Writer, spec: &Spec, about: &About<'_>) {
        if let Some(caller) = &about.subject {
            w.member("actor").open();
            w.member("user").open();
            w.member("uid").text(caller.subject);
            w.member("groups").open_array();
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
            w.member("session").open();
            w.member("issuer").text(caller.issuer);
            w.close();
            w.close();
        }
        if let Some(address) = about.address {
            w.member("src_endpoint").open();
            w.member("ip").text(&address.to_string());
            w.close();
        }
    }

    fn what(&self, w: &mut Writer, about: &About<'_>) {
        if !about.method.is_empty() {
            w.member("http_request").open();
            w.member("http_method").text(cut(about.method, 20));
            if let Some(route) = about.route {
                w.member("url").open();
                w.member("path").text(route);
                w.close();
            }
            if let Some(agent) = about.user_agent {
                w.member("user_agent")
                    .text(cut(&String::from_utf8_lossy(agent), AGENT));
            }
            w.close();
            if about.status != 0 {
                w.member("http_response").open();
                w.member("code").whole(about.status.into());
                w.close();
            }
        }
        if let Some(operation) = about.operation {
            w.member("api").open();
            w.member("operation").text(operation);
            w.close();
        }
        w.member("unmapped").open();
        w.member("palisade").open();
        if let Some(route) = about.route {
            w.member("route").text(route);
        }
        w.member("decision")
            .text(if self.allowed { "allow" } else { "deny" });
        if let Some(policy) = self.policy {
            w.member("policy").text(policy);
        }
        if let Some((kind, hash)) = self.object {
            w.member("objectKind").text(kind);
            w.member("objectHash").text(hash);
        }
        w.member("latencyMs")
            .whole(i64::try_from(about.latency_ms).unwrap_or(i64::MAX));
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

/// UTC with milliseconds.
fn rfc3339(at: Duration) -> String {
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
    let mut text = String::with_capacity(24);
    // Writing to a `String` does not fail.
    let _ = write!(
        text,
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60,
        at.subsec_millis()
    );
    text
}

#[cfg(test)]
mod tests {
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
            assert_eq!(rfc3339(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("äöü", 2), "äö");
        assert_eq!(cut("äöü", 3), "äöü");
    }
}
