//! Which keys each object of OpenAPI has, in which version, and what becomes of each. One table an object.

use super::Version;
use super::gaps::{self, Gap};

/// What the reader does with a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// A reader takes it.
    Read,
    /// It says nothing about behaviour.
    Ignored,
    /// It is refused by name.
    Gap(&'static Gap),
    /// It is refused by name unless it is `{}` or `[]`, which says nothing.
    GapUnlessEmpty(&'static Gap),
}

/// A key of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyRule {
    pub(super) name: &'static str,
    /// `None`: both versions.
    pub(super) only: Option<Version>,
    pub(super) role: Role,
}

/// An object of OpenAPI.
#[derive(Debug)]
pub(super) struct Shape {
    /// With its article, as in "a path item has no key `x`".
    pub(super) name: &'static str,
    /// Whether the vocabulary has `x-security` here.
    pub(super) extension: bool,
    pub(super) keys: &'static [KeyRule],
}

const fn key(name: &'static str, role: Role) -> KeyRule {
    KeyRule {
        name,
        only: None,
        role,
    }
}
const fn read(name: &'static str) -> KeyRule {
    key(name, Role::Read)
}
const fn doc(name: &'static str) -> KeyRule {
    key(name, Role::Ignored)
}
const fn gap(name: &'static str, gap: &'static Gap) -> KeyRule {
    key(name, Role::Gap(gap))
}
const fn gap_unless_empty(name: &'static str, gap: &'static Gap) -> KeyRule {
    key(name, Role::GapUnlessEmpty(gap))
}
const fn v30(rule: KeyRule) -> KeyRule {
    KeyRule {
        only: Some(Version::V30),
        ..rule
    }
}
const fn v31(rule: KeyRule) -> KeyRule {
    KeyRule {
        only: Some(Version::V31),
        ..rule
    }
}
const fn shape(name: &'static str, keys: &'static [KeyRule]) -> Shape {
    Shape {
        name,
        extension: false,
        keys,
    }
}
const fn annotated(name: &'static str, keys: &'static [KeyRule]) -> Shape {
    Shape {
        name,
        extension: true,
        keys,
    }
}

pub(super) static ROOT: Shape = annotated(
    "the document",
    &[
        read("openapi"),
        read("info"),
        v31(read("jsonSchemaDialect")),
        read("servers"),
        read("paths"),
        v31(gap_unless_empty("webhooks", &gaps::WEBHOOKS)),
        read("components"),
        read("security"),
        read("tags"),
        read("externalDocs"),
    ],
);

pub(super) static INFO: Shape = shape(
    "info",
    &[
        read("title"),
        v31(doc("summary")),
        read("description"),
        doc("termsOfService"),
        read("contact"),
        read("license"),
        read("version"),
    ],
);

pub(super) static CONTACT: Shape = shape("contact", &[doc("name"), doc("url"), doc("email")]);

pub(super) static LICENSE: Shape = shape(
    "license",
    &[doc("name"), v31(doc("identifier")), doc("url")],
);

pub(super) static EXTERNAL_DOCS: Shape = shape("externalDocs", &[doc("description"), doc("url")]);

pub(super) static DISCRIMINATOR: Shape =
    shape("a discriminator", &[read("propertyName"), read("mapping")]);

pub(super) static MAPPING: Shape = shape("mapping", &[]);

pub(super) static TAG: Shape = shape(
    "a tag",
    &[doc("name"), doc("description"), read("externalDocs")],
);

pub(super) static SERVER: Shape = shape(
    "a server",
    &[
        read("url"),
        doc("description"),
        gap_unless_empty("variables", &gaps::SERVER_VARIABLES),
    ],
);

pub(super) static COMPONENTS: Shape = shape(
    "components",
    &[
        read("schemas"),
        read("responses"),
        read("parameters"),
        doc("examples"),
        read("requestBodies"),
        // Headers, links and callbacks do nothing by themselves; where a response or an operation uses them, they are
        // read, ignored or refused there.
        doc("headers"),
        read("securitySchemes"),
        doc("links"),
        doc("callbacks"),
        v31(read("pathItems")),
    ],
);

pub(super) static PATH_ITEM: Shape = annotated(
    "a path item",
    &[
        read("$ref"),
        doc("summary"),
        doc("description"),
        read("get"),
        read("put"),
        read("post"),
        read("delete"),
        read("options"),
        read("head"),
        read("patch"),
        gap("trace", &gaps::TRACE),
        gap_unless_empty("servers", &gaps::LOCAL_SERVERS),
        read("parameters"),
    ],
);

pub(super) static OPERATION: Shape = annotated(
    "an operation",
    &[
        read("tags"),
        read("summary"),
        read("description"),
        read("externalDocs"),
        read("operationId"),
        read("parameters"),
        read("requestBody"),
        read("responses"),
        gap_unless_empty("callbacks", &gaps::CALLBACKS),
        doc("deprecated"),
        read("security"),
        gap_unless_empty("servers", &gaps::LOCAL_SERVERS),
    ],
);

pub(super) static PARAMETER: Shape = annotated(
    "a parameter",
    &[
        read("name"),
        read("in"),
        read("description"),
        read("required"),
        doc("deprecated"),
        read("allowEmptyValue"),
        read("style"),
        read("explode"),
        read("allowReserved"),
        read("schema"),
        doc("example"),
        doc("examples"),
        gap("content", &gaps::PARAMETER_CONTENT),
    ],
);

