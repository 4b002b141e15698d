//! What shapes a project beside its document: said once on the command line, remembered by `palisade.lock`.

use serde::{Deserialize, Serialize};

/// Each option at its default is not written down, so a lock names only what somebody asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// No `service` crate: what is made goes into a program that is there already.
    pub library: bool,
    /// Operations that use what palisade cannot enforce are denied; they do not stop generation.
    pub deny_unsupported: bool,
}

impl Options {
    /// Name and value in YAML of every option that is not at its default, sorted by name.
    pub(super) fn set(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("deny_unsupported", self.deny_unsupported),
            ("library", self.library),
        ];
        all.into_iter()
            .filter(|(_, on)| *on)
            .map(|(name, _)| (name, "true"))
            .collect()
    }
}
