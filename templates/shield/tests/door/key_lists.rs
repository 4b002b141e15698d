//! Lists of API keys that change while the service runs (P25, P27).

use std::time::Duration;

use shield::testing::Harness;

use crate::client::ask;
use crate::schemes::{hashed, listed_in};

fn list(keys: &[&str]) -> String {
    let one = |key: &&str| format!(r#"{{"id":"{key}","sha256":"{}","roles":[]}}"#, hashed(key));
    let keys: Vec<String> = keys.iter().map(one).collect();
    format!("[{}]", keys.join(","))
}

fn status(service: &Harness, key: &str) -> u16 {
    ask(service.addr, "GET", "/key", &[("X-Api-Key", key)], None).status
}

// requirement: P25, P27
#[test]
fn a_key_that_is_put_into_the_file_is_good_and_one_that_is_taken_out_is_none() {
    let folder = std::env::temp_dir().join(format!("shield-key-lists-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("partners.json");
    std::fs::write(&path, list(&["pk_old"])).unwrap();
    let service = listed_in(path.to_str().unwrap());
    let both = || (status(&service, "pk_old"), status(&service, "pk_new"));
    let put = |text: &str| {
        std::fs::write(&path, text).unwrap();
        service.advance(Duration::from_secs(1));
    };
    assert_eq!(both(), (200, 401));
    put(&list(&["pk_old", "pk_new"]));
    assert_eq!(both(), (200, 200));
    // What cannot be read changes nothing: neither half a list, nor one with a mistake, nor no file.
    for broken in ["[", r#"[{"id":"pk_new","sha256":"00"}]"#, ""] {
        put(broken);
        assert_eq!(both(), (200, 200), "{broken}");
    }
    std::fs::remove_file(&path).unwrap();
    service.advance(Duration::from_secs(1));
    assert_eq!(both(), (200, 200));
    put(&list(&["pk_new"]));
    assert_eq!(both(), (401, 200));
    // All of them are taken back.
    put("[]");
    assert_eq!(both(), (401, 401));
    let events = service.events();
    let rotated = events
        .iter()
        .filter(|event| event.contains("\"secret.rotated\""));
    assert_eq!(rotated.count(), 3);
    std::fs::remove_dir_all(&folder).unwrap();
}
