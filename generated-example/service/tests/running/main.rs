//! The clinic with its own handlers, as it runs: what replies hold, what is written down, how it treats those who are slow,
//! and when it does not start. Who gets in at all is the business of `attacks`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod clinic;
mod own_patients;
mod owned;
mod sessions;
mod sockets;
mod timing;

use clinic::{Clinic, answer, production};
use std::io::Write;
use std::time::{Duration, Instant};

const ANN: &str = r#"{"name":"Ann","birthDate":"1980-01-01","email":"ann@example.com"}"#;
const BOB: &str = r#"{"name":"Bob","birthDate":"1981-01-01","email":"bob@example.com"}"#;

/// The value of a member that is a string.
fn word<'a>(body: &'a str, name: &str) -> &'a str {
    let (_, rest) = body.split_once(&format!("\"{name}\":\"")).unwrap();
    rest.split('"').next().unwrap()
}

/// A clinic with two patients, and the id of the first.
fn with_patients(name: &str) -> (Clinic, String) {
    let clinic = Clinic::start(name);
    let (status, _, body) = clinic.ask("POST", "/patients", &ann(&clinic), ANN);
    assert_eq!(status, 201, "{body}");
    let bob = clinic.token("bob", "patient", "north");
    assert_eq!(clinic.ask("POST", "/patients", &bob, BOB).0, 201);
    let id = word(&body, "id").to_owned();
    (clinic, id)
}

fn ann(clinic: &Clinic) -> String {
    clinic.token("ann", "patient", "north")
}

// requirement: P41, P42
#[test]
fn a_list_has_the_callers_own_rows() {
    let (clinic, _) = with_patients("lists");
    let listed = |subject: &str, role: &str, tenant: &str| {
        let token = clinic.token(subject, role, tenant);
        let (status, _, body) = clinic.ask("GET", "/patients", &token, "");
        assert_eq!(status, 200, "{body}");
        (body.contains("\"Ann\""), body.contains("\"Bob\""))
    };
    assert_eq!(listed("ann", "patient", "north"), (true, false));
    assert_eq!(listed("bob", "patient", "north"), (false, true));
    // Nobody's clinician sees nobody, who runs the clinic everybody in it.
    assert_eq!(listed("carl", "clinician", "north"), (false, false));
    assert_eq!(listed("emma", "admin", "north"), (true, true));
    assert_eq!(listed("dora", "admin", "south"), (false, false));
    // The owner and the tenant are the token's, so the same subject elsewhere is somebody else.
    assert_eq!(listed("ann", "patient", "south"), (false, false));
}

// requirement: P39
#[test]
fn what_is_someone_elses_is_not_changed() {
    let (clinic, id) = with_patients("writes");
    let target = format!("/patients/{id}");
    let bob = clinic.token("bob", "patient", "north");
    let changed = ANN
        .replace("Ann", "Mallory")
        .replace('}', ",\"version\":1}");
    let (status, _, refused) = clinic.ask("PUT", &target, &bob, &changed);
    let absent = "/patients/00000000-0000-4000-8000-000000000000";
    let (none, _, unknown) = clinic.ask("PUT", absent, &bob, &changed);
    assert_eq!((status, none), (404, 404));
    let same = |body: &str| body.replace(word(body, "instance"), "");
    assert_eq!(same(&refused), same(&unknown));
    let (status, _, record) = clinic.ask("GET", &target, &ann(&clinic), "");
    assert_eq!((status, word(&record, "name")), (200, "Ann"));
    assert!(record.contains("\"version\":1"), "{record}");
}

// requirement: P44, P45
#[test]
fn members_that_a_role_may_not_read_are_not_sent() {
    let (clinic, id) = with_patients("members");
    let target = format!("/patients/{id}");
    clinic.treats("carl", &id);
    let note = ANN.replace('}', ",\"riskNote\":\"falls\",\"version\":1}");
    let carl = clinic.token("carl", "clinician", "north");
    // The patient may neither write the note, nor anything else along with it.
    let renamed = note.replace("Ann", "Anna");
    assert_eq!(clinic.ask("PUT", &target, &ann(&clinic), &renamed).0, 403);
    let (status, _, body) = clinic.ask("PUT", &target, &carl, &note);
    assert_eq!((status, word(&body, "name")), (200, "Ann"), "{body}");
    assert_eq!(word(&body, "riskNote"), "falls");
    for (target, token, told) in [
        (&*target, &carl, true),
        ("/patients", &carl, true),
        (&target, &ann(&clinic), false),
        ("/patients", &ann(&clinic), false),
    ] {
        let (status, _, body) = clinic.ask("GET", target, token, "");
        assert_eq!(status, 200);
        assert!(body.contains("ann@example.com"), "{body}");
        assert_eq!(body.contains("riskNote"), told, "{target} {body}");
        assert_eq!(body.contains("falls"), told, "{target} {body}");
    }
}

// requirement: P24, P99
#[test]
fn it_does_not_start_with_less_than_it_needs() {
    let oct =
        r#"{"keys":[{"kty":"oct","kid":"a","k":"Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ"}]}"#;
    let private =
        r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"CANARY","d":"CANARY","x":"AA","y":"AA"}]}"#;
    for (name, keys) in [
        ("start-unset", None),
        ("start-empty", Some("")),
        ("start-placeholder", Some("CANARY-change-me")),
        ("start-oct", Some(oct)),
        ("start-private", Some(private)),
    ] {
        let settings: Vec<(&str, &str)> =
            keys.map(|keys| ("CLINIC_KEY", keys)).into_iter().collect();
        let output = production(name, &settings);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(78), "{name}: {said}");
        assert!(said.contains("CLINIC_KEY"), "{name}: {said}");
        assert!(
            !said.contains("CANARY") && !said.contains("Q0FOQVJZ"),
            "{name}: {said}"
        );
    }
}

