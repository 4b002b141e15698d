//! Sessions of the running program: over HTTP, through the command `revoke`, and after it was killed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sign-in");

/// A folder that is gone with the test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = std::env::temp_dir().join(format!("sign-in-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&place).unwrap();
        Place(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program as a person starts it; killed with this.
struct Service {
    child: Child,
    address: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program(place: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(place).env_clear();
    command
}

fn start(place: &Path) -> Service {
    let mut child = program(place)
        .arg("dev")
        .env("APP_LISTEN", "127.0.0.1:0")
        .env("APP_LOG", "file:events.jsonl")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    let address = loop {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it did not start");
        if let Some((_, rest)) = line.split_once("listens on http://") {
            break rest.split_whitespace().next().unwrap().to_owned();
        }
    };
    // Whatever it says later must not make it wait.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    Service { child, address }
}

/// Status and body; an error when the service went away.
fn send(
    address: &str,
    (method, path): (&str, &str),
    bearer: Option<&str>,
    body: Option<Value>,
) -> std::io::Result<(u16, Value)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(bearer) = bearer {
        text.push_str(&format!("Authorization: Bearer {bearer}\r\n"));
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    if !body.is_empty() {
        text.push_str("Content-Type: application/json\r\n");
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    stream.write_all(format!("{text}\r\n{body}").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let gone = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(gone)?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}

#[derive(Clone, Debug)]
struct Pair {
    access: String,
    refresh: String,
}

impl Pair {
    fn of(body: &Value) -> Self {
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        assert_eq!(body["token_type"], "Bearer");
        Pair {
            access: text("access_token"),
            refresh: text("refresh_token"),
        }
    }
}

impl Service {
    fn post(&self, path: &str, body: Value) -> (u16, Value) {
        send(&self.address, ("POST", path), None, Some(body)).unwrap()
    }

    fn login(&self, password: &str) -> (u16, Value) {
        let body = json!({ "email": "ann@example.com", "password": password });
        self.post("/login", body)
    }

    fn session(&self) -> Pair {
        let (status, body) = self.login("correct horse battery");
        assert_eq!(status, 200, "{body}");
        Pair::of(&body)
    }

    fn renew(&self, token: &str) -> (u16, Value) {
        self.post("/token", json!({ "refresh_token": token }))
    }

    fn me(&self, token: &str) -> u16 {
        let answer = send(&self.address, ("GET", "/me"), Some(token), None);
        answer.unwrap().0
    }
}

fn opened(place: &Path) -> Service {
    let service = start(place);
    let body = json!({ "email": "ann@example.com", "password": "correct horse battery" });
    assert_eq!(service.post("/accounts", body.clone()).0, 204);
    assert_eq!(service.post("/accounts", body).0, 409);
    service
}

#[test]
fn from_sign_up_to_logout() {
    let place = Place::new("whole");
    let service = opened(&place.0);
    assert_eq!(service.login("another horse battery").0, 403);
    let nobody = json!({ "email": "ben@example.com", "password": "correct horse battery" });
    assert_eq!(service.post("/login", nobody).0, 403);
    let first = service.session();
    assert_eq!(service.me(&first.access), 200);
    assert_eq!(service.me(&first.refresh), 401);
    let (status, body) = service.renew(&first.refresh);
    assert_eq!(status, 200, "{body}");
    let second = Pair::of(&body);
    let out = || {
        let answer = send(
            &service.address,
            ("POST", "/logout"),
            Some(&second.access),
            None,
        );
        answer.unwrap().0
    };
    assert_eq!((out(), out()), (204, 401));
    let (status, body) = service.renew(&second.refresh);
    assert_eq!((status, &body["code"]), (400, &json!("invalid_grant")));
    let third = service.session();
    assert_eq!(
        service.post("/revoke", json!({ "token": third.refresh })).0,
        200
    );
    assert_eq!(service.me(&third.access), 401);
    // Nothing of it is in the events.
    let events = std::fs::read_to_string(place.0.join("events.jsonl")).unwrap();
    for secret in [
        &first.access,
        &first.refresh,
        &third.refresh,
        "correct horse",
    ] {
        assert!(!events.contains(secret));
    }
}

#[test]
fn the_command_revokes_at_the_running_service() {
    let place = Place::new("command");
    let service = opened(&place.0);
    let revoke = |arguments: &[&str]| {
        let mut command = program(&place.0);
        let ran = command.arg("revoke").args(arguments).output().unwrap();
        (
            ran.status.code(),
            String::from_utf8_lossy(&ran.stderr).into_owned(),
        )
    };
    let (first, second) = (service.session(), service.session());
    let said = |token: &str| -> Value {
        let part = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&decoded(part)).unwrap()
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    assert_eq!(
        revoke(&["--session", &text(&said(&first.access)["sid"])]).0,
        Some(0)
    );
    assert_eq!(
        (service.me(&first.access), service.me(&second.access)),
        (401, 200)
    );
    assert_eq!(service.renew(&first.refresh).0, 400);
    assert_eq!(
        revoke(&["--jti", &text(&said(&second.access)["jti"])]).0,
        Some(0)
    );
    assert_eq!(service.me(&second.access), 401);
    let (status, body) = service.renew(&second.refresh);
    assert_eq!(status, 200, "one token is not its session");
    let third = Pair::of(&body);
    assert_eq!(
        revoke(&["--subject", &text(&said(&third.access)["sub"])]).0,
        Some(0)
    );
    assert_eq!(service.me(&third.access), 401);
    assert_eq!(service.renew(&third.refresh).0, 400);
    assert_eq!(revoke(&[]).0, Some(2));
    drop(service);
    let (code, said) = revoke(&["--jti", "x"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no service answers"), "{said}");
}

// requirement: P34
#[test]
fn what_is_stored_of_a_session_is_nothing_to_present() {
    let place = Place::new("stored");
    let service = opened(&place.0);
    let first = service.session();
    let (status, body) = service.renew(&first.refresh);
    assert_eq!(status, 200, "{body}");
    let second = Pair::of(&body);
    let part = first.access.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&decoded(part)).unwrap();
    let mut stored = Vec::new();
    let mut folders = vec![place.0.join("data")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                stored.extend(std::fs::read(path).unwrap());
            }
        }
    }
    let holds = |bytes: &[u8]| stored.windows(bytes.len()).any(|window| window == bytes);
    // It is where sessions are: whose they are stands there, and which session it is.
    assert!(holds(claims["sub"].as_str().unwrap().as_bytes()));
    let whole = decoded(&second.refresh);
    assert!(holds(&whole[..16]), "the name of the session");
    for token in [&first.refresh, &second.refresh, &second.access] {
        assert!(!holds(token.as_bytes()));
    }
    for token in [decoded(&first.refresh), whole] {
        // What proves and what renews, in any place.
        for secret in token[16..].chunks_exact(16) {
            assert!(!holds(secret));
        }
    }
    assert!(!holds(b"correct horse"));
}

// requirement: P99
#[test]
fn what_a_person_sends_cannot_be_shown() {
    use std::fmt::{Debug, Display};
    /// `shown` is true for what has a `Debug` or a `Display`: what stands nearer is found first.
    struct Shown<T>(std::marker::PhantomData<T>);
    trait Hidden {
        const DEBUG: bool = false;
        const DISPLAY: bool = false;
    }
    impl<T> Hidden for Shown<T> {}
    impl<T: Debug> Shown<T> {
        const DEBUG: bool = true;
    }
    impl<T: Display> Shown<T> {
        const DISPLAY: bool = true;
    }
    let of_text = (Shown::<String>::DEBUG, Shown::<String>::DISPLAY);
    assert_eq!(of_text, (true, true), "it can tell");
    type Sent = api::requests::Credentials;
    assert_eq!(
        (Shown::<Sent>::DEBUG, Shown::<Sent>::DISPLAY),
        (false, false)
    );
    type Told = api::replies::Account;
    assert_eq!(
        (Shown::<Told>::DEBUG, Shown::<Told>::DISPLAY),
        (false, false)
    );
    type Caller = api::access::Principal;
    assert_eq!(
        (Shown::<Caller>::DEBUG, Shown::<Caller>::DISPLAY),
        (false, false)
    );
    // A password says only that it is one, and its memory is wiped.
    fn password(sent: Sent) -> shield::Secret {
        sent.password
    }
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: fn(Sent) -> T) {}
    wiped(password);
    type Secret = shield::Secret;
    assert_eq!(
        (Shown::<Secret>::DEBUG, Shown::<Secret>::DISPLAY),
        (true, false)
    );
    assert_eq!(format!("{:?}", Secret::new("correct horse")), "[REDACTED]");
}

/// base64url, by hand: three bytes for four letters.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digits = text
        .bytes()
        .map(|byte| LETTERS.iter().position(|letter| *letter == byte).unwrap());
    let bits: Vec<usize> = digits
        .flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1))
        .collect();
    let bytes = bits.chunks_exact(8);
    bytes
        .map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | *bit as u8))
        .collect()
}

