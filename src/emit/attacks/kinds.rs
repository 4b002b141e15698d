//! Every kind of attack: what is tried, and which requirements of `docs/requirements.md` its cases show.
//!
//! A kind shows a requirement when one of its cases would fail if the requirement were broken. The runner of the attacks
//! prints them beside its counts, and `cargo xtask requirements` makes its page of them.

/// A kind of attack.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// `P39 P40`; nothing where no requirement names what is tried.
    pub shows: &'static str,
    /// One sentence for whoever reads the table.
    pub tried: &'static str,
}

const fn kind(name: &'static str, shows: &'static str, tried: &'static str) -> Kind {
    Kind { name, shows, tried }
}

/// Held against every answer and every event line of every case, whatever its kind: the header set, problems that tell
/// nothing internal and stay small, their media type, one line an event, no token in it.
pub const ALWAYS: &str = "P58 P89 P96 P98 P105 P106";

/// In the order in which they are reported. One line a kind.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    kind("control", "P80", "The plainest request that nothing forbids gets in."),
    kind("public", "", "Where no credentials are wanted, a bad one is not looked at."),
    kind("denied", "P37", "Nobody reaches an operation that is denied, whatever they hold."),
    kind("alternative", "", "Each alternative of `security`, alone: it gets in."),
    kind("half-credentials", "P1 P28", "Of schemes that are needed together, all but one."),
    kind("bad-beside-good", "P2 P28", "A good alternative, and a bad credential of another scheme."),
    kind("key-elsewhere", "P19", "An API key where another kind of field is declared: header, query, cookie."),
    kind("two-keys", "P20", "The same API key twice."),
    kind("no-token", "P1 P19 P80", "Nothing is presented, or a token where none is looked for."),
    kind("two-tokens", "P20", "Two Authorization fields."),
    kind("malformed-token", "P2 P20 P22", "What is no compact JWS, or too long for one."),
    kind("expired", "P2 P14", "A token that is over, or whose end is missing, no number or beyond all times."),
    kind("not-yet", "P2 P15", "A token that begins later, or was issued in the future."),
    kind("lifetime", "P16", "A token that was made for one second too long."),
    kind("wrong-algorithm", "P2 P4 P5", "No algorithm, one that is not allowed or not the key's, or HMAC with the public key as secret."),
    kind("wrong-signature", "P2 P21", "Another key, no signature, or another spelling of it: padding, blanks, bits of no use."),
    kind("wrong-key", "P2 P7 P10 P27", "A key named as a path, as SQL or at length, or brought along; an API key that is unknown, over or in other letters."),
    kind("wrong-password", "P2", "A password or a user that the hook does not know: both look the same."),
    kind("malformed-password", "P2 P20", "What is no user and password in base64, or stands behind another word."),
    kind("wrong-certificate", "P2", "A certificate of another authority, one that is over, for servers, or without exactly one name."),
    kind("critical", "P8", "A header that asks for an extension nobody knows."),
    kind("wrong-issuer", "P12", "Another issuer, none, or ours with a slash behind."),
    kind("wrong-audience", "P13", "Other audiences, or none; ours among others gets in."),
    kind("wrong-type", "P11", "An ID token, or a token that does not say what it is."),
    kind("wrong-claims", "P17 P23", "No subject, claims of another type, a member twice."),
    kind("revoked", "P18", "A token whose name, session or subject was revoked, and one whose was not."),
    kind("no-store", "P18", "Nobody can say whether the token was revoked."),
    kind("wrong-role", "P3 P38 P80", "Every role but those that suffice, none, or names that look alike."),
    kind("wrong-scope", "P3", "All scopes but one of those required."),
    kind("order", "P49", "Who may not come in sends what is wrong besides, and learns nothing of it."),
    kind("someone-elses-object", "P17 P39 P40", "The object of another caller: it looks like one that does not exist."),
    kind("absent-object", "P39", "An object that does not exist, or a loader that reports another one."),
    kind("wrong-parent", "P40", "A part of another object than the one it is asked for below, or of one that is someone else's."),
    kind("own-objects", "P40", "Ids in a body that are all the caller's: one, the same twice, none."),
    kind("any-object", "", "Whoever may have any object gets someone else's."),
    kind("policy", "P46", "A caller, or an object, to which a policy says no."),
    kind("policy-undecided", "P46", "A caller, or an object, of which a policy cannot say."),
    kind("step-up", "", "An authentication that is too old, of another class, or of which nothing is said."),
    kind("file", "P69", "Files of another type, said or found, too long, too many, with names that lead elsewhere."),
    kind("parts", "P69", "Forms of several parts that two readers could read differently, and parts of another type."),
    kind("rule", "", "An object that breaks one rule between its members."),
    kind("bypass", "", "A role that is excused gets someone else's object."),
    kind("other-tenant", "P43", "An object of another tenant, by callers of every role."),
    kind("members", "P45", "Every member is there to be had: those that the caller may read arrive, and no other."),
    kind("rows", "P41", "Rows of everybody are there to be had: those of the caller arrive, and no other."),
    kind("forbidden", "P44", "A member that the caller's role may not write, with a good value and a bad one."),
    kind("readOnly", "P42", "A member that only the service sets."),
    kind("required", "", "A member or parameter that must be there is not."),
    kind("type", "P54", "Every other JSON type; numbers written in unusual ways."),
    kind("enum", "", "What is none of the words."),
    kind("oneOf", "P61", "Each of several alternatives, none of them, and members of two of them together."),
    kind("anyOf", "", "The same where the document says `anyOf`: the alternatives exclude each other."),
    kind("minLength", "P55", "One code point too few, and the shortest that may be."),
    kind("maxLength", "P55", "One code point too many, and the longest that may be, of four bytes each."),
    kind("pattern", "P56", "What does not match, and what would if `$` matched before a line feed."),
    kind("format", "P60", "What is no address, date, moment or UUID."),
    kind("minimum", "P54", "One below the least."),
    kind("maximum", "P54", "One above the most, and integers beyond the format and beyond int64."),
    kind("multipleOf", "", "Between two steps."),
    kind("minItems", "P59", "One item too few."),
    kind("maxItems", "P59", "One item too many."),
    kind("uniqueItems", "P59", "The same item twice."),
    kind("minProperties", "P59", "One member too few."),
    kind("maxProperties", "P59", "One member too many."),
    kind("propertyNames", "", "Names that are not of the declared kind, where names are data."),
    kind("unknown", "P42 P48 P51 P80", "Members and query parameters that nobody declared, the owner's id and `_method` among them."),
    kind("duplicate", "P52 P53", "A member or a parameter given twice, plainly and in disguise."),
    kind("several", "P51", "Every member is wrong, and every one is named."),
    kind("syntax", "P54 P57", "What is not JSON, strictly: numbers out of range, NUL, half a surrogate pair, bytes that are no UTF-8."),
    kind("depth", "P58", "Nested deeper than allowed."),
    kind("empty-body", "P64", "No body where one is required."),
    kind("unwanted-body", "P64", "A body where none is declared."),
    kind("oversize", "P58 P71", "One byte too many: sent, in chunks, or only announced."),
    kind("media-type", "P65 P68", "Another media type, charset or content coding."),
    kind("not-acceptable", "P66", "The caller takes nothing that is sent."),
    kind("path-escape", "P57 P62", "Escapes in the path that try to be another path."),
    kind("query-escape", "P57", "Escapes in the query that are none, or hide a control character."),
    kind("disguised-path", "P63", "The same path written otherwise."),
    kind("unknown-path", "P72", "Paths that nobody declared, and one that is too long."),
    kind("method", "P67", "Methods that the path does not have."),
    kind("head", "P47", "HEAD without credentials."),
    kind("method-override", "P48", "Fields that name another method change nothing."),
    kind("framing", "P73 P78", "A length and chunks, two lengths, no host, two hosts, too many fields."),
    kind("cors", "P90", "Pages of origins that look like one that is listed."),
    kind("preflight", "P47 P92", "What a browser asks before a page of another origin may ask."),
    kind("quota", "P79 P80 P81 P82 P85", "One request too many: alone, at once, from a made-up address, as another caller."),
    kind("panic", "P89 P97 P98", "The handler panics: a request id and no more is told, and the service goes on."),
    kind("fault", "P89 P98", "The handler fails: a request id and no more is told."),
    kind("hang", "P75", "The handler does not end, or a body does not come, where the wait is short enough to be sat out."),
    kind("crowd", "P76", "One connection of an address, or one request at a time, too many; a place that is left is free again."),
    kind("past-tls", "P94", "A request that another loop took, in plain text, where TLS ends in the service."),
    kind("flood", "", "Paths that nobody declared, until the address is refused."),
    kind("refresh", "P29 P32 P33 P35", "Refresh tokens: used up, idle, old, of the other kind, within their grace, without the store."),
    kind("reuse", "P30 P31", "A refresh token that was used up, and fifty uses at once."),
    kind("logout", "P36", "The tokens of a session that was left, and leaving it twice."),
    kind("revoke", "", "Tokens that were given back (RFC 7009)."),
    kind("weak-keys", "P24 P99", "A start without keys, or with weak, private, symmetric or made-up ones."),
    kind("key-address", "P26", "A start with an address of keys that is not https, or hides something."),
    kind("stale-keys", "P26", "A set of keys by address, long after its issuer fell silent."),
];

/// Its requirements, by number.
pub fn numbers(shows: &'static str) -> impl Iterator<Item = &'static str> {
    shows.split(' ').filter(|number| !number.is_empty())
}
