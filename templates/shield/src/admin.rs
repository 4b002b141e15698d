//! Control of a running service through a Unix socket (ruling 66): one line of JSON there, one line back.
//!
//! Who may connect is who may write to the socket: its folder is made for the owner alone, so is the socket, and the other
//! side must run as the owner or as root. Everything said here is about revocation, so a document without any has no
//! socket.

#[cfg(unix)]
mod client;
#[cfg(unix)]
mod server;

use crate::events::hash_object;
use crate::shield::Shield;
use crate::spec::Revocation;
use crate::store::{Change, Digest, Millis, StoreError};

#[cfg(unix)]
pub(crate) use client::send;
#[cfg(unix)]
pub(crate) use server::{Listening, listen};

/// The answer to an order that was carried out.
#[cfg(unix)]
const DONE: &str = "done";

/// What is revoked, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub by: Name,
    pub name: String,
    /// Seconds; `None`: until no token can be left.
    pub ttl: Option<u64>,
}

/// By what a token is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Jti,
    Subject,
    Session,
}

impl Name {
    pub(crate) const ALL: [Name; 3] = [Name::Jti, Name::Subject, Name::Session];

    /// As the document writes it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Name::Jti => "jti",
            Name::Subject => "subject",
            Name::Session => "session",
        }
    }

    /// Whether the document lets tokens be revoked by it.
    pub(crate) const fn is_in(self, by: &Revocation) -> bool {
        match self {
            Name::Jti => by.jti,
            Name::Subject => by.subject,
            Name::Session => by.session,
        }
    }
}

impl Shield {
    /// Revokes, from the next request on.
    pub(crate) async fn revoke(&self, order: &Order) -> Result<(), StoreError> {
        let now = self.now();
        let until = match order.ttl {
            Some(ttl) => now.saturating_add(ttl.saturating_mul(1000)),
            None => self.longest(now),
        };
        let change = match order.by {
            Name::Jti => Change::Token {
                token: Digest::token(&order.name),
                until,
            },
            Name::Session => Change::Session {
                session: Digest::session(&order.name),
                id: uuid::Uuid::parse_str(&order.name)
                    .ok()
                    .map(uuid::Uuid::into_bytes),
                until,
            },
            Name::Subject => Change::Subject {
                subject: Digest::subject(&order.name),
                moment: now / 1000,
                until,
            },
        };
        let store = self.inner().store.as_deref().ok_or(StoreError::Broken)?;
        store.change(change, now).await?;
        self.ordered(order.by.word(), &hash_object(order.by.word(), &order.name));
        Ok(())
    }

    /// When the last token will have ended that is good now: it may have been issued as late as the clocks allow, and is
    /// taken as long after its end as they allow.
    pub(crate) fn longest(&self, now: Millis) -> Millis {
        let schemes = self.inner().spec.schemes.iter();
        let longest = schemes.map(|scheme| {
            scheme
                .max_lifetime
                .saturating_add(2 * u64::from(scheme.leeway))
        });
        let seconds = longest.max().unwrap_or_default();
        now.saturating_add(seconds.saturating_mul(1000))
    }
}
