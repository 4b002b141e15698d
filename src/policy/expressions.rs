//! Expressions: named ones, those that stand where they are used, and what is wrong with one, at its character.

use super::codes;
use super::gaps;
use super::model::{Expression, Rule};
use super::reader;
use super::report::Report;
use super::vocabulary::RULE;
use crate::cel::{self, What};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place, Sources, inside};
use std::sync::Arc;

/// Reads `x-security.policies`.
pub(super) fn read(node: &Node, sources: &Sources, report: &mut Report) -> Vec<Expression> {
    let Some(map) = reader::entries(node, "`policies`", report) else {
        return Vec::new();
    };
    let mut policies = Vec::new();
    for (key, node) in &map.entries {
        if key.text.trim().is_empty() {
            report.error(
                codes::EMPTY,
                key.place,
                "the name of a policy is empty",
                "name it",
            );
        }
        match expression(node, "a policy", Some(&key.text), sources, report) {
            Some(policy) => policies.push(policy),
            None => report.broken("policy", &key.text),
        }
    }
    policies
}

fn expression(
    node: &Node,
    what: &str,
    name: Option<&str>,
    sources: &Sources,
    report: &mut Report,
) -> Option<Expression> {
    let text = reader::text(node, what, report)?;
    match cel::parse(text) {
        Ok(tree) => Some(Expression {
            name: name.map(str::to_owned),
            node: node.clone(),
            tree: Arc::new(tree),
        }),
        Err(error) => {
            tell(&error, node, sources, None, report);
            None
        }
    }
}

/// A policy by its name, else the expression that stands here (ruling 51).
pub(super) fn named_or_inline(
    node: &Node,
    policies: &[Expression],
    sources: &Sources,
    report: &mut Report,
) -> Option<Expression> {
    let text = reader::text(node, "`policy`", report)?;
    let known = |policy: &&Expression| policy.name.as_deref() == Some(text);
    if let Some(policy) = policies.iter().find(known) {
        return Some(policy.clone());
    }
    if report.is_broken("policy", text) {
        return None;
    }
    let inline = expression(node, "`policy`", None, sources, report)?;
    match inline.tree.as_name() {
        Some(name) => {
            undeclared(name, node.place, policies, report);
            None
        }
        None => Some(inline),
    }
}

/// The policy that `by: policy NAME` names. `name` is what stands behind the word.
pub(super) fn named(
    name: &str,
    place: Place,
    policies: &[Expression],
    report: &mut Report,
) -> Option<Expression> {
    let known = |policy: &&Expression| policy.name.as_deref() == Some(name);
    let found = policies.iter().find(known).cloned();
    if found.is_none() && !report.is_broken("policy", name) {
        undeclared(name, place, policies, report);
    }
    found
}

fn undeclared(name: &str, place: Place, policies: &[Expression], report: &mut Report) {
    let names = policies.iter().filter_map(|policy| policy.name.as_deref());
    let help = reader::near(name, names);
    let message = format!("the policy `{name}` is not declared");
    report.error(codes::POLICY_UNDECLARED, place, message, help);
}

/// Reads `rules` of a schema.
pub(super) fn rules(node: &Node, sources: &Sources, report: &mut Report) -> Option<Vec<Rule>> {
    let mut rules: Vec<Rule> = Vec::new();
    let items = reader::list(node, "`rules`", report)?;
    for item in items {
        let Some(map) = reader::mapping(item, &RULE, report) else {
            continue;
        };
        let of = |key: &str, report: &mut Report| {
            reader::required(map, key, "the rule", item.place, report)
        };
        let id =
            of("id", report).and_then(|node| Some((reader::text(node, "`id`", report)?, node)));
        let check = of("check", report);
        let check = check.and_then(|node| expression(node, "`check`", None, sources, report));
        let message = of("message", report);
        let message = message.and_then(|node| reader::text(node, "`message`", report));
        let (Some((id, node)), Some(check), Some(message)) = (id, check, message) else {
            continue;
        };
        if !is_id(id) {
            let message = format!("`{id}` cannot be the name of a rule");
            let help = "use at most 64 letters, digits, `.`, `_` and `-`";
            report.error(codes::RULE_ID, node.place, message, help);
            continue;
        }
        if let Some(other) = rules.iter().find(|other| other.id == id) {
            report.push(
                Diagnostic::new(
                    codes::TWICE,
                    node.place,
                    format!("two rules are named `{id}`"),
                )
                .related(other.place, "first named here")
                .help("rename one of the two"),
            );
            continue;
        }
        rules.push(Rule {
            id: id.to_owned(),
            place: node.place,
            check,
            message: message.to_owned(),
        });
    }
    (rules.len() == items.len()).then_some(rules)
}

fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// So many messages are put at their character: to find it, the text is read once more.
const LOOKED_UP: usize = 500;

/// What is wrong with an expression, where in the text of `node` it is.
///
/// `within`: the operation that it was found for, where another one may find nothing wrong.
pub(crate) fn tell(
    error: &cel::Error,
    node: &Node,
    sources: &Sources,
    within: Option<Place>,
    report: &mut Report,
) {
    let place = match report.count(LOOKED_UP) {
        true => inside(sources, node, error.at),
        false => node.place,
    };
    let mut diagnostic = match error.what {
        What::Unsupported => {
            Diagnostic::new(gaps::CEL.code, place, error.message.clone()).help(format!(
                "{}; `palisade gaps` lists what this version refuses",
                error.help
            ))
        }
        what => {
            let code = match what {
                What::Syntax => codes::CEL_SYNTAX,
                What::Name => codes::CEL_NAME,
                What::Size => codes::CEL_SIZE,
                What::Type | What::Unsupported => codes::CEL_TYPE,
            };
            let diagnostic = Diagnostic::new(code, place, error.message.clone());
            match &error.meant {
                Some((old, new)) => diagnostic.did_you_mean(old, new),
                None => diagnostic.help(error.help.clone()),
            }
        }
    };
    diagnostic.within = within;
    diagnostic.scalar = Some(node.place);
    report.push(diagnostic);
}
