//! From the tree to one strict, version-aware model of OpenAPI.

mod model;

pub use model::*;
