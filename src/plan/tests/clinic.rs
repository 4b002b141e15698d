//! `specs/clinic.yaml`, fact by fact.

use super::*;

const CLINICIAN: u64 = 0b010;
const ADMIN: u64 = 0b100;

fn plan() -> Plan {
    build(include_str!("../../../specs/clinic.yaml")).unwrap()
}

#[test]
fn service() {
    let plan = plan();
    assert_eq!(plan.mount, "/v1");
    assert_eq!(
        plan.roles[2].holds,
        ADMIN | CLINICIAN,
        "an admin is a clinician"
    );
    assert!(plan.resources.iter().all(|resource| resource.tenant));
    let bypass: Vec<_> = { plan.resources.iter() }
        .map(|resource| (resource.name.as_str(), resource.bypass))
        .collect();
    let wanted = [
        ("Patient", ADMIN),
        ("Appointment", ADMIN),
        ("Note", CLINICIAN),
    ];
    assert_eq!(bypass, wanted);
    assert_eq!((plan.limits.body_bytes, plan.limits.array), (16 << 10, 100));
    assert!(
        plan.operations
            .iter()
            .all(|operation| operation.body_bytes == 16 << 10)
    );
    assert!(plan.cors.as_ref().unwrap().credentials);
}

#[test]
fn quotas_in_use() {
    let plan = plan();
    for operation in &plan.operations {
        let expected: &[&str] = match operation.id.as_str() {
            "bookAppointment" => &["standard", "bookings"],
            "listOccupancy" | "exportPatients" => &["standard", "partners"],
            // One string beside the password is the account; with two, nobody can tell which (ruling 13).
            "login" => &["standard", "auth", "authAccount"],
            "signUp" | "refresh" | "logout" => &["standard", "auth"],
            _ => &["standard"],
        };
        assert_eq!(quotas(&plan, &operation.id), expected, "{}", operation.id);
    }
    let bookings = plan
        .quotas
        .iter()
        .find(|quota| quota.name == "bookings")
        .unwrap();
    assert_eq!(
        (
            bookings.limit,
            bookings.window_seconds,
            bookings.failures_only
        ),
        (20, 3600, false)
    );
    assert_eq!(bookings.by, [By::Subject]);
    assert_eq!(bookings.on_failure, OnStoreFailure::Local);
}

#[test]
fn members() {
    let plan = plan();
    let email = member(&plan, "Patient", "email");
    assert_eq!(
        email.read,
        Read::Some {
            roles: CLINICIAN,
            owner: true
        }
    );
    assert!(email.required && !email.required_in_reply && email.personal);
    assert_eq!(
        member(&plan, "Patient", "riskNote").read,
        Read::Some {
            roles: CLINICIAN,
            owner: false
        }
    );
    assert_eq!(
        member(&plan, "PatientUpdate", "allergies").write,
        Write::Roles(CLINICIAN)
    );
    assert!(member(&plan, "PatientUpdate", "phone").nullable);
    // Beside `$ref` (ruling 60), and only for that use.
    assert_eq!(
        member(&plan, "AppointmentUpdate", "status").write,
        Write::Roles(CLINICIAN)
    );
    assert_eq!(member(&plan, "Appointment", "status").write, Write::Anyone);
    let ValueKind::Integer(version) = &member(&plan, "PatientUpdate", "version").value else {
        panic!()
    };
    assert_eq!(
        (version.min, version.max),
        (1, i64::MAX),
        "more than nothing"
    );
    assert!(version.min_declared && !version.max_declared);
    let ValueKind::Integer(minutes) = &member(&plan, "NewAppointment", "minutes").value else {
        panic!()
    };
    assert_eq!(
        (minutes.min, minutes.max, minutes.multiple_of),
        (10, 120, Some(5))
    );
    let ValueKind::List(allergies) = &member(&plan, "PatientUpdate", "allergies").value else {
        panic!()
    };
    assert_eq!(
        (
            allergies.min,
            allergies.max,
            allergies.unique,
            allergies.max_declared
        ),
        (0, 20, true, true)
    );
    let ValueKind::Text(date) = &member(&plan, "NewPatient", "birthDate").value else {
        panic!()
    };
    assert_eq!(
        (date.max, date.max_declared, date.format),
        (10, false, Some(Format::Date))
    );
}

#[test]
fn ownership() {
    let plan = plan();
    let book = operation(&plan, "bookAppointment");
    assert_eq!((book.owns.len(), book.owns[0].resource), (1, 0));
    assert_eq!(
        book.owns[0].kind,
        OwnKind::Policy {
            id: IdAt::Param(0),
            mode: Mode::Write
        }
    );
    let delete = operation(&plan, "deletePatient");
    assert_eq!(
        delete.owns[0].kind,
        OwnKind::Any {
            id: IdAt::Param(0),
            mode: Mode::Write
        }
    );
    assert!(
        plan.operations
            .iter()
            .all(|operation| !matches!(operation.access, Access::Denied { .. }))
    );
}
