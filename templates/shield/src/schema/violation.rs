//! What is said about a value that is not admitted: where, and which rule; never the value (ruling 104).

/// More than this many are not reported (P58).
pub(crate) const MOST: usize = 20;

/// The longest member name of the caller's choice that a pointer repeats, in characters.
const LONGEST_NAME: usize = 100;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub place: In,
    /// A JSON Pointer (RFC 6901) within `place`; a parameter is `/name` (ruling 10).
    pub pointer: String,
    /// The rule that is broken (ruling 11).
    pub code: &'static str,
    /// The document's words for a rule of its own; every other code has fixed ones.
    pub words: Option<&'static str>,
}

/// The part of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    Body,
    Path,
    Query,
    Header,
    Cookie,
}

impl In {
    /// The word in `errors[].in`.
    pub const fn word(self) -> &'static str {
        match self {
            In::Body => "body",
            In::Path => "path",
            In::Query => "query",
            In::Header => "header",
            In::Cookie => "cookie",
        }
    }
}

impl Violation {
    /// About a parameter.
    pub(crate) fn of_parameter(place: In, name: &str, code: &'static str) -> Self {
        let mut pointer = String::new();
        push_token(&mut pointer, name);
        Violation {
            place,
            pointer,
            code,
            words: None,
        }
    }
}

/// Appends one token to a pointer, escaped. A name may be the caller's own, so it is cut at [`LONGEST_NAME`].
pub(crate) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars().take(LONGEST_NAME) {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// The fixed text for a code, for people. It tells no value and no bound.
pub fn detail(code: &str) -> &'static str {
    match code {
        "required" => "This is missing.",
        "type" => "The value is of another kind than the one declared.",
        "enum" | "const" => "The value is none of those declared.",
        "minLength" => "The text is too short.",
        "maxLength" => "The text is too long.",
        "pattern" => "The text does not have the declared pattern.",
        "format" => "The text does not have the declared format.",
        "minimum" | "exclusiveMinimum" => "The number is too small.",
        "maximum" | "exclusiveMaximum" => "The number is too large.",
        "multipleOf" => "The number is no multiple of the declared step.",
        "minItems" => "There are too few items.",
        "maxItems" => "There are too many items.",
        "uniqueItems" => "Two items are equal.",
        "minProperties" => "There are too few members.",
        "maxProperties" => "There are too many members.",
        "propertyNames" => "The name is none of those declared.",
        "oneOf" => "Not exactly one of the declared shapes fits.",
        "anyOf" => "None of the declared shapes fits.",
        "not" => "The value has a shape that is excluded.",
        "unknown" => "There is no member or parameter of this name.",
        "readOnly" => "This member cannot be written.",
        "forbidden" => "The caller may not write this member.",
        "duplicate" => "This was given more than once.",
        "syntax" => "This cannot be parsed.",
        "control" => "There is a control character that is not allowed.",
        "depth" => "This is nested too deeply.",
        "range" => "There is a number beyond the range of numbers.",
        "empty" => "This must not be empty.",
        "url" => "The address is not among those allowed.",
        "file" => "The file is not of an allowed kind.",
        _ => "A declared rule is broken.",
    }
}
