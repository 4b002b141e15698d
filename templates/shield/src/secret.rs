//! A string that must not be seen: passwords, tokens, signing secrets (P99).

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Text that shows itself only to who asks by name: never in `Debug`, and wiped from memory when it is dropped.
///
/// It has no `Display`, no `Serialize` and no `==`: a copy of it leaves only through [`Secret::expose`].
pub struct Secret(String);

impl Secret {
    /// Takes the text over. What was copied from before is the caller's to wipe.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text itself: to hash it, to compare it, never to log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl Zeroize for Secret {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // requirement: P99
    #[test]
    fn shows_itself_only_when_asked() {
        let secret = Secret::new("correct horse");
        assert_eq!(secret.expose(), "correct horse");
        assert_eq!(secret.len(), 13);
        assert!(!secret.is_empty());
        assert_eq!(format!("{secret:?}"), "[REDACTED]");
        assert_eq!(format!("{:?}", Some(&secret)), "Some([REDACTED])");
    }

    // requirement: P99
    #[test]
    fn nothing_is_left_where_it_was_wiped() {
        let mut secret = Secret::new("correct horse");
        secret.zeroize();
        assert!(secret.is_empty());
        // Dropping does the same, which the type promises.
        fn wiped<T: ZeroizeOnDrop>(_: T) {}
        wiped(secret);
    }
}
