//! Keys that change while the service runs, and tokens that name keys nobody has (P9, P25).

use crate::issuer::{Issuer, READERS, header, key, set, token, token_with};
use crate::library::{Library, folder};
use serde_json::json;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

/// As specs/library.yaml has them.
const COOLDOWN: Duration = Duration::from_secs(3);
const REFRESH: Duration = Duration::from_secs(10);

/// The clocks of the test and of the service begin a little apart.
const SLACK: Duration = Duration::from_millis(300);

// requirement: P25
#[test]
fn a_new_key_is_good_at_once_and_a_removed_one_no_longer() {
    let folder = folder("rotate");
    let (old, new) = (key("EdDSA", "old"), key("ES256", "new"));
    let issuer = Issuer::with(&folder, &[&old]);
    let library = Library::of(&folder, &issuer);
    assert_eq!(library.books(&token(&old)), 200);
    assert_eq!(issuer.asked(), ["GET /keys HTTP/1.1"]);
    assert_eq!(library.events("secret.rotated"), 0);

    issuer.publishes(&[&old, &new]);
    std::thread::sleep(COOLDOWN + SLACK);
    assert_eq!(library.books(&token(&new)), 200, "no restart");
    let fetched = Instant::now();
    assert_eq!(library.books(&token(&old)), 200, "both at the same time");
    assert_eq!(issuer.asked().len(), 2);
    assert_eq!(library.events("secret.rotated"), 1);

    issuer.publishes(&[&new]);
    std::thread::sleep((fetched + REFRESH + SLACK).duration_since(Instant::now()));
    assert_eq!(library.books(&token(&old)), 401, "it was taken out");
    assert_eq!(library.books(&token(&new)), 200);
    assert_eq!(issuer.asked().len(), 3);
}

// requirement: P25
#[test]
fn a_file_of_keys_is_read_again_when_it_changes() {
    let folder = folder("rotate-file");
    let (old, new) = (key("EdDSA", "old"), key("EdDSA", "new"));
    let path = folder.join("keys.json");
    // Renamed into place, as whoever rotates a key should.
    let put = |text: &str| {
        std::fs::write(folder.join("aside"), text).unwrap();
        std::fs::rename(folder.join("aside"), &path).unwrap();
        std::thread::sleep(Duration::from_secs(1) + SLACK);
    };
    put(&set(&[&old]));
    let file = [("LIBRARY_KEYS_FILE", path.to_str().unwrap())];
    let library = Library::start(&folder, &file);
    let both = || (library.books(&token(&old)), library.books(&token(&new)));
    assert_eq!(both(), (200, 401));
    put(&set(&[&old, &new]));
    assert_eq!(both(), (200, 200));
    // A file that cannot be read changes nothing.
    put("{");
    assert_eq!(both(), (200, 200));
    put(&set(&[&new]));
    assert_eq!(both(), (401, 200));
}

// requirement: P9
#[test]
fn a_thousand_unknown_keys_are_one_fetch_in_a_cooldown() {
    let folder = folder("unknown");
    let (good, other) = (key("EdDSA", "good"), key("EdDSA", "other"));
    let issuer = Issuer::with(&folder, &[&good]);
    let library = Library::of(&folder, &issuer);
    assert_eq!(library.books(&token(&good)), 200);
    std::thread::sleep(COOLDOWN + SLACK);
    let begun = Instant::now();
    for number in 0..1000_u16 {
        // Ten guesses are what an address has.
        let source = Ipv4Addr::new(127, 0, 1, (number / 10) as u8 + 1);
        let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": format!("random-{number}") });
        let token = token_with(&other, READERS, header, "books:read");
        assert_eq!(library.get_from(source, "/books", &token), 401, "{number}");
    }
    // One more for each time that the cooldown has passed on a slow machine.
    let most = 2 + begun.elapsed().as_secs() / COOLDOWN.as_secs();
    let asked = issuer.asked().len();
    assert!((2..=most as usize).contains(&asked), "{asked} of {most}");
    assert_eq!(library.books(&token(&good)), 200);
}

// requirement: P9
#[test]
fn without_a_name_only_a_single_key_will_do() {
    let (one, two) = (key("EdDSA", "one"), key("EdDSA", "two"));
    let nameless = json!({ "alg": "EdDSA", "typ": "at+jwt" });
    let nameless = token_with(&one, READERS, nameless, "books:read");
    let named = token_with(&one, READERS, header(&one), "books:read");
    for (name, keys, status) in [
        ("single", set(&[&one]), 200),
        ("several", set(&[&one, &two]), 401),
    ] {
        let library = Library::start(&folder(name), &[("LIBRARY_KEYS", &keys)]);
        assert_eq!(library.books(&nameless), status, "{name}");
        assert_eq!(library.books(&named), 200, "{name}");
    }
}
