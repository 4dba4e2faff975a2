//! The messages about payouts. None holds a code.

use app::models::Money;

use super::{Order, provider_of, store};
use crate::{
    incident::{ProviderName, WayId},
    messages::{self, templates},
    portal::Portal,
    store::{Result, Tx},
};

/// It is paid: where to find it depends on how it went.
pub async fn paid(tx: &mut Tx, portal: &Portal, order: &Order) -> Result<()> {
    let number = store::claim_number(&mut *tx, &order.claim_id).await?;
    let worth = Money::new(order.amount, &order.currency).to_string();
    let provider = provider_of(order)?;
    messages::tell(tx, portal, &order.subscriber_id, |voice| match WayId::from_slug(&order.way) {
        Some(WayId::Bill) => templates::credit_on_bill(voice, &number, &worth),
        Some(WayId::Post) => templates::gift_card_posted(voice, &number, &worth),
        _ if provider == ProviderName::CodePool => templates::gift_code_ready(voice, &number, &worth),
        _ => templates::gift_card_sent(voice, &number, &worth, provider.label()),
    })
    .await
}

/// It came back: a person looks at it.
pub async fn returned(tx: &mut Tx, portal: &Portal, order: &Order) -> Result<()> {
    if provider_of(order)? == ProviderName::Tremendous {
        return failed(tx, portal, order).await;
    }
    let number = store::claim_number(&mut *tx, &order.claim_id).await?;
    let worth = Money::new(order.amount, &order.currency).to_string();
    messages::tell(tx, portal, &order.subscriber_id, |voice| {
        templates::payout_returned(voice, &number, &worth)
    })
    .await
}

/// A person gave it up: the claim's page says why.
pub async fn closed(tx: &mut Tx, portal: &Portal, order: &Order) -> Result<()> {
    let number = store::claim_number(&mut *tx, &order.claim_id).await?;
    let worth = Money::new(order.amount, &order.currency).to_string();
    messages::tell(tx, portal, &order.subscriber_id, |voice| templates::payout_closed(voice, &number, &worth))
        .await
}

/// The provider refused, or nobody knows what became of it: a person looks at it.
pub async fn failed(tx: &mut Tx, portal: &Portal, order: &Order) -> Result<()> {
    let number = store::claim_number(&mut *tx, &order.claim_id).await?;
    let worth = Money::new(order.amount, &order.currency).to_string();
    messages::tell(tx, portal, &order.subscriber_id, |voice| templates::payout_failed(voice, &number, &worth))
        .await
}
