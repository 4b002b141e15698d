//! Alternatives: what tells them apart, and what is refused since nothing does.

use super::*;

fn body(schema: &str, schemas: &str) -> String {
    let paths = format!(
        "  /things:
    post:
      operationId: make
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {schema} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    document(&paths, schemas)
}

/// A member whose schema this is.
fn member_of(schema: &str) -> String {
    body(
        &format!("{{ type: object, properties: {{ a: {schema} }} }}"),
        "",
    )
}

fn union<'p>(plan: &'p Plan, name: &str) -> &'p Union {
    let each = plan.types.iter().find(|each| each.name == name).unwrap();
    match &each.shape {
        Shape::Union(union) => union,
        other => panic!("{other:?}"),
    }
}

/// Names of the alternatives, with what tells each.
fn told(union: &Union) -> Vec<(&str, Vec<String>)> {
    let marks = |case: &Case| {
        let marks = case.marks.iter();
        marks
            .map(|mark| match mark {
                Mark::Has(name) => format!("+{name}"),
                Mark::Lacks(name) => format!("-{name}"),
                Mark::Word(name, words) => format!("{name}={}", words.join("|")),
            })
            .collect()
    };
    let cases = union.cases.iter();
    cases
        .map(|case| (case.name.as_str(), marks(case)))
        .collect()
}

fn one(members: &str, required: &str) -> String {
    format!("{{ type: object, required: [{required}], properties: {{ {members} }} }}")
}

#[test]
fn types_tell_and_words_come_together() {
    let schema = "{ oneOf: [{ type: string, const: x }, { type: 'null' }, { type: boolean }, { type: integer }, \
                  { type: string, enum: [y, z] }, { type: array, items: { type: string } }, \
                  { type: object, properties: { b: { type: string } } }] }";
    let plan = build(&member_of(schema)).unwrap();
    let found = union(&plan, "MakeBodyA");
    let names = ["Word", "Boolean", "Integer", "List", "Object"];
    assert_eq!(told(found), names.map(|name| (name, vec![])));
    assert!(found.nullable && found.exactly_one);
    let words = plan.types.iter().find(|each| each.name == "MakeBodyAWord");
    assert!(matches!(&words.unwrap().shape, Shape::Words(words) if *words == ["x", "y", "z"]));
    assert!(member(&plan, "MakeBody", "a").nullable);
}

