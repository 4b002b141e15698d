//! Tokens that this service issues: at login by the person's handler through an [`Issuer`], afterwards by `flow: refresh`,
//! until `flow: logout`, `flow: revoke` or somebody who runs the service ends the session.

pub(crate) mod claims;
mod flows;
#[cfg(feature = "passwords")]
pub(crate) mod password;
mod refresh;
pub(crate) mod signing;

use std::fmt;

use crate::refusal::Fault;
use crate::secret::Secret;
use crate::shield::Shield;
use crate::spec::{Scheme, Tokens};
use crate::store::{Change, Grant, Session, StoreError};

use refresh::{Refresh, sid};
use signing::Signing;

/// What issuing takes, resolved when the service starts.
pub(crate) struct Issuing {
    pub scheme: &'static Scheme,
    pub tokens: &'static Tokens,
    pub signing: Signing,
    pub issuer: String,
    pub audience: String,
}

/// A pair of tokens, in the names of RFC 6749 §5.1; `token_type` is `Bearer`.
pub struct Issued {
    pub access_token: Secret,
    pub refresh_token: Secret,
    /// Seconds until the access token ends.
    pub expires_in: i64,
}

/// Without the tokens.
impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").finish_non_exhaustive()
    }
}

/// Who has signed in, and what their tokens shall say. What is not set is not said.
///
/// ```
/// let login = shield::Login::of("user-1").role("member").tenant("north");
/// ```
#[derive(Debug, Clone)]
pub struct Login(Grant);

impl Login {
    /// The subject: an id of yours that is never given to somebody else, not an email address (P17).
    pub fn of(subject: impl Into<String>) -> Self {
        Login(Grant {
            subject: subject.into(),
            ..Grant::default()
        })
    }

    /// Holds a declared role. It stays in the tokens of the session until the session ends.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.0.roles.push(role.into());
        self
    }

    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.0.scopes.push(scope.into());
        self
    }

    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.0.tenant = Some(tenant.into());
        self
    }

    /// How they signed in (`acr`, OpenID Connect Core 2), for operations whose `access.acr` wants to know. When they did is
    /// said in any case (`auth_time`): it is when [`Issuer::issue`] is called.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.0.class = Some(class.into());
        self
    }
}

/// Given to the handlers of public operations that take a password: it checks passwords and issues tokens.
#[derive(Clone)]
pub struct Issuer(Shield);

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issuer")
    }
}

impl Issuer {
    /// Whether `password` is the one that was hashed. Where there is no account, pass `None`: it is `false`, and takes as
    /// long, so that nobody learns who has one.
    ///
    /// # Errors
    ///
    /// `stored` is no text that [`Issuer::hash`], or another Argon2id in the PHC format, could have made.
    #[cfg(feature = "passwords")]
    pub async fn verify_password(
        &self,
        stored: Option<&str>,
        password: &Secret,
    ) -> Result<bool, Fault> {
        password::verify(stored, password).await
    }

    /// What to store of a new password.
    ///
    /// # Errors
    ///
    /// The machine has no memory or no random numbers left.
    #[cfg(feature = "passwords")]
    pub async fn hash(&self, password: &Secret) -> Result<String, Fault> {
        password::hash(password).await
    }

    /// Begins a session: its first pair of tokens. Call it only when you know who it is.
    ///
    /// # Errors
    ///
    /// An undeclared role, a subject without a letter; the store does not answer (503).
    pub async fn issue(&self, login: Login) -> Result<Issued, Fault> {
        let Login(mut grant) = login;
        let inner = self.0.inner();
        let issuing = inner
            .issuing
            .as_ref()
            .ok_or_else(|| Fault::new("this service issues no tokens"))?;
        if grant.subject.is_empty() {
            return Err(Fault::new("a login without a subject"));
        }
        let declared = |role: &String| inner.spec.roles.iter().any(|known| known.name == role);
        if let Some(role) = grant.roles.iter().find(|role| !declared(role)) {
            return Err(Fault::new(format!(
                "the document declares no role `{role}`"
            )));
        }
        if grant
            .scopes
            .iter()
            .any(|scope| scope.is_empty() || scope.contains(' '))
        {
            return Err(Fault::new("a scope is empty or has a blank in it"));
        }
        let refresh = Refresh::first().ok_or_else(|| Fault::new("there are no random numbers"))?;
        let now = self.0.now();
        grant.authenticated = now / 1000;
        let tokens = issuing.tokens;
        let session = Session {
            id: refresh.id(),
            proof: refresh.proof(),
            current: refresh.own(),
            previous: None,
            ends: now.saturating_add(tokens.refresh.saturating_mul(1000)),
            idle: now.saturating_add(tokens.idle.saturating_mul(1000)),
            grant: grant.clone(),
        };
        let issued = issuing.pair(&grant, &refresh, now / 1000)?;
        let store = inner.store.as_deref();
        let store = store.ok_or_else(|| Fault::store(StoreError::Broken))?;
        store
            .change(Change::Open(Box::new(session)), now)
            .await
            .map_err(Fault::store)?;
        Ok(issued)
    }
}

impl Shield {
    /// For generated code: what a handler gets that may sign people in.
    pub fn issuer(&self) -> Issuer {
        Issuer(self.clone())
    }
}

impl Issuing {
    /// `now` in seconds since 1970.
    fn pair(&self, grant: &Grant, refresh: &Refresh, now: u64) -> Result<Issued, Fault> {
        let mut name = [0; 16];
        aws_lc_rs::rand::fill(&mut name).map_err(|_| Fault::new("there are no random numbers"))?;
        let token = uuid::Builder::from_random_bytes(name).into_uuid();
        let said = claims::Said {
            issuer: &self.issuer,
            audience: &self.audience,
            session: &sid(refresh.id()),
            token: &token.hyphenated().to_string(),
            now,
            lifetime: self.tokens.access,
        };
        let claims = claims::text(&self.scheme.claims, grant, &said)
            .ok_or_else(|| Fault::new("two `claims` of the scheme lead to one place"))?;
        let access = self
            .signing
            .access_token(&claims)
            .map_err(|_| Fault::new("the token cannot be signed"))?;
        if access.len() > self.scheme.max_bytes {
            return Err(Fault::new("the token is longer than `maxBytes`"));
        }
        Ok(Issued {
            access_token: Secret::new(access),
            refresh_token: refresh.text(),
            expires_in: i64::try_from(self.tokens.access).unwrap_or(i64::MAX),
        })
    }

    /// When the last access token will have ended that is good now.
    fn longest(&self, now: u64) -> u64 {
        let leeway = u64::from(self.scheme.leeway);
        let seconds = self.tokens.access.saturating_add(2 * leeway);
        now.saturating_add(seconds.saturating_mul(1000))
    }
}
