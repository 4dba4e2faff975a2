//! Pages and islands of Makegood, and the vocabulary that browser and server share.
//!
//! The server builds a plain model from [`models`] and hands it to `render`,
//! which draws it with the pure view of that model in `pages`. Nothing here
//! touches a database, a clock or the network.

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "hydrate")]
pub mod hydrate;
pub mod islands;
pub mod models;
pub mod vocabulary;
pub mod words;

#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod pieces;
#[cfg(feature = "ssr")]
mod render;

#[cfg(feature = "ssr")]
pub use pieces::bytes_in_words;
#[cfg(feature = "ssr")]
pub use render::{Document, Page, Script, render};
pub use vocabulary::{Category, CategoryState};
