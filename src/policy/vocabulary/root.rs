//! `x-security` at the root of the document.

use super::super::gaps;
use super::Value::{Either, Gap, Mapping as Of, Named, Numbers, Syntax as Form};
use super::syntax::{
    ATTRIBUTE_NAME, EXPRESSION, POLICY_NAME, RATE_LIMIT_NAME, RESOURCE_NAME, ROLE_NAME, SCHEME_NAME,
};
use super::{
    ATTRIBUTE, CERTIFICATE_ENTRY, CORS, ENTRY, KEY_ENTRY, LIMITS, Mapping, NETWORK, OPERATION,
    PASSWORD_ENTRY, RATE_LIMIT, RESOURCE, REVOCATION, ROLE, TOKENS, core, second,
};

pub static ROOT: Mapping = Mapping {
    what: "`x-security` of the document",
    name: "root",
    meaning: "What holds for the whole document: who is believed, which roles and resources there are, and what operations inherit.",
    filled: false,
    keys: &[
        core(
            "version",
            Numbers(&[(1, "this vocabulary")]),
            "The version of this vocabulary.",
        )
        .required(),
        core(
            "auth",
            Named { of: &SCHEME_NAME, to: &Either(&[Of(&ENTRY), Of(&KEY_ENTRY), Of(&PASSWORD_ENTRY), Of(&CERTIFICATE_ENTRY)]), filled: false },
            "For each security scheme in use, how its credentials are verified.",
        )
        .else_("a scheme without an entry cannot be verified: its operations are denied"),
        core(
            "roles",
            Named { of: &ROLE_NAME, to: &Of(&ROLE), filled: false },
            "The roles a token may name; a role that is not declared here counts for nothing.",
        )
        .or("{}"),
        core(
            "resources",
            Named { of: &RESOURCE_NAME, to: &Of(&RESOURCE), filled: false },
            "Kinds of objects that belong to someone, and the parameter that identifies one.",
        )
        .or("{}"),
        core(
            "rateLimits",
            Named { of: &RATE_LIMIT_NAME, to: &Of(&RATE_LIMIT), filled: false },
            "Named windows, for `rateLimit` of operations.",
        )
        .else_("`standard`: 100 per 1m by subject; `auth`: 10 failures per 15m by ip; `authAccount`: the same by ip and account"),
        core(
            "cors",
            Of(&CORS),
            "Which pages of other origins may read answers in a browser.",
        )
        .else_("no CORS at all"),
        core(
            "defaults",
            Of(&OPERATION),
            "Keys of operations, for all operations that do not write them.",
        )
        .or("{}"),
        second(
            "limits",
            Of(&LIMITS),
            "Sizes, times and numbers of the whole service.",
        )
        .else_("each key has its own"),
        second(
            "principal",
            Named { of: &ATTRIBUTE_NAME, to: &Of(&ATTRIBUTE), filled: false },
            "More typed attributes of the caller, for policies and handlers.",
        ),
        second(
            "policies",
            Named { of: &POLICY_NAME, to: &Form(&EXPRESSION), filled: false },
            "Named decisions about caller, object and request, for `access.policy` and `owns … by`.",
        ),
        second(
            "unknown",
            Gap(&gaps::UNKNOWN, "`reject` or `drop`"),
            "What becomes of members and query parameters that the document does not name.",
        )
        .else_("they are rejected"),
        second(
            "securityHeaders",
            Gap(&gaps::SECURITY_HEADERS, "a preset `api` or `docs`, overrides, `hsts`"),
            "The header fields of every answer.",
        )
        .else_("the preset `api`"),
        second(
            "revocation",
            Of(&REVOCATION),
            "By what a token can be revoked before it ends.",
        )
        .else_("by nothing; with `tokens` by all three"),
        second(
            "tokens",
            Of(&TOKENS),
            "This service issues tokens itself.",
        )
        .else_("it issues none"),
        second(
            "captcha",
            Gap(&gaps::CAPTCHA, "`{verify: address|hook, secret, from: request header}`"),
            "Who verifies a challenge.",
        ),
        second(
            "network",
            Of(&NETWORK),
            "Proxies, addresses and TLS.",
        )
        .else_("TLS ends before the service; the address of a client is the one of its connection"),
        second(
            "audit",
            Gap(&gaps::AUDIT, "`{format: ocsf|ecs, events, hashIds}`"),
            "Which security events are written, and how.",
        )
        .else_("all of them, as OCSF"),
        second(
            "alerts",
            Gap(&gaps::ALERTS, "thresholds by event name: `{per, threshold, window, severity}`"),
            "Thresholds of the emitted alert rules.",
        ),
        second(
            "admin",
            Gap(&gaps::ADMIN, "`{roles}`"),
            "Who controls the service over TCP.",
        ),
        second(
            "problems",
            Gap(&gaps::PROBLEMS, "`{base: address of problem types, validationStatus: 422|400}`"),
            "Problem types and the status of what does not validate.",
        ),
    ],
};
