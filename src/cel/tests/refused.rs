//! What is refused: `§` stands before the character that must be pointed at.

use super::*;
use crate::cel::What::{Name, Size, Syntax, Type, Unsupported};

#[test]
fn each_error_has_its_column() {
    let mut wrong = Vec::new();
    for (marked, what, message, help) in [
        ("§", Syntax, "ends", ""),
        ("true §true", Syntax, "`true` stands", ""),
        ("(true§", Syntax, "`)` should be", ""),
        ("true §= false", Syntax, "`=` is no operator", "=="),
        ("true §& false", Syntax, "`&`", "&&"),
        ("prin§é == 1", Syntax, "stands for nothing", ""),
        ("§'abc", Syntax, "does not end", ""),
        ("'a§\\q' == 'b'", Syntax, "escape", ""),
        ("'a§\\ud800' == 'b'", Syntax, "escape", ""),
        (
            "principal.level == §9223372036854775808",
            Syntax,
            "64 bits",
            "",
        ),
        (
            "principal.level == §99999999999999999999999",
            Syntax,
            "64 bits",
            "",
        ),
        ("principal.level == 1§x", Syntax, "letter", ""),
        ("principal.§if", Syntax, "`if` is a word of CEL", ""),
        ("has(principal.ward,§)", Syntax, "`)` stands", ""),
        (
            "§prinzipal.subject == 'x'",
            Name,
            "`prinzipal` is not declared",
            "did you mean `principal`?",
        ),
        (
            "principal.§subjekt == 'x'",
            Name,
            "`principal` has no member `subjekt`",
            "did you mean `subject`?",
        ),
        (
            "principal[§'nothing'] == 'x'",
            Name,
            "no member `nothing`",
            "known here: `subject`",
        ),
        ("this.§secret == 'x'", Name, "it is secret", "leave it"),
        ("§elsewhere == 'x'", Name, "not here", "write it there"),
        (
            "'§admim' in principal.roles",
            Name,
            "`admim` is not declared",
            "did you mean `admin`?",
        ),
        (
            "this.status == '§opne'",
            Name,
            "none of the words",
            "did you mean `open`?",
        ),
        (
            "'§opne' != this.status",
            Name,
            "none of the words",
            "did you mean `open`?",
        ),
        (
            "principal.subject.§startWith('a')",
            Name,
            "`startWith` is no function",
            "did you mean `startsWith`?",
        ),
        (
            "this.tags.all(§principal, true)",
            Name,
            "something else already",
            "",
        ),
        (
            "this.tags.all(x, this.tags.all(§x, true))",
            Name,
            "something else already",
            "",
        ),
        (
            "principal.subject.§size()",
            Type,
            "an integer and decides nothing",
            "",
        ),
        (
            "principal.subject §== 1",
            Type,
            "`==` between a text and an integer",
            "",
        ),
        (
            "principal.level §< 'a'",
            Type,
            "`<` between an integer and a text",
            "",
        ),
        (
            "true §< false",
            Type,
            "`<` between a boolean and a boolean",
            "neither more nor less",
        ),
        ("1 < 2 §< 3", Type, "between a boolean and an integer", ""),
        (
            "this.tags §== this.tags",
            Type,
            "between a list and a list",
            "`in`",
        ),
        ("principal §== principal", Type, "between an object", ""),
        (
            "!principal.§level",
            Type,
            "an integer stands where true or false",
            "",
        ),
        ("principal.§ward && true", Type, "a text stands where", ""),
        ("§-principal.ward == 1", Type, "`-` before a text", ""),
        (
            "true §? 1 : 'a' == 'b'",
            Type,
            "between an integer and a boolean",
            "",
        ),
        ("principal.ward §in 'abc'", Type, "`in` asks a text", ""),
        ("1 §in this.tags", Type, "another kind", ""),
        ("§[] == []", Type, "empty", ""),
        (
            "1 in [1, §'a']",
            Type,
            "a text in a list whose first item is an integer",
            "",
        ),
        (
            "this.tags.§contains('a')",
            Type,
            "`contains` of a list",
            "`in`",
        ),
        ("§size(1) == 1", Type, "`size` of an integer", ""),
        ("has(§principal)", Type, "asks for a member", ""),
        ("this.count §== null", Type, "never `null`", "has"),
        ("null == §null", Type, "`null` stands by itself", ""),
        (
            "principal.subject.§foo == 'a'",
            Type,
            "a text has no members",
            "",
        ),
        (
            "principal.subject.§all(x, true)",
            Type,
            "not gone through",
            "",
        ),
        (
            "timestamp(§'yesterday') < request.time",
            Type,
            "no time",
            "2026",
        ),
        (
            "duration(§'1d') < duration('1h')",
            Type,
            "no duration",
            "1h30m",
        ),
        (
            "request.time §+ request.time < request.time",
            Type,
            "`+` between a time and a time",
            "",
        ),
        (
            "principal.subject.§startsWith()",
            Type,
            "not called like this",
            "",
        ),
        (
            "principal.level == §1.5",
            Unsupported,
            "fraction",
            "smallest unit",
        ),
        ("principal.level == §1u", Unsupported, "unsigned", ""),
        ("§b'a' == b'a'", Unsupported, "bytes", ""),
        ("§{'a': 1} == {'a': 1}", Unsupported, "a map", ""),
        ("Foo§{a: 1} == 1", Unsupported, "a message", ""),
        (
            "this.tags[§0] == 'a'",
            Unsupported,
            "an item by its number",
            "exists",
        ),
        (
            "this.tags.§map(x, x) == this.tags",
            Unsupported,
            "`map`",
            "",
        ),
        ("§string(1) == '1'", Unsupported, "`string`", ""),
        (
            "request.time.§getHours() == 1",
            Unsupported,
            "`getHours`",
            "timestamp",
        ),
        (
            "principal.ward §+ 'a' == 'b'",
            Unsupported,
            "made of others",
            "",
        ),
        (
            "principal.§ward in principal.roles",
            Unsupported,
            "not written out",
            "",
        ),
        (
            "this.§holes.exists(x, x == 1)",
            Unsupported,
            "may be null",
            "",
        ),
        (
            "principal.subject.matches(§'(?=a)')",
            Unsupported,
            "look-around",
            "",
        ),
        (
            "principal.subject.matches(principal.§ward)",
            Unsupported,
            "not written out",
            "",
        ),
        ("principal.§?ward == 'a'", Unsupported, "optional", "has"),
        (
            "this.lines.§all(a, this.lines.all(b, a.amount != b.amount))",
            Size,
            "steps",
            "maxItems",
        ),
        (
            "this.lines.§all(l, l.parts.exists(p, p == 1))",
            Size,
            "steps",
            "",
        ),
    ] {
        let at = marked
            .find('§')
            .unwrap_or_else(|| panic!("{marked}: no mark"));
        let text = marked.replacen('§', "", 1);
        let found = checked(&text);
        let right = found.as_ref().is_err_and(|error| {
            (error.at, error.what) == (at, what)
                && error.message.contains(message)
                && error.help.contains(help)
        });
        if !right {
            wrong.push(format!("{marked}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_meant_stands_where_the_error_is() {
    for (text, word) in [
        ("principal.subjekt == 'x'", "subjekt"),
        ("'admim' in principal.roles", "admim"),
        ("this.status == 'opne'", "opne"),
    ] {
        let error = checked(text).unwrap_err();
        let (old, _) = error.meant.unwrap();
        assert_eq!(old, word);
        assert!(text[error.at..].starts_with(word), "{text}");
    }
}
