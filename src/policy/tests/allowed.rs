//! What two whole specifications say.

use super::read;
use crate::policy::{Access, By, How, Policy, RateUse, Setting};

fn spec(text: &str) -> Policy {
    read(text).unwrap()
}

#[test]
fn users() {
    let policy = spec(include_str!("../../../specs/users.yaml"));
    assert_eq!(
        policy
            .roles
            .iter()
            .map(|role| (role.name.as_str(), role.holds))
            .collect::<Vec<_>>(),
        [("member", 0b01), ("admin", 0b11)]
    );
    let scheme = &policy.schemes[0];
    assert_eq!(scheme.keys.from, Setting::Env("USERS_KEYS".into()));
    assert_eq!(
        (
            scheme.leeway_seconds,
            scheme.max_lifetime_seconds,
            scheme.max_bytes
        ),
        (30, 3600, 8192)
    );
    assert!(scheme.access_token_profile);
    assert_eq!(scheme.claims.tenant, "/tenant");
    // listUsers, signUp, getUser, updateUser, deleteUser.
    let how: Vec<Vec<How>> = policy
        .operations
        .iter()
        .map(|each| each.owns.iter().map(|owns| owns.how).collect())
        .collect();
    assert_eq!(
        how,
        [
            vec![How::List],
            vec![],
            vec![How::Owner { write: false }],
            vec![How::Owner { write: true }],
            vec![How::Any { write: true }]
        ]
    );
    assert!(matches!(
        policy.operations[1].access.value,
        Access::Public { .. }
    ));
    assert!(
        matches!(&policy.operations[4].access.value, Access::Caller(need) if need.roles == [0b10])
    );
    assert_eq!(policy.cors.as_ref().unwrap().max_age_seconds, Some(600));
    let auth = policy.rate_limit("auth").unwrap();
    assert_eq!(
        (auth.limit, auth.window_seconds, auth.failures_only),
        (10, 900, true)
    );
    assert_eq!(auth.by, [By::Ip]);
}

#[test]
fn clinic() {
    let policy = spec(include_str!("../../../specs/clinic.yaml"));
    let holds: Vec<u64> = policy.roles.iter().map(|role| role.holds).collect();
    assert_eq!(
        holds,
        [0b0001, 0b0010, 0b0110, 0b1000],
        "patient, clinician, admin who is a clinician too, and partner"
    );
    assert!(policy.resources.iter().all(|resource| resource.tenant));
    let bypass: Vec<_> = { policy.resources.iter() }
        .map(|resource| (resource.name.as_str(), resource.bypass))
        .collect();
    let wanted = [("Patient", 0b100), ("Appointment", 0b100), ("Note", 0b010)];
    assert_eq!(bypass, wanted);
    assert_eq!(policy.schemes[0].claims.tenant, "/clinic");
    assert_eq!(policy.schemes[0].max_lifetime_seconds, 1800);
    assert_eq!(
        (
            policy.limits.body.value,
            policy.limits.array.value,
            policy.limits.string.value
        ),
        (16 << 10, 100, 4096)
    );
    assert!(
        policy
            .operations
            .iter()
            .all(|each| !matches!(each.access.value, Access::Denied { .. }))
    );
    let booking = policy
        .operations
        .iter()
        .find_map(|each| match &each.rate_limit.value {
            RateUse::Named(names) if names.len() == 2 => Some(names[1].0.clone()),
            _ => None,
        });
    assert_eq!(booking.as_deref(), Some("bookings"));
}
