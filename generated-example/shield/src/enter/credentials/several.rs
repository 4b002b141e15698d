//! Several schemes: alternatives, each of one or more that are needed together (rulings 25 and 26).
//!
//! Nothing is verified before all that belongs together is there, so an operation that wants a key and a token is no place
//! to try keys without a token. Then everything that was presented must be good, even where another alternative would do
//! without it. A value that several schemes read from one place is good when one of them takes it, and counts for those
//! alone.

use crate::auth::Identity;
use crate::exchange::Exchange;
use crate::refusal::{AuthReason, Refusal};
use crate::shield::Shield;
use crate::spec::{Carrier, Credential, Need, Needs, RoleSet, Spec};

use super::{Met, Presented, failed, missing};

/// A scheme of the operation, and what became of it.
struct Found<'x> {
    credential: Credential,
    presented: Presented<'x>,
    outcome: Result<Identity, AuthReason>,
}

impl Found<'_> {
    fn is_there(&self) -> bool {
        !matches!(self.presented, Presented::Nothing)
    }

    fn is_value(&self) -> bool {
        matches!(self.presented, Presented::Value(_))
    }
}

impl Shield {
    pub(super) fn several(&self, needs: Needs, x: &Exchange) -> Result<Option<Met>, Refusal> {
        let mut all = Vec::new();
        for credential in needs.credentials() {
            all.push(Found {
                credential,
                presented: self.presented(credential, x)?,
                outcome: Err(AuthReason::Missing),
            });
        }
        if !all.iter().any(Found::is_there) {
            return Ok(None);
        }
        if !needs.0.iter().any(|one| one.has(&all, Found::is_value)) {
            return Err(missing(needs));
        }
        for found in &mut all {
            found.outcome = match &found.presented {
                Presented::Nothing => Err(AuthReason::Missing),
                Presented::Foreign => Err(AuthReason::Malformed),
                Presented::Value(value) => self.good(found.credential, value, x)?,
            };
        }
        let spec = self.inner().spec;
        // A password that was not asked about, for what stands beside it, is not what is wrong.
        let unasked = |found: &&Found<'_>| {
            x.asked.is_none() && matches!(found.credential, Credential::Password(_))
        };
        let there = || all.iter().filter(|found| found.is_there());
        let judged = there().filter(|found| !unasked(found));
        for found in judged.chain(there().filter(unasked)) {
            // guard: presented-good
            if let Some(reason) = refused(found, &all, spec) {
                return Err(failed(needs, Some(found.credential), reason));
            }
        }
        let whole = |one: &&'static Need| one.has(&all, |found| found.outcome.is_ok());
        let taken = needs
            .0
            .iter()
            .filter(whole)
            .find(|one| one.suffices(&all))
            // With what is there, nothing suffices: it is the first whose lack is told.
            .or_else(|| needs.0.iter().find(whole));
        let taken = taken.ok_or_else(|| missing(needs))?;
        match together(all, taken) {
            Some(identity) => Ok(Some((identity, taken))),
            None => Err(missing(needs)),
        }
    }
}

/// Why what `found` presented is taken by no scheme that reads it; `None`: one takes it. Of several reasons, the one of the
/// scheme whose word it bears and whose token it seems to be.
fn refused(found: &Found<'_>, all: &[Found<'_>], spec: &Spec) -> Option<AuthReason> {
    let mut told = None;
    for other in all {
        if !same_place(found.credential, other.credential, spec) {
            continue;
        }
        match other.outcome {
            Ok(_) => return None,
            Err(reason) => {
                let weight = (other.is_value(), rank(reason));
                if told.is_none_or(|(told, _)| weight > told) {
                    told = Some((weight, reason));
                }
            }
        }
    }
    told.map(|(_, reason)| reason)
}

/// How much a reason says of the scheme it comes from: the least are those that a token of another issuer has; one of an
/// unknown key may be of a key that is new (P25).
fn rank(reason: AuthReason) -> u8 {
    use AuthReason as R;
    match reason {
        R::Missing | R::Algorithm | R::Signature | R::Issuer => 0,
        R::Key => 1,
        _ => 2,
    }
}

/// Whether two schemes see the same value.
pub(super) fn same_place(one: Credential, other: Credential, spec: &Spec) -> bool {
    let carrier = |at: usize| spec.keys.get(at).map(|scheme| scheme.carrier);
    match (one, other) {
        // The field is one, whichever word stands in it.
        (
            Credential::Token(_) | Credential::Password(_),
            Credential::Token(_) | Credential::Password(_),
        ) => true,
        (Credential::Key(one), Credential::Key(other)) => match (carrier(one), carrier(other)) {
            (Some(Carrier::Header(one)), Some(Carrier::Header(other))) => {
                one.eq_ignore_ascii_case(other)
            }
            (Some(Carrier::Query(one)), Some(Carrier::Query(other)))
            | (Some(Carrier::Cookie(one)), Some(Carrier::Cookie(other))) => one == other,
            _ => one == other,
        },
        // A connection has one.
        (Credential::Certificate(_), Credential::Certificate(_)) => true,
        _ => false,
    }
}

impl Need {
    /// Whether `good` holds for each of its schemes.
    fn has<'x>(&self, all: &[Found<'x>], good: impl Fn(&Found<'x>) -> bool) -> bool {
        self.credentials().iter().all(|credential| {
            all.iter()
                .any(|found| found.credential == *credential && good(found))
        })
    }

    /// Whether roles and scopes that its schemes give together are enough.
    fn suffices(&self, all: &[Found<'_>]) -> bool {
        let mine = |found: &&Found<'_>| self.credentials().contains(&found.credential);
        let good: Vec<&Identity> = all
            .iter()
            .filter(mine)
            .filter_map(|found| found.outcome.as_ref().ok())
            .collect();
        let roles = good
            .iter()
            .fold(0 as RoleSet, |held, each| held | each.roles);
        self.takes_roles(roles)
            && self.takes_scopes(|scope| good.iter().any(|each| each.has_scope(scope)))
    }
}

/// The caller by one scheme, with the roles and scopes of all.
fn together(all: Vec<Found<'_>>, taken: &Need) -> Option<Identity> {
    let caller = taken.caller();
    let (mut identity, mut others) = (None, Vec::new());
    for found in all {
        if !taken.credentials().contains(&found.credential) {
            continue;
        }
        let good = found.outcome.ok()?;
        if found.credential == caller {
            identity = Some(good);
        } else {
            others.push(good);
        }
    }
    let mut identity = identity?;
    for other in others {
        identity.roles |= other.roles;
        identity.scopes.extend(other.scopes);
        identity.key = identity.key.or(other.key);
        // Together they are good as long as each of them is.
        identity.expires = identity.expires.min(other.expires);
    }
    Some(identity)
}
