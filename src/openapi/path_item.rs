//! `paths` and path items: operations with the parameters they share.

use std::collections::HashMap;

use super::codes;
use super::keys::{self, Shape};
use super::object::Object;
use super::operation::Surroundings;
use super::parameter::Declared;
use super::reader::Reader;
use super::reference::{Section, count};
use super::template::{self, Refused};
use super::{Method, Operation, PathItem, Spanned};
use crate::diagnostic::Diagnostic;
use crate::document::{Key, Node, Place};

/// In document order of the reply to `Allow` (ruling 29).
const METHODS: [(&str, Method); 7] = [
    ("get", Method::Get),
    ("head", Method::Head),
    ("post", Method::Post),
    ("put", Method::Put),
    ("patch", Method::Patch),
    ("delete", Method::Delete),
    ("options", Method::Options),
];

static PATHS: Shape = Shape {
    name: "paths",
    extension: false,
    keys: &[],
};

impl<'d> Reader<'_, 'd> {
    pub(super) fn paths(&mut self, node: &'d Node) -> Vec<PathItem> {
        let mut shapes: HashMap<String, Place> = HashMap::new();
        let mut ids: HashMap<String, Place> = HashMap::new();
        let mut paths = Vec::new();
        for (key, node) in self.entries(node, &PATHS, true) {
            let template = match template::parse(key) {
                Ok(template) => template,
                Err(Refused::Gap(gap)) => {
                    self.gap(gap, key.place, "");
                    continue;
                }
                Err(Refused::Wrong(message, help)) => {
                    self.fail(codes::PATH, key.place, message, help);
                    continue;
                }
            };
            match shapes.get(&template.shape) {
                Some(&first) => self.push(
                    Diagnostic::new(
                        codes::EQUIVALENT_PATHS,
                        key.place,
                        format!(
                            "the path `{}` matches the same requests as another",
                            key.text
                        ),
                    )
                    .related(first, "the other path")
                    .help("merge the two: parameters match whatever they are called"),
                ),
                None => {
                    shapes.insert(template.shape, key.place);
                }
            }
            if let Some(item) = self.path_item(key, node, &template.variables) {
                self.check_ids(&item.operations, &mut ids);
                paths.push(item);
            }
        }
        paths
    }

    fn path_item(
        &mut self,
        key: &'d Key,
        node: &'d Node,
        variables: &[&'d str],
    ) -> Option<PathItem> {
        let target = self.follow(Section::PathItems, node)?;
        if target.name.is_some() {
            self.charge(count(target.node), key.place)?;
        }
        let item = self.object(target.node, &keys::PATH_ITEM)?;
        let shared = self.declared(item.get("parameters"));
        let around = Surroundings {
            path: key,
            variables,
            shared: &shared,
        };
        let operations = self.operations(&item, &around);
        if operations.is_empty() {
            // Nobody else would look at them.
            self.check_shared(&around);
        }
        Some(PathItem {
            path: Spanned {
                value: key.text.clone(),
                place: key.place,
            },
            extension: item.extension(),
            operations,
        })
    }

    /// In document order.
    fn operations(&mut self, item: &Object<'d>, around: &Surroundings<'_, 'd>) -> Vec<Operation> {
        let mut operations = Vec::new();
        for (key, node) in &item.map.entries {
            let method = METHODS.iter().find(|(name, _)| *name == key.text);
            if let Some((_, method)) = method {
                operations.extend(self.operation(*method, key, node, around));
            }
        }
        operations
    }

    fn check_shared(&mut self, around: &Surroundings<'_, 'd>) {
        let shared: Vec<&Declared> = around.shared.iter().collect();
        self.check_path_parameters(around, &shared);
    }

    fn check_ids(&mut self, operations: &[Operation], ids: &mut HashMap<String, Place>) {
        for id in operations.iter().filter_map(|one| one.id.as_ref()) {
            match ids.get(&id.value) {
                Some(&first) => self.push(
                    Diagnostic::new(
                        codes::DUPLICATE_OPERATION,
                        id.place,
                        format!("the operationId `{}` is given twice", id.value),
                    )
                    .related(first, "first given here")
                    .help("rename one of the two"),
                ),
                None => {
                    ids.insert(id.value.clone(), id.place);
                }
            }
        }
    }
}
