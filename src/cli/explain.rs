//! `palisade explain`: who may do what, and where the document says so.

use super::pipeline;
use super::screen::{Screen, lines};
use super::stop::{DONE, Stop};
use super::target::Spec;
use crate::diagnostic::{escape, suggest};
use crate::explain::{Effective, Explained, explain};
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
For each operation: who may call it, whose object it works on, how often and how
much, each with the place that decided it. What a limit or an access inherits comes
from the operation, its path item, `defaults`, `security`, or is built in.

Exit code:
  0  done
  2  usage, disk, the document has errors, or there is no such operation

Examples:
  palisade explain specs/clinic.yaml
  palisade explain specs/clinic.yaml getPatient
  palisade explain specs/clinic.yaml --format json")]
pub struct Args {
    /// The OpenAPI document, YAML or JSON; `-` for stdin
    spec: PathBuf,

    /// Only this one: its operationId
    operation: Option<String>,

    /// How to print the policy
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let stages = pipeline::stages(&Spec::given(&args.spec), screen)?.whole(screen)?;
    let (Some(api), Some(policy), Some(plan)) = (&stages.api, &stages.policy, &stages.plan) else {
        return Err(Stop::Trouble("there is no policy to explain".to_owned()));
    };
    let mut operations = explain(&stages.document, api, policy, plan);
    if let Some(wanted) = &args.operation {
        if !operations.iter().any(|each| each.id == *wanted) {
            return Err(unknown(wanted, &operations));
        }
        operations.retain(|each| each.id == *wanted);
    }
    match args.format {
        Format::Text => screen.result(&lines(&text(&operations))),
        Format::Json => {
            let json = serde_json::json!({ "version": 1, "operations": operations });
            let json = serde_json::to_string_pretty(&json)
                .map_err(|error| Stop::Trouble(format!("cannot write JSON: {error}")))?;
            screen.result(&format!("{json}\n"));
        }
    }
    Ok(DONE)
}

fn unknown(wanted: &str, operations: &[Explained]) -> Stop {
    let near = suggest(wanted, operations.iter().map(|each| each.id.as_str()));
    let way_out = match near {
        Some(near) => format!("did you mean `{}`?", escape(near)),
        None => "without a name, `palisade explain` shows all".to_owned(),
    };
    Stop::Trouble(format!(
        "there is no operation `{}`; {way_out}",
        escape(wanted)
    ))
}

/// One block an operation: names, values and places, each in a column of its own.
fn text(operations: &[Explained]) -> String {
    let mut text = String::new();
    for each in operations {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}  {} {}", each.id, each.method, each.path);
        let rows = rows(each);
        let width = rows
            .iter()
            .map(|(_, value)| value.text.chars().count())
            .filter(|width| *width <= WIDEST)
            .max()
            .unwrap_or_default();
        for (name, value) in rows {
            let from = &value.from;
            let _ = writeln!(
                text,
                "  {name:<14}  {:<width$}  {}:{}:{} ({})",
                value.text, from.file, from.line, from.column, from.level
            );
        }
    }
    text
}

/// A longer value does not push the places of the others away.
const WIDEST: usize = 60;

fn rows(each: &Explained) -> Vec<(&'static str, &Effective)> {
    let mut rows = vec![("access", &each.access)];
    rows.extend(each.owns.as_ref().map(|owns| ("owns", owns)));
    rows.extend(each.media.as_ref().map(|media| ("media", media)));
    rows.extend(each.flow.as_ref().map(|flow| ("flow", flow)));
    rows.push(("rateLimit", &each.rate_limit));
    rows.extend(
        each.built_in_limits
            .as_ref()
            .map(|beside| ("and built in", beside)),
    );
    rows.push(("body", &each.limits.body));
    rows.push(("bodyTimeout", &each.limits.body_timeout));
    rows.push(("handlerTimeout", &each.limits.handler_timeout));
    rows
}
