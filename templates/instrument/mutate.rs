//! Turns off one guard step after another, and looks for the attack that notices.
//!
//! Run by `cargo xtask mutate`, which sets `MUTATE=PART/PARTS` (this process takes every PARTS-th pair of a step and an
//! operation) or `MUTATE=PART/PARTS/one` (each step with one operation only), and reads the lines that begin with `mutate`.
//! `MUTATE_STEPS=NAME,NAME` tries these only.

use crate::expand::Case;
use crate::target::Settings;
use crate::{against, attack, cases, ready};
use serde_json::{Value, json};
use shield::switch;
use std::collections::BTreeMap;
use std::time::Instant;

/// Stands for all operations, where a step does not know yet which is meant.
const EVERY: &str = "(every)";

/// How often an attack is sent to see whether it was the step that it noticed: time or a port may be wanting instead.
const TRIES: usize = 3;

/// A case as it goes with every guard on.
struct Run<'a> {
    case: Case<'a>,
    whole: Value,
    /// Steps it came to, the last one first: where it was refused stands near the front.
    reached: Vec<&'static str>,
    /// How much it is to send: what is small kills as well, and is sooner done.
    size: usize,
}

#[test]
fn mutate() {
    let Ok(asked) = std::env::var("MUTATE") else {
        return;
    };
    let mut parts = asked.split('/');
    let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok());
    let (part, of) = (number().expect("a part"), number().expect("of how many"));
    let one = parts.next() == Some("one");

    let all = cases::read();
    let settings = Settings::new(&all.manifest);
    let cors = all.manifest["cors"] == true;
    let mut runs = Vec::new();
    for case in all
        .cases()
        .into_iter()
        .filter(|case| case.skipped().is_none())
    {
        let whole = case.whole();
        let (target, crowd) = ready(&whole, &settings).expect("a service to attack");
        // What the start, and the others who are there, came to is not on the way of this request.
        switch::reached();
        let wrong = against(&target, crowd, &whole, &settings, cors);
        assert!(
            wrong.is_empty(),
            "with every guard on: {}: {wrong:?}",
            case.title()
        );
        let times = whole["before"]["times"].as_u64().unwrap_or_default() as usize;
        runs.push(Run {
            case,
            size: whole.to_string().len() * (1 + times),
            whole,
            reached: switch::reached(),
        });
    }
    let mut uses: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    for (step, _, of_the_service) in switch::STEPS {
        let operations = uses.entry(step).or_default();
        for run in runs.iter().filter(|run| run.reached.contains(step)) {
            let operation = match of_the_service {
                true => EVERY,
                false => run.case.operation(),
            };
            if !operations.contains(&operation) {
                operations.push(operation);
            }
        }
    }
    let only = std::env::var("MUTATE_STEPS").unwrap_or_default();
    let only: Vec<&str> = only.split(',').filter(|step| !step.is_empty()).collect();
    let mut pairs = Vec::new();
    for (at, (step, operations)) in uses.iter().enumerate() {
        if !only.is_empty() && !only.contains(step) {
            continue;
        }
        if part == 0 {
            say(&json!({ "step": step, "operations": operations }));
        }
        let chosen = operations.iter().enumerate();
        // The rule of the short way: the steps go round the operations.
        let chosen = chosen.filter(|(index, _)| !one || *index == at % operations.len());
        pairs.extend(chosen.map(|(_, operation)| (*step, *operation)));
    }
    for (step, operation) in pairs.into_iter().skip(part).step_by(of) {
        let begun = Instant::now();
        let killer = killer(&runs, step, operation, &settings, cors);
        let (by, why, behind, tried) = match &killer {
            Ok((title, why, behind, tried)) => (Some(title), Some(why), *behind, *tried),
            Err(tried) => (None, None, None, *tried),
        };
        say(&json!({
            "step": step,
            "operation": operation,
            "by": by,
            "why": why,
            "behind": behind,
            "tried": tried,
            "millis": begun.elapsed().as_millis() as u64,
        }));
    }
}

/// The first attack on the operation that fails without the step, what it says, the step before it that had to be off for
/// that, if any had, and how many were tried.
fn killer(
    runs: &[Run],
    step: &'static str,
    operation: &str,
    settings: &Settings,
    cors: bool,
) -> Result<(String, String, Option<&'static str>, usize), usize> {
    let place = |run: &Run| run.reached.iter().position(|reached| *reached == step);
    // A case that does not come to the step goes as it did.
    let mut likely: Vec<(usize, &Run)> = runs
        .iter()
        .filter(|run| operation == EVERY || run.case.operation() == operation)
        .filter_map(|run| Some((place(run)?, run)))
        .collect();
    likely.sort_by_key(|(place, run)| (*place, run.size));
    let with = switch::STEPS.iter().find(|(name, ..)| *name == step);
    let mut off = vec![step];
    off.extend(with.and_then(|(_, with, _)| *with));
    // Of two layers the second one is not missed as long as the first one stands: where it is held to stand alone, it is.
    let before = switch::STEPS.iter();
    let first = before.filter(|(_, with, _)| *with == Some(step));
    let first = first.map(|(name, ..)| vec![*name]);
    let mut sent = 0;
    for without in std::iter::once(Vec::new()).chain(first) {
        let off = [&*without, &*off].concat();
        for (_, run) in &likely {
            sent += 1;
            switch::turn_off(&off);
            let wrong = attack(&run.whole, settings, cors);
            switch::turn_off(&without);
            let Some(why) = wrong.first() else { continue };
            // What fails with the guard on as well has not noticed it: where all others are on too, nothing that is said
            // here counts.
            let sound = (0..TRIES).any(|_| attack(&run.whole, settings, cors).is_empty());
            assert!(
                sound || !without.is_empty(),
                "with every guard on again: {}: {why}",
                run.case.title()
            );
            if !sound {
                continue;
            }
            // Some other trouble may have come between: it counts when it is so once more.
            switch::turn_off(&off);
            let again = (0..TRIES).any(|_| !attack(&run.whole, settings, cors).is_empty());
            if again {
                switch::turn_off(&[]);
                let behind = without.first().copied();
                return Ok((run.case.title(), why.clone(), behind, sent));
            }
        }
    }
    switch::turn_off(&[]);
    Err(sent)
}

/// A line for the task that runs this.
fn say(line: &Value) {
    println!("mutate {line}");
}
