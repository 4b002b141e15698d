//! Public keys as PEM: the texts an attacker has at hand to sign HMAC with.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::auth::Curve;

/// SubjectPublicKeyInfo up to the 32 bytes of the key (RFC 8410 §4).
const ED25519: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// 1.2.840.10045.2.1, the algorithm of every key on a curve.
const EC: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// AlgorithmIdentifier of RSA (RFC 3279 §2.3.1).
const RSA: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

pub(super) fn ed25519(key: &[u8]) -> String {
    armour(&[ED25519, key].concat())
}

/// `point` is uncompressed (RFC 5480 §2). No element of such a key is longer than 255 bytes.
pub(super) fn ec(curve: Curve, point: &[u8]) -> Option<String> {
    let named = element(0x06, curve.oid())?;
    let algorithm = element(0x30, &[EC, &named].concat())?;
    let key = element(0x03, &[&[0], point].concat())?;
    Some(armour(&element(0x30, &[algorithm, key].concat())?))
}

/// DER of an element of at most 255 bytes.
fn element(tag: u8, content: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(content.len()).ok()?;
    let head: &[u8] = if length < 0x80 {
        &[tag, length]
    } else {
        &[tag, 0x81, length]
    };
    Some([head, content].concat())
}

/// `key` is an RSAPublicKey of at least 1024 bits, so that every length takes two bytes.
pub(super) fn rsa(key: &[u8]) -> Option<String> {
    let bits = [&[0], key].concat();
    let bit_string = [&[0x03, 0x82], length(bits.len())?.as_slice(), &bits].concat();
    let body = [RSA, &bit_string].concat();
    Some(armour(
        &[&[0x30, 0x82], length(body.len())?.as_slice(), &body].concat(),
    ))
}

fn length(bytes: usize) -> Option<[u8; 2]> {
    u16::try_from(bytes).ok().map(u16::to_be_bytes)
}

fn armour(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN PUBLIC KEY-----\n");
    for (at, letter) in STANDARD.encode(der).chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push_str("\n-----END PUBLIC KEY-----\n");
    text
}
