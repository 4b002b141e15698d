//! The guard of one running service: what is shared by all requests.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::header::{HeaderMap, HeaderValue};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep};

use crate::auth::{ApiKeys, Verifier};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Log};
use crate::cors::Cors;
use crate::events::{Events, Phrases};
use crate::exchange::Exchange;
use crate::form;
use crate::given::Given;
use crate::grants::Grants;
use crate::issue::Issuing;
use crate::quota::{Quotas, Table};
use crate::refusal::{Fault, Kind, Refusal};
use crate::routes::Node;
use crate::spec::{Access, Carrier, Need, Policy, Spec};
use crate::store::Store;
use crate::tls::{Acceptor, Tls};

/// Clients that the ingress bucket counts one by one.
const CLIENTS: usize = 1 << 18;

/// The guards of a service with what they share: keys, counters, the log. Cheap to clone.
#[derive(Clone)]
pub struct Shield(Arc<Inner>);

pub(crate) struct Inner {
    pub spec: &'static Spec,
    pub routes: Node,
    pub verifiers: Vec<Verifier>,
    /// Some keys may change while the service runs.
    pub keys_change: bool,
    pub keys: Vec<ApiKeys>,
    pub cors: Option<Cors>,
    /// `None`: plain text.
    pub tls: Option<Tls>,
    /// What every answer carries.
    pub base: HeaderMap,
    pub quotas: Quotas,
    /// `RateLimit-Policy` by operation.
    pub limits: Vec<Option<HeaderValue>>,
    /// What the common answer of an operation carries.
    pub common: Vec<HeaderMap>,
    /// The ingress bucket (ruling 105).
    pub flood: Table,
    /// What is revoked; `None` where nothing can be.
    pub store: Option<Box<dyn Store>>,
    /// `None`: no tokens are issued here.
    pub issuing: Option<Issuing>,
    /// Flows answer that they were reached, as the probe's handlers do.
    #[cfg(feature = "testing")]
    pub probed: bool,
    #[cfg(feature = "testing")]
    pub reached: std::sync::Mutex<Vec<&'static str>>,
    pub events: Events,
    pub phrases: Phrases,
    pub clock: Clock,
    pub running: AtomicUsize,
}

