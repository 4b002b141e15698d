//! Who may call: `access` and `security` together.

use super::{ROOT, all, document, read, with_operation};
use crate::policy::{Access, Level, Means, Policy};

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
        Access::Caller(need) => {
            let demand = need.demands().next().unwrap();
            let scopes = demand.scopes.iter().map(|scope| (*scope).to_owned());
            (demand.roles.clone(), scopes.collect())
        }
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
            "{ access: { roles: [admin], policy: <3104>p, fresh: 5m, acr: [a] }, owns: User }",
            "{ access: <3071>optional, owns: User }",
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
            "[]|{ access: <3071>optional }",
            "[{ bearer: [] }, {}]|{ access: optional, owns: <3044>User }",
            "[{ bearer: [] }, {}]|{ access: optional, owns: { User: <4335>any } }",
            // What no request can carry together, and who both want to be the caller.
            "[{ bearer: [] , <3096>other: [] }]|{ owns: User }",
            // Keys have no scopes.
            "[{ oauth: [] }, { asked: [] }]|{ access: { scopes: [<3079>'notes:read'] }, owns: User }",
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

/// Names and callers of the alternatives.
fn ways(policy: &Option<Policy>) -> Vec<(Vec<&str>, &str)> {
    let policy = policy.as_ref().unwrap();
    let name = |means: Means| match means {
        Means::Token(at) => policy.schemes[at].name.as_str(),
        Means::Key(at) => policy.keys[at].name.as_str(),
        Means::Password(at) => policy.passwords[at].name.as_str(),
        Means::Certificate(at) => policy.certificates[at].name.as_str(),
    };
    let need = policy.operations[0].access.value.need().unwrap();
    let ways = need.alternatives.iter().map(|one| {
        let names = one.asks.iter().map(|asks| name(asks.means)).collect();
        (names, name(one.caller().unwrap()))
    });
    ways.collect()
}

#[test]
fn alternatives_keep_their_order_and_what_is_needed_together() {
    let text =
        security("[{ asked: [], bearer: [admin] }, { oauth: ['notes:read'] }]|{ owns: User }");
    let policy = read(&text);
    assert_eq!(
        ways(&policy),
        [(vec!["asked", "bearer"], "asked"), (vec!["oauth"], "oauth")]
    );
    let need = policy.as_ref().unwrap().operations[0]
        .access
        .value
        .need()
        .unwrap();
    let demands: Vec<_> = need.demands().map(|one| (one.roles, one.scopes)).collect();
    assert_eq!(
        demands,
        [(vec![0b010], vec![]), (vec![], vec!["notes:read"])]
    );
    assert!(need.is_selective() && !need.is_for_any_caller());
    // The one that says so, wherever it stands.
    let text = security("[{ asked: [], other: [] }]|{ owns: User }");
    assert_eq!(ways(&read(&text)), [(vec!["asked", "other"], "other")]);
    // What `access` asks for, every alternative asks for.
    let text = security("[{ bearer: [] }, { asked: [] }]|{ access: admin, owns: User }");
    let policy = read(&text);
    let need = policy.as_ref().unwrap().operations[0]
        .access
        .value
        .need()
        .unwrap();
    assert!(need.demands().all(|one| one.roles == [0b010]));
}

#[test]
fn one_scheme_without_an_entry_denies_whatever_stands_beside_it() {
    for asked in [
        "[{ bearer: [] }, { key: [] }]",
        "[{ bearer: [], key: [] }]",
        "[{ key: [] }, { bearer: [] }]",
    ] {
        let why = denied(&security(&format!("{asked}|{{ owns: User }}")));
        assert!(why.contains("no entry for `key`"), "{asked}: {why}");
    }
}

#[test]
fn optional_proves_nothing_about_an_object() {
    let why = denied(&security("[{ bearer: [] }, {}]|{ access: optional }"));
    assert!(why.contains("userId"), "{why}");
    // Roles do not excuse whoever is nobody.
    let why = denied(&security("[{ bearer: [admin] }, {}]|{ access: optional }"));
    assert!(why.contains("userId"), "{why}");
    let own =
        "- { name: userId, in: path, required: true, schema: { type: string, format: uuid } }";
    let text = security("[{}, { bearer: [] }]|{ access: optional }")
        .replace("/users/{userId}", "/users/{name}")
        .replace(
            own,
            "- { name: name, in: path, required: true, schema: { type: string } }",
        )
        .replace("name: noteId, in: query", "name: userId, in: query")
        .replace("Note: { param: noteId, tenant: true, bypass: [admin] }", "");
    let policy = read(&text);
    assert!(matches!(first(&policy), Access::Optional(_)));
    assert_eq!(ways(&policy), [(vec!["bearer"], "bearer")]);
}

/// The place where a key is sent is the guard's.
#[test]
fn a_key_is_no_parameter() {
    let own =
        "- { name: userId, in: path, required: true, schema: { type: string, format: uuid } }";
    for asked in ["[{ asked: [] }]", "[{ bearer: [] }, { asked: [] }]"] {
        let with = |mark: &str| {
            let key = format!(
                "{own}\n        - {{ name: {mark}key, in: query, schema: {{ type: string }} }}"
            );
            security(&format!("{asked}|{{ owns: User }}")).replace(own, &key)
        };
        read(&with("<3097>"));
    }
    let header = own.to_owned() + "\n        - { name: key, in: header, schema: { type: string } }";
    read(&security("[{ asked: [] }]|{ owns: User }").replace(own, &header));
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
