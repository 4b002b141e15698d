//! What OpenAPI has and palisade does not represent yet: each by name, with a way out. Nothing here is ever dropped.

use crate::diagnostic::Code;

/// A construct that stops generation because it is not supported yet.
#[derive(Debug)]
pub struct Gap {
    pub code: Code,
    pub name: &'static str,
    /// What a person can write instead today.
    pub way_out: &'static str,
}

macro_rules! gaps {
    ($($id:ident = $code:literal, $name:literal, $way_out:literal;)*) => {
        $(pub const $id: Gap = Gap { code: $code, name: $name, way_out: $way_out };)*
        /// All of them, in the order of their codes.
        pub const ALL: &[&Gap] = &[$(&$id),*];
    };
}

gaps! {
    REMOTE_REF = 4001, "$ref to another file", "copy the target into `components` of this document and refer to it as `#/components/…`";
    DEEP_REF = 4002, "$ref to something that is not a component", "move the target to `components` and refer to it by name";
    REF_SIBLINGS = 4003, "keyword beside $ref", "write a schema of its own in `components.schemas` that holds the keyword, and refer to that";
    ALL_OF = 4004, "allOf of parts that do not make one schema", "write the members of all parts into one schema";
    ONE_OF = 4005, "oneOf of several schemas as a part of allOf, or beside anyOf", "write what the other parts say into each alternative";
    ANY_OF = 4006, "anyOf of several schemas as a part of allOf, or beside oneOf", "write what the other parts say into each alternative";
    NOT = 4007, "not", "say with `enum`, `pattern` or bounds what is allowed";
    CONDITIONAL = 4008, "if/then/else", "declare one schema for each case and one operation for each schema";
    DISCRIMINATOR = 4009, "discriminator", "declare one schema for each case and one operation for each schema";
    PREFIX_ITEMS = 4010, "prefixItems other than equal schemas before `items: false`", "declare an object with one property for each position";
    CONTAINS = 4011, "contains", "check it in the handler, and remove the keyword";
    PATTERN_PROPERTIES = 4012, "patternProperties", "declare a list of objects with a key and a value member";
    PROPERTY_NAMES = 4013, "propertyNames beside declared properties, or without additionalProperties", "remove it where the names are those of `properties`; else declare a list of objects with a key and a value member";
    DEPENDENT = 4014, "dependentRequired/dependentSchemas", "declare one schema for each case and one operation for each schema";
    UNEVALUATED = 4015, "unevaluatedItems/unevaluatedProperties", "remove the keyword; members that are not declared are refused anyway";
    DYNAMIC = 4016, "$dynamicRef/$dynamicAnchor", "refer to a component by `$ref`";
    VOCABULARY = 4017, "$vocabulary", "remove it; the dialect is the one of OpenAPI 3.1";
    IDENTIFIER = 4018, "$id/$anchor", "remove it and refer to components as `#/components/schemas/NAME`";
    DIALECT = 4019, "another JSON Schema dialect", "remove it; the dialect is the one of OpenAPI 3.1";
    DEFS = 4020, "$defs", "move the definitions to `components.schemas`";
    CONTENT = 4021, "contentEncoding/contentMediaType/contentSchema", "remove the keyword and decode the text in the handler";
    BOOLEAN_SCHEMA = 4023, "a schema that is `false`, or a part that is `true`", "declare a schema with a `type`";
    NO_TYPE = 4024, "a schema that asserts something and has no `type`", "declare `type`; a value that may be any JSON has a schema without assertions: `{}`, or a description alone";
    SEVERAL_TYPES = 4025, "several types besides null", "declare one type, or one property for each type";
    NULL_TYPE = 4026, "a type that is only null", "remove the property, or declare the type it has when it is not null";
    FREE_ITEMS = 4027, "an array without `items`", "declare `items`; where they may be any JSON, write `items: {}`";
    RESPONSE_HEADERS = 4028, "a response header that is required and that the service does not send itself", "send what it says in the body, or let it be absent (`required: false`): palisade sends no headers of the document";
    PARAMETER_STYLE = 4029, "a parameter style that is not the default", "remove `style` and write lists with commas or under a repeated name, or send them in the body";
    PARAMETER_CONTENT = 4030, "parameter content", "declare a `schema` with a scalar type, or send the value in the body";
    RESERVED = 4031, "allowEmptyValue/allowReserved", "remove it; an empty value is refused by the schema";
    ENCODING = 4032, "encoding", "remove it";
    CALLBACKS = 4033, "callbacks", "remove them; palisade guards what comes in, not what goes out";
    WEBHOOKS = 4034, "webhooks", "remove them; palisade guards what comes in, not what goes out";
    TRACE = 4035, "the TRACE method", "remove the operation; TRACE echoes credentials";
    SERVER_VARIABLES = 4036, "server variables", "write the address out";
    LOCAL_SERVERS = 4037, "servers of a path or an operation", "declare the servers at the root";
    SCHEME_REF = 4038, "$ref to a security scheme", "write the scheme out";
    PATH_SEGMENT = 4039, "a path segment that is partly a parameter", "give the parameter a segment of its own";
    PATH_CHARACTERS = 4040, "a path with characters that must be percent-encoded", "write the path with letters, digits and `-._~!$&'()*+,;=:@`";
    BODY_OF_GET = 4041, "a request body of GET or HEAD", "use POST, or query parameters";
    EXACTNESS = 4042, "a number that is too large to compare", "write the bound with fewer digits";
    VERSION_32 = 4043, "OpenAPI 3.2", "declare `openapi: 3.1.1` where the document needs nothing of 3.2";
    DEPTH = 4044, "schemas nested more than 64 deep", "move the inner schemas to `components.schemas`";
    ALIAS = 4045, "a component schema that is only a $ref", "refer to the schema itself";
    NULLABLE_ALONE = 4046, "`nullable` without `type` beside or within allOf, oneOf or anyOf", "write `nullable: true` beside the `type` of every part that has one: without a `type` it does nothing in OpenAPI 3.0";
    NULL_TWICE = 4047, "oneOf of several alternatives that admit null", "let one of them admit it: with `oneOf` a null that fits two is refused";
    RECURSIVE_PARTS = 4048, "a composition that contains itself", "write the members of all parts into one schema";
}
