//! What is taken and what is told: members, types and bounds.

use super::*;

#[test]
fn what_is_taken() {
    says(
        "minLength: 1",
        "minLength: 2",
        &["- writeNote body/text minLength"],
    );
    says(
        "maxLength: 100, pattern",
        "maxLength: 200, pattern",
        &["+ writeNote body/text maxLength"],
    );
    says(
        ", pattern: \"^[a-z]+$\"",
        "",
        &["+ writeNote body/text pattern"],
    );
    cannot_be_told("^[a-z]+$", "^[a-y]+$", &["+ writeNote body/text pattern"]);
    says(
        "required: [text]",
        "required: [text, tags]",
        &["- writeNote body/tags may be left out"],
    );
    says(
        "maxItems: 5",
        "maxItems: 6",
        &["+ writeNote body/tags maxItems"],
    );
    says(
        "uniqueItems: true, ",
        "",
        &["+ writeNote body/tags repeated items"],
    );
    says(
        "items: { type: string, maxLength: 10 }",
        "items: { type: string, maxLength: 11 }",
        &["+ writeNote body/tags/* maxLength"],
    );
    says(
        "        pinned: {",
        "        more: { type: boolean }\n        pinned: {",
        &["+ writeNote body/more (a caller without a role)"],
    );
    says(
        "x-security: { write: admin }",
        "x-security: { write: auditor }",
        &[
            "+ writeNote body/pinned (auditor)",
            "- writeNote body/pinned (admin)",
        ],
    );
    says(
        "pinned: { type: boolean, x-security: { write: admin } }",
        "pinned: { type: boolean }",
        &["+ writeNote body/pinned (a caller without a role)"],
    );
    says(
        "maximum: 50",
        "maximum: 60",
        &["+ listNotes query limit maximum"],
    );
    says(
        "multipleOf: 2",
        "multipleOf: 4",
        &["- listNotes query limit multipleOf"],
    );
    cannot_be_told(
        "multipleOf: 2",
        "multipleOf: 3",
        &["+ listNotes query limit multipleOf"],
    );
    says(
        "in: query, required: true,",
        "in: query,",
        &["+ listNotes query limit may be left out"],
    );
    says(
        "enum: [red, blue]",
        "enum: [red]",
        &["- listNotes query kind word blue"],
    );
    says(
        "        - { name: kind, in: query, schema: { type: string, enum: [red, blue] } }\n",
        "",
        &["- listNotes query kind"],
    );
    cannot_be_told(
        "pinned: { type: boolean,",
        "pinned: { type: string, maxLength: 5,",
        &["+ writeNote body/pinned type"],
    );
    says(
        "in: path, required: true, schema: { type: string, format: uuid }",
        "in: path, required: true, schema: { type: string, maxLength: 36 }",
        &["+ getNote path noteId format"],
    );
}

#[test]
fn what_is_told() {
    says(
        "x-security: { read: [admin, owner] }",
        "x-security: { read: admin }",
        &[
            "- listNotes reply 200/secret (the owner)",
            "- getNote reply 200/secret (the owner)",
        ],
    );
    says(
        "        secret: { type: string, maxLength: 10, x-security: { read: [admin, owner] } }\n",
        "",
        &[
            "- listNotes reply 200/secret (admin)",
            "- listNotes reply 200/secret (the owner)",
            "- getNote reply 200/secret (admin)",
            "- getNote reply 200/secret (the owner)",
        ],
    );
    says(
        "x-security: { read: [admin, owner] }",
        "description: d",
        &[
            "+ listNotes reply 200/secret (a caller without a role)",
            "+ getNote reply 200/secret (a caller without a role)",
        ],
    );
}

#[test]
fn alternatives_are_compared_by_their_names() {
    let old = "text: { type: string, minLength: 1, maxLength: 100, pattern: \"^[a-z]+$\" }";
    let with = |more: &str| {
        let text = format!(
            "text: {{ oneOf: [{{ type: integer, minimum: 1, maximum: 5 }}, {{ type: object, title: Long, required: [a], properties: {{ a: {{ type: string, maxLength: 9 }} }} }}{more}] }}"
        );
        planned(&BASE.replace(old, &text))
    };
    let (few, many) = (with(""), with(", { type: boolean }"));
    assert_eq!(
        told(&compare(&few, &many).list),
        ["+ writeNote body/text alternative Boolean"]
    );
    assert_eq!(
        told(&compare(&many, &few).list),
        ["- writeNote body/text alternative Boolean"]
    );
    let narrow = planned(&BASE.replace(
        old,
        "text: { oneOf: [{ type: integer, minimum: 1, maximum: 4 }, { type: object, title: Long, required: [a], properties: { a: { type: string, maxLength: 9 } } }] }",
    ));
    assert_eq!(
        told(&compare(&few, &narrow).list),
        ["- writeNote body/text Integer maximum"]
    );
    // From one kind of value to another nothing can be said.
    assert_eq!(
        told(&compare(&planned(BASE), &few).list),
        ["+ writeNote body/text type"]
    );
}

