//! A service of a few operations, written by hand as the generator would.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shield::reply::StatusCode;
use shield::testing::Harness;
use shield::*;

pub const KEY: &str = "a secret that is at least 32 bytes long";
pub const ORIGIN: &str = "https://app.example.com";
/// Stands wherever a caller can put something.
pub const CANARY: &str = "CANARY7f3a";

static ID: Text = Text::new(1, 64);
const MEMBER: RoleSet = 1;
const ADMIN: RoleSet = 2;

const fn policy(
    operation: &'static str,
    method: &'static str,
    route: &'static str,
    access: Access,
) -> Policy {
    Policy::base(64, 500, 200)
        .of(operation, method, route)
        .access(access)
        .json()
}

const fn caller(roles: &'static [RoleSet], scopes: &'static [&'static str]) -> Access {
    Access::Caller(Need::scheme(0).roles(roles).scopes(scopes))
}

static OPEN: Policy = policy("open", "GET", "/open", Access::Public);
static GET_USER: Policy = policy("getUser", "GET", "/users/{id}", caller(&[MEMBER], &[]))
    .quotas(&[0])
    .path(&[Field::new("id", true, Schema::Text(&ID))])
    .header(&[Field::new("X-Trace", false, Schema::Text(&ID))]);
static CREATE_USER: Policy = policy(
    "createUser",
    "POST",
    "/users",
    caller(&[ADMIN], &["users:write", "users"]),
)
.quotas(&[0, 1])
.body(Schema::Boolean);
static DENIED: Policy = policy("deleteUser", "DELETE", "/users/{id}", Access::Denied).quotas(&[0]);
static PANIC: Policy = policy("panic", "GET", "/panic", Access::Public);
static SLOW: Policy = policy("slow", "GET", "/slow", Access::Public);
static LOGIN: Policy = policy("login", "POST", "/login", Access::Public)
    .quotas(&[2, 3])
    .body(Schema::Boolean);
static FAULT: Policy = policy("fault", "GET", "/fault", Access::Public);
static TIGHT: Policy = policy("tight", "GET", "/tight", Access::Public).quotas(&[4]);
static NOTE: Policy =
    policy("note", "POST", "/note", Access::Public).optional_body(Schema::Boolean);
static OPERATIONS: [&Policy; 10] = [
    &OPEN,
    &GET_USER,
    &CREATE_USER,
    &DENIED,
    &PANIC,
    &SLOW,
    &LOGIN,
    &FAULT,
    &TIGHT,
    &NOTE,
];

const fn quota(name: &'static str, limit: u32, by: &'static [By], failures_only: bool) -> Quota {
    Quota {
        name,
        limit,
        window: 60,
        by,
        failures_only,
    }
}

static QUOTAS: [Quota; 5] = [
    quota("standard", 5, &[By::Subject], false),
    quota("writes", 2, &[By::Subject], false),
    quota("auth", 3, &[By::Ip], true),
    quota("authAccount", 2, &[By::Ip, By::Input], true),
    quota("tight", 10, &[By::Ip], false),
];

pub const LIMITS: Limits = Limits {
    uri: 8192,
    header_bytes: 16384,
    header_count: 64,
    header_timeout: 400,
    connections: 500,
    per_ip: 300,
    ip_rate: (100_000, 60),
    concurrency: 400,
    json_depth: 32,
};

pub const fn spec(limits: Limits, cors: bool) -> Spec {
    Spec {
        title: "Tiny API",
        version: "1.0.0",
        realm: "Tiny API",
        roles: &[
            Role {
                name: "member",
                holds: MEMBER,
            },
            Role {
                name: "admin",
                holds: MEMBER | ADMIN,
            },
        ],
        schemes: &SECRET,
        keys: &[],
        passwords: &[],
        principal: &[],
        quotas: &QUOTAS,
        revocation: None,
        tokens: None,
        cors: if cors {
            Some(Cors {
                origins: Origins::List(&[ORIGIN]),
                credentials: true,
                max_age: Some(600),
                expose: &["RateLimit", "Retry-After"],
            })
        } else {
            None
        },
        tls: None,
        limits,
        operations: &OPERATIONS,
    }
}

static SECRET: [Scheme; 1] = [scheme(&["HS256"])];
static PUBLIC: [Scheme; 1] = [scheme(&["EdDSA"])];

/// Tokens of one issuer.
const fn scheme(algorithms: &'static [&'static str]) -> Scheme {
    Scheme {
        name: "bearerAuth",
        issuer: Setting::Literal("https://id.example.com"),
        audience: &[Setting::Literal("tiny")],
        algorithms,
        keys: Setting::Env("TINY_KEY"),
        access_token: false,
        leeway: 0,
        max_lifetime: 100_000,
        max_bytes: 8192,
        holds: Holds::Anything,
        upkeep: Upkeep {
            refresh: 600,
            cooldown: 60,
            private: true,
        },
        claims: Claims {
            subject: "/sub",
            roles: "/roles",
            scopes: "/scope",
            tenant: "/tenant",
            session: "/sid",
        },
    }
}

