//! `auth` of a scheme of HTTP Basic: why it must be, and which roles everybody has who comes by it.

use super::codes;
use super::model::{PasswordScheme, Role};
use super::reader;
use super::report::Report;
use super::roles;
use super::vocabulary::PASSWORD_ENTRY;
use crate::document::{Key, Node};

/// Reads the entry of a scheme whose passwords a hook of the person's verifies.
pub(super) fn entry(
    key: &Key,
    node: &Node,
    declared: &[Role],
    report: &mut Report,
) -> Option<PasswordScheme> {
    let map = reader::mapping(node, &PASSWORD_ENTRY, report)?;
    // Both are read before the first `?`: a person sees everything that is wrong at once.
    let held = match map.get("roles") {
        Some(node) => roles::set(declared, node, "`roles`", report),
        None => Some(0),
    };
    let Some(reason) = map.get("reason") else {
        let message = format!(
            "`{}` sends a password with every request, and no `reason` says why",
            key.text
        );
        report.error(
            codes::PASSWORD_REASON,
            key.place,
            message,
            "use a scheme of bearer tokens, or say in a `reason` here why it must be so",
        );
        return None;
    };
    let reason = reader::text(reason, "`reason`", report)?;
    Some(PasswordScheme {
        name: key.text.clone(),
        place: key.place,
        roles: held?,
        reason: reason.to_owned(),
    })
}
