//! What a reference for keys may hold (ruling 1, 2, 59; P24, P99). A refusal names the variable and shows no value.

use serde_json::json;

use super::*;

const ALL: &[&str] = &["RS256", "ES256", "EdDSA"];

fn refused(algorithms: &'static [&'static str], keys: &str) -> String {
    let error = verifier(scheme(algorithms), keys).expect_err("was accepted");
    assert_eq!(error.variable, "LOGIN_KEYS");
    for piece in keys.split_whitespace().filter(|piece| piece.len() > 20) {
        assert!(!error.to_string().contains(piece), "{error}");
    }
    error.message
}

fn key(algorithm: &str) -> (Signer, Json) {
    let signer = Signer::generate(algorithm).unwrap();
    let jwk = serde_json::from_str(&signer.jwk().unwrap()).unwrap();
    (signer, jwk)
}

fn set(keys: &[&Json]) -> String {
    json!({ "keys": keys }).to_string()
}

#[test]
fn text_is_told_by_its_beginning() {
    // An address is not fetched before a token asks for it.
    assert!(verifier(scheme(ALL), "https://id.example.com/keys").is_ok());
    assert!(refused(ALL, "  http://id.example.com/keys").contains("not https"));
    let secret = "https://id.example.com/keys-which-are-long";
    assert!(refused(&["HS256"], secret).contains("take a secret"));
    assert!(refused(ALL, "").contains("empty"));
    assert!(refused(ALL, "  \n").contains("empty"));
    assert!(refused(ALL, "f3J8sK1mQ9vT2xZ7bN4cR6yH0wE5uA8d").contains("neither"));
    assert!(refused(ALL, "[]").contains("neither"));
    let (signer, _) = key("EdDSA");
    assert!(verifier(scheme(&["EdDSA"]), &format!("\n  {}\n", signer.key_text())).is_ok());
    assert!(
        verifier(
            scheme(&["EdDSA"]),
            &format!("\n{}\n", signer.public_pem().unwrap())
        )
        .is_ok()
    );
    assert!(refused(&["HS256"], &signer.key_text()).contains("HS256 takes a secret"));
    assert!(refused(&["HS256"], &signer.public_pem().unwrap()).contains("HS256 takes a secret"));
}

// requirement: P24
#[test]
fn no_private_or_symmetric_key_in_any_set() {
    let (_, good) = key("EdDSA");
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let mut private = key("ES256").1;
        private[name] = "AAAA".into();
        assert!(
            refused(ALL, &set(&[&good, &private])).contains("private"),
            "{name}"
        );
        private["use"] = "enc".into();
        assert!(
            refused(ALL, &set(&[&private, &good])).contains("private"),
            "{name}, for encryption"
        );
    }
    let oct = json!({"kty": "oct", "kid": "x"});
    assert!(refused(ALL, &set(&[&good, &oct])).contains("symmetric"));
    let secret = json!({"kty": "oct", "k": "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLWhzMjU2"});
    assert!(refused(ALL, &set(&[&secret])).contains("symmetric"));
}

