//! `palisade generate`: write a project, or bring one up to date.

use super::format::Format;
use super::pipeline;
use super::screen::{Screen, lines};
use super::stop::{DONE, Stop};
use super::target::Target;
use crate::emit;
use crate::project::{self, Report};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
palisade replaces the files it owns and leaves yours alone.

Exit code:
  0  done
  1  the document has errors, or a file of palisade's was edited by hand
  2  usage or disk

Examples:
  palisade generate specs/clinic.yaml -o clinic
  palisade generate -o clinic             clinic/palisade.lock names the document
  palisade generate - -o clinic < openapi.json")]
pub struct Args {
    /// The OpenAPI document, YAML or JSON; `-` for stdin [default: the one palisade.lock names]
    spec: Option<PathBuf>,

    /// The project's folder [default: here if there is a palisade.lock, else ./<title in kebab-case>]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// How to write what is wrong with the document, to stderr
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Write over files of palisade's that were edited by hand
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let target = Target::find(args.spec.as_deref(), args.output.as_deref(), args.force)?;
    let plan = pipeline::plan(&target.spec, screen)?;
    let place = target.place(&plan.title)?;
    let files = screen.timed("emit", || emit::project(&plan, &place.about.package));
    let report = screen.timed("write", || {
        project::write(&place.dir, &files, &place.about, args.force)
    })?;
    pipeline::tell_denied(&plan, screen);
    screen.told(&lines(&told(&report, &place.dir)));
    Ok(DONE)
}

/// What was done, and what is left to do.
fn told(report: &Report, dir: &Path) -> String {
    let dir = dir.strip_prefix("./").unwrap_or(dir);
    let shown = match dir.as_os_str().is_empty() || dir == Path::new(".") {
        true => "this folder".to_owned(),
        false => dir.display().to_string(),
    };
    let mut text = String::new();
    let Report {
        written,
        removed,
        same,
        created,
        kept,
        orphans,
    } = report;
    if written.is_empty() && removed.is_empty() && created.is_empty() {
        let _ = writeln!(text, "{shown}: up to date, {} files", same + kept);
    } else {
        let _ = writeln!(text, "{shown}:");
        let _ = writeln!(
            text,
            "  palisade's: {} written, {} removed, {same} unchanged",
            written.len(),
            removed.len()
        );
        let _ = writeln!(text, "  yours:      {} written, {kept} kept", created.len());
        list(&mut text, "removed", removed);
        let others: Vec<&String> = created
            .iter()
            .filter(|path| !report.handlers().any(|handler| handler == path.as_str()))
            .collect();
        list(&mut text, "new, yours from now on", &others);
    }
    let handlers: Vec<&str> = report.handlers().collect();
    if !handlers.is_empty() {
        let count = handlers.len();
        let them = if count == 1 { "handler" } else { "handlers" };
        list(&mut text, &format!("{count} {them} to write"), &handlers);
    }
    if !orphans.is_empty() {
        list(&mut text, "not needed any more; yours to delete", orphans);
    }
    if created.iter().any(|path| path == "Cargo.toml") {
        let _ = writeln!(text, "\nnext:");
        if shown != "this folder" {
            let _ = writeln!(text, "  cd {}", quoted(&shown));
        }
        let _ = writeln!(
            text,
            "  cargo run -- dev        start it, with keys and tokens for development"
        );
        let _ = writeln!(text, "  cargo test              send what must be refused");
    }
    text
}

fn list(text: &mut String, title: &str, paths: &[impl AsRef<str>]) {
    /// After so many, the number says more than the names.
    const MOST: usize = 40;
    if paths.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for path in paths.iter().take(MOST) {
        let _ = writeln!(text, "  {}", path.as_ref());
    }
    if let Some(more) = paths.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "  … and {more} more");
    }
}

/// For a shell; paths that need no quotes get none.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    match path.chars().all(plain) && !path.starts_with('-') {
        true => path.to_owned(),
        false => format!("-- '{}'", path.replace('\'', r"'\''")),
    }
}
