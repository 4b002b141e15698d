//! What is left of secrets in the memory of the process that was given them (P99): all that it may write is read through
//! Linux' `/proc`, so the test is Linux' only.
#![cfg(target_os = "linux")]

use crate::issuer::{TERMINALS, token_with};
use crate::library::{Library, SECRET, folder};
use serde_json::json;
use shield::dev::Signer;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// How often a text stands in the memory of the process, wherever it may write.
fn found(process: u32, text: &str) -> usize {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut read = 0;
    let mut found = 0;
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ').unwrap();
        if !rest.starts_with("rw") || rest.ends_with("[vvar]") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // A mapping may have gone since.
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        read += bytes.len();
        let of = |window: &&[u8]| *window == text.as_bytes();
        found += bytes.windows(text.len()).filter(of).count();
    }
    assert!(read > 100_000, "the memory of a process is larger");
    found
}

/// What a secret leaves behind where memory was given back without being wiped: the allocator writes over its first bytes.
fn left(library: &Library, secret: &str) -> usize {
    found(library.process(), &secret[16..])
}

/// Another secret, as good.
const NEXT: &str = "uY3_pLq8-Rz6Kc1Wf9Jt5Mb2Xd7Hn4Gs0EaVo";

// requirement: P99
#[test]
fn a_secret_is_not_in_memory_once_its_key_is_made() {
    let folder = folder("memory");
    let path = folder.join("secret");
    std::fs::write(&path, SECRET).unwrap();
    let settings = [("LIBRARY_TERMINAL_SECRET_FILE", path.to_str().unwrap())];
    let library = Library::start(&folder, &settings);
    let asked_with = |secret: &str| {
        let terminal = Signer::with_secret("HS256", secret.as_bytes());
        let typ = json!({ "alg": "HS256", "typ": "JWT" });
        let token = token_with(&terminal, TERMINALS, typ, "");
        library.get("/shelves", &token).0
    };
    assert_eq!(asked_with(SECRET), 200);
    // What is there is found: the name of the variable that points at the secret.
    assert!(found(library.process(), "LIBRARY_TERMINAL_SECRET_FILE") > 0);
    assert_eq!(left(&library, SECRET), 0);

    std::fs::write(&path, NEXT).unwrap();
    let begun = Instant::now();
    while asked_with(NEXT) != 200 {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is not read");
        std::thread::sleep(Duration::from_millis(300));
    }
    assert_eq!((left(&library, SECRET), left(&library, NEXT)), (0, 0));
}
