//! What shapes a project, as arguments: given once, remembered by the lock.

use crate::project::Options;
use clap::ValueEnum;

/// Everything that [`Options`] can hold.
#[derive(Default, clap::Args)]
pub struct Shape {
    /// What to make [default: what palisade.lock says, else service]
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Kind>,

    /// Deny the operations that use what palisade cannot enforce, instead of stopping [default: what palisade.lock says, else no]
    #[arg(long, value_name = "yes|no", num_args = 0..=1, default_missing_value = "yes", require_equals = true)]
    deny_unsupported: Option<Choice>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Yes,
    No,
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
            deny_unsupported: self
                .deny_unsupported
                .map_or(remembered.deny_unsupported, |choice| choice == Choice::Yes),
        }
    }
}
