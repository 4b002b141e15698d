//! Kinds of objects that belong to somebody.

/// Declares a resource: what the document says of it, what its loader reports, and the trait that loader is a method of.
///
/// Makes the kind with its id, and says to the guards what they compare: `id`, `owner`, `tenant` where there is one, and
/// `parent` of what is part of another object. With `TENANTS` and without that fact nothing is admitted. Facts of policies
/// stand behind `version`. `#[missing]` and `#[stub]` are what the compiler says where the trait is not implemented.
///
/// Stands in a file that has `access` in sight.
#[macro_export]
macro_rules! resource {
    (
        pub enum $marker:ident {
            NAME = $name:literal,
            ID = $rule:ident::new($($bounds:tt)*) $(.$more:ident($($with:tt)*))*,
            $(BYPASS = $bypass:expr,)?
            TENANTS = $tenants:literal
            $(, FORBIDDEN = $forbidden:literal)? $(,)?
        }
        pub struct $facts:ident {
            pub id: $id:ident,
            pub owner: String,
            $(pub tenant: $tenant:ty,)?
            $(pub parent: $parent:ty,)?
            pub version: u64
            $(, $(#[doc = $text:literal])* pub $attribute:ident: $type:ty)* $(,)?
        }
        #[missing = $missing:literal]
        #[stub = $stub:literal]
        pub trait $load:ident {
            fn $method:ident(id: &$of:ident) -> Option<$reported:ident>;
            $(fn $all:ident(ids: &[$each:ident]) -> Vec<$every:ident>;)?
        }
    ) => {
        /// The kind of object; only a name, there is no value of it.
        pub enum $marker {}

        impl access::sealed::Sealed for $marker {}

        impl access::Resource for $marker {
            type Facts = $facts;
            const NAME: &'static str = $name;
            const ID: $crate::schema::Schema = {
                static ID: $crate::schema::$rule = $rule::new($($bounds)*)$(.$more($($with)*))*;
                ID.schema()
            };
            $(const BYPASS: $crate::RoleSet = $bypass;)?
            const TENANTS: bool = $tenants;
            $(const FORBIDDEN: bool = $forbidden;)?
            fn compared(facts: &$facts) -> access::Compared<'_, Self> {
                let tenant = None::<&str>$(.or(Some(<$tenant as AsRef<str>>::as_ref(&facts.tenant))))?;
                access::Compared::of(&facts.id, &facts.owner, tenant)
                    $(.part_of(<$parent>::as_str(&facts.parent)))?
            }
        }

        /// An id as the document admits it.
        pub type $id = access::Id<$marker>;

        /// What the service says about an object so that a decision can be made.
        #[derive(Clone)]
        pub struct $facts {
            pub id: $id,
            /// Subject of the caller it belongs to.
            pub owner: String,
            $(
                /// The tenant it belongs to.
                pub tenant: $tenant,
            )?
            $(
                /// What it is part of.
                pub parent: $parent,
            )?
            /// Counts its changes; a handler that writes compares it.
            pub version: u64,
            $($(#[doc = $text])* pub $attribute: $type,)*
        }

        /// Reports facts, decides nothing.
        #[diagnostic::on_unimplemented(message = $missing, label = "missing loader", note = $stub)]
        pub trait $load: Send + Sync + 'static {
            fn $method(&self, id: &$of) -> impl $crate::Work<Option<$reported>>;
            $(
                /// The facts of all of them, in any order, without those that are not there. As it stands it asks for one
                /// after the other.
                fn $all(&self, ids: &[$each]) -> impl $crate::Work<Vec<$every>> {
                    async move {
                        let mut all = Vec::new();
                        for id in ids {
                            all.extend(self.$method(id).await?);
                        }
                        Ok(all)
                    }
                }
            )?
        }
    };
}
