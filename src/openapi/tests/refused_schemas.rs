//! One mistake a schema.

use super::*;

#[test]
fn keys() {
    refuses(2002, &schema30("{type: string, §maxLenght: 3}"));
    assert_eq!(
        told(&schema30("{type: string, maxLenght: 3}")).1,
        "did you mean `maxLength`?"
    );
    refuses(
        2002,
        &schema31("{type: array, items: {type: string}, §additionalItems: false}"),
    );
    refuses(2003, &schema30("{type: string, §const: a}"));
    refuses(2003, &schema31("{type: string, §nullable: true}"));
    refuses(2003, &schema30("{type: §[string, 'null']}"));
    refuses(
        2006,
        &schema30("{type: string, §x-securiti: {sensitive: secret}}"),
    );
    refuses(2004, &schema30("§true"));
}

#[test]
fn gaps_by_name() {
    let two = "[{type: string}, {type: integer}]";
    refuses(4004, &schema30(&format!("{{§allOf: {two}}}")));
    refuses(4005, &schema30(&format!("{{§oneOf: {two}, anyOf: {two}}}")));
    for (code, keyword) in [(4005, "oneOf"), (4006, "anyOf")] {
        refuses(
            code,
            &schema30(&format!(
                "{{allOf: [{{§{keyword}: {two}, maxLength: 1}}, {{type: string}}]}}"
            )),
        );
    }
    refuses(4007, &schema30("{§not: {}}"));
    refuses(
        4009,
        &schema30("{type: object, §discriminator: {propertyName: a}}"),
    );
    for tuple in [
        "[], items: false",
        "[{type: string}], items: {type: string}",
        "[{type: string}, {type: integer}], items: false",
        "[{type: string}, {type: string, maxLength: 2}], items: false",
        "[{type: string, maxLength: 1}, {type: string, minLength: 1}], items: false",
    ] {
        refuses(
            4010,
            &schema31(&format!("{{type: array, §prefixItems: {tuple}}}")),
        );
    }
    for (code, keyword) in [
        (4008, "if: {}"),
        (4011, "contains: {}"),
        (4012, "patternProperties: {}"),
        (4013, "propertyNames: {maxLength: 3}"),
        (4014, "dependentRequired: {}"),
        (4014, "dependentSchemas: {}"),
        (4015, "unevaluatedProperties: false"),
        (4016, "$dynamicRef: '#a'"),
        (4017, "$vocabulary: {}"),
        (4018, "$id: a"),
        (4018, "$anchor: a"),
        (4020, "$defs: {B: {type: string}}"),
        (4021, "contentEncoding: base64"),
    ] {
        refuses(code, &schema31(&format!("{{type: object, §{keyword}}}")));
        let (message, help) = told(&schema31(&format!("{{type: object, {keyword}}}")));
        assert!(
            message.contains(keyword.split(':').next().unwrap()),
            "{message}"
        );
        assert!(!help.is_empty());
    }
    refuses(4023, &schema31("§false"));
    for schema in [
        "§{pattern: a}",
        "§{properties: {}}",
        "§{nullable: false}",
        "§{format: uuid}",
        "§{enum: [a]}",
    ] {
        refuses(4024, &schema30(schema));
    }
    refuses(4025, &schema31("{type: §[string, integer, 'null']}"));
    refuses(4026, &schema31("{type: §'null'}"));
    refuses(4027, &schema31("§{type: array}"));
    refuses(2005, &schema30("§{type: array}"));
    refuses(
        4045,
        &v30(
            "components:\n  schemas:\n    A: {$ref: §'#/components/schemas/B'}\n    B: {type: string}\n",
        ),
    );
    let deep = format!(
        "{}{{type: string}}{}",
        "{type: array, items: ".repeat(64),
        "}".repeat(64)
    );
    let marked = deep.replace("{type: string}", "§{type: string}");
    refuses(4044, &schema30(&marked));
    accepts(&schema30(
        &deep
            .replacen("{type: array, items: ", "", 1)
            .replacen('}', "", 1),
    ));
}

#[test]
fn keywords_that_do_nothing() {
    refuses(2011, &schema30("{type: integer, §maxLength: 3}"));
    refuses(2011, &schema30("{type: string, §minimum: 3}"));
    refuses(2011, &schema30("{type: object, §items: {type: string}}"));
    refuses(2011, &schema30("{type: string, §properties: {}}"));
    refuses(2011, &schema31("{§pattern: a, type: [boolean, 'null']}"));
    refuses(2011, &schema30("{type: integer, §exclusiveMinimum: true}"));
}

