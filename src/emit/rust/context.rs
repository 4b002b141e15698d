//! The names of everything that is emitted, decided once for a plan.

use super::names::{Scope, Within, ident, pascal, shout, snake, type_name};
use super::policies::Policies;
use crate::plan::{
    Access, Attribute, Count, Decision, Object, Operation, OwnKind, Plan, Shape, TypeId, ValueKind,
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::cell::OnceCell;

/// What no module, and no method called like one, may be named: `mod` is taken by `mod.rs`, a crate would be hidden by a
/// module beside those that use it, and the methods are those of a `Box` that is called through.
const MODULES: &[&str] = &[
    "mod", "alloc", "axum", "core", "shield", "std", "as_mut", "as_ref", "drop", "into", "try_into",
];

/// The plan with its names, as every emitter takes it.
pub struct Context<'a> {
    pub plan: &'a Plan,
    /// `crate`, or the module in which the api stands.
    pub root: TokenStream,
    pub operations: Vec<OperationNames>,
    pub types: Vec<TypeNames>,
    pub resources: Vec<ResourceNames>,
    /// Of each scheme of passwords.
    pub passwords: Vec<PasswordNames>,
    /// Method of each attribute of the caller.
    pub attributes: Vec<Ident>,
    /// Constant of each role in `access::roles`.
    pub roles: Vec<Ident>,
    /// Variant of each role in `access::Role`.
    pub role_variants: Vec<Ident>,
    policies: OnceCell<Policies>,
}

pub struct OperationNames {
    pub module: Ident,
    /// `get_user`: method of the trait.
    pub method: Ident,
    /// `GetUser`: the trait.
    pub name: Ident,
}

pub struct TypeNames {
    pub module: Ident,
    pub name: Ident,
}

pub struct ResourceNames {
    pub module: Ident,
    pub marker: Ident,
    pub id: Ident,
    pub facts: Ident,
    pub load: Ident,
    pub load_method: Ident,
    pub load_all_method: Ident,
    /// `BYPASS_…`-free snake name for fields and locals.
    pub field: Ident,
    /// Of the facts, one for each attribute.
    pub attributes: Vec<Ident>,
}

/// The hook of a scheme.
pub struct PasswordNames {
    /// Of the person's file.
    pub module: Ident,
    /// `VerifyStaff`: the trait.
    pub hook: Ident,
    pub method: Ident,
}

impl<'a> Context<'a> {
    pub fn new(plan: &'a Plan, root: &str) -> Self {
        let root = root.split("::").map(ident).collect::<Vec<_>>();
        let mut methods = Scope::without(MODULES);
        let mut traits = Scope::default();
        let operations = plan
            .operations
            .iter()
            .map(|operation| {
                let module = ident(&methods.claim(snake(&operation.id)));
                OperationNames {
                    method: module.clone(),
                    module,
                    name: ident(&traits.claim(type_name(&operation.id, Within::Operations))),
                }
            })
            .collect();
        let mut modules = Scope::without(MODULES);
        let mut names = Scope::default();
        let types = plan
            .types
            .iter()
            .map(|each| TypeNames {
                module: ident(&modules.claim(snake(&each.name))),
                name: ident(&names.claim(type_name(&each.name, Within::Types))),
            })
            .collect();
        let mut modules = Scope::without(MODULES);
        modules.claim("roles".to_owned());
        if !plan.passwords.is_empty() {
            modules.claim("passwords".to_owned());
        }
        let mut markers = Scope::default();
        let resources = plan
            .resources
            .iter()
            .map(|resource| {
                let module = modules.claim(snake(&resource.name));
                let marker = markers.claim(type_name(&resource.name, Within::Resources));
                ResourceNames {
                    // Another resource may be called `UserId`, and an operation `loadUser`.
                    id: ident(&markers.claim(format!("{marker}Id"))),
                    facts: ident(&markers.claim(format!("{marker}Facts"))),
                    load: ident(&markers.claim(format!("Load{marker}"))),
                    load_method: ident(&methods.claim(format!("load_{module}"))),
                    load_all_method: ident(&methods.claim(format!("load_{module}s"))),
                    field: ident(&module),
                    module: ident(&module),
                    marker: ident(&marker),
                    attributes: named(&resource.attributes, &["id", "owner", "tenant", "version"]),
                }
            })
            .collect();
        let passwords = plan
            .passwords
            .iter()
            .map(|scheme| {
                let name = format!("verify_{}", snake(&scheme.name));
                let hook = format!("Verify{}", type_name(&scheme.name, Within::Resources));
                PasswordNames {
                    module: ident(&modules.claim(name.clone())),
                    hook: ident(&markers.claim(hook)),
                    method: ident(&methods.claim(name)),
                }
            })
            .collect();
        let (mut consts, mut variants) = (Scope::default(), Scope::default());
        let roles = plan
            .roles
            .iter()
            .map(|role| ident(&consts.claim(shout(&role.name))))
            .collect();
        let role_variants = plan
            .roles
            .iter()
            .map(|role| ident(&variants.claim(pascal(&role.name))))
            .collect();
        Context {
            plan,
            root: quote!(#(#root)::*),
            operations,
            types,
            resources,
            passwords,
            attributes: named(
                &plan.principal,
                &["subject", "tenant", "has", "roles", "scopes", "of"],
            ),
            roles,
            role_variants,
            policies: OnceCell::new(),
        }
    }

    /// Functions of the policies, made when the first is asked for.
    pub fn policies(&self) -> &Policies {
        self.policies.get_or_init(|| Policies::of(self))
    }

    /// Operations with a handler, with their names.
    pub fn handled(&self) -> impl Iterator<Item = (&'a Operation, &OperationNames)> {
        self.plan
            .operations
            .iter()
            .zip(&self.operations)
            .filter(|(operation, _)| {
                !matches!(operation.access, Access::Denied { .. }) && operation.flow.is_none()
            })
    }

    /// Whether there is a list whose rows are decided over like this: by a policy, or, with `None`, by their owner.
    pub fn lists(&self, by: fn(Option<&Decision>) -> bool) -> bool {
        let mut owns = self.handled().flat_map(|(operation, _)| &operation.owns);
        owns.any(|owns| owns.kind == OwnKind::List && by(owns.decision.as_deref()))
    }

    /// Resources of which a served operation loads an object, with their names.
    pub fn loaded(&self) -> impl Iterator<Item = &ResourceNames> {
        let owns = |index: usize| {
            self.plan.operations.iter().any(|operation| {
                let mut owns = operation.owns.iter();
                owns.any(|owns| owns.resource == index && owns.kind != OwnKind::List)
            })
        };
        let resources = self.resources.iter().enumerate();
        resources
            .filter(move |(index, _)| owns(*index))
            .map(|(_, names)| names)
    }

    /// Whether bodies hold ids of this resource, none or several of them.
    pub fn loads_many(&self, names: &ResourceNames) -> bool {
        self.plan.operations.iter().any(|operation| {
            let mut owns = operation.owns.iter();
            owns.any(|owns| {
                let own = self.resources.get(owns.resource);
                let id = owns.kind.in_body().and_then(|at| operation.ids.get(at));
                own.is_some_and(|own| own.marker == names.marker)
                    && id.is_some_and(|id| id.count != Count::One)
            })
        })
    }

    /// The object or the words of a type.
    pub fn shape(&self, id: TypeId) -> Option<&'a Shape> {
        self.plan.types.get(id.0).map(|each| &each.shape)
    }

