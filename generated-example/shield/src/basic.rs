//! HTTP Basic (RFC 7617): a user and a password in every request, which a hook of the person's knows or does not.
//!
//! What is presented is read strictly and handed on as secrets. The hook says who it is; that is all it decides. It is asked
//! in `enter::ask`, before the guard of an operation that takes a password, and never for any other.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::door::BoxFuture;
use crate::refusal::Fault;
use crate::secret::Secret;
use crate::spec::{Role, RoleSet};

/// User, colon and password, in bytes. What is decoded is no longer than a header field may be.
const LONGEST: usize = 1024;

/// What somebody presented who wants in. Nothing of it is known to be true.
pub struct Attempt {
    /// Who they say they are. Never empty, without control characters and colons.
    pub user: Secret,
    /// How they prove it. Never empty, without control characters.
    pub password: Secret,
}

impl Attempt {
    /// Whether the password is the one that was hashed. Where there is no such user, pass `None`: it is `false`, and takes
    /// as long, so that nobody learns who has an account. Only a few are computed at a time, of the whole process.
    ///
    /// # Errors
    ///
    /// `stored` is no Argon2id in the PHC format.
    #[cfg(feature = "passwords")]
    pub async fn verify_password(&self, stored: Option<&str>) -> Result<bool, Fault> {
        crate::issue::password::verify(stored, &self.password).await
    }
}

/// Who was recognized by a password.
///
/// ```
/// let known = shield::Known::of("staff-7").tenant("north");
/// ```
#[derive(Clone)]
pub struct Known {
    pub(crate) subject: Box<str>,
    pub(crate) roles: RoleSet,
    pub(crate) tenant: Option<Box<str>>,
}

impl Known {
    /// The subject: an id of yours that is never given to somebody else, not the name they sign in with (P17).
    pub fn of(subject: impl Into<String>) -> Self {
        Known {
            subject: subject.into().into(),
            roles: 0,
            tenant: None,
        }
    }

    /// Holds a role of the document, and with it all that it includes.
    #[must_use]
    pub fn role(mut self, role: impl Into<Held>) -> Self {
        self.roles |= role.into().0;
        self
    }

    /// Belongs to a tenant.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into().into());
        self
    }

    /// With all that the roles include, or why it is nobody.
    pub(crate) fn checked(mut self, declared: &[Role]) -> Result<Self, Fault> {
        if !is_name(&self.subject) || self.tenant.as_deref().is_some_and(|name| !is_name(name)) {
            return Err(Fault::new(
                "a subject or a tenant of a hook is empty, too long, or has control characters",
            ));
        }
        let own = declared.iter().enumerate();
        let own = own.filter(|(bit, _)| self.roles >> bit & 1 == 1);
        self.roles = own.fold(0, |held, (_, role)| held | role.holds);
        Ok(self)
    }
}

/// A declared role, as generated code numbers it.
pub struct Held(RoleSet);

impl Held {
    /// For generated code: the bit of one role.
    pub const fn of(bit: RoleSet) -> Self {
        Held(bit)
    }
}

/// Shows the subject only, as a caller does.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// What generated code provides where some operation takes passwords: the hooks, by index into `Spec::passwords`.
pub trait Passwords: Send + Sync {
    fn verify(
        &self,
        scheme: usize,
        attempt: Attempt,
    ) -> BoxFuture<'_, Result<Option<Known>, Fault>>;
}

/// Whether it can be the name of somebody.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// What follows the scheme word, which is compared without regard to case (RFC 9110 §11.1). `None`: another scheme.
pub(crate) fn credentials(value: &[u8]) -> Option<&[u8]> {
    let (word, mut rest) = value.split_at_checked("Basic".len())?;
    if !word.eq_ignore_ascii_case(b"Basic") || rest.first().is_some_and(|byte| *byte != b' ') {
        return None;
    }
    while let Some(after) = rest.strip_prefix(b" ") {
        rest = after;
    }
    Some(rest)
}

