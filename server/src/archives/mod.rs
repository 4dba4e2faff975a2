//! Everything that one subscriber gets back, as one ZIP.

mod contents;
pub mod formats;
mod manifest;
mod names;
mod plan;
mod readme;
pub mod routes;
mod send;
mod store;
#[cfg(test)]
mod tests;

pub use contents::{Part, plan};
pub use plan::{Plan, Source};
