//! `auth`: how the credentials of a security scheme are verified.

use super::super::gaps;
use super::Value::{
    Either, List, Mapping as Of, OneOrMore, Size, Syntax as Form, Text, True, Words,
};
use super::syntax::{KEY_PREFIX, LEEWAY, LITERAL, POINTER, REFERENCE, ROLE_NAME, SECONDS};
use super::{Mapping, Word, core, gap, word};

/// A clock that is a minute off is broken (X-SECURITY.md).
pub const MOST_LEEWAY: u64 = 60;
/// No request has more in its header.
pub const MOST_TOKEN_BYTES: u64 = 1 << 20;

/// The JWA registry: what is verified, and what is not yet.
pub const ALGORITHMS: &[Word] = &[
    word("HS256", "HMAC with a shared secret of at least 32 bytes"),
    word("HS384", "the same with 48 bytes"),
    word("HS512", "the same with 64 bytes"),
    word("RS256", "RSA PKCS#1 v1.5"),
    word("RS384", "RSA PKCS#1 v1.5"),
    word("RS512", "RSA PKCS#1 v1.5"),
    word("PS256", "RSA-PSS"),
    word("PS384", "RSA-PSS"),
    word("PS512", "RSA-PSS"),
    word("ES256", "ECDSA over P-256"),
    word("ES384", "ECDSA over P-384"),
    word("ES512", "ECDSA over P-521"),
    word("EdDSA", "Ed25519"),
    word("Ed25519", "Ed25519 by its own name"),
    gap("ES256K", &gaps::ALGORITHM, "ECDSA over secp256k1"),
    gap("Ed448", &gaps::ALGORITHM, "Ed448"),
];

pub const PROFILES: &[Word] = &[
    word("accessToken", "RFC 9068: the header says `typ: at+jwt`"),
    word("jwt", "any JWT"),
];

pub static ENTRY: Mapping = Mapping {
    what: "an entry of `auth`",
    name: "auth",
    meaning: "How the bearer tokens (JWT) of one security scheme are verified: `http` with `bearer`, `oauth2` or `openIdConnect`.",
    filled: false,
    keys: &[
        core(
            "issuer",
            Either(&[Form(&LITERAL), Form(&REFERENCE)]),
            "Who signs the tokens: exactly their `iss`.",
        )
        .required(),
        core(
            "audience",
            OneOrMore(&Either(&[Form(&LITERAL), Form(&REFERENCE)])),
            "Whom the tokens are for: one of these is in their `aud`.",
        )
        .required(),
        core(
            "algorithms",
            List(&Words(ALGORITHMS)),
            "What the tokens are signed with; all of one family, secret or public keys, also across entries of one issuer; with a secret, one.",
        )
        .required(),
        core(
            "keys",
            Either(&[Form(&REFERENCE), Of(&KEYS)]),
            "What verifies the signature: a reference to a JWK set, the `https://` address of one, PEM, or with HS algorithms a secret; it is told by its content.",
        )
        .required(),
        core("profile", Words(PROFILES), "What kind of token is taken.").or("accessToken"),
        core(
            "leeway",
            Form(&LEEWAY),
            "How far the clocks of issuer and service may be apart.",
        )
        .or("30s"),
        core(
            "maxLifetime",
            Form(&SECONDS),
            "The longest time between `iat` and `exp` that is believed.",
        )
        .or("60m"),
        core(
            "claims",
            Of(&CLAIMS),
            "Where a token says who the caller is.",
        )
        .else_("each key has its own"),
        core(
            "maxBytes",
            Size { most: MOST_TOKEN_BYTES },
            "The longest token that is looked at.",
        )
        .or("8KiB"),
        core(
            "identity",
            True,
            "Where several schemes are needed together, this one says who the caller is.",
        )
        .else_("the first scheme that yields a subject"),
    ],
};

/// What may stand behind the reference.
pub const SOURCES: &[Word] = &[
    word("jwks", "a JWK set, or the `https://` address of one"),
    word("pem", "one or several public keys"),
    word("secret", "a secret, with an HS algorithm"),
    word(
        "issued",
        "what this service signs the tokens with itself, see `tokens`: a PEM private key (PKCS #8), or with HS algorithms a secret",
    ),
];

