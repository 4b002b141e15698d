//! Every key and every scalar of every document here, replaced by what a document should never say: refused, or inert.

use super::inert;
use super::texts::{HOSTILE, TAKEN, odd};
use super::tree::{self, Position};
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use palisade::document::{Node, Value, from_text};
use palisade::emit::Files;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Substitutions that are tried when not all are (`HOSTILE=all`): every position kind, and every text.
const SAMPLE: usize = 1_000;

/// A project of so many files takes its time; not all of its places are looked at when time is short.
const LARGE: usize = 200;

struct Spec {
    name: String,
    root: Node,
    /// What is emitted for it as it is.
    files: Files,
}

fn specs() -> Vec<Spec> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = vec![
        root.join("specs/users.yaml"),
        root.join("specs/clinic.yaml"),
    ];
    for entry in std::fs::read_dir(root.join("tests/golden")).unwrap() {
        let path = entry.unwrap().path().join("spec.yaml");
        paths.extend(path.exists().then_some(path));
    }
    // Small ones first: most kinds of places are in them too, and they are quick.
    paths.sort_by_key(|path| (std::fs::metadata(path).unwrap().len(), path.clone()));
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let document = from_text("spec.yaml", &text).unwrap();
            let files = inert::generate(&text)
                .unwrap_or_else(|codes| panic!("{}: {codes:?}", path.display()));
            assert_eq!(
                inert::wrong(&files, &Files::new()).filter(|said| !said.starts_with("\"shield/")),
                None
            );
            let name = path.strip_prefix(root).unwrap().display().to_string();
            // What is written again is the same document.
            for text in [tree::json(&document.root), tree::yaml(&document.root)] {
                assert!(
                    inert::generate(&text).is_ok_and(|again| again == files),
                    "{name}"
                );
            }
            Spec {
                name,
                root: document.root,
                files,
            }
        })
        .collect()
}

/// One substitution.
struct Try<'s> {
    spec: &'s Spec,
    position: &'s Position,
    text: String,
    /// Wherever the old text stands, not only here.
    everywhere: bool,
}

/// Names that become what a neighbour's name becomes.
fn like_neighbours(root: &Node, position: &Position) -> Vec<String> {
    let mut root = root.clone();
    let Some((last, parent)) = position.path.split_last() else {
        return Vec::new();
    };
    let Some(Node {
        value: Value::Map(map),
        ..
    }) = tree::at(&mut root, parent)
    else {
        return Vec::new();
    };
    if !position.key || map.entries.len() < 2 {
        return Vec::new();
    }
    let other = &map.entries[(last + 1) % map.entries.len()].0.text;
    vec![
        format!("{other}_"),
        format!("{other}!"),
        other.to_snake_case(),
        other.to_upper_camel_case(),
        other.to_shouty_snake_case(),
        format!("{other}2"),
        format!("{other}Id"),
    ]
}

fn all(specs: &[Spec]) -> BTreeMap<String, Vec<(&Spec, Position)>> {
    let mut kinds: BTreeMap<String, Vec<(&Spec, Position)>> = BTreeMap::new();
    for spec in specs {
        for position in tree::positions(&spec.root) {
            kinds
                .entry(position.kind.clone())
                .or_default()
                .push((spec, position));
        }
    }
    kinds
}

/// One generator, so that a failure can be met again.
fn mixed(number: usize) -> usize {
    let mut hash = number as u64 ^ 0x9E37_79B9_7F4A_7C15;
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (hash ^ (hash >> 31)) as usize
}

fn attempt(each: &Try<'_>) -> Result<bool, String> {
    let mut root = each.spec.root.clone();
    if each.everywhere {
        tree::rename(&mut root, &each.position.text, &each.text);
    } else {
        tree::replace(&mut root, each.position, &each.text);
    }
    let text = match each.text.len() % 2 {
        0 => tree::json(&root),
        _ => tree::yaml(&root),
    };
    let said = catch_unwind(AssertUnwindSafe(|| match inert::generate(&text) {
        Err(_) => Ok(false),
        Ok(files) => match inert::wrong(&files, &each.spec.files) {
            None => Ok(true),
            Some(wrong) => Err(wrong),
        },
    }));
    said.unwrap_or_else(|_| Err("a panic".to_owned()))
}

