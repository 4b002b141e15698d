//! Static API keys, known by the SHA-256 of the whole presented string (ruling 3, P27).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use crate::config::ConfigError;
use crate::json::Value;
use crate::jwks::Upkeep;
use crate::refusal::AuthReason;
use crate::spec::{KeyScheme, Role, RoleSet, Setting, Spec};

use super::keys::DEVELOPMENT;
use super::source::{Given, Looked, Source};
use super::{Identity, KeyName};

/// A list of objects whose `roles` are lists.
const DEPTH: u32 = 3;
/// No header is longer (`limits.headerBytes` has this as its default), and what is longer is not hashed.
const LONGEST: usize = 16 * 1024;

/// How a list in Vault is kept: as a document that says nothing keeps the keys of its tokens (P25). There is no address here.
const UPKEEP: Upkeep = Upkeep {
    refresh: Duration::from_secs(600),
    cooldown: Duration::from_secs(60),
    private: false,
};

/// The keys of one scheme, as they are now; refuses what is not exactly understood.
pub struct ApiKeys {
    scheme: &'static KeyScheme,
    /// Stands for the issuer of a token: an id is unique within its scheme only.
    issuer: Arc<str>,
    keys: Source<Vec<Key>>,
}

struct Key {
    digest: [u8; SHA256_OUTPUT_LEN],
    id: Arc<str>,
    roles: RoleSet,
    tenant: Option<Box<str>>,
    /// The last second in which it is good, since 1970.
    not_after: u64,
}

/// Without digests.
impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys")
            .field("scheme", &self.scheme.name)
            .finish_non_exhaustive()
    }
}

impl ApiKeys {
    /// `given` is what the reference resolved to; `production` refuses keys that were made for development.
    pub fn new(
        scheme: &'static KeyScheme,
        spec: &Spec,
        given: Given<'_>,
        production: bool,
    ) -> Result<Self, ConfigError> {
        let place = match scheme.keys {
            Setting::Env(name) | Setting::File(name) => name.to_owned(),
            Setting::Vault(reference) => format!("vault:{reference}"),
            Setting::Literal(_) => format!("auth.{}.keys", scheme.name),
        };
        let wrong = |message: String| ConfigError::new(place.clone(), message);
        let roles = spec.roles;
        let read = move |text: &str| list(text, roles, production);
        let keys = Source::of(&place, given, UPKEEP, read).map_err(wrong)?;
        // A service that nobody can call is a mistake when it starts; later it is what somebody wanted.
        if keys.ask(Vec::is_empty) == Some(true) {
            return Err(wrong("holds no key".to_owned()));
        }
        Ok(ApiKeys {
            scheme,
            issuer: format!("apiKey:{}", scheme.name).into(),
            keys,
        })
    }

    /// Brings the list up to date, if it is time. `now`: nanoseconds of the service's clock.
    pub(crate) async fn look(&self, now: u64) -> Looked {
        self.keys.look(now).await
    }

    /// Looks for a newer list, if that may be done again so soon. `true`: there is another now.
    pub(crate) async fn look_again(&self, now: u64) -> bool {
        self.keys.look_again(now).await
    }

    /// Whether the list is the same until the service ends.
    pub(crate) fn is_fixed(&self) -> bool {
        self.keys.is_fixed()
    }

    /// The holder of the key that was presented, at the moment `now` (seconds since 1970).
    pub fn verify(&self, presented: &[u8], now: u64) -> Result<Identity, AuthReason> {
        if presented.len() > LONGEST || !presented.starts_with(self.scheme.prefix.as_bytes()) {
            return Err(AuthReason::Malformed);
        }
        let presented = digest(&SHA256, presented);
        let known = self.keys.ask(|keys| {
            // Every key is compared, and each in constant time: how long it takes tells nothing.
            let mut found = None;
            for key in keys {
                if verify_slices_are_equal(&key.digest, presented.as_ref()).is_ok() {
                    found = Some(key);
                }
            }
            self.holder(found.ok_or(AuthReason::Key)?, now)
        });
        known.unwrap_or(Err(AuthReason::Key))
    }

    fn holder(&self, key: &Key, now: u64) -> Result<Identity, AuthReason> {
        // guard: key-expired
        if now > key.not_after {
            return Err(AuthReason::Expired);
        }
        Ok(Identity {
            issuer: self.issuer.clone(),
            subject: (*key.id).into(),
            roles: key.roles | self.scheme.roles,
            scopes: Vec::new(),
            tenant: key.tenant.clone(),
            session: None,
            token_id: None,
            expires: key.not_after,
            issued: None,
            authenticated: None,
            class: None,
            // A policy that asks for one has no answer.
            attributes: Vec::new(),
            key: Some(KeyName {
                scheme: self.issuer.clone(),
                id: key.id.clone(),
            }),
        })
    }
}