#[test]
fn keys_for_something_else_are_skipped_but_one_must_be_left() {
    let (signer, good) = key("ES256");
    let changed = |name: &str, value: Json| {
        let mut jwk = key("ES256").1;
        jwk[name] = value;
        jwk
    };
    let others = [
        changed("use", "enc".into()),
        changed("key_ops", json!(["sign"])),
        changed("key_ops", json!([])),
        changed("alg", "ES384".into()),
        changed("alg", "ECDH-ES".into()),
        changed("crv", "P-384".into()),
        changed("kty", "AKP".into()),
        json!({"kty": "OKP", "crv": "X25519", "x": "AAAA"}),
        key("EdDSA").1,
    ];
    for other in &others {
        let verifier = verifier(scheme(&["ES256"]), &set(&[other, &good])).unwrap();
        let token = signer.sign(
            &signer.header(&scheme(&["ES256"])),
            &super::good().to_string(),
        );
        assert!(verifier.verify(token.as_bytes(), NOW).is_ok(), "{other}");
        assert!(
            refused(&["ES256"], &set(&[other])).contains("no key that can verify ES256"),
            "{other}"
        );
    }
    assert!(refused(ALL, r#"{"keys":[]}"#).contains("no key"));
    assert!(
        verifier(
            scheme(&["ES256"]),
            &set(&[&changed("key_ops", json!(["verify"]))])
        )
        .is_ok()
    );
}

#[test]
fn sets_are_strict() {
    let (_, good) = key("EdDSA");
    let text = good.to_string();
    for (set, word) in [
        (r#"{"keys":"#.to_owned(), "strict JSON"),
        (format!(r#"{{"keys":[{text}],"keys":[]}}"#), "strict JSON"),
        (
            format!(
                r#"{{"keys":[{}]}}"#,
                text.replacen('{', r#"{"kty":"OKP","#, 1)
            ),
            "strict JSON",
        ),
        (text, "`keys`"),
        (json!({"keys": good}).to_string(), "`keys`"),
        (json!({"keys": [good, 1]}).to_string(), "no object"),
        (json!({"keys": [{"kid": "x"}]}).to_string(), "kty"),
        (json!({"keys": [{"kty": 1}]}).to_string(), "kty"),
        (set(&[&good, &good]), "same `kid`"),
    ] {
        assert!(refused(ALL, &set).contains(word), "{set}");
    }
    for (name, value) in [
        ("kid", json!(1)),
        ("use", json!(["sig"])),
        ("alg", json!(null)),
        ("key_ops", json!("verify")),
        ("crv", json!(1)),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        assert!(refused(ALL, &set(&[&wrong])).contains(name), "{name}");
    }
}

// requirement: P24
#[test]
fn rsa_keys_are_strong() {
    let jwk = |n: &[u8], e: &[u8]| {
        let text = |bytes| {
            base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes)
        };
        json!({"kty": "RSA", "n": text(n), "e": text(e)})
    };
    let mut modulus = vec![0xff_u8; 256];
    let usual: &[u8] = &[1, 0, 1];
    assert!(verifier(scheme(ALL), &set(&[&jwk(&modulus, usual)])).is_ok());
    modulus[0] = 0x80;
    assert!(
        verifier(scheme(ALL), &set(&[&jwk(&modulus, usual)])).is_ok(),
        "2048 bits"
    );
    modulus[0] = 0x7f;
    assert!(
        refused(ALL, &set(&[&jwk(&modulus, usual)])).contains("less than 2048 bits"),
        "2047 bits"
    );
    assert!(refused(ALL, &set(&[&jwk(&[0xff; 128], usual)])).contains("less than 2048 bits"));
    assert!(refused(ALL, &set(&[&jwk(&[0xff; 1025], usual)])).contains("more than 8192 bits"));
    assert!(
        refused(
            ALL,
            &set(&[&jwk(&[&[0], &[0xff; 256][..]].concat(), usual)])
        )
        .contains("shortest form")
    );
    for exponent in [
        &[1][..],
        &[3],
        &[2],
        &[1, 0, 0],
        &[0, 1, 0, 1],
        &[1, 0, 0, 0, 1],
        &[],
    ] {
        assert!(
            refused(ALL, &set(&[&jwk(&[0xff; 256], exponent)])).contains("exponent"),
            "{exponent:?}"
        );
    }
    let mut even = vec![0xff_u8; 256];
    even[255] = 0xfe;
    assert!(refused(ALL, &set(&[&jwk(&even, usual)])).contains("modulus"));
    // A weak key beside a good one refuses as well (P24).
    let (_, good) = key("ES256");
    assert!(
        refused(ALL, &set(&[&good, &jwk(&[0xff; 128], usual)])).contains("less than 2048 bits")
    );
}

#[test]
fn points_lie_on_their_curve() {
    let (_, good) = key("ES256");
    let mut off = good.clone();
    off["y"] = good["x"].clone();
    assert!(refused(ALL, &set(&[&off])).contains("not valid"));
    for (name, value) in [("x", ""), ("x", "AAAA"), ("y", "=AAA"), ("y", "AB")] {
        let mut wrong = good.clone();
        wrong[name] = value.into();
        refused(ALL, &set(&[&wrong]));
    }
    let (_, mut short) = key("EdDSA");
    short["x"] = "AAAA".into();
    assert!(refused(ALL, &set(&[&short])).contains("32 bytes"));
}

#[test]
fn pem_of_each_kind_one_or_several() {
    let (mut pems, mut signers) = (String::new(), Vec::new());
    for algorithm in ALL {
        let (signer, _) = key(algorithm);
        let pem = signer.public_pem().unwrap();
        let verifier = verifier(scheme(ALL), &pem).unwrap();
        let header = json!({"alg": algorithm, "typ": "at+jwt"}).to_string();
        assert!(
            verifier
                .verify(signer.sign(&header, &good().to_string()).as_bytes(), NOW)
                .is_ok(),
            "{algorithm}"
        );
        pems.push_str(&pem);
        signers.push((signer, header));
    }
    let several = verifier(scheme(ALL), &pems.replace('\n', "\r\n")).unwrap();
    for (signer, header) in &signers {
        let token = signer.sign(header, &good().to_string());
        assert_eq!(
            reason(several.verify(token.as_bytes(), NOW)),
            Some(AuthReason::Key),
            "which of three, without kid"
        );
    }
}

#[test]
fn pem_that_is_no_public_key() {
    let pem = Signer::generate("ES256").unwrap().public_pem().unwrap();
    for label in [
        "PRIVATE KEY",
        "EC PRIVATE KEY",
        "RSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
    ] {
        let private = pem.replace("PUBLIC KEY", label);
        assert!(refused(ALL, &private).contains("private"), "{label}");
        assert!(
            refused(ALL, &format!("{pem}{private}")).contains("private"),
            "{label}, second"
        );
    }
    assert!(refused(&["EdDSA"], &pem).contains("a key of P-256; the document allows EdDSA"));
    assert!(refused(ALL, &format!("{pem}{pem}")).contains("twice"));
    let body = pem.lines().nth(1).unwrap();
    for wrong in [
        pem.replace("PUBLIC KEY", "CERTIFICATE"),
        pem.replace("PUBLIC KEY", "RSA PUBLIC KEY"),
        pem.replace("END", "ENDE"),
        format!("{pem}and more"),
        pem.replace(body, &body[4..]),
        pem.replace(body, &format!("{body}AAAA")),
        pem.replace(body, &format!(" {body}")),
        pem.replace(body, "****"),
        pem.replace(body, ""),
    ] {
        refused(ALL, &wrong);
    }
}

// requirement: P24, P99
#[test]
fn secrets_are_long_and_no_placeholders() {
    let good = "f3J8sK1mQ9vT2xZ7bN4cR6yH0wE5uA8d";
    assert!(verifier(scheme(&["HS256"]), good).is_ok());
    assert!(
        refused(&["HS256"], &good[1..]).contains("less than 32 bytes"),
        "31 bytes"
    );
    assert!(
        verifier(
            scheme(&["HS256"]),
            "base64:f3J8sK1mQ9vT2xZ7bN4cR6yH0wE5uA8df3J8sK1mQ9s="
        )
        .is_ok()
    );
    assert!(
        refused(&["HS256"], &format!("base64:{good}")).contains("less than 32 bytes"),
        "24 after decoding"
    );
    assert!(
        refused(
            &["HS256"],
            "base64:f3J8sK1mQ9vT2xZ7*N4cR6yH0wE5uA8df3J8sK1mQ9vT"
        )
        .contains("no base64")
    );
    for placeholder in [
        "changeme-changeme-changeme-changeme",
        "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
        "your-secret-goes-here-please-1234567890",
        "please-replace-this-before-you-deploy!",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abababababababababababababababababababab",
        "0123456789abcdef0123456789abcdef",
        "base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ] {
        assert!(
            refused(&["HS256"], placeholder).contains("placeholder"),
            "{placeholder}"
        );
    }
}

// requirement: P99
#[test]
fn production_refuses_keys_of_development() {
    for algorithms in [&["HS256"][..], &["EdDSA"], &["ES256"]] {
        let signer = Signer::generate(algorithms[0]).unwrap();
        let make = |production| {
            let scheme = Box::leak(Box::new(scheme(algorithms)));
            let audience = vec![AUDIENCE.to_owned()];
            Verifier::new(
                scheme,
                &SPEC,
                given(&signer.key_text()),
                ISSUER.to_owned(),
                audience,
                production,
            )
        };
        assert!(make(false).is_ok());
        let error = make(true).unwrap_err();
        assert_eq!(error.variable, "LOGIN_KEYS");
        assert!(error.message.contains("made for development"), "{error}");
    }
}

/// RFC 8725 §3.1: what a key is for is never left to the token.
#[test]
fn a_key_is_for_one_algorithm() {
    const RSA: &[&str] = &["RS256", "PS256"];
    let (signer, stated) = key("PS256");
    let mut silent = stated.clone();
    silent.as_object_mut().unwrap().remove("alg");
    assert!(refused(RSA, &set(&[&silent])).contains("RS256 and PS256"));
    assert!(refused(RSA, &signer.public_pem().unwrap()).contains("RS256 and PS256"));
    assert!(verifier(scheme(&["PS256"]), &set(&[&silent])).is_ok());
    let verifier = verifier(scheme(RSA), &set(&[&stated])).unwrap();
    let claims = super::good().to_string();
    let header = signer.header(&scheme(RSA));
    let token = signer.sign(&header, &claims);
    assert!(verifier.verify(token.as_bytes(), NOW).is_ok());
    let other = signer.sign(&header.replace("PS256", "RS256"), &claims);
    assert_eq!(
        reason(verifier.verify(other.as_bytes(), NOW)),
        Some(AuthReason::Algorithm)
    );
    let secret = "kV8s1mQ9vT2xZ7bN4cR6yH0wE5uA8dGfJ3pL-kV8s1mQ9vT2xZ7bN4cR6yH0wE5uA8dGfJ3pL";
    assert!(refused(&["HS256", "HS512"], secret).contains("several algorithms"));
}

#[test]
fn a_secret_is_as_long_as_the_hash() {
    let secret = "kV8s1mQ9vT2xZ7bN4cR6yH0wE5uA8dGfJ3pL_XaYoBnCrDtEqFzGwHiIjKlMuPsOv";
    for (algorithm, bytes) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let algorithms: &'static [&'static str] = Box::leak(Box::new([algorithm]));
        assert!(verifier(scheme(algorithms), &secret[..bytes]).is_ok());
        let short = refused(algorithms, &secret[..bytes - 1]);
        assert!(
            short.contains(&format!("less than {bytes} bytes")),
            "{short}"
        );
    }
}

/// Every kind of key as PEM, read as the one algorithm that the document names.
#[test]
fn pem_of_every_kind() {
    for algorithm in [
        "RS512", "PS384", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
    ] {
        let algorithms: &'static [&'static str] = Box::leak(Box::new([algorithm]));
        let (signer, _) = key(algorithm);
        let verifier = verifier(scheme(algorithms), &signer.public_pem().unwrap()).unwrap();
        let header = json!({"alg": algorithm, "typ": "at+jwt"}).to_string();
        let token = signer.sign(&header, &super::good().to_string());
        assert!(
            verifier.verify(token.as_bytes(), NOW).is_ok(),
            "{algorithm}"
        );
    }
}
