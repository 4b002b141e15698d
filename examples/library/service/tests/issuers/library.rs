//! The library as a process of its own, in production, asked over sockets.

use crate::issuer::{Issuer, key, set};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longer than any of these tests waits for anything.
const PATIENCE: Duration = Duration::from_secs(60);

pub const SECRET: &str = "tR7-wq2_Zk9Xb4Lm1Hs8Vc6Ny3Pf5Gj0DaEu";

/// An empty folder with this name.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The program with all that production needs, and with these settings instead.
fn program(folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_library"));
    command
        .current_dir(folder)
        .env_clear()
        .envs([
            ("APP_STORE", "memory"),
            ("APP_INSTANCES", "1"),
            ("APP_LISTEN", "127.0.0.1:0"),
        ])
        .env("LIBRARY_KEYS", set(&[&key("EdDSA", "readers")]))
        .env("LIBRARY_PARTNER_KEYS", set(&[&key("ES256", "partners")]))
        .env("LIBRARY_TERMINAL_SECRET", SECRET)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in settings {
        // One of both.
        if let Some(name) = name.strip_suffix("_FILE") {
            command.env_remove(name);
        }
        command.env(name, value);
    }
    command
}

/// What it says and how it ends. It is expected to refuse: one that serves is ended, and has no exit code.
pub fn refused(name: &str, settings: &[(&str, &str)]) -> Output {
    let mut child = program(&folder(name), settings).spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(10) {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

pub struct Library {
    child: Child,
    address: SocketAddr,
    events: Arc<Mutex<Vec<String>>>,
    said: Arc<Mutex<String>>,
}

impl Library {
    pub fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Library::tried(folder, settings).expect("it listens")
    }

    /// `None`: it refuses to start.
    pub fn tried(folder: &Path, settings: &[(&str, &str)]) -> Option<Self> {
        let mut child = program(folder, settings).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = said.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once(" listens on http://")?;
            rest.split(' ').next()?.parse().ok()
        });
        let Some(address) = address else {
            assert_eq!(child.wait().unwrap().code(), Some(78));
            return None;
        };
        let told = Arc::new(Mutex::new(String::new()));
        let into = told.clone();
        std::thread::spawn(move || {
            for line in said.map_while(Result::ok) {
                into.lock().unwrap().push_str(&line);
            }
        });
        let events = Arc::new(Mutex::new(Vec::new()));
        let (out, into) = (child.stdout.take().unwrap(), events.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                into.lock().unwrap().push(line);
            }
        });
        Some(Library {
            child,
            address,
            events,
            said: told,
        })
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has said to whoever runs it, in the end.
    pub fn says(&self, what: &str) -> bool {
        let begun = Instant::now();
        while !self.said.lock().unwrap().contains(what) {
            if begun.elapsed() > Duration::from_secs(5) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// Its readers' keys are at the issuer's address, whose certificate it trusts.
    pub fn of(folder: &Path, issuer: &Issuer) -> Self {
        let authority = issuer.authority.to_str().unwrap();
        let settings = [
            ("LIBRARY_KEYS", issuer.address.as_str()),
            ("SSL_CERT_FILE", authority),
        ];
        Library::start(folder, &settings)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The same from another address of this machine.
    fn connect_from(&self, source: Ipv4Addr) -> TcpStream {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_io().build().unwrap();
        let stream = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind(SocketAddr::new(IpAddr::V4(source), 0)).unwrap();
            socket.connect(self.address).await.unwrap()
        });
        let stream = stream.into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Status and the whole answer.
    pub fn get(&self, target: &str, token: &str) -> (u16, String) {
        get(self.connect(), target, token)
    }

    pub fn get_from(&self, source: Ipv4Addr, target: &str, token: &str) -> u16 {
        get(self.connect_from(source), target, token).0
    }

    /// The status of the books for this token.
    pub fn books(&self, token: &str) -> u16 {
        self.get("/books", token).0
    }

    /// How many events of this name there are; waits a little for the first.
    pub fn events(&self, code: &str) -> usize {
        let begun = Instant::now();
        loop {
            let name = format!("\"event_code\":\"{code}\"");
            let events = self.events.lock().unwrap();
            let found = events.iter().filter(|line| line.contains(&name)).count();
            if found > 0 || begun.elapsed() > Duration::from_secs(1) {
                return found;
            }
            drop(events);
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn get(mut stream: TcpStream, target: &str, token: &str) -> (u16, String) {
    let head = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
    write!(stream, "{head}Authorization: Bearer {token}\r\n\r\n").unwrap();
    answer(&mut stream)
}

/// What is read until the connection ends: status, and all of it in lower case.
pub fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap().to_lowercase();
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.unwrap_or_default(), text)
}

impl Drop for Library {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
