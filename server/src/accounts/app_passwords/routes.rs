//! `/account/app-passwords`: named, confirmed with a fresh code, shown once, ended.

use app::{
    models::{AppPasswordForm, AppPasswordMade, FieldError},
    say,
};
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;
use tower_sessions::Session;

use super::{LIMIT, Made, Secrets, store};
use crate::{
    accounts::{
        Subscriber,
        codes::Refusal,
        fresh_code::{self, Act, Asker, Step, Typed},
    },
    messages::{self, templates},
    portal::Portal,
    store::Result,
    transaction,
    web::{self, View},
};

const FORM: &str = "/account/app-passwords";
const ACCOUNT: &str = "/account#app-passwords";
/// Letters of a name.
const LONGEST: usize = 40;

/// Where the code is asked for.
pub(super) const CODE: &str = "/account/app-passwords/new";

fn act() -> Act<'static> {
    Act {
        slug: "app-password",
        path: CODE,
        title: say!("Make an app password"),
        lead: say!(
            "With it a phone fetches your contacts, calendar, tasks and notes until you end it. It opens nothing else here."
        ),
        button: say!("Make the app password"),
        back: "/account",
    }
}

pub async fn form(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    let full = is_full(&portal, &subscriber).await?;
    Ok(view.page(AppPasswordForm { full, ..AppPasswordForm::default() }))
}

#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    name: String,
}

/// Keeps the name until the code is right.
pub async fn name(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    view: View,
    Form(typed): Form<Named>,
) -> web::Result {
    let full = is_full(&portal, &subscriber).await?;
    let refuse = |errors| {
        let mut page = view.page(AppPasswordForm { name: typed.name.clone(), errors, full });
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        page
    };
    if full {
        return Ok(refuse(Vec::new()));
    }
    let Some(name) = one_line(&typed.name) else {
        let message = say!("Enter a name of at most {longest} letters, like My iPhone", longest = LONGEST);
        return Ok(refuse(vec![FieldError::new("name", message)]));
    };
    transaction!(portal.db()?, |tx| -> Result<()> {
        store::draft(tx, &portal.ambient, &subscriber.id, &name).await
    })?;
    Ok(Redirect::to(CODE).into_response())
}

async fn is_full(portal: &Portal, subscriber: &Subscriber) -> web::Result<bool> {
    Ok(store::of_subscriber(portal.db()?, &subscriber.id).await?.len() >= LIMIT)
}

/// What a person calls it, without what a line cannot hold; none when it is empty or too long.
fn one_line(typed: &str) -> Option<String> {
    let name: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (1..=LONGEST).contains(&name.chars().count()).then_some(name)
}

pub async fn code_page(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    session: Session,
    view: View,
) -> web::Result {
    if !store::has_draft(portal.db()?, &subscriber.id).await? {
        return Ok(Redirect::to(FORM).into_response());
    }
    fresh_code::page(&portal, &view, &Asker::of(&subscriber, &session)?, &act()).await
}

pub async fn make(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    session: Session,
    view: View,
    Form(typed): Form<Typed>,
) -> web::Result {
    if !store::has_draft(portal.db()?, &subscriber.id).await? {
        return Ok(Redirect::to(FORM).into_response());
    }
    let asker = Asker::of(&subscriber, &session)?;
    let entry = match fresh_code::step(&portal, &view, &asker, &act(), &typed).await? {
        Step::Answer(response) => return Ok(response),
        Step::Entered(entry) => entry,
    };
    // A refusal commits too: it has taken a try.
    let made = transaction!(portal.db()?, bulk |tx| -> Result<std::result::Result<Option<Made>, Refusal>> {
        if let Err(refusal) = fresh_code::confirm(tx, &portal, &entry).await? {
            return Ok(Err(refusal));
        }
        let made = store::make(tx, &portal.ambient, &Secrets::new(portal.master()), &subscriber.id).await?;
        if made.is_some() {
            tell(tx, &portal, &subscriber).await?;
        }
        Ok(Ok(made))
    })?;
    portal.outbox.notify_one();
    match made {
        Ok(Some(made)) => Ok(shown_once(&portal, &view, made)),
        Ok(None) => Ok(Redirect::to(FORM).into_response()),
        Err(refusal) => fresh_code::refused(&portal, &view, &asker, &act(), refusal).await,
    }
}

/// The owner of the phone hears of it, also if it was not they.
async fn tell(tx: &mut crate::store::Tx, portal: &Portal, subscriber: &Subscriber) -> Result<()> {
    messages::tell(tx, portal, &subscriber.id, templates::app_password_made).await
}

/// The one answer that holds the password; a redirect would have to keep it somewhere.
fn shown_once(portal: &Portal, view: &View, made: Made) -> Response {
    let Made { name, user_name, password } = made;
    view.page(AppPasswordMade { server: portal.settings.base_url.clone(), name, user_name, password })
}

pub async fn end(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
) -> web::Result {
    let ended =
        transaction!(portal.db()?, |tx| -> Result<bool> { store::end(tx, &subscriber.id, &id).await })?;
    portal.app_clients.forget_all();
    if ended { Ok(Redirect::to(ACCOUNT).into_response()) } else { Err(web::Error::NotFound) }
}
