//! What is proposed: how tokens are verified, what the objects are, and whose they are. Never looser than the document.

use super::ids::{Id, Ids, variables};
use super::lists::{Answer, Lists, answer};
use super::written::{Member, Written};
use super::{issuers, media};
use crate::document::{Node, Place};
use crate::outline::{EXTENSION, Operation, Outline, Path, schemes};
use std::collections::{BTreeMap, BTreeSet};

/// What palisade would have to guess, and does not: each a line for the person.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub proposed: Vec<String>,
    pub decide: Vec<String>,
}

/// What to insert into an operation.
pub(super) struct Proposal<'d> {
    pub operation: Operation<'d>,
    pub member: Member,
}

/// Who may call an operation, as `security` alone says it.
#[derive(Debug, PartialEq, Eq)]
enum Caller {
    Some,
    /// `{}` is one of the alternatives.
    Perhaps,
    Nobody,
}

fn caller(security: Option<&Node>) -> Caller {
    let alternatives = security.and_then(Node::as_list).unwrap_or_default();
    let empty = |node: &Node| node.as_map().is_some_and(|map| map.entries.is_empty());
    match (
        alternatives.iter().all(empty),
        alternatives.iter().any(empty),
    ) {
        (true, _) => Caller::Nobody,
        (false, true) => Caller::Perhaps,
        (false, false) => Caller::Some,
    }
}

/// Names of the schemes that some operation uses, each once, in the order in which they come up.
pub(super) fn used_schemes<'d>(outline: &Outline<'d>) -> Vec<&'d str> {
    let mut used: Vec<&str> = Vec::new();
    for (_, operation) in outline.operations() {
        for key in outline.security(operation).into_iter().flat_map(schemes) {
            if !used.contains(&key.text.as_str()) {
                used.push(&key.text);
            }
        }
    }
    used
}

/// `x-security` of each operation that needs one, and the root's `resources`.
pub(super) fn operations<'d>(
    outline: &Outline<'d>,
    notes: &mut Notes,
) -> (Vec<Proposal<'d>>, Vec<Member>) {
    let ids = Ids::of(outline);
    let lists = Lists::of(outline, &ids);
    let shared = shared(outline, &ids, &lists);
    for (resource, why) in &shared {
        notes.decide.push(format!(
            "resources.{resource}: not declared, {why}, and an owner is compared by the subject of one issuer; every caller of those operations gets at every `{resource}` until one issuer signs for all of them and `resources` declares it, or the handlers see to it"
        ));
    }
    let mut written: BTreeSet<Place> = BTreeSet::new();
    let mut proposals = Vec::new();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for (path, operation) in outline.operations() {
        if operation.method == "trace" {
            continue;
        }
        let name = title(path, operation);
        let asked = caller(outline.security(operation));
        let mut members = Vec::new();
        let mut comment = None;
        let unowned = unowned(outline, path, operation, &ids, &lists, &shared);
        match &asked {
            Caller::Nobody => {
                notes.decide.push(format!(
                    "{name}: no credential is asked for; it stays denied until it is `access: public` with a `reason`, or `security` names a scheme"
                ));
                comment = Some(
                    "x-security: decide who may call. Until `access: public` with a `reason` stands here, or `security` names a scheme, nobody may.".to_owned(),
                );
            }
            Caller::Perhaps => {
                notes.decide.push(format!(
                    "{name}: `{{}}` in `security` leaves open who may call; it stays denied until it is removed"
                ));
                comment = Some(
                    "x-security: `{}` in `security` leaves open who may call; nobody may until it is removed.".to_owned(),
                );
            }
            Caller::Some => match owns(outline, path, operation, &ids, &lists, &shared) {
                Wanted::Nothing => {}
                Wanted::Owns(owned) => {
                    for (resource, _) in &owned {
                        let count = uses.entry(resource.clone()).or_insert(0);
                        *count = count.saturating_add(1);
                    }
                    members.push(Member::new("owns", owned_as_written(owned)));
                }
                // The resource is declared, so no `owns` means denied (ruling 18).
                Wanted::Unsure(why) => {
                    notes.decide.push(format!(
                        "{name}: {why}; it stays denied until `owns` says whose object it is"
                    ));
                    comment = Some(format!(
                        "x-security: say with `owns` whose object this is; until then nobody may call. {why}"
                    ));
                }
                Wanted::Denied(why) => {
                    notes
                        .decide
                        .push(format!("{name}: {why}; it is denied until you decide"));
                    let access = Member::new("access", Written::Text("denied".to_owned()));
                    members.push(access.under(why));
                }
            },
        }
        // What nobody calls takes nothing.
        if asked == Caller::Some
            && comment.is_none()
            && let Some(split) = media::split(outline, operation)
        {
            let (taken, left) = (split.taken.join(", "), split.left.join(", "));
            notes.proposed.push(format!(
                "{name}: takes its body as {taken}; {left} is answered with 415"
            ));
            let taken = split.taken.into_iter().map(str::to_owned).collect();
            let media = Member::new("media", Written::Words(taken));
            members.push(media.under(format!(
                "Not taken, since palisade does not read it: {left}."
            )));
        }
        // Said where a reviewer of the document reads it: every caller gets at it.
        if asked == Caller::Some && comment.is_none() && !unowned.is_empty() {
            let names: Vec<String> = unowned.iter().map(|name| format!("`{name}`")).collect();
            comment = Some(format!(
                "x-security: every caller who is let in gets at every {}: whose it is cannot be told, since callers come from several issuers. Decide.",
                names.join(" and ")
            ));
        }
        let member = match (members.is_empty(), comment) {
            (false, comment) => {
                let member = Member::new(EXTENSION, Written::Map(members));
                Some(comment.into_iter().fold(member, Member::under))
            }
            (true, comment) => comment.map(Member::comment),
        };
        // An alias or a shared path item is one text: it is written once.
        if let Some(member) = member
            && written.insert(operation.node.place)
        {
            proposals.push(Proposal {
                operation: *operation,
                member,
            });
        }
    }
    (proposals, resources(&ids, &uses, &shared, notes))
}

