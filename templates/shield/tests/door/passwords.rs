//! HTTP Basic: what the hook is asked, when, how often, and what becomes of its answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shield::reply::StatusCode;
use shield::testing::Harness;
use shield::*;

use crate::client::{Answer, Client};
use crate::service::LIMITS;

const NURSE: RoleSet = 1;
const HEAD: RoleSet = 2;
const KEY: Credential = Credential::Key(0);
const STAFF: Credential = Credential::Password(0);
const NIGHT: Credential = Credential::Password(1);

const fn operation(path: &'static str, access: Access) -> Policy {
    Policy::base(64, 500, 200)
        .of(path, "GET", path)
        .access(access)
        .quotas(&[0, 1])
        .json()
}

static STAFF_ONLY: Policy = operation("/staff", Access::Caller(Need::password(0)));
static HEADS: Policy = operation("/heads", Access::Caller(Need::password(0).roles(&[HEAD])));
static BOTH: Policy = operation(
    "/both",
    Access::Caller(Need::key(0).together(&[KEY, STAFF])),
);
static SHIFTS: Policy = operation(
    "/shifts",
    Access::AnyOf(&[Need::password(0), Need::password(1)]),
);
static MAYBE: Policy = operation("/maybe", Access::Optional(&[Need::password(0)]));
static TOGETHER: Policy = operation(
    "/together",
    Access::Caller(Need::password(0).together(&[STAFF, NIGHT])),
);
static OPERATIONS: [&Policy; 6] = [&STAFF_ONLY, &HEADS, &BOTH, &SHIFTS, &MAYBE, &TOGETHER];

static SPEC: Spec = Spec {
    title: "Ward",
    version: "1",
    realm: "Ward",
    roles: &[
        Role {
            name: "nurse",
            holds: NURSE,
        },
        Role {
            name: "head",
            holds: NURSE | HEAD,
        },
    ],
    schemes: &[],
    keys: &[KeyScheme {
        name: "device",
        carrier: Carrier::Header("X-Device"),
        keys: Setting::Env("DEVICES"),
        roles: 0,
        prefix: "",
    }],
    passwords: &[
        PasswordScheme {
            name: "staff",
            roles: NURSE,
        },
        PasswordScheme {
            name: "night",
            roles: 0,
        },
    ],
    principal: &[],
    quotas: &[
        Quota {
            name: "standard",
            limit: 50,
            window: 60,
            by: &[By::Subject],
            failures_only: false,
        },
        Quota {
            name: "guesses",
            limit: 3,
            window: 60,
            by: &[By::Ip],
            failures_only: true,
        },
    ],
    revocation: None,
    tokens: None,
    cors: None,
    tls: None,
    limits: LIMITS,
    operations: &OPERATIONS,
};

/// What the hooks saw.
#[derive(Clone, Default)]
struct Seen {
    asked: Arc<AtomicUsize>,
    at_once: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    users: Arc<Mutex<Vec<String>>>,
}

struct Ward(Shield, Seen);

impl Passwords for Ward {
    fn verify(
        &self,
        scheme: usize,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<Option<Known>, Fault>> {
        Box::pin(async move {
            let seen = &self.1;
            seen.asked.fetch_add(1, Ordering::SeqCst);
            seen.users
                .lock()
                .unwrap()
                .push(attempt.user.expose().to_owned());
            let now = seen.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            seen.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            seen.at_once.fetch_sub(1, Ordering::SeqCst);
            let known = Known::of(attempt.user.expose());
            match (scheme, attempt.user.expose(), attempt.password.expose()) {
                (0, "unwritten", _) => Err(Fault::unwritten("the hook of staff")),
                (0, "fault", _) => Err(Fault::new("the directory is on fire")),
                (0, "slow", _) => std::future::pending().await,
                (0, "nobody", "good") => Ok(Some(Known::of(""))),
                (0, "ann", "good") => Ok(Some(known.role(Held::of(HEAD)).tenant("north"))),
                (0, _, "good") | (1, _, "dark") => Ok(Some(known)),
                _ => Ok(None),
            }
        })
    }
}

impl Guarded for Ward {
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
            self.0.ask(policy, x, self).await?;
            self.0.enter(policy, x).await?;
            let told = match x.identity() {
                Some(caller) => format!(
                    "{} {} {} {}",
                    caller.issuer(),
                    caller.subject(),
                    caller.roles(),
                    caller.tenant().unwrap_or("-")
                ),
                None => "nobody".to_owned(),
            };
            reply::json(StatusCode::OK, |w| w.text(&told))
        })
    }
}

fn start() -> (Harness, Seen) {
    start_with("DEVICES", devices("device"))
}

/// The list of the one key that is good.
fn devices(key: &str) -> String {
    format!(
        r#"[{{"id": "monitor", "sha256": "{}", "roles": []}}]"#,
        sha256(key)
    )
}

