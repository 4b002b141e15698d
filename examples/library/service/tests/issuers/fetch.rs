//! A set of keys is fetched from where it was said to be, by whoever proves to be that, and as little as possible (P26).

use crate::issuer::{Issuer, PARTNERS, Says, header, key, ok, set, token, token_with};
use crate::library::{Library, folder};
use shield::dev::Signer;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

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

/// Somebody who listens at every address of this machine, and counts who comes.
fn everywhere() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("[::]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::new(AtomicUsize::new(0));
    let counted = came.clone();
    std::thread::spawn(move || {
        for _ in listener.incoming().map_while(Result::ok) {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, came)
}

// requirement: P26
#[test]
fn no_spelling_of_a_private_network_is_asked() {
    let folder = folder("fetch-spelled");
    let partner = key("ES256", "partner");
    let token = token_with(&partner, PARTNERS, header(&partner), "");
    let (port, came) = everywhere();
    let mut asked = 0;
    // Each of these leads here, or to a network that is nobody's business.
    for host in [
        "localhost",
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fc00::1]",
    ] {
        let address = format!("https://{host}:{port}/keys");
        let settings = [("LIBRARY_PARTNER_KEYS", &*address)];
        // What is no address at all is refused when it starts.
        let Some(library) = Library::tried(&folder, &settings) else {
            continue;
        };
        assert_eq!(library.get("/titles", &token).0, 503, "{host}");
        let private = "is in a private network, which the document does not allow";
        assert!(library.says(private), "{host}");
        asked += 1;
    }
    assert_eq!(came.load(Ordering::SeqCst), 0);
    assert!(asked >= 12, "only {asked} could be tried");
    // He does count.
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    let begun = Instant::now();
    while came.load(Ordering::SeqCst) == 0 {
        assert!(begun.elapsed().as_secs() < 10, "nobody listens");
        std::thread::sleep(Duration::from_millis(5));
    }
}
