//! The emitted files and the disk: ownership, comparison, atomic writing.
//!
//! [`write`] puts a project into a folder and [`compare`] says what [`write`] would change; both decide by the same
//! [`survey`], so `check` cannot disagree with `generate`. Three things never happen: a file of the person's is opened
//! once it exists, the document is written over, anything outside the folder is touched.

mod compare;
mod error;
mod folder;
mod lock;
pub mod names;
mod options;
mod staging;
mod stub;
mod survey;
#[cfg(test)]
mod tests;
mod write;

pub use compare::{Change, Drift, Kind, compare};
pub use error::ProjectError;
pub use lock::{LOCK, Lock};
pub use options::Options;
pub use stub::place_stub;
pub use write::{Report, write};

use std::path::PathBuf;

/// What the lock remembers beside the files, and what must not be written over.
#[derive(Debug, Clone)]
pub struct About {
    /// The document as `palisade.lock` names it: relative to the folder, with `/`; `-` when it came from stdin.
    pub spec: String,
    /// The person's crate in `service/`; none when there is no such crate.
    pub package: Option<String>,
    /// What else shapes the project.
    pub options: Options,
    /// Where the document's files really lie; none when it came from stdin.
    pub sources: Vec<PathBuf>,
}
