//! The pull reader: what generated decoders admit values with.
//!
//! Each method takes one token and gives `None` when it is not what may stand there; nothing says why, and nothing can
//! be read on afterwards with any meaning. [`super::Value::parse`] and `schema::explain` find the words later.

use std::borrow::Cow;

use super::number::{self, Whole};
use super::scan::Scan;
use crate::file::File;
use crate::schema::Binary;

/// Reads one JSON text, token by token, over borrowed bytes.
pub struct Reader<'a> {
    scan: Scan<'a>,
    /// Containers that may still be opened.
    left: u32,
    inside: Frame,
    /// The frames around `inside`; empty, and not allocated, for a flat body.
    outer: Vec<Frame>,
    /// Members of the object closed last.
    closed: u64,
    /// Files beside the text, which names them by their numbers.
    files: &'a [File],
}

/// The container being read.
#[derive(Clone, Copy)]
struct Frame {
    kind: Kind,
    /// Members or items begun so far.
    count: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Top,
    Object,
    Array,
}

impl<'a> Reader<'a> {
    /// Over `bytes`, with containers nested at most `max_depth` deep (and never deeper than [`super::DEEPEST`]).
    pub fn new(bytes: &'a [u8], max_depth: u32) -> Self {
        Reader {
            scan: Scan::new(bytes),
            left: max_depth.min(super::DEEPEST),
            inside: Frame {
                kind: Kind::Top,
                count: 0,
            },
            outer: Vec::new(),
            closed: 0,
            files: &[],
        }
    }

    /// With the files that stand beside the text. Only who wrote the text itself may say which they are: in a text that a
    /// caller wrote a number names none.
    pub(crate) fn with(mut self, files: &'a [File]) -> Self {
        self.files = files;
        self
    }

    /// A file the rule admits.
    pub(crate) fn file(&mut self, rule: &'static Binary) -> Option<File> {
        let at = usize::try_from(self.integer()?).ok()?;
        let file = self.files.get(at)?;
        rule.admits(file).then(|| file.clone())
    }

    /// `{`. Then call [`Reader::key`] until it says that the object is closed.
    pub fn open_object(&mut self) -> Option<()> {
        self.open(b'{', Kind::Object)
    }

    /// The next member's name, whose value must be read before the next call; inner `None` when the object has closed.
    pub fn key(&mut self) -> Option<Option<Cow<'a, str>>> {
        if !self.next(b'}', Kind::Object)? {
            self.closed = self.close();
            return Some(None);
        }
        let name = self.string()?;
        self.scan.take(b':').then_some(Some(name))
    }

    /// `[`. Then call [`Reader::item`] until it says that the array is closed.
    pub fn open_array(&mut self) -> Option<()> {
        self.open(b'[', Kind::Array)
    }

    /// Whether another item follows, which must be read before the next call.
    pub fn item(&mut self) -> Option<bool> {
        let more = self.next(b']', Kind::Array)?;
        if !more {
            self.close();
        }
        Some(more)
    }

    /// A string: borrowed from the body where it holds no escape. Never with NUL in it (P57).
    pub fn string(&mut self) -> Option<Cow<'a, str>> {
        self.scan.string().ok()
    }

    /// An integer of 64 bits, exactly; `1.0` and `1e2` are integers (ruling 95).
    pub fn integer(&mut self) -> Option<i64> {
        match number::whole(self.scan.number().ok()?) {
            Whole::Exact(value) => Some(value),
            Whole::Below | Whole::Above | Whole::Fraction => None,
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self) -> Option<bool> {
        if self.scan.word("true") {
            return Some(true);
        }
        self.scan.word("false").then_some(false)
    }

    /// Takes `null` if it comes next.
    pub fn null(&mut self) -> bool {
        self.scan.word("null")
    }

    /// Requires that everything is closed and only blanks are left.
    pub fn end(&mut self) -> Option<()> {
        // guard: json-end
        if self.inside.kind != Kind::Top || self.scan.peek().is_some() {
            return None;
        }
        Some(())
    }

    /// How many members the object had that was closed last.
    pub(super) fn closed(&self) -> u64 {
        self.closed
    }

    /// The next byte that is not blank, for what may be of any kind.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.scan.peek()
    }

    /// A number as it is written.
    pub(super) fn number(&mut self) -> Option<&'a str> {
        self.scan.number().ok()
    }

    /// Where the next token begins, to look at it.
    pub(super) fn ahead(&self) -> Scan<'a> {
        self.scan.clone()
    }

    fn open(&mut self, byte: u8, kind: Kind) -> Option<()> {
        if !self.scan.take(byte) {
            return None;
        }
        // guard: json-depth
        if self.left == 0 {
            return None;
        }
        self.left = self.left.saturating_sub(1);
        if self.inside.kind != Kind::Top {
            self.outer.push(self.inside);
        }
        self.inside = Frame { kind, count: 0 };
        Some(())
    }

    /// Takes the closing `byte`, giving false, or the comma that must stand between two elements.
    fn next(&mut self, byte: u8, kind: Kind) -> Option<bool> {
        if self.inside.kind != kind {
            return None;
        }
        if self.scan.take(byte) {
            return Some(false);
        }
        if self.inside.count > 0 && !self.scan.take(b',') {
            return None;
        }
        self.inside.count += 1;
        Some(true)
    }

    /// Leaves the container, giving how much was in it.
    fn close(&mut self) -> u64 {
        let count = self.inside.count;
        self.inside = self.outer.pop().unwrap_or(Frame {
            kind: Kind::Top,
            count: 0,
        });
        self.left += 1;
        count
    }
}
