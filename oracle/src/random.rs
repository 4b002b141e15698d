//! Documents that nobody would write by hand: small policies drawn by a seeded generator, the same on every machine.
//!
//! Every key of the vocabulary that decides who may do what occurs, on every level on which it may stand. A construct that
//! palisade refuses by name stays in: whoever runs the documents counts it.

mod parts;
mod typed;

use serde_json::{Map, Value, json};

/// SplitMix64: a seed, and everything follows.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    /// In `of` out of a hundred.
    fn chance(&mut self, of: usize) -> bool {
        self.below(100) < of
    }

    /// One of them.
    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// Some of them, in their order, at least one.
    fn some(&mut self, of: &[String]) -> Vec<String> {
        let mut chosen: Vec<String> = of.to_vec();
        chosen.retain(|_| self.chance(40));
        if chosen.is_empty() {
            chosen.extend(self.one(of).cloned());
        }
        chosen
    }
}

const ROLES: [&str; 4] = ["guest", "member", "editor", "chief"];
const SCOPES: [&str; 2] = ["items:read", "items:write"];

/// The document of a seed.
pub fn document(seed: u64) -> Value {
    let mut dice = Dice::new(seed);
    let count = 1 + dice.below(ROLES.len());
    let mut drawn = Drawing {
        new: dice.chance(60),
        oauth: dice.chance(40),
        partner: dice.chance(25),
        roles: ROLES.iter().take(count).map(ToString::to_string).collect(),
        default: None,
        dice,
        numbers: Dice::new(seed.rotate_left(32)).chance(50),
        ways: Dice::new(!seed),
    };
    drawn.document(seed)
}

struct Drawing {
    dice: Dice,
    /// For how bodies are written.
    ways: Dice,
    /// Ids of `Beta` are numbers.
    numbers: bool,
    /// OpenAPI 3.1, else 3.0.
    new: bool,
    /// The scheme has scopes.
    oauth: bool,
    /// There are keys beside the tokens.
    partner: bool,
    roles: Vec<String>,
    /// `defaults.access`.
    default: Option<Value>,
}

impl Drawing {
    fn document(&mut self, seed: u64) -> Value {
        let roles: Map<String, Value> = (0..self.roles.len()).map(|at| self.role(at)).collect();
        let two = self.dice.chance(60);
        let mut resources = Map::new();
        resources.insert("Alpha".to_owned(), self.resource("alphaId"));
        if two {
            resources.insert("Beta".to_owned(), self.resource("betaId"));
        }
        if self.dice.chance(40) {
            self.default = Some(match self.dice.below(3) {
                0 => json!("authenticated"),
                1 => json!("denied"),
                _ => json!(self.dice.some(&self.roles)),
            });
        }
        let mut auth = Map::new();
        auth.insert("login".to_owned(), json!({
            "issuer": "https://id.example.com", "audience": "oracle", "algorithms": ["EdDSA"], "keys": "env:ORACLE_KEYS",
        }));
        let mut schemes = Map::new();
        schemes.insert("login".to_owned(), self.scheme());
        if self.partner {
            let roles = self.dice.some(&self.roles);
            let entry = json!({ "keys": "env:ORACLE_PARTNERS", "roles": roles });
            auth.insert("partner".to_owned(), entry);
            let scheme = json!({ "type": "apiKey", "in": "header", "name": "X-Partner-Key" });
            schemes.insert("partner".to_owned(), scheme);
        }
        let mut policy = json!({
            "version": 1,
            "auth": auth,
            "roles": roles,
            "resources": resources,
        });
        let policies = json!({ "first": self.policy(true), "second": self.policy(true) });
        if let Some(policy) = policy.as_object_mut() {
            policy.insert("policies".to_owned(), policies);
        }
        if let (Some(access), Some(policy)) = (&self.default, policy.as_object_mut()) {
            policy.insert("defaults".to_owned(), json!({ "access": access }));
        }
        let mut schemas = Map::new();
        schemas.insert(
            "Grade".to_owned(),
            json!({ "type": "string", "enum": ["low", "high"] }),
        );
        schemas.insert("Detail".to_owned(), self.object(2, false, false));
        schemas.insert("Choice".to_owned(), self.choice());
        schemas.insert("Alpha".to_owned(), self.object(6, true, true));
        schemas.insert("Beta".to_owned(), self.object(4, true, false));
        // Of two objects it is not said whose an answer is, so nobody receives anything as the owner.
        schemas.insert(
            "Plain".to_owned(),
            json!({ "type": "object", "required": ["id"], "properties": { "id": id() } }),
        );
        let mut paths = Map::new();
        self.resource_paths("Alpha", "alphaId", &mut paths);
        if two {
            self.resource_paths("Beta", "betaId", &mut paths);
            self.pairs(&mut paths);
        }
        self.others(&mut paths);
        self.typed("Alpha", "alphaId", &mut schemas, &mut paths);
        if two {
            self.typed("Beta", "betaId", &mut schemas, &mut paths);
        }
        if self.dice.chance(60) {
            self.parts(&mut policy, &mut schemas, &mut paths);
        }
        json!({
            "openapi": if self.new { "3.1.0" } else { "3.0.3" },
            "info": { "title": format!("Random {seed}"), "version": "1" },
            "x-security": policy,
            "security": self.root_security(),
            "paths": paths,
            "components": { "securitySchemes": schemes, "schemas": schemas },
        })
    }

