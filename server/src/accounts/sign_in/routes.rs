//! `/sign-in` and its steps.

use std::net::SocketAddr;

use app::{
    mark,
    models::{CodeForm, FieldError, PhoneForm, SecondFactForm, Wait},
    say, say_many,
    words::said,
};
use axum::{
    Form,
    extract::{ConnectInfo, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use tower_sessions::Session;

use super::{Browser, Next, What};
use crate::{
    accounts::{
        Subscriber,
        codes::{self, Asked, Open, Refusal},
        phone::Phone,
        session::{self, Who},
    },
    ambient::MINUTE,
    portal::Portal,
    web::{self, View, client_address},
};

const RECOVERY: &str = "/recovery";
const STOPPED: &str = mark!(
    "Too many wrong codes were entered for this number, and no more codes are sent to it. Our support can lift that: see “Ask for help”."
);
const ENDED: &str = mark!(
    "This code has ended: it lasts ten minutes, works once, and ends after five wrong tries. Ask for another one."
);

#[derive(Deserialize)]
pub struct Arrival {
    to: Option<String>,
}

pub async fn phone(State(portal): State<Portal>, view: View, Query(arrival): Query<Arrival>) -> web::Result {
    if view.is_signed_in() {
        return Ok(Redirect::to(RECOVERY).into_response());
    }
    let form = PhoneForm { must_sign_in: arrival.to.is_some(), ..phone_form(&portal, String::new()) };
    Ok(view.page(form))
}

#[derive(Deserialize)]
pub struct AskedFor {
    #[serde(default)]
    phone: String,
}

pub async fn ask(
    State(portal): State<Portal>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    jar: CookieJar,
    view: View,
    Form(asked): Form<AskedFor>,
) -> web::Result {
    let form = phone_form(&portal, asked.phone.clone());
    let address = client_address(peer.ip(), &headers, &portal.settings.trusted_proxies);
    if let Err(seconds) = portal.code_requests.check(address) {
        return Ok(wait(&view, PhoneForm { wait: Some(Wait { seconds }), ..form }, seconds));
    }
    let Some(phone) = Phone::parse_typed(&asked.phone, portal.incident.country.as_ref()) else {
        let message = say!("Enter your phone number, like (212) 555-0123 or +1 212 555 0123");
        return Ok(refuse(&view, PhoneForm { errors: vec![FieldError::new("phone", message)], ..form }));
    };
    let (browser, jar) = Browser::of_or_new(jar, &portal);
    Ok(match super::ask(&portal, &browser, &phone, asked.phone.trim()).await? {
        Asked::Sent => (jar, Redirect::to("/sign-in/code")).into_response(),
        Asked::Wait { seconds } => wait(&view, PhoneForm { wait: Some(Wait { seconds }), ..form }, seconds),
        Asked::Stopped => {
            let form = PhoneForm { errors: vec![FieldError::new("phone", said(STOPPED))], ..form };
            with_status(view.page(form), StatusCode::FORBIDDEN)
        }
    })
}

pub async fn code(State(portal): State<Portal>, view: View, jar: CookieJar) -> web::Result {
    if view.is_signed_in() {
        return Ok(Redirect::to(RECOVERY).into_response());
    }
    let open = open(&portal, &jar).await?;
    Ok(match open {
        Some((_, open)) if open.awaits_fact(portal.ambient.now()) => {
            Redirect::to("/sign-in/account").into_response()
        }
        Some((_, open)) => view.page(code_form(&portal, Some(&open), None).await?),
        None => Redirect::to("/sign-in").into_response(),
    })
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    last4: String,
}

pub async fn enter_code(
    State(portal): State<Portal>,
    view: View,
    jar: CookieJar,
    session: Session,
    Form(typed): Form<Typed>,
) -> web::Result {
    let Some((browser, open)) = open(&portal, &jar).await? else {
        return Ok(refuse(&view, code_form(&portal, None, Some(said(ENDED).to_owned())).await?));
    };
    let Some(code) = codes::six_digits(&typed.code) else {
        let message = say!("Enter the six digits of the code").to_owned();
        return Ok(refuse(&view, code_form(&portal, Some(&open), Some(message)).await?));
    };
    match super::enter_code(&portal, &browser, &open, &code).await? {
        Next::SignedIn { subscriber_id } => signed_in(&portal, jar, &browser, &session, subscriber_id).await,
        Next::SecondFact => Ok(Redirect::to("/sign-in/account").into_response()),
        Next::Refused(refusal) => {
            let form = code_form(&portal, Some(&open), Some(words(refusal, WRONG_CODE))).await?;
            Ok(refused(view.page(form), refusal))
        }
    }
}

pub async fn fact(State(portal): State<Portal>, view: View, jar: CookieJar) -> web::Result {
    match open(&portal, &jar).await? {
        Some((_, open)) if open.awaits_fact(portal.ambient.now()) => Ok(view.page(SecondFactForm::default())),
        _ => Ok(Redirect::to("/sign-in").into_response()),
    }
}

pub async fn enter_fact(
    State(portal): State<Portal>,
    view: View,
    jar: CookieJar,
    session: Session,
    Form(typed): Form<Typed>,
) -> web::Result {
    let form = |message: String| SecondFactForm { errors: vec![FieldError::new("last4", message)] };
    let Some((browser, open)) = open(&portal, &jar).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    if typed.last4.trim().is_empty() {
        return Ok(refuse(
            &view,
            form(say!("Enter the last four characters of your account number").to_owned()),
        ));
    }
    match super::enter_fact(&portal, &browser, &open, &typed.last4).await? {
        Next::SignedIn { subscriber_id } => signed_in(&portal, jar, &browser, &session, subscriber_id).await,
        Next::SecondFact => Ok(Redirect::to("/sign-in/account").into_response()),
        Next::Refused(refusal) => Ok(refused(view.page(form(words(refusal, WRONG_FACT))), refusal)),
    }
}

pub async fn sign_out(
    State(portal): State<Portal>,
    session: Session,
    subscriber: Option<Subscriber>,
) -> web::Result {
    session::end(&session).await?;
    if let Some(subscriber) = subscriber {
        super::note(&portal, &subscriber.id, What::SignedOut).await?;
    }
    Ok(Redirect::to("/").into_response())
}

async fn signed_in(
    portal: &Portal,
    jar: CookieJar,
    browser: &Browser,
    session: &Session,
    subscriber_id: String,
) -> web::Result {
    session::begin(session, Who::Subscriber(subscriber_id), portal.ambient.now()).await?;
    Ok((jar.add(browser.lasting_cookie(portal)), Redirect::to(RECOVERY)).into_response())
}

async fn open(portal: &Portal, jar: &CookieJar) -> web::Result<Option<(Browser, Open)>> {
    let Some(browser) = Browser::of(jar, portal) else { return Ok(None) };
    Ok(super::open(portal, &browser).await?.map(|open| (browser, open)))
}

fn phone_form(portal: &Portal, phone: String) -> PhoneForm {
    PhoneForm { phone, handset: portal.settings.demo_handset, ..Default::default() }
}

async fn code_form(portal: &Portal, open: Option<&Open>, error: Option<String>) -> web::Result<CodeForm> {
    let (phone, seconds) = match open {
        Some(open) => (
            open.typed(portal.master())?,
            codes::wait_for_another(portal.db()?, open, portal.ambient.now()).await?,
        ),
        None => (String::new(), 0),
    };
    Ok(CodeForm {
        phone,
        minutes: codes::LASTS / MINUTE,
        errors: error.map(|message| FieldError::new("code", message)).into_iter().collect(),
        wait: (seconds > 0).then_some(Wait { seconds }),
        handset: portal.settings.demo_handset,
    })
}

pub(in crate::accounts) const WRONG_CODE: &str = mark!("That is not the code. Check it and try again");
const WRONG_FACT: &str = mark!("That is not the account number. Check it and try again");

/// `wrong` is what to say of what was typed.
pub(in crate::accounts) fn words(refusal: Refusal, wrong: &'static str) -> String {
    match refusal {
        Refusal::Wrong => said(wrong).to_owned(),
        Refusal::WrongAndOver | Refusal::Ended => said(ENDED).to_owned(),
        Refusal::Wait { seconds } => {
            say_many!(
                (seconds + 59) / 60,
                "Too many wrong codes were entered for this number. Try again in {n} minute",
                "Too many wrong codes were entered for this number. Try again in {n} minutes"
            )
        }
        Refusal::Stopped => said(STOPPED).to_owned(),
    }
}

pub(in crate::accounts) fn refused(page: Response, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Wait { seconds } => too_many(page, seconds),
        Refusal::Stopped => with_status(page, StatusCode::FORBIDDEN),
        _ => with_status(page, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

fn refuse<P: app::Page>(view: &View, form: P) -> Response {
    with_status(view.page(form), StatusCode::UNPROCESSABLE_ENTITY)
}

fn wait<P: app::Page>(view: &View, form: P, seconds: i64) -> Response {
    too_many(view.page(form), seconds)
}

fn too_many(page: Response, seconds: i64) -> Response {
    let mut page = with_status(page, StatusCode::TOO_MANY_REQUESTS);
    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    page
}

fn with_status(mut page: Response, status: StatusCode) -> Response {
    *page.status_mut() = status;
    page
}
