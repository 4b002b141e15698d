//! One request in flight, and what the guards found out about it so far.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::Body;
use http::HeaderMap;
use http::request::Parts;
use http_body::Body as _;

use crate::auth::Identity;
use crate::enter::Asked;
use crate::input::Inputs;
use crate::quota::{Address, Standing};
use crate::refusal::Refusal;
use crate::shield::Shield;
use crate::spec::{Media, Policy};
use crate::wire::Wire;

/// More variables than this in one path take an allocation to collect.
const FEW: usize = 4;

/// A request between the door and its answer. Generated code passes it from step to step and looks at the caller.
pub struct Exchange {
    pub(crate) head: Parts,
    /// Behind a mutex only so that `&Exchange` may cross threads; it is never locked.
    body: Mutex<Option<Body>>,
    /// Where the values of the path's variables stand in it.
    pub(crate) params: Vec<(usize, usize)>,
    /// `None`: nobody said where the request came from, and it is refused.
    pub(crate) address: Option<Address>,
    pub(crate) policy: Option<&'static Policy>,
    /// Index of `policy`.
    pub(crate) operation: Option<usize>,
    pub(crate) identity: Option<Arc<Identity>>,
    /// What hooks said of a password; `None`: none was asked.
    pub(crate) asked: Option<Box<Asked>>,
    /// How the body is written, once that is known.
    pub(crate) written: Option<Media>,
    /// What the quotas said; empty before the trip.
    pub(crate) standings: Vec<Standing>,
    pub(crate) started: Instant,
    /// A preflight, and whether it was granted.
    pub(crate) preflight: Option<bool>,
    /// A flow revoked something: which one.
    pub(crate) revoked: Option<&'static str>,
    /// The connection ends with the answer.
    pub(crate) close: bool,
    pub(crate) wire: Option<Arc<Wire>>,
    /// Whom to tell when nobody waits for the answer any more; `None` once there is one.
    pub(crate) unanswered: Option<Shield>,
}

/// A client that hangs up stops its handler wherever that stands. What was done until then is not without a trace, and
/// what quotas counted stays counted: no guess is had for nothing by not waiting for the answer.
impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(shield) = self.unanswered.take() {
            shield.abandoned(self);
        }
    }
}

impl Exchange {
    pub(crate) fn new(
        request: http::Request<Body>,
        address: Option<Address>,
        wire: Option<Arc<Wire>>,
        shield: Shield,
    ) -> Self {
        let (head, body) = request.into_parts();
        Exchange {
            head,
            body: Mutex::new(Some(body)),
            params: Vec::new(),
            address,
            policy: None,
            operation: None,
            identity: None,
            asked: None,
            written: None,
            standings: Vec::new(),
            started: Instant::now(),
            preflight: None,
            revoked: None,
            close: false,
            wire,
            unanswered: Some(shield),
        }
    }

    /// The verified caller; `None` on public operations.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// The verified caller, to be kept beside the exchange; `None` on public operations.
    pub fn principal(&self) -> Option<Arc<Identity>> {
        self.identity.clone()
    }

    /// The parameters, decoded.
    ///
    /// # Errors
    ///
    /// 400 for what cannot be decoded, is given twice or is not declared.
    pub fn input(&self, policy: &'static Policy) -> Result<Inputs<'_>, Refusal> {
        let path = self.head.uri.path();
        let segment = |(from, to): &(usize, usize)| path.get(*from..*to).unwrap_or_default();
        let (query, headers) = (self.head.uri.query(), &self.head.headers);
        if self.params.len() <= FEW {
            let mut few = [""; FEW];
            for (slot, range) in few.iter_mut().zip(&self.params) {
                *slot = segment(range);
            }
            return Inputs::parse(
                &policy.input,
                few.get(..self.params.len()).unwrap_or_default(),
                query,
                headers,
            );
        }
        let segments: Vec<&str> = self.params.iter().map(segment).collect();
        Inputs::parse(&policy.input, &segments, query, headers)
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Whether something follows the head; HTTP/2, of a server the door is mounted in, tells it by no field.
    pub(crate) fn has_body(&mut self) -> bool {
        self.body_mut()
            .as_ref()
            .is_some_and(|body| !body.is_end_stream())
    }

    pub(crate) fn body_mut(&mut self) -> &mut Option<Body> {
        self.body.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Guards of generated code hold `&Exchange` while they wait for a loader.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Exchange>();
};
