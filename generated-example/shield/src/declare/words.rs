//! Enumerations of strings.

/// Declares an enumeration: each value with its word, exactly as the document writes it.
#[macro_export]
macro_rules! words {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident {
            $($value:ident = $word:literal),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($value),*
        }

        impl $name {
            /// Every word, in the order of the document.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// What may be sent: one of them.
            pub const SCHEMA: $crate::schema::Schema = $crate::schema::Schema::Words(Self::WORDS);

            /// The value of a word, exactly as the document writes it.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$value),)*
                    _ => None,
                }
            }

            /// The word of a value.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word),*
                }
            }
        }

        impl $crate::json::Take for $name {
            fn take(
                json: &mut $crate::json::Reader<'_>,
                _schema: &'static $crate::schema::Schema,
                _by: &$crate::Grants,
            ) -> Option<Self> {
                json.word(Self::parse)
            }

            fn same(&self, other: &Self) -> bool {
                self == other
            }
        }

        impl $crate::Parse for $name {
            fn parse(text: &str, _schema: &'static $crate::schema::Schema) -> Option<Self> {
                Self::parse(text)
            }
        }

        impl $crate::reply::Spell for $name {
            fn spell(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(self.as_str())
            }
        }

        impl $crate::json::Put for $name {
            fn put(&self, w: &mut $crate::json::Writer, _g: &$crate::Grants) {
                w.text(self.as_str());
            }
        }
    };
}
