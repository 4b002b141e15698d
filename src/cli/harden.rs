//! `palisade harden`: the document as it is enforced.

use super::screen::Screen;
use super::stop::{DONE, Stop};
use super::target::Spec;
use super::{denied, pipeline};
use crate::emit::spec::{self, Audience};
use std::io::Write as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
What is written out: bounds of strings, lists and integers, what the service refuses and how, rate limits, and (without
--public) the policy of each operation. Given to `generate`, it makes the same service.

Exit code:
  0  done
  1  the document has errors
  2  usage or disk

Examples:
  palisade harden specs/clinic.yaml                       read it
  palisade harden specs/clinic.yaml --public -o api.json  for callers, as JSON")]
pub struct Args {
    /// The OpenAPI document, YAML or JSON; `-` for stdin
    spec: PathBuf,

    /// Where to write it; JSON when it ends in `.json` [default: stdout, as YAML]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// For callers: without x-security, and without what nobody may call
    #[arg(long)]
    public: bool,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let spec = Spec::given(&args.spec);
    if let Some(output) = &args.output {
        refuse_spec(&spec, output)?;
    }
    let plan = pipeline::plan(&spec, screen)?;
    let audience = match args.public {
        true => Audience::Public,
        false => Audience::Effective,
    };
    let json = args.output.as_ref().and_then(|path| path.extension());
    let json = json.is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let text = screen.timed("emit", || match json {
        true => spec::json(&plan, audience),
        false => spec::yaml(&plan, audience),
    });
    match &args.output {
        None => screen.result(&text),
        Some(output) => write(output, &text).map_err(|error| {
            Stop::Trouble(format!("cannot write {}: {error}", output.display()))
        })?,
    }
    denied::tell(&plan, &denied::Denied::default(), screen);
    Ok(DONE)
}

/// The document itself is the person's, by whatever name it is called.
fn refuse_spec(spec: &Spec, output: &Path) -> Result<(), Stop> {
    let Spec::File(path) = spec else {
        return Ok(());
    };
    let same = match (path.canonicalize(), output.canonicalize()) {
        (Ok(path), Ok(output)) => path == output || is_same_file(&path, &output),
        _ => false,
    };
    match same {
        true => Err(Stop::Trouble(format!(
            "{} is the document itself; choose another file with -o",
            output.display()
        ))),
        false => Ok(()),
    }
}

/// Two names of one file.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (one.metadata(), other.metadata()) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

/// Whole or not at all: a new file takes the place of the old one.
fn write(output: &Path, text: &str) -> std::io::Result<()> {
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // What is no plain file (`/dev/stdout`, a pipe) is written to, not replaced.
    if output.metadata().is_ok_and(|found| !found.is_file()) {
        return std::fs::write(output, text);
    }
    let mut file = tempfile::Builder::new().make_in(folder, |path| {
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
    })?;
    file.write_all(text.as_bytes())?;
    file.persist(output).map_err(|error| error.error)?;
    Ok(())
}
