//! Against a Vault of our own on this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::auth::Looked;
use crate::config::{Config, ConfigError};
use crate::spec::*;

const TOKEN: &str = "hvs.CANARYTOKEN";
const FIRST: &str = "CANARYSECRET of at least thirty-two bytes";
const SECOND: &str = "another CANARYSECRET of more than 32 bytes";
const SECOND_OF_CLOCK: u64 = 1_000_000_000;

/// Answers what it is told to, to whoever shows the token.
struct Fake {
    address: String,
    answer: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    fn new(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(Mutex::default()));
        let (mine, heard): (Arc<Mutex<String>>, Arc<Mutex<Vec<String>>>) =
            (answer.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mine, heard) = (mine.clone(), heard.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                        head.push(byte[0]);
                    }
                    let head = String::from_utf8(head).unwrap();
                    let known = head.contains(&format!("x-vault-token: {TOKEN}\r\n"));
                    heard.lock().unwrap().push(head);
                    let answer = mine.lock().unwrap().clone();
                    if answer == "nothing" {
                        std::thread::sleep(Duration::from_secs(20));
                    }
                    let answer = match known {
                        true => answer,
                        false => with(403, r#"{"errors":["permission denied"]}"#),
                    };
                    let _ = stream.write_all(answer.as_bytes());
                });
            }
        });
        Fake {
            address,
            answer,
            asked,
        }
    }

    fn says(&self, answer: String) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

