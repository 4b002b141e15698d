//! One difference, and all of them.

use crate::document::Place;

/// What a difference means for those who call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nobody may do more or less.
    Neutral,
    /// Somebody may do less.
    Narrowed,
    /// Somebody may do more, or it cannot be told.
    Widened,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Neutral => "neutral",
            Verdict::Narrowed => "narrowed",
            Verdict::Widened => "widened",
        }
    }

    /// Of two truths: whether more and whether less is possible now. Both together cannot be compared: widened.
    pub(super) fn of(more: bool, less: bool) -> Option<Verdict> {
        match (more, less) {
            (true, _) => Some(Verdict::Widened),
            (false, true) => Some(Verdict::Narrowed),
            (false, false) => None,
        }
    }
}

/// In which document a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Old,
    New,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub verdict: Verdict,
    /// Its id; `None` for the whole service.
    pub operation: Option<String>,
    /// What differs, in words: `access`, `body /role`, `quota standard`.
    pub what: String,
    /// For whom, where it is not for everybody who may call.
    pub principal: Option<String>,
    pub old: Option<String>,
    pub new: Option<String>,
    pub places: Vec<(Side, Place)>,
}

/// All differences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub list: Vec<Change>,
}

impl Changes {
    /// Widened if any is, else narrowed if any is, else neutral (ruling 77).
    pub fn verdict(&self) -> Verdict {
        let all = self.list.iter().map(|change| change.verdict);
        all.max().unwrap_or(Verdict::Neutral)
    }
}

/// Where changes of one subject are collected.
pub(super) struct Subject<'c> {
    pub changes: &'c mut Changes,
    pub operation: Option<&'c str>,
    pub places: Vec<(Side, Place)>,
}

impl Subject<'_> {
    /// Adds a difference; none where there is no verdict.
    pub fn add(
        &mut self,
        verdict: Option<Verdict>,
        what: impl Into<String>,
        old: Option<String>,
        new: Option<String>,
    ) {
        self.add_for(None, verdict, what, old, new);
    }

    /// The same for one kind of caller.
    pub fn add_for(
        &mut self,
        principal: Option<&str>,
        verdict: Option<Verdict>,
        what: impl Into<String>,
        old: Option<String>,
        new: Option<String>,
    ) {
        if let Some(verdict) = verdict {
            self.changes.list.push(Change {
                verdict,
                operation: self.operation.map(str::to_owned),
                what: what.into(),
                principal: principal.map(str::to_owned),
                old,
                new,
                places: self.places.clone(),
            });
        }
    }

    /// A setting of which more allows more.
    pub fn number<T: PartialOrd + ToString>(&mut self, what: &str, old: T, new: T) {
        let verdict = Verdict::of(new > old, new < old);
        self.add(verdict, what, Some(old.to_string()), Some(new.to_string()));
    }

    /// A switch that allows more when it is on.
    pub fn switch(&mut self, what: &str, old: bool, new: bool) {
        let verdict = Verdict::of(new && !old, old && !new);
        self.add(verdict, what, Some(word(old)), Some(word(new)));
    }

    /// What cannot be compared but for equality.
    pub fn other<T: PartialEq + ?Sized>(
        &mut self,
        what: &str,
        old: &T,
        new: &T,
        show: impl Fn(&T) -> String,
    ) {
        let verdict = (old != new).then_some(Verdict::Widened);
        self.add(verdict, what, Some(show(old)), Some(show(new)));
    }

    /// A set of names of which more allow more: one change a name.
    pub fn names(&mut self, what: &str, old: &[String], new: &[String]) {
        for name in new.iter().filter(|name| !old.contains(name)) {
            let what = format!("{what} {name}");
            self.add(Some(Verdict::Widened), what, None, Some(name.clone()));
        }
        for name in old.iter().filter(|name| !new.contains(name)) {
            let what = format!("{what} {name}");
            self.add(Some(Verdict::Narrowed), what, Some(name.clone()), None);
        }
    }
}

fn word(on: bool) -> String {
    if on { "yes" } else { "no" }.to_owned()
}
