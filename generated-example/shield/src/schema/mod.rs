//! What a value must be: rules as constants (`table`), whether they admit it (`text`, `whole`, `real`), and what to say
//! when they do not (`explain`). What explains never decides.

mod address;
mod binary;
mod explain;
mod format;
mod real;
mod table;
mod text;
mod union;
mod violation;
mod whole;

#[cfg(test)]
mod agreement;

pub(crate) use explain::{forbidden, items, parameter, violations};
pub(crate) use format::{is_date_time, nanos, uuid as is_uuid};
#[cfg(test)]
pub(crate) use real::Limit;
pub use real::Real;
pub use table::*;
pub(crate) use text::length;
pub(crate) use union::Told;
pub use union::{Case, JsonType, Mark, Union};
pub use violation::{In, Violation, detail};
pub(crate) use violation::{MOST, push_token};
pub use whole::flag;
pub(crate) use whole::is_spelled;
