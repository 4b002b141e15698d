//! The codes of what the loader refuses. They are stable: scripts and people look them up.

use crate::diagnostic::Code;

/// The bytes are no text, or there are none; the code of every [`super::LoadError::Unplaced`].
pub const UNREADABLE: Code = 1001;
/// Not YAML.
pub(super) const YAML: Code = 1002;
/// A key is given twice.
pub(super) const DUPLICATE_KEY: Code = 1003;
/// Not JSON.
pub(super) const JSON: Code = 1004;
/// `<<`, of YAML 1.1.
pub(super) const MERGE_KEY: Code = 1005;
/// A tag that does not agree with the value, or is none of the core schema.
pub(super) const TAG: Code = 1006;
/// A key that is a list or a mapping.
pub(super) const COMPLEX_KEY: Code = 1007;
/// More than one YAML document in a file.
pub(super) const SEVERAL_DOCUMENTS: Code = 1008;
/// More than the loader takes: depth, values, what aliases copy.
pub(super) const BUDGET: Code = 1009;
/// An alias inside its own anchor.
pub(super) const RECURSIVE: Code = 1010;
/// `.inf`, `.nan`, or a number that is too large to respell.
pub(super) const NOT_FINITE: Code = 1011;
/// There is nothing in the document.
pub(super) const EMPTY: Code = 1012;