#[test]
fn bounds() {
    refuses(
        2012,
        &schema30("{type: string, minLength: §4, maxLength: 3}"),
    );
    refuses(
        2012,
        &schema30("{type: array, items: {type: string}, maxItems: 1, minItems: §2}"),
    );
    refuses(
        2012,
        &schema30("{type: object, minProperties: §2, maxProperties: 1}"),
    );
    refuses(
        2012,
        &schema30("{type: number, minimum: §0.30000000000000000001, maximum: 0.3}"),
    );
    refuses(
        2012,
        &schema30("{type: integer, minimum: §-1, maximum: -2}"),
    );
    refuses(
        2012,
        &schema30("{type: integer, minimum: §3, maximum: 3, exclusiveMaximum: true}"),
    );
    refuses(
        2012,
        &schema31("{type: integer, exclusiveMinimum: §1e2, maximum: 100.0}"),
    );
    refuses(
        2012,
        &schema30("{type: string, readOnly: true, writeOnly: §true}"),
    );
    accepts(&schema30("{type: integer, minimum: 3, maximum: 3}"));
    refuses(2020, &schema30("{type: string, maxLength: §-1}"));
    refuses(2020, &schema30("{type: string, maxLength: §1.5}"));
    refuses(2020, &schema30("{type: string, maxLength: §1e30}"));
    refuses(2020, &schema30("{type: integer, multipleOf: §0}"));
    refuses(
        2004,
        &schema31("{type: integer, minimum: 1, exclusiveMinimum: §true}"),
    );
    refuses(
        2004,
        &schema30("{type: integer, minimum: 1, exclusiveMinimum: §1}"),
    );
    refuses(2004, &schema30("{type: string, maxLength: §'3'}"));
    refuses(
        4042,
        &schema30("{type: number, minimum: §1e99999999999999999999, maximum: 3}"),
    );
}

#[test]
fn properties_and_values() {
    refuses(
        2013,
        &schema30("{type: object, required: [name, §nam], properties: {name: {type: string}}}"),
    );
    assert_eq!(
        told(&schema30(
            "{type: object, required: [nam], properties: {name: {type: string}}}"
        ))
        .1,
        "did you mean `name`?"
    );
    refuses(
        2020,
        &schema30("{type: object, required: [a, §a], properties: {a: {type: string}}}"),
    );
    refuses(
        2004,
        &schema30("{type: object, properties: {a: {type: string, required: §true}}}")
            .replace(", required", "}}}\n    B: {type: object, required")
            .replace("true}}}", "true}"),
    );
    refuses(2020, &schema30("{type: §strin}"));
    refuses(2020, &schema30("{type: §'null'}"));
    refuses(2020, &schema31("{type: §[]}"));
    refuses(2020, &schema30("{type: string, enum: §[]}"));
    refuses(2020, &schema30("{type: string, enum: [a, b, §a]}"));
    refuses(2020, &schema30("{type: string, enum: [a, §1]}"));
    refuses(2020, &schema30("{type: string, enum: [a, §null]}"));
    accepts(&schema30("{type: string, nullable: true, enum: [a, null]}"));
    refuses(2020, &schema30("{type: integer, default: §1.5}"));
    refuses(2020, &schema31("{type: boolean, const: §1}"));
    accepts(&schema30("{type: integer, default: 1e2}"));
}

#[test]
fn beside_a_reference() {
    let with30 = |sibling: &str| {
        v30(&format!(
            "components:\n  schemas:\n    A: {{type: object, properties: {{b: {{$ref: '#/components/schemas/B'{sibling}}}}}}}\n    B: {{type: string}}\n"
        ))
    };
    let with31 = |sibling: &str| with30(sibling).replace("3.0.3", "3.1.0");
    accepts(&with30(", description: d, deprecated: true, x-other: 1"));
    accepts(&with31(", description: d, title: t"));
    refuses(2008, &with30(", §x-security: {sensitive: personal}"));
    refuses(2021, &with30(", §maxLength: 3"));
    refuses(2021, &with30(", §nullable: true"));
    refuses(2021, &with30(", §readOnly: true"));
    refuses(4003, &with31(", §maxLength: 3"));
    refuses(4003, &with31(", §default: a"));
    refuses(2002, &with31(", §maxLenght: 3"));
    refuses(2006, &with31(", §x-securty: {}"));
    refuses(
        2009,
        &with30("").replace("'#/components/schemas/B'", "§'#/components/schemas/C'"),
    );
    refuses(
        4002,
        &with30("").replace(
            "'#/components/schemas/B'",
            "§'#/components/schemas/A/properties/b'",
        ),
    );
}
