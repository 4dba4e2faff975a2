//! Everything that one subscriber gets back, as one ZIP.

mod contents;
pub mod formats;
mod manifest;
mod names;
mod plan;
mod readme;
mod routes;
mod send;
mod store;
#[cfg(test)]
mod tests;

pub use contents::{Part, plan};
pub use plan::{Plan, Source};
pub use routes::routes;