/// A place among the requests that are served at the same time.
pub(crate) struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Shield {
    /// Checks the configuration against the document, and opens the log.
    ///
    /// # Errors
    ///
    /// What is missing or wrong, by the name of its variable, never with its value.
    pub fn start(spec: &'static Spec, config: Config) -> Result<Self, ConfigError> {
        let events = Events::open(config.log())?;
        let store = config.open_store(spec)?;
        Shield::with(spec, &config, store, events)
    }

    /// The same with events kept in memory.
    #[cfg(feature = "testing")]
    pub(crate) fn start_kept(spec: &'static Spec, config: &Config) -> Result<Self, ConfigError> {
        let store = config.open_store(spec)?;
        Shield::with(spec, config, store, Events::kept())
    }

    /// Whether [`Shield::start`] would go well, without starting.
    pub(crate) fn check(spec: &'static Spec, config: &Config) -> Result<(), ConfigError> {
        if let Log::File(path) = config.log() {
            drop(crate::events::append(path)?);
        }
        config.check_folder(spec)?;
        Shield::with(spec, config, None, Events::none()).map(drop)
    }

    fn with(
        spec: &'static Spec,
        config: &Config,
        store: Option<Box<dyn Store>>,
        events: Events,
    ) -> Result<Self, ConfigError> {
        check(spec)?;
        let routes = Node::of(spec.operations).map_err(|policy| {
            ConfigError::new(policy.operation, "has path and method of another operation")
        })?;
        let cors = match &spec.cors {
            Some(cors) => Some(Cors::new(cors, &config.origins(cors)?)?),
            None => None,
        };
        let (requests, seconds) = spec.limits.ip_rate;
        let (verifiers, keys) = (config.verifiers(spec)?, config.api_keys(spec)?);
        let base = crate::headers::base(cors.is_some(), spec.tls.is_some());
        let limits: Vec<_> = spec
            .operations
            .iter()
            .map(|policy| crate::finish::limits(spec, policy))
            .collect();
        let shield = Shield(Arc::new(Inner {
            spec,
            routes,
            keys_change: verifiers.iter().any(|verifier| !verifier.is_fixed())
                || keys.iter().any(|keys| !keys.is_fixed()),
            verifiers,
            keys,
            cors,
            tls: config.tls(spec)?,
            quotas: Quotas::new(spec.quotas),
            common: limits
                .iter()
                .map(|limits| crate::finish::common(&base, limits.as_ref()))
                .collect(),
            base,
            limits,
            flood: Table::new(requests, seconds, CLIENTS),
            store,
            issuing: config.issuing(spec)?,
            #[cfg(feature = "testing")]
            probed: config.is_probed(),
            #[cfg(feature = "testing")]
            reached: std::sync::Mutex::default(),
            events,
            phrases: Phrases::of(spec),
            clock: Clock::new(),
            running: AtomicUsize::new(0),
        }));
        shield.loaded();
        Ok(shield)
    }

    /// The document, as generated code states it.
    pub fn spec(&self) -> &'static Spec {
        self.0.spec
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// What the next connection is accepted with; `None`: plain text.
    pub(crate) fn acceptor(&self) -> Option<Acceptor> {
        self.tls().map(Tls::acceptor)
    }

    /// With its files looked after.
    pub(crate) fn tls(&self) -> Option<&Tls> {
        let tls = self.0.tls.as_ref()?;
        if tls.look(self.0.clock.nanos()) {
            self.rotated();
        }
        Some(tls)
    }

    /// `None`: as many requests as may be are being served (P76).
    pub(crate) fn place(&self) -> Option<Place<'_>> {
        let before = self.0.running.fetch_add(1, Ordering::AcqRel);
        let place = Place(&self.0.running);
        (before < self.0.spec.limits.concurrency).then_some(place)
    }

    /// Reads the body whole, within its limit and its time; empty when there is none and none is required.
    ///
    /// # Errors
    ///
    /// 413, 408 (the time is for the whole body, ruling 92), 400 (cut short, or required and empty).
    pub async fn body(&self, policy: &'static Policy, x: &mut Exchange) -> Result<Bytes, Refusal> {
        let Some(declared) = &policy.body else {
            return Ok(Bytes::new());
        };
        let read = match x.body_mut().take() {
            Some(body) => {
                let whole = Duration::from_millis(policy.body_timeout);
                within(whole, collect(body, policy.body_limit)).await
            }
            None => Some(Ok(Bytes::new())),
        };
        // What was not read to its end cannot be told from the next request.
        let refuse = |x: &mut Exchange, kind| {
            x.close = true;
            Err(Refusal::new(kind))
        };
        match read {
            None => refuse(x, Kind::BodyTimeout),
            Some(Err(Unread::TooLarge)) => refuse(x, Kind::BodyTooLarge),
            Some(Err(Unread::Broken)) => refuse(
                x,
                Kind::Malformed {
                    code: "syntax",
                    errors: Vec::new(),
                },
            ),
            Some(Ok(raw)) if raw.is_empty() && declared.required => {
                Err(Refusal::new(Kind::Malformed {
                    code: "empty",
                    errors: Vec::new(),
                }))
            }
            Some(Ok(raw)) => Ok(raw),
        }
    }

    /// Waits for something of the person's, but no longer than this.
    ///
    /// # Errors
    ///
    /// Its fault, or 503.
    pub(crate) async fn call_within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Refusal> {
        match within(limit, work).await {
            Some(outcome) => Ok(outcome?),
            None => Err(Refusal::new(Kind::HandlerTimeout)),
        }
    }

    /// Waits for a handler, but no longer than the operation allows; then the handler is dropped.
    ///
    /// # Errors
    ///
    /// The handler's fault, or 503 when it took too long (ruling 42).
    pub async fn call<T>(
        &self,
        policy: &'static Policy,
        handler: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Refusal> {
        let limit = Duration::from_millis(policy.handler_timeout);
        self.call_within(limit, handler).await
    }

    /// Reads the body whole and takes the parameters apart, for [`Given::admit`] to say what counts.
    ///
    /// # Errors
    ///
    /// Those of [`Shield::body`] and of [`Exchange::input`]; 400, 413 and 415 for a form that cannot be taken
    /// apart, or for a part of it.
    pub async fn given<'x>(
        &self,
        policy: &'static Policy,
        x: &'x mut Exchange,
        by: &Grants,
    ) -> Result<Given<'x>, Refusal> {
        let raw = self.body(policy, x).await?;
        let depth = self.0.spec.limits.json_depth;
        let body = form::read(policy, x, raw, depth)?;
        Ok(Given::new(x.input(policy)?, body, by, depth))
    }

    /// Waits, but not for ever, until the events are written.
    pub fn flush(&self) {
        self.0.events.flush();
    }

    /// Events that found no room since the start (P107).
    pub fn dropped_events(&self) -> u64 {
        self.0.events.dropped()
    }
}

