//! What a change leaves behind, and its bytes: numbers little-endian, texts behind their length. Nothing is read that was
//! not framed and checked by [`super::log`], so what does not decode is of another version, not damaged.

use super::{Digest, Grant, Millis, Session, SessionId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    /// A token or a session is revoked until then.
    Name(Digest, Millis),
    /// A subject's tokens up to a second are, until then.
    Subject(Digest, u64, Millis),
    /// A session as it is from now on.
    Session(Box<Session>),
    Close(SessionId),
}

impl Record {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Record::Name(name, until) => {
                out.push(1);
                out.extend(name.0);
                out.extend(until.to_le_bytes());
            }
            Record::Subject(subject, moment, until) => {
                out.push(2);
                out.extend(subject.0);
                out.extend(moment.to_le_bytes());
                out.extend(until.to_le_bytes());
            }
            Record::Session(session) => {
                out.push(3);
                out.extend(session.id);
                out.extend(session.proof.0);
                out.extend(session.current.0);
                out.push(u8::from(session.previous.is_some()));
                if let Some((previous, at)) = session.previous {
                    out.extend(previous.0);
                    out.extend(at.to_le_bytes());
                }
                out.extend(session.ends.to_le_bytes());
                out.extend(session.idle.to_le_bytes());
                let grant = &session.grant;
                text(out, &grant.subject);
                for list in [&grant.roles, &grant.scopes] {
                    length(out, list.len());
                    list.iter().for_each(|item| text(out, item));
                }
                maybe(out, grant.tenant.as_deref());
                out.extend(grant.authenticated.to_le_bytes());
                maybe(out, grant.class.as_deref());
            }
            Record::Close(id) => {
                out.push(4);
                out.extend(id);
            }
        }
    }

    /// The next record of `bytes`, which is then behind it.
    pub(super) fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let mut at = Bytes(bytes);
        let record = match at.byte()? {
            1 => Record::Name(at.digest()?, at.number()?),
            2 => Record::Subject(at.digest()?, at.number()?, at.number()?),
            3 => Record::Session(Box::new(Session {
                id: at.array()?,
                proof: at.digest()?,
                current: at.digest()?,
                previous: match at.byte()? {
                    0 => None,
                    1 => Some((at.digest()?, at.number()?)),
                    _ => return None,
                },
                ends: at.number()?,
                idle: at.number()?,
                grant: Grant {
                    subject: at.text()?,
                    roles: at.texts()?,
                    scopes: at.texts()?,
                    tenant: at.maybe()?,
                    authenticated: at.number()?,
                    class: at.maybe()?,
                },
            })),
            4 => Record::Close(at.array()?),
            _ => return None,
        };
        *bytes = at.0;
        Some(record)
    }
}

fn length(out: &mut Vec<u8>, length: usize) {
    out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    length(out, text.len());
    out.extend(text.as_bytes());
}

fn maybe(out: &mut Vec<u8>, given: Option<&str>) {
    out.push(u8::from(given.is_some()));
    if let Some(given) = given {
        text(out, given);
    }
}

/// What is left to read.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*array)
    }

    fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    fn digest(&mut self) -> Option<Digest> {
        self.array().map(Digest)
    }

    fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.array().map(u32::from_le_bytes)?).ok()
    }

    fn text(&mut self) -> Option<String> {
        let length = self.length()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    /// Outer `None`: it does not decode.
    fn maybe(&mut self) -> Option<Option<String>> {
        match self.byte()? {
            0 => Some(None),
            1 => self.text().map(Some),
            _ => None,
        }
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        let count = self.length()?;
        (0..count).map(|_| self.text()).collect()
    }
}
