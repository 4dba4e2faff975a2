//! Who signs in, and by what.

pub mod phone;