/// Reads `user:password` in base64. There is one way to write it: the alphabet of RFC 4648 §4 with all its padding, no bit
/// more; UTF-8, which the challenge asks for; the first colon divides. An empty user is nobody, and to some directories an
/// empty password is one that is always good.
pub(crate) fn parse(encoded: &[u8]) -> Option<Attempt> {
    let decoded = Zeroizing::new(STANDARD.decode(encoded).ok()?);
    // guard: password-size
    if decoded.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(&decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    // guard: password-text
    if text.chars().any(char::is_control) {
        return None;
    }
    // guard: password-empty
    if user.is_empty() || password.is_empty() {
        return None;
    }
    Some(Attempt {
        user: Secret::new(user),
        password: Secret::new(password),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Option<(String, String)> {
        let attempt = parse(STANDARD.encode(text).as_bytes())?;
        let both = (attempt.user.expose(), attempt.password.expose());
        Some((both.0.to_owned(), both.1.to_owned()))
    }

    fn pair(user: &str, password: &str) -> Option<(String, String)> {
        Some((user.to_owned(), password.to_owned()))
    }

    #[test]
    fn the_scheme_word() {
        assert_eq!(credentials(b"Basic YTpi"), Some(&b"YTpi"[..]));
        assert_eq!(credentials(b"bASIC  YTpi"), Some(&b"YTpi"[..]));
        assert_eq!(credentials(b"Basic"), Some(&b""[..]));
        for other in [&b"Bearer YTpi"[..], b"Basica", b"Basi", b"", b"Basic\tYTpi"] {
            assert_eq!(credentials(other), None);
        }
    }

    #[test]
    fn the_first_colon_divides() {
        // RFC 7617 §2 and §2.1.
        let written = parse(b"QWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
        assert_eq!(written.user.expose(), "Aladdin");
        assert_eq!(written.password.expose(), "open sesame");
        let written = parse(b"dGVzdDoxMjPCow==").unwrap();
        assert_eq!(written.password.expose(), "123\u{a3}");
        assert_eq!(read(b"a:b:c"), pair("a", "b:c"));
        assert_eq!(read(b"a::"), pair("a", ":"));
    }

    #[test]
    fn there_is_one_way_to_write_it() {
        assert!(parse(b"YTpi").is_some());
        let others = [
            // Another alphabet, padding left out, too much of it, bits behind the last byte, something before or after.
            &b"YTo_"[..],
            b"YTpiYg",
            b"YTpiYg=",
            b"YTpi====",
            b"YTpiYh==",
            b"YTpi ",
            b" YTpi",
            b"YTpi\n",
            b"YTpi,YTpi",
            b"",
        ];
        for other in others {
            assert!(parse(other).is_none(), "{other:?}");
        }
        assert!(parse(b"YTo/").is_some());
        assert!(parse(b"YTpiYg==").is_some());
    }

    #[test]
    fn what_is_no_pair_is_nothing() {
        for other in [
            &b"no colon"[..],
            b":b",
            b"a:",
            b":",
            b"",
            b"a:b\0",
            b"a\n:b",
            b"a:b\x7f",
            b"a:b\xc2\x85",
            b"a:\xff",
            b"\xe4:b",
        ] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }

    #[test]
    fn it_is_at_most_a_kibibyte() {
        let most = |size: usize| read(format!("a:{}", "x".repeat(size - 2)).as_bytes());
        assert!(most(1024).is_some());
        assert!(most(1025).is_none());
    }

    // requirement: P99
    #[test]
    fn who_is_known_has_a_name_and_the_roles_of_the_document() {
        const ROLES: &[Role] = &[
            Role {
                name: "member",
                holds: 0b01,
            },
            Role {
                name: "admin",
                holds: 0b11,
            },
        ];
        let known = |known: Known| known.checked(ROLES).ok();
        assert_eq!(known(Known::of("a")).unwrap().roles, 0);
        assert_eq!(
            known(Known::of("a").role(Held::of(0b01))).unwrap().roles,
            0b01
        );
        assert_eq!(
            known(Known::of("a").role(Held::of(0b10))).unwrap().roles,
            0b11
        );
        // Bits that no role has are nothing.
        assert_eq!(
            known(Known::of("a").role(Held::of(0b100))).unwrap().roles,
            0
        );
        for nobody in [
            Known::of(""),
            Known::of("a\n"),
            Known::of("x".repeat(256)),
            Known::of("a").tenant(""),
        ] {
            assert!(known(nobody).is_none());
        }
    }
}
