//! What is read of a certificate (RFC 5280 §4.1): how long it is good, and its names. Signatures are rustls' business;
//! nothing here makes a certificate good.

use std::borrow::Cow;

use crate::auth::der::{self, OID, SEQUENCE};
use crate::spec::CertificateName;

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xa0;
const SET: u8 = 0x31;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const EXTENSIONS: u8 = 0xa3;
const BOOLEAN: u8 = 0x01;
const OCTETS: u8 = 0x04;
/// Kinds of alternative names (RFC 5280 §4.2.1.6).
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
/// 2.5.29.17
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// The parts of a certificate that somebody looks at.
pub(crate) struct Certificate<'c> {
    /// Seconds since 1970.
    pub not_before: u64,
    pub not_after: u64,
    /// A sequence of sets of attributes.
    subject: &'c [u8],
    /// What follows the subject: its key, and extensions.
    rest: &'c [u8],
}

impl<'c> Certificate<'c> {
    /// `None`: it is none.
    pub fn read(der: &'c [u8]) -> Option<Self> {
        let (body, _) = der::element(der::whole(der, SEQUENCE)?, SEQUENCE)?;
        let (tag, _, after) = der::next(body)?;
        let body = if tag == VERSION { after } else { body };
        // Serial number, algorithm of the signature, issuer.
        let body = skip(skip(skip(body)?)?)?;
        let (validity, body) = der::element(body, SEQUENCE)?;
        let (subject, after) = der::element(body, SEQUENCE)?;
        let (tag, from, until) = der::next(validity)?;
        let (until_tag, until, rest) = der::next(until)?;
        rest.is_empty().then_some(())?;
        Some(Certificate {
            not_before: moment(tag, from)?,
            not_after: moment(until_tag, until)?,
            subject,
            rest: after,
        })
    }
}

impl<'c> Certificate<'c> {
    /// The one name of that kind; two of them would be a guess, and so would be one that stands for many.
    pub fn name(&self, kind: CertificateName) -> Option<Cow<'c, str>> {
        let name = match kind {
            CertificateName::Common => self.common_name().map(Cow::Borrowed),
            CertificateName::Uri => self.alternative(URI).map(Cow::Borrowed),
            // Letters of either case are the same name.
            CertificateName::Dns => self
                .alternative(DNS)
                .filter(|name| !name.contains('*'))
                .map(|name| Cow::Owned(name.to_ascii_lowercase())),
        };
        name.filter(|name| crate::basic::is_name(name))
    }

    /// The only alternative name with this tag.
    fn alternative(&self, tag: u8) -> Option<&'c str> {
        let mut found = None;
        let mut names = der::whole(self.extension(ALTERNATIVE_NAMES)?, SEQUENCE)?;
        while !names.is_empty() {
            let (kind, name, rest) = der::next(names)?;
            names = rest;
            if kind == tag && found.replace(name).is_some() {
                return None;
            }
        }
        std::str::from_utf8(found?)
            .ok()
            .filter(|name| name.is_ascii())
    }

    /// The content of the only extension of that kind.
    fn extension(&self, wanted: &[u8]) -> Option<&'c [u8]> {
        let mut rest = self.rest;
        let mut all = loop {
            let (tag, content, after) = der::next(rest)?;
            rest = after;
            if tag == EXTENSIONS {
                break der::whole(content, SEQUENCE)?;
            }
        };
        let mut found = None;
        while !all.is_empty() {
            let (extension, after) = der::element(all, SEQUENCE)?;
            all = after;
            let (kind, value) = der::element(extension, OID)?;
            let (tag, _, after) = der::next(value)?;
            // Whether it is critical.
            let value = if tag == BOOLEAN { after } else { value };
            if kind == wanted && found.replace(der::whole(value, OCTETS)?).is_some() {
                return None;
            }
        }
        found
    }

    /// The one common name of the subject (RFC 5280 §4.1.2.6).
    pub fn common_name(&self) -> Option<&'c str> {
        let (mut sets, mut found) = (self.subject, None);
        while !sets.is_empty() {
            let (mut set, rest) = der::element(sets, SET)?;
            sets = rest;
            while !set.is_empty() {
                let (attribute, rest) = der::element(set, SEQUENCE)?;
                set = rest;
                let (kind, value) = der::element(attribute, OID)?;
                if kind != COMMON_NAME {
                    continue;
                }
                let (tag, text, rest) = der::next(value)?;
                let is_text = matches!(tag, UTF8_STRING | PRINTABLE_STRING | IA5_STRING);
                // Two of them would be a guess.
                if !is_text || !rest.is_empty() || found.is_some() {
                    return None;
                }
                found = Some(std::str::from_utf8(text).ok()?);
            }
        }
        found
    }
}

fn skip(der: &[u8]) -> Option<&[u8]> {
    der::next(der).map(|(_, _, rest)| rest)
}

/// Seconds since 1970; what lies before is 0.
fn moment(tag: u8, text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: u32 = digits(year)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (digits(year)?, rest)
        }
        _ => return None,
    };
    let rest = rest.strip_suffix('Z').filter(|rest| rest.len() == 10)?;
    let part = |at: usize| rest.get(at..at + 2).and_then(digits);
    let (month, day, hour) = (part(0)?, part(2)?, part(4)?);
    let (minute, second) = (part(6)?, part(8)?);
    // What is no date is none here either, and its certificate is none.
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    match crate::auth::moment(&text) {
        Some(seconds) => Some(seconds),
        None if year < 1970 => Some(0),
        None => None,
    }
}

fn digits(text: &str) -> Option<u32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}
