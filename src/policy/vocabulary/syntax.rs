//! Texts of some form: what they look like, as the JSON Schema and the reference say it. `units` and its neighbours read
//! them; a test holds both against each other.

/// A text of some form.
#[derive(Debug)]
pub struct Syntax {
    /// Among the definitions of the JSON Schema.
    pub name: &'static str,
    /// With its article, as a person would say it.
    pub what: &'static str,
    /// ECMA-262; at least what is read, at most a little more (the reference says what).
    pub pattern: &'static str,
    /// Texts that match and have a meaning of their own.
    pub except: &'static [&'static str],
    pub example: &'static str,
}

const fn syntax(
    name: &'static str,
    what: &'static str,
    pattern: &'static str,
    example: &'static str,
) -> Syntax {
    Syntax {
        name,
        what,
        pattern,
        except: &[],
        example,
    }
}

pub static DURATION: Syntax = syntax(
    "duration",
    "a duration",
    "^[1-9][0-9]{0,11}(ms|s|m|h|d)$",
    "15s",
);

pub static SECONDS: Syntax = syntax(
    "seconds",
    "a duration in whole seconds",
    "^([1-9][0-9]{0,11}(s|m|h|d)|[1-9][0-9]{0,8}000ms)$",
    "15m",
);

pub static SECONDS_OR_NONE: Syntax = syntax(
    "secondsOrNone",
    "a duration in whole seconds, or `0s`",
    "^([1-9][0-9]{0,11}(s|m|h|d)|[1-9][0-9]{0,8}000ms|0(ms|s|m|h|d))$",
    "10m",
);

pub static LEEWAY: Syntax = syntax(
    "leeway",
    "a duration in whole seconds, at most `60s`",
    "^(([1-9]|[1-5][0-9]|60)(s|000ms)|1m|0(ms|s|m|h|d))$",
    "10s",
);

pub static GRACE: Syntax = syntax(
    "grace",
    "a duration in whole seconds, at most `10s`",
    "^(([1-9]|10)(s|000ms)|0(ms|s|m|h|d))$",
    "5s",
);

pub static SIZE: Syntax = syntax(
    "size",
    "a size",
    "^[1-9][0-9]{0,18}(B|KiB|MiB|GiB)$",
    "64KiB",
);

pub static RATE: Syntax = syntax(
    "rate",
    "a rate",
    "^[1-9][0-9]{0,9} per ([1-9][0-9]{0,11}(s|m|h|d)|[1-9][0-9]{0,8}000ms)$",
    "3000 per 1m",
);

pub static REFERENCE: Syntax = syntax(
    "reference",
    "a reference",
    "^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*|vault:[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*#[A-Za-z0-9_-][A-Za-z0-9_.-]*)$",
    "env:KEYS",
);

pub static ENVIRONMENT: Syntax = syntax(
    "environment",
    "a variable of the environment",
    "^env:[A-Za-z_][A-Za-z0-9_]*$",
    "env:ORIGINS",
);

/// Everything that is not blank and does not begin like a reference.
pub static LITERAL: Syntax = syntax(
    "literal",
    "a literal",
    "^(?!\\s*([eE][nN][vV]|[fF][iI][lL][eE]|[vV][aA][uU][lL][tT])\\s*:)[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
    "https://id.example.com",
);

pub static KEY_PREFIX: Syntax = syntax(
    "keyPrefix",
    "what keys begin with",
    "^[A-Za-z0-9._~+/=:-]{1,64}$",
    "clinic_live_",
);

pub static POINTER: Syntax = syntax(
    "pointer",
    "a JSON Pointer",
    "^/([^~]|~[01])+$",
    "/realm_access/roles",
);

pub static FIELD: Syntax = syntax(
    "field",
    "`field:` and a JSON Pointer to a top-level member of the body",
    "^field:/([^~/*]|~[01])+$",
    "field:/name",
);

pub static ORIGIN: Syntax = syntax(
    "origin",
    "an origin, or `*`",
    "^(?!http://.*:80$)(?!https://.*:443$)(\\*|https?://([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\\[[0-9a-f:.]+\\])(:[1-9][0-9]{0,4})?)$",
    "https://app.example.com",
);

