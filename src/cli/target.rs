//! Which document, and which folder: from the arguments, and from `palisade.lock` where those leave it open.

use super::options;
use super::stop::Stop;
use crate::diagnostic::escape;
use crate::emit::{self, Files};
use crate::plan::Plan;
use crate::project::{About, LOCK, Lock, Options, names};
use std::path::{Component, Path, PathBuf};

/// How stdin is written on the command line and in the lock.
const STDIN: &str = "-";

/// Where the document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    Stdin,
    File(PathBuf),
}

impl Spec {
    /// As the command line names it.
    pub fn given(path: &Path) -> Spec {
        match path == Path::new(STDIN) {
            true => Spec::Stdin,
            false => Spec::File(path.to_path_buf()),
        }
    }

    /// What messages call it.
    pub fn shown(&self) -> String {
        match self {
            Spec::Stdin => "stdin".to_owned(),
            Spec::File(path) => path.display().to_string(),
        }
    }

    /// What owned files call it: its file name, on one line and without anything odd, the same on every machine.
    pub fn name(&self) -> String {
        let Spec::File(path) = self else {
            return "stdin".to_owned();
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.chars()
            .map(|c| match c {
                c if c.is_alphanumeric() || "._-+ ".contains(c) => c,
                _ => '_',
            })
            .collect()
    }
}

/// What is known before the document is read.
#[derive(Debug)]
pub struct Target {
    pub spec: Spec,
    /// `None`: it takes its name from the document's title.
    dir: Option<PathBuf>,
    /// For messages, whether a lock that cannot be read is to be passed over.
    force: bool,
}

/// What is known once the title is.
#[derive(Debug)]
pub struct Place {
    pub dir: PathBuf,
    pub about: About,
    /// The options of the project that is there.
    pub before: Option<Options>,
}

impl Place {
    /// What stands here when all is well.
    pub fn emit(&self, plan: &Plan) -> Files {
        match &self.about.package {
            Some(package) => emit::project(plan, package),
            None => emit::library(plan),
        }
    }
}

impl Target {
    /// From the arguments, then from the lock.
    pub fn find(spec: Option<&Path>, dir: Option<&Path>, force: bool) -> Result<Target, Stop> {
        let here = Path::new(".");
        let dir = match dir {
            Some(dir) => Some(dir.to_path_buf()),
            None => match (read_lock(here, force)?, spec) {
                (None, _) => None,
                (Some(_), None) => Some(here.to_path_buf()),
                // The folder we stand in is this document's project: it is the one that is meant.
                (Some(lock), Some(spec)) if is_of(&lock, here, &Spec::given(spec)) => {
                    Some(here.to_path_buf())
                }
                (Some(lock), Some(_)) => {
                    return Err(Stop::Trouble(format!(
                        "the project in this folder was generated from {}; say with -o where this one belongs",
                        escape(&lock.spec)
                    )));
                }
            },
        };
        let spec = match (spec, &dir) {
            (Some(spec), _) => Spec::given(spec),
            (None, Some(dir)) => spec_of(dir, force)?,
            (None, None) => {
                return Err(Stop::Trouble(format!(
                    "there is no {LOCK} here: name the document (`palisade generate SPEC`), or the project's folder (`-o DIR`)"
                )));
            }
        };
        Ok(Target { spec, dir, force })
    }

    /// What the project's lock remembers. A lock or a title that is of no use is told by [`Target::place`].
    pub fn remembered(&self, title: Option<&str>) -> Options {
        let dir = match (&self.dir, title) {
            (Some(dir), _) => Some(dir.clone()),
            (None, Some(title)) => by_title(title, &self.spec).ok(),
            (None, None) => None,
        };
        let lock = dir.and_then(|dir| read_lock(&dir, self.force).ok().flatten());
        lock.map(|lock| lock.options).unwrap_or_default()
    }

    /// The folder and what its lock will say, for a document with this title that was read from these files.
    pub fn place(
        &self,
        title: &str,
        files: Vec<PathBuf>,
        asked: &options::Shape,
    ) -> Result<Place, Stop> {
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => by_title(title, &self.spec)?,
        };
        let lock = read_lock(&dir, self.force)?;
        let before = lock.as_ref().map(|lock| lock.options.clone());
        let options = asked.over(before.clone().unwrap_or_default());
        let known = lock
            .and_then(|lock| lock.package)
            .filter(|name| names::is_package(name));
        let package = match (options.library, known) {
            (true, _) => None,
            (false, Some(name)) => Some(name),
            (false, None) => Some(by_folder(&dir)?),
        };
        let spec = match &self.spec {
            Spec::Stdin => STDIN.to_owned(),
            Spec::File(path) => relative(&dir, path)?,
        };
        Ok(Place {
            dir,
            about: About {
                spec,
                package,
                options,
                sources: files,
            },
            before,
        })
    }
}