/// Resources whose owner nobody can tell, each with why.
fn shared(outline: &Outline, ids: &Ids, lists: &Lists) -> Shared {
    let mut used: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (path, operation) in outline.operations() {
        let asked = caller(outline.security(operation));
        if asked != Caller::Some || operation.method == "trace" {
            continue;
        }
        if let Wanted::Owns(owned) = owns(outline, path, operation, ids, lists, &Shared::default())
        {
            let callers = issuers::of(outline, operation);
            for (resource, _) in owned {
                used.entry(resource).or_default().extend(&callers);
            }
        }
    }
    issuers::shared(&used)
}

type Shared = BTreeMap<String, String>;

/// The objects of an operation that it would have to own, if anybody could tell whose they are.
fn unowned(
    outline: &Outline,
    path: &Path,
    operation: &Operation,
    ids: &Ids,
    lists: &Lists,
    shared: &Shared,
) -> Vec<String> {
    if shared.is_empty() {
        return Vec::new();
    }
    match owns(outline, path, operation, ids, lists, &Shared::default()) {
        Wanted::Owns(owned) => {
            let names = owned.into_iter().map(|(resource, _)| resource);
            names.filter(|name| shared.contains_key(name)).collect()
        }
        _ => Vec::new(),
    }
}

fn resources(
    ids: &Ids,
    uses: &BTreeMap<String, usize>,
    shared: &Shared,
    notes: &mut Notes,
) -> Vec<Member> {
    let mut members = Vec::new();
    for name in &ids.order {
        if let Some(Id::Of(resource)) = ids.by_name.get(name)
            && !shared.contains_key(resource)
        {
            let param = Member::new("param", Written::Text(name.clone()));
            members.push(Member::new(resource, Written::Short(vec![param])));
            notes.proposed.push(format!(
                "resources.{resource}: identified by `{name}`; `owns` on {} operations",
                uses.get(resource).copied().unwrap_or(0)
            ));
        }
    }
    members
}

/// How an object or a list of them is owned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Owner,
    List,
}

enum Wanted {
    Nothing,
    Owns(Vec<(String, How)>),
    /// `owns` is left out.
    Unsure(String),
    /// It has to be said that nobody may call.
    Denied(String),
}

fn owns(
    outline: &Outline,
    path: &Path,
    operation: &Operation,
    ids: &Ids,
    lists: &Lists,
    shared: &Shared,
) -> Wanted {
    let mut owned: Vec<(String, How)> = Vec::new();
    for variable in variables(outline, path, operation) {
        if let Some(Id::Unclear(why)) = ids.by_name.get(variable.name) {
            return Wanted::Denied(why.clone());
        }
    }
    for parameter in outline.parameters(path, operation) {
        let resource = ids.resource(&parameter);
        let Some(resource) = resource.filter(|name| !shared.contains_key(*name)) else {
            continue;
        };
        let required = parameter.map.get("required").and_then(Node::as_bool);
        if required != Some(true) {
            return Wanted::Unsure(format!(
                "`{}` may be left out, and then there is no object to prove",
                parameter.name
            ));
        }
        if !ids.is_usual(outline, &parameter) {
            return Wanted::Unsure(format!(
                "`{}` has another schema here than elsewhere",
                parameter.name
            ));
        }
        owned.push((resource.to_owned(), How::Owner));
    }
    if operation.method == "get" {
        let listed = match answer(outline, operation) {
            Answer::Many(item) => lists
                .collection(&path.key.text)
                .or_else(|| lists.item(item?)),
            other => match lists.collection(&path.key.text) {
                // Whoever may call it might see everyone's.
                Some(resource) if other != Answer::Many(None) && !shared.contains_key(resource) => {
                    return Wanted::Denied(format!(
                        "it is the collection of `{resource}` and does not answer with an array; whose objects it shows is not said"
                    ));
                }
                _ => None,
            },
        };
        if let Some(resource) = listed.filter(|name| !shared.contains_key(*name)) {
            if owned.iter().any(|(other, _)| other == resource) {
                return Wanted::Unsure(format!(
                    "it takes one `{resource}` and answers with a list of them"
                ));
            }
            owned.push((resource.to_owned(), How::List));
        }
    }
    match owned.is_empty() {
        true => Wanted::Nothing,
        false => Wanted::Owns(owned),
    }
}

fn owned_as_written(owned: Vec<(String, How)>) -> Written {
    if let [(resource, How::Owner)] = owned.as_slice() {
        return Written::Text(resource.clone());
    }
    let members = owned.into_iter().map(|(resource, how)| match how {
        How::List => Member::new(&resource, Written::Text("list".to_owned())),
        How::Owner => {
            let by = Member::new("by", Written::Text("owner".to_owned()));
            Member::new(&resource, Written::Short(vec![by]))
        }
    });
    Written::Short(members.collect())
}

/// As a person calls it.
fn title(path: &Path, operation: &Operation) -> String {
    let id = operation
        .node
        .as_map()
        .and_then(|map| map.get("operationId"));
    let method = operation.method.to_ascii_uppercase();
    match id.and_then(Node::as_str) {
        Some(id) => format!("{id} ({method} {})", path.key.text),
        None => format!("{method} {}", path.key.text),
    }
}
