//! Parameters that are lists: how many items, which, and how they are told apart (rulings 9, 10, 101).

use super::case::{Expect, Violation};
use super::params::{self, good, place};
use super::scene::Scene;
use super::spelled;
use super::stage::{Stage, encode};
use crate::plan::{In, List, Param, ValueKind};
use serde_json::Value;

/// Room for a list, in bytes: so much of a request is its own.
const ROOM: u64 = 1024;

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>, at: usize, param: &Param, list: &List) {
    let sender = Sender { stage, at, param };
    sender.counts(scene, list);
    sender.each(scene, list);
    sender.between(scene, list);
    sender.spellings(scene, list);
    if param.required && param.location != In::Path {
        let expect = sender.broken(scene, String::new(), Some("required"));
        sender.raw(scene, "required", "absent", &[], expect);
    }
}

struct Sender<'s, 'a> {
    stage: &'s Stage<'a>,
    at: usize,
    param: &'s Param,
}

impl Sender<'_, '_> {
    fn name(&self, what: &str) -> String {
        format!("{} {}: {what}", place(self.param.location), self.param.name)
    }

    fn pointer(&self) -> String {
        format!("/{}", self.param.name.replace('~', "~0").replace('/', "~1"))
    }

    fn broken(&self, scene: &Scene<'_>, below: String, code: Option<&'static str>) -> Expect {
        scene.invalid().errors(vec![Violation {
            place: place(self.param.location),
            pointer: format!("{}{below}", self.pointer()),
            code: code.map(Into::into),
        }])
    }

    /// Written exactly so.
    fn raw(
        &self,
        scene: &mut Scene<'_>,
        kind: &'static str,
        what: &str,
        raw: &[String],
        expect: Expect,
    ) {
        let request = self.stage.request_texts(scene.plan, self.at, raw);
        scene.add(kind, self.name(what), good(self.stage, request), expect);
    }

    fn send(
        &self,
        scene: &mut Scene<'_>,
        kind: &'static str,
        what: &str,
        items: Vec<String>,
        expect: Expect,
    ) {
        let text = Value::from(items).to_string();
        if let Some(raw) = spelled::texts(self.param, &text) {
            self.raw(scene, kind, what, &raw, expect);
        }
    }

    /// So many items, where they are admitted one by one and no longer than a request may be.
    fn items(&self, scene: &Scene<'_>, list: &List, count: u64) -> Option<Vec<String>> {
        let items = spelled::items(&self.stage.maker, self.param, list, count)?;
        let name = if self.param.separated {
            1
        } else {
            self.param.name.len() * 3 + 2
        };
        let bytes: usize = items.iter().map(|item| encode(item).len() + name).sum();
        let limits = &scene.plan.limits;
        let most = match self.param.location {
            In::Header => limits.header_bytes,
            In::Path | In::Query => limits.uri_bytes,
        };
        (u64::try_from(bytes).ok()? <= most.saturating_sub(ROOM)).then_some(items)
    }

    fn counts(&self, scene: &mut Scene<'_>, list: &List) {
        // None at all is the parameter's absence.
        if list.min > 1 {
            let few = self.items(scene, list, list.min);
            let fewer = self.items(scene, list, list.min - 1);
            match (few, fewer) {
                (Some(few), Some(fewer)) => {
                    let what = format!("{}, the fewest", list.min);
                    let reached = scene.reached();
                    self.send(scene, "minItems", &what, few, reached);
                    let what = format!("{}, too few", list.min - 1);
                    let expect = self.broken(scene, String::new(), Some("minItems"));
                    self.send(scene, "minItems", &what, fewer, expect);
                }
                _ => scene.skip("minItems", self.name("few"), "no so many items were found"),
            }
        }
        let many = self.items(scene, list, list.max);
        let more = list
            .max
            .checked_add(1)
            .and_then(|more| self.items(scene, list, more));
        match (many, more) {
            (Some(many), Some(more)) => {
                let what = format!("{}, the most", list.max);
                let reached = scene.reached();
                self.send(scene, "maxItems", &what, many, reached);
                let what = format!("{}, too many", list.max + 1);
                let expect = self.broken(scene, String::new(), Some("maxItems"));
                self.send(scene, "maxItems", &what, more, expect);
            }
            _ => scene.skip(
                "maxItems",
                self.name("many"),
                "no so many items within the limits of a request were found",
            ),
        }
        let count = list.min.max(2);
        if !list.unique || list.max < count {
            return;
        }
        let Some(first) = self
            .items(scene, list, 1)
            .and_then(|items| items.into_iter().next())
        else {
            return scene.skip("uniqueItems", self.name("twice"), "no item was found");
        };
        let Some(same) = usize::try_from(count).ok().map(|count| vec![first; count]) else {
            return;
        };
        let expect = self.broken(scene, String::new(), Some("uniqueItems"));
        self.send(scene, "uniqueItems", "the same twice", same, expect);
    }

