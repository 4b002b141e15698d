//! TLS that ends in the service: which versions, which pair, and what becomes of who does not speak it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use shield::config::ConfigError;
use shield::dev::{Authority, FAR, Holder, Pair};
use shield::testing::Harness;
use shield::{Limits, Spec, Tls};
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
};

use crate::client::{Answer, Client};
use crate::service::{LIMITS, NO_CORS, TLS, mounted_with, spec, start_with};

const REQUEST: &str = "GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n";
const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

type Secured = StreamOwned<ClientConnection, TcpStream>;

pub fn host(until: u64) -> Holder<'static> {
    Holder {
        common_name: "a service",
        names: &["localhost"],
        addresses: &[],
        uris: &[],
        until,
    }
}

/// The settings that a pair takes.
pub fn settings(pair: &Pair) -> Vec<(&'static str, String)> {
    vec![
        ("APP_TLS_CERT", pair.certificate_pem()),
        ("APP_TLS_KEY", pair.key_pem().to_string()),
    ]
}

pub fn roots(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap();
    roots.add(root).unwrap();
    roots
}

fn client(authority: &Authority, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots(authority))
        .with_no_client_auth()
}

/// A connection whose handshake is done; an error is the other side's word against it.
pub fn connect(to: SocketAddr, config: ClientConfig) -> std::io::Result<Secured> {
    let socket = TcpStream::connect(to).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    socket.set_nodelay(true).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = StreamOwned::new(
        ClientConnection::new(Arc::new(config), name).unwrap(),
        socket,
    );
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(stream)
}

fn ask(to: SocketAddr, config: ClientConfig) -> std::io::Result<Answer> {
    Ok(Client::over(connect(to, config)?).ask(REQUEST))
}

/// A service and who vouches for it.
fn start(spec: &'static Spec) -> (Harness, Authority) {
    let authority = Authority::new("a root").unwrap();
    let pair = authority.issue(&host(FAR)).unwrap();
    (start_with(spec, &settings(&pair)).unwrap(), authority)
}

fn refused(spec: &'static Spec, more: &[(&str, String)]) -> ConfigError {
    match start_with(spec, more) {
        Ok(_) => panic!("it started"),
        Err(error) => error,
    }
}

// requirement: P89, P94
#[test]
fn requests_are_answered_inside_tls_1_2_and_1_3_with_hsts() {
    let (service, authority) = start(&TLS);
    for (version, spoken) in [
        (&TLS12, ProtocolVersion::TLSv1_2),
        (&TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let mut config = client(&authority, &[version]);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let stream = connect(service.addr, config).unwrap();
        assert_eq!(stream.conn.protocol_version(), Some(spoken));
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        let mut client = Client::over(stream);
        // The connection is kept.
        for target in ["/open", "/nowhere"] {
            let answer = client.ask(&format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            assert_eq!(answer.status, if target == "/open" { 200 } else { 404 });
            assert_eq!(
                answer.header("strict-transport-security"),
                Some("max-age=31536000; includeSubDomains")
            );
        }
    }
    // Without TLS there is nothing to be strict about.
    let plain = start_with(&NO_CORS, &[]).unwrap();
    let answer = Client::to(plain.addr).ask(REQUEST);
    assert_eq!(answer.header("strict-transport-security"), None);
}

// requirement: P94
#[test]
fn tls_1_3_alone_refuses_1_2() {
    static ONLY: Spec = Spec {
        tls: Some(Tls {
            tls12: false,
            certificates: &[],
        }),
        ..spec(LIMITS, false)
    };
    let (service, authority) = start(&ONLY);
    assert_eq!(
        ask(service.addr, client(&authority, BOTH)).unwrap().status,
        200
    );
    let error = ask(service.addr, client(&authority, &[&TLS12]));
    assert!(format!("{:?}", error.err().unwrap()).contains("ProtocolVersion"));
}

/// A ClientHello (RFC 5246 §7.4.1.2) that goes up to `version`, and has all else that TLS 1.2 asks for.
fn hello(version: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]);
    // No session; ECDHE with ECDSA and AES-GCM or AES-CBC; no compression.
    body.extend([0, 0, 4, 0xc0, 0x2b, 0xc0, 0x09, 1, 0]);
    // Signatures (ECDSA, P-256, SHA-256), groups (X25519), points.
    body.extend([0, 22, 0, 13, 0, 4, 0, 2, 4, 3, 0, 10, 0, 4, 0, 2, 0, 29]);
    body.extend([0, 11, 0, 2, 1, 0]);
    let mut message = vec![1, 0, 0, u8::try_from(body.len()).unwrap()];
    message.extend(body);
    let mut record = vec![0x16, 3, 1, 0, u8::try_from(message.len()).unwrap()];
    record.extend(message);
    record
}

