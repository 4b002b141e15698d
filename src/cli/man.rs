//! `palisade man`: the pages of the manual, from the same words as `--help`.

use super::screen::Screen;
use super::stop::{DONE, Stop};
use crate::diagnostic::{escape, suggest};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::fmt::Write as _;
use std::io;

#[derive(clap::Args)]
#[command(after_help = "\
Exit code:
  0  printed
  2  usage, or no such command

Examples:
  palisade man | man -l -                       read it
  palisade man generate > palisade-generate.1   keep the page of a command")]
pub struct Args {
    /// A command of palisade [default: palisade itself]
    command: Option<String>,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let mut palisade = super::Cli::command().disable_help_subcommand(true);
    palisade.build();
    let command = match &args.command {
        None => &palisade,
        Some(name) => palisade
            .find_subcommand(name)
            .ok_or_else(|| unknown(name, &palisade))?,
    };
    let page =
        page(command).map_err(|error| Stop::Trouble(format!("cannot make the page: {error}")))?;
    screen.result(&page);
    Ok(DONE)
}

fn unknown(name: &str, palisade: &Command) -> Stop {
    let known = || palisade.get_subcommands().map(Command::get_name);
    let hint = match suggest(name, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
    };
    Stop::Trouble(format!("there is no command `{}`: {hint}", escape(name)))
}

fn page(command: &Command) -> io::Result<String> {
    let man = Man::new(command.clone())
        .source(format!("palisade {}", env!("CARGO_PKG_VERSION")))
        .manual("palisade");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    let after = command.get_after_help().map(ToString::to_string);
    let (words, sections): (Vec<&str>, Vec<&str>) = after
        .as_deref()
        .unwrap_or_default()
        .split("\n\n")
        .partition(|paragraph| heading(paragraph).is_none());
    let mut text = String::new();
    for paragraph in words {
        let _ = writeln!(text, ".PP\n{}", escaped(paragraph));
    }
    out.extend(text.as_bytes());
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut out)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    let mut text = String::new();
    for (title, lines) in sections.into_iter().filter_map(heading) {
        // As it stands: the columns in it mean something.
        let _ = writeln!(
            text,
            ".SH {}\n.nf\n{}\n.fi",
            title.to_uppercase(),
            escaped(lines)
        );
    }
    out.extend(text.as_bytes());
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// `Examples:` and what follows it.
fn heading(paragraph: &str) -> Option<(&str, &str)> {
    let (first, lines) = paragraph.split_once('\n')?;
    Some((first.strip_suffix(':')?, lines))
}

/// Nothing in it that troff would obey.
fn escaped(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = escaped
        .lines()
        .map(|line| match line.starts_with(['.', '\'']) {
            true => format!("\\&{line}"),
            false => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}
