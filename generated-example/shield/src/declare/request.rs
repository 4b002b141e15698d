//! Objects as they are taken.

/// Declares an object of a request body: its members with their rules, and who may write them.
///
/// A member has its rule, and `or_null` behind it where it may be null: `#[optional("phone", Text::new(0, 16), or_null)]`.
///
/// Makes the type, `TABLE` for the words of a refusal, and the decoder, which admits or refuses in one pass over the body
/// and keeps no reason. A member that nobody may write has a row (`#[never(…)]`) and no field. Rules between members
/// (`#[rules(…)]`) are asked once all keywords hold; what they cannot decide is refused.
#[macro_export]
macro_rules! request {
    (
        $(#[doc = $about:literal])*
        $(#[size($min:expr, $max:expr)])?
        $(#[rules($rules:expr)])?
        $(#[never($hidden:literal, $hidden_rule:expr $(, $hidden_null:ident)?)])*
        pub struct $name:ident {
            $(
                $(#[doc = $text:literal])*
                // One of them.
                $(#[required($must:literal, $rule_of_must:expr $(, $null_of_must:ident)?)])?
                $(#[optional($may:literal, $rule_of_may:expr $(, $null_of_may:ident)?)])?
                $(#[write($write:ident $(($writers:expr))?)])?
                pub $field:ident: $type:ty
            ),*
            $(, #[rest($rest_rule:expr)] pub $rest:ident: $rest_type:ty)? $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $text])* pub $field: $type,)*
            $(
                /// Members of any other name.
                pub $rest: $rest_type,
            )?
        }

        const _: () = {
            use $crate::schema::{Member, Object, Schema};

            /// One constant a member, by the name of its field: it admits, and it explains.
            #[allow(non_upper_case_globals, unused_imports)]
            mod member {
                use super::*;

                $(
                    // By its path: a member may be called `required`.
                    pub(super) static $field: $crate::schema::Member =
                        $($crate::schema::required($must, $rule_of_must.schema()$(.$null_of_must())?))?
                        $($crate::schema::optional($may, $rule_of_may.schema()$(.$null_of_may())?))?
                            $(.write($crate::schema::Write::$write $(($writers))?))?;
                )*
            }
            static MEMBERS: &[Member] = &[
                $(member::$field,)*
                $($crate::schema::optional($hidden, $hidden_rule.schema()$(.$hidden_null())?)
                    .write($crate::schema::Write::Nobody),)*
            ];
            static TABLE: Object = Object::new(MEMBERS)
                $(.rest({
                    static REST: Schema = $rest_rule;
                    &REST
                }))?
                $(.size($min, $max))?
                $(.rules({
                    /// Those that an object breaks whose keywords hold.
                    fn broken(
                        json: &mut $crate::json::Reader<'_>,
                        by: &$crate::Grants,
                    ) -> Vec<(&'static str, &'static str)> {
                        let this = members(json, by);
                        this.map(|this| $crate::decide::Rule::broken($rules, &this))
                            .unwrap_or_default()
                    }
                    broken
                }))?;

            impl $name {
                /// What may be sent, for the answer that says what was wrong with it.
                pub const TABLE: Schema = Schema::Object(&TABLE);
            }

            /// What its keywords admit.
            #[inline]
            fn members(
                json: &mut $crate::json::Reader<'_>,
                by: &$crate::Grants,
            ) -> Option<$name> {
                // For types without members.
                let _ = by;
                $(let mut $field = None;)*
                $(let mut $rest = <$rest_type>::new();)?
                json.open_object()?;
                while let Some(key) = json.key()? {
                    match &*key {
                        $($($must)? $($may)? => {
                            let rule = &member::$field;
                            rule.may_be_written(by)?;
                            let value = $crate::json::Take::take(json, rule.schema(), by)?;
                            $crate::json::once(&mut $field, value)?;
                        })*
                        _ => $crate::others!(json, key, TABLE, by $(, $rest)?),
                    }
                }
                json.size(&TABLE)?;
                Some($name {
                    $($field: $($crate::declare::taken::required($must, $field)?)?
                        $($crate::declare::taken::optional($may, $field)?)?,)*
                    $($rest)?
                })
            }

            impl $crate::json::Take for $name {
                fn take(
                    json: &mut $crate::json::Reader<'_>,
                    _schema: &'static Schema,
                    by: &$crate::Grants,
                ) -> Option<Self> {
                    let this = members(json, by)?;
                    $(
                        // guard: rule
                        if !$crate::decide::Rule::hold($rules, &this) {
                            return None;
                        }
                    )?
                    Some(this)
                }
            }
        };
    };
}

/// What becomes of a member that no field has.
#[doc(hidden)]
#[macro_export]
macro_rules! others {
    ($json:ident, $key:ident, $table:ident, $by:ident) => {{
        // guard: unknown-member
        return None;
    }};
    ($json:ident, $key:ident, $table:ident, $by:ident, $rest:ident) => {{
        let value = $crate::json::Take::take($json, $table.other(&$key)?, $by)?;
        let before = $rest.insert($key.into_owned(), value);
        // guard: duplicate-other
        if before.is_some() {
            return None;
        }
    }};
}
