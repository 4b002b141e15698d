//! Parts of a record, several objects at once, and objects that change hands while somebody writes.

use crate::clinic::Clinic;
use crate::{ANN, ann, with_patients, word};
use std::time::Duration;

/// Longer than a guard takes to let a request through to a handler that then waits for the database.
const MEANWHILE: Duration = Duration::from_secs(1);

fn note(clinic: &Clinic, patient: &str, text: &str) -> String {
    let carl = clinic.token("carl", "clinician", "north");
    let body = format!("{{\"text\":\"{text}\"}}");
    let target = format!("/patients/{patient}/notes");
    let (status, _, body) = clinic.ask("POST", &target, &carl, &body);
    assert_eq!(status, 201, "{body}");
    word(&body, "id").to_owned()
}

fn book(clinic: &Clinic, patient: &str, token: &str, day: u8) -> String {
    let body = format!("{{\"startsAt\":\"2099-01-{day:02}T10:00:00Z\",\"reason\":\"a cough\"}}");
    let target = format!("/patients/{patient}/appointments");
    let (status, _, body) = clinic.ask("POST", &target, token, &body);
    assert_eq!(status, 201, "{body}");
    word(&body, "id").to_owned()
}

fn bobs_record(clinic: &Clinic) -> String {
    let bob = clinic.token("bob", "patient", "north");
    let (_, _, body) = clinic.ask("GET", "/patients", &bob, "");
    word(&body, "id").to_owned()
}

// requirement: P39, P40, P41
#[test]
fn a_note_is_reached_through_its_patient_only() {
    let (clinic, ann_id) = with_patients("notes");
    let (bob_id, ann) = (bobs_record(&clinic), ann(&clinic));
    for patient in [&ann_id, &bob_id] {
        clinic.treats("carl", patient);
    }
    let (hers, his) = (
        note(&clinic, &ann_id, "hers"),
        note(&clinic, &bob_id, "his"),
    );
    let bob = clinic.token("bob", "patient", "north");
    let carl = clinic.token("carl", "clinician", "north");
    let dora = clinic.token("dora", "clinician", "north");
    let there = |patient: &str, note: &str| format!("/patients/{patient}/notes/{note}");
    let (status, _, body) = clinic.ask("GET", &there(&ann_id, &hers), &ann, "");
    assert_eq!((status, word(&body, "text")), (200, "hers"));
    // Someone else's, below whatever patient, and the right one below the wrong patient: as if there were none.
    let none = "00000000-0000-4000-8000-000000000000";
    let (absent, _, unknown) = clinic.ask("GET", &there(&ann_id, none), &ann, "");
    assert_eq!(absent, 404);
    let same = |body: &str| body.replace(word(body, "instance"), "");
    for (token, target) in [
        (&ann, there(&bob_id, &his)),
        (&ann, there(&ann_id, &his)),
        (&ann, there(&bob_id, &hers)),
        (&bob, there(&ann_id, &hers)),
        (&carl, there(&ann_id, &his)),
        (&carl, there(&bob_id, &hers)),
        // She treats neither.
        (&dora, there(&ann_id, &hers)),
        (&dora, there(&bob_id, &his)),
    ] {
        let (status, _, body) = clinic.ask("GET", &target, token, "");
        assert_eq!((status, same(&body)), (404, same(&unknown)), "{target}");
    }
    // A clinician who treats both sees both, each where it is; the list of a patient holds theirs alone.
    for (patient, own, other) in [(&ann_id, "hers", "his"), (&bob_id, "his", "hers")] {
        let target = format!("/patients/{patient}/notes");
        let (status, _, body) = clinic.ask("GET", &target, &carl, "");
        assert_eq!(status, 200, "{body}");
        let holds = |text: &str| body.contains(&format!("\"{text}\""));
        assert_eq!((holds(own), holds(other)), (true, false), "{body}");
    }
    let target = format!("/patients/{ann_id}/notes");
    assert_eq!(clinic.ask("GET", &target, &bob, "").0, 404);
    assert_eq!(clinic.ask("GET", &target, &dora, "").0, 404);
    let text = "{\"text\":\"from a stranger\"}";
    assert_eq!(clinic.ask("POST", &target, &dora, text).0, 404);
    // Nothing was deleted by who asked for it in the wrong place.
    assert_eq!(
        clinic.ask("DELETE", &there(&bob_id, &hers), &carl, "").0,
        404
    );
    assert_eq!(
        clinic.ask("DELETE", &there(&ann_id, &hers), &ann, "").0,
        403
    );
    assert_eq!(clinic.ask("GET", &there(&ann_id, &hers), &ann, "").0, 200);
    assert_eq!(
        clinic.ask("DELETE", &there(&ann_id, &hers), &carl, "").0,
        204
    );
    assert_eq!(clinic.ask("GET", &there(&ann_id, &hers), &ann, "").0, 404);
}

