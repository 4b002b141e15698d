//! Compositions that are one schema, and those that are none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use crate::openapi::tests::{accepts, refuses, schema30, schema31, told, v31};
use crate::openapi::{Additional, Api, Kind, Schema, SchemaUse};

/// A document with the components `A` (this one), `Base` and what goes with it.
fn with(schema: &str) -> String {
    schema31(schema)
        + "    Base: {type: object, required: [id], properties: {id: {type: integer, minimum: 1}, note: {type: string, maxLength: 9}}}\n"
        + "    Open: {type: object, properties: {name: {type: string}}}\n"
        + "    Closed: {type: object, additionalProperties: false, properties: {id: {type: integer}, own: {type: string}}}\n"
        + "    Word: {type: string, enum: [a, b]}\n"
        + "    Maybe: {type: [string, 'null']}\n"
        + "    Labels: {type: object, additionalProperties: {type: string}}\n"
}

fn component<'a>(api: &'a Api, name: &str) -> &'a Schema {
    let found = api.schemas.iter().find(|(known, _)| known.value == name);
    &found.unwrap().1
}

#[track_caller]
fn one(schema: &str) -> Schema {
    component(&accepts(&with(schema)), "A").clone()
}

/// What `m` is, where `A` is an object with the member `m`.
#[track_caller]
fn member(schema: &str) -> SchemaUse {
    let schema = one(&format!("{{type: object, properties: {{m: {schema}}}}}"));
    schema.properties[0].1.clone()
}

fn names(schema: &Schema) -> Vec<&str> {
    let names = schema.properties.iter();
    names.map(|(name, _)| name.value.as_str()).collect()
}

fn required(schema: &Schema) -> Vec<&str> {
    schema
        .required
        .iter()
        .map(|name| name.value.as_str())
        .collect()
}

#[test]
fn one_alternative_is_that_schema() {
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let schema = one(&format!(
            "{{description: D, {keyword}: [{{type: string, maxLength: 4}}]}}"
        ));
        assert_eq!(schema.kind.as_ref().unwrap().value, Kind::String);
        assert_eq!(schema.max_length.as_ref().unwrap().value, 4);
        assert_eq!(schema.description.as_deref(), Some("D"));
        assert!(!schema.nullable && schema.compositions.is_empty());
    }
}

#[test]
fn a_component_keeps_its_name() {
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let found = member(&format!(
            "{{{keyword}: [{{$ref: '#/components/schemas/Base'}}], readOnly: true, description: D}}"
        ));
        let SchemaUse::Component { name, beside, .. } = found else {
            panic!("{found:?}");
        };
        assert_eq!(
            (name.as_str(), beside.read_only, beside.nullable),
            ("Base", true, false)
        );
        assert_eq!(beside.description.as_deref(), Some("D"));
    }
}

#[test]
fn null_besides() {
    for keyword in ["oneOf", "anyOf"] {
        for name in ["Base", "Word"] {
            let found = member(&format!(
                "{{{keyword}: [{{type: 'null'}}, {{$ref: '#/components/schemas/{name}'}}]}}"
            ));
            let SchemaUse::Component { beside, .. } = found else {
                panic!("{found:?}");
            };
            assert!(beside.nullable);
        }
        let schema = one(&format!(
            "{{{keyword}: [{{type: string}}, {{type: 'null'}}]}}"
        ));
        assert!(schema.nullable);
        // An enumeration that does not list null admits it all the same: it is the alternative that does.
        let schema = one(&format!(
            "{{{keyword}: [{{type: string, enum: [a]}}, {{type: 'null'}}]}}"
        ));
        assert!(schema.nullable);
        assert_eq!(schema.enumeration.unwrap().value.len(), 2);
    }
    // Where both admit it, `anyOf` does, and of `oneOf` it is refused: null would fit two.
    let both = "[{type: 'null'}, {$ref: '#/components/schemas/Maybe'}]";
    assert!(matches!(
        member(&format!("{{anyOf: {both}}}")),
        SchemaUse::Component { beside, .. } if !beside.nullable
    ));
    let text = format!("{{type: object, properties: {{m: {{§oneOf: {both}}}}}}}");
    refuses(4047, &with(&text));
    refuses(
        4047,
        &schema31("{§oneOf: [{type: 'null'}, {type: [string, 'null']}]}"),
    );
}

