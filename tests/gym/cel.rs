//! Every expression of the table: what the Rust that is emitted for it says of what really came in.
//!
//! A section is one request with a signed token and a body. The handler behind the guards has what an operation has, and
//! asks all functions of the section.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use gym::cel::access::{LoadThing, ThingFacts, ThingId};
use gym::cel::operations::decide::{Call, Decide, Reply};
use gym::cel_rows::{Given, evaluate};
use serde_json::{Value, json};
use shield::dev::Signer;
use shield::testing::Harness;
use shield::Fault;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const THING: &str = "00000000-0000-4000-8000-000000000001";

/// The section that is asked, the rows of it, and what they said.
#[derive(Default)]
struct Asked {
    given: Value,
    rows: Vec<usize>,
    said: Vec<&'static str>,
}

struct Probe(Arc<Mutex<Asked>>);

impl Decide for Probe {
    async fn decide(&self, call: Call) -> Result<Reply, Fault> {
        let mut asked = self.0.lock().unwrap();
        let facts = facts(&asked.given["resource"]);
        let given = Given {
            caller: &call.caller,
            facts: &facts,
            body: &call.body,
            call: &call,
            path: THING,
            ip: asked.given["ip"].as_str(),
            now: shield::decide::timestamp(asked.given["time"].as_str().unwrap()).unwrap(),
        };
        let said = asked.rows.iter().map(|row| match evaluate(*row, &given) {
            Some(Ok(true)) => "true",
            Some(Ok(false)) => "false",
            Some(Err(_)) => "undecided",
            None => "nothing",
        });
        let said = said.collect();
        asked.said = said;
        Ok(Reply::NoContent)
    }
}

impl LoadThing for Probe {
    async fn load_thing(&self, _: &ThingId) -> Result<Option<ThingFacts>, Fault> {
        Ok(None)
    }
}

/// What a loader would say.
fn facts(given: &Value) -> ThingFacts {
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let time = |name: &str| {
        let nanos = shield::decide::timestamp(given[name].as_str()?).unwrap();
        let far = Duration::from_nanos_u128(nanos.unsigned_abs());
        Some(if nanos < 0 { UNIX_EPOCH - far } else { UNIX_EPOCH + far })
    };
    let tags = match given["many"].as_u64() {
        Some(many) => (0..many).map(|number| format!("t{number}")).collect(),
        None => {
            let tags = given["tags"].as_array().into_iter().flatten();
            tags.map(|tag| tag.as_str().unwrap().to_owned()).collect()
        }
    };
    ThingFacts {
        id: ThingId::parse(THING).unwrap(),
        owner: text("owner").unwrap(),
        tenant: text("tenant").unwrap(),
        version: given["version"].as_u64().unwrap(),
        word: text("word"),
        other: text("other"),
        code: text("code"),
        count: given["count"].as_i64(),
        open: given["open"].as_bool(),
        since: time("since"),
        until: time("until"),
        tags,
    }
}

fn send(harness: &Harness, signer: &Signer, given: &Value) -> u16 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut claims = json!({
        "iss": "https://id.example.com", "aud": "cel", "iat": now, "exp": now + 600, "jti": "1", "client_id": "cel",
    });
    let names = [
        ("subject", "sub"), ("tenant", "tenant"), ("roles", "roles"), ("name", "name"), ("level", "level"),
        ("onDuty", "on_duty"), ("device", "device"), ("groups", "groups"),
    ];
    let principal = given["principal"].as_object().unwrap();
    for (name, claim) in names {
        if let Some(value) = principal.get(name) {
            claims[claim] = value.clone();
        }
    }
    let scopes = principal["scopes"].as_array().unwrap();
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str().unwrap()).collect();
    claims["scope"] = json!(scopes.join(" "));
    let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "cel" }).to_string();
    let token = signer.sign(&header, &claims.to_string());
    let query = given["query"].as_object().unwrap().iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    });
    let (query, body) = (query.collect::<Vec<_>>().join("&"), given["body"].to_string());
    let mut stream = TcpStream::connect(harness.addr).unwrap();
    write!(
        stream,
        "POST /decide?{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status: u16 = answer.split(' ').nth(1).unwrap().parse().unwrap();
    if status != 204 {
        println!("{answer}\n{body}");
    }
    status
}

#[test]
fn every_expression_says_what_cel_says() {
    let table: Value = serde_json::from_str(include_str!("cel/rows.json")).unwrap();
    let signer = Signer::generate_named("EdDSA", "cel").unwrap();
    let values = BTreeMap::from([
        ("APP_STORE".to_owned(), "memory".to_owned()),
        ("APP_INSTANCES".to_owned(), "1".to_owned()),
        ("CEL_KEYS".to_owned(), signer.key_text()),
    ]);
    let asked = Arc::new(Mutex::new(Asked::default()));
    let probe = Probe(asked.clone());
    let harness = Harness::start(&gym::cel::SPEC, values, |shield| gym::cel::door(shield, probe)).unwrap();
    let (mut wrong, mut count) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for (number, given) in table["sections"].as_array().unwrap().iter().enumerate() {
        let rows = table["rows"].as_array().unwrap().iter();
        let rows: Vec<&Value> = rows.filter(|row| row["section"] == json!(number)).collect();
        let numbers = rows.iter().map(|row| row["row"].as_u64().unwrap() as usize);
        *asked.lock().unwrap() = Asked {
            given: given.clone(),
            rows: numbers.collect(),
            said: Vec::new(),
        };
        assert_eq!(send(&harness, &signer, given), 204, "section {number}");
        let said = std::mem::take(&mut asked.lock().unwrap().said);
        assert_eq!(said.len(), rows.len());
        for (row, said) in rows.iter().zip(said) {
            let expected = row["expected"].as_str().unwrap();
            *count.entry(expected).or_default() += 1;
            if expected != said {
                wrong.push(format!("{said}, and CEL says {expected}: {}", row["text"]));
            }
        }
    }
    println!("    {count:?}");
    assert!(count.values().sum::<usize>() >= 150, "{count:?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
