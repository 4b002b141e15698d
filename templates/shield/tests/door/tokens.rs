//! Sessions from login to logout, over HTTP (P29 to P36, P99).

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::time::Duration;

use serde_json::{Value, json};
use shield::reply::StatusCode;
use shield::testing::Harness;
use shield::*;

use crate::client::{Answer, ask};
use crate::service::{KEY, LIMITS};

const fn post(operation: &'static str, route: &'static str, access: Access) -> Policy {
    Policy::base(4096, 5_000, 15_000)
        .of(operation, "POST", route)
        .access(access)
        .optional_body(Schema::Boolean)
        .json()
}

const CALLER: Access = Access::Caller(Need::scheme(0).roles(&[1]));

static LOGIN: Policy = post("login", "/login", Access::Public);
static REFRESH: Policy = post("refresh", "/refresh", Access::Public);
static LOGOUT: Policy = post("logout", "/logout", CALLER);
static REVOKE: Policy = post("revoke", "/revoke", Access::Public);
static ME: Policy = post("me", "/me", CALLER);
static ANEW: Policy = post("anew", "/anew", CALLER)
    .fresh(60)
    .acr(&["two-factors"]);
static OPERATIONS: [&Policy; 6] = [&LOGIN, &REFRESH, &LOGOUT, &REVOKE, &ME, &ANEW];

const fn issuing(grace: u64, algorithm: &'static [&'static str]) -> Spec {
    Spec {
        schemes: if algorithm.len() == 1 { &HMAC } else { &ECDSA },
        tokens: Some(Tokens {
            scheme: 0,
            access: 900,
            refresh: 10_000,
            idle: 3_000,
            grace,
        }),
        operations: &OPERATIONS,
        keys: &[],
        passwords: &[],
        principal: &[],
        quotas: &[],
        tls: None,
        limits: LIMITS,
        cors: None,
        revocation: Some(Revocation {
            jti: true,
            subject: true,
            session: true,
        }),
        title: "Tiny API",
        version: "1",
        realm: "Tiny API",
        roles: &[Role {
            name: "member",
            holds: 1,
        }],
    }
}

const fn scheme(algorithms: &'static [&'static str]) -> Scheme {
    Scheme {
        name: "own",
        issuer: Setting::Literal("https://tiny.example.com"),
        audience: &[Setting::Literal("tiny")],
        algorithms,
        keys: Setting::Env("TINY_KEY"),
        holds: Holds::Issued,
        upkeep: Upkeep {
            refresh: 600,
            cooldown: 60,
            private: false,
        },
        access_token: true,
        leeway: 5,
        max_lifetime: 900,
        max_bytes: 8192,
        claims: Claims {
            subject: "/sub",
            roles: "/realm/roles",
            scopes: "/scope",
            tenant: "/tenant",
            session: "/sid",
        },
    }
}

static HMAC: [Scheme; 1] = [scheme(&["HS256"])];
static ECDSA: [Scheme; 1] = [scheme(&["ES256"])];
static STRICT: Spec = issuing(0, &["HS256"]);
static LENIENT: Spec = issuing(5, &["HS256"]);
static PUBLIC: Spec = issuing(0, &["ES256", ""]);

struct Tokened(Shield);

impl Guarded for Tokened {
    fn shield(&self) -> &Shield {
        &self.0
    }

    fn serve<'a>(
        &'a self,
        operation: usize,
        x: &'a mut Exchange,
    ) -> BoxFuture<'a, Result<Response, Refusal>> {
        Box::pin(async move {
            let (s, policy) = (&self.0, OPERATIONS[operation]);
            s.enter(policy, x).await?;
            let body = s.body(policy, x).await?;
            let text = std::str::from_utf8(&body).unwrap();
            let pair = |issued: Issued| {
                reply::json(StatusCode::OK, |w| {
                    w.open();
                    w.member("access_token").text(issued.access_token.expose());
                    w.member("refresh_token")
                        .text(issued.refresh_token.expose());
                    w.member("expires_in").whole(issued.expires_in);
                    w.close();
                })
            };
            match policy.operation {
                "login" => {
                    let mut login = Login::of(text).role("member").tenant("north");
                    if text == "careful" {
                        login = login.class("two-factors");
                    }
                    pair(s.call(policy, s.issuer().issue(login)).await?)
                }
                "refresh" => pair(s.refresh(policy, x, text).await?),
                "logout" => {
                    s.logout(policy, x, Some(text).filter(|text| !text.is_empty()))
                        .await?;
                    Ok(reply::empty(StatusCode::NO_CONTENT))
                }
                "revoke" => {
                    s.give_back(policy, x, text).await?;
                    Ok(reply::empty(StatusCode::OK))
                }
                _ => {
                    let caller = x.identity().unwrap();
                    reply::json(StatusCode::OK, |w| {
                        w.open();
                        w.member("subject").text(caller.subject());
                        w.member("tenant").text(caller.tenant().unwrap());
                        w.close();
                    })
                }
            }
        })
    }
}