pub(super) static REQUEST_BODY: Shape = shape(
    "a request body",
    &[read("description"), read("content"), read("required")],
);

pub(super) static MEDIA_TYPE: Shape = shape(
    "a media type",
    &[
        read("schema"),
        doc("example"),
        doc("examples"),
        gap_unless_empty("encoding", &gaps::ENCODING),
    ],
);

/// What is said of bytes beside their media type.
pub(super) static BYTES: Shape = annotated(
    "a schema",
    &[
        read("title"),
        read("description"),
        read("minLength"),
        read("maxLength"),
        doc("format"),
        doc("contentMediaType"),
        doc("deprecated"),
        doc("example"),
        doc("examples"),
        doc("$comment"),
    ],
);

pub(super) static RESPONSE: Shape = shape(
    "a response",
    &[
        read("description"),
        read("headers"),
        read("content"),
        doc("links"),
    ],
);

/// Of a response, one that the service sends itself.
pub(super) static HEADER: Shape = shape(
    "a header field",
    &[
        doc("description"),
        doc("required"),
        doc("deprecated"),
        read("style"),
        read("explode"),
        read("schema"),
        doc("example"),
        doc("examples"),
        gap("content", &gaps::PARAMETER_CONTENT),
    ],
);

/// Of a response, any other. Nothing but whether it must be there matters for a service that does not send it.
pub(super) static OTHER_HEADER: Shape = shape(
    "a header field",
    &[
        doc("description"),
        read("required"),
        doc("deprecated"),
        doc("allowEmptyValue"),
        doc("style"),
        doc("explode"),
        doc("allowReserved"),
        doc("schema"),
        doc("example"),
        doc("examples"),
        doc("content"),
    ],
);

pub(super) static SECURITY_SCHEME: Shape = shape(
    "a security scheme",
    &[
        read("type"),
        read("description"),
        read("name"),
        read("in"),
        read("scheme"),
        read("bearerFormat"),
        read("flows"),
        read("openIdConnectUrl"),
    ],
);

pub(super) static FLOWS: Shape = shape(
    "flows",
    &[
        read("implicit"),
        read("password"),
        read("clientCredentials"),
        read("authorizationCode"),
    ],
);

pub(super) static FLOW: Shape = shape(
    "a flow",
    &[
        doc("authorizationUrl"),
        doc("tokenUrl"),
        doc("refreshUrl"),
        read("scopes"),
    ],
);

pub(super) static SCHEMA: Shape = annotated(
    "a schema",
    &[
        read("$ref"),
        read("type"),
        read("title"),
        read("description"),
        read("format"),
        read("enum"),
        v31(read("const")),
        read("default"),
        v30(read("nullable")),
        read("minimum"),
        read("maximum"),
        read("exclusiveMinimum"),
        read("exclusiveMaximum"),
        read("multipleOf"),
        read("minLength"),
        read("maxLength"),
        read("pattern"),
        read("items"),
        read("minItems"),
        read("maxItems"),
        read("uniqueItems"),
        read("properties"),
        read("required"),
        read("additionalProperties"),
        read("minProperties"),
        read("maxProperties"),
        read("readOnly"),
        read("writeOnly"),
        doc("deprecated"),
        doc("example"),
        v31(doc("examples")),
        doc("xml"),
        doc("externalDocs"),
        v31(doc("$comment")),
        read("allOf"),
        read("oneOf"),
        read("anyOf"),
        gap("not", &gaps::NOT),
        read("discriminator"),
        v31(gap("if", &gaps::CONDITIONAL)),
        v31(gap("then", &gaps::CONDITIONAL)),
        v31(gap("else", &gaps::CONDITIONAL)),
        v31(read("prefixItems")),
        v31(gap("contains", &gaps::CONTAINS)),
        v31(gap("minContains", &gaps::CONTAINS)),
        v31(gap("maxContains", &gaps::CONTAINS)),
        v31(gap("patternProperties", &gaps::PATTERN_PROPERTIES)),
        v31(read("propertyNames")),
        v31(gap("dependentRequired", &gaps::DEPENDENT)),
        v31(gap("dependentSchemas", &gaps::DEPENDENT)),
        v31(gap("unevaluatedItems", &gaps::UNEVALUATED)),
        v31(gap("unevaluatedProperties", &gaps::UNEVALUATED)),
        v31(gap("$dynamicRef", &gaps::DYNAMIC)),
        v31(gap("$dynamicAnchor", &gaps::DYNAMIC)),
        v31(gap("$vocabulary", &gaps::VOCABULARY)),
        v31(gap("$id", &gaps::IDENTIFIER)),
        v31(gap("$anchor", &gaps::IDENTIFIER)),
        v31(gap("$schema", &gaps::DIALECT)),
        v31(gap_unless_empty("$defs", &gaps::DEFS)),
        v31(gap("contentEncoding", &gaps::CONTENT)),
        v31(gap("contentMediaType", &gaps::CONTENT)),
        v31(gap("contentSchema", &gaps::CONTENT)),
    ],
);
