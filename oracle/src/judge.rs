//! The answer to one question: what must the service say to this caller?
//!
//! In the order in which a request is guarded: credentials, roles and scopes, members that are sent, ownership, and what of
//! the answer may be seen.

use crate::cells::Cell;
use crate::members::Kind;
use crate::operation::{Access, At, How, Operation, Owns};
use crate::policies::Seen;
use crate::received::seen;
use crate::security::Alternative;
use crate::sent::takes;
use crate::world::{self, Claims, Credential, Principal, Thing};
use crate::{Oracle, Resource};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What must come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub status: u16,
    /// The members of an answer of one object, as paths: `name`, `details/code`.
    pub fields: Option<BTreeSet<String>>,
    /// The rows of a list: the id of each, and its members.
    pub rows: Option<Vec<(String, BTreeSet<String>)>>,
}

/// Who was let in, and with what.
#[derive(Default)]
pub(crate) struct Caller {
    pub subject: String,
    pub tenant: Option<String>,
    pub roles: BTreeSet<String>,
    pub scopes: BTreeSet<String>,
    /// Has authenticated lately.
    login: bool,
    /// And how.
    class: Option<String>,
}

impl Oracle {
    /// What the service must answer to `cell` of `operation`, asked by `principal`.
    pub fn judge(&self, operation: &Operation, principal: &Principal, cell: &Cell) -> Verdict {
        match self.admitted(operation, principal, cell) {
            Ok((caller, owner)) => self.answer(operation, cell, caller.as_ref(), owner),
            Err(status) => Verdict {
                status,
                fields: None,
                rows: None,
            },
        }
    }

    /// Caller and whether the object is theirs, or the status that refuses.
    fn admitted(
        &self,
        operation: &Operation,
        principal: &Principal,
        cell: &Cell,
    ) -> Result<(Option<Caller>, bool), u16> {
        let caller = match &operation.access {
            Access::Denied => return Err(403),
            Access::Public => None,
            Access::Optional { alternatives } => {
                // `{}` is among them, so only a bad credential is refused.
                self.authenticated(alternatives, principal, |_| true)?
            }
            Access::Caller {
                alternatives,
                roles,
                scopes,
                fresh,
                classes,
                ..
            } => {
                let may = |caller: &Caller| {
                    let held = |role: &String| caller.roles.contains(role);
                    roles.iter().all(|any: &Vec<String>| any.iter().any(held))
                        && scopes.iter().all(|scope| caller.scopes.contains(scope))
                };
                let caller = self
                    .authenticated(alternatives, principal, may)?
                    .ok_or(401_u16)?;
                // The role comes first: who may not call at all is not sent to authenticate again.
                let known = |class: &String| classes.contains(class);
                let classed = classes.is_empty() || caller.class.as_ref().is_some_and(known);
                if (*fresh && !caller.login) || !classed {
                    return Err(401);
                }
                Some(caller)
            }
        };
        let mut params = operation.params.iter().zip(&cell.params);
        let spelled = params.all(|(param, sent)| param.takes(sent));
        if let Some(request) = &operation.request {
            let creates = operation.method == "POST";
            // What it is not written in is not read.
            if cell.body.is_some() && !request.ways.contains(&cell.way) {
                return Err(415);
            }
            let none = BTreeSet::new();
            let roles = caller.as_ref().map_or(&none, |caller| &caller.roles);
            takes(request, roles, creates, cell.body.as_ref())?;
        }
        if !spelled {
            return Err(422);
        }
        let Some(caller) = caller else {
            return Ok((None, false));
        };
        let mut seen = Seen::new(operation, &caller, cell);
        let policy = match &operation.access {
            Access::Caller { policy, .. } => policy.as_ref(),
            _ => None,
        };
        let loads = operation.owns.iter().any(|owns| owns.how != How::List);
        // What reads no object says its 403 before one is loaded, so that it tells nothing of any.
        let (before, after) = match policy {
            Some(policy) if loads && policy.reads("resource") => (None, Some(policy)),
            policy => (policy, None),
        };
        if before.is_some_and(|policy| !seen.admits(policy)) {
            return Err(403);
        }
        let mut owner = false;
        let mut found: BTreeMap<usize, Thing> = BTreeMap::new();
        // What is answered about objects of others.
        let mut foreign: BTreeMap<usize, u16> = BTreeMap::new();
        for number in order(&operation.owns) {
            let Some(owns) = operation.owns.get(number) else {
                continue;
            };
            let objects = self.objects(owns, operation, &caller, cell, &found)?;
            let Some((resource, things)) = objects else {
                continue;
            };
            let bypass = resource.bypass.iter();
            let bypass = bypass.into_iter().any(|role| caller.roles.contains(role));
            let mut all = !things.is_empty();
            for thing in &things {
                let own = thing.owner == caller.subject;
                let may = match (&owns.policy, owns.how) {
                    (Some(policy), _) => seen.with(resource, thing).admits(policy),
                    (None, How::Any) => true,
                    (None, _) => own || bypass,
                };
                if !may {
                    return Err(self.denied(owns, operation));
                }
                all &= own;
            }
            // What is received is read as the owner of what the document names.
            owner |= all && !owns.implied;
            if let (Some(thing), true) = (things.first(), is_one(owns, cell)) {
                found.insert(number, *thing);
                seen.load(resource, thing);
                if !all {
                    foreign.insert(number, resource.on_denied);
                }
            }
        }
        // The first that is written, whatever is loaded first.
        let first = found
            .keys()
            .next()
            .and_then(|first| operation.owns.get(*first));
        if let Some(resource) = first.and_then(|first| self.resources.get(first.resource)) {
            seen = seen.about(resource);
        }
        // Only whoever owns them all is told that there are such objects.
        if after.is_some_and(|policy| !seen.admits(policy)) {
            return Err(foreign.values().next().copied().unwrap_or(403));
        }
        if operation.owns.is_empty() && operation.method == "POST" {
            // Who creates is the owner of what is created (ruling 23).
            owner = operation.reply.status == 201;
        }
        Ok((Some(caller), owner))
    }

