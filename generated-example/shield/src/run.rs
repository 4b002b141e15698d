//! The program: its commands, its exit codes, its beginning and its end.
//!
//! Exit codes: 0; 1 when the service cannot be opened or cannot listen; 2 for a wrong command line; 78 (EX_CONFIG) when a
//! setting is missing or wrong. Everything said here goes to stderr, since stdout belongs to the events (ruling 67); only
//! what is asked for by itself (`--help`, `--version`, `token`) is stdout. `revoke` ends with 0 when it is stored, else 1.

mod arguments;
mod help;
mod orders;
mod tokens;

use std::future::Future;
use std::net::TcpListener;
use std::process::ExitCode;
use std::time::Duration;

use crate::config::{Config, ConfigError};
use crate::door::Door;
use crate::refusal::{Fault, Kind, Refusal};
use crate::say::{say, to_stdout};
use crate::shield::Shield;
use crate::spec::Spec;

use arguments::Command;

const EX_USAGE: u8 = 2;
const EX_CONFIG: u8 = 78;

/// How long requests in flight may go on after the signal to end.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs the service that `open` makes of a ready shield, or another command of the command line.
pub fn run(spec: &'static Spec, open: impl FnOnce(Shield) -> Result<Door, Fault>) -> ExitCode {
    let arguments: Result<Vec<String>, _> = std::env::args_os()
        .skip(1)
        .map(|text| text.into_string())
        .collect();
    let Ok(arguments) = arguments else {
        return usage("the command line is not UTF-8");
    };
    match arguments::parse(arguments) {
        Ok(Command::Serve) => with(Config::from_env(), |config| serve(spec, config, open)),
        Ok(Command::Dev) if cfg!(debug_assertions) => with(Config::for_development(), |config| {
            tokens::announce(spec, &config);
            serve(spec, config, open)
        }),
        Ok(Command::Dev) => usage("`dev` exists in debug builds only; this is a release build"),
        Ok(Command::Token(token)) => tokens::token(spec, token),
        Ok(Command::Revoke(order)) => orders::revoke(spec, &order),
        Ok(Command::CheckConfig) => with(Config::from_env(), |config| match check(spec, &config) {
            Ok(()) => {
                say!("the configuration is complete");
                ExitCode::SUCCESS
            }
            Err(error) => refuse(&error),
        }),
        Ok(Command::Help) => {
            to_stdout(format_args!("{}", help::text(spec).trim_end()));
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            to_stdout(format_args!("{} {}", spec.title, spec.version));
            ExitCode::SUCCESS
        }
        Err(message) => usage(&message),
    }
}

fn with(config: Result<Config, ConfigError>, go: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match config {
        Ok(config) => go(config),
        Err(error) => refuse(&error),
    }
}

/// All that starting would refuse, without starting.
fn check(spec: &'static Spec, config: &Config) -> Result<(), ConfigError> {
    config.check_served(spec)?;
    Shield::check(spec, config)
}

fn serve(
    spec: &'static Spec,
    config: Config,
    open: impl FnOnce(Shield) -> Result<Door, Fault>,
) -> ExitCode {
    if let Err(error) = config.check_served(spec) {
        return refuse(&error);
    }
    let (listen, production) = (config.listen(), config.is_production());
    let admin = config.admin();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("no threads to serve with: {error}")),
    };
    // The shield and the service may start tasks of their own while they are made.
    let inside = runtime.enter();
    let shield = match Shield::start(spec, config) {
        Ok(shield) => shield,
        Err(error) => return refuse(&error),
    };
    let admin = match orders::listen(&shield, &admin) {
        Ok(admin) => admin,
        Err(error) => return refuse(&error),
    };
    let door = match open(shield) {
        Ok(door) => door,
        Err(fault) => return failed(&format!("the service cannot be opened: {}", told(fault))),
    };
    let listener = match TcpListener::bind(listen) {
        Ok(listener) => listener,
        Err(error) => return failed(&format!("cannot listen on {listen}: {error}")),
    };
    drop(inside);
    let address = listener.local_addr().unwrap_or(listen);
    let scheme = if spec.tls.is_some() { "https" } else { "http" };
    say!(
        "{} {} listens on {scheme}://{address}{}",
        spec.title,
        spec.version,
        if production { "" } else { " (development)" }
    );
    let guard = door.shield().clone();
    runtime.block_on(until_told(listener, door));
    // Handlers that are still running after the drain are not waited for; what they left in the log is.
    drop(admin);
    runtime.shutdown_timeout(Duration::from_millis(100));
    guard.flush();
    ExitCode::SUCCESS
}

/// Serves until a signal comes and requests in flight are over, or took too long, or a second signal comes.
async fn until_told(listener: TcpListener, door: Door) {
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async {
        // An error means that the sender is gone, which is the end as well.
        _ = told.await;
    };
    let stop = async {
        signal().await;
        say!("ending; requests in flight have {}s", DRAIN.as_secs());
        _ = tell.send(());
        tokio::select! {
            () = tokio::time::sleep(DRAIN) => say!("requests still in flight are dropped"),
            () = signal() => say!("ending at once"),
        }
    };
    tokio::select! {
        () = crate::serve::serve(listener, door, shutdown) => {}
        () = stop => {}
    }
}

/// SIGTERM or SIGINT.
#[cfg(unix)]
fn signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    async {
        match (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            }
            // Without handlers the signals end the process by themselves.
            _ => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Seconds since 1970.
#[cfg(any(debug_assertions, feature = "testing"))]
fn now() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};

    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// What went wrong in the person's own code, in its words.
fn told(fault: Fault) -> String {
    match *Refusal::from(fault).0 {
        Kind::Fault(text) => text,
        Kind::Unwritten { what } => format!("{what} is not written yet"),
        _ => "for an unknown reason".to_owned(),
    }
}

fn usage(message: &str) -> ExitCode {
    say!("error: {message}; `--help` lists what there is");
    ExitCode::from(EX_USAGE)
}

fn refuse(error: &ConfigError) -> ExitCode {
    say!("error: {error}");
    ExitCode::from(EX_CONFIG)
}

fn failed(message: &str) -> ExitCode {
    say!("error: {message}");
    ExitCode::FAILURE
}
