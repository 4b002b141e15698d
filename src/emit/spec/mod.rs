//! The documents that say what is enforced: OpenAPI 3.1 with every default written out.
//!
//! The *effective* document holds the policy; given to `generate` it makes the same service. The *public* one is for
//! callers: no policy, nothing that nobody may call, and each schema as it holds in requests and in replies.

mod json;
mod operations;
mod policy;
mod responses;
mod schemas;
mod tree;
mod yaml;

pub use tree::Tree;

use super::{Emitted, Files, Owner, header};
use crate::plan::{Access, Credential, CredentialKind, Operation, Plan};
use operations::operation;
use responses::{Responses, problem_schema};
use schemas::Schemas;
use std::collections::BTreeSet;
use tree::Map;

/// Who a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// palisade and the people who run the service.
    Effective,
    /// Callers.
    Public,
}

/// `api/effective.yaml` and `api/public.yaml`.
pub fn project(plan: &Plan, files: &mut Files) {
    let all = [
        ("api/effective.yaml", Audience::Effective),
        ("api/public.yaml", Audience::Public),
    ];
    for (path, audience) in all {
        let mut text = header(plan, "#");
        text.push_str(&yaml(plan, audience));
        let owner = Owner::Palisade;
        files.insert(path.to_owned(), Emitted { text, owner });
    }
}

/// The document as YAML.
pub fn yaml(plan: &Plan, audience: Audience) -> String {
    yaml::write(&document(plan, audience))
}

/// The document as JSON.
pub fn json(plan: &Plan, audience: Audience) -> String {
    json::write(&document(plan, audience))
}

/// What the scheme's description must say, so that callers know what is asked of their tokens.
const VERIFIED: &str = "A JWT in the field `Authorization`, verified as RFC8725 asks for: algorithm, signature, issuer, audience, type and lifetime.";

fn document(plan: &Plan, audience: Audience) -> Tree<'_> {
    let public = audience == Audience::Public;
    let schemas = Schemas::new(plan, public);
    let mut responses = Responses::new(plan);
    // What nobody may call is not published.
    let operations: Vec<&Operation> = plan
        .operations
        .iter()
        .filter(|each| !public || !matches!(each.access, Access::Denied { .. }))
        .collect();
    let mut paths = Map::new();
    let mut used = Vec::new();
    for each in &operations {
        let written = operation(plan, each, public, &schemas, &mut responses, &mut used);
        let method = each.method.to_ascii_lowercase();
        match paths.0.last_mut() {
            Some((path, Tree::Map(item))) if *path == each.path => {
                item.set(method, written);
            }
            _ => {
                let mut item = Map::new();
                item.set(method, written);
                paths.set(&each.path, item);
            }
        }
    }
    let mut map = Map::new();
    map.set("openapi", "3.1.1").set("info", info(plan));
    let servers = servers(plan, public);
    if !servers.is_empty() {
        map.set("servers", servers);
    }
    if !public {
        map.set("x-security", policy::root(plan));
    }
    let tags = tags(plan, &operations, public);
    if !tags.is_empty() {
        map.set("tags", tags);
    }
    map.set("paths", paths);
    let mut components = Map::new();
    let credentials = credentials(plan);
    if !credentials.is_empty() {
        components.set("securitySchemes", credentials);
    }
    let shared = responses.responses(&schemas);
    if !shared.is_empty() {
        components.set("responses", shared);
    }
    let headers = responses.headers();
    if !headers.is_empty() {
        components.set("headers", headers);
    }
    let mut types = match public {
        true => schemas.reached(&used),
        false => schemas.all(),
    };
    if !operations.is_empty() {
        types.set(schemas.problem.clone(), problem_schema(plan));
        components.set("schemas", types);
    }
    map.set("components", components);
    map.into()
}

