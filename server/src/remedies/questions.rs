//! The questions of claiming: how each remedy should come, and where the post finds one. One on a page.

use app::models::{AddressForm, AddressLines, Answers, Claimable, WayQuestion};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    postal::{self, PostalAddress},
    routes::{Fields, field, selected},
};
use crate::{
    accounts::Subscriber,
    incident::WayId,
    portal::Portal,
    staff::routes::mistaken,
    web::{self, View},
};

/// Asks how the next remedy should come, or goes on when all is answered.
///
/// `asked` names the remedy that the form was about, `change` one that is to be asked about again.
pub async fn way(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Query(fields): Query<Fields>,
) -> web::Result {
    let shown = selected(&portal, &subscriber, &slug, &fields).await?;
    let claimable = !shown.is_empty() && shown.iter().all(|claimable| claimable.offer.claimable());
    if !claimable {
        return Ok(Redirect::to(&format!("/remedies/{slug}")).into_response());
    }
    let again = field(&fields, "change");
    let asks = |claimable: &&Claimable| {
        let open = claimable.deliveries.len() > 1 && answer(&fields, claimable).is_none();
        open || again == Some(claimable.offer.id.as_str())
    };
    match shown.iter().find(asks) {
        Some(next) => Ok(ask(&view, &slug, next, &fields)),
        None => Ok(onwards(&slug, &answers(&fields, &shown))),
    }
}

/// The choice made for a remedy, where it is one of those on offer.
fn answer<'a>(fields: &'a Fields, claimable: &Claimable) -> Option<&'a str> {
    let chosen = field(fields, &name_of(&claimable.offer.id))?;
    claimable.deliveries.iter().any(|delivery| delivery.value == chosen).then_some(chosen)
}

fn name_of(remedy: &str) -> String {
    format!("delivery-{remedy}")
}

/// The choices made so far, and no more of what stood in the address.
fn answers(fields: &Fields, shown: &[Claimable]) -> Answers {
    let answer =
        |claimable: &Claimable| Some((name_of(&claimable.offer.id), answer(fields, claimable)?.to_owned()));
    shown.iter().filter_map(answer).collect()
}

fn ask(view: &View, slug: &str, next: &Claimable, fields: &Fields) -> Response {
    let id = next.offer.id.as_str();
    let missing = field(fields, "asked") == Some(id) && answer(fields, next).is_none();
    let kept = fields.iter().filter(|(name, _)| name.starts_with("delivery-") && *name != name_of(id));
    let mut answers: Answers = kept.cloned().collect();
    answers.push(("asked".to_owned(), id.to_owned()));
    let page = view.page(WayQuestion {
        remedy_name: next.offer.name.clone(),
        worth: next.offer.worth.clone(),
        deliveries: next.deliveries.clone(),
        chosen: answer(fields, next).unwrap_or_default().to_owned(),
        field: name_of(id),
        action: format!("/remedies/{slug}/way"),
        answers,
        back: format!("/remedies/{slug}"),
        missing,
    });
    if missing { mistaken(page) } else { page }
}

/// To the address where something goes by post, which the check page sends on when it is known.
fn onwards(slug: &str, answers: &Answers) -> Response {
    Redirect::to(&with_answers(&format!("/remedies/{slug}/check"), answers)).into_response()
}

/// Choices are words that we know, so nothing in them needs escaping.
pub fn with_answers(path: &str, answers: &Answers) -> String {
    let answers: Vec<String> = answers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if answers.is_empty() { path.to_owned() } else { format!("{path}?{}", answers.join("&")) }
}

/// Whether something of it goes by post.
pub fn by_post(shown: &[Claimable]) -> bool {
    let posted = |claimable: &Claimable| {
        claimable.delivery().is_some_and(|delivery| delivery.value == WayId::Post.slug())
    };
    shown.iter().any(posted)
}

pub async fn address(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Query(fields): Query<Fields>,
) -> web::Result {
    let shown = selected(&portal, &subscriber, &slug, &fields).await?;
    let form = form(&slug, answers(&fields, &shown));
    let lines = typed_before(&portal, &subscriber).await?;
    Ok(view.page(AddressForm { lines, ..form }))
}

pub async fn keep_address(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    Path(slug): Path<String>,
    Form(fields): Form<Fields>,
) -> web::Result {
    let shown = selected(&portal, &subscriber, &slug, &fields).await?;
    let answers = answers(&fields, &shown);
    let lines = typed(&fields);
    match PostalAddress::read(&lines) {
        Ok(address) => {
            postal::keep(&portal, &subscriber.id, &address).await?;
            Ok(onwards(&slug, &answers))
        }
        Err(errors) => Ok(mistaken(view.page(AddressForm { lines, errors, ..form(&slug, answers) }))),
    }
}

fn form(slug: &str, answers: Answers) -> AddressForm {
    AddressForm {
        action: format!("/remedies/{slug}/address"),
        back: with_answers(&format!("/remedies/{slug}/way"), &answers),
        answers,
        ..AddressForm::default()
    }
}

/// What the person typed a moment ago, else their name.
pub async fn typed_before(portal: &Portal, subscriber: &Subscriber) -> web::Result<AddressLines> {
    let draft = postal::draft(portal, &subscriber.id).await?;
    let fresh = || AddressLines { name: subscriber.name.clone(), ..AddressLines::default() };
    Ok(draft.map_or_else(fresh, |address| address.typed()))
}

/// The address's fields of a form.
pub fn typed(fields: &Fields) -> AddressLines {
    let line = |name| field(fields, name).unwrap_or_default().to_owned();
    AddressLines {
        name: line("name"),
        line1: line("line1"),
        line2: line("line2"),
        town: line("town"),
        region: line("region"),
        postcode: line("postcode"),
        country: line("country"),
    }
}

#[cfg(test)]
mod tests;
