//! From the tree to one strict, version-aware model of OpenAPI.
//!
//! [`keys`] knows every key of every object in each version; what is unknown is an error, what is known and not
//! represented is refused by name ([`gaps`]). One file reads one object. Every value keeps its place.

mod answered;
mod bounds;
mod choice;
mod codes;
mod compose;
pub mod fields;
pub mod formats;
mod free;
pub mod gaps;
mod header;
mod info;
mod keys;
mod model;
mod object;
mod octets;
mod operation;
mod parameter;
mod path_item;
mod reader;
mod reference;
mod request_body;
mod response;
mod root;
mod schema;
mod security;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod tuples;
mod values;
#[doc(hidden)]
pub mod verify;

pub use answered::Answered;
pub use model::*;
pub use root::read;
