//! Documents that are small to write and large to read: each in a process of its own that may take so much and no more.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one document may cost. Seconds are those of the processor: others work on this machine too.
const SECONDS: u64 = 10;
const MEBIBYTES: u64 = 1024;

/// The address space is larger than what is used of it: stacks, and what the allocator sets aside for each thread.
const ADDRESS_SPACE: u64 = 2 * MEBIBYTES;

const MIB: usize = 1024 * 1024;

/// The largest YAML: the parser is many times slower in a debug build, and as linear there.
const YAML: usize = if cfg!(debug_assertions) { 8 } else { 64 } * MIB;

/// The longest text that is emitted again, and read from there: a debug build takes 10 s for 64 MiB of it.
const TEXT: usize = if cfg!(debug_assertions) { 8 } else { 64 } * MIB;

/// What becomes of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Emitted,
    /// With this diagnostic among others.
    Refused(u16),
}
use Ends::{Emitted, Refused};

/// What a process did.
struct Run {
    code: Option<i32>,
    said: String,
    peak_kib: u64,
    took: Duration,
}

fn palisade(text: &[u8]) -> Run {
    let out = tempfile::tempdir().unwrap();
    let spec = out.path().join("bomb.yaml");
    std::fs::write(&spec, text).unwrap();
    let start = Instant::now();
    let limits = format!(
        "ulimit -v {} && ulimit -t {SECONDS} && exec \"$0\" \"$@\"",
        ADDRESS_SPACE * 1024
    );
    let mut child = Command::new("sh")
        .args(["-c", &limits, env!("CARGO_BIN_EXE_palisade")])
        .args(["--verbose", "generate"])
        .arg(&spec)
        .arg("-o")
        .arg(out.path().join("project"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Its own account ends before it renders what is wrong, so it is watched as well.
    let status = format!("/proc/{}/status", child.id());
    let stderr = child.stderr.take().unwrap();
    let said = std::thread::spawn(move || std::io::read_to_string(stderr).unwrap_or_default());
    let mut peak_kib = 0;
    let code = loop {
        if let Ok(status) = std::fs::read_to_string(&status) {
            peak_kib = peak_kib.max(high_water(&status).unwrap_or(0));
        }
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let said = said.join().unwrap();
    let own = said.lines().find_map(|line| line.strip_prefix("memory"));
    let own = own.and_then(|words| words.split_whitespace().next()?.parse().ok());
    Run {
        code,
        peak_kib: peak_kib.max(own.unwrap_or(0)),
        said,
        took: start.elapsed(),
    }
}

fn high_water(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Runs all of them, says what each cost, and fails with all that went wrong.
fn hold(bombs: Vec<(&str, Ends, Vec<u8>)>) {
    let mut wrong = Vec::new();
    for (name, ends, text) in bombs {
        let size = text.len();
        let run = palisade(&text);
        let first = run.said.lines().find(|line| line.starts_with("error"));
        let first: String = first.unwrap_or("emitted").chars().take(90).collect();
        println!(
            "{name:<44} {:>6.1} MiB in  {:>5.1} s  {:>4} MiB  exit {:?}  {first}",
            size as f64 / MIB as f64,
            run.took.as_secs_f64(),
            run.peak_kib / 1024,
            run.code,
        );
        let as_told = match ends {
            Emitted => run.code == Some(0),
            Refused(code) => {
                run.code == Some(1) && run.said.contains(&format!("error[PAL-{code:04}]"))
            }
        };
        if !as_told {
            let end: String = run.said.chars().take(2000).collect();
            wrong.push(format!("{name}: not {ends:?} but {:?}\n{end}", run.code));
        }
        if run.peak_kib > MEBIBYTES * 1024 {
            wrong.push(format!("{name}: {} KiB", run.peak_kib));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A document around `paths` and `schemas`, both written as the members of a JSON object.
fn document(paths: &str, schemas: &str) -> Vec<u8> {
    with_policy("\"version\": 1", paths, schemas)
}

fn with_policy(policy: &str, paths: &str, schemas: &str) -> Vec<u8> {
    format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "Bombs", "version": "1"}}, "x-security": {{{policy}, "defaults": {{"access": "public", "reason": "a test"}}}}, "security": [], "paths": {{{paths}}}, "components": {{"schemas": {{{schemas}}}}}}}"##
    )
    .into_bytes()
}

/// An operation that takes `schema`.
fn takes(schema: &str) -> String {
    format!(
        r#""/bomb": {{"post": {{"requestBody": {{"content": {{"application/json": {{"schema": {schema}}}}}}}, "responses": {{"204": {{"description": "done"}}}}}}}}"#
    )
}

/// An operation that takes an object with one member of this schema.
fn member(schema: &str) -> Vec<u8> {
    document(
        &takes(&format!(
            r#"{{"type": "object", "properties": {{"a": {schema}}}}}"#
        )),
        "",
    )
}

/// `count` pieces with commas between.
fn list(count: usize, piece: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for number in 0..count {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(all, "{comma}{}", piece(number));
    }
    all
}

#[test]
fn deep() {
    let nested = |open: &str, close: &str| open.repeat(10_000) + &close.repeat(10_000);
    let flow = nested("[", "]");
    let maps = nested("{a: ", "}");
    let json = nested("{\"a\":", "}");
    let mut block = String::new();
    for depth in 0..10_000 {
        let _ = writeln!(block, "{}a:", " ".repeat(depth));
    }
    let schemas =
        r#"{"type": "object", "properties": {"a": "#.repeat(10_000) + "{}" + &"}}".repeat(10_000);
    let items =
        r#"{"type": "array", "items": "#.repeat(90) + r#"{"type": "string"}"# + &"}".repeat(90);
    hold(vec![
        ("JSON, 10 000 deep", Refused(1009), json.into_bytes()),
        (
            "JSON, never closed",
            Refused(1009),
            "{\"a\":".repeat(10_000).into_bytes(),
        ),
        (
            "YAML flow, 10 000 deep",
            Refused(1009),
            format!("a: {flow}").into_bytes(),
        ),
        (
            "YAML flow, never closed",
            Refused(1009),
            format!("a: {}", "[".repeat(1_000_000)).into_bytes(),
        ),
        (
            "YAML flow maps, 10 000 deep",
            Refused(1009),
            format!("a: {maps}").into_bytes(),
        ),
        ("YAML block, 10 000 deep", Refused(1009), block.into_bytes()),
        (
            "YAML lists in a line, 10 000 deep",
            Refused(1009),
            format!("{}x", "- ".repeat(10_000)).into_bytes(),
        ),
        ("schemas, 10 000 deep", Refused(1009), member(&schemas)),
        ("schemas, 90 deep", Refused(4044), member(&items)),
    ]);
}

#[test]
fn wide() {
    let keys = |count: usize| list(count, |n| format!("\"k{n}\": {n}"));
    let schema = |n: usize| format!("\"p{n}\": {{\"type\": \"string\"}}");
    let object = |count: usize| {
        format!(
            r#"{{"type": "object", "properties": {{{}}}}}"#,
            list(count, schema)
        )
    };
    let required = |count: usize| {
        let names = list(count, |n| format!("\"p{n}\""));
        format!(
            r#"{{"type": "object", "required": [{names}], "properties": {{{}}}}}"#,
            list(count, schema)
        )
    };
    let alike = |count: usize| {
        let one = |n: usize| {
            format!(
                "\"a{}\": {{\"type\": \"boolean\"}}",
                "!".repeat(n % 50) + &"?".repeat(n / 50)
            )
        };
        format!(
            r#"{{"type": "object", "properties": {{{}}}}}"#,
            list(count, one)
        )
    };
    let words = |count: usize| {
        format!(
            r#"{{"type": "string", "enum": [{}]}}"#,
            list(count, |n| format!("\"w{n}\""))
        )
    };
    let operation = |n: usize| {
        format!(r#""/p{n}": {{"get": {{"responses": {{"204": {{"description": "d"}}}}}}}}"#)
    };
    let parameters = |count: usize| {
        let one = |n: usize| {
            format!(r#"{{"name": "q{n}", "in": "query", "schema": {{"type": "string"}}}}"#)
        };
        format!(
            r#""/p": {{"get": {{"parameters": [{}], "responses": {{"204": {{"description": "d"}}}}}}}}"#,
            list(count, one)
        )
    };
    let replies = list(400, |n| format!(r#""{}": {{"description": "d"}}"#, n + 200));
    let path = "/s".repeat(1000);
    let deep_path =
        format!(r#""{path}": {{"get": {{"responses": {{"204": {{"description": "d"}}}}}}}}"#);
    let tags = list(100_000, |n| format!("\"t{n}\""));
    hold(vec![
        (
            "100 000 keys at the root",
            Refused(2001),
            format!("{{{}}}", keys(100_000)).into_bytes(),
        ),
        (
            "100 000 keys in YAML",
            Refused(2001),
            list(100_000, |n| format!("k{n}: {n}"))
                .replace(',', "\n")
                .into_bytes(),
        ),
        (
            "100 000 unused schemas",
            Emitted,
            document(&operation(0), &list(100_000, schema)),
        ),
        (
            "2000 properties",
            Emitted,
            document(&takes(&object(2000)), ""),
        ),
        (
            "2000 required properties",
            Emitted,
            document(&takes(&required(2000)), ""),
        ),
        (
            "100 000 properties",
            Refused(3511),
            document(&takes(&object(100_000)), ""),
        ),
        (
            "100 000 required properties",
            Refused(3511),
            document(&takes(&required(100_000)), ""),
        ),
        (
            "2000 properties of one name",
            Emitted,
            document(&takes(&alike(2000)), ""),
        ),
        ("10 000 words", Emitted, member(&words(10_000))),
        ("1 000 000 words", Refused(3511), member(&words(1_000_000))),
        (
            "10 000 operations",
            Refused(3511),
            document(&list(10_000, operation), ""),
        ),
        (
            "10 000 parameters of one operation",
            Refused(3511),
            document(&parameters(10_000), ""),
        ),
        (
            "400 replies",
            Emitted,
            document(
                &format!(r#""/p": {{"get": {{"responses": {{{replies}}}}}}}"#),
                "",
            ),
        ),
        ("1000 segments", Refused(3511), document(&deep_path, "")),
        (
            "100 000 tags",
            Emitted,
            document(
                &format!(
                    r#""/p": {{"get": {{"tags": [{tags}], "responses": {{"204": {{"description": "d"}}}}}}}}"#
                ),
                "",
            ),
        ),
    ]);
}

#[test]
fn expanding() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for n in 1..10 {
        let inner = format!("*a{},", n - 1).repeat(10);
        let _ = writeln!(bomb, "a{n}: &a{n} [{inner}]");
    }
    let texts = format!("a: &a {}\nb: [{}]\n", "x".repeat(MIB), "*a,".repeat(1000));
    // Each schema has a hundred members of the next.
    let laughing = |required: bool| {
        list(12, |n| {
            let next = if n == 11 {
                r#"{"type": "boolean"}"#.to_owned()
            } else {
                format!(r##"{{"$ref": "#/components/schemas/L{}"}}"##, n + 1)
            };
            let members = list(100, |m| format!("\"m{m}\": {next}"));
            let names = if required {
                list(100, |m| format!("\"m{m}\""))
            } else {
                String::new()
            };
            format!(
                r#""L{n}": {{"type": "object", "required": [{names}], "properties": {{{members}}}}}"#
            )
        })
    };
    let from = |name: &str| takes(&format!(r##"{{"$ref": "#/components/schemas/{name}"}}"##));
    let chain = list(1000, |n| {
        let next = if n == 999 {
            r#"{"type": "boolean"}"#.to_owned()
        } else {
            format!(r##"{{"$ref": "#/components/schemas/L{}"}}"##, n + 1)
        };
        format!(r#""L{n}": {{"type": "object", "properties": {{"next": {next}}}}}"#)
    });
    let aliases = list(1000, |n| {
        format!(r##""L{n}": {{"$ref": "#/components/schemas/L{}"}}"##, n + 1)
    }) + r#","L1000": {"type": "string"}"#;
    let circle = list(1000, |n| {
        format!(
            r##""L{n}": {{"type": "object", "properties": {{"next": {{"$ref": "#/components/schemas/L{}"}}}}}}"##,
            (n + 1) % 1000
        )
    });
    let own = r##""L0": {"$ref": "#/components/schemas/L0"}"##;
    // A body of many members, taken by many operations.
    let members = list(1000, |n| {
        format!(
            r#""m{n}": {{"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]+$"}}"#
        )
    });
    let many = list(200, |n| {
        takes(r##"{"$ref": "#/components/schemas/Many"}"##).replace("/bomb", &format!("/bomb{n}"))
    });
    // One parameter, copied to every operation that refers to it.
    let description = "x".repeat(MIB);
    let parameter = format!(
        r#""P": {{"name": "p", "in": "query", "description": "{description}", "schema": {{"type": "string"}}}}"#
    );
    let each = list(2000, |n| {
        format!(
            r##""/p{n}": {{"get": {{"parameters": [{{"$ref": "#/components/parameters/P"}}], "responses": {{"204": {{"description": "d"}}}}}}}}"##
        )
    });
    let copied = String::from_utf8(document(&each, "")).unwrap().replace(
        r#""components": {"#,
        &format!(r#""components": {{"parameters": {{{parameter}}}, "#),
    );
    hold(vec![
        ("aliases of aliases", Refused(1009), bomb.into_bytes()),
        ("a long text, by alias", Refused(1009), texts.into_bytes()),
        (
            "100^12 optional members by $ref",
            Emitted,
            document(&from("L0"), &laughing(false)),
        ),
        (
            "100^12 required members by $ref",
            Emitted,
            document(&from("L0"), &laughing(true)),
        ),
        ("$ref chain of 1000", Emitted, document(&from("L0"), &chain)),
        (
            "$ref chain of 1000 names for names",
            Refused(4045),
            document(&from("L0"), &aliases),
        ),
        (
            "$ref circle of 1000",
            Refused(4403),
            document(&from("L0"), &circle),
        ),
        ("$ref to itself", Refused(4045), document(&from("L0"), own)),
        (
            "200 operations that share 1000 members",
            Emitted,
            document(
                &many,
                &format!(r#""Many": {{"type": "object", "properties": {{{members}}}}}"#),
            ),
        ),
        (
            "a long description, by 2000 references",
            Refused(2022),
            copied.into_bytes(),
        ),
    ]);
}

#[test]
fn long() {
    let wide = |size: usize| {
        let mut text = String::from_utf8(document(
            r#""/p": {"get": {"responses": {"204": {"description": "d"}}}}"#,
            "",
        ))
        .unwrap();
        let piece = "                                                               \n";
        while text.len() + piece.len() <= size {
            text.push_str(piece);
        }
        text.push_str(&" ".repeat(size - text.len()));
        assert_eq!(text.len(), size);
        text.into_bytes()
    };
    let described = |size: usize| {
        let body =
            r#""/p": {"get": {"description": "@", "responses": {"204": {"description": "d"}}}}"#;
        let empty = document(body, "").len() - 1;
        String::from_utf8(document(body, ""))
            .unwrap()
            .replace('@', &"x ".repeat((size - empty) / 2))
            .into_bytes()
    };
    let yaml = |size: usize| {
        format!(
            "openapi: 3.1.0\ninfo: {{ title: a, version: {} }}\n",
            "x".repeat(size - 60)
        )
        .into_bytes()
    };
    let digits = "1".repeat(1_000_000);
    let pattern = |pattern: &str, rest: &str| {
        member(&format!(
            r#"{{"type": "string", "pattern": "{pattern}"{rest}}}"#
        ))
    };
    hold(vec![
        ("64 MiB", Emitted, wide(64 * MIB)),
        ("64 MiB and a byte", Refused(1001), wide(64 * MIB + 1)),
        ("one description", Emitted, described(TEXT)),
        ("one YAML scalar", Emitted, yaml(YAML)),
        (
            "YAML flow",
            Refused(1009),
            format!("a: [{}]", "1,".repeat(YAML / 2 - 10)).into_bytes(),
        ),
        (
            "YAML block",
            if cfg!(debug_assertions) {
                Refused(2001)
            } else {
                Refused(1009)
            },
            format!("a:\n{}", "- 1\n".repeat(YAML / 8 - 1)).into_bytes(),
        ),
        (
            "YAML comment",
            Refused(1012),
            format!("#{}", "x".repeat(YAML - 1)).into_bytes(),
        ),
        ("zeros", Refused(1002), vec![0; YAML]),
        (
            "a path of a megabyte",
            Refused(2014),
            document(&format!(r#""/{}": {{}}"#, "s".repeat(MIB)), ""),
        ),
        (
            "a key of a megabyte",
            Refused(2001),
            format!("{{\"{}\": 1}}", "k".repeat(MIB)).into_bytes(),
        ),
        (
            "a name of a megabyte",
            Emitted,
            document(
                &takes(&format!(
                    r#"{{"type": "object", "properties": {{"{}": {{"type": "boolean"}}}}}}"#,
                    "k".repeat(MIB)
                )),
                "",
            ),
        ),
        (
            "a number of 1 000 000 digits",
            Emitted,
            member(&format!(r#"{{"type": "integer", "maximum": {digits}}}"#)),
        ),
        (
            "a length of 1 000 000 digits",
            Refused(2020),
            member(&format!(r#"{{"type": "string", "maxLength": {digits}}}"#)),
        ),
        (
            "an exponent of 1 000 000 digits",
            Emitted,
            member(&format!(r#"{{"type": "integer", "maximum": 1e{digits}}}"#)),
        ),
        (
            "maxLength of 2^64-1",
            Emitted,
            member(r#"{"type": "string", "maxLength": 18446744073709551615}"#),
        ),
        (
            "minLength of 2^63",
            Emitted,
            member(
                r#"{"type": "string", "minLength": 9223372036854775807, "maxLength": 18446744073709551615}"#,
            ),
        ),
        (
            "maxItems of 2^64-1",
            Emitted,
            member(
                r#"{"type": "array", "items": {"type": "boolean"}, "maxItems": 18446744073709551615}"#,
            ),
        ),
        (
            "minItems of 2^63",
            Emitted,
            member(
                r#"{"type": "array", "items": {"type": "boolean"}, "minItems": 9223372036854775807, "maxItems": 18446744073709551615}"#,
            ),
        ),
        (
            "uniqueItems, 10^9",
            Emitted,
            member(
                r#"{"type": "array", "uniqueItems": true, "items": {"type": "string"}, "minItems": 1000000000, "maxItems": 1000000000}"#,
            ),
        ),
        (
            "minProperties of 2^63",
            Refused(3502),
            document(
                &takes(
                    r#"{"type": "object", "minProperties": 9223372036854775807, "properties": {"a": {"type": "boolean"}}}"#,
                ),
                "",
            ),
        ),
        ("a{1000000}", Refused(4416), pattern("a{1000000}", "")),
        (
            "a{20000}",
            Emitted,
            pattern("^a{20000}$", r#", "maxLength": 20000"#),
        ),
        (
            "[a-z]{50000}",
            Emitted,
            pattern("^[a-z]{50000}$", r#", "maxLength": 50000"#),
        ),
        (
            "(a{1000}){1000}",
            Refused(4416),
            pattern("(a{1000}){1000}", ""),
        ),
        (
            "((a{100}){100}){100}",
            Refused(4416),
            pattern("((a{100}){100}){100}", ""),
        ),
        (
            "a class 1000 times",
            Refused(4416),
            pattern(r"^[\\p{L}\\p{N}]{1,1000}$", ""),
        ),
        (
            "a pattern of properties",
            Refused(4416),
            pattern(&r"\\p{L}".repeat(200_000), ""),
        ),
        (
            "a pattern of brackets",
            Refused(4416),
            pattern(&("(".repeat(100_000) + &")".repeat(100_000)), ""),
        ),
        (
            "a pattern of alternatives",
            Refused(4416),
            pattern(&("a|".repeat(1_000_000) + "b"), ""),
        ),
        (
            "a pattern of stars",
            Refused(4416),
            pattern(&format!("{}a{}", "(".repeat(200), ")*".repeat(200)), ""),
        ),
        ("(a|a)*", Emitted, pattern("^(a|a)*$", "")),
        (
            "500 large patterns",
            Refused(4416),
            document(
                &takes(&format!(
                    r#"{{"type": "object", "properties": {{{}}}}}"#,
                    list(500, |n| format!(
                        r#""p{n}": {{"type": "string", "pattern": "^[\\p{{L}}]{{1,{}}}$"}}"#,
                        100 + n
                    ))
                )),
                "",
            ),
        ),
    ]);
}

#[test]
fn policies() {
    let roles = |count: usize, includes: &dyn Fn(usize) -> String| {
        let all = list(count, |n| {
            format!("\"r{n}\": {{\"includes\": [{}]}}", includes(n))
        });
        with_policy(
            &format!("\"version\": 1, \"roles\": {{{all}}}"),
            r#""/p": {"get": {"responses": {"204": {"description": "d"}}}}"#,
            "",
        )
    };
    let none = |_: usize| String::new();
    let circle = |n: usize| format!("\"r{}\"", (n + 1) % 64);
    let all = |n: usize| list(n, |m| format!("\"r{m}\""));
    let limits = list(10_000, |n| {
        format!(r#""l{n}": {{"limit": 1, "window": "1s", "by": "ip"}}"#)
    });
    let resources = list(10_000, |n| format!(r#""R{n}": {{"param": "r{n}"}}"#));
    let operation = r#""/p": {"get": {"responses": {"204": {"description": "d"}}}}"#;
    hold(vec![
        (
            "64 roles, each includes all before",
            Emitted,
            roles(64, &all),
        ),
        ("65 roles", Refused(3033), roles(65, &none)),
        ("100 000 roles", Refused(3033), roles(100_000, &none)),
        ("a circle of 64 roles", Refused(3032), roles(64, &circle)),
        (
            "10 000 rate limits",
            Emitted,
            with_policy(
                &format!("\"version\": 1, \"rateLimits\": {{{limits}}}"),
                operation,
                "",
            ),
        ),
        (
            "10 000 resources",
            Refused(3041),
            with_policy(
                &format!("\"version\": 1, \"resources\": {{{resources}}}"),
                operation,
                "",
            ),
        ),
    ]);
}

/// What stands in this file as a limit is one: a document that asks for more is stopped.
#[test]
fn the_limits_limit() {
    let stopped = |script: &str| {
        let status = Command::new("sh")
            .args(["-c", script])
            .stderr(Stdio::null())
            .status();
        let _ = std::io::stdout().flush();
        !status.unwrap().success()
    };
    assert!(stopped("ulimit -t 1 && while :; do :; done"));
    assert!(stopped("ulimit -v 1000 && exec sh -c :"));
}
