//! What an operation asks of the person, and what it answers.

/// Declares the handler of an operation: what it gets, what it may answer, and the trait it is a method of.
///
/// - `Call` holds proofs and admitted values; no raw id stands beside its proof.
/// - `Reply` has the declared answers and no other. Behind each stands how it is written and its status, by a function of
///   [`crate::reply`]: what is returned leaves through a projection, or not at all.
/// - `#[missing]` and `#[stub]` are what the compiler says where the trait is not implemented.
#[macro_export]
macro_rules! handler {
    (
        pub struct Call {
            $(pub $field:ident: $type:ty),* $(,)?
        }
        pub enum Reply {
            $(
                $(#[doc = $text:literal])*
                $variant:ident $(($body:ty))? = $how:ident($status:literal)
            ),* $(,)?
        }
        $(#[doc = $about:literal])*
        #[missing = $missing:literal]
        #[stub = $stub:literal]
        pub trait $name:ident {
            fn $method:ident(call: Call) -> Reply;
        }
    ) => {
        /// What the handler gets: proofs and admitted values, no raw id beside its proof.
        pub struct Call {
            $(pub $field: $type),*
        }

        /// The declared answers.
        pub enum Reply {
            $(
                #[doc = concat!(" ", $status, ":")]
                $(#[doc = $text])*
                $variant $(($body))?
            ),*
        }

        impl Reply {
            /// As this caller may read it.
            fn answer(&self, grants: &$crate::Grants) -> Result<$crate::Response, $crate::Refusal> {
                match self {
                    $(Self::$variant $(($crate::answered!(value, $body)))? => {
                        $crate::reply::$how($status, $($crate::answered!(value, $body),)? grants)
                    })*
                }
            }
        }

        $(#[doc = $about])*
        #[diagnostic::on_unimplemented(message = $missing, label = "missing handler", note = $stub)]
        pub trait $name: Send + Sync + 'static {
            fn $method(&self, call: Call) -> impl $crate::Work<Reply>;
        }
    };
}

/// A name, where there is a type: what an answer with a body binds.
#[doc(hidden)]
#[macro_export]
macro_rules! answered {
    ($name:ident, $body:ty) => {
        $name
    };
}
