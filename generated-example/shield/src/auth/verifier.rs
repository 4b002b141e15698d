//! Verification of tokens by what one security scheme of the document demands.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::config::ConfigError;
use crate::json::Value;
use crate::jwks::{Address, Remote, Upkeep};
use crate::refusal::AuthReason;
use crate::spec::{Attribute, Holds, Role, RoleSet, Scheme, Setting, Spec};

use super::Identity;
use super::claims::{Claims, parse};
use super::jws::Jws;
use super::keys::Keys;
use super::source::{Given, Looked, Source};

/// Enough for nested claims such as Keycloak's, far from enough to exhaust the stack.
const CLAIMS_DEPTH: u32 = 32;

/// Verifies tokens of one scheme. Built once at start; refuses to be built with weak or foreign keys.
pub struct Verifier {
    scheme: &'static Scheme,
    roles: &'static [Role],
    principal: &'static [Attribute],
    issuer: Arc<str>,
    audience: Vec<String>,
    keys: Source<Keys>,
}

/// Without keys.
impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("scheme", &self.scheme.name)
            .finish_non_exhaustive()
    }
}

impl Verifier {
    /// `keys` is what the reference resolved to (ruling 1), `issuer` and `audience` are resolved too; `production`
    /// refuses keys that were made for development. Errors name the variable and never its value.
    pub fn new(
        scheme: &'static Scheme,
        spec: &Spec,
        keys: Given<'_>,
        issuer: String,
        audience: Vec<String>,
        production: bool,
    ) -> Result<Self, ConfigError> {
        let place = |setting: &Setting, member: &str| match setting {
            Setting::Env(name) | Setting::File(name) => (*name).to_owned(),
            Setting::Vault(reference) => format!("vault:{reference}"),
            Setting::Literal(_) => format!("auth.{}.{member}", scheme.name),
        };
        if issuer.is_empty() {
            return Err(ConfigError::new(
                place(&scheme.issuer, "issuer"),
                "is empty",
            ));
        }
        if audience.is_empty() {
            return Err(ConfigError::new(
                format!("auth.{}.audience", scheme.name),
                "is missing",
            ));
        }
        for (value, setting) in audience.iter().zip(scheme.audience) {
            if value.is_empty() {
                return Err(ConfigError::new(place(setting, "audience"), "is empty"));
            }
        }
        let name = place(&scheme.keys, "keys");
        let keys = source(scheme, &name, keys, production)
            .map_err(|message| ConfigError::new(name, message))?;
        Ok(Verifier {
            scheme,
            roles: spec.roles,
            principal: spec.principal,
            issuer: issuer.into(),
            audience,
            keys,
        })
    }

    /// Brings the keys up to date, if it is time. `now`: nanoseconds of the service's clock.
    pub(crate) async fn look(&self, now: u64) -> Looked {
        self.keys.look(now).await
    }

    /// Looks for newer keys, if that may be done again so soon. `true`: there are other keys now.
    pub(crate) async fn look_again(&self, now: u64) -> bool {
        self.keys.look_again(now).await
    }

    /// Whether its keys are the same until the service ends.
    pub(crate) fn is_fixed(&self) -> bool {
        self.keys.is_fixed()
    }

    /// The caller whom `token` proves, at the moment `now` (seconds since 1970).
    pub fn verify(&self, token: &[u8], now: u64) -> Result<Identity, AuthReason> {
        // guard: token-size
        if token.len() > self.scheme.max_bytes {
            return Err(AuthReason::Malformed);
        }
        let jws = Jws::parse(token)?;
        match self.keys.ask(|keys| keys.verify_known(&jws)).flatten() {
            Some(verified) => {
                // guard: token-signature
                verified?;
            }
            None => self.judge(&jws)?,
        }
        self.identify(&Claims(parse(jws.claims(), CLAIMS_DEPTH)?), now)
    }

    /// Header and signature of a token that is not like one before.
    #[cold]
    fn judge(&self, jws: &Jws<'_>) -> Result<(), AuthReason> {
        let header = jws.header(self.scheme.algorithms)?;
        // guard: token-type, where self.scheme.access_token
        if self.scheme.access_token && !header.is_access_token() {
            return Err(AuthReason::Type);
        }
        // guard: token-signature
        self.keys
            .ask(|keys| keys.verify(jws, &header))
            .unwrap_or(Err(AuthReason::Key))?;
        Ok(())
    }

