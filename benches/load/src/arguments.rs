//! `load --rounds 30 --requests 10000 --connections 32 --cpu 1 --logs DIR --only get --open bare=PATH --guarded shield=PATH …`

use crate::Failure;
use std::path::PathBuf;

pub struct Arguments {
    pub rounds: usize,
    /// Of one round.
    pub requests: usize,
    pub connections: usize,
    /// The servers are bound to this processor, by `taskset`.
    pub cpu: Option<String>,
    /// The two requests of the pair, instead of those of the service.
    pub pair: bool,
    /// One kind of request, for whoever looks at a profile.
    pub only: Option<String>,
    /// Where the servers' output goes.
    pub logs: PathBuf,
    pub servers: Vec<Wanted>,
}

pub struct Wanted {
    pub name: String,
    pub program: PathBuf,
    /// It lets everybody in and refuses no body.
    pub open: bool,
}

impl Arguments {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut read = Arguments {
            rounds: 1,
            requests: 100,
            connections: 4,
            cpu: None,
            pair: false,
            only: None,
            logs: std::env::temp_dir(),
            servers: Vec::new(),
        };
        while let Some(name) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{name} takes a value"))?;
            match name.as_str() {
                "--rounds" => read.rounds = value.parse()?,
                "--requests" => read.requests = value.parse()?,
                "--connections" => read.connections = value.parse()?,
                "--cpu" => read.cpu = Some(value),
                "--cases" => read.pair = value == "pair",
                "--only" => read.only = Some(value),
                "--logs" => read.logs = value.into(),
                "--open" | "--guarded" => {
                    let (label, program) = value.split_once('=').ok_or("NAME=PATH is wanted")?;
                    read.servers.push(Wanted {
                        name: label.to_owned(),
                        program: program.into(),
                        open: name == "--open",
                    });
                }
                _ => return Err(format!("{name} is no option").into()),
            }
        }
        Ok(read)
    }
}
