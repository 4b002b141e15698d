//! What an expression says of its roots, from the left to the right.

use super::read::{Each, Node};
use super::time::{duration, moment, span, timestamp};
use super::{Roots, Value};
use std::cmp::Ordering;

/// Neither yes nor no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided;

type Found = Result<Value, Undecided>;

/// The most items of a list that are looked through (decision 18).
const LONGEST: usize = 1000;

pub(super) fn decided(node: &Node, roots: &Roots) -> Result<bool, Undecided> {
    let mut evaluation = Evaluation {
        roots,
        items: Vec::new(),
    };
    evaluation.boolean(node)
}

struct Evaluation<'r> {
    roots: &'r Roots,
    /// The items of the macros around, by name.
    items: Vec<(String, Value)>,
}

impl Evaluation<'_> {
    fn boolean(&mut self, node: &Node) -> Result<bool, Undecided> {
        match self.value(node)? {
            Value::Bool(value) => Ok(value),
            _ => Err(Undecided),
        }
    }

    fn list(&mut self, node: &Node) -> Result<Vec<Value>, Undecided> {
        match self.value(node)? {
            Value::List(items) if items.len() <= LONGEST => Ok(items),
            _ => Err(Undecided),
        }
    }

    fn text(&mut self, node: &Node) -> Result<String, Undecided> {
        match self.value(node)? {
            Value::Text(text) => Ok(text),
            _ => Err(Undecided),
        }
    }

    /// A value that is there and is not `null`.
    fn value(&mut self, node: &Node) -> Found {
        match self.found(node)? {
            Value::Null => Err(Undecided),
            value => Ok(value),
        }
    }

    fn found(&mut self, node: &Node) -> Found {
        Ok(match node {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Int(value) => Value::Int(*value),
            Node::Text(text) => Value::Text(text.clone()),
            Node::List(items) => {
                let items = items.iter().map(|item| self.value(item));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Node::Name(name) => {
                let mut items = self.items.iter().rev();
                let item = items.find(|(item, _)| item == name).map(|(_, value)| value);
                let found = item.or_else(|| self.roots.get(name));
                found.cloned().ok_or(Undecided)?
            }
            Node::Member(on, name) => self.member(on, name)?.ok_or(Undecided)?,
            Node::Has(on, name) => Value::Bool(self.member(on, name)?.is_some()),
            Node::Not(on) => Value::Bool(!self.boolean(on)?),
            Node::Minus(on) => match self.value(on)? {
                Value::Int(value) => Value::Int(value.checked_neg().ok_or(Undecided)?),
                Value::Duration(value) => Value::Duration(value.checked_neg().ok_or(Undecided)?),
                _ => return Err(Undecided),
            },
            Node::Two(sign, both) => self.two(sign, both)?,
            Node::Choice(parts) => {
                let [condition, yes, no] = parts.as_ref();
                match self.boolean(condition)? {
                    true => self.value(yes)?,
                    false => self.value(no)?,
                }
            }
            Node::Call(name, arguments) => self.call(name, arguments)?,
            Node::Matches(on, pattern) => Value::Bool(pattern.is_match(&self.text(on)?)),
            Node::Each {
                how,
                list,
                item,
                holds,
            } => Value::Bool(self.each(*how, list, item, holds)?),
        })
    }

    /// `None`: what it would be of is there, and it is not.
    fn member(&mut self, on: &Node, name: &str) -> Result<Option<Value>, Undecided> {
        match self.value(on)? {
            Value::Map(members) => Ok(members.get(name).cloned()),
            _ => Err(Undecided),
        }
    }

    fn two(&mut self, sign: &str, both: &[Node; 2]) -> Found {
        let [left, right] = both;
        Ok(match sign {
            "&&" => Value::Bool(self.boolean(left)? && self.boolean(right)?),
            "||" => Value::Bool(self.boolean(left)? || self.boolean(right)?),
            "in" => {
                let wanted = self.value(left)?;
                Value::Bool(self.list(right)?.contains(&wanted))
            }
            // Only `null` itself is compared with `null`.
            "==" | "!=" if matches!((left, right), (Node::Null, _) | (_, Node::Null)) => {
                let same = self.found(left)? == self.found(right)?;
                Value::Bool(same == (sign == "=="))
            }
            "==" | "!=" | "<" | "<=" | ">" | ">=" => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                let order = order(&left, &right).ok_or(Undecided)?;
                Value::Bool(match sign {
                    "==" => order.is_eq(),
                    "!=" => order.is_ne(),
                    "<" => order.is_lt(),
                    "<=" => order.is_le(),
                    ">" => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
            _ => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                calculated(sign, left, right).ok_or(Undecided)?
            }
        })
    }

    fn call(&mut self, name: &str, arguments: &[Node]) -> Found {
        let first = arguments.first().ok_or(Undecided)?;
        Ok(match name {
            "size" => {
                let size = match self.value(first)? {
                    Value::Text(text) => text.chars().count(),
                    Value::List(items) if items.len() <= LONGEST => items.len(),
                    _ => return Err(Undecided),
                };
                Value::Int(i64::try_from(size).map_err(|_| Undecided)?)
            }
            "timestamp" => {
                let text = self.text(first)?;
                Value::Time(timestamp(&text).ok_or(Undecided)?)
            }
            "duration" => {
                let text = self.text(first)?;
                Value::Duration(duration(&text).ok_or(Undecided)?)
            }
            _ => {
                let on = self.text(first)?;
                let with = self.text(arguments.get(1).ok_or(Undecided)?)?;
                Value::Bool(match name {
                    "startsWith" => on.starts_with(&with),
                    "endsWith" => on.ends_with(&with),
                    _ => on.contains(&with),
                })
            }
        })
    }

    fn each(
        &mut self,
        how: Each,
        list: &Node,
        item: &str,
        holds: &Node,
    ) -> Result<bool, Undecided> {
        let mut count = 0_usize;
        for each in self.list(list)? {
            self.items.push((item.to_owned(), each));
            let said = self.boolean(holds);
            self.items.pop();
            match (how, said?) {
                (Each::All, false) => return Ok(false),
                (Each::Exists, true) => return Ok(true),
                (_, said) => count += usize::from(said),
            }
        }
        Ok(match how {
            Each::All => true,
            Each::Exists => false,
            Each::ExistsOne => count == 1,
        })
    }
}

/// Of two values of one kind.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        // By code points, which is the order of UTF-8.
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Time(left), Value::Time(right))
        | (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        _ => return None,
    })
}

fn calculated(sign: &str, left: Value, right: Value) -> Option<Value> {
    let plus = sign == "+";
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(Value::Int(match sign {
            "+" => left.checked_add(right)?,
            "-" => left.checked_sub(right)?,
            "*" => left.checked_mul(right)?,
            "/" => left.checked_div(right)?,
            _ => left.checked_rem(right)?,
        })),
        _ if !matches!(sign, "+" | "-") => None,
        (Value::Time(time), Value::Duration(by)) => {
            let moved = if plus { time + by } else { time - by };
            moment(moved).map(Value::Time)
        }
        (Value::Duration(by), Value::Time(time)) if plus => moment(time + by).map(Value::Time),
        (Value::Time(left), Value::Time(right)) if !plus => span(left - right).map(Value::Duration),
        (Value::Duration(left), Value::Duration(right)) => {
            let sum = if plus { left + right } else { left - right };
            span(sum).map(Value::Duration)
        }
        _ => None,
    }
}