    /// A role may include those before it.
    fn role(&mut self, at: usize) -> (String, Value) {
        let mut includes = self.roles.get(..at).unwrap_or_default().to_vec();
        includes.retain(|_| self.dice.chance(40));
        let name = self.roles.get(at).cloned().unwrap_or_default();
        (name, json!({ "includes": includes }))
    }

    fn resource(&mut self, param: &str) -> Value {
        let mut resource = json!({
            "param": param, "tenant": self.dice.chance(50),
            "attributes": { "keeper": "string", "level": "integer", "open": "boolean", "readers": "strings", "until": "time" },
        });
        let bypass = match self.dice.chance(60) {
            true => self.dice.some(&self.roles),
            false => Vec::new(),
        };
        if let Some(resource) = resource.as_object_mut() {
            resource.insert("bypass".to_owned(), json!(bypass));
            if self.dice.chance(50) {
                let status = if self.dice.chance(60) { 403 } else { 404 };
                resource.insert("onDenied".to_owned(), json!(status));
            }
        }
        resource
    }

    fn scheme(&self) -> Value {
        if self.oauth {
            let scopes = json!({ SCOPES[0]: "Read.", SCOPES[1]: "Write." });
            let flow = json!({ "tokenUrl": "https://id.example.com/token", "scopes": scopes });
            json!({ "type": "oauth2", "flows": { "clientCredentials": flow } })
        } else {
            json!({ "type": "http", "scheme": "bearer" })
        }
    }

    /// What the list of the scheme may name: scopes, in 3.1 roles, in 3.0 nothing.
    fn asked(&mut self) -> Vec<String> {
        match (self.oauth, self.new) {
            (true, _) => self.dice.some(&SCOPES.map(str::to_owned)),
            (false, true) => self.dice.one(&self.roles).cloned().into_iter().collect(),
            (false, false) => Vec::new(),
        }
    }

    fn root_security(&mut self) -> Value {
        let asked = if self.dice.chance(20) {
            self.asked()
        } else {
            Vec::new()
        };
        self.alternatives(asked)
    }

    /// The scheme with tokens; where there are keys, too, one of them, both, or each by itself.
    fn alternatives(&mut self, asked: Vec<String>) -> Value {
        match (self.partner, self.dice.below(5)) {
            (true, 0) => json!([{ "login": asked }, { "partner": [] }]),
            (true, 1) => json!([{ "partner": [] }, { "login": asked }]),
            (true, 2) => json!([{ "login": asked, "partner": [] }]),
            (true, 3) => json!([{ "partner": [] }]),
            _ => json!([{ "login": asked }]),
        }
    }

    /// An expression over whoever calls and, where there is one, an object; some cannot be decided of every object.
    fn policy(&mut self, object: bool) -> String {
        let count = 1 + self.dice.below(3);
        let mut text = self.atom(object);
        for _ in 1..count {
            let more = self.atom(object);
            text = match self.dice.below(4) {
                0 | 1 => format!("{text} || {more}"),
                2 => format!("({text}) && {more}"),
                _ => format!("({text}) ? {more} : principal.subject != 'eve'"),
            };
        }
        text
    }

