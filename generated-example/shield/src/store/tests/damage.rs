//! A process may be killed at any byte it writes, and a disk may fail.

use std::fs;

use super::*;
use crate::store::folder::Folder;

const LOG: &str = "revocations.log";

fn token(name: &str) -> Change {
    Change::Token {
        token: Digest::token(name),
        until: 1_000_000,
    }
}

fn is_revoked(store: &Folder, name: &str) -> Result<bool, StoreError> {
    store.is_revoked(&Asked {
        token: Some(name),
        now: 10,
        ..Asked::default()
    })
}

/// Three changes, and the length of the log after each.
fn three(scratch: &Scratch) -> Vec<usize> {
    let store = Folder::open(&scratch.0, 0).unwrap();
    let length = || usize::try_from(fs::metadata(scratch.0.join(LOG)).unwrap().len()).unwrap();
    let mut lengths = vec![length()];
    for name in ["a", "b", "c"] {
        wait(store.change(token(name), 0)).unwrap();
        lengths.push(length());
    }
    lengths
}

#[test]
fn a_write_that_was_cut_off_anywhere_is_there_or_not() {
    let scratch = Scratch::new();
    let lengths = three(&scratch);
    let whole = fs::read(scratch.0.join(LOG)).unwrap();
    let kept = Scratch::new();
    fs::create_dir_all(&kept.0).unwrap();
    for cut in lengths[0]..=whole.len() {
        fs::write(kept.0.join(LOG), &whole[..cut]).unwrap();
        let store = Folder::open(&kept.0, 10).unwrap();
        for (at, name) in ["a", "b", "c"].into_iter().enumerate() {
            assert_eq!(
                is_revoked(&store, name),
                Ok(lengths[at + 1] <= cut),
                "{name} of {cut} bytes"
            );
        }
        // What was cut off is gone for good, and the log goes on behind what is left.
        wait(store.change(token("d"), 10)).unwrap();
        drop(store);
        let store = Folder::open(&kept.0, 10).unwrap();
        assert_eq!(is_revoked(&store, "d"), Ok(true), "{cut}");
        assert_eq!(is_revoked(&store, "a"), Ok(lengths[1] <= cut));
    }
}

#[test]
fn a_tail_of_zeros_is_cut_off() {
    let scratch = Scratch::new();
    three(&scratch);
    let mut bytes = fs::read(scratch.0.join(LOG)).unwrap();
    bytes.extend([0; 4096]);
    fs::write(scratch.0.join(LOG), bytes).unwrap();
    let store = Folder::open(&scratch.0, 10).unwrap();
    assert_eq!(is_revoked(&store, "c"), Ok(true));
}

#[test]
fn damage_before_what_was_acknowledged_refuses_to_start() {
    let scratch = Scratch::new();
    let lengths = three(&scratch);
    let path = scratch.0.join(LOG);
    let whole = fs::read(&path).unwrap();
    let last = lengths[2];
    for at in 0..last {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let refused = Folder::open(&scratch.0, 10).map(drop).unwrap_err();
        let word = if at < lengths[0] {
            "no store"
        } else {
            "damaged"
        };
        assert!(refused.contains(word), "byte {at}: {refused}");
    }
}

#[test]
fn a_log_that_was_being_written_anew_is_the_old_one() {
    let scratch = Scratch::new();
    three(&scratch);
    fs::write(scratch.0.join("revocations.new"), b"palisade sto").unwrap();
    let store = Folder::open(&scratch.0, 10).unwrap();
    assert_eq!(is_revoked(&store, "a"), Ok(true));
    assert!(!scratch.0.join("revocations.new").exists());
}

#[test]
fn what_is_over_does_not_fill_the_disk() {
    let scratch = Scratch::new();
    let store = Folder::open(&scratch.0, 0).unwrap();
    for round in 0..600_u64 {
        let change = Change::Token {
            token: Digest::token(&round.to_string()),
            until: 1_000 + round,
        };
        wait(store.change(change, round)).unwrap();
    }
    wait(store.change(token("stays"), 5_000)).unwrap();
    let before = fs::metadata(scratch.0.join(LOG)).unwrap().len();
    drop(store);
    let store = Folder::open(&scratch.0, 5_000).unwrap();
    let after = fs::metadata(scratch.0.join(LOG)).unwrap().len();
    assert!(after * 100 < before, "{before} and then {after}");
    drop(store);
    let store = Folder::open(&scratch.0, 10).unwrap();
    assert_eq!(is_revoked(&store, "stays"), Ok(true));
}

#[test]
fn one_process_at_a_time() {
    let scratch = Scratch::new();
    let _first = Folder::open(&scratch.0, 0).unwrap();
    let refused = Folder::open(&scratch.0, 0).map(drop).unwrap_err();
    assert_eq!(refused, "is in use by another process");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look_into_it() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    three(&scratch);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(scratch.0.clone()), 0o700);
    assert_eq!(mode(scratch.0.join(LOG)), 0o600);
}

/// A file of another kind, or a folder that cannot be made.
#[test]
fn what_is_no_store_is_refused() {
    let scratch = Scratch::new();
    fs::create_dir_all(&scratch.0).unwrap();
    fs::write(scratch.0.join(LOG), b"something else").unwrap();
    let refused = Folder::open(&scratch.0, 0).map(drop).unwrap_err();
    assert!(refused.contains("no store"), "{refused}");
    let refused = Folder::open(&scratch.0.join(LOG), 0).map(drop).unwrap_err();
    assert!(refused.contains("cannot be opened"), "{refused}");
}

#[cfg(target_os = "linux")]
#[test]
fn when_the_disk_is_full_nothing_is_known_until_it_can_be_written_again() {
    let scratch = Scratch::new();
    let store = Folder::open(&scratch.0, 0).unwrap();
    wait(store.change(token("a"), 0)).unwrap();
    store.fail(true);
    assert_eq!(wait(store.change(token("b"), 0)), Err(StoreError::Broken));
    assert_eq!(is_revoked(&store, "a"), Err(StoreError::Broken));
    assert_eq!(wait(store.change(token("b"), 0)), Err(StoreError::Broken));
    store.fail(false);
    let begun = std::time::Instant::now();
    while is_revoked(&store, "a").is_err() {
        assert!(begun.elapsed().as_secs() < 10);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(is_revoked(&store, "a"), Ok(true));
    assert_eq!(is_revoked(&store, "b"), Ok(false));
    wait(store.change(token("b"), 0)).unwrap();
    assert_eq!(is_revoked(&store, "b"), Ok(true));
}