pub static FIELD_NAME: Syntax = syntax(
    "fieldName",
    "the name of a header field",
    "^[A-Za-z0-9!#$%&'+.^_`|~-]+$",
    "X-Total",
);

pub static SCOPE: Syntax = syntax(
    "scope",
    "a scope",
    "^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$",
    "notes:read",
);

/// An authentication class (`acr`): it is sent in a challenge, where blanks stand between them.
pub static CLASS: Syntax = syntax(
    "class",
    "an authentication class",
    "^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$",
    "urn:mace:incommon:iap:silver",
);

/// Read by the compiler of expressions.
pub static EXPRESSION: Syntax = syntax(
    "expression",
    "a CEL expression",
    "\\S",
    "principal.subject != \"\"",
);

pub static POLICY_NAME: Syntax = syntax("policyName", "a policy", "\\S", "ownWard");

pub static BY_POLICY: Syntax = syntax(
    "byPolicy",
    "`policy` and the name of one",
    "^policy\\s+\\S",
    "policy ownWard",
);

/// Every pointer but the empty one, whose tokens are not empty.
pub static ID_PLACE: Syntax = syntax(
    "idPlace",
    "a parameter, or `body.` and a JSON Pointer",
    "^(?!body\\.).*\\S|^body\\.(/([^~/]|~[01])+)+$",
    "body./patientId",
);

pub static ATTRIBUTE_NAME: Syntax = Syntax {
    except: RESERVED_ATTRIBUTES,
    ..syntax(
        "attributeName",
        "an attribute",
        "^[A-Za-z][A-Za-z0-9_]*$",
        "ward",
    )
};

/// What callers and objects have anyhow.
pub static RESERVED_ATTRIBUTES: &[&str] = &[
    "subject", "roles", "scopes", "id", "owner", "tenant", "version", "parent",
];

/// Read by who reads every `pattern`.
pub static FILE_NAMES: Syntax = syntax(
    "fileNames",
    "a regular expression of ECMA-262",
    "\\S",
    "^[a-z0-9-]+\\.png$",
);

/// Stands in the answer to a request.
pub static RULE_ID: Syntax = syntax(
    "ruleId",
    "the name of a rule",
    "^[A-Za-z0-9._-]{1,64}$",
    "ends-after-start",
);

/// Also where a role is declared.
pub static ROLE_NAME: Syntax = Syntax {
    except: super::RESERVED_ROLES,
    ..syntax(
        "roleName",
        "a role",
        "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]([^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f])?$",
        "member",
    )
};

pub static SCHEME_NAME: Syntax = syntax("schemeName", "a security scheme", "", "bearer");

pub static RESOURCE_NAME: Syntax = syntax("resourceName", "a resource", "\\S", "User");

/// It is sent in a header field.
pub static RATE_LIMIT_NAME: Syntax = syntax(
    "rateLimitName",
    "a rate limit",
    "^[A-Za-z0-9._-]{1,64}$",
    "standard",
);

pub static STATUS: Syntax = syntax("status", "a status", "^[0-9]{3}$", "200");

/// Every one of them.
pub static ALL: &[&Syntax] = &[
    &DURATION,
    &SECONDS,
    &SECONDS_OR_NONE,
    &LEEWAY,
    &GRACE,
    &SIZE,
    &RATE,
    &REFERENCE,
    &ENVIRONMENT,
    &LITERAL,
    &POINTER,
    &FIELD,
    &ORIGIN,
    &FIELD_NAME,
    &SCOPE,
    &ROLE_NAME,
    &SCHEME_NAME,
    &RESOURCE_NAME,
    &RATE_LIMIT_NAME,
    &CLASS,
    &EXPRESSION,
    &POLICY_NAME,
    &BY_POLICY,
    &ID_PLACE,
    &ATTRIBUTE_NAME,
    &FILE_NAMES,
    &RULE_ID,
    &STATUS,
];
