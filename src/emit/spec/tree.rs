//! What a document is made of before it is text: mappings in order, lists, and scalars.

use crate::diagnostic::is_hidden;
use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree<'a> {
    Null,
    Bool(bool),
    Whole(i128),
    /// A number with a fraction, as it is written.
    Decimal(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Map(Map<'a>),
}

/// A mapping; keys are set once each, in the order in which they are to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map<'a>(pub Vec<(Cow<'a, str>, Tree<'a>)>);

impl<'a> Map<'a> {
    pub fn new() -> Self {
        Map::default()
    }

    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Tree<'a>>) -> &mut Self {
        self.0.push((key.into(), value.into()));
        self
    }

    /// Nothing where there is nothing to say.
    pub fn maybe(
        &mut self,
        key: impl Into<Cow<'a, str>>,
        value: Option<impl Into<Tree<'a>>>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.set(key, value);
        }
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a character is written as an escape: it cannot be seen as what it is, or some reader takes none of it.
pub fn is_escaped(c: char) -> bool {
    is_hidden(c) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// `{ $ref: '#/components/<section>/<name>' }`
pub fn reference<'a>(section: &str, name: &str) -> Map<'a> {
    let mut map = Map::new();
    map.set("$ref", format!("#/components/{section}/{name}"));
    map
}

/// A list of texts.
pub fn texts<'a>(items: impl IntoIterator<Item = impl Into<Cow<'a, str>>>) -> Tree<'a> {
    Tree::List(
        items
            .into_iter()
            .map(|each| Tree::Text(each.into()))
            .collect(),
    )
}

impl<'a> From<&'a str> for Tree<'a> {
    fn from(text: &'a str) -> Self {
        Tree::Text(text.into())
    }
}

impl<'a> From<&'a String> for Tree<'a> {
    fn from(text: &'a String) -> Self {
        Tree::Text(text.as_str().into())
    }
}

impl From<String> for Tree<'_> {
    fn from(text: String) -> Self {
        Tree::Text(text.into())
    }
}

impl From<bool> for Tree<'_> {
    fn from(value: bool) -> Self {
        Tree::Bool(value)
    }
}

macro_rules! wholes {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Tree<'_> {
            fn from(value: $kind) -> Self {
                Tree::Whole(i128::from(value))
            }
        })*
    };
}

wholes!(i64, u64, u32, u16, u8);

impl<'a> From<Map<'a>> for Tree<'a> {
    fn from(map: Map<'a>) -> Self {
        Tree::Map(map)
    }
}

impl<'a> From<Vec<Tree<'a>>> for Tree<'a> {
    fn from(list: Vec<Tree<'a>>) -> Self {
        Tree::List(list)
    }
}
