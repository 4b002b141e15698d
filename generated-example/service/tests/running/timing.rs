//! What the time of an answer tells: measured from outside, one request of each kind after the other, so that whatever else
//! the machine does befalls all of them. The bound is wide, as machines of tests are noisy: a lookup, a hash or a write that one
//! side has and the other has not is beyond it, single instructions are not seen.

use crate::clinic::Clinic;
use crate::with_patients;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

/// The slower median is at most so many times the faster one.
const ALIKE: f64 = 1.5;

/// How long one request takes on a connection that stays open, and the status.
fn timed(stream: &mut TcpStream, target: &str, field: &str) -> (u16, Duration) {
    let request = format!("GET /v1{target} HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n");
    let begun = Instant::now();
    stream.write_all(request.as_bytes()).unwrap();
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    let took = loop {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "the connection ended");
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let (_, length) = head.split_once("content-length: ").unwrap();
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            if body.len() >= length {
                break begun.elapsed();
            }
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    (status, took)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// So often it is tried: what tells kinds apart does it every time, what the machine does besides does not.
const TRIES: u8 = 3;

/// All medians within [`ALIKE`] of each other, in one try at least.
fn alike(measure: impl Fn(u8) -> Vec<Vec<Duration>>) {
    assert!(
        (0..TRIES).any(|attempt| close(measure(attempt))),
        "the time tells them apart"
    );
}

fn close(kinds: Vec<Vec<Duration>>) -> bool {
    let medians: Vec<f64> = kinds.into_iter().map(median).collect();
    let (low, high) = medians.iter().fold((f64::MAX, 0.0), |(low, high), each| {
        (each.min(low), each.max(high))
    });
    println!(
        "medians in microseconds: {:?}",
        medians.iter().map(|each| each * 1e6).collect::<Vec<_>>()
    );
    high / low <= ALIKE
}

// requirement: P39
#[test]
fn someone_elses_object_takes_as_long_as_none() {
    let (clinic, id) = with_patients("timing-objects");
    let targets = [
        format!("/patients/{id}"),
        "/patients/00000000-0000-4000-8000-000000000000".to_owned(),
    ];
    alike(|attempt| {
        let mut times = vec![Vec::new(), Vec::new()];
        let mut stream = clinic.connect();
        // So many as the limit of a caller has room for.
        for caller in 0..10 {
            let token = clinic.token(&format!("caller-{attempt}-{caller}"), "patient", "north");
            let field = format!("Authorization: Bearer {token}");
            for round in 0..48 {
                for kind in [round % 2, (round + 1) % 2] {
                    let (status, took) = timed(&mut stream, &targets[kind], &field);
                    assert_eq!(status, 404);
                    times[kind].push(took);
                }
            }
        }
        times
    });
}

/// `clinic_` and a text, and the SHA-256 of it: of a key that is good, and of one that has ended.
const GOOD: (&str, &str) = (
    "clinic_3f9b1c7e5a2d48609b7e1c3f5a9d2e40",
    "39cb738df7e929cb2c7a17dc7108f1fa0278524e3e8eaf0928fe26ec2f650830",
);
const ENDED: (&str, &str) = (
    "clinic_8d2e6a4c0f1b3957d8e2a6c4f0b13975",
    "e0f42c93fb03fed71d6bc1c8cf075dfdd297e1a506dc7d611eae0ed003d3349e",
);

// requirement: P27
#[test]
fn a_wrong_key_takes_as_long_as_another_wrong_key() {
    let list = format!(
        r#"[{{"id":"one","sha256":"{}","roles":["partner"],"tenant":"north"}},{{"id":"two","sha256":"{}","roles":["partner"],"tenant":"north","notAfter":"2001-01-01T00:00:00Z"}}]"#,
        GOOD.1, ENDED.1
    );
    let clinic = Clinic::with("timing-keys", &[("CLINIC_PARTNER_KEYS", &list)]);
    let field = |key: &str| format!("X-Partner-Key: {key}");
    let good = timed(&mut clinic.connect(), "/occupancy", &field(GOOD.0));
    assert_eq!(good.0, 200);
    // Wrong in its last letter, in its first, and right once.
    let last = format!("{}1", &GOOD.0[..GOOD.0.len() - 1]);
    let first = GOOD.0.replace("clinic_3", "clinic_4");
    let keys = [&*last, &*first, ENDED.0];
    alike(|attempt| {
        let mut times = vec![Vec::new(), Vec::new(), Vec::new()];
        for address in 1..=100 {
            let mut stream = clinic.connect_from(Ipv4Addr::new(127, 0, 2 + attempt, address));
            // Ten failures are what an address has; the first pays for the connection.
            assert_eq!(timed(&mut stream, "/occupancy", &field(keys[0])).0, 401);
            for round in 0..3 {
                for turn in 0..3 {
                    let kind = (usize::from(address) + round + turn) % 3;
                    let (status, took) = timed(&mut stream, "/occupancy", &field(keys[kind]));
                    assert_eq!(status, 401);
                    times[kind].push(took);
                }
            }
        }
        times
    });
}
