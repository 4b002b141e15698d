//! JSON in and out, strictly by RFC 8259, without a framework's leniency (D7).
//!
//! Two readers stand on one scanner, so they cannot disagree about grammar. [`Reader`] admits: generated decoders pull
//! values out of it and get `None` for whatever is not allowed, with no reason kept. [`Value`] is the slow path, for
//! what words a refusal afterwards and for claims of tokens. [`Writer`] is the only way out.

mod admit;
mod again;
mod ahead;
mod canonical;
pub(crate) mod decimal;
pub(crate) mod number;
mod plain;
mod put;
mod reader;
mod scan;
mod take;
mod tree;
mod value;
mod writer;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod differential;

use crate::file::File;

pub(crate) use again::text;
pub use put::Put;
pub use reader::Reader;
pub use take::Take;
#[cfg(test)]
pub(crate) use take::pairwise;
pub use tree::{Json, Members};
pub use value::{Malformed, Value};
pub use writer::Writer;
pub(crate) use writer::push_digits;

/// However deep the document allows, no deeper than this: every level is a frame on the stack of the decoder.
pub const DEEPEST: u32 = 128;

/// Fills a member that was not there before. `None` when it was: a member given twice refuses the body (P52).
pub fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    // guard: duplicate-member
    if slot.is_some() {
        return None;
    }
    *slot = Some(value);
    Some(())
}

/// Reads one JSON text with `read` and requires that nothing but blanks follows. Containers nest at most `max_depth`
/// deep (and never deeper than [`DEEPEST`]).
pub fn decode<'a, T>(
    raw: &'a [u8],
    max_depth: u32,
    read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
) -> Option<T> {
    decode_with(raw, &[], max_depth, read)
}

/// The same, with files beside the text.
pub(crate) fn decode_with<'a, T>(
    raw: &'a [u8],
    files: &'a [File],
    max_depth: u32,
    read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
) -> Option<T> {
    let mut reader = Reader::new(raw, max_depth).with(files);
    let value = read(&mut reader)?;
    reader.end()?;
    Some(value)
}
