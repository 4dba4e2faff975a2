//! Plain data that pages are drawn from. No behaviour beyond wording.

mod item;

pub use item::*;
