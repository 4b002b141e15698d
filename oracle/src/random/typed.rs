//! Bodies and replies that are no objects: maps, lists, lists of maps, and plain values; bodies of DELETE.

use super::{Drawing, one};
use serde_json::{Map, Value, json};

impl Drawing {
    /// The sheets of an object: an operation for each method, each with a body and an answer of its own.
    pub(super) fn typed(
        &mut self,
        resource: &str,
        param: &str,
        schemas: &mut Map<String, Value>,
        paths: &mut Map<String, Value>,
    ) {
        let entry = format!("{resource}Entry");
        schemas.insert(entry.clone(), self.object(4, false, false));
        let folder = format!("/{}s", resource.to_ascii_lowercase());
        let mut item = json!({ "parameters": [self.parameter(param, "path")] });
        for method in ["get", "put", "delete"] {
            let id = format!("{method}{resource}Sheets");
            let (body, answer) = (format!("{id}Body"), format!("{id}Answer"));
            schemas.insert(answer.clone(), self.answer(&entry));
            let taken = method != "get";
            if taken {
                schemas.insert(body.clone(), self.body(&entry));
            }
            // Which of them says what a success is, where no status does.
            let status = match method {
                "get" => "default",
                "put" => "2XX",
                _ => "200",
            };
            let mut operation = self.sheets(&id, taken.then_some(&body), one(status, &answer));
            let owns = self.owns(resource);
            self.put(&mut operation, "owns", owns, 95);
            if let Some(item) = item.as_object_mut() {
                item.insert(method.to_owned(), operation);
            }
        }
        paths.insert(format!("{folder}/{{{param}}}/sheets"), item);
        let id = format!("put{resource}Words");
        let mut words = self.operation(&id, None, spelled());
        if let Some(words) = words.as_object_mut() {
            let content =
                json!({ "text/plain": { "schema": { "type": "integer", "maximum": 9 } } });
            let body = json!({ "required": true, "content": content });
            words.insert("requestBody".to_owned(), body);
        }
        let owns = self.owns(resource);
        self.put(&mut words, "owns", owns, 95);
        let parameters = json!([self.parameter(param, "path")]);
        paths.insert(
            format!("{folder}/{{{param}}}/words"),
            json!({ "parameters": parameters, "put": words }),
        );
        // Of what is created here nobody is the owner: it is no object.
        let id = format!("post{resource}Sheets");
        let (body, answer) = (format!("{id}Body"), format!("{id}Answer"));
        schemas.insert(body.clone(), self.body(&entry));
        schemas.insert(answer.clone(), self.answer(&entry));
        let post = self.sheets(&id, Some(&body), one("201", &answer));
        paths.insert(format!("{folder}/sheets"), json!({ "post": post }));
    }

    /// Never a form: its pairs have names.
    fn sheets(&mut self, id: &str, body: Option<&String>, answer: Value) -> Value {
        let mut operation = self.operation(id, None, answer);
        if let (Some(body), Some(members)) = (body, operation.as_object_mut()) {
            let body = super::request(body, &["application/json"]);
            members.insert("requestBody".to_owned(), body);
        }
        operation
    }

    fn body(&mut self, entry: &str) -> Value {
        let object = json!({ "$ref": format!("#/components/schemas/{entry}") });
        match self.dice.below(8) {
            0 | 1 => map(&object),
            6 => json!({}),
            7 => map(&json!({})),
            2 => list(&object),
            3 => list(&map(&object)),
            4 => map(&list(&object)),
            _ => json!({ "type": "string", "maxLength": 60 }),
        }
    }

    /// A list of objects would be rows.
    fn answer(&mut self, entry: &str) -> Value {
        let object = json!({ "$ref": format!("#/components/schemas/{entry}") });
        match self.dice.below(8) {
            0 | 1 => map(&object),
            6 => json!({}),
            7 => map(&json!({})),
            2 => list(&map(&object)),
            3 => map(&list(&object)),
            4 => map(&map(&object)),
            _ => list(&json!({ "type": "integer", "minimum": 0, "maximum": 9 })),
        }
    }
}

fn map(values: &Value) -> Value {
    json!({ "type": "object", "minProperties": 1, "maxProperties": 3, "additionalProperties": values })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "maxItems": 5, "items": items })
}

/// An answer of plain text.
fn spelled() -> Value {
    let content = json!({ "text/plain": { "schema": { "type": "string" } } });
    json!({ "200": { "description": "A word.", "content": content } })
}
