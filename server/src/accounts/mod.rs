//! Who asks: sign-in codes, sessions, phones.

pub mod phone;
pub mod session;
mod witness;

pub use witness::{Profile, Subscriber};
