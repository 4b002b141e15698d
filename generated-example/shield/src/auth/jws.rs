//! JWS compact serialization, taken apart: exactly three parts, canonical base64url, a strict header.

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
    pub header: Header,
    /// What the signature covers: the first two parts as they came, with the dot between.
    pub signed: &'t [u8],
    pub claims: Vec<u8>,
    pub signature: Vec<u8>,
}

/// The members of the header that matter.
pub(super) struct Header {
    pub algorithm: Algorithm,
    pub kid: Option<String>,
    typ: Option<Value>,
}

impl<'t> Jws<'t> {
    /// Takes `token` apart. `allowed` are the JWA names of the scheme; a name outside of it is never looked up (P4, P5).
    pub fn parse(token: &'t [u8], allowed: &[&str]) -> Result<Self, AuthReason> {
        let (signed, signature) = split_last(token).ok_or(AuthReason::Malformed)?;
        let (header, claims) = split_last(signed).ok_or(AuthReason::Malformed)?;
        if header.contains(&b'.') {
            return Err(AuthReason::Malformed);
        }
        // All three are decoded first: a token that is no JWS is malformed whatever its header says.
        let (header, claims, signature) = (part(header)?, part(claims)?, part(signature)?);
        Ok(Jws {
            header: Header::read(&header, allowed)?,
            signed,
            claims,
            signature,
        })
    }
}

impl Header {
    fn read(text: &[u8], allowed: &[&str]) -> Result<Self, AuthReason> {
        let header = parse(text, HEADER_DEPTH)?;
        let Value::Object(members) = header else {
            return Err(AuthReason::Malformed);
        };
        let (mut algorithm, mut kid, mut typ) = (None, None, None);
        for (name, value) in members {
            match name.as_str() {
                // Extensions change what the bytes mean, and none is implemented here (P8; RFC 7515 §4.1.11, RFC 7797).
                "crit" | "b64" | "zip" => return Err(AuthReason::Critical),
                // Keys that the token brings along are never used (P7).
                "jku" | "jwk" | "x5u" | "x5c" => return Err(AuthReason::Key),
                "alg" => algorithm = Some(value),
                "kid" => kid = Some(value),
                "typ" => typ = Some(value),
                _ => {}
            }
        }
        let algorithm = match algorithm {
            Some(Value::String(name)) if allowed.contains(&name.as_str()) => {
                Algorithm::named(&name).ok_or(AuthReason::Algorithm)?
            }
            _ => return Err(AuthReason::Algorithm),
        };
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

fn split_last(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = text.iter().rposition(|byte| *byte == b'.')?;
    let (before, rest) = text.split_at_checked(dot)?;
    Some((before, rest.get(1..)?))
}

/// One part: non-empty, base64url.
fn part(text: &[u8]) -> Result<Vec<u8>, AuthReason> {
    if text.is_empty() {
        return Err(AuthReason::Malformed);
    }
    decode(text).ok_or(AuthReason::Malformed)
}

/// Strict base64url without padding.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    CANONICAL.decode(text).ok()
}
