//! `token`, and the tokens `dev` prints. In a release build neither exists.

use std::process::ExitCode;

use crate::config::Config;
use crate::spec::Spec;

use super::arguments::Token;

#[cfg(any(debug_assertions, feature = "testing"))]
mod made {
    use super::*;
    use crate::dev::TokenRequest;
    use crate::say::say;
    use crate::spec::Scheme;

    /// How long tokens are good that nobody asked a time for, in seconds.
    const USUAL: u64 = 900;
    /// The tokens of `dev` last an hour where the document lets them.
    const LONG: u64 = 3_600;

    /// Prints one token on stdout and nothing else.
    pub fn token(spec: &'static Spec, token: Token) -> ExitCode {
        let scheme = match chosen(spec, token.scheme.as_deref()) {
            Ok(scheme) => scheme,
            Err(message) => return super::super::usage(&message),
        };
        if let Some(role) = token
            .roles
            .iter()
            .find(|role| !spec.roles.iter().any(|known| known.name == role.as_str()))
        {
            return super::super::usage(&format!("the document declares no role `{role}`"));
        }
        let ttl = token.ttl.unwrap_or(USUAL.min(scheme.max_lifetime));
        if ttl > scheme.max_lifetime {
            say!(
                "warning: the service refuses this token: {} allows {}s at most",
                scheme.name,
                scheme.max_lifetime
            );
        }
        let request = TokenRequest {
            subject: token.subject,
            roles: token.roles,
            scopes: token.scopes,
            tenant: token.tenant,
            claims: token.claims,
            ttl,
        };
        let minter = match Config::for_development().and_then(|config| config.minter(scheme)) {
            Ok(minter) => minter,
            Err(error) => return super::super::refuse(&error),
        };
        match minter.token(&request, super::super::now()) {
            Ok(token) => {
                crate::say::to_stdout(format_args!("{token}"));
                ExitCode::SUCCESS
            }
            Err(error) => super::super::usage(&error.to_string()),
        }
    }

    fn chosen(spec: &'static Spec, name: Option<&str>) -> Result<&'static Scheme, String> {
        match name {
            Some(name) => spec
                .schemes
                .iter()
                .find(|scheme| scheme.name == name)
                .ok_or_else(|| format!("there is no scheme `{name}`")),
            None => spec
                .schemes
                .first()
                .ok_or_else(|| "the document has no scheme that tokens are for".to_owned()),
        }
    }

    /// One token without roles and one for each role. On stderr, as stdout is for events (ruling 67).
    pub fn announce(spec: &'static Spec, config: &Config) {
        for scheme in spec.schemes {
            let minter = match config.minter(scheme) {
                Ok(minter) => minter,
                Err(error) => {
                    say!("no tokens for {}: {error}", scheme.name);
                    continue;
                }
            };
            let ttl = LONG.min(scheme.max_lifetime);
            say!(
                "\ntokens for {}, good for {}s; send one as `Authorization: Bearer …`",
                scheme.name,
                ttl
            );
            for role in std::iter::once(None).chain(spec.roles.iter().map(|role| Some(role.name))) {
                let request = TokenRequest {
                    subject: format!("dev-{}", role.unwrap_or("user")),
                    roles: role.map(str::to_owned).into_iter().collect(),
                    tenant: Some("dev-tenant".to_owned()),
                    ttl,
                    ..TokenRequest::default()
                };
                match minter.token(&request, super::super::now()) {
                    Ok(token) => {
                        let holder =
                            role.map_or("no role".to_owned(), |role| format!("role {role}"));
                        say!(
                            "\n# {holder}, subject {}, tenant dev-tenant\n{token}",
                            request.subject
                        );
                    }
                    Err(error) => say!("no token: {error}"),
                }
            }
        }
        say!("");
    }
}

#[cfg(any(debug_assertions, feature = "testing"))]
pub(super) use made::{announce, token};

#[cfg(not(any(debug_assertions, feature = "testing")))]
pub(super) fn token(_: &'static Spec, _: Token) -> ExitCode {
    super::usage("`token` exists in debug builds only; this is a release build")
}

#[cfg(not(any(debug_assertions, feature = "testing")))]
pub(super) fn announce(_: &'static Spec, _: &Config) {}
