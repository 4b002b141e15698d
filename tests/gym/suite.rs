//! Every instance of the JSON Schema test suite, sent to what palisade emitted for its schema.
//!
//! 599 is the probe behind the guards: the body was admitted. 422, and 400 for what is no JSON to us, is a refusal. The
//! suite says which of the two it must be; where palisade deviates on purpose, [`DEVIATIONS`] says so, and each must occur.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use serde_json::Value;
use shield::Fault;
use shield::testing::Harness;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// Where palisade deviates from the suite: what it answers instead, file, a part of the test's name, why.
const DEVIATIONS: &[(Instead, &str, &str, &str)] = &[
    (
        Instead::Refuses,
        "enum",
        "match string with nul",
        "NUL is refused in every string",
    ),
    (
        Instead::Refuses,
        "const",
        "match string with nul",
        "NUL is refused in every string",
    ),
    (
        Instead::Refuses,
        "optional/bignum",
        "bignum is an integer",
        "integers are within int64 (ruling 37)",
    ),
    (
        Instead::Refuses,
        "optional/bignum",
        "comparison works for",
        "integers are within int64 (ruling 37)",
    ),
    (
        Instead::Refuses,
        "optional/format/email",
        "a quoted string",
        "a quoted local part is no address that a service takes",
    ),
    (
        Instead::Refuses,
        "optional/format/email",
        "address-literal after the @",
        "neither is one at an IP address",
    ),
    (
        Instead::Admits,
        "optional/zeroTerminatedFloats",
        "a float is not an integer",
        "1.0 is an integer in every version (ruling 95); draft 4 says otherwise",
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Instead {
    Refuses,
    /// Only with a ruling.
    Admits,
}

#[derive(Clone, Copy)]
struct Probe;

macro_rules! probe {
    ($module:ident: $($name:ident $trait:ident),*) => {$(
        impl gym::$module::operations::$name::$trait for Probe {
            async fn $name(
                &self,
                _: gym::$module::operations::$name::Call,
            ) -> Result<gym::$module::operations::$name::Reply, Fault> {
                Err(Fault::reached())
            }
        }
    )*};
}

include!("suite/probes.rs");

/// One connection to one service, kept open.
struct Client(BufReader<TcpStream>);

impl Client {
    fn send(&mut self, path: &str, body: &str) -> u16 {
        let stream = self.0.get_mut();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut rest = vec![0; length];
        self.0.read_exact(&mut rest).unwrap();
        status
    }
}

fn harness(module: &str) -> Harness {
    let values = BTreeMap::from([
        ("APP_STORE".to_owned(), "memory".to_owned()),
        ("APP_INSTANCES".to_owned(), "1".to_owned()),
    ]);
    let started = match module {
        "suite_3_0" => Harness::start(&gym::suite_3_0::SPEC, values, |shield| {
            gym::suite_3_0::door(shield, Probe)
        }),
        _ => Harness::start(&gym::suite_3_1::SPEC, values, |shield| {
            gym::suite_3_1::door(shield, Probe)
        }),
    };
    started.unwrap()
}

#[test]
fn every_instance_is_judged_as_the_suite_judges_it() {
    let mut wrong = Vec::new();
    let (mut agreed, mut deviated) = (0, 0);
    let mut met = BTreeSet::new();
    for module in ["suite_3_0", "suite_3_1"] {
        let harness = harness(module);
        let mut client = Client(BufReader::new(TcpStream::connect(harness.addr).unwrap()));
        for line in include_str!("suite/cases.jsonl").lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let word = |key: &str| case[key].as_str().unwrap();
            if word("module") != module {
                continue;
            }
            let valid = case["valid"].as_bool().unwrap();
            let status = client.send(word("path"), word("body"));
            let judged = match status {
                599 => Some(true),
                400 | 422 => Some(false),
                _ => None,
            };
            if judged == Some(valid) {
                agreed += 1;
                continue;
            }
            let instead = match judged {
                Some(true) => Some(Instead::Admits),
                Some(false) => Some(Instead::Refuses),
                None => None,
            };
            let known = DEVIATIONS.iter().position(|(kind, file, part, _)| {
                Some(*kind) == instead
                    && *file == word("file")
                    && (word("test").contains(part) || word("group").contains(part))
            });
            match known {
                Some(known) => {
                    met.insert(known);
                    deviated += 1;
                }
                None => wrong.push(format!(
                    "{status} for what is {} {module} {}: {}: {}\n    {}\n    {}",
                    if valid { "valid" } else { "invalid" },
                    word("file"),
                    word("group"),
                    word("test"),
                    case["schema"],
                    word("body")
                )),
            }
        }
    }
    println!("    {agreed} instances agreed, {deviated} deviate for a stated reason");
    for (at, (_, file, part, why)) in DEVIATIONS.iter().enumerate() {
        println!("        {file}, \"{part}\": {why}");
        // Without the suite nothing is met.
        if agreed > 0 && !met.contains(&at) {
            wrong.push(format!("the deviation {file}, \"{part}\" does not occur"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
