//! Every schema of the document once, with what it is used for: a component knows its uses from all operations together.

use super::facts::Subject;
use crate::openapi::{Api, Schema, SchemaUse, Spanned};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

/// What values of a schema travel in; a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Uses(u8);

impl Uses {
    /// In a body that every caller may send, or anyone at all.
    pub(super) const OPEN_BODY: Uses = Uses(1);
    /// In a body that only some roles or scopes may send.
    pub(super) const ROLE_BODY: Uses = Uses(2);
    /// In a body of an operation that is denied.
    pub(super) const DENIED_BODY: Uses = Uses(4);
    pub(super) const PARAMETER: Uses = Uses(8);
    pub(super) const REPLY: Uses = Uses(16);
    pub(super) const BODY: Uses = Uses(7);
    pub(super) const REQUEST: Uses = Uses(15);

    /// Whether it has any of these.
    pub(super) fn any(self, of: Uses) -> bool {
        self.0 & of.0 != 0
    }

    fn with(self, more: Uses) -> Uses {
        Uses(self.0 | more.0)
    }
}

/// A schema that describes a whole value, not a part of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<'a> {
    pub schema: &'a Schema,
    /// The member, parameter or component it is the schema of.
    pub name: Option<Called<'a>>,
    pub uses: Uses,
}

/// What a value is called by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called<'a> {
    pub name: &'a str,
    /// It is an item of what has the name.
    pub item: bool,
}

impl<'a> Called<'a> {
    fn by(name: &'a str) -> Called<'a> {
        Called { name, item: false }
    }
}

/// A member of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub name: &'a Spanned<String>,
    pub used: &'a SchemaUse,
    pub uses: Uses,
}

/// One thing that is met inside a schema.
enum Met<'a> {
    Whole(&'a Schema, Option<Called<'a>>),
    Member(&'a Spanned<String>, &'a SchemaUse),
    /// A component; whether as a whole value.
    Component(&'a str, bool),
}

/// How a component is used: as a whole value, and as a part of one.
#[derive(Clone, Copy, Default)]
struct Used {
    whole: Uses,
    part: Uses,
}

pub(super) fn collect<'a>(
    api: &'a Api,
    subjects: &[Subject<'a>],
    components: &HashMap<&'a str, &'a Schema>,
) -> (Vec<Whole<'a>>, Vec<Member<'a>>) {
    let mut roots: Vec<(&'a SchemaUse, Option<Called<'a>>, Uses)> = Vec::new();
    for subject in subjects {
        for parameter in &subject.operation.parameters {
            let name = Some(Called::by(&parameter.name.value));
            roots.push((&parameter.schema, name, Uses::PARAMETER));
        }
        let body = if subject.is_denied() {
            Uses::DENIED_BODY
        } else if subject.is_public() || subject.is_for_any_caller() {
            Uses::OPEN_BODY
        } else {
            Uses::ROLE_BODY
        };
        roots.extend(subject.requests().map(|used| (used, None, body)));
        roots.extend(subject.replies().map(|used| (used, None, Uses::REPLY)));
    }

    // First what each component is used for, until nothing new is learnt; then everything once, in document order.
    let mut known: HashMap<&str, Used> = HashMap::new();
    let mut open: Vec<(&'a str, bool, Uses)> = Vec::new();
    for (used, name, uses) in &roots {
        visit(used, *name, true, &mut |met| {
            if let Met::Component(name, whole) = met {
                open.push((name, whole, *uses));
            }
        });
    }
    while let Some((name, whole, uses)) = open.pop() {
        let Some(schema) = components.get(name) else {
            continue;
        };
        let entry = known.entry(name).or_default();
        let slot = if whole {
            &mut entry.whole
        } else {
            &mut entry.part
        };
        if slot.with(uses) == *slot {
            continue;
        }
        *slot = slot.with(uses);
        inside(schema, None, whole, &mut |met| {
            if let Met::Component(name, whole) = met {
                open.push((name, whole, uses));
            }
        });
    }

    let (mut wholes, mut members) = (Vec::new(), Vec::new());
    for (used, name, uses) in roots {
        visit(used, name, true, &mut |met| match met {
            Met::Whole(schema, name) => wholes.push(Whole { schema, name, uses }),
            Met::Member(name, used) => members.push(Member { name, used, uses }),
            Met::Component(..) => {}
        });
    }
    for (name, schema) in &api.schemas {
        let Some(used) = known.get(name.value.as_str()) else {
            continue;
        };
        let all = used.whole.with(used.part);
        let is_whole = used.whole != Uses::default();
        inside(
            schema,
            Some(Called::by(&name.value)),
            is_whole,
            &mut |met| match met {
                Met::Whole(schema, name) => wholes.push(Whole {
                    schema,
                    name,
                    uses: all,
                }),
                Met::Member(name, used) => members.push(Member {
                    name,
                    used,
                    uses: all,
                }),
                Met::Component(..) => {}
            },
        );
    }
    (wholes, members)
}

fn visit<'a>(
    used: &'a SchemaUse,
    name: Option<Called<'a>>,
    whole: bool,
    tell: &mut dyn FnMut(Met<'a>),
) {
    match used {
        SchemaUse::Component { name, .. } => tell(Met::Component(name, whole)),
        SchemaUse::Inline(schema) => inside(schema, name, whole, tell),
    }
}

/// The recursion is as deep as schemas are written inside each other, which the reader bounds.
fn inside<'a>(
    schema: &'a Schema,
    name: Option<Called<'a>>,
    whole: bool,
    tell: &mut dyn FnMut(Met<'a>),
) {
    if whole {
        tell(Met::Whole(schema, name));
    }
    for (name, used) in &schema.properties {
        tell(Met::Member(name, used));
        visit(used, Some(Called::by(&name.value)), true, tell);
    }
    if let Some(items) = &schema.items {
        let item = name.map(|name| Called { item: true, ..name });
        visit(items, item, true, tell);
    }
    if let Some(values) = &schema.values {
        visit(values, name, true, tell);
    }
    for part in schema.all_of() {
        visit(part, name, false, tell);
    }
    // Where the type stands outside, alternatives only narrow it.
    let whole = whole && schema.kind.is_none() && schema.all_of().next().is_none();
    for alternative in schema.alternatives() {
        visit(alternative, name, whole, tell);
    }
}

/// Components that may be looked into, one operation after the other: a hostile document has many of both.
pub(super) const BUDGET: usize = 2_000_000;

/// The first member within these schemas, components followed, that is what is looked for.
pub(super) fn contains<'a>(
    roots: impl Iterator<Item = &'a SchemaUse>,
    components: &HashMap<&'a str, &'a Schema>,
    budget: &Cell<usize>,
    mut wanted: impl FnMut(&'a Spanned<String>, &'a SchemaUse) -> bool,
) -> Option<&'a Spanned<String>> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut open: Vec<&'a str> = Vec::new();
    let mut found = None;
    let spend = || {
        let left = budget.get().checked_sub(1);
        budget.set(left.unwrap_or_default());
        left.is_some()
    };
    let mut look = |met: Met<'a>, open: &mut Vec<&'a str>| match met {
        Met::Component(name, _) => open.push(name),
        Met::Member(name, used) if found.is_none() && wanted(name, used) => found = Some(name),
        _ => {}
    };
    for root in roots {
        visit(root, None, true, &mut |met| look(met, &mut open));
    }
    while let Some(name) = open.pop() {
        if !spend() {
            return None;
        }
        if let (true, Some(schema)) = (seen.insert(name), components.get(name)) {
            inside(schema, None, true, &mut |met| look(met, &mut open));
        }
    }
    found
}
