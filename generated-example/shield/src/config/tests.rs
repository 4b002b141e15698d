//! Refusals name the variable and not its value; what is asked for in production is there or the service is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod keys;
mod origins;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::spec::{Claims, Cors, Holds, Limits, Origins, Scheme, Spec, Upkeep};

const SPEC: Spec = Spec {
    title: "Test",
    version: "1",
    realm: "Test",
    roles: &[],
    schemes: &[Scheme {
        name: "login",
        issuer: Setting::Env("LOGIN_ISSUER"),
        audience: &[Setting::Literal("api"), Setting::Env("LOGIN_AUDIENCE")],
        algorithms: &["ES256"],
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
    }],
    keys: &[],
    passwords: &[],
    principal: &[],
    quotas: &[],
    revocation: None,
    tokens: None,
    cors: Some(Cors {
        origins: Origins::Env("APP_ORIGINS"),
        credentials: true,
        max_age: None,
        expose: &[],
    }),
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

/// A folder of its own for each test, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "shield-config-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

fn with(base: &[(&str, &str)], more: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let all = base.iter().chain(more);
    Config::from_map(
        all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

fn production(more: &[(&str, &str)]) -> Result<Config, ConfigError> {
    with(&[("APP_STORE", "memory"), ("APP_INSTANCES", "1")], more)
}

fn development(more: &[(&str, &str)]) -> Result<Config, ConfigError> {
    with(&[("APP_ENV", "development")], more)
}

/// The refusal of `variable`, which does not show `value`.
fn refusal(result: Result<impl Sized, ConfigError>, variable: &str, value: &str) -> String {
    let error = result
        .err()
        .unwrap_or_else(|| panic!("{variable}={value} was accepted"));
    assert_eq!(error.variable, variable);
    assert!(value.len() < 4 || !error.message.contains(value), "{error}");
    assert!(error.to_string().starts_with(&format!("{variable}: ")));
    error.message
}

#[test]
fn defaults() {
    let config = production(&[]).unwrap();
    assert!(config.is_production());
    assert_eq!(config.listen().to_string(), "127.0.0.1:8080");
    assert_eq!(config.log(), &Log::Stdout);
    assert_eq!(
        development(&[]).unwrap().environment(),
        Environment::Development
    );
}

#[test]
fn environments() {
    assert!(
        production(&[("APP_ENV", "production")])
            .unwrap()
            .is_production()
    );
    for value in ["Production", "dev", "", "test", "development "] {
        refusal(production(&[("APP_ENV", value)]), "APP_ENV", value);
    }
}

#[test]
fn production_wants_store_and_instances_said() {
    let from = |pairs: &[(&str, &str)]| with(&[], pairs);
    assert!(refusal(from(&[]), "APP_STORE", "").contains("not set"));
    assert!(refusal(from(&[("APP_STORE", "memory")]), "APP_INSTANCES", "").contains("not set"));
    for value in ["redis://cache.example.com", "rediss://cache", "disk", ""] {
        refusal(
            from(&[("APP_STORE", value), ("APP_INSTANCES", "1")]),
            "APP_STORE",
            value,
        );
        refusal(development(&[("APP_STORE", value)]), "APP_STORE", value);
    }
    let folder = ("APP_STORE", "file:/var/lib/app");
    assert!(from(&[folder, ("APP_INSTANCES", "1")]).is_ok());
    refusal(from(&[folder]), "APP_INSTANCES", "");
    for value in ["file:", "file"] {
        assert!(development(&[("APP_STORE", value)]).is_err());
    }
    for value in ["2", "0", "one", "", "01"] {
        refusal(
            from(&[("APP_STORE", "memory"), ("APP_INSTANCES", value)]),
            "APP_INSTANCES",
            value,
        );
        refusal(
            development(&[("APP_INSTANCES", value)]),
            "APP_INSTANCES",
            value,
        );
    }
}

// requirement: P93
#[test]
fn plain_text_stays_on_the_machine_in_production() {
    for value in [
        "0.0.0.0:8080",
        "192.0.2.1:80",
        "[::]:8080",
        "[2001:db8::1]:80",
        "[::ffff:127.0.0.1]:80",
    ] {
        assert!(
            refusal(
                production(&[("APP_LISTEN", value)])
                    .unwrap()
                    .check_served(&SPEC),
                "APP_LISTEN",
                value
            )
            .contains("loopback")
        );
        assert!(
            development(&[("APP_LISTEN", value)])
                .unwrap()
                .check_served(&SPEC)
                .is_ok()
        );
    }
    for value in ["127.0.0.1:9000", "127.9.9.9:0", "[::1]:8080"] {
        assert_eq!(
            production(&[("APP_LISTEN", value)])
                .unwrap()
                .listen()
                .to_string(),
            value
        );
    }
    for value in [
        "localhost:9191",
        "9191",
        ":9191",
        "127.0.0.2",
        "127.0.0.2:99999",
        "https://127.0.0.2:1",
    ] {
        refusal(production(&[("APP_LISTEN", value)]), "APP_LISTEN", value);
        refusal(development(&[("APP_LISTEN", value)]), "APP_LISTEN", value);
    }
}

#[cfg(feature = "tls")]
#[test]
fn inside_tls_it_may_be_heard_anywhere() {
    let tls = Spec {
        tls: Some(crate::spec::Tls {
            tls12: true,
            certificates: &[],
        }),
        ..SPEC
    };
    let config = production(&[("APP_LISTEN", "0.0.0.0:80")]).unwrap();
    assert!(config.check_served(&tls).is_ok());
    assert!(config.check_served(&SPEC).is_err());
}

#[test]
fn where_events_go() {
    assert_eq!(
        production(&[("APP_LOG", "file:/var/log/x")]).unwrap().log(),
        &Log::File("/var/log/x".into())
    );
    for value in ["stderr", "/var/log/x", ""] {
        refusal(production(&[("APP_LOG", value)]), "APP_LOG", value);
    }
    refusal(production(&[("APP_LOG", "file:")]), "APP_LOG", "");
}

#[test]
fn a_socket_to_take_orders_at() {
    let admin = |value: &str| production(&[("APP_ADMIN", value)]);
    assert_eq!(
        production(&[]).unwrap().admin(),
        PathBuf::from("data/admin.sock")
    );
    assert_eq!(
        admin("unix:/run/app/s").unwrap().admin(),
        PathBuf::from("/run/app/s")
    );
    assert!(admin(&format!("unix:/{}", "a".repeat(106))).is_ok());
    let long = format!("unix:/{}", "a".repeat(107));
    assert!(admin("unix:").is_err());
    for value in ["", "/run/app/s", "tcp:127.0.0.1:1", &long] {
        refusal(admin(value), "APP_ADMIN", value);
    }
}

#[test]
fn what_this_version_does_not_serve() {
    for name in ["APP_PROBES", "APP_PROBES_FILE"] {
        assert!(
            refusal(
                production(&[(name, "/run/some/path")]),
                name,
                "/run/some/path"
            )
            .contains("not served")
        );
        refusal(development(&[(name, "")]), name, "");
    }
}

#[test]
fn names_that_are_nearly_ours() {
    for (name, meant) in [
        ("APP_LISTN", "APP_LISTEN"),
        ("APP_LOGS", "APP_LOG"),
        ("APP_ENVS", "APP_ENV"),
        ("APP_INSTANCE", "APP_INSTANCES"),
        ("APP_STROE", "APP_STORE"),
        ("APP_ORIGIN", "APP_ORIGINS"),
        ("APP_TLS_CERTS", "APP_TLS_CERT"),
        ("APP_LISTN_FILE", "APP_LISTEN"),
    ] {
        let config = production(&[(name, "some value")]).unwrap();
        assert!(
            refusal(config.check_served(&SPEC), name, "some value").contains(meant),
            "{name}"
        );
    }
    for name in [
        "APP_ORIGINS",
        "APP_ORIGINS_FILE",
        "APP_THEME_COLOUR",
        "APPLICATION",
        "LOGIN_KEY",
    ] {
        assert_eq!(
            production(&[(name, "x")]).unwrap().check_served(&SPEC),
            Ok(()),
            "{name}"
        );
    }
}

#[test]
fn a_value_or_a_file_never_both() {
    let folder = Folder::new();
    let path = folder.file("value", b"first\nsecond\n\n");
    let config = production(&[("KEYS_FILE", &path), ("PLAIN", "x\n")]).unwrap();
    assert_eq!(
        config.get("KEYS").unwrap().as_deref(),
        Some("first\nsecond\n")
    );
    assert_eq!(config.get("PLAIN").unwrap().as_deref(), Some("x\n"));
    assert_eq!(config.get("NOTHING"), Ok(None));
    let both = production(&[("KEYS_FILE", &path), ("KEYS", "a secret value")]).unwrap();
    refusal(both.get("KEYS"), "KEYS", "a secret value");
    let binary = folder.file("binary", b"secret \xff");
    for wrong in [&binary, "/nowhere/at/all", folder.0.to_str().unwrap()] {
        let config = production(&[("KEYS_FILE", wrong)]).unwrap();
        refusal(config.get("KEYS"), "KEYS_FILE", wrong);
    }
    let windows = folder.file("windows", b"x\r\n");
    assert_eq!(
        production(&[("KEYS_FILE", &windows)])
            .unwrap()
            .get("KEYS")
            .unwrap()
            .as_deref(),
        Some("x")
    );
}

#[test]
fn settings_of_the_document() {
    let folder = Folder::new();
    let path: &'static str = Box::leak(
        folder
            .file("issuer", b"https://id.example.com\n")
            .into_boxed_str(),
    );
    let config = production(&[("NAME", "value")]).unwrap();
    assert_eq!(config.setting(&Setting::Literal("text")).unwrap(), "text");
    assert_eq!(config.setting(&Setting::Env("NAME")).unwrap(), "value");
    assert_eq!(
        config.setting(&Setting::File(path)).unwrap(),
        "https://id.example.com"
    );
    assert!(refusal(config.setting(&Setting::Env("OTHER")), "OTHER", "").contains("not set"));
    refusal(
        config.setting(&Setting::File("/nowhere/at/all")),
        "/nowhere/at/all",
        "",
    );
}

// requirement: P99
#[test]
fn nothing_shows_in_debug() {
    let config = production(&[("LOGIN_KEYS", "a-canary-in-the-mine")]).unwrap();
    assert!(!format!("{config:?}").contains("canary"));
}

/// `check-config` refuses what starting refuses (ruling 71), the log that cannot be written too.
#[test]
fn checking_is_starting_without_serving() {
    let keys = crate::dev::Signer::generate_named("ES256", "k")
        .unwrap()
        .key_text();
    let complete = [
        ("APP_STORE", "memory"),
        ("APP_INSTANCES", "1"),
        ("LOGIN_ISSUER", "https://id.example.com"),
        ("LOGIN_AUDIENCE", "web"),
        ("LOGIN_KEYS", &*keys),
        ("APP_ORIGINS", "https://app.example.com"),
    ];
    let checked = |without: &str, log: Option<&str>| {
        let values = complete.into_iter().filter(|(name, _)| *name != without);
        let values = values.chain(log.map(|log| ("APP_LOG", log)));
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        crate::Shield::check(&SPEC, &Config::from_map(values.collect()).unwrap())
    };
    let variable =
        |checked: Result<(), ConfigError>| checked.map_err(|error| error.variable).unwrap_err();
    assert_eq!(checked("", None), Ok(()));
    for name in [
        "LOGIN_ISSUER",
        "LOGIN_AUDIENCE",
        "LOGIN_KEYS",
        "APP_ORIGINS",
    ] {
        assert_eq!(variable(checked(name, None)), name);
    }
    let folder = Folder::new();
    let log = format!("file:{}", folder.0.join("none").join("log").display());
    assert_eq!(variable(checked("", Some(&log))), "APP_LOG");
    let log = format!("file:{}", folder.0.join("log").display());
    assert_eq!(checked("", Some(&log)), Ok(()));
}
