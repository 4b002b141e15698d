//! Files: how long they are, and what they may be called.

use super::Binary;
use crate::file::File;

impl Binary {
    /// Whether the file is one of those declared, as far as its type did not say so before.
    pub(crate) fn admits(&self, file: &File) -> bool {
        // guard: file-min, where self.min > 0
        if length(file) < self.min {
            return false;
        }
        // guard: file-name
        if !self.is_named(file) {
            return false;
        }
        true
    }

    /// Each rule that the file breaks.
    pub(super) fn broken(&self, file: &File) -> Vec<&'static str> {
        [
            (length(file) < self.min, "minLength"),
            (!self.is_named(file), "file"),
        ]
        .into_iter()
        .filter_map(|(broken, code)| broken.then_some(code))
        .collect()
    }

    /// A name that is only a name, and has the pattern that is declared. Where one is declared, a file without a name has
    /// none of those.
    fn is_named(&self, file: &File) -> bool {
        match &file.name {
            None => self.names.is_none(),
            Some(name) => is_plain(name) && self.names.is_none_or(|names| names.admits(name)),
        }
    }
}

fn length(file: &File) -> u64 {
    u64::try_from(file.bytes.len()).unwrap_or(u64::MAX)
}

/// Longer names are none on any file system, in bytes.
const LONGEST: usize = 255;

/// Whether a name stays where it is put, and shows itself as it is: no separator and no drive, no parent, nothing that a
/// terminal, a header field or whoever decodes it again takes for something else.
fn is_plain(name: &str) -> bool {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let leads_on = |c: char| matches!(c, '/' | '\\' | ':');
    let bytes = name.as_bytes();
    let escape = |at: &[u8]| matches!(at, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    !name.is_empty()
        && name.len() <= LONGEST
        && !matches!(name, "." | "..")
        && name.trim() == name
        && !name.ends_with('.')
        && !name.chars().any(|c| unseen(c) || leads_on(c))
        && !bytes.windows(3).any(escape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Pattern;
    use bytes::Bytes;

    fn file(name: Option<&str>, length: usize) -> File {
        File {
            name: name.map(Into::into),
            media_type: "application/octet-stream",
            bytes: Bytes::from(vec![0; length]),
        }
    }

    // requirement: P69
    #[test]
    fn names_that_lead_elsewhere_are_none() {
        static ANY: Binary = Binary::new(0, 9);
        for name in [
            "a.png",
            "Bericht 2026 (1).pdf",
            "é.gif",
            ".profile",
            "a..b",
            "100%.png",
            "x%2",
        ] {
            assert!(ANY.admits(&file(Some(name), 1)), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "../a",
            "a/b",
            "/etc/passwd",
            "a\\b",
            "C:a",
            "a\0.png",
            "a\r\nb",
            "a\u{85}b",
            "a\u{202e}gnp.exe",
            "a\u{200b}b",
            "a\u{61c}b",
            "a\u{ad}b",
            "a\u{feff}",
            " a",
            "a ",
            "a.",
            "..%2fa",
            "a%00.png",
            "%41",
        ] {
            let file = file(Some(name), 1);
            assert!(!ANY.admits(&file), "{name:?}");
            assert_eq!(ANY.broken(&file), ["file"], "{name:?}");
        }
        assert!(ANY.admits(&file(Some(&"x".repeat(255)), 1)));
        assert!(!ANY.admits(&file(Some(&"x".repeat(256)), 1)));
        assert!(ANY.admits(&file(None, 1)));
    }

    #[test]
    fn a_pattern_wants_a_name() {
        static PNG: Pattern = Pattern::new(r"^[a-z]+\.png$");
        static ONLY: Binary = Binary::new(2, 9).names(&PNG);
        assert!(ONLY.admits(&file(Some("a.png"), 2)));
        for (name, length, broken) in [
            (Some("a.gif"), 2, &["file"][..]),
            (Some("a.png\n"), 2, &["file"]),
            (None, 2, &["file"]),
            (Some("a.png"), 1, &["minLength"]),
            (None, 0, &["minLength", "file"]),
        ] {
            let file = file(name, length);
            assert!(!ONLY.admits(&file));
            assert_eq!(ONLY.broken(&file), broken);
        }
    }
}
