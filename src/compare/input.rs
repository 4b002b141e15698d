//! What an operation takes: parameters and body.

use super::change::Subject;
use super::fields::{self, Open};
use super::operations::Pair;
use super::{Both, Verdict, decisions, values};
use crate::plan::{Body, In, Member, Object, Param, Shape, Type, TypeId, Union, ValueKind};

pub(super) fn compare(both: &Both, pair: &Pair, subject: &mut Subject) {
    parameters(both, pair, subject);
    match (&pair.old.body, &pair.new.body) {
        (None, None) => {}
        (None, Some(new)) => subject.add(Some(Verdict::Widened), "body", None, Some(taken(new))),
        (Some(old), None) => subject.add(Some(Verdict::Narrowed), "body", Some(taken(old)), None),
        (Some(old), Some(new)) => {
            subject.names("body as", &media(old), &media(new));
            subject.switch("body may be left out", !old.required, !new.required);
            let creating = pair.new.method == "POST";
            let input = Input { both, creating };
            input.values("body", &old.value, &new.value, subject);
        }
    }
}

fn taken(body: &Body) -> String {
    let what = match body.value {
        ValueKind::Named(_) => "an object",
        ValueKind::File(_) => "a file",
        _ => "a value",
    };
    format!("{what} as {}", media(body).join(" or "))
}

fn media(body: &Body) -> Vec<String> {
    body.media
        .iter()
        .map(|each| each.name().to_owned())
        .collect()
}

fn parameters(both: &Both, pair: &Pair, subject: &mut Subject) {
    let input = Input {
        both,
        creating: false,
    };
    let (old, new) = (given(&pair.old.params), given(&pair.new.params));
    for param in &new {
        let what = format!("{} {}", place(param), param.name);
        match old.iter().find(|known| same(known, param)) {
            None => subject.add(Some(Verdict::Widened), what, None, Some("taken".to_owned())),
            Some(known) => {
                subject.switch(
                    &format!("{what} may be left out"),
                    !known.required,
                    !param.required,
                );
                input.values(&what, &known.value, &param.value, subject);
                // What was two items becomes one, or the other way round.
                if known.separated != param.separated {
                    let how = |param: &Param| match param.separated {
                        true => "commas",
                        false => "a repeated name",
                    };
                    let (was, is) = (how(known).to_owned(), how(param).to_owned());
                    let what = format!("{what} items by");
                    subject.add(Some(Verdict::Widened), what, Some(was), Some(is));
                }
            }
        }
    }
    for param in old {
        if !new.iter().any(|other| same(other, param)) {
            let what = format!("{} {}", place(param), param.name);
            subject.add(
                Some(Verdict::Narrowed),
                what,
                Some("taken".to_owned()),
                None,
            );
        }
    }
    in_path(&input, pair, subject);
}

/// Parameters that have a name for those who call.
fn given(params: &[Param]) -> Vec<&Param> {
    let named = |param: &&Param| param.location != In::Path;
    params.iter().filter(named).collect()
}

/// Names of header fields are the same in any case.
fn same(a: &Param, b: &Param) -> bool {
    let names = match a.location {
        In::Header => a.name.eq_ignore_ascii_case(&b.name),
        In::Path | In::Query => a.name == b.name,
    };
    a.location == b.location && names
}

fn place(param: &Param) -> &'static str {
    match param.location {
        In::Path => "path",
        In::Query => "query",
        In::Header => "header",
    }
}

/// Variables of the path, by position: what they are called is nobody's business.
fn in_path(input: &Input, pair: &Pair, subject: &mut Subject) {
    let old = variables(pair.old);
    for (old, new) in old.into_iter().zip(variables(pair.new)) {
        let what = format!("path {}", new.name);
        input.values(&what, &old.value, &new.value, subject);
    }
}

fn variables(operation: &crate::plan::Operation) -> Vec<&Param> {
    let segments = operation.segments.iter();
    segments
        .filter_map(|segment| match segment {
            crate::plan::Segment::Param(index) => operation.params.get(*index),
            crate::plan::Segment::Literal(_) => None,
        })
        .collect()
}

struct Input<'b, 'p> {
    both: &'b Both<'p>,
    creating: bool,
}

