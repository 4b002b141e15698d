//! `palisade check`: is the project what the document says?

use super::format::Format;
use super::screen::{Screen, lines};
use super::stop::{DONE, REFUSED, Stop};
use super::target::{Target, shown};
use super::{denied, options};
use crate::project::{self, Drift, Kind};
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Prints a unified diff from the folder to what `generate` would write. Changes in
your own files are not compared.

Exit code:
  0  the same
  1  different, or there is no such folder
  2  usage, disk, or the document has errors

Examples:
  palisade check -o clinic
  palisade check specs/clinic.yaml -o clinic")]
pub struct Args {
    /// The OpenAPI document, YAML or JSON; `-` for stdin [default: the one palisade.lock names]
    spec: Option<PathBuf>,

    /// The project's folder [default: here if there is a palisade.lock, else ./<title in kebab-case>]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// How to write what is wrong with the document, to stderr
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    #[command(flatten)]
    options: options::Shape,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let target = Target::find(args.spec.as_deref(), args.output.as_deref(), false)?;
    let (stages, _) = denied::narrowed(&target, &args.options, screen)?;
    let (plan, sources) = stages.planned(&target.spec)?;
    let place = target.place(&plan.title, sources, &args.options)?;
    let files = screen.timed("emit", || place.emit(&plan));
    let drift = screen.timed("compare", || {
        project::compare(&place.dir, &files, &place.about)
    })?;
    if drift.changes.is_empty() {
        return Ok(DONE);
    }
    screen.result(&lines(&listed(&drift)));
    screen.note(&summary(&drift, &shown(&place.dir)));
    Ok(REFUSED)
}

fn listed(drift: &Drift) -> String {
    let mut text = String::new();
    for change in &drift.changes {
        // Without a folder, every file would be printed whole.
        if !drift.folder {
            let _ = writeln!(text, "missing: {}", change.path);
            continue;
        }
        text.push_str(&change.diff);
        if change.diff.is_empty() {
            let _ = writeln!(text, "missing: {}", change.path);
        }
    }
    text
}

fn summary(drift: &Drift, dir: &str) -> String {
    if !drift.folder {
        return format!("there is no folder {dir}; `palisade generate` would make it");
    }
    let count = |kind| {
        drift
            .changes
            .iter()
            .filter(|change| change.kind == kind)
            .count()
    };
    format!(
        "{dir} is not what the document says: {} changed, {} missing, {} too many; `palisade generate` puts it right",
        count(Kind::Changed),
        count(Kind::Missing),
        count(Kind::Superfluous)
    )
}
