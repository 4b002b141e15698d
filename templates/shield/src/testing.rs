//! For tests and attacks: a service on a port of its own, whose events can be read and whose time can be moved.

mod dialer;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

pub use crate::auth::verify as verify_jws;
use crate::config::{Config, ConfigError};
use crate::door::Door;
use crate::shield::Shield;
use crate::spec::Spec;
pub use dialer::{Dialer, Talk};

/// A running service: the real accept loop on a free port of the loopback interface. It stops when this is dropped.
pub struct Harness {
    pub addr: SocketAddr,
    shield: Shield,
    stop: Option<oneshot::Sender<()>>,
    #[cfg(unix)]
    _admin: Option<crate::admin::Listening>,
}

/// One runtime for all harnesses of a test process.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    #[allow(clippy::expect_used)]
    RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder
            .enable_all()
            .worker_threads(4)
            .build()
            .expect("a runtime can be started")
    })
}

impl Harness {
    /// Starts `open`'s service with the settings of `values` instead of the environment's.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings.
    pub fn start(
        spec: &'static Spec,
        values: BTreeMap<String, String>,
        open: impl FnOnce(Shield) -> Door,
    ) -> Result<Self, ConfigError> {
        Harness::of(spec, Config::from_map(values)?, open)
    }

    /// The same with flows that answer, as the handlers of a probe do, only that they were reached.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings.
    pub fn probe(
        spec: &'static Spec,
        values: BTreeMap<String, String>,
        open: impl FnOnce(Shield) -> Door,
    ) -> Result<Self, ConfigError> {
        Harness::of(spec, Config::from_map(values)?.probed(), open)
    }

    fn of(
        spec: &'static Spec,
        config: Config,
        open: impl FnOnce(Shield) -> Door,
    ) -> Result<Self, ConfigError> {
        let shield = Shield::start_kept(spec, &config)?;
        #[cfg(unix)]
        let admin = if config.says_admin() {
            let _inside = runtime().enter();
            Some(crate::admin::listen(shield.clone(), &config.admin())?)
        } else {
            None
        };
        let door = open(shield.clone());
        let failed = |error: std::io::Error| ConfigError::new("the port", error.to_string());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        runtime().spawn(crate::serve::serve(listener, door, async {
            let _ = stopped.await;
        }));
        Ok(Harness {
            addr,
            shield,
            stop: Some(stop),
            #[cfg(unix)]
            _admin: admin,
        })
    }

    /// The guard, for what the test wants to look at.
    pub fn shield(&self) -> &Shield {
        &self.shield
    }

    /// The lines that were written so far.
    pub fn events(&self) -> Vec<String> {
        self.shield.inner().events.lines()
    }

    /// Flows that were reached since this was asked last.
    pub fn reached(&self) -> Vec<&'static str> {
        let reached = &self.shield.inner().reached;
        std::mem::take(
            &mut *reached
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    /// Begins a session as a login does.
    pub fn issue(&self, login: crate::issue::Login) -> Option<crate::issue::Issued> {
        runtime().block_on(self.shield.issuer().issue(login)).ok()
    }

    /// From now on the store cannot be written, or it can again.
    pub fn fail_store(&self, failing: bool) {
        if let Some(store) = &self.shield.inner().store {
            store.fail(failing);
        }
    }

    /// Revokes as the command does: by `jti`, `subject` or `session`, and for so many seconds. Whether it was stored.
    pub fn revoke(&self, by: &str, name: &str, ttl: Option<u64>) -> bool {
        let by = crate::admin::Name::ALL
            .into_iter()
            .find(|known| known.word() == by);
        let order = by.map(|by| crate::admin::Order {
            by,
            name: name.to_owned(),
            ttl,
        });
        order.is_some_and(|order| runtime().block_on(self.shield.revoke(&order)).is_ok())
    }

    /// Lets time pass for windows and tokens.
    pub fn advance(&self, by: Duration) {
        self.shield.inner().clock.advance(by);
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}