fn start_with(variable: &str, value: String) -> (Harness, Seen) {
    let seen = Seen::default();
    let values = BTreeMap::from([
        ("APP_STORE".to_owned(), "memory".to_owned()),
        ("APP_INSTANCES".to_owned(), "1".to_owned()),
        (variable.to_owned(), value),
    ]);
    let mine = seen.clone();
    let harness = Harness::start(&SPEC, values, |shield| Door::new(Ward(shield, mine))).unwrap();
    (harness, seen)
}

fn sha256(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    hash.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn basic(pair: &str) -> String {
    format!("Authorization: Basic {}\r\n", STANDARD.encode(pair))
}

fn get(service: &Harness, path: &str, fields: &str) -> Answer {
    Client::to(service.addr).ask(&format!("GET {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n"))
}

#[test]
fn the_caller_is_whom_the_hook_knows() {
    let (service, seen) = start();
    let answer = get(&service, "/staff", &basic("bob:good"));
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "\"basic:staff bob 1 -\"")
    );
    // A role of the hook brings what it includes, a scheme brings its own.
    let answer = get(&service, "/heads", &basic("ann:good"));
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "\"basic:staff ann 3 north\"")
    );
    let answer = get(&service, "/heads", &basic("bob:good"));
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Basic realm=\"Ward\", charset=\"UTF-8\", error=\"insufficient_scope\"")
    );
    assert_eq!(seen.asked.load(Ordering::SeqCst), 3);
}

// requirement: P1, P2
#[test]
fn who_is_not_known_is_challenged_and_told_nothing() {
    let (service, seen) = start();
    let missing = get(&service, "/staff", "");
    assert_eq!(missing.status, 401);
    assert_eq!(
        missing.header("www-authenticate"),
        Some("Basic realm=\"Ward\", charset=\"UTF-8\"")
    );
    let wrong = get(&service, "/staff", &basic("bob:bad-SECRET1"));
    let unknown = get(&service, "/staff", &basic("nemo:bad-SECRET1"));
    assert_eq!((wrong.status, unknown.status), (401, 401));
    let told = |answer: &Answer| {
        let mut told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        told.as_object_mut().unwrap().remove("instance");
        (told, answer.header("www-authenticate").map(str::to_owned))
    };
    assert_eq!(told(&wrong), told(&unknown));
    assert_eq!(seen.asked.load(Ordering::SeqCst), 2);
    // The events say why, and not what.
    let events = service.events().concat();
    assert!(
        events.contains("\"key\"") && events.contains("\"missing\""),
        "{events}"
    );
    assert!(
        !events.contains("SECRET1") && !events.contains("nemo"),
        "{events}"
    );
    assert!(!format!("{}{}", wrong.body, unknown.body).contains("SECRET1"));
}

#[test]
fn what_is_no_password_is_shown_to_nobody() {
    let (service, seen) = start();
    let fields = [
        "Authorization: Basic\r\n".to_owned(),
        "Authorization: Basic bob:good\r\n".to_owned(),
        format!("Authorization: Bearer {}\r\n", STANDARD.encode("bob:good")),
        basic("bob"),
        basic("bob:"),
        basic(":good"),
        basic("bob:good\0"),
    ];
    for field in fields {
        // Each from an hour of its own.
        service.advance(Duration::from_secs(3600));
        assert_eq!(get(&service, "/staff", &field).status, 401, "{field}");
    }
    let twice = format!("{}{}", basic("bob:good"), basic("bob:good"));
    assert_eq!(get(&service, "/staff", &twice).status, 400);
    assert_eq!(seen.asked.load(Ordering::SeqCst), 0);
}

// requirement: P81
#[test]
fn a_guess_is_paid_for_before_it_is_looked_at() {
    let (service, seen) = start();
    for _ in 0..3 {
        assert_eq!(get(&service, "/staff", &basic("bob:bad")).status, 401);
    }
    // From now on not even the right one is tried: whoever guesses does not learn that it was.
    for pair in ["bob:bad", "bob:good", "ann:good"] {
        let answer = get(&service, "/staff", &basic(pair));
        assert_eq!(answer.status, 429, "{pair}");
        assert!(answer.body.contains("guesses"), "{}", answer.body);
    }
    assert_eq!(seen.asked.load(Ordering::SeqCst), 3);
    service.advance(Duration::from_secs(61));
    assert_eq!(get(&service, "/staff", &basic("bob:good")).status, 200);
}

#[test]
fn guesses_at_once_are_no_more_than_guesses_one_by_one() {
    let (service, seen) = start();
    let addr = service.addr;
    let asking: Vec<_> = (0..40)
        .map(|at| {
            std::thread::spawn(move || {
                let field = basic(&format!("bob:guess-{at}"));
                let request = format!("GET /staff HTTP/1.1\r\nHost: a\r\n{field}\r\n");
                Client::to(addr).ask(&request).status
            })
        })
        .collect();
    let mut statuses: Vec<u16> = asking.into_iter().map(|one| one.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 3);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 37);
    assert_eq!(seen.asked.load(Ordering::SeqCst), 3);
    assert!(seen.most.load(Ordering::SeqCst) <= 3);
}

