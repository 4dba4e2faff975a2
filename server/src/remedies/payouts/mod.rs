//! Payouts: carrying out what was granted, once, by a provider.
//!
//! An [`Order`] is written in the transaction of its grant, and its id is what the provider knows it by. A worker in each
//! process takes orders that are due under a lease and hands them to their [`Provider`]. What became of one is written
//! down with its posting, the claim's step and the message, in one transaction. Where nobody knows whether an order
//! arrived, the provider is asked before it is sent again; what stays unknown waits for a person.

pub mod acts;
mod after_restore;
pub mod budget;
pub mod code_pool;
pub mod control;
mod currency;
mod file;
#[cfg(test)]
mod histories;
mod http;
mod person;
mod provider;
pub mod routes;
mod settle;
mod state;
mod store;
pub mod stripe;
mod tell;
#[cfg(test)]
mod testing;
#[cfg(test)]
pub mod tests;
pub mod tremendous;
mod worker;

pub use after_restore::{AfterRestore, after_restore, go_on as go_on_after_restore};
#[cfg(test)]
pub use code_pool::take_in as testing_codes;
pub use currency::{MEND as MEND_CURRENCY, OtherCurrencies, other_currencies};
pub use file::{Format, HandOverError, Unanswered, acknowledge, hand_over, unanswered};
pub use person::{Decision, PersonError, decide, decide_in, look_first};
pub use provider::{Answer, Found, Parcel, Provider, Providers};
#[cfg(test)]
pub use settle::all as testing_answers;
pub use state::State;
pub use store::{
    Chosen, Listed, Open, Order, chosen, for_a_person, last_of_number, of_claim, open, open_by_remedy,
    order as find,
};
pub use worker::{run, work};

use super::{
    claim::{Granted, Submitted},
    ledger,
};
use crate::{
    ambient::{Ambient, MINUTE},
    incident::{ProviderName, Remedy, Way, WayId},
    store::{Result, Tx},
};

/// Writes the order of a grant; it may be sent from `due_at` on.
pub async fn order(tx: &mut Tx, ambient: &Ambient, granted: &Granted, way: &Way) -> Result<()> {
    let claim = &granted.claim;
    let order = store::NewOrder {
        id: &ambient.id(),
        grant_id: &granted.grant_id,
        claim_id: &claim.id,
        incident: &claim.incident,
        subscriber_id: &claim.subscriber_id,
        remedy: claim.remedy.id.as_str(),
        amount: claim.remedy.value.minor,
        currency: claim.remedy.value.currency.code(),
        way: way.id.slug(),
        provider: way.provider.slug(),
        due_at: granted.at + way.change_for * MINUTE,
        now: granted.at,
    };
    store::insert(tx, &order).await
}

/// Whether somebody carries what is claimed in the way that was chosen. A way that was dropped since is nobody's; what
/// comes here can always be carried.
pub fn can_carry(claim: &Submitted) -> bool {
    carries(&claim.remedy, &claim.delivery)
}

/// The same of a remedy and a way.
pub fn carries(remedy: &Remedy, delivery: &str) -> bool {
    remedy.way(delivery).is_some() || delivery == WayId::Site.slug()
}

/// How a claim is carried; one whose way is not the remedy's any more can be had here, after signing in.
pub fn carrier(claim: &Submitted) -> Way {
    let way = claim.remedy.way(&claim.delivery).copied();
    way.unwrap_or_else(Way::at_hand)
}

/// Takes the order of a grant back, and with it the promise. False: it is with its provider, and it is too late.
///
/// The grant is over with it; what it held of the budget is free again.
pub async fn withdraw(tx: &mut Tx, ambient: &Ambient, grant_id: &str) -> Result<bool> {
    let now = ambient.now();
    let Some(order) = store::cancel(tx, grant_id, now).await? else { return Ok(false) };
    store::event(tx, &order.id, "cancelled", "", now).await?;
    person::release(tx, ambient, &order, ledger::Account::Obligation).await?;
    Ok(true)
}

/// Sends the order of a grant by another way; what was refused or came back is ordered anew. False: it is with its
/// provider, or the grant is over, and it is too late.
pub async fn redirect(tx: &mut Tx, ambient: &Ambient, grant_id: &str, way: &Way) -> Result<bool> {
    let now = ambient.now();
    if let Some(order) = store::redirect(tx, grant_id, way.id.slug(), way.provider.slug(), now).await? {
        store::event(tx, &order.id, "redirected", way.id.slug(), now).await?;
        return Ok(true);
    }
    match store::last_of_grant(&mut *tx, grant_id).await? {
        Some(last) if follows(&last)? && store::is_live(&mut *tx, grant_id).await? => {
            person::anew(tx, ambient, &last, way, "its person").await.map(|_| true)
        }
        _ => Ok(false),
    }
}

/// Whether the person may have it sent anew. What came back from Tremendous is still money there until somebody has
/// cancelled it: that is for staff.
pub fn follows(last: &Order) -> Result<bool> {
    Ok(match last.state()? {
        State::Refused => true,
        State::Returned => provider_of(last)? != ProviderName::Tremendous,
        _ => false,
    })
}

/// The way that an order has, where the incident file does not list its remedy any more.
pub fn as_before(order: &Order) -> Result<Way> {
    let id = WayId::from_slug(&order.way);
    let id =
        id.ok_or_else(|| crate::store::Error::Corrupt(format!("the way {:?} of an order", order.way)))?;
    Ok(Way::new(id, provider_of(order)?))
}

/// The provider of a stored order; an error names a word that this version does not know.
fn provider_of(order: &Order) -> Result<ProviderName> {
    ProviderName::from_slug(&order.provider)
        .ok_or_else(|| crate::store::Error::Corrupt(format!("the provider {:?} of an order", order.provider)))
}
