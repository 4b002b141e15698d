//! The table of expressions as it is written, and the documents that have them checked.

use crate::steps::{Failed, root};
use palisade::cel::Expr;
use palisade::diagnostic::Diagnostics;
use palisade::document::from_text;
use palisade::plan::{self, Operation, Plan, Shape};
use palisade::{openapi, policy};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What an expression says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    True,
    False,
    Undecided,
    /// It is not compiled.
    Refused,
}

impl Outcome {
    pub const fn word(self) -> &'static str {
        match self {
            Outcome::True => "true",
            Outcome::False => "false",
            Outcome::Undecided => "undecided",
            Outcome::Refused => "refused",
        }
    }
}

/// How the lists of a section are called.
const LISTS: [(&str, Outcome); 6] = [
    ("true", Outcome::True),
    ("false", Outcome::False),
    ("undecided", Outcome::Undecided),
    ("undecided_where_true", Outcome::Undecided),
    ("undecided_where_false", Outcome::Undecided),
    ("refused", Outcome::Refused),
];

pub struct Row {
    pub section: usize,
    pub text: String,
    pub expected: Outcome,
    /// It speaks of `this`.
    pub rule: bool,
}

pub struct Section {
    /// `principal`, `resource`, `query`, `body`, `time`, `ip`.
    pub given: Value,
}

pub struct Table {
    pub sections: Vec<Section>,
    pub rows: Vec<Row>,
    spec: Value,
}

/// What became of the rows, by their text: operations whose policy they are, and rules.
pub struct Compiled {
    pub policies: (Plan, BTreeMap<String, Operation>),
    pub rules: (Plan, BTreeMap<String, Expr>),
}

impl Table {
    pub fn read() -> Result<Table, Failed> {
        let file = |name: &str| -> Result<Value, Failed> {
            let path = root().join("tests/gym/cel").join(name);
            let text = std::fs::read_to_string(&path).map_err(Failed::at(path.display()))?;
            serde_yaml::from_str(&text).map_err(Failed::at(path.display()))
        };
        let (spec, rows) = (file("spec.yaml")?, file("rows.yaml")?);
        let mut table = Table {
            sections: Vec::new(),
            rows: Vec::new(),
            spec,
        };
        let listed = rows.get("sections").and_then(Value::as_array);
        for (number, section) in listed.into_iter().flatten().enumerate() {
            table.sections.push(Section {
                given: given(rows.get("given"), section),
            });
            let known = LISTS.iter().map(|(name, _)| *name);
            let known: Vec<&str> = known
                .chain(["about", "given", "without", "rules"])
                .collect();
            let keys = section.as_object().into_iter().flat_map(Map::keys);
            if let Some(other) = keys.into_iter().find(|key| !known.contains(&key.as_str())) {
                return Err(Failed(format!("rows.yaml: no section has `{other}`")));
            }
            for (name, expected) in LISTS {
                let texts = section.get(name).and_then(Value::as_array);
                let texts = texts.into_iter().flatten().filter_map(Value::as_str);
                table.rows.extend(texts.map(|text| Row {
                    section: number,
                    text: text.to_owned(),
                    expected,
                    rule: section.get("rules").is_some(),
                }));
            }
        }
        Ok(table)
    }

    /// Everything that is compiled: exactly those rows that must be.
    pub fn compiled(&self) -> Result<Compiled, Failed> {
        let texts = |rule: bool| {
            let rows = self.rows.iter().filter(move |row| row.rule == rule);
            rows.map(|row| row.text.clone()).collect::<Vec<_>>()
        };
        let compiled = Compiled {
            policies: self.operations(&texts(false))?,
            rules: self.rules(&texts(true))?,
        };
        let wrong = self.rows.iter().filter_map(|row| {
            let taken = match row.rule {
                true => compiled.rules.1.contains_key(&row.text),
                false => compiled.policies.1.contains_key(&row.text),
            };
            let must = row.expected != Outcome::Refused;
            let what = if must { "refused" } else { "not refused" };
            (taken != must).then(|| format!("    `{}` is {what}", row.text))
        });
        let wrong: Vec<String> = wrong.collect();
        match wrong.is_empty() {
            true => Ok(compiled),
            false => Err(Failed(format!("rows.yaml:\n{}", wrong.join("\n")))),
        }
    }

    /// The document of the service.
    pub fn document(&self) -> String {
        self.spec.to_string()
    }

    /// One operation for each of the texts that can be a policy, with its text.
    pub fn operations(
        &self,
        texts: &[String],
    ) -> Result<(Plan, BTreeMap<String, Operation>), Failed> {
        let model = self
            .spec
            .pointer("/paths/~1things~1{thingId}/post")
            .cloned();
        let line = |number: usize, text: &str| {
            let mut post = model.clone().unwrap_or_default();
            if let Some(members) = post.as_object_mut() {
                members.insert("operationId".to_owned(), json!(format!("row{number}")));
                members.insert(
                    "x-security".to_owned(),
                    json!({ "owns": { "Thing": "any" }, "access": { "policy": text } }),
                );
            }
            let path = format!("/things/{{thingId}}/{number}");
            format!("{}: {}", json!(path), json!({ "post": post }))
        };
        let mut spec = self.spec.clone();
        // The document's own are always there: without them nothing would be of use.
        let own = spec.get("paths").map(Value::to_string).unwrap_or_default();
        let own = own.get(1..).unwrap_or_default().to_owned();
        if let Some(paths) = spec.get_mut("paths") {
            *paths = json!("LINES");
        }
        let document = |lines: &str| {
            let comma = if lines.trim().is_empty() { "" } else { "," };
            let paths = format!("{{{lines}{comma} {own}");
            spec.to_string().replace("\"LINES\"", &paths)
        };
        let (plan, kept) = taken(texts, &line, &document)?;
        let found = kept.into_iter().filter_map(|number| {
            let id = format!("row{number}");
            let operation = plan.operations.iter().find(|each| each.id == id)?;
            Some((texts.get(number)?.clone(), operation.clone()))
        });
        let found = found.collect();
        Ok((plan, found))
    }

