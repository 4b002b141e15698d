//! The small world that services and oracle see alike: people, and what belongs to them.

/// One object. Every kind of object has the same ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thing {
    pub id: &'static str,
    /// What the loader says the id is: one of them is mixed up.
    pub told: &'static str,
    pub owner: &'static str,
    pub tenant: &'static str,
    /// What it is part of, where its kind is part of another: an object of that kind.
    pub parent: &'static str,
}

pub const ADA: &str = "ada";
pub const BOB: &str = "bob";
/// Owns nothing.
pub const EVE: &str = "eve";
pub const NORTH: &str = "north";
pub const SOUTH: &str = "south";

pub const FIRST: &str = "00000000-0000-4000-8000-000000000001";
const SECOND: &str = "00000000-0000-4000-8000-000000000002";
const THIRD: &str = "00000000-0000-4000-8000-000000000003";

/// The first belongs to ada in the north; the fifth belongs to no tenant; the sixth is loaded as the first; the seventh is
/// ada's, and part of what is bob's.
pub const THINGS: [Thing; 7] = [
    thing(FIRST, ADA, NORTH, FIRST),
    thing(SECOND, BOB, NORTH, FIRST),
    thing(THIRD, ADA, SOUTH, THIRD),
    thing("00000000-0000-4000-8000-000000000004", BOB, SOUTH, THIRD),
    thing("00000000-0000-4000-8000-000000000005", ADA, "", FIRST),
    Thing {
        id: "00000000-0000-4000-8000-000000000006",
        told: FIRST,
        owner: ADA,
        tenant: NORTH,
        parent: FIRST,
    },
    thing("00000000-0000-4000-8000-000000000007", ADA, NORTH, SECOND),
];

/// The one name in every map of an answer.
pub const ENTRY: &str = "one";

/// Where every request comes from.
pub const ADDRESS: &str = "192.0.2.1";

/// No object has it.
pub const NOTHING: &str = "00000000-0000-4000-8000-000000000009";

const fn thing(
    id: &'static str,
    owner: &'static str,
    tenant: &'static str,
    parent: &'static str,
) -> Thing {
    Thing {
        id,
        told: id,
        owner,
        tenant,
        parent,
    }
}

/// What a loader is asked.
pub fn find(id: &str) -> Option<Thing> {
    THINGS.into_iter().find(|thing| thing.id == id)
}

/// Where ids are numbers: that of an object, by what it is called elsewhere.
pub fn number(id: &str) -> Option<i64> {
    id.rsplit('-').next()?.parse().ok()
}

/// What is called elsewhere so: the object of a number.
pub fn numbered(number: i64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// How numbers may not be spelled in a path (ruling 100): each is that of the first, for who reads less strictly; and what no
/// 64 bits hold. `-0` is spelled rightly, and nothing has it.
pub const SPELLINGS: [&str; 10] = [
    "01",
    "+1",
    "1.0",
    "1e0",
    "10e-1",
    "0x1",
    "%201",
    "18446744073709551617",
    "-",
    "-0",
];

/// The rows that a query finds who asks for everything: those that are what they say.
pub fn rows() -> impl Iterator<Item = Thing> {
    THINGS.into_iter().filter(|thing| thing.id == thing.told)
}

/// What loaders say of an attribute: by what it is called, so that several of an object differ, and by the object.
fn turn(thing: &Thing, name: &str, of: usize) -> usize {
    let at = THINGS.iter().position(|each| each.id == thing.id);
    (at.unwrap_or_default() + name.len()) % of
}

pub fn text(thing: &Thing, name: &str) -> Option<&'static str> {
    let all = [Some(EVE), Some("red"), None, Some(BOB), Some(ADA), Some("")];
    all.get(turn(thing, name, all.len())).copied().flatten()
}

/// An id of an object.
pub fn uuid(thing: &Thing, name: &str) -> Option<&'static str> {
    let all = [Some(THINGS[0].id), None, Some(THINGS[1].id)];
    all.get(turn(thing, name, all.len())).copied().flatten()
}

pub fn whole(thing: &Thing, name: &str) -> Option<i64> {
    let all = [Some(3), Some(0), None, Some(-2), Some(i64::MAX)];
    all.get(turn(thing, name, all.len())).copied().flatten()
}

pub fn flag(thing: &Thing, name: &str) -> Option<bool> {
    let all = [Some(true), Some(false), None];
    all.get(turn(thing, name, all.len())).copied().flatten()
}

/// Seconds since 1970: long ago, or long from now.
pub fn moment(thing: &Thing, name: &str) -> Option<u64> {
    let all = [Some(4_102_444_800), Some(946_684_800), None];
    all.get(turn(thing, name, all.len())).copied().flatten()
}

pub fn texts(thing: &Thing, name: &str) -> &'static [&'static str] {
    let all: [&[&str]; 5] = [&[BOB, EVE], &["red"], &[], &[ADA], &[EVE, "red", "green"]];
    all.get(turn(thing, name, all.len()))
        .copied()
        .unwrap_or_default()
}

/// Who calls: what is shown of each scheme.
#[derive(Debug, Clone)]
pub struct Principal {
    /// For people who read what disagrees.
    pub name: String,
    /// Scheme and credential; a scheme that is not there is not shown.
    pub shown: Vec<(String, Credential)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    Good(Claims),
    Bad(Bad),
}

/// What a good credential says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    pub subject: String,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
    pub tenant: Option<String>,
    /// That its bearer has authenticated just now; otherwise nothing is said of it.
    pub login: bool,
    /// How (`acr`), where that is said.
    pub class: Option<String>,
}

/// Why a credential is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// Signed by somebody else under the name of the right key, or a key nobody was given.
    Forged,
    Expired,
    OtherAudience,
    OtherIssuer,
    Unsigned,
    /// Not a token at all.
    Noise,
}

impl Bad {
    pub const ALL: [Bad; 6] = [
        Bad::Forged,
        Bad::Expired,
        Bad::OtherAudience,
        Bad::OtherIssuer,
        Bad::Unsigned,
        Bad::Noise,
    ];
}
