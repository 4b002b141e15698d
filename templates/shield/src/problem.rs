//! Bodies of error answers: RFC 9457 problems, with nothing of the caller's in them but names of members (ruling 104).

use crate::json::Writer;
use crate::schema::{MOST, Violation, detail as words};

/// No problem is larger, whatever was sent (P58). In bytes.
pub(crate) const LARGEST: usize = 8 * 1024;

/// What a problem says. The texts are the service's own.
pub(crate) struct Problem<'a> {
    pub status: u16,
    /// `type`: a URI.
    pub type_uri: &'a str,
    pub title: &'a str,
    pub detail: &'a str,
    /// The request id as a URN.
    pub instance: &'a str,
    /// A word for machines, where there is one.
    pub code: Option<&'a str>,
    /// What is wrong with the input; at most 20 are told.
    pub errors: &'a [Violation],
    /// `violated-policies`: the limits that refused (P79).
    pub violated: &'a [&'a str],
}

impl Problem<'_> {
    /// The JSON text.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        let mut w = Writer::new();
        w.open();
        w.member("type").text(self.type_uri);
        w.member("title").text(self.title);
        w.member("status").whole(self.status.into());
        w.member("detail").text(self.detail);
        w.member("instance").text(self.instance);
        if let Some(code) = self.code {
            w.member("code").text(code);
        }
        if !self.violated.is_empty() {
            w.member("violated-policies").open_array();
            self.violated.iter().for_each(|name| w.text(name));
            w.close_array();
        }
        if !self.errors.is_empty() {
            w.member("errors").open_array();
            for violation in self.errors.iter().take(MOST) {
                // A comma before, and behind the last one the closing `]}`.
                if w.len() + sized(violation) + 3 > LARGEST {
                    break;
                }
                error(&mut w, violation);
            }
            w.close_array();
        }
        w.close();
        w.into_bytes()
    }
}

fn sized(violation: &Violation) -> usize {
    let mut w = Writer::new();
    error(&mut w, violation);
    w.len()
}

fn error(w: &mut Writer, violation: &Violation) {
    w.open();
    w.member("in").text(violation.place.word());
    w.member("pointer").text(&violation.pointer);
    w.member("code").text(violation.code);
    w.member("detail")
        .text(violation.words.unwrap_or_else(|| words(violation.code)));
    w.close();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::schema::In;

    fn at(pointer: &str, code: &'static str) -> Violation {
        Violation {
            place: In::Body,
            pointer: pointer.to_owned(),
            code,
            words: None,
        }
    }

    fn told(errors: &[Violation]) -> (usize, serde_json::Value) {
        let bytes = Problem {
            status: 422,
            type_uri: "about:blank",
            title: "Invalid",
            detail: "It breaks the schema.",
            instance: "urn:uuid:1",
            code: None,
            errors,
            violated: &[],
        }
        .into_bytes();
        (bytes.len(), serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn says_what_and_where() {
        let errors = [at("/age", "minimum")];
        let bytes = Problem {
            status: 429,
            type_uri: "https://example.com/quota",
            title: "Too many",
            detail: "Wait.",
            instance: "urn:uuid:1",
            code: Some("schema"),
            errors: &errors,
            violated: &["standard", "auth"],
        }
        .into_bytes();
        let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let wanted = serde_json::json!({
            "type": "https://example.com/quota", "title": "Too many", "status": 429, "detail": "Wait.",
            "instance": "urn:uuid:1", "code": "schema", "violated-policies": ["standard", "auth"],
            "errors": [{"in": "body", "pointer": "/age", "code": "minimum", "detail": "The number is too small."}],
        });
        assert_eq!(read, wanted);
    }

    #[test]
    fn what_there_is_not_is_left_out() {
        let (_, read) = told(&[]);
        let names: Vec<&String> = read.as_object().unwrap().keys().collect();
        assert_eq!(names, ["detail", "instance", "status", "title", "type"]);
    }

    // requirement: P58
    #[test]
    fn never_more_than_twenty_nor_eight_kibibytes() {
        let many: Vec<Violation> = (0..50).map(|n| at(&format!("/{n}"), "type")).collect();
        let (_, read) = told(&many);
        assert_eq!(read["errors"].as_array().unwrap().len(), 20);
        assert_eq!(read["errors"][19]["pointer"], "/19");

        // Each `\u{1}` is written in six bytes.
        let wide: Vec<Violation> = (0..20)
            .map(|_| at(&"\u{1}".repeat(100), "unknown"))
            .collect();
        let (size, read) = told(&wide);
        let count = read["errors"].as_array().unwrap().len();
        assert!(
            size <= LARGEST && count > 5 && count < 20,
            "{size} bytes, {count} errors"
        );
        // No more would have fitted.
        assert!(
            size + size / count > LARGEST,
            "{size} bytes, {count} errors"
        );

        let (size, read) = told(&[at(&"x".repeat(20_000), "unknown")]);
        assert!(size <= LARGEST);
        assert_eq!(read["errors"], serde_json::json!([]));
    }

    #[test]
    fn names_of_the_caller_stay_names() {
        let (_, read) = told(&[at("/\"},{\"in\":\"\r\n\u{2028}", "unknown")]);
        assert_eq!(read["errors"].as_array().unwrap().len(), 1);
        assert_eq!(read["errors"][0]["pointer"], "/\"},{\"in\":\"\r\n\u{2028}");
    }
}
