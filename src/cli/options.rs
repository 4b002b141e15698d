//! What shapes a project, as arguments: given once, remembered by the lock.

use crate::project::Options;
use clap::ValueEnum;

/// Everything that [`Options`] can hold.
#[derive(Default, clap::Args)]
pub struct Shape {
    /// What to make [default: what palisade.lock says, else service]
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Kind>,

    /// Deny the operations that use what palisade cannot enforce, instead of stopping [default: what palisade.lock says]
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    deny_unsupported: Option<bool>,
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
            deny_unsupported: self.deny_unsupported.unwrap_or(remembered.deny_unsupported),
        }
    }
}
