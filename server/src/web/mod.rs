//! The web edge: one table of routes, and what wraps every one of them.

pub mod assets;
mod content;
mod edge;
mod error;
mod language;
pub mod metrics;
mod origin;
mod page;
mod router;
mod serve;
mod served;
mod signed_out;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod verified;
pub mod wording;

pub use edge::{RequestId, client_address};
pub use error::{Error, Result};
pub use page::{OpenView, View, support};
pub use router::router;
pub use serve::{ServeError, listen, serve};
pub use served::Served;
