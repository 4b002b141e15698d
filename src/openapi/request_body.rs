//! Request bodies, and the media types they share with responses.

use std::collections::HashMap;

use super::codes;
use super::keys::{self, Shape};
use super::reader::Reader;
use super::reference::{Cached, Component, Section};
use super::{MediaType, RequestBody, Spanned};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Place};

/// Not extensible: every key is a media type.
static CONTENT: Shape = Shape {
    name: "content",
    extension: false,
    keys: &[],
};

impl<'d> Reader<'_, 'd> {
    /// Media types as they are written, in document order.
    pub(super) fn content(&mut self, node: &'d Node) -> Vec<MediaType> {
        let mut types = Vec::new();
        let mut first: HashMap<String, Place> = HashMap::new();
        for (key, node) in self.entries(node, &CONTENT, false) {
            if !is_media_type(&key.text) {
                let message = format!("`{}` is not a media type", key.text);
                let diagnostic = Diagnostic::new(codes::VALUE, key.place, message);
                self.push(diagnostic.help("a media type is written like `application/json`"));
            }
            if let Some(earlier) = first.insert(key.text.to_ascii_lowercase(), key.place) {
                let message = format!("the media type `{}` is given twice", key.text);
                let diagnostic = Diagnostic::new(codes::VALUE, key.place, message);
                let diagnostic = diagnostic.related(earlier, "first given here");
                self.push(diagnostic.help("remove one of the two; case makes no difference"));
            }
            let Some(media) = self.object(node, &keys::MEDIA_TYPE) else {
                continue;
            };
            types.push(MediaType {
                name: Spanned {
                    value: key.text.clone(),
                    place: key.place,
                },
                schema: self.content_schema(key, &media),
            });
        }
        types
    }
}

/// `type/subtype`, either perhaps `*`, perhaps with parameters (RFC 9110, section 8.3.1).
fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        !part.is_empty() && part.chars().all(allowed)
    };
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    essence
        .split_once('/')
        .is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

impl Component for RequestBody {
    const SECTION: Section = Section::RequestBodies;

    fn cache<'a, 'd>(reader: &'a mut Reader<'_, 'd>) -> &'a mut HashMap<&'d str, Cached<Self>> {
        &mut reader.bodies
    }

    fn read<'d>(reader: &mut Reader<'_, 'd>, node: &'d Node) -> Option<Self> {
        let body = reader.object(node, &keys::REQUEST_BODY)?;
        let content = reader.required(&body, "content");
        let content = content.map(|node| reader.content(node));
        Some(RequestBody {
            place: body.place,
            required: reader.flag(&body, "required"),
            description: reader.optional_text(&body, "description"),
            content: content?,
        })
    }
}
