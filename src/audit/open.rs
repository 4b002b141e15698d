//! Values that may be any JSON, since the document says so.

use super::facts::Facts;
use super::finding::Found;
use super::rule::{Owasp, Rule, Severity};
use super::schemas::Uses;

pub(super) static TAKEN: Rule = Rule {
    code: 5411,
    name: "any-json-taken",
    owasp: Owasp::Properties,
    severity: Severity::Info,
    sentence: "A request may hold any JSON value.",
    why: "It is bounded at every depth (`limits.jsonDepth`, `string`, `array`, `object`) and nothing else is known of it: what it means is for the handler to check.",
    fix: "Declare a `type`, and the members of what is an object.",
};
pub(super) static SENT: Rule = Rule {
    code: 5412,
    name: "any-json-sent",
    owasp: Owasp::Properties,
    severity: Severity::Warning,
    sentence: "A reply may hold any JSON value.",
    why: "No projection stands between the handler and the caller there: what the handler gives is sent as it is, with members that nobody meant to show.",
    fix: "Declare a `type`, and the members of what is an object; `read` on a member says who may see it.",
};

pub(super) static RULES: &[&Rule] = &[&TAKEN, &SENT];

pub(super) fn check(facts: &Facts, found: &mut Found) {
    for whole in facts.wholes.iter().filter(|each| each.schema.free) {
        let schema = whole.schema;
        if whole.uses.any(Uses::BODY) && !schema.read_only {
            found.push(&TAKEN, schema.place, "this may be any JSON value");
        }
        if whole.uses.any(Uses::REPLY) && !schema.write_only {
            let message = "whatever the handler gives here is sent";
            found.push(&SENT, schema.place, message);
        }
    }
}
