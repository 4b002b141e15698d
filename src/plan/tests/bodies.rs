//! Ids in bodies, where no parameter of an open operation says what one looks like.

use super::*;

/// Two operations whose bodies hold ids of users; the one that has the parameter is denied.
fn case(one: &str, other: &str) -> String {
    let operation = |path: &str, place: &str, items: &str| {
        format!(
            "  /{path}:
    post:
      operationId: {path}
      x-security: {{ owns: {{ User: {{ id: {place}body./ids }} }} }}
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ type: object, required: [ids], properties: {{ ids: {{ type: array, maxItems: 5, items: {items} }} }} }} }} }} }}
      responses: {{ '204': {{ description: d }} }}
"
        )
    };
    let place = if one == other { "" } else { "<3507>" };
    let paths = operation("block", "", one) + &operation("unblock", place, other);
    document(&paths, "").replace(
        "x-security: { owns: User }",
        "x-security: { access: denied }",
    )
}

#[test]
fn bodies_say_what_an_id_is_where_no_open_parameter_does() {
    let id = "{ type: string, maxLength: 8 }";
    let plan = build(&case(id, id)).unwrap();
    let IdRule::Text(text) = &plan.resources[0].id else {
        panic!("a text")
    };
    assert_eq!(text.max, 8);
    build(&case(id, "{ type: string, maxLength: 9 }"));
}

/// An operation that says it proves the ids at a pointer into this body.
fn sent(pointer: &str, schema: &str) -> String {
    let content = format!("content: {{ application/json: {{ schema: {schema} }} }}");
    let paths = format!(
        "  /block:
    post:
      operationId: block
      x-security: {{ owns: {{ User: {{ id: <3513>{pointer} }} }} }}
      requestBody: {{ required: true, {content} }}
      responses: {{ '204': {{ description: d }} }}
"
    );
    document(&paths, "")
}

// requirement: P40
#[test]
fn ids_in_bodies_are_texts_below_named_members() {
    let user =
        "{ type: object, required: [id], properties: { id: { type: string, format: uuid } } }";
    let users = format!("{{ type: array, maxItems: 5, items: {user} }}");
    let map = format!("{{ type: object, additionalProperties: {user} }}");
    let within = |member: &str| format!("{{ type: object, properties: {{ all: {member} }} }}");
    assert!(build(&sent("body./all/*/id", &within(&users)).replace("<3513>", "")).is_some());
    // Numbers, names that are data, and bodies without members: nothing there is proved, so nothing there is taken.
    build(&sent("body./all", &within("{ type: integer }")));
    build(&sent("body./all/*/id", &within(&map)));
    build(&sent("body./all/one/id", &within(&map)));
    build(&sent("body./one/id", &map));
    build(&sent("body./*/id", &users));
}

// requirement: P40
#[test]
fn ids_that_are_proved_in_one_body_are_in_no_map_of_another() {
    let take = |path: &str, policy: &str, schema: &str| {
        format!(
            "  /{path}:
    post:
      operationId: {path}
      x-security: {{ {policy} }}
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {schema} }} }} }}
      responses: {{ '204': {{ description: d }} }}
"
        )
    };
    let one = "{ $ref: '#/components/schemas/One' }";
    let schemas = "    One: { type: object, required: [id], properties: { <4347>id: { type: string, format: uuid } } }";
    let proved = take("block", "owns: { User: { id: body./id } }", one);
    for other in [
        format!("{{ type: object, additionalProperties: {one} }}"),
        format!("{{ type: array, items: {one} }}"),
    ] {
        let paths = proved.clone() + &take("other", "access: authenticated", &other);
        build(&document(&paths, schemas));
    }
}
