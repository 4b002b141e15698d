#![allow(clippy::unwrap_used)]
use std::net::IpAddr;

use super::*;

fn key(text: &str) -> Key {
    let caller = Caller {
        address: None,
        identity: None,
        input: Some(text),
        failed: false,
    };
    Key::of(&[By::Input], &caller)
}

/// A counter costs the same whatever its caller is called: a quarter of a million long names must not be memory.
#[test]
fn long_names_cost_no_more_than_short_ones_and_stay_apart() {
    let (one, other) = ("x".repeat(100_000), format!("{}y", "x".repeat(99_999)));
    for text in [&*one, &*other, "short"] {
        assert!(key(text).as_bytes().len() <= 120, "{}", text.len());
    }
    assert_ne!(key(&one).as_bytes(), key(&other).as_bytes());
    assert_eq!(key(&one).as_bytes(), key(&one).as_bytes());
    // Nor can a name be chosen that is the key of another.
    let digest = key(&one).as_bytes().to_vec();
    let forged = String::from_utf8_lossy(&digest).into_owned();
    assert_ne!(key(&forged).as_bytes(), digest);
    assert_ne!(key(&"x".repeat(99_999)).as_bytes(), key(&one).as_bytes());
}

fn address(text: &str) -> Key {
    Key::address(Address::of(text.parse::<IpAddr>().unwrap()))
}

// requirement: P79
#[test]
fn a_window_starts_at_the_first_request_and_ends_its_length_later() {
    let table = Table::new(2, 10, 100);
    let key = key("a");
    assert_eq!(table.charge(&key, 3 * SECOND), Ok(()));
    assert_eq!(table.charge(&key, 12 * SECOND), Ok(()));
    assert_eq!(table.charge(&key, 12 * SECOND), Err(SECOND));
    assert_eq!(table.charge(&key, 13 * SECOND - 1), Err(1));
    assert_eq!(table.charge(&key, 13 * SECOND), Ok(()));
    assert_eq!(table.charge(&key, 13 * SECOND), Ok(()));
    assert_eq!(table.charge(&key, 13 * SECOND), Err(10 * SECOND));
}

// requirement: P88
#[test]
fn a_full_table_forgets_nobody_and_others_share_one_counter() {
    // Room for 16 keys: one in each shard.
    let table = Table::new(2, 10, 16);
    for at in 0..500 {
        let _ = table.charge(&key(&format!("first {at}")), 0);
    }
    assert_eq!(table.keys(), 16);
    let refused = (0..500)
        .filter(|at| table.charge(&key(&format!("later {at}")), 1).is_err())
        .count();
    assert_eq!(refused, 500, "the shared counter is used up");
    let known = (0..500)
        .filter(|at| table.charge(&key(&format!("first {at}")), 1).is_ok())
        .count();
    assert!(
        (15..=16).contains(&known),
        "each known key has one request left: {known}"
    );
    // When the windows end, the table is empty again, a few keys at a time.
    for at in 0..200 {
        let _ = table.charge(&key(&format!("new {at}")), 11 * SECOND);
    }
    assert!(table.keys() <= 16);
    let fresh = table.charge(&key("first 0"), 22 * SECOND);
    assert_eq!(fresh, Ok(()));
}

#[test]
fn the_shared_window_starts_at_its_first_request_too() {
    // No room for any key.
    let table = Table::new(1, 10, 0);
    assert_eq!(table.charge(&key("a"), 9 * SECOND), Ok(()));
    assert_eq!(table.charge(&key("b"), 11 * SECOND), Err(8 * SECOND));
    assert_eq!(table.charge(&key("b"), 19 * SECOND), Ok(()));
}

#[test]
fn ended_windows_are_swept() {
    let table = Table::new(1, 1, KEYS);
    for at in 0..10_000_u64 {
        assert_eq!(
            table.charge(&key(&at.to_string()), at * SECOND / 10),
            Ok(())
        );
    }
    assert!(table.keys() < 500, "{}", table.keys());
}