    /// The texts that can be a rule of `Sent`, and what they are then.
    fn rules(&self, texts: &[String]) -> Result<(Plan, BTreeMap<String, Expr>), Failed> {
        let line = |number: usize, text: &str| {
            json!({ "id": format!("row{number}"), "check": text, "message": "No." }).to_string()
        };
        let mut spec = self.spec.clone();
        if let Some(Value::Object(sent)) = spec.pointer_mut("/components/schemas/Sent") {
            sent.insert("x-security".to_owned(), json!({ "rules": "LINES" }));
        }
        let document = |lines: &str| spec.to_string().replace("\"LINES\"", &format!("[{lines}]"));
        let (plan, kept) = taken(texts, &line, &document)?;
        let sent = plan.types.iter().find(|each| each.name == "Sent");
        let rules = match sent.map(|sent| &sent.shape) {
            Some(Shape::Object(object)) => object.rules.clone(),
            _ => Vec::new(),
        };
        let found = kept.into_iter().filter_map(|number| {
            let id = format!("row{number}");
            let rule = rules.iter().find(|rule| rule.id == id)?;
            Some((texts.get(number)?.clone(), rule.expr.clone()))
        });
        let found = found.collect();
        Ok((plan, found))
    }
}

/// Leaves out what is refused until a document of the rest is taken: the plan of it, and which are in it. Each text has a
/// line of its own in the document, by which a diagnostic names it.
fn taken(
    texts: &[String],
    line: &dyn Fn(usize, &str) -> String,
    document: &dyn Fn(&str) -> String,
) -> Result<(Plan, Vec<usize>), Failed> {
    let mut kept: Vec<usize> = (0..texts.len()).collect();
    loop {
        let lines = kept
            .iter()
            .filter_map(|at| Some(line(*at, texts.get(*at)?)));
        let lines = lines.collect::<Vec<_>>().join(",\n");
        let text = document(&format!("\n{lines}\n"));
        match planned(&text)? {
            Ok(plan) => return Ok((plan, kept)),
            Err(wrong) => {
                let before = kept.len();
                let mut number = 1;
                kept.retain(|_| {
                    number += 1;
                    !wrong.contains_key(&number)
                });
                if kept.len() == before {
                    return Err(Failed(format!("no expression is to blame: {wrong:?}")));
                }
            }
        }
    }
}

/// The plan of a document, or what is wrong, by its line.
fn planned(text: &str) -> Result<Result<Plan, BTreeMap<u32, String>>, Failed> {
    let document = from_text("spec.json", text).map_err(|error| Failed(format!("{error:?}")))?;
    let mut diagnostics = Diagnostics::default();
    let api = openapi::read(&document, &mut diagnostics);
    let read = api
        .as_ref()
        .and_then(|api| policy::read(api, &mut diagnostics));
    let plan = match (&api, &read) {
        (Some(api), Some(read)) => plan::build(api, read, "spec.json", &mut diagnostics),
        _ => None,
    };
    Ok(match plan {
        Some(plan) if diagnostics.is_empty() => Ok(plan),
        _ => {
            let wrong = diagnostics.iter();
            Err(wrong
                .map(|each| (each.place.line, each.message.clone()))
                .collect())
        }
    })
}

/// The plan of a document in which nothing is wrong.
pub fn plan(text: &str) -> Result<Plan, Failed> {
    planned(text)?.map_err(|wrong| Failed(format!("spec.yaml: {wrong:?}")))
}

/// What a section begins with, and what it changes.
fn given(all: Option<&Value>, section: &Value) -> Value {
    let mut given = all.cloned().unwrap_or_else(|| json!({}));
    change(&mut given, &json!({ "ip": "192.0.2.7" }));
    if let Some(own) = section.get("given") {
        change(&mut given, own);
    }
    let without = section.get("without").and_then(Value::as_array);
    for name in without.into_iter().flatten().filter_map(Value::as_str) {
        // `request.body.maybe` stands at `/body/maybe`.
        let path = name.strip_prefix("request.").unwrap_or(name);
        let (parent, member) = path.rsplit_once('.').unwrap_or(("", path));
        let pointer = match parent {
            "" => String::new(),
            parent => format!("/{}", parent.replace('.', "/")),
        };
        if let Some(Value::Object(members)) = given.pointer_mut(&pointer) {
            members.remove(member);
        }
    }
    given
}

/// Members of mappings one by one, everything else whole.
fn change(value: &mut Value, by: &Value) {
    match (value, by) {
        (Value::Object(members), Value::Object(changes)) => {
            for (name, by) in changes {
                change(members.entry(name.clone()).or_insert(Value::Null), by);
            }
        }
        (value, by) => *value = by.clone(),
    }
}