/// What was acknowledged is true after the program was killed while it wrote; what was not is one of both.
#[test]
fn a_kill_loses_nothing_that_was_said() {
    let place = Place::new("kill");
    let mut service = opened(&place.0);
    let out = service.session();
    let answer = send(
        &service.address,
        ("POST", "/logout"),
        Some(&out.access),
        None,
    );
    assert_eq!(answer.unwrap().0, 204);
    for round in 0..4 {
        let sessions: Vec<Pair> = (0..3).map(|_| service.session()).collect();
        let stop = AtomicBool::new(false);
        let address = service.address.clone();
        // Each renews its session again and again: all refresh tokens that were used up, and the one that is good.
        let (stop, address) = (&stop, &address);
        let chains: Vec<Vec<String>> = std::thread::scope(|scope| {
            let chain = move |first: &Pair| {
                let mut chain = vec![first.refresh.clone()];
                while !stop.load(Ordering::SeqCst) {
                    let body = json!({ "refresh_token": chain.last().unwrap() });
                    match send(address, ("POST", "/token"), None, Some(body)) {
                        Ok((200, body)) => chain.push(Pair::of(&body).refresh),
                        // A quota is no failure of the store.
                        Ok((429, _)) => break,
                        Ok(other) => panic!("{other:?}"),
                        Err(_) => break,
                    }
                }
                chain
            };
            let threads: Vec<_> = sessions
                .iter()
                .map(|first| scope.spawn(move || chain(first)))
                .collect();
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_millis(60 + 37 * round) {
                std::thread::sleep(Duration::from_millis(1));
            }
            service.child.kill().unwrap();
            stop.store(true, Ordering::SeqCst);
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        drop(service);
        service = start(&place.0);
        assert_eq!(service.me(&out.access), 401, "a logout is forgotten");
        assert_eq!(service.renew(&out.refresh).0, 400);
        for chain in chains {
            let (good, used) = chain.split_last().unwrap();
            match service.renew(good).0 {
                // What was asked last may have been done, and its answer lost.
                200 | 400 => {}
                other => panic!("{other}"),
            }
            if let Some(used) = used.last() {
                assert_eq!(service.renew(used).0, 400, "a used token is good again");
            }
        }
    }
}
