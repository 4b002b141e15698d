//! Ten real documents, annotated and generated: nothing is open, what is not denied by name is authenticated, all build.
//!
//! Which ten: those of the corpus that declare `security` with a scheme whose tokens palisade verifies, and in which
//! nothing is wrong before they are annotated but named gaps and roles that nobody declared; sorted by the SHA-256 of their bytes, the first ten.

use crate::emitted::cargo_in;
use crate::steps::{Failed, root, run};
use palisade::annotate::annotate;
use palisade::diagnostic::Diagnostics;
use palisade::document::{self, Document};
use palisade::outline::{Outline, schemes};
use palisade::plan::{Access, Plan};
use palisade::unsupported::{self, Narrowed};
use palisade::{emit, openapi, policy, project};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const DOCUMENTS: usize = 10;

/// `security` names a role: an annotated document declares it.
const ROLE_UNDECLARED: u16 = 3031;

pub fn hold() -> Result<(), Failed> {
    let Some(folder) = corpus()? else {
        println!("==> annotate: NOT RUN, PALISADE_CORPUS=none");
        return Ok(());
    };
    let mut chosen = choose(&folder)?;
    println!("==> annotate: {} documents are eligible", chosen.len());
    chosen.truncate(DOCUMENTS);
    if chosen.len() < DOCUMENTS {
        return Err(Failed(format!(
            "only {} documents are eligible",
            chosen.len()
        )));
    }
    let out = root().join("target/annotated");
    let _ = std::fs::remove_dir_all(&out);
    let mut dirs = Vec::new();
    let mut all = Counts::default();
    let mut constructs: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (index, path) in chosen.iter().enumerate() {
        let name = path
            .strip_prefix(&folder)
            .unwrap_or(path)
            .display()
            .to_string();
        let dir = out.join(format!("corpus-{index}"));
        let (narrowed, counts) =
            one(path, &dir).map_err(|Failed(why)| Failed(format!("{name}: {why}")))?;
        for operation in &narrowed.operations {
            let own: BTreeSet<&'static str> = operation
                .causes
                .iter()
                .map(|cause| cause.construct)
                .collect();
            for construct in own {
                *constructs.entry(construct).or_default() += 1;
            }
        }
        println!("    {counts}  {name}");
        all.add(counts);
        dirs.push(dir);
    }
    println!("    {all}  all");
    let mut most: Vec<_> = constructs.into_iter().collect();
    most.sort_by_key(|(construct, count)| (std::cmp::Reverse(*count), *construct));
    println!("    operations that a construct denies (one may have several):");
    for (construct, count) in most {
        println!("    {count:>5}  {construct}");
    }
    for dir in &dirs {
        // The versions that a generated project is tested with.
        std::fs::copy(
            root().join("generated-example/Cargo.lock"),
            dir.join("Cargo.lock"),
        )
        .map_err(Failed::at("Cargo.lock"))?;
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        run(
            &format!("{name}: cargo check"),
            cargo_in(dir).args(["check", "--quiet", "-p", "api", "-p", &name]),
        )?;
    }
    Ok(())
}

fn corpus() -> Result<Option<PathBuf>, Failed> {
    let folder = match std::env::var_os("PALISADE_CORPUS") {
        Some(value) if value == "none" => return Ok(None),
        Some(value) => PathBuf::from(value),
        None => root().join("../shared/corpus"),
    };
    match folder.is_dir() {
        true => Ok(Some(folder)),
        false => Err(Failed(format!(
            "NOT RUN: there is no corpus at {}; set PALISADE_CORPUS to its folder, or to `none`",
            folder.display()
        ))),
    }
}

fn choose(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut eligible: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in crate::emitted::files(folder, "")? {
        let known = [".json", ".yaml", ".yml"];
        let name = path.to_string_lossy().into_owned();
        if !known.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(Failed::at(path.display()))?;
        let mut hash = String::new();
        for byte in Sha256::digest(&bytes) {
            hash.push_str(&format!("{byte:02x}"));
        }
        let Ok(document) = document::from_bytes(&name, bytes) else {
            continue;
        };
        if is_eligible(&document) {
            eligible.insert(hash, path);
        }
    }
    Ok(eligible.into_values().collect())
}

