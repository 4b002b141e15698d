//! From the schemes of the document to verifiers that are ready.

use zeroize::Zeroizing;

use crate::auth::{Given, Verifier};
#[cfg(any(debug_assertions, feature = "testing"))]
use crate::say::say;
use crate::spec::{Scheme, Setting, Spec};

use super::{Config, ConfigError, label};

/// What stands for an issuer and an audience while developing without either. `.invalid` never resolves (RFC 2606).
#[cfg(any(debug_assertions, feature = "testing"))]
const ISSUER: &str = "https://development.invalid";
#[cfg(any(debug_assertions, feature = "testing"))]
const AUDIENCE: &str = "development";

impl Config {
    /// One verifier for each scheme, in the order of the document.
    pub fn verifiers(&self, spec: &'static Spec) -> Result<Vec<Verifier>, ConfigError> {
        spec.schemes
            .iter()
            .map(|scheme| self.verifier(spec, scheme))
            .collect()
    }

    fn verifier(
        &self,
        spec: &'static Spec,
        scheme: &'static Scheme,
    ) -> Result<Verifier, ConfigError> {
        let keys = Zeroizing::new(match self.lookup(&scheme.keys)? {
            Some(keys) => keys,
            None => self.development_keys(scheme)?,
        });
        let issuer = self.issuer(scheme)?;
        let audience = self.audience(scheme)?;
        let keys = Given {
            text: &keys,
            file: self.origin(&scheme.keys),
        };
        Verifier::new(scheme, spec, keys, issuer, audience, self.is_production())
    }

    fn issuer(&self, scheme: &Scheme) -> Result<String, ConfigError> {
        self.or_development(&scheme.issuer, Stand::Issuer)
    }

    fn audience(&self, scheme: &Scheme) -> Result<Vec<String>, ConfigError> {
        scheme
            .audience
            .iter()
            .map(|setting| self.or_development(setting, Stand::Audience))
            .collect()
    }

    fn or_development(&self, setting: &Setting, stand: Stand) -> Result<String, ConfigError> {
        match self.lookup(setting)? {
            Some(value) => Ok(value),
            None => self.stand_in(setting, stand),
        }
    }
}

/// What may be stood in for.
#[derive(Clone, Copy)]
enum Stand {
    Issuer,
    Audience,
}

#[cfg(any(debug_assertions, feature = "testing"))]
impl Config {
    /// Signs tokens for `scheme` with its development key. An error when the reference for keys is set: then tokens come
    /// from the issuer, who alone has the private key.
    pub fn minter(&self, scheme: &'static Scheme) -> Result<crate::dev::Minter, ConfigError> {
        if self.is_production() {
            return Err(ConfigError::new(
                "APP_ENV",
                "is not `development`; tokens come from the issuer",
            ));
        }
        if self.lookup(&scheme.keys)?.is_some() {
            return Err(ConfigError::new(
                label(&scheme.keys),
                "is set, so tokens come from its issuer",
            ));
        }
        let signer = crate::dev::signer(&self.data, scheme)?;
        let audience = self
            .audience(scheme)?
            .into_iter()
            .next()
            .unwrap_or_default();
        Ok(crate::dev::Minter {
            scheme,
            issuer: self.issuer(scheme)?,
            audience,
            signer,
        })
    }

    fn development_keys(&self, scheme: &Scheme) -> Result<String, ConfigError> {
        let name = label(&scheme.keys);
        if self.is_production() {
            return Err(ConfigError::new(name, "is not set"));
        }
        let text = crate::dev::signer(&self.data, scheme)?.key_text();
        say!(
            "{name}: is not set; development uses its own key in {}",
            self.data.join("dev-keys.json").display()
        );
        Ok(text)
    }

    fn stand_in(&self, setting: &Setting, stand: Stand) -> Result<String, ConfigError> {
        if self.is_production() {
            return Err(ConfigError::new(label(setting), "is not set"));
        }
        let value = match stand {
            Stand::Issuer => ISSUER,
            Stand::Audience => AUDIENCE,
        };
        say!("{}: is not set; development uses {value}", label(setting));
        Ok(value.to_owned())
    }
}

/// In a release build there is no development, and nothing stands in for what is missing.
#[cfg(not(any(debug_assertions, feature = "testing")))]
impl Config {
    fn development_keys(&self, scheme: &Scheme) -> Result<String, ConfigError> {
        Err(ConfigError::new(label(&scheme.keys), "is not set"))
    }

    fn stand_in(&self, setting: &Setting, _: Stand) -> Result<String, ConfigError> {
        Err(ConfigError::new(label(setting), "is not set"))
    }
}
