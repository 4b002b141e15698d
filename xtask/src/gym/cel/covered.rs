//! That the table leaves nothing out: whatever the checker takes between operands of any two kinds has a row, and so has
//! every function of what it takes. Nobody lists this by hand; the checker is asked.
#![allow(clippy::unwrap_used)]

use super::table::Table;
use palisade::cel::{Expr, FUNCTIONS, Kind, OPERATORS, Type};
use std::collections::{BTreeMap, BTreeSet};

/// One of each kind. Words are texts.
const OPERANDS: [&str; 13] = [
    "request.body.flag",
    "request.body.number",
    "request.body.text",
    "request.body.kind",
    "request.time",
    "duration('1h')",
    "principal.roles",
    "resource.tags",
    "request.body.flags",
    "request.body.numbers",
    "request.body.lines",
    "[request.time]",
    "request.body.inner",
];

/// A literal each, since some functions take nothing else; and what reads every key.
const OTHERS: [&str; 24] = [
    "'reader' in principal.roles",
    "request.body.text.matches('a')",
    "matches(request.body.text, 'a')",
    "timestamp('2026-03-01T12:00:00Z') == request.time",
    "request.body.nothing == null",
    "request.body.nothing != null",
    "has(request.body.maybe)",
    "principal.subject == principal.name",
    "principal.tenant == principal.name",
    "'a' in principal.scopes",
    "principal.level == 1",
    "resource.id == resource.owner",
    "resource.tenant == resource.word",
    "resource.version == 1",
    "request.method == request.ip",
    "request.path.thingId == request.query.day",
    "request.query.limit == 1",
    "request.body.inner.count == 1",
    "request.body.inner.name == 'a'",
    "resource.since == resource.until",
    "resource.open",
    "principal.onDuty",
    "resource.count == 1",
    "principal.device == resource.code",
];

/// Everything that can be written of them.
fn written() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for left in OPERANDS {
        for right in OPERANDS {
            for sign in OPERATORS {
                all.push(format!("{left} {sign} {right}"));
                if ["+", "-", "*", "/", "%"].contains(sign) {
                    all.push(format!(
                        "({left} {sign} {right}) == ({left} {sign} {right})"
                    ));
                }
            }
            for name in FUNCTIONS {
                all.push(format!("{left}.{name}({right})"));
                all.push(format!("{name}({left}, {right})"));
            }
        }
        all.push(format!("{left} in [{left}]"));
        for sign in ["!", "-"] {
            all.push(format!("{sign}{left}"));
            all.push(format!("{sign}{left} == {sign}{left}"));
        }
        all.push(format!(
            "(true ? {left} : {left}) == (true ? {left} : {left})"
        ));
        all.push(format!("true && {left} || {left}"));
        for name in FUNCTIONS {
            all.push(format!("{left}.{name}(item, true)"));
            for call in [format!("{left}.{name}()"), format!("{name}({left})")] {
                all.push(format!("{call} == {call}"));
                all.push(call);
            }
        }
    }
    all.extend(OTHERS.map(str::to_owned));
    all
}

/// What an expression is made of: each part with the kinds it is about.
fn parts(expr: &Expr, found: &mut BTreeSet<String>) {
    expr.walk(&mut |part| {
        found.insert(part_of(part));
    });
}

fn part_of(part: &Expr) -> String {
    let of = |expr: &Expr| match &expr.value {
        Type::List { items, .. } => format!("a list of {}", items.what()),
        other => other.what().to_owned(),
    };
    match &part.kind {
        Kind::Bool(_) | Kind::Int(_) | Kind::Text(_) | Kind::Nanos(_) => {
            format!("literal {}", of(part))
        }
        Kind::List(_) => format!("literal {}", of(part)),
        Kind::Root(_) | Kind::This | Kind::Item(_) => "a variable".to_owned(),
        // Which member of a body it is says nothing.
        Kind::Read(probe) | Kind::Has(probe) | Kind::IsNull(probe) => {
            let what = match part.kind {
                Kind::Read(_) => "read",
                Kind::Has(_) => "has",
                _ => "null",
            };
            let key = format!("{:?}", probe.key);
            let key = key.split('(').next().unwrap_or_default();
            match what {
                "read" => format!("read {key} {}", of(part)),
                what => what.to_owned(),
            }
        }
        Kind::Holds(_) => "a role".to_owned(),
        Kind::Not(_) => "!".to_owned(),
        Kind::Minus(on) => format!("- {}", of(on)),
        Kind::Arithmetic(how, left, right) => format!("{how:?} {}, {}", of(left), of(right)),
        Kind::Compare(how, left, right) => format!("{how:?} {}, {}", of(left), of(right)),
        Kind::All(_) => "&&".to_owned(),
        Kind::Any(_) => "||".to_owned(),
        Kind::Choice(_) => format!("?: {}", of(part)),
        Kind::In(_, right) => format!("in {}", of(right)),
        Kind::Size(on) => format!("size {}", of(on)),
        Kind::StartsWith(..) => "startsWith".to_owned(),
        Kind::EndsWith(..) => "endsWith".to_owned(),
        Kind::Contains(..) => "contains".to_owned(),
        Kind::Matches(..) => "matches".to_owned(),
        Kind::Timestamp(_) => "timestamp".to_owned(),
        Kind::Each { how, list, .. } => format!("{how:?} {}", of(list)),
    }
}

#[test]
fn every_construct_that_is_supported_has_a_row() {
    let table = Table::read().unwrap();
    let compiled = table.compiled().unwrap();
    let mut tried = BTreeSet::new();
    for operation in compiled.policies.1.values() {
        parts(&operation.decision.as_ref().unwrap().expr, &mut tried);
    }
    let texts = written();
    let mut taken = BTreeMap::new();
    for some in texts.chunks(250) {
        taken.extend(table.operations(some).unwrap().1);
    }
    assert!(
        taken.len() > 150,
        "only {} of {} are taken",
        taken.len(),
        texts.len()
    );
    let mut supported = BTreeSet::new();
    for operation in taken.values() {
        parts(&operation.decision.as_ref().unwrap().expr, &mut supported);
    }
    let missing: Vec<&String> = supported.difference(&tried).collect();
    assert!(
        missing.is_empty(),
        "no row in tests/gym/cel/rows.yaml has: {missing:#?}"
    );
    for name in FUNCTIONS {
        let called = |text: &&String| text.contains(&format!("{name}("));
        assert!(
            taken.keys().any(|text| called(&text)),
            "{name} is never taken"
        );
    }
}
