//! The same document gives the same bytes, whoever runs palisade, wherever.

use super::support::{Place, finish};

/// Two processes, in different folders and surroundings.
fn both(spec: &str) {
    let (one, other) = (Place::new(), Place::new());
    let spec_path = format!("specs/{spec}");
    let mut first = one.command("", &["generate", &spec_path, "-o", "out"]);
    first.env_clear().envs([
        ("HOME", "/"),
        ("LANG", "C"),
        ("TZ", "UTC"),
        ("A", "1"),
        ("B", "2"),
    ]);
    other.set("deep/er/still/x", "");
    let spec_path = format!("../../../specs/{spec}");
    let mut second = other.command(
        "deep/er/still",
        &["generate", &spec_path, "-o", "../../../out"],
    );
    second.env_clear().envs([
        ("B", "2"),
        ("TZ", "Asia/Kathmandu"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("HOME", "/nowhere"),
        ("USER", "somebody"),
        ("SOURCE_DATE_EPOCH", "1"),
        ("RUST_BACKTRACE", "full"),
    ]);
    finish(first, "").exits(0);
    finish(second, "").exits(0);
    let (one, other) = (one.tree("out"), other.tree("out"));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in &one {
        assert!(bytes == &other[path], "{path} differs");
    }
    assert!(one.len() > 20, "only {} files", one.len());
}

#[test]
fn users_twice() {
    both("users.yaml");
}

#[test]
fn clinic_twice() {
    both("clinic.yaml");
}

#[test]
fn nothing_of_the_machine_is_in_it() {
    let place = Place::generated();
    let here = place.path("").canonicalize().unwrap();
    let here = here.to_str().unwrap();
    for (path, bytes) in place.tree("out") {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(here), "{path}");
        assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{path}");
    }
}

#[test]
fn the_same_bytes_from_a_file_and_from_stdin_but_for_the_name() {
    let place = Place::generated();
    let spec = place.text("specs/users.yaml");
    place
        .run_with_stdin(&["generate", "-", "-o", "two/out"], &spec)
        .exits(0);
    let (one, two) = (place.tree("out"), place.tree("two/out"));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        two.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in one.iter().filter(|(path, _)| *path != "palisade.lock") {
        let named = String::from_utf8(bytes.clone())
            .unwrap()
            .replace("users.yaml", "stdin");
        let other = String::from_utf8(two[path].clone())
            .unwrap()
            .replace("users.yaml", "stdin");
        // Markdown escapes the dot.
        assert_eq!(named.replace("users\\.yaml", "stdin"), other, "{path}");
    }
}
