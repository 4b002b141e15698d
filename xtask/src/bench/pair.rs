//! What role, ownership and projection cost: one `GET` of the same record in one server, with `access: authenticated` alone
//! and with all of them, in turn.

use super::page;
use super::service::{Rounds, Size, build, measure, pinned};
use super::spread::Spread;
use crate::steps::Failed;

/// How much more the second may cost.
const BAR: f64 = 1.10;

/// Measures, prints, and writes the page; fails when the bar is missed.
pub fn whole(size: Size) -> Result<(), Failed> {
    let programs = build(true)?;
    let rounds = measure(&programs, size, &["guarded"], "pair")?;
    let ratio = spread(ratios(&rounds)?.into_iter())?;
    let cost = |case| spread(of(&rounds, case)?.iter().copied());
    let (plain, owned) = (cost("plain")?, cost("owned")?);
    let row = |what: &str, cost: Spread, more: &str| {
        let Spread { low, median, high } = cost;
        format!("| {what} | {median:.2} ({low:.2}–{high:.2}) | {more} |\n")
    };
    let Spread { low, median, high } = ratio;
    let text = format!(
        "Measured on {}; {}; load average {} afterwards. {} rounds of {} requests for each, over {} connections. The median, the quartiles \
         in parentheses; processor time of the server process for one request, in µs, and how often that of the first in the same \
         round:\n\n| `GET` of a record, with | µs | |\n|---|---|---|\n{}{}",
        page::machine(),
        if pinned() {
            "the client has one of them to itself, the server another"
        } else {
            "client and server share them"
        },
        page::load(),
        size.rounds,
        size.requests,
        size.connections,
        row("`access: authenticated` alone", plain, ""),
        row(
            "a role, ownership within the tenant, and members by role and owner",
            owned,
            &format!("**{median:.3} ×** ({low:.3}–{high:.3})")
        )
    );
    println!("{text}");
    page::write("pair", &text)?;
    match median <= BAR {
        true => Ok(()),
        false => Err(Failed(format!("{median:.3} times; the bar is {BAR}"))),
    }
}

/// One a round.
fn ratios(rounds: &Rounds) -> Result<Vec<f64>, Failed> {
    let (plain, owned) = (of(rounds, "plain")?, of(rounds, "owned")?);
    Ok(owned
        .iter()
        .zip(plain)
        .map(|(owned, plain)| owned / plain)
        .collect())
}

fn of(rounds: &Rounds, case: &str) -> Result<Vec<f64>, Failed> {
    rounds
        .get(&(case.to_owned(), "guarded".to_owned()))
        .map(|rounds| rounds.iter().map(|round| round.cpu).collect())
        .ok_or_else(|| Failed(format!("no rounds of {case}")))
}

fn spread(values: impl Iterator<Item = f64>) -> Result<Spread, Failed> {
    Spread::of(values.collect()).ok_or_else(|| Failed("nothing was measured".to_owned()))
}
