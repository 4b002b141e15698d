//! `palisade gaps`: what documents can say and palisade refuses by name.

use super::screen::{Screen, lines};
use super::stop::{DONE, Stop};
use crate::diagnostic::Code;
use crate::{openapi, policy};
use serde::Serialize;
use std::fmt::Write as _;

#[derive(clap::Args)]
pub struct Args {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// One gap, whichever stage it belongs to.
#[derive(Debug, Serialize)]
struct Gap {
    /// As diagnostics show it: `PAL-4001`.
    code: String,
    /// What is refused.
    what: String,
    /// The way out.
    instead: String,
}

/// The tables of the stages, by code.
fn collect() -> Vec<Gap> {
    let openapi = openapi::gaps::ALL.iter().map(|gap| Gap {
        code: shown(gap.code),
        what: gap.name.to_owned(),
        instead: gap.way_out.to_owned(),
    });
    let policy = policy::gaps::GAPS.iter().map(|gap| Gap {
        code: shown(gap.code),
        what: format!("{}: {}", gap.construct, gap.why),
        instead: gap.instead.to_owned(),
    });
    let mut gaps: Vec<Gap> = openapi.chain(policy).collect();
    gaps.sort_by(|a, b| a.code.cmp(&b.code));
    gaps
}

fn shown(code: Code) -> String {
    format!("PAL-{code:04}")
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let gaps = collect();
    if args.format == Format::Json {
        let json = serde_json::json!({ "version": 1, "gaps": gaps });
        let text = serde_json::to_string_pretty(&json)
            .map_err(|error| Stop::Trouble(format!("cannot write JSON: {error}")))?;
        screen.result(&format!("{text}\n"));
        return Ok(DONE);
    }
    let mut text = String::new();
    for gap in &gaps {
        let _ = writeln!(
            text,
            "{}  {}\n          {}",
            gap.code, gap.what, gap.instead
        );
    }
    screen.result(&lines(&text));
    Ok(DONE)
}