#[test]
fn what_is_given_back_belongs_to_its_window() {
    let table = Table::new(1, 10, 100);
    let key = key("a");
    let held = table.open(&key, 0).take();
    assert_eq!(table.open(&key, 1).remaining(), 0);
    assert!(table.give_back(&held));
    assert!(!table.give_back(&held), "only once");
    let later = table.open(&key, 11 * SECOND).take();
    assert!(!table.give_back(&held), "its window is over");
    assert_eq!(table.open(&key, 11 * SECOND).remaining(), 0);
    assert!(table.give_back(&later));
}

// requirement: P81
#[test]
fn keys_are_told_apart() {
    let same = |a: &Key, b: &Key| a.as_bytes() == b.as_bytes();
    assert!(same(
        &address("2001:db8:1:2::1"),
        &address("2001:db8:1:2:ffff::9")
    ));
    assert!(!same(
        &address("2001:db8:1:2::1"),
        &address("2001:db8:1:3::1")
    ));
    assert!(same(&address("::ffff:192.0.2.1"), &address("192.0.2.1")));
    assert!(!same(&address("192.0.2.1"), &address("192.0.2.2")));
    let identity = |issuer: &str, subject: &str| crate::auth::Identity {
        issuer: issuer.into(),
        subject: subject.into(),
        roles: 0,
        scopes: Vec::new(),
        tenant: None,
        session: None,
        token_id: None,
        expires: 0,
        issued: None,
        key: None,
        authenticated: None,
        class: None,
        attributes: Vec::new(),
    };
    let by = |issuer: &str, subject: &str| {
        let identity = identity(issuer, subject);
        Key::of(
            &[By::Subject],
            &Caller {
                address: None,
                identity: Some(&identity),
                input: None,
                failed: false,
            },
        )
    };
    assert!(!same(&by("ab", "c"), &by("a", "bc")));
    let long = "x".repeat(500);
    assert!(same(&by(&long, "c"), &by(&long, "c")));
    assert!(!same(&by(&long, "c"), &by(&long, "d")));
    let ip = Some(Address::of("192.0.2.1".parse().unwrap()));
    let known = identity("a", "b");
    let failed = Key::of(
        &[By::All],
        &Caller {
            address: ip,
            identity: Some(&known),
            input: None,
            failed: true,
        },
    );
    assert!(same(&failed, &address("192.0.2.1")));
    let nobody = Caller {
        address: ip,
        identity: None,
        input: None,
        failed: false,
    };
    assert!(same(
        &Key::of(&[By::Subject], &nobody),
        &address("192.0.2.1")
    ));
    assert!(same(
        &Key::of(&[By::Tenant], &nobody),
        &address("192.0.2.1")
    ));
    assert!(!same(&Key::of(&[By::All], &nobody), &address("192.0.2.1")));
}

#[test]
fn all_are_charged_or_none() {
    const fn quota(name: &'static str, limit: u32) -> Quota {
        Quota {
            name,
            limit,
            window: 10,
            by: &[By::Input],
            failures_only: false,
        }
    }
    static TWO: [Quota; 2] = [quota("wide", 3), quota("narrow", 1)];
    let quotas = Quotas::new(&TWO);
    let key = key("a");
    // In any order of asking.
    let both = [(1, key.clone()), (0, key.clone())];
    let mut standings = Vec::new();
    assert!(quotas.charge(&both, 0, &mut standings).is_ok());
    for _ in 0..5 {
        standings.clear();
        let refused = quotas.charge(&both, SECOND, &mut standings).err().unwrap();
        assert_eq!((refused.violated, refused.retry_after), (vec![1], 9));
        let left: Vec<_> = standings
            .iter()
            .map(|standing| (standing.quota, standing.remaining))
            .collect();
        assert_eq!(left, [(0, 2), (1, 0)]);
        assert!(standings.iter().all(|standing| standing.held.is_none()));
    }
    assert!(
        quotas.charge(&[(2, key)], 0, &mut standings).is_err(),
        "no such quota"
    );
}
