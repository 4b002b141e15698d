//! `palisade stub`: the file of a handler or a loader, to begin with.

use super::screen::Screen;
use super::stop::{DONE, Stop};
use super::target::{Target, shown};
use super::{denied, options};
use crate::diagnostic::{escape, suggest};
use crate::emit::Files;
use crate::emit::rust::{self, Stub};
use crate::project::{LOCK, Lock, place_stub};
use std::path::{Path, PathBuf};

/// So many names are listed when none is near; after that, the number says more.
const MOST: usize = 20;

#[derive(clap::Args)]
#[command(after_help = "\
`generate` writes these files for new operations by itself; this brings back one
that is gone. A file that is there is left alone, and not opened. For a project
made with `--as library` the file is printed: it belongs into a crate of yours.

Exit code:
  0  written, printed, or there already
  2  usage, disk, no such operation, or the document has errors

Examples:
  palisade stub get_user -o users         as the compiler names it
  palisade stub getUser -o users          as the document names it
  palisade stub load_user -o users        the loader of a resource")]
pub struct Args {
    /// The operation, or the loader of a resource
    #[arg(value_name = "OPERATION")]
    wanted: String,

    /// The OpenAPI document, YAML or JSON; `-` for stdin [default: the one palisade.lock names]
    spec: Option<PathBuf>,

    /// The project's folder [default: here]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let dir = args.output.as_deref().unwrap_or(Path::new("."));
    let Some(lock) = Lock::read(dir)? else {
        return Err(Stop::Trouble(format!(
            "there is no {LOCK} in {}; name the project's folder with -o DIR",
            shown(dir)
        )));
    };
    let target = Target::find(args.spec.as_deref(), Some(dir), false)?;
    let (stages, _) = denied::narrowed(&target, &options::Shape::default(), screen)?;
    let (plan, _) = stages.planned(&target.spec)?;
    let stubs = rust::stubs(&plan);
    let stub = find(&args.wanted, &stubs).ok_or_else(|| unknown(&args.wanted, &stubs))?;
    let Some(path) = &stub.path else {
        return Err(Stop::Trouble(format!(
            "operation `{}` is denied to everyone, so it has no handler; declare who may call it, and `palisade generate` writes one",
            escape(&stub.id)
        )));
    };
    let mut files = Files::new();
    rust::service(&plan, &mut files);
    let text = files.get(path).map_or("", |file| file.text.as_str());
    if lock.options.library {
        screen.result(text);
        return Ok(DONE);
    }
    match place_stub(dir, path, text)? {
        true => screen.told(&format!("written: {path}\n")),
        false => screen.told(&format!("there already, and not opened: {path}\n")),
    }
    let modules = files
        .get(rust::MODULES)
        .map_or("", |file| file.text.as_str());
    if !lock.holds(rust::MODULES, modules) {
        screen.note("the document has changed since this project was generated; `palisade generate` brings in the rest");
    }
    Ok(DONE)
}

/// The compiler's name first: its notes are copied from there, and no two are the same.
fn find<'s>(wanted: &str, stubs: &'s [Stub]) -> Option<&'s Stub> {
    let by = |name: fn(&Stub) -> &str| stubs.iter().find(|stub| name(stub) == wanted);
    by(|stub| &stub.name).or_else(|| by(|stub| &stub.id))
}

fn unknown(wanted: &str, stubs: &[Stub]) -> Stop {
    let names = || {
        stubs
            .iter()
            .flat_map(|stub| [stub.name.as_str(), stub.id.as_str()])
    };
    let hint = match suggest(wanted, names()) {
        Some(near) => format!("did you mean `{}`?", escape(near)),
        None if stubs.is_empty() => "the document has none".to_owned(),
        None => {
            let mut listed: Vec<String> = stubs
                .iter()
                .take(MOST)
                .map(|stub| stub.name.clone())
                .collect();
            if let Some(more) = stubs.len().checked_sub(MOST).filter(|more| *more > 0) {
                listed.push(format!("and {more} more"));
            }
            format!("there are {}", listed.join(", "))
        }
    };
    Stop::Trouble(format!(
        "there is no operation or loader `{}`: {hint}",
        escape(wanted)
    ))
}
