//! The public status page, which outlives the database.
//!
//! [`start`] keeps a [`Snapshot`] up to date in memory and on disk; whoever reads the page,
//! its JSON or its feeds gets bytes that were made when the snapshot was. No read runs SQL.

mod api;
mod board;
mod feeds;
mod id;
mod page;
pub mod routes;
mod snapshot;
mod store;
mod told;
mod trouble;
mod watch;

#[cfg(test)]
mod tests;

pub use board::Board;
pub use snapshot::{Snapshot, Tally};
pub use trouble::Trouble;
pub use watch::{StartError, start};
