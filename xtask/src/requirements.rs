//! `cargo xtask requirements`: which requirement is shown by what, and whether that passed in the last run.
//!
//! Nothing of the page is typed. What is required stands in `requirements/list.txt`, what shows it is marked where it is
//! ([`marks`], and the table of the attacks), whether it passed is read from what `cargo xtask test` printed ([`last_run`]).

mod evidence;
mod last_run;
mod list;
mod marks;
mod page;
#[cfg(test)]
mod tests;

use crate::steps::{self, Failed, root};
use last_run::LastRun;
use std::path::Path;

const PAGE: &str = "docs/requirements.md";

/// Writes the page; nothing when something that is marked did not pass.
pub fn write() -> Result<(), Failed> {
    let text = made()?;
    let path = root().join(PAGE);
    let same = std::fs::read_to_string(&path).is_ok_and(|found| found == text);
    if !same {
        std::fs::write(&path, &text).map_err(Failed::at(path.display()))?;
    }
    println!("{} {PAGE}", if same { "same   " } else { "written" });
    Ok(())
}

/// Fails when something that is marked did not run, failed or does not exist, and when the page says anything else.
pub fn check() -> Result<(), Failed> {
    let text = made()?;
    match std::fs::read_to_string(root().join(PAGE)).is_ok_and(|found| found == text) {
        true => {
            println!("{PAGE} is what the marks and the last run say");
            Ok(())
        }
        false => Err(Failed(format!(
            "{PAGE} is not what the marks and the last run say; `cargo xtask requirements` writes it anew"
        ))),
    }
}

fn made() -> Result<String, Failed> {
    of(&root(), &LastRun::read(&steps::last_run())?)
}

/// The page, of the marks below `root` and of a run.
fn of(root: &Path, run: &LastRun) -> Result<String, Failed> {
    let list = list::read(list::TEXT).map_err(Failed)?;
    let marks = marks::read(root)?;
    let (shown, wrong) = evidence::weigh(&list, &marks, run);
    match wrong.is_empty() {
        true => Ok(page::text(&list, &shown, run)),
        false => Err(Failed(format!(
            "what is marked is not shown:\n{}",
            wrong.join("\n")
        ))),
    }
}
