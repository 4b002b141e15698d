#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod hostile;
mod refused;
mod trees;
mod world;

use super::*;
use world::Clinic;

/// The expression, checked in the world of the tests.
fn checked(text: &str) -> Result<Expr, Error> {
    check(&parse(text)?, &mut Clinic)
}
