//! Settings with which the service must not start: each line `start` of `cases.jsonl` is one variable and what it is set to.
//! Those of one kind are about what becomes of it afterwards: see [`stale`].

use crate::cases::{list, word};
use crate::expand::{Lines, text};
use crate::stale;
use crate::target::{Settings, Target};
use serde_json::Value;

/// Runs of so many letters of a value are the value's own, and belong in no message.
const TELLING: usize = 12;

/// What went wrong, by the name of the attack.
pub fn attack(all: &Lines, settings: &Settings) -> Vec<(String, Option<String>)> {
    let tried = all.starts.iter().map(|line| {
        let kind = word(line, "kind");
        let title = format!("{kind} {}", word(line, "start"));
        let wrong = match kind {
            stale::KIND => stale::try_on(line, all, settings),
            _ => start(line, settings),
        };
        (title, wrong.err())
    });
    tried.collect()
}

fn start(line: &Value, settings: &Settings) -> Result<(), String> {
    let [variable, value] = list(line, "set") else {
        return Err("nothing is set".to_owned());
    };
    let variable = variable.as_str().unwrap_or_default();
    let value = match value.as_object() {
        _ if value.is_null() => None,
        None => Some(text(value)),
        Some(change) => Some(
            settings
                .keys_with(variable, change)
                .ok_or("there is no such key")?,
        ),
    };
    let Some((named, message)) = Target::refuses(&settings.with(variable, value.as_deref())) else {
        return Err("it starts".to_owned());
    };
    if named != variable {
        return Err(format!("{named:?} is blamed: {message}"));
    }
    let other = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let runs = value.iter().flat_map(|value| value.split(other));
    match runs
        .filter(|run| run.len() >= TELLING)
        .find(|run| message.contains(*run))
    {
        Some(_) => Err(format!("the value is told: {message}")),
        None => Ok(()),
    }
}
