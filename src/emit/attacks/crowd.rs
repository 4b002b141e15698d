//! One too many at a time: connections of an address, and requests that are worked on (P76); and who does not come in by the
//! shield's own loop, where TLS ends in it (P94).

use super::case::{Expect, Field, Prepare};
use super::scene::Scene;
use super::stage::Stage;
use crate::plan::{Access, Operation};

/// More connections are not opened: each takes two descriptors of the process, and a thousand is often all it has.
const OPEN: u32 = 300;

/// More requests are not kept waiting for each operation: of the places that there are besides, the service is told that
/// they are taken.
const BUSY: u32 = 8;

/// For so many milliseconds the others must be left alone: a machine may be slow.
const PATIENCE: u64 = 2_000;

/// What is tried on the service, under the name of its first operation.
pub fn service(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    let limits = &scene.plan.limits;
    let most = limits.per_ip.min(limits.connections);
    let inside = scene.plan.tls.is_some();
    let name = "one connection more";
    if most > OPEN {
        let why = "the limit is too large for connections to be opened";
        scene.without("crowd", name, why);
    } else if limits.header_timeout_ms < PATIENCE {
        scene.without("crowd", name, "who is silent is sent away too soon");
    } else if inside {
        // No handshake is made for who is not let in.
        let expect = Expect {
            closed: true,
            ..Expect::default()
        };
        scene.prepared("crowd", name, Prepare::Open(most), stage.control(), expect);
    } else {
        let expect = busy();
        scene.prepared("crowd", name, Prepare::Open(most), stage.control(), expect);
    }
    if inside {
        let name = "by another loop, without TLS";
        let expect = Expect::status(500).event("error.unhandled", Some("fault"));
        scene.prepared("past-tls", name, Prepare::Mounted, stage.control(), expect);
    }
}

/// Handlers of one operation do not end, and then somebody asks for this one.
pub fn attack(scene: &mut Scene<'_>, stage: &Stage<'_>) {
    scene.family(stage, "crowd", "", |scene| {
        let name = "one request more";
        let Some(filler) = filler(scene) else {
            let why = "no handler is found that so many requests may come to";
            return scene.without("crowd", name, why);
        };
        let crowd = Prepare::Crowd {
            of: filler.id.clone(),
            times: times(scene),
            besides: scene.plan.limits.concurrency - times(scene),
        };
        let expect = busy().event("limit.exceeded", Some("busy"));
        scene.prepared("crowd", name, crowd, stage.control(), expect);
    });
}

fn busy() -> Expect {
    Expect::status(503)
        .code("busy")
        .header("retry-after", Field::holds(&[], &[]))
        .limited(false)
}

fn times(scene: &Scene<'_>) -> u32 {
    scene.plan.limits.concurrency.min(BUSY)
}

/// The operation whose handlers are kept from ending: of those that so many requests may come to, the one that is given up
/// last.
pub fn filler<'a>(scene: &Scene<'a>) -> Option<&'a Operation> {
    let (plan, times) = (scene.plan, times(scene));
    let room = |operation: &&Operation| {
        let mut quotas = operation.quotas.iter();
        quotas.all(|at| plan.quotas.get(*at).is_some_and(|each| each.limit >= times))
    };
    if plan.limits.per_ip.min(plan.limits.connections) <= times {
        return None;
    }
    let handled = plan
        .operations
        .iter()
        .filter(|each| each.flow.is_none() && !matches!(each.access, Access::Denied { .. }))
        .filter(|each| each.handler_timeout_ms >= PATIENCE)
        .filter(room)
        .filter(|each| scene.stage(each).is_ok());
    // The first of those that are alike.
    handled.rev().max_by_key(|each| each.handler_timeout_ms)
}
