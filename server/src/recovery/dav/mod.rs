//! `/dav/`: contacts and calendar as an address that phones subscribe to. Read only.
//!
//! WebDAV (RFC 4918) with CardDAV (RFC 6352), CalDAV (RFC 4791), collection synchronization (RFC 6578),
//! the principal (RFC 3744, 5397) and discovery (RFC 6764). Addresses are the same for everybody, and
//! say nothing of anybody: whose data they lead to is the app password's to say.
//!
//! A request goes [`routes`] → a [`place::Place`] → `propfind`, `report` or `get` → [`members`] and
//! [`texts`] → [`xml`]. Only released categories are there.

mod answer;
mod get;
mod members;
mod place;
mod properties;
mod propfind;
mod query;
mod render;
mod report;
pub mod routes;
mod states;
#[cfg(test)]
mod tests;
mod texts;
mod xml;

pub use states::clean;
