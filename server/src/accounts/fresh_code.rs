//! "Confirm with a fresh code": one more code to the phone of somebody who is signed in, before
//! something is made that outlives the session (a download link, an app password).
//!
//! One address does it all, with the same page: GET shows it, POST without `code` sends a code,
//! POST with `code` enters it. An [`Act`] says what for; a code serves its act alone, in the session
//! that asked. The handlers of an act at `/some/path`:
//!
//! ```ignore
//! fn act() -> Act<'static> { Act { slug: "app-password", path: "/some/path", title: say!("…"), lead: say!("…"), … } }
//!
//! pub async fn page(State(portal): …, subscriber: Subscriber, session: Session, view: View) -> web::Result {
//!     fresh_code::page(&portal, &view, &Asker::of(&subscriber, &session)?, &act()).await
//! }
//!
//! pub async fn make(…, Form(typed): Form<Typed>) -> web::Result {
//!     let asker = Asker::of(&subscriber, &session)?;
//!     let entry = match fresh_code::step(&portal, &view, &asker, &act(), &typed).await? {
//!         Step::Answer(response) => return Ok(response),
//!         Step::Entered(entry) => entry,
//!     };
//!     // `bulk`, and a refusal commits too: it has taken a try.
//!     let made = transaction!(portal.db()?, bulk |tx| -> Result<std::result::Result<T, Refusal>> {
//!         if let Err(refusal) = fresh_code::confirm(tx, &portal, &entry).await? { return Ok(Err(refusal)); }
//!         /* make it here, in the same transaction */
//!     })?;
//!     portal.outbox.notify_one();
//!     match made {
//!         Ok(made) => …,
//!         Err(refusal) => fresh_code::refused(&portal, &view, &asker, &act(), refusal).await,
//!     }
//! }
//! ```

use app::{
    models::{FieldError, FreshCodeForm, Wait},
    say,
};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use tower_sessions::Session;

use super::{
    Subscriber,
    codes::{self, Asked, Entered, Hashes, Open, Owner, Pool, Purpose, Refusal, Stage, Wish},
    phone::Phone,
    session,
    sign_in::routes::{WRONG_CODE, refused as with_refusal, words},
};
use crate::{
    ambient::MINUTE,
    messages::templates,
    portal::Portal,
    store::{Result, Tx},
    transaction,
    web::{self, View},
};

/// What is confirmed.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Keeps the codes of two acts apart.
    pub slug: &'static str,
    /// Where the page stands and its forms are posted.
    pub path: &'a str,
    pub title: &'a str,
    /// What will be made, and what it is good for.
    pub lead: &'a str,
    /// On the button that enters the code: "Make the link".
    pub button: &'a str,
    /// Where one goes who does not want it after all.
    pub back: &'a str,
}

/// Who confirms, in which session.
pub struct Asker<'a> {
    subscriber: &'a Subscriber,
    session: [u8; 32],
}

impl<'a> Asker<'a> {
    /// Not signed in, when the session was never saved.
    pub fn of(subscriber: &'a Subscriber, session: &Session) -> web::Result<Self> {
        let session = session::key_of(session).ok_or(web::Error::SignIn("/sign-in?to=continue"))?;
        Ok(Self { subscriber, session })
    }

    fn holder(&self, portal: &Portal, act: &Act<'_>) -> [u8; 32] {
        Hashes::new(portal.master()).fresh(act.slug, &self.subscriber.id, &self.session)
    }
}

#[derive(Deserialize)]
pub struct Typed {
    code: Option<String>,
}

/// A code that was entered and is not yet looked at.
pub struct Entry {
    open: Open,
    code: String,
}

/// Where a post leads.
pub enum Step {
    /// Nothing to confirm yet: this is the answer.
    Answer(Response),
    Entered(Entry),
}

/// The page, as it stands now.
pub async fn page(portal: &Portal, view: &View, asker: &Asker<'_>, act: &Act<'_>) -> web::Result {
    Ok(view.page(form(portal, asker, act, None).await?))
}

