//! Values worth trying: what expressions compare with, what stands beside it, and what is nobody's.

use super::admitted::MOMENTS;
use super::evaluate::{Around, Value};
use super::scene::CALLER;
use crate::cel::{Expr, Kind};
use crate::plan::AttributeKind;

/// Further than any attack lets time pass: a day and a half, and more than a year.
const FAR: [i128; 4] = [
    129_600_000_000_000,
    -129_600_000_000_000,
    34_560_000_000_000_000,
    -34_560_000_000_000_000,
];

/// Values of a kind: those the expressions compare with, their neighbours, and one that is nobody's.
pub(super) fn values<'e>(
    kind: AttributeKind,
    exprs: impl Iterator<Item = &'e Expr>,
    around: &Around,
) -> Vec<Value> {
    let mut texts = vec!["palisade".to_owned(), CALLER.to_owned()];
    let mut numbers = vec![1_i64, 0];
    for expr in exprs {
        expr.walk(&mut |part| match &part.kind {
            Kind::Text(text) if !text.is_empty() => texts.push(text.clone()),
            Kind::Int(value) => {
                numbers.extend(
                    [Some(*value), value.checked_add(1), value.checked_sub(1)]
                        .into_iter()
                        .flatten(),
                );
            }
            Kind::Matches(_, pattern) => {
                texts.extend(super::witness::sample(&crate::plan::Text {
                    min: 1,
                    max: 64,
                    max_declared: true,
                    pattern: Some(crate::plan::Pattern {
                        source: pattern.clone(),
                        rust: pattern.clone(),
                    }),
                    format: None,
                }));
            }
            _ => {}
        });
    }
    for facts in around.facts.values() {
        texts.push(facts.id.clone());
        let fixed = facts.attributes.iter().flatten();
        texts.extend(fixed.filter_map(|value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }));
    }
    for claim in around.claims.iter().flatten() {
        if let Value::Text(text) = claim {
            texts.push(text.clone());
        }
    }
    texts.dedup();
    let mut found: Vec<Value> = Vec::new();
    let all: Vec<Value> = match kind {
        AttributeKind::String => texts.into_iter().map(Value::Text).collect(),
        AttributeKind::Uuid => {
            let some = (1..3).map(super::witness::uuid);
            let known = texts.into_iter().filter(|text| text.len() == 36);
            known.chain(some).map(Value::Text).collect()
        }
        AttributeKind::Integer => numbers.into_iter().map(Value::Int).collect(),
        AttributeKind::Boolean => [true, false].map(Value::Bool).into(),
        AttributeKind::Time => FAR.map(|far| Value::Nanos(MOMENTS[0] + far)).into(),
        AttributeKind::Strings => {
            let all: Vec<Value> = texts.into_iter().map(Value::Text).collect();
            let each = all.iter().map(|text| Value::List(vec![text.clone()]));
            let mut lists: Vec<Value> = each.collect();
            lists.push(Value::List(all.clone()));
            lists.push(Value::List(Vec::new()));
            lists
        }
    };
    for value in all {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}
