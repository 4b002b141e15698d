//! Clinicians and the patients whom they treat.

use crate::clinic::Clinic;
use crate::{ANN, ann, with_patients, word};

/// The names on a list, of a clinic in which there are Ann, Bob and Zoe.
fn listed(clinic: &Clinic, target: &str, token: &str) -> Vec<&'static str> {
    let (status, _, body) = clinic.ask("GET", target, token, "");
    assert_eq!(status, 200, "{body}");
    let there = |name: &&str| body.contains(&format!("\"{name}\""));
    ["Ann", "Bob", "Zoe"].into_iter().filter(there).collect()
}

// requirement: P41, P46
#[test]
fn clinicians_see_their_own_patients_and_no_others() {
    let (clinic, id) = with_patients("own-patients");
    clinic.treats("carl", &id);
    let of = |subject: &str, role: &str, tenant: &str| clinic.token(subject, role, tenant);
    let (carl, dan) = (
        of("carl", "clinician", "north"),
        of("dan", "clinician", "north"),
    );
    assert_eq!(listed(&clinic, "/patients", &carl), ["Ann"]);
    assert_eq!(listed(&clinic, "/patients", &dan), [""; 0]);
    assert_eq!(
        listed(&clinic, "/patients", &of("emma", "admin", "north")),
        ["Ann", "Bob"]
    );
    // It takes the role as well, and never leaves the clinic.
    assert_eq!(
        listed(&clinic, "/patients", &of("carl", "patient", "north")),
        [""; 0]
    );
    assert_eq!(
        listed(&clinic, "/patients", &of("carl", "clinician", "south")),
        [""; 0]
    );

    let target = format!("/patients/{id}");
    assert_eq!(clinic.ask("GET", &target, &carl, "").0, 200);
    let absent = "/patients/00000000-0000-4000-8000-000000000000";
    let same = |body: &str| body.replace(word(body, "instance"), "");
    for stranger in [
        &dan,
        &of("carl", "patient", "north"),
        &of("carl", "clinician", "south"),
    ] {
        let (status, _, refused) = clinic.ask("GET", &target, stranger, "");
        let (none, _, unknown) = clinic.ask("GET", absent, stranger, "");
        assert_eq!((status, none), (404, 404));
        assert_eq!(same(&refused), same(&unknown));
    }
    let changed = ANN.replace('}', ",\"riskNote\":\"falls\",\"version\":1}");
    assert_eq!(clinic.ask("PUT", &target, &dan, &changed).0, 404);
    assert_eq!(clinic.ask("PUT", &target, &carl, &changed).0, 200);
}

// requirement: P41, P46
#[test]
fn who_registers_somebody_treats_them() {
    let (clinic, _) = with_patients("registered");
    let zoe = ANN.replace("Ann", "Zoe").replace("ann@", "zoe@");
    let [carl, dan] = ["carl", "dan"].map(|name| clinic.token(name, "clinician", "north"));
    let (status, _, body) = clinic.ask("POST", "/patients", &carl, &zoe);
    assert_eq!(status, 201, "{body}");
    let target = format!("/patients/{}", word(&body, "id"));
    assert_eq!(clinic.ask("GET", &target, &carl, "").0, 200);
    assert_eq!(clinic.ask("GET", &target, &dan, "").0, 404);
    assert_eq!(listed(&clinic, "/patients", &carl), ["Zoe"]);
    // As many as they like, where a patient has one record.
    assert_eq!(clinic.ask("POST", "/patients", &carl, &zoe).0, 201);
    assert_eq!(clinic.ask("POST", "/patients", &ann(&clinic), ANN).0, 409);
}

// requirement: P41, P46
#[test]
fn appointments_go_with_the_patient() {
    let (clinic, id) = with_patients("own-appointments");
    clinic.treats("carl", &id);
    let [carl, dan] = ["carl", "dan"].map(|name| clinic.token(name, "clinician", "north"));
    let booked = r#"{"startsAt":"2099-01-01T10:00:00Z","reason":"Zoe"}"#;
    let target = format!("/patients/{id}/appointments");
    assert_eq!(clinic.ask("POST", &target, &dan, booked).0, 404);
    let (status, _, body) = clinic.ask("POST", &target, &carl, booked);
    assert_eq!(status, 201, "{body}");
    let target = format!("/appointments/{}", word(&body, "id"));
    for (token, status, seen) in [
        (&carl, 200, true),
        (&ann(&clinic), 200, true),
        (&dan, 404, false),
    ] {
        assert_eq!(clinic.ask("GET", &target, token, "").0, status);
        assert_eq!(
            listed(&clinic, "/appointments", token).contains(&"Zoe"),
            seen
        );
    }
    let kept = r#"{"status":"kept"}"#;
    assert_eq!(clinic.ask("PATCH", &target, &dan, kept).0, 404);
    assert_eq!(clinic.ask("PATCH", &target, &carl, kept).0, 200);
}
