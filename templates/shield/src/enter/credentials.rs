//! Credentials: bearer tokens and passwords in the one field for them (P19, P20; ruling 24), API keys each in the one place
//! that is declared, certificates in the handshake of their connection. A token in the query is no credential.
//!
//! Most operations take one kind of token, and their way is short. What several schemes make together is decided in
//! [`several`].

mod several;

use std::borrow::Cow;

use http::header::{AUTHORIZATION, COOKIE};

use crate::auth::Identity;
use crate::basic;
use crate::exchange::Exchange;
use crate::input::percent;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::shield::Shield;
use crate::spec::{Carrier, Credential, Need, Needs};

/// What a request carries in one place.
enum Presented<'a> {
    Nothing,
    /// Something that no scheme of the operation reads.
    Foreign,
    Value(Cow<'a, [u8]>),
}

/// A caller, and the alternative that was taken: its roles and scopes are still to be looked at.
pub(super) type Met = (Identity, &'static Need);

/// Nothing was presented, or not all that belongs together (P1).
pub(super) fn missing(needs: Needs) -> Refusal {
    failed(needs, None, AuthReason::Missing)
}

fn failed(needs: Needs, by: Option<Credential>, reason: AuthReason) -> Refusal {
    Refusal::new(Kind::Unauthenticated { needs, by, reason })
}

impl Shield {
    /// Who calls, by the schemes the operation needs. `None`: nothing at all was presented.
    ///
    /// # Errors
    ///
    /// 401; 400 for two credentials in one place; 503 where a store is asked and does not answer.
    pub(super) fn authenticate(&self, needs: Needs, x: &Exchange) -> Result<Option<Met>, Refusal> {
        let Needs([only]) = needs else {
            return self.several(needs, x);
        };
        let &[credential] = only.credentials() else {
            return self.several(needs, x);
        };
        match self.presented(credential, x)? {
            Presented::Nothing => Ok(None),
            Presented::Foreign => Err(missing(needs)),
            Presented::Value(value) => match self.good(credential, &value, x)? {
                Ok(identity) => Ok(Some((identity, only))),
                Err(reason) => Err(failed(needs, Some(credential), reason)),
            },
        }
    }

    /// What stands where the scheme looks.
    ///
    /// # Errors
    ///
    /// 400 for two of them: which would count is a guess.
    fn presented<'x>(
        &self,
        credential: Credential,
        x: &'x Exchange,
    ) -> Result<Presented<'x>, Refusal> {
        let carrier = match credential {
            Credential::Token(_) | Credential::Password(_) => {
                let ours = match credential {
                    Credential::Password(_) => basic::credentials,
                    _ => bearer,
                };
                return Ok(match one(x.headers().get_all(AUTHORIZATION).iter())? {
                    None => Presented::Nothing,
                    Some(value) => match ours(value.as_bytes()) {
                        Some(value) => Presented::Value(Cow::Borrowed(value)),
                        None => Presented::Foreign,
                    },
                });
            }
            Credential::Certificate(_) => {
                let own = x.wire.as_ref().and_then(|wire| wire.chain.first());
                return Ok(own.map_or(Presented::Nothing, |own| {
                    Presented::Value(Cow::Borrowed(own))
                }));
            }
            Credential::Key(key) => self.inner().spec.keys.get(key).map(|each| each.carrier),
        };
        let found = match carrier {
            Some(Carrier::Header(name)) => {
                let value = one(x.headers().get_all(name).iter())?;
                value.map(|value| Cow::Borrowed(value.as_bytes()))
            }
            Some(Carrier::Cookie(name)) => {
                let lines = x.headers().get_all(COOKIE).iter();
                let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
                let named = pairs.filter_map(|pair| cookie(pair.trim_ascii(), name.as_bytes()));
                one(named)?.map(Cow::Borrowed)
            }
            Some(Carrier::Query(name)) => one(in_query(x.head.uri.query(), name))?.transpose()?,
            // A scheme that is not there lets nobody in.
            None => return Ok(Presented::Foreign),
        };
        Ok(found.map_or(Presented::Nothing, Presented::Value))
    }

    /// Whether something stands there that the scheme reads.
    ///
    /// # Errors
    ///
    /// 400 for two of them.
    pub(super) fn is_presented(
        &self,
        credential: Credential,
        x: &Exchange,
    ) -> Result<bool, Refusal> {
        let presented = self.presented(credential, x)?;
        Ok(matches!(presented, Presented::Value(_)))
    }

    /// Whether all that was presented is good, passwords left out.
    pub(super) fn others_are_good(&self, all: &[(Credential, bool)], x: &Exchange) -> bool {
        let good = |credential: Credential| match self.presented(credential, x) {
            Ok(Presented::Value(value)) => matches!(self.good(credential, &value, x), Ok(Ok(_))),
            _ => false,
        };
        let mut others = all
            .iter()
            .filter(|(_, value)| *value)
            .map(|(each, _)| *each);
        others.all(|each| {
            let beside = all.iter().map(|(other, _)| *other);
            matches!(each, Credential::Password(_))
                || beside
                    .filter(|other| several::same_place(each, *other, self.inner().spec))
                    .any(good)
        })
    }

    /// Verified, and not taken back since. Outer `Err`: 503, for want of an answer.
    fn good(
        &self,
        credential: Credential,
        value: &[u8],
        x: &Exchange,
    ) -> Result<Result<Identity, AuthReason>, Refusal> {
        let now = self.inner().clock.unix();
        let identity = match self.verified(credential, value, x, now.as_secs()) {
            Ok(identity) => identity,
            Err(reason) => return Ok(Err(reason)),
        };
        // A key is taken back by taking it off its list, a password by the hook, a certificate by its authority.
        if let Credential::Token(_) = credential
            && let Err(reason) = self.in_force(&identity, now)?
        {
            return Ok(Err(reason));
        }
        Ok(Ok(identity))
    }

    /// A scheme without a verifier lets nobody in.
    fn verified(
        &self,
        credential: Credential,
        value: &[u8],
        x: &Exchange,
        now: u64,
    ) -> Result<Identity, AuthReason> {
        let inner = self.inner();
        match credential {
            Credential::Token(at) => match inner.verifiers.get(at) {
                Some(verifier) => verifier.verify(value, now),
                None => Err(AuthReason::Key),
            },
            Credential::Key(at) => match inner.keys.get(at) {
                Some(keys) => keys.verify(value, now),
                None => Err(AuthReason::Key),
            },
            // By what its hook said, which was asked before.
            Credential::Password(at) => {
                let asked = x.asked.as_ref().ok_or(AuthReason::Key)?;
                let scheme = inner.spec.passwords.get(at).ok_or(AuthReason::Key)?;
                Ok(Identity::of_password(scheme, asked.known(at)?))
            }
            Credential::Certificate(at) => {
                let wire = x.wire.as_ref().ok_or(AuthReason::Missing)?;
                let tls = self.tls().ok_or(AuthReason::Key)?;
                tls.caller(at, &wire.chain, now)
            }
        }
    }
}

