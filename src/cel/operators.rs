//! Operators: what fits to what.

use super::ast::{Ast, Node, Operator};
use super::check::{Checker, expr};
use super::error::{Error, What};
use super::expr::{Arithmetic, Compare, Expr, Kind, Type};

/// Whether a value of the kind can be compared and listed.
pub(super) fn is_plain(value: &Type) -> bool {
    matches!(
        value,
        Type::Bool | Type::Int | Type::Text(_) | Type::Time | Type::Duration
    )
}

/// Whether two values are of one kind, whatever their words.
pub(super) fn is_same(left: &Type, right: &Type) -> bool {
    left == right || matches!((left, right), (Type::Text(_), Type::Text(_)))
}

pub(super) fn minus(at: usize, on: Expr) -> Result<Expr, Error> {
    if !matches!(on.value, Type::Int | Type::Duration) {
        return Err(Error::new(
            What::Type,
            at,
            format!("`-` before {}", on.value.what()),
            "only integers and durations have a sign",
        ));
    }
    let (value, steps) = (on.value.clone(), on.steps.saturating_add(1));
    Ok(Expr {
        kind: Kind::Minus(Box::new(on)),
        value,
        steps,
    })
}

impl Checker<'_> {
    pub(super) fn binary(
        &mut self,
        at: usize,
        operator: Operator,
        left: &Ast,
        right: &Ast,
    ) -> Result<Expr, Error> {
        if let Operator::Equal | Operator::NotEqual = operator {
            match (&left.node, &right.node) {
                (Node::Null, _) => return self.null(at, right, operator == Operator::NotEqual),
                (_, Node::Null) => return self.null(at, left, operator == Operator::NotEqual),
                _ => {}
            }
        }
        let (left_at, right_at) = (left.at, right.at);
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let misfit = |help: &str| {
            let (left, right) = (left.value.what(), right.value.what());
            let message = format!("`{}` between {left} and {right}", operator.sign());
            Err(Error::new(What::Type, at, message, help))
        };
        let compare = match operator {
            Operator::In => return self.is_in(at, (left_at, left), (right_at, right)),
            Operator::Less => Compare::Less,
            Operator::LessOrEqual => Compare::LessOrEqual,
            Operator::Greater => Compare::Greater,
            Operator::GreaterOrEqual => Compare::GreaterOrEqual,
            Operator::Equal => Compare::Equal,
            Operator::NotEqual => Compare::NotEqual,
            Operator::Add => return arithmetic(at, operator, Arithmetic::Add, left, right),
            Operator::Subtract => {
                return arithmetic(at, operator, Arithmetic::Subtract, left, right);
            }
            Operator::Multiply => {
                return arithmetic(at, operator, Arithmetic::Multiply, left, right);
            }
            Operator::Divide => return arithmetic(at, operator, Arithmetic::Divide, left, right),
            Operator::Remainder => {
                return arithmetic(at, operator, Arithmetic::Remainder, left, right);
            }
        };
        if !is_same(&left.value, &right.value) {
            return misfit("compare values of one kind");
        }
        if !is_plain(&left.value) {
            return misfit(
                "compare plain values; what is in a list is asked with `in`, `all` or `exists`",
            );
        }
        if !matches!(compare, Compare::Equal | Compare::NotEqual) && left.value == Type::Bool {
            return misfit("a boolean is neither more nor less");
        }
        word(&left, right_at, &right)?;
        word(&right, left_at, &left)?;
        let compared = expr(Kind::Bool(true), Type::Bool, &[&left, &right]);
        Ok(Expr {
            kind: Kind::Compare(compare, Box::new(left), Box::new(right)),
            ..compared
        })
    }

    /// `x == null`, for a member that may be null.
    fn null(&mut self, at: usize, ast: &Ast, not: bool) -> Result<Expr, Error> {
        let checked = self.expr(ast)?;
        match checked.kind {
            Kind::Read(probe) if probe.nullable => {
                let is_null = Expr {
                    kind: Kind::IsNull(probe),
                    value: Type::Bool,
                    steps: checked.steps,
                };
                Ok(match not {
                    true => Expr {
                        steps: is_null.steps.saturating_add(1),
                        value: Type::Bool,
                        kind: Kind::Not(Box::new(is_null)),
                    },
                    false => is_null,
                })
            }
            _ => Err(Error::new(
                What::Type,
                at,
                format!(
                    "{} that is never `null` is compared with it",
                    checked.value.what()
                ),
                "`has(…)` asks whether a member is there",
            )),
        }
    }

    fn is_in(
        &mut self,
        at: usize,
        (left_at, left): (usize, Expr),
        (right_at, right): (usize, Expr),
    ) -> Result<Expr, Error> {
        if right.value == Type::Roles {
            let Kind::Text(name) = &left.kind else {
                return Err(Error::unsupported(
                    left_at,
                    "a role that is not written out",
                    "write the role: `\"admin\" in principal.roles`",
                ));
            };
            let Some(role) = self.world.role(name) else {
                let roles = self.world.roles();
                let message = format!("the role `{name}` is not declared");
                return Err(Error::unknown(
                    // Behind the quote.
                    left_at.saturating_add(1),
                    message,
                    name,
                    roles.iter().map(String::as_str),
                ));
            };
            return Ok(expr(Kind::Holds(role), Type::Bool, &[]));
        }
        let Type::List {
            items,
            nullable,
            max,
        } = &right.value
        else {
            return Err(Error::new(
                What::Type,
                at,
                format!("`in` asks {} for an item", right.value.what()),
                "ask a list; `has(x.y)` asks for a member, `contains` a text",
            ));
        };
        if *nullable {
            return Err(nullable_items(right_at));
        }
        if !is_same(&left.value, items) || !is_plain(&left.value) {
            let message = format!(
                "`in` looks for {} in a list of another kind",
                left.value.what()
            );
            return Err(Error::new(
                What::Type,
                at,
                message,
                "look for what is in the list",
            ));
        }
        if let Kind::List(listed) = &right.kind {
            for each in listed {
                word(&left, right_at, each)?;
            }
        }
        let steps = expr(Kind::Bool(true), Type::Bool, &[&left, &right]).steps;
        let steps = steps.saturating_add(*max);
        Ok(Expr {
            kind: Kind::In(Box::new(left), Box::new(right)),
            value: Type::Bool,
            steps,
        })
    }
}

