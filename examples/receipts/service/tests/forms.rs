//! Forms that a page sends to the running program, and what is kept of them; and who fetches it with a password.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_receipts");
const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=----Page7";
/// What is nowhere but in files.
const CANARY: &str = "PALISADE-CANARY-PIXELS";
/// Of `password`, with the salt `somesalt`: one of the reference implementation's own tests.
const HASH: &str =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

/// The program as a person starts it, in a folder that is gone with the test.
struct Service {
    child: Child,
    address: String,
    place: PathBuf,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.place);
    }
}

fn program(place: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(place).env_clear();
    command
}

fn start(name: &str) -> Service {
    let place = std::env::temp_dir().join(format!("receipts-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let mut child = program(&place)
        .arg("dev")
        .env("APP_LISTEN", "127.0.0.1:0")
        .env("APP_LOG", "file:events.jsonl")
        .env("BOOKS_PASSWORD", HASH)
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
    Service {
        child,
        address,
        place,
    }
}

impl Service {
    fn token(&self, subject: &str, role: &str) -> String {
        let made = program(&self.place)
            .env("APP_ENV", "development")
            .args(["token", "--subject", subject, "--role", role])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    fn send(&self, to: (&str, &str), bearer: &str, body: Option<(&str, &[u8])>) -> (u16, Value) {
        self.ask(to, &format!("Authorization: Bearer {bearer}\r\n"), body)
    }

    /// Status and body. `fields`: whole lines of the head.
    fn ask(&self, to: (&str, &str), fields: &str, body: Option<(&str, &[u8])>) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let (method, path) = to;
        let mut message = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{fields}",
            self.address
        );
        if let Some((kind, body)) = body {
            message += &format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        }
        let mut message = (message + "\r\n").into_bytes();
        message.extend(body.map_or(&[][..], |(_, body)| body));
        stream.write_all(&message).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8(answer).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    fn post(&self, bearer: &str, parts: &[(&str, Vec<u8>)]) -> (u16, Value) {
        self.send(("POST", "/receipts"), bearer, Some((PARTS, &form(parts))))
    }
}

/// A form as a browser writes it: what stands behind each name, and what is in the part.
fn form(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, content) in parts {
        body.extend(
            format!("------Page7\r\nContent-Disposition: form-data; name={head}\r\n\r\n")
                .into_bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"------Page7--\r\n");
    body
}

fn png() -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".as_slice(), CANARY.as_bytes()].concat()
}

fn text(value: &str) -> Vec<u8> {
    value.as_bytes().to_vec()
}

const PHOTO: &str = "\"photo\"; filename=\"lunch.png\"\r\nContent-Type: image/png";

// requirement: P69
#[test]
fn a_receipt_is_sent_with_its_photo_and_changed_by_a_form() {
    let service = start("sent");
    let (ada, bob) = (
        service.token("ada", "employee"),
        service.token("bob", "employee"),
    );
    let (status, sent) = service.post(
        &ada,
        &[
            ("\"vendor\"", text("Café \"Zoo\"\r\nBern")),
            ("\"cents\"", text("1250")),
            ("\"tags\"", text("lunch")),
            ("\"tags\"", text("team")),
            (
                "\"place\"\r\nContent-Type: application/json",
                text(r#"{"city":"Bern","country":"CH"}"#),
            ),
            (PHOTO, png()),
            (
                "\"pages\"; filename=\"2.pdf\"\r\nContent-Type: application/pdf",
                text("%PDF-1.7"),
            ),
        ],
    );
    assert_eq!(status, 201, "{sent}");
    assert_eq!(sent["vendor"], "Café \"Zoo\"\r\nBern");
    assert_eq!(
        (&sent["cents"], &sent["city"]),
        (&json!(1250), &json!("Bern"))
    );
    assert_eq!(
        (&sent["tags"], &sent["files"]),
        (&json!(["lunch", "team"]), &json!(2))
    );
    assert_eq!(sent["state"], "sent");
    let path = format!("/receipts/{}", sent["id"].as_str().unwrap());
    let form = Some((FORM, b"vendor=Zoo+%26+Co&tags=a&tags=b".as_slice()));
    let (status, changed) = service.send(("PATCH", &path), &ada, form);
    assert_eq!((status, &changed["vendor"]), (200, &json!("Zoo & Co")));
    assert_eq!(changed["tags"], json!(["a", "b"]));
    let (status, _) = service.send(("PATCH", &path), &bob, form);
    assert_eq!(status, 404);
    // The same by JSON.
    let json = Some(("application/json", br#"{"cents":99}"#.as_slice()));
    let (status, changed) = service.send(("PATCH", &path), &ada, json);
    assert_eq!((status, &changed["cents"]), (200, &json!(99)));
}

// requirement: P44, P69
#[test]
fn what_may_not_be_written_changes_nothing_however_it_is_written() {
    let service = start("forbidden");
    let (ada, eve) = (
        service.token("ada", "employee"),
        service.token("eve", "accountant"),
    );
    let receipt = |state: bool| {
        let mut parts = vec![
            ("\"vendor\"", text("Zoo")),
            ("\"cents\"", text("1")),
            (PHOTO, png()),
        ];
        parts.extend(state.then(|| ("\"state\"", text("accepted"))));
        parts
    };
    let (status, problem) = service.post(&ada, &receipt(true));
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (403, &json!("/state"))
    );
    let none = service.send(("GET", "/receipts"), &ada, None);
    assert_eq!(none, (200, json!([])));
    let (_, sent) = service.post(&ada, &receipt(false));
    let path = format!("/receipts/{}", sent["id"].as_str().unwrap());
    for body in [
        (FORM, "vendor=Other&state=accepted"),
        (
            "application/json",
            r#"{"vendor":"Other","state":"accepted"}"#,
        ),
    ] {
        let body = Some((body.0, body.1.as_bytes()));
        let (status, problem) = service.send(("PATCH", &path), &ada, body);
        assert_eq!(
            (status, &problem["errors"][0]["code"]),
            (403, &json!("forbidden"))
        );
        let (_, kept) = service.send(("GET", &path), &ada, None);
        assert_eq!(
            (&kept["vendor"], &kept["state"]),
            (&json!("Zoo"), &json!("sent"))
        );
        let (status, changed) = service.send(("PATCH", &path), &eve, body);
        assert_eq!((status, &changed["state"]), (200, &json!("accepted")));
        let back = Some((FORM, b"vendor=Zoo&state=sent".as_slice()));
        assert_eq!(service.send(("PATCH", &path), &eve, back).0, 200);
    }
}

// requirement: P69, P99
#[test]
fn a_file_that_is_not_what_it_is_said_to_be_is_not_kept_and_nothing_of_it_is_written_down() {
    let service = start("hostile");
    let ada = service.token("ada", "employee");
    let page = text(&format!("<script>{CANARY}</script>"));
    for (head, content, answer) in [
        (PHOTO.to_owned(), page.clone(), 415),
        (PHOTO.replace("image/png", "text/html"), page, 415),
        (PHOTO.replace("lunch.png", "../lunch.png"), png(), 422),
        (
            PHOTO.replace("lunch.png", &format!("{CANARY}.exe")),
            png(),
            422,
        ),
        (PHOTO.to_owned(), [png(), vec![b'.'; 65_536]].concat(), 413),
    ] {
        let parts = [
            ("\"vendor\"", text("Zoo")),
            ("\"cents\"", text("1")),
            (head.as_str(), content),
        ];
        let (status, problem) = service.post(&ada, &parts);
        assert_eq!(status, answer, "{head}: {problem}");
        assert!(!problem.to_string().contains("CANARY"), "{problem}");
    }
    let good = [
        ("\"vendor\"", text("Zoo")),
        ("\"cents\"", text("1")),
        (PHOTO, png()),
    ];
    assert_eq!(service.post(&ada, &good).0, 201);
    let (_, kept) = service.send(("GET", "/receipts"), &ada, None);
    assert_eq!(kept.as_array().unwrap().len(), 1);
    // They are written beside the answers, a little later.
    let written =
        || std::fs::read_to_string(service.place.join("events.jsonl")).unwrap_or_default();
    let whole =
        |events: &str| events.contains("validation.failed") && events.contains("limit.exceeded");
    for _ in 0..100 {
        if whole(&written()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let events = written();
    assert!(whole(&events), "{events}");
    assert!(
        !events.contains("CANARY") && !events.contains("lunch"),
        "{events}"
    );
}

// requirement: P52
#[test]
fn a_sum_is_split_by_names_that_are_data_and_none_stands_there_twice() {
    let service = start("shares");
    let (ada, bob) = (
        service.token("ada", "employee"),
        service.token("bob", "employee"),
    );
    let parts = [
        ("\"vendor\"", text("Zoo")),
        ("\"cents\"", text("100")),
        (PHOTO, png()),
    ];
    let (_, sent) = service.post(&ada, &parts);
    let receipt = format!("/receipts/{}", sent["id"].as_str().unwrap());
    let shares = format!("{receipt}/shares");
    let split = |bearer: &str, body: &str| {
        let body = Some(("application/json", body.as_bytes()));
        service.send(("PUT", &shares), bearer, body)
    };
    let both = json!({ "Küche": 60, "__proto__": 40 });
    assert_eq!(split(&ada, &both.to_string()), (200, both.clone()));
    assert_eq!(
        service.send(("GET", &receipt), &ada, None).1["shares"],
        both
    );
    for (body, answer) in [
        (r#"{"a":60,"a":40}"#, 400),
        (r#"{"a":60,"\u0061":40}"#, 400),
        ("{}", 422),
        (r#"{"a":100,"b":0}"#, 422),
        (r#"{"a":20,"b":20,"c":20,"d":20,"e":10,"f":10}"#, 422),
        (r#"{"a":99}"#, 409),
        ("[100]", 422),
    ] {
        assert_eq!(split(&ada, body).0, answer, "{body}");
    }
    assert_eq!(split(&bob, r#"{"a":100}"#).0, 404);
    let (_, kept) = service.send(("GET", &receipt), &ada, None);
    assert_eq!(kept["shares"], both);
}

// requirement: P40
#[test]
fn ids_in_a_form_are_the_callers_own_or_nothing_is_done() {
    let service = start("withdrawn");
    let (ada, bob) = (
        service.token("ada", "employee"),
        service.token("bob", "employee"),
    );
    let sent = |bearer: &str| {
        let parts = [
            ("\"vendor\"", text("Zoo")),
            ("\"cents\"", text("5")),
            (PHOTO, png()),
        ];
        let (status, sent) = service.post(bearer, &parts);
        assert_eq!(status, 201, "{sent}");
        sent["id"].as_str().unwrap().to_owned()
    };
    let (hers, more, his) = (sent(&ada), sent(&ada), sent(&bob));
    let none = "00000000-0000-4000-8000-000000000000".to_owned();
    let withdraw = |ids: &[&String]| {
        let pairs: Vec<String> = ids.iter().map(|id| format!("receipts={id}")).collect();
        let body = pairs.join("&");
        let to = ("POST", "/receipts/withdraw");
        service.send(to, &ada, Some((FORM, body.as_bytes())))
    };
    let is_there = |id: &str, bearer: &str| {
        let path = format!("/receipts/{id}");
        service.send(("GET", &path), bearer, None).0 == 200
    };
    // Somebody else's looks like none, wherever it stands among one's own.
    let mut refusals = Vec::new();
    for wrong in [&his, &none] {
        for ids in [vec![wrong], vec![wrong, &hers], vec![&hers, wrong, &more]] {
            let (status, mut problem) = withdraw(&ids);
            assert_eq!(status, 404, "{ids:?}");
            problem["instance"] = Value::Null;
            refusals.push(problem);
        }
    }
    assert!(refusals.iter().all(|problem| *problem == refusals[0]));
    assert!(is_there(&hers, &ada) && is_there(&more, &ada) && is_there(&his, &bob));
    assert_eq!(withdraw(&[&hers, &more]).0, 204);
    assert!(!is_there(&hers, &ada) && !is_there(&more, &ada) && is_there(&his, &bob));
}

// requirement: P2, P99
#[test]
fn the_accounting_system_fetches_with_its_password_and_guesses_are_counted() {
    let service = start("books");
    let eve = service.token("eve", "accountant");
    for state in ["accepted", "refused"] {
        let parts = [
            ("\"vendor\"", text(state)),
            ("\"cents\"", text("5")),
            ("\"state\"", text(state)),
            (PHOTO, png()),
        ];
        assert_eq!(service.post(&eve, &parts).0, 201);
    }
    let key = std::fs::read_to_string(service.place.join("data/dev-key-gateway")).unwrap();
    let fetch = |key: &str, pair: Option<&str>| {
        let mut fields = format!("X-Gateway-Key: {key}\r\n");
        if let Some(pair) = pair {
            fields += &format!("Authorization: Basic {}\r\n", STANDARD.encode(pair));
        }
        service.ask(("GET", "/books/receipts"), &fields, None)
    };
    let right = || fetch(&key, Some("books:password"));
    let (status, found) = right();
    assert_eq!((status, &found[0]["vendor"]), (200, &json!("accepted")));
    assert_eq!(found.as_array().unwrap().len(), 1);
    // Neither of the two alone, and no login of a person.
    assert_eq!(fetch(&key, None).0, 401);
    assert_eq!(fetch("gw_other", Some("books:password")).0, 401);
    assert_eq!(
        service.send(("GET", "/books/receipts"), &eve, None).0,
        401
    );
    // Who presents a good key guesses a few times, whether there is the user or not; then the right one is as wrong.
    for guess in [
        "books:Password",
        "books:",
        "cooks:password",
        "books:password1",
    ] {
        assert_eq!(fetch(&key, Some(guess)).0, 401, "{guess}");
        assert_eq!(right().0, 200);
    }
    for _ in 0..3 {
        assert_eq!(fetch(&key, Some("books:1234")).0, 401);
    }
    assert_eq!(fetch(&key, Some("books:1234")).0, 429);
    assert_eq!(right().0, 429);
    // Others are not locked out by it.
    assert_eq!(service.send(("GET", "/receipts"), &eve, None).0, 200);
}
