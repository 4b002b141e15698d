//! Functions and macros.

use super::ast::{Ast, Node};
use super::check::{Checker, bounded, expr};
use super::error::{Error, What};
use super::expr::{Each, Expr, Kind, Type};
use super::{operators, time};

/// What can be called.
pub const FUNCTIONS: &[&str] = &[
    "size",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "has",
    "all",
    "exists",
    "exists_one",
    "timestamp",
    "duration",
];

/// Functions and macros of CEL that are understood and not compiled, with what to write instead.
const OTHERS: &[(&str, &str)] = &[
    ("map", "ask with `all` or `exists`"),
    ("filter", "ask with `all` or `exists`"),
    ("existsOne", "write `exists_one`"),
    ("exists_unique", "write `exists_one`"),
    ("int", "compare values of one kind"),
    ("uint", "compare values of one kind"),
    ("double", "compare integers"),
    ("string", "compare values of one kind"),
    ("bytes", "compare texts"),
    ("bool", "compare values of one kind"),
    ("type", "kinds are known from the document"),
    ("dyn", "kinds are known from the document"),
    ("getFullYear", "compare with a `timestamp(…)`"),
    ("getMonth", "compare with a `timestamp(…)`"),
    ("getDate", "compare with a `timestamp(…)`"),
    ("getDayOfMonth", "compare with a `timestamp(…)`"),
    ("getDayOfWeek", "compare with a `timestamp(…)`"),
    ("getDayOfYear", "compare with a `timestamp(…)`"),
    (
        "getHours",
        "compare with a `timestamp(…)` or a `duration(…)`",
    ),
    (
        "getMinutes",
        "compare with a `timestamp(…)` or a `duration(…)`",
    ),
    (
        "getSeconds",
        "compare with a `timestamp(…)` or a `duration(…)`",
    ),
    (
        "getMilliseconds",
        "compare with a `timestamp(…)` or a `duration(…)`",
    ),
    ("lowerAscii", "compare with `matches`"),
    ("upperAscii", "compare with `matches`"),
    ("trim", "compare with `matches`"),
    (
        "split",
        "compare with `startsWith`, `endsWith` or `matches`",
    ),
    ("join", "compare item by item"),
    ("replace", "compare with `matches`"),
    (
        "substring",
        "compare with `startsWith`, `endsWith` or `matches`",
    ),
    ("indexOf", "ask with `contains`"),
    ("charAt", "compare with `matches`"),
    ("format", "compare values of one kind"),
];

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        at: usize,
        on: Option<&Ast>,
        name: &str,
        arguments: &[Ast],
    ) -> Result<Expr, Error> {
        match (on, name, arguments) {
            (None, "has", [argument]) => self.has(argument),
            (None, "size", [of]) | (Some(of), "size", []) => self.size(at, of),
            (Some(on), "startsWith", [with]) => self.texts(at, name, on, with, Kind::StartsWith),
            (Some(on), "endsWith", [with]) => self.texts(at, name, on, with, Kind::EndsWith),
            (Some(on), "contains", [with]) => self.texts(at, name, on, with, Kind::Contains),
            (None, "matches", [on, pattern]) | (Some(on), "matches", [pattern]) => {
                self.matches(at, on, pattern)
            }
            (Some(list), "all", [item, holds]) => self.each(at, Each::All, list, item, holds),
            (Some(list), "exists", [item, holds]) => self.each(at, Each::Exists, list, item, holds),
            (Some(list), "exists_one", [item, holds]) => {
                self.each(at, Each::ExistsOne, list, item, holds)
            }
            (None, "timestamp", [text]) => self.timestamp(text),
            (None, "duration", [text]) => duration(text),
            _ => Err(uncallable(at, name)),
        }
    }

    fn has(&mut self, argument: &Ast) -> Result<Expr, Error> {
        let (on, name) = match &argument.node {
            Node::Select(on, name) => (on, name),
            Node::Index(on, by) => match &by.node {
                Node::Text(name) => (on, name),
                _ => return Err(no_member(argument.at)),
            },
            _ => return Err(no_member(argument.at)),
        };
        let (probe, _) = self.probe(argument.at, on, name)?;
        let steps = probe.on.steps.saturating_add(1);
        Ok(Expr {
            kind: Kind::Has(probe),
            value: Type::Bool,
            steps,
        })
    }

    fn size(&mut self, at: usize, of: &Ast) -> Result<Expr, Error> {
        let of = self.expr(of)?;
        if !matches!(of.value, Type::Text(_) | Type::List { .. }) {
            return Err(Error::new(
                What::Type,
                at,
                format!("`size` of {}", of.value.what()),
                "texts and lists have a size",
            ));
        }
        let steps = of.steps.saturating_add(1);
        Ok(Expr {
            kind: Kind::Size(Box::new(of)),
            value: Type::Int,
            steps,
        })
    }

    fn text(&mut self, at: usize, name: &str, ast: &Ast) -> Result<Expr, Error> {
        let checked = self.expr(ast)?;
        if matches!(checked.value, Type::Text(_)) {
            return Ok(checked);
        }
        let help = match checked.value {
            Type::List { .. } | Type::Roles => "what is in a list is asked with `in`",
            _ => "give it a text",
        };
        let message = format!("`{name}` of {}", checked.value.what());
        Err(Error::new(What::Type, at, message, help))
    }

    fn texts(
        &mut self,
        at: usize,
        name: &str,
        on: &Ast,
        with: &Ast,
        make: impl Fn(Box<Expr>, Box<Expr>) -> Kind,
    ) -> Result<Expr, Error> {
        let on = self.text(at, name, on)?;
        let with = self.text(with.at, name, with)?;
        let steps = expr(Kind::Bool(true), Type::Bool, &[&on, &with]).steps;
        Ok(Expr {
            kind: make(Box::new(on), Box::new(with)),
            value: Type::Bool,
            steps,
        })
    }

    fn matches(&mut self, at: usize, on: &Ast, pattern: &Ast) -> Result<Expr, Error> {
        let on = self.text(at, "matches", on)?;
        let Node::Text(source) = &pattern.node else {
            return Err(Error::unsupported(
                pattern.at,
                "a pattern that is not written out",
                "write the pattern as a text",
            ));
        };
        let rust = self.world.pattern(source).map_err(|why| {
            Error::new(
                What::Unsupported,
                pattern.at,
                format!("this pattern is refused: {why}"),
                "write a pattern without look-around and back-references",
            )
        })?;
        let steps = on.steps.saturating_add(1);
        Ok(Expr {
            kind: Kind::Matches(Box::new(on), rust),
            value: Type::Bool,
            steps,
        })
    }

    fn timestamp(&mut self, text: &Ast) -> Result<Expr, Error> {
        if let Node::Text(literal) = &text.node {
            let nanos = time::timestamp(literal).ok_or_else(|| {
                Error::new(
                    What::Type,
                    text.at,
                    "this is no time",
                    "write it like `2026-01-31T23:59:59Z`",
                )
            })?;
            return Ok(expr(Kind::Nanos(nanos), Type::Time, &[]));
        }
        let on = self.text(text.at, "timestamp", text)?;
        let steps = on.steps.saturating_add(1);
        Ok(Expr {
            kind: Kind::Timestamp(Box::new(on)),
            value: Type::Time,
            steps,
        })
    }

    fn each(
        &mut self,
        at: usize,
        how: Each,
        list: &Ast,
        item: &Ast,
        holds: &Ast,
    ) -> Result<Expr, Error> {
        let list_at = list.at;
        let list = self.expr(list)?;
        let Node::Name(name) = &item.node else {
            return Err(Error::new(
                What::Syntax,
                item.at,
                "the first argument names the item",
                "write a name: `all(x, …)`",
            ));
        };
        if self.world.roots().contains(name) || self.items.iter().any(|(known, _)| known == name) {
            return Err(Error::new(
                What::Name,
                item.at,
                format!("`{name}` is something else already"),
                "give the item another name",
            ));
        }
        let Type::List {
            items,
            nullable,
            max,
        } = &list.value
        else {
            let message = format!("{} is not gone through item by item", list.value.what());
            return Err(Error::new(
                What::Type,
                at,
                message,
                "name a list before the dot",
            ));
        };
        if *nullable {
            return Err(operators::nullable_items(list_at));
        }
        let number = self.items.len();
        self.items.push((name.clone(), (**items).clone()));
        let holds = self.boolean(holds);
        self.items.pop();
        let holds = holds?;
        let steps = max.saturating_mul(holds.steps.saturating_add(1));
        let checked = Expr {
            steps: steps.saturating_add(list.steps).saturating_add(1),
            kind: Kind::Each {
                how,
                list: Box::new(list),
                number,
                holds: Box::new(holds),
            },
            value: Type::Bool,
        };
        bounded(&checked, at)?;
        Ok(checked)
    }
}

