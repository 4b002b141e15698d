//! From sign-up to logout, with the clinic's own accounts.

use crate::clinic::Clinic;
use crate::word;

const ANN: &str =
    r#"{"clinic":"north","email":"ann@example.com","password":"correct horse battery"}"#;

/// The tokens of a session: to ask with, and to renew it with.
fn pair(body: &str) -> (String, String) {
    let token = |name| word(body, name).to_owned();
    (token("access_token"), token("refresh_token"))
}

fn login(clinic: &Clinic) -> (String, String) {
    let said = ANN.replace("\"clinic\":\"north\",", "");
    let (status, _, body) = clinic.ask("POST", "/login", "", &said);
    assert_eq!(status, 200, "{body}");
    pair(&body)
}

fn refresh(clinic: &Clinic, token: &str) -> (u16, String) {
    let body = format!("{{\"refresh_token\":\"{token}\"}}");
    let (status, _, body) = clinic.ask("POST", "/refresh", "", &body);
    (status, body)
}

// requirement: P29, P30, P36
#[test]
fn from_sign_up_to_logout() {
    let clinic = Clinic::start("sessions");
    assert_eq!(clinic.ask("POST", "/accounts", "", ANN).0, 204);
    let taken = ANN.replace("ann@", "Ann@");
    assert_eq!(clinic.ask("POST", "/accounts", "", &taken).0, 409);
    let (access, first) = login(&clinic);
    let record = r#"{"name":"Ann","birthDate":"1980-01-01","email":"ann@example.com"}"#;
    let (status, _, body) = clinic.ask("POST", "/patients", &access, record);
    assert_eq!(status, 201, "{body}");
    // An account that anybody can open is no way to be somebody else.
    let target = format!("/patients/{}", word(&body, "id"));
    assert_eq!(clinic.ask("DELETE", &target, &access, "").0, 403);

    let (status, body) = refresh(&clinic, &first);
    assert_eq!(status, 200, "{body}");
    let (access, second) = pair(&body);
    assert_eq!(clinic.ask("GET", &target, &access, "").0, 200);
    assert_eq!(clinic.ask("POST", "/logout", &access, "").0, 204);
    assert_eq!(clinic.ask("GET", &target, &access, "").0, 401);
    assert_eq!(refresh(&clinic, &second).0, 400);

    // What comes again was stolen by one of two; nobody knows by whom.
    let (access, used) = login(&clinic);
    assert_eq!(refresh(&clinic, &used).0, 200);
    assert_eq!(refresh(&clinic, &used).0, 400);
    assert_eq!(clinic.ask("GET", &target, &access, "").0, 401);
}

#[test]
fn a_wrong_password_tells_nothing() {
    let clinic = Clinic::start("passwords");
    assert_eq!(clinic.ask("POST", "/accounts", "", ANN).0, 204);
    let said = ANN.replace("\"clinic\":\"north\",", "");
    let wrong = said.replace("correct", "another");
    let nobody = said.replace("ann@", "eve@");
    let answers = [wrong, nobody].map(|body| clinic.ask("POST", "/login", "", &body));
    let same = |body: &str| body.replace(word(body, "instance"), "");
    assert_eq!((answers[0].0, answers[1].0), (403, 403));
    assert_eq!(same(&answers[0].2), same(&answers[1].2));
}

#[test]
fn records_leave_only_for_who_has_shown_a_card() {
    let keys = r#"[{"id":"registry","sha256":"463dfa14443657f5e2371d24a614585e0e0460138f038b01a8cd00e88ee397ca","roles":["partner"]}]"#;
    let clinic = Clinic::with("cards", &[("CLINIC_PARTNER_KEYS", keys)]);
    assert_eq!(clinic.ask("POST", "/accounts", "", ANN).0, 204);
    // The account of somebody who runs a clinic, and their card: the hash of what another account took for a password.
    let card = ANN
        .replace("ann@", "card@")
        .replace("correct horse battery", "012345678901");
    assert_eq!(clinic.ask("POST", "/accounts", "", &card).0, 204);
    let sql = "UPDATE accounts SET role = 'admin', card = (SELECT hash FROM accounts WHERE email LIKE 'card@%') \
               WHERE email LIKE 'ann@%'";
    assert_eq!(clinic.database().execute(sql, []), Ok(1));
    let said = ANN.replace("\"clinic\":\"north\",", "");
    let with = |card: &str| said.replace('}', &format!(",\"card\":\"{card}\"}}"));
    let export = |body: &str| {
        let field = "X-Partner-Key: clinic_key-of-the-tests\r\n";
        let (access, _) = pair(body);
        clinic.ask_with("GET", "/exports/patients", &access, field, "")
    };
    let (status, _, body) = clinic.ask("POST", "/login", "", &said);
    assert_eq!(status, 200, "{body}");
    let (status, head, _) = export(&body);
    assert_eq!(status, 401);
    assert!(head.contains("acr_values=\"urn:clinic:card\""), "{head}");
    assert_eq!(
        clinic.ask("POST", "/login", "", &with("999999999999")).0,
        403
    );
    let (status, _, body) = clinic.ask("POST", "/login", "", &with("012345678901"));
    assert_eq!(status, 200, "{body}");
    let (status, _, body) = export(&body);
    assert_eq!(status, 200, "{body}");
}
