//! `/staff/claims`: what waits for a decision, and deciding it.

use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

use app::models::{FieldError, WaitsFor};

use super::{
    Cases, Decides, Reason, Staff,
    claims::{self, Typed},
    routes::mistaken,
};
use crate::{
    portal::Portal,
    remedies::deciding::{DecideError, Waiting},
    web::{self, View},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// 1-based; the first when it is none.
    page: String,
    /// `budget`: what waits for that alone.
    r#for: String,
}

pub async fn queue(
    State(portal): State<Portal>,
    member: Staff<Cases>,
    view: View,
    Query(asked): Query<Asked>,
) -> web::Result {
    let page = asked.page.parse().ok().filter(|page| (1..=10_000).contains(page)).unwrap_or(1);
    let waits_for = if asked.r#for == "budget" { WaitsFor::Budget } else { WaitsFor::Decision };
    Ok(view.page(claims::queue(&portal, &member, waits_for, page).await?))
}

pub async fn page(
    State(portal): State<Portal>,
    member: Staff<Cases>,
    view: View,
    Path(number): Path<String>,
) -> web::Result {
    let waiting = claims::find(&portal, &number).await?;
    Ok(view.page(claims::page(&portal, &member, &waiting, Typed::default()).await?))
}

/// Somebody who reloads after signing in again.
pub async fn back(_: Staff<Cases>, Path(number): Path<String>) -> Redirect {
    Redirect::to(&format!("/staff/claims/{}", app::address::percent_encode(&number)))
}

pub async fn approve(
    State(portal): State<Portal>,
    member: Staff<Cases>,
    decides: Staff<Decides>,
    view: View,
    Path(number): Path<String>,
) -> web::Result {
    let waiting = claims::find(&portal, &number).await?;
    match claims::approve(&portal, &decides, &waiting).await {
        Ok(()) => Ok(Redirect::to("/staff/claims").into_response()),
        Err(error) => refused(&portal, &member, &view, &waiting, Typed::default(), error).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Filled {
    /// The place of the rule among those on the page, 1-based.
    rule: String,
    reason: String,
}

pub async fn decline(
    State(portal): State<Portal>,
    member: Staff<Cases>,
    decides: Staff<Decides>,
    view: View,
    Path(number): Path<String>,
    Form(filled): Form<Filled>,
) -> web::Result {
    let waiting = claims::find(&portal, &number).await?;
    let reason = Reason::read(&filled.reason);
    let rule = claims::rule(&portal, &waiting, &filled.rule);
    let mut errors = Vec::new();
    // What staff claimed themselves fails no rule of its person's: it is ended, for a reason alone.
    let second_look = waiting.for_second_look();
    if rule.is_none() && !second_look {
        errors.push(FieldError::new("rule-1", "Choose the rule that the claim does not meet"));
    }
    if reason.is_none() {
        errors.push(FieldError::new("reason", "Say in 10 to 500 characters why; the subscriber reads it"));
    }
    let typed = Typed { rule: filled.rule, reason: filled.reason, errors };
    let outcome = match (rule, reason) {
        (_, Some(reason)) if second_look => claims::end(&portal, &decides, &waiting, &reason).await,
        (Some(rule), Some(reason)) => claims::decline(&portal, &decides, &waiting, &rule, &reason).await,
        _ => return Ok(mistaken(view.page(claims::page(&portal, &member, &waiting, typed).await?))),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/staff/claims").into_response()),
        Err(error) => refused(&portal, &member, &view, &waiting, typed, error).await,
    }
}

/// The page again, with why nothing was decided.
async fn refused(
    portal: &Portal,
    member: &Staff<Cases>,
    view: &View,
    waiting: &Waiting,
    typed: Typed,
    error: DecideError,
) -> web::Result<Response> {
    let why = match error {
        DecideError::Store(error) => return Err(error.into()),
        DecideError::Facts(error) => return Err(web::Error::Internal(error.to_string())),
        DecideError::NotWaiting => "Somebody decided this claim meanwhile, or its owner withdrew it.",
        DecideError::NoRemedy => {
            "The incident file does not list this remedy any more, so it cannot be granted."
        }
        DecideError::NoBudget => {
            "The budget has not enough left for it. Nothing was granted; it goes on waiting."
        }
        DecideError::NoWay => {
            "The way by which it is to come is not this remedy's any more. Nothing was granted: its owner chooses another on the page of the claim, or the operator brings the way back into the incident file."
        }
        DecideError::Erased => "The subscriber was erased, so it cannot be granted.",
        DecideError::Maker => "You made this claim for its person. Somebody else decides on it.",
        DecideError::OfStaff => "A member of the staff made this claim for its person. Read it again.",
        DecideError::Own => "This is your own claim. Somebody else decides on it.",
        DecideError::NotEntitled => "By the records of today its owner is not entitled to it.",
    };
    let errors = vec![FieldError::new("main", why)];
    let page = claims::page(portal, member, waiting, Typed { errors, ..typed }).await?;
    Ok((StatusCode::CONFLICT, view.page(page)).into_response())
}
