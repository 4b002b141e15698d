//! The JSON Schema test suite, as far as schemas of this version can be: each group becomes the member `v` of a body.
//!
//! A group that palisade refuses is counted by the gap that refuses it. Where the suite leaves open what palisade asks
//! for, [`super::cases`] says it: a group without `type` is run once for the kind its keywords are about. What is then
//! expected of an instance is what the suite says *and* what was added.

use super::cases::{Group, Variant};
use crate::emitted::files;
use crate::gathered::{Crate, planned};
use crate::steps::{Failed, root};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Drafts of the suite, and the OpenAPI version whose schemas they are.
const DRAFTS: [(&str, &str, &str); 2] = [
    ("draft4", "3.0.3", "suite_3_0"),
    ("draft2020-12", "3.1.0", "suite_3_1"),
];

/// Files about keywords that this version enforces in some form; of the others every group would be a gap, or they are
/// about resolving references.
const FILES: &[&str] = &[
    "type",
    "required",
    "properties",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "enum",
    "const",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "additionalProperties",
    "propertyNames",
    "oneOf",
    "anyOf",
    "optional/bignum",
    "optional/ecmascript-regex",
    "optional/non-bmp-regex",
    "optional/float-overflow",
    "optional/zeroTerminatedFloats",
    "optional/format/email",
    "optional/format/uuid",
    "optional/format/date",
    "optional/format/date-time",
    "optional/format/uri",
    "optional/format/ipv4",
    "optional/format/ipv6",
];

/// Adds the modules and the test of the suite; gives what to print. Without a corpus there is nothing but a sentence.
pub fn write(crate_: &mut Crate) -> Result<String, Failed> {
    let mut report = String::new();
    let mut lines = String::new();
    let mut probes = String::new();
    let corpus = corpus()?;
    if corpus.is_none() {
        report.push_str("    NOT RUN: the JSON Schema test suite (PALISADE_CORPUS=none)\n");
    }
    for (draft, version, module) in DRAFTS {
        let found = match &corpus {
            Some(corpus) => read(&corpus.join("jsts/tests").join(draft))?,
            None => Vec::new(),
        };
        let told = draft_module(&found, version, module, crate_, &mut lines, &mut probes)?;
        if corpus.is_some() {
            let _ = write!(report, "    {draft} as OpenAPI {version}: {told}");
        }
    }
    for (path, text) in [
        (
            "tests/suite.rs",
            include_str!("../../../tests/gym/suite.rs").to_owned(),
        ),
        ("tests/suite/probes.rs", probes),
        ("tests/suite/cases.jsonl", lines),
    ] {
        crate_.files.insert(path.to_owned(), text);
    }
    Ok(report)
}

/// Where the suite is: `PALISADE_CORPUS`, or a folder beside the repository; `none` says that it is done without.
fn corpus() -> Result<Option<PathBuf>, Failed> {
    let path = match std::env::var_os("PALISADE_CORPUS") {
        Some(none) if none == "none" => return Ok(None),
        Some(path) => PathBuf::from(path),
        None => root().join("../shared/corpus"),
    };
    match path.join("jsts").is_dir() {
        true => Ok(Some(path)),
        false => Err(Failed(format!(
            "there is no JSON Schema test suite at {}: set PALISADE_CORPUS to the folder that holds jsts, or to `none`",
            path.display()
        ))),
    }
}

