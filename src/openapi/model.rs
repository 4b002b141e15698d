//! One model of OpenAPI 3.0 and 3.1, already checked and with local references resolved.
//!
//! Only what later stages read is here. What the reader meets and cannot represent, it refuses by name.

use crate::document::{Node, Place, Sources};

/// The two dialects that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    V30,
    V31,
}

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub struct Api {
    pub version: Version,
    pub title: Spanned<String>,
    pub api_version: String,
    pub description: Option<String>,
    pub about: About,
    /// Address of each server, in order; the path of the first is the mount.
    pub servers: Vec<Spanned<String>>,
    /// What is said of each server, in the same order.
    pub server_notes: Vec<ServerNote>,
    pub tags: Vec<Tag>,
    /// Root `security`; `None` when the document has none.
    pub security: Option<Vec<Alternative>>,
    pub paths: Vec<PathItem>,
    /// `components.schemas`, in document order.
    pub schemas: Vec<(Spanned<String>, Schema)>,
    pub security_schemes: Vec<(Spanned<String>, SecurityScheme)>,
    /// The root `x-security` object.
    pub extension: Option<Node>,
    /// The texts it was read from: a message about a part of a scalar needs them.
    pub sources: Sources,
}

/// What `info` says to people besides title, version and description.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub summary: Option<String>,
    pub terms: Option<String>,
    /// Pairs of key and text, in document order.
    pub contact: Vec<(String, String)>,
    pub license: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct ServerNote {
    pub description: Option<String>,
    /// `x-internal`, which tools for inventories read.
    pub internal: Option<bool>,
}

#[derive(Debug, Clone)]
pub struct Tag {
    pub name: String,
    pub description: Option<String>,
}

#[derive(Debug, Clone)]
pub struct PathItem {
    /// The template as written: `/users/{userId}`.
    pub path: Spanned<String>,
    pub extension: Option<Node>,
    pub operations: Vec<Operation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    /// The place of the method key.
    pub place: Place,
    pub id: Option<Spanned<String>>,
    pub tags: Vec<String>,
    pub summary: Option<String>,
    pub description: Option<String>,
    /// Path item parameters and the operation's own, the operation's winning by (name, in).
    pub parameters: Vec<Parameter>,
    pub body: Option<RequestBody>,
    pub responses: Vec<Response>,
    /// The value of `deprecated: true`.
    pub deprecated: Option<Place>,
    /// The operation's own `security`, `None` when it has none (then the root's counts).
    pub security: Option<Vec<Alternative>>,
    pub extension: Option<Node>,
}

/// One of the alternatives of `security`: all its schemes together. Empty is `{}`.
#[derive(Debug, Clone)]
pub struct Alternative {
    pub place: Place,
    pub schemes: Vec<SchemeUse>,
}

#[derive(Debug, Clone)]
pub struct SchemeUse {
    pub name: Spanned<String>,
    /// Scopes (oauth2, openIdConnect) or, from 3.1, role names.
    pub scopes: Vec<Spanned<String>>,
}

#[derive(Debug, Clone)]
pub struct SecurityScheme {
    pub kind: SchemeKind,
    pub description: Option<String>,
    /// The flows of `oauth2`, by the name of each: `implicit`, `password`, …
    pub flows: Vec<Spanned<String>>,
    /// Every address it names: `openIdConnectUrl`, and those of its flows.
    pub addresses: Vec<Spanned<String>>,
}

#[derive(Debug, Clone)]
pub enum SchemeKind {
    /// `type: http`, scheme in lower case (`bearer`, `basic`, …).
    Http {
        scheme: String,
    },
    ApiKey {
        location: String,
        name: String,
    },
    /// Scopes of all flows together, and the flows as they are declared.
    OAuth2 {
        scopes: Vec<String>,
        flows: Vec<Flow>,
    },
    OpenIdConnect {
        url: String,
    },
    MutualTls,
}

/// A flow of `oauth2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// `clientCredentials`
    pub name: String,
    /// Pairs of key and address, in document order.
    pub urls: Vec<(String, String)>,
    /// Pairs of scope and description.
    pub scopes: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: Spanned<String>,
    pub location: Location,
    pub required: bool,
    /// Whether each item of a list has the name before it. Of other values it says nothing.
    pub explode: bool,
    pub description: Option<String>,
    pub schema: SchemaUse,
    pub extension: Option<Node>,
}

#[derive(Debug, Clone)]
pub struct RequestBody {
    pub place: Place,
    pub required: bool,
    pub description: Option<String>,
    pub content: Vec<MediaType>,
}

