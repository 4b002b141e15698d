//! What a handler answers with where no status of a success is declared.

use super::*;
use crate::plan::ReplyBody;

/// Status of each reply, and whether it has content.
fn replies(responses: &str) -> Vec<(u16, bool)> {
    let responses = match responses {
        "" => String::new(),
        some => format!("      responses: {some}\n"),
    };
    let path = format!(
        "  /things:
    post:
      operationId: things
      security: []
      x-security: {{ access: public, reason: The case is about replies. }}
{responses}"
    );
    let plan = build(&document(&path, "")).unwrap();
    let sent = |body: &ReplyBody| matches!(body, ReplyBody::Json(_));
    let replies = &operation(&plan, "things").replies;
    let replies = replies.iter();
    replies
        .map(|reply| (reply.status, sent(&reply.body)))
        .collect()
}

#[test]
fn a_range_and_default_stand_for_a_success() {
    let json = "content: { application/json: { schema: { type: integer } } }";
    let problem = "content: { application/problem+json: {} }";
    let both = "content: { application/json: { schema: { type: integer } }, application/problem+json: {} }";
    let cases: &[(String, &[(u16, bool)])] = &[
        (String::new(), &[(204, false)]),
        (
            "{ default: { description: d } }".to_owned(),
            &[(204, false)],
        ),
        (
            format!("{{ default: {{ description: d, {json} }} }}"),
            &[(200, true)],
        ),
        (
            format!("{{ default: {{ description: d, {both} }} }}"),
            &[(200, true)],
        ),
        (
            format!(
                "{{ 2XX: {{ description: d, {json} }}, default: {{ description: d, {json} }} }}"
            ),
            &[(200, true)],
        ),
        ("{ 2XX: { description: d } }".to_owned(), &[(204, false)]),
        (
            format!("{{ '404': {{ description: d }}, default: {{ description: d, {json} }} }}"),
            &[(404, false), (200, true)],
        ),
        // Errors beside errors: nothing says what a success is.
        (
            format!("{{ '404': {{ description: d }}, default: {{ description: d, {problem} }} }}"),
            &[(404, false)],
        ),
        // A status says it.
        (
            format!("{{ '302': {{ description: d }}, default: {{ description: d, {json} }} }}"),
            &[(302, false)],
        ),
        (
            format!(
                "{{ '201': {{ description: d, {json} }}, default: {{ description: d, {json} }} }}"
            ),
            &[(201, true)],
        ),
    ];
    for (responses, wanted) in cases {
        assert_eq!(replies(responses), *wanted, "{responses}");
    }
}
