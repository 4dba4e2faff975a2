//! A claim's number, `MG-7K2P-QX04-M9TB`.

use crate::number::{Number, Series};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claims;

impl Series for Claims {
    const PREFIX: &'static str = "MG";
}

pub type ClaimNumber = Number<Claims>;
