//! What came of it: cells by kind of answer, and every cell on which the two disagree.

use std::collections::BTreeMap;
use std::time::Duration;

/// Bars of the whole run.
const CELLS: u64 = 20_000;
const SHARE: f64 = 5.0;
const KINDS: [&str; 4] = ["2xx", "401", "403", "404"];
/// Disagreements of one service that are printed whole.
const SHOWN: usize = 5;

#[derive(Default)]
pub struct Tally {
    pub name: &'static str,
    pub mutant: Option<&'static str>,
    pub operations: usize,
    pub principals: usize,
    /// Operations that the oracle leaves out, and why.
    pub unjudged: Vec<(String, String)>,
    kinds: BTreeMap<String, u64>,
    /// Members and rows that were compared in answers.
    pub members: u64,
    pub wrong: Vec<String>,
    pub took: Duration,
}

impl Tally {
    pub fn new(name: &'static str, mutant: Option<&'static str>) -> Self {
        Tally {
            name,
            mutant,
            ..Tally::default()
        }
    }

    pub fn count(&mut self, expected: u16) {
        let kind = match expected {
            200..=299 => "2xx".to_owned(),
            other => other.to_string(),
        };
        *self.kinds.entry(kind).or_default() += 1;
    }

    pub fn cells(&self) -> u64 {
        self.kinds.values().sum()
    }

    /// One line as soon as it is known.
    pub fn line(&self) -> String {
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let end = match (self.mutant, self.wrong.len()) {
            (Some(what), 0) => format!("NOT NOTICED: {what}"),
            (Some(what), count) => format!("noticed {count} times: {what}"),
            (None, 0) => "agreed".to_owned(),
            (None, count) => format!("{count} DISAGREE"),
        };
        format!(
            "    {:<12} {:>7} cells ({} operations, {} callers; {}) in {:.1} s: {end}",
            self.name,
            self.cells(),
            self.operations,
            self.principals,
            kinds.join(", "),
            self.took.as_secs_f64(),
        )
    }
}

/// Prints the sum of all; whether everything is as it must be.
pub fn sum(tallies: &[Tally]) -> bool {
    let (mutants, real): (Vec<&Tally>, Vec<&Tally>) = tallies.iter().partition(|tally| tally.mutant.is_some());
    let mut good = true;
    for tally in &real {
        for wrong in tally.wrong.iter().take(SHOWN) {
            println!("\nDISAGREE {}: {wrong}", tally.name);
        }
        if tally.wrong.len() > SHOWN {
            println!("\n{}: and {} more", tally.name, tally.wrong.len() - SHOWN);
        }
        good &= tally.wrong.is_empty();
    }
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, count) in real.iter().flat_map(|tally| &tally.kinds) {
        *kinds.entry(kind).or_default() += count;
    }
    let cells: u64 = kinds.values().sum();
    let members: u64 = real.iter().map(|tally| tally.members).sum();
    let wrong: usize = real.iter().map(|tally| tally.wrong.len()).sum();
    println!("\n    {cells} cells of {} services; {members} members of answers compared; {wrong} disagree", real.len());
    for tally in &real {
        for (operation, why) in &tally.unjudged {
            println!("    not judged: {operation} of {} ({why})", tally.name);
        }
    }
    for (kind, count) in &kinds {
        println!("    {kind:<4} {count:>8}  {:>5.1} %", share(*count, cells));
    }
    let noticed = mutants.iter().filter(|tally| !tally.wrong.is_empty()).count();
    println!("    {noticed} of {} services with a guard taken out were noticed", mutants.len());
    good &= noticed == mutants.len();
    if cells < CELLS {
        println!("    MISSED: at least {CELLS} cells");
        good = false;
    }
    for kind in KINDS {
        if share(kinds.get(kind).copied().unwrap_or_default(), cells) < SHARE {
            println!("    MISSED: at least {SHARE} % {kind}");
            good = false;
        }
    }
    good
}

fn share(count: u64, of: u64) -> f64 {
    100.0 * count as f64 / of.max(1) as f64
}
