//! What a store knows, and the one place that decides what a change does. Nothing here waits or fails: a change is first
//! decided ([`State::decide`]), giving the records that make it, and then made ([`State::apply`]), so that a log of the
//! records brings the same state back.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::record::Record;
use super::{Asked, Change, Digest, Millis, Outcome, Rotation, Session, SessionId, StoreError};

/// Names that are revoked at a time. What is revoked stays until it has ended by itself: none is forgotten to make room.
const REVOKED: usize = 1 << 20;
/// Sessions that can be renewed.
const SESSIONS: usize = 1 << 18;
/// Of one subject; when it begins one more, its oldest ends.
const OF_SUBJECT: usize = 64;
/// Items of [`State::ends`] that may stand for nothing, beside as many as there are entries.
const SPARE: usize = 1024;

pub(super) struct State {
    /// Tokens and sessions, with the time until which they are revoked.
    names: HashMap<Digest, Millis>,
    /// Subjects: the second up to which their tokens are revoked, and until when that is remembered.
    subjects: HashMap<Digest, (u64, Millis)>,
    sessions: HashMap<SessionId, Session>,
    /// Sessions of a subject, the oldest first.
    of_subject: HashMap<Digest, Vec<SessionId>>,
    /// One item for each entry above. Some are too early, since what they stand for was prolonged: they are put back.
    ends: BinaryHeap<Reverse<(Millis, Entry)>>,
    room: Room,
}

struct Room {
    revoked: usize,
    sessions: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Name(Digest),
    Subject(Digest),
    Session(SessionId),
}

impl Session {
    /// When it cannot be renewed any more.
    pub(super) fn over(&self) -> Millis {
        self.ends.min(self.idle)
    }
}

impl State {
    pub(super) fn new() -> Self {
        State::with_room(REVOKED, SESSIONS)
    }

    pub(super) fn with_room(revoked: usize, sessions: usize) -> Self {
        State {
            names: HashMap::new(),
            subjects: HashMap::new(),
            sessions: HashMap::new(),
            of_subject: HashMap::new(),
            ends: BinaryHeap::new(),
            room: Room { revoked, sessions },
        }
    }

    pub(super) fn is_revoked(&self, asked: &Asked<'_>) -> bool {
        let named = |name: &Digest| self.names.get(name).is_some_and(|until| asked.now < *until);
        let too_old = |(subject, issued): (&str, Option<u64>)| {
            let known = self.subjects.get(&Digest::subject(subject));
            known.is_some_and(|(moment, until)| {
                asked.now < *until && issued.is_none_or(|issued| issued <= *moment)
            })
        };
        let by_name = !self.names.is_empty()
            && (asked
                .token
                .is_some_and(|token| named(&Digest::token(token)))
                || asked
                    .session
                    .is_some_and(|session| named(&Digest::session(session))));
        by_name || (!self.subjects.is_empty() && asked.subject.is_some_and(too_old))
    }

    /// What `change` comes to, and the records that make it.
    pub(super) fn decide(
        &self,
        change: Change,
        now: Millis,
    ) -> Result<(Outcome, Vec<Record>), StoreError> {
        let done = |records| Ok((Outcome::Done, records));
        match change {
            Change::Token { token, until } => done(vec![self.revoke(token, until)?]),
            Change::Session { session, id, until } => {
                let mut records = vec![self.revoke(session, until)?];
                records.extend(self.closed(id));
                done(records)
            }
            Change::Subject {
                subject,
                moment,
                until,
            } => {
                if !self.subjects.contains_key(&subject) {
                    self.room_for_a_name()?;
                }
                let ids = self.of_subject.get(&subject).into_iter().flatten();
                let mut records: Vec<Record> = ids.map(|id| Record::Close(*id)).collect();
                // What is recorded is what holds from now on: when a log is read, nobody knows what had ended by then.
                let known = self.subjects.get(&subject).filter(|(_, end)| now < *end);
                let (before, end) = known.copied().unwrap_or_default();
                records.push(Record::Subject(subject, moment.max(before), until.max(end)));
                done(records)
            }
            Change::Open(session) => self.open(*session).and_then(done),
            Change::Rotate(rotation) => Ok(self.rotate(&rotation, now)),
            Change::Close { id, token } => {
                let mut records: Vec<Record> = self.closed(id).collect();
                if let Some((token, until)) = token {
                    records.push(self.revoke(token, until)?);
                }
                done(records)
            }
            Change::Return { id, proof, until } => Ok(match self.lasting(id, &proof, now) {
                Some(_) => (Outcome::Done, over(id, until)),
                None => (Outcome::Unknown, Vec::new()),
            }),
        }
    }

    fn room_for_a_name(&self) -> Result<(), StoreError> {
        let room = self.names.len() + self.subjects.len() < self.room.revoked;
        room.then_some(()).ok_or(StoreError::Full)
    }

    fn revoke(&self, name: Digest, until: Millis) -> Result<Record, StoreError> {
        if !self.names.contains_key(&name) {
            self.room_for_a_name()?;
        }
        Ok(Record::Name(name, until))
    }

    fn closed(&self, id: Option<SessionId>) -> impl Iterator<Item = Record> {
        id.filter(|id| self.sessions.contains_key(id))
            .map(Record::Close)
            .into_iter()
    }

    fn open(&self, session: Session) -> Result<Vec<Record>, StoreError> {
        if self.sessions.len() >= self.room.sessions {
            return Err(StoreError::Full);
        }
        let mut records = Vec::new();
        let subject = Digest::subject(&session.grant.subject);
        if let Some(own) = self.of_subject.get(&subject)
            && own.len() >= OF_SUBJECT
        {
            records.extend(own.first().copied().map(Record::Close));
        }
        records.push(Record::Session(Box::new(session)));
        Ok(records)
    }