fn start(spec: &'static Spec) -> Harness {
    start_with(spec, "memory", KEY).unwrap()
}

fn start_with(spec: &'static Spec, store: &str, key: &str) -> Result<Harness, config::ConfigError> {
    let values = [
        ("APP_STORE", store),
        ("APP_INSTANCES", "1"),
        ("TINY_KEY", key),
    ];
    let values: BTreeMap<String, String> = values
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    Harness::start(spec, values, |shield| Door::new(Tokened(shield)))
}

fn send(service: &Harness, path: &str, token: Option<&str>, body: &str) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut fields = vec![("Content-Type", "application/json")];
    fields.extend(
        bearer
            .iter()
            .map(|bearer| ("Authorization", bearer.as_str())),
    );
    ask(service.addr, "POST", path, &fields, Some(body))
}

#[derive(Clone)]
struct Pair {
    access: String,
    refresh: String,
}

fn pair(answer: &Answer) -> Pair {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["expires_in"], 900);
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Pair {
        access: text("access_token"),
        refresh: text("refresh_token"),
    }
}

fn login(service: &Harness, subject: &str) -> Pair {
    pair(&send(service, "/login", None, subject))
}

fn refresh(service: &Harness, token: &str) -> Answer {
    send(service, "/refresh", None, token)
}

fn me(service: &Harness, token: &str) -> u16 {
    send(service, "/me", Some(token), "").status
}

/// A refusal of a refresh, which says the same whatever is wrong.
fn refused(answer: &Answer) {
    assert_eq!(answer.status, 400);
    let mut problem = answer.problem();
    problem["instance"].take();
    assert_eq!(
        problem,
        json!({
            "type": "urn:palisade:problem:invalid-grant", "title": "Bad Request", "status": 400,
            "detail": "The refresh token is not good.", "instance": null, "code": "invalid_grant",
        })
    );
}

fn events(service: &Harness, code: &str) -> Vec<Value> {
    std::thread::sleep(Duration::from_millis(30));
    let lines = service.events().into_iter();
    lines
        .map(|line| serde_json::from_str::<Value>(&line).unwrap())
        .filter(|event| event["metadata"]["event_code"] == code)
        .collect()
}

fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let part = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

