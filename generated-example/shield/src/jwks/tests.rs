//! Against servers on this machine, over TLS with an authority of their own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};

use crate::dev::{Authority, FAR, Holder};

use super::address::is_public;
use super::fetch::Client;
use super::*;

/// One second, on the service's clock.
const SECOND: u64 = 1_000_000_000;

/// A server that gives one answer to whoever asks, and counts.
struct Server {
    address: String,
    asked: Arc<AtomicUsize>,
    answer: Arc<std::sync::Mutex<Vec<u8>>>,
    roots: RootCertStore,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// `name` is what the certificate says, whatever the server is called.
async fn server(name: &str, answer: Vec<u8>) -> Server {
    let authority = Authority::new("a test").unwrap();
    let holder = Holder {
        common_name: "a test",
        names: &[name],
        addresses: &[],
        uris: &[],
        until: FAR,
    };
    let pair = authority.issue(&holder).unwrap();
    let certificate = CertificateDer::from_pem_slice(pair.certificate_pem().as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pair.key_pem().as_bytes()).unwrap();
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap())
        .unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(AtomicUsize::new(0));
    let answer = Arc::new(std::sync::Mutex::new(answer));
    let task = tokio::spawn({
        let (asked, answer) = (asked.clone(), answer.clone());
        async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, asked, answer) = (acceptor.clone(), asked.clone(), answer.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut bytes = [0; 4096];
                    let _ = stream.read(&mut bytes).await;
                    asked.fetch_add(1, Ordering::SeqCst);
                    let answer = answer.lock().unwrap().clone();
                    if answer.is_empty() {
                        // Says nothing, for ever.
                        return std::future::pending().await;
                    }
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        }
    });
    Server {
        address: format!("https://localhost:{port}/keys"),
        asked,
        answer,
        roots,
        task,
    }
}

impl Server {
    fn answers(&self, answer: Vec<u8>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn get(&self, private: bool) -> Result<String, String> {
        let address = Address::parse(&self.address, true).unwrap();
        Client::with(self.roots.clone())
            .get(&address, private)
            .await
    }

    /// Refreshed every 600 s, at rest for 60 s.
    fn remote(&self) -> Arc<Remote<String>> {
        let upkeep = Upkeep {
            refresh: Duration::from_secs(600),
            cooldown: Duration::from_secs(60),
            private: true,
        };
        Arc::new(Remote {
            name: "LOGIN_KEYS".to_owned(),
            place: Place::Set(
                Client::with(self.roots.clone()),
                Address::parse(&self.address, true).unwrap(),
            ),
            upkeep,
            read: Box::new(|text| match text.starts_with('{') {
                true => Ok(text.to_owned()),
                false => Err("holds no set".to_owned()),
            }),
            held: RwLock::new(None),
            fetching: Arc::default(),
        })
    }
}

#[test]
fn what_is_an_address() {
    let parse = |text| Address::parse(text, true);
    let good = parse(" https://id.example.com:8443/a/b?c=d\n").unwrap();
    assert_eq!((good.host.as_str(), good.port), ("id.example.com", 8443));
    assert_eq!(good.target(), "/a/b?c=d");
    let plain = parse("https://id.example.com").unwrap();
    assert_eq!((plain.port, plain.target()), (443, "/"));
    assert_eq!(
        parse("https://[2001:db8::1]/k").unwrap().host,
        "2001:db8::1"
    );
    for (text, why) in [
        ("http://id.example.com/k", "not https"),
        ("http://127.0.0.1/k", "not https"),
        ("https://", "no address"),
        ("https:///k", "no address"),
        ("https://user:word@id.example.com/k", "names a user"),
        ("https://id.example.com/k#f", "fragment"),
        ("https://id.example.com:0/k", "no port"),
        ("https://id.example.com:99999/k", "no port"),
        ("https://id.example.com:/k", "no port"),
        ("https://id.example.com:8x/k", "no "),
        ("https://id.example.com/a b", "no address"),
        ("https://id.example.com/a\r\nX: y", "no address"),
    ] {
        let error = parse(text).expect_err(text);
        assert!(error.contains(why), "{text:?}: {error}");
        assert!(!error.contains("example.com"), "{error}");
    }
    assert!(parse(&format!("https://a/{}", "k".repeat(2048))).is_err());
    // While developing, and to this machine only.
    for text in [
        "http://localhost:9/k",
        "http://127.0.0.1/k",
        "http://[::1]/k",
    ] {
        assert!(Address::parse(text, false).is_ok(), "{text}");
    }
    assert!(Address::parse("http://localhost.example.com/k", false).is_err());
    assert!(Address::parse("http://192.168.0.1/k", false).is_err());
}

// requirement: P26
#[test]
fn networks_that_are_not_the_internet() {
    for private in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "ff02::1",
        "fec0::1",
        "100::1",
        "5f00::1",
    ] {
        assert!(!is_public(private.parse().unwrap()), "{private}");
    }
    for public in [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.254",
        "2606:4700::1111",
        "2001:4860::8888",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2002:101:101::1",
    ] {
        assert!(is_public(public.parse().unwrap()), "{public}");
    }
}

// requirement: P26
#[tokio::test]
async fn a_set_is_fetched_from_where_the_document_allows_it() {
    let server = server("localhost", ok("{}")).await;
    assert_eq!(server.get(true).await.as_deref(), Ok("{}"));
    let error = server.get(false).await.unwrap_err();
    assert!(error.contains("private network"), "{error}");
    assert_eq!(server.asked(), 1);
}

