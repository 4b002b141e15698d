//! From an OpenAPI document annotated with `x-security` to a complete, hardened axum project.
//!
//! Data flows one way: [`document`] → [`openapi`] → [`policy`] → [`plan`] → [`emit`] → [`project`]. A stage imports the
//! stages before it and nothing after it. [`unsupported`] runs the first four on a document with named gaps; [`reference`] is
//! made from the tables of the stages.
#![forbid(unsafe_code)]

pub mod annotate;
pub mod audit;
pub mod cel;
pub mod cli;
pub mod compare;
pub mod decimal;
pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod explain;
pub mod openapi;
pub mod outline;
pub mod plan;
pub mod policy;
pub mod project;
pub mod reference;
pub mod unsupported;
