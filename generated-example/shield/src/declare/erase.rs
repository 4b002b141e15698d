//! The person's type behind one pointer.

/// Makes of one list all that goes through every loader and every operation, so that nothing is in one and not in another:
///
/// - `Api`: everything a person implements;
/// - `door`, `router`, `run`: the ways in, for whoever implements it;
/// - `Erased`: the same without the type it is implemented for, behind which no guard is compiled again when a handler
///   changes;
/// - the guard of each operation, and its policy, by the index that the tree of paths has for it;
/// - the hook of each scheme of passwords, by its index.
///
/// Stands in a file that has `access`, `operations`, `Service` and `SPEC` in sight. A loader with no resource behind it is one that
/// no guard calls; a second method behind that loads many; an operation with no trait one that is denied to everyone.
#[macro_export]
macro_rules! erase {
    (
        enum Loaders {
            $($load:ident($loader:ident $(, $resource:ident $(, $load_all:ident)?)?)),* $(,)?
        }
        $(enum Passwords {
            $($verify:ident($verifier:ident) = $scheme:literal),* $(,)?
        })?
        enum Operations {
            $($operation:ident $(($handler:ident))? = $index:literal),* $(,)?
        }
    ) => {
        /// Everything the document asks of you. It is implemented when all its parts are.
        pub trait Api:
            Send + Sync + 'static $(+ access::$loader)* $($(+ access::$verifier)*)? $($(+ operations::$operation::$handler)?)*
        {
        }
        impl<T> Api for T where
            T: Send + Sync + 'static $(+ access::$loader)* $($(+ access::$verifier)*)? $($(+ operations::$operation::$handler)?)*
        {
        }

        // The ways in ask for every part by its own name, not for `Api`: of what is missing the compiler then says which
        // operation or resource it is about, and how to begin with it.

        /// The one way in: what is not in the document is not behind it.
        pub fn door<A>(shield: $crate::Shield, app: A) -> $crate::Door
        where
            A: Send + Sync + 'static $(+ access::$loader)* $($(+ access::$verifier)*)? $($(+ operations::$operation::$handler)?)*,
        {
            $crate::Door::new(Service::new(shield, app))
        }

        /// The door as an axum router, to mount in an app that exists or to add your own layers.
        pub fn router<A>(shield: $crate::Shield, app: A) -> axum::Router
        where
            A: Send + Sync + 'static $(+ access::$loader)* $($(+ access::$verifier)*)? $($(+ operations::$operation::$handler)?)*,
        {
            axum::Router::new().fallback_service(door(shield, app))
        }

        /// The whole program: reads the environment and the command line, serves until it is told to stop.
        pub fn run<A>(open: impl FnOnce() -> Result<A, $crate::Fault>) -> std::process::ExitCode
        where
            A: Send + Sync + 'static $(+ access::$loader)* $($(+ access::$verifier)*)? $($(+ operations::$operation::$handler)?)*,
        {
            $crate::run(&SPEC, |shield| Ok(door(shield, open()?)))
        }

        /// Handlers and loaders without the type they are implemented for.
        pub(crate) trait Erased: Send + Sync {
            $($(
                fn $verify(
                    &self,
                    attempt: $crate::Attempt,
                ) -> $crate::BoxFuture<'_, Result<Option<$crate::Known>, $crate::Fault>>;
            )*)?
            $($(
                fn $load<'a>(
                    &'a self,
                    id: &'a access::Id<access::$resource>,
                ) -> access::Loading<'a, access::$resource>;
                $(
                    fn $load_all<'a>(
                        &'a self,
                        ids: &'a [access::Id<access::$resource>],
                    ) -> access::LoadingAll<'a, access::$resource>;
                )?
            )?)*
            $($(
                #[doc = concat!(" [`", stringify!($handler), "`], without the type.")]
                fn $operation(
                    &self,
                    call: operations::$operation::Call,
                ) -> $crate::BoxFuture<'_, Result<operations::$operation::Reply, $crate::Fault>>;
            )?)*
        }

        impl<T: Api> Erased for T {
            $($(
                fn $verify(
                    &self,
                    attempt: $crate::Attempt,
                ) -> $crate::BoxFuture<'_, Result<Option<$crate::Known>, $crate::Fault>> {
                    Box::pin(access::$verifier::$verify(self, attempt))
                }
            )*)?
            $($(
                fn $load<'a>(
                    &'a self,
                    id: &'a access::Id<access::$resource>,
                ) -> access::Loading<'a, access::$resource> {
                    Box::pin(access::$loader::$load(self, id))
                }
                $(
                    fn $load_all<'a>(
                        &'a self,
                        ids: &'a [access::Id<access::$resource>],
                    ) -> access::LoadingAll<'a, access::$resource> {
                        Box::pin(access::$loader::$load_all(self, ids))
                    }
                )?
            )?)*
            $($(
                fn $operation(
                    &self,
                    call: operations::$operation::Call,
                ) -> $crate::BoxFuture<'_, Result<operations::$operation::Reply, $crate::Fault>> {
                    Box::pin(operations::$operation::$handler::$operation(self, call))
                }
            )?)*
        }

        $($(
            impl access::Load for access::$resource {
                fn load<'a>(
                    app: &'a dyn Erased,
                    id: &'a access::Id<Self>,
                ) -> access::Loading<'a, Self> {
                    app.$load(id)
                }
            }
            $(
                impl access::LoadAll for access::$resource {
                    fn load_all<'a>(
                        app: &'a dyn Erased,
                        ids: &'a [access::Id<Self>],
                    ) -> access::LoadingAll<'a, Self> {
                        app.$load_all(ids)
                    }
                }
            )?
        )?)*

        $(impl $crate::Passwords for Service {
            fn verify(
                &self,
                scheme: usize,
                attempt: $crate::Attempt,
            ) -> $crate::BoxFuture<'_, Result<Option<$crate::Known>, $crate::Fault>> {
                match scheme {
                    $($scheme => self.app.$verify(attempt),)*
                    // Not an index of the table: nobody is known by it.
                    _ => Box::pin(async { Ok(None) }),
                }
            }
        })?

        /// What must hold before the handler of each operation is reached.
        pub(crate) static POLICIES: &[&$crate::spec::Policy] = &[
            $(&operations::$operation::POLICY),*
        ];

        impl $crate::Guarded for Service {
            fn shield(&self) -> &$crate::Shield {
                &self.shield
            }

            fn serve<'a>(
                &'a self,
                operation: usize,
                x: &'a mut $crate::Exchange,
            ) -> $crate::BoxFuture<'a, Result<$crate::Response, $crate::Refusal>> {
                match operation {
                    $($index => Box::pin(operations::$operation::serve(self, x)),)*
                    // Not an index of the table: refuse.
                    _ => Box::pin(async { Err($crate::Refusal::declared(404)) }),
                }
            }
        }
    };
}