// requirement: P94
#[test]
fn older_versions_get_an_alert_and_no_hello() {
    let (service, _) = start(&TLS);
    let said = |version| {
        let mut stream = TcpStream::connect(service.addr).unwrap();
        stream.write_all(&hello(version)).unwrap();
        let mut said = Vec::new();
        stream.read_to_end(&mut said).unwrap();
        said
    };
    // The same for TLS 1.2 is answered by a ServerHello.
    assert_eq!(said([3, 3])[0], 0x16);
    // SSL 3.0, TLS 1.0, TLS 1.1.
    for version in [[3, 0], [3, 1], [3, 2]] {
        let said = said(version);
        // A fatal alert: protocol_version.
        assert_eq!(said[0], 0x15, "{version:?}: {said:?}");
        assert_eq!(said[5..], [2, 70], "{version:?}: {said:?}");
    }
}

// requirement: P93
#[test]
fn plain_text_is_told_nothing() {
    let (service, _) = start(&TLS);
    let mut stream = TcpStream::connect(service.addr).unwrap();
    stream.write_all(REQUEST.as_bytes()).unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).unwrap();
    // An alert at most: no redirect, no problem, nothing to follow.
    assert!(said.len() <= 7, "{said:?}");
    assert!(said.first().is_none_or(|first| *first == 0x15), "{said:?}");
    assert_eq!(
        service
            .events()
            .iter()
            .filter(|line| line.contains("/open"))
            .count(),
        0
    );
}

