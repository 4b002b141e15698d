//! Known answers of RFC 7515 appendix A and RFC 8037 appendix A.

use super::super::jws::Jws;
use super::super::keys::Keys;
use super::*;

/// The payload of RFC 7515 A.1 to A.3: `iss` is `joe`, `exp` 1300819380.
const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn verify(algorithm: &str, keys: &str, token: &str) -> Result<Vec<u8>, AuthReason> {
    let keys = Keys::read(keys, &[algorithm], true).unwrap();
    let jws = Jws::parse(token.as_bytes())?;
    keys.verify(&jws, &jws.header(&[algorithm])?)?;
    Ok(jws.claims().to_vec())
}

fn check(algorithm: &str, keys: &str, token: &str) {
    let payload = verify(algorithm, keys, token).unwrap();
    assert_eq!(
        payload,
        b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
    );
    let changed = token.replace("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqb2Yi");
    assert_ne!(changed, token);
    assert_eq!(
        verify(algorithm, keys, &changed),
        Err(AuthReason::Signature)
    );
}

#[test]
fn rfc_7515_a1_hs256() {
    let key = "base64:AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let header = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
    check(
        "HS256",
        key,
        &format!("{header}.{PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    );
}

const RFC_7515_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

#[test]
fn rfc_7515_a2_rs256() {
    let key = format!(r#"{{"keys":[{{"kty":"RSA","n":"{RFC_7515_N}","e":"AQAB"}}]}}"#);
    let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    check(
        "RS256",
        &key,
        &format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{signature}"),
    );
}

#[test]
fn rfc_7515_a3_es256() {
    let key = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    check(
        "ES256",
        key,
        &format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{signature}"),
    );
}

#[test]
fn rfc_8037_a4_eddsa() {
    let key = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let token = format!("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.{signature}");
    assert_eq!(
        verify("EdDSA", key, &token).unwrap(),
        b"Example of Ed25519 signing"
    );
    let changed = token.replace("RXhhbXBsZSBv", "RXhhbXBsZSBw");
    assert_eq!(verify("EdDSA", key, &changed), Err(AuthReason::Signature));
}

/// RFC 8037 A.3 names the same key by its thumbprint, and that is a PEM key's name.
#[test]
fn rfc_8037_a3_thumbprint() {
    let der = [
        &[
            0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
        ][..],
        &super::super::jws::decode(b"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap(),
    ]
    .concat();
    let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
    let keys = Keys::read(&pem, &["EdDSA"], true).unwrap();
    assert!(
        keys.pick(Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"))
            .is_ok()
    );
    assert!(
        keys.pick(Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4K"))
            .is_err()
    );
}
