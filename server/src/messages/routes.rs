//! `/account/messages`: what we sent, and how to be written to.

use app::{
    models::{FieldError, MessageWishes, Pager, SentMessage, SentMessages, Unreachable},
    say,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use http::StatusCode;
use serde::Deserialize;

use super::{
    Bounce, Channel, Language, Reader,
    quiet::{self, Quiet},
    store::{self, Told},
    templates::Purpose,
};
use crate::{
    accounts::{Subscriber, own::masked_email},
    ambient::{HOUR, Millis},
    incident::{Incident, ProviderName},
    portal::Portal,
    store::{Result, keys::MasterKey},
    transaction,
    web::{self, View, wording::moment},
};

const PAGE: &str = "/account/messages";
/// Messages on a page.
const SHOWN: i64 = 20;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: String,
}

pub async fn page(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    view: View,
    Query(asked): Query<Asked>,
) -> web::Result {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let reader = reader(&portal, &subscriber).await?;
    let total = store::count(db, &subscriber.id).await?;
    let page = asked.page.parse::<i64>().unwrap_or(1).clamp(1, (total + SHOWN - 1) / SHOWN + 1);
    let from = (page - 1) * SHOWN;
    let told = store::told(db, &subscriber.id, from, SHOWN).await?;
    let morning = reader.not_before(Purpose::Notice, &portal);
    let shown = told.len();
    Ok(view.page(SentMessages {
        unreachable: super::unreachable(db, &subscriber.id).await?.into_iter().map(came_back).collect(),
        wishes: wishes(&reader),
        gift_cards_by: gift_cards_by(&portal.incident),
        list: told.into_iter().map(|told| line(told, portal.master(), now, morning)).collect(),
        pager: pager(page, from, shown, total),
    }))
}

/// Who sends gift cards in the operator's place, so that they are not on the list.
fn gift_cards_by(incident: &Incident) -> Option<&'static str> {
    incident.has_provider(ProviderName::Tremendous).then(|| ProviderName::Tremendous.label())
}

fn pager(page: i64, from: i64, shown: usize, total: i64) -> Pager {
    let shown = i64::try_from(shown).unwrap_or_default();
    let to = |page: i64| format!("{PAGE}?page={page}#sent");
    Pager {
        first: if shown > 0 { from + 1 } else { 0 },
        last: if shown > 0 { from + shown } else { 0 },
        total: if shown > 0 { total } else { 0 },
        previous: (page > 1).then(|| to(page - 1)),
        next: (from + shown < total && shown > 0).then(|| to(page + 1)),
    }
}

async fn reader(portal: &Portal, subscriber: &Subscriber) -> web::Result<Reader> {
    store::reader(portal.db()?, &subscriber.id).await?.ok_or(web::Error::NotFound)
}

fn wishes(reader: &Reader) -> Vec<(&'static str, String)> {
    let news = match reader.news() {
        Some(Channel::Email) => say!("By e-mail"),
        Some(Channel::Sms) => say!("By text message"),
        None => say!("None"),
    };
    let Quiet { from, until } = reader.quiet();
    let hours = match from == until {
        true => say!("None").to_owned(),
        false => say!(
            "{from} to {until}, {zone}",
            from = quiet::told(from),
            until = quiet::told(until),
            zone = reader.time_zone
        ),
    };
    vec![
        (say!("News"), news.to_owned()),
        (say!("Language"), reader.language().name().to_owned()),
        (say!("Quiet hours"), hours),
    ]
}

fn came_back(bounce: Bounce) -> Unreachable {
    Unreachable {
        address: bounce.masked(),
        since: moment(bounce.at),
        again: format!("{PAGE}/again/{}", bounce.channel),
    }
}

fn line(told: Told, master: &MasterKey, now: Millis, morning: Millis) -> SentMessage {
    // A secret text that has not left is shown as it will be kept.
    let sealed = if told.secret == 1 { &told.shown_sealed } else { &told.text_sealed };
    let text = sealed.as_deref().and_then(|sealed| master.open_small(&store::context(&told.id), sealed).ok());
    let to = masked(&told.channel, &told.recipient);
    SentMessage {
        at: moment(told.created_at),
        head: match told.channel.as_str() {
            "sms" => say!("Text message to {address}", address = to),
            _ => say!("Email to {address}", address = to),
        },
        state: state(&told, now, morning),
        subject: told.subject,
        text: text.and_then(|text| String::from_utf8(text).ok()).unwrap_or_default(),
        language: told.language,
    }
}

/// Between two attempts it rests for an hour at most. `morning`: when the quiet hours of now end, if it is in some.
fn waits_for_morning(told: &Told, now: Millis, morning: Millis) -> bool {
    let rest = if told.attempts == 0 || told.leased_until == morning { 0 } else { HOUR };
    told.leased_until > now + rest
}

