//! The document: its version, its components, and what hangs off the root.

use super::codes;
use super::compose;
use super::gaps;
use super::info::words;
use super::keys::{self, Shape};
use super::object::Object;
use super::reader::{Named, Reader};
use super::reference::{Section, reference};
use super::response::Answer;
use super::{Api, Parameter, RequestBody, Schema, SchemaUse, ServerNote, Spanned, Tag, Version};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit};
use crate::document::{Document, Map, Node, Value};

/// The dialects of JSON Schema that a 3.1 document may name: they are the one that is read.
const DIALECTS: [&str; 2] = [
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://json-schema.org/draft/2020-12/schema",
];

/// Reads `document`.
///
/// Everything wrong is pushed into `diagnostics`; what could be read is given all the same, so that later stages find
/// more of what is wrong. **The model is fit to generate from only when `diagnostics` is empty.** `None` when there is
/// nothing to go on with: no version that is read, or no title.
pub fn read(document: &Document, diagnostics: &mut Diagnostics) -> Option<Api> {
    let version = version(&document.root, diagnostics)?;
    let mut reader = Reader::new(version, diagnostics);
    let root = reader.object(&document.root, &keys::ROOT)?;
    reader.dialect(&root);
    let info = match reader.required(&root, "info") {
        Some(node) => reader.info(node),
        None => None,
    };
    let (servers, server_notes) = reader.servers(&root);
    let components = root
        .get("components")
        .and_then(|node| reader.object(node, &keys::COMPONENTS));
    if let Some(components) = &components {
        reader.index(components);
    }
    let security_schemes = components
        .and_then(|components| components.get("securitySchemes"))
        .map(|node| reader.security_schemes(node))
        .unwrap_or_default();
    let security = root
        .get("security")
        .and_then(|node| reader.alternatives(node));
    let mut schemas = reader.component_schemas(components.as_ref());
    reader.component_rest(components.as_ref());
    let mut paths = match root.get("paths") {
        Some(node) => reader.paths(node),
        None => {
            // From 3.1 a document may be components alone.
            if version == Version::V30 {
                reader.required(&root, "paths");
            }
            Vec::new()
        }
    };
    compose::all(&mut reader, &mut schemas, &mut paths);
    let tags = reader.tags(&root);
    let info = info?;
    Some(Api {
        version,
        title: info.title,
        api_version: info.version,
        description: info.description,
        about: info.about,
        servers,
        server_notes,
        tags,
        security,
        paths,
        schemas,
        security_schemes,
        extension: root.extension(),
        sources: document.sources.clone(),
    })
}

/// Which dialect the document declares.
fn version(root: &Node, diagnostics: &mut Diagnostics) -> Option<Version> {
    let mut fail = |diagnostic: Diagnostic| diagnostics.push(diagnostic);
    let Some(map) = root.as_map() else {
        let message = format!("an OpenAPI document is a mapping, not {}", root.kind());
        fail(
            Diagnostic::new(codes::KIND, root.place, message)
                .help("begin with `openapi: 3.1.1`, `info` and `paths`"),
        );
        return None;
    };
    if let Some((key, _)) = map.entry("swagger") {
        let message = "Swagger 2.0 is not read; palisade reads OpenAPI 3.0 and 3.1";
        fail(
            Diagnostic::new(codes::VERSION, key.place, message)
                .help("convert the document to OpenAPI 3.0 or 3.1"),
        );
        return None;
    }
    let Some(node) = map.get("openapi") else {
        let message = "the document must have the key `openapi`";
        fail(Diagnostic::new(codes::VERSION, root.place, message).help("write `openapi: 3.1.1`"));
        return None;
    };
    let Some(text) = node.as_str() else {
        let message = format!("`openapi` must be a string, not {}", node.kind());
        let diagnostic = Diagnostic::new(codes::VERSION, node.place, message);
        let diagnostic = diagnostic.help("write all three numbers, as in `openapi: 3.1.1`");
        let whole = match &node.value {
            Value::Number(lexeme) => whole_version(lexeme).map(|whole| (lexeme, whole)),
            _ => None,
        };
        fail(match whole {
            Some((lexeme, whole)) => diagnostic.edit(Edit::Token {
                place: node.place,
                old: lexeme.clone(),
                new: whole.to_owned(),
            }),
            None => diagnostic,
        });
        return None;
    };
    let mut parts = text.splitn(3, '.');
    let numbers = (parts.next(), parts.next(), parts.next());
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match numbers {
        (Some("3"), Some("0"), Some(patch)) if is_number(patch) => Some(Version::V30),
        (Some("3"), Some("1"), Some(patch)) if is_number(patch) => Some(Version::V31),
        (Some("3"), Some("2"), Some(patch)) if is_number(patch) => {
            let gap = &gaps::VERSION_32;
            let message = format!("not supported yet: {}", gap.name);
            fail(Diagnostic::new(gap.code, node.place, message).help(gap.way_out));
            None
        }
        _ => {
            let message = format!("`{text}` is not a version that is read");
            let diagnostic = Diagnostic::new(codes::VERSION, node.place, message);
            fail(match whole_version(text) {
                Some(whole) => diagnostic.did_you_mean(text, whole),
                None => diagnostic.help("palisade reads 3.0.x and 3.1.x"),
            });
            None
        }
    }
}

/// The newest version of which only two numbers were written.
fn whole_version(text: &str) -> Option<&'static str> {
    match text {
        "3.0" => Some("3.0.4"),
        "3.1" => Some("3.1.1"),
        _ => None,
    }
}

