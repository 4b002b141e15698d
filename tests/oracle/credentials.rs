//! What a principal shows: tokens that are really signed, keys that are really known.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oracle::{Place, Scheme, SchemeKind};
use oracle::world::{Bad, Claims, Credential, Principal};
use serde_json::{Value, json};
use shield::dev::{Signer, unsigned};
use std::collections::{BTreeMap, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

/// A credential as it is sent: where, under which name, and what.
#[derive(Clone)]
pub struct Sent {
    pub place: Place,
    pub name: String,
    pub value: String,
}

/// Every credential of a service, each made once.
pub struct Credentials {
    pub environment: BTreeMap<String, String>,
    schemes: Vec<(Scheme, Maker)>,
    made: HashMap<String, Sent>,
}

/// What makes the credentials of one scheme.
enum Maker {
    /// The issuer's key, and one of somebody else who calls it the same.
    Token { ours: Signer, other: Signer },
    Key,
    Password,
}

impl Credentials {
    pub fn new(schemes: &[Scheme], principals: &[Principal]) -> Self {
        let mut environment = BTreeMap::from([
            // As it runs: production, in one process.
            ("APP_STORE".to_owned(), "memory".to_owned()),
            ("APP_INSTANCES".to_owned(), "1".to_owned()),
        ]);
        let mut makers = Vec::new();
        for scheme in schemes {
            let (maker, text) = match &scheme.kind {
                SchemeKind::Token { algorithm, .. } => {
                    let key = || Signer::generate_named(algorithm, "oracle").expect("a key");
                    let ours = key();
                    let text = match scheme.issued {
                        true => ours.private_text(),
                        false => ours.key_text(),
                    };
                    (Maker::Token { ours, other: key() }, text)
                }
                SchemeKind::Key { .. } => (Maker::Key, keys(scheme, principals)),
                SchemeKind::Password => (Maker::Password, String::new()),
            };
            if !scheme.variable.is_empty() {
                environment.insert(scheme.variable.clone(), text);
            }
            makers.push((scheme.clone(), maker));
        }
        Credentials {
            environment,
            schemes: makers,
            made: HashMap::new(),
        }
    }

    /// What a principal sends.
    pub fn of(&mut self, principal: &Principal) -> Vec<Sent> {
        let mut all = Vec::new();
        for (name, credential) in &principal.shown {
            let told = format!("{name} {credential:?}");
            if let Some(made) = self.made.get(&told) {
                all.push(made.clone());
                continue;
            }
            let mut schemes = self.schemes.iter();
            let Some((scheme, maker)) = schemes.find(|(scheme, _)| scheme.name == *name) else {
                continue;
            };
            let made = made(scheme, maker, credential);
            self.made.insert(told, made.clone());
            all.push(made);
        }
        all
    }
}

fn made(scheme: &Scheme, maker: &Maker, credential: &Credential) -> Sent {
    match (maker, &scheme.kind) {
        (Maker::Token { ours, other }, _) => Sent {
            place: Place::Header,
            name: "authorization".to_owned(),
            value: format!("Bearer {}", token(scheme, ours, other, credential)),
        },
        (Maker::Key, SchemeKind::Key { place, name, prefix }) => Sent {
            place: *place,
            name: name.clone(),
            value: match credential {
                Credential::Good(claims) => key(scheme, claims),
                Credential::Bad(_) => format!("{prefix}{}", "0".repeat(40)),
            },
        },
        (Maker::Password, _) => Sent {
            place: Place::Header,
            name: "authorization".to_owned(),
            value: format!("Basic {}", STANDARD.encode(pair(credential))),
        },
        (Maker::Key, _) => unreachable!("makers follow schemes"),
    }
}

/// User and password as the probe's hook takes them apart: subject, roles and tenant, and whether it is true.
fn pair(credential: &Credential) -> String {
    match credential {
        Credential::Good(claims) => format!(
            "{};{};{}:right",
            claims.subject,
            claims.roles.join(","),
            claims.tenant.as_deref().unwrap_or_default()
        ),
        Credential::Bad(_) => format!("{};;:wrong", oracle::world::ADA),
    }
}

fn token(scheme: &Scheme, ours: &Signer, other: &Signer, credential: &Credential) -> String {
    let SchemeKind::Token {
        issuer,
        audience,
        algorithm,
        claims: pointers,
    } = &scheme.kind
    else {
        unreachable!("a token of a scheme that has tokens");
    };
    let (claims, bad) = match credential {
        Credential::Good(claims) => (claims.clone(), None),
        // Everything else about it is as good as it gets.
        Credential::Bad(bad) => {
            let claims = Claims {
                subject: oracle::world::ADA.to_owned(),
                tenant: Some(oracle::world::NORTH.to_owned()),
                ..Claims::default()
            };
            (claims, Some(*bad))
        }
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let (begin, end) = match bad {
        Some(Bad::Expired) => (now - 1_200, now - 600),
        _ => (now, now + 1_200),
    };
    let is = |kind: Bad, text: &str, other: &str| if bad == Some(kind) { other.to_owned() } else { text.to_owned() };
    let mut body = json!({
        "iss": is(Bad::OtherIssuer, issuer, "https://issuer.invalid"),
        "aud": is(Bad::OtherAudience, audience, "somebody-else"),
        "iat": begin, "exp": end, "jti": format!("{:?}", credential), "client_id": "oracle",
    });
    let [subject, roles, scopes, tenant] = pointers;
    put(&mut body, subject, json!(claims.subject));
    put(&mut body, roles, json!(claims.roles));
    put(&mut body, scopes, json!(claims.scopes.join(" ")));
    if let Some(name) = &claims.tenant {
        put(&mut body, tenant, json!(name));
    }
    if let Some(class) = &claims.class {
        body["acr"] = json!(class);
    }
    if claims.login {
        body["auth_time"] = json!(now);
    }
    let kind = if bad == Some(Bad::Unsigned) { "none" } else { algorithm };
    let mut header = json!({ "alg": kind, "typ": "at+jwt" });
    // A private key has no name.
    if !scheme.issued {
        header["kid"] = json!("oracle");
    }
    let header = header.to_string();
    let body = body.to_string();
    match bad {
        Some(Bad::Forged) => other.sign(&header, &body),
        Some(Bad::Unsigned) => unsigned(&header, &body),
        Some(Bad::Noise) => "not.a.token".to_owned(),
        _ => ours.sign(&header, &body),
    }
}

/// Sets a claim at a JSON Pointer of one level.
fn put(claims: &mut Value, pointer: &str, value: Value) {
    let name = pointer.strip_prefix('/').expect("a pointer");
    assert!(!name.contains('/'), "the oracle's documents have no nested claims");
    claims[name] = value;
}

/// What somebody presents.
fn key(scheme: &Scheme, claims: &Claims) -> String {
    let prefix = match &scheme.kind {
        SchemeKind::Key { prefix, .. } => prefix.as_str(),
        SchemeKind::Token { .. } | SchemeKind::Password => "",
    };
    format!("{prefix}{}-{}-0123456789abcdef0123456789abcdef", scheme.name, claims.subject)
}

/// The text of the scheme's keys (ruling 3).
fn keys(scheme: &Scheme, principals: &[Principal]) -> String {
    let mut known: Vec<&Claims> = Vec::new();
    for (name, credential) in principals.iter().flat_map(|principal| &principal.shown) {
        if let Credential::Good(claims) = credential
            && *name == scheme.name
            && !known.contains(&claims)
        {
            known.push(claims);
        }
    }
    let entries = known.iter().map(|claims| {
        let hash = digest(&SHA256, key(scheme, claims).as_bytes());
        let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut entry = json!({ "id": claims.subject, "sha256": hex, "roles": claims.roles });
        if let Some(tenant) = &claims.tenant {
            entry["tenant"] = json!(tenant);
        }
        entry
    });
    Value::Array(entries.collect()).to_string()
}
