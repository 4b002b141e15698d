//! The clinic as a process of its own, asked over sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longer than any of these tests waits for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, in a folder of its own.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_generated-example"));
    command
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// An empty folder with this name.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What the program says and how it ends when it is started for production, with these settings and what is needed
/// besides. It is expected to refuse: one that serves is ended, and has no exit code.
pub fn production(name: &str, settings: &[(&str, &str)]) -> Output {
    let mut child = program(&folder(name))
        .envs([("APP_STORE", "memory"), ("APP_INSTANCES", "1")])
        .env("APP_LISTEN", "127.0.0.1:0")
        .env("CLINIC_ORIGINS", "https://app.example.com")
        .envs(settings.iter().copied())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(20) {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

pub struct Clinic {
    child: Child,
    folder: PathBuf,
    address: String,
    events: Arc<Mutex<Vec<String>>>,
}

impl Clinic {
    /// Started for development, with a key of its own.
    pub fn start(name: &str) -> Self {
        Self::started(name, true, &[])
    }

    /// The same with more settings.
    pub fn with(name: &str, settings: &[(&str, &str)]) -> Self {
        Self::started(name, true, settings)
    }

    /// Nobody reads its events.
    pub fn unread(name: &str) -> Self {
        Self::started(name, false, &[])
    }

    fn started(name: &str, read: bool, settings: &[(&str, &str)]) -> Self {
        let folder = folder(name);
        let mut child = program(&folder)
            .arg("dev")
            .env("APP_LISTEN", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once(" listens on http://")?;
                rest.split(' ').next().map(str::to_owned)
            })
            .expect("it listens");
        std::thread::spawn(move || said.for_each(drop));
        let events = Arc::new(Mutex::new(Vec::new()));
        if read {
            let (out, into) = (child.stdout.take().unwrap(), events.clone());
            std::thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    into.lock().unwrap().push(line);
                }
            });
        }
        Clinic {
            child,
            folder,
            address,
            events,
        }
    }

    /// A token of this service.
    pub fn token(&self, subject: &str, role: &str, clinic: &str) -> String {
        let output = program(&self.folder)
            .args(["token", "--subject", subject, "--role", role, "--claim"])
            .arg(format!("clinic={clinic:?}"))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Its database, for what has no operation: whom clinicians treat, and the accounts of those who work there.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.join("data/clinic.sqlite")).unwrap()
    }

    /// From now on the clinician treats the patient.
    pub fn treats(&self, clinician: &str, patient: &str) {
        let sql = "INSERT INTO treated (patient, clinician) VALUES (?1, ?2)";
        let added = self.database().execute(sql, [patient, clinician]);
        assert_eq!(added, Ok(1));
    }

    /// From another address of this machine: limits count by address.
    pub fn connect_from(&self, source: Ipv4Addr) -> TcpStream {
        let to = self.address.parse().unwrap();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_io().build().unwrap();
        let stream = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind((source, 0).into()).unwrap();
            socket.connect(to).await.unwrap().into_std().unwrap()
        });
        stream.set_nonblocking(false).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Status, head and body of the answer.
    pub fn ask(
        &self,
        method: &str,
        target: &str,
        token: &str,
        body: &str,
    ) -> (u16, String, String) {
        self.ask_with(method, target, token, "", body)
    }

    pub fn ask_with(
        &self,
        method: &str,
        target: &str,
        token: &str,
        fields: &str,
        body: &str,
    ) -> (u16, String, String) {
        let mut head = format!("{method} /v1{target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
        if !token.is_empty() {
            head.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        if !body.is_empty() {
            let length = body.len();
            head.push_str("Content-Type: application/json\r\n");
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        let mut stream = self.connect();
        write!(stream, "{head}{fields}\r\n{body}").unwrap();
        answer(&mut stream)
    }

    /// Every event line so far, once `enough` of them are there.
    pub fn events(&self, enough: impl Fn(&[String]) -> bool) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let events = self.events.lock().unwrap().clone();
            if enough(&events) || begun.elapsed() > PATIENCE {
                return events;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// What is read until the connection ends: status, head and body.
pub fn answer(stream: &mut TcpStream) -> (u16, String, String) {
    let mut bytes = Vec::new();
    // A reset after the answer takes nothing away from it.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    (
        status.unwrap_or_default(),
        head.to_lowercase(),
        body.to_owned(),
    )
}

impl Drop for Clinic {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
