//! Reading recovered data in.

pub mod read;
