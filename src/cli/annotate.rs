//! `palisade annotate`: a first `x-security` for a document that has none.

use super::screen::{Screen, lines};
use super::stop::{DONE, Stop};
use super::target::Spec;
use crate::annotate::{Refused, annotate};
use crate::diagnostic::{render, render_load_error};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// More than the loader takes.
const MOST_BYTES: u64 = 64 * 1024 * 1024 + 1;

#[derive(clap::Args)]
#[command(after_help = "\
The document is printed with x-security inserted: comments, order and layout stay. What was proposed, and what you must
decide, is told on stderr. Nothing that the document guards becomes more open; what is not clear is denied.

Exit code:
  0  done
  2  usage or disk, or the document cannot be read or has x-security already

Examples:
  palisade annotate openapi.yaml > annotated.yaml
  palisade annotate openapi.json -o annotated.json
  palisade generate annotated.json --deny-unsupported")]
pub struct Args {
    /// The OpenAPI document, YAML or JSON; `-` for stdin
    spec: PathBuf,

    /// Where to write it, instead of stdout; never the document itself
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, screen: &Screen) -> Result<i32, Stop> {
    let spec = Spec::given(&args.spec);
    if let (Spec::File(spec), Some(output)) = (&spec, &args.output)
        && is_same(spec, output)
    {
        return Err(Stop::Trouble(format!(
            "{} is the document itself: write to another file, and compare",
            output.display()
        )));
    }
    let bytes = bytes(&spec)?;
    let name = match &spec {
        Spec::Stdin => "stdin".to_owned(),
        Spec::File(path) => path.display().to_string(),
    };
    let annotated = annotate(&name, &bytes).map_err(|refused| match refused {
        Refused::Load(error) => Stop::Invalid(render_load_error(&error, screen.color())),
        Refused::Document(diagnostics, document) => {
            Stop::Invalid(render(&diagnostics, &document.sources, screen.color()))
        }
        Refused::Layout(why) => Stop::Trouble(format!("{name}: {why}")),
    })?;
    match &args.output {
        None => screen.result(&annotated.text),
        Some(path) => write(path, &annotated.text)?,
    }
    for (title, items) in [
        ("proposed", &annotated.proposed),
        ("for you to decide", &annotated.decide),
    ] {
        let text: String = items.iter().map(|item| format!("\n  {item}")).collect();
        if !text.is_empty() {
            screen.note(&lines(&format!("{title}:{text}")));
        }
    }
    Ok(DONE)
}

/// The document as it is, no more of it than the loader takes and one byte, so that the refusal is the loader's.
fn bytes(spec: &Spec) -> Result<Vec<u8>, Stop> {
    let name = match spec {
        Spec::Stdin => "stdin".to_owned(),
        Spec::File(path) => path.display().to_string(),
    };
    // What is wrong with the path is usage; what is wrong with the text is the document's.
    let trouble = |why: &dyn std::fmt::Display| Stop::Trouble(format!("cannot read {name}: {why}"));
    let mut bytes = Vec::new();
    let read = match spec {
        Spec::Stdin => std::io::stdin()
            .lock()
            .take(MOST_BYTES)
            .read_to_end(&mut bytes),
        Spec::File(path) => {
            let file = std::fs::File::open(path).map_err(|error| trouble(&error))?;
            let found = file.metadata().map_err(|error| trouble(&error))?;
            if found.is_dir() {
                return Err(trouble(&"it is a folder"));
            }
            file.take(MOST_BYTES).read_to_end(&mut bytes)
        }
    };
    read.map_err(|error| trouble(&error))?;
    Ok(bytes)
}

/// Whether both are one file, by whatever name.
fn is_same(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let id = |path: &Path| {
            let found = std::fs::metadata(path).ok()?;
            Some((found.dev(), found.ino()))
        };
        if id(one).is_some_and(|one| Some(one) == id(other)) {
            return true;
        }
    }
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The old file or the new one, never half of it.
fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let trouble =
        |error: std::io::Error| Stop::Trouble(format!("cannot write {}: {error}", path.display()));
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(trouble)?;
    file.write_all(text.as_bytes()).map_err(trouble)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(mode).map_err(trouble)?;
    }
    file.persist(path).map_err(|error| trouble(error.error))?;
    Ok(())
}
