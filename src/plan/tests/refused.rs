//! What has a name and no enforcement, with its place.

use super::*;

/// A POST /things whose body is an object with the member `a`.
fn member_case(schema: &str) -> String {
    body_case(
        &format!("{{ type: object, properties: {{ a: {schema} }} }}"),
        "",
    )
}

fn body_case(schema: &str, schemas: &str) -> String {
    let paths = format!(
        "  /things:
    post:
      operationId: make
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {schema} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    document(&paths, schemas)
}

fn get(members: &str, responses: &str) -> String {
    document(
        &format!(
            "  /things:\n    get:\n      operationId: things\n      {members}\n      responses: {responses}"
        ),
        "",
    )
}

#[test]
fn schemas_that_are_not_exact() {
    for case in [
        "{ type: number, multipleOf: <4475>0.1234567890123456789 }",
        "{ type: number, multipleOf: <4474>1e-400 }",
        "{ type: number, minimum: <4474>1e309 }",
        "{ type: number, maximum: <4474>1e-400 }",
        "{ type: number, format: <4402>unixtime }",
        "{ type: number, format: <4402>decimal }",
        "{ type: number, format: <4402>int32 }",
        "{ type: number, enum: <4404>[0.5, 1] }",
        "<3502>{ type: number, format: float, minimum: 1e39 }",
        "{ allOf: [{ type: integer }, { type: number, minimum: <4412>0.5 }] }",
        "{ allOf: [{ type: integer }, { type: number, multipleOf: <4411>0.5 }] }",
        "{ <4460>oneOf: [{ type: number }, { type: integer }] }",
        "{ type: string, format: <4402>iri }",
        "{ type: integer, format: <4402>double-int }",
        "{ type: boolean, format: <4402>flag }",
        "{ type: integer, enum: <4404>[1, 2] }",
        "{ type: boolean, const: <4404>true }",
        "{ type: string, enum: [a, b], pattern: <4405>'^a$' }",
        "{ type: string, enum: [a, b], format: <4405>email }",
        "<4407>{ type: object }",
        "{ type: array, items: <4409>{ type: array, items: { type: string } } }",
        "<4410>{ type: array, uniqueItems: true, items: { type: object, properties: { b: { type: string } } } }",
        "{ type: integer, multipleOf: <4411>0.5 }",
        "{ type: integer, minimum: <4412>0.5 }",
        "{ type: string, pattern: <4414>'^(?=a)b' }",
        "{ type: string, pattern: <4414>'(a)\\1' }",
        "{ type: string, pattern: <3509>'(' }",
        "{ type: string, pattern: <4416>'a{1000000}' }",
        "{ type: string, minLength: <3502>5000 }",
        "{ type: string, format: date, minLength: <3502>11 }",
        "<3502>{ type: integer, format: int32, minimum: 3000000000 }",
        "{ type: array, minItems: <3502>1001, items: { type: string } }",
        // Marks where nothing is guarded, and where they contradict each other.
        "{ type: array, items: { type: string, x-security: <4386>{ write: admin } } }",
        "{ type: array, items: { type: string, x-security: <4386>{ sensitive: secret } } }",
        "{ type: array, items: <4386>{ type: string, readOnly: true } }",
        "{ type: integer, x-security: { sensitive: <4387>secret } }",
        "{ type: string, readOnly: true, x-security: { write: <3501>admin } }",
        "{ type: string, writeOnly: true, x-security: { read: <3501>admin } }",
    ] {
        assert!(case.contains('<'));
        build(&member_case(case));
    }
}

#[test]
fn bodies_that_are_not_exact() {
    build(&body_case(
        "<4415>{ type: [object, 'null'], properties: { a: { type: string } } }",
        "",
    ));
    build(&body_case(
        "{ type: object, x-security: <4386>{ write: admin }, properties: { a: { type: string } } }",
        "",
    ));
    // A form spells plain values and lists of them.
    for (media, member) in [
        ("application/x-www-form-urlencoded", "{ type: string }"),
        (
            "application/x-www-form-urlencoded",
            "{ type: array, items: { type: integer } }",
        ),
        (
            "<4450>application/x-www-form-urlencoded",
            "{ type: [string, 'null'] }",
        ),
        (
            "<4450>application/x-www-form-urlencoded",
            "{ type: array, items: { type: [string, 'null'] } }",
        ),
        (
            "<4450>application/x-www-form-urlencoded",
            "{ type: object, properties: { a: { type: string } } }",
        ),
        (
            "<4450>application/x-www-form-urlencoded",
            "{ type: object, additionalProperties: { type: string } }",
        ),
        (
            "<4450>application/x-www-form-urlencoded",
            "{ type: array, items: { type: object, additionalProperties: { type: string } } }",
        ),
        (
            "multipart/form-data",
            "{ type: object, additionalProperties: { type: string } }",
        ),
        (
            "multipart/form-data",
            "{ type: object, additionalProperties: <4451>{ type: string, format: binary } }",
        ),
        (
            "multipart/form-data",
            "{ type: object, additionalProperties: { type: array, items: { type: string } } }",
        ),
        (
            "<4451>multipart/form-data",
            "{ type: array, items: { type: object, properties: { a: { type: string, format: binary } } } }",
        ),
        (
            "multipart/form-data",
            "{ type: object, additionalProperties: <4451>{ type: object, properties: { a: { type: string, format: binary } } } }",
        ),
        ("<4440>text/csv", "{ type: string }"),
    ] {
        build(&member_case(member).replace("application/json", media));
    }
    // A text spells one value.
    for schema in [
        "{ type: object, properties: { a: { type: string } } }",
        "{ type: array, items: { type: string } }",
        "{ type: object, additionalProperties: { type: string } }",
    ] {
        build(&body_case(schema, "").replace("application/json", "<4470>text/plain"));
    }
    let word = "{ $ref: '#/components/schemas/W' }";
    let both = format!("{word} }}, <4470>text/plain: {{ schema: {word}");
    build(&body_case(&both, "    W: { type: string, enum: [a] }"));
    // Pairs and parts have names.
    for (media, schema) in [
        (
            "<4441>application/x-www-form-urlencoded",
            "{ type: string }",
        ),
        (
            "<4441>multipart/form-data",
            "{ type: array, items: { type: integer } }",
        ),
        (
            "<4441>multipart/form-data",
            "{ type: object, additionalProperties: { type: string } }",
        ),
        (
            "<4441>application/x-www-form-urlencoded",
            "{ type: string, enum: [a, b] }",
        ),
        (
            "<4451>multipart/form-data",
            "{ type: string, format: binary }",
        ),
        (
            "<4451>application/json",
            "{ type: array, items: { type: string, format: binary } }",
        ),
        (
            "<4451>application/json",
            "{ type: array, items: { type: object, properties: { a: { type: string, format: binary } } } }",
        ),
        (
            "application/json",
            "{ type: array, items: { type: integer } }",
        ),
    ] {
        build(&body_case(schema, "").replace("application/json", media));
    }
    build(
        &member_case("{ type: string }")
            .replace("application/json", "<4440>application/json; charset=utf-8"),
    );
    build(&body_case(
        "{ $ref: '#/components/schemas/Node' }",
        "    Node: { type: object, properties: { next: { $ref: <4403>'#/components/schemas/Node' } } }",
    ));
    build(&body_case(
        "{ type: object, properties: { a: { $ref: '#/components/schemas/A', x-security: { write: <4385>admin } } } }",
        "    A: { type: string, x-security: { write: member } }",
    ));
    let put = body_case(
        "{ type: object, required: [a], properties: { <4388>a: { type: string, x-security: { write: create } } } }",
        "",
    );
    build(&put.replace("    post:", "    put:"));
    assert!(
        build(&put.replace("<4388>", "")).is_some(),
        "a creation may ask for it"
    );
}

#[test]
fn parameters_that_are_not_plain() {
    let param = |rest: &str| {
        get(
            &format!("parameters: [{{ {rest} }}]"),
            "{ '204': { description: d } }",
        )
    };
    build(&param(
        "name: a, in: query, schema: <4435>{ type: array, items: { type: object, properties: { b: { type: string } } } }",
    ));
    build(&param(
        "name: a, in: query, schema: { type: array, default: <4438>[b], items: { type: string } }",
    ));
    build(&param(
        "name: a, in: query, explode: false, schema: <4439>{ type: array, items: { type: string, enum: [b, ''] } }",
    ));
    build(&param(
        "name: a, in: header, schema: <4439>{ type: array, items: { type: string, enum: ['b,c'] } }",
    ));
    build(&param(
        "name: a, in: query, schema: <4415>{ type: array, items: { type: [string, 'null'] } }",
    ));
    build(&param(
        "name: a, in: query, schema: <4435>{ type: object, properties: { b: { type: string } } }",
    ));
    build(&param(
        "name: a, in: query, schema: <4415>{ type: [string, 'null'] }",
    ));
    build(&param(
        "name: a, in: query, schema: { type: string, x-security: <4386>{ read: admin } }",
    ));
    build(&param(
        "name: <4436>a, in: cookie, schema: { type: string }",
    ));
    build(&param(
        "name: <4437>X-Forwarded-For, in: header, schema: { type: string }",
    ));
    build(&param(
        "name: a, in: query, schema: { type: string, format: date, default: <4438>'2030-01-01' }",
    ));
}

#[test]
fn replies_that_are_not_typed() {
    let reply = |responses: &str| get("", responses);
    build(&reply(
        "{ '200': { description: d, content: { <4444>text/csv: { schema: { type: string } } } } }",
    ));
    build(&reply(
        "{ '200': { description: d, content: { <4470>text/plain: { schema: { type: array, items: { type: string } } } } } }",
    ));
    build(&reply(
        "{ '200': { description: d, content: { <4444>text/plain: { schema: { type: string } }, text/csv: {} } } }",
    ));
    build(&reply(
        "{ <4442>2XX: { description: d, content: { application/json: { schema: { type: string } } } }, '204': { description: d } }",
    ));
    build(&reply(
        "{ <4442>3XX: { description: d, content: { application/json: {} } }, '204': { description: d } }",
    ));
    build(&reply(
        "{ '400': { description: d, content: { <4444>application/json: { schema: { type: object, properties: { a: { type: string } } } }, application/problem+json: {} } } }",
    ));
    build(&reply(
        "{ '200': { description: d, content: { <4444>application/xml: {}, text/plain: {} } } }",
    ));
    build(&reply("{ <4443>'101': { description: d } }"));
    build(&reply(
        "{ '204': { description: d, content: { <4444>application/json: { schema: { type: object, properties: { a: { type: string } } } } } } }",
    ));
    build(&reply(
        "{ '200': { description: d, content: { <4444>application/problem+json: {} } } }",
    ));
    let problem = "{ default: { description: d, content: { application/problem+json: {} } } }";
    let none = get("", problem).replacen("    get:", "    <4446>get:", 1);
    build(&none);
    let errors = get("", "{ 4XX: { description: d } }");
    build(&errors.replacen("    get:", "    <4446>get:", 1));
    let fine = "{ '204': { description: d }, default: { description: d, content: { application/problem+json: {} } } }";
    assert_eq!(
        operation(&build(&reply(fine)).unwrap(), "things")
            .replies
            .len(),
        1
    );
    let never_given = "{ '204': { description: d }, default: { description: d, content: { application/json: {} } }, 4XX: { description: d, content: { text/plain: {} } } }";
    assert_eq!(
        operation(&build(&reply(never_given)).unwrap(), "things")
            .replies
            .len(),
        1
    );
    let offered = "{ '200': { description: d, content: { application/xml: {}, application/json: { schema: { type: object, properties: { a: { type: string } } } } } } }";
    assert!(matches!(
        operation(&build(&reply(offered)).unwrap(), "things").replies[0].body,
        crate::plan::ReplyBody::Json(_)
    ));
    build(&get(
        "x-security: { owns: { User: <4447>list } }",
        "{ '200': { description: d, content: { application/json: { schema: { type: object, properties: { a: { type: string } } } } } } }",
    ));
}

#[test]
fn methods_paths_and_servers() {
    let head = get("", "{ '204': { description: d } }").replacen("    get:", "    <4430>head:", 1);
    build(&head);
    build(&get("", "{ '204': { description: d } }").replace("  /things:", "  <4433>/things/:"));
    for address in [
        "'v1'",
        "'https://a.example/v1?x=1'",
        "'https://a.example/a%20b'",
        "'https://a.example/../b'",
    ] {
        let text = get("", "{ '204': { description: d } }");
        build(&text.replacen(
            "paths:\n",
            &format!("servers: [{{ url: <4434>{address} }}]\npaths:\n"),
            1,
        ));
    }
    for (address, mount) in [
        ("/", ""),
        ("https://a.example", ""),
        ("https://a.example/v1/", "/v1"),
        ("/v1/x", "/v1/x"),
    ] {
        let text = get("", "{ '204': { description: d } }");
        let text = text.replacen(
            "paths:\n",
            &format!("servers: [{{ url: '{address}' }}]\npaths:\n"),
            1,
        );
        assert_eq!(build(&text).unwrap().mount, mount, "{address}");
    }
}

#[test]
fn ids_look_the_same_everywhere() {
    let second = "  /accounts/{userId}:
    get:
      x-security: { owns: User }
      parameters: [{ name: userId, in: path, required: true, schema: { type: string } }]
      responses: { '204': { description: d } }";
    let text = document(second, "");
    let bad = text.replace("parameters: [{ name: userId, in: path, required: true, schema: { type: string, format: uuid", "parameters: [{ name: <3507>userId, in: path, required: true, schema: { type: string, format: uuid");
    build(&bad);
    let number = document("", "").replace(
        "name: userId, in: path, required: true, schema: { type: string, format: uuid }",
        "name: <4448>userId, in: path, required: true, schema: { type: boolean }",
    );
    build(&number);
    let plan = build(&text.replace(
        "schema: { type: string } }]",
        "schema: { type: string, format: uuid } }]",
    ))
    .unwrap();
    assert_eq!(plan.operations[0].id, "getAccountsByUserId");
}

#[test]
fn nothing_is_built_after_a_diagnostic() {
    let (text, _) = marked(&member_case("{ type: string }"));
    let api = api(&text);
    let mut diagnostics = Diagnostics::default();
    let policy = policy::read(&api, &mut diagnostics).unwrap();
    diagnostics.push(crate::diagnostic::Diagnostic::new(
        2001,
        crate::document::Place::default(),
        "before",
    ));
    assert!(crate::plan::build(&api, &policy, "case.yaml", &mut diagnostics).is_none());
}

#[test]
fn inline_types_are_named_by_where_they_stand() {
    let body = "{ type: object, properties: { address: { type: object, properties: { kind: { type: string, enum: [home, work] } } }, tags: { type: array, items: { type: object, properties: { t: { type: string } } } } } }";
    let plan = build(&body_case(body, "    MakeBody: { type: string }")).unwrap();
    let mut names: Vec<&str> = plan.types.iter().map(|each| each.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "MakeBody2",
            "MakeBody2Address",
            "MakeBody2AddressKind",
            "MakeBody2TagsItem"
        ]
    );
    assert!(plan.types.iter().all(|each| each.request && !each.reply));
}

