//! `palisade gaps`: what documents can say and palisade refuses by name.

use super::screen::{Screen, lines};
use super::stop::{DONE, Stop};
use crate::reference::gaps;
use std::fmt::Write as _;

#[derive(clap::Args)]
#[command(after_help = "\
What palisade cannot enforce exactly it refuses, with the place and a way out;
this is the whole list.

Exit code:
  0  printed
  2  usage

Examples:
  palisade gaps
  palisade gaps --format json | jq -r '.gaps[] | .code + \" \" + .what'")]
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

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let gaps = gaps::all();
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
