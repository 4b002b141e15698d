//! What all attacks share: who calls, which objects are planted, and the plainest request of each operation that gets in.

use super::admitted::Witness;
use super::callers::{Callers, main};
use super::case::{Case, Expect, Prepare, Request, Sent};
use super::circumstances::Outline;
use super::families::Families;
use super::form;
use super::keys::Lists;
use super::numbers;
use super::octets;
use super::passwords::Logins;
use super::sample::{LARGEST, Maker, whole_from};
use super::spelled;
use super::stage::Stage;
use super::{signature, witness};
use crate::plan::{
    Access, Alternative, By, Count, IdRule, Means, Media, Need, Operation, Param, Plan, Scheme,
    Setting, Shape, ValueKind,
};
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Subject of every caller, and owner of what is theirs.
pub const CALLER: &str = "caller";
/// Owner of what is not.
pub const SOMEONE_ELSE: &str = "someone-else";
pub const TENANT: &str = "tenant-one";
pub const OTHER_TENANT: &str = "tenant-two";

/// Members of inner objects that are tried: schemas that hold each other many times have more than anyone can send.
const NESTED: usize = 5_000;

/// Values that all changed bodies may have together.
const EFFORT: usize = 1_000_000;

/// Values that all expected answers may have together.
const SHOWN: usize = 200_000;

/// An attack that could not be made, said aloud.
#[derive(Debug, Clone)]
pub struct Skipped {
    pub kind: &'static str,
    pub name: String,
    pub why: &'static str,
}

/// Ids of one resource that the probe's loader knows; `absent` it does not.
#[derive(Debug, Clone)]
pub struct Planted {
    pub own: String,
    pub other: String,
    /// The caller's, in another tenant.
    pub foreign: String,
    /// Asked for it, the loader reports facts of `own`.
    pub mixed_up: String,
    pub absent: String,
    /// The caller's, and part of an object of someone else; where the resource is a part.
    pub stray: Option<String>,
    /// The caller's, with facts to which a policy says no; where ids are left for it.
    pub contrary: Option<String>,
    /// The caller's, without any facts but id and owner.
    pub bare: Option<String>,
}

/// Collects the cases.
pub struct Scene<'a> {
    pub plan: &'a Plan,
    /// By resource; `None` where no ids were found.
    pub planted: Vec<Option<Planted>>,
    /// More facts of every planted object, by resource.
    pub attributes: Vec<Vec<Option<super::evaluate::Value>>>,
    /// The same of those to which a policy says no; `None`: not looked for yet.
    pub contrary: Vec<Option<Vec<Option<super::evaluate::Value>>>>,
    /// By operation with policies: the caller whom they admit, where one was found.
    pub witnesses: HashMap<String, Option<Witness>>,
    /// Values for settings that are references, given to the service when it starts.
    pub environment: BTreeMap<String, String>,
    /// Of the operation, or of the family, that is being looked at.
    pub cases: Vec<Case>,
    pub skipped: Vec<Skipped>,
    /// Families of cases, and the lines they are written in.
    pub families: Families,
    /// API keys that the service knows.
    pub keys: RefCell<Lists>,
    /// Whom the probe's hooks know.
    pub passwords: RefCell<Logins>,
    /// Callers in order, by name.
    pub callers: RefCell<Callers>,
    /// Outcomes by name, as they are before a case adds to them.
    pub declared: RefCell<BTreeMap<&'static str, Map<String, Value>>>,
    /// Operations of each path, in document order.
    paths: HashMap<&'a str, Vec<&'a Operation>>,
    /// What is compared of each type: see [`signature`].
    pub signatures: Vec<usize>,
    /// Kinds that the document has a use for: none of them may end up without a case.
    pub used: BTreeSet<&'static str>,
    /// How many members of inner objects may still be tried.
    pub nested: usize,
    /// How many values changed bodies may still have.
    effort: Cell<usize>,
    /// How many members expected answers may still have.
    shown: Cell<usize>,
}

