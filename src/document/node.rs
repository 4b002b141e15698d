//! The tree: values as they were written, each with the place it was read from.

/// Which file of the document a place is in; an index into [`super::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u16);

/// Where a token begins: line and column count from 1, columns in characters (ruling 78).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    pub file: FileId,
    pub line: u32,
    pub column: u32,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    pub place: Place,
    pub value: Value,
}

/// What a YAML 1.2 core schema or JSON document can hold. Numbers stay as they were written.
#[derive(Debug, Clone)]
pub enum Value {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    List(Vec<Node>),
    Map(Map),
}

/// A key of a mapping and where it stands.
#[derive(Debug, Clone)]
pub struct Key {
    pub text: String,
    pub place: Place,
}

/// A mapping in document order; keys are unique (the loader refuses duplicates).
#[derive(Debug, Clone, Default)]
pub struct Map {
    pub entries: Vec<(Key, Node)>,
}

impl Map {
    /// The value of `name`, if the mapping has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, node)| node)
    }

    /// Key and value of `name`, if the mapping has it.
    pub fn entry(&self, name: &str) -> Option<(&Key, &Node)> {
        self.entries
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(key, node)| (key, node))
    }

    /// The value of `name`, to be changed.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        let found = self.entries.iter_mut().find(|(key, _)| key.text == name);
        found.map(|(_, node)| node)
    }
}

impl Node {
    /// What kind of value this is, in the words a person would use in an error.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }
}
