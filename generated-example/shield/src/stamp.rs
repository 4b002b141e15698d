//! Whether a file is still the one that was read.

use std::path::Path;
use std::time::SystemTime;

/// A file is looked at no more often, in nanoseconds.
pub(crate) const PAUSE: u64 = 1_000_000_000;

/// By what a changed file is known: time, size and number. A mounted secret is another file behind the same path.
pub(crate) type Stamp = (SystemTime, u64, u64);

/// `None`: there is none.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let file = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let file = 0;
    Some((about.modified().ok()?, about.len(), file))
}
