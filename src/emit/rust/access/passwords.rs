//! `api/src/access/passwords.rs`: what the person implements for each scheme of HTTP Basic.

use crate::emit::rust::context::Context;
use crate::emit::rust::person;
use crate::emit::rust::print::{about, braces, doc};
use proc_macro2::TokenStream;
use quote::quote;

pub fn hooks(cx: &Context) -> TokenStream {
    let about = about(
        "Passwords (HTTP Basic): hooks say whose they are. They are asked last, and decide nothing else.",
    );
    let hooks = cx.plan.passwords.iter().zip(&cx.passwords);
    let hooks = hooks.map(|(scheme, names)| {
        let (hook, method) = (&names.hook, &names.method);
        let said = doc(&format!("Whose user and password these are, by the scheme `{}`; `None`: nobody's.", scheme.name));
        let why = doc(&format!("Why a password: {}", scheme.reason));
        let message = format!("scheme `{}` has no hook in `{{Self}}`", braces(&scheme.name));
        let hint = person::hint(method);
        quote! {
            #said
            #[doc = ""]
            #why
            #[diagnostic::on_unimplemented(message = #message, label = "missing hook", note = #hint)]
            pub trait #hook: Send + Sync + 'static {
                fn #method(&self, attempt: Attempt) -> impl Work<Option<Known>>;
            }
        }
    });
    let root = &cx.root;
    let (uses, held) = match cx.roles.is_empty() {
        true => (None, None),
        false => (
            Some(quote!(
                use #root::access::Role;
                use shield::Held;
            )),
            Some(quote! {
                impl From<Role> for Held {
                    fn from(role: Role) -> Self {
                        Held::of(role.bit())
                    }
                }
            }),
        ),
    };
    quote! {
        #about
        use #root::prelude::*;
        #uses
        use shield::{Attempt, Known};
        #(#hooks)*
        #held
    }
}