/// How a folder is called in messages.
pub fn shown(dir: &Path) -> String {
    let dir = dir.strip_prefix("./").unwrap_or(dir);
    match dir.as_os_str().is_empty() || dir == Path::new(".") {
        true => "this folder".to_owned(),
        false => dir.display().to_string(),
    }
}

fn read_lock(dir: &Path, force: bool) -> Result<Option<Lock>, Stop> {
    match Lock::read(dir) {
        Err(crate::project::ProjectError::Lock { .. }) if force => Ok(None),
        other => Ok(other?),
    }
}

/// Whether the project in `dir` was generated from `spec`.
fn is_of(lock: &Lock, dir: &Path, spec: &Spec) -> bool {
    let Spec::File(path) = spec else {
        return lock.spec == STDIN;
    };
    match (path.canonicalize(), dir.join(&lock.spec).canonicalize()) {
        (Ok(given), Ok(known)) => given == known,
        _ => false,
    }
}

fn spec_of(dir: &Path, force: bool) -> Result<Spec, Stop> {
    let Some(lock) = read_lock(dir, force)? else {
        return Err(Stop::Trouble(format!(
            "there is no {LOCK} in {}: name the document, too",
            dir.display()
        )));
    };
    if lock.spec == STDIN {
        return Err(Stop::Trouble(format!(
            "the project in {} was generated from stdin: give the document again, or `-`",
            dir.display()
        )));
    }
    // A lock is read on machines of other people; it names nothing by an address of its own.
    if lock.spec.starts_with(['/', '\\']) || lock.spec.contains(':') {
        return Err(Stop::Trouble(format!(
            "{LOCK} names the document {}, which is not relative to its folder: name the document",
            escape(&lock.spec)
        )));
    }
    let path = dir.join(&lock.spec);
    // As short as it can be said from here, for the diagnostics.
    Ok(Spec::File(match relative(Path::new("."), &path) {
        Ok(short) if path.exists() => PathBuf::from(short),
        _ => path,
    }))
}

/// `./<title in kebab-case>`, unless another document's project lies there.
fn by_title(title: &str, spec: &Spec) -> Result<PathBuf, Stop> {
    let Some(name) = names::of_title(title) else {
        return Err(Stop::Trouble(format!(
            "the title `{}` gives no name for the project; choose its folder with -o DIR",
            escape(title)
        )));
    };
    let dir = Path::new(".").join(&name);
    match Lock::read(&dir)? {
        Some(lock) if !is_of(&lock, &dir, spec) => Err(Stop::Trouble(format!(
            "the project in {name} was generated from {}; choose another folder with -o DIR, or this one with -o {name}",
            escape(&lock.spec)
        ))),
        _ => Ok(dir),
    }
}

/// The person's crate is named as the folder.
fn by_folder(dir: &Path) -> Result<String, Stop> {
    let whole = real(dir)?;
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    names::of_title(&name).ok_or_else(|| {
        Stop::Trouble(format!(
            "the crate in service/ takes its name from the folder, and `{}` cannot be one (it is empty, reserved, or not in the letters a to z); choose another folder with -o DIR",
            escape(&name)
        ))
    })
}

/// `path` as it is called from `dir`, with `/`.
fn relative(dir: &Path, path: &Path) -> Result<String, Stop> {
    let (from, to) = (real(dir)?, real(path)?);
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let mut parts: Vec<String> = from.map(|_| "..".to_owned()).collect();
    for part in to {
        match part {
            Component::Normal(name) => parts.push(
                name.to_str()
                    .ok_or_else(|| {
                        Stop::Trouble(format!("the path {} is not UTF-8", path.display()))
                    })?
                    .to_owned(),
            ),
            _ => {
                return Err(Stop::Trouble(format!(
                    "{} and {} are not on the same drive",
                    path.display(),
                    dir.display()
                )));
            }
        }
    }
    Ok(parts.join("/"))
}

/// `path` without links and `..`, though its end need not exist yet.
fn real(path: &Path) -> Result<PathBuf, Stop> {
    let whole = std::path::absolute(path)
        .map_err(|error| Stop::Trouble(format!("cannot find {}: {error}", path.display())))?;
    let mut known = whole.as_path();
    loop {
        if let Ok(start) = known.canonicalize() {
            let rest = whole.strip_prefix(known).unwrap_or(Path::new(""));
            if rest.components().any(|part| part == Component::ParentDir) {
                return Err(Stop::Trouble(format!(
                    "{} goes back out of a folder that does not exist",
                    path.display()
                )));
            }
            return Ok(start.join(rest));
        }
        known = match known.parent() {
            Some(parent) => parent,
            None => return Ok(whole),
        };
    }
}
