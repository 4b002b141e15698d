//! The one way into the service: what a connection or an axum router calls for every request.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::header::{ALLOW, HeaderValue};
use http::{Method, StatusCode};

use crate::cors::is_preflight;
use crate::exchange::Exchange;
use crate::quota::{Address, Key, SECOND};
use crate::refusal::{Kind, Refusal};
use crate::routes::Node;
use crate::say::say;
use crate::shield::Shield;
use crate::wire::Wire;
use crate::{ingress, reply, routes};

/// A future whose type is not named: one allocation, and an edit of a handler recompiles no guard.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The address of the client as a request extension, for accept loops that are not ours and do not give axum's
/// [`ConnectInfo`].
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// What generated code provides: its shield, and the operations by index into `Spec::operations`.
pub trait Guarded: Send + Sync + 'static {
    fn shield(&self) -> &Shield;
    /// Runs one operation, from [`Shield::enter`] to the projection of the reply.
    fn serve<'a>(
        &'a self,
        operation: usize,
        x: &'a mut Exchange,
    ) -> BoxFuture<'a, Result<Response, Refusal>>;
}

/// The whole service as one value: cheap to clone, and a `tower_service::Service`, so that it is an axum route too.
#[derive(Clone)]
pub struct Door(Arc<dyn Guarded>);

/// Where a request came from, when our own accept loop took it.
pub(crate) struct Link {
    pub peer: SocketAddr,
    pub wire: Arc<Wire>,
}

impl Door {
    pub fn new(guarded: impl Guarded) -> Self {
        Door(Arc::new(guarded))
    }

    pub fn shield(&self) -> &Shield {
        self.0.shield()
    }

    /// Every request gets its answer here, and every answer is finished the same way.
    ///
    /// What is waited for holds the exchange and no request beside it: an `async fn` would keep what it is called with, and
    /// a future of twice the size is one that the allocator has no ready place for.
    pub(crate) fn answer(
        &self,
        request: http::Request<Body>,
        link: Option<Link>,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send {
        let shield = self.0.shield();
        let (peer, wire) = match link {
            Some(link) => (Some(link.peer), Some(link.wire)),
            None => (peer(request.extensions()), None),
        };
        let address = peer.map(|peer| Address::of(peer.ip()));
        let mut x = Exchange::new(request, address, wire, shield.clone());
        async move {
            let outcome = self.dispatch(shield, &mut x).await;
            Ok(shield.finish(x, outcome))
        }
    }

    async fn dispatch(&self, shield: &Shield, x: &mut Exchange) -> Result<Response, Refusal> {
        let inner = shield.inner();
        let spec = inner.spec;
        let Some(address) = x.address else {
            // Without it, quotas would count nobody: better no service than that.
            static TOLD: std::sync::Once = std::sync::Once::new();
            TOLD.call_once(|| {
                say!(
                    "shield: no client address; serve with `ConnectInfo<SocketAddr>` or a `shield::Peer` extension"
                )
            });
            return Err(Refusal::new(Kind::Fault("no client address".to_owned())));
        };
        // Nobody but our own accept loop can say that the request came inside TLS.
        // guard: inside-tls, of the service, where inner.tls.is_some()
        if inner.tls.is_some() && x.wire.is_none() {
            static TOLD: std::sync::Once = std::sync::Once::new();
            TOLD.call_once(|| {
                say!(
                    "shield: the document says `network: {{ tls: terminate }}`; serve with `shield::serve`, or say `upstream`"
                )
            });
            return Err(Refusal::new(Kind::Fault("not inside TLS".to_owned())));
        }
        let bad = ingress::check(&x.head, &spec.limits, x.wire.as_deref());
        // guard: flood, of the service
        if let Err(rest) = inner
            .flood
            .charge(&Key::address(address), inner.clock.nanos_at(x.started))
        {
            x.close |= bad.is_err();
            return Err(Refusal::new(Kind::Flood {
                retry_after: rest.div_ceil(SECOND).max(1),
            }));
        }
        if let Err(bad) = bad {
            x.close |= bad.close;
            return Err(bad.refusal);
        }
        let method = x.head.method.clone();
        let found = routes::find(&inner.routes, x.head.uri.path());
        // Ruling 29 is about paths that exist; these two are refused everywhere (P67).
        // guard: method-trace, of the service
        if matches!(method, Method::TRACE | Method::CONNECT) {
            let allow = found
                .map(|found| routes::allow(found.node, inner.cors.is_some()))
                .unwrap_or_default();
            return Err(Refusal::new(Kind::Method { allow }));
        }
        // guard: target-form, of the service
        if !x.head.uri.path().starts_with('/') {
            return Err(Refusal::new(Kind::Malformed {
                code: "syntax",
                errors: Vec::new(),
            }));
        }
        let Some(found) = found else {
            return Err(Refusal::new(Kind::NoRoute));
        };
        x.params = found.params;
        // guard: preflight, where inner.cors.is_some()
        if let Some(cors) = &inner.cors
            && is_preflight(&method, &x.head.headers)
        {
            let (response, granted) = cors.preflight(spec, found.node, &x.head.headers);
            x.preflight = Some(granted);
            return Ok(response);
        }
        let Some(operation) = routes::operation(found.node, method.as_str()) else {
            return options(&method, found.node, inner.cors.is_some());
        };
        x.policy = spec.operations.get(operation).copied();
        x.operation = Some(operation);
        let place = shield.place();
        // guard: concurrency
        if place.is_none() {
            return Err(Refusal::new(Kind::Busy));
        }
        // Making the future is generated code too.
        Caught(Some(caught(|| self.0.serve(operation, x))?)).await
    }
}

/// A method that is not declared: with CORS, OPTIONS tells the others (ruling 29).
fn options(method: &Method, node: &Node, cors: bool) -> Result<Response, Refusal> {
    let allow = routes::allow(node, cors);
    if cors && method == Method::OPTIONS {
        let mut response = reply::empty(StatusCode::NO_CONTENT);
        if let Ok(allow) = HeaderValue::try_from(allow) {
            response.headers_mut().insert(ALLOW, allow);
        }
        return Ok(response);
    }
    Err(Refusal::new(Kind::Method { allow }))
}

fn peer(extensions: &http::Extensions) -> Option<SocketAddr> {
    let ours = extensions.get::<Peer>().map(|peer| peer.0);
    ours.or_else(|| {
        extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0)
    })
}

fn caught<T>(make: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(make)).map_err(|_| Refusal::new(Kind::Panic))
}

/// A future whose panics become an answer (P97, D9).
struct Caught<'a>(Option<BoxFuture<'a, Result<Response, Refusal>>>);

impl Future for Caught<'_> {
    type Output = Result<Response, Refusal>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = match &mut self.0 {
            Some(future) => catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))),
            None => return Poll::Ready(Err(Refusal::new(Kind::Panic))),
        };
        polled.unwrap_or_else(|_| {
            // What the handler holds may panic once more when it is dropped.
            let future = self.0.take();
            let _ = catch_unwind(AssertUnwindSafe(move || drop(future)));
            Poll::Ready(Err(Refusal::new(Kind::Panic)))
        })
    }
}

impl tower_service::Service<http::Request<Body>> for Door {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let door = self.clone();
        Box::pin(async move { door.answer(request, None).await })
    }
}
