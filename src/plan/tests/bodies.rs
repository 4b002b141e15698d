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
    assert_eq!(plan.resources[0].id.max, 8);
    build(&case(id, "{ type: string, maxLength: 9 }"));
}
