//! Connections: how many, how long, how large (P73, P74, P76, D1, D3). HTTP/1.1, plain or inside TLS; what hyper answers itself
//! (heads it cannot parse, more than 100 fields, targets over 64 KiB) has no header set (ruling 34).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::{Future, poll_fn};
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::door::{Door, Link};
use crate::patience::Patience;
use crate::quota::Address;
use crate::refusal::Kind;
use crate::say::say;
use crate::spec::Limits;
use crate::stream::Stream;
use crate::wire::{Watched, Wire};

/// How long requests in flight may take to end when the service stops.
const DRAIN: Duration = Duration::from_secs(10);
/// How long an answer that ends a connection is given to arrive.
const LINGER: Duration = Duration::from_secs(1);
/// What a client may still have been sending when its connection ends; discarded, in bytes.
const LEFTOVER: usize = 4 * 1024 * 1024;
/// After a failed accept (no descriptors left), before the next.
const BACK_OFF: Duration = Duration::from_millis(50);
/// Connections over the limit that are told so at the same time; others are closed at once.
const TURNED_AWAY: usize = 64;
/// The longest target that is answered by us rather than by hyper (ruling 34), in bytes.
const TARGET: usize = 64 * 1024;
/// Fields that hyper reads without allocating.
const FIELDS: usize = 100;
/// More fields than this do not fit into a map of them.
const MOST_FIELDS: usize = 16_384;

/// What a connection is told when the service stops.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Go on.
    No,
    /// Finish what you are doing.
    Soon,
    /// Now.
    Now,
}

/// Serves `door` until `shutdown` is ready; then requests in flight have ten seconds to end. Events are written when it
/// returns.
pub async fn serve(
    listener: std::net::TcpListener,
    door: Door,
    shutdown: impl Future<Output = ()>,
) {
    let listener = match listener
        .set_nonblocking(true)
        .and_then(|()| TcpListener::from_std(listener))
    {
        Ok(listener) => listener,
        Err(error) => return say!("the listener cannot be used: {error}"),
    };
    let limits = &door.shield().spec().limits;
    let most =
        u32::try_from(limits.connections.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
    let connections = Arc::new(Semaphore::new(most as usize));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let per_ip = Arc::new(PerIp {
        most: limits.per_ip,
        open: Mutex::default(),
    });
    let http = builder(limits);
    let (stop, stopping) = watch::channel(Stop::No);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(BACK_OFF).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let place = connections.clone().try_acquire_owned().ok();
        let place = place.and_then(|permit| Some((permit, PerIp::enter(&per_ip, peer.ip())?)));
        if let Some(place) = place {
            tokio::spawn(connection(
                http.clone(),
                stream,
                peer,
                door.clone(),
                stopping.clone(),
                place,
            ));
        } else if let Ok(permit) = turned_away.clone().try_acquire_owned() {
            tokio::spawn(turn_away(stream, peer, door.clone(), permit));
        }
    }
    drop(listener);
    let _ = stop.send(Stop::Soon);
    let _ = tokio::time::timeout(DRAIN, connections.acquire_many(most)).await;
    let _ = stop.send(Stop::Now);
    door.shield().flush();
}

/// What hyper is told is wider than what is allowed: it must have read a request for us to answer it. The exact limits
/// are those of `ingress`, and no value of the document may be one that hyper panics at.
fn builder(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.header_read_timeout(Duration::from_millis(limits.header_timeout))
        .max_buf_size(TARGET.saturating_add(limits.header_bytes.saturating_mul(2)))
        .half_close(false)
        .keep_alive(true);
    if limits.header_count >= FIELDS {
        // Some more than may be, so that what is over the limit is answered with the header set.
        http.max_headers(limits.header_count.saturating_add(16).min(MOST_FIELDS));
    }
    http
}

/// Connections by client network.
struct PerIp {
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection counted for its client.
struct Entered(Arc<PerIp>, IpAddr);

impl PerIp {
    fn enter(all: &Arc<PerIp>, ip: IpAddr) -> Option<Entered> {
        let network = Address::of(ip).network();
        let mut open = all.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        // guard: connections-per-ip, of the service
        if *count >= all.most {
            return None;
        }
        *count += 1;
        Some(Entered(all.clone(), network))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = open.entry(self.1) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

async fn connection(
    mut http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    door: Door,
    mut stopping: watch::Receiver<Stop>,
    _place: (OwnedSemaphorePermit, Entered),
) {
    let patience = Duration::from_millis(door.shield().spec().limits.header_timeout);
    // Here and not in the loop that accepts: a handshake, or a file that is read again, holds up nobody else.
    let stream = match door.shield().acceptor() {
        None => Stream::Plain(stream),
        Some(tls) => match tls.accept(stream, patience, stopping.changed()).await {
            Some(stream) => stream,
            None => return,
        },
    };
    let wire = Arc::new(Wire::of(stream.chain()));
    let io = TokioIo::new(Watched::new(stream, wire.clone(), patience));
    let service = service_fn(|request: http::Request<Incoming>| {
        let link = Link {
            peer,
            wire: wire.clone(),
        };
        Box::pin(door.answer(request.map(taken), Some(link)))
    });
    http.timer(Patience::default());
    let mut served = http.serve_connection(io, service);
    let outcome = loop {
        tokio::select! {
            biased;
            outcome = poll_fn(|cx| served.poll_without_shutdown(cx)) => break outcome,
            changed = stopping.changed() => match (changed, *stopping.borrow_and_update()) {
                (Ok(()), Stop::No) => {}
                (Ok(()), Stop::Soon) => std::pin::Pin::new(&mut served).graceful_shutdown(),
                _ => return,
            },
        }
    };
    let late = outcome.is_err_and(|error| error.is_timeout());
    let parts = served.into_parts();
    let stream = parts.io.into_inner().into_stream();
    // A request line that came is answered, silence is not (ruling 42).
    let last = if late && parts.read_buf.contains(&b'\n') {
        door.shield().unasked(Kind::HeaderTimeout, peer.ip())
    } else {
        Vec::new()
    };
    if let Ok(stream) = tokio::time::timeout(LINGER, stream.end(&last)).await {
        linger(stream).await;
    }
}

/// The body of a request; most have none, and nothing is kept for those.
fn taken(body: Incoming) -> Body {
    if body.is_end_stream() {
        Body::empty()
    } else {
        Body::new(body)
    }
}

/// Over the limit: 503, without a look at the request. Where TLS is spoken the connection just ends: no handshake is made for
/// who is not let in.
async fn turn_away(stream: TcpStream, peer: SocketAddr, door: Door, _permit: OwnedSemaphorePermit) {
    let last = door.shield().unasked(Kind::Busy, peer.ip());
    if door.shield().spec().tls.is_none() {
        linger(Stream::Plain(stream).end(&last).await).await;
    }
}

/// Ends a connection so that the answer arrives: closing with unread bytes would make the system discard it.
pub(crate) async fn linger(stream: TcpStream) {
    let Ok(stream) = stream.into_std() else {
        return;
    };
    if stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    let Ok(stream) = TcpStream::from_std(stream) else {
        return;
    };
    let drain = async {
        let mut bytes = [0; 4096];
        let mut read = 0;
        while read < LEFTOVER && stream.readable().await.is_ok() {
            match stream.try_read(&mut bytes) {
                Ok(0) => return,
                Ok(more) => read += more,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    };
    let _ = tokio::time::timeout(LINGER, drain).await;
}
