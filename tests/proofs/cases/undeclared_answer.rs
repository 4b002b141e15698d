// requirement: P50
//! A status that the document does not name for this operation.

use api::operations::read_note::Reply;

#[cfg(not(feature = "wrong"))]
pub fn answer() -> Reply {
    Reply::NotFound
}

#[cfg(feature = "wrong")]
pub fn answer() -> Reply {
    Reply::Conflict //~ E0599: `Conflict` | `api::operations::read_note::Reply`
}

fn main() {}
