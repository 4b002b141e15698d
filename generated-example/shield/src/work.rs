//! What handlers and loaders return.

use std::future::Future;

use crate::refusal::Fault;

/// A future of an answer, or of any error: an `async fn` that may go on in another thread.
///
/// Implement the method as `async fn(…) -> Result<T, Fault>`.
pub trait Work<T>: Future<Output = Result<T, Fault>> + Send {}

impl<T, F: Future<Output = Result<T, Fault>> + Send> Work<T> for F {}
