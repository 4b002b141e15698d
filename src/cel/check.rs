//! Types, names and the bound of steps. The first thing that is wrong ends it.

use super::ast::{Ast, Node};
use super::error::{Error, What};
use super::expr::{Expr, Kind, Probe, Type};
use super::world::{Field, Lookup, Object, Root, World};
use super::{MOST_STEPS, operators};

/// The expression with its types, when it says yes or no in a bounded number of steps.
pub fn check(ast: &Ast, world: &mut dyn World) -> Result<Expr, Error> {
    let mut checker = Checker {
        world,
        items: Vec::new(),
    };
    let checked = checker.expr(ast)?;
    if checked.value != Type::Bool {
        return Err(Error::new(
            What::Type,
            ast.at,
            format!(
                "the expression is {} and decides nothing",
                checked.value.what()
            ),
            "compare it, so that it is true or false",
        ));
    }
    bounded(&checked, ast.at)?;
    Ok(checked)
}

/// Refuses what could take too many steps, before it is part of something larger.
pub(super) fn bounded(checked: &Expr, at: usize) -> Result<(), Error> {
    if checked.steps <= MOST_STEPS {
        return Ok(());
    }
    let message = match checked.steps {
        u64::MAX => {
            format!("this could take more steps than can be counted, and {MOST_STEPS} are allowed")
        }
        steps => format!("this could take {steps} steps, and {MOST_STEPS} are allowed"),
    };
    Err(Error::new(
        What::Size,
        at,
        message,
        "declare a smaller `maxItems`, or look through fewer lists at once",
    ))
}

pub(super) struct Checker<'w> {
    pub world: &'w mut dyn World,
    /// Variables of the macros around, outermost first.
    pub items: Vec<(String, Type)>,
}

pub(super) fn expr(kind: Kind, value: Type, parts: &[&Expr]) -> Expr {
    let steps = parts.iter().map(|part| part.steps);
    Expr {
        kind,
        value,
        steps: steps.fold(1, u64::saturating_add),
    }
}