/// Waits for `future`, but no longer than `limit` (then `None`). Most are ready at once, or as soon as the connection has
/// been read once more: the clock is looked at for those only that are not, and a timer made for those that are not even then.
async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let mut start = None;
    let mut future = pin!(future);
    let mut timer = pin!(None::<Sleep>);
    poll_fn(|cx| {
        if let Poll::Ready(value) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(value));
        }
        let Some(start) = start else {
            start = Some(Instant::now());
            // Looked at once more in any case, whether or not anything comes.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        };
        if timer.is_none() {
            timer.set(Some(tokio::time::sleep(
                limit.saturating_sub(start.elapsed()),
            )));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(cx).map(|()| None),
            None => Poll::Ready(None),
        }
    })
    .await
}

enum Unread {
    TooLarge,
    Broken,
}

/// One piece is taken as it is; more are copied together, never beyond `limit`.
async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Unread> {
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        // Trailers are of no use to anybody here.
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue;
        };
        // guard: body-size
        if first.len() + rest.len() + data.len() > limit {
            return Err(Unread::TooLarge);
        }
        if first.is_empty() && rest.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() {
        first
    } else {
        rest.freeze()
    })
}

/// What generated code states must hold together, or nothing is served.
fn check(spec: &'static Spec) -> Result<(), ConfigError> {
    let wrong = |policy: &Policy, what: &str| Err(ConfigError::new(policy.operation, what));
    for policy in spec.operations {
        for (at, quota) in policy.quotas.iter().enumerate() {
            let again = policy.quotas.iter().take(at).any(|other| other == quota);
            if *quota >= spec.quotas.len() || again {
                return wrong(policy, "names a quota that is not there, or one twice");
            }
        }
        if !matches!(policy.access, Access::Denied | Access::Public) {
            let needs = policy.access.needs();
            if !needs.credentials().all(|one| spec.name_of(one).is_some()) {
                return wrong(policy, "names a security scheme that is not there");
            }
            let whole = |need: &Need| need.credentials().contains(&need.caller());
            if needs.0.is_empty() || !needs.0.iter().all(whole) {
                return wrong(policy, "has an alternative without a caller");
            }
        }
    }
    // A window of no length has ended before it begins, and would limit nobody.
    if spec.quotas.iter().any(|quota| quota.window == 0) || spec.limits.ip_rate.1 == 0 {
        return Err(ConfigError::new(
            "the document",
            "has a limit whose window has no length",
        ));
    }
    let quoted = |text: &str| {
        text.bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'))
    };
    let named = |scheme: &crate::spec::KeyScheme| match scheme.carrier {
        Carrier::Header(name) | Carrier::Query(name) | Carrier::Cookie(name) => quoted(name),
    };
    if !quoted(spec.realm)
        || !spec.keys.iter().all(named)
        || !spec.quotas.iter().all(|quota| quoted(quota.name))
    {
        return Err(ConfigError::new(
            "the document",
            "a name cannot be sent in a header",
        ));
    }
    Ok(())
}
