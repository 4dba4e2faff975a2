//! What Stripe says of customers and credits.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{Answer, Parcel};

#[derive(Deserialize)]
pub struct List<T> {
    pub data: Vec<T>,
    pub has_more: bool,
}

#[derive(Deserialize)]
pub struct Customer {
    pub id: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

impl Customer {
    pub fn is_of(&self, account: &str) -> bool {
        self.metadata.get("account").is_some_and(|theirs| theirs == account)
    }
}

/// A customer balance transaction.
#[derive(Deserialize)]
pub struct Credit {
    pub id: String,
    /// Minor units; below zero is what we owe.
    amount: i64,
    currency: String,
    /// Seconds.
    pub created: i64,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

impl Credit {
    pub fn is_of(&self, parcel: &Parcel) -> bool {
        let order = self.metadata.as_ref().and_then(|metadata| metadata.get("order"));
        order.is_some_and(|order| *order == parcel.order.id)
    }

    /// It is on the balance as soon as it is there.
    pub fn says(&self, parcel: &Parcel) -> Answer {
        let order = &parcel.order;
        let same = self.is_of(parcel)
            && self.amount == -order.amount
            && self.currency.eq_ignore_ascii_case(&order.currency);
        if same {
            Answer::Paid { reference: self.id.clone() }
        } else {
            Answer::Unknown { why: format!("credit {} has our id and is another", self.id) }
        }
    }
}
