//! How diagnostics are written to stderr.

use crate::diagnostic::{
    Diagnostics, render, render_json, render_load_error, render_load_error_json,
};
use crate::document::{Document, LoadError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One object for programs: `{"version":1,"diagnostics":[…],"more":0}`
    Json,
}

impl Format {
    pub fn diagnostics(self, found: &Diagnostics, document: &Document, color: bool) -> String {
        match self {
            Format::Text => render(found, &document.sources, color),
            Format::Json => render_json(found, &document.sources, Some(&document.root)),
        }
    }

    pub fn load_error(self, error: &LoadError, color: bool) -> String {
        match self {
            Format::Text => render_load_error(error, color),
            Format::Json => render_load_error_json(error),
        }
    }
}
