//! Bodies of `application/octet-stream`: one file, of which nothing is said beside its bytes.
//!
//! The decoder gets the number of that file, as it gets those of a form; its least length is a rule like any other.

use bytes::Bytes;

use crate::enter::media::matches;
use crate::file::{self, File};
use crate::form::Sent;
use crate::input::malformed;
use crate::refusal::{Kind, Refusal};
use crate::schema::Schema;
use crate::spec::Media;

/// Whether `Content-Type` says bytes and no more. What RFC 2046 §4.5.1 has beside them (`type`, `padding`) makes something
/// else of them for whoever reads it, and nobody does here.
pub(crate) fn are_said(given: &str) -> bool {
    // guard: octets-parameter
    if given.contains(';') {
        return false;
    }
    matches(given, Media::Octets.name())
}

/// The body as a file without a name; it is within `limit` bytes, as every body is.
///
/// # Errors
///
/// 413 for what is longer, 415 for content of another type than is declared: as for a file among parts (ruling 99).
pub(crate) fn read(raw: Bytes, schema: &Schema, limit: usize) -> Result<Sent, Refusal> {
    // The generator refuses by name such a body of anything else.
    let Schema::Binary(rule) = schema else {
        return Err(malformed("syntax", Vec::new()));
    };
    let most = usize::try_from(rule.max).unwrap_or(limit);
    // guard: octets-max, where most < limit
    if raw.len() > most {
        return Err(Refusal::new(Kind::BodyTooLarge));
    }
    let mut types = rule.types.iter().copied();
    let known = types.find(|known| file::is_of(known, &raw));
    // guard: octets-content, where !rule.types.is_empty()
    if known.is_none() && !rule.types.is_empty() {
        return Err(Refusal::new(Kind::MediaType { accepted: &[] }));
    }
    let file = File {
        name: None,
        media_type: known.unwrap_or(Media::Octets.name()),
        bytes: raw,
    };
    Ok(Sent {
        text: Bytes::from_static(b"0"),
        files: vec![file],
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::schema::{Binary, Text};

    fn sent(bytes: &'static [u8], schema: &Schema) -> Result<File, Kind> {
        let sent = read(Bytes::from_static(bytes), schema, 99);
        let mut sent = sent.map_err(|refusal| *refusal.0)?;
        assert_eq!(sent.text, "0");
        assert_eq!(sent.files.len(), 1);
        Ok(sent.files.remove(0))
    }

    #[test]
    fn bytes_are_taken_as_they_are() {
        static ANY: Schema = Schema::Binary(&Binary::new(0, 4));
        for bytes in [&b"\0\xff\xfe"[..], b"\r\n", b"{\"a\"", b"0"] {
            let file = sent(bytes, &ANY).unwrap();
            assert_eq!(file.bytes, bytes);
            assert_eq!(file.media_type, "application/octet-stream");
            assert_eq!(file.name, None);
        }
        assert!(matches!(sent(b"12345", &ANY), Err(Kind::BodyTooLarge)));
    }

    #[test]
    fn content_is_one_of_those_declared() {
        static PICTURES: Binary = Binary::new(0, 9).types(&["image/png", "image/gif"]);
        static ONE: Schema = Schema::Binary(&PICTURES);
        assert_eq!(sent(b"GIF89a.", &ONE).unwrap().media_type, "image/gif");
        for other in [&b"%PDF-1.7"[..], b"GIF", b" GIF89a", b"MZ"] {
            assert!(matches!(sent(other, &ONE), Err(Kind::MediaType { .. })));
        }
    }

    #[test]
    fn a_body_of_anything_else_admits_nothing() {
        static TEXT: Schema = Schema::Text(&Text::new(0, 9));
        assert!(sent(b"a", &TEXT).is_err());
    }

    #[test]
    fn nothing_is_said_beside_the_bytes() {
        for good in ["application/octet-stream", "Application/OCTET-stream"] {
            assert!(are_said(good), "{good}");
        }
        for bad in [
            "application/octet-stream;",
            "application/octet-stream; charset=utf-8",
            "application/octet-stream; type=image; padding=3",
            "application/octet-streams",
            "application/octet",
            "application/*",
            "image/png",
            "",
        ] {
            assert!(!are_said(bad), "{bad}");
        }
    }
}
