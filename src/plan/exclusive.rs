//! Whether objects exclude each other, and by what they are told apart.
//!
//! A proof is of two objects: either both require a member of which they take no word in common, or one requires a member that
//! the other, being closed, does not take. What it speaks of is sent by everybody and received by everybody, so that it holds of
//! requests as of replies.

use super::{Mark, Member, Object, Read, Shape, Type, ValueKind, Write};

/// Of each object what tells it from the others; or two that some value may both be.
pub(super) fn marks(objects: &[&Object], types: &[Type]) -> Result<Vec<Vec<Mark>>, (usize, usize)> {
    let mut all: Vec<Vec<Mark>> = vec![Vec::new(); objects.len()];
    for (second, other) in objects.iter().enumerate() {
        for (first, one) in objects.iter().enumerate().take(second) {
            let (of_one, of_other) = apart(one, other, types).ok_or((first, second))?;
            for (at, found) in [(first, of_one), (second, of_other)] {
                if let Some(marks) = all.get_mut(at) {
                    let new = |mark: &Mark| !marks.contains(mark);
                    let new: Vec<Mark> = found.into_iter().filter(new).collect();
                    marks.extend(new);
                }
            }
        }
    }
    Ok(all)
}

fn apart(one: &Object, other: &Object, types: &[Type]) -> Option<(Vec<Mark>, Vec<Mark>)> {
    by_word(one, other, types).or_else(|| by_presence(one, other))
}

fn by_word(one: &Object, other: &Object, types: &[Type]) -> Option<(Vec<Mark>, Vec<Mark>)> {
    one.members.iter().find_map(|member| {
        let mine = words(member, types)?;
        let theirs = words(named(other, &member.name)?, types)?;
        let differ = mine.iter().all(|word| !theirs.contains(word));
        let mark = |words: &[String]| vec![Mark::Word(member.name.clone(), words.to_vec())];
        differ.then(|| (mark(mine), mark(theirs)))
    })
}

/// Both ways where both have such a member: an object with neither, or with both, is then neither of the two.
fn by_presence(one: &Object, other: &Object) -> Option<(Vec<Mark>, Vec<Mark>)> {
    let own = |of: &Object, to: &Object| {
        let mut sure = of.members.iter().filter(|member| is_sure(member));
        let found = sure.find(|member| named(to, &member.name).is_none());
        found.map(|member| member.name.clone())
    };
    let (mine, theirs) = (own(one, other), own(other, one));
    if mine.is_none() && theirs.is_none() {
        return None;
    }
    let marks = |has: &Option<String>, lacks: &Option<String>| {
        let has = has.clone().map(Mark::Has);
        has.into_iter()
            .chain(lacks.clone().map(Mark::Lacks))
            .collect()
    };
    Some((marks(&mine, &theirs), marks(&theirs, &mine)))
}

fn named<'o>(object: &'o Object, name: &str) -> Option<&'o Member> {
    object.members.iter().find(|member| member.name == name)
}

/// Whether the member is in every value of the object, whoever sends or receives it.
fn is_sure(member: &Member) -> bool {
    member.required && member.write == Write::Anyone && member.read == Read::Anyone
}

/// The words of a member that is one of them in every value of the object.
pub(super) fn words<'t>(member: &Member, types: &'t [Type]) -> Option<&'t [String]> {
    let ValueKind::Named(id) = member.value else {
        return None;
    };
    match types.get(id.0).map(|each| &each.shape) {
        Some(Shape::Words(words)) if is_sure(member) && !member.nullable => Some(words),
        _ => None,
    }
}
