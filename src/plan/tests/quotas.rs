//! Built-in limits, and limits by what is sent.

use super::*;

/// A public POST /login with these members of its body and of its `x-security`.
fn login(security: &str, body: &str) -> String {
    let paths = format!(
        "  /login:
    post:
      operationId: login
      security: []
      x-security: {{ access: public, reason: r{security} }}
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {body} }} }} }}
      responses: {{ '204': {{ description: d }} }}"
    );
    document(&paths, "")
}

const ONE: &str = "{ type: object, required: [email, password], properties: { email: { type: string, maxLength: 9 }, password: { type: string, format: password } } }";
const TWO: &str = "{ type: object, required: [email, name, password], properties: { email: { type: string }, name: { type: string }, password: { type: string, format: password } } }";
const NONE: &str = "{ type: object, required: [email], properties: { email: { type: string }, name: { type: string } } }";

#[test]
fn passwords_are_counted() {
    let plan = build(&login("", ONE)).unwrap();
    assert_eq!(quotas(&plan, "login"), ["standard", "auth", "authAccount"]);
    let account = plan
        .quotas
        .iter()
        .find(|quota| quota.name == "authAccount")
        .unwrap();
    assert_eq!(account.by, [By::Ip, By::Field("email".into())]);
    assert!(account.failures_only);
    assert_eq!(account.on_failure, OnStoreFailure::Deny);
    assert_eq!(
        quotas(&build(&login("", TWO)).unwrap(), "login"),
        ["standard", "auth"]
    );
    assert_eq!(
        quotas(&build(&login("", NONE)).unwrap(), "login"),
        ["standard"]
    );
    // Ruling 107: beside what is named, once.
    assert_eq!(
        quotas(&build(&login(", rateLimit: auth", ONE)).unwrap(), "login"),
        ["auth", "authAccount"]
    );
    assert_eq!(
        quotas(&build(&login(", rateLimit: named", ONE)).unwrap(), "login"),
        ["named", "auth", "authAccount"]
    );
}

#[test]
fn a_nested_password_is_one() {
    let nested = format!("{{ type: object, properties: {{ inner: {ONE} }} }}");
    assert_eq!(
        quotas(&build(&login("", &nested)).unwrap(), "login"),
        ["standard", "auth"]
    );
}

#[test]
fn a_caller_with_a_password_is_not_signing_in() {
    let text = login("", ONE).replacen(
        "      security: []\n      x-security: { access: public, reason: r }\n",
        "",
        1,
    );
    assert_eq!(quotas(&build(&text).unwrap(), "login"), ["standard"]);
}

#[test]
fn denied_operations_are_not_counted() {
    let text = login("", ONE).replacen("access: public, reason: r", "access: denied", 1);
    let plan = build(&text).unwrap();
    assert!(quotas(&plan, "login").is_empty());
    assert!(plan.types.is_empty(), "nor typed");
    assert!(operation(&plan, "login").body.is_none());
}

#[test]
fn what_is_counted_by_must_be_sent() {
    build(&login(", rateLimit: <3505>authAccount", TWO));
    build(&login(
        ", rateLimit: <3505>named",
        "{ type: object, properties: { email: { type: string } } }",
    ));
    build(&login(
        ", rateLimit: <3505>named",
        "{ type: object, required: [email], properties: { email: { type: integer } } }",
    ));
    build(&login(
        ", rateLimit: [standard, <3505>named]",
        "{ type: object, required: [email], properties: { email: { type: [string, 'null'] } } }",
    ));
    let secret = "{ type: object, required: [email], properties: { email: { type: string, x-security: { sensitive: secret } } } }";
    build(&login(", rateLimit: <3505>named", secret));
}

#[test]
fn a_limit_written_out_is_named_by_its_operation() {
    let inline = ", rateLimit: { limit: 3, window: 1h, by: ip }";
    let plan = build(&login(inline, NONE)).unwrap();
    assert_eq!(quotas(&plan, "login"), ["login"]);
    let taken = login(", rateLimit: <3506>{ limit: 3, window: 1h, by: ip }", NONE)
        .replace("operationId: login", "operationId: named");
    build(&taken);
}