    fn identify(&self, claims: &Claims<'_>, now: u64) -> Result<Identity, AuthReason> {
        if !matches!(&claims.0, Value::Object(_)) {
            return Err(AuthReason::Malformed);
        }
        let issuer = claims.at("/iss").and_then(Value::as_str);
        // guard: token-issuer
        if issuer != Some(&*self.issuer) {
            return Err(AuthReason::Issuer);
        }
        // guard: token-audience
        if !claims.is_for(&self.audience) {
            return Err(AuthReason::Audience);
        }
        let expires = self.lifetime(claims, now)?;
        let at = &self.scheme.claims;
        Ok(Identity {
            issuer: self.issuer.clone(),
            subject: claims.text(at.subject)?.ok_or(AuthReason::Malformed)?,
            roles: self.held(claims.words(at.roles)?),
            scopes: claims.scopes(at.scopes)?,
            tenant: claims.text(at.tenant)?,
            session: claims.text(at.session)?,
            token_id: claims.text("/jti")?,
            expires,
            issued: claims.time("/iat")?,
            key: None,
            authenticated: self.authenticated(claims, now),
            class: claims.text("/acr").ok().flatten(),
            attributes: self
                .principal
                .iter()
                .map(|declared| claims.attribute(declared))
                .collect::<Result<_, _>>()?,
        })
    }

    /// When the caller authenticated. Nobody has in the future; who asks for it refuses where it is not known.
    fn authenticated(&self, claims: &Claims<'_>, now: u64) -> Option<u64> {
        let ahead = now.saturating_add(self.scheme.leeway.into());
        let at = claims.time("/auth_time").ok().flatten();
        at.filter(|at| *at <= ahead)
    }

    /// When the token ends, if it is neither over, nor not yet begun, nor made for too long (P14 to P16).
    fn lifetime(&self, claims: &Claims<'_>, now: u64) -> Result<u64, AuthReason> {
        let leeway = u64::from(self.scheme.leeway);
        let expires = claims.time("/exp")?.ok_or(AuthReason::Malformed)?;
        let (begins, issued) = (claims.time("/nbf")?, claims.time("/iat")?);
        // guard: token-expired
        if now >= expires + leeway {
            return Err(AuthReason::Expired);
        }
        // guard: token-begins
        if begins.is_some_and(|begins| begins > now + leeway) {
            return Err(AuthReason::NotYet);
        }
        // guard: token-issued
        if issued.is_some_and(|issued| issued > now + leeway) {
            return Err(AuthReason::NotYet);
        }
        // RFC 9068 §2.2 demands it of access tokens.
        // guard: token-without-issued, where self.scheme.access_token
        if issued.is_none() && self.scheme.access_token {
            return Err(AuthReason::Malformed);
        }
        let lifetime = expires.checked_sub(issued.unwrap_or_else(|| now.min(expires)));
        // guard: token-lifetime
        if lifetime.is_none_or(|lifetime| lifetime > self.scheme.max_lifetime) {
            return Err(AuthReason::Lifetime);
        }
        Ok(expires)
    }

    /// Unknown names are ignored (ruling 52): they are another service's.
    fn held<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) -> RoleSet {
        let held = self
            .roles
            .iter()
            .filter(|role| names.clone().any(|name| name == role.name));
        held.fold(0, |held, role| held | role.holds)
    }
}

/// Told by its content (ruling 1).
fn source(
    scheme: &'static Scheme,
    name: &str,
    keys: Given<'_>,
    production: bool,
) -> Result<Source<Keys>, String> {
    let algorithms = scheme.algorithms;
    as_declared(scheme.holds, keys.text)?;
    let read = move |text: &str| Keys::read(text, algorithms, production);
    let upkeep = Upkeep {
        refresh: Duration::from_secs(scheme.upkeep.refresh),
        cooldown: Duration::from_secs(scheme.upkeep.cooldown),
        private: scheme.upkeep.private,
    };
    if Address::is_one(keys.text) {
        if algorithms.iter().any(|name| name.starts_with("HS")) {
            return Err("holds the address of a JWK set; HS algorithms take a secret".to_owned());
        }
        let address = Address::parse(keys.text, production)?;
        // Behind an address there is a set and nothing else.
        let set = move |text: &str| match text.trim_start().starts_with('{') {
            true => read(text),
            false => Err("is no JWK set".to_owned()),
        };
        let remote = Remote::new(name.to_owned(), address, upkeep, set)?;
        return Ok(Source::Remote(Arc::new(remote)));
    }
    Source::of(name, keys, upkeep, read)
}

/// The document may say what it expects behind the reference.
fn as_declared(holds: Holds, text: &str) -> Result<(), String> {
    let text = text.trim_start();
    let (is_set, is_pem) = (
        text.starts_with('{') || Address::is_one(text),
        text.starts_with("-----BEGIN"),
    );
    let (good, what) = match holds {
        // What this service signs with was judged where what verifies was made of it.
        Holds::Anything | Holds::Issued => (true, ""),
        Holds::Set => (is_set, "a JWK set or the address of one"),
        Holds::Pem => (is_pem, "PEM public keys"),
        Holds::Secret => (!is_set && !is_pem, "a secret"),
    };
    match good {
        true => Ok(()),
        false => Err(format!(
            "holds something else than {what}, which the document says it does"
        )),
    }
}