    fn atom(&mut self, object: bool) -> String {
        let role = self.dice.one(&self.roles).cloned().unwrap_or_default();
        let role = format!("'{role}' in principal.roles");
        if !object {
            let of_caller = [
                role.clone(),
                format!("!({role})"),
                "principal.subject in ['ada', 'bob']".to_owned(),
                "has(principal.tenant) && principal.tenant == 'north'".to_owned(),
                "principal.tenant != 'south'".to_owned(),
                "principal.subject.startsWith('e')".to_owned(),
                "request.method == 'GET' || size(principal.subject) < 4 && request.ip != ''"
                    .to_owned(),
            ];
            return self.dice.one(&of_caller).cloned().unwrap_or_default();
        }
        let of_object = [
            role,
            "resource.owner == principal.subject".to_owned(),
            "resource.keeper == principal.subject".to_owned(),
            "has(resource.keeper) && resource.keeper != ''".to_owned(),
            "principal.subject in resource.readers".to_owned(),
            "resource.readers.exists(each, each == principal.subject)".to_owned(),
            "!resource.readers.all(each, each.matches('^[a-z]{3}$'))".to_owned(),
            "size(resource.readers) - 1 < resource.level".to_owned(),
            "resource.level % 3 == 0".to_owned(),
            "resource.level * 2 > 5".to_owned(),
            "!resource.open".to_owned(),
            "has(resource.open) && resource.open".to_owned(),
            "request.time < resource.until".to_owned(),
            "request.time - resource.until > duration('24h')".to_owned(),
            "resource.version == 1".to_owned(),
        ];
        self.dice.one(&of_object).cloned().unwrap_or_default()
    }

    /// A form of `access` that asks for a caller.
    fn access(&mut self) -> Value {
        match self.dice.below(6) {
            0 => json!("authenticated"),
            1 | 2 => json!(self.dice.one(&self.roles)),
            3 => json!(self.dice.some(&self.roles)),
            _ => {
                let mut access = Map::new();
                if self.dice.chance(60) {
                    access.insert("roles".to_owned(), json!(self.dice.some(&self.roles)));
                }
                if self.dice.chance(40) {
                    access.insert("allRoles".to_owned(), json!(self.dice.some(&self.roles)));
                }
                if self.oauth && !self.partner && self.dice.chance(60) {
                    let scopes = self.dice.some(&SCOPES.map(str::to_owned));
                    access.insert("scopes".to_owned(), json!(scopes));
                }
                if self.dice.chance(30) {
                    access.insert("policy".to_owned(), json!(self.policy(false)));
                }
                // The holder of a key has authenticated in no class.
                if !self.partner && self.dice.chance(20) {
                    let classes = [json!("gold"), json!(["silver", "gold"])];
                    access.insert("acr".to_owned(), json!(self.dice.one(&classes)));
                }
                match access.is_empty() {
                    true => json!("authenticated"),
                    false => Value::Object(access),
                }
            }
        }
    }

    fn owns(&mut self, resource: &str) -> Value {
        match self.dice.below(7) {
            0 | 1 => json!(resource),
            2 | 3 => json!({ resource: "any" }),
            4 | 5 => {
                let name = named(resource);
                json!({ resource: { "by": format!("policy {name}") } })
            }
            _ => {
                json!({ resource: { "by": "owner", "mode": if self.dice.chance(50) { "read" } else { "write" } } })
            }
        }
    }

    /// `/alphas` and `/alphas/{alphaId}`: as a person would lay them out.
    fn resource_paths(&mut self, resource: &str, param: &str, paths: &mut Map<String, Value>) {
        let folder = format!("/{}s", resource.to_ascii_lowercase());
        let mut all = Map::new();
        let mut list = self.operation(&format!("list{resource}"), None, rows(resource));
        let owns = match self.dice.chance(40) {
            true => {
                let name = named(resource);
                json!({ resource: { "by": format!("policy {name}"), "mode": "list" } })
            }
            false => json!({ resource: "list" }),
        };
        self.put(&mut list, "owns", owns, 100);
        all.insert("get".to_owned(), list);
        let created = if self.dice.chance(70) { "201" } else { "200" };
        let mut create = self.operation(
            &format!("create{resource}"),
            Some(resource),
            one(created, resource),
        );
        if self.dice.chance(50) {
            self.extend(&mut create, "access");
        }
        all.insert("post".to_owned(), create);
        paths.insert(folder.clone(), Value::Object(all));

        let mut item = Map::new();
        let path_owns = self.dice.chance(50).then(|| self.owns(resource));
        let mut level = Map::new();
        if let Some(owns) = &path_owns {
            level.insert("owns".to_owned(), owns.clone());
        }
        if self.dice.chance(30) {
            level.insert("access".to_owned(), self.access());
        }
        if !level.is_empty() {
            item.insert("x-security".to_owned(), Value::Object(level));
        }
        item.insert(
            "parameters".to_owned(),
            json!([self.parameter(param, "path")]),
        );
        for method in ["get", "put", "patch", "delete"] {
            if !self.dice.chance(75) {
                continue;
            }
            let body = matches!(method, "put" | "patch").then_some(resource);
            let answer = match method {
                "delete" => json!({ "204": { "description": "Gone." } }),
                _ => one("200", resource),
            };
            let mut operation = self.operation(&format!("{method}{resource}"), body, answer);
            // Where no level says whose object it is, the operation is denied, or only for those who bypass.
            if path_owns.is_none() || self.dice.chance(30) {
                let owns = self.owns(resource);
                self.put(&mut operation, "owns", owns, 85);
            }
            // An object is loaded in any case.
            if path_owns.is_some() && self.dice.chance(30) {
                let policy = json!({ "policy": self.policy(true) });
                self.put(&mut operation, "access", policy, 100);
            }
            item.insert(method.to_owned(), operation);
        }
        paths.insert(format!("{folder}/{{{param}}}"), Value::Object(item));
    }