/// The only one, if there is one.
fn one<T>(mut given: impl Iterator<Item = T>) -> Result<Option<T>, Refusal> {
    let first = given.next();
    // guard: credential-once
    if given.next().is_some() {
        return Err(malformed("duplicate"));
    }
    Ok(first)
}

fn malformed(code: &'static str) -> Refusal {
    Refusal::new(Kind::Malformed {
        code,
        errors: Vec::new(),
    })
}

/// What follows the scheme word, which is compared without regard to case (RFC 9110 §11.1). `None`: another scheme.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (word, rest) = value.split_at_checked("Bearer".len())?;
    if !word.eq_ignore_ascii_case(b"Bearer") {
        return None;
    }
    match rest {
        [] => Some(rest),
        [b' ', ..] => Some(rest.trim_ascii_start()),
        _ => None,
    }
}

/// The value of a pair `name=value` (RFC 6265 §4.2.1), as it stands.
fn cookie<'a>(pair: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    pair.strip_prefix(name)?.strip_prefix(b"=")
}

/// Values of that name in a query; a name that cannot be decoded is none of ours, and is refused with the parameters.
fn in_query<'a>(
    query: Option<&'a str>,
    wanted: &'static str,
) -> impl Iterator<Item = Result<Cow<'a, [u8]>, Refusal>> {
    let pairs = query.unwrap_or_default().split('&');
    pairs.filter_map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if percent::query(name).ok()? != wanted {
            return None;
        }
        Some(match percent::query(value) {
            Ok(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.as_bytes())),
            Ok(Cow::Owned(text)) => Ok(Cow::Owned(text.into_bytes())),
            Err(code) => Err(malformed(code)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{bearer, cookie};

    #[test]
    fn the_scheme_word() {
        assert_eq!(bearer(b"Bearer a.b.c"), Some(&b"a.b.c"[..]));
        assert_eq!(bearer(b"bEARER  a"), Some(&b"a"[..]));
        assert_eq!(bearer(b"Bearer"), Some(&b""[..]));
        assert_eq!(bearer(b"Bearer a b"), Some(&b"a b"[..]));
        for other in [&b"Basic YTpi"[..], b"Bearera", b"Bear", b"", b"Bearer\ta"] {
            assert_eq!(bearer(other), None);
        }
    }

    #[test]
    fn a_cookie_is_named_exactly() {
        assert_eq!(cookie(b"key=a=b", b"key"), Some(&b"a=b"[..]));
        assert_eq!(cookie(b"key=", b"key"), Some(&b""[..]));
        for other in [&b"Key=a"[..], b"key", b"keys=a", b"a-key=a", b""] {
            assert_eq!(cookie(other, b"key"), None);
        }
    }
}
