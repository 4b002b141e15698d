//! Parameters: their place, their style, their schema.

use std::collections::HashMap;

use super::codes;
use super::gaps;
use super::keys;
use super::object::{Object, did_you_mean};
use super::reader::Reader;
use super::reference::{Cached, Component, Section, reference};
use super::{Location, Parameter};
use crate::diagnostic::{Diagnostic, Edit};
use crate::document::{Node, Place};

/// A parameter and where it is declared here: its name, or the `$ref` that leads to it.
pub(super) struct Declared {
    pub(super) parameter: Parameter,
    pub(super) place: Place,
}

impl Declared {
    /// What no two parameters of an operation share. Names of header fields have no case.
    pub(super) fn identity(&self) -> (Location, String) {
        let Parameter { name, location, .. } = &self.parameter;
        let name = match location {
            Location::Header => name.value.to_ascii_lowercase(),
            _ => name.value.clone(),
        };
        (*location, name)
    }
}

impl<'d> Reader<'_, 'd> {
    /// The parameters of a list, each once.
    pub(super) fn declared(&mut self, list: Option<&'d Node>) -> Vec<Declared> {
        let Some(list) = list.and_then(|node| self.list(node, "parameters")) else {
            return Vec::new();
        };
        let mut first: HashMap<(Location, String), Place> = HashMap::new();
        let mut declared = Vec::with_capacity(list.len());
        for node in list {
            let Some(parameter) = self.component::<Parameter>(node) else {
                continue;
            };
            let place = reference(node).map_or(parameter.name.place, |(_, target)| target.place);
            let one = Declared { parameter, place };
            match first.get(&one.identity()) {
                Some(&earlier) => self.push(
                    Diagnostic::new(
                        codes::DUPLICATE_PARAMETER,
                        place,
                        format!(
                            "the {} parameter `{}` is declared twice",
                            one.parameter.location.as_str(),
                            one.parameter.name.value
                        ),
                    )
                    .related(earlier, "first declared here")
                    .help("remove one of the two"),
                ),
                None => {
                    first.insert(one.identity(), place);
                    declared.push(one);
                }
            }
        }
        declared
    }

    fn location(&mut self, parameter: &Object<'d>) -> Option<Location> {
        let node = self.required(parameter, "in")?;
        let text = self.text(node, "in")?;
        let location = [
            Location::Path,
            Location::Query,
            Location::Header,
            Location::Cookie,
        ]
        .into_iter()
        .find(|location| location.as_str() == text);
        if location.is_none() {
            let message = format!("a parameter cannot be in `{text}`");
            let known = ["path", "query", "header", "cookie"];
            let near = self.near(text, known.into_iter());
            let diagnostic = Diagnostic::new(codes::VALUE, node.place, message);
            let help = match text {
                "body" | "formData" => "declare a `requestBody`",
                _ => "`in` is one of path, query, header, cookie",
            };
            self.push(did_you_mean(diagnostic, text, near, help));
        }
        location
    }

    /// Refuses what is not written in the location's default style; gives `explode`.
    fn style(&mut self, parameter: &Object<'d>, location: Location) -> bool {
        let default = match location {
            Location::Query | Location::Cookie => "form",
            Location::Path | Location::Header => "simple",
        };
        if let Some((key, node)) = parameter.map.entry("style")
            && let Some(style) = self.text(node, "style")
            && style != default
        {
            self.gap(&gaps::PARAMETER_STYLE, key.place, "");
        }
        let explode = parameter
            .get("explode")
            .and_then(|_| self.optional_flag(parameter, "explode"));
        for name in ["allowEmptyValue", "allowReserved"] {
            if let Some((key, _)) = parameter.map.entry(name)
                && self.flag(parameter, name)
            {
                self.gap(&gaps::RESERVED, key.place, name);
            }
        }
        explode.unwrap_or(default == "form")
    }
}

/// Whether a request can carry a parameter of this name: fields are named by tokens (RFC 9110, section 5.1).
fn is_name(name: &str, location: Location) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let allowed = |c: char| match location {
        Location::Header | Location::Cookie => token(c),
        Location::Path | Location::Query => !c.is_control(),
    };
    !name.is_empty() && name.chars().all(allowed)
}

impl Location {
    /// As `in` says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    }
}

impl Component for Parameter {
    const SECTION: Section = Section::Parameters;

    fn cache<'a, 'd>(reader: &'a mut Reader<'_, 'd>) -> &'a mut HashMap<&'d str, Cached<Self>> {
        &mut reader.parameters
    }

    fn read<'d>(reader: &mut Reader<'_, 'd>, node: &'d Node) -> Option<Self> {
        let object = reader.object(node, &keys::PARAMETER)?;
        let name = reader.required_text(&object, "name");
        let location = reader.location(&object);
        let required = reader.flag(&object, "required");
        let schema = match object.get("schema") {
            Some(node) => reader.schema(node),
            None => {
                // `content` is a gap and was named already.
                if object.get("content").is_none() {
                    reader.required(&object, "schema");
                }
                None
            }
        };
        let (name, location) = (name?, location?);
        let explode = reader.style(&object, location);
        if !is_name(&name.value, location) {
            let message = format!(
                "`{}` cannot name a {} parameter",
                name.value.escape_debug(),
                location.as_str()
            );
            let help = match location {
                Location::Header | Location::Cookie => {
                    "use letters, digits and `!#$%&'*+-.^_`|~`: no request could carry it"
                }
                Location::Path | Location::Query => "name it, without control characters",
            };
            reader.push(Diagnostic::new(codes::VALUE, name.place, message).help(help));
        }
        if location == Location::Path && !required {
            let place = object.get("required").map_or(name.place, |node| node.place);
            let message = format!("the path parameter `{}` must be required", name.value);
            let edit = match object.get("required") {
                Some(_) => Edit::Token {
                    place,
                    old: "false".to_owned(),
                    new: "true".to_owned(),
                },
                None => Edit::Member {
                    place: object.place,
                    key: "required",
                    value: "true",
                },
            };
            let diagnostic = Diagnostic::new(codes::PATH_PARAMETER, place, message);
            reader.push(diagnostic.help("write `required: true`").edit(edit));
        }
        let ignored = ["accept", "content-type", "authorization"];
        if location == Location::Header
            && ignored.contains(&name.value.to_ascii_lowercase().as_str())
        {
            let message = format!("OpenAPI ignores a header parameter named `{}`", name.value);
            reader.push(
                Diagnostic::new(codes::VALUE, name.place, message)
                    .help("`content` declares media types, `security` declares credentials"),
            );
        }
        Some(Parameter {
            name,
            location,
            required,
            explode,
            description: reader.optional_text(&object, "description"),
            schema: schema?,
            extension: object.extension(),
        })
    }
}
