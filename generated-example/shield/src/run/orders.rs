//! `revoke`, and the socket where a running service takes it.

use std::path::Path;
use std::process::ExitCode;

use crate::admin::{self, Name, Order};
use crate::config::{Config, ConfigError};
use crate::say::say;
use crate::shield::Shield;
use crate::spec::Spec;

use super::{failed, refuse, usage};

/// Gives the order to the running service, which is the only one that may write its store.
pub(super) fn revoke(spec: &'static Spec, order: &Order) -> ExitCode {
    let Some(by) = &spec.revocation else {
        return usage("the document has no `revocation`, so no token can be revoked");
    };
    if !order.by.is_in(by) {
        let names: Vec<&str> = Name::ALL
            .into_iter()
            .filter(|name| name.is_in(by))
            .map(Name::word)
            .collect();
        return usage(&format!(
            "the document lets tokens be revoked by {} only",
            names.join(", ")
        ));
    }
    let path = match Config::read_admin_of_the_process() {
        Ok(path) => path,
        Err(error) => return refuse(&error),
    };
    match send(&path, order) {
        Ok(()) => {
            say!("revoked, from the next request on");
            ExitCode::SUCCESS
        }
        Err(message) => failed(&message),
    }
}

#[cfg(unix)]
fn send(path: &Path, order: &Order) -> Result<(), String> {
    admin::send(path, order)
}

#[cfg(not(unix))]
fn send(_: &Path, _: &Order) -> Result<(), String> {
    Err("there are no Unix sockets here, and this version has no other way".to_owned())
}

/// Takes orders, where the document gives something to order.
#[cfg(unix)]
pub(super) fn listen(
    shield: &Shield,
    path: &Path,
) -> Result<Option<admin::Listening>, ConfigError> {
    match shield.spec().revocation {
        Some(_) => admin::listen(shield.clone(), path).map(Some),
        None => Ok(None),
    }
}

#[cfg(not(unix))]
pub(super) fn listen(_: &Shield, _: &Path) -> Result<(), ConfigError> {
    Ok(())
}
