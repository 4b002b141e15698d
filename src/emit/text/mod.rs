//! Every file of the project that is not made from Rust tokens.

mod env;
mod escape;
mod page;
mod shield;

use super::{Emitted, Files, Owner};
use crate::plan::Plan;

/// Manifests, documentation, environment, and the shield.
pub fn project(plan: &Plan, package: &str, files: &mut Files) {
    let pages = [
        (page::WORKSPACE, "Cargo.toml", Owner::Person),
        (page::API, "api/Cargo.toml", Owner::Palisade),
        (page::SERVICE, "service/Cargo.toml", Owner::Person),
        (page::GITIGNORE, ".gitignore", Owner::Person),
        (page::ENV, ".env.example", Owner::Person),
        (page::README, "README.md", Owner::Person),
    ];
    fill(&pages, &page::Facts::of(plan, package), files);
}

/// The same for a project without `service/`.
pub fn library(plan: &Plan, files: &mut Files) {
    let pages = [
        (page::LIBRARY, "Cargo.toml", Owner::Person),
        (page::API, "api/Cargo.toml", Owner::Palisade),
        (page::GITIGNORE, ".gitignore", Owner::Person),
        (page::ENV, ".env.example", Owner::Person),
        (page::MOUNTING, "README.md", Owner::Person),
    ];
    fill(&pages, &page::Facts::of(plan, ""), files);
}

fn fill(pages: &[(&str, &str, Owner)], facts: &page::Facts, files: &mut Files) {
    shield::project(files);
    for &(template, path, owner) in pages {
        let text = page::render(template, facts);
        files.insert(path.to_owned(), Emitted { text, owner });
    }
}
