//! Alternatives that exclude each other, as they are taken and as they leave.

/// Declares what a request may hold one of: each alternative with its rule and the marks that tell it from other objects.
///
/// Makes the type, `SCHEMA` for the words of a refusal, and the decoder: it tells which alternative the value may be, and
/// that one's own decoder admits it or refuses.
#[macro_export]
macro_rules! request_union {
    (
        $(#[doc = $about:literal])*
        #[keyword($keyword:ident)]
        pub enum $name:ident {
            $(
                #[case($rule:expr $(, $mark:ident($($told:expr),*))*)]
                $variant:ident($type:ty)
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[non_exhaustive]
        pub enum $name {
            $($variant($type)),*
        }

        const _: () = {
            use $crate::schema::{Case, Schema, Union};

            /// One constant an alternative, by the name of its variant.
            #[allow(non_upper_case_globals, unused_imports)]
            mod case {
                use super::*;

                $(
                    pub(super) static $variant: $crate::schema::Case = $crate::schema::Case::new(
                        $rule.schema(),
                        &[$($crate::schema::Mark::$mark($($told),*)),*],
                    );
                )*
            }
            static CASES: &[&Case] = &[$(&case::$variant),*];
            static TABLE: Union = Union::$keyword(CASES);

            impl $name {
                /// What may be sent.
                pub const SCHEMA: Schema = Schema::Union(&TABLE);
            }

            impl $crate::json::Take for $name {
                fn take(
                    json: &mut $crate::json::Reader<'_>,
                    _schema: &'static Schema,
                    by: &$crate::Grants,
                ) -> Option<Self> {
                    let told = json.case(&TABLE)?;
                    $(
                        if std::ptr::eq(told, &case::$variant) {
                            let value = $crate::json::Take::take(json, told.schema(), by)?;
                            return Some(Self::$variant(value));
                        }
                    )*
                    None
                }
            }
        };
    };
}

/// Declares what an answer has one of. Each alternative is written by its own projection.
#[macro_export]
macro_rules! reply_union {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident {
            $($variant:ident($type:ty)),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        pub enum $name {
            $($variant($type)),*
        }

        impl $crate::json::Put for $name {
            fn put(&self, w: &mut $crate::json::Writer, g: &$crate::Grants) {
                match self {
                    $(Self::$variant(value) => $crate::json::Put::put(value, w, g)),*
                }
            }
        }
    };
}
