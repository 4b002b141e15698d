//! The page of the vocabulary: the core first, then one section for each key of the second shelf.

use super::gaps::shown;
use super::words::{anchor, cell, describe, made};
use crate::policy::vocabulary::{
    ACCESS, ATTRIBUTE, CERTIFICATE_ENTRY, CLAIMS, CORS, Default, ENTRY, KEY_ENTRY, Key, Mapping,
    OPERATION, OWNS, PARAMETER, PASSWORD_ENTRY, PROPERTY, RATE_LIMIT, RESOURCE, ROLE, ROOT, RULE,
    Shelf, Value,
};
use std::fmt::Write as _;

const BEGIN: &str = "\
# The `x-security` vocabulary, version 1

One extension key, `x-security`, in an OpenAPI document. It is read strictly: an unknown key, a value of the wrong kind or a
name that is not declared is an error with its place, and what this version cannot enforce is refused by name
([all of it](gaps.md)). The core is enough for a safe service. The second shelf is never needed to be safe.

Facts of OpenAPI are read and not repeated: `security`, `readOnly`, `writeOnly`, `format: password`, every keyword that
constrains a value.

## Where it stands

| level | `x-security` of |
|---|---|
| root | the document |
| path item | a path: for all its operations |
| operation | one operation |
| parameter | a parameter |
| schema | a schema, wherever it is used as a property |
| property | a property of an object; in OpenAPI 3.1 also beside its `$ref` |

Keys of an operation are inherited: root `defaults`, then path item, then operation. The deeper one wins, key by key;
`limits` member by member. `reason` counts only where it stands.

## How values are written

| | |
|---|---|
| durations | `500ms` `30s` `15m` `24h` `30d`, at most ten years |
| sizes | `512B` `64KiB` `10MiB` `1GiB` |
| references | `env:NAME`, a variable of the environment; `file:PATH`, the content of a file; `vault:PATH#FIELD`, a field of a secret in Vault, PATH as its API has it behind `/v1/`. Resolved when the service starts |
| pointers | JSON Pointers (RFC 6901): `/realm_access/roles` |

## In an editor

`palisade schema` prints the vocabulary as a [JSON Schema](x-security.schema.json) (2020-12). At its root it describes an OpenAPI document
and looks at `x-security` alone, so it can be given to an editor for the whole file; with the YAML language server that is a
first line:

```yaml
# yaml-language-server: $schema=./x-security.schema.json
```

Each level is a definition of its own: `#/$defs/root`, `pathItem`, `operation`, `parameter`, `schema`, `property`.
A schema cannot see everything that palisade refuses. Beyond it are: names that must be declared (schemes, roles, resources,
limits, scopes, parameters), and roles that include themselves; the largest size, duration, rate and port; numbers written as `1.0` or `1e2`; whether
an IPv6 address in an origin is in its shortest form; and what two values say together: algorithms of two families, `*` beside other origins or `credentials`,
a limit by a field of the body alone, `secret` with readers, `access` that disagrees with `security`, `owns` without the parameter.
";

const CORE: &str = "
# The core

";

const SECOND: &str = "
# The second shelf

";

/// The page.
pub(super) fn page() -> String {
    let mut page = made("cargo xtask docs");
    page.push_str(BEGIN);
    page.push_str(CORE);
    let _ = write!(
        page,
        "Thirteen keys, and what is written inside them. This is the root of `specs/users.yaml`, the smallest whole service; its \
         operations say `owns`, `access` and `rateLimit`, its properties `sensitive` and `write`:\n\n```yaml\n{}```\n",
        example()
    );
    for mapping in [
        &ROOT,
        &ENTRY,
        &CLAIMS,
        &KEY_ENTRY,
        &PASSWORD_ENTRY,
        &CERTIFICATE_ENTRY,
        &ROLE,
        &RESOURCE,
        &RATE_LIMIT,
        &CORS,
        &OPERATION,
        &ACCESS,
        &OWNS,
        &PROPERTY,
    ] {
        table(&mut page, mapping, Shelf::Core);
    }
    page.push_str(SECOND);
    page.push_str("One section a key. What this version does not enforce says so, with the code it is refused by.\n");
    let levels: [(&str, &Mapping); 5] = [
        ("root", &ROOT),
        ("operation", &OPERATION),
        ("access", &ACCESS),
        ("parameter", &PARAMETER),
        ("schema or property", &PROPERTY),
    ];
    for (level, mapping) in levels {
        let keys = mapping.keys.iter();
        for key in keys.filter(|key| key.shelf == Shelf::Second) {
            section(&mut page, level, key);
        }
    }
    for mapping in [&ATTRIBUTE, &RULE] {
        table(&mut page, mapping, Shelf::Second);
    }
    page
}