/// Sends a code, or takes the one that was typed.
pub async fn step(
    portal: &Portal,
    view: &View,
    asker: &Asker<'_>,
    act: &Act<'_>,
    typed: &Typed,
) -> web::Result<Step> {
    let Some(typed) = &typed.code else { return send(portal, view, asker, act).await.map(Step::Answer) };
    let Some(open) = codes::of_holder(portal.db()?, Purpose::Fresh, &asker.holder(portal, act)).await? else {
        return refused(portal, view, asker, act, Refusal::Ended).await.map(Step::Answer);
    };
    let Some(code) = codes::six_digits(typed) else {
        let form =
            form(portal, asker, act, Some(say!("Enter the six digits of the code").to_owned())).await?;
        return Ok(Step::Answer(with_refusal(view.page(form), Refusal::Wrong)));
    };
    Ok(Step::Entered(Entry { open, code }))
}

/// Whether the code is right; a right one is used up. In the transaction of what it confirms: a
/// refusal commits too, since it has taken a try.
pub async fn confirm(
    tx: &mut Tx,
    portal: &Portal,
    entry: &Entry,
) -> Result<std::result::Result<(), Refusal>> {
    let hashes = Hashes::new(portal.master());
    let is_code = |open: &Open| hashes.is_code(open, &entry.code);
    let pool = Pool::Others { beside_known: false };
    match codes::enter(tx, portal, &entry.open, Stage::Code, pool, is_code).await? {
        Entered::Right { .. } => codes::succeed(tx, portal, &entry.open).await.map(Ok),
        Entered::Refused(refusal) => Ok(Err(refusal)),
    }
}

/// The page again, with what went wrong.
pub async fn refused(
    portal: &Portal,
    view: &View,
    asker: &Asker<'_>,
    act: &Act<'_>,
    refusal: Refusal,
) -> web::Result {
    let form = form(portal, asker, act, Some(words(refusal, WRONG_CODE))).await?;
    Ok(with_refusal(view.page(form), refusal))
}

async fn send(portal: &Portal, view: &View, asker: &Asker<'_>, act: &Act<'_>) -> web::Result {
    let Some(phone) = asker.subscriber.phone.as_deref().and_then(|phone| phone.parse::<Phone>().ok()) else {
        let message = say!("We have no phone number for your account, so no code can be sent");
        let form = form(portal, asker, act, Some(message.to_owned())).await?;
        return Ok(with_refusal(view.page(form), Refusal::Stopped));
    };
    let owner = Owner { id: asker.subscriber.id.clone(), account: asker.subscriber.account.clone() };
    let holder = asker.holder(portal, act);
    let asked = transaction!(portal.db()?, bulk |tx| -> Result<Asked> {
        let wish = Wish {
            purpose: Purpose::Fresh,
            holder,
            phone: &phone,
            typed: phone.as_str(),
            owner: Some(&owner),
            pool: Pool::Others { beside_known: false },
            words: templates::fresh_code,
        };
        codes::ask(tx, portal, wish).await
    })?;
    match asked {
        Asked::Sent => {
            portal.outbox.notify_one();
            Ok(Redirect::to(act.path).into_response())
        }
        Asked::Wait { seconds } => {
            let form = form(portal, asker, act, None).await?;
            let mut page = view.page(FreshCodeForm { wait: Some(Wait { seconds }), ..form });
            *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
            Ok(page)
        }
        Asked::Stopped => refused(portal, view, asker, act, Refusal::Stopped).await,
    }
}

async fn form(
    portal: &Portal,
    asker: &Asker<'_>,
    act: &Act<'_>,
    error: Option<String>,
) -> web::Result<FreshCodeForm> {
    let (db, now) = (portal.db()?, portal.ambient.now());
    let open = codes::of_holder(db, Purpose::Fresh, &asker.holder(portal, act)).await?;
    let open = open.filter(|open| open.expires_at() > now);
    let seconds = match &open {
        Some(open) => codes::wait_for_another(db, open, now).await?,
        None => 0,
    };
    Ok(FreshCodeForm {
        title: act.title.to_owned(),
        lead: act.lead.to_owned(),
        path: act.path.to_owned(),
        button: act.button.to_owned(),
        back: act.back.to_owned(),
        phone_end: asker.subscriber.phone_end(),
        minutes: codes::LASTS / MINUTE,
        sent: open.is_some(),
        errors: error.map(|message| FieldError::new("code", message)).into_iter().collect(),
        wait: (seconds > 0).then_some(Wait { seconds }),
        handset: portal.settings.demo_handset,
    })
}
