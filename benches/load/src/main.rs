//! Starts the servers of the comparison, loads them in turn, and prints what each round cost its server, one JSON object a
//! line.
//!
//! The rounds are interleaved (A B C, then B C A, …): what else the machine does meets all servers alike. A round is a
//! fixed number of requests over connections that are kept alive; connecting and the first requests of a connection are
//! not measured.

mod arguments;
mod client;
mod requests;
mod server;

use arguments::Arguments;
use client::Client;
use requests::{Case, Kind};
use server::Server;
use std::process::ExitCode;
use std::time::Instant;

/// What went wrong, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One round of one case against one server.
#[derive(serde::Serialize)]
struct Round<'a> {
    server: &'a str,
    case: &'static str,
    round: usize,
    requests: usize,
    seconds: f64,
    /// Of the server process, user and system, all threads.
    cpu_seconds: f64,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("load: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let secret = requests::secret();
    let mut servers = Vec::new();
    for wanted in &arguments.servers {
        servers.push(Server::start(wanted, &arguments, &secret)?);
    }
    let mut cases = match arguments.pair {
        true => requests::pair(&secret)?,
        false => requests::cases(&secret)?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // The client never sleeps. To wake one costs whoever writes to it, and the slower a server is, the more often: it would
    // be charged for the client's idleness.
    runtime.spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    });
    for round in 0..arguments.rounds {
        let only = arguments.only.as_deref();
        for case in cases
            .iter()
            .filter(|case| only.is_none_or(|word| word == case.kind.word()))
        {
            for turn in 0..servers.len() {
                let at = (turn + round) % servers.len();
                let Some(server) = servers.get(at) else {
                    continue;
                };
                let measured = runtime.block_on(measure(server, case, round, &arguments))?;
                println!("{}", serde_json::to_string(&measured)?);
                server.forget_log()?;
            }
        }
        if arguments.pair {
            // With one server it is the cases that take turns.
            cases.reverse();
        }
    }
    Ok(())
}

async fn measure<'a>(
    server: &'a Server,
    case: &Case,
    round: usize,
    arguments: &Arguments,
) -> Result<Round<'a>, Failure> {
    let wanted = if server.open { case.open } else { case.guarded };
    let mut client = Client::connect(server.address, arguments.connections).await?;
    // The first requests of a connection pay for what it allocates.
    client
        .send(&case.requests, arguments.connections * 8, wanted)
        .await
        .map_err(|why| failed(server, case.kind, &why))?;
    let (cpu, start) = (server.cpu()?, Instant::now());
    client
        .send(&case.requests, arguments.requests, wanted)
        .await
        .map_err(|why| failed(server, case.kind, &why))?;
    let seconds = start.elapsed().as_secs_f64();
    // What the server still does for these requests, the events above all, is theirs too.
    tokio::time::sleep(server::SETTLE).await;
    Ok(Round {
        server: &server.name,
        case: case.kind.word(),
        round,
        requests: arguments.requests,
        seconds,
        cpu_seconds: server.cpu()?.saturating_sub(cpu).as_secs_f64(),
    })
}

fn failed(server: &Server, case: Kind, why: &Failure) -> Failure {
    format!("{}, {}: {why}", server.name, case.word()).into()
}