    /// Two objects in one operation, one of them once by a query.
    fn pairs(&mut self, paths: &mut Map<String, Value>) {
        let kinds = ["any", "owner"];
        let mut owns = Map::new();
        for resource in ["Alpha", "Beta"] {
            let how = match self.dice.one(&kinds) {
                Some(&"any") => json!("any"),
                _ => json!({ "by": "owner" }),
            };
            if self.dice.chance(90) {
                owns.insert(resource.to_owned(), how);
            }
        }
        let by_query = self.dice.chance(40);
        let mut operation = self.operation("getPair", None, one("200", "Plain"));
        if owns.len() == 2 && self.dice.chance(50) {
            let both = [
                "resource.Alpha.owner == resource.Beta.owner",
                "resource.level < 3 || resource.Beta.keeper == principal.subject",
                "request.path.alphaId != resource.Beta.id",
            ];
            let policy = json!({ "policy": self.dice.one(&both) });
            self.put(&mut operation, "access", policy, 100);
        }
        if !owns.is_empty() {
            self.put(&mut operation, "owns", Value::Object(owns), 100);
        }
        let (path, place) = match by_query {
            true => ("/alphas/{alphaId}/pair", "query"),
            false => ("/alphas/{alphaId}/betas/{betaId}", "path"),
        };
        let parameters = json!([
            parameter("alphaId", "path"),
            self.parameter("betaId", place)
        ]);
        paths.insert(
            path.to_owned(),
            json!({ "parameters": parameters, "get": operation }),
        );
    }

    /// What belongs to nobody: public, denied, and without a word.
    fn others(&mut self, paths: &mut Map<String, Value>) {
        let public = |id: &str, body: Option<&str>, answer: Value| {
            let mut operation = json!({
                "operationId": id, "security": [], "responses": answer,
                "x-security": { "access": "public", "reason": "It is drawn by lot." },
            });
            if let (Some(body), Some(operation)) = (body, operation.as_object_mut()) {
                operation.insert(
                    "requestBody".to_owned(),
                    request(body, &["application/json"]),
                );
            }
            operation
        };
        let answer = match self.dice.chance(50) {
            true => rows("Beta"),
            false => one("200", "Beta"),
        };
        paths.insert("/open".to_owned(), json!({ "get": public("readOpen", None, answer), "post": public("writeOpen", Some("Beta"), one("201", "Beta")) }));
        if self.dice.chance(50) {
            let parameters = json!([parameter("alphaId", "path")]);
            let get = public("readOpenAlpha", None, one("200", "Plain"));
            paths.insert(
                "/open/{alphaId}".to_owned(),
                json!({ "parameters": parameters, "get": get }),
            );
        }
        let mut closed = self.operation("closed", None, one("200", "Plain"));
        self.put(&mut closed, "access", json!("denied"), 100);
        paths.insert("/closed".to_owned(), json!({ "get": closed }));
        let bare = json!({ "operationId": "bare", "responses": one("200", "Beta") });
        paths.insert("/bare".to_owned(), json!({ "get": bare }));
        if self.default.is_none() {
            let silent = json!({ "operationId": "silent", "security": [], "responses": one("200", "Plain") });
            paths.insert("/silent".to_owned(), json!({ "get": silent }));
        }
        let mut asked = json!({ "operationId": "asked", "responses": one("200", "Beta") });
        if let Some(asked) = asked.as_object_mut() {
            let list = self.asked();
            asked.insert("security".to_owned(), self.alternatives(list));
            asked.insert("x-security".to_owned(), json!({ "access": self.access() }));
        }
        paths.insert("/asked".to_owned(), json!({ "get": asked }));
    }

