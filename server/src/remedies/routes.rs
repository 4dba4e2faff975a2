//! Offers, what to check, and the claim itself. Choices live in the address alone; what is personal is a row.

use app::{
    models::{Check, Claimable, FieldError, Remedies, TermsPage},
    say,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;

use super::{ClaimError, ClaimNumber, Wish, postal, questions, seen, show, terms};
use crate::{
    accounts::Subscriber,
    incident::{Remedy, WayId},
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
    Ok(view.page(Remedies { offers, special: show::special(&portal.incident), support: support(&portal) }))
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
    Ok(view.page(show::choose(&portal.incident, &slug, shown, Vec::new())))
}

pub async fn check(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Query(fields): Query<Fields>,
) -> web::Result {
    let shown = selected(&portal, &subscriber, &slug, &fields).await?;
    match answers(&portal, &subscriber, &slug, shown, Vec::new()).await? {
        Some(Ready::Check(page)) => Ok(view.page(page)),
        Some(Ready::NoAddress(elsewhere)) => Ok(elsewhere.into_response()),
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
        // It was typed too long ago, or in another tab that claimed meanwhile.
        Err(ClaimError::NoAddress) => Ok(to_address(&slug, &fields).into_response()),
        Err(ClaimError::TermsChanged) => {
            let why = say!(
                "The terms changed while you were reading. Nothing is claimed yet: read them again and confirm."
            );
            changed(&portal, &view, &subscriber, (&slug, &fields), why).await
        }
        Err(ClaimError::WayChanged) => {
            let why = say!(
                "How it comes, or where it goes, changed while you were reading. Nothing is claimed yet: check it again and confirm."
            );
            changed(&portal, &view, &subscriber, (&slug, &fields), why).await
        }
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

/// The check page as it is by now, and why nothing was claimed.
async fn changed(
    portal: &Portal,
    view: &View,
    subscriber: &Subscriber,
    (slug, fields): (&str, &Fields),
    why: &str,
) -> web::Result {
    let error = FieldError::new("terms", why);
    let shown = selected(portal, subscriber, slug, fields).await?;
    match answers(portal, subscriber, slug, shown, vec![error]).await? {
        Some(Ready::Check(page)) => Ok((StatusCode::CONFLICT, view.page(page)).into_response()),
        Some(Ready::NoAddress(elsewhere)) => Ok(elsewhere.into_response()),
        None => not_entitled(portal, view, subscriber, slug).await,
    }
}

/// What follows when all of it can be claimed.
enum Ready {
    Check(Check),
    /// Where the address is asked for.
    NoAddress(Redirect),
}

/// The answers to check with the terms that hold now; none unless all of it can be claimed.
async fn answers(
    portal: &Portal,
    subscriber: &Subscriber,
    slug: &str,
    remedies: Vec<Claimable>,
    errors: Vec<FieldError>,
) -> web::Result<Option<Ready>> {
    if remedies.is_empty() || !remedies.iter().all(|claimable| claimable.offer.claimable()) {
        return Ok(None);
    }
    let asked = remedies.iter().filter_map(|claimable| portal.incident.remedy(&claimable.offer.id));
    let terms_version = terms::version(asked);
    let posted = questions::by_post(&remedies);
    let draft = if posted { postal::draft_as_kept(portal, &subscriber.id).await? } else { None };
    let missing = posted && draft.is_none();
    let (address, sealed) = draft.map(|(address, sealed)| (address.block(), sealed)).unzip();
    let seen = remedies.iter().filter_map(|claimable| {
        let digest = seen::digest(claimable.delivery()?, subscriber, sealed.as_deref());
        Some((format!("seen-{}", claimable.offer.id), digest))
    });
    let seen = seen.collect();
    let address = address.unwrap_or_default();
    let page = Check { slug: slug.to_owned(), remedies, address, terms_version, seen, errors };
    if missing {
        return Ok(Some(Ready::NoAddress(to_address(slug, &page.answers()))));
    }
    Ok(Some(Ready::Check(page)))
}

fn to_address(slug: &str, fields: &Fields) -> Redirect {
    let known = |(name, value): &&(String, String)| {
        name.starts_with("delivery-") && WayId::from_slug(value).is_some()
    };
    let answers: Fields = fields.iter().filter(known).cloned().collect();
    Redirect::to(&questions::with_answers(&format!("/remedies/{slug}/address"), &answers))
}

async fn not_entitled(portal: &Portal, view: &View, subscriber: &Subscriber, slug: &str) -> web::Result {
    let mut shown = selected(portal, subscriber, slug, &Vec::new()).await?;
    if shown.is_empty() {
        shown = offers(portal, subscriber).await?;
    }
    let error =
        FieldError::new("main", say!("This cannot be claimed. Nothing was claimed; the reasons are below."));
    let page = view.page(show::choose(&portal.incident, slug, shown, vec![error]));
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Somebody who reloads after signing in again starts from the choice.
pub async fn back_to_choosing(_: Subscriber, Path(slug): Path<String>) -> Redirect {
    Redirect::to(&format!("/remedies/{slug}"))
}

pub async fn all_terms(State(portal): State<Portal>, OpenView(view): OpenView) -> Response {
    view.page(TermsPage { remedies: portal.incident.remedies.iter().map(terms::of).collect() })
}

async fn offers(portal: &Portal, subscriber: &Subscriber) -> web::Result<Vec<Claimable>> {
    Ok(super::offered(portal, subscriber).await?)
}

/// What an address speaks of, with the choices made so far: one remedy, or all that can be claimed.
pub(super) async fn selected(
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
        let seen = field(fields, &format!("seen-{}", remedy.id));
        asked.then_some(Wish { remedy, delivery, seen })
    };
    let wishes: Vec<_> = portal.incident.remedies.iter().filter_map(wish).collect();
    match (wishes.is_empty(), slug) {
        (false, _) => Ok(wishes),
        (true, ALL) => Err(web::Error::BadRequest(say!("The form named nothing to claim.").to_owned())),
        (true, _) => Err(web::Error::NotFound),
    }
}

pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
