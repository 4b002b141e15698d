//! Operations, with everything that holds for them.

use super::policy;
use super::responses::Responses;
use super::schemas::{self, Schemas, Side};
use super::tree::{Map, Tree, texts};
use crate::plan::{Access, In, Operation, Param, Plan, TypeId, ValueKind};

/// `used` grows by the types that the operation names.
pub fn operation<'a>(
    plan: &'a Plan,
    operation: &'a Operation,
    public: bool,
    schemas: &Schemas<'a>,
    responses: &mut Responses<'a>,
    used: &mut Vec<(TypeId, Side)>,
) -> Map<'a> {
    let (request, reply) = match public {
        true => (Side::Request, Side::Reply),
        false => (Side::Both, Side::Both),
    };
    let mut map = Map::new();
    map.set("operationId", &operation.id);
    if !operation.tags.is_empty() {
        map.set("tags", texts(&operation.tags));
    }
    map.maybe("summary", operation.summary.as_ref())
        .maybe("description", operation.description.as_ref());
    if operation.deprecated {
        map.set("deprecated", true);
    }
    let security = policy::security(plan, &operation.access, public);
    map.maybe("security", security);
    if !public {
        map.set("x-security", policy::operation(plan, operation));
    }
    if !operation.params.is_empty() {
        let denied = matches!(operation.access, Access::Denied { .. });
        let params = operation.params.iter();
        let params: Vec<Tree> = params
            .map(|param| parameter(plan, param, denied, schemas, request).into())
            .collect();
        map.set("parameters", params);
    }
    let params = operation.params.iter();
    used.extend(params.filter_map(|param| Some((param.value.inner()?, request))));
    if let Some(body) = &operation.body {
        used.extend(body.value.inner().map(|id| (id, request)));
        let mut content = Map::new();
        for each in &body.media {
            let mut media = Map::new();
            let mut schema = schemas.value(&body.value, false, false, request);
            if let (Some(files), false) = (policy::files(&body.value), public) {
                let mut marks = Map::new();
                marks.set("files", files);
                schema.set("x-security", marks);
            }
            media.set("schema", schema);
            content.set(each.name(), media);
        }
        let mut inner = Map::new();
        inner.set("required", body.required).set("content", content);
        map.set("requestBody", inner);
    }
    for each in &operation.replies {
        used.extend(each.body.inner().map(|id| (id, reply)));
    }
    map.set("responses", responses.of(operation, schemas, reply));
    map
}

fn parameter<'a>(
    plan: &'a Plan,
    param: &'a Param,
    denied: bool,
    schemas: &Schemas<'a>,
    side: Side,
) -> Map<'a> {
    // Of a denied operation nothing is read; but the id of a resource looks the same wherever it stands.
    let id = plan
        .resources
        .iter()
        .find(|resource| denied && resource.param == param.name);
    let mut schema = match id {
        Some(resource) => schemas::id(&resource.id),
        None => schemas.value(&param.value, false, false, side),
    };
    if let Some(default) = &param.default {
        // What stands beside a `$ref` is about this use, and the type has others.
        if matches!(param.value, ValueKind::Named(_)) {
            let mut one = Map::new();
            one.set("allOf", vec![Tree::Map(schema)]);
            schema = one;
        }
        schema.set("default", schemas::default(default));
    }
    let location = match param.location {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header",
    };
    let mut map = Map::new();
    map.set("name", &param.name)
        .set("in", location)
        .maybe("description", param.description.as_ref());
    if param.required {
        map.set("required", true);
    }
    if matches!(param.value, ValueKind::List(_)) {
        map.set("explode", !param.separated);
    }
    map.set("schema", schema);
    map
}
