//! A file that was sent as a part of a form or as a body, and what its first bytes say it is.

use std::fmt;

use bytes::Bytes;

/// A file as it was admitted. Its name is a name only: no folder, nothing unseen.
#[derive(Clone)]
#[non_exhaustive]
pub struct File {
    /// What the sender calls it; of a body nobody says it. Do not store it under this name: two may be called alike.
    pub name: Option<String>,
    /// One of those declared, and what its content says; `application/octet-stream` where none is declared.
    pub media_type: &'static str,
    pub bytes: Bytes,
}

/// Neither the name nor a byte of it: both may be anybody's secret.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Whether a file begins as its type does.
type Tells = fn(&[u8]) -> bool;

/// Types that tell themselves by their first bytes. The generator refuses every other in `files`.
const TYPES: &[(&str, Tells)] = &[
    ("image/png", |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", |bytes| bytes.starts_with(b"\xff\xd8\xff")),
    ("image/gif", |bytes| {
        bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")
    }),
    ("image/webp", |bytes| {
        bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
    }),
    ("application/pdf", |bytes| bytes.starts_with(b"%PDF-")),
    ("application/zip", |bytes| bytes.starts_with(b"PK\x03\x04")),
    ("application/gzip", |bytes| {
        bytes.starts_with(b"\x1f\x8b\x08")
    }),
];

/// Whether the content is of the type. One that is not in the table is none's.
pub(crate) fn is_of(media_type: &str, bytes: &[u8]) -> bool {
    let known = TYPES.iter().find(|(name, _)| *name == media_type);
    known.is_some_and(|(_, tells)| tells(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    // requirement: P69
    #[test]
    fn each_type_is_told_by_its_own_beginning_alone() {
        let samples: [(&str, &[u8]); 7] = [
            ("image/png", b"\x89PNG\r\n\x1a\n...."),
            ("image/jpeg", b"\xff\xd8\xff\xe0...."),
            ("image/gif", b"GIF89a...."),
            ("image/webp", b"RIFF\x10\0\0\0WEBPVP8 "),
            ("application/pdf", b"%PDF-1.7\n"),
            ("application/zip", b"PK\x03\x04...."),
            ("application/gzip", b"\x1f\x8b\x08...."),
        ];
        assert_eq!(TYPES.len(), samples.len());
        for (name, bytes) in samples {
            for (other, _) in TYPES {
                assert_eq!(is_of(other, bytes), *other == name, "{name} as {other}");
            }
        }
        for (name, _) in TYPES {
            for bytes in [
                &b""[..],
                b"\x89PN",
                b"<html>",
                b"RIFF\x10\0\0\0WAVE",
                b" %PDF-",
                b"MZ\x90",
            ] {
                assert!(!is_of(name, bytes), "{name} {bytes:?}");
            }
        }
        assert!(!is_of("text/html", b"<html>"));
        assert!(!is_of("application/octet-stream", b"..."));
    }

    // requirement: P99
    #[test]
    fn nothing_of_it_is_shown() {
        let file = File {
            name: Some("testament.pdf".to_owned()),
            media_type: "application/pdf",
            bytes: Bytes::from_static(b"%PDF-secret"),
        };
        assert_eq!(format!("{file:?}"), "File(application/pdf, 11 bytes)");
    }
}
