//! The declared answers of an operation: the enum, and what each becomes on the wire.

use super::context::{Context, Side};
use super::names::ident;
use super::print::doc;
use crate::plan::{Access, Media, Operation, OwnKind, ReplyBody, ReplyValue};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

pub struct Replies<'a> {
    cx: &'a Context<'a>,
    operation: &'a Operation,
}

impl<'a> Replies<'a> {
    pub fn new(cx: &'a Context<'a>, operation: &'a Operation) -> Self {
        Replies { cx, operation }
    }

    /// Whether rows must be admitted before they can be an answer.
    fn lists(&self) -> bool {
        self.operation
            .owns
            .iter()
            .any(|owns| owns.kind == OwnKind::List)
    }

    /// Whether some answer is JSON, of which the caller may be shown more or less.
    pub fn json(&self) -> bool {
        self.media_types().contains(&Media::Json.name())
    }

    /// The media types of the answers, each once: a problem is none.
    pub fn media_types(&self) -> Vec<&'static str> {
        let replies = self.operation.replies.iter();
        let types = replies.filter_map(|reply| reply.body.media_type());
        types.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// How one value is written: whoever created it owns it (ruling 23), which only a 201 says of a POST.
    fn one(&self, status: u16) -> &'static str {
        let operation = self.operation;
        let created = status == 201 && operation.method == "POST" && operation.owns.is_empty();
        if created && matches!(operation.access, Access::Caller(_)) {
            "created"
        } else {
            "one"
        }
    }

    pub fn declaration(&self) -> TokenStream {
        let variants = self.operation.replies.iter().map(|reply| {
            let text = doc(&reply.description);
            let name = variant(reply.status);
            let (body, how) = match &reply.body {
                ReplyBody::Empty => (None, "nothing"),
                ReplyBody::Problem => (None, "refused"),
                ReplyBody::Text(value) => {
                    let kind = self.cx.value_type(value, false, Side::Reply);
                    (Some(quote!((#kind))), "text")
                }
                ReplyBody::Json(ReplyValue::One(id)) => {
                    let kind = self.cx.type_path(*id, Side::Reply);
                    (Some(quote!((#kind))), self.one(reply.status))
                }
                ReplyBody::Json(ReplyValue::Plain(value)) => {
                    let kind = self.cx.value_type(value, false, Side::Reply);
                    (Some(quote!((#kind))), "one")
                }
                ReplyBody::Json(ReplyValue::Many(id)) => {
                    let kind = self.cx.type_path(*id, Side::Reply);
                    match self.lists() {
                        true => (Some(quote!((Admitted<#kind>))), "rows"),
                        false => (Some(quote!((Vec<#kind>))), "many"),
                    }
                }
            };
            let (how, status) = (ident(how), Literal::u16_unsuffixed(reply.status));
            quote!(#text #name #body = #how(#status))
        });
        quote!(pub enum Reply { #(#variants),* })
    }
}

/// Name of a status, by RFC 9110.
pub fn variant(status: u16) -> Ident {
    let name = match status {
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        204 => "NoContent",
        205 => "ResetContent",
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        410 => "Gone",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableContent",
        423 => "Locked",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        501 => "NotImplemented",
        503 => "ServiceUnavailable",
        other => return ident(&format!("Status{other}")),
    };
    ident(name)
}
