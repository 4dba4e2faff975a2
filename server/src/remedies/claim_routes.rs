//! Claims and what became of them.

use axum::extract::{Path, State};

use app::models::Changes;

use super::{
    ClaimNumber, postal,
    show::{self, Told},
    store::{self, StoredClaim},
};
use crate::{
    accounts::Subscriber,
    portal::Portal,
    web::{self, View},
};

pub async fn claims(State(portal): State<Portal>, view: View, subscriber: Subscriber) -> web::Result {
    let stored = store::claims(portal.db()?, &subscriber.id).await?;
    Ok(view.page(show::claims(&stored, &portal.incident.time_zone, portal.ambient.now())?))
}

pub async fn claim_page(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    let claim = own(&portal, &subscriber, &number).await?;
    let told = Told {
        events: store::events(portal.db()?, &claim.id).await?,
        address: postal::of_claim(portal.db()?, &portal.keyring, &claim.id).await?,
        person: subscriber.name.clone(),
        changes: Changes::default(),
        claim,
    };
    Ok(view.page(show::claim_page(told, &portal.incident, portal.ambient.now())?))
}

/// The person's own claim of this number, however it is typed.
async fn own(portal: &Portal, subscriber: &Subscriber, number: &str) -> web::Result<StoredClaim> {
    let number = ClaimNumber::parse(number).ok_or(web::Error::NotFound)?;
    store::claim(portal.db()?, &subscriber.id, &number).await?.ok_or(web::Error::NotFound)
}