#[test]
fn null_is_a_word_only_when_listed_and_allowed() {
    let nullable =
        |schema: &str| member(&build(&member_case(schema)).unwrap(), "MakeBody", "a").nullable;
    assert!(nullable("{ type: [string, 'null'], enum: [a, null] }"));
    assert!(!nullable("{ type: [string, 'null'], enum: [a] }"));
}

#[test]
fn types_that_contain_themselves() {
    for version in ["3.0.3", "3.1.0"] {
        let cases = [
            // Directly, through a member, through a list, through two.
            (
                "{ $ref: '#/components/schemas/A' }",
                "    A: { type: object, properties: { a: { $ref: <4403>'#/components/schemas/A' } } }",
            ),
            (
                "{ $ref: '#/components/schemas/A' }",
                "    A: { type: object, properties: { b: { type: object, properties: { a: { $ref: <4403>'#/components/schemas/A' } } } } }",
            ),
            (
                "{ $ref: '#/components/schemas/A' }",
                "    A: { type: object, properties: { a: { type: array, items: { $ref: <4403>'#/components/schemas/A' } } } }",
            ),
            (
                "{ $ref: '#/components/schemas/A' }",
                "    A: { type: object, properties: { b: { $ref: '#/components/schemas/B' } } }
    B: { type: object, properties: { a: { type: array, items: { $ref: <4403>'#/components/schemas/A' } } } }",
            ),
            // Lists that hold nothing but themselves have no object on the way.
            (
                "{ type: object, properties: { a: { $ref: '#/components/schemas/A' } } }",
                "    A: { type: array, items: { $ref: <4403>'#/components/schemas/A' } }",
            ),
            (
                "{ type: object, properties: { a: { $ref: '#/components/schemas/A' } } }",
                "    A: { type: array, items: { $ref: '#/components/schemas/B' } }
    B: { type: array, items: { $ref: <4403>'#/components/schemas/A' } }",
            ),
        ];
        for (schema, schemas) in cases {
            build(
                &body_case(schema, schemas)
                    .replace("openapi: 3.1.0", &format!("openapi: {version}")),
            );
        }
    }
    // A reply and a parameter are looked at by the same code, and it is asked.
    let reply = "{ '200': { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } }";
    let text = get("", reply).replace(
        "    Unused:",
        "    A: { type: object, properties: { a: { $ref: <4403>'#/components/schemas/A' } } }\n    Unused:",
    );
    build(&text);
    let text = get(
        "parameters: [{ name: q, in: query, schema: { $ref: '#/components/schemas/A' } }]",
        "{ '204': { description: d } }",
    )
    .replace(
        "    Unused:",
        "    A: { type: array, items: { $ref: <4403>'#/components/schemas/A' } }\n    Unused:",
    );
    build(&text);
}

