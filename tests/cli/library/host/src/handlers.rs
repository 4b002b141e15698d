//! As `palisade stub` gave them, and filled in.

mod get_note;
mod hello;
mod load_note;