#[derive(Debug, Clone)]
pub struct MediaType {
    /// As written, e.g. `application/json`.
    pub name: Spanned<String>,
    pub schema: Option<SchemaUse>,
}

#[derive(Debug, Clone)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: Spanned<String>,
    pub description: String,
    pub headers: Vec<Header>,
    pub content: Vec<MediaType>,
}

/// A header field of a response, as it is declared.
#[derive(Debug, Clone)]
pub struct Header {
    pub name: Spanned<String>,
    pub schema: SchemaUse,
}

/// A schema where it is used: by name (`$ref` to `components.schemas`) or written out.
#[derive(Debug, Clone)]
pub enum SchemaUse {
    Component {
        name: String,
        /// The place of the `$ref` value.
        place: Place,
        /// 3.1 only: `x-security` beside the `$ref` (ruling 60).
        extension: Option<Node>,
        beside: Beside,
    },
    Inline(Box<Schema>),
}

/// What 3.1 lets stand beside a `$ref`, besides `x-security`; and what a composition says that adds nothing else to one.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub description: Option<String>,
    pub read_only: bool,
    pub write_only: bool,
    /// Null is admitted besides: an alternative of `oneOf` or `anyOf` said so.
    pub nullable: bool,
    /// Beside a composition that says no more than the reference.
    pub default: Option<Node>,
}

impl Beside {
    /// Whether nothing of it bears on what is taken.
    pub fn is_silent(&self) -> bool {
        !self.read_only && !self.write_only && !self.nullable && self.default.is_none()
    }
}

#[derive(Debug, Clone)]
pub struct Schema {
    pub place: Place,
    /// The one non-null type, when declared.
    pub kind: Option<Spanned<Kind>>,
    /// It admits any JSON value, and says so by holding no assertion.
    pub free: bool,
    /// 3.0 `nullable: true`, or `null` among the 3.1 types.
    pub nullable: bool,
    pub title: Option<String>,
    pub description: Option<String>,
    pub format: Option<Spanned<String>>,
    pub enumeration: Option<Spanned<Vec<Node>>>,
    pub constant: Option<Node>,
    pub default: Option<Node>,
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub multiple_of: Option<Spanned<String>>,
    pub min_length: Option<Spanned<u64>>,
    pub max_length: Option<Spanned<u64>>,
    pub pattern: Option<Spanned<String>>,
    pub items: Option<Box<SchemaUse>>,
    pub min_items: Option<Spanned<u64>>,
    pub max_items: Option<Spanned<u64>>,
    pub unique_items: bool,
    pub properties: Vec<(Spanned<String>, SchemaUse)>,
    pub required: Vec<Spanned<String>>,
    pub additional: Additional,
    /// What the values of members are that `properties` does not name: `additionalProperties`.
    pub values: Option<Box<SchemaUse>>,
    /// What the names of such members are: `propertyNames`, where it says more than any string. Only beside `values`, and
    /// where `properties` names none.
    pub names: Option<Box<SchemaUse>>,
    pub min_properties: Option<Spanned<u64>>,
    pub max_properties: Option<Spanned<u64>>,
    pub read_only: bool,
    pub write_only: bool,
    /// What stands beside the alternatives, where there are several and nothing else is composed.
    pub choice: Option<Choice>,
    /// The type is null and nothing else; its place. Only of a part of a composition.
    pub only_null: Option<Place>,
    /// `allOf`, `oneOf` and `anyOf` as they are written, until they are put together to one schema. What is left of them is
    /// a choice, or was refused by name, for whoever looks at a document without generating from it.
    pub compositions: Vec<Composition>,
    /// Members of other parts of an `allOf` that a closed part does not declare: no value has them.
    pub excluded: Vec<Excluded>,
    /// `x-security` of this schema (as a property: `sensitive`, `read`, `write`).
    pub extension: Option<Node>,
}

/// Several alternatives, and what is said of them as a whole.
#[derive(Debug, Clone)]
pub struct Choice {
    /// `oneOf`, and not `anyOf`.
    pub exactly_one: bool,
    /// Of the keyword.
    pub place: Place,
    /// The first keyword beside it that asks for something else besides.
    pub beside: Option<Place>,
    pub discriminator: Option<Discriminator>,
}

/// The member that says which alternative an object is.
#[derive(Debug, Clone)]
pub struct Discriminator {
    pub place: Place,
    pub property: String,
    /// Words, and the schema that each stands for, as it is written.
    pub mapping: Vec<(String, String)>,
}

