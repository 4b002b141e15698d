//! Lists of API keys: what is read, and what refuses to start.

use super::*;
use crate::auth::{ApiKeys, Given};
use crate::config::ConfigError;
use crate::spec::{Carrier, KeyScheme};

static SCHEME: KeyScheme = KeyScheme {
    name: "partner",
    carrier: Carrier::Header("X-Key"),
    keys: Setting::Env("PARTNER_KEYS"),
    roles: 0b100,
    prefix: "pk_",
};

fn hash(key: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.as_bytes());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn read(text: &str) -> Result<ApiKeys, ConfigError> {
    let given = Given {
        text,
        file: None,
        vault: None,
    };
    ApiKeys::new(&SCHEME, &SPEC, given, true)
}

fn list(members: &str) -> String {
    format!(r#"[{{"id":"one","sha256":"{}"{members}}}]"#, hash("pk_one"))
}

#[test]
fn a_key_is_found_by_its_digest_and_gives_what_stands_beside_it() {
    let second = hash("pk_two").to_uppercase();
    let text = format!(
        r#"[{{"id":"one","sha256":"{}","roles":["patient","admin"],"tenant":"north"}},{{"id":"one","sha256":"{second}"}}]"#,
        hash("pk_one")
    );
    let keys = read(&text).unwrap();
    let one = keys.verify(b"pk_one", NOW).unwrap();
    assert_eq!((one.issuer(), one.subject()), ("apiKey:partner", "one"));
    assert_eq!((one.roles(), one.tenant()), (0b111, Some("north")));
    assert_eq!((one.scopes().count(), one.expires()), (0, u64::MAX));
    // An old key and its successor have one name; each has roles of its own.
    let two = keys.verify(b"pk_two", NOW).unwrap();
    assert_eq!(
        (two.subject(), two.roles(), two.tenant()),
        ("one", 0b100, None)
    );
    for bad in [&b"pk_three"[..], b"pk_one ", b"pk_On", b"pk_"] {
        assert_eq!(keys.verify(bad, NOW).unwrap_err(), AuthReason::Key);
    }
    for bad in [&b"one"[..], b"", b"PK_one", &[b'p'; 20_000]] {
        assert_eq!(keys.verify(bad, NOW).unwrap_err(), AuthReason::Malformed);
    }
}

#[test]
fn a_key_is_good_until_its_last_second() {
    // 1 800 000 000 is 2027-01-15T08:00:00Z.
    for last in [
        "\"2027-01-15T08:00:00Z\"",
        "\"2027-01-15t09:30:00+01:30\"",
        "\"2027-01-15T03:00:00.9-05:00\"",
        "1800000000",
    ] {
        let keys = read(&list(&format!(r#","notAfter":{last}"#))).unwrap();
        assert!(keys.verify(b"pk_one", NOW).is_ok(), "{last}");
        assert_eq!(
            keys.verify(b"pk_one", NOW + 1).unwrap_err(),
            AuthReason::Expired,
            "{last}"
        );
    }
    let leap = read(&list(r#","notAfter":"2028-02-29T00:00:00Z""#)).unwrap();
    assert_eq!(
        leap.verify(b"pk_one", NOW).unwrap().expires(),
        1_835_395_200
    );
}

#[test]
fn what_is_not_understood_refuses_by_the_name_of_the_variable() {
    let one = hash("pk_one");
    for text in [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        "[1]".to_owned(),
        r#"[{"id":"one"}]"#.to_owned(),
        format!(r#"[{{"sha256":"{one}"}}]"#),
        format!(r#"[{{"id":"","sha256":"{one}"}}]"#),
        format!(r#"[{{"id":7,"sha256":"{one}"}}]"#),
        format!(r#"[{{"id":"one","id":"two","sha256":"{one}"}}]"#),
        r#"[{"id":"one","sha256":"pk_one"}]"#.to_owned(),
        format!(r#"[{{"id":"one","sha256":"{}"}}]"#, &one[1..]),
        format!(r#"[{{"id":"one","sha256":"{one}0"}}]"#),
        format!(r#"[{{"id":"one","sha256":"{}"}}]"#, hash("")),
        format!(r#"[{{"id":"one","sha256":"{one}"}},{{"id":"two","sha256":"{one}"}}]"#),
        format!(r#"[{{"id":"development-key","sha256":"{one}"}}]"#),
        list(r#","roles":"admin""#),
        list(r#","roles":["nobody"]"#),
        list(r#","roles":[7]"#),
        list(r#","tenant":"""#),
        list(r#","tenant":null"#),
        list(r#","notAfter":"2027-01-15""#),
        list(r#","notAfter":"2027-02-30T00:00:00Z""#),
        list(r#","notAfter":-1"#),
        list(r#","notAfter":1.5"#),
        list(r#","notAfter":null"#),
        list(r#","expires":"2027-01-15T08:00:00Z""#),
    ] {
        let error = read(&text).expect_err(&text);
        assert_eq!(error.variable, "PARTNER_KEYS");
        assert!(
            !error.message.contains("pk_") && !error.message.contains(&one),
            "{error}"
        );
    }
    assert!(read(&list("")).is_ok());
}

#[test]
fn debug_shows_no_digest() {
    let shown = format!("{:?}", read(&list("")).unwrap());
    assert!(
        shown.contains("partner") && !shown.contains("one"),
        "{shown}"
    );
}
