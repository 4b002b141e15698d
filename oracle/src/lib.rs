//! A second opinion: what an annotated OpenAPI document lets whom do, read from its tree alone.
//!
//! Written from the text of the vocabulary, not from palisade's stages, of which nothing is used here. `cargo xtask oracle`
//! asks it and the running service the same questions, and neither may know better.
//!
//! [`Oracle::read`] reads a document; [`cells`] makes the questions; [`Oracle::judge`] answers one of them.

pub mod algebra;
pub mod cel;
pub mod cells;
mod judge;
mod members;
mod number;
mod operation;
mod policies;
pub mod quotas;
pub mod random;
mod received;
mod roles;
mod sample;
mod security;
mod sent;
#[cfg(test)]
mod tests;
mod tree;
mod valid;
pub mod world;

pub use judge::Verdict;
pub use members::{Kind, Map, Member, Object};
pub use operation::{Access, At, How, Operation, Owns, Reply, Way};
pub use security::{Place, Scheme, SchemeKind};

use roles::Roles;
use serde_json::Value;

/// A document, understood.
#[derive(Debug)]
pub struct Oracle {
    pub title: String,
    pub operations: Vec<Operation>,
    /// Operations that are left out, by name, and why.
    pub unjudged: Vec<(String, String)>,
    pub resources: Vec<Resource>,
    pub schemes: Vec<Scheme>,
    /// Names of all roles, as declared.
    pub roles: Vec<String>,
    /// Every scope that the document names.
    pub scopes: Vec<String>,
    /// Every class of authentication that the document names.
    pub classes: Vec<String>,
    /// The variable that holds the origins of CORS.
    pub origins: Option<String>,
    hierarchy: Roles,
}

/// A kind of object.
#[derive(Debug, Clone)]
pub struct Resource {
    pub name: String,
    pub param: String,
    /// Its ids are numbers.
    pub numbers: bool,
    pub tenant: bool,
    /// What is answered for an object of somebody else; what is in another tenant is never there.
    pub on_denied: u16,
    pub bypass: Vec<String>,
    /// What its loader knows besides, and of which kind that is.
    pub attributes: Vec<(String, String)>,
    /// Index of the kind it is part of.
    pub parent: Option<usize>,
}

impl Oracle {
    /// # Errors
    ///
    /// What the oracle does not understand, so that it is never guessed.
    pub fn read(document: &Value) -> Result<Oracle, String> {
        let tree = tree::Tree::new(document);
        let policy = tree.at("/x-security").ok_or("no x-security at the root")?;
        let hierarchy = Roles::read(policy)?;
        let schemes = security::schemes(&tree)?;
        let resources = resources(&tree, policy)?;
        let (operations, unjudged) = operation::all(&tree, &hierarchy, &resources, &schemes)?;
        let mut scopes: Vec<String> = operations.iter().flat_map(Operation::scopes).collect();
        scopes.sort();
        scopes.dedup();
        let asked = operations.iter().flat_map(Operation::classes);
        let mut classes: Vec<String> = asked.cloned().collect();
        classes.sort();
        classes.dedup();
        let origins = tree.text_at("/x-security/cors/origins");
        Ok(Oracle {
            title: tree.text_at("/info/title").unwrap_or_default(),
            operations,
            unjudged,
            resources,
            schemes,
            roles: hierarchy.names(),
            scopes,
            classes,
            origins: origins.and_then(|text| text.strip_prefix("env:").map(str::to_owned)),
            hierarchy,
        })
    }
}

fn resources(tree: &tree::Tree<'_>, policy: &Value) -> Result<Vec<Resource>, String> {
    let declared = tree::members(policy.get("resources"));
    let names: Vec<&String> = tree::members(policy.get("resources"))
        .map(|(name, _)| name)
        .collect();
    let read = declared.map(|(name, entry)| {
        let param = entry.get("param").and_then(Value::as_str);
        let on_denied = match entry.get("onDenied").and_then(Value::as_u64) {
            None | Some(404) => 404,
            Some(403) => 403,
            other => return Err(format!("onDenied {other:?} of {name}")),
        };
        let param = param.ok_or(format!("{name} has no param"))?;
        Ok(Resource {
            name: name.clone(),
            param: param.to_owned(),
            numbers: operation::is_number(tree, param)?,
            tenant: entry.get("tenant").and_then(Value::as_bool) == Some(true),
            on_denied,
            bypass: tree::words(entry.get("bypass")),
            attributes: tree::members(entry.get("attributes"))
                .map(|(name, kind)| (name.clone(), kind.as_str().unwrap_or_default().to_owned()))
                .collect(),
            parent: match entry.get("parent").and_then(Value::as_str) {
                None => None,
                Some(parent) => {
                    let found = names.iter().position(|name| *name == parent);
                    Some(found.ok_or(format!("parent {parent} of {name}"))?)
                }
            },
        })
    });
    read.collect()
}