fn info(plan: &Plan) -> Map<'_> {
    let published = &plan.published;
    let pairs = |pairs: &'_ [(String, String)]| {
        let mut map = Map::new();
        for (key, text) in pairs {
            map.set(key.clone(), text.clone());
        }
        (!map.is_empty()).then_some(map)
    };
    let mut map = Map::new();
    map.set("title", &plan.title)
        .maybe("summary", published.summary.as_ref())
        .maybe("description", plan.description.as_ref())
        .maybe("termsOfService", published.terms.as_ref())
        .maybe("contact", pairs(&published.contact))
        .maybe("license", pairs(&published.license))
        .set("version", &plan.version);
    map
}

fn servers(plan: &Plan, public: bool) -> Vec<Tree<'_>> {
    let servers = plan.published.servers.iter();
    let shown = servers.filter(|server| !public || server.internal != Some(true));
    shown
        .map(|server| {
            let mut map = Map::new();
            map.set("url", &server.url)
                .maybe("description", server.description.as_ref())
                .maybe("x-internal", server.internal);
            map.into()
        })
        .collect()
}

/// Callers see the tags of what they see.
fn tags<'a>(plan: &'a Plan, operations: &[&Operation], public: bool) -> Vec<Tree<'a>> {
    let used: BTreeSet<&String> = operations.iter().flat_map(|each| &each.tags).collect();
    let tags = plan.published.tags.iter();
    let shown = tags.filter(|(name, _)| !public || used.contains(name));
    shown
        .map(|(name, description)| {
            let mut map = Map::new();
            map.set("name", name)
                .maybe("description", description.as_ref());
            map.into()
        })
        .collect()
}

fn credentials(plan: &Plan) -> Map<'_> {
    let tokens = plan.schemes.iter().map(|each| each.name.as_str());
    let keys = plan.keys.iter().map(|each| each.name.as_str());
    let passwords = plan.passwords.iter().map(|each| each.name.as_str());
    let certificates = plan.certificates.iter().map(|each| each.name.as_str());
    let others = keys.chain(passwords).chain(certificates);
    let used: BTreeSet<&str> = tokens.chain(others).collect();
    let mut map = Map::new();
    let all = plan.published.schemes.iter();
    for (name, credential) in all.filter(|(name, _)| used.contains(name.as_str())) {
        map.set(name, scheme(credential));
    }
    map
}

fn scheme(credential: &Credential) -> Map<'_> {
    let mut map = Map::new();
    match &credential.kind {
        CredentialKind::Bearer => {
            map.set("type", "http")
                .set("scheme", "bearer")
                .set("bearerFormat", "JWT");
        }
        // RFC 8725 is about tokens.
        CredentialKind::MutualTls => {
            map.set("type", "mutualTLS")
                .maybe("description", credential.description.as_ref());
            return map;
        }
        CredentialKind::Basic => {
            map.set("type", "http").set("scheme", "basic");
        }
        CredentialKind::ApiKey { location, name } => {
            map.set("type", "apiKey")
                .set("in", location)
                .set("name", name)
                .maybe("description", credential.description.as_ref());
            return map;
        }
        CredentialKind::OpenIdConnect(url) => {
            map.set("type", "openIdConnect")
                .set("openIdConnectUrl", url);
        }
        CredentialKind::OAuth2(flows) => {
            let mut all = Map::new();
            for flow in flows {
                let mut each = Map::new();
                for (key, url) in &flow.urls {
                    each.set(key, url);
                }
                let mut scopes = Map::new();
                for (scope, about) in &flow.scopes {
                    scopes.set(scope, about);
                }
                each.set("scopes", scopes);
                all.set(&flow.name, each);
            }
            map.set("type", "oauth2").set("flows", all);
        }
    }
    map.set(
        "description",
        match &credential.description {
            Some(text) if text.contains("RFC8725") => text.clone(),
            Some(text) => format!("{}\n\n{VERIFIED}", text.trim_end()),
            None => VERIFIED.to_owned(),
        },
    );
    map
}
