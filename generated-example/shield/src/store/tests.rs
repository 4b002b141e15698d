//! Both stores against a small reference that keeps everything it was ever told, and the log against what may happen to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod damage;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::state::State;
use super::*;

const GRACE: Millis = 20;
const IDLE: Millis = 300;
const WHOLE: Millis = 900;

/// A folder that is gone with the test.
pub(super) struct Scratch(pub PathBuf);

impl Scratch {
    pub(super) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("shield-store-{}-{count}", std::process::id());
        Scratch(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

/// What a test does; small numbers stand for names, so that they meet.
#[derive(Debug, Clone)]
enum Step {
    Token(u8, u16),
    Session(u8, u16),
    /// The moment is so many seconds ago.
    Subject(u8, u8, u16),
    Open(u8, u8),
    /// Session, how many refresh tokens ago, and whether its secret is right.
    Rotate(u8, u8, bool),
    Close(u8, Option<u8>),
    Return(u8, bool),
    Pass(u16),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let name = 0_u8..3;
    prop_oneof![
        1 => (name.clone(), 0_u16..600).prop_map(|(name, ttl)| Step::Token(name, ttl)),
        1 => (name.clone(), 0_u16..600).prop_map(|(name, ttl)| Step::Session(name, ttl)),
        1 => (name.clone(), 0_u8..3, 0_u16..2000).prop_map(|(name, ago, ttl)| Step::Subject(name, ago, ttl)),
        3 => (name.clone(), name.clone()).prop_map(|(id, subject)| Step::Open(id, subject)),
        6 => (name.clone(), prop_oneof![4 => Just(0_u8), 2 => Just(1), 1 => Just(2)], prop::bool::weighted(0.9))
            .prop_map(|(id, ago, right)| Step::Rotate(id, ago, right)),
        1 => (name.clone(), prop::option::of(name.clone())).prop_map(|(id, token)| Step::Close(id, token)),
        1 => (name, any::<bool>()).prop_map(|(id, right)| Step::Return(id, right)),
        4 => prop_oneof![3 => 0_u16..30, 1 => 0_u16..1500].prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

fn id(name: u8) -> SessionId {
    [name; 16]
}

fn sid(name: u8) -> String {
    uuid::Uuid::from_bytes(id(name)).hyphenated().to_string()
}

fn proof(name: u8, right: bool) -> Digest {
    Digest::secret(&[name, u8::from(right)])
}

/// The n-th refresh token of the session that was opened as the `birth`-th.
fn refresh(birth: usize, n: usize) -> Digest {
    Digest::secret(format!("{birth} {n}").as_bytes())
}

/// A session as the reference keeps it.
#[derive(Debug, Clone)]
struct Kept {
    id: u8,
    birth: usize,
    subject: u8,
    /// When each of its refresh tokens began to be good.
    turns: Vec<Millis>,
    over: bool,
}

impl Kept {
    fn lasts(&self, now: Millis) -> bool {
        let (first, last) = (self.turns[0], *self.turns.last().unwrap());
        !self.over && now < first + WHOLE && now < last + IDLE
    }
}

/// Everything that was ever said, looked through from the beginning each time.
#[derive(Default)]
struct Reference {
    tokens: Vec<(u8, Millis)>,
    sids: Vec<(u8, Millis)>,
    subjects: Vec<(u8, u64, Millis)>,
    sessions: Vec<Kept>,
}

impl Reference {
    fn session(&mut self, name: u8, now: Millis) -> Option<&mut Kept> {
        self.sessions
            .iter_mut()
            .rev()
            .find(|kept| kept.id == name)
            .filter(|kept| kept.lasts(now))
    }

    fn rotate(&mut self, name: u8, ago: usize, now: Millis) -> Outcome {
        let Some(kept) = self.session(name, now) else {
            return Outcome::Unknown;
        };
        let grant = grant(kept.subject);
        let newest = kept.turns.len() - 1;
        if ago == 0 {
            kept.turns.push(now);
            return Outcome::Renewed(grant);
        }
        let since = now - kept.turns[newest];
        if ago == 1 && newest >= 1 && since < GRACE {
            return Outcome::Renewed(grant);
        }
        kept.over = true;
        self.sids.push((name, now + 500));
        Outcome::Reused(grant)
    }

    fn is_revoked(
        &self,
        token: u8,
        sid: u8,
        subject: u8,
        issued: Option<u64>,
        now: Millis,
    ) -> bool {
        let named = |list: &[(u8, Millis)], name| {
            list.iter()
                .any(|(known, until)| *known == name && now < *until)
        };
        named(&self.tokens, token)
            || named(&self.sids, sid)
            || self
                .live(subject, now)
                .is_some_and(|moment| issued.is_none_or(|issued| issued <= moment))
    }

    /// The moment that holds for a subject: of all its revocations since it was last free of any.
    fn live(&self, subject: u8, now: Millis) -> Option<u64> {
        let list: Vec<_> = self
            .subjects
            .iter()
            .filter(|(known, ..)| *known == subject)
            .collect();
        list.iter().any(|(.., until)| now < *until).then(|| {
            list.iter()
                .map(|(_, moment, _)| *moment)
                .max()
                .unwrap_or_default()
        })
    }

    /// What has ended is forgotten, so that it cannot prolong what comes later.
    fn forget(&mut self, now: Millis) {
        for subject in 0..3 {
            if self.live(subject, now).is_none() {
                self.subjects.retain(|(known, ..)| *known != subject);
            }
        }
    }
}

fn grant(subject: u8) -> Grant {
    Grant {
        subject: format!("subject {subject}"),
        roles: vec!["member".to_owned()],
        scopes: vec!["a".to_owned(), "b".to_owned()],
        tenant: (subject == 1).then(|| "north".to_owned()),
        authenticated: 1_000,
        class: (subject == 2).then(|| "urn:example:two-factors".to_owned()),
    }
}

/// What a step asks of a store, and what the reference says it comes to. `None`: nothing to ask.
fn ask(
    step: &Step,
    reference: &mut Reference,
    births: &mut usize,
    now: Millis,
) -> Option<(Change, Outcome)> {
    reference.forget(now);
    Some(match *step {
        Step::Token(name, ttl) => {
            let until = now + u64::from(ttl);
            reference.tokens.push((name, until));
            (
                Change::Token {
                    token: Digest::token(&name.to_string()),
                    until,
                },
                Outcome::Done,
            )
        }
        Step::Session(name, ttl) => {
            let until = now + u64::from(ttl);
            reference.sids.push((name, until));
            if let Some(kept) = reference.session(name, now) {
                kept.over = true;
            }
            let session = Digest::session(&sid(name));
            (
                Change::Session {
                    session,
                    id: Some(id(name)),
                    until,
                },
                Outcome::Done,
            )
        }
        Step::Subject(name, ago, ttl) => {
            let until = now + u64::from(ttl);
            let moment = (now / 1000).saturating_sub(ago.into());
            reference.subjects.push((name, moment, until));
            reference
                .sessions
                .iter_mut()
                .filter(|kept| kept.subject == name)
                .for_each(|kept| kept.over = true);
            let subject = Digest::subject(&grant(name).subject);
            (
                Change::Subject {
                    subject,
                    moment,
                    until,
                },
                Outcome::Done,
            )
        }
        Step::Open(name, subject) => {
            // Ids are random: none comes twice while it lasts.
            if reference.session(name, now).is_some() {
                return None;
            }
            *births += 1;
            reference.sessions.push(Kept {
                id: name,
                birth: *births,
                subject,
                turns: vec![now],
                over: false,
            });
            let session = Session {
                id: id(name),
                proof: proof(name, true),
                current: refresh(*births, 0),
                previous: None,
                ends: now + WHOLE,
                idle: now + IDLE,
                grant: grant(subject),
            };
            (Change::Open(Box::new(session)), Outcome::Done)
        }
        Step::Rotate(name, ago, right) => {
            let kept = reference
                .sessions
                .iter()
                .rev()
                .find(|kept| kept.id == name)?;
            let (birth, n) = (kept.birth, (kept.turns.len() - 1).checked_sub(ago.into())?);
            let rotation = Rotation {
                id: id(name),
                proof: proof(name, right),
                presented: refresh(birth, n),
                next: refresh(birth, n + 1),
                grace: GRACE,
                idle: IDLE,
                until: now + 500,
            };
            let outcome = if right {
                reference.rotate(name, ago.into(), now)
            } else {
                Outcome::Unknown
            };
            (Change::Rotate(Box::new(rotation)), outcome)
        }
        Step::Close(name, token) => {
            if let Some(kept) = reference.session(name, now) {
                kept.over = true;
            }
            let token = token.map(|token| {
                reference.tokens.push((token, now + 100));
                (Digest::token(&token.to_string()), now + 100)
            });
            (
                Change::Close {
                    id: Some(id(name)),
                    token,
                },
                Outcome::Done,
            )
        }
        Step::Return(name, right) => {
            let there = right && reference.session(name, now).is_some();
            if there {
                reference.session(name, now).unwrap().over = true;
                reference.sids.push((name, now + 500));
            }
            let change = Change::Return {
                id: id(name),
                proof: proof(name, right),
                until: now + 500,
            };
            (
                change,
                if there {
                    Outcome::Done
                } else {
                    Outcome::Unknown
                },
            )
        }
        Step::Pass(_) | Step::Restart => return None,
    })
}

/// Every question there is.
fn agree(store: &dyn Store, reference: &Reference, now: Millis) -> Result<(), TestCaseError> {
    let second = now / 1000;
    for token in 0..4_u8 {
        for issued in [
            None,
            Some(second),
            Some(second.saturating_sub(2)),
            Some(second + 1),
        ] {
            // Names one by one, and once together.
            let subject = (token % 3, grant(token % 3).subject);
            let asked = Asked {
                token: Some(&token.to_string()),
                session: Some(&sid((token + 1) % 4)),
                subject: Some((&*subject.1, issued)),
                now,
            };
            let told = store.is_revoked(&asked).unwrap();
            let expected = reference.is_revoked(token, (token + 1) % 4, subject.0, issued, now);
            prop_assert_eq!(told, expected, "{:?} at {}", asked, now);
            let alone = Asked {
                token: asked.token,
                now,
                ..Asked::default()
            };
            prop_assert_eq!(
                store.is_revoked(&alone).unwrap(),
                reference.is_revoked(token, 9, 9, None, now)
            );
        }
    }
    Ok(())
}

fn run(
    steps: &[Step],
    mut open: impl FnMut(Millis, Option<Box<dyn Store>>) -> Box<dyn Store>,
) -> Result<(), TestCaseError> {
    let (mut now, mut births, mut reference) = (1_000_000, 0, Reference::default());
    let mut store = open(now, None);
    for step in steps {
        if let Step::Pass(millis) = step {
            now += u64::from(*millis);
        }
        if let Step::Restart = step {
            store = open(now, Some(store));
        }
        if let Some((change, expected)) = ask(step, &mut reference, &mut births, now) {
            let outcome = wait(store.change(change.clone(), now)).unwrap();
            prop_assert_eq!(outcome, expected, "{:?} at {}", change, now);
        }
        agree(&*store, &reference, now)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn memory_is_the_reference(steps in prop::collection::vec(step(), 1..60)) {
        run(&steps, |_, before| before.unwrap_or_else(|| Box::new(Memory::new())))?;
    }
}

/// A log knows no time: what had ended before the next revocation must not hold again when it is read.
#[test]
fn what_had_ended_stays_ended_after_a_restart() {
    let scratch = Scratch::new();
    let steps = [
        Step::Subject(1, 0, 0),
        Step::Subject(1, 1, 1),
        Step::Restart,
    ];
    let outcome = run(&steps, |now, before| {
        drop(before);
        Box::new(Folder::open(&scratch.0, now).unwrap())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_folder_is_the_reference_also_after_a_restart(steps in prop::collection::vec(step(), 1..40)) {
        let scratch = Scratch::new();
        run(&steps, |now, before| {
            drop(before);
            Box::new(Folder::open(&scratch.0, now).unwrap())
        })?;
    }

    #[test]
    fn records_come_back(steps in prop::collection::vec(step(), 1..60)) {
        let (mut state, mut now, mut births, mut reference) = (State::new(), 1_000_000, 0, Reference::default());
        for step in &steps {
            if let Step::Pass(millis) = step {
                now += u64::from(*millis);
            }
            state.expire(now);
            if let Some((change, _)) = ask(step, &mut reference, &mut births, now) {
                state.decide(change, now).unwrap().1.into_iter().for_each(|record| state.apply(record));
            }
        }
        let mut bytes = Vec::new();
        state.records().for_each(|record| record.encode(&mut bytes));
        let (mut again, mut rest) = (State::new(), &bytes[..]);
        while !rest.is_empty() {
            again.apply(record::Record::decode(&mut rest).unwrap());
        }
        let sorted = |state: &State| {
            let mut records: Vec<String> = state.records().map(|record| format!("{record:?}")).collect();
            records.sort();
            records
        };
        prop_assert_eq!(sorted(&state), sorted(&again));
    }
}

#[test]
fn what_is_revoked_is_never_forgotten_to_make_room() {
    let mut state = State::with_room(2, 1);
    let mut change = |change, now| {
        state.expire(now);
        let (outcome, records) = state.decide(change, now)?;
        records.into_iter().for_each(|record| state.apply(record));
        Ok::<_, StoreError>(outcome)
    };
    let token = |name: &str, until| Change::Token {
        token: Digest::token(name),
        until,
    };
    assert_eq!(change(token("a", 100), 0), Ok(Outcome::Done));
    assert_eq!(change(token("b", 200), 0), Ok(Outcome::Done));
    assert_eq!(change(token("c", 200), 0), Err(StoreError::Full));
    let subject = Change::Subject {
        subject: Digest::subject("x"),
        moment: 0,
        until: 200,
    };
    assert_eq!(change(subject, 0), Err(StoreError::Full));
    // What is there already may be prolonged.
    assert_eq!(change(token("a", 150), 50), Ok(Outcome::Done));
    assert_eq!(change(token("c", 200), 149), Err(StoreError::Full));
    assert_eq!(change(token("c", 200), 150), Ok(Outcome::Done));
    let session = |id| {
        Change::Open(Box::new(Session {
            id: [id; 16],
            proof: Digest::secret(b"p"),
            current: Digest::secret(b"c"),
            previous: None,
            ends: 500,
            idle: 500,
            grant: grant(0),
        }))
    };
    assert_eq!(change(session(1), 150), Ok(Outcome::Done));
    assert_eq!(change(session(2), 150), Err(StoreError::Full));
    // A thief is stopped also where there is no room.
    let reuse = Rotation {
        id: [1; 16],
        proof: Digest::secret(b"p"),
        presented: Digest::secret(b"old"),
        next: Digest::secret(b"new"),
        grace: 0,
        idle: 10,
        until: 300,
    };
    assert!(matches!(
        change(Change::Rotate(Box::new(reuse)), 150),
        Ok(Outcome::Reused(_))
    ));
    let sid = uuid::Uuid::from_bytes([1; 16]).hyphenated().to_string();
    let asked = Asked {
        session: Some(&sid),
        now: 299,
        ..Asked::default()
    };
    assert!(state.is_revoked(&asked));
}

#[test]
fn a_subject_has_so_many_sessions_and_the_oldest_ends() {
    let mut state = State::new();
    for id in 0..=64_u8 {
        let session = Session {
            id: [id; 16],
            proof: Digest::secret(b"p"),
            current: Digest::secret(b"c"),
            previous: None,
            ends: 500,
            idle: 500,
            grant: grant(0),
        };
        let (_, records) = state.decide(Change::Open(Box::new(session)), 0).unwrap();
        records.into_iter().for_each(|record| state.apply(record));
    }
    assert_eq!(state.len(), 64);
    let rotate = |id: u8| {
        let rotation = Rotation {
            id: [id; 16],
            proof: Digest::secret(b"p"),
            presented: Digest::secret(b"c"),
            next: Digest::secret(b"n"),
            grace: 0,
            idle: 10,
            until: 300,
        };
        state
            .decide(Change::Rotate(Box::new(rotation)), 0)
            .unwrap()
            .0
    };
    assert_eq!(rotate(0), Outcome::Unknown);
    assert_eq!(rotate(1), Outcome::Renewed(grant(0)));
}

#[test]
fn what_begins_and_ends_all_the_time_leaves_nothing_behind() {
    let mut state = State::new();
    for round in 0..10_000_u64 {
        let session = Session {
            id: [7; 16],
            proof: Digest::secret(b"p"),
            current: Digest::secret(b"c"),
            previous: None,
            ends: 1_000_000,
            idle: 1_000_000,
            grant: grant(0),
        };
        for change in [
            Change::Open(Box::new(session)),
            Change::Close {
                id: Some([7; 16]),
                token: None,
            },
        ] {
            state.expire(round);
            let (_, records) = state.decide(change, round).unwrap();
            records.into_iter().for_each(|record| state.apply(record));
        }
    }
    assert!(state.pending() < 2_000, "{}", state.pending());
}