#[test]
fn another_part_takes_null_back() {
    let schema = one(
        "{allOf: [{oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Base'}]}, {type: object, properties: {name: {type: string}}}]}",
    );
    assert!(!schema.nullable);
    assert_eq!(names(&schema), ["id", "note", "name"]);
    // An enumeration loses the null that another part does not admit.
    let schema = one("{allOf: [{type: [string, 'null'], enum: [a, null]}, {type: string}]}");
    assert!(!schema.nullable);
    assert_eq!(schema.enumeration.unwrap().value.len(), 1);
    let schema = one("{allOf: [{type: [string, 'null']}, {maxLength: 3}]}");
    assert!(schema.nullable);
}

#[test]
fn members_are_united() {
    let schema = one(
        "{type: object, required: [name], properties: {own: {type: boolean}}, allOf: [{$ref: '#/components/schemas/Base'}, {allOf: [{$ref: '#/components/schemas/Open'}]}], minProperties: 2}",
    );
    assert_eq!(names(&schema), ["own", "id", "note", "name"]);
    assert_eq!(required(&schema), ["name", "id"]);
    assert_eq!(schema.min_properties.unwrap().value, 2);
    assert_eq!(schema.additional, Additional::Absent);
    assert!(schema.excluded.is_empty());
}

#[test]
fn one_part_twice_is_that_part() {
    let schema =
        one("{allOf: [{$ref: '#/components/schemas/Word'}, {$ref: '#/components/schemas/Word'}]}");
    assert_eq!(schema.enumeration.unwrap().value.len(), 2);
}

#[test]
fn the_stricter_bound_wins() {
    let schema = one(
        "{allOf: [{type: integer, minimum: 1, maximum: 9}, {type: integer, exclusiveMinimum: 1, maximum: 7.5}]}",
    );
    let low = schema.minimum.unwrap();
    assert_eq!((low.lexeme.as_str(), low.exclusive), ("1", true));
    assert_eq!(schema.maximum.unwrap().lexeme, "7.5");
    let schema =
        one("{allOf: [{type: string, minLength: 1, maxLength: 9}, {minLength: 3, maxLength: 12}]}");
    assert_eq!(schema.min_length.unwrap().value, 3);
    assert_eq!(schema.max_length.unwrap().value, 9);
    let schema = one("{allOf: [{type: string, enum: [a, b, c]}, {enum: [d, c, a]}]}");
    let words = schema.enumeration.unwrap().value;
    let words: Vec<_> = words.iter().filter_map(|node| node.as_str()).collect();
    assert_eq!(words, ["a", "c"]);
}

#[test]
fn a_member_of_two_parts_is_of_both() {
    let schema = one(
        "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {id: {type: integer, maximum: 5}, note: {type: string, maxLength: 3}}}]}",
    );
    assert_eq!(names(&schema), ["id", "note"]);
    let SchemaUse::Inline(id) = &schema.properties[0].1 else {
        panic!("{schema:?}");
    };
    assert_eq!(id.minimum.as_ref().unwrap().lexeme, "1");
    assert_eq!(id.maximum.as_ref().unwrap().lexeme, "5");
    let SchemaUse::Inline(note) = &schema.properties[1].1 else {
        panic!("{schema:?}");
    };
    assert_eq!(note.max_length.as_ref().unwrap().value, 3);
}

#[test]
fn a_closed_part_rejects_members_of_others() {
    let schema = one(
        "{allOf: [{$ref: '#/components/schemas/Closed'}, {type: object, properties: {id: {type: integer}, extra: {type: string}}}]}",
    );
    assert_eq!(names(&schema), ["id", "own"]);
    assert_eq!(schema.excluded.len(), 1);
    assert_eq!(schema.excluded[0].name.value, "extra");
    assert_eq!(schema.additional, Additional::Forbidden);
    // Beside `allOf` it sees only the properties beside it, not those of the parts.
    let schema = one(
        "{type: object, additionalProperties: false, properties: {own: {type: string}}, allOf: [{$ref: '#/components/schemas/Open'}]}",
    );
    assert_eq!(names(&schema), ["own"]);
    assert_eq!(schema.excluded[0].name.value, "name");
    refuses(
        2012,
        &with(
            "{allOf: [{$ref: '#/components/schemas/Closed'}, {type: object, required: [§extra], properties: {extra: {type: string}}}]}",
        ),
    );
}

