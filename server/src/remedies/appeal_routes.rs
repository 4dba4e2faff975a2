//! `/remedies/REMEDY/appeal`: what said no, and why it should be yes. What follows is as for every case.

use app::{
    mark,
    models::{DraftHead, FieldError},
};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;

use super::appeals::{self, May};
use crate::{
    accounts::Subscriber,
    incident::Remedy,
    portal::Portal,
    recovery::reports::{
        self, Kind, Said, Subject,
        routes::{Told, mistakes, telling, what_to_say},
        store,
    },
    web::{self, View},
};

const BEGUN: &str =
    mark!("You began this appeal before, and what you wrote then is kept. Continue to put this in its place");

/// The claim that was declined, where there is one; or the way to what there is instead of an appeal.
async fn may_appeal(
    portal: &Portal,
    subscriber: &Subscriber,
    remedy: &Remedy,
) -> web::Result<Result<Option<String>, Response>> {
    let to = |address: String| Ok(Err(Redirect::to(&address).into_response()));
    let (incident, id) = (portal.incident.id.as_str(), remedy.id.as_str());
    if let Some(open) = store::open_appeal(portal.db()?, incident, &subscriber.id, id).await? {
        let number = open.number.map(|number| number.to_string()).unwrap_or_default();
        return to(format!("/reports/{number}"));
    }
    match appeals::may(portal, subscriber, remedy).await? {
        May::Yes(claim) => Ok(Ok(claim)),
        May::Claim => to(format!("/remedies/{id}")),
        May::Claimed(number) => to(format!("/claims/{number}")),
    }
}

async fn head(portal: &Portal, subscriber: &Subscriber, remedy: &Remedy) -> web::Result<DraftHead> {
    Ok(DraftHead {
        appeal: true,
        subject: remedy.title.clone(),
        base: format!("/remedies/{}/appeal", remedy.id),
        records: appeals::records(portal, subscriber, remedy.id.as_str()).await?,
    })
}

async fn begun(
    portal: &Portal,
    subscriber: &Subscriber,
    remedy: &Remedy,
) -> crate::store::Result<Option<String>> {
    let incident = portal.incident.id.as_str();
    store::begun_appeal(portal.db()?, incident, &subscriber.id, remedy.id.as_str()).await
}

pub async fn page(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(remedy): Path<String>,
    view: View,
) -> web::Result {
    let remedy = portal.incident.remedy(&remedy).ok_or(web::Error::NotFound)?;
    if let Err(elsewhere) = may_appeal(&portal, &subscriber, remedy).await? {
        return Ok(elsewhere);
    }
    // What was begun is gone on with, and never shown as if it were lost.
    if let Some(id) = begun(&portal, &subscriber, remedy).await? {
        return Ok(Redirect::to(&format!("/reports/new/{id}")).into_response());
    }
    let head = head(&portal, &subscriber, remedy).await?;
    Ok(view.page(telling(head, Said::default(), Vec::new())))
}

/// Keeps what is typed as a draft and goes on with its files.
pub async fn tell(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(remedy): Path<String>,
    view: View,
    Form(told): Form<Told>,
) -> web::Result {
    let remedy = portal.incident.remedy(&remedy).ok_or(web::Error::NotFound)?;
    let claim = match may_appeal(&portal, &subscriber, remedy).await? {
        Ok(claim) => claim,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let said = told.said();
    let errors = mistakes(&said, what_to_say(Kind::Appeal));
    if !errors.is_empty() {
        let head = head(&portal, &subscriber, remedy).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, view.page(telling(head, said, errors))).into_response());
    }
    if let Some(id) = begun(&portal, &subscriber, remedy).await? {
        // From here it is seen which draft the text takes the place of.
        let head =
            DraftHead { base: format!("/reports/new/{id}"), ..head(&portal, &subscriber, remedy).await? };
        let errors = vec![FieldError::new("text", app::words::said(BEGUN))];
        return Ok((StatusCode::CONFLICT, view.page(telling(head, said, errors))).into_response());
    }
    let subject = Subject { kind: Kind::Appeal, of: remedy.id.as_str(), claim: claim.as_deref() };
    let id = reports::start(&portal, &subscriber, subject).await?;
    let draft = store::own(portal.db()?, &id, &subscriber.id).await?.ok_or(web::Error::NotFound)?;
    reports::fill(&portal, &draft, &said).await?;
    Ok(Redirect::to(&format!("/reports/new/{id}/files")).into_response())
}
