//! `cargo xtask docs-test`: runs the commands of the pages and compares what they print with what the pages say.
//!
//! In a `console` block a line that begins with `$ ` is a command; the lines after it, up to the next one, are its output, in
//! which `…` stands for anything. All blocks of a page share one shell. What stands behind a mark is more than text:
//!
//! - `<!-- from: PATH -->`: a quotation; it must stand in that file of the repository, to the letter.
//! - `<!-- file: PATH -->`: the reader writes this file.
//! - `<!-- change: PATH -->`: the reader changes the file like this `diff` block, whose context is found once in it.

mod page;
mod shell;

use page::{Act, acts, quotations};
use shell::{Shell, matches};
use std::path::{Path, PathBuf};

/// A page whose commands are run.
struct Runs {
    page: &'static str,
    /// In an empty folder, with palisade on the path, as for a person who installed it; else at the root of the repository.
    apart: bool,
}

const RUNS: [Runs; 3] = [
    Runs {
        page: "README.md",
        apart: false,
    },
    Runs {
        page: "docs/tutorial/ten-minutes.md",
        apart: true,
    },
    Runs {
        page: "docs/how-to/existing-axum-app.md",
        apart: true,
    },
];

impl Runs {
    fn folder(&self, root: &Path) -> PathBuf {
        match self.apart {
            true => root
                .join("target/docs")
                .join(self.page.replace(['/', '.'], "-")),
            false => root.to_owned(),
        }
    }
}

/// The pages whose commands are run.
pub fn pages() -> impl Iterator<Item = &'static str> {
    RUNS.iter().map(|run| run.page)
}

/// Every quotation, and every command of the pages whose path contains `only`, which are returned; `Err` names the first
/// that is wrong.
pub fn run(root: &Path, only: &str) -> Result<Vec<&'static str>, String> {
    quoted(root)?;
    let mut passed = Vec::new();
    for page in RUNS.iter().filter(|page| page.page.contains(only)) {
        follow(page, root)?;
        passed.push(page.page);
    }
    match passed.is_empty() {
        true => Err(format!("no page that is run is called like `{only}`")),
        false => Ok(passed),
    }
}

fn follow(page: &Runs, root: &Path) -> Result<(), String> {
    let acts = acts(&read(&root.join(page.page))?)?;
    let commands = acts
        .iter()
        .filter(|act| matches!(act, Act::Run { .. }))
        .count();
    if commands == 0 {
        return Err(format!("{} has no commands", page.page));
    }
    let folder = page.folder(root);
    if page.apart {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        crate::steps::run(
            "palisade",
            crate::steps::cargo().args(["build", "--quiet", "--package", "palisade"]),
        )
        .map_err(|failed| failed.0)?;
    }
    let mut shell = Shell::start(page, root)?;
    for act in &acts {
        match act {
            Act::Run { command, expected } => {
                println!("$ {command}");
                let printed = shell.run(command)?;
                if !matches(expected, &printed) {
                    return Err(format!(
                        "`{command}` printed\n{printed}\nbut {} says\n{expected}",
                        page.page
                    ));
                }
            }
            _ if !page.apart => {
                return Err(format!("{} would write into the repository", page.page));
            }
            Act::Write { path, text } => write(&folder.join(path), text)?,
            Act::Change { path, from, to } => {
                let path = folder.join(path);
                let text = read(&path)?;
                if text.matches(from.as_str()).count() != 1 {
                    return Err(format!(
                        "{}: a change of {} has a context that is not there exactly once:\n{from}",
                        page.page,
                        path.display()
                    ));
                }
                write(&path, &text.replacen(from.as_str(), to, 1))?;
            }
        }
    }
    println!("{}: {commands} commands passed", page.page);
    Ok(())
}

/// Compares every block of every page that is quoted from a file with that file.
fn quoted(root: &Path) -> Result<(), String> {
    let mut count = 0;
    let pages = crate::emitted::files(&root.join("docs"), ".md").map_err(|failed| failed.0)?;
    let top = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(|name| root.join(name));
    for page in top.into_iter().chain(pages) {
        for (path, block) in quotations(&read(&page)?) {
            let file = read(&root.join(&path))?;
            if block.is_empty() || !file.contains(&block) {
                return Err(format!(
                    "{} quotes from {path} what does not stand there",
                    page.display()
                ));
            }
            count += 1;
        }
    }
    println!("{count} quotations are right");
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let trouble = |error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(trouble)?;
    }
    std::fs::write(path, text).map_err(trouble)
}
