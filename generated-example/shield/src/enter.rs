//! The prefix of every operation, in one order: denied, credentials, revocation, quotas, roles and scopes, sizes and media types.
//! Nothing of the body is read before all of it holds (P49).

mod ask;
mod credentials;
mod fresh;
pub(crate) mod media;
mod revocation;

use std::sync::Arc;

use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};

use crate::exchange::Exchange;
use crate::quota::{Caller, Key, Standing};
use crate::refusal::{Kind, Refusal};
use crate::shield::Shield;
use crate::spec::{Access, Need, Needs, Policy, RoleSet, StepUp};

pub(crate) use ask::Asked;
use credentials::missing;

impl Shield {
    /// Whether the request may go on to its body. The caller is known afterwards ([`Exchange::identity`]).
    ///
    /// # Errors
    ///
    /// 403 (denied, role, scope), 401 (also for an authentication that is too old or too weak), 400 (two credentials; a body
    /// where none is declared), 503 (no store), 429, 413, 415, 406.
    pub async fn enter(&self, policy: &'static Policy, x: &mut Exchange) -> Result<(), Refusal> {
        match &policy.access {
            Access::Denied => {
                // guard: denied
                return Err(Refusal::new(Kind::Denied));
            }
            Access::Public => self.charge(policy, x, false)?,
            Access::Optional(needs) => self.admit(policy, Needs(needs), x, true).await?,
            Access::Caller(_) | Access::AnyOf(_) => {
                self.admit(policy, policy.access.needs(), x, false).await?;
                self.step_up(&policy.step_up, x)?;
            }
        }
        sizes(policy, x)
    }

    /// Knows the caller afterwards, or that there is none where the operation is `open` to who presents nothing.
    async fn admit(
        &self,
        policy: &'static Policy,
        needs: Needs,
        x: &mut Exchange,
        open: bool,
    ) -> Result<(), Refusal> {
        let met = match self.inner().keys_change {
            false => self.authenticate(needs, x),
            true => self.recognize(needs, x).await,
        };
        let met = match met {
            Ok(None) if open => return self.charge(policy, x, false),
            Ok(Some(met)) => Ok(met),
            Ok(None) => Err(missing(needs)),
            // No failure of the caller: nothing is counted for it.
            Err(refusal) if matches!(*refusal.0, Kind::Store(_)) => return Err(refusal),
            Err(refusal) => Err(refusal),
        };
        match met {
            Ok((identity, by)) => {
                x.identity = Some(Arc::new(identity));
                self.charge(policy, x, false)?;
                authorize(needs, by, x)
            }
            Err(refusal) => {
                // One more guess is counted before it is answered, and told where it stands (ruling 15).
                if !x.asked.as_ref().is_some_and(|asked| asked.charged) {
                    // guard: quota-of-failures
                    self.charge(policy, x, true)?;
                }
                Err(refusal)
            }
        }
    }

    /// Whether the caller has authenticated lately and strongly enough; what the token does not say does not hold
    /// (ruling 28).
    fn step_up(&self, wanted: &'static StepUp, x: &Exchange) -> Result<(), Refusal> {
        let now = || self.inner().clock.unix().as_secs();
        let identity = x.identity.as_deref();
        let refused = || Refusal::new(Kind::StepUp(wanted));
        // guard: fresh, where wanted.fresh.is_some()
        if let Some(most) = wanted.fresh
            && !identity.is_some_and(|identity| identity.is_fresh(now(), most))
        {
            return Err(refused());
        }
        // guard: acr, where !wanted.acr.is_empty()
        if !wanted.acr.is_empty()
            && !identity.is_some_and(|identity| identity.is_of_class(wanted.acr))
        {
            return Err(refused());
        }
        Ok(())
    }

    /// All quotas whose key is known are charged, or none.
    fn charge(&self, policy: &Policy, x: &mut Exchange, failed: bool) -> Result<(), Refusal> {
        let inner = self.inner();
        let caller = Caller {
            address: x.address,
            identity: x.identity.as_deref(),
            input: None,
            failed,
        };
        let wanted = |index: usize| match inner.quotas.spec(index) {
            Some(_) if inner.quotas.by_input(index) => Ok(None),
            Some(quota) => Ok(Some((index, Key::of(quota.by, &caller)))),
            None => Err(Refusal::new(Kind::Busy)),
        };
        // A window begins when a request came, and the clock was looked at then.
        let now = inner.clock.nanos_at(x.started);
        // One needs no list.
        if let [only] = policy.quotas {
            return match wanted(*only)? {
                Some(only) => self.take(&[only], now, &mut x.standings),
                None => Ok(()),
            };
        }
        let mut all = Vec::with_capacity(policy.quotas.len());
        for index in policy.quotas {
            all.extend(wanted(*index)?);
        }
        if all.is_empty() {
            return Ok(());
        }
        self.take(&all, now, &mut x.standings)
    }