    fn operation(&mut self, id: &str, body: Option<&str>, answer: Value) -> Value {
        let mut operation = json!({ "operationId": id, "responses": answer });
        if let (Some(body), Some(members)) = (body, operation.as_object_mut()) {
            let taken = self.taken(body);
            members.insert("requestBody".to_owned(), request(body, taken));
        }
        if self.dice.chance(45) {
            self.extend(&mut operation, "access");
        }
        operation
    }

    /// How the body is written. A form says nothing of what holds an object.
    fn taken(&mut self, body: &str) -> &'static [&'static str] {
        const JSON: &str = "application/json";
        const FORM: &str = "application/x-www-form-urlencoded";
        const PARTS: &str = "multipart/form-data";
        match (self.ways.below(6), body) {
            (0, "Alpha") => &[JSON, PARTS],
            (0, _) => &[JSON, FORM],
            (1, "Alpha") => &[PARTS],
            (1, _) => &[FORM, PARTS],
            _ => &[JSON],
        }
    }

    fn parameter(&self, name: &str, place: &str) -> Value {
        match self.numbers && name == "betaId" {
            true => number(name, place),
            false => parameter(name, place),
        }
    }

    fn extend(&mut self, operation: &mut Value, key: &str) {
        let access = self.access();
        self.put(operation, key, access, 100);
    }

    /// Sets a key of the operation's `x-security`, in `of` out of a hundred.
    fn put(&mut self, operation: &mut Value, key: &str, value: Value, of: usize) {
        if !self.dice.chance(of) {
            return;
        }
        let Some(operation) = operation.as_object_mut() else {
            return;
        };
        let level = operation.entry("x-security").or_insert_with(|| json!({}));
        if let Some(level) = level.as_object_mut() {
            level.insert(key.to_owned(), value);
        }
    }

    /// An object that is taken and given, with marks of all kinds.
    fn object(&mut self, members: usize, with_id: bool, nested: bool) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        if with_id {
            properties.insert("id".to_owned(), id());
            required.push("id".to_owned());
        }
        for at in 0..members {
            let name = format!("m{at}");
            let kind = self.dice.below(if nested { 11 } else { 4 });
            let mut node = match kind {
                0 | 1 => json!({ "type": "string", "maxLength": 60 }),
                2 if self.dice.chance(50) => self.number(),
                2 => json!({ "type": "integer", "minimum": 0, "maximum": 1000 }),
                3 => json!({ "$ref": "#/components/schemas/Grade" }),
                4 => {
                    json!({ "type": "array", "maxItems": 5, "items": { "type": "string", "maxLength": 60 } })
                }
                5 => {
                    json!({ "type": "array", "maxItems": 5, "items": { "$ref": "#/components/schemas/Detail" } })
                }
                6 => json!({ "$ref": "#/components/schemas/Detail" }),
                7 => {
                    json!({ "type": "object", "maxProperties": 3, "additionalProperties": { "$ref": "#/components/schemas/Detail" } })
                }
                8 => json!({ "$ref": "#/components/schemas/Choice" }),
                9 => json!({ "description": "Whatever it is." }),
                _ => {
                    json!({ "type": "object", "minProperties": 1, "maxProperties": 4, "additionalProperties": { "type": "integer", "minimum": 0, "maximum": 9 } })
                }
            };
            // In 3.0 nothing stands beside a `$ref`.
            let reference = node.get("$ref").is_some();
            let marked = (self.new || !reference) && self.dice.chance(65);
            let mut create = false;
            if let (true, Some(node)) = (marked, node.as_object_mut()) {
                create = self.mark(node, kind < 2);
            }
            if !create && self.dice.chance(35) {
                required.push(name.clone());
            }
            properties.insert(name, node);
        }
        let mut object = json!({ "type": "object", "properties": properties });
        if let (true, Some(object)) = (nested && self.dice.chance(15), object.as_object_mut()) {
            object.insert("additionalProperties".to_owned(), json!({}));
        }
        if let (false, Some(object)) = (required.is_empty(), object.as_object_mut()) {
            object.insert("required".to_owned(), json!(required));
        }
        object
    }

    /// Alternatives: a text, and objects that a word tells apart or a member that only one of them has.
    fn choice(&mut self) -> Value {
        let mut told = |word: &str| {
            let mut object = self.object(2, false, false);
            let mut required = vec![json!("sort")];
            let more = object.get("required").and_then(Value::as_array);
            required.extend(more.into_iter().flatten().cloned());
            if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
                let sort = json!({ "type": "string", "enum": [word] });
                properties.insert("sort".to_owned(), sort);
            }
            if let Some(object) = object.as_object_mut() {
                object.insert("required".to_owned(), Value::Array(required));
            }
            object
        };
        let (one, other) = (told("one"), told("other"));
        let only = json!({ "type": "object", "required": ["only"], "properties": {
            "only": { "type": "string", "maxLength": 60 } } });
        let text = json!({ "type": "string", "maxLength": 60 });
        let keyword = if self.dice.chance(50) {
            "oneOf"
        } else {
            "anyOf"
        };
        json!({ keyword: [one, text, only, other] })
    }

    /// A number with a fraction: closed or open below, in steps or not.
    fn number(&mut self) -> Value {
        let mut node = json!({ "type": "number", "maximum": 99.5 });
        let open = self.dice.chance(50);
        if let Some(node) = node.as_object_mut() {
            // In 3.0 a flag says that the bound itself is none.
            match (open, self.new) {
                (true, true) => drop(node.insert("exclusiveMinimum".to_owned(), json!(0.25))),
                (true, false) => {
                    node.insert("minimum".to_owned(), json!(0.25));
                    node.insert("exclusiveMinimum".to_owned(), json!(true));
                }
                (false, _) => drop(node.insert("minimum".to_owned(), json!(0.25))),
            }
            if self.dice.chance(50) {
                node.insert("multipleOf".to_owned(), json!(0.05));
            }
        }
        node
    }

    /// Tells whether the member can only be sent when its object is created.
    fn mark(&mut self, node: &mut Map<String, Value>, text: bool) -> bool {
        let mut marks = Map::new();
        let mut create = false;
        match self.dice.below(10) {
            0 => {
                node.insert("readOnly".to_owned(), json!(true));
            }
            1 => {
                node.insert("writeOnly".to_owned(), json!(true));
            }
            2 if text => {
                marks.insert("sensitive".to_owned(), json!("secret"));
            }
            _ => {
                if self.dice.chance(60) {
                    let read = match self.dice.below(5) {
                        0 => json!("none"),
                        1 => json!("owner"),
                        2 => json!(self.dice.one(&self.roles)),
                        3 => json!(self.dice.some(&self.roles)),
                        _ => {
                            let mut some = self.dice.some(&self.roles);
                            some.push("owner".to_owned());
                            json!(some)
                        }
                    };
                    marks.insert("read".to_owned(), read);
                }
                if self.dice.chance(60) {
                    let write = match self.dice.below(6) {
                        0 => json!("none"),
                        1 => json!("create"),
                        2 | 3 => json!(self.dice.one(&self.roles)),
                        _ => json!(self.dice.some(&self.roles)),
                    };
                    create = write == json!("create");
                    marks.insert("write".to_owned(), write);
                }
            }
        }
        if !marks.is_empty() {
            node.insert("x-security".to_owned(), Value::Object(marks));
        }
        create
    }
}