#[test]
fn of_media_types_one_less_is_narrower() {
    let both = "content: { application/json: { schema: { $ref: \"#/components/schemas/NewNote\" } }, application/x-www-form-urlencoded: { schema: { $ref: \"#/components/schemas/NewNote\" } } }";
    let content =
        "content: { application/json: { schema: { $ref: \"#/components/schemas/NewNote\" } } }";
    let base = BASE.replace(
        &format!("requestBody: {{ required: true, {content} }}"),
        &format!("requestBody: {{ required: true, {both} }}"),
    );
    assert_ne!(base, BASE);
    let one = base.replace(
        "rateLimit: slow }",
        "rateLimit: slow, media: [application/json] }",
    );
    assert_ne!(one, base);
    let (two, one) = (planned(&base), planned(&one));
    let form = "writeNote body as application/x-www-form-urlencoded";
    assert_eq!(told(&compare(&two, &one).list), [format!("- {form}")]);
    assert_eq!(told(&compare(&one, &two).list), [format!("+ {form}")]);
}

#[test]
fn how_items_of_a_parameter_are_written_cannot_be_compared() {
    let with = |explode: bool| {
        let kinds = format!(
            "- {{ name: kind, in: query, explode: {explode}, schema: {{ type: array, items: {{ type: string, enum: [red, blue] }} }} }}"
        );
        planned(&BASE.replace(
            "- { name: kind, in: query, schema: { type: string, enum: [red, blue] } }",
            &kinds,
        ))
    };
    let (named, commas) = (with(true), with(false));
    let expected = ["+ listNotes query kind items by"];
    assert_eq!(told(&compare(&named, &commas).list), expected);
    assert_eq!(told(&compare(&commas, &named).list), expected);
}

#[test]
fn any_json_is_wider_than_a_type_and_others_than_none() {
    cannot_be_told(
        "text: { type: string, minLength: 1, maxLength: 100, pattern: \"^[a-z]+$\" }",
        "text: {}",
        &["+ writeNote body/text type"],
    );
    says(
        "    NewNote:\n      type: object\n",
        "    NewNote:\n      type: object\n      additionalProperties: { type: integer, minimum: 1, maximum: 5 }\n",
        // Three members were all there could be; now as many as `limits.object` says.
        &[
            "+ writeNote body members of any name",
            "+ writeNote body maxProperties",
        ],
    );
}

#[test]
fn names_that_are_data_are_compared() {
    let old = "text: { type: string, minLength: 1, maxLength: 100, pattern: \"^[a-z]+$\" }";
    let with = |names: &str| {
        let text = format!(
            "text: {{ type: object, additionalProperties: {{ type: boolean }}, maxProperties: 2{names} }}"
        );
        planned(&BASE.replace(old, &text))
    };
    let any = with("");
    let short = with(", propertyNames: { maxLength: 5 }");
    let longer = with(", propertyNames: { maxLength: 6 }");
    let two = with(", propertyNames: { enum: [a, b] }");
    let other = with(", propertyNames: { enum: [a, c] }");
    let alike = with(", propertyNames: { const: a text }, minProperties: 1");
    for (old, new, wanted) in [
        (&any, &short, &["- writeNote body/text names"][..]),
        (&short, &any, &["+ writeNote body/text names"]),
        (&short, &longer, &["+ writeNote body/text names maxLength"]),
        (&longer, &short, &["- writeNote body/text names maxLength"]),
        (
            &two,
            &other,
            &[
                "+ writeNote body/text names c",
                "- writeNote body/text names b",
            ],
        ),
        // Whether a word is a text of the kind is not looked into.
        (&short, &two, &["+ writeNote body/text names"]),
    ] {
        assert_eq!(told(&compare(old, new).list), wanted);
    }
    // However the word is called.
    let said = told(&compare(&short, &alike).list);
    assert!(
        said.contains(&"+ writeNote body/text names".to_owned()),
        "{said:?}"
    );
}

/// A member of numbers, then and now; and the other way round.
fn numbers(was: &str, is: &str, expected: &[&str]) {
    let of = |schema: &str| {
        let more = format!("        more: {{ {schema} }}\n        pinned: {{");
        edited("        pinned: {", &more)
    };
    let (old, new) = (of(was), of(is));
    assert_eq!(told(&compare(&old, &new).list), expected, "{was} -> {is}");
    let opposite = expected.iter().map(|line| match line.split_at(1) {
        ("+", rest) => format!("-{rest}"),
        (_, rest) => format!("+{rest}"),
    });
    let opposite: Vec<String> = opposite.collect();
    assert_eq!(told(&compare(&new, &old).list), opposite, "{is} -> {was}");
}

#[test]
fn numbers_are_compared_to_the_last_digit() {
    numbers(
        "type: number, minimum: 0.1",
        "type: number, minimum: 1e-1",
        &[],
    );
    numbers(
        "type: number, minimum: 0.1",
        "type: number, minimum: 0.09999999999999999999",
        &["+ writeNote body/more minimum"],
    );
    numbers(
        "type: number, exclusiveMaximum: 1",
        "type: number, maximum: 1",
        &["+ writeNote body/more maximum"],
    );
    numbers(
        "type: number, maximum: 1",
        "type: number",
        &["+ writeNote body/more maximum"],
    );
    numbers(
        "type: number, multipleOf: 0.1",
        "type: number, multipleOf: 0.01",
        &["+ writeNote body/more multipleOf"],
    );
    numbers(
        "type: number, multipleOf: 0.1",
        "type: number",
        &["+ writeNote body/more multipleOf"],
    );
    numbers(
        "type: integer, minimum: 0, maximum: 9",
        "type: number, minimum: 0, maximum: 9.5",
        &[
            "+ writeNote body/more type",
            "+ writeNote body/more maximum",
            "+ writeNote body/more multipleOf",
        ],
    );
}