pub static SPEC: Spec = spec(LIMITS, true);
pub static NO_CORS: Spec = spec(LIMITS, false);
/// Keys that a reference may lead to while the service runs.
pub static ROTATING: Spec = Spec {
    schemes: &PUBLIC,
    ..spec(LIMITS, false)
};
/// TLS ends here.
#[cfg(feature = "tls")]
pub static TLS: Spec = Spec {
    tls: Some(Tls {
        tls12: true,
        certificates: &[],
    }),
    ..spec(LIMITS, true)
};
/// Tokens can be revoked by all their names.
pub static REVOCABLE: Spec = Spec {
    revocation: Some(Revocation {
        jti: true,
        subject: true,
        session: true,
    }),
    ..spec(LIMITS, false)
};

struct Tiny(Shield);

impl Guarded for Tiny {
    fn shield(&self) -> &Shield {
        &self.0
    }

    fn serve<'a>(
        &'a self,
        operation: usize,
        x: &'a mut Exchange,
    ) -> BoxFuture<'a, Result<Response, Refusal>> {
        Box::pin(async move {
            let policy = OPERATIONS[operation];
            self.0.enter(policy, x).await?;
            let raw = self.0.body(policy, x).await?;
            let id = {
                let input = x.input(policy)?;
                input
                    .get(At::Path(0), |written| ID.keep(written.one()?))
                    .flatten()
            };
            match policy.operation {
                "panic" => panic!("as it should"),
                "fault" => Err(Fault::new("disk on fire").into()),
                "slow" => {
                    let handler = async {
                        tokio::time::sleep(Duration::from_secs(30)).await;
                        Ok(reply::empty(StatusCode::OK))
                    };
                    self.0.call(policy, handler).await
                }
                "login" => {
                    let text = String::from_utf8_lossy(&raw).into_owned();
                    self.0
                        .charge_input(x, 3, text.split(':').next().unwrap_or_default())?;
                    if text.ends_with(":slow") {
                        let checking = async {
                            tokio::time::sleep(Duration::from_millis(150)).await;
                            Ok(())
                        };
                        self.0.call(policy, checking).await?;
                        return Ok(reply::empty(StatusCode::NO_CONTENT));
                    }
                    if text.ends_with(":good") {
                        Ok(reply::empty(StatusCode::NO_CONTENT))
                    } else {
                        Err(Refusal::declared(403))
                    }
                }
                _ => {
                    if id.as_deref() == Some("slow") {
                        self.0
                            .call(policy, std::future::pending::<Result<(), Fault>>())
                            .await?;
                    }
                    let caller = x.identity().map(|caller| caller.subject().to_owned());
                    let mut response = reply::json(StatusCode::OK, |w| {
                        w.open();
                        w.member("id").text(id.as_deref().unwrap_or("none"));
                        w.member("caller")
                            .text(caller.as_deref().unwrap_or("nobody"));
                        w.member("bytes").whole(raw.len().try_into().unwrap());
                        w.close();
                    })?;
                    // What an answer says against the header set does not count.
                    let public = http::HeaderValue::from_static("public");
                    response
                        .headers_mut()
                        .insert(http::header::CACHE_CONTROL, public);
                    Ok(response)
                }
            }
        })
    }
}