// requirement: P29
#[test]
fn a_login_and_what_its_tokens_say() {
    for (spec, key) in [(&STRICT, KEY.to_owned()), (&PUBLIC, private("ES256"))] {
        let service = start_with(spec, "memory", &key).unwrap();
        let first = login(&service, "ann");
        let answer = send(&service, "/me", Some(&first.access), "");
        assert_eq!(answer.body, r#"{"subject":"ann","tenant":"north"}"#);
        let said = claims(&first.access);
        assert_eq!(said["iss"], "https://tiny.example.com");
        assert_eq!(said["aud"], "tiny");
        assert_eq!(said["realm"]["roles"], json!(["member"]));
        assert_eq!(
            said["exp"].as_u64().unwrap() - said["iat"].as_u64().unwrap(),
            900
        );
        let renewed = pair(&refresh(&service, &first.refresh));
        assert_eq!(me(&service, &renewed.access), 200);
        let again = claims(&renewed.access);
        assert_eq!(again["sid"], said["sid"]);
        assert_ne!(again["jti"], said["jti"]);
        assert_ne!(renewed.refresh, first.refresh);
    }
}

// requirement: P29
#[test]
fn a_renewed_session_has_not_signed_in_again() {
    let service = start(&STRICT);
    let anew = |token: &str| send(&service, "/anew", Some(token), "");
    let first = login(&service, "careful");
    assert_eq!(anew(&first.access).status, 200);
    let at = claims(&first.access)["auth_time"].clone();
    assert!(at.is_u64());
    service.advance(Duration::from_secs(70));
    let renewed = pair(&refresh(&service, &first.refresh));
    let said = claims(&renewed.access);
    assert_eq!(
        (&said["auth_time"], &said["acr"]),
        (&at, &json!("two-factors"))
    );
    let answer = anew(&renewed.access);
    assert_eq!(answer.status, 401);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(
        challenge.contains("insufficient_user_authentication"),
        "{challenge}"
    );
    // Lately, but not as is wanted.
    assert_eq!(anew(&login(&service, "ann").access).status, 401);
    assert_eq!(anew(&login(&service, "careful").access).status, 200);
}

fn private(algorithm: &str) -> String {
    let signer = shield::dev::Signer::generate_named(algorithm, "k").unwrap();
    signer.private_text()
}

/// P30: the thief and the robbed are told apart by nothing, so both are out.
// requirement: P30
#[test]
fn a_refresh_token_that_comes_again_ends_its_session() {
    let service = start(&STRICT);
    let first = login(&service, "ann");
    let other = login(&service, "ann");
    let second = pair(&refresh(&service, &first.refresh));
    let third = pair(&refresh(&service, &second.refresh));
    assert_eq!(me(&service, &first.access), 200);
    refused(&refresh(&service, &first.refresh));
    for access in [&first.access, &second.access, &third.access] {
        assert_eq!(me(&service, access), 401);
    }
    refused(&refresh(&service, &third.refresh));
    let reuse = events(&service, "token.reuse_detected");
    assert_eq!(reuse.len(), 1);
    assert_eq!(reuse[0]["severity_id"], 4);
    assert_eq!(reuse[0]["actor"]["user"]["uid"], "ann");
    // Another session of the same person has nothing to do with it.
    assert_eq!(me(&service, &other.access), 200);
    pair(&refresh(&service, &other.refresh));
}

// requirement: P31
#[test]
fn of_fifty_at_once_one_is_served() {
    let service = start(&STRICT);
    let first = login(&service, "ann");
    let begin = Barrier::new(50);
    let good = std::thread::scope(|scope| {
        let one = || {
            begin.wait();
            refresh(&service, &first.refresh).status
        };
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(one)).collect();
        let statuses = threads.into_iter().map(|thread| thread.join().unwrap());
        statuses.filter(|status| *status == 200).count()
    });
    assert_eq!(good, 1);
}

