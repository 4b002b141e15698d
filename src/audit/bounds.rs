//! How much may be sent, and how much is answered.
//!
//! palisade fills in what a document leaves open (`limits.string`, `limits.array`, int64), so these are hints: the bound
//! that holds is a guess of palisade's, and the document could say a better one.

use super::extent::is_anchored;
use super::facts::Facts;
use super::finding::Found;
use super::rule::{Owasp, Rule, Severity};
use super::schemas::{Uses, Whole};
use super::words::quote;
use crate::document::{Node, Place};
use crate::openapi::{Bound, Kind, Method, Schema};
use crate::policy::Level;

pub(super) static STRING: Rule = Rule {
    code: 5501,
    name: "unbounded-string",
    owasp: Owasp::Consumption,
    severity: Severity::Info,
    sentence: "A string in a request has no greatest length.",
    why: "`limits.string` holds instead, which is the same for a name and for an essay. What the document says is enforced, published and tested.",
    fix: "Add `maxLength`; a `pattern` from `^` to `$`, an `enum`, or a format of known length does as well.",
};
pub(super) static FILE: Rule = Rule {
    code: 5509,
    name: "unbounded-file",
    owasp: Owasp::Consumption,
    severity: Severity::Warning,
    sentence: "A file in a request has no greatest size.",
    why: "Only `limits.body` holds: one file may be as long as everything that is sent together.",
    fix: "Add `maxLength` in bytes, or `x-security.files.maxSize`.",
};
pub(super) static ARRAY: Rule = Rule {
    code: 5502,
    name: "unbounded-array",
    owasp: Owasp::Consumption,
    severity: Severity::Info,
    sentence: "An array in a request has no greatest number of items.",
    why: "`limits.array` holds instead, whatever an item costs to handle.",
    fix: "Add `maxItems`.",
};
pub(super) static INTEGER: Rule = Rule {
    code: 5503,
    name: "unbounded-integer",
    owasp: Owasp::Consumption,
    severity: Severity::Info,
    sentence: "An integer in a request has neither two bounds nor a format.",
    why: "Anything within 64 bits is taken. A page size, a count or a price has a range that somebody knows.",
    fix: "Add `minimum` and `maximum`, or at least `format: int32`.",
};
pub(super) static NUMBER: Rule = Rule {
    code: 5504,
    name: "unbounded-number",
    owasp: Owasp::Consumption,
    severity: Severity::Info,
    sentence: "A number in a request has neither two bounds nor a format.",
    why: "Any finite number is taken, 1e300 as well as 1e-300.",
    fix: "Add `minimum` and `maximum`, or `format: double`.",
};
pub(super) static UNSAFE_INTEGER: Rule = Rule {
    code: 5505,
    name: "integer-beyond-doubles",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Info,
    sentence: "An integer may be beyond ±2^53, where JavaScript and many JSON readers round.",
    why: "Two clients see two numbers. When the number is an id, one of them reads or writes another object.",
    fix: "Bound it by ±9007199254740991, or send it as a string.",
};
pub(super) static PATTERN: Rule = Rule {
    code: 5506,
    name: "pattern-without-anchors",
    owasp: Owasp::Misconfiguration,
    severity: Severity::Warning,
    sentence: "A `pattern` in a request does not begin with `^` and end with `$`.",
    why: "JSON Schema looks for a match anywhere: `[a-z]+` admits every text that has one such letter in it.",
    fix: "Write `^(?:…)$` around it, or begin and end it with `.*` if that is meant.",
};
pub(super) static BODY: Rule = Rule {
    code: 5507,
    name: "large-body",
    owasp: Owasp::Consumption,
    severity: Severity::Warning,
    sentence: "Bodies of more than 10 MiB are taken.",
    why: "A body is held in memory while it is checked, one for each request that is under way.",
    fix: "Lower `limits.body`, raise it at the one operation that needs it, or send large things to a store of their own.",
};
pub(super) static LONG_REPLY: Rule = Rule {
    code: 5508,
    name: "list-without-limit",
    owasp: Owasp::Consumption,
    severity: Severity::Info,
    sentence: "A list has no `maxItems`, and no parameter says how many are wanted.",
    why: "Each call costs as much as all rows do, and one day there are more of them than `limits.array`, which holds for replies, too.",
    fix: "Add `maxItems` to the array and a parameter such as `limit` with a `maximum`.",
};

pub(super) static RULES: &[&Rule] = &[
    &STRING,
    &ARRAY,
    &INTEGER,
    &NUMBER,
    &UNSAFE_INTEGER,
    &PATTERN,
    &BODY,
    &LONG_REPLY,
    &FILE,
];

/// Whether the value is a file.
fn is_file(schema: &Schema) -> bool {
    schema
        .format
        .as_ref()
        .is_some_and(|format| format.value == "binary")
}

/// Whether `files` says how long a file may be.
fn limits_size(schema: &Schema) -> bool {
    let extension = schema.extension.as_ref().and_then(Node::as_map);
    let files = extension
        .and_then(|map| map.get("files"))
        .and_then(Node::as_map);
    files.is_some_and(|files| files.get("maxSize").is_some())
}

