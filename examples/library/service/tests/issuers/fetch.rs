//! A set of keys is fetched from where it was said to be, by whoever proves to be that, and as little as possible (P26).

use crate::issuer::{Issuer, PARTNERS, Says, header, key, ok, set, token, token_with};
use crate::library::{Library, folder};
use shield::dev::Signer;
use std::path::Path;
use std::time::Instant;

/// What becomes of a good token where the issuer says this, and how many seconds that took.
fn said(name: &str, says: impl FnOnce(&Signer) -> Says) -> (u16, f32, Vec<String>) {
    let folder = folder(&format!("fetch-{name}"));
    let good = key("EdDSA", "good");
    let issuer = Issuer::start(&folder, "localhost", says(&good));
    let library = Library::of(&folder, &issuer);
    let begun = Instant::now();
    let (status, text) = library.get("/books", &token(&good));
    let took = begun.elapsed().as_secs_f32();
    assert_eq!(status == 503, text.contains("\r\nretry-after: "), "{text}");
    (status, took, issuer.asked())
}

// requirement: P26
#[test]
fn only_a_plain_small_answer_is_taken() {
    let padded = |good: &Signer, length: usize| {
        let set = set(&[good]);
        format!("{set}{}", " ".repeat(length - set.len()))
    };
    assert_eq!(said("good", |good| ok("", &set(&[good]))).0, 200);
    let most = 64 * 1024;
    assert_eq!(said("large", |good| ok("", &padded(good, most))).0, 200);
    let larger = said("larger", |good| ok("", &padded(good, most + 1)));
    assert_eq!(larger.0, 503);
    let packed = "content-encoding: gzip\r\n";
    assert_eq!(said("packed", |good| ok(packed, &set(&[good]))).0, 503);
    // The body of a redirect would do, if it were looked at; where it leads nobody goes.
    let (status, _, asked) = said("elsewhere", |good| {
        let Says::This(bytes) = ok("location: /elsewhere\r\n", &set(&[good])) else {
            return Says::Nothing;
        };
        let text = String::from_utf8(bytes).unwrap();
        Says::This(text.replace("200 OK", "302 Found").into_bytes())
    });
    assert_eq!((status, asked.len()), (503, 1));
}

// requirement: P26
#[test]
fn silence_is_waited_out_for_five_seconds() {
    let (status, took, _) = said("silence", |_| Says::Nothing);
    assert_eq!(status, 503);
    assert!((4.5..=9.0).contains(&took), "{took} s instead of five");
}

/// What becomes of a good token of the issuer whom the library asks, trusting this file.
fn trusting(folder: &Path, issuer: &Issuer, authority: &Path, good: &Signer) -> u16 {
    let settings = [
        ("LIBRARY_KEYS", issuer.address.as_str()),
        ("SSL_CERT_FILE", authority.to_str().unwrap()),
    ];
    Library::start(folder, &settings).books(&token(good))
}

// requirement: P26
#[test]
fn a_server_must_prove_its_name() {
    let folder = folder("fetch-name");
    let good = key("EdDSA", "good");
    let set = || ok("", &set(&[&good]));
    let right = Issuer::start(&folder, "localhost", set());
    assert_eq!(trusting(&folder, &right, &right.authority, &good), 200);
    // Another name, and the right name by an authority that is not trusted.
    let wrong = Issuer::start(&folder, "elsewhere.example.com", set());
    assert_eq!(trusting(&folder, &wrong, &wrong.authority, &good), 503);
    assert_eq!(trusting(&folder, &right, &wrong.authority, &good), 503);
    assert!(wrong.asked().is_empty(), "it was told what is wanted");
}

// requirement: P26
#[test]
fn a_private_network_is_asked_only_where_the_document_says_so() {
    let folder = folder("fetch-private");
    let (reader, partner) = (key("EdDSA", "reader"), key("ES256", "partner"));
    let place = |name: &str| {
        let place = folder.join(name);
        std::fs::create_dir(&place).unwrap();
        place
    };
    let open = Issuer::with(&place("open"), &[&reader]);
    let closed = Issuer::with(&place("closed"), &[&partner]);
    // Both certificates are good for this machine.
    let both = [&open, &closed].map(|issuer| std::fs::read_to_string(&issuer.authority).unwrap());
    let authority = folder.join("both.pem");
    std::fs::write(&authority, both.concat()).unwrap();
    let settings = [
        ("LIBRARY_KEYS", open.address.as_str()),
        ("LIBRARY_PARTNER_KEYS", closed.address.as_str()),
        ("SSL_CERT_FILE", authority.to_str().unwrap()),
    ];
    let library = Library::start(&folder, &settings);
    assert_eq!(library.books(&token(&reader)), 200);
    let token = token_with(&partner, PARTNERS, header(&partner), "");
    assert_eq!(library.get("/titles", &token).0, 503);
    assert_eq!((open.connected(), closed.connected()), (1, 0));
    // With the same keys at hand, it is the same token that gets in.
    let settings = [("LIBRARY_PARTNER_KEYS", &*set(&[&partner]))];
    let library = Library::start(&folder, &settings);
    assert_eq!(library.get("/titles", &token).0, 200);
}