#[test]
fn objects_are_told_by_a_word_or_by_who_has_what() {
    let text = "{ type: string }";
    let word = |words: &str| format!("sort: {{ type: string, enum: [{words}] }}");
    let schemas = format!(
        "    One: {}\n    Two: {}\n    Three: {}\n    Four: {}",
        one(&format!("{}, x: {text}", word("a, b")), "x, sort"),
        one(&word("c"), "sort"),
        one(&format!("y: {text}, x: {text}"), "y, x"),
        // Requires nothing that others do not have.
        one(&format!("x: {text}"), "x"),
    );
    let all = "{ anyOf: [{ $ref: '#/components/schemas/One' }, { $ref: '#/components/schemas/Two' }, \
               { $ref: '#/components/schemas/Three' }, { $ref: '#/components/schemas/Four' }] }";
    let plan = build(&body(all, &schemas)).unwrap();
    let found = union(&plan, "MakeBody");
    assert!(!found.exactly_one && !found.nullable);
    let marks = |marks: &[&str]| {
        marks
            .iter()
            .map(|&mark| mark.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(found),
        [
            ("One", marks(&["sort=a|b", "+sort", "-y"])),
            ("Two", marks(&["sort=c", "+sort", "-y", "-x"])),
            ("Three", marks(&["+y", "-sort"])),
            ("Four", marks(&["-sort", "+x", "-y"])),
        ]
    );
}

#[test]
fn alternatives_of_alternatives_are_alternatives() {
    let schemas = "    Inner: { oneOf: [{ type: boolean }, { type: 'null' }, { type: integer }] }";
    let schema = "{ oneOf: [{ type: string }, { $ref: '#/components/schemas/Inner' }] }";
    let text = format!("{{ type: object, properties: {{ a: {schema} }} }}");
    let plan = build(&body(&text, schemas)).unwrap();
    let found = union(&plan, "MakeBodyA");
    let names: Vec<_> = told(found).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Text", "Boolean", "Integer"]);
    assert!(found.nullable);
}

#[test]
fn what_may_be_both_is_refused() {
    let a = "a: { type: string }";
    for (one, other) in [
        (
            "{ type: string }".to_owned(),
            "{ type: string, const: x }".to_owned(),
        ),
        (
            "{ type: string, enum: [x, y] }".to_owned(),
            "{ type: string, const: x }".to_owned(),
        ),
        (
            "{ type: integer, maximum: 1 }".to_owned(),
            "{ type: integer, minimum: 2 }".to_owned(),
        ),
        (
            "{ type: boolean }".to_owned(),
            "{ type: boolean }".to_owned(),
        ),
        (
            "{ type: [string, 'null'] }".to_owned(),
            "{ type: [integer, 'null'] }".to_owned(),
        ),
        (
            "{ type: array, items: { type: string } }".to_owned(),
            "{ type: array, items: { type: integer } }".to_owned(),
        ),
        // Nothing that one of them requires is unknown to the other.
        (one(a, ""), one("b: { type: string }", "")),
        (one(a, "a"), one("a: { type: integer }", "a")),
        (
            one(
                "a: { type: string, readOnly: true }, c: { type: string }",
                "a",
            ),
            one("c: { type: string }", ""),
        ),
        (
            one(
                "a: { type: string, writeOnly: true }, c: { type: string }",
                "a",
            ),
            one("c: { type: string }", ""),
        ),
        (
            one(
                "a: { type: string, x-security: { write: admin } }, c: { type: string }",
                "a",
            ),
            one("c: { type: string }", ""),
        ),
        // A word that may be absent, or null, or is one of both.
        (
            one("a: { type: string, const: x }", ""),
            one("a: { type: string, const: y }", "a"),
        ),
        (
            one("a: { type: [string, 'null'], enum: [x, null] }", "a"),
            one("a: { type: [string, 'null'], enum: [y, null] }", "a"),
        ),
        (
            one("a: { type: string, enum: [x, y] }", "a"),
            one("a: { type: string, enum: [y, z] }", "a"),
        ),
        (
            one(a, "a"),
            "{ type: object, additionalProperties: { type: string } }".to_owned(),
        ),
    ] {
        for keyword in ["oneOf", "anyOf"] {
            build(&member_of(&format!(
                "{{ <4460>{keyword}: [{one}, {other}] }}"
            )));
            build(&member_of(&format!(
                "{{ <4460>{keyword}: [{other}, {one}] }}"
            )));
        }
    }
}

#[test]
fn what_stands_beside_is_refused() {
    let objects = [
        one("a: { type: string }", "a"),
        one("b: { type: string }", "b"),
    ]
    .join(", ");
    for case in [
        format!("{{ <4461>minProperties: 1, oneOf: [{objects}] }}"),
        format!(
            "{{ type: object, <4461>properties: {{ c: {{ type: string }} }}, oneOf: [{objects}] }}"
        ),
        // A type that not every alternative has.
        format!("{{ type: object, oneOf: [{objects}, <4461>{{ type: string }}] }}"),
        // `type` takes no null, and an alternative does.
        format!("{{ type: <4461>object, oneOf: [{objects}, {{ type: 'null' }}] }}"),
        format!("{{ oneOf: [{objects}, <4463>{{ required: [a] }}] }}"),
        format!("{{ <4462>discriminator: {{ propertyName: a }}, oneOf: [{objects}] }}"),
    ] {
        build(&member_of(&case));
    }
    assert!(
        build(&member_of(&format!(
            "{{ type: object, description: d, oneOf: [{objects}] }}"
        )))
        .is_some()
    );
}

#[test]
fn a_discriminator_says_what_the_words_say() {
    let schemas = format!(
        "    One: {}\n    two: {}",
        one("a: { type: string, enum: [x, y] }", "a"),
        one("a: { type: string, const: two }", "a")
    );
    let both =
        "oneOf: [{ $ref: '#/components/schemas/One' }, { $ref: '#/components/schemas/two' }]";
    for (mapping, holds) in [
        ("{ x: One, y: '#/components/schemas/One' }", true),
        ("{ x: One, y: One, two: two }", true),
        // A word of none, of the other, and of nobody.
        ("{ x: One }", false),
        ("{ x: One, y: two }", false),
        ("{ x: One, y: One, z: two }", false),
        ("{ x: One, y: One, two: One }", false),
    ] {
        let place = if holds { "" } else { "<4462>" };
        let text = format!(
            "{{ {place}discriminator: {{ propertyName: a, mapping: {mapping} }}, {both} }}"
        );
        build(&body(&text, &schemas));
    }
    let other = format!("{{ <4462>discriminator: {{ propertyName: b }}, {both} }}");
    build(&body(&other, &schemas));
}

#[test]
fn unions_stand_where_values_do_and_nowhere_else() {
    let any = "{ oneOf: [{ type: string }, { type: boolean }] }";
    assert!(build(&body(any, "")).is_some());
    assert!(build(&member_of(&format!("{{ type: array, items: {any} }}"))).is_some());
    assert!(
        build(&member_of(&format!(
            "{{ type: object, additionalProperties: {any} }}"
        )))
        .is_some()
    );
    build(&member_of(&format!(
        "<4410>{{ type: array, uniqueItems: true, items: {any} }}"
    )));
    build(&body(
        "<4415>{ oneOf: [{ type: string }, { type: boolean }, { type: 'null' }] }",
        "",
    ));
    build(&member_of(
        "{ oneOf: [{ type: boolean }, <4451>{ type: string, format: binary }] }",
    ));
    let form = member_of(any).replace("application/json", "<4464>multipart/form-data");
    build(&form);
    let param = format!(
        "  /things:
    get:
      operationId: things
      parameters: [{{ name: q, in: query, schema: <4435>{any} }}]
      responses: {{ '204': {{ description: d }} }}"
    );
    build(&document(&param, ""));
}

// requirement: P40
#[test]
fn an_id_within_an_alternative_is_proved_nowhere() {
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
    let held = "{ $ref: '#/components/schemas/One' }";
    let either = format!("{{ oneOf: [{held}, {{ type: string }}] }}");
    let schemas = |mark: &str| {
        format!(
            "    One: {{ type: object, required: [id], properties: {{ {mark}id: {{ type: string, format: uuid }} }} }}"
        )
    };
    // What one operation proves is taken by another within an alternative.
    let paths = take("block", "owns: { User: { id: body./id } }", held)
        + &take("other", "access: authenticated", &either);
    build(&document(&paths, &schemas("<4347>")));
    // And a pointer leads through none.
    let within = format!("{{ type: object, required: [a], properties: {{ a: {either} }} }}");
    let paths = take("block", "owns: { User: { id: <3513>body./a/id } }", &within);
    build(&document(&paths, &schemas("")));
}

/// Thirty schemas, each of which is one of two of the next: a document of a page, and a thousand million alternatives.
#[test]
fn alternatives_without_end_are_refused() {
    let mut schemas = String::new();
    for at in 0..30 {
        let next = format!("{{ $ref: '#/components/schemas/S{}' }}", at + 1);
        schemas += &format!("    S{at}: {{ oneOf: [{next}, {next}] }}\n");
    }
    schemas += "    S30: { oneOf: [{ type: string }, { type: boolean }] }\n";
    let text = body("{ $ref: '#/components/schemas/S0' }", &schemas);
    let (plain, _) = marked(&text);
    let api = api(&plain);
    let mut diagnostics = Diagnostics::default();
    let policy = policy::read(&api, &mut diagnostics).unwrap();
    assert!(super::super::build(&api, &policy, "case.yaml", &mut diagnostics).is_none());
    assert!(diagnostics.iter().all(|each| each.code == 4465));
}

/// What is guessed at is limited, in whichever alternative it stands.
#[test]
fn a_password_within_an_alternative_is_one() {
    let paths = "  /sessions:
    post:
      operationId: signIn
      security: []
      x-security: { access: public, reason: r }
      requestBody:
        required: true
        content:
          application/json:
            schema:
              oneOf:
                - { type: object, required: [name, pin], properties: { name: { type: string }, pin: { type: string, format: password } } }
                - { type: object, required: [code], properties: { code: { type: string } } }
      responses: { '204': { description: d } }";
    let plan = build(&document(paths, "")).unwrap();
    assert!(quotas(&plan, "signIn").contains(&"auth"));
}

#[test]
fn an_all_of_with_alternatives_in_it_has_them_too() {
    let text = "{ type: string }";
    let schemas = format!(
        "    Hits: {{ oneOf: [{}, {}] }}\n    Base: {}",
        one(&format!("page: {text}, took: {text}"), "page"),
        one(&format!("limit: {text}"), "limit"),
        one(&format!("query: {text}"), "query"),
    );
    // The alternatives in a component, the rest in another and beside them.
    let all = "{ type: object, properties: { more: { type: boolean } }, \
               allOf: [{ $ref: '#/components/schemas/Base' }, { $ref: '#/components/schemas/Hits' }] }";
    let plan = build(&body(all, &schemas)).unwrap();
    let found = union(&plan, "MakeBody");
    let marks = |marks: &[&str]| {
        marks
            .iter()
            .map(|&mark| mark.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told(found),
        [
            ("Page", marks(&["+page", "-limit"])),
            ("Limit", marks(&["+limit", "-page"])),
        ]
    );
    let names = |name: &str| -> Vec<String> {
        let (_, object) = object(&plan, name);
        object
            .members
            .iter()
            .map(|each| each.name.clone())
            .collect()
    };
    let mut page = names("MakeBodyPage");
    page.sort_unstable();
    assert_eq!(page, ["more", "page", "query", "took"]);
    assert!(member(&plan, "MakeBodyLimit", "query").required);
    // Two of them together are all of their pairs, and a word beside null says nothing of an object.
    let twice = "{ allOf: [{ $ref: '#/components/schemas/Hits' }, { oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, \
                 { type: object, required: [b], properties: { b: { type: string } } }] }] }";
    let plan = build(&body(twice, &schemas)).unwrap();
    assert_eq!(union(&plan, "MakeBody").cases.len(), 4);
}
