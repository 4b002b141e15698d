//! Objects as they leave.

/// Declares an object of an answer: its members, and who may read them.
///
/// A member is called as its field is, or as `#[name("…")]` says. What is an `Option` is left out where there is no value;
/// `#[member(nullable)]` is written as `null` then.
///
/// Makes the type and its projection, the only way to the wire. The type is not `Serialize`, so nothing else writes it.
#[macro_export]
macro_rules! reply {
    (
        $(#[doc = $about:literal])*
        pub struct $name:ident {
            $(
                $(#[doc = $text:literal])*
                $(#[name($key:literal)])?
                $(#[member($null:ident)])?
                $(#[read($read:ident $(($readers:expr))?)])?
                pub $field:ident: $type:ty
            ),*
            $(, #[rest($($declared:literal),*)] pub $rest:ident: $rest_type:ty)? $(,)?
        }
    ) => {
        $(#[doc = $about])*
        pub struct $name {
            $($(#[doc = $text])* pub $field: $type,)*
            $(
                /// Members of any other name than those that the document declares, whoever may read them.
                pub $rest: $rest_type,
            )?
        }

        impl $crate::json::Put for $name {
            fn put(&self, w: &mut $crate::json::Writer, g: &$crate::Grants) {
                w.open();
                $(
                    if true $(&& g.may_read($crate::schema::Read::$read $(($readers))?))? {
                        let key = $crate::written!(name $field $($key)?);
                        $crate::written!(value $($null)?)(&self.$field, key, w, g);
                    }
                )*
                $($crate::declare::others(&self.$rest, &[$($declared),*], w, g);)?
                w.close();
            }
        }
    };
}

/// What [`reply!`] takes for granted where nothing is said.
#[doc(hidden)]
#[macro_export]
macro_rules! written {
    (name $field:ident) => {
        stringify!($field)
    };
    (name $field:ident $key:literal) => {
        $key
    };
    (value) => {
        $crate::json::Put::put_member
    };
    (value nullable) => {
        $crate::declare::nullable
    };
}