#[test]
fn what_stands_anywhere_is_inert_or_refused() {
    let begun = Instant::now();
    let specs = specs();
    let kinds = all(&specs);
    let texts: Vec<String> = HOSTILE
        .iter()
        .chain(TAKEN)
        .map(|text| (*text).to_owned())
        .chain(odd())
        .collect();
    let whole = std::env::var("HOSTILE").is_ok_and(|value| value == "all");

    let mut tries = Vec::new();
    for places in kinds.values() {
        for (number, (spec, position)) in places.iter().enumerate() {
            let neighbours = like_neighbours(&spec.root, position);
            for (which, text) in texts.iter().chain(&neighbours).enumerate() {
                for everywhere in [false, true] {
                    // Each kind of place meets each text; each further place of the kind some of them.
                    let further = whole || spec.files.len() < LARGE;
                    if number == 0 || further && mixed(number ^ which << 20).is_multiple_of(32) {
                        tries.push(Try {
                            spec,
                            position,
                            text: text.clone(),
                            everywhere,
                        });
                    }
                }
            }
        }
    }
    let possible = tries.len();
    if !whole {
        let keep = possible.div_ceil(SAMPLE);
        let mut number = 0;
        tries.retain(|_| {
            number += 1;
            mixed(number).is_multiple_of(keep)
        });
    }

    let (next, emitted) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let wrong = Mutex::new(Vec::new());
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(each) = tries.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match attempt(each) {
                        Ok(true) => drop(emitted.fetch_add(1, Ordering::Relaxed)),
                        Ok(false) => {}
                        Err(said) => {
                            let text: String = each.text.chars().take(80).collect();
                            let (spec, kind) = (&each.spec.name, &each.position.kind);
                            let how = if each.everywhere {
                                "everywhere"
                            } else {
                                "here"
                            };
                            let said = format!("{spec} {kind} {how} {text:?}: {said}");
                            println!("{}", said.lines().next().unwrap_or_default());
                            wrong.lock().unwrap().push(said);
                        }
                    }
                }
            });
        }
    });
    std::panic::set_hook(quiet);
    let (wrong, emitted) = (wrong.into_inner().unwrap(), emitted.into_inner());
    println!(
        "{} documents, {} kinds of places, {} texts: {} of {possible} substitutions tried, {emitted} emitted and inert, {} refused, {} wrong, {:.1} s",
        specs.len(),
        kinds.len(),
        texts.len(),
        tries.len(),
        tries.len() - emitted - wrong.len(),
        wrong.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(
        emitted * 10 > tries.len(),
        "too few are emitted to say anything"
    );
    assert!(
        wrong.is_empty(),
        "\n{}",
        wrong[..wrong.len().min(12)].join("\n\n")
    );
}

/// The checks fail on what they are there for.
#[test]
fn what_is_not_inert_is_found() {
    let holds = |path: &str, text: &str| {
        let file = palisade::emit::Emitted {
            text: text.to_owned(),
            owner: palisade::emit::Owner::Palisade,
        };
        inert::wrong(&Files::from([(path.to_owned(), file)]), &Files::new()).is_none()
    };
    for (path, text) in [
        (
            "a.rs",
            "// Zq_Pwned_9x\n/// Zq_Pwned_9x\nfn f() { \"Zq_Pwned_9x\"; }\n",
        ),
        (
            "a.rs",
            "#[diagnostic::on_unimplemented(message = \"{{Zq_Pwned_9x}} {Self}\")]\ntrait T {}\n",
        ),
        ("a.toml", "a = \"b\"\n"),
        ("a.jsonl", "{\"a\":1}\n{}\n"),
        (".env.example", "# a\n\nA=\nB=memory\n"),
        ("a/b/README.md", "# \\<Zq\\_Pwned\\_9x\n"),
    ] {
        assert!(holds(path, text), "{path} {text}");
    }
    for (path, text) in [
        ("a.rs", "fn Zq_Pwned_9x() {}\n"),
        ("a.rs", "m!(a b Zq_Pwned_9x);\n"),
        ("a.rs", "fn f() { std::process::exit(1) }\n"),
        ("a.rs", "fn f( {}\n"),
        ("a.rs", "/// ```\nfn f() {}\n"),
        ("a.rs", "/// <script>\nfn f() {}\n"),
        ("a.rs", "// a\r\nfn f() {}\n"),
        ("a.rs", "// a\u{202e}\nfn f() {}\n"),
        (
            "a.rs",
            "#[diagnostic::on_unimplemented(message = \"{Zq}\")]\ntrait T {}\n",
        ),
        ("a.toml", "a = b\n"),
        ("a.jsonl", "{\"a\":1\n}\n"),
        (".env.example", "A=$(x)\n"),
        (".env.example", "x y\n"),
        ("README.md", "<Zq_Pwned_9x>\n"),
        ("../a.rs", "\n"),
        ("a/nul.rs", "\n"),
        ("a\\b.rs", "\n"),
        ("a.exe", "\n"),
    ] {
        assert!(!holds(path, text), "{path} {text}");
    }
}