pub static KEYS: Mapping = Mapping {
    what: "`keys`",
    name: "keys",
    meaning: "Keys with what must stand behind their reference; another content refuses to start.",
    filled: true,
    keys: &[
        core("source", Words(SOURCES), "What stands behind the reference.").required(),
        core("from", Form(&REFERENCE), "Where it is.").required(),
        core(
            "refresh",
            Form(&SECONDS),
            "When a set behind an address is fetched anew; a key that was taken out of it is good no longer than that.",
        )
        .or("10m"),
        core(
            "cooldown",
            Form(&SECONDS),
            "No fetch begins sooner after the last one, whatever keys tokens name.",
        )
        .or("60s"),
        core(
            "private",
            Text,
            "Why the address may lead to a private network, in one sentence; without it such an address is not asked.",
        ),
    ],
};

pub static KEY_ENTRY: Mapping = Mapping {
    what: "an entry of `auth` for API keys",
    name: "authKeys",
    meaning: "How the keys of one security scheme of type `apiKey` are verified.",
    filled: false,
    keys: &[
        core(
            "keys",
            Form(&REFERENCE),
            "The list of keys, each by its digest: a reference to the JSON text `[{\"id\": …, \"sha256\": …, \"roles\": […], \"tenant\": …, \"notAfter\": …}]`; `sha256` is the hexadecimal SHA-256 of the whole key, its prefix included, and the last two may be left out. The caller is the `id`.",
        )
        .required(),
        core(
            "roles",
            OneOrMore(&Form(&ROLE_NAME)),
            "What every key of this scheme has besides its own roles.",
        ),
        core(
            "prefix",
            Form(&KEY_PREFIX),
            "What every key begins with, so that scanners of secrets find one that was lost.",
        ),
        core(
            "reason",
            Text,
            "Why the keys are sent in the query, where the scheme says so; there it is required.",
        ),
    ],
};

pub static PASSWORD_ENTRY: Mapping = Mapping {
    what: "an entry of `auth` for passwords",
    name: "authPasswords",
    meaning: "One security scheme of HTTP Basic: a hook of yours says whose user and password they are.",
    filled: true,
    keys: &[
        core(
            "reason",
            Text,
            "Why a password must be sent with every request, in one sentence; without it the scheme is refused.",
        )
        .required(),
        core(
            "roles",
            OneOrMore(&Form(&ROLE_NAME)),
            "What everybody has who comes by this scheme, besides the roles that the hook says.",
        ),
    ],
};

/// Which name in a certificate is the caller.
pub const CERTIFICATE_NAMES: &[Word] = &[
    word(
        "san-uri",
        "the URI among its alternative names; it has exactly one",
    ),
    word(
        "san-dns",
        "the DNS name among its alternative names, in small letters; it has exactly one, without `*`",
    ),
    word("cn", "the common name of its subject; it has exactly one"),
];

pub static CERTIFICATE_ENTRY: Mapping = Mapping {
    what: "an entry of `auth` for certificates",
    name: "authCertificates",
    meaning: "One security scheme of type `mutualTLS`: certificates of clients, signed by an authority in `APP_TLS_CLIENT_CA`. It needs `network: { tls: terminate }`.",
    filled: false,
    keys: &[
        core(
            "subject",
            Words(CERTIFICATE_NAMES),
            "Which name in the certificate is the caller.",
        )
        .required(),
        core(
            "roles",
            OneOrMore(&Form(&ROLE_NAME)),
            "What everybody has who comes by this scheme; a certificate says no roles.",
        ),
    ],
};

pub static CLAIMS: Mapping = Mapping {
    what: "`claims`",
    name: "claims",
    meaning: "JSON Pointers into the claims of a token.",
    filled: false,
    keys: &[
        core(
            "subject",
            Form(&POINTER),
            "Who the caller is: ownership compares it.",
        )
        .or("/sub"),
        core(
            "roles",
            Form(&POINTER),
            "The caller's roles: a string or a list of strings.",
        )
        .or("/roles"),
        core(
            "scopes",
            Form(&POINTER),
            "The caller's scopes: a list, or a string with blanks between them.",
        )
        .or("/scope"),
        core("tenant", Form(&POINTER), "The caller's tenant.").or("/tenant"),
        core("session", Form(&POINTER), "The session of the token.").or("/sid"),
    ],
};
