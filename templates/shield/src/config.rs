//! What the service is told when it starts: variables of the environment, and files they name.
//!
//! Production is strict: what is missing, or set and not served by this version, refuses to start. Errors name the
//! variable and never its value (P99).

mod admin;
mod keys;
mod names;
mod origins;
mod store;
mod tls;
mod vault;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use zeroize::{Zeroize, Zeroizing};

use crate::spec::Setting;

pub(crate) use names::{SERVED, of_document, refers_to_vault};
use store::StoreAt;
#[cfg(feature = "tls")]
pub(crate) use tls::{CERT, CLIENT_CA, KEY};
pub(crate) use vault::VARIABLES;

/// More than any set of keys needs.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Where the events go (ruling 67).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Log {
    Stdout,
    File(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Production,
    /// Debug builds only (ruling 71).
    Development,
}

/// Why the service does not start. Shown as `error: VARIABLE: message`; the process ends with 78 (EX_CONFIG).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The variable, the file, or the place in the document that the setting comes from.
    pub variable: String,
    /// What is wrong with it; holds no part of the value.
    pub message: String,
}

impl ConfigError {
    pub fn new(variable: impl Into<String>, message: impl Into<String>) -> Self {
        ConfigError {
            variable: variable.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.message)
    }
}

impl std::error::Error for ConfigError {}

/// The settings of one run, checked as far as they do not depend on the document.
pub struct Config {
    environment: Environment,
    listen: SocketAddr,
    log: Log,
    store: StoreAt,
    /// The socket; `None`: nobody said where.
    admin: Option<PathBuf>,
    values: BTreeMap<String, String>,
    /// Variables that are set to something that is no UTF-8.
    unreadable: BTreeSet<String>,
    /// Where development keeps its keys.
    data: PathBuf,
    /// What was read of Vault, and the Vault; nothing before it is asked for.
    told: vault::Told,
    #[cfg(feature = "testing")]
    probed: bool,
}

/// Some of the values are secrets: what was read from the environment stays there, its copy is wiped.
impl Drop for Config {
    fn drop(&mut self) {
        self.values.values_mut().for_each(Zeroize::zeroize);
    }
}

