//! Objects that are part of others, and ids in bodies: drawn last, so that a seed's other operations stay what they are.

use super::{Drawing, one, parameter, rows};
use serde_json::{Map, Value, json};

impl Drawing {
    /// `Part`, which is part of `Alpha`, by every way there is to one; and several of either by a body.
    pub(super) fn parts(
        &mut self,
        policy: &mut Value,
        schemas: &mut Map<String, Value>,
        paths: &mut Map<String, Value>,
    ) {
        let mut part = self.resource("partId");
        if let Some(part) = part.as_object_mut() {
            part.insert("parent".to_owned(), json!("Alpha"));
        }
        let tenants = |resource: Option<&Value>| {
            resource.and_then(|each| each.get("tenant")?.as_bool()) == Some(true)
        };
        let of_part = tenants(Some(&part));
        let resources = policy.get_mut("resources").and_then(Value::as_object_mut);
        let Some(resources) = resources else {
            return;
        };
        let of_alpha = tenants(resources.get("Alpha"));
        resources.insert("Part".to_owned(), part);
        self.below_alpha(of_alpha, of_part, paths);
        let several = self.several("AlphaIds", "Alpha", of_alpha, schemas);
        paths.insert("/alphas/several".to_owned(), json!({ "post": several }));
        let several = self.several("PartIds", "Part", of_part, schemas);
        let parameters = json!([parameter("alphaId", "path")]);
        paths.insert(
            "/alphas/{alphaId}/parts/several".to_owned(),
            json!({ "parameters": parameters, "post": several }),
        );
    }

    fn below_alpha(&mut self, of_alpha: bool, of_part: bool, paths: &mut Map<String, Value>) {
        let alpha = parameter("alphaId", "path");
        let part = parameter("partId", "path");
        let mut owns = json!({ "Part": "list" });
        self.whole(&mut owns, of_alpha);
        let mut list = self.operation("listParts", None, rows("Beta"));
        self.put(&mut list, "owns", owns, 100);
        paths.insert(
            "/alphas/{alphaId}/parts".to_owned(),
            json!({ "parameters": [alpha.clone()], "get": list }),
        );
        let mut item = json!({ "parameters": [alpha, part.clone()] });
        for method in ["get", "delete"] {
            let mut owns = json!({ "Part": self.how(of_part) });
            let both = self.whole(&mut owns, of_alpha);
            let answer = one("200", if both { "Plain" } else { "Beta" });
            let mut operation = self.operation(&format!("{method}Part"), None, answer);
            self.put(&mut operation, "owns", owns, 100);
            if let Some(item) = item.as_object_mut() {
                item.insert(method.to_owned(), operation);
            }
        }
        paths.insert("/alphas/{alphaId}/parts/{partId}".to_owned(), item);
        // Of what the part says that it is part of.
        let mut owns = json!({ "Part": self.how(of_part) });
        self.whole(&mut owns, of_alpha);
        let mut found = self.operation("findPart", None, one("200", "Plain"));
        self.put(&mut found, "owns", owns, 100);
        paths.insert(
            "/parts/{partId}".to_owned(),
            json!({ "parameters": [part], "get": found }),
        );
    }

    /// Says whose the whole is, or leaves that to what holds for it anyhow.
    fn whole(&mut self, owns: &mut Value, tenants: bool) -> bool {
        let said = self.dice.chance(40);
        if let (true, Some(owns)) = (said, owns.as_object_mut()) {
            owns.insert("Alpha".to_owned(), self.how(tenants));
        }
        said
    }

    fn how(&mut self, tenants: bool) -> Value {
        match self.dice.below(4) {
            0 => json!("any"),
            1 if tenants => json!({ "by": "tenant" }),
            _ => json!({ "by": "owner" }),
        }
    }

    /// An operation on all that its body names: a list of ids, or of objects with one each.
    fn several(
        &mut self,
        schema: &str,
        resource: &str,
        tenants: bool,
        schemas: &mut Map<String, Value>,
    ) -> Value {
        let id = json!({ "type": "string", "format": "uuid" });
        let (items, pointer) = match self.dice.below(3) {
            0 => (
                json!({ "type": "object", "required": ["one"], "properties": { "one": id } }),
                "body./all/*/one",
            ),
            1 => (id, "body./all/*"),
            _ => (id, "body./all"),
        };
        let all = json!({ "type": "array", "minItems": 1, "maxItems": 4, "items": items });
        let body = json!({ "type": "object", "required": ["all"], "properties": { "all": all } });
        schemas.insert(schema.to_owned(), body);
        let mut how = match self.how(tenants) {
            Value::String(_) => json!({ "by": "owner", "mode": "read" }),
            how => how,
        };
        if let Some(how) = how.as_object_mut() {
            how.insert("id".to_owned(), json!(pointer));
        }
        let done = json!({ "204": { "description": "Done." } });
        let mut operation = self.operation(&format!("several{resource}"), Some(schema), done);
        self.put(&mut operation, "owns", json!({ resource: how }), 100);
        operation
    }
}
