//! `palisade diff`: what changed in who may do what.

use super::markdown::{code, prose};
use super::pipeline::{self, Stages};
use super::screen::{Screen, lines};
use super::stop::{DONE, REFUSED, Stop};
use super::target::Spec;
use crate::audit::Site;
use crate::compare::{Change, Changes, Side, Verdict, compare};
use crate::diagnostic::escape;
use crate::document::{Place, pointers_at};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Compares what two documents allow, and to whom. A change is widened when somebody may
do more, or when nobody can say that they may not; narrowed when somebody may do less.
Descriptions, order and names of components make no difference.

Exit code:
  0  nothing that --fail-on asks for
  1  something
  2  usage, disk, or a document has errors

Examples:
  palisade diff old.yaml new.yaml
  palisade diff old.yaml new.yaml --fail-on any
  git show main:openapi.yaml | palisade diff - openapi.yaml --format markdown")]
pub struct Args {
    /// The document as it was; `-` for stdin
    old: PathBuf,

    /// The document as it is; `-` for stdin
    new: PathBuf,

    /// How to print the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 if there are such changes
    #[arg(long, value_enum, value_name = "VERDICT", default_value_t = FailOn::Widened)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Widened,
    Narrowed,
    /// Widened or narrowed
    Any,
    Never,
}

impl FailOn {
    fn asks_for(self, verdict: Verdict) -> bool {
        match self {
            FailOn::Widened => verdict == Verdict::Widened,
            FailOn::Narrowed => verdict == Verdict::Narrowed,
            FailOn::Any => verdict != Verdict::Neutral,
            FailOn::Never => false,
        }
    }
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let (old, new) = (Spec::given(&args.old), Spec::given(&args.new));
    if old == Spec::Stdin && new == Spec::Stdin {
        return Err(Stop::Trouble(
            "only one of the documents can come from stdin".to_owned(),
        ));
    }
    let old = pipeline::stages(&old, screen)?.whole(screen)?;
    let new = pipeline::stages(&new, screen)?.whole(screen)?;
    let (Some(was), Some(is)) = (&old.plan, &new.plan) else {
        return Err(Stop::Trouble("there is nothing to compare".to_owned()));
    };
    let changes = screen.timed("compare", || compare(was, is));
    let report = Report::of(&changes, &old, &new);
    screen.result(&match args.format {
        Format::Text => lines(&report.text()),
        Format::Markdown => report.markdown(),
        Format::Json => {
            let json = serde_json::to_string_pretty(&report)
                .map_err(|error| Stop::Trouble(format!("cannot write JSON: {error}")))?;
            format!("{json}\n")
        }
    });
    let mut verdicts = changes.list.iter().map(|change| change.verdict);
    let fails = verdicts.any(|verdict| args.fail_on.asks_for(verdict));
    Ok(if fails { REFUSED } else { DONE })
}

/// As programs read it (ruling 77).
#[derive(Serialize)]
struct Report<'c> {
    version: u8,
    verdict: &'static str,
    changes: Vec<Row<'c>>,
}

#[derive(Serialize)]
struct Row<'c> {
    verdict: &'static str,
    operation: Option<&'c str>,
    what: &'c str,
    principal: Option<&'c str>,
    old: Option<&'c str>,
    new: Option<&'c str>,
    places: Vec<At>,
}

#[derive(Serialize)]
struct At {
    file: String,
    line: u32,
    column: u32,
    pointer: String,
}

