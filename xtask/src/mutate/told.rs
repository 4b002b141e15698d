//! What the runners say, and what comes of it.

use super::Steps;
use serde_json::Value;
use std::time::Duration;

/// One step, off for one operation.
pub struct Pair {
    pub step: String,
    pub operation: String,
    /// The attack that noticed.
    pub by: Option<String>,
    /// The step before it that holds the same, and was off for this one to be missed.
    pub behind: Option<String>,
    /// How many were sent.
    pub tried: u64,
    pub millis: u64,
}

pub enum Line {
    Pair(Pair),
    /// A step, and the operations that come to it.
    Step(String, Vec<Value>),
}

impl Line {
    /// `None`: the line is the test harness's. An answer to nothing is wrong.
    pub fn read(line: &str) -> Result<Option<Line>, String> {
        // The harness begins lines of its own with what it has to say of the test.
        let Some((_, text)) = line.split_once("mutate {") else {
            return Ok(None);
        };
        let value: Value =
            serde_json::from_str(&format!("{{{text}")).map_err(|error| error.to_string())?;
        let member = |name: &str| value.get(name).unwrap_or(&Value::Null);
        let word = |name: &str| member(name).as_str().map(str::to_owned);
        let step = word("step").ok_or("no step")?;
        if let Some(operations) = member("operations").as_array() {
            return Ok(Some(Line::Step(step, operations.clone())));
        }
        Ok(Some(Line::Pair(Pair {
            step,
            operation: word("operation").ok_or("no operation")?,
            by: word("by"),
            behind: word("behind"),
            tried: member("tried").as_u64().ok_or("no count")?,
            millis: member("millis").as_u64().ok_or("no time")?,
        })))
    }
}

/// Of one step, over all specs.
#[derive(Default)]
struct Counts {
    operations: usize,
    killed: usize,
    /// Of those: as the second of two layers, without the first.
    behind: usize,
    survived: Vec<String>,
    sent: u64,
    millis: u64,
}

/// All that was said.
#[derive(Default)]
pub struct Told {
    steps: Steps<Counts>,
}

impl Told {
    pub fn step(&mut self, step: String, operations: usize) {
        self.steps.entry(step).or_default().operations += operations;
    }

    /// Steps that no operation comes to so far.
    pub fn at_zero(&self) -> Vec<String> {
        let steps = self.steps.iter();
        let none = steps.filter(|(_, counts)| counts.operations == 0);
        none.map(|(step, _)| step.clone()).collect()
    }

    pub fn pair(&mut self, pair: Pair) {
        let counts = self.steps.entry(pair.step.clone()).or_default();
        counts.sent += pair.tried;
        counts.millis += pair.millis;
        match pair.by {
            Some(_) => {
                counts.killed += 1;
                counts.behind += usize::from(pair.behind.is_some());
            }
            None => counts.survived.push(pair.operation),
        }
    }

    /// Prints a line a step. What is wrong, if anything is.
    pub fn report(&self, took: Duration, only: &[&str]) -> Vec<String> {
        let mut wrong = Vec::new();
        println!(
            "\n{:<24} {:>10} {:>6} {:>8} {:>6} {:>8}",
            "guard step", "operations", "killed", "survived", "sent", "seconds"
        );
        let (mut killed, mut behind, mut survived) = (0, 0, 0);
        for (step, counts) in &self.steps {
            let survivors = counts.survived.join(", ");
            println!(
                "{step:<24} {:>10} {:>6} {:>8} {:>6} {:>8.1}  {survivors}",
                counts.operations,
                counts.killed,
                counts.survived.len(),
                counts.sent,
                counts.millis as f64 / 1000.0
            );
            killed += counts.killed;
            behind += counts.behind;
            survived += counts.survived.len();
            if !counts.survived.is_empty() {
                wrong.push(format!("{step} can be off unnoticed: {survivors}"));
            }
            if counts.operations == 0 {
                wrong.push(format!("no attack comes to {step}"));
            }
        }
        for step in only.iter().filter(|step| !self.steps.contains_key(**step)) {
            wrong.push(format!("there is no guard {step}"));
        }
        println!(
            "{} steps, {} of them come to; {killed} pairs of a step and an operation killed ({behind} as a second layer, without the first), {survived} survived; {:.0} s",
            self.steps.len(),
            self.steps
                .values()
                .filter(|counts| counts.operations > 0)
                .count(),
            took.as_secs_f64()
        );
        wrong
    }
}
