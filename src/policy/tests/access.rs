//! Who may call: `access` and `security` together.

use super::{ROOT, all, document, read, with_operation};
use crate::policy::{Access, Level, Policy};

fn security(value: &str) -> String {
    let (asked, extension) = value.split_once('|').unwrap_or((value, "{}"));
    with_operation(&format!("security: {asked}\n      x-security: {extension}"))
}

fn extension(value: &str) -> String {
    with_operation(&format!("x-security: {value}"))
}

fn first(policy: &Option<Policy>) -> &Access {
    &policy.as_ref().unwrap().operations[0].access.value
}

fn needs(text: &str) -> (Vec<u64>, Vec<String>) {
    match first(&read(text)) {
        Access::Caller(need) => (need.roles.clone(), need.scopes.clone()),
        other => panic!("{other:?}"),
    }
}

fn denied(text: &str) -> String {
    match first(&read(text)) {
        Access::Denied { why } => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn operation_keys_are_strict() {
    all(
        &[
            "<3002>public",
            "{ <3001>acess: denied }",
            "{ access: <3070>public }",
            "{ access: public, reason: <3010>'' }",
            "{ access: public, reason: <3002>[] }",
            "{ access: <3031>amdin, owns: User }",
            "{ access: <3031>owner, owns: User }",
            "{ access: <3002>true, owns: User }",
            "{ access: <3011>[], owns: User }",
            "{ access: [admin, <3031>membre], owns: User }",
            "{ access: [<3073>public, admin], owns: User }",
            "{ access: [admin, <3012>admin], owns: User }",
            "{ access: <3072>{}, owns: User }",
            "{ access: { roles: <3011>[] }, owns: User }",
            "{ access: { allRoles: <3011>[] }, owns: User }",
            "{ access: { scopes: <3011>[] }, owns: User }",
            "{ access: { scopes: [<3076>'a b'] }, owns: User }",
            "{ access: { <3001>role: [admin] }, owns: User }",
            "{ access: { roles: [admin], <4361>policy: p, <4362>fresh: 5m, <4363>acr: [a] }, owns: User }",
            "{ access: <4360>optional, owns: User }",
            "{ owns: User, flow: <3094>logout, <4365>captcha: always, <4366>idempotency: required, <4367>cache: {} }",
            "{ owns: User, <4368>audit: {}, <4369>sunset: '2030-01-01', <4370>raw: r }",
            "{ owns: User, limits: { <4353>concurrency: 1, <4353>string: 1, <4353>array: 1, <4353>object: 1 } }",
            "{ owns: User, limits: { <3077>uri: 1KiB, <3001>bodys: 1KiB } }",
            "{ owns: User, rateLimit: <3050>oftn }",
            "{ owns: User, rateLimit: [standard, <3050>oftn] }",
            "{ owns: User, rateLimit: <3011>[] }",
            "{ owns: User, rateLimit: <3002>5 }",
            "{ owns: User, rateLimit: <3003>{ limit: 1, window: 1m } }",
            "{ owns: User, rateLimit: { limit: 1, window: 1m, by: ip, <4340>escalate: true } }",
        ],
        extension,
    );
}

#[test]
fn access_and_security_must_agree() {
    all(
        &[
            // Ruling 8.
            "[{ bearer: [] }]|{ access: <3071>public, reason: r }",
            "[{ bearer: [] }, {}]|{ access: <3071>public, reason: r }",
            "[]|{ access: <3071>authenticated, owns: User }",
            "[{}]|{ access: <3071>admin, owns: User }",
            "[{ bearer: [] }, {}]|{ access: <3071>authenticated, owns: User }",
            // Two of them.
            "[{ bearer: [], <4371>oauth: [] }]|{ owns: User }",
            "[{ bearer: [] }, <4371>{ oauth: [] }]|{ owns: User }",
            // Ruling 27.
            "[{ oauth: [<3074>'notes:write'] }]|{ owns: User }",
            "[{ bearer: [<3031>amdin] }]|{ owns: User }",
            "[{ oauth: [] }]|{ access: { scopes: [<3074>'notes:write'] }, owns: User }",
        ],
        security,
    );
    // `public` at the root without a `security: []` of each operation.
    let defaults = format!("{ROOT}\n  defaults: {{ access: <3071>public, reason: r }}");
    read(&document(&defaults, "", "get", ""));
    read(&document(
        ROOT,
        "x-security: { access: <3071>public, reason: r }",
        "get",
        "",
    ));
}

#[test]
fn roles_in_security_are_for_3_1() {
    let text = security("[{ bearer: [<3075>admin] }]|{ owns: User }");
    let text = text
        .replace("openapi: 3.1.0", "openapi: 3.0.3")
        .replace("    mutual: { type: mutualTLS }\n", "");
    read(&text);
    assert_eq!(
        needs(&security("[{ bearer: [admin, member] }]|{ owns: User }")).0,
        [0b010, 0b001]
    );
}

#[test]
fn what_is_asked_adds_up() {
    assert_eq!(needs(&extension("{ owns: User }")), (vec![], vec![]));
    assert_eq!(
        needs(&extension("{ access: authenticated, owns: User }")),
        (vec![], vec![])
    );
    assert_eq!(
        needs(&extension("{ access: admin, owns: User }")).0,
        [0b010]
    );
    assert_eq!(
        needs(&extension("{ access: [member, admin], owns: User }")).0,
        [0b011]
    );
    let both = "{ access: { roles: [member, admin], allRoles: [admin, auditor], scopes: [s] }, owns: User }";
    assert_eq!(
        needs(&extension(both)),
        (vec![0b011, 0b010, 0b100], vec!["s".to_owned()])
    );
    let scoped = "[{ oauth: ['notes:read'] }]|{ access: { scopes: ['notes:read'] }, owns: User }";
    assert_eq!(
        needs(&security(scoped)),
        (vec![], vec!["notes:read".to_owned()])
    );
}

#[test]
fn what_is_not_declared_is_denied() {
    assert!(denied(&security("[]")).contains("neither"));
    assert!(denied(&security("[{}]")).contains("neither"));
    assert!(denied(&security("[{ bearer: [] }, {}]|{ owns: User }")).contains("`{}`"));
    assert!(denied(&extension("{ access: denied }")).contains("denied"));
    assert!(denied(&security("[{ key: [] }]|{ owns: User }")).contains("no entry for `key`"));
    // Denied agrees with everything, also with what could not be enforced.
    assert!(denied(&security("[{ bearer: [], oauth: [] }]|{ access: denied }")).contains("denied"));
    // Nothing at all: the document is read, and denied.
    let bare = "openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /a:
    get: { responses: { '204': { description: d } } }
";
    assert!(denied(bare).contains("neither"));
}

#[test]
fn public_is_public() {
    match first(&read(&security("[]|{ access: public, reason: said so }"))) {
        Access::Public { reason } => assert_eq!(reason, "said so"),
        other => panic!("{other:?}"),
    }
    let tenant = "[]|{ access: public, reason: r, rateLimit: <3052>house }";
    read(&security(tenant));
}

#[test]
fn the_deeper_level_wins_key_by_key() {
    let root = format!(
        "{ROOT}\n  limits: {{ body: 1KiB, bodyTimeout: 1s }}\n  defaults: {{ access: admin, owns: User, limits: {{ body: 2KiB, handlerTimeout: 2s }} }}"
    );
    let path = "x-security: { access: member, limits: { body: 3KiB } }";
    let own = "x-security: { rateLimit: often, limits: { body: 4KiB } }";
    // The other operation has no userId: it is denied, so the inherited `owns` means nothing there.
    let policy = read(&document(&root, path, "get", own)).unwrap();
    let one = &policy.operations[0];
    assert!(matches!(&one.access.value, Access::Caller(need) if need.roles == [0b001]));
    assert_eq!(one.access.level, Level::Path);
    assert_eq!(one.owns.len(), 1);
    assert_eq!(
        (one.body.value, one.body.level),
        (4 << 10, Level::Operation)
    );
    assert_eq!(
        (one.handler_timeout.value, one.handler_timeout.level),
        (2_000, Level::Root)
    );
    assert_eq!(
        (one.body_timeout.value, one.body_timeout.level),
        (1_000, Level::Root)
    );
    assert_eq!(one.rate_limit.level, Level::Operation);
}

#[test]
fn a_reason_is_not_inherited() {
    let path = "x-security: { reason: r }";
    read(&document(
        ROOT,
        path,
        "get",
        "security: []\n      x-security: { access: <3070>public }",
    ));
}
