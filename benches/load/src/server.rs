//! One server of the comparison, as a process of its own.

use crate::Failure;
use crate::arguments::{Arguments, Wanted};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer than the events of a generated service wait to be written together.
pub const SETTLE: Duration = Duration::from_millis(60);

/// Ticks in a second, where the system tells time in ticks only.
const TICKS: u32 = 100;

pub struct Server {
    pub name: String,
    pub address: SocketAddr,
    pub open: bool,
    process: Child,
    log: File,
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub fn start(wanted: &Wanted, arguments: &Arguments, secret: &str) -> Result<Self, Failure> {
        let log = arguments.logs.join(format!("{}.log", wanted.name));
        let log = File::options().create(true).append(true).open(log)?;
        log.set_len(0)?;
        let mut command = match &arguments.cpu {
            Some(cpu) => {
                let mut command = Command::new("taskset");
                command.args(["-c", cpu]).arg(&wanted.program);
                command
            }
            None => Command::new(&wanted.program),
        };
        // In production a service writes its events to what stdout is.
        let mut process = command
            .env("CLINIC_KEY", secret)
            // Nobody knows the key; the service wants one.
            .env(
                "CLINIC_PARTNER_KEYS",
                format!(r#"[{{"id":"bench","sha256":"{}"}}]"#, "ab".repeat(32)),
            )
            .env("CLINIC_ORIGINS", "https://clinic.example.com")
            .env("APP_LISTEN", "127.0.0.1:0")
            .env("APP_STORE", "memory")
            .env("APP_INSTANCES", "1")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", wanted.program.display()))?;
        let said = process.stderr.take().ok_or("stderr is gone")?;
        let mut lines = BufReader::new(said).lines();
        let mut heard = String::new();
        let address = loop {
            let Some(line) = lines.next().transpose()? else {
                return Err(format!("{} does not listen: {heard}", wanted.name).into());
            };
            if let Some((_, rest)) = line.split_once("listens on http://") {
                let end = rest.find(['/', ' ']).unwrap_or(rest.len());
                break rest.get(..end).unwrap_or_default().parse()?;
            }
            heard.push_str(&line);
        };
        // Whatever else it says is shown: a service that drops events says so here.
        let name = wanted.name.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                eprintln!("{name}: {line}");
            }
        });
        Ok(Server {
            name: wanted.name.clone(),
            address,
            open: wanted.open,
            process,
            log,
        })
    }

    /// What it has used of the processors: user and system, all threads that are there.
    pub fn cpu(&self) -> Result<Duration, Failure> {
        let process = PathBuf::from("/proc").join(self.process.id().to_string());
        let mut used = Duration::ZERO;
        for thread in std::fs::read_dir(process.join("task"))? {
            let Ok(text) = std::fs::read_to_string(thread?.path().join("schedstat")) else {
                return ticks(&std::fs::read_to_string(process.join("stat"))?);
            };
            let nanoseconds = text.split(' ').next().unwrap_or_default().parse()?;
            used += Duration::from_nanos(nanoseconds);
        }
        Ok(used)
    }

    /// A run of some minutes would fill a disk.
    pub fn forget_log(&self) -> Result<(), Failure> {
        Ok(self.log.set_len(0)?)
    }
}

/// `utime` and `stime` (proc_pid_stat(5)), behind the name in parentheses.
fn ticks(stat: &str) -> Result<Duration, Failure> {
    let (_, rest) = stat.rsplit_once(')').ok_or("/proc/PID/stat has no name")?;
    let mut ticks: u32 = 0;
    for word in rest.split_whitespace().skip(11).take(2) {
        ticks += word.parse::<u32>()?;
    }
    Ok(Duration::from_secs(1) * ticks / TICKS)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