impl<'d> Reader<'_, 'd> {
    fn dialect(&mut self, root: &Object<'d>) {
        if self.version == Version::V30 {
            // The key is refused as one of the other version.
            return;
        }
        let Some(node) = root.get("jsonSchemaDialect") else {
            return;
        };
        if let Some(text) = self.text(node, "jsonSchemaDialect")
            && !DIALECTS.contains(&text)
        {
            self.gap(&gaps::DIALECT, node.place, "");
        }
    }

    /// Makes the resolvable components known by name.
    fn index(&mut self, components: &Object<'d>) {
        for section in [
            Section::Schemas,
            Section::Parameters,
            Section::RequestBodies,
            Section::Responses,
            Section::PathItems,
            Section::Headers,
        ] {
            let Some(node) = components.get(section.key()) else {
                continue;
            };
            let mut named = Named::new();
            for (key, value) in self.entries(node, section_shape(section), false) {
                let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
                if key.text.is_empty() || !key.text.chars().all(allowed) {
                    let message = format!("`{}` is not a name of a component", key.text);
                    let diagnostic = Diagnostic::new(codes::VALUE, key.place, message);
                    self.push(diagnostic.help("use letters, digits, `.`, `-` and `_`"));
                }
                named.insert(&key.text, value);
            }
            self.sections.insert(section, named);
        }
    }

    fn component_schemas(
        &mut self,
        components: Option<&Object<'d>>,
    ) -> Vec<(Spanned<String>, Schema)> {
        let Some(map) = section(components, Section::Schemas) else {
            return Vec::new();
        };
        let mut schemas = Vec::with_capacity(map.entries.len());
        for (key, node) in &map.entries {
            if let Some((_, target)) = reference(node) {
                // A name for a name. The model has no such thing, and nothing is lost by naming the schema itself.
                self.gap(&gaps::ALIAS, target.place, "");
                continue;
            }
            if let Some(SchemaUse::Inline(schema)) = self.schema(node) {
                let name = Spanned {
                    value: key.text.clone(),
                    place: key.place,
                };
                schemas.push((name, *schema));
            }
        }
        schemas
    }

    /// Reads the other components, so that what is wrong in one that nothing uses is found too.
    fn component_rest(&mut self, components: Option<&Object<'d>>) {
        if let Some(map) = section(components, Section::Parameters) {
            self.read_section::<Parameter>(map);
        }
        if let Some(map) = section(components, Section::RequestBodies) {
            self.read_section::<RequestBody>(map);
        }
        if let Some(map) = section(components, Section::Responses) {
            self.read_section::<Answer>(map);
        }
    }

    fn servers(&mut self, root: &Object<'d>) -> (Vec<Spanned<String>>, Vec<ServerNote>) {
        let Some(list) = root
            .get("servers")
            .and_then(|node| self.list(node, "servers"))
        else {
            return (Vec::new(), Vec::new());
        };
        let mut servers = Vec::with_capacity(list.len());
        let mut notes = Vec::with_capacity(list.len());
        for node in list {
            let Some(server) = self.object(node, &keys::SERVER) else {
                continue;
            };
            let variables = server.get("variables").is_some();
            if let Some(url) = self.required_text(&server, "url") {
                if url.value.contains(['{', '}']) && !variables {
                    self.gap(&gaps::SERVER_VARIABLES, url.place, "");
                }
                servers.push(url);
                notes.push(ServerNote {
                    description: words(server.get("description")),
                    internal: server.get("x-internal").and_then(Node::as_bool),
                });
            }
        }
        (servers, notes)
    }

    /// `tags` and `externalDocs` say nothing about behaviour; their keys are checked all the same.
    fn tags(&mut self, root: &Object<'d>) -> Vec<Tag> {
        self.external_docs(root);
        let list = root.get("tags").and_then(|node| self.list(node, "tags"));
        let mut tags = Vec::new();
        for node in list.unwrap_or_default() {
            if let Some(tag) = self.object(node, &keys::TAG) {
                self.external_docs(&tag);
                tags.extend(words(tag.get("name")).map(|name| Tag {
                    name,
                    description: words(tag.get("description")),
                }));
            }
        }
        tags
    }

    pub(super) fn external_docs(&mut self, object: &Object<'d>) {
        if let Some(node) = object.get("externalDocs") {
            self.object(node, &keys::EXTERNAL_DOCS);
        }
    }
}

fn section<'d>(components: Option<&Object<'d>>, section: Section) -> Option<&'d Map> {
    components?.get(section.key())?.as_map()
}

/// The words for a mapping of `components`.
fn section_shape(section: Section) -> &'static Shape {
    const fn named(name: &'static str) -> Shape {
        Shape {
            name,
            extension: false,
            keys: &[],
        }
    }
    static SCHEMAS: Shape = named("components.schemas");
    static PARAMETERS: Shape = named("components.parameters");
    static BODIES: Shape = named("components.requestBodies");
    static RESPONSES: Shape = named("components.responses");
    static PATH_ITEMS: Shape = named("components.pathItems");
    static HEADERS: Shape = named("components.headers");
    match section {
        Section::Schemas => &SCHEMAS,
        Section::Parameters => &PARAMETERS,
        Section::RequestBodies => &BODIES,
        Section::Responses => &RESPONSES,
        Section::PathItems => &PATH_ITEMS,
        Section::Headers => &HEADERS,
    }
}