pub(super) fn nullable_items(at: usize) -> Error {
    Error::unsupported(
        at,
        "a list whose items may be null",
        "take `null` out of the type of its items",
    )
}

/// Refuses to compare a value of a few words with another word: it would never be equal.
fn word(of: &Expr, at: usize, literal: &Expr) -> Result<(), Error> {
    let (Type::Text(Some(words)), Kind::Text(text)) = (&of.value, &literal.kind) else {
        return Ok(());
    };
    if words.contains(text) {
        return Ok(());
    }
    let message = format!("`{text}` is none of the words that this can be");
    // Behind the quote.
    let at = at.saturating_add(1);
    Err(Error::unknown(
        at,
        message,
        text,
        words.iter().map(String::as_str),
    ))
}

fn arithmetic(
    at: usize,
    operator: Operator,
    arithmetic: Arithmetic,
    left: Expr,
    right: Expr,
) -> Result<Expr, Error> {
    use Arithmetic::{Add, Subtract};
    use Type::{Duration, Int, Time};
    let value = match (arithmetic, &left.value, &right.value) {
        (_, Int, Int) => Int,
        (Subtract, Time, Time) | (Add | Subtract, Duration, Duration) => Duration,
        (Add, Time, Duration) | (Add, Duration, Time) | (Subtract, Time, Duration) => Time,
        (Add, Type::Text(_), Type::Text(_)) => {
            return Err(Error::unsupported(
                at,
                "a text that is made of others",
                "compare its parts, with `startsWith` and `endsWith`",
            ));
        }
        (Add, Type::List { .. }, Type::List { .. }) => {
            return Err(Error::unsupported(
                at,
                "a list that is made of others",
                "ask each list by itself",
            ));
        }
        (_, left, right) => {
            let (left, right) = (left.what(), right.what());
            let message = format!("`{}` between {left} and {right}", operator.sign());
            let help = "integers are added and multiplied; durations are added to times";
            return Err(Error::new(What::Type, at, message, help));
        }
    };
    let steps = expr(Kind::Bool(true), Type::Bool, &[&left, &right]).steps;
    Ok(Expr {
        kind: Kind::Arithmetic(arithmetic, Box::new(left), Box::new(right)),
        value,
        steps,
    })
}
