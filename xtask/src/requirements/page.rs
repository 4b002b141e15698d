//! `docs/requirements.md`.

use super::evidence::{Shown, State};
use super::last_run::LastRun;
use super::list::Requirement;
use super::marks::{Mark, What};
use palisade::emit::attacks::kinds::KINDS;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "\
<!-- Made by `cargo xtask requirements` from marks on tests and the last run. Do not edit. -->

# Requirements

What a generated service must be seen to do, what shows it, and how far that goes. Nothing here is typed: a test says in a
mark which requirement it shows, a kind of attack in its table, and `cargo xtask requirements --check` fails when something
that is marked did not run or did not pass.

| state | means |
|---|---|
| met | shown on a running generated service; what is about generation itself, on palisade |
| shield | shown over HTTP or by unit tests on the shield, the runtime of every service, not on a generated one |
| partly | some of it is shown; the last column says what is not |
| open | not shown; the last column says why. Codes are those of [what this version refuses](reference/gaps.md) |

";

pub fn text(list: &[Requirement], shown: &BTreeMap<String, Shown>, run: &LastRun) -> String {
    let none = Shown::default();
    let of = |each: &Requirement| shown.get(&each.number).unwrap_or(&none);
    let mut text = HEAD.to_owned();
    let totals = State::ALL.map(|state| {
        let count = list.iter().filter(|each| of(each).state(each) == state);
        format!("{} {}", count.count(), state.name())
    });
    let _ = writeln!(text, "**Of {}: {}.**\n", list.len(), totals.join(", "));
    let sent: Vec<String> = run
        .attacks
        .iter()
        .map(|(dir, table)| {
            let cases: usize = table.iter().map(|sent| sent.cases).sum();
            format!("{cases} on `{dir}`")
        })
        .collect();
    let _ = writeln!(
        text,
        "Behind a kind of attack stands how many were sent: {}, in this order. \"Every attack\" is what is held against each \
         answer, whatever the attack. The kinds are described [below](#kinds-of-attacks).\n",
        sent.join(", ")
    );
    text.push_str(
        "| | requirement | standard | state | shown by | not shown |\n|---|---|---|---|---|---|\n",
    );
    for each in list {
        let shown = of(each);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            each.number,
            each.title,
            each.source,
            shown.state(each).name(),
            by(shown),
            each.lacks
        );
    }
    text.push_str("\n## Kinds of attacks\n\n| kind | what is tried | shows |\n|---|---|---|\n");
    for kind in KINDS {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            kind.name, kind.tried, kind.shows
        );
    }
    text
}

fn by(shown: &Shown) -> String {
    let mut parts = Vec::new();
    if shown.always {
        parts.push("every attack".to_owned());
    }
    for (kind, cases) in &shown.kinds {
        let cases: Vec<String> = cases.iter().map(usize::to_string).collect();
        parts.push(format!("`{kind}` {}", cases.join(" + ")));
    }
    parts.extend(shown.marks.iter().map(link));
    parts.join(", ")
}

fn link(mark: &Mark) -> String {
    let name = match &mark.what {
        What::Test { function, .. } => function.as_str(),
        What::Refused | What::Page | What::Case => {
            let file = mark.path.rsplit('/').next().unwrap_or(&mark.path);
            file.trim_end_matches(".yaml").trim_end_matches(".rs")
        }
    };
    format!("[{name}](../{})", mark.path)
}
