//! A body under attack: the plainest one with something at one of its members, and who sends it.

use super::case::{Expect, Request, Sent, Violation};
use super::sample::{Step, pointer};
use super::scene::Scene;
use super::stage::Stage;
use super::{form, unions};
use crate::plan::{Media, Member, ValueKind};
use serde_json::{Value, json};
use std::rc::Rc;

/// A body under attack.
pub struct Field<'s, 'a> {
    pub stage: &'s Stage<'a>,
    pub kind: ValueKind,
    /// What the path so far asks of the sender.
    pub sets: Vec<u64>,
    /// Where the path so far goes through one of several alternatives: its place, and which one.
    pub cases: Vec<Within>,
    pub room: u64,
}

/// One of several alternatives, on the way to what is attacked.
#[derive(Clone)]
pub struct Within {
    pub path: Vec<Step>,
    pub kind: ValueKind,
    pub case: usize,
}

impl Field<'_, '_> {
    /// The plainest body with `value` at `path`, sent by somebody who may write all of it.
    pub fn with(&self, scene: &Scene<'_>, path: &[Step], value: Option<Value>) -> Option<Sent> {
        let plainest = self.stage.body.as_ref()?;
        scene.charge(plainest)?;
        let mut body = Value::clone(plainest);
        self.stage
            .maker
            .place(&mut body, &self.kind, path, value, 0)?;
        self.says(&body).then_some(())?;
        self.by(scene, self.stage.request().json(Rc::new(body)))
    }

    /// The same, of what is no value of its kind.
    pub fn unchecked(&self, scene: &Scene<'_>, path: &[Step], value: Value) -> Option<Sent> {
        let plainest = self.stage.body.as_ref()?;
        scene.charge(plainest)?;
        let mut body = Value::clone(plainest);
        self.stage
            .maker
            .place(&mut body, &self.kind, path, Some(value), 0)?;
        self.by(scene, self.stage.request().json(Rc::new(body)))
    }

    /// Whether the body can be written as this one is.
    fn says(&self, body: &Value) -> bool {
        if self.stage.media() == Media::Text {
            let text = form::scalar(&self.stage.maker, &self.kind, body);
            // Without a byte there is no body.
            return text.is_some_and(|text| !text.is_empty());
        }
        let ValueKind::Named(id) = self.kind else {
            return true;
        };
        form::says(self.stage.media(), &self.stage.maker, id, body)
    }

    /// What it is called in the names of cases.
    pub fn called(&self) -> &'static str {
        match self.stage.media() {
            Media::Json => "body",
            Media::Form => "form",
            Media::Multipart => "parts",
            Media::Text => "text",
            Media::Octets => "bytes",
        }
    }

    pub fn sent(&self, scene: &Scene<'_>, body: String) -> Option<Sent> {
        self.by(scene, self.stage.request().body(body))
    }

    fn by(&self, scene: &Scene<'_>, request: Request) -> Option<Sent> {
        let roles = self.roles(scene, &self.sets)?;
        Some(request.by(scene.token(self.stage.operation, &roles)))
    }

    /// The plainest caller with what `sets` ask for besides.
    pub fn roles(&self, scene: &Scene<'_>, sets: &[u64]) -> Option<Vec<usize>> {
        let missing: Vec<u64> = sets
            .iter()
            .copied()
            .filter(|set| scene.holds(&self.stage.roles) & set == 0)
            .collect();
        let mut roles = self.stage.roles.clone();
        roles.extend(scene.choose(&missing, 0)?);
        Some(roles)
    }

    fn admits(&self, scene: &Scene<'_>, sent: &Sent) -> bool {
        let rules = match &sent.request.body {
            Some(super::case::Body::Json(body)) => self.stage.maker.rules_hold(&self.kind, body),
            _ => true,
        };
        rules && scene.policies_admit(self.stage, sent, super::circumstances::Which::Own)
    }

    pub fn add(
        &self,
        scene: &mut Scene<'_>,
        kind: &'static str,
        name: String,
        sent: Option<Sent>,
        expect: Expect,
    ) {
        let reached = expect.status == [super::case::REACHED];
        let Some(expect) = unions::expected(self, sent.as_ref(), expect) else {
            return;
        };
        match sent {
            // What the keywords admit a rule or a policy may refuse: then it is no control.
            Some(sent) if reached && !self.admits(scene, &sent) => {}
            Some(sent) => scene.add(kind, name, sent, expect),
            // What no form says is not tried as a form.
            None if self.stage.media() != Media::Json => {}
            None => scene.skip(kind, name, "no such body could be made, or too many were"),
        }
    }
}

/// P44 and ruling 23: 403 for whoever lacks the role, before the schema is looked at.
pub fn forbidden(
    scene: &mut Scene<'_>,
    field: &Field<'_, '_>,
    member: &Member,
    path: &[Step],
    roles: u64,
) {
    let operation = field.stage.operation;
    let (maker, here) = (field.stage.maker, pointer(path));
    let good = maker.sample(&member.value, 0);
    // Everybody who gets as far as the body holds the role already: nobody to forbid it to.
    let needed = scene.sets(operation);
    let mut lacking = scene.all_without(roles);
    if scene.need(operation).is_some() && needed.iter().any(|set| scene.holds(&lacking) & set == 0)
    {
        return;
    }
    lacking.sort_unstable();
    let holding = field.roles(scene, &[field.sets.clone(), vec![roles]].concat());
    let by = |scene: &Scene<'_>, sent: Option<Sent>, who: &[usize]| {
        sent.map(|sent| Sent {
            token: scene.token(operation, who),
            ..sent
        })
    };
    let refused = |scene: &Scene<'_>| {
        scene
            .refused(403)
            .event("authz.denied", None)
            .header("www-authenticate", super::case::Field::Absent)
            .errors(vec![Violation::body(here.as_str(), "forbidden")])
    };
    let sent = by(scene, field.with(scene, path, good.clone()), &lacking);
    field.add(
        scene,
        "forbidden",
        format!("{}{here}: every role that lacks it", field.called()),
        sent,
        refused(scene),
    );
    // A form has texts only.
    let wrong = match field.stage.media() {
        Media::Json => json!([[]]),
        _ => json!("palisadeUnknown"),
    };
    let sent = by(scene, field.with(scene, path, Some(wrong)), &lacking);
    field.add(
        scene,
        "forbidden",
        format!("{}{here}: also when the value is wrong", field.called()),
        sent,
        refused(scene),
    );
    if let (Some(holding), true) = (holding, scene.need(operation).is_some()) {
        let sent = by(scene, field.with(scene, path, good), &holding);
        let reached = scene.reached();
        field.add(
            scene,
            "forbidden",
            format!("{}{here}: a role that has it", field.called()),
            sent,
            reached,
        );
    }
}
