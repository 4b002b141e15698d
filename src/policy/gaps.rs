//! What this version does not enforce and therefore refuses, by name: one table for policy, plan and `palisade gaps`.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Place;

/// A construct that is understood and not enforced. Meeting one stops generation.
#[derive(Debug, Clone, Copy)]
pub struct Gap {
    pub code: Code,
    /// How a person would write it.
    pub construct: &'static str,
    /// What it would take.
    pub why: &'static str,
    /// What to write today.
    pub instead: &'static str,
}

impl Gap {
    /// The diagnostic for one place where the construct stands.
    pub fn at(&self, place: Place) -> Diagnostic {
        Diagnostic::new(
            self.code,
            place,
            format!(
                "{} is not enforced by this version: {}",
                self.construct, self.why
            ),
        )
        .help(format!(
            "{}, or wait: `palisade gaps` lists what this version refuses",
            self.instead
        ))
    }
}

macro_rules! gaps {
    ($($name:ident = $code:literal, $construct:literal, $why:literal, $instead:literal;)+) => {
        $(pub const $name: Gap = Gap { code: $code, construct: $construct, why: $why, instead: $instead };)+
        /// All of them, by code.
        pub const GAPS: &[Gap] = &[$($name),+];
    };
}

gaps! {
    // x-security, root level.
    UNKNOWN = 4303, "`unknown`", "members and parameters that are not named are always rejected", "remove it: rejecting is the default";
    SECURITY_HEADERS = 4304, "`securityHeaders`", "the preset `api` is always sent", "remove it";
    CAPTCHA = 4307, "`captcha`", "no verifier is asked yet", "remove it and lower the `rateLimit`";
    AUDIT = 4309, "`audit`", "events are always OCSF, all of them", "remove it";
    ALERTS = 4310, "`alerts`", "no alert rules are emitted yet", "remove it";
    ADMIN = 4311, "`admin`", "there is no control over TCP yet", "remove it";
    PROBLEMS = 4312, "`problems`", "problem types and status codes are fixed", "remove it";
    TRUSTED_PROXIES = 4313, "`trustedProxies`", "no proxy is believed yet: the client is the other end of the connection", "remove it; without TLS of its own the service listens on loopback";
    CLIENT_ADDRESS = 4314, "this `clientAddress`", "fields of proxies are not read yet", "write `peer`, which is the default";
    ADDRESSES = 4315, "`allow` or `deny`", "no address is let in or kept out by itself yet", "remove it and filter before the service";
    MOUNT = 4316, "`mount`", "the mount is the path of the first `servers` entry", "remove it and write that path into `servers`";
    // x-security, auth.
    AUTH_HTTP = 4321, "`auth` for a scheme of HTTP authentication other than bearer and basic", "it is not verified yet", "use a scheme with JWT bearer tokens";
    ALGORITHM = 4323, "this algorithm", "secp256k1 and Ed448 are not verified", "use EdDSA, or an algorithm of HS, RS, PS or ES with 256, 384 or 512";
    KEY_HEADER = 4326, "an API key in this header field", "the service reads the field itself, or a proxy does", "name a field of its own, such as `X-Api-Key`, or use a scheme with JWT bearer tokens";
    // x-security, resources and ownership.
    OWNS_PUBLIC_ANY = 4335, "`any` on a public operation", "objects are loaded for a caller", "remove `owns`: a public operation needs none";
    OWNS_OPTIONAL_ID = 4336, "a resource's parameter that is not required", "an object that may be absent cannot be proved", "make the parameter required";
    OWNS_TWO_LISTS = 4337, "lists of two resources in one operation", "a reply is a list of one resource", "name one";
    OWNS_WHOSE_REPLY = 4338, "a reply with members for the owner, where the operation proves several objects", "it is not said whose reply it is", "prove one object, or let roles alone read those members";
    OWNS_TWO_ISSUERS = 4339, "ownership in a document whose callers come from several issuers", "an owner is compared by subject, and one issuer's subject may be another's", "let one issuer sign for all operations that own";
    // x-security, rate limits.
    ESCALATE = 4340, "`escalate`", "refusals do not lengthen yet", "remove it";
    BY_PARAMETER = 4342, "`by: parameter:NAME`", "only top-level members of a body are counted by", "count by subject or ip";
    BY_NESTED_FIELD = 4343, "`by: field:` with a pointer into a nested value", "only top-level members of a body are counted by", "name a top-level member";
    LIMIT_REFERENCE = 4344, "a reference in place of a number", "limits are fixed when palisade runs", "write the number";
    // x-security, sub-resources and ids in bodies.
    PARENT_UNNAMED = 4345, "a list, or the ids of a body, of what is part of an object whose id is no parameter", "they are held against one parent, which the path names", "put the parent's id into the path";
    TWO_PARTS = 4346, "two parts of one object whose id is no parameter", "it is not said which of them names it", "put the parent's id into the path";
    OWNS_SHARED = 4347, "an id of a body that an operation takes without a proof", "its text is kept from every handler, and a proof is made from one place of a body", "describe the bodies by schemas of their own, or prove it wherever it is taken";
    OWNS_READ = 4348, "an expression or a limit that reads an id of a body that `owns` proves", "its text is kept until the object is loaded", "read the facts of the object in a policy instead";
    OWNS_MANY = 4349, "more ids in one body than `limits.array`", "each of them is loaded", "lower `maxItems`, or raise `limits.array`";
    // x-security, cors and limits.
    CORS_FILE = 4350, "`cors.origins` from a file or from Vault", "origins come from the document or the environment", "use `env:NAME`";
    DECOMPRESSION = 4351, "`decompression`", "compressed bodies are refused", "remove it";
    HTTP2 = 4352, "`http2`", "the service speaks HTTP/1.1", "remove it";
    OPERATION_LIMIT = 4353, "this limit on one operation", "it is one for the whole service", "set it in `limits` at the root";
    OWNS_LIST = 4354, "`mode: list` with an `id`, by tenant, or by a policy over parts of other objects", "every row is held against its owner or its policy alone", "remove `id` and `by`, or write `by: policy NAME` for objects that are no parts";
    // x-security, operations.
    OPERATION_CAPTCHA = 4365, "`captcha`", "no verifier is asked yet", "remove it and lower the `rateLimit`";
    IDEMPOTENCY = 4366, "`idempotency`", "requests are not remembered yet", "remove it";
    CACHE = 4367, "`cache`", "everything is sent with `no-store`", "remove it";
    OPERATION_AUDIT = 4368, "`audit`", "events are always OCSF, all of them", "remove it";
    SUNSET = 4369, "`sunset`", "the header is not sent yet", "remove it";
    RAW = 4370, "`raw`", "bodies are always JSON of a declared schema", "describe the body by a schema";
    // x-security, schemas and properties.
    NORMALIZE = 4381, "`normalize`", "strings are handed over as they came", "remove it";
    URL = 4382, "`url`", "addresses are not checked yet", "remove it and give a `pattern`";
    FILES = 4383, "`files` on a value that is no file", "only files have sizes, names and content of a type", "describe the value as `type: string, format: binary`, or as an array of them";
    WRITE_OWNER = 4384, "`write: owner`", "members are decided before the object is loaded", "let `owns` decide for the whole operation";
    MARK_TWICE = 4385, "the same key beside `$ref` and in the component", "one would have to win", "keep one of them";
    MARK_NOT_MEMBER = 4386, "`x-security`, `readOnly` or `writeOnly` on a schema that is not a property", "only members of objects are guarded one by one", "move it to the property";
    SECRET_NOT_TEXT = 4387, "`sensitive: secret` on a value that is not a plain string", "only strings are redacted and wiped", "make it a string";
    CREATE_REQUIRED = 4388, "a required member with `write: create` in a request that does not create", "it could neither be sent nor left out", "use another schema for the update";
    // Expressions.
    CEL = 4390, "this part of CEL", "expressions are compiled to Rust, and it has no counterpart there yet", "write it otherwise";
    RULES_NO_OBJECT = 4391, "`rules` beside a `$ref`, or on a schema that is no object", "a rule speaks of the members of one object, wherever it is used", "move them to the object that holds the value";
    RULES_UNSENT = 4392, "`rules` on an object that no request sends", "rules are held against what is sent", "remove them, or move them to the object that is sent";
    // Schemas.
    FORMAT = 4402, "this `format`", "it is not checked yet", "remove it and give a `pattern` and a `maxLength`";
    RECURSION = 4403, "a schema that contains itself", "types are finite", "flatten it";
    ENUM_KIND = 4404, "`enum` or `const` of values that are not strings", "only strings are enumerated", "use strings";
    ENUM_BESIDE = 4405, "`enum` or `const` beside other constraints", "the words are the whole rule", "remove the other constraints";
    UNTYPED = 4406, "a schema that asserts something and has no `type`", "what it says of other types is left open", "add `type`, or remove the assertions where any JSON is meant";
    EMPTY_OBJECT = 4407, "an object without properties", "objects are closed and their members typed", "name its properties";
    NO_ITEMS = 4408, "an array without `items`", "anything would be admitted", "add `items`; where they may be any JSON, write `items: {}`";
    NESTED_ARRAY = 4409, "an array of arrays", "items are objects or plain values", "wrap the inner array in an object";
    UNIQUE_OBJECTS = 4410, "`uniqueItems` over objects or any JSON", "objects are not compared", "remove it";
    MULTIPLE_OF = 4411, "this `multipleOf`", "steps are positive integers within int64", "use an integer";
    INTEGER_BOUND = 4412, "a bound that is not an integer", "integers have integer bounds", "write an integer";
    PATTERN = 4414, "this `pattern`", "it cannot be matched in linear time", "write it without look-around and back-references";
    NULL_HERE = 4415, "`null` here", "only members of objects and items of arrays may be null", "remove it from the type";
    PATTERN_SIZE = 4416, "a `pattern` of this size", "repetitions are written out, and patterns stay small enough to compile at start", "repeat less, and bound the length with `maxLength`";
    // Operations.
    METHOD = 4430, "this method", "HEAD is answered by GET and OPTIONS by palisade", "remove the operation";
    PARTIAL_SEGMENT = 4431, "a path segment that is partly a parameter", "a segment is a literal or one parameter", "make the parameter a segment of its own";
    LITERAL_SEGMENT = 4432, "a path segment with this character", "literals are letters, digits and `-._~!$&'()*+,;=`", "rename the segment";
    EMPTY_SEGMENT = 4433, "an empty or dot path segment", "clients and proxies rewrite such paths", "remove it";
    SERVER = 4434, "this address of a server", "its path is the mount and must be plain", "write a plain address without variables, query and fragment";
    PARAMETER_KIND = 4435, "a parameter that is an object, any JSON, or a list of anything but plain values", "parameters are plain values and lists of them", "use a plain value, or send it in the body";
    COOKIE = 4436, "a parameter in a cookie", "cookies are not read", "use a header";
    RESERVED_HEADER = 4437, "this header as a parameter", "it is read by the service itself", "remove it";
    PARAMETER_DEFAULT = 4438, "a `default` for a parameter with a format, or for a list", "it would have to be checked as one", "remove the default";
    ITEM = 4439, "an item that cannot stand between commas", "an empty one is told from none at all by nobody, and a header escapes neither commas nor blanks at the ends", "remove the word, or describe the list by `explode: true` in the query";
    BODY_MEDIA_TYPE = 4440, "a request body of this media type", "JSON, forms, plain text and bytes are read", "describe the body as `application/json`, `application/x-www-form-urlencoded`, `multipart/form-data` or `text/plain`; a file of any kind as `application/octet-stream`, or as a part of `multipart/form-data`";
    FORM_SCHEMA = 4441, "a form that is not an object", "pairs and parts are members by their names", "describe the body as `application/json` alone, or wrap it in an object";
    REPLY_RANGE = 4442, "content for a range of statuses below 400", "a reply has one status", "name the status";
    REPLY_STATUS = 4443, "this status", "only 200 to 599 are answered", "remove it";
    REPLY_CONTENT = 4444, "content without `application/json` or `text/plain`, or with a problem beside it", "only JSON and plain text are written", "describe it as `application/json`";
    REPLY_NONE = 4446, "an operation whose responses are errors", "its handler could answer nothing", "declare what a success is";
    LIST_REPLY = 4447, "`owns: list` where a JSON reply is not an array of objects", "only rows that were admitted are sent", "reply with an array of the resource's objects";
    RESOURCE_ID = 4448, "an id that is neither text nor an integer", "ids are strings or whole numbers", "use `type: string`";
    BODY_SCHEMAS = 4449, "another schema for this media type of a request body", "what is taken does not depend on how it is written", "give all of them the same `$ref`, or the body one media type";
    FORM_MEMBER = 4450, "a form with a member that is `null`, any JSON, an object or a list of them", "a form spells plain values and lists of them", "describe the body as `application/json`";
    FILE_HERE = 4451, "a file (`format: binary`) here", "files are parts of a `multipart/form-data` body, beside one another", "move it to a member of such a body, without `null` and `uniqueItems`, and let the body be nothing else; or let the whole body be the file, as `application/octet-stream`";
    PART_NULL = 4452, "a form of several parts with a member that is `null` or any JSON", "no part says `null`", "remove `null` from the type, or give the member one";
    UNION_OPEN = 4460, "alternatives that may both match", "which of them a value is must be told before it is read", "give both a required member with words of its own (`const` or `enum`), or one of them a required member that the other does not declare";
    UNION_BESIDE = 4461, "a keyword beside `oneOf` or `anyOf`", "the alternatives are the whole rule", "write it into each alternative";
    UNION_DISCRIMINATOR = 4462, "this `discriminator`", "the words of the member itself tell the alternatives apart", "let every alternative be a component that requires the property with a `const` or `enum` of its own, which is its name or the word that `mapping` gives it";
    UNION_UNTYPED = 4463, "an alternative without a `type` of its own", "what it takes must be told without what stands around it", "write `type` and members into the alternative";
    UNION_HERE = 4464, "a member with alternatives in a form", "a form spells plain values", "describe the body as `application/json`";
    UNION_MANY = 4465, "more than 200 alternatives", "each is held against each other", "declare an object for those that have a word in common";
    TEXT_BODY = 4470, "`text/plain` of an object, an array or a map, or beside another media type of a request body", "a text spells one value, as a parameter does", "describe it as `application/json` alone";
    REST_TYPE = 4472, "`additionalProperties` beside `properties` that are objects or enumerations", "members that are not named are plain values, lists and maps of them, or any JSON", "declare them in a member of their own, as a map";
    FORM_REST = 4473, "a form with members that nobody named", "pairs and parts are members by their names", "remove `additionalProperties`, or describe the body as `application/json`";
    NUMBER_BOUND = 4474, "a bound or a step of `type: number` that no double can stand for", "what is beyond the doubles, either way, is never read", "remove it, or write one within their range";
    NUMBER_STEP = 4475, "`multipleOf` of more than 18 significant digits", "multiples are told by arithmetic of whole numbers that is exact that far", "write a step of fewer digits";
    OCTETS_BODY = 4480, "`application/octet-stream` of anything but a file, or beside another media type of a request body", "bytes are one file, and say nothing that another media type could say", "describe it as `type: string, format: binary` (in 3.1 the schema may be left out) and alone, or name in `x-security.media` which is taken";
    OCTETS_FILES = 4481, "`maxCount` or `names` of a body that is one file", "it is one, and nobody says what it is called", "remove them; `maxSize` and `mediaTypes` hold here too";
    NAMES = 4486, "names of members (`propertyNames`) that are no strings, or are compositions, files or passwords", "names are texts with a length, a pattern, a format or an enumeration", "declare `type: string` with what names have to be";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<Code> = GAPS.iter().map(|gap| gap.code).collect();
        assert!(
            codes.windows(2).all(|pair| pair.first() < pair.last()),
            "{codes:?}"
        );
        assert!(codes.iter().all(|code| (4300..4500).contains(code)));
    }

    #[test]
    fn every_gap_names_a_way_out() {
        for gap in GAPS {
            assert!(
                !gap.instead.is_empty() && !gap.why.is_empty(),
                "{}",
                gap.construct
            );
        }
    }
}
