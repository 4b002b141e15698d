//! `access`: who may call, as it is written at one level.

use super::codes;
use super::expressions;
use super::model::{Expression, Role};
use super::operation_keys::Declared;
use super::reader;
use super::report::Report;
use super::roles;
use super::units;
use super::vocabulary::{ACCESS, ACCESS_WORDS, RESERVED_ROLES};
use crate::document::{Node, Place};

/// What one level says.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    Public,
    Optional,
    Denied,
    /// All of it; nothing at all is any caller.
    Caller {
        roles: Vec<u64>,
        scopes: Vec<(String, Place)>,
        further: Further,
    },
    /// It was wrong and has been reported; nobody passes.
    Broken,
}

/// What else must hold of a caller.
#[derive(Debug, Clone, Default)]
pub(super) struct Further {
    pub policy: Option<Expression>,
    /// Seconds.
    pub fresh: Option<u64>,
    pub acr: Vec<String>,
}

/// Reads `access`.
pub(super) fn read(node: &Node, around: &Declared, report: &mut Report) -> Wanted {
    let declared = around.roles;
    let wanted = if node.as_map().is_some() {
        object(node, around, report)
    } else if node.as_list().is_some() {
        any_of(node, "`access`", declared, report).map(|set| Wanted::Caller {
            roles: vec![set],
            scopes: Vec::new(),
            further: Further::default(),
        })
    } else {
        word(node, declared, report)
    };
    wanted.unwrap_or(Wanted::Broken)
}

fn word(node: &Node, declared: &[Role], report: &mut Report) -> Option<Wanted> {
    if node.as_str().is_none() {
        return reader::wrong_kind(
            node,
            "`access`",
            "a word, a role, a list of roles or a mapping",
            report,
        );
    }
    let text = reader::text(node, "`access`", report)?;
    if let Some(gap) = reader::word(text, ACCESS_WORDS).and_then(|word| word.gap) {
        report.gap(gap, node.place);
        return None;
    }
    match text {
        "public" => Some(Wanted::Public),
        "optional" => Some(Wanted::Optional),
        "denied" => Some(Wanted::Denied),
        "authenticated" => Some(Wanted::Caller {
            roles: Vec::new(),
            scopes: Vec::new(),
            further: Further::default(),
        }),
        _ => match declared.iter().position(|role| role.name == text) {
            Some(bit) => Some(Wanted::Caller {
                roles: vec![1 << bit],
                scopes: Vec::new(),
                further: Further::default(),
            }),
            None => {
                let names = declared
                    .iter()
                    .map(|role| role.name.as_str())
                    .chain(reader::enforced(ACCESS_WORDS));
                let message = format!("`{text}` is neither a declared role nor a word of `access`");
                report.error(
                    codes::ROLE_UNDECLARED,
                    node.place,
                    message,
                    reader::near(text, names),
                );
                None
            }
        },
    }
}

fn object(node: &Node, around: &Declared, report: &mut Report) -> Option<Wanted> {
    let declared = around.roles;
    let map = reader::mapping(node, &ACCESS, report)?;
    if map.is_empty() {
        let help = "write `authenticated` for every caller, or name `roles`, `allRoles`, `scopes` or a `policy`";
        report.error(
            codes::ACCESS_EMPTY,
            node.place,
            "`access` says nothing",
            help,
        );
        return None;
    }
    if !map.is_enforced() {
        // A gap or an unknown key, reported: what is left of the mapping would be weaker than what was meant.
        return None;
    }
    let mut roles = Vec::new();
    if let Some(node) = map.get("roles") {
        roles.push(any_of(node, "`roles`", declared, report)?);
    }
    if let Some(node) = map.get("allRoles") {
        let all = any_of(node, "`allRoles`", declared, report)?;
        roles.extend(
            (0..u64::BITS)
                .map(|bit| 1_u64 << bit)
                .filter(|bit| all & bit != 0),
        );
    }
    let mut scopes = Vec::new();
    if let Some(node) = map.get("scopes") {
        for (scope, place) in reader::words(node, "`scopes`", report)? {
            if !is_scope(scope) {
                bad_scope(scope, place, report);
                return None;
            }
            scopes.push((scope.to_owned(), place));
        }
    }
    let further = further(map, around, report)?;
    Some(Wanted::Caller {
        roles,
        scopes,
        further,
    })
}

fn further(map: reader::Fields, around: &Declared, report: &mut Report) -> Option<Further> {
    let mut further = Further::default();
    if let Some(node) = map.get("policy") {
        let (policies, sources) = (around.policies, around.sources);
        let policy = expressions::named_or_inline(node, policies, sources, report)?;
        further.policy = Some(policy);
    }
    if let Some(node) = map.get("fresh") {
        further.fresh = Some(units::seconds(node, "`fresh`", false, report)?);
    }
    if let Some(node) = map.get("acr") {
        for (class, place) in reader::words(node, "`acr`", report)? {
            if !is_scope(class) {
                let message = format!("`{class}` is not one authentication class");
                let help = "write each class by itself: visible ASCII without `\"` and `\\`";
                report.error(codes::SCOPE_SYNTAX, place, message, help);
                return None;
            }
            further.acr.push(class.to_owned());
        }
    }
    Some(further)
}

fn any_of(node: &Node, what: &str, declared: &[Role], report: &mut Report) -> Option<u64> {
    let words = reader::words(node, what, report)?;
    let mut bits = Some(0_u64);
    for (name, place) in words {
        let bit = if RESERVED_ROLES.contains(&name) {
            let message = format!("`{name}` is not a role and cannot stand in a list of roles");
            report.error(
                codes::ACCESS_RESERVED,
                place,
                message,
                "keep the roles, or write the word alone",
            );
            None
        } else {
            roles::named(declared, name, place, report)
        };
        bits = bits.zip(bit).map(|(set, bit)| set | bit);
    }
    bits
}

/// RFC 6749, 3.3. The text is sent in a challenge.
pub(super) fn is_scope(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

pub(super) fn bad_scope(scope: &str, place: Place, report: &mut Report) {
    let message = format!("`{scope}` is not one scope");
    report.error(
        codes::SCOPE_SYNTAX,
        place,
        message,
        "write each scope by itself: visible ASCII without `\"` and `\\`",
    );
}
