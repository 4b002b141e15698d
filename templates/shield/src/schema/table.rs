//! Constraints as constants: the same rule admits a value in a decoder and words what is wrong with it afterwards.
//!
//! Emitted per member: `#[required("email", Text::new(0, 254).email())]`, which [`crate::request!`] makes one constant of,
//! for the decoder and for the table of the type.

use super::{Real, Union};
use crate::grants::Grants;
use crate::json::Reader;
use crate::spec::RoleSet;

/// A string. Lengths in code points (P55).
#[derive(Debug)]
pub struct Text {
    pub(crate) min: u64,
    pub(crate) max: u64,
    pub(crate) pattern: Option<&'static Pattern>,
    pub(crate) format: Option<Format>,
}

/// A pattern, already translated to the language of the `regex` crate; compiled at first use.
#[derive(Debug)]
pub struct Pattern {
    pub(crate) source: &'static str,
    pub(crate) regex: std::sync::OnceLock<Option<regex::Regex>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Email,
    Uuid,
    Date,
    DateTime,
    Uri,
    Ipv4,
    Ipv6,
}

/// An integer within int64.
#[derive(Debug)]
pub struct Whole {
    pub(crate) min: i64,
    pub(crate) max: i64,
    /// What the document calls the bounds; they admit the same either way.
    pub(crate) exclusive_min: bool,
    pub(crate) exclusive_max: bool,
    pub(crate) multiple_of: Option<i64>,
}

/// A file: in a form of several parts, or a body. Lengths in bytes.
#[derive(Debug)]
pub struct Binary {
    pub(crate) min: u64,
    pub(crate) max: u64,
    /// Of which types; none: bytes of whatever kind.
    pub(crate) types: &'static [&'static str],
    /// How many of a member may be sent.
    pub(crate) most: u64,
    pub(crate) names: Option<&'static Pattern>,
}

/// An array.
#[derive(Debug)]
pub struct List {
    pub(crate) items: Schema,
    pub(crate) min: u64,
    pub(crate) max: u64,
    pub(crate) unique: bool,
}

/// An object whose names are data: each value is of one kind.
#[derive(Debug)]
pub struct Entries {
    pub(crate) values: Schema,
    pub(crate) min: u64,
    pub(crate) max: u64,
    /// What names are taken: a text or words; `None`: any.
    pub(crate) names: Option<Schema>,
}

/// Any JSON value: how long each string, list and object in it may be, at every depth.
#[derive(Debug)]
pub struct Free {
    /// In code points (P55).
    pub(crate) string: u64,
    pub(crate) array: u64,
    pub(crate) object: u64,
}

/// A closed object.
#[derive(Debug)]
pub struct Object {
    pub(crate) members: &'static [Member],
    pub(crate) min: u64,
    pub(crate) max: u64,
    /// Rules between members, where there are some.
    pub(crate) rules: Option<Rules>,
    /// What members of other names are, where there may be some.
    pub(crate) rest: Option<&'static Schema>,
}

/// The rules that an object breaks whose keywords hold, read again from its own text: each by its code and its words.
pub type Rules = fn(&mut Reader<'_>, &Grants) -> Vec<(&'static str, &'static str)>;

/// A member of an object.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) write: Write,
    pub(crate) schema: Schema,
}

/// Who may send a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    Anyone,
    /// 422 `readOnly` for everyone.
    Nobody,
    /// Only when the object is created; else 422 `readOnly`.
    Create,
    /// One of these roles; else 403.
    Roles(RoleSet),
}

