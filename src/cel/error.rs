//! What is wrong with an expression, and at which byte of it.

/// One thing that is wrong. The first one ends the reading: what follows would be guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub what: What,
    /// Byte of the text of the expression.
    pub at: usize,
    pub message: String,
    pub help: String,
    /// A word that stands at `at`, and what was probably meant by it.
    pub meant: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is no CEL.
    Syntax,
    /// A name that is not declared, or that is not to be had here.
    Name,
    /// Kinds that do not fit.
    Type,
    /// CEL that this version does not compile.
    Unsupported,
    /// It is too long, too deep, or could take too many steps.
    Size,
}

impl Error {
    pub(super) fn new(
        what: What,
        at: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Error {
            what,
            at,
            message: message.into(),
            help: help.into(),
            meant: None,
        }
    }

    pub(super) fn unsupported(at: usize, what: &str, instead: &str) -> Self {
        Error::new(
            What::Unsupported,
            at,
            format!("{what} is not compiled by this version"),
            instead,
        )
    }

    /// For a name nobody declared: what is near to it, or all there is.
    pub(super) fn unknown<'c>(
        at: usize,
        message: String,
        word: &str,
        known: impl Iterator<Item = &'c str> + Clone,
    ) -> Self {
        let near = crate::diagnostic::suggest(word, known.clone());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let all: Vec<String> = known.take(20).map(|name| format!("`{name}`")).collect();
                match all.is_empty() {
                    true => "there is none".to_owned(),
                    false => format!("known here: {}", all.join(", ")),
                }
            }
        };
        Error {
            meant: near.map(|near| (word.to_owned(), near.to_owned())),
            ..Error::new(What::Name, at, message, help)
        }
    }
}
