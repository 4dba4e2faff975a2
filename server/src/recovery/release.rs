//! Opening a validated category to a cohort of subscribers.

use app::Category;

use super::store;
use crate::{
    ambient::Ambient,
    messages::rounds,
    store::{Db, Result},
    transaction,
};

/// Whom a release is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cohort {
    Everyone,
    /// So many per cent of all subscribers, always the same ones first: 1 to 100.
    Percent(u8),
    Accounts(Vec<String>),
}

/// What a release came to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Released {
    pub category: Category,
    /// Subscribers to whom the category is open now.
    pub subscribers: i64,
    /// Accounts of the list that no subscriber has.
    pub unknown_accounts: Vec<String>,
}

/// Accounts that one transaction opens.
const BATCH: usize = 200;

/// Opens `category`; repeating it is harmless, and nothing closes again. People are told by a round of messages that is
/// asked for in the same transaction.
pub async fn release(
    db: &Db,
    ambient: &Ambient,
    category: Category,
    cohort: Cohort,
    actor: &str,
) -> Result<Released> {
    let mut unknown = Vec::new();
    match &cohort {
        Cohort::Everyone => open_cohort(db, ambient, category, 10_000, actor).await?,
        Cohort::Percent(percent) => {
            open_cohort(db, ambient, category, i64::from(*percent) * 100, actor).await?;
        }
        Cohort::Accounts(accounts) => {
            for batch in accounts.chunks(BATCH) {
                unknown.extend(open_accounts(db, ambient, category, batch, actor).await?);
            }
        }
    }
    Ok(Released { category, subscribers: store::reached(db, category).await?, unknown_accounts: unknown })
}

async fn open_cohort(db: &Db, ambient: &Ambient, category: Category, cohort: i64, actor: &str) -> Result<()> {
    let (id, now) = (ambient.id(), ambient.now());
    transaction!(db, |tx| -> Result<()> {
        store::release_cohort(tx, category, cohort, now).await?;
        store::record_release(tx, &id, category, Some(cohort), None, actor, now).await?;
        rounds::data_opens(tx, ambient).await?;
        store::raise(tx).await
    })
}

async fn open_accounts(
    db: &Db,
    ambient: &Ambient,
    category: Category,
    accounts: &[String],
    actor: &str,
) -> Result<Vec<String>> {
    let (id, now) = (ambient.id(), ambient.now());
    transaction!(db, bulk |tx| -> Result<Vec<String>> {
        let mut unknown = Vec::new();
        for account in accounts {
            if !store::release_account(tx, category, account, now).await? {
                unknown.push(account.clone());
            }
        }
        let opened = (accounts.len() - unknown.len()) as i64;
        store::record_release(tx, &id, category, None, Some(opened), actor, now).await?;
        rounds::data_opens(tx, ambient).await?;
        store::raise(tx).await?;
        Ok(unknown)
    })
}
