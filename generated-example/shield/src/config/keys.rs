//! From the schemes of the document to verifiers that are ready.

use zeroize::Zeroizing;

use crate::auth::{ApiKeys, Given, Verifier};
use crate::issue::Issuing;
use crate::issue::signing::Signing;
#[cfg(any(debug_assertions, feature = "testing"))]
use crate::say::say;
use crate::spec::{Holds, KeyScheme, Scheme, Setting, Spec};

use super::{Config, ConfigError, label, taken};

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

    /// The keys of each scheme of API keys, in the order of the document.
    pub(crate) fn api_keys(&self, spec: &'static Spec) -> Result<Vec<ApiKeys>, ConfigError> {
        let ready = |scheme: &'static KeyScheme| {
            let keys = match self.lookup(&scheme.keys)? {
                Some(keys) => keys,
                None => Zeroizing::new(self.development_key(spec, scheme)?),
            };
            let given = Given {
                text: &keys,
                file: self.origin(&scheme.keys),
                vault: self.vault_of(&scheme.keys),
            };
            ApiKeys::new(scheme, spec, given, self.is_production())
        };
        spec.keys.iter().map(ready).collect()
    }

    fn verifier(
        &self,
        spec: &'static Spec,
        scheme: &'static Scheme,
    ) -> Result<Verifier, ConfigError> {
        let issued = scheme.holds == Holds::Issued;
        let keys = if issued {
            Zeroizing::new(self.signing(scheme)?.verifies().to_owned())
        } else {
            match self.lookup(&scheme.keys)? {
                Some(keys) => keys,
                None => Zeroizing::new(self.development_keys(scheme)?),
            }
        };
        let issuer = self.issuer(scheme)?;
        let audience = self.audience(scheme)?;
        let keys = Given {
            text: &keys,
            // What signs is read once: what verifies is made of it.
            file: self.origin(&scheme.keys).filter(|_| !issued),
            vault: self.vault_of(&scheme.keys).filter(|_| !issued),
        };
        Verifier::new(scheme, spec, keys, issuer, audience, self.is_production())
    }

    /// The key of a scheme that this service signs for.
    fn signing(&self, scheme: &'static Scheme) -> Result<Signing, ConfigError> {
        let signing = match self.lookup(&scheme.keys)? {
            Some(text) => Signing::read(&text, scheme.algorithms),
            None => self.development_signing(scheme)?,
        };
        signing.map_err(|message| ConfigError::new(label(&scheme.keys), message))
    }

    /// What issuing takes, where the document says that the service does.
    pub(crate) fn issuing(&self, spec: &'static Spec) -> Result<Option<Issuing>, ConfigError> {
        let Some(tokens) = &spec.tokens else {
            return Ok(None);
        };
        let Some(scheme) = spec.schemes.get(tokens.scheme) else {
            return Ok(None);
        };
        Ok(Some(Issuing {
            scheme,
            tokens,
            signing: self.signing(scheme)?,
            issuer: self.issuer(scheme)?,
            audience: self
                .audience(scheme)?
                .into_iter()
                .next()
                .unwrap_or_default(),
        }))
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
            Some(value) => Ok(taken(value)),
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

    fn development_signing(&self, scheme: &Scheme) -> Result<Result<Signing, String>, ConfigError> {
        self.development_keys(scheme)?;
        Ok(crate::dev::signer(&self.data, scheme)?.signing())
    }

    /// One key with every role (ruling 71).
    fn development_key(&self, spec: &Spec, scheme: &KeyScheme) -> Result<String, ConfigError> {
        let name = label(&scheme.keys);
        if self.is_production() {
            return Err(ConfigError::new(name, "is not set"));
        }
        let key = crate::dev::api_key(&self.data, scheme)?;
        say!(
            "{name}: is not set; development uses one key for {}, with every role:\n{}",
            scheme.name,
            *key
        );
        Ok(crate::dev::list_of_one(&key, spec))
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

    fn development_signing(&self, scheme: &Scheme) -> Result<Result<Signing, String>, ConfigError> {
        Err(ConfigError::new(label(&scheme.keys), "is not set"))
    }

    fn development_key(&self, _: &Spec, scheme: &KeyScheme) -> Result<String, ConfigError> {
        Err(ConfigError::new(label(&scheme.keys), "is not set"))
    }

    fn stand_in(&self, setting: &Setting, _: Stand) -> Result<String, ConfigError> {
        Err(ConfigError::new(label(setting), "is not set"))
    }
}