/// Without values: some are secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("environment", &self.environment)
            .field("listen", &self.listen)
            .field("log", &self.log)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Reads the environment of the process.
    pub fn from_env() -> Result<Self, ConfigError> {
        Config::new(environment_of_the_process())
    }

    /// Reads the environment of the process for the commands `dev` and `token`, which are development by themselves.
    pub(crate) fn for_development() -> Result<Self, ConfigError> {
        let (mut values, unreadable) = environment_of_the_process();
        let chosen = values
            .entry("APP_ENV".to_owned())
            .or_insert_with(|| "development".to_owned());
        if chosen != "development" {
            return Err(ConfigError::new(
                "APP_ENV",
                "is set to something else than `development`",
            ));
        }
        Config::new((values, unreadable))
    }

    /// The same from a map, for tests and attacks.
    pub fn from_map(values: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        Config::new((values, BTreeSet::new()))
    }

    fn new(
        (values, unreadable): (BTreeMap<String, String>, BTreeSet<String>),
    ) -> Result<Self, ConfigError> {
        let mut config = Config::empty(values, unreadable);
        config.environment = config.read_environment()?;
        names::refuse_unserved(&config)?;
        config.listen = config.read_listen()?;
        config.log = config.read_log()?;
        config.store = config.read_store()?;
        config.admin = config.read_admin()?;
        Ok(config)
    }

    /// Nothing is read yet.
    fn empty(values: BTreeMap<String, String>, unreadable: BTreeSet<String>) -> Self {
        Config {
            environment: Environment::Production,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            log: Log::Stdout,
            store: StoreAt::Memory,
            admin: None,
            values,
            unreadable,
            data: PathBuf::from("data"),
            told: vault::Told::default(),
            #[cfg(feature = "testing")]
            probed: false,
        }
    }

    pub fn environment(&self) -> Environment {
        self.environment
    }

    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The folder in which development keeps its keys, `data` unless told otherwise.
    #[must_use]
    pub fn with_data(mut self, data: impl Into<PathBuf>) -> Self {
        self.data = data.into();
        self
    }

    /// Flows only say that they were reached.
    #[cfg(feature = "testing")]
    pub(crate) fn probed(mut self) -> Self {
        self.probed = true;
        self
    }

    #[cfg(feature = "testing")]
    pub(crate) fn is_probed(&self) -> bool {
        self.probed
    }

    /// Refuses names that are nearly one of ours, warns about those that are of no use, and refuses to be heard in plain text
    /// beyond this machine (called by `run`).
    pub(crate) fn check_served(&self, spec: &crate::spec::Spec) -> Result<(), ConfigError> {
        names::check(self, spec)?;
        self.check_listen(spec)
    }

    /// The value of `NAME`, or the content of the file that `NAME_FILE` names, without one newline at its end.
    pub fn get(&self, name: &str) -> Result<Option<String>, ConfigError> {
        Ok(self.value(name)?.map(taken))
    }

    /// The same, wiped once it was made use of.
    fn value(&self, name: &str) -> Result<Option<Zeroizing<String>>, ConfigError> {
        let file = format!("{name}_FILE");
        for name in [name, &file] {
            if self.unreadable.contains(name) {
                return Err(ConfigError::new(name, "is not UTF-8"));
            }
        }
        match (self.values.get(name), self.values.get(&file)) {
            (Some(_), Some(_)) => Err(ConfigError::new(
                name,
                format!("is set, and {file} too; only one may be"),
            )),
            (Some(value), None) => Ok(Some(Zeroizing::new(value.clone()))),
            (None, Some(path)) => content(&file, Path::new(path)).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// A setting of the document: itself, or what it refers to. A reference that leads nowhere is an error.
    pub fn setting(&self, setting: &Setting) -> Result<String, ConfigError> {
        match self.lookup(setting)? {
            Some(value) => Ok(taken(value)),
            None => Err(ConfigError::new(label(setting), "is not set")),
        }
    }

    /// The file that a setting is read from, and what it is called: for what is read again when it changes.
    fn origin(&self, setting: &Setting) -> Option<(String, PathBuf)> {
        match setting {
            Setting::Literal(_) | Setting::Vault(_) => None,
            Setting::File(path) => Some(((*path).to_owned(), PathBuf::from(path))),
            Setting::Env(name) => {
                let name = format!("{name}_FILE");
                let path = PathBuf::from(self.values.get(&name)?);
                Some((name, path))
            }
        }
    }

    /// `None`: a variable that is not set. It may be a secret.
    fn lookup(&self, setting: &Setting) -> Result<Option<Zeroizing<String>>, ConfigError> {
        match setting {
            Setting::Literal(text) => Ok(Some(Zeroizing::new((*text).to_owned()))),
            Setting::Env(name) => self.value(name),
            Setting::File(path) => content(path, Path::new(path)).map(Some),
            Setting::Vault(reference) => self.of_vault(reference),
        }
    }

    fn read_environment(&self) -> Result<Environment, ConfigError> {
        match self.get("APP_ENV")?.as_deref() {
            None | Some("production") => Ok(Environment::Production),
            Some("development") if cfg!(debug_assertions) => Ok(Environment::Development),
            Some("development") => Err(ConfigError::new(
                "APP_ENV",
                "`development` exists in debug builds only; this is a release build",
            )),
            Some(_) => Err(ConfigError::new(
                "APP_ENV",
                "must be `production` or `development`",
            )),
        }
    }

    fn read_listen(&self) -> Result<SocketAddr, ConfigError> {
        let Some(text) = self.get("APP_LISTEN")? else {
            return Ok(self.listen);
        };
        text.parse().map_err(|_| {
            ConfigError::new(
                "APP_LISTEN",
                "must be an address and a port, such as 127.0.0.1:8080",
            )
        })
    }

    fn read_log(&self) -> Result<Log, ConfigError> {
        match self.get("APP_LOG")?.as_deref() {
            None | Some("stdout") => Ok(Log::Stdout),
            Some(text) => match text.strip_prefix("file:") {
                Some(path) if !path.is_empty() => Ok(Log::File(PathBuf::from(path))),
                _ => Err(ConfigError::new(
                    "APP_LOG",
                    "must be `stdout` or `file:PATH`",
                )),
            },
        }
    }
}

/// What a setting is called in errors.
fn label(setting: &Setting) -> &'static str {
    match setting {
        Setting::Env(name) | Setting::File(name) | Setting::Vault(name) => name,
        Setting::Literal(_) => "the document",
    }
}

fn environment_of_the_process() -> (BTreeMap<String, String>, BTreeSet<String>) {
    let (mut values, mut unreadable) = (BTreeMap::new(), BTreeSet::new());
    for (name, value) in std::env::vars_os() {
        // A name that is no UTF-8 is none of ours.
        let Some(name) = name.to_str() else { continue };
        match value.into_string() {
            Ok(value) => _ = values.insert(name.to_owned(), value),
            Err(_) => _ = unreadable.insert(name.to_owned()),
        }
    }
    (values, unreadable)
}

/// What is no secret, out of what might have been one.
fn taken(mut value: Zeroizing<String>) -> String {
    std::mem::take(&mut *value)
}

/// A whole text file without one newline at its end. `name` is for the error, which does not repeat the path's content.
pub(crate) fn content(name: &str, path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let failed = |error: std::io::Error| {
        ConfigError::new(name, format!("the file cannot be read: {}", error.kind()))
    };
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() || about.len() > LARGEST_FILE {
        return Err(ConfigError::new(name, "must name a file of at most 1 MiB"));
    }
    let mut text = Zeroizing::new(std::fs::read_to_string(path).map_err(failed)?);
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}