    /// Rulings 25 and 26. `may`: what `access` asks besides, of each alternative (decision 17). `None`: nothing was shown, and
    /// nothing need be; where `{}` stands among the alternatives says nothing.
    fn authenticated(
        &self,
        alternatives: &[Alternative],
        principal: &Principal,
        may: impl Fn(&Caller) -> bool,
    ) -> Result<Option<Caller>, u16> {
        let shown = |scheme: &str| {
            let mut shown = principal.shown.iter();
            shown
                .find(|(name, _)| name == scheme)
                .map(|(_, given)| given)
        };
        // A name that is empty is none, and a claim of the wrong kind is no claim (ruling 52).
        let bad = |given: &Credential| match given {
            Credential::Bad(_) => true,
            Credential::Good(claims) => claims.tenant.as_deref() == Some(""),
        };
        self.field(alternatives, principal)?;
        let mut used = alternatives.iter().flatten();
        if used.any(|each| shown(&each.scheme).is_some_and(bad)) {
            return Err(401);
        }
        let mut refused = 401;
        for alternative in alternatives {
            let mut caller = Caller::default();
            let mut whole = true;
            for each in alternative {
                match shown(&each.scheme) {
                    Some(Credential::Good(claims)) => self.take(&mut caller, claims, &each.scheme),
                    _ => whole = false,
                }
            }
            if !whole || alternative.is_empty() {
                continue;
            }
            let scopes = alternative.iter().flat_map(|each| &each.scopes);
            let roles = alternative.iter().flat_map(|each| &each.roles);
            let enough = scopes
                .into_iter()
                .all(|scope| caller.scopes.contains(scope))
                && roles.into_iter().all(|role| caller.roles.contains(role))
                && may(&caller);
            if enough {
                return Ok(Some(caller));
            }
            // Somebody is known; it is not enough.
            refused = 403;
        }
        // Half of what belongs together is not nothing.
        let any = alternatives.iter().flatten();
        let mut any = any.filter(|each| shown(&each.scheme).is_some());
        match alternatives.iter().any(Vec::is_empty) && any.next().is_none() {
            true => Ok(None),
            false => Err(refused),
        }
    }

    /// Tokens and passwords share a field, which is there once (P20). Where the operation reads it, what stands there must be of
    /// a scheme that it takes.
    fn field(&self, alternatives: &[Alternative], principal: &Principal) -> Result<(), u16> {
        let in_field = |name: &str| {
            let mut schemes = self.schemes.iter();
            schemes.any(|scheme| scheme.name == name && scheme.is_in_field())
        };
        let used = |name: &str| {
            alternatives
                .iter()
                .flatten()
                .any(|each| each.scheme == name)
        };
        let reads = alternatives
            .iter()
            .flatten()
            .any(|each| in_field(&each.scheme));
        let shown: Vec<&String> = principal.shown.iter().map(|(name, _)| name).collect();
        let there: Vec<&&String> = shown.iter().filter(|name| in_field(name)).collect();
        match there.as_slice() {
            _ if !reads => Ok(()),
            [_, _, ..] => Err(400),
            [one] if !used(one) => Err(401),
            _ => Ok(()),
        }
    }