/// The keys of a list, also none: all may be taken back. What is wrong with it, without any of its text.
fn list(text: &str, roles: &[Role], production: bool) -> Result<Vec<Key>, String> {
    let Ok(Value::Array(items)) = Value::parse(text.as_bytes(), DEPTH) else {
        return Err(
            "must be a JSON list of keys: [{\"id\": …, \"sha256\": …, \"roles\": […]}]".to_owned(),
        );
    };
    let mut keys: Vec<Key> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let key = one(item, roles, production)
            .map_err(|what| format!("the key number {} {what}", at + 1))?;
        // Two keys of one name are an old one and its successor; one key of two names would be a guess.
        if keys.iter().any(|other| other.digest == key.digest) {
            return Err(format!("the key number {} is there twice", at + 1));
        }
        keys.push(key);
    }
    Ok(keys)
}

/// One key of the list; what is wrong with it, without any of its text.
fn one(item: &Value<'_>, declared: &[Role], production: bool) -> Result<Key, &'static str> {
    let Value::Object(members) = item else {
        return Err("is no object");
    };
    let (mut id, mut sha256, mut roles) = (None, None, 0);
    let (mut tenant, mut not_after) = (None, u64::MAX);
    for (name, value) in members {
        match (&**name, value) {
            ("id", Value::String(text)) if is_name(text) => id = Some(Arc::from(&**text)),
            ("id", _) => return Err("has an `id` that is no text, or empty, or too long"),
            ("sha256", Value::String(text)) => {
                sha256 =
                    Some(hex(text.as_bytes()).ok_or("has a `sha256` that is not 64 hex digits")?);
            }
            ("sha256", _) => return Err("has a `sha256` that is no text"),
            ("roles", Value::Array(names)) => {
                for name in names {
                    let role = declared
                        .iter()
                        .find(|role| name.as_str() == Some(role.name));
                    roles |= role
                        .ok_or("has a role that the document does not declare")?
                        .holds;
                }
            }
            ("roles", _) => return Err("has `roles` that are no list"),
            ("tenant", Value::String(text)) if is_name(text) => tenant = Some((&**text).into()),
            ("tenant", _) => return Err("has a `tenant` that is no text, or empty, or too long"),
            ("notAfter", Value::String(text)) => {
                not_after = moment(text).ok_or(
                    "has a `notAfter` that is no date and time, such as 2030-01-31T00:00:00Z",
                )?;
            }
            ("notAfter", Value::Number(number)) => {
                not_after = number
                    .parse()
                    .map_err(|_| "has a `notAfter` that is no whole number of seconds")?;
            }
            ("notAfter", _) => return Err("has a `notAfter` that is no date and time"),
            _ => return Err("has a member that is none of id, sha256, roles, tenant and notAfter"),
        }
    }
    let id: Arc<str> = id.ok_or("has no `id`")?;
    let digest = sha256.ok_or("has no `sha256`")?;
    if digest == self::digest(&SHA256, b"").as_ref() {
        return Err("is the key of no characters");
    }
    if production && id.starts_with(DEVELOPMENT) {
        return Err("was made for development");
    }
    Ok(Key {
        digest,
        id,
        roles,
        tenant,
        not_after,
    })
}

fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn hex(text: &[u8]) -> Option<[u8; SHA256_OUTPUT_LEN]> {
    let mut bytes = [0; SHA256_OUTPUT_LEN];
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |at: u8| {
            char::from(at)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// RFC 3339, in seconds since 1970; a fraction is cut off.
pub(crate) fn moment(text: &str) -> Option<u64> {
    if !crate::schema::is_date_time(text) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let east = match text.get(text.len().checked_sub(6)?..) {
        Some(zone) if zone.starts_with(['+', '-']) => {
            let hours: i64 = zone.get(1..3)?.parse().ok()?;
            let minutes: i64 = zone.get(4..6)?.parse().ok()?;
            let seconds = hours * 3_600 + minutes * 60;
            if zone.starts_with('-') {
                -seconds
            } else {
                seconds
            }
        }
        _ => 0,
    };
    // Days since 1970 in the proleptic Gregorian calendar, with years that begin in March.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 719_469;
    u64::try_from(days * 86_400 + hour * 3_600 + minute * 60 + second - east).ok()
}
