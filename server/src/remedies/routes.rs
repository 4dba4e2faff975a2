//! Offers, the three steps of claiming, and claims. The draft of a claim lives in the address alone.

use app::models::{Check, Claimable, FieldError, Remedies, TermsPage};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;

use super::{ClaimError, ClaimNumber, Wish, show, store, terms};
use crate::{
    accounts::Subscriber,
    incident::Remedy,
    portal::Portal,
    web::{self, OpenView, View, support},
};

/// In place of a remedy's id: every one that can be claimed, in a single pass.
const ALL: &str = "all";

/// A form's fields: each choice is named `delivery-REMEDY`.
pub type Fields = Vec<(String, String)>;

pub async fn remedies(State(portal): State<Portal>, view: View, subscriber: Subscriber) -> web::Result {
    let offers = offers(&portal, &subscriber).await?;
    let offers = offers.into_iter().map(|claimable| claimable.offer).collect();
    Ok(view.page(Remedies { offers, support: support(&portal) }))
}

pub async fn choose(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Query(fields): Query<Fields>,
) -> web::Result {
    let shown = selected(&portal, &subscriber, &slug, &fields).await?;
    if shown.is_empty() {
        return Ok(Redirect::to("/remedies").into_response());
    }
    Ok(view.page(show::choose(&slug, shown, Vec::new(), support(&portal))))
}

pub async fn check(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Query(fields): Query<Fields>,
) -> web::Result {
    let shown = selected(&portal, &subscriber, &slug, &fields).await?;
    match answers(&portal, &slug, shown, Vec::new()) {
        Some(page) => Ok(view.page(page)),
        None => Ok(Redirect::to(&format!("/remedies/{slug}")).into_response()),
    }
}

pub async fn claim(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Form(fields): Form<Fields>,
) -> web::Result {
    let wishes = wishes(&portal, &slug, &fields)?;
    let read = field(&fields, "terms").unwrap_or_default();
    match super::claim(&portal, &subscriber, &wishes, read).await {
        Ok(numbers) => Ok(claimed(&slug, &numbers)),
        Err(ClaimError::TermsChanged) => terms_changed(&portal, &view, &subscriber, &slug, &fields).await,
        Err(ClaimError::NotEntitled) => not_entitled(&portal, &view, &subscriber, &slug).await,
        Err(ClaimError::Store(error)) => Err(error.into()),
        Err(error @ ClaimError::Facts(_)) => Err(web::Error::Internal(error.to_string())),
    }
}

/// To the claim, or to all of them; the same address however often the button was pressed.
fn claimed(slug: &str, numbers: &[ClaimNumber]) -> Response {
    match numbers {
        [number] if slug != ALL => Redirect::to(&format!("/claims/{number}")).into_response(),
        _ => Redirect::to("/claims").into_response(),
    }
}

async fn terms_changed(
    portal: &Portal,
    view: &View,
    subscriber: &Subscriber,
    slug: &str,
    fields: &Fields,
) -> web::Result {
    let error = FieldError::new(
        "terms",
        "The terms changed while you were reading. Nothing is claimed yet: read them again and confirm.",
    );
    let shown = selected(portal, subscriber, slug, fields).await?;
    match answers(portal, slug, shown, vec![error]) {
        Some(page) => Ok((StatusCode::CONFLICT, view.page(page)).into_response()),
        None => not_entitled(portal, view, subscriber, slug).await,
    }
}

/// The answers to check with the terms that hold now; none unless all of it can be claimed.
fn answers(portal: &Portal, slug: &str, shown: Vec<Claimable>, errors: Vec<FieldError>) -> Option<Check> {
    let claimable = !shown.is_empty() && shown.iter().all(|claimable| claimable.offer.claimable());
    let remedies = shown.iter().filter_map(|claimable| portal.incident.remedy(&claimable.offer.id));
    let version = terms::version(remedies);
    claimable.then(|| show::check(slug, shown, version, errors))
}

async fn not_entitled(portal: &Portal, view: &View, subscriber: &Subscriber, slug: &str) -> web::Result {
    let mut shown = selected(portal, subscriber, slug, &Vec::new()).await?;
    if shown.is_empty() {
        shown = offers(portal, subscriber).await?;
    }
    let error =
        FieldError::new("main", "This cannot be claimed. Nothing was claimed; the reasons are below.");
    let page = view.page(show::choose(slug, shown, vec![error], support(portal)));
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Somebody who reloads after signing in again starts from the choice.
pub async fn back_to_choosing(_: Subscriber, Path(slug): Path<String>) -> Redirect {
    Redirect::to(&format!("/remedies/{slug}"))
}

pub async fn claims(State(portal): State<Portal>, view: View, subscriber: Subscriber) -> web::Result {
    let stored = store::claims(portal.db()?, &subscriber.id).await?;
    Ok(view.page(show::claims(&stored, portal.ambient.now())?))
}

pub async fn claim_page(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(number): Path<String>,
) -> web::Result {
    let number = ClaimNumber::parse(&number).ok_or(web::Error::NotFound)?;
    let found = store::claim(portal.db()?, &subscriber.id, &number).await?;
    let claim = found.ok_or(web::Error::NotFound)?;
    let events = store::events(portal.db()?, &claim.id).await?;
    Ok(view.page(show::claim_page(claim, events, support(&portal), portal.ambient.now())?))
}

pub async fn all_terms(State(portal): State<Portal>, OpenView(view): OpenView) -> Response {
    view.page(TermsPage { remedies: portal.incident.remedies.iter().map(terms::of).collect() })
}

async fn offers(portal: &Portal, subscriber: &Subscriber) -> web::Result<Vec<Claimable>> {
    Ok(super::offers(portal.db()?, &portal.incident, subscriber, portal.ambient.now()).await?)
}

/// What an address speaks of, with the choices made so far: one remedy, or all that can be claimed.
async fn selected(
    portal: &Portal,
    subscriber: &Subscriber,
    slug: &str,
    fields: &Fields,
) -> web::Result<Vec<Claimable>> {
    if slug != ALL && portal.incident.remedy(slug).is_none() {
        return Err(web::Error::NotFound);
    }
    let mut shown = offers(portal, subscriber).await?;
    shown.retain(|claimable| match slug {
        ALL => claimable.offer.claimable(),
        slug => claimable.offer.id == slug,
    });
    for claimable in &mut shown {
        if let Some(value) = field(fields, &format!("delivery-{}", claimable.offer.id)) {
            claimable.chosen = value.to_owned();
        }
    }
    Ok(shown)
}

/// What a post asks for: of `all`, those whose choice it carries, in the incident's order.
fn wishes<'a>(portal: &'a Portal, slug: &str, fields: &'a Fields) -> web::Result<Vec<Wish<'a>>> {
    let wish = |remedy: &'a Remedy| {
        let delivery = field(fields, &format!("delivery-{}", remedy.id));
        let asked = if slug == ALL { delivery.is_some() } else { remedy.id.as_str() == slug };
        asked.then_some(Wish { remedy, delivery })
    };
    let wishes: Vec<_> = portal.incident.remedies.iter().filter_map(wish).collect();
    match (wishes.is_empty(), slug) {
        (false, _) => Ok(wishes),
        (true, ALL) => Err(web::Error::BadRequest("The form named nothing to claim.".to_owned())),
        (true, _) => Err(web::Error::NotFound),
    }
}

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