/// The groups of one draft, in the order of their files.
fn read(draft: &Path) -> Result<Vec<Group>, Failed> {
    let mut groups = Vec::new();
    for path in files(draft, ".json")? {
        let name = path.strip_prefix(draft).unwrap_or(&path).with_extension("");
        let name = name.to_string_lossy().replace('\\', "/");
        if !FILES.contains(&name.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(Failed::at(path.display()))?;
        let list: Value = serde_json::from_str(&text).map_err(Failed::at(path.display()))?;
        for group in list.as_array().into_iter().flatten() {
            groups.push(Group::new(&name, group));
        }
    }
    match groups.is_empty() {
        true => Err(Failed(format!("no groups in {}", draft.display()))),
        false => Ok(groups),
    }
}

/// Emits what can be, writes its cases, and tells what became of all of it.
fn draft_module(
    groups: &[Group],
    version: &str,
    module: &str,
    crate_: &mut Crate,
    lines: &mut String,
    probes: &mut String,
) -> Result<String, Failed> {
    let mut kept: Vec<Value> = Vec::new();
    let mut gaps: BTreeMap<String, usize> = BTreeMap::new();
    let (mut run, mut variants) = (0, 0);
    for group in groups {
        let before = kept.len();
        let mut refused = None;
        for variant in group.variants() {
            match planned(
                "suite.json",
                &document(version, std::slice::from_ref(&variant.schema)),
            ) {
                Ok(_) => {
                    write_cases(group, &variant, module, kept.len(), lines);
                    kept.push(variant.schema);
                }
                Err(wrong) => refused = refused.or(wrong.into_iter().next()),
            }
        }
        variants += kept.len() - before;
        if kept.len() > before {
            run += 1;
        } else if let Some((code, message)) = refused {
            *gaps.entry(reason(code, &message)).or_default() += 1;
        }
    }
    let plan = planned("suite.json", &document(version, &kept))
        .map_err(|wrong| Failed(format!("the suite as one document: {wrong:?}")))?;
    crate_.module(module, &plan);
    let names: Vec<String> = (0..kept.len()).map(|at| format!("g{at} G{at}")).collect();
    let _ = writeln!(probes, "probe!({module}: {});", names.join(", "));
    let mut told = format!(
        "{run} groups run (as {variants} schemas), {} refused\n",
        gaps.values().sum::<usize>()
    );
    for (gap, count) in &gaps {
        let _ = writeln!(told, "        {count:>3}  {gap}");
    }
    Ok(told)
}

/// A message without what it quotes, so that alike refusals are counted together.
fn reason(code: u16, message: &str) -> String {
    let message = message
        .trim_end_matches(" is not enforced by this version")
        .split(" is not enforced by this version")
        .next()
        .unwrap_or(message);
    format!("PAL-{code} {message}")
}

/// One line a test.
fn write_cases(group: &Group, variant: &Variant, module: &str, at: usize, lines: &mut String) {
    for test in &group.tests {
        let line = json!({
            "module": module,
            "path": format!("/g{at}"),
            "file": group.file,
            "group": group.name,
            "test": test.name,
            "schema": variant.schema,
            "body": format!("{{\"v\":{}}}", test.data),
            "valid": test.valid && variant.admits(&test.data),
        });
        let _ = writeln!(lines, "{line}");
    }
}

/// A document with one public operation a schema. Quotas are far off: the suite is about values.
fn document(version: &str, schemas: &[Value]) -> String {
    let mut paths = Map::new();
    for (at, schema) in schemas.iter().enumerate() {
        let body = json!({ "type": "object", "required": ["v"], "properties": { "v": schema } });
        let operation = json!({
            "operationId": format!("g{at}"),
            "x-security": { "access": "public", "reason": "The suite is about values." },
            "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
            "responses": { "204": { "description": "Admitted." } },
        });
        paths.insert(format!("/g{at}"), json!({ "post": operation }));
    }
    if paths.is_empty() {
        let operation =
            json!({ "operationId": "none", "responses": { "204": { "description": "Nothing." } } });
        paths.insert("/none".to_owned(), json!({ "get": operation }));
    }
    json!({
        "openapi": version,
        "info": { "title": "JSON Schema test suite", "version": "1" },
        "x-security": {
            "version": 1,
            "rateLimits": { "standard": { "limit": 1_000_000_000, "window": "1h", "by": "ip" } },
            "limits": { "ipRate": "1000000000 per 1m" },
        },
        "paths": paths,
    })
    .to_string()
}
