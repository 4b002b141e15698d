//! Operations that nobody can call: by choice (`--deny-unsupported`, ruling 84), or because nothing was declared.

use super::options;
use super::pipeline::{Stages, stages};
use super::screen::Screen;
use super::stop::Stop;
use super::target::Target;
use crate::diagnostic::{Diagnostics, escape};
use crate::document::{Document, Place};
use crate::plan::{Access, Plan};
use crate::unsupported::{self, Affected, Fate};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What was denied by choice, in words; nothing without the choice.
#[derive(Default)]
pub struct Denied {
    /// Place of each operation that was: those are told with their construct.
    operations: BTreeSet<Place>,
    text: Vec<String>,
}

/// All stages of a document in which nothing is wrong. With `--deny-unsupported`, asked for now or remembered, operations
/// that hold a named gap are denied in the plan; else a gap stops as any other diagnostic does.
pub fn narrowed(
    target: &Target,
    asked: &options::Shape,
    screen: &Screen,
) -> Result<(Stages, Denied), Stop> {
    let spec = &target.spec;
    let mut stages = stages(spec, screen)?;
    let info = stages
        .document
        .root
        .as_map()
        .and_then(|map| map.get("info"));
    let title = info.and_then(|info| info.as_map()?.get("title")?.as_str());
    if !asked.over(target.remembered(title)).deny_unsupported {
        return Ok((stages.whole(screen)?, Denied::default()));
    }
    let narrowed = screen.timed("narrow", || {
        unsupported::plan(&stages.document, &spec.name())
    });
    match narrowed {
        Ok(narrowed) => {
            let denied = told(&narrowed, &stages.document);
            stages.plan = Some(narrowed.plan);
            // What they named has been denied.
            stages.diagnostics = Diagnostics::default();
            Ok((stages, denied))
        }
        Err(diagnostics) => {
            stages.diagnostics = diagnostics;
            stages.plan = None;
            Ok((stages.whole(screen)?, Denied::default()))
        }
    }
}

fn told(narrowed: &unsupported::Narrowed, document: &Document) -> Denied {
    let mut text = Vec::new();
    for (fate, what) in [
        (Fate::Denied, "denied to everyone"),
        (Fate::NoMethod, "not served: the method cannot be (405)"),
        (Fate::NoPath, "not served: the path cannot be (404)"),
    ] {
        let operations = narrowed.operations.iter();
        let lines: Vec<String> = operations
            .filter(|each| each.fate == fate)
            .map(|each| line(each, document))
            .collect();
        if !lines.is_empty() {
            let count = lines.len();
            let them = if count == 1 {
                "operation uses"
            } else {
                "operations use"
            };
            text.push(format!(
                "{count} {them} what palisade cannot enforce, {what}:{}",
                lines.concat()
            ));
        }
    }
    let left_out = narrowed.left_out.iter();
    let left_out: Vec<String> = left_out
        .map(|cause| format!("\n  {} at {}", cause.what(), at(cause.place, document)))
        .collect();
    if !left_out.is_empty() {
        text.push(format!(
            "left out, since no operation that is served uses it:{}",
            left_out.concat()
        ));
    }
    if text.is_empty() {
        text.push(
            "--deny-unsupported is not needed: palisade enforces all of this document".to_owned(),
        );
    }
    Denied {
        operations: narrowed.operations.iter().map(|each| each.place).collect(),
        text,
    }
}

/// An operation, and each construct with the first place it stands at.
fn line(operation: &Affected, document: &Document) -> String {
    let mut text = String::from("\n  ");
    if let Some(id) = &operation.id {
        text.push_str(&escape(id));
        text.push(' ');
    }
    let _ = write!(text, "({} {}): ", operation.method, escape(&operation.path));
    let mut seen = BTreeSet::new();
    let first = operation.causes.iter();
    let first: Vec<String> = first
        .filter(|cause| seen.insert(cause.code))
        .map(|cause| format!("{} at {}", cause.what(), at(cause.place, document)))
        .collect();
    text.push_str(&first.join("; "));
    text
}

fn at(place: Place, document: &Document) -> String {
    let source = document.sources.get(place.file);
    let name = source.map_or("?", |source| source.name.as_str());
    format!("{}:{}:{}", escape(name), place.line, place.column)
}

/// Tells which operations nobody can call, and why: the person may have forgotten to declare who can.
pub fn tell(plan: &Plan, by_choice: &Denied, screen: &Screen) {
    by_choice.text.iter().for_each(|text| screen.note(text));
    let denied: Vec<String> = plan
        .operations
        .iter()
        .filter(|each| !by_choice.operations.contains(&each.place))
        .filter_map(|operation| match &operation.access {
            Access::Denied { why } => Some(format!(
                "\n  {} ({} {}): {}",
                escape(&operation.id),
                operation.method,
                escape(&operation.path),
                escape(why)
            )),
            Access::Public { .. } | Access::Optional(_) | Access::Caller(_) => None,
        })
        .collect();
    if !denied.is_empty() {
        let (them, verb) = match denied.len() {
            1 => ("operation", "is"),
            _ => ("operations", "are"),
        };
        screen.note(&format!(
            "{} {them} {verb} denied to everyone:{}",
            denied.len(),
            denied.concat()
        ));
    }
}
