//! Several schemes: which alternative is taken, who the caller is then, and what is said when none is.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shield::reply::StatusCode;
use shield::testing::Harness;
use shield::*;

use crate::client::{Answer, ask};

const FIRST_SECRET: &str = "the first secret, of at least 32 bytes";
const SECOND_SECRET: &str = "the second secret, of at least 32 bytes";
const MEMBER: RoleSet = 1;
const PARTNER: RoleSet = 2;

const FIRST: Credential = Credential::Token(0);
const HEADER: Credential = Credential::Key(0);

const fn operation(path: &'static str, access: Access) -> Policy {
    Policy::base(64, 500, 1_000)
        .of(path, "GET", path)
        .access(access)
        .quotas(&[0])
        .keys_in_query(&["api_key"])
        .json()
}

static KEY: Policy = operation("/key", Access::Caller(Need::key(0)));
static IN_QUERY: Policy = operation("/query", Access::Caller(Need::key(1)));
static IN_COOKIE: Policy = operation("/cookie", Access::Caller(Need::key(2)));
static EITHER: Policy = operation("/either", Access::AnyOf(&[Need::key(0), Need::scheme(0)]));
static BOTH: Policy = operation(
    "/both",
    Access::Caller(Need::scheme(0).together(&[HEADER, FIRST])),
);
static ISSUERS: Policy = operation(
    "/issuers",
    Access::AnyOf(&[Need::scheme(0), Need::scheme(1)]),
);
static MIXED: Policy = operation(
    "/mixed",
    Access::AnyOf(&[Need::scheme(0).together(&[FIRST, HEADER]), Need::scheme(1)]),
);
static ROLES: Policy = operation(
    "/roles",
    Access::AnyOf(&[
        Need::scheme(0)
            .together(&[FIRST, HEADER])
            .roles(&[MEMBER, PARTNER]),
        Need::key(0).roles(&[PARTNER]),
        Need::scheme(0).roles(&[MEMBER]).scopes(&["read"]),
    ]),
);
static OPTIONAL: Policy = operation(
    "/optional",
    Access::Optional(&[Need::scheme(0), Need::key(0)]),
);
static ONE_OPTIONAL: Policy = operation("/oneOptional", Access::Optional(&[Need::scheme(0)]));
static TWO_PARTS: Policy = operation(
    "/twoParts",
    Access::Optional(&[Need::scheme(0).together(&[FIRST, HEADER])]),
);

static OPERATIONS: [&Policy; 11] = [
    &KEY,
    &IN_QUERY,
    &IN_COOKIE,
    &EITHER,
    &BOTH,
    &ISSUERS,
    &MIXED,
    &ROLES,
    &OPTIONAL,
    &ONE_OPTIONAL,
    &TWO_PARTS,
];

const fn tokens(name: &'static str, issuer: &'static str, keys: &'static str) -> Scheme {
    Scheme {
        name,
        issuer: Setting::Literal(issuer),
        audience: &[Setting::Literal("tiny")],
        algorithms: &["HS256"],
        keys: Setting::Env(keys),
        holds: Holds::Anything,
        upkeep: Upkeep {
            refresh: 600,
            cooldown: 60,
            private: true,
        },
        access_token: false,
        leeway: 0,
        max_lifetime: 600,
        max_bytes: 8192,
        claims: Claims {
            subject: "/sub",
            roles: "/roles",
            scopes: "/scope",
            tenant: "/tenant",
            session: "/sid",
        },
    }
}

const fn keys(name: &'static str, carrier: Carrier, keys: &'static str) -> KeyScheme {
    KeyScheme {
        name,
        carrier,
        keys: Setting::Env(keys),
        roles: 0,
        prefix: "",
    }
}

static TOKENS: [Scheme; 2] = [
    tokens("first", "https://first.example", "FIRST_KEY"),
    tokens("second", "https://second.example", "SECOND_KEY"),
];

static KEYS: [KeyScheme; 3] = [
    KeyScheme {
        prefix: "pk_",
        ..keys("header", Carrier::Header("X-Api-Key"), "HEADER_KEYS")
    },
    keys("query", Carrier::Query("api_key"), "OTHER_KEYS"),
    keys("cookie", Carrier::Cookie("key"), "OTHER_KEYS"),
];

