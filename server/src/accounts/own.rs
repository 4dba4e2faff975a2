//! `/account`: what we hold about the person who asks.

use app::{
    models::{Account, AppPasswordLine, OpenSession, SignInRecord},
    say,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use tower_sessions::Session;

use super::{
    Subscriber,
    app_passwords::{self, AppPassword},
    session,
    sign_in::{self, What},
};
use crate::{
    archives::links,
    messages,
    portal::Portal,
    store, transaction,
    web::{self, View, wording::moment},
};

pub async fn page(
    State(portal): State<Portal>,
    view: View,
    subscriber: Subscriber,
    here: Session,
) -> web::Result {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let sessions = session::of_subscriber(db, &subscriber.id, &here, now).await?;
    let app_passwords = app_passwords::of_subscriber(db, &subscriber.id).await?;
    let links = links::of_subscriber(db, subscriber.own(), now).await?;
    let sign_ins = sign_in::newest(db, &subscriber.id).await?;
    let unreachable = messages::unreachable(db, &subscriber.id).await?;
    Ok(view.page(Account {
        name: subscriber.name.clone(),
        phone: subscriber.phone_end(),
        email: masked_email(&subscriber.email),
        plan: subscriber.plan.clone(),
        unreachable: unreachable.iter().map(|bounce| bounce.masked()).collect(),
        sessions: sessions.into_iter().map(|(visit, here)| open_session(&visit, here)).collect(),
        app_passwords: app_passwords.into_iter().map(app_password).collect(),
        links: links.into_iter().map(links::routes::line).collect(),
        sign_ins: sign_ins.into_iter().map(|(what, at)| record(what, at)).collect(),
    }))
}

/// Ends every session of the account, this one too, whatever code is open, and every download link: it is what
/// somebody does who hears of one that they did not make.
pub async fn sign_out_everywhere(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    here: Session,
) -> web::Result {
    transaction!(portal.db()?, |tx| -> store::Result<()> {
        session::end_all(tx, &subscriber.id).await?;
        links::end_all(tx, &subscriber.id).await?;
        sign_in::write(tx, &portal.ambient, Some(&subscriber.id), What::SignedOutEverywhere).await
    })?;
    portal.sessions.forget_all();
    session::end(&here).await?;
    Ok(Redirect::to("/").into_response())
}

fn open_session(visit: &session::Visit, here: bool) -> OpenSession {
    OpenSession { started: moment(visit.signed_in_at), last_seen: moment(visit.touched_at), here }
}

fn app_password(kept: AppPassword) -> AppPasswordLine {
    AppPasswordLine {
        end: format!("/account/app-passwords/{}/end", kept.id),
        name: kept.name,
        user_name: kept.user_name,
        made: moment(kept.made_at),
        used: kept.used_at.map_or_else(|| say!("never").to_owned(), moment),
    }
}

fn record(what: What, at: crate::ambient::Millis) -> SignInRecord {
    SignInRecord { at: moment(at), what: what.words().to_owned() }
}

/// `a…@example.com`; empty when there is none.
pub fn masked_email(email: &str) -> String {
    match email.split_once('@') {
        Some((name, host)) => {
            format!("{}…@{host}", name.chars().next().map(String::from).unwrap_or_default())
        }
        None => String::new(),
    }
}
