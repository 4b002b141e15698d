//! Every template, filled with a tame plan and with a hostile one.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::emit::Files;
use crate::emit::text::{library, project};
use crate::plan::{Claims, Cors, Holds, Keys, Limits, Origins, Published, Role, Scheme, Setting};

const HOSTILE: &str =
    "x\n\"]\n[dependencies]\nevil = \"1\"\n# `$(id)` <script> {{ 7 * 7 }} {% raw %}\u{202e}";

fn plan(word: &str) -> Plan {
    let env = |name: &str| Setting::Env(name.to_owned());
    Plan {
        principal: Vec::new(),
        policies: Vec::new(),
        published: Published::default(),
        document: "clinic.yaml".to_owned(),
        title: word.to_owned(),
        version: word.to_owned(),
        description: Some(word.to_owned()),
        mount: String::new(),
        roles: vec![Role {
            name: word.to_owned(),
            description: None,
            holds: 1,
        }],
        schemes: vec![Scheme {
            name: word.to_owned(),
            issuer: env("ISSUER"),
            audience: vec![env("BOTH"), env(word)],
            algorithms: vec!["EdDSA".to_owned()],
            keys: Keys {
                from: env("BOTH"),
                holds: Holds::Anything,
                refresh_seconds: 600,
                cooldown_seconds: 60,
                private: None,
            },
            access_token_profile: true,
            leeway_seconds: 30,
            max_lifetime_seconds: 3600,
            max_bytes: 8192,
            claims: Claims {
                subject: "/sub".to_owned(),
                roles: "/roles".to_owned(),
                scopes: "/scope".to_owned(),
                tenant: "/tenant".to_owned(),
                session: "/sid".to_owned(),
            },
            identity: false,
        }],
        keys: vec![],
        passwords: Vec::new(),
        resources: Vec::new(),
        quotas: Vec::new(),
        revocation: None,
        tokens: None,
        cors: Some(Cors {
            origins: Origins::Env("ORIGINS".to_owned()),
            credentials: false,
            max_age_seconds: None,
            expose: Vec::new(),
        }),
        certificates: vec![],
        tls: None,
        limits: Limits {
            body_bytes: 1,
            uri_bytes: 1,
            header_bytes: 1,
            header_count: 1,
            header_timeout_ms: 1,
            body_timeout_ms: 1,
            handler_timeout_ms: 1,
            connections: 1,
            per_ip: 1,
            ip_rate: (1, 1),
            concurrency: 1,
            json_depth: 1,
            string: 1,
            array: 1,
            object: 1,
        },
        types: Vec::new(),
        operations: Vec::new(),
    }
}

fn files(word: &str) -> Files {
    let mut files = Files::new();
    project(&plan(word), "my-clinic", &mut files);
    files
}

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    &files.get(path).unwrap_or_else(|| panic!("no {path}")).text
}

/// What is no comment and not blank.
fn bare(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .collect()
}

#[test]
fn a_hostile_document_changes_no_manifest() {
    let (tame, hostile) = (files("Clinic"), files(HOSTILE));
    assert_eq!(
        tame.keys().collect::<Vec<_>>(),
        hostile.keys().collect::<Vec<_>>()
    );
    for path in tame
        .keys()
        .filter(|path| path.ends_with(".toml") || *path == ".gitignore")
    {
        assert_eq!(text(&tame, path), text(&hostile, path), "{path}");
    }
}

#[test]
fn env_files_hold_the_variables_and_nothing_else() {
    for word in ["Clinic", HOSTILE] {
        let files = files(word);
        let expected: &[&str] = match word {
            // A good name, though nobody would choose it.
            "Clinic" => &["BOTH=", "Clinic=", "ISSUER=", "ORIGINS="],
            _ => &["BOTH=", "ISSUER=", "ORIGINS="],
        };
        let own = ["APP_STORE=memory", "APP_INSTANCES=1"];
        let all: Vec<&str> = own.iter().chain(expected).copied().collect();
        assert_eq!(bare(text(&files, ".env.example")), all);
    }
}

