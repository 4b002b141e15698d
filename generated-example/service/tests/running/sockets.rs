//! Requests written by hand: what ends a connection, and what no client library would send.

use crate::clinic::{Clinic, answer};
use crate::{ann, with_patients, word};
use std::io::Write;
use std::time::{Duration, Instant};

/// Status, head and body of the only answer, after which the connection ends, though the client has more to ask.
fn last(clinic: &Clinic, request: &str) -> (u16, String, String) {
    let mut stream = clinic.connect();
    let more = "GET /v1/patients HTTP/1.1\r\nHost: a\r\n\r\n";
    let begun = Instant::now();
    stream
        .write_all(format!("{request}{more}").as_bytes())
        .unwrap();
    let (status, head, body) = answer(&mut stream);
    // Sooner than a silent connection is given up.
    assert!(begun.elapsed() < Duration::from_secs(5), "{request}");
    assert!(!body.contains("HTTP/1.1 "), "two answers: {head}\n{body}");
    (status, head, body)
}

// requirement: P78
#[test]
fn framing_that_can_be_read_in_two_ways_ends_the_connection() {
    let clinic = Clinic::start("framing");
    let chunked = "Transfer-Encoding: chunked\r\n";
    for fields in [
        format!("Content-Length: 5\r\n{chunked}"),
        format!("{chunked}Content-Length: 5\r\n"),
        "Content-Length: 5\r\nContent-Length: 6\r\n".to_owned(),
    ] {
        let request = format!("POST /v1/patients HTTP/1.1\r\nHost: a\r\n{fields}\r\n0\r\n\r\n");
        assert_eq!(last(&clinic, &request).0, 400, "{fields}");
    }
    for host in ["", "Host:\r\n", "Host: a\r\nHost: a\r\n", "Host: a b\r\n"] {
        let mut stream = clinic.connect();
        let head = format!("GET /v1/patients HTTP/1.1\r\nConnection: close\r\n{host}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        assert_eq!(answer(&mut stream).0, 400, "{host}");
    }
}

// requirement: P71
#[test]
fn a_body_that_is_too_large_ends_the_connection() {
    let clinic = Clinic::start("large");
    let token = ann(&clinic);
    let head = format!(
        "POST /v1/patients HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
    );
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for rest in [
        "Content-Length: 16385\r\n\r\n".to_owned(),
        format!("Transfer-Encoding: chunked\r\n\r\n{chunk}1\r\nx\r\n"),
    ] {
        let (status, head, body) = last(&clinic, &format!("{head}{rest}"));
        assert_eq!(status, 413, "{head}");
        assert!(head.contains("connection: close"), "{head}");
        assert!(head.contains("application/problem+json"), "{head}\n{body}");
    }
}

// requirement: P57, P67, P73
#[test]
fn heads_that_no_client_sends_are_refused() {
    let clinic = Clinic::start("heads");
    for (line, fields, status) in [
        ("GET /v1/patients", "X: a\0b\r\n".to_owned(), 400),
        ("GET /v1/patients", "X: a\u{1}b\r\n".to_owned(), 400),
        (
            "GET /v1/patients",
            format!("X: {}\r\n", "a".repeat(16_400)),
            431,
        ),
        ("GET /v1/patients", "X: a\r\n".repeat(64), 431),
        ("GET /v1/patients", "X: a\r\n".repeat(62), 401),
        ("CONNECT a:80", String::new(), 405),
        ("TRACE /v1/patients", String::new(), 405),
    ] {
        let mut stream = clinic.connect();
        let head = format!("{line} HTTP/1.1\r\nHost: a:80\r\nConnection: close\r\n{fields}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        assert_eq!(answer(&mut stream).0, status, "{line} {:.20}", fields);
    }
}

// requirement: P58
#[test]
fn no_more_than_twenty_errors_are_told() {
    let clinic = Clinic::start("errors");
    let members: Vec<String> = (0..500)
        .map(|at| format!("\"unknown-{at}\":{at}"))
        .collect();
    let body = format!("{{{}}}", members.join(","));
    let (status, _, told) = clinic.ask("POST", "/patients", &ann(&clinic), &body);
    assert_eq!(status, 422, "{told}");
    assert_eq!(told.matches("\"pointer\":").count(), 20, "{told}");
    assert!(told.len() <= 8 * 1024, "{}", told.len());
}

// requirement: P105
#[test]
fn an_event_is_one_line_whoever_asks() {
    let (clinic, id) = with_patients("lines");
    let subject = "a\r\nb\u{1b}[31mc\u{2028}d\u{85}e\"f\\";
    let token = clinic.token(subject, "patient", "north");
    let agent = "User-Agent: evil\u{2028}\u{85}agent\t\"\r\n";
    let (status, _, body) = clinic.ask_with("GET", &format!("/patients/{id}"), &token, agent, "");
    assert_eq!(status, 404, "{body}");
    let request = word(&body, "instance").trim_start_matches("urn:uuid:");
    let denied = |line: &String| line.contains("object_denied") && line.contains(request);
    let events = clinic.events(|events| events.iter().any(denied));
    let event = events.iter().find(|line| denied(line)).unwrap();
    for line in &events {
        let broken = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
        assert!(!line.contains(broken), "{line:?}");
    }
    assert!(event.contains(r"a\r\nb"), "{event}");
}