fn id() -> Value {
    json!({ "type": "string", "format": "uuid", "readOnly": true })
}

/// The policy over objects of the resource.
fn named(resource: &str) -> &'static str {
    match resource {
        "Alpha" => "first",
        _ => "second",
    }
}

fn parameter(name: &str, place: &str) -> Value {
    json!({ "name": name, "in": place, "required": true, "schema": { "type": "string", "format": "uuid" } })
}

/// The same, of a resource whose ids are numbers.
fn number(name: &str, place: &str) -> Value {
    json!({ "name": name, "in": place, "required": true, "schema": { "type": "integer", "format": "int64" } })
}

fn request(schema: &str, ways: &[&str]) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    let content = ways
        .iter()
        .map(|way| ((*way).to_owned(), json!({ "schema": schema })));
    json!({ "required": true, "content": content.collect::<Map<String, Value>>() })
}

fn one(status: &str, schema: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    json!({ status: { "description": "One.", "content": { "application/json": { "schema": schema } } } })
}

fn rows(schema: &str) -> Value {
    let items = json!({ "$ref": format!("#/components/schemas/{schema}") });
    let schema = json!({ "type": "array", "maxItems": 100, "items": items });
    json!({ "200": { "description": "Rows.", "content": { "application/json": { "schema": schema } } } })
}
