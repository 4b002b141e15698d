//! Schemas: where one is used, and what each keyword says.

use std::collections::HashMap;

use super::bounds::End;
use super::codes;
use super::free;
use super::gaps;
use super::keys::{self, Shape};
use super::object::{Object, did_you_mean};
use super::reader::Reader;
use super::reference::reference;
use super::{Additional, Composing, Composition, Kind, Schema, SchemaUse, Spanned, Version};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place, Value};

/// The deepest nesting of inline schemas. A reader of an inner stage may recurse as deep.
pub(super) const DEEPEST: usize = 64;

static PROPERTIES: Shape = Shape {
    name: "properties",
    extension: false,
    keys: &[],
};

const KINDS: [(&str, Kind); 6] = [
    ("boolean", Kind::Boolean),
    ("integer", Kind::Integer),
    ("number", Kind::Number),
    ("string", Kind::String),
    ("array", Kind::Array),
    ("object", Kind::Object),
];

/// What other languages call them.
const ELSEWHERE: [(&str, &str); 10] = [
    ("bool", "boolean"),
    ("int", "integer"),
    ("long", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("str", "string"),
    ("text", "string"),
    ("list", "array"),
    ("map", "object"),
    ("dict", "object"),
];

/// Keywords that do something for some kinds only.
const APPLICABLE: [(&[&str], &[Kind]); 4] = [
    (
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
        &[Kind::Integer, Kind::Number],
    ),
    (&["minLength", "maxLength", "pattern"], &[Kind::String]),
    (
        &[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
        ],
        &[Kind::Array],
    ),
    (
        &[
            "properties",
            "required",
            "additionalProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
        ],
        &[Kind::Object],
    ),
];

impl<'d> Reader<'_, 'd> {
    /// The schema of `node`: by name, or written out. `None` when it was refused.
    pub(super) fn schema(&mut self, node: &'d Node) -> Option<SchemaUse> {
        self.schema_or_part(node, false)
    }

    /// As [`Reader::schema`]; of a part of a composition, type and properties may stand in another part.
    fn schema_or_part(&mut self, node: &'d Node, part: bool) -> Option<SchemaUse> {
        if let Some((map, target)) = reference(node) {
            return self.schema_reference(map, target);
        }
        if self.version == Version::V31 && !part && free::is_true(node) {
            return Some(SchemaUse::Inline(Box::new(free::anything(node.place))));
        }
        if self.version == Version::V31 && node.as_bool().is_some() {
            self.gap(&gaps::BOOLEAN_SCHEMA, node.place, "");
            return None;
        }
        if self.depth >= DEEPEST {
            self.gap(&gaps::DEPTH, node.place, "");
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let schema = self.inline(node, part);
        self.depth = self.depth.saturating_sub(1);
        schema.map(|schema| SchemaUse::Inline(Box::new(schema)))
    }

    fn inline(&mut self, node: &'d Node, part: bool) -> Option<Schema> {
        let object = self.object(node, &keys::SCHEMA)?;
        let composed = part || composed(&object);
        let free = !part && free::is_free(&object);
        let (kind, null) = self.kind(&object, composed || free);
        // Of any JSON, null is one.
        let nullable = (null || self.flag(&object, "nullable")) && !free;
        let only_null = object.get("type").map(|node| node.place);
        let only_null = only_null.filter(|_| null && kind.is_none());
        if let (Some((key, _)), None) = (object.map.entry("nullable"), object.get("type"))
            && composed
            && nullable
        {
            self.gap(&gaps::NULLABLE_ALONE, key.place, "");
        }
        let properties = self.properties(&object);
        let values = self.values(&object);
        let names = self.names(&object, values.is_some() && properties.is_empty());
        let required = self.required_names(&object, &properties, composed);
        let (items, max_items) = self.listed(&object, kind.as_ref());
        let schema = Schema {
            place: object.place,
            free,
            nullable,
            title: self.optional_text(&object, "title"),
            description: self.optional_text(&object, "description"),
            format: self.spanned_text(&object, "format"),
            enumeration: self.enumeration(&object),
            constant: object.get("const").cloned(),
            default: object.get("default").cloned(),
            minimum: self.bound(&object, End::Lower),
            maximum: self.bound(&object, End::Upper),
            multiple_of: self.multiple_of(&object),
            min_length: self.count(&object, "minLength"),
            max_length: self.count(&object, "maxLength"),
            pattern: self.spanned_text(&object, "pattern"),
            items,
            min_items: self.count(&object, "minItems"),
            max_items,
            unique_items: self.flag(&object, "uniqueItems"),
            properties,
            required,
            additional: self.additional(&object, values.is_some()),
            values,
            names,
            min_properties: self.count(&object, "minProperties"),
            max_properties: self.count(&object, "maxProperties"),
            read_only: self.flag(&object, "readOnly"),
            write_only: self.flag(&object, "writeOnly"),
            only_null,
            choice: self.choice(&object),
            compositions: self.compositions(&object),
            excluded: Vec::new(),
            extension: object.extension(),
            kind,
        };
        if let Some(docs) = object.get("externalDocs") {
            self.object(docs, &keys::EXTERNAL_DOCS);
        }
        self.check_applicable(&object, schema.kind.as_ref());
        self.check_bounds(&schema);
        self.check_values(&schema);
        if schema.read_only && schema.write_only {
            let place = object
                .get("writeOnly")
                .map_or(object.place, |node| node.place);
            let message = "a schema that is both `readOnly` and `writeOnly` can never be used";
            self.fail(codes::CONTRADICTION, place, message, "keep one of the two");
        }
        Some(schema)
    }

    /// The one non-null type, and whether null is among them.
    fn kind(&mut self, object: &Object<'d>, composed: bool) -> (Option<Spanned<Kind>>, bool) {
        let Some(node) = object.get("type") else {
            // With allOf and the like the type may stand in another part; of any JSON there is none.
            if !composed {
                self.gap(&gaps::NO_TYPE, object.place, "");
            }
            return (None, false);
        };
        let Some(list) = node.as_list() else {
            return match self.one_kind(node) {
                Some(Named::Kind(kind)) => (Some(kind), false),
                Some(Named::Null) => {
                    // As an alternative it says what `nullable` says.
                    if !composed {
                        self.gap(&gaps::NULL_TYPE, node.place, "");
                    }
                    (None, true)
                }
                None => (None, false),
            };
        };
        if self.version == Version::V30 {
            let message = "a list of types needs OpenAPI 3.1; this document is 3.0";
            let diagnostic = Diagnostic::new(codes::OTHER_VERSION, node.place, message);
            self.push(
                diagnostic.help("write one type, and `nullable: true` where null is allowed"),
            );
            return (None, false);
        }
        let (mut kinds, mut null, mut wrong) = (Vec::new(), false, list.is_empty());
        for item in list {
            match self.one_kind(item) {
                Some(Named::Kind(kind)) => kinds.push(kind),
                Some(Named::Null) => null = true,
                None => wrong = true,
            }
        }
        if list.is_empty() {
            let help = "name one, and `'null'` beside it where null is allowed";
            self.fail(codes::VALUE, node.place, "`type` names no type", help);
        }
        match kinds.len() {
            1 => (kinds.pop(), null),
            0 if wrong => (None, null),
            0 => {
                if !composed {
                    self.gap(&gaps::NULL_TYPE, node.place, "");
                }
                (None, null)
            }
            _ => {
                self.gap(&gaps::SEVERAL_TYPES, node.place, "");
                (None, null)
            }
        }
    }

    fn one_kind(&mut self, node: &'d Node) -> Option<Named> {
        let text = self.text(node, "type")?;
        if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == text) {
            return Some(Named::Kind(Spanned {
                value: *kind,
                place: node.place,
            }));
        }
        if text == "null" && self.version == Version::V31 {
            return Some(Named::Null);
        }
        let message = format!("`{text}` is not a type");
        let diagnostic = Diagnostic::new(codes::VALUE, node.place, message);
        if text == "null" {
            self.push(diagnostic.help("in OpenAPI 3.0 write `nullable: true` beside the type"));
        } else {
            let other = ELSEWHERE.iter().find(|(name, _)| *name == text);
            let near = match other {
                Some((_, kind)) => Some(*kind),
                None => self.near(text, KINDS.iter().map(|(name, _)| *name)),
            };
            let help = "it is one of boolean, integer, number, string, array, object";
            self.push(did_you_mean(diagnostic, text, near, help));
        }
        None
    }

    fn spanned_text(&mut self, object: &Object<'d>, key: &'static str) -> Option<Spanned<String>> {
        let node = object.get(key)?;
        self.text(node, key).map(|text| Spanned {
            value: text.to_owned(),
            place: node.place,
        })
    }

    /// What the items are, and how many at most.
    fn listed(
        &mut self,
        object: &Object<'d>,
        kind: Option<&Spanned<Kind>>,
    ) -> (Option<Box<SchemaUse>>, Option<Spanned<u64>>) {
        let most = self.count(object, "maxItems");
        if object.get("prefixItems").is_none() || self.version == Version::V30 {
            return (self.items(object, kind), most);
        }
        // A tuple that was refused was refused as a whole.
        let Some(tuple) = self.tuple(object) else {
            return (None, most);
        };
        let fewer = most.filter(|most| most.value < tuple.most.value);
        (Some(tuple.items), Some(fewer.unwrap_or(tuple.most)))
    }

    fn items(
        &mut self,
        object: &Object<'d>,
        kind: Option<&Spanned<Kind>>,
    ) -> Option<Box<SchemaUse>> {
        match object.get("items") {
            Some(node) => self.schema(node).map(Box::new),
            None => {
                if kind.is_some_and(|kind| kind.value == Kind::Array) {
                    match self.version {
                        Version::V30 => {
                            let message = "an array must have the key `items`";
                            self.fail(codes::MISSING, object.place, message, "add `items`");
                        }
                        Version::V31 => self.gap(&gaps::FREE_ITEMS, object.place, ""),
                    }
                }
                None
            }
        }
    }

    fn properties(&mut self, object: &Object<'d>) -> Vec<(Spanned<String>, SchemaUse)> {
        let Some(node) = object.get("properties") else {
            return Vec::new();
        };
        let mut properties = Vec::new();
        for (key, node) in self.entries(node, &PROPERTIES, false) {
            if let Some(schema) = self.schema(node) {
                let name = Spanned {
                    value: key.text.clone(),
                    place: key.place,
                };
                properties.push((name, schema));
            }
        }
        properties
    }

    /// The compositions as they are written, in document order.
    fn compositions(&mut self, object: &Object<'d>) -> Vec<Composition> {
        let mut found = Vec::new();
        for (key, node) in &object.map.entries {
            let mut keywords = Composing::ALL.into_iter();
            let Some(keyword) = keywords.find(|keyword| keyword.word() == key.text) else {
                continue;
            };
            let list = self.list(node, keyword.word());
            if list.is_some_and(<[Node]>::is_empty) {
                let message = format!("`{}` names no schema", keyword.word());
                let help = "list one, or remove it";
                self.fail(codes::VALUE, node.place, message, help);
            }
            let list = list.unwrap_or_default();
            let parts: Vec<SchemaUse> = list
                .iter()
                .filter_map(|node| self.schema_or_part(node, true))
                .collect();
            self.composes = true;
            found.push(Composition {
                keyword,
                place: key.place,
                whole: !list.is_empty() && parts.len() == list.len(),
                parts,
            });
        }
        found
    }

    /// `required`. What it names must be declared: a name that is not could never be sent.
    fn required_names(
        &mut self,
        object: &Object<'d>,
        properties: &[(Spanned<String>, SchemaUse)],
        composed: bool,
    ) -> Vec<Spanned<String>> {
        let Some(node) = object.get("required") else {
            return Vec::new();
        };
        if node.as_bool().is_some() {
            let message = "`required` of a schema is a list of its properties, not a boolean";
            let help = "name the property in `required` of the object that has it";
            self.fail(codes::KIND, node.place, message, help);
            return Vec::new();
        }
        let Some(list) = self.list(node, "required") else {
            return Vec::new();
        };
        let declared = object.get("properties").and_then(Node::as_map);
        let declared: HashMap<&str, ()> = declared
            .into_iter()
            .flat_map(|map| map.entries.iter())
            .map(|(key, _)| (key.text.as_str(), ()))
            .collect();
        let mut first: HashMap<&str, Place> = HashMap::new();
        let mut required = Vec::with_capacity(list.len());
        for node in list {
            let Some(name) = self.text(node, "required") else {
                continue;
            };
            if let Some(&earlier) = first.get(name) {
                let message = format!("`required` names `{name}` twice");
                let diagnostic = Diagnostic::new(codes::VALUE, node.place, message);
                let diagnostic = diagnostic.related(earlier, "first named here");
                self.push(diagnostic.help("remove one of the two"));
                continue;
            }
            first.insert(name, node.place);
            if !composed && !declared.contains_key(name) {
                let names: Vec<&str> = properties.iter().map(|(name, _)| &*name.value).collect();
                let near = self.near(name, names.into_iter());
                let message =
                    format!("`required` names `{name}`, which `properties` does not have");
                let diagnostic = Diagnostic::new(codes::UNDECLARED_PROPERTY, node.place, message);
                let help = "declare it in `properties`, or remove it from `required`";
                self.push(did_you_mean(diagnostic, name, near, help));
            }
            required.push(Spanned {
                value: name.to_owned(),
                place: node.place,
            });
        }
        required
    }

    /// What the members are that are not declared: `true` and `{}` say that it is any JSON.
    fn values(&mut self, object: &Object<'d>) -> Option<Box<SchemaUse>> {
        let node = object.get("additionalProperties")?;
        if free::is_true(node) {
            let any = free::anything(node.place);
            return Some(Box::new(SchemaUse::Inline(Box::new(any))));
        }
        node.as_map()?;
        self.schema(node).map(Box::new)
    }

    /// `propertyNames`, where the object is one whose names are data. Names are strings, whether it says so or not.
    fn names(&mut self, object: &Object<'d>, data: bool) -> Option<Box<SchemaUse>> {
        let (key, node) = object.map.entry("propertyNames")?;
        let mut used = self.schema_or_part(node, true)?;
        if let SchemaUse::Inline(schema) = &mut used {
            if schema.is_any_text() {
                return None;
            }
            let place = schema.place;
            schema.kind.get_or_insert(Spanned {
                value: Kind::String,
                place,
            });
        }
        if !data {
            self.gap(&gaps::PROPERTY_NAMES, key.place, "");
            return None;
        }
        Some(Box::new(used))
    }

    fn additional(&mut self, object: &Object<'d>, typed: bool) -> Additional {
        match object.map.entry("additionalProperties") {
            Some((key, _)) if typed => Additional::Open(key.place),
            None => Additional::Absent,
            Some((_, node)) if node.as_bool() == Some(false) => Additional::Forbidden,
            Some((key, node)) => {
                // What it says was refused already.
                if node.as_map().is_some() {
                    return Additional::Open(key.place);
                } else {
                    let message = format!(
                        "`additionalProperties` must be false or a schema, not {}",
                        node.kind()
                    );
                    self.fail(
                        codes::KIND,
                        node.place,
                        message,
                        "write `false`, or remove it",
                    );
                }
                Additional::Absent
            }
        }
    }

    /// A keyword of another type would silently do nothing.
    fn check_applicable(&mut self, object: &Object<'d>, kind: Option<&Spanned<Kind>>) {
        let Some(kind) = kind else {
            return;
        };
        for (key, value) in &object.map.entries {
            if key.text == "required" && value.as_bool().is_some() {
                // Said already, with the way out that was meant.
                continue;
            }
            let rule = APPLICABLE
                .iter()
                .find(|(names, _)| names.contains(&key.text.as_str()));
            if let Some((_, kinds)) = rule
                && !kinds.contains(&kind.value)
            {
                let name = KINDS.iter().find(|(_, known)| *known == kind.value);
                let name = name.map_or("", |(name, _)| name);
                let message = format!("`{}` does nothing for the type `{name}`", key.text);
                let diagnostic = Diagnostic::new(codes::INAPPLICABLE, key.place, message);
                let diagnostic = diagnostic.related(kind.place, "the type");
                self.push(diagnostic.help("remove it, or correct the `type`"));
            }
        }
    }
}

enum Named {
    Kind(Spanned<Kind>),
    Null,
}

/// Whether other keywords could hold the type or the properties.
fn composed(object: &Object<'_>) -> bool {
    const COMPOSING: [&str; 8] = [
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "if",
        "then",
        "else",
        "$dynamicRef",
    ];
    COMPOSING.iter().any(|name| object.get(name).is_some())
}

/// Whether `node` can be a value of the type. An integer has no fractional part (ruling 95).
pub(super) fn fits(kind: Kind, nullable: bool, node: &Node) -> bool {
    match (&node.value, kind) {
        (Value::Null, _) => nullable,
        (Value::Bool(_), Kind::Boolean)
        | (Value::Number(_), Kind::Number)
        | (Value::String(_), Kind::String)
        | (Value::List(_), Kind::Array)
        | (Value::Map(_), Kind::Object) => true,
        (Value::Number(lexeme), Kind::Integer) => {
            crate::decimal::Decimal::parse(lexeme).is_some_and(|number| number.is_integer())
        }
        _ => false,
    }
}
