//! Pages and islands of Makegood, and the vocabulary that browser and server share.
//!
//! The server builds a plain model from [`models`] and renders it with a pure
//! view from `pages`. Islands call back through `calls`. Nothing here touches a
//! database, a clock or the network.

#[cfg(feature = "hydrate")]
pub mod hydrate;
pub mod models;
pub mod vocabulary;

pub use vocabulary::{Category, CategoryState};