const fn spec(revocation: Option<Revocation>) -> Spec {
    Spec {
        title: "Tiny API",
        version: "1.0.0",
        realm: "Tiny API",
        roles: &[
            Role {
                name: "member",
                holds: MEMBER,
            },
            Role {
                name: "partner",
                holds: PARTNER,
            },
        ],
        schemes: &TOKENS,
        revocation,
        tokens: None,
        keys: &KEYS,
        passwords: &[],
        principal: &[],
        quotas: &[Quota {
            name: "each",
            limit: 1_000,
            window: 60,
            by: &[By::ApiKey],
            failures_only: false,
        }],
        cors: Some(Cors {
            origins: Origins::List(&["https://app.example.com"]),
            credentials: false,
            max_age: None,
            expose: &[],
        }),
        tls: None,
        limits: Limits {
            uri: 8192,
            header_bytes: 16384,
            header_count: 64,
            header_timeout: 4_000,
            connections: 500,
            per_ip: 300,
            ip_rate: (100_000, 60),
            concurrency: 400,
            json_depth: 32,
        },
        operations: &OPERATIONS,
    }
}

static SPEC: Spec = spec(None);
static REVOCABLE: Spec = spec(Some(Revocation {
    jti: false,
    subject: true,
    session: false,
}));

struct Tiny(Shield);

impl Guarded for Tiny {
    fn shield(&self) -> &Shield {
        &self.0
    }

    fn serve<'a>(
        &'a self,
        operation: usize,
        x: &'a mut Exchange,
    ) -> BoxFuture<'a, Result<Response, Refusal>> {
        Box::pin(async move {
            let policy = OPERATIONS[operation];
            self.0.enter(policy, x).await?;
            x.input(policy)?;
            let caller = x.identity().map(|caller| {
                let scopes: Vec<&str> = caller.scopes().collect();
                let scopes = scopes.join(" ");
                format!(
                    "{} {} {} {scopes}",
                    caller.issuer(),
                    caller.subject(),
                    caller.roles()
                )
            });
            reply::json(StatusCode::OK, |w| {
                w.text(caller.as_deref().unwrap_or("nobody"));
            })
        })
    }
}

