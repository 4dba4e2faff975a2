//! The caller proves who they are: a code goes to their phone, and they read it back.

use app::{address::subscriber, models::FieldError};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use serde::Deserialize;

use super::{
    Callers, Items, Staff,
    caller::{self, Typed},
    caller_routes::back_to,
    reveal::{self, Why},
    routes::mistaken,
};
use crate::{
    accounts::{
        caller_code::{self, Sent},
        codes::Refusal,
    },
    portal::Portal,
    web::{self, View},
};

pub async fn send(
    State(portal): State<Portal>,
    callers: Staff<Callers>,
    items: Staff<Items>,
    view: View,
    Path(account): Path<String>,
) -> web::Result {
    let profile = caller::profile(&portal, &account).await?;
    reveal::note_code(&portal, &items, &profile).await?;
    let fault = match caller_code::send(&portal, items.id(), &profile).await? {
        Sent::OnItsWay => {
            return Ok(Redirect::to(&format!("{}/verify", subscriber(&account))).into_response());
        }
        Sent::NoPhone => "There is no phone to send a code to. Record another reason".to_owned(),
        Sent::Wait { seconds } => format!("Too many codes went to this phone. Wait {seconds} seconds"),
        Sent::Stopped => "No more codes go to this phone. Record another reason".to_owned(),
    };
    let typed = Typed { errors: vec![FieldError::new("reason", fault)], ..Typed::default() };
    Ok(mistaken(view.page(caller::page(&portal, &callers, profile, typed).await?)))
}

/// The caller's page while a code is on its way; a reload sends none.
pub async fn again(
    State(portal): State<Portal>,
    callers: Staff<Callers>,
    view: View,
    Path(account): Path<String>,
) -> web::Result {
    let profile = caller::profile(&portal, &account).await?;
    let typed = Typed { code_sent: true, ..Typed::default() };
    Ok(view.page(caller::page(&portal, &callers, profile, typed).await?))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReadBack {
    code: String,
}

pub async fn verify(
    State(portal): State<Portal>,
    callers: Staff<Callers>,
    items: Staff<Items>,
    view: View,
    Path(account): Path<String>,
    Form(given): Form<ReadBack>,
) -> web::Result {
    let profile = caller::profile(&portal, &account).await?;
    let Err(refusal) = caller_code::verify(&portal, items.id(), &profile, &given.code).await? else {
        reveal::unmask(&portal, &items, &profile, Why::ReadBack).await?;
        return Ok(back_to(&profile));
    };
    let code_sent = refusal == Refusal::Wrong;
    // Without a code to enter there is no field for it on the page.
    let field = if code_sent { "code" } else { "reason" };
    let typed = Typed { errors: vec![FieldError::new(field, words(refusal))], code_sent, ..Typed::default() };
    Ok(mistaken(view.page(caller::page(&portal, &callers, profile, typed).await?)))
}

fn words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Wrong => "This is not the code that was sent. Ask the caller to read it again".to_owned(),
        Refusal::WrongAndOver => "That was the last try of this code. Send another".to_owned(),
        Refusal::Ended => "There is no code to check any more. Send another".to_owned(),
        Refusal::Wait { seconds } => format!("Too many wrong codes. Wait {seconds} seconds"),
        Refusal::Stopped => "No more codes are checked for this phone. Record another reason".to_owned(),
    }
}
