//! From gaps to edits, and what was done so far: whom each gap concerns, and what becomes of them.

use super::reach::{Index, Reach};
use super::rewrite::{self, Edits, Item};
use super::sites::{self, Site};
use super::{Affected, Cause, Fate, Narrowed};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place};
use crate::outline::{Operation, Outline, Path};
use crate::plan::{Access, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Method as it is written, and path.
type Name = (String, String);

#[derive(Default)]
pub(super) struct Ledger {
    operations: BTreeMap<Name, (Fate, BTreeSet<Cause>)>,
    left_out: BTreeSet<Cause>,
}

/// What one round decides.
#[derive(Default)]
struct Round {
    affected: BTreeMap<Index, (Fate, BTreeSet<Cause>)>,
    /// Components in which a gap stands.
    holding: BTreeMap<(String, String), BTreeSet<Cause>>,
    left_out: BTreeSet<Cause>,
    edits: Edits,
}

impl Ledger {
    /// What to change so that `gaps` go away.
    ///
    /// # Errors
    /// The places of those that concern the whole service, or nobody knows whom.
    pub(super) fn edits(
        &mut self,
        root: &Node,
        gaps: &[(Cause, &Diagnostic)],
    ) -> Result<Edits, BTreeSet<Place>> {
        let mut stuck = BTreeSet::new();
        let Some(outline) = Outline::of(root) else {
            return Err(stuck);
        };
        let reach = Reach::of(&outline);
        let wanted: BTreeSet<Place> = gaps.iter().map(|(cause, _)| cause.place).collect();
        let sites = sites::find(&outline, &wanted);
        let mut round = Round::default();
        for (cause, gap) in gaps {
            let within = gap.within.map(|place| operations_at(&outline, place));
            let found = within.filter(|found| !found.is_empty());
            let found = found.as_ref().or(sites.get(&cause.place));
            let mut sites = found.into_iter().flatten();
            let taken = sites.all(|site| round.take(site, cause, &outline, &reach).is_some());
            if found.is_none() || !taken {
                stuck.insert(cause.place);
            }
        }
        if !stuck.is_empty() {
            return Err(stuck);
        }
        round.same_item(&outline);
        round.head_and_get(&outline);
        self.components(&mut round, &outline, &reach);
        self.paths(&mut round, &outline);
        self.left_out.append(&mut round.left_out);
        Ok(round.edits)
    }

    /// What is known of an operation from this round and those before it.
    fn fate(&self, round: &Round, outline: &Outline, index: Index) -> Option<Fate> {
        let now = round.affected.get(&index).map(|(fate, _)| *fate);
        let path = outline.paths.get(index.0)?;
        let name = name(path, path.operations.get(index.1)?);
        now.max(self.operations.get(&name).map(|(fate, _)| *fate))
    }

    /// Components that only operations reach which are denied by now, and that could not be read for a gap.
    fn components(&mut self, round: &mut Round, outline: &Outline, reach: &Reach) {
        let used = reach.reached(|index| self.fate(round, outline, index).is_none());
        let ever = reach.reached(|_| true);
        for (section, name) in reach.unfit(round.holding.keys().cloned()) {
            if used.contains(&(section.as_str(), name.as_str())) {
                continue;
            }
            let unused = !ever.contains(&(section.as_str(), name.as_str()));
            let component = (section, name);
            if let Some(causes) = round.holding.get(&component).filter(|_| unused) {
                round.left_out.extend(causes.iter().cloned());
            }
            round.edits.components.insert(component);
        }
    }

    /// The edits of path items, and the entries of the ledger.
    fn paths(&mut self, round: &mut Round, outline: &Outline) {
        for (path_index, path) in outline.paths.iter().enumerate() {
            let fates: Vec<Option<Fate>> = (0..path.operations.len())
                .map(|index| self.fate(round, outline, (path_index, index)))
                .collect();
            // What is left of a path without any answer would be a path without operations.
            let answers = |fate: &Option<Fate>| matches!(fate, None | Some(Fate::Denied));
            let gone = !fates.is_empty() && !fates.iter().any(answers);
            if gone {
                round.edits.paths.insert(path.key.text.clone());
            }
            let gone = round.edits.paths.contains(&path.key.text);
            let mut methods = BTreeMap::new();
            for (index, operation) in path.operations.iter().enumerate() {
                let Some((fate, causes)) = round.affected.remove(&(path_index, index)) else {
                    continue;
                };
                let fate = if gone { Fate::NoPath } else { fate };
                let entry = self.operations.entry(name(path, operation));
                let entry = entry.or_insert_with(|| (fate, BTreeSet::new()));
                entry.0 = entry.0.max(fate);
                entry.1.extend(causes);
                let node = match fate {
                    Fate::Denied => Some(rewrite::denied(outline, path, operation)),
                    Fate::NoMethod | Fate::NoPath => None,
                };
                methods.insert(operation.method.to_owned(), node);
            }
            // Another path may refer to the same item.
            if !gone {
                let edit = round.edits.items.entry(Item::of(path)).or_default();
                edit.methods.append(&mut methods);
                edit.bare = !fates.is_empty() && fates.iter().all(Option::is_some);
            }
        }
    }

    /// The plan with reasons, and the list of what it took.
    pub(super) fn close(mut self, mut plan: Plan, root: &Node) -> Narrowed {
        let mut operations = Vec::new();
        let outline = Outline::of(root);
        for (path, operation) in outline.iter().flat_map(Outline::operations) {
            let Some((fate, causes)) = self.operations.remove(&name(path, operation)) else {
                continue;
            };
            let id = operation
                .node
                .as_map()
                .and_then(|map| map.get("operationId"));
            let affected = Affected {
                id: id.and_then(Node::as_str).map(str::to_owned),
                method: operation.method.to_ascii_uppercase(),
                path: path.key.text.clone(),
                place: operation.key.place,
                fate,
                causes: causes.into_iter().collect(),
            };
            let planned = plan
                .operations
                .iter_mut()
                .find(|each| each.method == affected.method && each.path == affected.path);
            if let Some(planned) = planned {
                planned.access = Access::Denied {
                    why: affected.why(),
                };
            }
            operations.push(affected);
        }
        Narrowed {
            plan,
            operations,
            left_out: self.left_out.into_iter().collect(),
        }
    }
}

impl Round {
    /// Takes note of a gap at one site.
    fn take(&mut self, site: &Site, cause: &Cause, outline: &Outline, reach: &Reach) -> Option<()> {
        let edits = &mut self.edits;
        match site {
            Site::Whole => return None,
            Site::Operation(..) | Site::Security => {}
            Site::Path(path) | Site::Template(path) => {
                let path = outline.paths.get(*path)?;
                if path.operations.is_empty() || matches!(site, Site::Template(_)) {
                    edits.paths.insert(path.key.text.clone());
                }
            }
            Site::PathKey(path, key) => {
                let item = Item::of(outline.paths.get(*path)?);
                let edit = edits.items.entry(item).or_default();
                edit.keys.insert(key.clone());
            }
            Site::Component(section, name) => {
                let component = (section.clone(), name.clone());
                let causes = self.holding.entry(component).or_default();
                causes.insert(cause.clone());
            }
            Site::Auth(name) => {
                edits.auth.insert(name.clone());
            }
            Site::Default(key) => {
                edits.defaults.insert(key.clone());
            }
            Site::Resource(name, key) => {
                edits.resources.insert((name.clone(), key.clone()));
            }
            Site::Limit(name) => {
                edits.limits.insert(name.clone());
            }
            Site::Declaration(key) => {
                edits.declarations.insert(key.clone());
            }
            Site::Webhooks => {
                edits.webhooks = true;
            }
        }
        let concerned = reach.concerned(site);
        let component = matches!(site, Site::Component(..));
        if concerned.is_empty() && !component {
            self.left_out.insert(cause.clone());
        }
        for index in concerned {
            let method = outline.paths.get(index.0)?.operations.get(index.1)?.method;
            let fate = match (site, method) {
                (Site::Template(_), _) => Fate::NoPath,
                (_, "head" | "options" | "trace") => Fate::NoMethod,
                _ => Fate::Denied,
            };
            self.affect(index, fate, [cause.clone()]);
        }
        Some(())
    }

    fn affect(&mut self, index: Index, fate: Fate, causes: impl IntoIterator<Item = Cause>) {
        let entry = self.affected.entry(index);
        let entry = entry.or_insert_with(|| (fate, BTreeSet::new()));
        entry.0 = entry.0.max(fate);
        entry.1.extend(causes);
    }

    /// Paths that refer to one item have the same operations: what becomes of one becomes of all.
    fn same_item(&mut self, outline: &Outline) {
        let affected: Vec<_> = self
            .affected
            .iter()
            .map(|(index, found)| (*index, found.clone()))
            .collect();
        for ((path, index), (fate, causes)) in affected {
            let item = outline.paths.get(path).and_then(|path| path.component);
            if item.is_none() || fate == Fate::NoPath {
                continue;
            }
            for (other, _) in outline
                .paths
                .iter()
                .enumerate()
                .filter(|(_, other)| other.component == item)
            {
                self.affect((other, index), fate, causes.iter().cloned());
            }
        }
    }

    /// HEAD is answered by GET. Where a declared HEAD cannot be enforced, it must not be answered by a GET that is open to
    /// more callers: both are denied.
    fn head_and_get(&mut self, outline: &Outline) {
        for (path_index, path) in outline.paths.iter().enumerate() {
            let at = |method: &str| {
                path.operations
                    .iter()
                    .position(|each| each.method == method)
            };
            let (Some(head), Some(get)) = (at("head"), at("get")) else {
                continue;
            };
            let found = self.affected.get(&(path_index, head)).cloned();
            if let Some((Fate::NoMethod, causes)) = found {
                self.affect((path_index, get), Fate::Denied, causes);
            }
        }
    }
}

fn name(path: &Path, operation: &Operation) -> Name {
    (operation.method.to_owned(), path.key.text.clone())
}

fn operations_at(outline: &Outline, place: Place) -> BTreeSet<Site> {
    let mut found = BTreeSet::new();
    for (path_index, path) in outline.paths.iter().enumerate() {
        for (index, operation) in path.operations.iter().enumerate() {
            if operation.key.place == place {
                found.insert(Site::Operation(path_index, index));
            }
        }
    }
    found
}