fn heading(what: &str) -> String {
    let mut letters = what.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// A mapping: heading, meaning, and its keys of that shelf.
fn table(page: &mut String, mapping: &Mapping, shelf: Shelf) {
    let title = heading(mapping.what);
    debug_assert_eq!(anchor(&title), anchor(mapping.what));
    let _ = write!(page, "\n## {title}\n\n{}\n\n", mapping.meaning);
    rows(page, mapping, shelf);
}

fn rows(page: &mut String, mapping: &Mapping, shelf: Shelf) {
    page.push_str("| key | value | default | meaning |\n|---|---|---|---|\n");
    let keys = mapping.keys.iter().filter(|key| key.shelf == shelf);
    let (here, elsewhere): (Vec<&Key>, Vec<&Key>) =
        keys.partition(|key| !matches!(key.value, Value::Elsewhere(..)));
    for key in here {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            key.name,
            cell(&describe(&key.value).join("<br>")),
            cell(&default(key)),
            cell(&meaning(key))
        );
    }
    if let Some(Value::Elsewhere(why, instead)) = elsewhere.first().map(|key| &key.value) {
        let names: Vec<String> = elsewhere
            .iter()
            .map(|key| format!("`{}`", key.name))
            .collect();
        let _ = write!(page, "\nEach of {} {why}: {instead}.\n", names.join(", "));
    }
}

fn meaning(key: &Key) -> String {
    match key.gap() {
        Some(gap) => format!("{} Today: {}.", key.meaning, gap.instead),
        None => key.meaning.to_owned(),
    }
}

fn default(key: &Key) -> String {
    match key.default {
        _ if key.required => "required".to_owned(),
        Default::None => String::new(),
        Default::Is(written) => format!("`{written}`"),
        Default::Said(what) => what.to_owned(),
    }
}

/// A key of the second shelf.
fn section(page: &mut String, level: &str, key: &Key) {
    let _ = write!(page, "\n## {level}: `{}`\n\n{}", key.name, key.meaning);
    match (&key.value, key.gap()) {
        (_, Some(gap)) => {
            let _ = write!(
                page,
                " It will hold {}.\n\n**Not enforced by this version ({}):** {}. Instead: {}.\n",
                match &key.value {
                    Value::Gap(_, holds) => *holds,
                    _ => "",
                },
                shown(gap.code),
                gap.why,
                gap.instead
            );
            if let Default::Said(today) = key.default {
                let _ = write!(page, "\nWhat holds today: {today}.\n");
            }
        }
        (Value::Mapping(mapping), None) => {
            page.push_str("\n\n");
            rows(page, mapping, Shelf::Second);
        }
        (value, None) => {
            page.push_str("\n\n");
            for line in describe(value) {
                let _ = writeln!(page, "- {line}");
            }
            let default = default(key);
            if !default.is_empty() {
                let _ = write!(page, "\nDefault: {default}.\n");
            }
        }
    }
}

/// The policy at the root of the smallest specification, as it stands there.
fn example() -> String {
    let lines = include_str!("../../specs/users.yaml")
        .lines()
        .skip_while(|line| *line != "x-security:")
        .take_while(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}
