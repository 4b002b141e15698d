//! Looking at a value before it is read: which of several alternatives it may be.
//!
//! Nothing is admitted here, and grammar is not judged: what is passed over is read again by who admits.

use super::Reader;
use super::scan::Scan;
use crate::schema::{Case, JsonType, Told, Union};

impl<'a> Reader<'a> {
    /// The alternative that the value may be that comes next; nothing of it is taken.
    pub fn case(&self, union: &'static Union) -> Option<&'static Case> {
        let mut ahead = self.ahead();
        let of = match ahead.peek()? {
            b'"' => JsonType::String,
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b't' | b'f' => JsonType::Boolean,
            b'-' | b'0'..=b'9' => JsonType::Number,
            _ => return None,
        };
        union.case(of, || told(&mut ahead, union))
    }
}

/// The members of an object that marks speak of.
fn told<'a>(scan: &mut Scan<'a>, union: &Union) -> Option<Vec<Told<'a>>> {
    let mut told = Vec::new();
    scan.take(b'{').then_some(())?;
    while !scan.take(b'}') {
        scan.take(b',');
        let name = scan.string().ok()?;
        scan.take(b':').then_some(())?;
        let text = match scan.peek()? {
            b'"' if union.words(&name) => Some(scan.string().ok()?),
            _ => pass(scan).map(|()| None)?,
        };
        if union.tells(&name) {
            told.push((name, text));
        }
    }
    Some(told)
}

/// Goes behind one value, however deep it is: with a count and not with a stack.
fn pass(scan: &mut Scan<'_>) -> Option<()> {
    let mut open = 0_usize;
    loop {
        match scan.peek()? {
            byte @ (b'{' | b'[') => {
                scan.take(byte);
                open += 1;
            }
            byte @ (b'}' | b']') => {
                scan.take(byte);
                open = open.checked_sub(1)?;
            }
            byte @ (b',' | b':') => {
                scan.take(byte);
            }
            b'"' => scan.pass_string()?,
            b'-' | b'0'..=b'9' => drop(scan.number().ok()?),
            _ => ["null", "true", "false"]
                .into_iter()
                .any(|word| scan.word(word))
                .then_some(())?,
        }
        if open == 0 {
            return Some(());
        }
    }
}