/// Panics before there is anything to wait for.
struct Sudden(Shield);

impl Guarded for Sudden {
    fn shield(&self) -> &Shield {
        &self.0
    }

    fn serve<'a>(
        &'a self,
        _: usize,
        _: &'a mut Exchange,
    ) -> BoxFuture<'a, Result<Response, Refusal>> {
        panic!("at once")
    }
}

fn values() -> BTreeMap<String, String> {
    let values = [
        ("APP_STORE", "memory"),
        ("APP_INSTANCES", "1"),
        ("TINY_KEY", KEY),
    ];
    values
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

pub fn start(spec: &'static Spec) -> Harness {
    try_start(spec).unwrap()
}

/// With other settings than usual.
pub fn start_with(
    spec: &'static Spec,
    more: &[(&str, String)],
) -> Result<Harness, config::ConfigError> {
    let mut values = values();
    values.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    Harness::start(spec, values, |shield| Door::new(Tiny(shield)))
}

pub fn try_start(spec: &'static Spec) -> Result<Harness, config::ConfigError> {
    Harness::start(spec, values(), |shield| Door::new(Tiny(shield)))
}

/// Development, where keys may come from an address of this machine in plain text. `name` is the variable.
pub fn rotating(name: &str, value: &str) -> Harness {
    let mut values = values();
    values.remove("TINY_KEY");
    values.insert("APP_ENV".to_owned(), "development".to_owned());
    values.insert(name.to_owned(), value.to_owned());
    Harness::start(&ROTATING, values, |shield| Door::new(Tiny(shield))).unwrap()
}

pub fn sudden() -> Harness {
    Harness::start(&SPEC, values(), |shield| Door::new(Sudden(shield))).unwrap()
}

/// A door without an accept loop, as an existing axum application has it.
pub fn mounted() -> Door {
    mounted_with(&NO_CORS, &[])
}

pub fn mounted_with(spec: &'static Spec, more: &[(&str, String)]) -> Door {
    let mut values = values();
    let more = more.iter();
    values.extend(more.map(|(name, value)| ((*name).to_owned(), value.clone())));
    values.insert("APP_LOG".to_owned(), "file:/dev/null".to_owned());
    let config = config::Config::from_map(values).unwrap();
    Door::new(Tiny(Shield::start(spec, config).unwrap()))
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

pub fn token(subject: &str, roles: &[&str], scope: &str) -> String {
    let now = now();
    token_with(serde_json::json!({
        "sub": subject, "roles": roles, "scope": scope, "iat": now, "exp": now + 90_000,
    }))
}

/// Whatever else is said, the issuer and the audience are right.
pub fn token_with(mut claims: serde_json::Value) -> String {
    claims["iss"] = "https://id.example.com".into();
    claims["aud"] = "tiny".into();
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    signed(r#"{"alg":"HS256"}"#, &claims, |text| {
        hmac::sign(&key, text).as_ref().to_vec()
    })
}

/// The same with Ed25519, for keys that rotate.
pub fn token_of(kid: &str, key: &Ed25519KeyPair) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let claims = serde_json::json!({
        "iss": "https://id.example.com", "aud": "tiny", "sub": "m", "roles": ["member"],
        "iat": now.as_secs(), "exp": now.as_secs() + 90_000,
    });
    let header = serde_json::json!({ "alg": "EdDSA", "kid": kid }).to_string();
    signed(&header, &claims, |text| key.sign(text).as_ref().to_vec())
}

fn signed(header: &str, claims: &serde_json::Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let text = format!(
        "{}.{}",
        part(header.as_bytes()),
        part(claims.to_string().as_bytes())
    );
    format!("{text}.{}", part(&sign(text.as_bytes())))
}

pub fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
