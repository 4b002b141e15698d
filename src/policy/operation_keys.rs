//! The keys an operation may carry, as one level (root `defaults`, path item, operation) writes them.

use super::access::{self, Wanted};
use super::codes;
use super::limits::{self, OwnLimits};
use super::model::{
    Effective, Expression, Flow, Level, RateLimit, RateUse, ReplyUse, Resource, Role,
};
use super::owns::{self, WantedOwns};
use super::rate_limits;
use super::reader;
use super::replies;
use super::report::Report;
use super::vocabulary::{FLOWS, MEDIA, OPERATION};
use crate::document::{Node, Place, Sources};

/// A key and where its value stands.
#[derive(Debug, Clone)]
pub(super) struct Written<T> {
    pub value: T,
    pub place: Place,
    pub level: Level,
}

/// What one level says. Keys are inherited whole, `limits` member by member (ruling 48).
#[derive(Debug, Clone, Default)]
pub(super) struct OperationKeys {
    pub access: Option<Written<Wanted>>,
    /// Only for the access of this level (ruling 48).
    pub reason: Option<String>,
    /// `None` inside: it was wrong and has been reported.
    pub owns: Option<Written<Option<Vec<WantedOwns>>>>,
    pub rate_limit: Option<Written<Option<RateUse>>>,
    pub limits: OwnLimits,
    /// Of an operation only: it is the operation.
    pub flow: Option<Effective<Flow>>,
    /// Of an operation only: it speaks of one list of responses.
    pub replies: Option<Vec<ReplyUse>>,
    /// Of an operation only: it speaks of one body.
    pub media: Option<Effective<Vec<(&'static str, Place)>>>,
}

/// What names may be used.
pub(super) struct Declared<'p> {
    pub roles: &'p [Role],
    pub resources: &'p [Resource],
    pub rate_limits: &'p [RateLimit],
    pub policies: &'p [Expression],
    pub sources: &'p Sources,
}

/// Reads the operation keys of one level.
pub(super) fn read(
    node: Option<&Node>,
    level: Level,
    declared: &Declared,
    report: &mut Report,
) -> OperationKeys {
    let mut keys = OperationKeys::default();
    let Some(map) = node.and_then(|node| reader::mapping(node, &OPERATION, report)) else {
        return keys;
    };
    let reason_node = map.get("reason");
    let reason = reason_node
        .and_then(|node| reader::text(node, "`reason`", report))
        .map(str::to_owned);
    for (key, node) in map.entries() {
        let place = node.place;
        match key.text.as_str() {
            "access" => {
                let mut value = access::read(node, declared, report);
                if matches!(value, Wanted::Public) && reason.is_none() {
                    if reason_node.is_none() {
                        let help =
                            "add `reason` beside it: one sentence for whoever reads the audit";
                        report.error(
                            codes::PUBLIC_WITHOUT_REASON,
                            place,
                            "`public` without a `reason`",
                            help,
                        );
                    }
                    value = Wanted::Broken;
                }
                keys.access = Some(Written {
                    value,
                    place,
                    level,
                });
            }
            "owns" => {
                let value = owns::read(node, declared, report);
                keys.owns = Some(Written {
                    value,
                    place,
                    level,
                });
            }
            "rateLimit" => {
                let value = rate_limits::used(node, declared.rate_limits, report);
                keys.rate_limit = Some(Written {
                    value,
                    place,
                    level,
                });
            }
            "limits" => keys.limits = limits::own(node, report),
            "flow" => {
                let word = reader::choice(node, "`flow`", FLOWS, report);
                let value = match word {
                    Some("refresh") => Some(Flow::Refresh),
                    Some("logout") => Some(Flow::Logout),
                    Some("revoke") => Some(Flow::Revoke),
                    _ => None,
                };
                keys.flow = value.map(|value| Effective {
                    value,
                    level,
                    place,
                });
                if level != Level::Operation {
                    report.error(
                        codes::FLOW_LEVEL,
                        key.place,
                        "`flow` is what one operation does",
                        "move it to the operation",
                    );
                }
            }
            "replies" => {
                keys.replies = replies::read(node, report);
                if level != Level::Operation {
                    report.error(
                        codes::REPLIES,
                        key.place,
                        "`replies` speaks of the responses of one operation",
                        "move it to the operation",
                    );
                }
            }
            "media" => {
                keys.media = media(node, report).map(|value| Effective {
                    value,
                    level,
                    place,
                });
                if level != Level::Operation {
                    let message = "`media` speaks of the body of one operation";
                    let help = "move it to the operation";
                    report.error(codes::MEDIA, key.place, message, help);
                }
            }
            _ => {}
        }
    }
    keys.reason = reason;
    keys
}

/// The media types that `media` names; `None` when one of them is wrong.
fn media(node: &Node, report: &mut Report) -> Option<Vec<(&'static str, Place)>> {
    if node.as_list().is_none() {
        return reader::wrong_kind(node, "`media`", "a list", report);
    }
    let words = reader::words(node, "`media`", report)?;
    let mut named = Vec::new();
    for (word, place) in &words {
        match reader::word(word, MEDIA) {
            Some(known) => named.push((known.word, *place)),
            None => {
                let message = format!("`media` cannot be `{word}`: no body is read as that");
                let help = reader::near(word, reader::enforced(MEDIA));
                report.error(codes::WORD, *place, message, help);
            }
        }
    }
    (named.len() == words.len()).then_some(named)
}
