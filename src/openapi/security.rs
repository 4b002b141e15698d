//! Security schemes, and the requirements that name them.

use super::codes;
use super::gaps;
use super::keys::{self, Shape};
use super::object::{Object, did_you_mean};
use super::reader::Reader;
use super::reference::reference;
use super::{Alternative, Flow, SchemeKind, SchemeUse, SecurityScheme, Spanned, Version};
use crate::diagnostic::Diagnostic;
use crate::document::Node;

static SCHEMES: Shape = Shape {
    name: "components.securitySchemes",
    extension: false,
    keys: &[],
};

static REQUIREMENT: Shape = Shape {
    name: "a security requirement",
    extension: false,
    keys: &[],
};

static SCOPES: Shape = Shape {
    name: "scopes",
    extension: false,
    keys: &[],
};

/// Kinds of scheme, with the keys that only they have.
const KINDS: [(&str, &[&str]); 5] = [
    ("apiKey", &["name", "in"]),
    ("http", &["scheme", "bearerFormat"]),
    ("oauth2", &["flows"]),
    ("openIdConnect", &["openIdConnectUrl"]),
    ("mutualTLS", &[]),
];

impl<'d> Reader<'_, 'd> {
    pub(super) fn security_schemes(
        &mut self,
        node: &'d Node,
    ) -> Vec<(Spanned<String>, SecurityScheme)> {
        let mut schemes = Vec::new();
        for (key, node) in self.entries(node, &SCHEMES, false) {
            self.scheme_names.insert(&key.text);
            if let Some((_, target)) = reference(node) {
                self.gap(&gaps::SCHEME_REF, target.place, "");
                continue;
            }
            let Some(object) = self.object(node, &keys::SECURITY_SCHEME) else {
                continue;
            };
            let description = self.optional_text(&object, "description");
            if let Some(kind) = self.scheme_kind(&object) {
                let name = Spanned {
                    value: key.text.clone(),
                    place: key.place,
                };
                let (flows, addresses) = addresses(&object);
                schemes.push((
                    name,
                    SecurityScheme {
                        kind,
                        description,
                        flows,
                        addresses,
                    },
                ));
            }
        }
        schemes
    }

    fn scheme_kind(&mut self, object: &Object<'d>) -> Option<SchemeKind> {
        let node = self.required(object, "type")?;
        let kind = self.text(node, "type")?;
        let Some((_, own)) = KINDS.iter().find(|(name, _)| *name == kind) else {
            let message = format!("`{kind}` is not a type of security scheme");
            let near = self.near(kind, KINDS.iter().map(|(name, _)| *name));
            let diagnostic = Diagnostic::new(codes::VALUE, node.place, message);
            let help = "it is one of apiKey, http, oauth2, openIdConnect, mutualTLS";
            self.push(did_you_mean(diagnostic, kind, near, help));
            return None;
        };
        for (key, _) in &object.map.entries {
            let of_another = KINDS
                .iter()
                .any(|(_, keys)| keys.contains(&key.text.as_str()));
            if of_another && !own.contains(&key.text.as_str()) {
                let message = format!("`{}` does nothing in a scheme of type `{kind}`", key.text);
                let help = "remove it, or correct the `type`";
                self.fail(codes::INAPPLICABLE, key.place, message, help);
            }
        }
        match kind {
            "apiKey" => {
                let name = self.required_text(object, "name");
                let place = self.required_text(object, "in")?;
                if !matches!(place.value.as_str(), "query" | "header" | "cookie") {
                    let message = format!("an API key cannot be in `{}`", place.value);
                    let diagnostic = Diagnostic::new(codes::VALUE, place.place, message);
                    self.push(diagnostic.help("`in` is one of query, header, cookie"));
                }
                Some(SchemeKind::ApiKey {
                    location: place.value,
                    name: name?.value,
                })
            }
            "http" => {
                let scheme = self.required_text(object, "scheme")?;
                Some(SchemeKind::Http {
                    scheme: scheme.value.to_ascii_lowercase(),
                })
            }
            "oauth2" => {
                let flows = self.required(object, "flows")?;
                let flows = self.flows(flows);
                let mut scopes: Vec<String> = Vec::new();
                let mut seen = std::collections::HashSet::new();
                for (scope, _) in flows.iter().flat_map(|flow| &flow.scopes) {
                    if seen.insert(scope.as_str()) {
                        scopes.push(scope.clone());
                    }
                }
                Some(SchemeKind::OAuth2 { scopes, flows })
            }
            "openIdConnect" => {
                let url = self.required_text(object, "openIdConnectUrl")?;
                Some(SchemeKind::OpenIdConnect { url: url.value })
            }
            _ => {
                if self.version == Version::V30 {
                    let message = "`mutualTLS` needs OpenAPI 3.1; this document is 3.0";
                    let help = "make the document one of OpenAPI 3.1, or remove the scheme";
                    self.fail(codes::OTHER_VERSION, node.place, message, help);
                }
                Some(SchemeKind::MutualTls)
            }
        }
    }

    /// The flows, in document order.
    fn flows(&mut self, node: &'d Node) -> Vec<Flow> {
        let mut read = Vec::new();
        let Some(flows) = self.object(node, &keys::FLOWS) else {
            return read;
        };
        for (key, node) in &flows.map.entries {
            if key.text.starts_with("x-") {
                continue;
            }
            let Some(flow) = self.object(node, &keys::FLOW) else {
                continue;
            };
            let Some(node) = self.required(&flow, "scopes") else {
                continue;
            };
            let scopes = self.entries(node, &SCOPES, false);
            let scopes = scopes.iter().map(|(scope, node)| {
                let about = node.as_str().unwrap_or_default().to_owned();
                (scope.text.clone(), about)
            });
            let urls = flow.map.entries.iter().filter_map(|(key, node)| {
                let address = key.text.ends_with("Url") && !key.text.starts_with("x-");
                address.then(|| Some((key.text.clone(), node.as_str()?.to_owned())))?
            });
            read.push(Flow {
                name: key.text.clone(),
                urls: urls.collect(),
                scopes: scopes.collect(),
            });
        }
        read
    }

    /// A `security` list. `None` when it is no list: absent and malformed are not the same, and malformed was reported.
    pub(super) fn alternatives(&mut self, node: &'d Node) -> Option<Vec<Alternative>> {
        let list = self.list(node, "security")?;
        let mut alternatives = Vec::with_capacity(list.len());
        for node in list {
            let mut schemes = Vec::new();
            if self.map(node, REQUIREMENT.name).is_none() {
                continue;
            }
            for (key, scopes) in self.entries(node, &REQUIREMENT, false) {
                if !self.scheme_names.contains(key.text.as_str()) {
                    let names = std::mem::take(&mut self.scheme_names);
                    let near = self.near(&key.text, names.iter().copied());
                    self.scheme_names = names;
                    let message = format!("there is no security scheme `{}`", key.text);
                    let diagnostic = Diagnostic::new(codes::UNDECLARED_SCHEME, key.place, message);
                    let help = "declare it in `components.securitySchemes`";
                    self.push(did_you_mean(diagnostic, &key.text, near, help));
                }
                schemes.push(SchemeUse {
                    name: Spanned {
                        value: key.text.clone(),
                        place: key.place,
                    },
                    scopes: self.scope_names(scopes),
                });
            }
            alternatives.push(Alternative {
                place: node.place,
                schemes,
            });
        }
        Some(alternatives)
    }

    fn scope_names(&mut self, node: &'d Node) -> Vec<Spanned<String>> {
        let list = self.list(node, "scopes").unwrap_or_default();
        let mut scopes = Vec::with_capacity(list.len());
        for node in list {
            if let Some(text) = self.text(node, "scopes") {
                scopes.push(Spanned {
                    value: text.to_owned(),
                    place: node.place,
                });
            }
        }
        scopes
    }
}

/// The flows of a scheme and the addresses it names; what is wrong with them was said where they are read.
fn addresses(scheme: &Object<'_>) -> (Vec<Spanned<String>>, Vec<Spanned<String>>) {
    let spanned = |text: &str, place| Spanned {
        value: text.to_owned(),
        place,
    };
    let (mut flows, mut addresses) = (Vec::new(), Vec::new());
    if let Some(node) = scheme.get("openIdConnectUrl") {
        addresses.extend(node.as_str().map(|url| spanned(url, node.place)));
    }
    let declared = scheme.get("flows").and_then(Node::as_map);
    for (key, flow) in declared.into_iter().flat_map(|flows| &flows.entries) {
        if key.text.starts_with("x-") {
            continue;
        }
        flows.push(spanned(&key.text, key.place));
        for (key, node) in flow.as_map().into_iter().flat_map(|flow| &flow.entries) {
            if key.text.ends_with("Url") {
                addresses.extend(node.as_str().map(|url| spanned(url, node.place)));
            }
        }
    }
    (flows, addresses)
}