fn with(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// As the second version of the engine answers.
fn holding(field: &str, value: &str) -> String {
    with(
        200,
        &format!(
            r#"{{"request_id":"r","lease_duration":0,"data":{{"data":{{"{field}":"{value}"}},"metadata":{{"version":1}}}}}}"#
        ),
    )
}

const REFERENCE: &str = "secret/data/ward#key";

static SPEC: Spec = WARD;

const WARD: Spec = Spec {
    title: "Ward",
    version: "1",
    realm: "Ward",
    roles: &[],
    schemes: &[Scheme {
        name: "login",
        issuer: Setting::Literal("https://id.example.com"),
        audience: &[Setting::Literal("ward")],
        algorithms: &["HS256"],
        keys: Setting::Vault(REFERENCE),
        holds: Holds::Anything,
        upkeep: Upkeep {
            refresh: 60,
            cooldown: 10,
            private: false,
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
    }],
    keys: &[],
    passwords: &[],
    principal: &[],
    quotas: &[],
    revocation: None,
    tokens: None,
    cors: None,
    tls: None,
    limits: Limits {
        uri: 8192,
        header_bytes: 16384,
        header_count: 64,
        header_timeout: 400,
        connections: 500,
        per_ip: 300,
        ip_rate: (100_000, 60),
        concurrency: 400,
        json_depth: 32,
    },
    operations: &[],
};

fn config(values: &[(&str, &str)]) -> Config {
    let mut all = BTreeMap::from([
        ("APP_ENV".to_owned(), "development".to_owned()),
        ("APP_STORE".to_owned(), "memory".to_owned()),
        ("APP_INSTANCES".to_owned(), "1".to_owned()),
    ]);
    let given = values.iter();
    all.extend(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::from_map(all).unwrap()
}

fn asking(fake: &Fake, token: &str) -> Config {
    config(&[("VAULT_ADDR", &fake.address), ("VAULT_TOKEN", token)])
}

fn told(fake: &Fake) -> Result<String, ConfigError> {
    asking(fake, TOKEN).setting(&SPEC.schemes.first().unwrap().keys)
}

// requirement: P99, P100
#[test]
fn a_field_of_either_version_of_the_engine() {
    let fake = Fake::new(holding("key", FIRST));
    assert_eq!(told(&fake).unwrap(), FIRST);
    let asked = fake.asked().concat();
    assert!(
        asked.starts_with("GET /v1/secret/data/ward HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("x-vault-request: true"), "{asked}");
    assert!(!asked.contains("x-vault-namespace"), "{asked}");

    fake.says(with(200, &format!(r#"{{"data":{{"key":"{FIRST}\n"}}}}"#)));
    assert_eq!(told(&fake).unwrap(), FIRST);
    // A field that is called like a part of the second version is a field.
    fake.says(with(
        200,
        r#"{"data":{"key":"k","data":"d","metadata":"m"}}"#,
    ));
    assert_eq!(told(&fake).unwrap(), "k");

    let config = config(&[
        ("VAULT_ADDR", &format!("{}/", fake.address)),
        ("VAULT_TOKEN", TOKEN),
        ("VAULT_NAMESPACE", "north/ward"),
    ]);
    fake.asked();
    // Once, however often it is needed.
    for _ in 0..3 {
        assert_eq!(config.setting(&Setting::Vault(REFERENCE)).unwrap(), "k");
    }
    let asked = fake.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked.concat().contains("x-vault-namespace: north/ward"));
}

#[test]
fn what_leads_nowhere_names_the_reference_and_no_secret() {
    let fake = Fake::new(holding("other", FIRST));
    let long = "x".repeat(70_000);
    let answers = [
        (holding("other", FIRST), "has no such field"),
        (holding("key", ""), "is empty"),
        (holding("key", " \\n"), "is empty"),
        (
            with(200, r#"{"data":{"data":{"key":7},"metadata":{}}}"#),
            "is no text",
        ),
        (
            with(200, r#"{"data":{"data":null,"metadata":{}}}"#),
            "has no such field",
        ),
        (with(200, r#"{"data":null}"#), "has no such field"),
        (with(200, r#"{"errors":[]}"#), "is no secret"),
        (with(200, "<html>CANARYSECRET</html>"), "JSON"),
        (with(200, r#"{"data":{"key":"a","key":"b"}}"#), "JSON"),
        (with(404, r#"{"errors":[]}"#), "status 404"),
        (with(503, "sealed"), "status 503"),
        (holding("key", &long), "larger than 64 KiB"),
        (
            "HTTP/1.1 200 X\r\ncontent-length: 900\r\n\r\n{\"data\":".to_owned(),
            "cut short",
        ),
        (
            format!(
                "HTTP/1.1 307 X\r\nlocation: {}/v1/x\r\ncontent-length: 0\r\n\r\n",
                fake.address
            ),
            "redirects are not followed",
        ),
    ];
    for (answer, why) in answers {
        fake.says(answer.clone());
        let error = told(&fake).unwrap_err();
        assert_eq!(error.variable, format!("vault:{REFERENCE}"));
        assert!(error.message.contains(why), "{why}: {error}");
        assert!(!error.to_string().contains("CANARY"), "{error}");
    }
    fake.says(holding("key", FIRST));
    let error = asking(&fake, "hvs.CANARYWRONG").setting(&Setting::Vault(REFERENCE));
    let error = error.unwrap_err();
    assert!(error.message.contains("status 403"), "{error}");
    assert!(!error.to_string().contains("CANARY"), "{error}");
    assert!(!format!("{:?}", asking(&fake, TOKEN)).contains("CANARY"));
}

#[test]
fn one_that_does_not_answer_is_not_waited_for() {
    let fake = Fake::new("nothing".to_owned());
    let begun = std::time::Instant::now();
    let error = told(&fake).unwrap_err();
    assert!(error.message.contains("within 5 seconds"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_address_and_the_token_are_needed() {
    let ask = |values: &[(&str, &str)]| {
        let told = config(values).setting(&Setting::Vault(REFERENCE));
        let error = told.unwrap_err();
        (error.variable, error.message)
    };
    let of = |name: &str, values: &[(&str, &str)]| {
        let (variable, message) = ask(values);
        assert_eq!(variable, name, "{message}");
        assert!(!message.contains("CANARY"), "{message}");
    };
    of(
        "VAULT_TOKEN",
        &[("VAULT_ADDR", "https://vault.example.com")],
    );
    let token = ("VAULT_TOKEN", TOKEN);
    for address in [
        "vault.example.com",
        "http://vault.example.com",
        "https://vault.example.com/v1",
        "https://vault.example.com?a=CANARY",
        "https://CANARY@vault.example.com",
        "https://vault.example.com:0",
        "",
    ] {
        of("VAULT_ADDR", &[("VAULT_ADDR", address), token]);
    }
    let here = ("VAULT_ADDR", "http://127.0.0.1:1");
    of(
        "VAULT_NAMESPACE",
        &[here, token, ("VAULT_NAMESPACE", "a\nb")],
    );
    of(
        "VAULT_TOKEN_FILE",
        &[here, ("VAULT_TOKEN_FILE", "/no/such/file")],
    );
    of(
        &format!("vault:{REFERENCE}"),
        &[here, ("VAULT_TOKEN", "CANARY\nhvs")],
    );
    // Production asks over TLS only, and there is no service without what it refers to.
    let production = |values: &[(&str, &str)]| {
        let mut all = values.to_vec();
        all.push(("APP_ENV", "production"));
        let error = config(&all).setting(&Setting::Vault(REFERENCE));
        error.unwrap_err().variable
    };
    assert_eq!(production(&[here, token]), "VAULT_ADDR");
    assert_eq!(production(&[]), "VAULT_ADDR");
}

// requirement: P25, P27
#[tokio::test]
async fn a_list_of_api_keys_is_renewed_too() {
    static LISTED: Spec = Spec {
        keys: &[KeyScheme {
            name: "partner",
            carrier: Carrier::Header("X-Key"),
            keys: Setting::Vault(REFERENCE),
            roles: 0,
            prefix: "",
        }],
        schemes: &[],
        ..WARD
    };
    let list = |keys: &[&str]| {
        let one = |key: &&str| {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.as_bytes());
            let digest: String = digest
                .as_ref()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            serde_json::json!({ "id": "north", "sha256": digest, "roles": [] })
        };
        let keys: Vec<_> = keys.iter().map(one).collect();
        holding(
            "key",
            &serde_json::json!(keys).to_string().replace('"', "\\\""),
        )
    };
    let fake = Fake::new(list(&["old"]));
    let config = config(&[("VAULT_ADDR", &fake.address), ("VAULT_TOKEN", TOKEN)]);
    let lists = config.api_keys(&LISTED).unwrap();
    let keys = lists.first().unwrap();
    let at = |seconds: u64| seconds * SECOND_OF_CLOCK;
    let good = |key: &str| keys.verify(key.as_bytes(), 0).is_ok();
    assert!(!keys.is_fixed() && good("old") && !good("new"));
    // A key that nobody knows causes one reading, as often as once a minute.
    fake.says(list(&["old", "new"]));
    assert!(keys.look_again(at(61)).await);
    assert!(good("old") && good("new"));
    fake.says(list(&["new"]));
    assert!(!keys.look_again(at(100)).await);
    // And what is ten minutes old is read again.
    assert_eq!(keys.look(at(660)).await, Looked::Same);
    assert_eq!(keys.look(at(661)).await, Looked::Rotated);
    assert!(!good("old") && good("new"));
    // Vault is away: the list counts for two hours.
    fake.says(with(503, "sealed"));
    assert_eq!(keys.look(at(661 + 7_199)).await, Looked::Same);
    assert_eq!(keys.look(at(661 + 7_261)).await, Looked::Nothing);
    assert!(!good("new"));
}

// requirement: P100
#[tokio::test]
async fn keys_are_renewed_without_a_restart_and_count_for_a_bounded_time() {
    let fake = Fake::new(holding("key", FIRST));
    let file = std::env::temp_dir().join(format!("shield-vault-token-{}", std::process::id()));
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let config = config(&[
        ("VAULT_ADDR", &fake.address),
        ("VAULT_TOKEN_FILE", file.to_str().unwrap()),
    ]);
    let verifiers = config.verifiers(&SPEC).unwrap();
    let verifier = verifiers.first().unwrap();
    assert!(!verifier.is_fixed());
    fake.asked();
    let at = |seconds: u64| seconds * SECOND_OF_CLOCK;
    assert_eq!(verifier.look(at(59)).await, Looked::Same);
    assert_eq!(fake.asked().len(), 0, "it is not asked before it is time");
    assert_eq!(verifier.look(at(61)).await, Looked::Same);
    assert_eq!(fake.asked().len(), 1);

    fake.says(holding("key", SECOND));
    assert_eq!(verifier.look(at(125)).await, Looked::Rotated);
    // Out of turn only as often as `cooldown` says.
    fake.says(holding("key", FIRST));
    assert!(!verifier.look_again(at(130)).await);
    assert!(verifier.look_again(at(136)).await);

    // A token that is no good any more, and one that an agent has put in its place.
    std::fs::write(&file, "hvs.ended").unwrap();
    assert_eq!(verifier.look(at(200)).await, Looked::Same);
    std::fs::write(&file, TOKEN).unwrap();
    fake.says(holding("key", SECOND));
    assert_eq!(verifier.look(at(215)).await, Looked::Rotated);

    // What cannot be used changes nothing, and what was there before ends.
    fake.says(holding("key", "short"));
    assert_eq!(verifier.look(at(280)).await, Looked::Same);
    fake.says(with(503, "sealed"));
    assert_eq!(verifier.look(at(215 + 12 * 60 - 1)).await, Looked::Same);
    assert_eq!(verifier.look(at(215 + 12 * 60 + 10)).await, Looked::Nothing);
    fake.says(holding("key", SECOND));
    assert_eq!(verifier.look(at(215 + 12 * 60 + 20)).await, Looked::Same);
    std::fs::remove_file(&file).unwrap();
}