// requirement: P74, P76
#[test]
fn a_handshake_has_the_time_of_a_head_and_counts_as_a_connection() {
    static FEW: Spec = Spec {
        tls: Some(Tls {
            tls12: true,
            certificates: &[],
        }),
        ..spec(
            Limits {
                connections: 2,
                ..LIMITS
            },
            false,
        )
    };
    let (service, authority) = start(&FEW);
    let begin = Instant::now();
    let mut silent: Vec<TcpStream> = (0..2)
        .map(|_| TcpStream::connect(service.addr).unwrap())
        .collect();
    // Half a hello is as good as none.
    silent[0].write_all(&hello([3, 3])[..20]).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert!(ask(service.addr, client(&authority, BOTH)).is_err());
    for stream in &mut silent {
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let took = begin.elapsed();
    assert!(took >= Duration::from_millis(360), "{took:?}");
    assert!(took < Duration::from_millis(1400), "{took:?}");
    assert_eq!(
        ask(service.addr, client(&authority, BOTH)).unwrap().status,
        200
    );
}

#[test]
fn a_handshake_holds_up_nobody_else() {
    let (service, authority) = start(&TLS);
    let begin = Instant::now();
    let _silent: Vec<TcpStream> = (0..20)
        .map(|_| TcpStream::connect(service.addr).unwrap())
        .collect();
    assert_eq!(
        ask(service.addr, client(&authority, BOTH)).unwrap().status,
        200
    );
    // They still have their time.
    let took = begin.elapsed();
    assert!(
        took < Duration::from_millis(LIMITS.header_timeout),
        "{took:?}"
    );
}

// requirement: P74
#[test]
fn half_a_head_is_told_inside_tls_and_the_end_is_said() {
    let (service, authority) = start(&TLS);
    let mut client = Client::over(connect(service.addr, client(&authority, BOTH)).unwrap());
    client.write("GET /open HTTP/1.1\r\nHost: lo");
    assert_eq!(client.read().status, 408);
    assert!(client.ends_in_order());
}

#[test]
fn a_pair_that_is_missing_or_does_not_fit_refuses_to_start() {
    let authority = Authority::new("a root").unwrap();
    let pair = authority.issue(&host(FAR)).unwrap();
    let other = authority.issue(&host(FAR)).unwrap();
    let old = authority.issue(&host(1_767_225_600)).unwrap();
    let development = authority
        .issue(&Holder {
            common_name: "development-certificate",
            ..host(FAR)
        })
        .unwrap();
    let with = |certificate: &str, key: &str| {
        let more = [
            ("APP_TLS_CERT", certificate.to_owned()),
            ("APP_TLS_KEY", key.to_owned()),
        ];
        refused(&TLS, &more).to_string()
    };
    let (certificate, key) = (pair.certificate_pem(), pair.key_pem());
    assert_eq!(refused(&TLS, &[]).to_string(), "APP_TLS_CERT: is not set");
    let one = [("APP_TLS_CERT", certificate.clone())];
    assert_eq!(refused(&TLS, &one).to_string(), "APP_TLS_KEY: is not set");
    let one = [("APP_TLS_KEY", key.to_string())];
    assert_eq!(refused(&TLS, &one).to_string(), "APP_TLS_CERT: is not set");
    assert_eq!(
        with(&certificate, &other.key_pem()),
        "APP_TLS_KEY: is not the key of the certificate in APP_TLS_CERT"
    );
    assert_eq!(
        with(&old.certificate_pem(), &old.key_pem()),
        "APP_TLS_CERT: has expired"
    );
    assert_eq!(
        with(&development.certificate_pem(), &development.key_pem()),
        "APP_TLS_CERT: was made for development"
    );
    assert_eq!(
        with(&certificate, "secret"),
        "APP_TLS_KEY: must be a private key in PEM"
    );
    assert!(with("certificate", &key).starts_with("APP_TLS_CERT: must be PEM"));
    assert!(with(&key, &key).starts_with("APP_TLS_CERT: must be PEM"));
    // The file is named where it is a file; and nobody is left to believe in TLS that is not there.
    let path = std::env::temp_dir().join(format!("shield-tls-missing-{}", std::process::id()));
    let more = [("APP_TLS_CERT_FILE", path.display().to_string())];
    assert!(
        refused(&TLS, &more)
            .to_string()
            .starts_with("APP_TLS_CERT_FILE: ")
    );
    for name in ["APP_TLS_CERT", "APP_TLS_KEY", "APP_TLS_KEY_FILE"] {
        let error = refused(&NO_CORS, &[(name, "x".to_owned())]).to_string();
        assert!(
            error.starts_with(&format!("{name}: is set, and the document")),
            "{error}"
        );
    }
}

/// Renamed into place, as whoever rotates should.
pub fn put(path: &std::path::Path, text: &str) {
    let aside = path.with_extension("new");
    std::fs::write(&aside, text).unwrap();
    std::fs::rename(&aside, path).unwrap();
}

/// Of the certificate that the service shows.
fn shown(service: &Harness, authority: &Authority) -> Vec<u8> {
    let stream = connect(service.addr, client(authority, BOTH)).unwrap();
    stream.conn.peer_certificates().unwrap()[0].to_vec()
}

#[test]
fn files_of_the_pair_are_read_again_when_they_change_and_fit() {
    let folder = std::env::temp_dir().join(format!("shield-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let authority = Authority::new("a root").unwrap();
    let [first, second] = [(); 2].map(|()| authority.issue(&host(FAR)).unwrap());
    put(&certificate, &first.certificate_pem());
    put(&key, &first.key_pem());
    let more = [
        ("APP_TLS_CERT_FILE", certificate.display().to_string()),
        ("APP_TLS_KEY_FILE", key.display().to_string()),
    ];
    let service = start_with(&TLS, &more).unwrap();
    assert_eq!(shown(&service, &authority), first.certificate);
    // One file without the other: what was there before goes on.
    put(&certificate, &second.certificate_pem());
    service.advance(Duration::from_secs(2));
    assert_eq!(shown(&service, &authority), first.certificate);
    put(&key, &second.key_pem());
    // They are not looked at all the time.
    assert_eq!(shown(&service, &authority), first.certificate);
    service.advance(Duration::from_secs(2));
    assert_eq!(shown(&service, &authority), second.certificate);
    let rotated = |line: &&String| line.contains("secret.rotated");
    assert_eq!(service.events().iter().filter(rotated).count(), 1);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_did_not_come_through_our_own_loop_did_not_come_inside_tls() {
    let authority = Authority::new("a root").unwrap();
    let pair = authority.issue(&host(FAR)).unwrap();
    let door = mounted_with(&TLS, &settings(&pair));
    let request = http::Request::get("/open")
        .header("host", "localhost")
        .extension(shield::Peer(([127, 0, 0, 1], 5).into()))
        .body(axum::body::Body::empty())
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let answer = runtime.block_on(tower_service::Service::call(&mut { door }, request));
    assert_eq!(answer.unwrap().status(), 500);
}

// requirement: P76
#[test]
fn who_does_not_read_inside_tls_is_hung_up_on() {
    static ONE: Spec = Spec {
        tls: Some(Tls {
            tls12: true,
            certificates: &[],
        }),
        ..spec(
            Limits {
                connections: 1,
                ip_rate: (u32::MAX, 60),
                ..LIMITS
            },
            false,
        )
    };
    let (service, authority) = start(&ONE);
    let mut stream = connect(service.addr, client(&authority, BOTH)).unwrap();
    stream
        .sock
        .set_write_timeout(Some(Duration::from_secs(1)))
        .unwrap();
    // Small answers, of which none is read: each is taken by rustls, and stands still when it should go out.
    let text = REQUEST.repeat(100);
    let taken = (0..100_000).take_while(|_| stream.write_all(text.as_bytes()).is_ok());
    assert!(taken.count() < 100_000);
    let begin = Instant::now();
    while !ask(service.addr, client(&authority, BOTH)).is_ok_and(|answer| answer.status == 200) {
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "the place comes free"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
