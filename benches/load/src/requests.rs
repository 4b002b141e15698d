//! What is sent: four kinds of request, or one under two policies, each by ten thousand callers with a token of their own.

use crate::Failure;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use records::{CALLERS, TENANT, id, subject};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds: the longest that the document lets a token live.
const LIFETIME: u64 = 30 * 60;

#[derive(Clone, Copy)]
pub enum Kind {
    Get,
    Post,
    Refused,
    Anonymous,
    /// Of the pair: what every caller may read.
    Plain,
    /// And what only this caller may, by role and as its owner.
    Owned,
}

impl Kind {
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Get => "get",
            Kind::Post => "post",
            Kind::Refused => "refused",
            Kind::Anonymous => "anonymous",
            Kind::Plain => "plain",
            Kind::Owned => "owned",
        }
    }
}

pub struct Case {
    pub kind: Kind,
    /// The status that a server without guards answers.
    pub open: u16,
    /// And one that has them.
    pub guarded: u16,
    /// Whole requests as they are sent.
    pub requests: Arc<[Vec<u8>]>,
}

#[derive(serde::Serialize)]
struct Claims {
    iss: &'static str,
    aud: &'static str,
    sub: String,
    client_id: &'static str,
    jti: String,
    iat: u64,
    exp: u64,
    roles: [&'static str; 1],
    clinic: &'static str,
}

/// Of HS256, made anew in each run.
pub fn secret() -> String {
    use std::hash::{BuildHasher, RandomState};
    (0..4)
        .map(|part| format!("{:016x}", RandomState::new().hash_one(part)))
        .collect()
}

/// The same `GET` under two policies.
pub fn pair(secret: &str) -> Result<Vec<Case>, Failure> {
    let tokens = tokens(secret)?;
    let of = |kind, path: &str| Case {
        kind,
        open: 200,
        guarded: 200,
        requests: (0..)
            .zip(&tokens)
            .map(|(number, token)| get(path, number, Some(token)))
            .collect(),
    };
    Ok(vec![of(Kind::Plain, "plain"), of(Kind::Owned, "owned")])
}

pub fn cases(secret: &str) -> Result<Vec<Case>, Failure> {
    let tokens = tokens(secret)?;
    let all = |make: &dyn Fn(u64, &str) -> Vec<u8>| {
        (0..)
            .zip(&tokens)
            .map(|(number, token)| make(number, token))
            .collect()
    };
    Ok(vec![
        Case {
            kind: Kind::Get,
            open: 200,
            guarded: 200,
            requests: all(&|number, token| get("patients", number, Some(token))),
        },
        Case {
            kind: Kind::Post,
            open: 201,
            guarded: 201,
            requests: all(&|number, token| post(token, &good(number))),
        },
        Case {
            kind: Kind::Refused,
            open: 201,
            guarded: 422,
            requests: all(&|number, token| post(token, &bad(number))),
        },
        Case {
            kind: Kind::Anonymous,
            open: 200,
            guarded: 401,
            requests: all(&|number, _| get("patients", number, None)),
        },
    ])
}

fn tokens(secret: &str) -> Result<Vec<String>, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let key = EncodingKey::from_secret(secret.as_bytes());
    let header = Header {
        typ: Some("at+jwt".to_owned()),
        ..Header::new(Algorithm::HS256)
    };
    let token = |number| {
        let claims = Claims {
            iss: "https://clinic.example.net",
            aud: "clinic-api",
            sub: subject(number),
            client_id: "clinic-app",
            jti: format!("70ce0000-0000-4000-8000-{number:012x}"),
            iat: now,
            exp: now + LIFETIME,
            roles: ["patient"],
            clinic: TENANT,
        };
        Ok(jsonwebtoken::encode(&header, &claims, &key)?)
    };
    (0..CALLERS).map(token).collect()
}

/// What any client sends.
const FIELDS: &str = "Host: clinic.example.com\r\nUser-Agent: clinic-app/4.2 (bench)\r\nAccept: application/json\r\n";

fn get(path: &str, number: u64, token: Option<&str>) -> Vec<u8> {
    let authorization = token
        .map(|token| format!("Authorization: Bearer {token}\r\n"))
        .unwrap_or_default();
    let id = id(number);
    format!("GET /v1/{path}/{id} HTTP/1.1\r\n{FIELDS}{authorization}\r\n").into_bytes()
}

fn post(token: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /v1/patients HTTP/1.1\r\n{FIELDS}Authorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn good(number: u64) -> String {
    format!(
        r#"{{"name":"Patient {number}","birthDate":"1984-02-29","email":"patient{number}@example.com","phone":"+491711234567"}}"#
    )
}

/// Three members break a rule each.
fn bad(number: u64) -> String {
    format!(
        r#"{{"name":"Patient {number}","birthDate":"1984-13-29","email":"patient{number}.example.com","phone":"0171 1234567"}}"#
    )
}