    /// Adds what one credential says. Who it is, the scheme with `identity` says, else the first that names a subject; roles
    /// and scopes add up.
    fn take(&self, caller: &mut Caller, claims: &Claims, scheme: &str) {
        let scheme = self.schemes.iter().find(|each| each.name == scheme);
        if caller.subject.is_empty() || scheme.is_some_and(|scheme| scheme.identity) {
            caller.subject.clone_from(&claims.subject);
            caller.tenant.clone_from(&claims.tenant);
            caller.login = claims.login;
            caller.class.clone_from(&claims.class);
        }
        let given = scheme.into_iter().flat_map(|scheme| &scheme.roles);
        let roles = self.hierarchy.held(claims.roles.iter().chain(given));
        caller.roles.extend(roles);
        caller.scopes.extend(claims.scopes.iter().cloned());
    }

    /// The objects that the request names, of whichever owner, or the status that refuses. `None`: rows are asked for.
    fn objects(
        &self,
        owns: &Owns,
        operation: &Operation,
        caller: &Caller,
        cell: &Cell,
        found: &BTreeMap<usize, Thing>,
    ) -> Result<Option<(&Resource, Vec<Thing>)>, u16> {
        let resource = self.resources.get(owns.resource).ok_or(500_u16)?;
        let tenant = caller.tenant.as_deref().filter(|tenant| !tenant.is_empty());
        if owns.how == How::List {
            // Who has no tenant may see no tenant's rows.
            return match resource.tenant && tenant.is_none() {
                true => Err(403),
                false => Ok(None),
            };
        }
        let ids: Vec<String> = match &owns.at {
            At::Nowhere => Vec::new(),
            At::Param(name) => param(operation, cell, name).into_iter().collect(),
            At::Body(tokens) => {
                let mut ids = Vec::new();
                if let Some(body) = &cell.body {
                    ids_in(body, tokens, &mut ids);
                }
                ids
            }
            At::Part(part) => {
                let part = found.get(part);
                part.map(|part| part.parent.to_owned())
                    .into_iter()
                    .collect()
            }
        };
        // All are there, and of the tenant, before anybody asks whose they are.
        let mut things = Vec::new();
        for id in &ids {
            let thing = world::find(id).filter(|thing| thing.id == thing.told);
            let thing = thing.ok_or(404_u16)?;
            // Another tenant's object is not there, whatever role the caller has (P43).
            if resource.tenant && tenant != Some(thing.tenant) {
                return Err(404);
            }
            things.push(thing);
        }
        if ids.is_empty() && !matches!(owns.at, At::Body(_)) {
            return Err(404);
        }
        // A part of another object than the one that is named is not there either.
        let parent = self.parent(owns, operation, cell);
        if let Some(parent) = parent
            && things.iter().any(|thing| thing.parent != parent)
        {
            return Err(404);
        }
        Ok(Some((resource, things)))
    }

    /// The id that what it is part of must have, where a parameter says it.
    fn parent(&self, owns: &Owns, operation: &Operation, cell: &Cell) -> Option<String> {
        let parent = self.resources.get(owns.resource)?.parent?;
        let mut all = operation.owns.iter();
        let whole = all.find(|whole| whole.resource == parent && whole.how != How::List)?;
        match &whole.at {
            At::Param(name) => param(operation, cell, name),
            _ => None,
        }
    }

    /// What only its part names is told of no more than the part.
    fn denied(&self, owns: &Owns, operation: &Operation) -> u16 {
        let own = self.resources.get(owns.resource);
        let own = own.map_or(404, |resource| resource.on_denied);
        match &owns.at {
            At::Part(part) => match operation.owns.get(*part) {
                Some(part) if own == 403 => self.denied(part, operation),
                _ => 404,
            },
            _ => own,
        }
    }