fn state(told: &Told, now: Millis, morning: Millis) -> String {
    let at = |at: Option<Millis>| at.map(moment).unwrap_or_default();
    match (told.sent_at, told.failure.as_deref(), told.delivery.as_deref()) {
        (_, _, Some("bounced")) => say!("came back {when}", when = at(told.delivery_at)),
        (_, _, Some("delivered" | "read")) => say!("arrived {when}", when = at(told.delivery_at)),
        (_, _, Some("undelivered" | "failed")) => say!("did not arrive {when}", when = at(told.delivery_at)),
        (Some(sent), ..) => say!("sent {when}", when = moment(sent)),
        (None, Some("expired"), _) => say!("not sent: its time was over").to_owned(),
        (None, Some("stopped"), _) => say!("not sent: you no longer wanted news this way").to_owned(),
        (None, Some("moved"), _) => {
            say!("may have reached this address; sent again to your new one").to_owned()
        }
        (None, Some(_), _) => say!("could not be sent").to_owned(),
        (None, None, _) if waits_for_morning(told, now, morning) => {
            say!("waits for the end of your quiet hours, {when}", when = moment(told.leased_until))
        }
        (None, None, _) => say!("on its way").to_owned(),
    }
}

/// `…0142` or `a…@example.com`.
pub fn masked(channel: &str, address: &str) -> String {
    match channel {
        "sms" => format!("…{}", address.get(address.len().saturating_sub(4)..).unwrap_or_default()),
        _ => masked_email(address),
    }
}

pub async fn form(State(portal): State<Portal>, subscriber: Subscriber, view: View) -> web::Result {
    let reader = reader(&portal, &subscriber).await?;
    let Quiet { from, until } = reader.quiet();
    Ok(view.page(MessageWishes {
        news: reader.news().map_or("none", Channel::slug).to_owned(),
        language: reader.language().tag().to_owned(),
        quiet_from: quiet::told(from),
        quiet_until: quiet::told(until),
        zone: reader.time_zone,
        errors: Vec::new(),
    }))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Typed {
    news: String,
    language: String,
    quiet_from: String,
    quiet_until: String,
}

pub async fn save(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    view: View,
    Form(typed): Form<Typed>,
) -> web::Result {
    let chosen = match chosen(&typed) {
        Ok(chosen) => chosen,
        Err(errors) => {
            let Typed { news, language, quiet_from, quiet_until } = typed;
            let zone = reader(&portal, &subscriber).await?.time_zone;
            let again = MessageWishes { news, language, quiet_from, quiet_until, zone, errors };
            let mut page = view.page(again);
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(page);
        }
    };
    let (language, quiet) = chosen;
    transaction!(portal.db()?, |tx| -> Result<()> {
        store::save(tx, &subscriber.id, &typed.news, language, quiet, portal.ambient.now()).await
    })?;
    Ok(Redirect::to(PAGE).into_response())
}

fn chosen(typed: &Typed) -> std::result::Result<(Language, Quiet), Vec<FieldError>> {
    let mut errors = Vec::new();
    if !["email", "sms", "none"].contains(&typed.news.as_str()) {
        errors.push(FieldError::new("news", say!("Choose how news should come to you")));
    }
    let language = Language::ALL.into_iter().find(|language| language.tag() == typed.language);
    if language.is_none() {
        errors.push(FieldError::new("language", say!("Choose a language")));
    }
    let mut time = |field, typed: &str| {
        let minutes = quiet::read(typed);
        if minutes.is_none() {
            errors.push(FieldError::new(field, say!("Enter a time of day, like 21:00")));
        }
        minutes
    };
    let (from, until) = (time("quiet_from", &typed.quiet_from), time("quiet_until", &typed.quiet_until));
    let quiet = from.zip(until).map(|(from, until)| Quiet { from, until });
    if quiet.is_some_and(|quiet| !quiet.leaves_time()) {
        let hours = quiet::LEAST / 60;
        let mistake = say!("Leave at least {hours} hours of the day in which we may write to you", hours);
        errors.push(FieldError::new("quiet_until", mistake));
    }
    match (language, quiet) {
        (Some(language), Some(quiet)) if errors.is_empty() => Ok((language, quiet)),
        _ => Err(errors),
    }
}

/// The address works again: it is written to.
pub async fn again(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(channel): Path<String>,
) -> web::Result {
    Channel::of(&channel).ok_or(web::Error::NotFound)?;
    transaction!(portal.db()?, |tx| -> Result<()> {
        store::reach_again(tx, &subscriber.id, &channel).await
    })?;
    Ok(Redirect::to(PAGE).into_response())
}
