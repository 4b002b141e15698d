//! Expressions of CEL: read, checked against declared types, and bounded, when palisade runs.
//!
//! [`parse`] makes a tree of a text in which every node knows its byte; [`check`] gives it types, names what it reads and
//! counts how many steps it can take. What is left is an [`Expr`] that `emit` turns into Rust. The text is the document's:
//! its length, its depth and its steps have bounds, and nothing of it becomes code but literals.
//!
//! Evaluation is strictly left to right, and what cannot be decided ends it: `Undecided || true` is undecided here and
//! true in CEL. The emitted function never says true where CEL says false, and says less where CEL would look on
//! (decision 18).

mod ast;
mod call;
mod check;
mod error;
mod expr;
mod operators;
mod parse;
#[cfg(test)]
mod tests;
mod time;
mod token;
mod world;

pub use ast::{Ast, OPERATORS};
pub use call::FUNCTIONS;
pub use check::check;
pub use error::{Error, What};
pub use expr::{Arithmetic, Compare, Each, Expr, Kind, Probe, Type};
pub use parse::parse;
pub use time::timestamp;
pub use world::{Field, Key, Lookup, Object, Root, World};

/// The longest text that is looked at, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// The deepest nesting, parentheses and operators alike. The checker and the emitter go down the tree.
pub const DEEPEST: u32 = 64;

/// The most steps one evaluation may take (X-SECURITY.md, CEL).
pub const MOST_STEPS: u64 = 100_000;
