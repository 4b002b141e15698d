//! Texts that spell integers, and tuples of one kind.

use super::*;
use crate::plan::{List, Text};

fn text(schema: &str) -> Text {
    let plan = build(&member(schema)).unwrap();
    match &object(&plan, "Thing").1.members[0].value {
        ValueKind::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

fn member(schema: &str) -> String {
    let body = "      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }";
    let paths = format!(
        "  /things:\n    post:\n      operationId: make\n{body}\n      responses: {{ '204': {{ description: d }} }}"
    );
    let thing = format!("    Thing: {{ type: object, properties: {{ a: {schema} }} }}");
    document(&paths, &thing)
}

#[test]
fn a_text_of_an_integer_is_as_long_as_its_numbers() {
    let task = text("{ type: string, format: u-int32 }");
    assert_eq!((task.min, task.max, task.format), (0, 10, None));
    assert!(task.pattern.is_some());
    let short = text("{ type: string, format: int8, minLength: 2, maxLength: 3 }");
    assert_eq!((short.min, short.max), (2, 3));
    // Two patterns would have to hold.
    build(&member(
        "{ type: string, format: <4402>int8, pattern: '^1' }",
    ));
}

#[test]
fn places_that_say_the_same_are_a_list() {
    let list = |schema: &str| -> List {
        let plan = build(&member(schema)).unwrap();
        match &object(&plan, "Thing").1.members[0].value {
            ValueKind::List(list) => list.clone(),
            other => panic!("{other:?}"),
        }
    };
    let two = "type: array, prefixItems: [{ type: string, maxLength: 3 }, { maxLength: 3, type: string }], items: false";
    let found = list(&format!("{{ {two} }}"));
    assert_eq!((found.min, found.max, found.max_declared), (0, 2, true));
    assert!(matches!(&*found.items, ValueKind::Text(text) if text.max == 3));
    let found = list(&format!("{{ {two}, minItems: 2 }}"));
    assert_eq!((found.min, found.max), (2, 2));
    let found = list(&format!("{{ {two}, maxItems: 1 }}"));
    assert_eq!((found.min, found.max), (0, 1));
    let found = list(&format!("{{ {two}, maxItems: 5 }}"));
    assert_eq!((found.min, found.max), (0, 2));
}
