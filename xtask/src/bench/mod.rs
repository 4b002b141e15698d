//! How fast: what palisade needs for a document, what the guard costs a request, and what an edit costs to build.

mod edit;
mod generation;
mod page;
mod pair;
mod service;
mod spread;

use crate::steps::{Failed, root};

pub use edit::edit;
pub use generation::generate;
pub use service::smoke;

/// The comparison of servers; `options` are `--rounds N`, `--requests N`, `--connections N`.
pub fn services(options: &[&str]) -> Result<(), Failed> {
    service::whole(size(options)?)
}

/// The comparison of two operations of one server; the same options.
pub fn pair(options: &[&str]) -> Result<(), Failed> {
    pair::whole(size(options)?)
}

fn size(options: &[&str]) -> Result<service::Size, Failed> {
    let mut size = service::WHOLE;
    for pair in options.chunks(2) {
        let [name, value] = pair else {
            return Err(Failed("an option takes a number".to_owned()));
        };
        let value = value.parse().map_err(Failed::at(name))?;
        match *name {
            "--rounds" => size.rounds = value,
            "--requests" => size.requests = value,
            "--connections" => size.connections = value,
            _ => return Err(Failed(format!("{name} is no option of bench"))),
        }
    }
    Ok(size)
}

fn target() -> std::path::PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}
