//! The proofs, and the guards that make them: once for all resources, so that there is one place to read.

mod lists;
mod many;
mod objects;
mod resource;

pub(super) use lists::{visible, visible_by};
pub(super) use objects::{guards, owned};
pub(super) use resource::resource;

/// What the guards of a document are asked for. What none is asked for is not emitted: it would be dead code.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// Some object is loaded.
    pub loaded: bool,
    /// By its owner, or whoever's; by an id of its own, and part of nothing that is known.
    pub owned: bool,
    pub any: bool,
    /// Some object is held against what it is part of, or named by its part.
    pub owned_part: bool,
    pub any_part: bool,
    /// Objects whose ids are in a body.
    pub sent: bool,
    /// Of them, more or less than one.
    pub many: bool,
    pub owned_many: bool,
    pub any_many: bool,
    /// Of them, some are held against what they are part of.
    pub many_parts: bool,
    /// Some object is held against what it is part of.
    pub within: bool,
    pub lists: bool,
    /// Of them, some are held against what their rows are part of.
    pub listed_parts: bool,
    /// Some resource is part of another.
    pub parts: bool,
    /// Some ids are numbers.
    pub numbers: bool,
}
