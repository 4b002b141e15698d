//! The command line: arguments to exit code, one file a subcommand.
//!
//! Results go to stdout, everything else to stderr. Exit codes are a contract: 0 done; 1 the document (or, for `check`,
//! the folder) is not as it must be; 2 usage, disk, and for `check` an invalid document.

mod annotate;
mod audit;
mod check;
mod completions;
mod denied;
mod diff;
mod explain;
mod format;
mod gaps;
mod generate;
mod harden;
mod man;
mod markdown;
mod options;
mod pipeline;
mod progress;
mod schema;
mod screen;
mod stop;
mod stub;
mod target;

use clap::{Parser, Subcommand};
use format::Format;
use screen::Screen;
use std::ffi::OsString;
use std::process::ExitCode;
use stop::Stop;

/// Deep documents are refused by the loader at a fixed depth; this is room for that depth in a debug build, on systems
/// that give the main thread little.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// From an OpenAPI document annotated with `x-security` to a complete, hardened axum project
#[derive(Parser)]
#[command(name = "palisade", version, max_term_width = 100)]
#[command(after_help = "\
Examples:
  palisade generate specs/clinic.yaml             a project in ./clinic-api
  palisade generate specs/clinic.yaml -o clinic   in a folder of your choice
  palisade generate -o clinic                     once more: the lock knows the rest
  palisade check -o clinic                        in CI: is it what the document says?
  palisade stub get_patient -o clinic             the file of a handler, once more
  palisade audit specs/clinic.yaml                what a reviewer would ask
  palisade explain specs/clinic.yaml getPatient   who may do what, and where it says so
  palisade diff old.yaml new.yaml                 who may do more than before
  palisade generate --help                        more about one of them")]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Print nothing but errors, and what was asked for
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Print how long each stage took
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Write a project, or bring one up to date
    Generate(generate::Args),
    /// Compare a project with what `generate` would write; touch nothing
    Check(check::Args),
    /// Write the file of a handler or a loader that is missing
    Stub(stub::Args),
    /// Look at a document as a reviewer of its security would
    Audit(audit::Args),
    /// Say who may do what, and where the document says so
    Explain(explain::Args),
    /// Say what changed in who may do what, between two documents
    Diff(diff::Args),
    /// Write the document as it is enforced, every default written out
    Harden(harden::Args),
    /// Propose a first x-security for a document that has none
    Annotate(annotate::Args),
    /// List what OpenAPI and x-security can say and palisade refuses by name
    Gaps(gaps::Args),
    /// Print the JSON Schema of x-security, for editors
    Schema(schema::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the page of the manual about palisade or one of its commands
    Man(man::Args),
}

/// Runs palisade; the first of `arguments` is the name it was called by.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` are results, too.
            let why = error.print().err().and_then(|error| screen::lost(&error));
            if let Some(why) = why.filter(|_| !error.use_stderr()) {
                Screen::new(false, false, Format::Text).error(&why);
                return code(stop::TROUBLE);
            }
            return code(error.exit_code());
        }
    };
    let started = std::thread::Builder::new()
        .name("palisade".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || dispatch(&cli));
    match started.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // The panic has been told on stderr already. It is a defect of palisade, and nothing was decided by it.
        Ok(Err(_)) => code(stop::TROUBLE),
        Err(error) => {
            Screen::new(false, false, Format::Text).error(&format!("cannot start: {error}"));
            code(stop::TROUBLE)
        }
    }
}

fn dispatch(cli: &Cli) -> ExitCode {
    let format = match &cli.command {
        Command::Generate(args) => args.format,
        Command::Check(args) => args.format,
        _ => Format::Text,
    };
    let screen = Screen::new(cli.quiet, cli.verbose, format);
    let (done, invalid) = match &cli.command {
        Command::Generate(args) => (generate::run(args, &screen), stop::REFUSED),
        Command::Check(args) => (check::run(args, &screen), stop::TROUBLE),
        Command::Stub(args) => (stub::run(args, &screen), stop::TROUBLE),
        Command::Audit(args) => (audit::run(args, &screen), stop::REFUSED),
        Command::Explain(args) => (explain::run(args, &screen), stop::TROUBLE),
        Command::Diff(args) => (diff::run(args, &screen), stop::TROUBLE),
        Command::Harden(args) => (harden::run(args, &screen), stop::REFUSED),
        Command::Annotate(args) => (annotate::run(args, &screen), stop::TROUBLE),
        Command::Gaps(args) => (gaps::run(args, &screen), stop::TROUBLE),
        Command::Schema(args) => (schema::run(args, &screen), stop::TROUBLE),
        Command::Completions(args) => (completions::run(args, &screen), stop::TROUBLE),
        Command::Man(args) => (man::run(args, &screen), stop::TROUBLE),
    };
    screen.peak();
    let exit = match done {
        Ok(exit) => exit,
        Err(Stop::Invalid(rendered)) => {
            screen.diagnostics(&rendered);
            invalid
        }
        Err(Stop::Refused(why)) => {
            screen.error(&why);
            stop::REFUSED
        }
        Err(Stop::Trouble(why)) => {
            screen.error(&why);
            stop::TROUBLE
        }
    };
    match screen.lost() {
        None => code(exit),
        Some(why) => {
            screen.error(&why);
            code(stop::TROUBLE)
        }
    }
}

fn code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_grammar_holds_together() {
        Cli::command().debug_assert();
    }
}