    pub fn object(&self, id: TypeId) -> Option<&'a Object> {
        match self.shape(id) {
            Some(Shape::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// `roles::ADMIN | roles::CLINICIAN`, or `0`.
    pub fn role_set(&self, bits: u64) -> TokenStream {
        let names: Vec<_> = self
            .roles
            .iter()
            .enumerate()
            .filter(|(bit, _)| bits >> bit & 1 == 1)
            .map(|(_, name)| quote!(roles::#name))
            .collect();
        if names.is_empty() {
            quote!(0)
        } else {
            quote!(#(#names)|*)
        }
    }

    /// Where a type stands: `words::Role`, `requests::NewUser` or `replies::User`.
    pub fn type_path(&self, id: TypeId, side: Side) -> TokenStream {
        let Some(names) = self.types.get(id.0) else {
            return quote!(());
        };
        let name = &names.name;
        match (self.shape(id), side) {
            (Some(Shape::Words(_)), _) => quote!(words::#name),
            (_, Side::Request) => quote!(requests::#name),
            (_, Side::Reply) => quote!(replies::#name),
        }
    }

    /// The Rust type of a value.
    pub fn value_type(&self, value: &ValueKind, secret: bool, side: Side) -> TokenStream {
        match value {
            ValueKind::Boolean => quote!(bool),
            ValueKind::Integer(_) => quote!(i64),
            ValueKind::Number(_) => quote!(shield::Number),
            ValueKind::Text(_) if secret && side == Side::Request => quote!(Secret),
            ValueKind::Text(_) => quote!(String),
            ValueKind::File(_) => quote!(shield::File),
            ValueKind::Json(_) => quote!(shield::Json),
            ValueKind::Named(id) => self.type_path(*id, side),
            ValueKind::Map(map) => {
                let mut value = self.value_type(&map.values, false, side);
                if map.values_nullable {
                    value = quote!(Option<#value>);
                }
                quote!(BTreeMap<String, #value>)
            }
            ValueKind::List(list) => {
                let item = self.value_type(&list.items, false, side);
                if list.items_nullable {
                    quote!(Vec<Option<#item>>)
                } else {
                    quote!(Vec<#item>)
                }
            }
        }
    }
}

/// A name for each attribute, beside those that are `taken`.
fn named(attributes: &[Attribute], taken: &[&str]) -> Vec<Ident> {
    let mut scope = Scope::without(taken);
    let name = |each: &Attribute| ident(&scope.claim(snake(&each.name)));
    attributes.iter().map(name).collect()
}

/// Whether a type is taken from a request or written to a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Request,
    Reply,
}
