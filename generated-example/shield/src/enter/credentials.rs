//! Credentials: a bearer token in the one field for it (P19, P20; ruling 24). A token in the query is no credential.

use http::header::AUTHORIZATION;

use crate::auth::Identity;
use crate::exchange::Exchange;
use crate::refusal::{AuthReason, Kind, Refusal};
use crate::shield::Shield;
use crate::spec::Need;

impl Shield {
    /// Who calls, by the scheme the operation needs.
    pub(super) fn authenticate(&self, need: &Need, x: &Exchange) -> Result<Identity, Refusal> {
        let failed = |reason| {
            Refusal::new(Kind::Unauthenticated {
                scheme: need.scheme,
                reason,
            })
        };
        let mut given = x.headers().get_all(AUTHORIZATION).iter();
        let Some(value) = given.next() else {
            return Err(failed(AuthReason::Missing));
        };
        // guard: authorization-once
        if given.next().is_some() {
            return Err(Refusal::new(Kind::Malformed {
                code: "duplicate",
                errors: Vec::new(),
            }));
        }
        let token = bearer(value.as_bytes()).ok_or_else(|| failed(AuthReason::Missing))?;
        let inner = self.inner();
        // A scheme without a verifier lets nobody in.
        let verifier = inner
            .verifiers
            .get(need.scheme)
            .ok_or_else(|| failed(AuthReason::Key))?;
        verifier
            .verify(token, inner.clock.unix().as_secs())
            .map_err(failed)
    }
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

#[cfg(test)]
mod tests {
    use super::bearer;

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
}
