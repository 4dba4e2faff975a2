//! Reading recovered data in.

pub mod read;
pub mod source;
pub mod tables;
