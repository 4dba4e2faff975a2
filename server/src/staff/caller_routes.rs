//! Finding a caller, and the caller's page.

use app::{Category, address::subscriber, models::FieldError};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Callers, Items, Reason, Staff,
    caller::{self, Typed},
    reveal::{self, Why},
    routes::mistaken,
    search,
};
use crate::{
    accounts::Profile,
    portal::Portal,
    recovery::Wanted,
    web::{self, View},
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// The words stand in the address, which is neither logged nor cached nor told to other sites.
pub async fn find(
    State(portal): State<Portal>,
    member: Staff<Callers>,
    view: View,
    Query(asked): Query<Asked>,
) -> web::Result {
    Ok(view.page(search::search(&portal, &member, &asked.q).await?))
}

pub async fn page(
    State(portal): State<Portal>,
    member: Staff<Callers>,
    view: View,
    Path(account): Path<String>,
) -> web::Result {
    let profile = caller::profile(&portal, &account).await?;
    Ok(view.page(caller::page(&portal, &member, profile, Typed::default()).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Given {
    reason: String,
}

pub async fn give_reason(
    State(portal): State<Portal>,
    callers: Staff<Callers>,
    items: Staff<Items>,
    view: View,
    Path(account): Path<String>,
    Form(given): Form<Given>,
) -> web::Result {
    let profile = caller::profile(&portal, &account).await?;
    let Some(reason) = Reason::read(&given.reason) else {
        let errors = vec![FieldError::new("reason", "Say in 10 to 500 characters why you need to see this")];
        let typed = Typed { reason: given.reason, errors, code_sent: false };
        return Ok(mistaken(view.page(caller::page(&portal, &callers, profile, typed).await?)));
    };
    reveal::unmask(&portal, &items, &profile, Why::Reason(&reason)).await?;
    Ok(back_to(&profile))
}

pub async fn mask(
    State(portal): State<Portal>,
    member: Staff<Callers>,
    Path(account): Path<String>,
) -> web::Result {
    let profile = caller::profile(&portal, &account).await?;
    reveal::mask(&portal, &member, &profile).await?;
    Ok(back_to(&profile))
}

pub fn back_to(profile: &Profile) -> Response {
    Redirect::to(&subscriber(&profile.account)).into_response()
}

pub async fn category(
    State(portal): State<Portal>,
    member: Staff<Items>,
    view: View,
    Path((account, category)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> web::Result {
    let category: Category = category.parse().map_err(|_| web::Error::NotFound)?;
    let profile = caller::profile(&portal, &account).await?;
    Ok(view.page(caller::category(&portal, &member, profile, category, &wanted).await?))
}
