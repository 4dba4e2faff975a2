//! `/staff/subscribers/ACCOUNT/claim…`: claiming for somebody who cannot claim for themselves.

use app::{address::subscriber, models::FieldError};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Callers, ForOthers, Staff, caller,
    on_behalf::{self, Typed},
    reveal,
    routes::mistaken,
};
use crate::{
    accounts::Profile,
    incident::Remedy,
    portal::Portal,
    remedies::{
        ClaimError, ClaimNumber,
        on_behalf::{BehalfError, Request, claim, keep, kept},
        store,
    },
    web::{self, View},
};

pub async fn list(
    State(portal): State<Portal>,
    member: Staff<ForOthers>,
    view: View,
    Path(account): Path<String>,
) -> web::Result {
    let person = caller::profile(&portal, &account).await?;
    Ok(view.page(on_behalf::list(&portal, &member, &person).await?))
}

/// Whose claim, and of what.
async fn of(portal: &Portal, (account, remedy): (String, String)) -> web::Result<(Profile, &Remedy)> {
    let remedy = portal.incident.remedy(&remedy).ok_or(web::Error::NotFound)?;
    Ok((caller::profile(portal, &account).await?, remedy))
}

fn to_list(person: &Profile) -> Response {
    Redirect::to(&format!("{}/claim", subscriber(&person.account))).into_response()
}

fn to_form(person: &Profile, remedy: &Remedy) -> Response {
    Redirect::to(&format!("{}/claim/{}", subscriber(&person.account), remedy.id)).into_response()
}

pub async fn form(
    State(portal): State<Portal>,
    member: Staff<ForOthers>,
    view: View,
    Path(path): Path<(String, String)>,
) -> web::Result {
    let (person, remedy) = of(&portal, path).await?;
    if !on_behalf::is_open(&portal, &member, (&person, remedy)).await? {
        return Ok(to_list(&person));
    }
    let before = kept(&portal, &member, &person, remedy).await?;
    let filled = before.map(on_behalf::filled).unwrap_or_default();
    Ok(view.page(on_behalf::form((&person, remedy), filled, Vec::new())))
}

pub async fn fill_in(
    State(portal): State<Portal>,
    member: Staff<ForOthers>,
    view: View,
    Path(path): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> web::Result {
    let (person, remedy) = of(&portal, path).await?;
    let filled = typed.into();
    match on_behalf::read(&member, (&person, remedy), &filled) {
        Ok(request) => {
            keep(&portal, &member, &person, &request).await?;
            let check = format!("{}/claim/{}/check", subscriber(&person.account), remedy.id);
            Ok(Redirect::to(&check).into_response())
        }
        Err(errors) => Ok(mistaken(view.page(on_behalf::form((&person, remedy), filled, errors)))),
    }
}

pub async fn check(
    State(portal): State<Portal>,
    member: Staff<ForOthers>,
    view: View,
    Path(path): Path<(String, String)>,
) -> web::Result {
    let (person, remedy) = of(&portal, path).await?;
    if !on_behalf::is_open(&portal, &member, (&person, remedy)).await? {
        return Ok(to_list(&person));
    }
    match kept(&portal, &member, &person, remedy).await? {
        Some(request) => Ok(view.page(on_behalf::check((&person, remedy), &request, Vec::new()))),
        None => Ok(to_form(&person, remedy)),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Checked {
    terms: String,
    read: String,
}

pub async fn make(
    State(portal): State<Portal>,
    member: Staff<ForOthers>,
    view: View,
    Path(path): Path<(String, String)>,
    Form(checked): Form<Checked>,
) -> web::Result {
    let (person, remedy) = of(&portal, path).await?;
    let Some(request) = kept(&portal, &member, &person, remedy).await? else {
        // The button was pressed twice, or too long after the form was filled in.
        return Ok(match number_of(&portal, &person, remedy).await? {
            Some(number) => to_claim(&person, &number),
            None => to_form(&person, remedy),
        });
    };
    let about = (&person, remedy);
    if checked.read != "yes" {
        let error = FieldError::new("read", "Read the terms to whoever asks, and say so here");
        return Ok(mistaken(view.page(on_behalf::check(about, &request, vec![error]))));
    }
    match claim(&portal, &member, about, &request, &checked.terms).await {
        Ok(number) => Ok(to_claim(&person, number.as_str())),
        Err(error) => refused(&view, about, &request, error),
    }
}

/// The number of the person's live claim of a remedy.
async fn number_of(portal: &Portal, person: &Profile, remedy: &Remedy) -> web::Result<Option<String>> {
    let claimed = store::claimed(portal.db()?, portal.incident.id.as_str(), &person.id).await?;
    Ok(claimed.into_iter().find(|(id, _)| id == remedy.id.as_str()).map(|(_, number)| number))
}

fn to_claim(person: &Profile, number: &str) -> Response {
    Redirect::to(&format!("{}/claims/{number}", subscriber(&person.account))).into_response()
}

/// The page again, with why nothing was claimed.
fn refused(view: &View, about: (&Profile, &Remedy), request: &Request, error: BehalfError) -> web::Result {
    let error = match error {
        BehalfError::Claim(ClaimError::Store(error)) => return Err(error.into()),
        BehalfError::Claim(error @ ClaimError::Facts(_)) => {
            return Err(web::Error::Internal(error.to_string()));
        }
        BehalfError::Claim(ClaimError::TermsChanged) => FieldError::new(
            "terms",
            "The terms changed while you were reading. Nothing is claimed yet: read them again, aloud, and confirm.",
        ),
        BehalfError::Claim(ClaimError::NotEntitled) => FieldError::new(
            "main",
            "By the records of this moment this subscriber is not entitled to it. Nothing was claimed.",
        ),
        BehalfError::Own => FieldError::new(
            "main",
            "This is your own account or address. Nothing was claimed: a colleague claims for you, or you do as everybody does.",
        ),
        BehalfError::NoSuchWay | BehalfError::Claim(ClaimError::NoAddress | ClaimError::WayChanged) => {
            FieldError::new(
                "main",
                "It cannot come in this way any more. Nothing was claimed: go back and choose another.",
            )
        }
    };
    let page = view.page(on_behalf::check(about, request, vec![error]));
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Where a claim stands, for whoever has the caller on the line; the look is recorded first.
pub async fn claimed(
    State(portal): State<Portal>,
    member: Staff<Callers>,
    view: View,
    Path((account, number)): Path<(String, String)>,
) -> web::Result {
    let person = caller::profile(&portal, &account).await?;
    let number = ClaimNumber::parse(&number).ok_or(web::Error::NotFound)?;
    let claim = store::claim(portal.db()?, &person.id, &number).await?.ok_or(web::Error::NotFound)?;
    reveal::look(&portal, &member, &person, &format!("claim {number}")).await?;
    Ok(view.page(on_behalf::claimed(&portal, &person, claim).await?))
}