impl Checker<'_> {
    pub fn expr(&mut self, ast: &Ast) -> Result<Expr, Error> {
        match &ast.node {
            Node::Null => Err(Error::new(
                What::Type,
                ast.at,
                "`null` stands by itself",
                "compare a member that may be null with it: `x == null`",
            )),
            Node::Bool(value) => Ok(expr(Kind::Bool(*value), Type::Bool, &[])),
            Node::Int(value) => Ok(expr(Kind::Int(*value), Type::Int, &[])),
            Node::Text(text) => Ok(expr(Kind::Text(text.clone()), Type::text(), &[])),
            Node::Name(name) => self.name(ast.at, name),
            Node::Select(on, name) => self.member(ast.at, on, name),
            Node::Index(on, by) => self.index(on, by),
            Node::List(items) => self.list(ast.at, items),
            Node::Call {
                on,
                name,
                arguments,
            } => self.call(ast.at, on.as_deref(), name, arguments),
            Node::Not(on) => {
                let on = self.boolean(on)?;
                let steps = on.steps.saturating_add(1);
                Ok(Expr {
                    kind: Kind::Not(Box::new(on)),
                    value: Type::Bool,
                    steps,
                })
            }
            Node::Minus(on) => operators::minus(ast.at, self.expr(on)?),
            Node::Binary(operator, left, right) => self.binary(ast.at, *operator, left, right),
            Node::All(parts) => self.logic(parts, Kind::All),
            Node::Any(parts) => self.logic(parts, Kind::Any),
            Node::Choice(parts) => self.choice(ast.at, parts),
        }
    }

    /// Something that is true or false.
    pub fn boolean(&mut self, ast: &Ast) -> Result<Expr, Error> {
        let checked = self.expr(ast)?;
        match checked.value {
            Type::Bool => Ok(checked),
            _ => Err(Error::new(
                What::Type,
                ast.at,
                format!(
                    "{} stands where true or false should be",
                    checked.value.what()
                ),
                "compare it",
            )),
        }
    }

    fn logic(&mut self, parts: &[Ast], make: impl Fn(Vec<Expr>) -> Kind) -> Result<Expr, Error> {
        let parts: Vec<Expr> = parts
            .iter()
            .map(|part| self.boolean(part))
            .collect::<Result<_, _>>()?;
        let steps = parts
            .iter()
            .fold(1, |sum: u64, part| sum.saturating_add(part.steps));
        Ok(Expr {
            kind: make(parts),
            value: Type::Bool,
            steps,
        })
    }

    fn choice(&mut self, at: usize, parts: &[Ast; 3]) -> Result<Expr, Error> {
        let [condition, yes, no] = parts;
        let condition = self.boolean(condition)?;
        let (yes, no) = (self.expr(yes)?, self.expr(no)?);
        let value = match (&yes.value, &no.value) {
            (Type::Text(_), Type::Text(_)) => Type::text(),
            (left, right) if left == right && operators::is_plain(left) => left.clone(),
            (left, right) if left == right => {
                return Err(Error::unsupported(
                    at,
                    "a choice between values that are not plain",
                    "choose between comparisons",
                ));
            }
            (left, right) => {
                return Err(Error::new(
                    What::Type,
                    at,
                    format!("the choice is between {} and {}", left.what(), right.what()),
                    "give both the same kind",
                ));
            }
        };
        let steps = expr(Kind::Bool(true), Type::Bool, &[&condition, &yes, &no]).steps;
        Ok(Expr {
            kind: Kind::Choice(Box::new([condition, yes, no])),
            value,
            steps,
        })
    }

    fn name(&mut self, at: usize, name: &str) -> Result<Expr, Error> {
        let known = self.items.iter().rposition(|(known, _)| known == name);
        if let Some((number, (_, value))) =
            known.and_then(|number| self.items.get(number).map(|item| (number, item)))
        {
            return Ok(expr(Kind::Item(number), value.clone(), &[]));
        }
        match self.world.root(name) {
            Root::Object(object) => Ok(expr(Kind::Root(object), Type::Object(object), &[])),
            Root::Value(value) => Ok(expr(Kind::This, value, &[])),
            Root::Refused(message, help) => Err(Error::new(What::Name, at, message, help)),
            Root::Unknown => {
                let roots = self.world.roots();
                let items = self.items.iter().map(|(name, _)| name.as_str());
                let known = roots.iter().map(String::as_str).chain(items);
                Err(Error::unknown(
                    at,
                    format!("`{name}` is not declared"),
                    name,
                    known,
                ))
            }
        }
    }

    fn index(&mut self, on: &Ast, by: &Ast) -> Result<Expr, Error> {
        match &by.node {
            Node::Text(name) => self.member(by.at, on, name),
            _ => Err(Error::unsupported(
                by.at,
                "an item by its number",
                "ask for all items, or whether there is one: `exists(x, …)`",
            )),
        }
    }

    fn member(&mut self, at: usize, on: &Ast, name: &str) -> Result<Expr, Error> {
        let (probe, value) = self.probe(at, on, name)?;
        let steps = probe.on.steps.saturating_add(1);
        Ok(Expr {
            kind: Kind::Read(probe),
            value,
            steps,
        })
    }

    /// A member of an object, and what it is.
    pub fn probe(&mut self, at: usize, on: &Ast, name: &str) -> Result<(Probe, Type), Error> {
        let on = self.expr(on)?;
        let Type::Object(object) = on.value else {
            return Err(Error::new(
                What::Type,
                at,
                format!("{} has no members", on.value.what()),
                "read members of objects only",
            ));
        };
        let field = self.field(at, object, name)?;
        let probe = Probe {
            on: Box::new(on),
            key: field.key,
            optional: field.optional,
            nullable: field.nullable,
        };
        Ok((probe, field.value))
    }

    fn field(&self, at: usize, object: Object, name: &str) -> Result<Field, Error> {
        match self.world.member(object, name) {
            Lookup::Found(field) => Ok(field),
            Lookup::Refused(message, help) => Err(Error::new(What::Name, at, message, help)),
            Lookup::Unknown => {
                let known = self.world.members(object);
                let message = format!("{} has no member `{name}`", self.world.what(object));
                Err(Error::unknown(
                    at,
                    message,
                    name,
                    known.iter().map(String::as_str),
                ))
            }
        }
    }

    fn list(&mut self, at: usize, items: &[Ast]) -> Result<Expr, Error> {
        let mut all: Vec<Expr> = Vec::new();
        for ast in items {
            let item = self.expr(ast)?;
            if !operators::is_plain(&item.value) {
                return Err(Error::unsupported(
                    ast.at,
                    "a list of values that are not plain",
                    "list texts, integers or booleans",
                ));
            }
            if let Some(first) = all.first()
                && !operators::is_same(&first.value, &item.value)
            {
                return Err(Error::new(
                    What::Type,
                    ast.at,
                    format!(
                        "{} in a list whose first item is {}",
                        item.value.what(),
                        first.value.what()
                    ),
                    "give all items the same kind",
                ));
            }
            all.push(item);
        }
        let Some(first) = all.first() else {
            return Err(Error::new(
                What::Type,
                at,
                "the list is empty",
                "name its items",
            ));
        };
        let items = match &first.value {
            Type::Text(_) => Type::text(),
            other => other.clone(),
        };
        let steps = all
            .iter()
            .fold(1, |sum: u64, item| sum.saturating_add(item.steps));
        Ok(Expr {
            value: Type::List {
                items: Box::new(items),
                nullable: false,
                max: u64::try_from(all.len()).unwrap_or(u64::MAX),
            },
            kind: Kind::List(all),
            steps,
        })
    }
}
