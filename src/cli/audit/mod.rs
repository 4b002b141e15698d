//! `palisade audit`: what a reviewer of the API would ask its author.

mod json;
mod markdown;
mod sarif;
mod text;

use super::pipeline;
use super::screen::{Screen, lines};
use super::stop::{DONE, REFUSED, Stop};
use super::target::Spec;
use crate::audit::{Findings, Severity, audit_unloaded};
use crate::diagnostic::escape;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
What the document's stages refuse is among the findings, as errors: a document need
not generate to be audited. Each rule has a page in docs/reference/rules/.

Exit code:
  0  nothing that --fail-on asks for
  1  something
  2  usage or disk

Examples:
  palisade audit specs/clinic.yaml
  palisade audit specs/clinic.yaml --fail-on warning
  palisade audit specs/clinic.yaml --format sarif > audit.sarif      for code scanning
  palisade audit specs/clinic.yaml --format markdown >> $GITHUB_STEP_SUMMARY")]
pub struct Args {
    /// The OpenAPI document, YAML or JSON; `-` for stdin
    spec: PathBuf,

    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 if anything is at least so bad
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Markdown,
}

/// The least severity that counts.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Info,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
        }
    }
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let spec = Spec::given(&args.spec);
    let loaded = screen.timed("document", || pipeline::load(&spec))?;
    let findings = match loaded {
        Ok(document) => pipeline::further(document, &spec, screen).findings(screen),
        Err(error) => audit_unloaded(&spec.shown(), &error),
    };
    let json = |value: serde_json::Result<String>| {
        value
            .map(|text| format!("{text}\n"))
            .map_err(|error| Stop::Trouble(format!("cannot write JSON: {error}")))
    };
    screen.result(&match args.format {
        Format::Text => lines(&text::render(&findings, &spec.shown())),
        Format::Json => json(json::render(&findings, &spec.shown()))?,
        Format::Sarif => json(sarif::render(&findings))?,
        Format::Markdown => markdown::render(&findings, &spec.shown()),
    });
    Ok(match findings.any(args.fail_on.severity()) {
        true => REFUSED,
        false => DONE,
    })
}

/// Ruling 112: whether `generate` goes on is decided before anything is written.
pub fn decide(findings: &Findings, least: Option<FailOn>, spec: &Spec) -> Result<(), Stop> {
    match least {
        Some(least) if findings.any(least.severity()) => Err(Stop::Refused(format!(
            "nothing was written: --fail-on {}, and {}",
            least.severity().as_str(),
            brief(findings, spec)
        ))),
        _ => Ok(()),
    }
}

/// Tells that there is something to read. What is only to be known is left to those who ask.
pub fn tell(findings: &Findings, spec: &Spec, screen: &Screen) {
    if findings.any(Severity::Warning) {
        screen.note(&brief(findings, spec));
    }
}

fn brief(findings: &Findings, spec: &Spec) -> String {
    let shown = match spec {
        Spec::Stdin => "-".to_owned(),
        Spec::File(_) => escape(&spec.shown()).into_owned(),
    };
    format!(
        "audit found {}; `palisade audit {shown}` shows them",
        counted(findings)
    )
}

/// `2 errors, 1 warning, 3 info`; what there is none of is left out.
fn counted(findings: &Findings) -> String {
    let parts = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Info, "info", "info"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter_map(|(severity, one, several)| match findings.count(severity) {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {several}")),
        })
        .collect();
    match parts.is_empty() {
        true => "nothing".to_owned(),
        false => parts.join(", "),
    }
}
