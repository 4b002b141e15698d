//! Secrets of the HS algorithms (ruling 2): long enough, and no placeholder that somebody forgot (P24, P99).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Kind};
use super::keys::{DEVELOPMENT, Key};

/// A random secret of 32 bytes has more than this many different ones, also as hexadecimal digits.
const FEWEST: usize = 6;

/// Words that stand in examples. In a random secret none of them is to be expected.
const PLACEHOLDERS: [&str; 14] = [
    "changeme",
    "change-me",
    "change_me",
    "change this",
    "placeholder",
    "your-secret",
    "your_secret",
    "yoursecret",
    "replace",
    "secretsecret",
    "password",
    "insecure",
    "0123456789abcdef",
    "abcdefghijkl",
];

/// The key made of `text`: its bytes, or what `base64:` stands before.
pub(super) fn key(text: &str, algorithm: Algorithm, production: bool) -> Result<Key, String> {
    let no_secret = || format!("is a secret, and {} takes none", algorithm.name());
    let Kind::Secret(shortest) = algorithm.kind() else {
        return Err(no_secret());
    };
    if production && text.trim_start().starts_with(DEVELOPMENT) {
        return Err("holds a secret made for development; production needs its own".to_owned());
    }
    let bytes = Zeroizing::new(match text.strip_prefix("base64:") {
        None => text.as_bytes().to_vec(),
        Some(encoded) => STANDARD
            .decode(encoded)
            .or_else(|_| URL_SAFE_NO_PAD.decode(encoded))
            .map_err(|_| "holds `base64:` and something that is no base64".to_owned())?,
    });
    if bytes.len() < shortest {
        return Err(format!(
            "holds a secret of less than {shortest} bytes, which {} needs",
            algorithm.name()
        ));
    }
    if placeholder(&bytes) {
        return Err(
            "holds a placeholder, not a secret; `openssl rand -base64 48` makes one".to_owned(),
        );
    }
    Key::shared(algorithm, &bytes).ok_or_else(no_secret)
}

fn placeholder(secret: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in secret {
        if let Some(slot) = seen.get_mut(usize::from(*byte)) {
            *slot = true;
        }
    }
    if seen.iter().filter(|seen| **seen).count() < FEWEST {
        return true;
    }
    let lower = Zeroizing::new(secret.to_ascii_lowercase());
    PLACEHOLDERS.iter().any(|word| {
        lower
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    })
}
