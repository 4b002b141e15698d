//! `APP_STORE` and `APP_INSTANCES`: where what must be remembered is kept, and how many processes remember it.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::spec::Spec;
use crate::store::{Folder, Memory, Store};

use super::{Config, ConfigError};

const STORE: &str = "APP_STORE";
const INSTANCES: &str = "APP_INSTANCES";

/// Where revocations and sessions are kept. Quotas are counted in memory whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StoreAt {
    Memory,
    File(PathBuf),
    /// Development, where nobody said anything: in its folder.
    Data,
}

impl Config {
    /// Neither store is shared, so one process must see every request.
    pub(super) fn read_store(&self) -> Result<StoreAt, ConfigError> {
        let store = match self.get(STORE)?.as_deref() {
            Some("memory") => StoreAt::Memory,
            Some(text) if text.starts_with("redis:") || text.starts_with("rediss:") => {
                return Err(ConfigError::new(
                    STORE,
                    "names a store that this version does not have; use `file:DIR` or `memory`",
                ));
            }
            Some(text) => match text.strip_prefix("file:") {
                Some(folder) if !folder.is_empty() => StoreAt::File(PathBuf::from(folder)),
                _ => return Err(ConfigError::new(STORE, "must be `memory` or `file:DIR`")),
            },
            None if self.is_production() => {
                return Err(ConfigError::new(
                    STORE,
                    "is not set; it is `memory` or `file:DIR`, with APP_INSTANCES=1",
                ));
            }
            None => StoreAt::Data,
        };
        match self.get(INSTANCES)?.as_deref() {
            Some("1") => Ok(store),
            None if !self.is_production() => Ok(store),
            None => Err(ConfigError::new(
                INSTANCES,
                "is not set; it must be 1: instances cannot share this store",
            )),
            Some(_) => Err(ConfigError::new(
                INSTANCES,
                "must be 1: instances cannot share this store",
            )),
        }
    }

    fn folder(&self) -> Option<&PathBuf> {
        match &self.store {
            StoreAt::Memory => None,
            StoreAt::File(folder) => Some(folder),
            StoreAt::Data => Some(&self.data),
        }
    }

    /// The store, where the document needs one.
    pub(crate) fn open_store(&self, spec: &Spec) -> Result<Option<Box<dyn Store>>, ConfigError> {
        if spec.revocation.is_none() {
            return Ok(None);
        }
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        Ok(Some(match self.folder() {
            None => Box::new(Memory::new()),
            Some(folder) => {
                let opened = Folder::open(folder, u64::try_from(now).unwrap_or(u64::MAX));
                Box::new(opened.map_err(|message| ConfigError::new(STORE, message))?)
            }
        }))
    }

    /// Looks at the folder and leaves it alone: a service may be using it.
    pub(crate) fn check_folder(&self, spec: &Spec) -> Result<(), ConfigError> {
        match self.folder() {
            Some(folder) if spec.revocation.is_some() => {
                Folder::check(folder).map_err(|message| ConfigError::new(STORE, message))
            }
            _ => Ok(()),
        }
    }
}
