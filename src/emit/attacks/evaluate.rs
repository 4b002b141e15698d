//! What an expression says of one caller, one object and one request: by this the attacks know whom it admits. It is
//! written from the meaning of the language, not from the Rust that is emitted, which it is held against.

use crate::cel::{Arithmetic, Compare, Each, Expr, Key, Kind, Object, Probe, Type};
use crate::plan::{Plan, Shape, TypeId};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value, or what stands where there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Bool(bool),
    Int(i64),
    Text(String),
    Nanos(i128),
    List(Vec<Value>),
    /// An object of a body.
    Json(Json),
    Null,
    /// A declared object: only its members are read.
    Whole,
}

/// Neither yes nor no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecided;

type Found = Result<Value, Undecided>;

/// What several expressions must say together.
pub type Wanted<'w> = &'w dyn Fn(&[Result<bool, Undecided>]) -> bool;

/// What the loader says of one object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub id: String,
    pub owner: String,
    pub tenant: String,
    pub attributes: Vec<Option<Value>>,
}

/// Everything that is around an expression.
#[derive(Debug, Clone, Default)]
pub struct Around {
    pub subject: String,
    pub tenant: Option<String>,
    pub roles: u64,
    pub scopes: Vec<String>,
    pub claims: Vec<Option<Value>>,
    /// By ownership.
    pub facts: BTreeMap<usize, Facts>,
    /// The ownership whose object is `resource`.
    pub first: usize,
    pub method: String,
    /// By parameter; `None`: it is not sent.
    pub params: BTreeMap<usize, Option<Value>>,
    pub body: Option<Json>,
    pub this: Option<Json>,
    /// Nanoseconds since 1970.
    pub now: i128,
}

/// What the expression says.
pub fn decided(plan: &Plan, around: &Around, expr: &Expr) -> Result<bool, Undecided> {
    let mut evaluation = Evaluation {
        plan,
        around,
        items: Vec::new(),
    };
    evaluation.boolean(expr)
}

struct Evaluation<'a> {
    plan: &'a Plan,
    around: &'a Around,
    items: Vec<Value>,
}