/// Who may receive a member that not everyone may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Whose object it is.
    Owner,
    /// One of these roles.
    Roles(RoleSet),
    /// Either.
    OwnerOr(RoleSet),
}

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub enum Schema {
    Boolean,
    Whole(&'static Whole),
    Real(&'static Real),
    Text(&'static Text),
    /// One of these strings.
    Words(&'static [&'static str]),
    List(&'static List),
    Entries(&'static Entries),
    /// Whatever JSON can say.
    Json(&'static Free),
    Object(&'static Object),
    /// One of several values that exclude each other.
    Union(&'static Union),
    Binary(&'static Binary),
    /// `null`, or what is inside.
    Nullable(&'static Schema),
}

impl Schema {
    /// Itself, as each of the rules says what it is: so a member is declared with either.
    pub const fn schema(self) -> Self {
        self
    }

    /// The text of a parameter that identifies an object, if it is admitted. A number has one, however it was spelled.
    pub fn keep(&self, text: &str) -> Option<String> {
        match self {
            Schema::Text(rule) => rule.keep(text),
            Schema::Whole(rule) => rule.parse(text).map(|number| number.to_string()),
            _ => None,
        }
    }

    /// `null`, or what it is.
    pub const fn or_null(&'static self) -> Self {
        Schema::Nullable(self)
    }
}

impl Text {
    pub const fn new(min: u64, max: u64) -> Self {
        Text {
            min,
            max,
            pattern: None,
            format: None,
        }
    }

    pub const fn pattern(mut self, pattern: &'static Pattern) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    pub const fn email(self) -> Self {
        self.format(Format::Email)
    }

    pub const fn uuid(self) -> Self {
        self.format(Format::Uuid)
    }

    pub const fn date(self) -> Self {
        self.format(Format::Date)
    }

    pub const fn date_time(self) -> Self {
        self.format(Format::DateTime)
    }

    pub const fn uri(self) -> Self {
        self.format(Format::Uri)
    }

    pub const fn ipv4(self) -> Self {
        self.format(Format::Ipv4)
    }

    pub const fn ipv6(self) -> Self {
        self.format(Format::Ipv6)
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::Text(self)
    }
}

impl Pattern {
    pub const fn new(source: &'static str) -> Self {
        Pattern {
            source,
            regex: std::sync::OnceLock::new(),
        }
    }
}

impl Whole {
    /// From `min` to `max`, both included.
    pub const fn new(min: i64, max: i64) -> Self {
        Whole {
            min,
            max,
            exclusive_min: false,
            exclusive_max: false,
            multiple_of: None,
        }
    }

    /// The document says `exclusiveMinimum`, one below `min`: only the word for a refusal changes.
    pub const fn exclusive_min(mut self) -> Self {
        self.exclusive_min = true;
        self
    }

    /// The document says `exclusiveMaximum`, one above `max`: only the word for a refusal changes.
    pub const fn exclusive_max(mut self) -> Self {
        self.exclusive_max = true;
        self
    }

    pub const fn multiple_of(mut self, step: i64) -> Self {
        self.multiple_of = Some(step);
        self
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::Whole(self)
    }
}

impl Binary {
    /// From `min` to `max` bytes, both included.
    pub const fn new(min: u64, max: u64) -> Self {
        Binary {
            min,
            max,
            types: &[],
            most: u64::MAX,
            names: None,
        }
    }

    pub const fn types(mut self, types: &'static [&'static str]) -> Self {
        self.types = types;
        self
    }

    pub const fn most(mut self, most: u64) -> Self {
        self.most = most;
        self
    }

    pub const fn names(mut self, names: &'static Pattern) -> Self {
        self.names = Some(names);
        self
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::Binary(self)
    }
}

impl List {
    pub const fn new(items: Schema, min: u64, max: u64) -> Self {
        List {
            items,
            min,
            max,
            unique: false,
        }
    }

    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::List(self)
    }
}

impl Entries {
    pub const fn new(values: Schema, min: u64, max: u64) -> Self {
        Entries {
            values,
            min,
            max,
            names: None,
        }
    }

    /// Names are of this kind: a text or words.
    pub const fn names(mut self, names: Schema) -> Self {
        self.names = Some(names);
        self
    }

    /// Whether the name is one of those declared.
    pub(crate) fn admits(&self, name: &str) -> bool {
        match &self.names {
            None => true,
            Some(Schema::Text(rule)) => rule.admits(name),
            Some(Schema::Words(words)) => words.contains(&name),
            // Nothing else is a name.
            Some(_) => false,
        }
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::Entries(self)
    }
}

impl Free {
    pub const fn new(string: u64, array: u64, object: u64) -> Self {
        Free {
            string,
            array,
            object,
        }
    }

    pub const fn schema(&'static self) -> Schema {
        Schema::Json(self)
    }
}

impl Object {
    pub const fn new(members: &'static [Member]) -> Self {
        Object {
            members,
            min: 0,
            max: u64::MAX,
            rules: None,
            rest: None,
        }
    }

    /// Members of other names are of this kind.
    pub const fn rest(mut self, rest: &'static Schema) -> Self {
        self.rest = Some(rest);
        self
    }

    /// What a member that no field has is held against: one that is declared, and that nobody may send, is no other.
    pub fn other(&self, name: &str) -> Option<&'static Schema> {
        // guard: declared-member, where self.members.iter().any(|member| member.write == Write::Nobody)
        if self.names(name) {
            return None;
        }
        self.rest
    }

    /// Whether a member is declared, whoever may send it.
    pub fn names(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    pub const fn rules(mut self, rules: Rules) -> Self {
        self.rules = Some(rules);
        self
    }

    pub const fn size(mut self, min: u64, max: u64) -> Self {
        self.min = min;
        self.max = max;
        self
    }
}

/// A member that must be there.
pub const fn required(name: &'static str, schema: Schema) -> Member {
    Member {
        name,
        required: true,
        write: Write::Anyone,
        schema,
    }
}

/// A member that may be absent.
pub const fn optional(name: &'static str, schema: Schema) -> Member {
    Member {
        name,
        required: false,
        write: Write::Anyone,
        schema,
    }
}

impl Member {
    pub const fn write(mut self, write: Write) -> Self {
        self.write = write;
        self
    }

    /// What its value must be.
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// `None` when this caller may not send it.
    pub fn may_be_written(&self, by: &Grants) -> Option<()> {
        let may = match self.write {
            Write::Anyone => true,
            Write::Nobody => false,
            Write::Create => by.creating,
            Write::Roles(roles) => by.any(roles),
        };
        // guard: write-rule, where self.write != Write::Anyone
        if !may {
            return None;
        }
        Some(())
    }
}
