//! What an expression can read where it stands: whoever asks for a check says it.

use super::expr::Type;

/// A value with members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Object {
    Principal,
    /// What is proved for the operation: the facts of the first object, and the others by name.
    Resource,
    /// Facts of the object that the ownership of this number proves.
    Facts(usize),
    Request,
    Path,
    Query,
    /// A type of the plan.
    Typed(usize),
}

/// How a member is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Subject,
    Roles,
    Scopes,
    Tenant,
    /// Of the principal, by number.
    Claim(usize),
    /// The facts of this ownership.
    Facts(usize),
    Id,
    Owner,
    FactTenant,
    Version,
    /// Of a resource, by number.
    Attribute(usize),
    Method,
    /// `request.path`, `request.query`: only on the way to a parameter.
    Params,
    /// A parameter of the operation, by number.
    Param(usize),
    Body,
    Ip,
    Now,
    /// Of an object of the plan, by number.
    Member(usize),
}

/// A member that can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub key: Key,
    pub value: Type,
    /// It may not be there: to read it then is undecided.
    pub optional: bool,
    /// It may be `null`.
    pub nullable: bool,
}

/// What became of a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    Found(Field),
    /// It is there and cannot be read here: why, and what to do.
    Refused(String, String),
    Unknown,
}

/// What a variable is.
#[derive(Debug, Clone, PartialEq)]
pub enum Root {
    Object(Object),
    /// `this` of a value that is no object.
    Value(Type),
    Refused(String, String),
    Unknown,
}

/// The declared types around an expression.
pub trait World {
    fn root(&self, name: &str) -> Root;
    /// Names of all variables.
    fn roots(&self) -> Vec<String>;
    fn member(&self, of: Object, name: &str) -> Lookup;
    /// Names of all members.
    fn members(&self, of: Object) -> Vec<String>;
    /// For messages: `` `principal` ``.
    fn what(&self, of: Object) -> String;
    /// The declared role of that name.
    fn role(&self, name: &str) -> Option<usize>;
    fn roles(&self) -> Vec<String>;
    /// A pattern in the language of the `regex` crate, or why not.
    fn pattern(&mut self, source: &str) -> Result<String, String>;
}