// requirement: P32
#[test]
fn within_its_grace_a_token_gives_the_same_successor() {
    let service = start(&LENIENT);
    let first = login(&service, "ann");
    let begin = Barrier::new(20);
    let successors: Vec<String> = std::thread::scope(|scope| {
        let one = || {
            begin.wait();
            pair(&refresh(&service, &first.refresh)).refresh
        };
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(one)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(successors.iter().all(|each| *each == successors[0]));
    // Once the successor is used, the answer cannot have been lost.
    let third = pair(&refresh(&service, &successors[0]));
    refused(&refresh(&service, &first.refresh));
    assert_eq!(me(&service, &third.access), 401);
    // And after the grace it is a theft.
    let first = login(&service, "ann");
    let second = pair(&refresh(&service, &first.refresh));
    service.advance(Duration::from_secs(6));
    refused(&refresh(&service, &first.refresh));
    assert_eq!(me(&service, &second.access), 401);
}

// requirement: P33
#[test]
fn a_session_ends_when_it_idles_and_when_it_is_old() {
    let service = start(&STRICT);
    let idle = login(&service, "ann");
    service.advance(Duration::from_secs(2_999));
    let mut kept = pair(&refresh(&service, &idle.refresh));
    service.advance(Duration::from_secs(3_001));
    refused(&refresh(&service, &kept.refresh));
    assert!(events(&service, "token.reuse_detected").is_empty());
    kept = login(&service, "ann");
    for _ in 0..4 {
        service.advance(Duration::from_secs(2_400));
        kept = pair(&refresh(&service, &kept.refresh));
    }
    service.advance(Duration::from_secs(401));
    refused(&refresh(&service, &kept.refresh));
}

/// P35, and whatever else somebody may send.
// requirement: P35
#[test]
fn a_token_of_one_kind_is_none_of_the_other() {
    let service = start(&STRICT);
    let first = login(&service, "ann");
    assert_eq!(me(&service, &first.refresh), 401);
    refused(&refresh(&service, &first.access));
    let with = |at: usize, letter: &str| {
        let mut text = first.refresh.clone();
        text.replace_range(
            at..=at,
            if &text[at..=at] == letter {
                "B"
            } else {
                letter
            },
        );
        text
    };
    // A wrong name, a wrong common part, and one that is wrong alone but was made up by who has none.
    for text in [
        with(2, "A"),
        with(30, "A"),
        String::new(),
        "a".repeat(86),
        format!("{}=", first.refresh),
        format!(" {}", first.refresh),
        first.refresh[..85].to_owned(),
        format!("{}A", first.refresh),
    ] {
        refused(&refresh(&service, &text));
    }
    assert!(events(&service, "token.reuse_detected").is_empty());
    assert_eq!(me(&service, &first.access), 200);
    pair(&refresh(&service, &first.refresh));
}

/// P36, ruling 89.
// requirement: P36
#[test]
fn a_logout_ends_the_session_and_may_come_twice() {
    let service = start(&STRICT);
    let first = login(&service, "ann");
    let second = pair(&refresh(&service, &first.refresh));
    let out = |access: &str, body: &str| send(&service, "/logout", Some(access), body).status;
    assert_eq!(out(&second.access, ""), 204);
    assert_eq!(events(&service, "token.revoked").len(), 1);
    assert_eq!(out(&second.access, ""), 401, "the same access token again");
    refused(&refresh(&service, &second.refresh));
    assert!(events(&service, "token.reuse_detected").is_empty());
    assert_eq!(
        out(&first.access, ""),
        204,
        "another live one of the session"
    );
    assert_eq!(out(&first.access, ""), 401);
    // With a refresh token in the body, of whichever session.
    let (here, there) = (login(&service, "ann"), login(&service, "ann"));
    assert_eq!(out(&here.access, &there.refresh), 204);
    assert_eq!(me(&service, &there.access), 401);
    refused(&refresh(&service, &there.refresh));
    let third = login(&service, "ann");
    assert_eq!(out(&third.access, "no token at all"), 204);
}

/// RFC 7009: 200 whatever it was.
#[test]
fn what_is_given_back_is_good_no_more() {
    let service = start(&STRICT);
    let give = |token: &str| send(&service, "/revoke", None, token).status;
    let (first, second) = (login(&service, "ann"), login(&service, "ann"));
    assert_eq!(give(&first.access), 200);
    assert_eq!(me(&service, &first.access), 401);
    let renewed = pair(&refresh(&service, &first.refresh));
    assert_eq!(give(&renewed.refresh), 200);
    assert_eq!(me(&service, &renewed.access), 401);
    refused(&refresh(&service, &renewed.refresh));
    assert_eq!(events(&service, "token.revoked").len(), 2);
    for other in ["", "x", &first.access, &renewed.refresh, &"a".repeat(86)] {
        assert_eq!(give(other), 200);
    }
    assert_eq!(
        events(&service, "token.revoked").len(),
        3,
        "one for a token that still verifies"
    );
    assert_eq!(me(&service, &second.access), 200);
}

#[test]
fn who_is_revoked_cannot_renew() {
    for by in ["subject", "session"] {
        let service = start(&STRICT);
        let first = login(&service, "ann");
        let sid = claims(&first.access)["sid"].as_str().unwrap().to_owned();
        let name = if by == "subject" { "ann" } else { &sid };
        assert!(service.revoke(by, name, None));
        assert_eq!(me(&service, &first.access), 401);
        refused(&refresh(&service, &first.refresh));
        service.advance(Duration::from_secs(2));
        let second = login(&service, "ann");
        assert_eq!(me(&service, &second.access), 200);
    }
}

#[test]
fn without_the_store_nothing_is_issued_and_nothing_is_lost() {
    let service = start(&STRICT);
    let first = login(&service, "ann");
    service.fail_store(true);
    assert_eq!(send(&service, "/login", None, "ann").status, 503);
    assert_eq!(refresh(&service, &first.refresh).status, 503);
    assert_eq!(send(&service, "/revoke", None, &first.refresh).status, 503);
    assert_eq!(
        send(&service, "/logout", Some(&first.access), "").status,
        503
    );
    service.fail_store(false);
    pair(&refresh(&service, &first.refresh));
}

// requirement: P34
#[test]
fn sessions_outlive_the_process_in_a_folder() {
    let folder = std::env::temp_dir().join(format!("shield-door-{}-tokens", std::process::id()));
    let store = format!("file:{}", folder.display());
    let service = start_with(&STRICT, &store, KEY).unwrap();
    let (first, other) = (login(&service, "ann"), login(&service, "ben"));
    let second = pair(&refresh(&service, &first.refresh));
    // P34: whoever reads the folder finds nothing to present.
    let mut stored = Vec::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        stored.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let text = String::from_utf8_lossy(&stored);
    assert!(text.contains("ann"), "it is the right file");
    let tail = |token: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(token)
            .unwrap()
    };
    for token in [&first.refresh, &second.refresh] {
        assert!(!text.contains(token.as_str()));
        for secret in [&tail(token)[16..32], &tail(token)[32..]] {
            assert!(!stored.windows(secret.len()).any(|window| window == secret));
        }
    }
    drop(service);
    let service = start_with(&STRICT, &store, KEY).unwrap();
    pair(&refresh(&service, &other.refresh));
    refused(&refresh(&service, &first.refresh));
    assert_eq!(me(&service, &second.access), 401);
    drop(service);
    let service = start_with(&STRICT, &store, KEY).unwrap();
    assert_eq!(me(&service, &second.access), 401);
    std::fs::remove_dir_all(&folder).unwrap();
}

// requirement: P99
#[test]
fn keys_that_cannot_sign_refuse_to_start() {
    let public = shield::dev::Signer::generate_named("ES256", "k").unwrap();
    for (spec, key) in [
        (&STRICT, "short"),
        (&STRICT, "change-me change-me change-me change-me"),
        (&PUBLIC, KEY),
        (&PUBLIC, &public.key_text()),
        (&PUBLIC, &public.public_pem().unwrap()),
        (&PUBLIC, &private("ES384")),
        (&PUBLIC, &private("EdDSA")),
        (
            &PUBLIC,
            &format!("{}{}", private("ES256"), private("ES256")),
        ),
        (&PUBLIC, ""),
    ] {
        let refused = start_with(spec, "memory", key).map(drop).unwrap_err();
        assert_eq!(refused.variable, "TINY_KEY");
        assert!(key.is_empty() || !refused.message.contains(key));
    }
}

#[test]
fn what_no_person_can_sign_in_as() {
    let service = start(&STRICT);
    assert_eq!(send(&service, "/login", None, "").status, 500);
}

#[cfg(feature = "passwords")]
#[test]
fn passwords() {
    use std::time::Instant;
    let service = start(&STRICT);
    let issuer = service.shield().issuer();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let wait = |stored: Option<&str>, password: &str| {
        runtime
            .block_on(issuer.verify_password(stored, &Secret::new(password)))
            .map_err(drop)
    };
    let hash = runtime
        .block_on(issuer.hash(&Secret::new("correct horse")))
        .map_err(drop)
        .unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    let again = runtime
        .block_on(issuer.hash(&Secret::new("correct horse")))
        .map_err(drop)
        .unwrap();
    assert_ne!(hash, again, "each has a salt of its own");
    assert!(wait(Some(&hash), "correct horse").unwrap());
    assert!(!wait(Some(&hash), "correct horsf").unwrap());
    assert!(!wait(Some(&hash), "").unwrap());
    assert!(!wait(None, "correct horse").unwrap());
    for broken in [
        "",
        "correct horse",
        "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=4000000,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
    ] {
        assert!(wait(Some(broken), "").is_err(), "{broken}");
    }
    // As long without an account as with one.
    let time = |stored: Option<&str>| {
        let begun = Instant::now();
        (0..5).for_each(|_| _ = wait(stored, "guess"));
        begun.elapsed()
    };
    let (with, without) = (time(Some(&hash)), time(None));
    assert!(
        without * 2 > with && with * 2 > without,
        "{with:?} {without:?}"
    );
}

/// A vector of the reference implementation (`src/test.c` of phc-winner-argon2).
#[cfg(feature = "passwords")]
#[test]
fn hashes_made_elsewhere_are_read() {
    let service = start(&STRICT);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stored =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let verify = |password: &str| {
        let issuer = service.shield().issuer();
        runtime
            .block_on(async {
                let password = Secret::new(password);
                issuer.verify_password(Some(stored), &password).await
            })
            .map_err(drop)
    };
    assert!(verify("password").unwrap());
    assert!(!verify("passwore").unwrap());
}
