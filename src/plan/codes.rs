//! Codes of what can only be seen when policy and schemas meet. The first block, 3001 to 3499, is the policy's.

use crate::diagnostic::Code;

pub(super) const MARKS_DISAGREE: Code = 3501;
pub(super) const UNSATISFIABLE: Code = 3502;
pub(super) const WORD_TWICE: Code = 3503;
pub(super) const DEFAULT: Code = 3504;
pub(super) const LIMIT_FIELD: Code = 3505;
pub(super) const LIMIT_NAME: Code = 3506;
pub(super) const RESOURCE_ID: Code = 3507;
pub(super) const UNREAD: Code = 3508;
pub(super) const PATTERN_SYNTAX: Code = 3509;
/// `replies` and `responses` disagree.
pub(super) const REPLIES: Code = 3510;
pub(super) const TOO_LARGE: Code = 3511;
/// A `flow`, and an operation that is not what it works on.
pub(super) const FLOW: Code = 3512;
/// An `id` that points to nothing in a body, or to no id.
pub(super) const OWNS_ID: Code = 3513;
/// `media` names what the body is not declared as.
pub(super) const MEDIA: Code = 3514;
