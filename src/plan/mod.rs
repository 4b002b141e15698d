//! From policy and model to what must be enforced, as pure data.

mod model;

pub use model::*;
