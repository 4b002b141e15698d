//! From references of the document to verifiers, in production and while developing.

use super::*;

// requirement: P99
#[test]
fn production_wants_every_reference() {
    let keys = crate::dev::Signer::generate_named("ES256", "k1")
        .unwrap()
        .key_text();
    let all = [
        ("LOGIN_KEYS", keys.as_str()),
        ("LOGIN_ISSUER", "https://id.example.com"),
        ("LOGIN_AUDIENCE", "other"),
    ];
    assert_eq!(production(&all).unwrap().verifiers(&SPEC).unwrap().len(), 1);
    for missing in 0..all.len() {
        let rest: Vec<_> = all
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != missing)
            .map(|(_, pair)| *pair)
            .collect();
        assert!(
            refusal(
                production(&rest).unwrap().verifiers(&SPEC),
                all[missing].0,
                ""
            )
            .contains("not set")
        );
        let empty: Vec<_> = all
            .iter()
            .enumerate()
            .map(|(at, (name, value))| (*name, if at == missing { "" } else { *value }))
            .collect();
        assert!(
            refusal(
                production(&empty).unwrap().verifiers(&SPEC),
                all[missing].0,
                ""
            )
            .contains("empty")
        );
    }
    refusal(
        production(&[]).unwrap().minter(&SPEC.schemes[0]),
        "APP_ENV",
        "",
    );
}

#[test]
fn development_makes_its_own_keys_and_keeps_them() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let config = || development(&[]).unwrap().with_data(&data);
    let verifiers = config().verifiers(&SPEC).unwrap();
    let path = data.join("dev-keys.json");
    let written = std::fs::read_to_string(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&data), mode(&path)), (0o700, 0o600));
    }
    let minter = config().minter(&SPEC.schemes[0]).unwrap();
    let token = minter
        .token(&crate::dev::TokenRequest::new("ann"), 1_800_000_000)
        .unwrap();
    let identity = verifiers[0]
        .verify(token.as_bytes(), 1_800_000_000)
        .unwrap();
    assert_eq!(
        (identity.subject(), identity.issuer()),
        ("ann", "https://development.invalid")
    );
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        written,
        "made once"
    );

    // The same key, carried into production by hand, refuses.
    let keys = minter.signer().key_text();
    let set = [
        ("LOGIN_KEYS", keys.as_str()),
        ("LOGIN_ISSUER", "i"),
        ("LOGIN_AUDIENCE", "a"),
    ];
    assert!(
        refusal(
            production(&set).unwrap().verifiers(&SPEC),
            "LOGIN_KEYS",
            &keys
        )
        .contains("development")
    );
    // With keys of an issuer there is nothing to sign with.
    refusal(
        development(&set)
            .unwrap()
            .with_data(&data)
            .minter(&SPEC.schemes[0]),
        "LOGIN_KEYS",
        &keys,
    );
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_refuses() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let config = || development(&[]).unwrap().with_data(&folder.0);
    config().verifiers(&SPEC).unwrap();
    let path = folder.0.join("dev-keys.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refusal(config().verifiers(&SPEC), path.to_str().unwrap(), "").contains("others"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&path, "{\"login\":{}}").unwrap();
    assert!(refusal(config().verifiers(&SPEC), path.to_str().unwrap(), "").contains("broken"));
}
