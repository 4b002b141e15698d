//! Documents that are large, real or hostile: no panic, and bounded time.

use super::findings;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const HEAD: &str = "\
openapi: 3.1.0
info: { title: T, version: '1' }
x-security:
  version: 1
  auth:
    login: { issuer: 'https://id.example.com', audience: a, algorithms: [EdDSA], keys: 'env:KEYS' }
security: [{ login: [] }]
";

const SCHEMES: &str = "\
components:
  securitySchemes:
    login: { type: http, scheme: bearer }
  schemas:
";

/// In a thread with the stack that the binary gives itself.
fn within(most: Duration, what: &str, text: String) -> usize {
    let name = what.to_owned();
    let start = Instant::now();
    let run = std::thread::Builder::new()
        .stack_size(32 * 1024 * 1024)
        .spawn(move || findings(&name, &text).list.len());
    let count = run.unwrap().join().unwrap();
    let took = start.elapsed();
    assert!(took < most, "{what} took {took:?}");
    count
}

#[test]
fn schemas_that_lead_to_each_other_end() {
    let mut text = format!(
        "{HEAD}paths:\n  /a:\n    post:\n      requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/S0' }} }} }} }}\n      responses: {{ '204': {{ description: d }} }}\n{SCHEMES}"
    );
    for index in 0..3000 {
        let next = (index + 1) % 3000;
        let _ = writeln!(
            text,
            "    S{index}: {{ allOf: [{{ $ref: '#/components/schemas/S{next}' }}], properties: {{ m: {{ oneOf: [{{ $ref: '#/components/schemas/S{next}' }}, {{ $ref: '#/components/schemas/S0' }}] }} }} }}"
        );
    }
    // It is refused before all of it is looked at: what references expand to is counted (PAL-2022).
    assert!(within(Duration::from_secs(30), "a circle of schemas", text) >= 1);
}

#[test]
fn many_operations_with_many_schemas_end() {
    const MANY: usize = 600;
    let mut text = format!("{HEAD}paths:\n");
    for index in 0..MANY {
        let _ = writeln!(
            text,
            "  /p{index}: {{ post: {{ security: [], x-security: {{ access: public, reason: r }}, requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/S0' }} }} }} }}, responses: {{ '200': {{ description: d, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/S0' }} }} }} }} }} }} }}"
        );
    }
    text.push_str(SCHEMES);
    for index in 0..MANY {
        let next = (index + 1) % MANY;
        let _ = writeln!(
            text,
            "    S{index}: {{ type: object, properties: {{ a: {{ $ref: '#/components/schemas/S{next}' }}, email: {{ type: string, x-security: {{ sensitive: personal }} }} }} }}"
        );
    }
    within(Duration::from_secs(120), "many of both", text);
}

/// Where real documents are: `PALISADE_CORPUS`, or a folder beside the repository; `none` says that there are none.
fn corpus() -> Option<PathBuf> {
    match std::env::var_os("PALISADE_CORPUS") {
        Some(value) if value == "none" => None,
        Some(value) => Some(PathBuf::from(value)),
        None => Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus")),
    }
}

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let end = path.extension().and_then(|end| end.to_str());
        if path.is_dir() {
            documents(&path, found);
        } else if matches!(end, Some("json" | "yaml" | "yml")) {
            found.push(path);
        }
    }
}

#[test]
fn real_documents_are_audited() {
    let Some(folder) = corpus() else {
        eprintln!("NOT RUN: PALISADE_CORPUS=none");
        return;
    };
    let mut paths = Vec::new();
    documents(&folder, &mut paths);
    paths.sort();
    assert!(
        !paths.is_empty(),
        "there is no corpus at {}",
        folder.display()
    );
    let (mut audited, mut count) = (0, 0);
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let name = path.display().to_string();
        if palisade::document::from_text(&name, &text).is_ok() {
            audited += 1;
            count += within(Duration::from_secs(30), &name, text);
        }
    }
    eprintln!("{audited} audited, {count} findings");
    assert!(audited > 0);
}