impl<'a> Scene<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let mut paths: HashMap<&str, Vec<&Operation>> = HashMap::new();
        for operation in &plan.operations {
            paths.entry(&operation.path).or_default().push(operation);
        }
        let mut scene = Scene {
            families: Families::default(),
            keys: RefCell::default(),
            passwords: RefCell::default(),
            callers: RefCell::default(),
            declared: RefCell::default(),
            paths,
            signatures: signature::of(plan),
            plan,
            planted: plan
                .resources
                .iter()
                .enumerate()
                .map(|(at, _)| plant(plan, at))
                .collect(),
            attributes: Vec::new(),
            contrary: vec![None; plan.resources.len()],
            witnesses: HashMap::new(),
            environment: BTreeMap::new(),
            cases: Vec::new(),
            skipped: Vec::new(),
            used: BTreeSet::new(),
            nested: NESTED,
            effort: Cell::new(EFFORT),
            shown: Cell::new(SHOWN),
        };
        for (at, scheme) in plan.schemes.iter().enumerate() {
            scene.reference(&scheme.issuer, format!("https://issuer-{at}.example"));
            for (number, audience) in scheme.audience.iter().enumerate() {
                scene.reference(audience, format!("audience-{at}-{number}"));
            }
        }
        scene.find_witnesses();
        scene
    }

    fn reference(&mut self, setting: &Setting, value: String) {
        let name = match setting {
            Setting::Env(name) => name.clone(),
            // What the shield of the attacks takes for the answer of Vault.
            Setting::Vault(reference) => format!("vault:{reference}"),
            Setting::Literal(_) | Setting::File(_) => return,
        };
        self.environment.entry(name).or_insert(value);
    }

    pub fn setting(&self, setting: &Setting) -> String {
        match setting {
            Setting::Literal(text) => text.clone(),
            Setting::Env(name) => self.environment.get(name).cloned().unwrap_or_default(),
            Setting::Vault(reference) => {
                let told = self.environment.get(&format!("vault:{reference}"));
                told.cloned().unwrap_or_default()
            }
            // Its content is not known here; the runner finds the control refused and says so.
            Setting::File(_) => String::new(),
        }
    }

    /// The plainest request, or why there is none.
    pub fn stage(&self, operation: &'a Operation) -> Result<Stage<'a>, &'static str> {
        let mut outline = self.outline(operation)?;
        match self.witnesses.get(&operation.id) {
            None => {}
            Some(Some(witness)) => outline.roles.extend(&witness.roles),
            Some(None) => return Err("no caller was found to whom its policies say yes"),
        }
        let Outline {
            values,
            body,
            roles,
        } = outline;
        let mut stage = Stage {
            operation,
            maker: Maker {
                plan: self.plan,
                creating: operation.method == "POST",
            },
            token: self.token(operation, &roles),
            roles,
            values,
            body,
            plainest: Request::default(),
        };
        stage.plainest = stage.request_with(self.plan, &stage.values);
        Ok(stage)
    }

    /// Who may call and what is sent, policies aside.
    pub(super) fn outline(&self, operation: &'a Operation) -> Result<Outline, &'static str> {
        let maker = Maker {
            plan: self.plan,
            creating: operation.method == "POST",
        };
        let mut values = BTreeMap::new();
        for (at, param) in operation.params.iter().enumerate() {
            if !param.required {
                continue;
            }
            let value = match self.owned_by_param(operation, at) {
                Some(resource) => self
                    .planted
                    .get(resource)
                    .cloned()
                    .flatten()
                    .map(|planted| planted.own),
                None => param_sample(self.plan, param),
            };
            values.insert(
                at,
                value.ok_or("no value was found for a required parameter")?,
            );
        }
        let (mut sets, mut body) = (self.sets(operation), None);
        if self
            .need(operation)
            .is_some_and(|need| !self.can_be_met(need))
        {
            return Err("no token is good for two schemes with different keys");
        }
        let by = self.need(operation).and_then(main);
        if by.is_some_and(|main| self.wants_roles(operation, main)) {
            return Err("a certificate has the roles of its scheme, and others decide here");
        }
        if let Some(declared) = &operation.body {
            let mut plainest = maker
                .sample(&declared.value, 0)
                .ok_or("no body was found that is admitted")?;
            // A form without a pair is no body at all.
            if !declared.media.contains(&Media::Json)
                && let Some(id) = declared.named()
            {
                form::say_something(&maker, id, &mut plainest);
            }
            // Nor are no bytes.
            if declared.media == [Media::Octets]
                && let ValueKind::File(file) = &declared.value
            {
                plainest = octets::plainest(file).ok_or("no body was found that is admitted")?;
            }
            // Nor is a text without a character.
            if declared.media == [Media::Text]
                && let ValueKind::Text(text) = &declared.value
            {
                let mut text = text.clone();
                text.min = text.min.max(1);
                plainest = maker
                    .sample(&ValueKind::Text(text), 0)
                    .ok_or("no body was found that is admitted")?;
            }
            body = Some(Rc::new(plainest));
            let writers = maker.writers(&declared.value, 0);
            if self.need(operation).is_none() && !writers.is_empty() {
                return Err("nobody without a token may send what is required");
            }
            sets.extend(writers);
        }
        let roles = self
            .choose(&sets, self.bypass(operation))
            .ok_or("no role admits a caller")?;
        Ok(Outline {
            values,
            body,
            roles,
        })
    }

    /// Takes what a changed copy of a body costs; `None` when the document has had its share.
    pub fn charge(&self, body: &Value) -> Option<()> {
        self.effort.set(self.effort.get().checked_sub(parts(body))?);
        Some(())
    }

    /// The same for what an answer is expected to hold.
    pub fn charge_shown(&self, shape: &Value) -> Option<()> {
        self.shown.set(self.shown.get().checked_sub(parts(shape))?);
        Some(())
    }

    pub fn need(&self, operation: &'a Operation) -> Option<&'a Need> {
        match &operation.access {
            Access::Caller(need) => Some(need),
            _ => None,
        }
    }

    /// The sets of roles that the plainest caller needs one of each of.
    pub fn sets(&self, operation: &'a Operation) -> Vec<u64> {
        let need = self.need(operation);
        let main = need.and_then(|need| Some(need.demand(main(need)?).roles));
        main.unwrap_or_default()
    }

    /// Whether the runner can sign a token for all schemes of the plainest caller: it has one key.
    fn can_be_met(&self, need: &Need) -> bool {
        let Some(main) = main(need) else { return false };
        self.one_key(main)
    }

    pub fn one_key(&self, alternative: &Alternative) -> bool {
        let asks = alternative.asks.iter();
        let mut keys = asks.filter_map(|asks| match asks.means {
            Means::Token(at) => self.plan.schemes.get(at).map(|each| &each.keys),
            Means::Key(_) | Means::Password(_) | Means::Certificate(_) => None,
        });
        let first = keys.next();
        keys.all(|other| Some(other) == first)
    }

    /// The scheme of the plainest caller's token, where it says who that is.
    pub fn identity(&self, operation: &'a Operation) -> Option<&'a Scheme> {
        match main(self.need(operation)?)?.caller()? {
            Means::Token(at) => self.plan.schemes.get(at),
            Means::Key(_) | Means::Password(_) | Means::Certificate(_) => None,
        }
    }

    /// The resource that a parameter identifies.
    pub fn owned_by_param(&self, operation: &Operation, param: usize) -> Option<usize> {
        let mut owns = operation.owns.iter();
        owns.find(|owns| owns.kind.param() == Some(param))
            .map(|owns| owns.resource)
    }

    /// Roles that skip an owner on this operation.
    pub fn bypass(&self, operation: &Operation) -> u64 {
        operation
            .owns
            .iter()
            .filter_map(|owns| self.plan.resources.get(owns.resource))
            .fold(0, |all, r| all | r.bypass)
    }

    pub fn holds(&self, roles: &[usize]) -> u64 {
        roles
            .iter()
            .filter_map(|at| self.plan.roles.get(*at))
            .fold(0, |all, role| all | role.holds)
    }

    /// Roles that hold one of each set, those outside `avoid` and with the least reach first.
    pub fn choose(&self, sets: &[u64], avoid: u64) -> Option<Vec<usize>> {
        let mut chosen = Vec::new();
        for set in sets {
            if self.holds(&chosen) & set != 0 {
                continue;
            }
            let best = self
                .plan
                .roles
                .iter()
                .enumerate()
                .filter(|(_, role)| role.holds & set != 0)
                .min_by_key(|(at, role)| (role.holds & avoid != 0, role.holds.count_ones(), *at))?;
            chosen.push(best.0);
        }
        Some(chosen)
    }

    /// Every role that holds none of `set`.
    pub fn all_without(&self, set: u64) -> Vec<usize> {
        let roles = self.plan.roles.iter().enumerate();
        roles
            .filter(|(_, role)| role.holds & set == 0)
            .map(|(at, _)| at)
            .collect()
    }

    /// Operations on the same path, in document order.
    pub fn on_path(&self, operation: &Operation) -> &[&'a Operation] {
        self.paths
            .get(operation.path.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether answers given after the trip to the counters carry `RateLimit` (ruling 15).
    pub fn limited(&self, operation: &Operation) -> bool {
        let after_validation = |by: &By| matches!(by, By::Field(_));
        let mut quotas = operation
            .quotas
            .iter()
            .filter_map(|at| self.plan.quotas.get(*at));
        !matches!(operation.access, Access::Denied { .. })
            && quotas.any(|quota| !quota.by.iter().any(after_validation))
    }

    pub fn add(&mut self, kind: &'static str, name: impl Into<String>, sent: Sent, expect: Expect) {
        self.case(kind, name, None, sent, expect);
    }

    /// The same after something happened to the service.
    pub fn prepared(
        &mut self,
        kind: &'static str,
        name: impl Into<String>,
        prepare: Prepare,
        sent: Sent,
        expect: Expect,
    ) {
        self.case(kind, name, Some(prepare), sent, expect);
    }

    fn case(
        &mut self,
        kind: &'static str,
        name: impl Into<String>,
        prepare: Option<Prepare>,
        sent: Sent,
        expect: Expect,
    ) {
        self.used.insert(kind);
        self.cases.push(Case {
            kind,
            name: name.into(),
            before: None,
            wait: None,
            prepare,
            sent,
            expect,
        });
    }

    /// The same where the document need not have a use for the kind.
    pub fn without(&mut self, kind: &'static str, name: impl Into<String>, why: &'static str) {
        self.skipped.push(Skipped {
            kind,
            name: name.into(),
            why,
        });
    }

    pub fn skip(&mut self, kind: &'static str, name: impl Into<String>, why: &'static str) {
        self.used.insert(kind);
        self.skipped.push(Skipped {
            kind,
            name: name.into(),
            why,
        });
    }
}

/// How many values stand in `value`, itself included; deep ones are never made.
fn parts(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(parts).sum::<usize>() + 1,
        Value::Object(members) => members.values().map(parts).sum::<usize>() + 1,
        _ => 1,
    }
}

/// So many different ids, as texts.
pub fn distinct(rule: &IdRule, count: usize) -> Option<Vec<String>> {
    match rule {
        IdRule::Text(rule) => witness::distinct(rule, count),
        IdRule::Whole(rule) => {
            let wholes = super::sample::wholes(rule, count)?;
            Some(wholes.iter().map(ToString::to_string).collect())
        }
    }
}

/// The same for everyone who asks: it follows from the plan.
pub fn plant(plan: &Plan, at: usize) -> Option<Planted> {
    let resource = plan.resources.get(at)?;
    // Lists of ids are filled with the first ones there are, which must be none of these.
    let listed = plan.operations.iter().filter_map(|operation| {
        let mut owns = operation.owns.iter();
        let own = owns.find(|own| own.resource == at && own.kind.in_body().is_some())?;
        operation.ids.get(own.kind.in_body()?)
    });
    let listed = listed
        .filter(|id| id.count == Count::Many)
        .count()
        .min(1)
        .saturating_mul(
            usize::try_from(plan.limits.array)
                .unwrap_or(usize::MAX)
                .min(LARGEST),
        );
    // An id of zeros is what a careless loader takes for "nothing": begin behind it.
    let begin = listed.saturating_add(1);
    let part = usize::from(resource.parent.is_some());
    let (all, begin) = [(begin, 7), (begin, 5), (1, 7), (1, 5)]
        .into_iter()
        .find_map(|(begin, count)| {
            let all = distinct(
                &resource.id,
                begin.saturating_add(count).saturating_add(part),
            )?;
            Some((all, begin))
        })?;
    let mut ids = all.into_iter().skip(begin);
    let (own, other, foreign) = (ids.next()?, ids.next()?, ids.next()?);
    Some(Planted {
        own,
        other,
        foreign,
        mixed_up: ids.next()?,
        absent: ids.next()?,
        stray: match part {
            0 => None,
            _ => ids.next(),
        },
        contrary: ids.next(),
        bare: ids.next(),
    })
}

fn param_sample(plan: &Plan, param: &Param) -> Option<String> {
    match &param.value {
        ValueKind::Boolean => Some("true".to_owned()),
        ValueKind::Integer(whole) => whole_from(whole, 1)
            .or_else(|| whole_from(whole, i64::MIN))
            .map(|number| number.to_string()),
        ValueKind::Number(real) => numbers::sample(real).map(|number| number.to_string()),
        ValueKind::Text(text) => witness::sample(text),
        ValueKind::Named(id) => match &plan.types.get(id.0)?.shape {
            Shape::Words(words) => words.first().cloned(),
            Shape::Object(_) | Shape::Union(_) => None,
        },
        ValueKind::List(_) => spelled::sample(plan, param),
        ValueKind::Map(_) | ValueKind::Json(_) | ValueKind::File(_) => None,
    }
}