impl<'c> Report<'c> {
    fn of(changes: &'c Changes, old: &Stages, new: &Stages) -> Self {
        let pointers = |side: Side, stages: &Stages| -> BTreeMap<Place, String> {
            let places = changes.list.iter().flat_map(|change| &change.places);
            let here = places
                .filter(|(of, _)| *of == side)
                .map(|(_, place)| *place);
            pointers_at(&stages.document.root, here)
        };
        let (before, after) = (pointers(Side::Old, old), pointers(Side::New, new));
        let at = |side: Side, place: Place| {
            let site = match side {
                Side::Old => Site::of(place, &old.document.sources, &before),
                Side::New => Site::of(place, &new.document.sources, &after),
            };
            At {
                file: site.file,
                line: site.line,
                column: site.column,
                pointer: site.pointer,
            }
        };
        let row = |change: &'c Change| Row {
            verdict: change.verdict.word(),
            operation: change.operation.as_deref(),
            what: &change.what,
            principal: change.principal.as_deref(),
            old: change.old.as_deref(),
            new: change.new.as_deref(),
            places: change
                .places
                .iter()
                .map(|(side, place)| at(*side, *place))
                .collect(),
        };
        Report {
            version: 1,
            verdict: changes.verdict().word(),
            changes: changes.list.iter().map(row).collect(),
        }
    }

    fn count(&self, verdict: &str) -> usize {
        let same = self.changes.iter().filter(|row| row.verdict == verdict);
        same.count()
    }

    fn summary(&self) -> String {
        format!(
            "{}: {} widened, {} narrowed, {} neutral",
            self.verdict,
            self.count("widened"),
            self.count("narrowed"),
            self.count("neutral")
        )
    }

    /// A block for the service and one for each operation that differs.
    fn text(&self) -> String {
        let mut text = String::new();
        let mut last = None;
        for row in &self.changes {
            if last != Some(row.operation) {
                let between = if last.is_some() { "\n" } else { "" };
                let name = row.operation.map_or("the service".into(), escape);
                let places: Vec<String> = row.places.iter().map(At::shown).collect();
                let places = places.join(" -> ");
                let _ = writeln!(text, "{between}{}", format!("{name}  {places}").trim_end());
                last = Some(row.operation);
            }
            let sign = match row.verdict {
                "widened" => "+",
                "narrowed" => "-",
                _ => "=",
            };
            let _ = writeln!(text, "  {sign} {:<8}  {}", row.verdict, escape(&row.told()));
        }
        let between = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{between}{}", self.summary());
        text
    }

    fn markdown(&self) -> String {
        /// Comments of a pull request have a greatest length; the widened are shown first.
        const MOST: usize = 100;
        let mut text = format!("### What changed in who may do what: {}\n", self.summary());
        if self.changes.is_empty() {
            return text;
        }
        text.push_str(
            "\n| | Where | What | For whom | Before | After |\n|---|---|---|---|---|---|\n",
        );
        let mut sorted: Vec<&Row> = self.changes.iter().collect();
        sorted.sort_by_key(|row| match row.verdict {
            "widened" => 0,
            "narrowed" => 1,
            _ => 2,
        });
        for row in sorted.iter().take(MOST) {
            let verdict = match row.verdict {
                "widened" => "**widened**",
                other => other,
            };
            let cell = |value: Option<&str>| value.map(code).unwrap_or_default();
            let _ = writeln!(
                text,
                "| {verdict} | {} | {} | {} | {} | {} |",
                row.operation.map_or("the service".to_owned(), code),
                code(row.what),
                row.principal.map(prose).unwrap_or_default(),
                cell(row.old),
                cell(row.new)
            );
        }
        if let Some(more) = sorted.len().checked_sub(MOST).filter(|more| *more > 0) {
            let _ = writeln!(text, "\nand {more} more");
        }
        text
    }
}

impl Row<'_> {
    /// `access, for clinician: admin -> clinician or admin`.
    fn told(&self) -> String {
        let whom = self.principal.map(|whom| format!(", for {whom}"));
        let values = match (self.old, self.new) {
            (Some(old), Some(new)) => format!(": {old} -> {new}"),
            (Some(old), None) => format!(": {old}, not any more"),
            (None, Some(new)) => format!(": {new}, new"),
            (None, None) => String::new(),
        };
        format!("{}{}{values}", self.what, whom.unwrap_or_default())
    }
}

impl At {
    fn shown(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}
