//! Names that are data: what `propertyNames` takes, exactly.

use super::*;

/// The names of a map with these keywords, and how many members it has at most.
fn map(keywords: &str) -> (Option<Names>, u64) {
    let paths = format!(
        "  /things:
    post:
      operationId: make
      requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, properties: {{ a: {{ type: object, {keywords} }} }} }} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    let text = document(
        &paths,
        "    Size: { type: string, enum: [small, large] }\n    Code: { type: string, pattern: '^[a-z]+$', maxLength: 8 }",
    );
    let plan = build(&text).unwrap();
    match &object(&plan, "MakeBody").1.members[0].value {
        ValueKind::Map(map) => (map.names.clone(), map.max),
        other => panic!("{other:?}"),
    }
}

fn text(min: u64, max: u64, pattern: Option<&str>) -> Option<Names> {
    let pattern = pattern.map(|pattern| Pattern {
        source: pattern.to_owned(),
        rust: pattern.to_owned(),
    });
    Some(Names::Text(Text {
        min,
        max,
        max_declared: false,
        pattern,
        format: None,
    }))
}

#[test]
fn names_are_texts_of_a_kind() {
    for (names, wanted) in [
        ("{}", None),
        ("{ type: string }", None),
        ("{ description: Of whatever kind., example: a }", None),
        ("{ maxLength: 5, minLength: 1 }", text(1, 5, None)),
        (
            "{ $ref: '#/components/schemas/Code' }",
            text(0, 8, Some("^[a-z]+$")),
        ),
    ] {
        let (found, most) = map(&format!(
            "additionalProperties: {{ type: boolean }}, maxProperties: 9, propertyNames: {names}"
        ));
        // Whether a bound was declared is for the attacks.
        let found = found.map(|names| match names {
            Names::Text(text) => Names::Text(Text {
                max_declared: false,
                ..text
            }),
            words => words,
        });
        assert_eq!((found, most), (wanted, 9), "{names}");
    }
}

#[test]
fn of_words_there_are_no_more_than_so_many() {
    let words = |words: &[&str]| {
        Some(Names::Words(
            words.iter().map(|w| (*w).to_owned()).collect(),
        ))
    };
    for (keywords, wanted) in [
        (
            "propertyNames: { enum: [a, b, c] }",
            (words(&["a", "b", "c"]), 3),
        ),
        (
            "maxProperties: 2, propertyNames: { enum: [a, b, c] }",
            (words(&["a", "b", "c"]), 2),
        ),
        (
            "maxProperties: 9, propertyNames: { const: a }",
            (words(&["a"]), 1),
        ),
        (
            "propertyNames: { $ref: '#/components/schemas/Size' }",
            (words(&["small", "large"]), 2),
        ),
        // Null is no name.
        (
            "propertyNames: { type: [string, 'null'], enum: [a, null] }",
            (words(&["a"]), 1),
        ),
    ] {
        let keywords = format!("additionalProperties: {{ type: boolean }}, {keywords}");
        assert_eq!(map(&keywords), wanted, "{keywords}");
    }
}

#[test]
fn words_for_names_count_as_words() {
    let document = |count: usize| {
        let words: Vec<String> = (0..count).map(|at| format!("w{at}")).collect();
        let schema = format!(
            "{{ type: object, additionalProperties: true, propertyNames: {{ enum: [{}] }} }}",
            words.join(", ")
        );
        let paths = format!(
            "  /things:
    post:
      operationId: make
      requestBody: {{ content: {{ application/json: {{ schema: {schema} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
        );
        let api = api(&super::document(&paths, ""));
        let mut diagnostics = Diagnostics::default();
        let policy = policy::read(&api, &mut diagnostics).unwrap();
        let plan = crate::plan::build(&api, &policy, "case.yaml", &mut diagnostics);
        let said = diagnostics.iter().map(|each| each.message.clone());
        (plan.is_some(), said.collect::<Vec<_>>())
    };
    assert_eq!(document(10_000), (true, Vec::new()));
    let (taken, said) = document(10_001);
    assert!(
        !taken && said.iter().any(|line| line.contains("words")),
        "{said:?}"
    );
}
