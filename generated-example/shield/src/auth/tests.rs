//! Tokens good and bad, each bad in exactly one respect, with the reason the log would give.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod api_keys;
mod claims;
mod header;
mod keys;
mod signature;
mod times;
mod vectors;

use serde_json::{Value as Json, json};

use super::Given;
use super::{AuthReason, Identity, Verifier};
use crate::dev::Signer;
use crate::spec::{Claims, Holds, Limits, Role, Scheme, Setting, Spec, Upkeep};

pub(super) const NOW: u64 = 1_800_000_000;
pub(super) const ISSUER: &str = "https://id.example.com";
pub(super) const AUDIENCE: &str = "clinic-api";

static SPEC: Spec = Spec {
    title: "Test",
    version: "1",
    realm: "Test",
    roles: &[
        Role {
            name: "patient",
            holds: 0b001,
        },
        Role {
            name: "clinician",
            holds: 0b010,
        },
        Role {
            name: "admin",
            holds: 0b110,
        },
    ],
    schemes: &[],
    keys: &[],
    passwords: &[],
    principal: &[],
    quotas: &[],
    revocation: None,
    tokens: None,
    cors: None,
    tls: None,
    limits: Limits {
        uri: 8192,
        header_bytes: 16384,
        header_count: 64,
        header_timeout: 10_000,
        connections: 16,
        per_ip: 16,
        ip_rate: (3000, 60),
        concurrency: 16,
        json_depth: 32,
    },
    operations: &[],
};

pub(super) fn scheme(algorithms: &'static [&'static str]) -> Scheme {
    Scheme {
        name: "login",
        issuer: Setting::Literal(ISSUER),
        audience: &[Setting::Literal(AUDIENCE), Setting::Literal("other-api")],
        algorithms,
        keys: Setting::Env("LOGIN_KEYS"),
        access_token: true,
        leeway: 30,
        max_lifetime: 3_600,
        max_bytes: 8_192,
        holds: Holds::Anything,
        upkeep: Upkeep {
            refresh: 600,
            cooldown: 60,
            private: false,
        },
        claims: Claims {
            subject: "/sub",
            roles: "/roles",
            scopes: "/scope",
            tenant: "/tenant",
            session: "/sid",
        },
    }
}

pub(super) fn verifier(scheme: Scheme, keys: &str) -> Result<Verifier, crate::config::ConfigError> {
    let audience = vec![AUDIENCE.to_owned(), "other-api".to_owned()];
    Verifier::new(
        Box::leak(Box::new(scheme)),
        &SPEC,
        given(keys),
        ISSUER.to_owned(),
        audience,
        false,
    )
}

pub(super) fn given(text: &str) -> Given<'_> {
    Given {
        text,
        file: None,
        vault: None,
    }
}

/// A key, and the verifier that trusts it.
pub(super) struct Bench {
    pub signer: Signer,
    pub verifier: Verifier,
}

impl Bench {
    pub fn new() -> Self {
        Bench::of(scheme(&["EdDSA"]))
    }

    pub fn of(scheme: Scheme) -> Self {
        let signer = Signer::generate(scheme.algorithms[0]).unwrap();
        let verifier = verifier(scheme, &signer.key_text()).unwrap();
        Bench { signer, verifier }
    }

    pub fn header(&self) -> Json {
        let mut header = json!({"alg": self.signer.algorithm(), "typ": "at+jwt"});
        if let Some(kid) = self.signer.kid() {
            header["kid"] = kid.into();
        }
        header
    }

    pub fn token(&self, header: &Json, claims: &Json) -> String {
        self.signer.sign(&header.to_string(), &claims.to_string())
    }

    pub fn verify(&self, token: &str) -> Result<Identity, AuthReason> {
        self.verifier.verify(token.as_bytes(), NOW)
    }

    /// Verifies good claims after `change`.
    pub fn with_claims(&self, change: impl FnOnce(&mut Json)) -> Result<Identity, AuthReason> {
        let mut claims = good();
        change(&mut claims);
        self.verify(&self.token(&self.header(), &claims))
    }

    /// Verifies a good header after `change`.
    pub fn with_header(&self, change: impl FnOnce(&mut Json)) -> Result<Identity, AuthReason> {
        let mut header = self.header();
        change(&mut header);
        self.verify(&self.token(&header, &good()))
    }

    /// Verifies exactly these texts.
    pub fn with_texts(&self, header: &str, claims: &str) -> Result<Identity, AuthReason> {
        self.verify(&self.signer.sign(header, claims))
    }
}

pub(super) fn good() -> Json {
    json!({
        "iss": ISSUER, "sub": "ann", "aud": AUDIENCE, "iat": NOW, "exp": NOW + 600, "jti": "t1",
        "roles": ["clinician"], "scope": "a:read b:write", "tenant": "north", "sid": "s1",
    })
}

pub(super) fn reason(result: Result<Identity, AuthReason>) -> Option<AuthReason> {
    result.err()
}
