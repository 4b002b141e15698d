//! An issuer: keys that sign, and a server that gives their set out over TLS, or whatever else it is told to say.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use shield::dev::Signer;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned, crypto};

use crate::certificate::certificate;

pub const READERS: &str = "https://id.library.example.com";
pub const PARTNERS: &str = "https://id.partners.example.org";
pub const TERMINALS: &str = "https://terminals.library.example.com";

/// A key of this name.
pub fn key(algorithm: &str, kid: &str) -> Signer {
    Signer::generate_named(algorithm, kid).unwrap()
}

/// A good token of an issuer, signed by `key`; its header may say something else.
pub fn token_with(key: &Signer, issuer: &str, header: Value, scopes: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs();
    let claims = json!({
        "iss": issuer, "aud": "library-api", "sub": "ann", "iat": now, "exp": now + 300,
        "scope": scopes,
    });
    key.sign(&header.to_string(), &claims.to_string())
}

pub fn header(key: &Signer) -> Value {
    json!({ "alg": key.algorithm(), "typ": "at+jwt", "kid": key.kid() })
}

/// What a reader holds who may see the books.
pub fn token(key: &Signer) -> String {
    token_with(key, READERS, header(key), "books:read")
}

pub fn set(keys: &[&Signer]) -> String {
    let keys: Vec<String> = keys.iter().filter_map(|key| key.jwk()).collect();
    format!("{{\"keys\":[{}]}}", keys.join(","))
}

/// What it says to whoever asks.
#[derive(Clone)]
pub enum Says {
    /// These bytes, and the end.
    This(Vec<u8>),
    Nothing,
}

pub fn ok(fields: &str, body: &str) -> Says {
    let length = body.len();
    Says::This(
        format!("HTTP/1.1 200 OK\r\n{fields}content-length: {length}\r\n\r\n{body}").into_bytes(),
    )
}

pub struct Issuer {
    pub address: String,
    /// A file with the certificate that its server shows, to be trusted.
    pub authority: PathBuf,
    says: Arc<Mutex<Says>>,
    connected: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    /// `name` is what its certificate says.
    pub fn start(folder: &Path, name: &str, first: Says) -> Self {
        let (certificate, private) = certificate(name);
        let authority = folder.join(format!("{name}.pem"));
        let text = STANDARD.encode(&certificate);
        let text = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
        std::fs::write(&authority, text).unwrap();
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], private)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let issuer = Issuer {
            address: format!("https://localhost:{port}/keys"),
            authority,
            says: Arc::new(Mutex::new(first)),
            connected: Arc::default(),
            asked: Arc::default(),
        };
        let (says, connected, asked) = (
            issuer.says.clone(),
            issuer.connected.clone(),
            issuer.asked.clone(),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                connected.fetch_add(1, Ordering::SeqCst);
                let (config, says, asked) = (config.clone(), says.clone(), asked.clone());
                std::thread::spawn(move || {
                    let connection = ServerConnection::new(config).unwrap();
                    let mut stream = StreamOwned::new(connection, stream);
                    let mut bytes = [0; 4096];
                    let Ok(read) = stream.read(&mut bytes) else {
                        return;
                    };
                    let line = String::from_utf8_lossy(&bytes[..read]).into_owned();
                    let line = line.lines().next().unwrap_or_default().to_owned();
                    asked.lock().unwrap().push(line);
                    let says = says.lock().unwrap().clone();
                    match says {
                        Says::This(bytes) => {
                            let _ = stream.write_all(&bytes);
                            stream.conn.send_close_notify();
                            let _ = stream.flush();
                        }
                        // Longer than anybody waits.
                        Says::Nothing => std::thread::sleep(Duration::from_secs(60)),
                    }
                });
            }
        });
        issuer
    }

    /// One that this machine's names lead to, with these keys.
    pub fn with(folder: &Path, keys: &[&Signer]) -> Self {
        Issuer::start(folder, "localhost", ok("", &set(keys)))
    }

    pub fn publishes(&self, keys: &[&Signer]) {
        *self.says.lock().unwrap() = ok("", &set(keys));
    }

    /// Connections so far.
    pub fn connected(&self) -> usize {
        self.connected.load(Ordering::SeqCst)
    }

    /// First lines of the requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}
