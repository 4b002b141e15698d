//! The text of a refresh token: which session, what all its refresh tokens have in common, and what this one has alone.
//!
//! The store keeps hashes of the last two. The common part tells a token that was used up, which ends the session, from
//! one that somebody made up who knows the session's name from an access token, which ends nothing. The successor is
//! computed with the key that signs, from the token before it: who has an old token and the store still has no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::store::{Digest, SessionId};

use super::signing::Signing;

const PROOF: usize = 16;
const OWN: usize = 32;
const WHOLE: usize = 16 + PROOF + OWN;

pub(super) struct Refresh(Zeroizing<[u8; WHOLE]>);

impl Refresh {
    /// The first one of a session with a random name. `None`: there are no random numbers.
    pub fn first() -> Option<Self> {
        let mut bytes = Zeroizing::new([0; WHOLE]);
        aws_lc_rs::rand::fill(&mut *bytes).ok()?;
        let name = bytes.first_chunk::<16>()?;
        let id = uuid::Builder::from_random_bytes(*name)
            .into_uuid()
            .into_bytes();
        *bytes.first_chunk_mut::<16>()? = id;
        Some(Refresh(bytes))
    }

    /// `None`: it is none, whatever else it may be.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; WHOLE]);
        // One byte too many is as wrong as one that is missing.
        if text.len() != (WHOLE * 8).div_ceil(6) {
            return None;
        }
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut *bytes).ok()?;
        (length == WHOLE).then_some(Refresh(bytes))
    }

    /// The one it is presented for.
    pub fn next(&self, signing: &Signing) -> Self {
        let own = Zeroizing::new(signing.derive(b"palisade refresh token 1", &*self.0));
        let mut bytes = self.0.clone();
        bytes
            .iter_mut()
            .skip(16 + PROOF)
            .zip(own.iter())
            .for_each(|(to, from)| *to = *from);
        Refresh(bytes)
    }

    pub fn id(&self) -> SessionId {
        self.0.first_chunk().copied().unwrap_or_default()
    }

    pub fn proof(&self) -> Digest {
        Digest::secret(self.0.get(16..16 + PROOF).unwrap_or_default())
    }

    pub fn own(&self) -> Digest {
        Digest::secret(self.0.get(16 + PROOF..).unwrap_or_default())
    }

    pub fn text(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }
}

/// The `sid` of its tokens.
pub(super) fn sid(id: SessionId) -> String {
    uuid::Uuid::from_bytes(id).hyphenated().to_string()
}
