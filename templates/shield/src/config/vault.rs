//! What `vault:` references lead to when the service starts: each is asked for once, and refuses to start when it leads nowhere.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::spec::Setting;
use crate::vault::{Token, Vault};

use super::{Config, ConfigError};

pub(super) const ADDRESS: &str = "VAULT_ADDR";
const TOKEN: &str = "VAULT_TOKEN";
const TOKEN_FILE: &str = "VAULT_TOKEN_FILE";
const NAMESPACE: &str = "VAULT_NAMESPACE";

/// What is read where a document refers to Vault.
pub(crate) const VARIABLES: [(&str, &str); 3] = [
    (ADDRESS, "address of Vault: https://vault.example.com:8200"),
    (
        TOKEN,
        "token for it; a VAULT_TOKEN_FILE is read anew each time",
    ),
    (NAMESPACE, "namespace of it, where there are several"),
];

#[derive(Default)]
pub(super) struct Told(Mutex<Asked>);

#[derive(Default)]
struct Asked {
    vault: Option<Arc<Vault>>,
    told: BTreeMap<&'static str, Secret>,
}

impl Config {
    /// `None`: there is no Vault while developing.
    pub(super) fn of_vault(
        &self,
        reference: &'static str,
    ) -> Result<Option<Zeroizing<String>>, ConfigError> {
        // The attacks know what they want to be told.
        #[cfg(feature = "testing")]
        if let Some(known) = self.values.get(&format!("vault:{reference}")) {
            return Ok(Some(Zeroizing::new(known.clone())));
        }
        let Some(vault) = self.vault()? else {
            return Ok(None);
        };
        let mut asked = self.asked();
        if let Some(told) = asked.told.get(reference) {
            return Ok(Some(Zeroizing::new(told.expose().to_owned())));
        }
        let told = vault
            .read_now(reference)
            .map_err(|what| ConfigError::new(format!("vault:{reference}"), what))?;
        asked.told.insert(reference, Secret::new(told.clone()));
        Ok(Some(Zeroizing::new(told)))
    }

    /// The Vault that a setting was read from, for what is read again.
    pub(super) fn vault_of(&self, setting: &Setting) -> Option<(Arc<Vault>, &'static str)> {
        let Setting::Vault(reference) = setting else {
            return None;
        };
        Some((self.asked().vault.clone()?, *reference))
    }

    fn vault(&self) -> Result<Option<Arc<Vault>>, ConfigError> {
        let mut asked = self.asked();
        if let Some(vault) = &asked.vault {
            return Ok(Some(vault.clone()));
        }
        let Some(address) = self.get(ADDRESS)? else {
            return match self.is_production() {
                true => Err(ConfigError::new(
                    ADDRESS,
                    "is not set, and the document refers to Vault",
                )),
                false => Ok(None),
            };
        };
        // Whether it can be read is known here; it is read again when it is needed.
        let Some(token) = self.get(TOKEN)? else {
            return Err(ConfigError::new(
                TOKEN,
                "is not set, and the document refers to Vault",
            ));
        };
        let token = match self.values.get(TOKEN_FILE) {
            Some(path) => Token::File(PathBuf::from(path)),
            None => Token::Text(Secret::new(token)),
        };
        let namespace = self.get(NAMESPACE)?;
        let vault = Vault::new(&address, token, namespace.as_deref(), self.is_production())
            .map_err(|(name, what)| ConfigError::new(name, what))?;
        let vault = Arc::new(vault);
        asked.vault = Some(vault.clone());
        Ok(Some(vault))
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, Asked> {
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
