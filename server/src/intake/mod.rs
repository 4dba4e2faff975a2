//! Reading recovered data in.

pub mod read;
pub mod tables;
