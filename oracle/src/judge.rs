//! The answer to one question: what must the service say to this caller?
//!
//! In the order in which a request is guarded: credentials, roles and scopes, members that are sent, ownership, and what of
//! the answer may be seen.

use crate::cel::{Roots, of_json};
use crate::cells::Cell;
use crate::members::{Kind, Object};
use crate::operation::{Access, How, Operation, Owns, Request};
use crate::policies::Seen;
use crate::security::Alternative;
use crate::world::{self, Claims, Credential, Principal, Thing};
use crate::{Oracle, Resource};
use serde_json::Value;
use std::collections::BTreeSet;

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
            Ok((caller, owner)) => self.answer(operation, caller.as_ref(), owner),
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
        // What is answered about objects of others.
        let mut foreign = None;
        for owns in &operation.owns {
            let Some((resource, thing)) = self.object(owns, operation, &caller, cell)? else {
                continue;
            };
            let own = thing.owner == caller.subject;
            let bypass = resource.bypass.iter();
            let bypass = bypass.into_iter().any(|role| caller.roles.contains(role));
            seen.load(resource, &thing);
            let may = match (&owns.policy, owns.how) {
                (Some(policy), _) => seen.about(resource).admits(policy),
                (None, How::Any) => true,
                (None, _) => own || bypass,
            };
            if !may {
                return Err(resource.on_denied);
            }
            owner |= own;
            if !own && foreign.is_none() {
                foreign = Some(resource.on_denied);
            }
        }
        // Only whoever owns them all is told that there are such objects.
        if after.is_some_and(|policy| !seen.admits(policy)) {
            return Err(foreign.unwrap_or(403));
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

    /// The object that the request names, of whichever owner, or the status that refuses. `None`: rows are asked for.
    fn object(
        &self,
        owns: &Owns,
        operation: &Operation,
        caller: &Caller,
        cell: &Cell,
    ) -> Result<Option<(&Resource, Thing)>, u16> {
        let resource = self.resources.get(owns.resource).ok_or(500_u16)?;
        let tenant = caller.tenant.as_deref().filter(|tenant| !tenant.is_empty());
        if owns.how == How::List {
            // Who has no tenant may see no tenant's rows.
            return match resource.tenant && tenant.is_none() {
                true => Err(403),
                false => Ok(None),
            };
        }
        let mut params = operation.params.iter().zip(&cell.params);
        let asked = params.find(|(param, _)| param.resource == Some(owns.resource));
        let thing = asked.and_then(|(_, id)| world::find(id));
        let thing = thing
            .filter(|thing| thing.id == thing.told)
            .ok_or(404_u16)?;
        // Another tenant's object is not there, whatever role the caller has (P43).
        match resource.tenant && tenant != Some(thing.tenant) {
            true => Err(404),
            false => Ok(Some((resource, thing))),
        }
    }

    fn answer(&self, operation: &Operation, caller: Option<&Caller>, owner: bool) -> Verdict {
        let reply = &operation.reply;
        let none = BTreeSet::new();
        let roles = caller.map_or(&none, |caller| &caller.roles);
        let mut verdict = Verdict {
            status: reply.status,
            fields: None,
            rows: None,
        };
        match &reply.object {
            Some(object) if reply.many => {
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
                let visible =
                    |thing: &Thing| list.is_none_or(|owns| self.visible(owns, caller, thing));
                verdict.rows = Some(world::rows().filter(visible).map(row).collect());
            }
            Some(object) => verdict.fields = Some(seen(object, roles, owner)),
            None => {}
        }
        verdict
    }

    /// Ruling 82: the caller's own rows, with `bypass` everybody's, never another tenant's.
    fn visible(&self, owns: &Owns, caller: Option<&Caller>, thing: &Thing) -> bool {
        let (Some(resource), Some(caller)) = (self.resources.get(owns.resource), caller) else {
            return false;
        };
        let bypass = resource
            .bypass
            .iter()
            .any(|role| caller.roles.contains(role));
        let tenant = caller.tenant.as_deref().filter(|tenant| !tenant.is_empty());
        (bypass || thing.owner == caller.subject)
            && (!resource.tenant || tenant == Some(thing.tenant))
    }
}

/// Ruling 23: members that only some may send (403), before those that nobody may (422) and those that are missing.
fn takes(
    request: &Request,
    roles: &BTreeSet<String>,
    creates: bool,
    body: Option<&Value>,
) -> Result<(), u16> {
    let Some(body) = body else {
        return Err(400);
    };
    let mut wrong = Wrong::default();
    wrong.look(&request.object, roles, creates, body);
    // Rules are asked once the rest holds.
    wrong.invalid = wrong.invalid || !ruled(&request.object, body);
    match (wrong.forbidden, wrong.invalid) {
        (true, _) => Err(403),
        (false, true) => Err(422),
        (false, false) => Ok(()),
    }
}

#[derive(Default)]
struct Wrong {
    forbidden: bool,
    invalid: bool,
}

impl Wrong {
    fn look(&mut self, object: &Object, roles: &BTreeSet<String>, creates: bool, body: &Value) {
        let Some(sent) = body.as_object() else {
            self.invalid = true;
            return;
        };
        self.invalid |= (sent.len() as u64) < object.least;
        let known = |name: &String| object.members.iter().any(|member| member.name == *name);
        self.invalid |= !sent.keys().all(known);
        for member in &object.members {
            let Some(value) = sent.get(&member.name) else {
                self.invalid |= member.required && !member.never_sent;
                continue;
            };
            self.invalid |= member.never_sent || (member.only_created && !creates);
            let may = member.writers.iter().any(|role| roles.contains(role));
            self.forbidden |= !member.writers.is_empty() && !may;
            match (&member.kind, value) {
                (Kind::Object(inner), value) => self.look(inner, roles, creates, value),
                (Kind::Objects(inner), Value::Array(rows)) => {
                    for row in rows {
                        self.look(inner, roles, creates, row);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether the rules of an object and of those in it hold; what is undecided does not.
fn ruled(object: &Object, body: &Value) -> bool {
    let this = Roots::from([("this".to_owned(), of_json(body))]);
    let holds = object.rules.iter().all(|rule| rule.says(&this) == Ok(true));
    holds
        && object
            .members
            .iter()
            .all(|member| match (&member.kind, body.get(&member.name)) {
                (Kind::Object(inner), Some(value)) => ruled(inner, value),
                (Kind::Objects(inner), Some(Value::Array(rows))) => {
                    rows.iter().all(|row| ruled(inner, row))
                }
                _ => true,
            })
}

/// The members that a caller receives of an object.
fn seen(object: &Object, roles: &BTreeSet<String>, owner: bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for member in &object.members {
        let may = match &member.readers {
            None => true,
            Some((readers, owns)) => {
                (*owns && owner) || readers.iter().any(|role| roles.contains(role))
            }
        };
        if !may || member.never_received {
            continue;
        }
        all.insert(member.name.clone());
        if let Kind::Object(inner) | Kind::Objects(inner) = &member.kind {
            let inner = seen(inner, roles, owner);
            all.extend(inner.iter().map(|name| format!("{}/{name}", member.name)));
        }
    }
    all
}