    /// The session, if it lasts and `proof` is of one of its refresh tokens.
    fn lasting(&self, id: SessionId, proof: &Digest, now: Millis) -> Option<&Session> {
        self.sessions
            .get(&id)
            .filter(|session| session.proof == *proof && now < session.over())
    }

    fn rotate(&self, rotation: &Rotation, now: Millis) -> (Outcome, Vec<Record>) {
        let Some(session) = self.lasting(rotation.id, &rotation.proof, now) else {
            return (Outcome::Unknown, Vec::new());
        };
        if session.current == rotation.presented {
            let renewed = Session {
                current: rotation.next,
                previous: Some((rotation.presented, now)),
                idle: now.saturating_add(rotation.idle),
                ..session.clone()
            };
            return (
                Outcome::Renewed(session.grant.clone()),
                vec![Record::Session(Box::new(renewed))],
            );
        }
        let again = session.previous.is_some_and(|(previous, at)| {
            previous == rotation.presented && now.saturating_sub(at) < rotation.grace
        });
        if again && session.current == rotation.next {
            return (Outcome::Renewed(session.grant.clone()), Vec::new());
        }
        // Whether there is room or not: as many as these have just been taken away.
        (
            Outcome::Reused(session.grant.clone()),
            over(rotation.id, rotation.until),
        )
    }

    /// Makes one record true.
    pub(super) fn apply(&mut self, record: Record) {
        match record {
            Record::Name(name, until) => {
                let known = self.names.entry(name).or_default();
                if *known == 0 {
                    self.ends.push(Reverse((until, Entry::Name(name))));
                }
                *known = until.max(*known);
            }
            Record::Subject(subject, moment, until) => {
                let known = self.subjects.entry(subject).or_default();
                if known.1 == 0 {
                    self.ends.push(Reverse((until, Entry::Subject(subject))));
                }
                *known = (moment, until);
            }
            Record::Session(session) => {
                let (id, over) = (session.id, session.over());
                let subject = Digest::subject(&session.grant.subject);
                // Another session of the same name, which only a log can hold that tells of its end too late.
                let known = self.sessions.get(&id);
                if known.is_some_and(|known| known.grant != session.grant) {
                    self.close(&id);
                }
                if self.sessions.insert(id, *session).is_none() {
                    self.of_subject.entry(subject).or_default().push(id);
                    self.ends.push(Reverse((over, Entry::Session(id))));
                }
            }
            Record::Close(id) => self.close(&id),
        }
    }

    fn close(&mut self, id: &SessionId) {
        let Some(session) = self.sessions.remove(id) else {
            return;
        };
        let subject = Digest::subject(&session.grant.subject);
        if let Some(own) = self.of_subject.get_mut(&subject) {
            own.retain(|own| own != id);
            if own.is_empty() {
                self.of_subject.remove(&subject);
            }
        }
    }

    /// Forgets what has ended by itself.
    pub(super) fn expire(&mut self, now: Millis) {
        while let Some(Reverse((at, entry))) = self.ends.peek().copied()
            && at <= now
        {
            self.ends.pop();
            let end = match &entry {
                Entry::Name(name) => self.names.get(name).copied(),
                Entry::Subject(subject) => self.subjects.get(subject).map(|(_, until)| *until),
                Entry::Session(id) => self.sessions.get(id).map(Session::over),
            };
            match (end, entry) {
                (Some(later), entry) if later > now => self.ends.push(Reverse((later, entry))),
                (Some(_), Entry::Name(name)) => _ = self.names.remove(&name),
                (Some(_), Entry::Subject(subject)) => _ = self.subjects.remove(&subject),
                (Some(_), Entry::Session(id)) => self.close(&id),
                // It was closed before it ended.
                (None, _) => {}
            }
        }
        // Items of what was closed early must not pile up where sessions begin and end all the time.
        if self.ends.len() > 2 * self.len() + SPARE {
            self.ends = self.entries().collect();
        }
    }

    fn entries(&self) -> impl Iterator<Item = Reverse<(Millis, Entry)>> {
        let names = self.names.iter();
        let names = names.map(|(name, until)| (*until, Entry::Name(*name)));
        let subjects = self.subjects.iter();
        let subjects = subjects.map(|(subject, (_, until))| (*until, Entry::Subject(*subject)));
        let sessions = self.sessions.values();
        let sessions = sessions.map(|session| (session.over(), Entry::Session(session.id)));
        names.chain(subjects).chain(sessions).map(Reverse)
    }

    /// All of it, as records that bring it back; sessions of a subject in their order.
    pub(super) fn records(&self) -> impl Iterator<Item = Record> {
        let names = self
            .names
            .iter()
            .map(|(name, until)| Record::Name(*name, *until));
        let subjects = self
            .subjects
            .iter()
            .map(|(subject, (moment, until))| Record::Subject(*subject, *moment, *until));
        let sessions = self
            .of_subject
            .values()
            .flatten()
            .filter_map(|id| self.sessions.get(id))
            .map(|session| Record::Session(Box::new(session.clone())));
        names.chain(subjects).chain(sessions)
    }

    /// How many things are remembered.
    pub(super) fn len(&self) -> usize {
        self.names.len() + self.subjects.len() + self.sessions.len()
    }

    #[cfg(test)]
    pub(super) fn pending(&self) -> usize {
        self.ends.len()
    }
}

/// The session ends, and with it every token that names it.
fn over(id: SessionId, until: Millis) -> Vec<Record> {
    let sid = uuid::Uuid::from_bytes(id).hyphenated().to_string();
    vec![
        Record::Close(id),
        Record::Name(Digest::session(&sid), until),
    ]
}
