//! Who a token is from, for and about (P12, P13, P17, P23; ruling 52).

use serde_json::json;

use super::*;
use AuthReason::{Audience, Duplicate, Issuer, Malformed};

#[test]
fn a_good_token_says_who() {
    let identity = Bench::new().with_claims(|_| {}).unwrap();
    assert_eq!(identity.issuer(), ISSUER);
    assert_eq!(identity.subject(), "ann");
    assert_eq!(identity.roles(), 0b010);
    assert_eq!(identity.scopes().collect::<Vec<_>>(), ["a:read", "b:write"]);
    assert_eq!(identity.tenant(), Some("north"));
    assert_eq!(identity.session(), Some("s1"));
    assert_eq!(identity.token_id(), Some("t1"));
    assert_eq!(identity.expires(), NOW + 600);
    let shown = format!("{identity:?}");
    assert!(shown.contains("ann"));
    for hidden in ["north", "s1", "t1", ISSUER, "a:read"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

// requirement: P12
#[test]
fn the_issuer_is_one_exact_string() {
    let bench = Bench::new();
    for issuer in [
        json!([ISSUER]),
        json!("https://id.example.com/"),
        json!("HTTPS://id.example.com"),
        json!(""),
        json!(null),
        json!({"x": ISSUER}),
    ] {
        assert_eq!(
            reason(bench.with_claims(|c| c["iss"] = issuer.clone())),
            Some(Issuer),
            "{issuer}"
        );
    }
    assert_eq!(
        reason(bench.with_claims(|c| _ = c.as_object_mut().unwrap().remove("iss"))),
        Some(Issuer)
    );
}

// requirement: P13
#[test]
fn the_audience_holds_one_of_ours() {
    let bench = Bench::new();
    for audience in [
        json!([AUDIENCE]),
        json!(["x", AUDIENCE]),
        json!("other-api"),
    ] {
        assert!(
            bench.with_claims(|c| c["aud"] = audience.clone()).is_ok(),
            "{audience}"
        );
    }
    for audience in [
        json!("clinic-api "),
        json!("clinic"),
        json!("CLINIC-API"),
        json!([]),
        json!(["x"]),
        json!([AUDIENCE, 1]),
        json!([[AUDIENCE]]),
        json!({"a": AUDIENCE}),
        json!(null),
        json!(true),
    ] {
        assert_eq!(
            reason(bench.with_claims(|c| c["aud"] = audience.clone())),
            Some(Audience),
            "{audience}"
        );
    }
    assert_eq!(
        reason(bench.with_claims(|c| _ = c.as_object_mut().unwrap().remove("aud"))),
        Some(Audience)
    );
}

// requirement: P17
#[test]
fn a_subject_is_needed() {
    let bench = Bench::new();
    for subject in [json!(""), json!(7), json!(null), json!(["ann"])] {
        assert_eq!(
            reason(bench.with_claims(|c| c["sub"] = subject.clone())),
            Some(Malformed),
            "{subject}"
        );
    }
    let only_mail = bench.with_claims(|c| {
        c.as_object_mut().unwrap().remove("sub");
        c["email"] = "ann@example.com".into();
    });
    assert_eq!(reason(only_mail), Some(Malformed));
}

#[test]
fn roles_with_what_they_include() {
    let bench = Bench::new();
    for (roles, held) in [
        (json!("admin"), 0b110),
        (json!(["patient", "clinician"]), 0b011),
        (json!(["nobody", "patient", "Admin"]), 0b001),
        (json!("patient admin"), 0),
        (json!([]), 0),
    ] {
        let identity = bench.with_claims(|c| c["roles"] = roles.clone()).unwrap();
        assert_eq!(identity.roles(), held, "{roles}");
    }
    let none = bench
        .with_claims(|c| _ = c.as_object_mut().unwrap().remove("roles"))
        .unwrap();
    assert_eq!(none.roles(), 0);
    for roles in [
        json!(null),
        json!(true),
        json!(1),
        json!({"admin": true}),
        json!(["admin", 1]),
        json!([["admin"]]),
    ] {
        assert_eq!(
            reason(bench.with_claims(|c| c["roles"] = roles.clone())),
            Some(Malformed),
            "{roles}"
        );
    }
}

#[test]
fn claims_at_nested_pointers() {
    let mut nested = scheme(&["EdDSA"]);
    nested.claims.roles = "/realm_access/roles";
    nested.claims.tenant = "/https:~1~1example.com~1tenant";
    let bench = Bench::of(nested);
    let identity = bench
        .with_claims(|c| {
            c["roles"] = "admin".into();
            c["realm_access"] = json!({"roles": ["patient"]});
            c["https://example.com/tenant"] = "south".into();
        })
        .unwrap();
    assert_eq!(identity.roles(), 0b001);
    assert_eq!(identity.tenant(), Some("south"));
    let elsewhere = bench
        .with_claims(|c| c["realm_access"] = "admin".into())
        .unwrap();
    assert_eq!((elsewhere.roles(), elsewhere.tenant()), (0, None));
}

#[test]
fn scopes_as_text_or_list() {
    let bench = Bench::new();
    for (scope, held) in [
        (json!("a  b "), vec!["a", "b"]),
        (json!(["a", "b"]), vec!["a", "b"]),
        (json!(""), vec![]),
        (json!([]), vec![]),
    ] {
        let identity = bench.with_claims(|c| c["scope"] = scope.clone()).unwrap();
        assert_eq!(identity.scopes().collect::<Vec<_>>(), held, "{scope}");
    }
    for scope in [json!(null), json!(1), json!({}), json!([1])] {
        assert_eq!(
            reason(bench.with_claims(|c| c["scope"] = scope.clone())),
            Some(Malformed),
            "{scope}"
        );
    }
}

#[test]
fn tenant_session_and_name_are_strings() {
    let bench = Bench::new();
    for name in ["tenant", "sid", "jti"] {
        for wrong in [
            json!(1),
            json!(null),
            json!(["north"]),
            json!(""),
            json!(true),
        ] {
            assert_eq!(
                reason(bench.with_claims(|c| c[name] = wrong.clone())),
                Some(Malformed),
                "{name}: {wrong}"
            );
        }
        assert!(
            bench
                .with_claims(|c| _ = c.as_object_mut().unwrap().remove(name))
                .is_ok(),
            "{name}"
        );
    }
}

// requirement: P23
#[test]
fn duplicate_members_refuse_at_any_depth() {
    let bench = Bench::new();
    let header = bench.header().to_string();
    let claims = good().to_string();
    let claims = claims.strip_suffix('}').unwrap();
    assert!(bench.with_texts(&header, &format!("{claims}}}")).is_ok());
    for more in [
        r#""roles":["admin"]"#,
        r#""sub":"bob""#,
        r#""\u0073ub":"bob""#,
        r#""x":1,"x":1"#,
        r#""x":{"y":1,"y":2}"#,
        r#""x":[{"y":1,"y":1}]"#,
    ] {
        assert_eq!(
            reason(bench.with_texts(&header, &format!("{claims},{more}}}"))),
            Some(Duplicate),
            "{more}"
        );
    }
}

#[test]
fn claims_are_one_strict_object() {
    let bench = Bench::new();
    let header = bench.header().to_string();
    let good = good().to_string();
    for claims in [
        "[]",
        "\"x\"",
        "null",
        "{",
        "not json",
        &format!("{good} x"),
        &format!("\u{feff}{good}"),
        &format!("[{good}]"),
        &good.replace("\"ann\"", "\"a\\u0000nn\""),
        &good.replace("\"ann\"", "\"\\ud800\""),
        &good.replace('}', ",}"),
        &good.replace("\"ann\"", &("[".repeat(40) + &"]".repeat(40))),
    ] {
        assert_eq!(
            reason(bench.with_texts(&header, claims)),
            Some(Malformed),
            "{claims}"
        );
    }
}
