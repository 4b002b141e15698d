//! JWS compact serialization, taken apart: exactly three parts, canonical base64url, a strict header.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::json::Value;
use crate::refusal::AuthReason;

use super::algorithm::Algorithm;
use super::claims::parse;

/// Without padding and with all trailing bits zero: one text for each value, so a token has no second spelling (P21).
const CANONICAL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

/// A header is flat; anything deeper is not one of ours.
const HEADER_DEPTH: u32 = 4;

/// A token in parts. Nothing in it is to be believed before the signature was checked.
pub(super) struct Jws<'t> {
    /// What the signature covers: the first two parts as they came, with the dot between.
    pub signed: &'t [u8],
    /// Header, claims and signature, one behind the other.
    decoded: Vec<u8>,
    header: usize,
    claims: usize,
}

/// The members of the header that matter.
pub(super) struct Header<'t> {
    pub algorithm: Algorithm,
    pub kid: Option<Cow<'t, str>>,
    typ: Option<Value<'t>>,
}

impl<'t> Jws<'t> {
    /// Takes `token` apart. All three parts are decoded first: a token that is no JWS is malformed whatever its header says.
    pub fn parse(token: &'t [u8]) -> Result<Self, AuthReason> {
        let is_dot = |byte: &u8| *byte == b'.';
        let first = token.iter().position(is_dot);
        let last = token.iter().rposition(is_dot);
        let (Some(first), Some(last)) = (first, last) else {
            return Err(AuthReason::Malformed);
        };
        let header = token.get(..first).unwrap_or_default();
        // Nothing where there is one dot only; any third one is no base64url.
        let claims = token.get(first + 1..last).unwrap_or_default();
        let signature = token.get(last + 1..).unwrap_or_default();
        let signed = token.get(..last).unwrap_or_default();
        // Never longer than they were encoded, so this does not grow.
        let mut decoded = Vec::with_capacity(token.len());
        let header = part(header, &mut decoded)?;
        let claims = part(claims, &mut decoded)?;
        part(signature, &mut decoded)?;
        Ok(Jws {
            signed,
            decoded,
            header,
            claims,
        })
    }

    /// The header, judged. `allowed` are the JWA names of the scheme; a name outside of it is never looked up (P4, P5).
    pub fn header(&self, allowed: &[&str]) -> Result<Header<'_>, AuthReason> {
        Header::read(self.header_text(), allowed)
    }

    /// The header as JSON, not judged.
    pub fn header_text(&self) -> &[u8] {
        self.decoded.get(..self.header).unwrap_or_default()
    }

    pub fn claims(&self) -> &[u8] {
        self.decoded
            .get(self.header..self.claims)
            .unwrap_or_default()
    }

    pub fn signature(&self) -> &[u8] {
        self.decoded.get(self.claims..).unwrap_or_default()
    }
}

impl<'t> Header<'t> {
    fn read(text: &'t [u8], allowed: &[&str]) -> Result<Self, AuthReason> {
        let header = parse(text, HEADER_DEPTH)?;
        let Value::Object(members) = header else {
            return Err(AuthReason::Malformed);
        };
        let (mut algorithm, mut kid, mut typ) = (None, None, None);
        for (name, value) in members {
            match &*name {
                // Extensions change what the bytes mean, and none is implemented here (P8; RFC 7515 §4.1.11, RFC 7797).
                "crit" | "b64" | "zip" => {
                    // guard: token-critical
                    return Err(AuthReason::Critical);
                }
                // Keys that the token brings along are never used (P7).
                "jku" | "jwk" | "x5u" | "x5c" => {
                    // guard: token-own-key
                    return Err(AuthReason::Key);
                }
                "alg" => algorithm = Some(value),
                "kid" => kid = Some(value),
                "typ" => typ = Some(value),
                _ => {}
            }
        }
        let Some(Value::String(name)) = algorithm else {
            return Err(AuthReason::Algorithm);
        };
        // guard: token-algorithm, with token-key-algorithm
        if !allowed.contains(&&*name) {
            return Err(AuthReason::Algorithm);
        }
        let algorithm = Algorithm::named(&name).ok_or(AuthReason::Algorithm)?;
        let kid = match kid {
            None => None,
            Some(Value::String(kid)) => Some(kid),
            Some(_) => return Err(AuthReason::Key),
        };
        Ok(Header {
            algorithm,
            kid,
            typ,
        })
    }

    /// Whether the token says of itself that it is an access token (RFC 9068 §4).
    pub fn is_access_token(&self) -> bool {
        let Some(Value::String(typ)) = &self.typ else {
            return false;
        };
        typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
    }
}

/// One part: non-empty, base64url. Where it ends in what is decoded.
fn part(text: &[u8], decoded: &mut Vec<u8>) -> Result<usize, AuthReason> {
    if text.is_empty() || CANONICAL.decode_vec(text, decoded).is_err() {
        return Err(AuthReason::Malformed);
    }
    Ok(decoded.len())
}

/// Strict base64url without padding.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    CANONICAL.decode(text).ok()
}
