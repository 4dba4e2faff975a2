//! Where something goes by post: typed on a page of its own, sealed at once, kept with the claim.
//!
//! It stands in no address bar and in no log: between its page and the claim it is a row, sealed under the person's
//! data key, so that erasing the person makes it unreadable wherever a copy of it lies.

mod lines;
mod store;
#[cfg(test)]
mod tests;

pub use lines::PostalAddress;
pub use store::clean;

use super::sealed;
use crate::{
    portal::Portal,
    store::{Db, Result, Tx, keyring::Keyring},
    transaction,
};

/// Keeps what the person typed until they claim with it, in place of what they typed before.
pub async fn keep(portal: &Portal, subscriber_id: &str, address: &PostalAddress) -> Result<()> {
    let sealed = sealed::seal(portal, subscriber_id, address).await?;
    let now = portal.ambient.now();
    transaction!(portal.db()?, |tx| -> Result<()> { store::keep(tx, subscriber_id, &sealed, now).await })
}

/// What the person typed within the last hour; none when they did not.
pub async fn draft(portal: &Portal, subscriber_id: &str) -> Result<Option<PostalAddress>> {
    Ok(draft_as_kept(portal, subscriber_id).await?.map(|(address, _)| address))
}

/// The same, and as it lies sealed.
pub async fn draft_as_kept(portal: &Portal, subscriber_id: &str) -> Result<Option<(PostalAddress, Vec<u8>)>> {
    let db = portal.db()?;
    let Some(sealed) = store::draft(db, subscriber_id, portal.ambient.now()).await? else { return Ok(None) };
    let address = sealed::open(db, &portal.keyring, subscriber_id, &sealed).await?;
    Ok(address.map(|address| (address, sealed)))
}

/// The sealed draft, to be kept with a claim.
pub async fn sealed_draft(tx: &mut Tx, portal: &Portal, subscriber_id: &str) -> Result<Option<Vec<u8>>> {
    store::draft(tx, subscriber_id, portal.ambient.now()).await
}

/// The draft has become a claim's.
pub async fn forget_draft(tx: &mut Tx, subscriber_id: &str) -> Result<()> {
    store::forget(tx, subscriber_id).await
}

/// Keeps the draft with a claim that is to go by post; false when there is none.
pub async fn attach(tx: &mut Tx, portal: &Portal, subscriber_id: &str, claim_id: &str) -> Result<bool> {
    let Some(sealed) = sealed_draft(tx, portal, subscriber_id).await? else { return Ok(false) };
    store::attach(tx, claim_id, Some(&sealed)).await?;
    forget_draft(tx, subscriber_id).await?;
    Ok(true)
}

/// A claim goes another way: what is not needed is not kept.
pub async fn detach(tx: &mut Tx, claim_id: &str) -> Result<()> {
    store::attach(tx, claim_id, None).await
}

/// Where a claim goes by post; none when it does not, or its person was erased.
pub async fn of_claim(db: &Db, keyring: &Keyring, claim_id: &str) -> Result<Option<PostalAddress>> {
    match store::of_claim(db, claim_id).await? {
        Some((subscriber_id, sealed)) => sealed::open(db, keyring, &subscriber_id, &sealed).await,
        None => Ok(None),
    }
}

/// Whether a claim has an address.
pub async fn is_known(tx: &mut Tx, claim_id: &str) -> Result<bool> {
    Ok(store::of_claim(tx, claim_id).await?.is_some())
}