impl Schema {
    /// One that says nothing.
    pub(super) fn silent(place: Place) -> Schema {
        Schema {
            place,
            kind: None,
            free: false,
            nullable: false,
            title: None,
            description: None,
            format: None,
            enumeration: None,
            constant: None,
            default: None,
            minimum: None,
            maximum: None,
            multiple_of: None,
            min_length: None,
            max_length: None,
            pattern: None,
            items: None,
            min_items: None,
            max_items: None,
            unique_items: false,
            properties: Vec::new(),
            required: Vec::new(),
            additional: Additional::Absent,
            values: None,
            names: None,
            min_properties: None,
            max_properties: None,
            read_only: false,
            write_only: false,
            only_null: None,
            choice: None,
            compositions: Vec::new(),
            excluded: Vec::new(),
            extension: None,
        }
    }

    /// Whether it has no rule of its own, compositions and a type of null aside: words, a default, and who may send or read
    /// it are none.
    pub(super) fn is_silent(&self) -> bool {
        let counts = [
            &self.min_length,
            &self.max_length,
            &self.min_items,
            &self.max_items,
            &self.min_properties,
            &self.max_properties,
        ];
        let texts = [&self.format, &self.multiple_of, &self.pattern];
        self.kind.is_none()
            && self.lists().is_none()
            && self.minimum.is_none()
            && self.maximum.is_none()
            && counts.iter().all(|count| count.is_none())
            && texts.iter().all(|text| text.is_none())
            && self.items.is_none()
            && !self.unique_items
            && self.properties.is_empty()
            && self.required.is_empty()
            && self.additional == Additional::Absent
            && self.values.is_none()
    }

    /// Whether it is silent, and has neither null nor a composition.
    pub(super) fn is_blank(&self) -> bool {
        self.is_silent() && self.only_null.is_none() && self.compositions.is_empty()
    }

    /// Whether every string is of it, and nothing is said of who may send or read one.
    pub(super) fn is_any_text(&self) -> bool {
        let text = self.kind.as_ref();
        let text = text.is_none_or(|kind| kind.value == Kind::String);
        let untyped = Schema {
            kind: None,
            ..self.clone()
        };
        let marked = self.extension.is_some() || self.read_only || self.write_only;
        text && untyped.is_blank() && !marked
    }

    /// `enum`, or `const` as a list of one.
    pub fn lists(&self) -> Option<Spanned<Vec<Node>>> {
        let constant = || {
            let node = self.constant.clone()?;
            Some(Spanned {
                place: node.place,
                value: vec![node],
            })
        };
        self.enumeration.clone().or_else(constant)
    }

    /// Parts of `allOf` that were not put together.
    pub fn all_of(&self) -> impl Iterator<Item = &SchemaUse> {
        self.composed(|keyword| keyword == Composing::AllOf)
    }

    /// Alternatives of `oneOf` and `anyOf`, where they are several.
    pub fn alternatives(&self) -> impl Iterator<Item = &SchemaUse> {
        self.composed(|keyword| keyword != Composing::AllOf)
    }

    /// Every schema that is composed here, by whichever keyword.
    pub fn parts(&self) -> impl Iterator<Item = &SchemaUse> {
        self.composed(|_| true)
    }

    fn composed(&self, keep: fn(Composing) -> bool) -> impl Iterator<Item = &SchemaUse> {
        let kept = self.compositions.iter();
        kept.filter(move |each| keep(each.keyword))
            .flat_map(|each| &each.parts)
    }
}

/// Schemas that are put together.
#[derive(Debug, Clone)]
pub struct Composition {
    pub keyword: Composing,
    /// Of the keyword.
    pub place: Place,
    pub parts: Vec<SchemaUse>,
    /// Whether every part could be read.
    pub whole: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Composing {
    AllOf,
    OneOf,
    AnyOf,
}

impl Composing {
    pub const ALL: [Composing; 3] = [Composing::AllOf, Composing::OneOf, Composing::AnyOf];

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Composing::AllOf => "allOf",
            Composing::OneOf => "oneOf",
            Composing::AnyOf => "anyOf",
        }
    }
}

/// A member that no value has.
#[derive(Debug, Clone)]
pub struct Excluded {
    pub name: Spanned<String>,
    pub schema: SchemaUse,
    /// The part that says `additionalProperties: false` and does not declare it.
    pub closed: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

/// A bound of a number as it was written; 3.0's boolean `exclusive*` is already folded in.
#[derive(Debug, Clone)]
pub struct Bound {
    pub lexeme: String,
    pub exclusive: bool,
    pub place: Place,
}

/// `additionalProperties`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Additional {
    Absent,
    Forbidden,
    /// Members that are not named are admitted; the place of the key.
    Open(Place),
}