#[test]
fn a_type_that_is_used_twice_does_not_contain_itself() {
    let plan = build(&body_case(
        "{ type: object, properties: { a: { $ref: '#/components/schemas/L' }, b: { $ref: '#/components/schemas/L' } } }",
        "    L: { type: array, items: { $ref: '#/components/schemas/A' } }
    A: { type: object, properties: { c: { type: string } } }",
    ));
    assert_eq!(
        plan.unwrap()
            .types
            .iter()
            .filter(|each| each.name == "A")
            .count(),
        1
    );
}

#[test]
fn the_owner_of_a_reply_is_never_a_guess() {
    let text = |owns: &str, read: &str| {
        let paths = format!(
            "  /users/{{userId}}/notes/{{noteId}}:
    get:
      operationId: both
      x-security: {{ owns: {owns} }}
      parameters:
        - {{ name: userId, in: path, required: true, schema: {{ type: string, format: uuid }} }}
        - {{ name: noteId, in: path, required: true, schema: {{ type: string }} }}
      responses: {{ '200': {{ description: d, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/N' }} }} }} }} }}"
        );
        let schemas = format!(
            "    N: {{ type: object, properties: {{ i: {{ type: object, properties: {{ a: {{ type: string, x-security: {{ read: {read} }} }} }} }} }} }}"
        );
        document(&paths, &schemas).replace(
            "User: { param: userId }",
            "User: { param: userId }, Note: { param: noteId }",
        )
    };
    build(&text(
        "{ User: any, Note: <4338>{ by: owner } }",
        "[admin, owner]",
    ));
    build(&text("{ Note: { by: owner }, User: <4338>any }", "owner"));
    assert!(build(&text("{ User: any, Note: { by: owner } }", "admin")).is_some());
    assert!(build(&text("{ User: any, Note: { by: owner } }", "none")).is_some());
}
