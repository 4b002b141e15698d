//! What palisade knows, for people and for editors: made from the tables the stages read by, never written by hand.
//!
//! `palisade schema` and `palisade gaps` print from here; `cargo xtask docs` writes the pages below docs/reference/, and
//! a test fails when one of them is stale.

pub mod gaps;
mod places;
mod schema;
#[cfg(test)]
pub(crate) mod tests;
mod vocabulary;
mod words;

pub use schema::schema;

/// A page of the reference.
#[derive(Debug)]
pub struct Page {
    /// Below the root of the repository.
    pub path: &'static str,
    pub text: String,
}

/// All of them.
pub fn pages() -> Vec<Page> {
    vec![
        Page {
            path: "docs/reference/x-security.md",
            text: vocabulary::page(),
        },
        Page {
            path: "docs/reference/x-security.schema.json",
            text: format!("{:#}\n", schema()),
        },
        Page {
            path: "docs/reference/gaps.md",
            text: gaps::page(),
        },
    ]
}
