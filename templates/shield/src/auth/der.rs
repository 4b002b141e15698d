//! As much DER (X.690) as a SubjectPublicKeyInfo needs (RFC 5280 §4.1.2.7, 3279 §2.3, 5480, 8410), and its elements for
//! who reads more.

use super::curve::Curve;
use super::keys::Parts;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.10045.2.1
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// NULL, the parameters of RSA.
const NULL: &[u8] = &[0x05, 0x00];

/// The key in `der`, if it is of a kind that are verified here.
pub(super) fn subject_public_key_info(der: &[u8]) -> Option<Parts> {
    let info = whole(der, SEQUENCE)?;
    let (algorithm, info) = element(info, SEQUENCE)?;
    let (kind, parameters) = element(algorithm, OID)?;
    // The first byte of a bit string counts the bits that are not used: none.
    let key = whole(info, BIT_STRING)?.strip_prefix(&[0])?;
    if kind == RSA && parameters == NULL {
        let (n, e) = rsa_public_key(key)?;
        return Some(Parts::Rsa {
            n: n.to_vec(),
            e: e.to_vec(),
        });
    }
    if kind == EC {
        let named = whole(parameters, OID)?;
        let curve = Curve::ALL.into_iter().find(|curve| curve.oid() == named)?;
        return Some(Parts::Ec(curve, key.to_vec()));
    }
    (kind == ED25519 && parameters.is_empty()).then(|| Parts::Ed25519(key.to_vec()))
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017 §A.1.1), without leading zeros.
pub(crate) fn rsa_public_key(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (n, rest) = element(whole(der, SEQUENCE)?, INTEGER)?;
    Some((positive(n)?, positive(whole(rest, INTEGER)?)?))
}

/// One element of kind `tag` and what follows it.
pub(crate) fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    next(der)
        .filter(|(kind, ..)| *kind == tag)
        .map(|(_, content, rest)| (content, rest))
}

/// The kind of the next element, its content, and what follows it.
pub(crate) fn next(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (length, rest) = match rest {
        [short @ 0..=0x7f, rest @ ..] => (usize::from(*short), rest),
        [0x81, length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
        [0x82, high @ 1..=0xff, low, rest @ ..] => {
            (usize::from(u16::from_be_bytes([*high, *low])), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// The only element in `der`.
pub(crate) fn whole(der: &[u8], tag: u8) -> Option<&[u8]> {
    element(der, tag)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(content, _)| content)
}

/// The magnitude of a positive integer in its shortest form.
fn positive(content: &[u8]) -> Option<&[u8]> {
    match content {
        [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Some(rest),
        [1..=0x7f, ..] => Some(content),
        _ => None,
    }
}
