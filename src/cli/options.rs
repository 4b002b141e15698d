//! What shapes a project, as arguments: given once, remembered by the lock.

use crate::project::Options;
use clap::ValueEnum;

/// Everything that [`Options`] can hold.
#[derive(clap::Args)]
pub struct Shape {
    /// What to make [default: what palisade.lock says, else service]
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A program of its own
    Service,
    /// Guards to mount in an axum program that is there already: no service/
    Library,
}

impl Shape {
    /// What is remembered, but for what is said now.
    pub fn over(&self, remembered: Options) -> Options {
        Options {
            library: self
                .kind
                .map_or(remembered.library, |kind| kind == Kind::Library),
        }
    }
}