// requirement: P93
#[test]
fn plain_text_does_not_leave_the_machine() {
    let output = production("plain-text", &[("APP_LISTEN", "0.0.0.0:0")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("APP_LISTEN"), "{said}");
}

// requirement: P102, P103, P104
#[test]
fn a_refusal_leaves_an_event_that_says_who_what_and_why() {
    let (clinic, id) = with_patients("events");
    let bob = clinic.token("bob", "patient", "north");
    let agent = format!("User-Agent: {}\r\n", "x".repeat(300));
    let (_, _, body) = clinic.ask_with("GET", &format!("/patients/{id}"), &bob, &agent, "");
    let request = word(&body, "instance").trim_start_matches("urn:uuid:");
    let denied = |line: &String| line.contains("\"authz.object_denied\"");
    let events = clinic.events(|events| events.iter().any(denied));
    let event = events.iter().find(|line| denied(line)).unwrap();
    for part in [
        "\"class_uid\":3003",
        "\"status_id\":2",
        &format!("\"uid\":\"{request}\""),
        "\"uid\":\"bob\"",
        "\"issuer\":\"https://clinic.example.net\"",
        "\"groups\":[{\"name\":\"patient\"}]",
        "\"src_endpoint\":{\"ip\":\"127.0.0.1\"",
        &format!("\"user_agent\":\"{}\"", "x".repeat(200)),
        "\"operation\":\"getPatient\"",
        "/patients/{patientId}\"",
        "\"objectKind\":\"Patient\"",
        "\"objectHash\":\"",
        "\"decision\":\"deny\"",
        "\"code\":404",
        "\"latencyMs\":",
    ] {
        assert!(event.contains(part), "no {part} in {event}");
    }
    assert!(!event.contains(&id), "the id itself is told: {event}");
    assert_eq!(
        word(event, "time_dt").len(),
        "2026-01-01T00:00:00.000Z".len()
    );
    assert!(word(event, "time_dt").ends_with('Z'));
}

// requirement: P19, P105, P106
#[test]
fn nothing_personal_is_written_down() {
    let (clinic, id) = with_patients("canary");
    clinic.treats("carl", &id);
    let carl = clinic.token("carl", "clinician", "north");
    let fields = "Cookie: CANARY\r\nX-Api-Key: CANARY\r\nReferer: CANARY\r\nOrigin: CANARY\r\n";
    let body = r#"{"name":"CANARY","birthDate":"1980-01-01","email":"CANARY@example.com","phone":"CANARY","allergies":["CANARY"],"riskNote":"CANARY","version":1,"CANARY":"CANARY"}"#;
    let good = body
        .replace(r#","CANARY":"CANARY""#, "")
        .replace(r#""phone":"CANARY","#, "");
    let target = format!("/patients/{id}");
    for (method, target, token, body, status) in [
        ("PUT", &*target, &*carl, body, 422),
        ("PUT", &target, &carl, &good, 200),
        ("GET", &target, "", "", 401),
        ("GET", &target, "CANARY.CANARY.CANARY", "", 401),
        ("GET", &format!("{target}?access_token=CANARY"), "", "", 401),
        (
            "GET",
            &format!("{target}?access_token=CANARY"),
            &carl,
            "",
            400,
        ),
        ("GET", "/patients/CANARY", &carl, "", 422),
        ("GET", "/CANARY?CANARY=CANARY", &carl, "", 404),
        ("GET", "/patients/CANARY%0a%0dCANARY", &carl, "", 400),
    ] {
        let found = clinic.ask_with(method, target, token, fields, body);
        assert_eq!(found.0, status, "{method} {target}: {}", found.2);
    }
    let last = |events: &[String]| events.len() >= 10;
    for line in clinic.events(last) {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
        assert!(!line.contains("CANARY"), "{line}");
        assert!(!line.contains(carl.rsplit('.').next().unwrap()), "{line}");
    }
}

// requirement: P107
#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    let clinic = Clinic::unread("unread");
    let begun = Instant::now();
    // Far more than a pipe holds.
    for _ in 0..400 {
        assert_eq!(clinic.ask("GET", "/patients", "x.y.z", "").0 / 100, 4);
    }
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

// requirement: P74
#[test]
fn who_does_not_send_a_head_is_hung_up_on() {
    let clinic = Clinic::start("slow-head");
    let (mut silent, mut slow) = (clinic.connect(), clinic.connect());
    slow.write_all(b"GET /v1/patients HTTP/1.1\r\nHos").unwrap();
    let begun = Instant::now();
    assert_eq!(answer(&mut silent).0, 0, "closed without a word");
    assert_eq!(answer(&mut slow).0, 408);
    let took = begun.elapsed().as_secs();
    assert!((9..=14).contains(&took), "{took} s instead of ten");
}

// requirement: P76
#[test]
fn an_address_has_so_many_connections() {
    let clinic = Clinic::start("many");
    let held: Vec<_> = (0..256).map(|_| clinic.connect()).collect();
    let (status, head, body) = answer(&mut clinic.connect());
    assert_eq!(status, 503);
    assert!(head.contains("retry-after: "), "{head}");
    assert!(body.contains("#temporary-reduced-capacity\""), "{body}");
    drop(held);
    let begun = Instant::now();
    while clinic.ask("GET", "/patients", "", "").0 != 401 {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "places come free"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