#[test]
fn what_is_no_schema_is_refused_where_it_is_put_together() {
    for parts in [
        "{type: string}, {type: integer}",
        "{type: string, pattern: a}, {pattern: b}",
        "{type: string, format: uuid}, {format: date}",
        "{type: integer, multipleOf: 2}, {multipleOf: 3}",
        "{type: string, enum: [a], const: a}, {enum: [a]}",
        "{type: integer, enum: [1]}, {enum: [1]}",
        "{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Labels'}",
        "{type: string, x-security: {sensitive: personal}}, {x-security: {sensitive: secret}}",
        "{type: object, properties: {a: {type: string}}}, {type: object, properties: {a: {type: integer}}}",
    ] {
        refuses(4004, &with(&format!("{{§allOf: [{parts}]}}")));
    }
    refuses(
        2012,
        &with("{§allOf: [{type: string, enum: [a]}, {enum: [b]}]}"),
    );
    refuses(
        2011,
        &with("{allOf: [{type: object, properties: {a: {type: string}}}, {maxLength: §3}]}"),
    );
    refuses(
        2013,
        &with("{allOf: [{type: object, properties: {a: {type: string}}}, {required: [§b]}]}"),
    );
    refuses(2020, &schema30("{allOf: §[]}"));
    refuses(2004, &schema30("{type: string, allOf: §{}}"));
    refuses(4024, &with("§{allOf: [{maxLength: 3}]}"));
    refuses(4026, &with("§{oneOf: [{type: 'null'}]}"));
    let (message, help) = told(&with("{allOf: [{type: string}, {type: integer}]}"));
    assert!(
        message.contains("`type`") && help.contains("one schema"),
        "{message}: {help}"
    );
}

#[test]
fn several_alternatives_stay_as_they_are() {
    let two =
        "[{type: string, maxLength: 1}, {allOf: [{type: integer}, {minimum: 1}]}, {type: 'null'}]";
    for keyword in ["oneOf", "anyOf"] {
        let schema = one(&format!("{{{keyword}: {two}}}"));
        assert!(schema.choice.is_some());
        let parts: Vec<&SchemaUse> = schema.alternatives().collect();
        let SchemaUse::Inline(second) = parts[1] else {
            panic!("{parts:?}");
        };
        // Within them parts are put together.
        assert_eq!(parts.len(), 3);
        assert_eq!(second.minimum.as_ref().unwrap().lexeme, "1");
        // One of several is no schema that others could be put together with.
        let code = if keyword == "oneOf" { 4005 } else { 4006 };
        refuses(
            code,
            &schema31(&format!(
                "{{allOf: [{{§{keyword}: {two}}}, {{maxLength: 3}}]}}"
            )),
        );
    }
    // A union keeps its name, with null besides.
    let text = with(
        "{type: object, properties: {m: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Either'}]}}}",
    ) + "    Either: {oneOf: [{type: string}, {type: boolean}]}\n";
    let api = accepts(&text);
    assert!(matches!(
        &component(&api, "A").properties[0].1,
        SchemaUse::Component { name, beside, .. } if name == "Either" && beside.nullable
    ));
}

#[test]
fn nullable_needs_a_type() {
    let base = "    B: {type: object, properties: {a: {type: string}}}\n";
    let reference = "{$ref: '#/components/schemas/B'}";
    refuses(
        4046,
        &(schema30(&format!("{{§nullable: true, allOf: [{reference}]}}")) + base),
    );
    // By the letter of 3.0.3 the part excludes null, whatever stands beside it.
    let api = accepts(
        &(schema30(&format!(
            "{{type: object, nullable: true, allOf: [{reference}]}}"
        )) + base),
    );
    assert!(!component(&api, "A").nullable);
}

#[test]
fn what_contains_itself_is_refused() {
    refuses(
        4048,
        &schema31("{allOf: [{$ref: §'#/components/schemas/A'}]}"),
    );
    refuses(
        4048,
        &schema31(
            "{type: object, properties: {a: {§allOf: [{$ref: '#/components/schemas/A'}, {maxProperties: 1}]}}}",
        ),
    );
    // Two trees at once: each member of both is again of both.
    refuses(
        4048,
        &v31(
            "components:\n  schemas:\n    A: {§allOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}\n    B: {type: object, properties: {l: {$ref: '#/components/schemas/B'}, r: {$ref: '#/components/schemas/B'}}}\n    C: {type: object, properties: {l: {$ref: '#/components/schemas/C'}, r: {$ref: '#/components/schemas/C'}}}\n",
        ),
    );
}

#[test]
fn a_document_cannot_blow_up() {
    // Each of 60 schemas twice the one before: what is put together is counted, and a part that comes twice is one.
    let mut text =
        v31("components:\n  schemas:\n    S0: {type: object, properties: {a: {type: string}}}\n");
    for index in 1..60 {
        let before = index - 1;
        text += &format!(
            "    S{index}: {{allOf: [{{$ref: '#/components/schemas/S{before}'}}, {{$ref: '#/components/schemas/S{before}'}}]}}\n"
        );
    }
    assert!(told(&text).0.contains("expand to more than"));
}
