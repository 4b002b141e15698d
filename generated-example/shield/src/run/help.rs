//! The text of `--help`.

use crate::config::SERVED;
use crate::spec::Spec;

const COMMANDS: [(&str, &str); 7] = [
    ("serve", "serve requests (what happens without a command)"),
    (
        "dev",
        "the same for development, with tokens to try it; debug builds only",
    ),
    (
        "token",
        "sign a token with the development key; debug builds only",
    ),
    (
        "check-config",
        "look at the settings and end with 0, or 78 when one is missing or wrong",
    ),
    (
        "revoke",
        "tell the running service to refuse tokens from the next request on",
    ),
    ("--help", "this text"),
    ("--version", "name and version of the service"),
];

const TOKEN: [(&str, &str); 7] = [
    ("--subject NAME", "whom it is for (required)"),
    ("--role ROLE", "may be repeated"),
    ("--scope SCOPE", "may be repeated"),
    ("--tenant NAME", ""),
    ("--claim NAME=JSON", "any other claim; may be repeated"),
    ("--ttl 15m", "how long it is good"),
    (
        "--scheme NAME",
        "which security scheme, when there are several",
    ),
];

const REVOKE: [(&str, &str); 4] = [
    ("--jti ID", "one token, by its own name"),
    (
        "--subject NAME",
        "all tokens issued to NAME until now, and its sessions",
    ),
    ("--session SID", "all tokens of one session"),
    (
        "--ttl 1h",
        "how long that is remembered; default: until none is left",
    ),
];

pub(super) fn text(spec: &Spec) -> String {
    let mut out = format!("{} {}\n\nCommands\n", spec.title, spec.version);
    list(&mut out, COMMANDS);
    out.push_str("\nOptions of token\n");
    list(&mut out, TOKEN);
    if spec.revocation.is_some() {
        out.push_str("\nOptions of revoke (one name)\n");
        list(&mut out, REVOKE);
    }
    out.push_str("\nVariables (NAME_FILE may name a file that holds the value)\n");
    list(&mut out, SERVED);
    for name in crate::config::of_document(spec) {
        list(&mut out, [(name, purpose(spec, name))]);
    }
    if crate::config::refers_to_vault(spec) {
        list(&mut out, crate::config::VARIABLES);
    }
    out
}

fn purpose(spec: &Spec, name: &str) -> &'static str {
    use crate::spec::{Holds, Origins, Setting};
    let is = |setting: &Setting| matches!(setting, Setting::Env(known) if *known == name);
    if spec
        .schemes
        .iter()
        .any(|scheme| scheme.holds == Holds::Issued && is(&scheme.keys))
    {
        "key that signs tokens: a PEM private key (PKCS #8), or with HS256 a secret"
    } else if spec.schemes.iter().any(|scheme| is(&scheme.keys)) {
        "keys that verify tokens: a JWK set, PEM public keys, or with HS256 a secret"
    } else if spec.keys.iter().any(|scheme| is(&scheme.keys)) {
        "API keys: [{\"id\", \"sha256\", \"roles\", \"tenant\", \"notAfter\"}], JSON"
    } else if spec.schemes.iter().any(|scheme| is(&scheme.issuer)) {
        "issuer of tokens, exactly as their `iss` says"
    } else if spec
        .schemes
        .iter()
        .any(|scheme| scheme.audience.iter().any(is))
    {
        "audience tokens must be for, exactly as their `aud` says"
    } else if matches!(spec.cors.as_ref().map(|cors| &cors.origins), Some(Origins::Env(known)) if *known == name)
    {
        "origins that may read answers (CORS), separated by commas"
    } else {
        ""
    }
}

fn list<const N: usize>(out: &mut String, rows: [(&str, &str); N]) {
    for (name, meaning) in rows {
        out.push_str(format!("  {name:<20} {meaning}").trim_end());
        out.push('\n');
    }
}