    fn answer(
        &self,
        operation: &Operation,
        cell: &Cell,
        caller: Option<&Caller>,
        owner: bool,
    ) -> Verdict {
        let reply = &operation.reply;
        let none = BTreeSet::new();
        let roles = caller.map_or(&none, |caller| &caller.roles);
        let mut verdict = Verdict {
            status: reply.status,
            fields: None,
            rows: None,
        };
        match &reply.kind {
            Some(Kind::List(object)) if matches!(**object, Kind::Object(_)) => {
                let list = operation.owns.iter().find(|owns| owns.how == How::List);
                let row = |thing: Thing| {
                    let own = caller.is_some_and(|caller| caller.subject == thing.owner);
                    // Rows that nobody proves are nobody's.
                    let owner = list.is_some() && own;
                    let seen = seen(object, roles, owner);
                    // Rows that do not show their id are told apart by their number only.
                    let id = if seen.contains("id") { thing.id } else { "" };
                    (id.to_owned(), seen)
                };
                let parent = list.and_then(|owns| self.parent(owns, operation, cell));
                let visible = |thing: &Thing| {
                    let there = parent.as_ref().is_none_or(|parent| thing.parent == parent);
                    there
                        && list.is_none_or(|owns| {
                            caller.is_some_and(|caller| {
                                self.visible(owns, operation, cell, caller, thing)
                            })
                        })
                };
                verdict.rows = Some(world::rows().filter(visible).map(row).collect());
            }
            // What is created is an object; of anything else nobody is the owner by that.
            Some(kind) => {
                let owner =
                    owner && (matches!(kind, Kind::Object(_)) || !operation.owns.is_empty());
                verdict.fields = Some(seen(kind, roles, owner));
            }
            None => {}
        }
        verdict
    }

    /// Ruling 82: the caller's own rows, or those that a policy admits, with `bypass` everybody's, never another tenant's.
    fn visible(
        &self,
        owns: &Owns,
        operation: &Operation,
        cell: &Cell,
        caller: &Caller,
        thing: &Thing,
    ) -> bool {
        let Some(resource) = self.resources.get(owns.resource) else {
            return false;
        };
        let bypass = resource
            .bypass
            .iter()
            .any(|role| caller.roles.contains(role));
        let tenant = caller.tenant.as_deref().filter(|tenant| !tenant.is_empty());
        let theirs = || match &owns.policy {
            Some(policy) => {
                let mut seen = Seen::new(operation, caller, cell);
                seen.load(resource, thing);
                seen.admits(policy)
            }
            None => thing.owner == caller.subject,
        };
        (bypass || theirs()) && (!resource.tenant || tenant == Some(thing.tenant))
    }
}

/// Numbers in the order in which they are asked: parents that nobody wrote and a parameter names, the outermost first;
/// then all others as they stand, each after the part that names it.
fn order(all: &[Owns]) -> Vec<usize> {
    let named = |owns: &Owns| owns.implied && matches!(owns.at, At::Param(_));
    let numbers = 0..all.len();
    let is = |number: &usize| all.get(*number).is_some_and(named);
    let mut order: Vec<usize> = numbers.clone().filter(is).rev().collect();
    let mut left: Vec<usize> = numbers.filter(|number| !is(number)).collect();
    while !left.is_empty() {
        let next = left
            .iter()
            .position(|number| match all.get(*number).map(|owns| &owns.at) {
                Some(At::Part(part)) => order.contains(part),
                _ => true,
            });
        order.push(left.remove(next.unwrap_or_default()));
    }
    order
}

/// Whether policies can speak of it: of many objects there is none that is meant.
fn is_one(owns: &Owns, cell: &Cell) -> bool {
    match &owns.at {
        At::Body(tokens) => {
            let place = cell.body.as_ref();
            let place = place.and_then(|body| body.pointer(&format!("/{}", tokens.join("/"))));
            place.is_some_and(Value::is_string)
        }
        _ => true,
    }
}

fn param(operation: &Operation, cell: &Cell, name: &str) -> Option<String> {
    let mut params = operation.params.iter().zip(&cell.params);
    let (param, sent) = params.find(|(param, _)| param.name == name)?;
    param.named(sent)
}

/// The texts that a pointer leads to: `*` is every element, and so is an array at its end (ruling 54).
fn ids_in(value: &Value, tokens: &[String], ids: &mut Vec<String>) {
    match (tokens.split_first(), value) {
        (None, Value::String(id)) => ids.push(id.clone()),
        (None, Value::Array(items)) => items.iter().for_each(|item| ids_in(item, tokens, ids)),
        (Some((token, rest)), Value::Array(items)) if token == "*" => {
            items.iter().for_each(|item| ids_in(item, rest, ids));
        }
        (Some((token, rest)), Value::Object(members)) => {
            if let Some(inner) = members.get(token) {
                ids_in(inner, rest, ids);
            }
        }
        _ => {}
    }
}
