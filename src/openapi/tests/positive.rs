//! Documents that are right, read as they are meant.

use super::*;
use crate::openapi::verify::against_openapiv3;
use crate::openapi::{Additional, Kind, Location, Method, SchemaUse, SchemeKind, Version};

const USERS: &str = include_str!("../../../specs/users.yaml");
const CLINIC: &str = include_str!("../../../specs/clinic.yaml");

#[test]
fn reads_the_users_document() {
    let api = accepts(USERS);
    assert_eq!(
        (api.version, api.title.value.as_str()),
        (Version::V30, "Users API")
    );
    assert_eq!(api.servers[0].value, "https://users.example.net");
    assert!(api.extension.is_some());
    let security = api.security.unwrap();
    assert_eq!(security[0].schemes[0].name.value, "bearerAuth");
    let ids: Vec<&str> = api
        .paths
        .iter()
        .flat_map(|item| &item.operations)
        .map(|one| one.id.as_ref().unwrap().value.as_str())
        .collect();
    assert_eq!(
        ids,
        ["listUsers", "signUp", "getUser", "updateUser", "deleteUser"]
    );
    let sign_up = &api.paths[0].operations[1];
    assert_eq!(sign_up.method, Method::Post);
    assert_eq!(
        sign_up.security.as_ref().map(Vec::len),
        Some(0),
        "`security: []` is not absent"
    );
    assert!(api.paths[0].operations[0].security.is_none());
    assert!(sign_up.body.as_ref().unwrap().required);
    let get = &api.paths[1].operations[0];
    assert_eq!(
        (
            get.parameters[0].name.value.as_str(),
            get.parameters[0].location
        ),
        ("userId", Location::Path)
    );
    let statuses: Vec<&str> = get
        .responses
        .iter()
        .map(|one| one.status.value.as_str())
        .collect();
    assert_eq!(statuses, ["200", "404"]);
    assert_eq!(
        get.responses[1].description,
        "No such account, or not the caller's."
    );
    assert!(
        matches!(&api.security_schemes[0].1.kind, SchemeKind::Http { scheme } if scheme == "bearer")
    );
}

#[test]
fn reads_the_clinic_document() {
    let api = accepts(CLINIC);
    assert_eq!(api.version, Version::V31);
    let schema = |name: &str| {
        api.schemas
            .iter()
            .find(|(key, _)| key.value == name)
            .map(|(_, schema)| schema)
            .unwrap()
    };
    let update = schema("PatientUpdate");
    let property = |name: &str| match &update
        .properties
        .iter()
        .find(|(key, _)| key.value == name)
        .unwrap()
        .1
    {
        SchemaUse::Inline(schema) => schema.clone(),
        other => panic!("{other:?}"),
    };
    let phone = property("phone");
    assert!(phone.nullable && phone.kind.unwrap().value == Kind::String);
    let version = property("version").minimum.unwrap();
    assert!(version.exclusive && version.lexeme == "0");
    assert!(property("allergies").unique_items);
    let status = &schema("AppointmentUpdate").properties[1].1;
    assert!(
        matches!(status, SchemaUse::Component { name, extension: Some(_), .. } if name == "AppointmentStatus")
    );
    let shared = api
        .paths
        .iter()
        .find(|item| item.path.value == "/appointments/{appointmentId}")
        .unwrap();
    assert!(
        shared
            .operations
            .iter()
            .all(|one| one.parameters[0].name.value == "appointmentId")
    );
}

#[test]
fn agrees_with_another_reader() {
    assert_eq!(against_openapiv3(USERS), Ok(()));
    let other = get30("operationId: theSame");
    assert_eq!(against_openapiv3(&other), Ok(()));
    // The comparison can fail: the other reader drops a path that is an extension, and keeps one that palisade refuses.
    assert!(against_openapiv3(&other.replace("/a:", "/a/{x}.json:")).is_err());
    assert!(against_openapiv3(CLINIC).is_err());
}

#[test]
fn json_and_yaml_are_the_same_document() {
    let api = accepts(
        r#"{"openapi":"3.1.0","info":{"title":"T","version":"1"},
        "paths":{"/a":{"get":{"responses":{"2XX":{"description":"d"},"default":{"description":"e"}}}}}}"#,
    );
    let place = api.paths[0].path.place;
    assert_eq!((place.line, place.column), (2, 18));
    assert_eq!(api.paths[0].operations[0].responses.len(), 2);
}

