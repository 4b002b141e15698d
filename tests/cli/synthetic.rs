//! The document that benches are run with is one that palisade takes.

use super::support::Place;

#[path = "../../xtask/src/synth.rs"]
mod synth;

use synth::{Version, document};

#[test]
fn every_operation_comes_out() {
    for version in [Version::V30, Version::V31] {
        for count in [1, 5, 23, 51] {
            let place = Place::new();
            place.set("synth.yaml", &document(count, version));
            place.run(&["generate", "synth.yaml", "-o", "out"]).exits(0);
            let found = place.tree("out/api/src/operations").len();
            // `mod.rs` is the one more.
            assert_eq!(found, count + 1);
            place.run(&["check", "-o", "out"]).exits(0);
        }
    }
}

#[test]
fn it_is_the_same_every_time() {
    assert_eq!(document(17, Version::V31), document(17, Version::V31));
    assert_ne!(document(17, Version::V31), document(17, Version::V30));
}
