//! `POST /webhooks/tremendous`: Tremendous tells that something became of an order.
//!
//! What it tells is a hint to ask, no more. So it does no harm twice, out of order, or when it is not true.

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{
    super::{Answer, Found, Order, Parcel, State as OrderState, control::shout, settle, store as orders},
    NAME, store,
};
use crate::{
    incident::ProviderName,
    portal::Portal,
    store::{Result, keys::hmac},
    transaction, web,
};

const SIGNATURE: &str = "tremendous-webhook-signature";
/// Says nothing about an order that was paid already.
const DELIVERED: &str = "REWARDS.DELIVERY.SUCCEEDED";

#[derive(Deserialize)]
struct Told {
    event: String,
    payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    id: String,
}

pub async fn told(State(portal): State<Portal>, headers: HeaderMap, body: Bytes) -> web::Result {
    let key = portal.settings.tremendous.as_ref().and_then(|account| account.webhook_key.as_ref());
    let key = key.ok_or(web::Error::NotFound)?;
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !is_signed(key.reveal(), &body, signature) {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    }
    // Of campaigns, invoices and members it tells too.
    let Ok(told) = serde_json::from_slice::<Told>(&body) else { return heard() };
    let db = portal.db()?;
    let Some(id) = store::ours(db, &told.payload.resource.id).await? else { return heard() };
    let Some(order) = orders::order(db, &id).await? else { return heard() };
    match order.state()? {
        OrderState::Placed => {
            let now = portal.ambient.now();
            transaction!(db, |tx| -> Result<()> { store::hint(tx, &id, now).await })?;
            heard()
        }
        // No worker takes these, and yet a reward can be cancelled, and what was lost can turn up.
        OrderState::Paid if told.event == DELIVERED => heard(),
        OrderState::Paid | OrderState::Stuck => ask(&portal, order).await,
        OrderState::Returned if told.event == DELIVERED => {
            shout(&order, "it came back, and reached its person after all: see `makegood payouts arrived`");
            heard()
        }
        _ => heard(),
    }
}

/// The raw body under the webhook's private key: HMAC-SHA-256 as hexadecimal digits behind `sha256=`.
fn is_signed(key: &str, body: &[u8], signature: &str) -> bool {
    let given =
        signature.strip_prefix("sha256=").and_then(|digits| hex::decode(digits).ok()).unwrap_or_default();
    hmac(key.as_bytes(), &[body]).as_slice().ct_eq(&given).into()
}

fn heard() -> web::Result {
    Ok(StatusCode::OK.into_response())
}

/// Asks at once. Where there is no answer it is told again: Tremendous repeats what was not taken.
async fn ask(portal: &Portal, order: Order) -> web::Result<Response> {
    let Some(provider) = portal.providers.get(ProviderName::Tremendous) else { return heard() };
    // A card can be cancelled after its person was erased, too.
    let parcel = orders::parcel(portal.db()?, &order).await?.unwrap_or_else(|| Parcel::of_nobody(&order));
    match provider.find(portal, &parcel).await {
        Found::Known(answer @ (Answer::Paid { .. } | Answer::Refused { .. } | Answer::Returned { .. })) => {
            settle::all(portal, NAME, &[(order, answer)], None).await?;
            heard()
        }
        Found::Known(_) | Found::Nowhere => heard(),
        Found::NotAsked | Found::Unknown { .. } => Ok(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_believed_by_its_signature_alone() {
        let good = format!("sha256={}", hex::encode(hmac(b"key", &[b"body"])));
        assert!(is_signed("key", b"body", &good));
        assert!(is_signed("key", b"body", &good.to_uppercase().replace("SHA256", "sha256")));
        for (key, body, signature) in [
            ("other", &b"body"[..], good.as_str()),
            ("key", b"body ", &good),
            ("key", b"body", &good[..70]),
            ("key", b"body", &good["sha256=".len()..]),
            ("key", b"body", "sha256="),
            ("key", b"body", ""),
        ] {
            assert!(!is_signed(key, body, signature), "{signature}");
        }
    }
}
