//! The declared answers of an operation: the enum, and what each becomes on the wire.

use super::context::{Context, Side};
use super::names::ident;
use super::print::doc;
use crate::plan::{Access, Operation, OwnKind, ReplyBody, ReplyValue};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

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

    /// Whether some answer has a body: a problem is none.
    pub fn json(&self) -> bool {
        let mut replies = self.operation.replies.iter();
        replies.any(|reply| matches!(reply.body, ReplyBody::Json(_)))
    }

    /// As whom the caller reads one object: whoever created it owns it (ruling 23), which only a 201 says of a POST.
    fn grants(&self, status: u16) -> TokenStream {
        let operation = self.operation;
        let created = status == 201 && operation.method == "POST" && operation.owns.is_empty();
        if created && matches!(operation.access, Access::Caller(_)) {
            quote!(&grants.owning(true))
        } else {
            quote!(&grants)
        }
    }

    pub fn declaration(&self) -> TokenStream {
        let variants = self.operation.replies.iter().map(|reply| {
            let text = doc(&format!("{}: {}", reply.status, reply.description));
            let name = variant(reply.status);
            match &reply.body {
                ReplyBody::Empty | ReplyBody::Problem => quote!(#text #name),
                ReplyBody::Json(ReplyValue::One(id)) => {
                    let kind = self.cx.type_path(*id, Side::Reply);
                    quote!(#text #name(#kind))
                }
                ReplyBody::Json(ReplyValue::Many(id)) => {
                    let kind = self.cx.type_path(*id, Side::Reply);
                    if self.lists() {
                        quote!(#text #name(Admitted<#kind>))
                    } else {
                        quote!(#text #name(Vec<#kind>))
                    }
                }
            }
        });
        quote!(pub enum Reply { #(#variants),* })
    }

    /// Arms of `match reply`.
    pub fn arms(&self) -> Vec<TokenStream> {
        let replies = self.operation.replies.iter();
        replies
            .map(|reply| {
                let name = variant(reply.status);
                let status = status(reply.status);
                match &reply.body {
                    ReplyBody::Empty => quote!(Reply::#name => reply::nothing(#status),),
                    ReplyBody::Problem => {
                        let code = Literal::u16_unsuffixed(reply.status);
                        quote!(Reply::#name => reply::refused(#code),)
                    }
                    ReplyBody::Json(ReplyValue::One(_)) => {
                        let grants = self.grants(reply.status);
                        quote!(Reply::#name(value) => reply::one(#status, &value, #grants),)
                    }
                    ReplyBody::Json(ReplyValue::Many(_)) if self.lists() => {
                        quote!(Reply::#name(rows) => reply::rows(#status, rows.iter(), &grants),)
                    }
                    ReplyBody::Json(ReplyValue::Many(_)) => {
                        quote!(Reply::#name(values) => reply::many(#status, &values, &grants),)
                    }
                }
            })
            .collect()
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

fn status(status: u16) -> TokenStream {
    let constant = match status {
        200 => "OK",
        201 => "CREATED",
        202 => "ACCEPTED",
        204 => "NO_CONTENT",
        other => {
            // Statuses are checked to be three digits when the document is read.
            let other = Literal::u16_unsuffixed(other);
            return quote!(reply::status(#other));
        }
    };
    let constant = ident(constant);
    quote!(StatusCode::#constant)
}
