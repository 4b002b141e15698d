//! Asking the person's hook about a password, before the guard of an operation that takes one. No other operation comes here.
//!
//! Passwords are guessed, so a guess is paid for before it is looked at: with everything else that was presented being
//! good, and with one more failure of its address, which is given back when the hook knows the caller. What the hook said
//! is kept with the request; the guard that follows believes nothing else.

use std::time::Duration;

use crate::basic::{self, Known, Passwords};
use crate::exchange::Exchange;
use crate::refusal::{AuthReason, Refusal};
use crate::shield::Shield;
use crate::spec::{Credential, Policy};

/// What the hooks said of the password of one request.
pub(crate) struct Asked {
    /// By index into `Spec::passwords`. A scheme that was not asked knows nobody.
    said: Vec<(usize, Result<Known, AuthReason>)>,
    /// One more failure is counted already.
    pub charged: bool,
}

impl Asked {
    /// Who it is by that scheme.
    pub fn known(&self, scheme: usize) -> Result<&Known, AuthReason> {
        let said = self.said.iter().find(|(asked, _)| *asked == scheme);
        match said {
            Some((_, Ok(known))) => Ok(known),
            Some((_, Err(reason))) => Err(*reason),
            None => Err(AuthReason::Key),
        }
    }
}

impl Shield {
    /// Asks the hooks of the operation, if there is a password to ask about. Who calls is decided by [`Shield::enter`].
    ///
    /// # Errors
    ///
    /// 429 (too many guesses), 501 (the hook is not written), 503 (it took too long), 500.
    pub async fn ask(
        &self,
        policy: &'static Policy,
        x: &mut Exchange,
        hooks: &dyn Passwords,
    ) -> Result<(), Refusal> {
        // A key beside the password is judged by the list of now.
        if self.inner().keys_change {
            self.look(policy.access.needs()).await;
        }
        let Some((schemes, encoded)) = self.password(policy, x) else {
            return Ok(());
        };
        let mut asked = Asked {
            said: Vec::with_capacity(schemes.len()),
            charged: true,
        };
        // guard: quota-of-guesses
        self.charge(policy, x, true)?;
        let longest = Duration::from_millis(policy.handler_timeout);
        for scheme in schemes {
            let said = match basic::parse(&encoded) {
                None => Err(AuthReason::Malformed),
                Some(attempt) => {
                    let hook = self.call_within(longest, hooks.verify(scheme, attempt));
                    match hook.await? {
                        Some(known) => Ok(known.checked(self.spec().roles)?),
                        None => Err(AuthReason::Key),
                    }
                }
            };
            asked.said.push((scheme, said));
        }
        // A scheme that takes what was presented is enough (decision 17).
        if asked.said.iter().any(|(_, said)| said.is_ok()) {
            self.give_back_all(x);
            asked.charged = false;
        }
        x.asked = Some(Box::new(asked));
        Ok(())
    }

    /// The schemes to ask, and what was presented to them. `None`: the guard will refuse, or let in, without them.
    fn password(
        &self,
        policy: &'static Policy,
        x: &Exchange,
    ) -> Option<(Vec<usize>, zeroize::Zeroizing<Vec<u8>>)> {
        let needs = policy.access.needs();
        let mut all = Vec::new();
        for credential in needs.credentials() {
            // Two in one place are for the guard to refuse.
            all.push((credential, self.is_presented(credential, x).ok()?));
        }
        let there = |one: &Credential| all.iter().any(|(each, value)| each == one && *value);
        if !needs
            .0
            .iter()
            .any(|need| need.credentials().iter().all(there))
        {
            return None;
        }
        // What stands beside the password is judged first: it is not to be guessed through the hook.
        // guard: password-last
        if !self.others_are_good(&all, x) {
            return None;
        }
        let schemes = all
            .iter()
            .filter_map(|(credential, value)| match credential {
                Credential::Password(at) if *value => Some(*at),
                _ => None,
            });
        let schemes: Vec<usize> = schemes.collect();
        let field = x.headers().get(http::header::AUTHORIZATION)?;
        let encoded = basic::credentials(field.as_bytes())?;
        (!schemes.is_empty()).then(|| (schemes, zeroize::Zeroizing::new(encoded.to_vec())))
    }
}
