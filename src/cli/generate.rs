//! `palisade generate`: write a project, or bring one up to date.

use super::format::Format;
use super::screen::{Screen, lines};
use super::stop::{DONE, Stop};
use super::target::{Place, Target, shown};
use super::{audit, denied, options};
use crate::emit;
use crate::project::{self, Report};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Written with the first run, and not again.
const WORKSPACE: &str = "Cargo.toml";

#[derive(clap::Args)]
#[command(after_help = "\
palisade replaces the files it owns and leaves yours alone.

Exit code:
  0  done
  1  the document has errors, --fail-on found something, or a file of palisade's was edited by hand
  2  usage or disk

Examples:
  palisade generate specs/clinic.yaml -o clinic
  palisade generate -o clinic             clinic/palisade.lock names the document
  palisade generate specs/clinic.yaml -o guards --as library
                                          guards for an axum program you have
  palisade generate - -o clinic < openapi.json
  palisade generate old.json --deny-unsupported   start with what can be enforced")]
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

    #[command(flatten)]
    options: options::Shape,

    /// Write nothing if `audit` finds anything at least so bad
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<audit::FailOn>,

    /// Put every guard step into a switch: to see whether the attacks notice one that is off, and for nothing else
    #[arg(long, hide = true)]
    instrument: bool,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let target = Target::find(args.spec.as_deref(), args.output.as_deref(), args.force)?;
    let (stages, by_choice) = denied::narrowed(&target, &args.options, screen)?;
    let findings = stages.findings(screen);
    audit::decide(&findings, args.fail_on, &target.spec)?;
    let (plan, sources) = stages.planned(&target.spec)?;
    let place = target.place(&plan.title, sources, &args.options)?;
    let mut files = screen.timed("emit", || place.emit(&plan));
    if args.instrument {
        emit::instrument::instrument(&mut files).map_err(Stop::Trouble)?;
    }
    let report = screen.timed("write", || {
        project::write(&place.dir, &files, &place.about, args.force)
    })?;
    denied::tell(&plan, &by_choice, screen);
    audit::tell(&findings, &target.spec, screen);
    screen.told(&lines(&told(&report, &place)));
    if let Some(change) = changed_kind(&report, &place) {
        screen.note(change);
    }
    Ok(DONE)
}

/// The workspace's manifest is the person's, so what has to change in it is theirs to do.
fn changed_kind(report: &Report, place: &Place) -> Option<&'static str> {
    let before = place.before.as_ref()?.library;
    let kept = !report.created.iter().any(|path| path == WORKSPACE);
    match (before, place.about.options.library) {
        (false, true) if kept => Some(
            "Cargo.toml is yours: take `service` out of its members, and out of its default-members",
        ),
        (true, false) if kept => Some("Cargo.toml is yours: add `service` to its members"),
        _ => None,
    }
}

/// What was done, and what is left to do.
fn told(report: &Report, place: &Place) -> String {
    let (shown, library) = (shown(&place.dir), place.about.options.library);
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
    if created.iter().any(|path| path == WORKSPACE) {
        let _ = writeln!(text, "\nnext:");
        if shown != "this folder" {
            let _ = writeln!(text, "  cd {}", quoted(&shown));
        }
        let first = match library {
            true => "  README.md               how to mount it in your program",
            false => "  cargo run -- dev        start it, with keys and tokens for development",
        };
        let _ = writeln!(text, "{first}");
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
