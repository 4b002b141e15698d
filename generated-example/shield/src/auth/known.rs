//! Headers of tokens whose signature was good: an issuer writes the same one into all of them, so it need not be judged anew.
//!
//! What is remembered depends on the bytes of the header, on the scheme and on the keys it is remembered with. Only who holds
//! a key gets a header in here, and the signature of every token is checked all the same.

use std::sync::OnceLock;

/// Keys that an issuer signs with at one time, and some more. Further headers are judged each time.
const MOST: usize = 4;

#[derive(Default)]
pub(super) struct Known([OnceLock<(Box<[u8]>, usize)>; MOST]);

impl Known {
    /// Which key a token with this header is to be verified with.
    pub fn key(&self, header: &[u8]) -> Option<usize> {
        let mut known = self.0.iter().map_while(OnceLock::get);
        known
            .find(|(text, _)| **text == *header)
            .map(|(_, key)| *key)
    }

    /// Remembers what was judged good, while there is room.
    pub fn learn(&self, header: &[u8], key: usize) {
        for slot in &self.0 {
            // Somebody may have learned the same in the meantime.
            let (text, _) = slot.get_or_init(|| (header.into(), key));
            if **text == *header {
                return;
            }
        }
    }
}
