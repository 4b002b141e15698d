//! Real documents: what remains is planned as in the document from which the rest was deleted by hand.

use super::*;
use crate::document::{Document, Map, Node, Value, load};
use crate::openapi::tests::corpus;

/// With entries in `auth`, so that operations are not denied anyway.
fn annotated(document: &Document) -> Option<Document> {
    let name = document.sources.get(document.root.place.file)?.name.clone();
    let text = document.sources.get(document.root.place.file)?.text.clone();
    let annotated = crate::annotate::annotate(&name, text.as_bytes()).ok()?;
    from_text(&name, &annotated.text).ok()
}

fn map(node: &mut Node) -> Option<&mut Map> {
    match &mut node.value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

/// Removes operations, components and resources, and asks nobody what uses them.
fn delete(document: &Document, narrowed: &Narrowed) -> Document {
    let mut root = document.root.clone();
    for each in &narrowed.operations {
        let paths = map(&mut root).unwrap().get_mut("paths").unwrap();
        if let Some(item) = map(paths).unwrap().get_mut(&each.path).and_then(map) {
            item.entries
                .retain(|(key, _)| key.text != each.method.to_ascii_lowercase());
            let left = item
                .entries
                .iter()
                .any(|(key, _)| crate::outline::METHODS.contains(&key.text.as_str()));
            if !left {
                map(paths)
                    .unwrap()
                    .entries
                    .retain(|(key, _)| key.text != each.path);
            }
        }
    }
    // By text: what is mentioned nowhere any more is not needed.
    loop {
        let text = format!("{root:?}");
        let components = map(&mut root).unwrap().get_mut("components");
        let Some(components) = components.and_then(map) else {
            break;
        };
        let mut removed = false;
        for (section, named) in &mut components.entries {
            let Some(named) = map(named) else { continue };
            let before = named.entries.len();
            if section.text != "securitySchemes" {
                named.entries.retain(|(key, _)| {
                    let reference = format!("\"#/components/{}/{}\"", section.text, key.text);
                    text.contains(&reference)
                });
            }
            removed |= named.entries.len() != before;
        }
        if !removed {
            break;
        }
    }
    let root_map = map(&mut root).unwrap();
    root_map.entries.retain(|(key, _)| key.text != "webhooks");
    Document {
        root,
        sources: Sources::default(),
    }
}

#[test]
fn what_remains_is_as_in_a_document_without_the_rest() {
    let Some(paths) = corpus::paths() else {
        return;
    };
    let (mut documents, mut denied, mut remained, mut stopped, mut uncompared) = (0, 0, 0, 0, 0);
    for path in paths {
        // By hand takes long.
        if std::fs::metadata(&path).unwrap().len() > 200_000 {
            continue;
        }
        let Some(document) = load(&path).ok().and_then(|document| annotated(&document)) else {
            continue;
        };
        let name = path.display().to_string();
        let narrowed = match plan(&document, "spec") {
            Ok(narrowed) => narrowed,
            Err(diagnostics) => {
                assert!(!diagnostics.is_empty(), "{name}: no word of why");
                stopped += 1;
                continue;
            }
        };
        documents += 1;
        for each in &narrowed.operations {
            let planned = narrowed
                .plan
                .operations
                .iter()
                .find(|other| other.path == each.path && other.method == each.method);
            match planned {
                Some(planned) => {
                    denied += 1;
                    assert!(
                        matches!(planned.access, Access::Denied { .. }),
                        "{name} {}",
                        each.path
                    );
                }
                None => assert_ne!(each.fate, Fate::Denied, "{name} {}", each.path),
            }
        }
        let deleted = delete(&document, &narrowed);
        let Some(by_hand) = stages(&deleted, "spec", &mut Diagnostics::default()) else {
            // A resource of which no operation is left: a person would have more to do than delete.
            uncompared += 1;
            continue;
        };
        for after in &narrowed.plan.operations {
            let affected = narrowed
                .operations
                .iter()
                .any(|each| each.path == after.path && each.method == after.method);
            if affected {
                continue;
            }
            let alone = by_hand
                .operations
                .iter()
                .find(|each| each.path == after.path && each.method == after.method);
            let alone = alone.unwrap_or_else(|| panic!("{name} {} is gone", after.path));
            remained += 1;
            assert_eq!(
                enforced(&by_hand, alone),
                enforced(&narrowed.plan, after),
                "{name} {}",
                after.path
            );
        }
    }
    eprintln!(
        "{documents} documents, {denied} operations denied, {remained} compared with the document without them; {uncompared} documents could not be compared, {stopped} stopped"
    );
    assert!(documents > 20 && denied > 100 && remained > 20 && uncompared < documents / 4);
}
