//! What the document tells people, kept for the documents that are written from the plan. It decides nothing.

use crate::openapi::{self, Api, SchemeKind};

#[derive(Debug, Clone, Default)]
pub struct Published {
    pub summary: Option<String>,
    pub terms: Option<String>,
    /// Pairs of key and text, in document order.
    pub contact: Vec<(String, String)>,
    pub license: Vec<(String, String)>,
    pub servers: Vec<Server>,
    pub tags: Vec<(String, Option<String>)>,
    /// Security schemes by name, as they are declared.
    pub schemes: Vec<(String, Credential)>,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub url: String,
    pub description: Option<String>,
    pub internal: Option<bool>,
}

/// How a caller gets a credential and shows it.
#[derive(Debug, Clone)]
pub struct Credential {
    pub description: Option<String>,
    pub kind: CredentialKind,
}

#[derive(Debug, Clone)]
pub enum CredentialKind {
    MutualTls,
    Bearer,
    Basic,
    OAuth2(Vec<Flow>),
    OpenIdConnect(String),
    ApiKey { location: String, name: String },
}

#[derive(Debug, Clone)]
pub struct Flow {
    pub name: String,
    pub urls: Vec<(String, String)>,
    pub scopes: Vec<(String, String)>,
}

pub(super) fn of(api: &Api) -> Published {
    let servers = api.servers.iter().zip(&api.server_notes);
    Published {
        summary: api.about.summary.clone(),
        terms: api.about.terms.clone(),
        contact: api.about.contact.clone(),
        license: api.about.license.clone(),
        servers: servers
            .map(|(url, note)| Server {
                url: url.value.clone(),
                description: note.description.clone(),
                internal: note.internal,
            })
            .collect(),
        tags: api
            .tags
            .iter()
            .map(|tag| (tag.name.clone(), tag.description.clone()))
            .collect(),
        schemes: api
            .security_schemes
            .iter()
            .filter_map(|(name, scheme)| {
                let kind = kind(&scheme.kind)?;
                let description = scheme.description.clone();
                Some((name.value.clone(), Credential { description, kind }))
            })
            .collect(),
    }
}

/// `None`: no scheme that is verified.
fn kind(kind: &SchemeKind) -> Option<CredentialKind> {
    match kind {
        SchemeKind::Http { scheme } if scheme == "bearer" => Some(CredentialKind::Bearer),
        SchemeKind::Http { scheme } if scheme == "basic" => Some(CredentialKind::Basic),
        SchemeKind::OAuth2 { flows, .. } => {
            let flow = |flow: &openapi::Flow| Flow {
                name: flow.name.clone(),
                urls: flow.urls.clone(),
                scopes: flow.scopes.clone(),
            };
            Some(CredentialKind::OAuth2(flows.iter().map(flow).collect()))
        }
        SchemeKind::OpenIdConnect { url } => Some(CredentialKind::OpenIdConnect(url.clone())),
        SchemeKind::ApiKey { location, name } => Some(CredentialKind::ApiKey {
            location: location.clone(),
            name: name.clone(),
        }),
        SchemeKind::MutualTls => Some(CredentialKind::MutualTls),
        SchemeKind::Http { .. } => None,
    }
}