fn is_eligible(document: &Document) -> bool {
    let mut diagnostics = Diagnostics::default();
    let Some(api) = openapi::read(document, &mut diagnostics) else {
        return false;
    };
    let _ = policy::read(&api, &mut diagnostics);
    let gap = |code| (4000..5000).contains(&code) || code == ROLE_UNDECLARED;
    if !diagnostics.iter().all(|one| gap(one.code)) {
        return false;
    }
    let Some(outline) = Outline::of(&document.root) else {
        return false;
    };
    let declared = outline
        .root
        .get("components")
        .and_then(|node| node.as_map());
    let declared = declared.and_then(|map| map.get("securitySchemes"));
    let verified = |name: &str| {
        let scheme = declared.and_then(|node| node.as_map()?.get(name)?.as_map());
        let text = |key: &str| scheme.and_then(|map| map.get(key)?.as_str());
        let bearer = text("scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
        matches!(text("type"), Some("oauth2" | "openIdConnect"))
            || text("type") == Some("http") && bearer
    };
    outline.operations().any(|(_, operation)| {
        let security = outline.security(operation).into_iter();
        security.flat_map(schemes).any(|key| verified(&key.text))
    })
}

/// What became of the operations of a document.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    all: usize,
    /// Asked for a credential, and get a caller.
    authenticated: usize,
    /// Denied with a named construct, or not routed.
    unsupported: usize,
    /// Denied since nobody is asked for, or since the person has to decide.
    undecided: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.all += other.all;
        self.authenticated += other.authenticated;
        self.unsupported += other.unsupported;
        self.undecided += other.undecided;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:>4} operations: {:>4} authenticated, {:>4} unsupported, {:>4} to decide",
            self.all, self.authenticated, self.unsupported, self.undecided
        )
    }
}

fn one(path: &Path, dir: &Path) -> Result<(Narrowed, Counts), Failed> {
    let bytes = std::fs::read(path).map_err(Failed::at("cannot read"))?;
    let annotated =
        annotate("spec", &bytes).map_err(|_| Failed("annotate refuses it".to_owned()))?;
    let old = String::from_utf8_lossy(&bytes);
    let mut rest = annotated.text.chars();
    if !old.chars().all(|c| rest.any(|other| other == c)) {
        return Err(Failed("annotate did more than insert".to_owned()));
    }
    let document = document::from_text("spec", &annotated.text)
        .map_err(|_| Failed("the annotated document cannot be read".to_owned()))?;
    let narrowed = unsupported::plan(&document, "spec").map_err(|diagnostics| {
        let first = diagnostics.iter().next();
        Failed(format!("generate stops: {first:?}"))
    })?;
    let counts = count(&document, &narrowed)?;
    let package = dir.file_name().unwrap_or_default().to_string_lossy();
    let about = project::About {
        spec: "-".to_owned(),
        package: Some(package.clone().into_owned()),
        options: project::Options::default(),
        sources: Vec::new(),
    };
    let files = emit::project(&narrowed.plan, &package);
    project::write(dir, &files, &about, false).map_err(Failed::at("cannot write"))?;
    Ok((narrowed, counts))
}

/// Holds every operation of the document against the plan.
fn count(document: &Document, narrowed: &Narrowed) -> Result<Counts, Failed> {
    let mut counts = Counts::default();
    let outline = Outline::of(&document.root);
    for (path, operation) in outline.iter().flat_map(Outline::operations) {
        counts.all += 1;
        let method = operation.method.to_ascii_uppercase();
        let title = format!("{method} {}", path.key.text);
        let affected = narrowed
            .operations
            .iter()
            .find(|each| each.method == method && each.path == path.key.text);
        let asks = outline
            .iter()
            .filter_map(|outline| outline.security(operation));
        let asks = asks.flat_map(schemes).next().is_some();
        match (planned(&narrowed.plan, &method, &path.key.text), affected) {
            (Some(Access::Public { .. }), _) => return Err(Failed(format!("{title} is open"))),
            (Some(Access::Caller(_)), Some(_)) => {
                return Err(Failed(format!("{title} is served, and was to be denied")));
            }
            (Some(Access::Caller(_)), None) if asks => counts.authenticated += 1,
            (Some(Access::Caller(_)), None) => {
                return Err(Failed(format!("{title} has a caller nobody asked for")));
            }
            (None | Some(Access::Denied { .. }), Some(affected)) if !affected.causes.is_empty() => {
                counts.unsupported += 1;
            }
            (Some(Access::Denied { why }), None) if !why.is_empty() => counts.undecided += 1,
            (other, _) => return Err(Failed(format!("{title} is {other:?} without a reason"))),
        }
    }
    Ok(counts)
}

fn planned<'p>(plan: &'p Plan, method: &str, path: &str) -> Option<&'p Access> {
    let found = plan
        .operations
        .iter()
        .find(|each| each.method == method && each.path == path);
    found.map(|each| &each.access)
}