pub fn hashed(key: &str) -> String {
    let digest = digest::digest(&digest::SHA256, key.as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn start() -> Harness {
    start_as(&SPEC)
}

fn start_as(spec: &'static Spec) -> Harness {
    Harness::start(spec, values(), |shield| Door::new(Tiny(shield))).unwrap()
}

/// With the list of the header's keys in a file.
pub fn listed_in(path: &str) -> Harness {
    let mut values = values();
    values.remove("HEADER_KEYS");
    values.insert("HEADER_KEYS_FILE".to_owned(), path.to_owned());
    Harness::start(&SPEC, values, |shield| Door::new(Tiny(shield))).unwrap()
}

fn values() -> BTreeMap<String, String> {
    let header = format!(
        r#"[{{"id":"partner","sha256":"{}","roles":["partner"]}},{{"id":"over","sha256":"{}","notAfter":"2020-01-01T00:00:00Z"}},
            {{"id":"soon","sha256":"{}","notAfter":{}}},{{"id":"plain","sha256":"{}"}}]"#,
        hashed("pk_partner"),
        hashed("pk_over"),
        hashed("pk_soon"),
        now() + 1_000,
        hashed("plain")
    );
    let other = format!(r#"[{{"id":"other","sha256":"{}"}}]"#, hashed("k y+&"));
    [
        ("APP_STORE", "memory"),
        ("APP_INSTANCES", "1"),
        ("FIRST_KEY", FIRST_SECRET),
        ("SECOND_KEY", SECOND_SECRET),
        ("HEADER_KEYS", &header),
        ("OTHER_KEYS", &other),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn token(issuer: &str, secret: &str, subject: &str, roles: &[&str], scope: &str) -> String {
    let claims = serde_json::json!({
        "iss": format!("https://{issuer}.example"), "aud": "tiny", "sub": subject, "roles": roles, "scope": scope,
        "iat": now(), "exp": now() + 500,
    });
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let text = format!(
        "{}.{}",
        part(br#"{"alg":"HS256"}"#),
        part(claims.to_string().as_bytes())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, text.as_bytes());
    format!("Bearer {text}.{}", part(tag.as_ref()))
}

fn first() -> String {
    token("first", FIRST_SECRET, "ann", &["member"], "read")
}

fn second() -> String {
    token("second", SECOND_SECRET, "bob", &[], "")
}

const GOOD: (&str, &str) = ("X-Api-Key", "pk_partner");

fn send(addr: SocketAddr, target: &str, headers: &[(&str, &str)]) -> Answer {
    ask(addr, "GET", target, headers, None)
}

/// Who gets in is told as `issuer subject roles scopes`; who does not, by status and code.
fn told(answer: &Answer) -> String {
    if answer.status == 200 {
        return answer.body.trim_matches('"').trim_end().to_owned();
    }
    let problem = answer.problem();
    format!("{} {}", answer.status, problem["code"].as_str().unwrap())
}

/// A target, fields, and what comes of them.
type Told<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

fn all_told(cases: &[Told<'_>]) {
    let service = start();
    for (target, headers, expected) in cases {
        let answer = send(service.addr, target, headers);
        assert_eq!(told(&answer), *expected, "{target} {headers:?}");
    }
}

const PARTNER_CALLS: &str = "apiKey:header partner 2";
const ANN_CALLS: &str = "https://first.example ann 1 read";
const OTHER_IN_QUERY: &str = "apiKey:query other 0";
const OTHER_IN_COOKIE: &str = "apiKey:cookie other 0";
const MISSING: &str = "401 missing";
const INVALID: &str = "401 invalid_token";

#[test]
fn a_key_is_good_in_its_own_place_only() {
    let bearer = ("Authorization", "Bearer pk_partner");
    all_told(&[
        ("/key", &[GOOD], PARTNER_CALLS),
        ("/key", &[("x-API-key", "pk_partner")], PARTNER_CALLS),
        ("/key", &[], MISSING),
        ("/key", &[("Cookie", "X-Api-Key=pk_partner")], MISSING),
        ("/key", &[bearer], MISSING),
        ("/key", &[("Authorization", "ApiKey pk_partner")], MISSING),
        ("/key", &[("X-Api-Key", "")], INVALID),
        ("/key", &[("X-Api-Key", "pk_")], INVALID),
        ("/key", &[("X-Api-Key", "pk_Partner")], INVALID),
        ("/key", &[("X-Api-Key", "pk_over")], INVALID),
        // Of the list, and without the prefix.
        ("/key", &[("X-Api-Key", "plain")], INVALID),
        ("/key", &[("X-Api-Key", &hashed("pk_partner"))], INVALID),
        ("/key", &[GOOD, GOOD], "400 duplicate"),
        // A key in an address is no key, and no parameter either.
        ("/key?X-Api-Key=pk_partner", &[], MISSING),
        ("/key?X-Api-Key=pk_partner", &[GOOD], "400 unknown"),
        ("/query?api_key=k+y%2B%26", &[], OTHER_IN_QUERY),
        ("/query?api%5Fkey=k%20y%2b%26", &[], OTHER_IN_QUERY),
        (
            "/query?api_key=k+y%2B%26&api_key=k+y%2B%26",
            &[],
            "400 duplicate",
        ),
        ("/query?api_key=k+y%2B%26&a=b", &[], "400 unknown"),
        ("/query?api_key=%ff", &[], "400 syntax"),
        ("/query?api_key=", &[], INVALID),
        ("/query?Api_key=k+y%2B%26", &[], MISSING),
        ("/query", &[("api_key", "k y+&")], MISSING),
        (
            "/cookie",
            &[("Cookie", "a=b; key=k y+&; c=d")],
            OTHER_IN_COOKIE,
        ),
        (
            "/cookie",
            &[("Cookie", "a=b"), ("Cookie", "key=k y+&")],
            OTHER_IN_COOKIE,
        ),
        (
            "/cookie",
            &[("Cookie", "key=k y+&;key=k y+&")],
            "400 duplicate",
        ),
        (
            "/cookie",
            &[("Cookie", "key=k y+&"), ("Cookie", "key=x")],
            "400 duplicate",
        ),
        ("/cookie", &[("Cookie", "Key=k y+&")], MISSING),
        ("/cookie", &[("Cookie", "a=key=k y+&")], MISSING),
        ("/cookie", &[("Cookie", "key=")], INVALID),
        ("/cookie", &[("key", "k y+&")], MISSING),
    ]);
}

#[test]
fn keys_end_and_do_not_last_longer_than_the_shortest_of_several() {
    let service = start();
    let soon = [("X-Api-Key", "pk_soon")];
    assert_eq!(
        told(&send(service.addr, "/key", &soon)),
        "apiKey:header soon 0"
    );
    service.advance(std::time::Duration::from_secs(1_002));
    assert_eq!(told(&send(service.addr, "/key", &soon)), INVALID);
}

#[test]
fn either_is_enough_and_neither_is_not() {
    let (ann, bob) = (first(), second());
    let (ann, bob) = (("Authorization", &*ann), ("Authorization", &*bob));
    all_told(&[
        ("/either", &[], MISSING),
        ("/either", &[GOOD], PARTNER_CALLS),
        ("/either", &[ann], ANN_CALLS),
        // The first in the document, not the first in the request.
        ("/either", &[ann, GOOD], PARTNER_CALLS),
        // What is presented must be good.
        ("/either", &[GOOD, bob], INVALID),
        ("/either", &[GOOD, ("Authorization", "Basic dTpw")], INVALID),
        ("/either", &[GOOD, ("Authorization", "Bearer")], INVALID),
        ("/either", &[ann, ("X-Api-Key", "pk_other")], INVALID),
        ("/either", &[ann, ("X-Api-Key", "pk_over")], INVALID),
        ("/either", &[ann, ("X-Api-Key", "")], INVALID),
        ("/either", &[("Authorization", "Basic dTpw")], MISSING),
        ("/either", &[ann, ann], "400 duplicate"),
        ("/either", &[GOOD, ann, ann], "400 duplicate"),
        ("/either", &[ann, GOOD, GOOD], "400 duplicate"),
    ]);
}

#[test]
fn both_are_needed_and_one_is_the_caller() {
    let (ann, bob) = (first(), second());
    let (ann, bob) = (("Authorization", &*ann), ("Authorization", &*bob));
    all_told(&[
        ("/both", &[], MISSING),
        ("/both", &[GOOD], MISSING),
        ("/both", &[ann], MISSING),
        // Nothing is learnt of a key without the token.
        ("/both", &[("X-Api-Key", "pk_other")], MISSING),
        ("/both", &[("Authorization", "Bearer x")], MISSING),
        ("/both", &[GOOD, ann], "https://first.example ann 3 read"),
        ("/both", &[GOOD, bob], INVALID),
        ("/both", &[ann, ("X-Api-Key", "pk_over")], INVALID),
    ]);
}

#[test]
fn tokens_of_two_issuers_count_for_their_own() {
    let (ann, bob) = (first(), second());
    let (ann, bob) = (("Authorization", &*ann), ("Authorization", &*bob));
    let crossed = token("second", FIRST_SECRET, "eve", &["member"], "");
    let crossed = ("Authorization", &*crossed);
    const BOB_CALLS: &str = "https://second.example bob 0";
    all_told(&[
        ("/issuers", &[ann], ANN_CALLS),
        ("/issuers", &[bob], BOB_CALLS),
        ("/issuers", &[crossed], INVALID),
        ("/issuers", &[("Authorization", "Bearer x")], INVALID),
        ("/mixed", &[bob], BOB_CALLS),
        ("/mixed", &[ann, GOOD], "https://first.example ann 3 read"),
        // Good, and not all that belongs to it.
        ("/mixed", &[ann], MISSING),
        ("/mixed", &[bob, GOOD], BOB_CALLS),
        ("/mixed", &[bob, ("X-Api-Key", "pk_over")], INVALID),
    ]);
}

#[test]
fn roles_and_scopes_choose_among_what_was_presented() {
    let ann = first();
    let without = token("first", FIRST_SECRET, "ann", &["member"], "");
    let (ann, without) = (("Authorization", &*ann), ("Authorization", &*without));
    let plain = ("X-Api-Key", "pk_soon");
    all_told(&[
        ("/roles", &[ann, GOOD], "https://first.example ann 3 read"),
        ("/roles", &[GOOD], PARTNER_CALLS),
        ("/roles", &[ann], ANN_CALLS),
        ("/roles", &[without], "403 insufficient_scope"),
        ("/roles", &[plain], "403 insufficient_scope"),
        ("/roles", &[plain, ann], ANN_CALLS),
        ("/roles", &[plain, without], "403 insufficient_scope"),
    ]);
}

#[test]
fn optional_lets_nobody_in_and_nothing_bad() {
    let ann = first();
    let ann = ("Authorization", &*ann);
    let bad = ("Authorization", "Bearer x");
    let basic = ("Authorization", "Basic dTpw");
    all_told(&[
        ("/optional", &[], "nobody"),
        ("/optional", &[ann], ANN_CALLS),
        ("/optional", &[GOOD], PARTNER_CALLS),
        ("/optional", &[bad], INVALID),
        ("/optional", &[basic], MISSING),
        ("/optional", &[("X-Api-Key", "x")], INVALID),
        ("/optional", &[ann, ("X-Api-Key", "x")], INVALID),
        ("/optional", &[ann, ann], "400 duplicate"),
        ("/oneOptional", &[], "nobody"),
        ("/oneOptional", &[ann], ANN_CALLS),
        ("/oneOptional", &[bad], INVALID),
        ("/oneOptional", &[basic], MISSING),
        // Half of what belongs together is not nothing.
        ("/twoParts", &[], "nobody"),
        ("/twoParts", &[GOOD], MISSING),
        ("/twoParts", &[ann], MISSING),
        (
            "/twoParts",
            &[ann, GOOD],
            "https://first.example ann 3 read",
        ),
    ]);
}

/// All challenges of an answer.
fn challenges(answer: &Answer) -> Vec<&str> {
    let all = answer.headers.iter();
    all.filter(|(name, _)| name == "www-authenticate")
        .map(|(_, value)| value.as_str())
        .collect()
}

#[test]
fn every_scheme_is_challenged_once_in_the_order_of_the_document() {
    let service = start();
    const KEY: &str = "ApiKey realm=\"Tiny API\", in=\"header\", name=\"X-Api-Key\"";
    const BEARER: &str = "Bearer realm=\"Tiny API\"";
    let bad = [("Authorization", "Bearer x")];
    for (target, headers, expected) in [
        ("/key", &[][..], vec![KEY.to_owned()]),
        (
            "/query",
            &[],
            vec!["ApiKey realm=\"Tiny API\", in=\"query\", name=\"api_key\"".to_owned()],
        ),
        (
            "/cookie",
            &[],
            vec!["ApiKey realm=\"Tiny API\", in=\"cookie\", name=\"key\"".to_owned()],
        ),
        ("/either", &[], vec![KEY.to_owned(), BEARER.to_owned()]),
        ("/issuers", &[], vec![BEARER.to_owned()]),
        ("/mixed", &[], vec![BEARER.to_owned(), KEY.to_owned()]),
        (
            "/either",
            &bad,
            vec![KEY.to_owned(), format!("{BEARER}, error=\"invalid_token\"")],
        ),
    ] {
        assert_eq!(
            challenges(&send(service.addr, target, headers)),
            expected,
            "{target}"
        );
    }
    let plain = [("X-Api-Key", "pk_soon")];
    let insufficient = ", error=\"insufficient_scope\"";
    assert_eq!(
        challenges(&send(service.addr, "/roles", &plain)),
        [
            format!("{BEARER}{insufficient}"),
            format!("{KEY}{insufficient}")
        ]
    );
}

/// P2 and P27: nothing tells one bad credential from another.
#[test]
fn all_that_is_invalid_looks_the_same() {
    let service = start();
    let ann = first();
    let ann = ("Authorization", &*ann);
    let mut seen = Vec::new();
    for headers in [
        &[("X-Api-Key", "pk_over")][..],
        &[("X-Api-Key", "pk_unknown")],
        &[("X-Api-Key", "of no prefix")],
        &[ann, ("X-Api-Key", "pk_over")],
        &[GOOD, ("Authorization", "Bearer x")],
    ] {
        let answer = send(service.addr, "/either", headers);
        let mut problem = answer.problem();
        problem["instance"].take();
        seen.push(format!("{problem} {:?}", challenges(&answer)));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
}

#[test]
fn keys_are_counted_by_their_name_and_never_written() {
    let service = start();
    let ann = first();
    let ann = ("Authorization", &*ann);
    let left = |headers: &[(&str, &str)], target: &str| {
        let answer = send(service.addr, target, headers);
        let limit = answer.header("ratelimit").unwrap().to_owned();
        limit.split(';').nth(1).unwrap().to_owned()
    };
    assert_eq!(left(&[GOOD], "/key"), "r=999");
    // The key is a condition there, and it is the same key.
    assert_eq!(left(&[GOOD, ann], "/both"), "r=998");
    assert_eq!(left(&[], "/query?api_key=k+y%2B%26"), "r=999");
    assert_eq!(
        left(&[ann], "/either"),
        "r=999",
        "by address: there is no key"
    );
    assert_eq!(
        left(&[("X-Api-Key", "pk_unknown7")], "/key"),
        "r=998",
        "by address"
    );
    let events = service.events().join("\n");
    for secret in ["pk_partner", "k+y", "k y+&", "pk_unknown7"] {
        assert!(!events.contains(secret), "{secret}");
    }
    assert!(events.contains("apiKey:header") && events.contains("\"partner\""));
}

#[test]
fn pages_may_send_the_fields_of_keys() {
    let service = start();
    let preflight = |target: &str| {
        let fields = [
            ("Origin", "https://app.example.com"),
            ("Access-Control-Request-Method", "GET"),
        ];
        let answer = ask(service.addr, "OPTIONS", target, &fields, None);
        answer
            .header("access-control-allow-headers")
            .map(str::to_owned)
    };
    assert_eq!(preflight("/key").as_deref(), Some("X-Api-Key"));
    assert_eq!(
        preflight("/either").as_deref(),
        Some("X-Api-Key, Authorization")
    );
    assert_eq!(preflight("/issuers").as_deref(), Some("Authorization"));
    assert_eq!(
        preflight("/optional").as_deref(),
        Some("Authorization, X-Api-Key")
    );
    assert_eq!(preflight("/query"), None);
}

/// Whichever alternative would do without it, and whoever the caller is.
// requirement: P18
#[test]
fn a_revoked_token_counts_nowhere_and_keys_are_not_revoked_by_their_names() {
    let service = start_as(&REVOCABLE);
    let (token, other) = (first(), second());
    let token = ("Authorization", token.as_str());
    let other = ("Authorization", other.as_str());
    let say = |target: &str, headers: &[_]| told(&send(service.addr, target, headers));
    assert_eq!(
        say("/both", &[GOOD, token]),
        "https://first.example ann 3 read"
    );
    assert!(service.revoke("subject", "ann", None));
    for (target, headers) in [
        ("/both", &[GOOD, token][..]),
        ("/either", &[GOOD, token]),
        ("/either", &[token]),
        ("/optional", &[token]),
        ("/issuers", &[token]),
    ] {
        assert_eq!(
            say(target, headers),
            "401 invalid_token",
            "{target} {headers:?}"
        );
    }
    assert_eq!(say("/issuers", &[other]), "https://second.example bob 0");
    // The name of a key is none of a token.
    assert!(service.revoke("subject", "partner", None));
    assert_eq!(say("/either", &[GOOD]), PARTNER_CALLS);
    assert_eq!(say("/optional", &[]), "nobody");
}
