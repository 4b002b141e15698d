//! Which parameters identify objects, and of which kind (ruling 19).

use crate::document::{Map, Node, Value};
use crate::outline::{Operation, Outline, Parameter, Path};
use heck::ToUpperCamelCase;
use std::collections::{BTreeMap, BTreeSet};

/// A path variable that identifies something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Id {
    /// The name of the resource.
    Of(String),
    /// No resource can be declared for it, and why.
    Unclear(String),
}

/// All path variables that look like an id, by name, in the order in which they come up.
pub(super) struct Ids {
    pub by_name: BTreeMap<String, Id>,
    pub order: Vec<String>,
    /// The schema that an id has in most operations.
    schemas: BTreeMap<String, String>,
}

impl Ids {
    pub(super) fn of(outline: &Outline) -> Ids {
        let mut kinds: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut order: Vec<String> = Vec::new();
        let mut schemas: BTreeMap<&str, Vec<(String, usize)>> = BTreeMap::new();
        for (path, operation) in outline.operations() {
            for parameter in variables(outline, path, operation) {
                if !kinds.contains_key(parameter.name) {
                    order.push(parameter.name.to_owned());
                }
                let kind = kind(parameter.name, &path.key.text);
                kinds.entry(parameter.name).or_default().insert(kind);
                let schema = schema(outline, &parameter);
                let known = schemas.entry(parameter.name).or_default();
                match known.iter_mut().find(|(other, _)| *other == schema) {
                    Some((_, count)) => *count = count.saturating_add(1),
                    None => known.push((schema, 1)),
                }
            }
        }
        let clashes = clashes(outline, &order);
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut by_name = BTreeMap::new();
        for name in &order {
            let kinds = kinds.get(name.as_str());
            let kinds: Vec<&str> = kinds.into_iter().flatten().map(String::as_str).collect();
            let id = match (clashes.get(name.as_str()), kinds.as_slice()) {
                (Some(why), _) => Id::Unclear(why.clone()),
                (None, [one]) => {
                    let wanted = [(*one).to_owned(), name.to_upper_camel_case()];
                    let free = wanted.into_iter().find(|name| taken.insert(name.clone()));
                    free.map_or_else(
                        || Id::Unclear(format!("`{name}` has the name of another resource")),
                        Id::Of,
                    )
                }
                (None, several) => Id::Unclear(format!(
                    "`{name}` identifies objects of several kinds ({}); give each its own name",
                    several.join(", ")
                )),
            };
            by_name.insert(name.clone(), id);
        }
        // The first of the most frequent.
        let schemas = schemas.into_iter().filter_map(|(name, all)| {
            let most = all.iter().map(|(_, count)| *count).max()?;
            let (schema, _) = all.into_iter().find(|(_, count)| *count == most)?;
            Some((name.to_owned(), schema))
        });
        Ids {
            by_name,
            order,
            schemas: schemas.collect(),
        }
    }

    /// Whether the parameter has the schema that the id has elsewhere.
    pub(super) fn is_usual(&self, outline: &Outline, parameter: &Parameter) -> bool {
        let usual = self.schemas.get(parameter.name);
        usual.is_none_or(|usual| *usual == schema(outline, parameter))
    }

    /// The resource that a parameter in path or query identifies.
    pub(super) fn resource(&self, parameter: &Parameter) -> Option<&str> {
        match self.by_name.get(parameter.name) {
            Some(Id::Of(name)) if matches!(parameter.location, "path" | "query") => Some(name),
            _ => None,
        }
    }
}

/// The path variables of an operation that look like ids.
pub(super) fn variables<'d>(
    outline: &Outline<'d>,
    path: &Path<'d>,
    operation: &Operation<'d>,
) -> Vec<Parameter<'d>> {
    let parameters = outline.parameters(path, operation).into_iter();
    parameters
        .filter(|each| each.location == "path" && looks_like_id(each.name))
        .collect()
}

/// Ruling 19.
fn looks_like_id(name: &str) -> bool {
    matches!(name, "id" | "uuid" | "guid" | "key") || stem(name).is_some()
}