impl Input<'_, '_> {
    fn values(&self, what: &str, old: &ValueKind, new: &ValueKind, subject: &mut Subject) {
        values::compare(what, old, new, subject, &mut |what, old, new, subject| {
            if let (ValueKind::Named(old), ValueKind::Named(new)) = (old, new) {
                self.types(what, *old, *new, subject);
            }
        });
    }

    fn types(&self, what: &str, old: TypeId, new: TypeId, subject: &mut Subject) {
        let shape = |types: &'_ [Type], id: TypeId| types.get(id.0).map(|each| each.shape.clone());
        match (
            shape(&self.both.old.types, old),
            shape(&self.both.new.types, new),
        ) {
            (Some(Shape::Object(old)), Some(Shape::Object(new))) => {
                self.objects(what, &old, &new, subject);
            }
            (Some(Shape::Words(old)), Some(Shape::Words(new))) => {
                subject.names(&format!("{what} word"), &old, &new);
            }
            (Some(Shape::Union(old)), Some(Shape::Union(new))) => {
                self.unions(what, &old, &new, subject);
            }
            _ => subject.add(
                Some(Verdict::Widened),
                format!("{what} type"),
                Some("another".to_owned()),
                None,
            ),
        }
    }

    /// Alternatives are those of one name; another one more is more that is taken.
    fn unions(&self, what: &str, old: &Union, new: &Union, subject: &mut Subject) {
        let names = |union: &Union| -> Vec<String> {
            union.cases.iter().map(|case| case.name.clone()).collect()
        };
        subject.names(&format!("{what} alternative"), &names(old), &names(new));
        for case in &new.cases {
            let known = old.cases.iter().find(|known| known.name == case.name);
            if let Some(known) = known {
                let what = format!("{what} {}", case.name);
                self.values(&what, &known.value, &case.value, subject);
            }
        }
    }

    fn objects(&self, what: &str, old: &Object, new: &Object, subject: &mut Subject) {
        for member in &new.members {
            let what = format!("{what}/{}", escaped(&member.name));
            let known = old.members.iter().find(|known| known.name == member.name);
            let was = known.map_or_else(Open::nobody, |known| {
                Open::to_write(&self.both.old.roles, known.write, self.creating)
            });
            let is = Open::to_write(&self.both.new.roles, member.write, self.creating);
            fields::compare(self.both, &what, &was, &is, subject);
            if let Some(known) = known {
                self.members(&what, known, member, subject);
            }
        }
        for member in &old.members {
            if !new.members.iter().any(|other| other.name == member.name) {
                let what = format!("{what}/{}", escaped(&member.name));
                let was = Open::to_write(&self.both.old.roles, member.write, self.creating);
                fields::compare(self.both, &what, &was, &Open::nobody(), subject);
            }
        }
        decisions::of_object(what, old, new, subject);
        match (&old.rest, &new.rest) {
            (Some(old), Some(new)) => {
                let what = format!("{what}/*");
                subject.switch(&format!("{what} may be null"), old.nullable, new.nullable);
                self.values(&what, &old.value, &new.value, subject);
            }
            (old, new) => subject.switch(
                &format!("{what} members of any name"),
                old.is_some(),
                new.is_some(),
            ),
        }
        let most = |object: &Object| {
            let named = u64::try_from(object.members.len()).unwrap_or(u64::MAX);
            object.max_properties.unwrap_or(named)
        };
        // More members of which each is reported allow more by themselves.
        if old.max_properties.is_some() || new.max_properties.is_some() {
            subject.number(&format!("{what} maxProperties"), most(old), most(new));
        }
        let (was, is) = (old.min_properties, new.min_properties);
        subject.add(
            Verdict::of(is < was, is > was),
            format!("{what} minProperties"),
            Some(was.to_string()),
            Some(is.to_string()),
        );
    }

    fn members(&self, what: &str, old: &Member, new: &Member, subject: &mut Subject) {
        subject.switch(
            &format!("{what} may be left out"),
            !old.required_in_request,
            !new.required_in_request,
        );
        subject.switch(&format!("{what} may be null"), old.nullable, new.nullable);
        let kept = |member: &Member| member.secret || member.personal;
        subject.switch(&format!("{what} may be logged"), !kept(old), !kept(new));
        self.values(what, &old.value, &new.value, subject);
    }
}

/// RFC 6901, 3.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
