//! What must be remembered beyond one request: which tokens are revoked, and which sessions may be renewed.
//!
//! One trait, two homes: [`Memory`] forgets when the process ends, [`Folder`] does not. Both decide with the same
//! [`state::State`]. A store that does not answer denies: whoever asks it makes a 503 of [`StoreError`] (P18).
//!
//! Names and secrets are kept as SHA-256 only (P34): whoever reads the folder can present nothing of it.

mod folder;
mod log;
mod memory;
mod record;
mod state;

#[cfg(test)]
mod tests;

use aws_lc_rs::digest::{Context, SHA256};

use crate::door::BoxFuture;

pub(crate) use folder::Folder;
pub(crate) use memory::Memory;

/// Milliseconds since 1970.
pub(crate) type Millis = u64;

/// Names a session to the store, and is its `sid` as the bytes of a UUID.
pub(crate) type SessionId = [u8; 16];

/// SHA-256 of a name or a secret, told apart by what it is of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Digest(pub [u8; 32]);

impl Digest {
    /// A token, by its `jti`.
    pub(crate) fn token(jti: &str) -> Self {
        Digest::of(b't', jti.as_bytes())
    }

    /// A session, by its `sid`.
    pub(crate) fn session(sid: &str) -> Self {
        Digest::of(b's', sid.as_bytes())
    }

    pub(crate) fn subject(subject: &str) -> Self {
        Digest::of(b'u', subject.as_bytes())
    }

    /// A part of a refresh token.
    pub(crate) fn secret(secret: &[u8]) -> Self {
        Digest::of(b'r', secret)
    }

    fn of(tag: u8, text: &[u8]) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[tag]);
        context.update(text);
        let mut digest = [0; 32];
        digest
            .iter_mut()
            .zip(context.finish().as_ref())
            .for_each(|(to, from)| *to = *from);
        Digest(digest)
    }
}

/// Remembers, and answers whether something is revoked.
pub(crate) trait Store: Send + Sync {
    /// Whether any name of a token is revoked. Asked on every request, so it is answered from memory, at once.
    fn is_revoked(&self, asked: &Asked<'_>) -> Result<bool, StoreError>;

    /// One step, whole or not at all, and remembered before it is answered. Two that contradict each other come one
    /// after the other.
    fn change(&self, change: Change, now: Millis) -> BoxFuture<'_, Result<Outcome, StoreError>>;

    /// From now on it cannot be written, or it can again.
    #[cfg(any(test, feature = "testing"))]
    fn fail(&self, failing: bool);
}

/// A verified token, by the names it can be revoked by.
///
/// The names as they are: where nothing of the kind is revoked, nothing need be hashed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Asked<'a> {
    pub token: Option<&'a str>,
    pub session: Option<&'a str>,
    /// With the second it was issued in, if it says so.
    pub subject: Option<(&'a str, Option<u64>)>,
    pub now: Millis,
}

/// What may happen to what is remembered.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// One token is no good any more; `until` it would have ended by itself.
    Token { token: Digest, until: Millis },
    /// No token of a session is, nor can it be renewed.
    Session {
        session: Digest,
        id: Option<SessionId>,
        until: Millis,
    },
    /// No token issued to a subject at or before the second `moment` is, nor can its sessions be renewed (ruling 103).
    Subject {
        subject: Digest,
        moment: u64,
        until: Millis,
    },
    /// A session begins.
    Open(Box<Session>),
    /// A refresh token is presented for another.
    Rotate(Box<Rotation>),
    /// A session ends for good, and with it one token: a logout (P36).
    Close {
        id: Option<SessionId>,
        token: Option<(Digest, Millis)>,
    },
    /// A refresh token is given back: its session ends with all its tokens (RFC 7009 §2.1).
    Return {
        id: SessionId,
        proof: Digest,
        until: Millis,
    },
}

/// A family of refresh tokens, of which one is good at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub id: SessionId,
    /// Of what all its refresh tokens have in common: only who had one of them has it.
    pub proof: Digest,
    /// Of the refresh token that is good.
    pub current: Digest,
    /// Of the one before it, and when it was presented.
    pub previous: Option<(Digest, Millis)>,
    /// It ends then, however often it is renewed.
    pub ends: Millis,
    /// It ends then if it is not renewed.
    pub idle: Millis,
    pub grant: Grant,
}

/// What the tokens of a session say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Grant {
    pub subject: String,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
    pub tenant: Option<String>,
    /// When the password or whatever it was was given, in seconds since 1970: renewing does not count.
    pub authenticated: u64,
    /// How (`acr`).
    pub class: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Rotation {
    pub id: SessionId,
    pub proof: Digest,
    pub presented: Digest,
    /// What it is presented for.
    pub next: Digest,
    /// How long the one before may come again for the same successor, because an answer was lost (P32).
    pub grace: Millis,
    /// How long the session lasts from now on if it is not renewed.
    pub idle: Millis,
    /// Until when the access tokens of the session would last.
    pub until: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// The successor is good now, or it is already (P32).
    Renewed(Grant),
    /// A refresh token came again after it was presented for another: one of two holders is a thief, and the session is
    /// over for both (P30).
    Reused(Grant),
    /// No session that lasts has such a token.
    Unknown,
}

/// Nothing can be said, so nothing may be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// It cannot be read or written at the moment.
    Broken,
    /// There is no room for more.
    Full,
}

impl StoreError {
    /// The reason in the event.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            StoreError::Broken => "store",
            StoreError::Full => "storeFull",
        }
    }
}