#[test]
fn who_is_known_pays_nothing() {
    let (service, _) = start();
    for _ in 0..12 {
        let answer = get(&service, "/staff", &basic("bob:good"));
        assert_eq!(answer.status, 200);
        assert!(
            answer
                .header("ratelimit")
                .unwrap()
                .contains("\"guesses\";r=3")
        );
    }
    // Of `standard`, each has what is its own.
    let answer = get(&service, "/staff", &basic("eve:good"));
    assert!(
        answer
            .header("ratelimit")
            .unwrap()
            .contains("\"standard\";r=49")
    );
}

// requirement: P37
#[test]
fn a_hook_that_does_not_say_who_lets_nobody_in() {
    let (service, _) = start();
    let unwritten = get(&service, "/staff", &basic("unwritten:x"));
    assert_eq!(unwritten.status, 501);
    assert!(unwritten.body.contains("urn:palisade:problem:unwritten"));
    assert!(unwritten.header("ratelimit").is_some());
    for (pair, status) in [("fault:x", 500), ("nobody:good", 500), ("slow:x", 503)] {
        let answer = get(&service, "/staff", &basic(pair));
        assert_eq!(answer.status, status, "{pair}");
        assert!(!answer.body.contains("on fire"));
    }
    // Without credentials the stub is not reached.
    assert_eq!(get(&service, "/staff", "").status, 401);
}

#[test]
fn what_is_needed_beside_a_password_comes_first() {
    let (service, seen) = start();
    let with = |key: &str, pair: &str| {
        let key = match key {
            "" => String::new(),
            key => format!("X-Device: {key}\r\n"),
        };
        get(&service, "/both", &format!("{key}{}", basic(pair)))
    };
    assert_eq!(with("", "bob:good").status, 401);
    assert_eq!(with("other", "bob:good").status, 401);
    // Without the key, or with another, no password is tried.
    assert_eq!(seen.asked.load(Ordering::SeqCst), 0);
    let answer = with("device", "bob:good");
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "\"apiKey:device monitor 1 -\"")
    );
    assert_eq!(with("device", "bob:bad").status, 401);
    assert_eq!(seen.asked.load(Ordering::SeqCst), 2);
}

// requirement: P25
#[test]
fn a_key_beside_a_password_is_judged_by_the_list_of_now() {
    let path = std::env::temp_dir().join(format!("shield-door-beside-{}", std::process::id()));
    std::fs::write(&path, devices("old")).unwrap();
    let (service, seen) = start_with("DEVICES_FILE", path.to_str().unwrap().to_owned());
    let with = |key: &str| {
        let fields = format!("X-Device: {key}\r\n{}", basic("bob:good"));
        get(&service, "/both", &fields).status
    };
    let asked = || seen.asked.load(Ordering::SeqCst);
    let put = |text: String| {
        std::fs::write(&path, text).unwrap();
        service.advance(Duration::from_secs(1));
    };
    assert_eq!((with("old"), asked()), (200, 1));
    // The first request with the new key is let in already,
    put(devices("newer"));
    assert_eq!((with("newer"), asked()), (200, 2));
    // and the first with one that was taken out tries no password any more.
    put(devices("another"));
    assert_eq!((with("newer"), asked()), (401, 2));
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn of_two_schemes_one_is_enough_unless_both_are_needed() {
    let (service, seen) = start();
    let answer = get(&service, "/shifts", &basic("bob:dark"));
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "\"basic:night bob 0 -\"")
    );
    let answer = get(&service, "/shifts", &basic("bob:good"));
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, "\"basic:staff bob 1 -\"")
    );
    assert_eq!(get(&service, "/shifts", &basic("bob:bad")).status, 401);
    assert_eq!(seen.asked.load(Ordering::SeqCst), 6);
    assert_eq!(get(&service, "/together", &basic("bob:dark")).status, 401);
    // One challenge for both.
    let answer = get(&service, "/shifts", "");
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Basic realm=\"Ward\", charset=\"UTF-8\"")
    );
}

#[test]
fn who_need_not_say_who_they_are_must_not_say_it_wrongly() {
    let (service, seen) = start();
    assert_eq!(get(&service, "/maybe", "").body, "\"nobody\"");
    assert_eq!(seen.asked.load(Ordering::SeqCst), 0);
    let known = get(&service, "/maybe", &basic("bob:good"));
    assert_eq!(known.body, "\"basic:staff bob 1 -\"");
    assert_eq!(get(&service, "/maybe", &basic("bob:bad")).status, 401);
    assert_eq!(
        get(&service, "/maybe", "Authorization: Basic x\r\n").status,
        401
    );
}
