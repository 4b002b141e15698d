//! Slow clients, large ones, and many.

use std::time::{Duration, Instant};

use crate::client::{Client, get};
use crate::service::{LIMITS, SPEC, spec, start};
use shield::{Limits, Spec};

const HEAD: &str = "POST /note HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

/// Within a second of `expected` milliseconds.
fn took(start: Instant, expected: u64) {
    let (least, most) = (
        Duration::from_millis(expected * 9 / 10),
        Duration::from_millis(expected + 1000),
    );
    let took = start.elapsed();
    assert!(
        took >= least && took < most,
        "{took:?} instead of {expected} ms"
    );
}

// requirement: P74
#[test]
fn a_silent_connection_is_closed() {
    let service = start(&SPEC);
    let begin = Instant::now();
    assert!(Client::to(service.addr).is_closed());
    took(begin, 400);
    // And so is one that goes silent after a request.
    let mut client = Client::to(service.addr);
    assert_eq!(
        client.ask("GET /open HTTP/1.1\r\nHost: a\r\n\r\n").status,
        200
    );
    let begin = Instant::now();
    assert!(client.is_closed());
    took(begin, 400);
}

// requirement: P74
#[test]
fn slow_headers_are_cut_off() {
    let service = start(&SPEC);
    let mut client = Client::to(service.addr);
    let begin = Instant::now();
    client.write("GET /open HTTP/1.1\r\nHo");
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(100));
        client.write("s");
    }
    let answer = client.read();
    took(begin, 400);
    assert_eq!(
        (answer.status, answer.header("connection")),
        (408, Some("close"))
    );
    assert_eq!(
        (
            answer.header("cache-control"),
            answer.problem()["code"].as_str()
        ),
        (Some("no-store"), Some("request_timeout"))
    );
    assert!(client.is_closed());
    assert!(
        service
            .events()
            .iter()
            .any(|line| line.contains("\"headerTimeout\""))
    );
}

// requirement: P75
#[test]
fn the_time_of_a_body_is_for_all_of_it() {
    let service = start(&SPEC);
    for drip in [false, true] {
        let mut client = Client::to(service.addr);
        client.write(&format!("{HEAD}Content-Length: 60\r\n\r\n{{"));
        let begin = Instant::now();
        while drip && begin.elapsed() < Duration::from_millis(450) {
            client.write(" ");
            std::thread::sleep(Duration::from_millis(50));
        }
        let answer = client.read();
        took(begin, 500);
        assert_eq!(
            (answer.status, answer.header("connection")),
            (408, Some("close")),
            "{drip}"
        );
        assert!(client.is_closed());
    }
}

static ONE: Spec = spec(
    Limits {
        connections: 1,
        ip_rate: (u32::MAX, 60),
        ..LIMITS
    },
    true,
);

#[test]
fn who_does_not_read_is_hung_up_on() {
    let service = start(&ONE);
    let mut client = Client::to(service.addr);
    // Requests without end, of whose answers none is read: at some point the service can write no more.
    let text = "GET /open HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
    assert!(client.pour(&text, 100_000) < 100_000);
    let begin = Instant::now();
    while get(service.addr, "/open").status != 200 {
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "the place comes free"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(client.is_gone());
}

// requirement: P71
#[test]
fn bodies_over_the_limit() {
    let service = start(&SPEC);
    let chunk = format!("20\r\n{}\r\n", "x".repeat(32));
    for (text, status) in [
        (
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n"),
            200,
        ),
        (
            format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunk}{chunk}1\r\nx\r\n0\r\n\r\n"),
            413,
        ),
        (
            format!("{HEAD}Content-Length: 65\r\nExpect: 100-continue\r\n\r\n"),
            413,
        ),
        (
            format!("{HEAD}Content-Length: 99999999999999999\r\n\r\n"),
            413,
        ),
    ] {
        let mut client = Client::to(service.addr);
        let answer = client.ask(&text);
        assert_eq!(answer.status, status);
        if status == 413 {
            assert_eq!(answer.header("connection"), Some("close"));
            assert!(client.is_closed());
        }
    }
    // An answer arrives although the client is still sending.
    let mut client = Client::to(service.addr);
    client.write(&format!("{HEAD}Content-Length: 1000000\r\n\r\n"));
    client.write(&"x".repeat(1_000_000));
    assert_eq!(client.read().status, 413);
    assert!(client.ends_in_order(), "a reset could take the answer away");
}

static FEW: Spec = spec(
    Limits {
        connections: 2,
        header_timeout: 5000,
        ..LIMITS
    },
    true,
);
static FEW_EACH: Spec = spec(
    Limits {
        per_ip: 2,
        header_timeout: 5000,
        ..LIMITS
    },
    true,
);
static ONE_AT_A_TIME: Spec = spec(
    Limits {
        concurrency: 1,
        ..LIMITS
    },
    true,
);

// requirement: P76
#[test]
fn connections_are_counted() {
    for spec in [&FEW, &FEW_EACH] {
        let service = start(spec);
        let mut held = [Client::to(service.addr), Client::to(service.addr)];
        for client in &mut held {
            assert_eq!(
                client.ask("GET /open HTTP/1.1\r\nHost: a\r\n\r\n").status,
                200
            );
        }
        let mut third = Client::to(service.addr);
        let answer = third.read();
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("1"))
        );
        assert_eq!(
            answer.problem()["type"],
            "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity"
        );
        assert!(third.is_closed());
        assert!(
            service
                .events()
                .iter()
                .any(|line| line.contains("\"busy\""))
        );
        drop(held);
        let begin = Instant::now();
        while get(service.addr, "/open").status != 200 {
            assert!(begin.elapsed() < Duration::from_secs(5), "places come free");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

// requirement: P76
#[test]
fn requests_at_the_same_time_are_counted() {
    let service = start(&ONE_AT_A_TIME);
    let mut slow = Client::to(service.addr);
    slow.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    std::thread::sleep(Duration::from_millis(80));
    let busy = get(service.addr, "/open");
    assert_eq!((busy.status, busy.header("retry-after")), (503, Some("1")));
    assert_eq!(slow.read().status, 503, "the handler's time was up");
    for _ in 0..3 {
        assert_eq!(
            get(service.addr, "/open").status,
            200,
            "the place is free again"
        );
    }
    assert_eq!(get(service.addr, "/panic").status, 500);
    assert_eq!(get(service.addr, "/open").status, 200, "also after a panic");
}

// requirement: P75
#[test]
fn a_handler_is_cut_off() {
    let service = start(&SPEC);
    let begin = Instant::now();
    assert_eq!(get(service.addr, "/slow").status, 503);
    took(begin, 200);
}

#[test]
fn what_is_under_way_when_the_service_stops_is_finished() {
    let service = start(&SPEC);
    let addr = service.addr;
    let mut idle = Client::to(addr);
    assert_eq!(
        idle.ask("GET /open HTTP/1.1\r\nHost: a\r\n\r\n").status,
        200
    );
    let mut busy = Client::to(addr);
    busy.write(&format!("{HEAD}Content-Length: 2\r\n\r\n"));
    std::thread::sleep(Duration::from_millis(80));
    drop(service);
    std::thread::sleep(Duration::from_millis(80));
    busy.write("{}");
    assert_eq!(busy.read().status, 200);
    assert!(idle.is_closed());
    assert!(
        std::net::TcpStream::connect(addr).is_err(),
        "nobody listens any more"
    );
}
