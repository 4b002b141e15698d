//! The templates, and the facts that fill them.

use super::env::{Variable, variables};
use super::escape;
use crate::emit::header;
use crate::emit::rust::context::Context;
use crate::plan::Plan;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, Value};
use serde::Serialize;

pub(super) const WORKSPACE: &str = include_str!("../../../templates/project/Cargo.toml.j2");
pub(super) const API: &str = include_str!("../../../templates/project/api.Cargo.toml.j2");
pub(super) const SERVICE: &str = include_str!("../../../templates/project/service.Cargo.toml.j2");
pub(super) const GITIGNORE: &str = include_str!("../../../templates/project/gitignore.j2");
pub(super) const ENV: &str = include_str!("../../../templates/project/env.example.j2");
pub(super) const README: &str = include_str!("../../../templates/project/README.md.j2");

/// Of a project without `service/`.
pub(super) const LIBRARY: &str = include_str!("../../../templates/library/Cargo.toml.j2");
pub(super) const MOUNTING: &str = include_str!("../../../templates/library/README.md.j2");

/// All that a template may know. Text of the document goes through a filter wherever it is used.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    header: String,
    title: String,
    document: String,
    /// Empty for a library, which has no crate of the person's.
    package: String,
    library: bool,
    variables: Vec<Variable>,
    /// A role to ask a token for; only one whose name is safe to paste into a shell.
    role: Option<String>,
    /// Whether some handler is given passwords.
    passwords: bool,
    /// Whether tokens can be revoked.
    revocation: bool,
    /// Whether TLS ends in the service.
    tls: bool,
    /// Whether clients are asked for certificates.
    certificates: bool,
    /// What the shield is asked to compile in.
    features: Vec<&'static str>,
    /// Whether the person has loaders to write.
    loaders: bool,
    /// The first thing a person has to write, to show how: module of an operation, its trait and its method.
    example: Option<Example>,
}

/// Names in Rust: identifiers, safe in every format.
#[derive(Debug, Serialize)]
struct Example {
    module: String,
    name: String,
}

impl Facts {
    pub fn of(plan: &Plan, package: &str) -> Facts {
        let plain = |name: &&String| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
                && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        };
        let passwords =
            plan.operations.iter().any(|each| each.issuer) || !plan.passwords.is_empty();
        let tls = plan.tls.is_some();
        Facts {
            header: header(plan, "#"),
            title: plan.title.clone(),
            document: plan.document.clone(),
            package: package.to_owned(),
            library: package.is_empty(),
            variables: variables(plan),
            role: plan
                .roles
                .iter()
                .map(|role| &role.name)
                .find(plain)
                .cloned(),
            passwords,
            revocation: plan.revocation.is_some(),
            tls,
            certificates: !plan.certificates.is_empty(),
            features: [("passwords", passwords), ("tls", tls)]
                .into_iter()
                .filter_map(|(name, used)| used.then_some(name))
                .collect(),
            loaders: !plan.resources.is_empty(),
            example: Context::new(plan, "crate")
                .handled()
                .next()
                .map(|(_, names)| Example {
                    module: names.module.to_string(),
                    name: names.name.to_string(),
                }),
        }
    }
}

/// The text of a template. Templates are palisade's own and all of them are tried in a test, so there is nothing to
/// report at run time; were one wrong all the same, the project it ends up in does not build.
pub(super) fn render(template: &str, facts: &Facts) -> String {
    match try_render(template, facts) {
        Ok(text) => text,
        Err(error) => {
            debug_assert!(false, "{error:#}");
            format!("<< palisade could not fill in this file: {error} >>\n")
        }
    }
}

fn try_render(template: &str, facts: &Facts) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .keep_trailing_newline(true)
            .build()?,
    );
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A value that no filter made safe for the format does not get in.
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Custom("none".into()));
    environment.set_formatter(|out, _, value| {
        if !value.is_safe() {
            return Err(Error::new(
                minijinja::ErrorKind::BadEscape,
                "a value without an escape for this file's format",
            ));
        }
        write!(out, "{value}").map_err(Error::from)
    });
    for (name, filter) in [
        ("line", escape::line as fn(&str) -> String),
        ("toml", escape::toml),
        ("markdown", escape::markdown),
        ("verbatim", str::to_owned),
    ] {
        environment.add_filter(name, move |text: &str| {
            Value::from_safe_string(filter(text))
        });
    }
    environment.render_str(template, Value::from(Serde(facts)))
}

#[cfg(test)]
mod tests;
