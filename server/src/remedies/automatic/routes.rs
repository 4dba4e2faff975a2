//! `/staff/automatic`: looking at runs, approving them, holding them up.

use app::models::{FieldError, RunAct};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{MethodRouter, post},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Act, ActError,
    approve::{self, AutomaticRuns},
    show, store,
};
use crate::{
    portal::Portal,
    staff::{Reason, Staff},
    web::{self, View},
};

/// Runs that are listed.
const LISTED: i64 = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Given {
    reason: String,
}

pub async fn list(State(portal): State<Portal>, _: Staff<AutomaticRuns>, view: View) -> web::Result {
    let runs = store::newest(portal.db()?, LISTED).await?;
    Ok(view.page(show::list(&portal, &runs)?))
}

pub async fn page(
    State(portal): State<Portal>,
    member: Staff<AutomaticRuns>,
    view: View,
    Path(id): Path<String>,
) -> web::Result {
    let run = store::of_id(portal.db()?, &id).await?.ok_or(web::Error::NotFound)?;
    Ok(view.page(show::page(&portal, &member, run).await?))
}

/// Somebody who reloads after signing in again looks first.
async fn back(_: Staff<AutomaticRuns>, Path(id): Path<String>) -> Redirect {
    Redirect::to(&format!("/staff/automatic/{id}"))
}

/// A post that does `what` with a run, for the reason that it carries; whoever reloads it looks first.
pub fn acting(what: RunAct) -> MethodRouter<Portal> {
    let handler =
        move |State(portal): State<Portal>,
              member: Staff<AutomaticRuns>,
              view: View,
              Path(id): Path<String>,
              Form(given): Form<Given>| async move { act(&portal, &member, view, &id, given, what).await };
    post(handler).get(back)
}

async fn act(
    portal: &Portal,
    member: &Staff<AutomaticRuns>,
    view: View,
    id: &str,
    given: Given,
    what: RunAct,
) -> web::Result {
    let Some(reason) = Reason::read(&given.reason) else {
        let error = FieldError::new("reason", "Say in 10 to 500 characters why");
        return again(portal, member, view, id, given.reason, error, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let act = Act { member, run: id, reason: &reason };
    let done = match what {
        RunAct::Approve => approve::approve(portal, act).await.map(drop),
        RunAct::Pause => approve::pause(portal, act).await,
        RunAct::Resume => approve::resume(portal, act).await,
        RunAct::Stop => approve::stop(portal, act).await,
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/staff/automatic/{id}")).into_response()),
        Err(ActError::NoRun) => Err(web::Error::NotFound),
        Err(ActError::Store(error)) => Err(error.into()),
        Err(error @ (ActError::Twice | ActError::Changed | ActError::TooLate)) => {
            let error = FieldError::new("main", error.to_string());
            again(portal, member, view, id, given.reason, error, StatusCode::CONFLICT).await
        }
    }
}

/// The page as it is now, with what is in the way and what was typed.
async fn again(
    portal: &Portal,
    member: &Staff<AutomaticRuns>,
    view: View,
    id: &str,
    reason: String,
    error: FieldError,
    status: StatusCode,
) -> web::Result {
    let run = store::of_id(portal.db()?, id).await?.ok_or(web::Error::NotFound)?;
    let page = show::page(portal, member, run).await?;
    let page = view.page(app::models::AutomaticRun { reason, errors: vec![error], ..page });
    Ok((status, page).into_response())
}
