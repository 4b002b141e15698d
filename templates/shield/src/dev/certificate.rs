//! Certificates (RFC 5280) for development and tests, written by hand: a crate for it would be in every project's lock
//! file.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::DevError;

/// `ecdsa-with-SHA256`, and a key on P-256.
const SIGNED: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
const CURVE: &[u8] =
    b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
const COMMON_NAME: &[u8] = b"\x06\x03\x55\x04\x03";
const ALTERNATIVE_NAMES: &[u8] = b"\x06\x03\x55\x1d\x11";
const BASIC_CONSTRAINTS: &[u8] = b"\x06\x03\x55\x1d\x13";
const EXTENDED_KEY_USAGE: &[u8] = b"\x06\x03\x55\x1d\x25";
const SERVER_AUTH: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";
const CRL_NUMBER: &[u8] = b"\x06\x03\x55\x1d\x14";
const TRUE: &[u8] = b"\x01\x01\xff";

/// The first second of 2025, and of 2049.
const FROM: u64 = 1_735_689_600;
pub const FAR: u64 = 2_493_072_000;

/// Who signs certificates.
pub struct Authority {
    name: String,
    key: EcdsaKeyPair,
    certificate: Vec<u8>,
    issued: AtomicU64,
}

/// What a certificate says of its holder.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'h> {
    pub common_name: &'h str,
    pub names: &'h [&'h str],
    pub addresses: &'h [[u8; 4]],
    pub uris: &'h [&'h str],
    /// From 2025 until then, in seconds since 1970.
    pub until: u64,
}

/// A certificate with its key.
#[derive(Clone)]
pub struct Pair {
    pub certificate: Vec<u8>,
    pub serial: u64,
    key: Zeroizing<Vec<u8>>,
}

impl Pair {
    /// Certificate and key as PEM.
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(pem("PRIVATE KEY", &self.key))
    }
}

impl Authority {
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn new(name: &str) -> Result<Self, DevError> {
        let key = key()?;
        let ca = sequence(&[TRUE]);
        let ca = sequence(&[BASIC_CONSTRAINTS, TRUE, &tlv(0x04, &[&ca])]);
        let public = key.public_key().as_ref();
        let body = body(1, name, name, FAR, public, &[ca]);
        let certificate = signed(&key, &body)?;
        Ok(Authority {
            name: name.to_owned(),
            key,
            certificate,
            issued: AtomicU64::new(1),
        })
    }

    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn issue(&self, holder: &Holder<'_>) -> Result<Pair, DevError> {
        self.issue_with(holder, Vec::new())
    }

    /// One that is good for servers alone.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn issue_to_server(&self, holder: &Holder<'_>) -> Result<Pair, DevError> {
        let usage = tlv(0x04, &[&sequence(&[SERVER_AUTH])]);
        self.issue_with(holder, vec![sequence(&[EXTENDED_KEY_USAGE, &usage])])
    }

    fn issue_with(
        &self,
        holder: &Holder<'_>,
        mut extensions: Vec<Vec<u8>>,
    ) -> Result<Pair, DevError> {
        let key = key()?;
        let names = holder
            .names
            .iter()
            .map(|name| tlv(0x82, &[name.as_bytes()]));
        let uris = holder.uris.iter().map(|uri| tlv(0x86, &[uri.as_bytes()]));
        let addresses = holder.addresses.iter().map(|bytes| tlv(0x87, &[bytes]));
        let all: Vec<u8> = names.chain(uris).chain(addresses).flatten().collect();
        if !all.is_empty() {
            let names = tlv(0x04, &[&sequence(&[&all])]);
            extensions.push(sequence(&[ALTERNATIVE_NAMES, &names]));
        }
        let serial = self.issued.fetch_add(1, Ordering::Relaxed) + 1;
        let public = key.public_key().as_ref();
        let body = body(
            serial,
            &self.name,
            holder.common_name,
            holder.until,
            public,
            &extensions,
        );
        let private = key.to_pkcs8v1().map_err(|_| failed())?;
        Ok(Pair {
            certificate: signed(&self.key, &body)?,
            serial,
            key: Zeroizing::new(private.as_ref().to_vec()),
        })
    }

    /// A list of what counts no longer, as PEM; itself good until `until`.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn revoked(&self, serials: &[u64], until: u64) -> Result<String, DevError> {
        let entries: Vec<u8> = serials
            .iter()
            .flat_map(|serial| sequence(&[&integer(*serial), &time(FROM)]))
            .collect();
        let entries = match entries.is_empty() {
            true => Vec::new(),
            false => sequence(&[&entries]),
        };
        let number = sequence(&[CRL_NUMBER, &tlv(0x04, &[&integer(1)])]);
        let body = sequence(&[
            &integer(1),
            &sequence(&[SIGNED]),
            &name(&self.name),
            &time(FROM),
            &time(until),
            &entries,
            &tlv(0xa0, &[&sequence(&[&number])]),
        ]);
        Ok(pem("X509 CRL", &signed(&self.key, &body)?))
    }
}

fn body(
    serial: u64,
    issuer: &str,
    subject: &str,
    until: u64,
    public: &[u8],
    extensions: &[Vec<u8>],
) -> Vec<u8> {
    let extensions = match extensions.is_empty() {
        true => Vec::new(),
        false => tlv(0xa3, &[&sequence(&[&extensions.concat()])]),
    };
    sequence(&[
        &tlv(0xa0, &[b"\x02\x01\x02"]),
        &integer(serial),
        &sequence(&[SIGNED]),
        &name(issuer),
        &sequence(&[&time(FROM), &time(until)]),
        &name(subject),
        &sequence(&[&sequence(&[CURVE]), &bits(public)]),
        &extensions,
    ])
}

fn key() -> Result<EcdsaKeyPair, DevError> {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(|_| failed())
}

fn signed(key: &EcdsaKeyPair, body: &[u8]) -> Result<Vec<u8>, DevError> {
    let signature = key.sign(&SystemRandom::new(), body).map_err(|_| failed())?;
    Ok(sequence(&[
        body,
        &sequence(&[SIGNED]),
        &bits(signature.as_ref()),
    ]))
}

fn failed() -> DevError {
    DevError("no certificate could be made: the system has no random numbers".to_owned())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str(rest);
    if !rest.is_empty() {
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    // Nothing made here comes near 64 KiB.
    let [high, low] = u16::try_from(content.len())
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    let mut out = match content.len() {
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

/// A leading zero keeps it positive; it is a number of its own all the same, as none is that large.
fn integer(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(7);
    let shortest = bytes.get(zeros..).unwrap_or(&bytes);
    match shortest.first() {
        Some(0x80..) => tlv(0x02, &[&[0], shortest]),
        _ => tlv(0x02, &[shortest]),
    }
}

fn name(common: &str) -> Vec<u8> {
    let common = sequence(&[COMMON_NAME, &tlv(0x0c, &[common.as_bytes()])]);
    sequence(&[&tlv(0x31, &[&common])])
}

/// Before 2050.
fn time(seconds: u64) -> Vec<u8> {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Days since March of the year 0, in which a leap day is the last of its year.
    let days = days + 719_468;
    let era = days / 146_097;
    let day = days % 146_097;
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, more) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = (era * 400 + year + more) % 100;
    let text = format!(
        "{year:02}{month:02}{of_month:02}{:02}{:02}{:02}Z",
        rest / 3_600,
        rest / 60 % 60,
        rest % 60
    );
    tlv(0x17, &[text.as_bytes()])
}
