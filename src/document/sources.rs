//! The texts a document was read from, kept so that diagnostics can quote them.

use super::FileId;
use std::sync::Arc;

/// One file: the name a person knows it by, and its text.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// Every file of a document, cheap to clone; a [`FileId`] is an index into it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<Source>>,
}

impl Sources {
    /// A document of one file. Its id is the default one.
    pub fn single(name: &str, text: &str) -> Self {
        Sources {
            files: vec![Arc::new(Source {
                name: name.to_owned(),
                text: text.to_owned(),
            })],
        }
    }

    /// What the files are called, the one that refers to the others first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|source| source.name.as_str())
    }

    /// The file of `id`, when it is one of this document's.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(usize::from(id.0)).map(Arc::as_ref)
    }
}
