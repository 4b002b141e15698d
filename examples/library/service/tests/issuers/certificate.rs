//! A certificate that signs itself (RFC 5280), written by hand: a crate for it would be in every project's lock file.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// `ecdsa-with-SHA256`, and a key on P-256.
const SIGNED: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
const CURVE: &[u8] =
    b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
const COMMON_NAME: &[u8] = b"\x06\x03\x55\x04\x03";
const ALTERNATIVE_NAMES: &[u8] = b"\x06\x03\x55\x1d\x11";

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let mut out = match length {
        0..128 => vec![tag, low],
        128..256 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    out.extend(content);
    out
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes])
}

/// For a server called `name`, from 2025 to 2049.
pub fn certificate(name: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let algorithm = sequence(&[SIGNED]);
    let common = sequence(&[COMMON_NAME, &tlv(0x0c, &[b"a test"])]);
    let who = sequence(&[&tlv(0x31, &[&common])]);
    let names = sequence(&[&tlv(0x82, &[name.as_bytes()])]);
    let extension = sequence(&[ALTERNATIVE_NAMES, &tlv(0x04, &[&names])]);
    let body = sequence(&[
        &tlv(0xa0, &[b"\x02\x01\x02"]),
        b"\x02\x01\x01",
        &algorithm,
        &who,
        &sequence(&[
            &tlv(0x17, &[b"250101000000Z"]),
            &tlv(0x17, &[b"490101000000Z"]),
        ]),
        &who,
        &sequence(&[&sequence(&[CURVE]), &bits(key.public_key().as_ref())]),
        &tlv(0xa3, &[&sequence(&[&extension])]),
    ]);
    let signature = key.sign(&SystemRandom::new(), &body).unwrap();
    let whole = sequence(&[&body, &algorithm, &bits(signature.as_ref())]);
    let private = key.to_pkcs8v1().unwrap().as_ref().to_vec();
    (
        CertificateDer::from(whole),
        PrivateKeyDer::from(PrivatePkcs8KeyDer::from(private)),
    )
}
