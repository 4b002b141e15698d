//! Keys that change while the service runs: a set behind an address, and a file (P9, P25, P26).

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use shield::testing::Harness;

use crate::client::{Answer, ask};
use crate::service::{part, rotating, token_of};

struct Key {
    kid: &'static str,
    pair: Ed25519KeyPair,
}

fn key(kid: &'static str) -> Key {
    let pair = Ed25519KeyPair::generate().unwrap();
    Key { kid, pair }
}

impl Key {
    fn ask(&self, service: &Harness) -> Answer {
        self.ask_as(self.kid, service)
    }

    fn ask_as(&self, kid: &str, service: &Harness) -> Answer {
        let value = format!("Bearer {}", token_of(kid, &self.pair));
        let fields = [("Authorization", value.as_str())];
        ask(service.addr, "GET", "/users/1", &fields, None)
    }
}

fn set(keys: &[&Key]) -> String {
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            let x = part(key.pair.public_key().as_ref());
            serde_json::json!({ "kty": "OKP", "crv": "Ed25519", "kid": key.kid, "x": x })
        })
        .collect();
    serde_json::json!({ "keys": keys }).to_string()
}

/// The issuer's server; without a set it answers 500.
struct Issuer {
    address: String,
    set: Arc<Mutex<Option<String>>>,
    asked: Arc<AtomicUsize>,
}

fn issuer(first: Option<String>) -> Issuer {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/keys", listener.local_addr().unwrap());
    let set = Arc::new(Mutex::new(first));
    let asked = Arc::new(AtomicUsize::new(0));
    std::thread::spawn({
        let (set, asked) = (set.clone(), asked.clone());
        move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                asked.fetch_add(1, Ordering::SeqCst);
                let (status, body) = match &*set.lock().unwrap() {
                    Some(set) => (200, set.clone()),
                    None => (500, String::new()),
                };
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n{body}"
                );
            }
        }
    });
    Issuer {
        address,
        set,
        asked,
    }
}

impl Issuer {
    fn publishes(&self, keys: &[&Key]) {
        *self.set.lock().unwrap() = Some(set(keys));
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn rotations(service: &Harness) -> usize {
    let events = service.events();
    let of = |event: &&String| event.contains("\"secret.rotated\"");
    events.iter().filter(of).count()
}

// requirement: P25
#[test]
fn a_new_key_is_good_at_once_and_a_removed_one_no_longer() {
    let (old, new) = (key("old"), key("new"));
    let issuer = issuer(Some(set(&[&old])));
    let service = rotating("TINY_KEY", &issuer.address);
    assert_eq!(old.ask(&service).status, 200);
    assert_eq!((issuer.asked(), rotations(&service)), (1, 0));

    // The service has rested for a minute: one unknown key, one fetch, no restart.
    issuer.publishes(&[&old, &new]);
    assert_eq!(new.ask(&service).status, 401);
    service.advance(Duration::from_secs(60));
    assert_eq!(new.ask(&service).status, 200);
    assert_eq!(old.ask(&service).status, 200);
    assert_eq!((issuer.asked(), rotations(&service)), (2, 1));

    // A key that is taken out is good until the next refresh, and not a request longer.
    issuer.publishes(&[&new]);
    service.advance(Duration::from_secs(599));
    assert_eq!(old.ask(&service).status, 200);
    service.advance(Duration::from_secs(1));
    assert_eq!(old.ask(&service).status, 401);
    assert_eq!(new.ask(&service).status, 200);
    assert_eq!((issuer.asked(), rotations(&service)), (3, 2));
}

// requirement: P9
#[test]
fn a_thousand_unknown_keys_are_one_fetch() {
    let (good, other) = (key("good"), key("other"));
    let issuer = issuer(Some(set(&[&good])));
    let service = rotating("TINY_KEY", &issuer.address);
    assert_eq!(good.ask(&service).status, 200);
    service.advance(Duration::from_secs(60));
    for number in 0..1000 {
        let answer = other.ask_as(&format!("random-{number}"), &service);
        // Guesses from one address are limited too.
        assert!([401, 429].contains(&answer.status), "{}", answer.status);
    }
    assert_eq!(issuer.asked(), 2);
}

#[test]
fn without_a_set_nobody_is_let_in_and_nobody_is_blamed() {
    let good = key("good");
    let issuer = issuer(None);
    let service = rotating("TINY_KEY", &issuer.address);
    let answer = good.ask(&service);
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    // Who brings no token is told what is missing all the same.
    assert_eq!(ask(service.addr, "GET", "/users/1", &[], None).status, 401);
    issuer.publishes(&[&good]);
    service.advance(Duration::from_secs(5));
    assert_eq!(good.ask(&service).status, 200);
}

// requirement: P26
#[test]
fn a_set_outlives_its_issuer_for_two_hours() {
    let good = key("good");
    let issuer = issuer(Some(set(&[&good])));
    let service = rotating("TINY_KEY", &issuer.address);
    assert_eq!(good.ask(&service).status, 200);
    *issuer.set.lock().unwrap() = None;
    service.advance(Duration::from_secs(7100));
    assert_eq!(good.ask(&service).status, 200);
    service.advance(Duration::from_secs(100));
    assert_eq!(good.ask(&service).status, 503);
}

// requirement: P25
#[test]
fn a_file_is_read_again_when_it_changes() {
    let (old, new) = (key("old"), key("new"));
    let folder = std::env::temp_dir().join(format!("shield-door-keys-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("keys.json");
    std::fs::write(&path, set(&[&old])).unwrap();
    let service = rotating("TINY_KEY_FILE", path.to_str().unwrap());
    assert_eq!(old.ask(&service).status, 200);
    std::fs::write(&path, set(&[&old, &new])).unwrap();
    service.advance(Duration::from_secs(1));
    assert_eq!(new.ask(&service).status, 200);
    assert_eq!(rotations(&service), 1);
    // What cannot be read changes nothing.
    std::fs::write(&path, "{").unwrap();
    service.advance(Duration::from_secs(1));
    assert_eq!(old.ask(&service).status, 200);
    std::fs::write(&path, set(&[&new])).unwrap();
    service.advance(Duration::from_secs(1));
    assert_eq!(old.ask(&service).status, 401);
    assert_eq!(new.ask(&service).status, 200);
    std::fs::remove_dir_all(&folder).unwrap();
}