#[test]
fn bounds_are_folded() {
    let one = |text: &str| accepts(text).schemas.remove(0).1;
    let old = one(&schema30(
        "{type: integer, minimum: 5, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}",
    ));
    assert!(old.minimum.unwrap().exclusive && !old.maximum.unwrap().exclusive);
    for (text, lexeme, exclusive) in [
        ("minimum: 5, exclusiveMinimum: 5", "5", true),
        ("minimum: 5, exclusiveMinimum: 4.9", "5", false),
        ("minimum: 5, exclusiveMinimum: 50e-1", "50e-1", true),
        ("minimum: -3, exclusiveMinimum: -2", "-2", true),
    ] {
        let bound = one(&schema31(&format!("{{type: number, {text}}}")))
            .minimum
            .unwrap();
        assert_eq!(
            (bound.lexeme.as_str(), bound.exclusive),
            (lexeme, exclusive),
            "{text}"
        );
    }
    let upper = one(&schema31(
        "{type: number, maximum: 5, exclusiveMaximum: 5.0}",
    ))
    .maximum
    .unwrap();
    assert!(upper.exclusive);
    let counted = one(&schema31("{type: string, maxLength: 1e2, minLength: 3.0}"));
    assert_eq!(
        (
            counted.max_length.unwrap().value,
            counted.min_length.unwrap().value
        ),
        (100, 3)
    );
    let closed = one(&schema30("{type: object, additionalProperties: false}"));
    assert_eq!(closed.additional, Additional::Forbidden);
}

#[test]
fn an_operation_overrides_the_parameters_of_its_path() {
    let api = accepts(&paths30(
        "  /a:\n    parameters:\n      - {name: X-A, in: header, schema: {type: string}}\n      - {name: b, in: query, schema: {type: string}}\n    get:\n      parameters: [{name: x-a, in: header, required: true, schema: {type: string}}]\n      responses: {'200': {description: d}}\n",
    ));
    let parameters = &api.paths[0].operations[0].parameters;
    let names: Vec<_> = parameters
        .iter()
        .map(|one| (one.name.value.as_str(), one.required))
        .collect();
    assert_eq!(names, [("b", false), ("x-a", true)]);
}

#[test]
fn components_are_resolved_through_several_names() {
    let api = accepts(&v31(
        "paths:\n  /a: {$ref: '#/components/pathItems/p'}\ncomponents:\n  pathItems:\n    p: {post: {requestBody: {$ref: '#/components/requestBodies/b'}, responses: {'200': {$ref: '#/components/responses/r'}}}}\n  requestBodies:\n    b: {content: {application/json: {schema: {type: string}}}}\n  responses:\n    r: {$ref: '#/components/responses/s', description: other}\n    s: {description: s}\n",
    ));
    let post = &api.paths[0].operations[0];
    assert_eq!(post.body.as_ref().unwrap().content.len(), 1);
    assert_eq!(post.responses[0].description, "s");
}

#[test]
fn what_references_copy_is_bounded() {
    // Fifty thousand uses of a component of a hundred values.
    let values = "1, ".repeat(100);
    let component =
        format!("    big: {{description: d, content: {{a/b: {{example: [{values}]}}}}}}\n");
    let uses: String = (0..50_000)
        .map(|n| format!("  /p{n}: {{get: {{responses: {{'200': {{$ref: '#/components/responses/big'}}}}}}}}\n"))
        .collect();
    let (found, _) = marked(&format!(
        "{}components:\n  responses:\n{component}",
        paths30(&uses)
    ));
    assert_eq!(found.iter().filter(|(code, ..)| *code == 2022).count(), 1);
}

/// A schema that asserts nothing says that anything is meant; in 3.0 null is among it.
#[test]
fn what_asserts_nothing_is_any_json() {
    for (version, schema) in [
        ("3.0.3", "{}"),
        ("3.0.3", "{ nullable: true, description: Anything. }"),
        ("3.1.0", "{}"),
        ("3.1.0", "true"),
        (
            "3.1.0",
            "{ title: T, description: D, default: 1, deprecated: true, example: {}, examples: [1], externalDocs: { url: 'https://a.example' }, readOnly: true, x-own: 1, $comment: c }",
        ),
    ] {
        let text = format!(
            "openapi: {version}\ninfo: {{ title: T, version: '1' }}\npaths: {{}}\ncomponents: {{ schemas: {{ Any: {schema} }} }}\n"
        );
        let api = accepts(&text);
        let (_, any) = &api.schemas[0];
        assert!(any.free && any.kind.is_none() && !any.nullable, "{schema}");
    }
}
