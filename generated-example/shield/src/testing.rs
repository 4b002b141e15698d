//! For tests and attacks: a service on a port of its own, whose events can be read and whose time can be moved.

mod dialer;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tower_service::Service as _;

pub use crate::auth::verify as verify_jws;
use crate::config::{Config, ConfigError};
use crate::door::{Door, Peer};
use crate::shield::Shield;
use crate::spec::Spec;
pub use dialer::{Dialer, Talk};

/// A running service: the real accept loop on a free port of the loopback interface. It stops when this is dropped.
pub struct Harness {
    pub addr: SocketAddr,
    shield: Shield,
    door: Door,
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

/// A free port of the loopback interface.
fn bind() -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
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
        let (listener, addr) = bind().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        runtime().spawn(crate::serve::serve(listener, door.clone(), async {
            let _ = stopped.await;
        }));
        Ok(Harness {
            addr,
            shield,
            door,
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

    /// Of the requests that are worked on at once, so many places are taken from now on.
    pub fn occupy(&self, places: usize) {
        let running = &self.shield.inner().running;
        running.fetch_add(places, std::sync::atomic::Ordering::AcqRel);
    }

    /// Where the service is to be had in plain text by a loop that is not the shield's, as in an application that has a loop
    /// of its own.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn mounted(&self) -> std::io::Result<SocketAddr> {
        let (listener, addr) = bind()?;
        listener.set_nonblocking(true)?;
        let inside = runtime().enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        drop(inside);
        let door = self.door.clone();
        runtime().spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let door = door.clone();
                let service = hyper::service::service_fn(move |request| {
                    let mut request: http::Request<_> = request.map(axum::body::Body::new);
                    request.extensions_mut().insert(Peer(peer));
                    door.clone().call(request)
                });
                let stream = hyper_util::rt::TokioIo::new(stream);
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(stream, service));
            }
        });
        Ok(addr)
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
