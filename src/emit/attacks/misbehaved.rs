//! Handlers that panic, fail or do not end, and bodies that do not come (P75, P89, P97, P98).

use super::case::{Expect, Prepare};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::Operation;

/// What a handler that fails says: words that no answer may repeat (the runner knows what comes from inside).
pub const INSIDE: &str = "thread 'probe' panicked at src/probe.rs";

/// Attacks wait in earnest, so only for what ends as soon as this, in milliseconds.
const PATIENCE: u64 = 2_000;

/// Whether its handler is given up so soon that an attack can wait for it.
pub fn is_impatient(operation: &Operation) -> bool {
    operation.flow.is_none() && operation.handler_timeout_ms <= PATIENCE
}

pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let operation = stage.operation;
    // A flow has no handler.
    if operation.flow.is_none() {
        scene.family(stage, "misbehaved", "", |scene| misbehave(scene, stage));
    }
    if is_impatient(operation) {
        let expect = Expect::status(503).event("limit.exceeded", Some("handlerTimeout"));
        let name = "a handler that does not end";
        let hangs = Prepare::Handler("hang");
        scene.prepared("hang", name, hangs, stage.control(), expect);
    }
    if operation.body.is_some() && operation.body_timeout_ms <= PATIENCE {
        let mut sent = stage.control();
        sent.request.body = None;
        sent.request.declare = Some(2);
        let expect = Expect::status(408).event("limit.exceeded", Some("bodyTimeout"));
        scene.add("hang", "a body that does not come", sent, expect);
    }
}

fn misbehave(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    for kind in ["panic", "fault"] {
        let expect = Expect::status(500).event("error.unhandled", Some(kind));
        let name = "and the next request is served";
        scene.prepared(kind, name, Prepare::Handler(kind), stage.control(), expect);
    }
}
