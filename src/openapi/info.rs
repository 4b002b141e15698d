//! `info`: what the API is called.

use super::Spanned;
use super::keys;
use super::reader::Reader;
use crate::document::Node;

pub(super) struct Info {
    pub(super) title: Spanned<String>,
    pub(super) version: String,
    pub(super) description: Option<String>,
}

impl<'d> Reader<'_, 'd> {
    pub(super) fn info(&mut self, node: &'d Node) -> Option<Info> {
        let info = self.object(node, &keys::INFO)?;
        if let Some(contact) = info.get("contact") {
            self.object(contact, &keys::CONTACT);
        }
        if let Some(license) = info.get("license") {
            self.object(license, &keys::LICENSE);
        }
        let title = self.required_text(&info, "title");
        let version = self.required_text(&info, "version");
        Some(Info {
            title: title?,
            version: version.map(|version| version.value).unwrap_or_default(),
            description: self.optional_text(&info, "description"),
        })
    }
}
