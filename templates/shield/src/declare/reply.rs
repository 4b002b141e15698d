//! Objects as they leave.

/// Declares an object of an answer: its members, and who may read them.
///
/// Makes the type and its projection, the only way to the wire. The type is not `Serialize`, so nothing else writes it.
#[macro_export]
macro_rules! reply {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $text:literal])*
                #[member($key:literal, $presence:ident)]
                $(#[read($read:expr)])?
                pub $field:ident: $type:ty
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        pub struct $name {
            $($(#[doc = $text])* pub $field: $type),*
        }

        impl $crate::json::Put for $name {
            fn put(&self, w: &mut $crate::json::Writer, g: &$crate::Grants) {
                w.open();
                $(
                    if true $(&& g.may_read($read))? {
                        $crate::declare::written::$presence($key, &self.$field, w, g);
                    }
                )*
                w.close();
            }
        }
    };
}
