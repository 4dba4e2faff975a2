//! The code pool: gift-card codes that the operator bought, each given once.
//!
//! A code is stored sealed, under a keyed hash by which it is known again. Giving one writes the order into its row, and
//! a row has one order at the most; an order one code.

mod import;
pub mod routes;
mod store;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub use tests::take_in;

pub use import::{Goods, Import, import};
pub use store::{Stock, doubt, forget, shortages, stock};

use futures::future::BoxFuture;
use zeroize::Zeroizing;

use super::{Answer, Found, Order, Parcel, Provider};
use crate::{
    incident::ProviderName,
    portal::Portal,
    store::{Error, Result, Tx, keys::MasterKey},
    transaction,
};

/// The provider that gives codes out of the pool.
pub struct CodePool;

impl Provider for CodePool {
    fn name(&self) -> ProviderName {
        ProviderName::CodePool
    }

    fn per_second(&self) -> Option<u32> {
        None
    }

    fn at_once(&self) -> usize {
        64
    }

    fn place<'a>(&'a self, portal: &'a Portal, parcels: &'a [Parcel]) -> BoxFuture<'a, Vec<Answer>> {
        Box::pin(async move {
            match give_all(portal, parcels).await {
                Ok(answers) => answers,
                // Whether the commit was made is not known: the pool is asked.
                Err(error) => {
                    parcels.iter().map(|_| Answer::Unknown { why: format!("the pool: {error}") }).collect()
                }
            }
        })
    }

    fn find<'a>(&'a self, portal: &'a Portal, parcel: &'a Parcel) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            let found = match portal.db() {
                Ok(db) => store::given(db, &parcel.order.id).await,
                Err(error) => Err(error),
            };
            match found {
                Ok(Some(reference)) => Found::Known(Answer::Paid { reference }),
                Ok(None) => Found::Nowhere,
                Err(error) => Found::Unknown { why: format!("the pool: {error}"), wait: None },
            }
        })
    }
}

async fn give_all(portal: &Portal, parcels: &[Parcel]) -> Result<Vec<Answer>> {
    let now = portal.ambient.now();
    transaction!(portal.db()?, bulk |tx| -> Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for parcel in parcels {
            answers.push(give(tx, &parcel.order, now).await?);
        }
        Ok(answers)
    })
}

async fn give(tx: &mut Tx, order: &Order, now: i64) -> Result<Answer> {
    if let Some(reference) = store::given(&mut *tx, &order.id).await? {
        return Ok(Answer::Paid { reference });
    }
    Ok(match store::give(tx, order, now).await? {
        Some(reference) => Answer::Paid { reference },
        // Nobody else is held up: codes of another remedy or worth may be there.
        None => Answer::NotNow { why: "the pool has no such code left".to_owned(), wait: None },
    })
}

/// A code as its owner reads it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Code {
    pub code: String,
    /// Where the card has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

fn context(id: &str) -> String {
    format!("gift-code:{id}")
}

/// Opens the code that an order was paid with; none where it was not, or its owner was erased.
async fn open(portal: &Portal, order: &Order) -> Result<Option<Code>> {
    let Some((id, Some(sealed))) = store::sealed(portal.db()?, &order.id).await? else { return Ok(None) };
    let corrupt = |_| Error::Corrupt("a gift code does not open".to_owned());
    let plain = Zeroizing::new(portal.master().open_small(&context(&id), &sealed).map_err(corrupt)?);
    serde_json::from_slice(&plain).map(Some).map_err(|_| Error::Corrupt("a gift code is no JSON".to_owned()))
}

/// By which a code is known again: a keyed hash of it and of its remedy.
fn fingerprint(master: &MasterKey, code: &str) -> [u8; 32] {
    let letters: String = code.chars().filter(|c| c.is_alphanumeric()).collect();
    crate::store::keys::hmac(&master.derive("gift-code"), &[letters.to_uppercase().as_bytes()])
}
