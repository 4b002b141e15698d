//! Bounds of integers: the least and the greatest that are taken, and how the bound was written.

use super::*;

/// The rule of an integer schema in a document of this version.
fn whole(version: &str, schema: &str) -> Whole {
    let paths = format!(
        "  /things:
    post:
      operationId: make
      requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, properties: {{ a: {schema} }} }} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    let text = document(&paths, "").replace("openapi: 3.1.0", &format!("openapi: {version}"));
    let plan = build(&text).unwrap();
    match &object(&plan, "MakeBody").1.members[0].value {
        ValueKind::Integer(whole) => whole.clone(),
        other => panic!("{other:?}"),
    }
}

/// `(min, min_exclusive, max, max_exclusive)`
fn bounds(version: &str, schema: &str) -> (i64, bool, i64, bool) {
    let whole = whole(version, schema);
    (
        whole.min,
        whole.min_exclusive,
        whole.max,
        whole.max_exclusive,
    )
}

#[test]
fn exclusive_bounds_are_inclusive_integers_that_remember() {
    let cases = [
        ("minimum: 1, maximum: 9", (1, false, 9, false)),
        (
            "exclusiveMinimum: 1, exclusiveMaximum: 9",
            (2, true, 8, true),
        ),
        // The stricter of two; at the same number the exclusive one is.
        (
            "minimum: 1, exclusiveMinimum: 1, maximum: 9, exclusiveMaximum: 9",
            (2, true, 8, true),
        ),
        (
            "minimum: 2, exclusiveMinimum: 1, maximum: 8, exclusiveMaximum: 9",
            (2, false, 8, false),
        ),
        (
            "minimum: 1, exclusiveMinimum: 4, maximum: 9, exclusiveMaximum: 6",
            (5, true, 5, true),
        ),
        // A format that is stricter, and one that is as strict.
        (
            "format: int32, exclusiveMinimum: -3000000000, exclusiveMaximum: 3000000000",
            (-2147483648, false, 2147483647, false),
        ),
        (
            "format: int32, exclusiveMinimum: -2147483649, exclusiveMaximum: 2147483648",
            (-2147483648, false, 2147483647, false),
        ),
        // Those of the registry, and as generators hyphenate them; uint64 as far as int64 goes.
        ("format: int8", (-128, false, 127, false)),
        ("format: int16", (-32768, false, 32767, false)),
        ("format: uint8", (0, false, 255, false)),
        ("format: u-int8, exclusiveMinimum: 0", (1, true, 255, false)),
        ("format: uint16", (0, false, 65535, false)),
        ("format: u-int32, minimum: 0", (0, false, 4294967295, false)),
        ("format: uint64", (0, false, i64::MAX, false)),
        (
            "format: uint64, minimum: -5, maximum: 18446744073709551615",
            (0, false, i64::MAX, false),
        ),
        (
            "exclusiveMinimum: 1e2, exclusiveMaximum: 10.0e2",
            (101, true, 999, true),
        ),
    ];
    for (keywords, expected) in cases {
        let schema = format!("{{ type: integer, {keywords} }}");
        assert_eq!(bounds("3.1.0", &schema), expected, "{keywords}");
    }
}

#[test]
fn exclusive_flags_of_3_0() {
    let cases = [
        ("minimum: 1, maximum: 9", (1, false, 9, false)),
        (
            "minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true",
            (2, true, 8, true),
        ),
        (
            "minimum: 1, exclusiveMinimum: false, maximum: 9, exclusiveMaximum: false",
            (1, false, 9, false),
        ),
    ];
    for (keywords, expected) in cases {
        let schema = format!("{{ type: integer, {keywords} }}");
        assert_eq!(bounds("3.0.3", &schema), expected, "{keywords}");
    }
}