    /// As if the request had taken nothing.
    fn give_back_all(&self, x: &mut Exchange) {
        for mut standing in x.standings.drain(..) {
            self.inner().quotas.give_back(&mut standing);
        }
    }

    fn take(
        &self,
        wanted: &[(usize, Key)],
        now: u64,
        standings: &mut Vec<Standing>,
    ) -> Result<(), Refusal> {
        let inner = self.inner();
        standings.reserve_exact(wanted.len());
        let charged = inner.quotas.charge(wanted, now, standings);
        // guard: quota
        if let Err(refused) = charged {
            return Err(Refusal::new(Kind::Quota {
                violated: refused.violated,
                retry_after: refused.retry_after,
            }));
        }
        Ok(())
    }

    /// Charges a quota that is keyed by a value of the input, together with what else its `by` list names.
    ///
    /// # Errors
    ///
    /// 429; what the request took from other quotas is given back (ruling 109).
    pub fn charge_input(&self, x: &mut Exchange, quota: usize, value: &str) -> Result<(), Refusal> {
        let inner = self.inner();
        let Some(spec) = inner.quotas.spec(quota) else {
            return Err(Refusal::new(Kind::Busy));
        };
        let caller = Caller {
            address: x.address,
            identity: x.identity.as_deref(),
            input: Some(value),
            failed: false,
        };
        let key = Key::of(spec.by, &caller);
        self.take(&[(quota, key)], inner.clock.nanos(), &mut x.standings)
    }
}

fn authorize(needs: Needs, by: &'static Need, x: &Exchange) -> Result<(), Refusal> {
    let insufficient = || {
        Refusal::new(Kind::Insufficient {
            needs,
            scopes: by.scopes,
        })
    };
    let identity = x.identity.as_deref().ok_or_else(insufficient)?;
    // guard: role, where !by.roles.is_empty()
    if !by.takes_roles(identity.roles) {
        return Err(insufficient());
    }
    // guard: scope, where !by.scopes.is_empty()
    if !by.takes_scopes(|scope| identity.has_scope(scope)) {
        return Err(insufficient());
    }
    Ok(())
}

impl Need {
    /// Whether these roles are enough.
    fn takes_roles(&self, roles: RoleSet) -> bool {
        self.roles.iter().all(|any_of| roles & any_of != 0)
    }

    /// Whether these scopes are enough.
    fn takes_scopes(&self, has: impl Fn(&str) -> bool) -> bool {
        self.scopes.iter().all(|scope| has(scope))
    }
}

/// What can be said of a body before it is read, and of the answer's media type (rulings 36, 93, 94).
fn sizes(policy: &'static Policy, x: &mut Exchange) -> Result<(), Refusal> {
    let follows = x.has_body();
    let headers = x.headers();
    let declared = headers.get(CONTENT_LENGTH);
    // hyper has checked its grammar; what does not fit a number is too large for anything.
    let length = declared.map(|value| {
        value
            .to_str()
            .ok()
            .and_then(|text| text.trim().parse::<u64>().ok())
            .unwrap_or(u64::MAX)
    });
    let present = follows
        || headers.contains_key(http::header::TRANSFER_ENCODING)
        || length.is_some_and(|length| length > 0);
    let body = policy.body.as_ref();
    let mut written = None;
    // guard: content-length, where body.is_some() && length.is_some()
    if let (Some(_), Some(length)) = (body, length)
        && usize::try_from(length).map_or(true, |length| length > policy.body_limit)
    {
        return Err(Refusal::new(Kind::BodyTooLarge));
    }
    if let (Some(body), true) = (body, present) {
        let unsupported = || {
            Refusal::new(Kind::MediaType {
                accepted: body.media,
            })
        };
        // guard: content-coding
        if !media::is_plain(headers.get_all(CONTENT_ENCODING)) {
            return Err(unsupported());
        }
        written = media::of(headers.get_all(CONTENT_TYPE).iter(), body.media);
        // guard: content-type
        if written.is_none() {
            return Err(unsupported());
        }
    }
    // guard: accept, where !policy.produces.is_empty()
    if !media::accepts(headers.get_all(ACCEPT), policy.produces) {
        return Err(Refusal::new(Kind::NotAcceptable));
    }
    // guard: unexpected-body, where body.is_none()
    if body.is_none() && present {
        return Err(Refusal::new(Kind::Malformed {
            code: "unexpected",
            errors: Vec::new(),
        }));
    }
    x.written = written;
    Ok(())
}
