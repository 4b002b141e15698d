//! A JSON text as a tree: for wording refusals, and for the claims of tokens.

use std::borrow::Cow;

use super::number::{self, Whole};
use super::scan::{Scan, Trouble};

/// Any JSON value. Numbers stay as they were written, members in the order they came; what holds no escape is borrowed from
/// the text.
///
/// No `Debug`: it may hold what must not be logged.
#[cfg_attr(test, derive(Debug))]
pub enum Value<'a> {
    Null,
    Bool(bool),
    /// The lexeme.
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    /// Names are unique.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// Why a text is no acceptable JSON. Always a 400 (ruling 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// Not RFC 8259: also invalid UTF-8, a lone surrogate, a byte order mark, something behind the value.
    Syntax,
    /// A member name came twice in one object; where, as a JSON Pointer (P52).
    Duplicate(String),
    /// Containers nest deeper than allowed (P58).
    Depth,
    /// A number beyond what a double can stand for (ruling 95).
    Range,
    /// A control character in a string, or an escaped NUL (P57).
    Control,
}

impl Malformed {
    /// The word for it in problems and events.
    pub const fn code(&self) -> &'static str {
        match self {
            Malformed::Syntax => "syntax",
            Malformed::Duplicate(_) => "duplicate",
            Malformed::Depth => "depth",
            Malformed::Range => "range",
            Malformed::Control => "control",
        }
    }
}

impl From<Trouble> for Malformed {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Syntax => Malformed::Syntax,
            Trouble::Control => Malformed::Control,
            Trouble::Range => Malformed::Range,
        }
    }
}

impl<'a> Value<'a> {
    /// Reads a whole text, containers nested at most `max_depth` deep (and never deeper than [`super::DEEPEST`]).
    pub fn parse(bytes: &'a [u8], max_depth: u32) -> Result<Self, Malformed> {
        let mut scan = Scan::new(bytes);
        let left = max_depth.min(super::DEEPEST);
        let value = match (scan.peek(), left.checked_sub(1)) {
            // The outermost object is the only one that room is made for beforehand.
            (Some(b'{'), Some(left)) => object(&mut scan, left, Vec::with_capacity(ROOM))?,
            _ => any(&mut scan, left)?,
        };
        // guard: json-end
        if scan.peek().is_some() {
            return Err(Malformed::Syntax);
        }
        Ok(value)
    }

    /// The value at a JSON Pointer (RFC 6901) without `#`; the empty pointer is the value itself.
    pub fn pointer(&self, pointer: &str) -> Option<&Value<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        let path = pointer.strip_prefix('/')?;
        // Most name a member of the value itself.
        if let Value::Object(_) = self
            && !path.bytes().any(|byte| matches!(byte, b'/' | b'~'))
        {
            return self.get(path);
        }
        path.split('/').try_fold(self, |value, token| match value {
            Value::Object(_) if !token.contains('~') => value.get(token),
            Value::Object(_) => value.get(&token.replace("~1", "/").replace("~0", "~")),
            Value::Array(items) => {
                let canonical = token == "0" || !token.starts_with(['0', '+']);
                items.get(token.parse::<usize>().ok().filter(|_| canonical)?)
            }
            _ => None,
        })
    }

    /// The member of that name, if it is an object and has one.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        match self {
            Value::Object(members) => members
                .iter()
                .find(|(key, _)| same(key, name))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number, if it is an integer of 64 bits exactly; `1e2` is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Number(lexeme) => match number::whole(lexeme) {
                Whole::Exact(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number as a double, rounded: for what is a quantity, never for what is compared or kept.
    pub fn as_double(&self) -> Option<f64> {
        match self {
            Value::Number(lexeme) => lexeme.parse().ok(),
            _ => None,
        }
    }
}

/// Any value; `left` containers may still be opened.
fn any<'a>(scan: &mut Scan<'a>, left: u32) -> Result<Value<'a>, Malformed> {
    match scan.peek().ok_or(Malformed::Syntax)? {
        b'{' => object(scan, deeper(left)?, Vec::new()),
        b'[' => array(scan, deeper(left)?),
        b'"' => Ok(Value::String(scan.string()?)),
        b'-' | b'0'..=b'9' => Ok(Value::Number(Cow::Borrowed(scan.number()?))),
        _ if scan.word("null") => Ok(Value::Null),
        _ if scan.word("true") => Ok(Value::Bool(true)),
        _ if scan.word("false") => Ok(Value::Bool(false)),
        _ => Err(Malformed::Syntax),
    }
}

/// How many containers may be opened inside of one more.
fn deeper(left: u32) -> Result<u32, Malformed> {
    // guard: json-depth
    if left == 0 {
        return Err(Malformed::Depth);
    }
    Ok(left.saturating_sub(1))
}

fn object<'a>(
    scan: &mut Scan<'a>,
    left: u32,
    mut members: Vec<(Cow<'a, str>, Value<'a>)>,
) -> Result<Value<'a>, Malformed> {
    scan.take(b'{');
    while !scan.take(b'}') {
        if !members.is_empty() && !scan.take(b',') {
            return Err(Malformed::Syntax);
        }
        let name = scan.string()?;
        if !scan.take(b':') {
            return Err(Malformed::Syntax);
        }
        let value = any(scan, left).map_err(|malformed| malformed.below(&name))?;
        members.push((name, value));
    }
    // guard: json-duplicate
    if let Some(name) = twice(&members) {
        return Err(Malformed::Duplicate(String::new()).below(name));
    }
    Ok(Value::Object(members))
}

fn array<'a>(scan: &mut Scan<'a>, left: u32) -> Result<Value<'a>, Malformed> {
    let mut items: Vec<Value<'a>> = Vec::new();
    scan.take(b'[');
    while !scan.take(b']') {
        if !items.is_empty() && !scan.take(b',') {
            return Err(Malformed::Syntax);
        }
        let item =
            any(scan, left).map_err(|malformed| malformed.below(&items.len().to_string()))?;
        items.push(item);
    }
    Ok(Value::Array(items))
}

/// Names of one length mostly differ in their last byte (`iss`, `aud`, `sub`, `exp`): the rest is seldom compared.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.as_bytes().last() == other.as_bytes().last() && one == other
}

/// Members of the claims of a common token.
const ROOM: usize = 12;

/// So few names are compared each with each.
const FEW: usize = 16;

/// A name that came twice. Many are sorted, so that a body of nothing but names costs no square of their number.
pub(super) fn twice<N: AsRef<str>, V>(members: &[(N, V)]) -> Option<&str> {
    if members.len() <= FEW {
        let mut before = members.iter().enumerate();
        return before.find_map(|(at, (name, _))| {
            let again = members
                .iter()
                .take(at)
                .any(|(other, _)| same(other.as_ref(), name.as_ref()));
            again.then_some(name.as_ref())
        });
    }
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names.windows(2).find_map(|pair| match pair {
        [first, second] if first == second => Some(*first),
        _ => None,
    })
}

impl Malformed {
    /// The same, seen from one level further out.
    fn below(self, token: &str) -> Self {
        match self {
            Malformed::Duplicate(inner) => {
                let mut pointer = String::new();
                crate::schema::push_token(&mut pointer, token);
                pointer.push_str(&inner);
                Malformed::Duplicate(pointer)
            }
            other => other,
        }
    }
}
