// Handlers and loaders of which it only matters that they are there.
macro_rules! implement {
    ($app:ident: $($operation:ident $trait:ident),*) => {$(
        impl api::operations::$operation::$trait for $app {
            async fn $operation(
                &self,
                _: api::operations::$operation::Call,
            ) -> Result<api::operations::$operation::Reply, shield::Fault> {
                Err(shield::Fault::unwritten("a case"))
            }
        }
    )*};
}
macro_rules! load {
    ($app:ident: $($load:ident $trait:ident $id:ident $facts:ident),*) => {$(
        impl api::access::$trait for $app {
            async fn $load(
                &self,
                _: &api::access::$id,
            ) -> Result<Option<api::access::$facts>, shield::Fault> {
                Ok(None)
            }
        }
    )*};
}