const LARGE_BODY: u64 = 10 << 20;
/// The greatest integer below which doubles are exact.
const EXACT: i128 = 9_007_199_254_740_991;

pub(super) fn check(facts: &Facts, found: &mut Found) {
    // A list says of its files how long they may be.
    let lists = facts.wholes.iter().filter(|each| limits_size(each.schema));
    let items = lists.filter_map(|each| facts.schema(each.schema.items.as_deref()?));
    let sized: Vec<Place> = items
        .filter_map(|items| items.kind.as_ref())
        .map(|kind| kind.place)
        .collect();
    for whole in facts
        .wholes
        .iter()
        .filter(|each| each.uses.any(Uses::REQUEST))
    {
        let extent = facts.extents.of(whole.schema);
        if extent.read_only {
            continue;
        }
        let place = match &whole.schema.kind {
            Some(kind) => kind.place,
            None => whole.schema.place,
        };
        let open = match extent.kind {
            _ if extent.listed => None,
            Some(Kind::String) if is_file(whole.schema) => {
                let limited = extent.length || limits_size(whole.schema) || sized.contains(&place);
                (!limited).then(|| (&FILE, "as long as the whole body".to_owned()))
            }
            Some(Kind::String) if !extent.length => {
                let most = facts.policy.limits.string.value;
                Some((&STRING, format!("as long as `limits.string`: {most}")))
            }
            Some(Kind::Array) if !extent.items => {
                let most = facts.policy.limits.array.value;
                Some((&ARRAY, format!("as long as `limits.array`: {most}")))
            }
            Some(Kind::Integer) if !(extent.range || (extent.low && extent.high)) => {
                Some((&INTEGER, "anything within 64 bits".to_owned()))
            }
            Some(Kind::Number) if !(extent.range || (extent.low && extent.high)) => {
                Some((&NUMBER, "any finite number".to_owned()))
            }
            _ => None,
        };
        if let Some((rule, most)) = open {
            found.push(rule, place, format!("{} may be {most}", shown(whole)));
        }
        if let Some(pattern) = &whole.schema.pattern
            && is_anchored(&pattern.value) == Some(false)
        {
            let message = format!("{} admits every text with a match in it", shown(whole));
            found.push(&PATTERN, pattern.place, message);
        }
    }
    for whole in &facts.wholes {
        unsafe_integer(facts, whole, found);
    }
    sizes(facts, found);
    for subject in &facts.subjects {
        let asks = subject.operation.parameters.iter().any(|each| {
            let words = super::names::words(&each.name.value);
            let last = words.last().map(String::as_str);
            matches!(
                last,
                Some("limit" | "size" | "count" | "top" | "first" | "take" | "max")
            ) || words == ["per", "page"]
        });
        if subject.operation.method != Method::Get || subject.is_denied() || asks {
            continue;
        }
        let long = subject.good_replies().any(|used| {
            let extent = facts.extents.of_use(used);
            extent.kind == Some(Kind::Array) && !extent.items
        });
        if long {
            let message = format!(
                "{} answers with a list that has no bound of its own",
                quote(&subject.shown())
            );
            found.push(&LONG_REPLY, subject.place(), message);
        }
    }
}

fn shown(whole: &Whole) -> String {
    match whole.name {
        None => "this".to_owned(),
        Some(called) if called.item => format!("an item of {}", quote(called.name)),
        Some(called) => quote(called.name),
    }
}

/// Only what says so itself: an integer without a format is told of elsewhere.
fn unsafe_integer<'a>(facts: &Facts<'a>, whole: &Whole<'a>, found: &mut Found) {
    let schema = whole.schema;
    let Some(kind) = schema
        .kind
        .as_ref()
        .filter(|kind| kind.value == Kind::Integer)
    else {
        return;
    };
    if facts.extents.of(schema).listed {
        return;
    }
    let beyond = |bound: &Option<Bound>| match bound {
        // What is no plain integer (1e400) is beyond, or is refused where bounds are read.
        Some(bound) => {
            let number = bound.lexeme.parse::<i128>();
            number.is_ok_and(|number| number.abs() > EXACT)
        }
        None => false,
    };
    let wide = schema
        .format
        .as_ref()
        .is_some_and(|format| matches!(format.value.as_str(), "int64" | "uint64"));
    let closed = schema.minimum.is_some() && schema.maximum.is_some();
    if beyond(&schema.minimum) || beyond(&schema.maximum) || (wide && !closed) {
        let message = format!("{} may be beyond ±2^53", shown(whole));
        found.push(&UNSAFE_INTEGER, kind.place, message);
    }
}

fn sizes(facts: &Facts, found: &mut Found) {
    let root = &facts.policy.limits.body;
    let own = facts.subjects.iter().map(|subject| &subject.held.body);
    for body in std::iter::once(root).chain(own) {
        if body.level != Level::Default && body.value > LARGE_BODY {
            let message = format!("bodies of {} MiB are held in memory", body.value >> 20);
            found.push(&BODY, body.place, message);
        }
    }
}