    /// One item that is not admitted, first and last.
    fn each(&self, scene: &mut Scene<'_>, list: &List) {
        let tries = params::plain(&self.stage.maker, &list.items, self.param.location);
        for (kind, why) in tries.failed {
            scene.skip(kind, self.name("an item"), why);
        }
        let Some(others) = self.items(scene, list, list.min.max(1)) else {
            return scene.skip("type", self.name("an item"), "no so many items were found");
        };
        for each in tries.made {
            let Some(item) = params::written(&each) else {
                continue;
            };
            if !spelled::is_sendable(self.param, &item) || item.chars().any(char::is_control) {
                continue;
            }
            let others = others.iter().skip(1).filter(|other| **other != item);
            let items: Vec<String> = std::iter::once(item.clone())
                .chain(others.cloned())
                .collect();
            if items.len() as u64 != list.min.max(1) {
                continue;
            }
            // Another path.
            if self.param.location == In::Path
                && matches!(items.as_slice(), [only] if matches!(only.as_str(), "" | "." | ".."))
            {
                continue;
            }
            let expect = match each.broken.is_empty() {
                true => each
                    .status
                    .map_or_else(|| scene.reached(), |status| scene.refused(status)),
                false => {
                    let errors = each.broken.iter().map(|(_, code)| Violation {
                        place: place(self.param.location),
                        pointer: format!("{}/0", self.pointer()),
                        code: code.map(Into::into),
                    });
                    Expect {
                        more: each.more,
                        ..scene.invalid().errors(errors.collect())
                    }
                }
            };
            let what = format!("an item {}", each.name);
            self.send(scene, each.kind, &what, items, expect);
        }
    }

    /// What stands between commas: nothing, and a comma that is data.
    fn between(&self, scene: &mut Scene<'_>, list: &List) {
        if !self.param.separated || list.max < 2 {
            return;
        }
        let count = list.min.max(2);
        if let Some(mut items) = self.items(scene, list, count)
            && let Some(last) = items.last_mut()
        {
            last.clear();
            let below = format!("/{}", items.len() - 1);
            let expect = Expect {
                more: true,
                ..self.broken(scene, below, None)
            };
            self.send(scene, "type", "an empty item", items, expect);
        }
        let ValueKind::Text(text) = &*list.items else {
            return;
        };
        let any = text.pattern.is_none() && text.format.is_none();
        if !any || text.min > 3 || text.max < 3 || self.param.location == In::Header {
            return;
        }
        // Were it told apart behind the escape, there would be one too many.
        if let Some(mut items) = self.items(scene, list, list.max)
            && let Some(first) = items.first_mut()
        {
            "a,b".clone_into(first);
            let reached = scene.reached();
            self.send(scene, "type", "an escaped comma", items, reached);
        }
    }

    /// Given twice where commas stand between, and badly written (P53, P57).
    fn spellings(&self, scene: &mut Scene<'_>, list: &List) {
        let location = self.param.location;
        let items = self.items(scene, list, list.min.max(1));
        let text = items.map(|items| Value::from(items).to_string());
        let Some(raw) = text.and_then(|text| spelled::texts(self.param, &text)) else {
            return;
        };
        if self.param.separated && location != In::Path {
            let once = self.stage.request_texts(scene.plan, self.at, &raw);
            let twice = match location {
                // Names of fields are the same in any letters.
                In::Header => {
                    once.header(&params::in_other_letters(&self.param.name), &raw.concat())
                }
                In::Path | In::Query => {
                    once.query(&format!("{}={}", encode(&self.param.name), raw.concat()))
                }
            };
            let expect = scene.refused(400).errors(vec![Violation {
                place: place(location),
                pointer: self.pointer(),
                code: Some("duplicate".into()),
            }]);
            let sent = good(self.stage, twice);
            scene.add("duplicate", self.name("given twice"), sent, expect);
        }
        if location == In::Path {
            return params::path(scene, self.stage, self.at, self.param);
        }
        if location == In::Header {
            return;
        }
        for (how, escape) in params::ESCAPES {
            let mut wrong = raw.clone();
            if let Some(last) = wrong.last_mut() {
                last.push_str(escape);
            }
            let expect = scene.refused(400);
            self.raw(scene, "query-escape", how, &wrong, expect);
        }
    }
}
