//! What was found: by the rules, and by the stages that read the document.

use super::rule::{Owasp, Rule, Severity, shown};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::document::{Node, Place, Sources, pointers_at};
use crate::openapi::Api;
use crate::plan::operation_ids;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Text of the document in a message may be long; what helps stands at its beginning.
const LONGEST: usize = 300;

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    /// `None`: a diagnostic, which belongs to no item.
    pub owasp: Option<Owasp>,
    pub severity: Severity,
    pub message: String,
    pub fix: String,
    /// The operation it stands in; `None` for what several may share.
    pub operation: Option<String>,
    pub place: Site,
}

impl Finding {
    /// `PAL-5101`.
    pub fn rule(&self) -> String {
        shown(self.code)
    }
}

/// A place as scripts and people name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub file: String,
    pub line: u32,
    pub column: u32,
    /// JSON Pointer into the file; empty also where there is nothing to point at.
    pub pointer: String,
}

impl Site {
    /// `pointers` has what [`pointers_at`] found for this place, and perhaps others.
    pub fn of(place: Place, sources: &Sources, pointers: &BTreeMap<Place, String>) -> Site {
        let file = sources.get(place.file).map(|source| source.name.clone());
        Site {
            file: file.unwrap_or_else(|| "?".to_owned()),
            line: place.line,
            column: place.column,
            pointer: pointers.get(&place).cloned().unwrap_or_default(),
        }
    }

    /// `specs/users.yaml:12:5`.
    pub fn shown(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What rules push into. Each rule is told once a place: a component that is used in ten places is wrong in one.
#[derive(Debug, Default)]
pub(super) struct Found {
    findings: BTreeMap<(Place, Code), (&'static Rule, String)>,
}

impl Found {
    pub(super) fn push(&mut self, rule: &'static Rule, place: Place, message: impl Into<String>) {
        self.findings
            .entry((place, rule.code))
            .or_insert_with(|| (rule, message.into()));
    }
}

/// Everything about one document, sorted by place, then by rule.
#[derive(Debug, Default)]
pub struct Findings {
    pub list: Vec<Finding>,
    /// Diagnostics beyond those that were kept.
    pub uncounted: usize,
}

impl Findings {
    pub fn count(&self, severity: Severity) -> usize {
        let of = self.list.iter().filter(|each| each.severity == severity);
        match severity {
            Severity::Error => of.count().saturating_add(self.uncounted),
            _ => of.count(),
        }
    }

    /// Whether anything is at least so bad.
    pub fn any(&self, least: Severity) -> bool {
        self.uncounted > 0 || self.list.iter().any(|each| each.severity >= least)
    }
}

/// Puts together what rules and stages found. `root` is `None` when the document could not be read.
pub(super) fn collect(
    found: Found,
    diagnostics: &Diagnostics,
    document: (Option<&Node>, &Sources),
    api: Option<&Api>,
) -> Findings {
    let (root, sources) = document;
    let mut seen = BTreeSet::new();
    let told: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|one| seen.insert((one.place, one.code, one.message.as_str())))
        .collect();
    let places = told.iter().map(|one| one.place);
    let places = places.chain(found.findings.keys().map(|(place, _)| *place));
    let pointers = root.map_or_else(BTreeMap::new, |root| pointers_at(root, places));
    let operations = api.map(Operations::of).unwrap_or_default();
    let whole = |place: Place| {
        let site = Site::of(place, sources, &pointers);
        (operations.at(&site.pointer), site)
    };
    let mut list: Vec<(Place, Finding)> = Vec::new();
    for one in told {
        let (operation, site) = whole(one.place);
        list.push((
            one.place,
            Finding {
                code: one.code,
                owasp: None,
                severity: Severity::Error,
                message: short(&one.message),
                fix: short(one.help.as_deref().unwrap_or_default()),
                operation,
                place: site,
            },
        ));
    }
    for ((place, code), (rule, message)) in found.findings {
        let (operation, site) = whole(place);
        list.push((
            place,
            Finding {
                code,
                owasp: Some(rule.owasp),
                severity: rule.severity,
                message: short(&message),
                fix: rule.fix.to_owned(),
                operation,
                place: site,
            },
        ));
    }
    list.sort_by(|(a, one), (b, other)| {
        (a, one.code, &one.message).cmp(&(b, other.code, &other.message))
    });
    Findings {
        list: list.into_iter().map(|(_, finding)| finding).collect(),
        uncounted: diagnostics.uncounted(),
    }
}

/// A document that could not be opened as text: one finding, at its beginning.
pub(super) fn unreadable(file: &str, code: Code, message: &str, help: Option<&str>) -> Findings {
    Findings {
        list: vec![Finding {
            code,
            owasp: None,
            severity: Severity::Error,
            message: short(message),
            fix: short(help.unwrap_or_default()),
            operation: None,
            place: Site {
                file: file.to_owned(),
                line: 1,
                column: 1,
                pointer: String::new(),
            },
        }],
        uncounted: 0,
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// Which operation a pointer leads into.
#[derive(Default)]
struct Operations {
    ids: HashMap<String, String>,
}

impl Operations {
    fn of(api: &Api) -> Operations {
        let operations = api.paths.iter().flat_map(|item| {
            let path = item.path.value.replace('~', "~0").replace('/', "~1");
            item.operations.iter().map(move |each| {
                let method = each.method.as_str().to_ascii_lowercase();
                format!("/paths/{path}/{method}")
            })
        });
        Operations {
            ids: operations.zip(operation_ids(api)).collect(),
        }
    }

    fn at(&self, pointer: &str) -> Option<String> {
        let end = pointer
            .match_indices('/')
            .nth(3)
            .map_or(pointer.len(), |(end, _)| end);
        self.ids.get(pointer.get(..end)?).cloned()
    }
}
