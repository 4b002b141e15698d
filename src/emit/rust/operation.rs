//! `api/src/operations/`: one file an operation, holding its policy, its trait, and the flat guard before the handler.

use super::context::{Context, OperationNames, ResourceNames, Side};
use super::names::{Scope, ident, snake};
use super::print::{about, doc, note, owned};
use super::reply::Replies;
use super::rules::Rules;
use super::uses::uses;
use crate::emit::Files;
use crate::plan::{Access, By, Default, In, Mode, Operation, OwnKind, Param, Segment, ValueKind};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Emits every operation, denied ones too: their policy says so.
pub fn emit(cx: &Context, files: &mut Files) {
    for (operation, names) in cx.plan.operations.iter().zip(&cx.operations) {
        let tokens = match operation.access {
            Access::Denied { .. } => denied(cx, operation),
            _ => Emitter::new(cx, operation, names).file(),
        };
        let path = format!("api/src/operations/{}.rs", names.module);
        owned(cx.plan, files, &path, tokens);
    }
    let about = about("The operations of the document, one module each: policy, trait of the handler, guard.");
    let modules = cx.operations.iter().map(|names| {
        let module = &names.module;
        quote!(pub mod #module;)
    });
    owned(cx.plan, files, "api/src/operations/mod.rs", quote!(#about #(#modules)*));
}

/// `GET /users/{userId}`, for people.
pub fn title(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// An operation for which nothing is declared: there is no handler to reach.
fn denied(cx: &Context, operation: &Operation) -> TokenStream {
    let Access::Denied { why } = &operation.access else { return TokenStream::new() };
    let about = about(&format!("{}: denied to every caller. {why}", title(operation)));
    let policy = policy(cx, operation, quote!(Access::Denied), &quote!(None), &[]);
    let body = quote! {
        static INPUT: Input = Input { path: &[], query: &[], header: &[], body: None, body_required: false };
        #policy
        pub(crate) async fn serve(s: &Service, x: &mut Exchange) -> Result<Response, Refusal> {
            s.shield.enter(&POLICY, x).await?;
            Err(Refusal::declared(403))
        }
    };
    let uses = uses(cx, &body);
    quote!(#about #uses #body)
}

fn policy(
    cx: &Context,
    operation: &Operation,
    access: TokenStream,
    body: &TokenStream,
    produces: &[&str],
) -> TokenStream {
    let (id, method) = (&operation.id, operation.method);
    let route = format!("{}{}", cx.plan.mount, operation.path);
    let quotas = operation.quotas.iter().map(|index| Literal::usize_unsuffixed(*index));
    let timeout = Literal::u64_unsuffixed(operation.handler_timeout_ms);
    let text = doc("What must hold before the handler is reached.");
    quote! {
        #text
        pub(crate) static POLICY: Policy = Policy {
            operation: #id,
            method: #method,
            route: #route,
            access: #access,
            quotas: &[#(#quotas),*],
            input: &INPUT,
            body: #body,
            produces: &[#(#produces),*],
            handler_timeout: #timeout,
        };
    }
}

/// A part of the request that is decoded into a local, and handed on as a field of `Call` or to ownership.
struct Decoded {
    local: Ident,
    expression: TokenStream,
}

struct Emitter<'a> {
    cx: &'a Context<'a>,
    operation: &'a Operation,
    names: &'a OperationNames,
    rules: Rules,
    /// Fields of `Call`: name, type, value.
    fields: Vec<(Ident, TokenStream, TokenStream)>,
    field_names: Scope,
    locals: Scope,
    decoded: Vec<Decoded>,
    /// Rows of `INPUT`, by location.
    rows: [Vec<TokenStream>; 3],
}

impl<'a> Emitter<'a> {
    fn new(cx: &'a Context<'a>, operation: &'a Operation, names: &'a OperationNames) -> Self {
        Emitter {
            cx,
            operation,
            names,
            rules: Rules::new(&["POLICY", "INPUT"]),
            fields: Vec::new(),
            field_names: Scope::default(),
            locals: Scope::without(&["s", "x", "caller", "grants", "raw", "input", "reply", "value", "owner", "call", "rows", "row", "w"]),
            decoded: Vec::new(),
            rows: [Vec::new(), Vec::new(), Vec::new()],
        }
    }

    fn file(mut self) -> TokenStream {
        let (cx, operation) = (self.cx, self.operation);
        let has_caller = matches!(operation.access, Access::Caller(_));
        if has_caller {
            let field = ident(&self.field_names.claim("caller".into()));
            self.fields.push((field, quote!(Principal), quote!(caller)));
        }
        // Proofs come first, so that their names are theirs; ids that they swallow are not handed on.
        let proofs = self.proofs();
        let body = self.body();
        let swallowed: Vec<usize> = operation.owns.iter().filter_map(|owns| param_of(owns.kind)).collect();
        let ids = self.parameters(&swallowed);
        let replies = Replies::new(cx, operation);
        let policy = self.policy(&replies);
        let input = self.input();
        let about = self.about();
        let handler = self.handler(&replies);
        let serve = self.serve(has_caller, &proofs, &ids, body, &replies);
        let statics = &self.rules.statics;
        let body = quote!(#(#statics)* #input #policy #handler #serve);
        let uses = uses(cx, &body);
        quote!(#about #uses #body)
    }

    fn about(&self) -> TokenStream {
        let operation = self.operation;
        let access = match &operation.access {
            Access::Denied { .. } => "denied".to_owned(),
            Access::Public { reason } => format!("public: {reason}"),
            Access::Caller(need) if need.roles.is_empty() && need.scopes.is_empty() => "authenticated".to_owned(),
            Access::Caller(need) => {
                let mut parts: Vec<String> = need.roles.iter().map(|bits| self.role_names(*bits)).collect();
                parts.extend(need.scopes.iter().map(|scope| format!("scope {scope}")));
                parts.join(" and ")
            }
        };
        let owns: Vec<String> = operation
            .owns
            .iter()
            .filter_map(|owns| {
                let resource = self.cx.plan.resources.get(owns.resource)?;
                let by = if resource.bypass == 0 {
                    String::new()
                } else {
                    format!(", or {}", self.role_names(resource.bypass))
                };
                Some(match owns.kind {
                    OwnKind::Owner { mode, .. } => format!("; {} {} by its owner{by}", verb(mode), resource.name),
                    OwnKind::Any { mode, .. } => format!("; {} any {}", verb(mode), resource.name),
                    OwnKind::List => format!("; lists {} of the caller{by}", resource.name),
                })
            })
            .collect();
        about(&format!("{}: {access}{}.", title(operation), owns.concat()))
    }

    fn role_names(&self, bits: u64) -> String {
        let roles = self.cx.plan.roles.iter().enumerate();
        let names: Vec<&str> =
            roles.filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, role)| role.name.as_str()).collect();
        names.join(" or ")
    }

    /// Fields for what is owned; the proof itself is made in `serve`.
    fn proofs(&mut self) -> Vec<(Ident, &'a ResourceNames, OwnKind)> {
        let mut proofs = Vec::new();
        for owns in &self.operation.owns {
            let Some(names) = self.cx.resources.get(owns.resource) else { continue };
            let marker = &names.marker;
            let (wanted, kind) = match owns.kind {
                OwnKind::List => (format!("visible_{}", names.field), quote!(Visible<access::#marker>)),
                OwnKind::Owner { mode, .. } | OwnKind::Any { mode, .. } => {
                    let mode = mode_name(mode);
                    (names.field.to_string(), quote!(Owned<access::#marker, #mode>))
                }
            };
            let field = ident(&self.field_names.claim(wanted));
            let local = ident(&self.locals.claim(field.to_string()));
            self.fields.push((field.clone(), kind, quote!(#local)));
            proofs.push((local, names, owns.kind));
        }
        proofs
    }

    /// The body's local and type, when there is one.
    fn body(&mut self) -> Option<TokenStream> {
        let body = self.operation.body.as_ref()?;
        let field = ident(&self.field_names.claim("body".into()));
        let local = ident(&self.locals.claim("body".into()));
        let kind = self.cx.type_path(body.value, Side::Request);
        let module = self.cx.types.get(body.value.0).map(|names| names.module.clone())?;
        let decode = quote!(s.shield.decode(&raw, |json| #kind::read(json, &grants)));
        if body.required {
            self.fields.push((field, kind, quote!(#local)));
            self.decoded.push(Decoded { local, expression: decode });
        } else {
            self.fields.push((field, quote!(Option<#kind>), quote!(#local)));
            let expression = quote!(if raw.is_empty() { Some(None) } else { #decode.map(Some) });
            self.decoded.push(Decoded { local, expression });
        }
        Some(quote!(Schema::Object(&requests::#module::TABLE)))
    }

    /// Declares every parameter; gives the local of each id that a proof is made from, by parameter.
    fn parameters(&mut self, swallowed: &[usize]) -> Vec<(usize, Ident)> {
        let mut ids = Vec::new();
        // Parameters of the path as the path has them: the shield hands its segments over in that order.
        let in_path = self.operation.segments.iter().filter_map(|segment| match segment {
            Segment::Param(index) => Some(*index),
            Segment::Literal(_) => None,
        });
        let elsewhere = self.operation.params.iter().enumerate();
        let elsewhere = elsewhere.filter(|(_, param)| param.location != In::Path).map(|(index, _)| index);
        for index in in_path.chain(elsewhere) {
            let Some(param) = self.operation.params.get(index) else { continue };
            let resource = self.resource_of(param);
            let (location, at) = match param.location {
                In::Path => (0, quote!(At::Path)),
                In::Query => (1, quote!(At::Query)),
                In::Header => (2, quote!(At::Header)),
            };
            let rule = match resource {
                Some(_) => None,
                None => Some(self.rules.declare(self.cx, &param.name, &param.value)),
            };
            let schema = match (&rule, resource) {
                (_, Some(names)) => {
                    let module = &names.module;
                    quote!(Schema::Text(&access::#module::ID))
                }
                (Some(rule), None) => rule.schema(),
                (None, None) => quote!(Schema::Boolean),
            };
            let Some(rows) = self.rows.get_mut(location) else { continue };
            let position = Literal::usize_unsuffixed(rows.len());
            let (name, required) = (&param.name, param.required);
            rows.push(quote!(Field::new(#name, #required, #schema)));
            let parse = match (&rule, resource) {
                (_, Some(names)) => {
                    let id = &names.id;
                    quote!(access::#id::parse)
                }
                (Some(rule), None) => rule.parse(),
                (None, None) => quote!(shield::schema::flag),
            };
            let get = quote!(input.get(#at(#position), #parse));
            let wanted = snake(&param.name);
            let local = ident(&self.locals.claim(wanted.clone()));
            let (expression, optional) = match (&param.default, param.required) {
                (_, true) => (quote!(#get.flatten()), false),
                (Some(default), false) => {
                    let value = self.default(param, default);
                    (quote!(#get.map(|given| given.unwrap_or(#value))), false)
                }
                (None, false) => (get, true),
            };
            self.decoded.push(Decoded { local: local.clone(), expression });
            if swallowed.contains(&index) {
                ids.push((index, local));
                continue;
            }
            let mut kind = match resource {
                Some(names) => {
                    let id = &names.id;
                    quote!(access::#id)
                }
                None => self.cx.value_type(&param.value, false, Side::Request),
            };
            if optional {
                kind = quote!(Option<#kind>);
            }
            let field = ident(&self.field_names.claim(wanted));
            self.fields.push((field, kind, quote!(#local)));
        }
        ids
    }

    /// A parameter that a resource is identified by has that resource's id type.
    fn resource_of(&self, param: &Param) -> Option<&'a ResourceNames> {
        let position = self.cx.plan.resources.iter().position(|resource| resource.param == param.name)?;
        (param.location != In::Header).then(|| self.cx.resources.get(position)).flatten()
    }

    fn default(&self, param: &Param, default: &Default) -> TokenStream {
        match (default, &param.value) {
            (Default::Boolean(value), _) => quote!(#value),
            (Default::Integer(value), _) => {
                let value = Literal::i64_unsuffixed(*value);
                quote!(#value)
            }
            (Default::Text(value), ValueKind::Named(id)) => {
                let path = self.cx.type_path(*id, Side::Request);
                let variant = super::types::variant(self.cx, *id, value);
                quote!(#path::#variant)
            }
            (Default::Text(value), _) => quote!(#value.to_owned()),
        }
    }

    fn policy(&self, replies: &Replies) -> TokenStream {
        let operation = self.operation;
        let access = match &operation.access {
            Access::Caller(need) => {
                let scheme = Literal::usize_unsuffixed(need.scheme);
                let roles = need.roles.iter().map(|bits| self.cx.role_set(*bits));
                let scopes = &need.scopes;
                quote!(Access::Caller(Need { scheme: #scheme, roles: &[#(#roles),*], scopes: &[#(#scopes),*] }))
            }
            Access::Public { .. } => quote!(Access::Public),
            Access::Denied { .. } => quote!(Access::Denied),
        };
        let body = match &operation.body {
            None => quote!(None),
            Some(body) => {
                let required = body.required;
                let limit = Literal::u64_unsuffixed(operation.body_bytes);
                let timeout = Literal::u64_unsuffixed(operation.body_timeout_ms);
                quote!(Some(Body { required: #required, limit: #limit, timeout: #timeout, media_type: "application/json" }))
            }
        };
        policy(self.cx, operation, access, &body, replies.produces())
    }

    fn input(&self) -> TokenStream {
        let [path, query, header] = &self.rows;
        let (body, required) = match &self.operation.body {
            Some(body) => match self.cx.types.get(body.value.0) {
                Some(names) => {
                    let module = &names.module;
                    (quote!(Some(Schema::Object(&requests::#module::TABLE))), body.required)
                }
                None => (quote!(None), false),
            },
            None => (quote!(None), false),
        };
        let text = doc("What may be sent, for the answer that says what was wrong with it.");
        quote! {
            #text
            static INPUT: Input = Input {
                path: &[#(#path),*],
                query: &[#(#query),*],
                header: &[#(#header),*],
                body: #body,
                body_required: #required,
            };
        }
    }

    /// `Call`, `Reply` and the trait.
    fn handler(&self, replies: &Replies) -> TokenStream {
        let operation = self.operation;
        let (name, method) = (&self.names.name, &self.names.method);
        let fields = self.fields.iter().map(|(field, kind, _)| quote!(pub #field: #kind));
        let summary = doc(operation.summary.as_deref().or(operation.description.as_deref()).unwrap_or(&operation.id));
        let reply = replies.declaration();
        let message = format!("operation `{}` ({}) has no handler in `{{Self}}`", braces(&operation.id), braces(&title(operation)));
        let group = super::person::group(&operation.group);
        let hint = format!("`palisade generate` writes service/src/handlers/{group}/{method}.rs when there is none");
        quote! {
            #[doc = " What the handler gets: proofs and admitted values, no raw id beside its proof."]
            pub struct Call { #(#fields),* }
            #[doc = " The declared answers."]
            #reply
            #summary
            #[diagnostic::on_unimplemented(message = #message, label = "missing handler", note = #hint)]
            pub trait #name: Send + Sync + 'static {
                fn #method(&self, call: Call) -> impl Future<Output = Result<Reply, Fault>> + Send;
            }
        }
    }

    fn serve(
        &self,
        has_caller: bool,
        proofs: &[(Ident, &ResourceNames, OwnKind)],
        ids: &[(usize, Ident)],
        body: Option<TokenStream>,
        replies: &Replies,
    ) -> TokenStream {
        let operation = self.operation;
        let mut steps = Vec::new();
        steps.push(match has_caller {
            true => note("Credentials, quotas, roles and scopes, sizes and media types."),
            false => note("Quotas, sizes and media types; whoever calls is not looked at."),
        });
        steps.push(quote!(s.shield.enter(&POLICY, x).await?;));
        if has_caller {
            steps.push(quote!(let caller = Principal::of(x)?;));
        }
        let uses_grants = body.is_some() || !self.decoded.is_empty() || replies.needs_grants();
        if uses_grants {
            let roles = if has_caller { quote!(caller.roles()) } else { quote!(0) };
            let creating = operation.method == "POST";
            // On a create there is no object yet: the creator is the owner (ruling 23).
            let owner = creating && has_caller && operation.owns.is_empty();
            steps.push(quote!(let grants = Grants { roles: #roles, owner: #owner, creating: #creating };));
        }
        if body.is_some() {
            steps.push(quote!(let raw = s.shield.body(&POLICY, x).await?;));
        }
        let raw = if body.is_some() { quote!(&raw) } else { quote!(&[]) };
        if self.decoded.is_empty() {
            steps.push(note("Nothing may be sent: an unknown query parameter is refused here."));
            steps.push(quote!(x.input(&POLICY)?;));
        } else {
            steps.push(quote!(let input = x.input(&POLICY)?;));
            let locals: Vec<_> = self.decoded.iter().map(|each| each.local.clone()).collect();
            let expressions: Vec<_> = self.decoded.iter().map(|each| each.expression.clone()).collect();
            let refuse = quote!(return Err(s.shield.refuse(&input, #raw, &grants)););
            steps.push(match (locals.as_slice(), expressions.as_slice()) {
                ([local], [expression]) => quote!(let Some(#local) = #expression else { #refuse };),
                _ => quote!(let (#(Some(#locals)),*) = (#(#expressions),*) else { #refuse };),
            });
        }
        steps.extend(self.input_quotas());
        let mut owner_from = None;
        for (local, names, kind) in proofs {
            let (module, marker) = (&names.module, &names.marker);
            let id = param_of(*kind).and_then(|param| ids.iter().find(|(index, _)| *index == param)).map(|(_, id)| id);
            steps.push(match kind {
                OwnKind::List => quote!(let #local = Visible::<access::#marker>::of(&caller)?;),
                OwnKind::Owner { .. } => {
                    // Only the first object decides what `read: owner` shows.
                    let owner = if owner_from.is_none() && replies.needs_grants() { ident("owner") } else { ident("_") };
                    let pattern = if owner == "_" { quote!(_) } else { quote!(#owner) };
                    owner_from.get_or_insert(());
                    quote!(let (#local, #pattern) = access::#module::owned(s, &POLICY, &caller, #id).await?;)
                }
                OwnKind::Any { .. } => {
                    let owner = if owner_from.is_none() && replies.needs_grants() { quote!(owner) } else { quote!(_) };
                    owner_from.get_or_insert(());
                    quote!(let (#local, #owner) = access::#module::any(s, &POLICY, &caller, #id).await?;)
                }
            });
        }
        if owner_from.is_some() && replies.needs_grants() {
            steps.push(quote!(let grants = grants.owning(owner);));
        }
        let values = self.fields.iter().map(|(field, _, value)| {
            if value.to_string() == field.to_string() { quote!(#field) } else { quote!(#field: #value) }
        });
        let method = &self.names.method;
        let arms = replies.arms();
        quote! {
            #[doc = " The whole guard, top to bottom: `?` leaves with the refusal of its step."]
            pub(crate) async fn serve(s: &Service, x: &mut Exchange) -> Result<Response, Refusal> {
                #(#steps)*
                let call = Call { #(#values),* };
                let reply = s.shield.call(&POLICY, s.app.#method(call)).await?;
                match reply { #(#arms)* }
            }
        }
    }

    /// Quotas whose key is part of the body: charged once it is known to be valid.
    fn input_quotas(&self) -> Vec<TokenStream> {
        let mut steps = Vec::new();
        for index in &self.operation.quotas {
            let Some(quota) = self.cx.plan.quotas.get(*index) else { continue };
            for by in &quota.by {
                if let By::Field(member) = by {
                    let field = self.body_field(member);
                    let index = Literal::usize_unsuffixed(*index);
                    steps.push(quote!(s.shield.charge_input(x, #index, &body.#field)?;));
                }
            }
        }
        steps
    }

    fn body_field(&self, member: &str) -> Ident {
        let object = self.operation.body.as_ref().and_then(|body| self.cx.object(body.value));
        let position = object.and_then(|object| object.members.iter().position(|each| each.name == member));
        match (object, position) {
            (Some(object), Some(position)) => {
                super::types::fields(object).into_iter().nth(position).unwrap_or_else(|| ident(&snake(member)))
            }
            _ => ident(&snake(member)),
        }
    }
}

fn verb(mode: Mode) -> &'static str {
    match mode {
        Mode::Read => "reads",
        Mode::Write => "writes",
    }
}

fn mode_name(mode: Mode) -> Ident {
    ident(match mode {
        Mode::Read => "Read",
        Mode::Write => "Write",
    })
}

fn param_of(kind: OwnKind) -> Option<usize> {
    match kind {
        OwnKind::Owner { param, .. } | OwnKind::Any { param, .. } => Some(param),
        OwnKind::List => None,
    }
}

/// Braces mean something in `on_unimplemented`.
fn braces(text: &str) -> String {
    super::print::plain(text).replace('{', "{{").replace('}', "}}")
}