impl Evaluation<'_> {
    fn boolean(&mut self, expr: &Expr) -> Result<bool, Undecided> {
        match self.value(expr)? {
            Value::Bool(value) => Ok(value),
            _ => Err(Undecided),
        }
    }

    fn text(&mut self, expr: &Expr) -> Result<String, Undecided> {
        match self.value(expr)? {
            Value::Text(text) => Ok(text),
            _ => Err(Undecided),
        }
    }

    fn list(&mut self, expr: &Expr) -> Result<Vec<Value>, Undecided> {
        match self.value(expr)? {
            Value::List(items) => Ok(items),
            _ => Err(Undecided),
        }
    }

    fn value(&mut self, expr: &Expr) -> Found {
        Ok(match &expr.kind {
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(value) => Value::Int(*value),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Nanos(nanos) => Value::Nanos(*nanos),
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(item));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Kind::Root(Object::Typed(_)) | Kind::This => {
                Value::Json(self.around.this.clone().ok_or(Undecided)?)
            }
            Kind::Root(_) => Value::Whole,
            Kind::Item(number) => self.items.get(*number).cloned().ok_or(Undecided)?,
            Kind::Read(probe) => match self.read(probe)?.ok_or(Undecided)? {
                Value::Null => return Err(Undecided),
                value => value,
            },
            Kind::Has(probe) => Value::Bool(self.read(probe)?.is_some()),
            Kind::IsNull(probe) => Value::Bool(self.read(probe)?.ok_or(Undecided)? == Value::Null),
            Kind::Holds(role) => Value::Bool(self.around.roles >> role & 1 == 1),
            Kind::Not(on) => Value::Bool(!self.boolean(on)?),
            Kind::Minus(on) => match self.value(on)? {
                Value::Int(value) => Value::Int(value.checked_neg().ok_or(Undecided)?),
                Value::Nanos(value) => Value::Nanos(value.checked_neg().ok_or(Undecided)?),
                _ => return Err(Undecided),
            },
            Kind::Arithmetic(how, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                arithmetic(*how, left, right)?
            }
            Kind::Compare(how, left, right) => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                Value::Bool(compare(*how, &left, &right)?)
            }
            Kind::All(parts) => {
                for part in parts {
                    if !self.boolean(part)? {
                        return Ok(Value::Bool(false));
                    }
                }
                Value::Bool(true)
            }
            Kind::Any(parts) => {
                for part in parts {
                    if self.boolean(part)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
            Kind::Choice(parts) => {
                let [condition, yes, no] = parts.as_ref();
                match self.boolean(condition)? {
                    true => self.value(yes)?,
                    false => self.value(no)?,
                }
            }
            Kind::In(left, right) => {
                let wanted = self.value(left)?;
                Value::Bool(self.list(right)?.contains(&wanted))
            }
            Kind::Size(of) => {
                let size = match self.value(of)? {
                    Value::Text(text) => text.chars().count(),
                    Value::List(items) => items.len(),
                    _ => return Err(Undecided),
                };
                Value::Int(i64::try_from(size).map_err(|_| Undecided)?)
            }
            Kind::StartsWith(on, with) => {
                let (on, with) = (self.text(on)?, self.text(with)?);
                Value::Bool(on.starts_with(&with))
            }
            Kind::EndsWith(on, with) => {
                let (on, with) = (self.text(on)?, self.text(with)?);
                Value::Bool(on.ends_with(&with))
            }
            Kind::Contains(on, with) => {
                let (on, with) = (self.text(on)?, self.text(with)?);
                Value::Bool(on.contains(&with))
            }
            Kind::Matches(on, pattern) => {
                let on = self.text(on)?;
                let pattern = regex::Regex::new(pattern).map_err(|_| Undecided)?;
                Value::Bool(pattern.is_match(&on))
            }
            Kind::Timestamp(text) => {
                let text = self.text(text)?;
                Value::Nanos(crate::cel::timestamp(&text).ok_or(Undecided)?)
            }
            Kind::Each {
                how, list, holds, ..
            } => {
                let items = self.list(list)?;
                let mut count = 0_usize;
                for item in items {
                    self.items.push(item);
                    let holds = self.boolean(holds);
                    self.items.pop();
                    match (how, holds?) {
                        (Each::All, false) => return Ok(Value::Bool(false)),
                        (Each::Exists, true) => return Ok(Value::Bool(true)),
                        (_, holds) => count += usize::from(holds),
                    }
                }
                Value::Bool(match how {
                    Each::All => true,
                    Each::Exists => false,
                    Each::ExistsOne => count == 1,
                })
            }
        })
    }

    /// A member; `None`: it is not there.
    fn read(&mut self, probe: &Probe) -> Result<Option<Value>, Undecided> {
        let around = self.around;
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        Ok(match probe.key {
            Key::Subject => text(&around.subject),
            Key::Tenant => around.tenant.clone().map(Value::Text),
            Key::Scopes => {
                let scopes = around.scopes.iter().cloned().map(Value::Text);
                Some(Value::List(scopes.collect()))
            }
            Key::Claim(number) => around.claims.get(number).cloned().flatten(),
            Key::Roles | Key::Params | Key::Facts(_) => Some(Value::Whole),
            Key::Id | Key::Owner | Key::FactTenant | Key::Version | Key::Attribute(_) => {
                let number = match probe.on.kind {
                    Kind::Read(Probe {
                        key: Key::Facts(number),
                        ..
                    }) => number,
                    _ => around.first,
                };
                let facts = around.facts.get(&number).ok_or(Undecided)?;
                match probe.key {
                    Key::Id => text(&facts.id),
                    Key::Owner => text(&facts.owner),
                    Key::FactTenant => text(&facts.tenant),
                    Key::Attribute(at) => facts.attributes.get(at).cloned().flatten(),
                    // What the probe's loader says of every object.
                    _ => Some(Value::Int(1)),
                }
            }
            Key::Method => text(&around.method),
            Key::Param(number) => around.params.get(&number).cloned().flatten(),
            Key::Body => around.body.clone().map(Value::Json),
            // The runner and the service are on one machine.
            Key::Ip => text("127.0.0.1"),
            Key::Now => Some(Value::Nanos(around.now)),
            Key::Member(number) => {
                let Value::Json(on) = self.value(&probe.on)? else {
                    return Err(Undecided);
                };
                let Type::Object(Object::Typed(id)) = probe.on.value else {
                    return Err(Undecided);
                };
                let name = member(self.plan, TypeId(id), number).ok_or(Undecided)?;
                on.get(name).map(value_of)
            }
        })
    }
}

fn member(plan: &Plan, id: TypeId, number: usize) -> Option<&str> {
    match &plan.types.get(id.0)?.shape {
        Shape::Object(object) => object.members.get(number).map(|each| each.name.as_str()),
        Shape::Words(_) | Shape::Union(_) => None,
    }
}

/// A value of a body, as far as it is of a kind that expressions know.
pub fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or(Value::Whole, Value::Int),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(value_of).collect()),
        Json::Object(_) => Value::Json(json.clone()),
    }
}

fn arithmetic(how: Arithmetic, left: Value, right: Value) -> Found {
    let value = match (left, right) {
        (Value::Int(left), Value::Int(right)) => match how {
            Arithmetic::Add => left.checked_add(right),
            Arithmetic::Subtract => left.checked_sub(right),
            Arithmetic::Multiply => left.checked_mul(right),
            Arithmetic::Divide => left.checked_div(right),
            Arithmetic::Remainder => left.checked_rem(right),
        }
        .map(Value::Int),
        (Value::Nanos(left), Value::Nanos(right)) => match how {
            Arithmetic::Add => left.checked_add(right),
            Arithmetic::Subtract => left.checked_sub(right),
            _ => None,
        }
        // No calendar has more; a time of the attacks is never near it.
        .filter(|nanos| nanos.unsigned_abs() <= 315_576_000_000_000_000_000)
        .map(Value::Nanos),
        _ => None,
    };
    value.ok_or(Undecided)
}

fn compare(how: Compare, left: &Value, right: &Value) -> Result<bool, Undecided> {
    let order = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Nanos(left), Value::Nanos(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => return Err(Undecided),
    };
    Ok(match how {
        Compare::Less => order.is_lt(),
        Compare::LessOrEqual => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::GreaterOrEqual => order.is_ge(),
        Compare::Equal => order.is_eq(),
        Compare::NotEqual => order.is_ne(),
    })
}
