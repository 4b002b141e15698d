//! Whose object an operation works on, and where its id stands.

use super::{Decision, TypeId};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Ownership {
    /// Index into `Plan::resources`.
    pub resource: usize,
    pub kind: OwnKind,
    /// What decides, with [`OwnKind::Policy`]; with [`OwnKind::List`], over each row, where that is not up to its owner.
    pub decision: Option<Arc<Decision>>,
    /// The number of the ownership of what it is part of.
    pub parent: Option<usize>,
    /// Nobody wrote it: another one is part of it.
    pub implied: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnKind {
    /// Loaded, the caller is the owner.
    Owner { id: IdAt, mode: Mode },
    /// Loaded, within the caller's tenant; a policy decides over its facts, instead of the owner.
    Policy { id: IdAt, mode: Mode },
    /// Loaded and proved to exist within the caller's tenant, whoever's it is.
    Any { id: IdAt, mode: Mode },
    /// The reply is built from admitted rows.
    List,
}

impl OwnKind {
    /// Where the id stands, and what its proof allows; `None` of a list.
    pub const fn one(self) -> Option<(IdAt, Mode)> {
        match self {
            OwnKind::Owner { id, mode }
            | OwnKind::Policy { id, mode }
            | OwnKind::Any { id, mode } => Some((id, mode)),
            OwnKind::List => None,
        }
    }

    /// The parameter that holds the id.
    pub const fn param(self) -> Option<usize> {
        match self.one() {
            Some((IdAt::Param(param), _)) => Some(param),
            _ => None,
        }
    }

    /// The place in the body that holds the ids, by its number.
    pub const fn in_body(self) -> Option<usize> {
        match self.one() {
            Some((IdAt::Body(number), _)) => Some(number),
            _ => None,
        }
    }
}

/// Where the id of an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdAt {
    /// Index into `Operation::params`.
    Param(usize),
    /// Index into `Operation::ids`.
    Body(usize),
    /// In the facts of the object of this ownership, which is part of it.
    Part(usize),
}

/// Where a body holds ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyId {
    /// Of the pointer, as they are written.
    pub tokens: Vec<String>,
    pub steps: Vec<Step>,
    pub count: Count,
}

/// One step from the body to an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A member of an object, by its index.
    Member { object: TypeId, member: usize },
    /// Every element of a list.
    Each { nullable: bool },
}

/// How many ids there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    One,
    Optional,
    Many,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}
