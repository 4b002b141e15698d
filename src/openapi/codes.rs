//! The codes of what the reader finds wrong. They are stable: scripts and people look them up.

use crate::diagnostic::Code;

/// The version is missing, malformed or not one that is read.
pub const VERSION: Code = 2001;
/// A key that the object does not have in any version.
pub const UNKNOWN_KEY: Code = 2002;
/// A key that only the other version has.
pub const OTHER_VERSION: Code = 2003;
/// A value of the wrong kind.
pub const KIND: Code = 2004;
/// A key that must be there is not.
pub const MISSING: Code = 2005;
/// An extension whose name is nearly `x-security` (ruling 90).
pub const MISSPELT_EXTENSION: Code = 2006;
/// `x-security` at a level where the vocabulary has none.
pub const MISPLACED_EXTENSION: Code = 2007;
/// `x-security` beside `$ref` in 3.0 (ruling 60).
pub const EXTENSION_BESIDE_REF: Code = 2008;
/// `$ref` to a component that does not exist.
pub const UNKNOWN_TARGET: Code = 2009;
/// References that lead back to themselves.
pub const CYCLE: Code = 2010;
/// A keyword that does nothing for the declared type.
pub const INAPPLICABLE: Code = 2011;
/// Bounds that nothing can meet.
pub const CONTRADICTION: Code = 2012;
/// `required` names what `properties` does not have.
pub const UNDECLARED_PROPERTY: Code = 2013;
/// A path template that is malformed.
pub const PATH: Code = 2014;
/// Path parameters and the path template disagree.
pub const PATH_PARAMETER: Code = 2015;
/// A parameter is declared twice.
pub const DUPLICATE_PARAMETER: Code = 2016;
/// An operationId is given twice.
pub const DUPLICATE_OPERATION: Code = 2017;
/// Two path templates match the same paths.
pub const EQUIVALENT_PATHS: Code = 2018;
/// `security` names a scheme that is not declared.
pub const UNDECLARED_SCHEME: Code = 2019;
/// A value of the right kind that is not allowed.
pub const VALUE: Code = 2020;
/// A key beside `$ref` that would be ignored.
pub const BESIDE_REF: Code = 2021;
/// The references of the document expand to too much.
pub const EXPANSION: Code = 2022;