/// What stands before the end that makes a name an id.
fn stem(name: &str) -> Option<&str> {
    ["Id", "ID", "_id", "-id", "Uuid", "_uuid"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .filter(|stem| !stem.to_upper_camel_case().is_empty())
}

/// `patientId` → `Patient`; `id` in `/patients/{id}` → `Patient`.
fn kind(name: &str, path: &str) -> String {
    if let Some(stem) = stem(name) {
        return stem.to_upper_camel_case();
    }
    let variable = format!("{{{name}}}");
    let before = path.split('/').take_while(|segment| *segment != variable);
    let literal = before
        .filter(|segment| !segment.is_empty() && !segment.contains(['{', '}']))
        .last();
    let kind = singular(literal.unwrap_or_default()).to_upper_camel_case();
    match kind.is_empty() {
        true => "Object".to_owned(),
        false => kind,
    }
}

/// Good enough for a name that a person reads before they use it.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    for end in ["ses", "xes", "ches", "shes"] {
        if word.ends_with(end) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// Names that a resource cannot have as its `param`, since another parameter would carry an id past the proof.
fn clashes<'o>(outline: &Outline, names: &'o [String]) -> BTreeMap<&'o str, String> {
    let folded: BTreeMap<String, Vec<&str>> =
        names.iter().fold(BTreeMap::new(), |mut all, name| {
            let same: &mut Vec<&str> = all.entry(fold(name)).or_default();
            same.push(name);
            all
        });
    let mut clashes = BTreeMap::new();
    for (path, operation) in outline.operations() {
        let parameters = outline.parameters(path, operation);
        for parameter in &parameters {
            for name in folded.get(&fold(parameter.name)).into_iter().flatten() {
                let twice = || {
                    let ids = parameters.iter().filter(|each| each.name == *name);
                    ids.count() > 1
                };
                let why = if parameter.name != *name {
                    format!("`{name}` is spelt `{}` elsewhere", parameter.name)
                } else if matches!(parameter.location, "header" | "cookie") {
                    format!("`{name}` is a {} parameter, too", parameter.location)
                } else if twice() {
                    format!("`{name}` is taken twice by one operation")
                } else {
                    continue;
                };
                clashes.entry(*name).or_insert(why);
            }
        }
    }
    let names: BTreeMap<&str, &String> = names.iter().map(|name| (name.as_str(), name)).collect();
    clashes
        .into_iter()
        .filter_map(|(name, why)| Some((names.get(name)?.as_str(), why)))
        .collect()
}

/// As [`crate::policy`] compares ids: without what people vary when they mean the same name.
fn fold(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '-' | '_'));
    kept.flat_map(char::to_lowercase).collect()
}

/// The schema of a parameter in a form that can be compared; what only describes is left out.
fn schema(outline: &Outline, parameter: &Parameter) -> String {
    let node = parameter.map.get("schema");
    let map = node
        .and_then(|node| outline.resolve(node))
        .and_then(Node::as_map);
    let mut text = String::new();
    if let Some(map) = map {
        write(map, &mut text);
    }
    text
}

fn write(map: &Map, out: &mut String) {
    const WORDS: [&str; 8] = [
        "description",
        "title",
        "example",
        "examples",
        "default",
        "deprecated",
        "xml",
        "externalDocs",
    ];
    let mut members: Vec<String> = Vec::new();
    for (key, node) in &map.entries {
        if WORDS.contains(&key.text.as_str()) || key.text.starts_with("x-") {
            continue;
        }
        let value = match &node.value {
            Value::Map(map) => {
                let mut inner = String::new();
                write(map, &mut inner);
                inner
            }
            other => value(other),
        };
        members.push(format!("{:?}:{value}", key.text));
    }
    members.sort();
    out.push_str(&format!("{{{}}}", members.join(",")));
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(lexeme) => lexeme.clone(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| self::value(&item.value)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(map) => {
            let mut inner = String::new();
            write(map, &mut inner);
            inner
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_by_ruling_19() {
        for (name, is) in [
            ("patientId", true),
            ("petID", true),
            ("user_id", true),
            ("order-id", true),
            ("noteUuid", true),
            ("id", true),
            ("uuid", true),
            ("guid", true),
            ("key", true),
            ("pk", false),
            ("paid", false),
            ("username", false),
            ("issueIdOrKey", false),
        ] {
            assert_eq!(looks_like_id(name), is, "{name}");
        }
    }

    #[test]
    fn kinds_are_singular() {
        for (name, path, wanted) in [
            ("patientId", "/x/{patientId}", "Patient"),
            ("id", "/patients/{id}", "Patient"),
            ("id", "/v1/companies/{id}/x", "Company"),
            ("uuid", "/boxes/{uuid}", "Box"),
            ("id", "/status/{id}", "Status"),
            ("id", "/address/{id}", "Address"),
            ("id", "/{id}", "Object"),
            ("user_id", "/u/{user_id}", "User"),
        ] {
            assert_eq!(kind(name, path), wanted, "{path}");
        }
    }
}