// requirement: P26
#[tokio::test]
async fn a_server_must_prove_its_name() {
    let other = server("other.example.com", ok("{}")).await;
    assert!(other.get(true).await.unwrap_err().contains("certificate"));
    let unknown = server("localhost", ok("{}")).await;
    let address = Address::parse(&unknown.address, true).unwrap();
    let error = Client::with(other.roots.clone()).get(&address, true).await;
    assert!(error.unwrap_err().contains("certificate"));
    assert_eq!((other.asked(), unknown.asked()), (0, 0));
}

// requirement: P26
#[tokio::test]
async fn only_a_plain_small_answer_is_taken() {
    let large = "x".repeat(64 * 1024 + 1);
    for (answer, why) in [
        (
            b"HTTP/1.1 302 Found\r\nlocation: https://localhost/\r\ncontent-length: 0\r\n\r\n"
                .to_vec(),
            "redirects are not followed",
        ),
        (
            b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}".to_vec(),
            "status 404",
        ),
        (ok(&large), "larger than 64 KiB"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}".to_vec(),
            "compressed",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}".to_vec(),
            "cut short",
        ),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xfe".to_vec(),
            "not UTF-8",
        ),
        (b"nonsense\r\n\r\n".to_vec(), "cannot be fetched"),
    ] {
        let server = server("localhost", answer).await;
        let error = server.get(true).await.unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    let exactly = server("localhost", ok(&large[1..])).await;
    assert!(exactly.get(true).await.is_ok());
}

// requirement: P26
#[tokio::test]
async fn silence_is_waited_out_for_five_seconds() {
    let server = server("localhost", Vec::new()).await;
    let begun = std::time::Instant::now();
    assert!(server.get(true).await.unwrap_err().contains("5 seconds"));
    assert!((4.9..8.0).contains(&begun.elapsed().as_secs_f64()));
}

#[tokio::test]
async fn one_request_fetches_for_all() {
    let server = server("localhost", ok("{1}")).await;
    let remote = server.remote();
    let all: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let remote = remote.clone();
                async move {
                    remote
                        .current(SECOND)
                        .await
                        .and_then(|_| remote.value())
                        .unwrap()
                }
            })
        })
        .collect();
    for each in all {
        assert_eq!(*each.await.unwrap(), "{1}");
    }
    assert_eq!(server.asked(), 1);
}

// requirement: P9
#[tokio::test]
async fn unknown_keys_cause_one_fetch_in_a_while() {
    let server = server("localhost", ok("{1}")).await;
    let remote = server.remote();
    assert_eq!(remote.current(SECOND).await, Some(SAME));
    for number in 0..1000 {
        assert!(!remote.renew(2 * SECOND + number).await);
    }
    assert_eq!(server.asked(), 1, "the first fetch began the rest");
    // A minute after it the set is asked for once more, and what is new is there without a restart (P25).
    server.answers(ok("{2}"));
    assert!(remote.renew(61 * SECOND).await);
    assert_eq!(*remote.value().unwrap(), "{2}");
    for number in 0..1000 {
        assert!(!remote.renew(62 * SECOND + number).await);
    }
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn who_waited_for_the_fetch_of_another_has_the_new_set_too() {
    let server = server("localhost", ok("{1}")).await;
    let remote = server.remote();
    remote.current(SECOND).await.unwrap();
    server.answers(ok("{2}"));
    let (one, other) = tokio::join!(remote.renew(100 * SECOND), remote.renew(100 * SECOND));
    assert!(one && other);
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn an_old_set_is_fetched_anew_and_a_removed_key_is_gone() {
    let server = server("localhost", ok("{1}")).await;
    let remote = server.remote();
    remote.current(SECOND).await.unwrap();
    server.answers(ok("{2}"));
    assert_eq!(remote.current(600 * SECOND).await, Some(SAME));
    assert_eq!(*remote.value().unwrap(), "{1}");
    assert_eq!(
        remote.current(601 * SECOND).await,
        Some(Kept { rotated: true })
    );
    let newer = remote.value().unwrap();
    assert_eq!(*newer, "{2}");
    // The same text is the same set.
    assert_eq!(remote.current(1300 * SECOND).await, Some(SAME));
    assert!(Arc::ptr_eq(&remote.value().unwrap(), &newer));
    assert_eq!(server.asked(), 3);
}

#[tokio::test]
async fn a_set_outlives_its_server_for_a_bounded_time() {
    let server = server("localhost", ok("{1}")).await;
    let remote = server.remote();
    remote.current(0).await.unwrap();
    // A set that cannot be read is no set.
    server.answers(ok("nonsense"));
    for seconds in [700, 7199] {
        assert_eq!(remote.current(seconds * SECOND).await, Some(SAME));
        assert_eq!(*remote.value().unwrap(), "{1}");
    }
    assert_eq!(remote.current(7200 * SECOND).await, None);
    assert!(remote.value().is_none());
    // Nobody is asked without a pause for that.
    let asked = server.asked();
    assert_eq!(remote.current(7201 * SECOND).await, None);
    assert_eq!(server.asked(), asked);
    assert_eq!(remote.current(7206 * SECOND).await, None);
    assert_eq!(server.asked(), asked + 1);
    server.answers(ok("{3}"));
    assert_eq!(remote.current(7300 * SECOND).await, Some(SAME));
    assert_eq!(*remote.value().unwrap(), "{3}");
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_take_the_fetch_along() {
    let server = server("localhost", ok("{1}")).await;
    let remote = server.remote();
    let gone = tokio::time::timeout(Duration::ZERO, remote.current(SECOND)).await;
    assert!(gone.is_err(), "it waits for the fetch");
    assert_eq!(remote.current(SECOND).await, Some(SAME));
    assert_eq!(*remote.value().unwrap(), "{1}");
    assert_eq!(server.asked(), 1);
}
