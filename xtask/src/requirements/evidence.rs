//! Marks held against the last run: what is shown, on what, and what is wrong with the marks.

use super::last_run::{Ended, LastRun};
use super::list::Requirement;
use super::marks::{Mark, On, WORKSPACE, What};
use palisade::emit::attacks::kinds::{ALWAYS, KINDS, numbers};
use std::collections::BTreeMap;

/// The test that refuses every document that must be refused.
const REFUSES: (&str, &str, &str) = (
    "golden",
    "tests/golden.rs",
    "what_is_refused_is_refused_in_these_words",
);

/// How much of a requirement is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Met,
    Shield,
    Partly,
    Open,
}

impl State {
    pub const ALL: [State; 4] = [State::Met, State::Shield, State::Partly, State::Open];

    pub fn name(self) -> &'static str {
        match self {
            State::Met => "met",
            State::Shield => "shield",
            State::Partly => "partly",
            State::Open => "open",
        }
    }
}

/// What shows one requirement. All of it passed.
#[derive(Debug, Default)]
pub struct Shown {
    /// Kinds of attacks, with the cases on each project.
    pub kinds: Vec<(&'static str, Vec<usize>)>,
    /// Held against every answer of every attack.
    pub always: bool,
    pub marks: Vec<Mark>,
}

impl Shown {
    pub fn state(&self, of: &Requirement) -> State {
        let on = |on: On| self.marks.iter().any(|mark| mark.on == on);
        let service = self.always || !self.kinds.is_empty() || on(On::Service);
        let any = service || !self.marks.is_empty();
        match (of.of_service, of.lacks.is_empty()) {
            _ if !any => State::Open,
            (_, false) => State::Partly,
            (true, true) if service => State::Met,
            (false, true) if on(On::Palisade) => State::Met,
            // Seen, but not on what it must be seen on.
            (true, true) if on(On::Shield) => State::Shield,
            _ => State::Partly,
        }
    }
}

/// What shows each requirement, by number, and everything that is wrong.
pub fn weigh(
    list: &[Requirement],
    marks: &[Mark],
    run: &LastRun,
) -> (BTreeMap<String, Shown>, Vec<String>) {
    let mut shown: BTreeMap<String, Shown> = list
        .iter()
        .map(|each| (each.number.clone(), Shown::default()))
        .collect();
    let mut wrong = Vec::new();
    attacks(run, &mut shown, &mut wrong);
    for mark in marks {
        let ended = match &mark.what {
            What::Page => Ok(run.page(&mark.path)),
            What::Case => Ok(run.case(&mark.path)),
            What::Refused => run.test(WORKSPACE, REFUSES.0, REFUSES.1, REFUSES.2),
            What::Test {
                function,
                binary,
                log,
            } => run.test(log, binary, &mark.path, function),
        };
        let name = match &mark.what {
            What::Test { function, .. } => format!("{}: {function}", mark.path),
            What::Page | What::Case | What::Refused => mark.path.clone(),
        };
        match ended {
            Ok(Ended::Passed) => {}
            Ok(Ended::Failed) => wrong.push(format!("  {name} failed")),
            Ok(Ended::NotRun) => wrong.push(format!("  {name} did not run")),
            Err(why) => wrong.push(format!("  {name}: {why}")),
        }
        for number in &mark.numbers {
            match shown.get_mut(number) {
                Some(shown) => shown.marks.push(mark.clone()),
                None => wrong.push(format!("  {name}: there is no requirement {number}")),
            }
        }
    }
    for each in list.iter().filter(|each| each.lacks.is_empty()) {
        let state = shown.get(&each.number).map(|shown| shown.state(each));
        if matches!(state, None | Some(State::Open | State::Partly)) {
            wrong.push(format!(
                "  {}: nothing that is marked shows all of it, and list.txt does not say what is missing",
                each.number
            ));
        }
    }
    (shown, wrong)
}

fn attacks(run: &LastRun, shown: &mut BTreeMap<String, Shown>, wrong: &mut Vec<String>) {
    for project in &crate::emitted::PROJECTS {
        if !run
            .attacks
            .iter()
            .any(|(dir, table)| *dir == project.dir && !table.is_empty())
        {
            wrong.push(format!("  {}: the attacks did not run", project.dir));
        }
    }
    for (dir, table) in &run.attacks {
        for sent in table {
            if sent.failed > 0 {
                wrong.push(format!(
                    "  {dir}: {} of {} attacks of the kind {} failed",
                    sent.failed, sent.cases, sent.kind
                ));
            } else if sent.cases == 0 {
                wrong.push(format!("  {dir}: no attack of the kind {} ran", sent.kind));
            }
        }
    }
    for kind in KINDS {
        let cases: Vec<usize> = run
            .attacks
            .iter()
            .map(|(_, table)| {
                let own = table.iter().filter(|sent| sent.kind == kind.name);
                own.map(|sent| sent.cases).sum()
            })
            .collect();
        // A kind that no example has a use for shows nothing.
        if cases.iter().sum::<usize>() == 0 {
            continue;
        }
        for number in numbers(kind.shows) {
            if let Some(shown) = shown.get_mut(number) {
                shown.kinds.push((kind.name, cases.clone()));
            }
        }
    }
    for number in numbers(ALWAYS) {
        if let Some(shown) = shown.get_mut(number) {
            shown.always = !run.attacks.is_empty();
        }
    }
}
