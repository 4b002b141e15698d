//! `replies`: which responses of an operation are the handler's. The others are the service's own.
//!
//! The effective document declares both; without this key a document declares the handler's alone.

use super::codes;
use super::model::{ReplyKind, ReplyUse};
use super::reader;
use super::report::Report;
use super::vocabulary::REPLIES;
use crate::document::Node;

/// Reads `replies`; `None` when it is wrong.
pub(super) fn read(node: &Node, report: &mut Report) -> Option<Vec<ReplyUse>> {
    let map = reader::entries(node, "`replies`", report)?;
    if map.entries.is_empty() {
        let help = "name a status, or leave the key out";
        report.error(
            codes::REPLIES,
            node.place,
            "`replies` names no status",
            help,
        );
        return None;
    }
    let mut replies = Vec::new();
    for (key, node) in &map.entries {
        let digits = key.text.len() == 3 && key.text.bytes().all(|byte| byte.is_ascii_digit());
        let status = key.text.parse::<u16>().ok().filter(|_| digits);
        if status.is_none() {
            let message = format!("`{}` is not one status", key.text);
            let help = "write it like `'200'`";
            report.error(codes::REPLIES, key.place, message, help);
        }
        let kind = reader::choice(node, "a reply", REPLIES, report);
        let kind = kind.map(|word| match word {
            "json" => ReplyKind::Json,
            "text" => ReplyKind::Text,
            "problem" => ReplyKind::Problem,
            _ => ReplyKind::Empty,
        });
        if let (Some(status), Some(kind)) = (status, kind) {
            replies.push(ReplyUse {
                status,
                kind,
                place: key.place,
            });
        }
    }
    (replies.len() == map.entries.len()).then_some(replies)
}