fn no_member(at: usize) -> Error {
    Error::new(
        What::Type,
        at,
        "`has` asks for a member",
        "write `has(x.y)`",
    )
}

fn duration(text: &Ast) -> Result<Expr, Error> {
    let wrong = || {
        Error::new(
            What::Type,
            text.at,
            "this is no duration",
            "write it like `1h30m`, `15s` or `100ms`",
        )
    };
    match &text.node {
        Node::Text(literal) => {
            let nanos = time::duration(literal).ok_or_else(wrong)?;
            Ok(expr(Kind::Nanos(nanos), Type::Duration, &[]))
        }
        _ => Err(Error::unsupported(
            text.at,
            "a duration that is not written out",
            "write the duration as a text",
        )),
    }
}

/// No function of that name, of that shape, or not yet.
fn uncallable(at: usize, name: &str) -> Error {
    if let Some((_, instead)) = OTHERS.iter().find(|(known, _)| *known == name) {
        return Error::unsupported(at, &format!("`{name}`"), instead);
    }
    let shape = match name {
        "has" => "write `has(x.y)`",
        "size" => "write `size(x)` or `x.size()`",
        "startsWith" | "endsWith" | "contains" => "write it behind a text, with one text",
        "matches" => "write `x.matches(\"pattern\")`",
        "all" | "exists" | "exists_one" => "write it behind a list: `list.all(x, …)`",
        "timestamp" | "duration" => "give it one text",
        _ => {
            let message = format!("`{name}` is no function");
            return Error::unknown(at, message, name, FUNCTIONS.iter().copied());
        }
    };
    let message = format!("`{name}` is not called like this");
    Error::new(What::Type, at, message, shape)
}
