//! Bodies that are bytes: how a document says so, and what it cannot say of them.

use super::*;
use crate::plan::File;

/// A POST /things with this `content`.
fn content(content: &str) -> String {
    let paths = format!(
        "  /things:
    post:
      operationId: make
      requestBody: {{ content: {content} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    document(
        &paths,
        "    B: { type: string, format: binary, maxLength: 9 }",
    )
}

fn bytes(schema: &str) -> String {
    content(&format!("{{ application/octet-stream: {schema} }}"))
}

fn file(text: &str) -> File {
    let plan = build(text).unwrap();
    let body = operation(&plan, "make").body.as_ref().unwrap();
    assert_eq!(body.media, [Media::Octets]);
    match &body.value {
        ValueKind::File(file) => file.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bytes_of_whatever_kind() {
    for schema in [
        "{}",
        "{ schema: {} }",
        "{ schema: true }",
        "{ schema: { title: T, description: d, deprecated: true } }",
        "{ schema: { format: binary } }",
        "{ schema: { contentMediaType: application/octet-stream } }",
        "{ schema: { type: string, format: binary } }",
    ] {
        let any = file(&bytes(schema));
        assert_eq!((any.min, any.max_declared), (0, false), "{schema}");
        assert!(any.types.is_empty());
    }
    let old = bytes("{ schema: { type: string, format: binary, maxLength: 7 } }");
    assert_eq!(file(&old.replace("3.1.0", "3.0.3")).max, 7);
}

#[test]
fn bounds_are_in_bytes_and_types_are_those_of_files() {
    for schema in ["", "type: string, format: binary, "] {
        let said = "x-security: { files: { mediaTypes: [image/png], maxSize: 1KiB } }";
        let schema = format!("{{ schema: {{ {schema}minLength: 2, maxLength: 2000, {said} }} }}");
        let found = file(&bytes(&schema));
        assert_eq!((found.min, found.max, found.max_declared), (2, 1024, true));
        assert_eq!(found.types, ["image/png"]);
    }
    // Nothing but the limit of this operation bounds what has no bound.
    let raised = "operationId: make\n      x-security: { limits: { body: 3MiB } }";
    let found = file(&bytes("{}").replace("operationId: make", raised));
    assert_eq!((found.max, found.max_declared), (3 << 20, false));
    let found = file(&bytes("{ schema: { $ref: '#/components/schemas/B' } }"));
    assert_eq!((found.max, found.max_declared), (9, true));
}

#[test]
fn one_of_several_media_types_is_picked() {
    let both =
        content("{ application/json: { schema: { type: string } }, application/octet-stream: {} }");
    let picked = "operationId: make\n      x-security: { media: [application/octet-stream] }";
    file(&both.replace("operationId: make", picked));
    build(&both.replace(", application", ", <4449>application"));
}

#[test]
fn what_is_no_file_is_refused() {
    for case in [
        "{ <4480>application/octet-stream: { schema: { type: string } } }",
        "{ <4480>application/octet-stream: { schema: { type: integer } } }",
        "{ <4480>application/octet-stream: { schema: { default: a } } }",
        "{ <4480>application/octet-stream: { schema: { type: array, items: { type: string, format: binary } } } }",
        "{ <4480>application/octet-stream: { schema: { type: object, properties: { a: { type: string, format: binary } } } } }",
        "{ application/octet-stream: { schema: { type: string, format: <4402>byte } } }",
        "{ application/octet-stream: { schema: { type: string, format: binary, pattern: <4414>'^a' } } }",
        "{ application/octet-stream: { schema: <4415>{ type: [string, 'null'], format: binary } } }",
        "{ application/json: { schema: { $ref: '#/components/schemas/B' } }, <4480>application/octet-stream: { schema: { $ref: '#/components/schemas/B' } } }",
        "{ <4440>application/zip: { schema: { type: string, format: binary } } }",
        "{ <4440>'*/*': { schema: { type: string, format: binary } } }",
        "{ <4440>image/png: {} }",
    ] {
        build(&content(case));
    }
    // 3.0 says it in as many words.
    let old = |text: String| text.replace("3.1.0", "3.0.3");
    build(&old(content("{ <4440>application/octet-stream: {} }")));
    build(&old(content(
        "{ <4480>application/octet-stream: { schema: {} } }",
    )));
}

#[test]
fn what_holds_for_members_holds_for_no_body() {
    let binary = "type: string, format: binary";
    for said in [
        "x-security: { sensitive: <4386>personal }",
        "x-security: { sensitive: <4386>secret }",
        "x-security: { write: <4386>admin }",
        "x-security: { read: <4386>admin }",
        "x-security: { files: <4481>{ maxCount: 2 } }",
        "x-security: { files: <4481>{ names: '^a$' } }",
    ] {
        for schema in ["", binary] {
            let comma = if schema.is_empty() { "" } else { ", " };
            build(&bytes(&format!(
                "{{ schema: {{ {schema}{comma}{said} }} }}"
            )));
        }
    }
    for word in ["readOnly", "writeOnly"] {
        build(&bytes(&format!(
            "{{ schema: <4386>{{ {binary}, {word}: true }} }}"
        )));
    }
}

#[test]
fn no_expression_reads_bytes() {
    let text = bytes("{}").replace(
        "operationId: make",
        "operationId: make\n      x-security: { access: { policy: 'request.<3101>body == \"a\"' } }",
    );
    build(&text);
}
