//! Enrolling, signing in and out.

use app::models::{FieldError, StaffSignIn};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    enrol::{self, Filled},
    sign_in::{self, Credentials},
};
use crate::{
    accounts::session::{self, Who},
    portal::Portal,
    web::{self, View},
};

pub async fn enrol_page(State(portal): State<Portal>, Path(token): Path<String>, view: View) -> web::Result {
    let member = enrol::invited(&portal, &token).await?;
    Ok(view.page(enrol::page(&portal, &token, member, Vec::new())?))
}

pub async fn enrol_post(
    State(portal): State<Portal>,
    Path(token): Path<String>,
    view: View,
    Form(filled): Form<Filled>,
) -> web::Result {
    let member = enrol::invited(&portal, &token).await?;
    let errors = enrol::complete(&portal, &token, &member, filled).await?;
    if errors.is_empty() {
        return Ok(Redirect::to("/staff/sign-in?enrolled=yes").into_response());
    }
    Ok(mistaken(view.page(enrol::page(&portal, &token, member, errors)?)))
}

#[derive(Deserialize)]
pub struct Arrived {
    #[serde(default)]
    enrolled: String,
}

pub async fn sign_in_page(view: View, Query(arrived): Query<Arrived>) -> Response {
    view.page(StaffSignIn { just_enrolled: arrived.enrolled == "yes", ..StaffSignIn::default() })
}

const WRONG: &str = "These do not belong together, or the code was used already. \
                     Check all three. After several mistakes, wait before you try again";

pub async fn sign_in_post(
    State(portal): State<Portal>,
    session: Session,
    view: View,
    Form(given): Form<Credentials>,
) -> web::Result {
    let email = given.email.clone();
    match sign_in::verify(&portal, given).await? {
        Some(member) => {
            session::begin(&session, Who::Staff(member), portal.ambient.now()).await?;
            Ok(Redirect::to("/staff").into_response())
        }
        None => {
            let errors = vec![FieldError::new("email", WRONG)];
            Ok(mistaken(view.page(StaffSignIn { email, errors, just_enrolled: false })))
        }
    }
}

pub async fn sign_out(session: Session) -> web::Result {
    session::end(&session).await?;
    Ok(Redirect::to("/staff/sign-in").into_response())
}

/// The same page again, with what is wrong.
pub fn mistaken(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    page
}