#[test]
fn a_pair_is_asked_for_where_tls_ends_here() {
    let mut plan = plan("Clinic");
    plan.tls = Some(crate::plan::Tls { tls12: true });
    let mut files = Files::new();
    project(&plan, "my-clinic", &mut files);
    let env = text(&files, ".env.example");
    assert!(bare(env).contains(&"APP_TLS_CERT_FILE=") && bare(env).contains(&"APP_TLS_KEY_FILE="));
    assert!(!env.contains("loopback"), "{env}");
    assert!(!env.contains("APP_TLS_CLIENT_CA"), "{env}");
    plan.certificates = vec![crate::plan::CertificateScheme {
        name: "machine".to_owned(),
        subject: crate::plan::CertificateName::Common,
        roles: 0,
    }];
    let mut asking = Files::new();
    project(&plan, "my-clinic", &mut asking);
    let env = bare(text(&asking, ".env.example"));
    assert!(env.contains(&"APP_TLS_CLIENT_CA_FILE="));
    let mut files = Files::new();
    library(&plan, &mut files);
    assert!(text(&files, "README.md").contains("Only `shield::serve` speaks TLS"));
}

#[test]
fn a_variable_used_twice_says_both() {
    let files = files("Clinic");
    let env = text(&files, ".env.example");
    let (before, _) = env.split_once("\nBOTH=").unwrap();
    let comment = before.lines().last().unwrap();
    assert!(
        comment.contains("audience") && comment.contains("keys"),
        "{comment}"
    );
}

#[test]
fn a_hostile_title_is_words_in_the_readme() {
    let files = files(HOSTILE);
    let readme = text(&files, "README.md");
    // What is left when every escaped character is taken away means what Markdown says it means.
    let heading: Vec<char> = readme.lines().next().unwrap_or_default().chars().collect();
    let mut live = String::new();
    let mut rest = heading.iter();
    while let Some(c) = rest.next() {
        if *c == '\\' {
            rest.next();
        } else {
            live.push(*c);
        }
    }
    assert!(
        !live.contains(['<', '>', '[', ']', '(', ')', '`', '{', '*', '$']),
        "{live}"
    );
    assert!(!readme.contains('\u{202e}'));
    let first = readme.lines().next().unwrap();
    assert!(
        first.contains("7 \\* 7"),
        "not evaluated, not lost: {first}"
    );
}

#[test]
fn a_value_without_an_escape_is_refused() {
    let facts = Facts::of(&plan("x"), "p");
    assert!(try_render("{{ title }}", &facts).is_err());
    assert!(try_render("{{ unknown | line }}", &facts).is_err());
    assert!(try_render("{{ title | line | upper }}", &facts).is_err());
    assert_eq!(try_render("{{ title | line }}", &facts).unwrap(), "x");
}

#[test]
fn manifests_name_what_they_must() {
    let files = files("Clinic");
    assert!(text(&files, "service/Cargo.toml").contains("name = \"my-clinic\""));
    assert!(text(&files, "api/Cargo.toml").starts_with("# Generated by palisade"));
    for member in ["shield", "api", "service", "attacks"] {
        assert!(text(&files, "Cargo.toml").contains(&format!("\"{member}\"")));
    }
    for path in files.keys().filter(|path| !path.starts_with("shield/")) {
        let text = text(&files, path);
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
        assert!(!text.contains("\n\n\n"), "{path}");
    }
}

#[test]
fn a_library_is_tame_as_well_and_has_no_service() {
    let made = |word: &str| {
        let mut files = Files::new();
        library(&plan(word), &mut files);
        files
    };
    let (tame, hostile) = (made("Clinic"), made(HOSTILE));
    assert!(!tame.keys().any(|path| path.starts_with("service")));
    assert_eq!(
        bare(text(&tame, "Cargo.toml")).get(1).copied(),
        Some("members = [\"shield\", \"api\", \"attacks\"]")
    );
    for path in ["Cargo.toml", "api/Cargo.toml", ".gitignore"] {
        assert_eq!(text(&tame, path), text(&hostile, path), "{path}");
    }
    let env = text(&tame, ".env.example");
    assert!(
        !env.contains("cargo run") && !env.contains("APP_LISTEN"),
        "{env}"
    );
    let (_, readme) = text(&tame, "README.md").split_once('\n').unwrap();
    assert!(
        text(&hostile, "README.md").ends_with(readme),
        "the title stands in the heading only"
    );
    for (path, file) in tame.iter().filter(|(path, _)| !path.starts_with("shield/")) {
        assert!(
            file.text.ends_with('\n') && !file.text.ends_with("\n\n"),
            "{path}"
        );
        assert!(!file.text.contains("\n\n\n"), "{path}");
    }
}
