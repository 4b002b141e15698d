//! `info`: what the API is called.

use super::keys::{self, Shape};
use super::reader::Reader;
use super::{About, Spanned};
use crate::document::Node;

pub(super) struct Info {
    pub(super) title: Spanned<String>,
    pub(super) version: String,
    pub(super) description: Option<String>,
    pub(super) about: About,
}

impl<'d> Reader<'_, 'd> {
    pub(super) fn info(&mut self, node: &'d Node) -> Option<Info> {
        let info = self.object(node, &keys::INFO)?;
        let about = About {
            summary: words(info.get("summary")),
            terms: words(info.get("termsOfService")),
            contact: self.pairs(info.get("contact"), &keys::CONTACT),
            license: self.pairs(info.get("license"), &keys::LICENSE),
        };
        let title = self.required_text(&info, "title");
        let version = self.required_text(&info, "version");
        Some(Info {
            title: title?,
            version: version.map(|version| version.value).unwrap_or_default(),
            description: self.optional_text(&info, "description"),
            about,
        })
    }

    /// The texts of an object that only describes.
    fn pairs(&mut self, node: Option<&'d Node>, shape: &'static Shape) -> Vec<(String, String)> {
        let Some(object) = node.and_then(|node| self.object(node, shape)) else {
            return Vec::new();
        };
        let entries = object.map.entries.iter();
        entries
            .filter(|(key, _)| !key.text.starts_with("x-"))
            .filter_map(|(key, node)| Some((key.text.clone(), node.as_str()?.to_owned())))
            .collect()
    }
}

/// Words for people: what is no text says nothing, and decides nothing.
pub(super) fn words(node: Option<&Node>) -> Option<String> {
    node.and_then(Node::as_str).map(str::to_owned)
}
