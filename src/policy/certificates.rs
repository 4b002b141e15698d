//! `auth` of a scheme of client certificates: which name in them is the caller, and the roles of all who come by one.

use super::codes;
use super::model::{CertificateName, CertificateScheme, Role, Tls};
use super::reader;
use super::report::Report;
use super::roles;
use super::vocabulary::{CERTIFICATE_ENTRY, CERTIFICATE_NAMES};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node};

/// Reads the entry of a `mutualTLS` scheme.
pub(super) fn entry(
    key: &Key,
    node: &Node,
    declared: &[Role],
    report: &mut Report,
) -> Option<CertificateScheme> {
    let map = reader::mapping(node, &CERTIFICATE_ENTRY, report)?;
    let what = format!("the entry `{}` of `auth`", key.text);
    // Both are read before the first `?`: a person sees everything that is wrong at once.
    let held = match map.get("roles") {
        Some(node) => roles::set(declared, node, "`roles`", report),
        None => Some(0),
    };
    let subject = reader::required(map, "subject", &what, key.place, report)
        .and_then(|node| reader::choice(node, "`subject`", CERTIFICATE_NAMES, report));
    let subject = match subject? {
        "san-uri" => CertificateName::Uri,
        "san-dns" => CertificateName::Dns,
        "cn" => CertificateName::Common,
        _ => return None,
    };
    Some(CertificateScheme {
        name: key.text.clone(),
        place: key.place,
        subject,
        roles: held?,
    })
}

/// A certificate is seen by whoever ends TLS (ruling 57). `network`: where it stands, right or wrong.
pub(super) fn need_tls(
    schemes: &[CertificateScheme],
    tls: Option<Tls>,
    network: Option<&Node>,
    report: &mut Report,
) {
    // Of a `tls` that could not be read nothing is known.
    let said = network
        .and_then(Node::as_map)
        .and_then(|map| map.get("tls"));
    let unread = said.is_some_and(|node| node.as_str() != Some("upstream"));
    if tls.is_some() || unread {
        return;
    }
    for scheme in schemes {
        let message = format!(
            "`{}` asks clients for a certificate, and TLS does not end in this service",
            scheme.name
        );
        let mut diagnostic = Diagnostic::new(codes::CERTIFICATE_WITHOUT_TLS, scheme.place, message);
        if let Some(node) = said {
            diagnostic = diagnostic.related(node.place, "it ends before the service");
        }
        report.push(diagnostic.help("write `network: { tls: terminate }`, or use another scheme"));
    }
}