// requirement: P39, P40
#[test]
fn one_appointment_of_someone_else_keeps_all_from_being_cancelled() {
    let (clinic, ann_id) = with_patients("cancelled");
    let (ann, bob) = (ann(&clinic), clinic.token("bob", "patient", "north"));
    let hers = [1, 2].map(|day| book(&clinic, &ann_id, &ann, day));
    let his = book(&clinic, &bobs_record(&clinic), &bob, 3);
    let none = "00000000-0000-4000-8000-000000000000".to_owned();
    let cancel = |ids: &[&String]| {
        let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
        let body = format!("{{\"appointments\":[{}]}}", ids.join(","));
        clinic.ask("POST", "/appointments/cancel", &ann, &body).0
    };
    let [one, two] = &hers;
    for wrong in [&his, &none] {
        for ids in [
            vec![wrong],
            vec![wrong, one, two],
            vec![one, wrong, two],
            vec![one, two, wrong],
        ] {
            assert_eq!(cancel(&ids), 404);
        }
    }
    let booked = || {
        let (_, _, body) = clinic.ask("GET", "/appointments?status=booked", &ann, "");
        body.matches("\"booked\"").count()
    };
    assert_eq!(booked(), 2);
    assert_eq!(cancel(&[one, one]), 422);
    assert_eq!(cancel(&[one, two]), 204);
    assert_eq!(booked(), 0);
    assert_eq!(cancel(&[one]), 409, "it is cancelled already");
    let (_, _, body) = clinic.ask("GET", "/appointments", &bob, "");
    assert!(body.contains("\"booked\""), "{body}");
}

/// What somebody else writes after the guard let the request in, and before its handler writes.
fn meanwhile(clinic: &Clinic, change: &str, ask: impl FnOnce() -> u16 + Send) -> u16 {
    let database = clinic.database();
    // Others may read and not write: the guard loads, the handler waits.
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let asked = scope.spawn(ask);
        std::thread::sleep(MEANWHILE);
        assert!(!asked.is_finished(), "the handler waits for the database");
        database.execute_batch(change).unwrap();
        database.execute_batch("COMMIT").unwrap();
        asked.join().unwrap()
    })
}

// requirement: P39
#[test]
fn what_changes_hands_between_check_and_write_is_not_written() {
    let (clinic, ann_id) = with_patients("races");
    let ann = ann(&clinic);
    let appointment = book(&clinic, &ann_id, &ann, 1);
    let cancel = format!("{{\"appointments\":[\"{appointment}\"]}}");
    let given = "UPDATE patients SET owner = 'zoe', version = version + 1 WHERE owner = 'ann'";
    let taken = "UPDATE patients SET owner = 'ann', version = 1 WHERE owner = 'zoe'";
    let (target, changed) = (
        format!("/patients/{ann_id}"),
        ANN.replace("Ann", "Anna").replace('}', ",\"version\":1}"),
    );
    let status = meanwhile(&clinic, given, || {
        clinic.ask("PUT", &target, &ann, &changed).0
    });
    assert_eq!(status, 409);
    clinic.database().execute_batch(taken).unwrap();
    let status = meanwhile(&clinic, given, || {
        clinic.ask("POST", "/appointments/cancel", &ann, &cancel).0
    });
    assert_eq!(status, 409);
    clinic.database().execute_batch(taken).unwrap();
    let (status, _, record) = clinic.ask("GET", &target, &ann, "");
    assert_eq!((status, word(&record, "name")), (200, "Ann"));
    let (_, _, kept) = clinic.ask("GET", &format!("/appointments/{appointment}"), &ann, "");
    assert_eq!(word(&kept, "status"), "booked");
}
