//! Numbers with a fraction: bounds as they are written, whatever their digits, and what they may stand in.

use super::*;

/// The value of a member in a document of this version.
fn value(version: &str, schema: &str) -> ValueKind {
    let paths = format!(
        "  /things:
    post:
      operationId: make
      requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, properties: {{ a: {schema} }} }} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    let text = document(&paths, "").replace("openapi: 3.1.0", &format!("openapi: {version}"));
    let plan = build(&text).unwrap();
    object(&plan, "MakeBody").1.members[0].value.clone()
}

/// Bounds and step in words: `-0.5..`, `(0..1)/0.01`.
fn words(real: &Real) -> String {
    let text = |limit: &Option<Limit>| limit.as_ref().map(|limit| limit.at.to_string());
    let open = |limit: &Option<Limit>| limit.as_ref().is_some_and(|limit| limit.exclusive);
    format!(
        "{}{}..{}{}{}",
        if open(&real.min) { "(" } else { "" },
        text(&real.min).unwrap_or_default(),
        text(&real.max).unwrap_or_default(),
        if open(&real.max) { ")" } else { "" },
        real.multiple_of
            .as_ref()
            .map(|step| format!("/{step}"))
            .unwrap_or_default(),
    )
}

fn real(version: &str, schema: &str) -> String {
    match value(version, schema) {
        ValueKind::Number(real) => words(&real),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bounds_are_those_of_the_document() {
    const SINGLE: &str = "3.4028234663852885981170418348451692544e+38";
    let float = format!("-{SINGLE}..{SINGLE}");
    let open = format!("(-{SINGLE}..{SINGLE})");
    let shut = format!(", exclusiveMinimum: -{SINGLE}, exclusiveMaximum: {SINGLE}");
    for (keywords, wanted) in [
        ("", ".."),
        (", format: double", ".."),
        (", minimum: 0.10, maximum: 1e2", "0.1..100"),
        (
            ", exclusiveMinimum: -0.0, exclusiveMaximum: 1.50",
            "(0..1.5)",
        ),
        (", multipleOf: 0.010", "../0.01"),
        (
            ", multipleOf: 5e-1, minimum: 12345678901234567890.5",
            "1.23456789012345678905e+19../0.5",
        ),
        // The stricter of two; at the same number the open one is.
        (
            ", minimum: 1, exclusiveMinimum: 1.0, maximum: 9, exclusiveMaximum: 9.5",
            "(1..9",
        ),
        (", format: float", &float),
        (
            ", format: float, minimum: 0, maximum: 1e300",
            &format!("0..{SINGLE}"),
        ),
        (&format!(", format: float{shut}"), &open),
    ] {
        assert_eq!(
            real("3.1.0", &format!("{{ type: number{keywords} }}")),
            wanted,
            "{keywords}"
        );
    }
    assert_eq!(
        real(
            "3.0.3",
            "{ type: number, minimum: 0.5, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false }"
        ),
        "(0.5..2"
    );
}

#[test]
fn parts_of_one_number_are_as_strict_as_all_of_them() {
    assert_eq!(
        real(
            "3.1.0",
            "{ allOf: [{ type: number, minimum: 0.5 }, { type: number, exclusiveMinimum: 0.5, maximum: 0.7 }, { maximum: 0.6 }] }"
        ),
        "(0.5..0.6"
    );
    for schema in [
        "{ allOf: [{ type: integer }, { type: number, minimum: 1 }] }",
        "{ allOf: [{ type: number, minimum: 1 }, { type: integer }] }",
    ] {
        match value("3.1.0", schema) {
            ValueKind::Integer(whole) => assert_eq!(whole.min, 1),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_number_is_told_from_everything_but_numbers() {
    let schema = "{ oneOf: [{ type: number }, { type: string }, { type: boolean }, { type: array, items: { type: number } }] }";
    assert!(matches!(value("3.1.0", schema), ValueKind::Named(_)));
}

#[test]
fn a_default_is_a_number_that_is_taken() {
    let param = |schema: &str| {
        let parameters = format!("parameters: [{{ name: a, in: query, schema: {schema} }}]");
        let paths = format!(
            "  /things:\n    get:\n      operationId: things\n      {parameters}\n      responses: {{ '204': {{ description: d }} }}"
        );
        document(&paths, "")
    };
    let plan = build(&param("{ type: number, minimum: 0.1, default: 0.10 }")).unwrap();
    let things = plan.operations.iter().find(|each| each.id == "things");
    match &things.unwrap().params[0].default {
        Some(Default::Number(number)) => assert_eq!(number.to_string(), "0.1"),
        other => panic!("{other:?}"),
    }
    for schema in [
        "{ type: number, minimum: 0.1, default: <3504>0.09999999999999999999 }",
        "{ type: number, multipleOf: 0.1, default: <3504>0.25 }",
        "{ type: number, default: <3504>1e400 }",
    ] {
        build(&param(schema));
    }
}
