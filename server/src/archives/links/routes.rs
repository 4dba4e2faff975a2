//! `/recovery/archive/link` makes a link, `/links/TOKEN/NAME` is one, `/account/links/ID/end` ends one.

use app::{
    models::{DownloadLink, LinkMade},
    say,
};
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Deserialize;
use tower_sessions::Session;

use super::{Link, address, end, kept, make, store};
use crate::{
    accounts::{
        Subscriber,
        codes::Refusal,
        fresh_code::{self, Act, Asker, Step, Typed},
    },
    archives::{
        Part,
        basis::Basis,
        editions::{self, Edition},
        make::current_or_first,
        serve,
    },
    messages::{self, templates},
    portal::Portal,
    store::{Result, Tx},
    transaction,
    web::{
        self, View,
        wording::{day, moment},
    },
};

pub const PATH: &str = "/recovery/archive/link";

/// Which edition: one by its id, or the current one of a part; of everything where neither is named.
#[derive(Deserialize)]
pub struct Wanted {
    edition: Option<String>,
    part: Option<String>,
}

/// What a link is to lead to. Where the part has no edition yet, none is made before the code is right.
struct Target {
    part: Part,
    edition: Option<Edition>,
}

impl Target {
    /// Not found: anybody else's edition, and a part of which nothing is open.
    async fn of(portal: &Portal, subscriber: &Subscriber, wanted: &Wanted) -> web::Result<Self> {
        let db = portal.db()?;
        if let Some(id) = &wanted.edition {
            let edition = editions::find(db, subscriber.own(), id).await?.ok_or(web::Error::NotFound)?;
            return Ok(Self { part: edition.part()?, edition: Some(edition) });
        }
        let part =
            Part::of_slug(wanted.part.as_deref().unwrap_or("everything")).ok_or(web::Error::NotFound)?;
        let edition = editions::current(db, subscriber.own(), part).await?;
        if edition.is_none() && Basis::now(db, &subscriber.id, part).await?.is_empty() {
            return Err(web::Error::NotFound);
        }
        Ok(Self { part, edition })
    }

    /// Names the edition, so that it stays the one while others are made.
    fn path(&self) -> String {
        match &self.edition {
            Some(edition) => format!("{PATH}?edition={}", edition.id),
            None => format!("{PATH}?part={}", self.part.slug()),
        }
    }

    fn lead(&self) -> String {
        let what = match self.part {
            Part::Everything => say!("everything").to_owned(),
            Part::Category(category) => say!("your {items}", items = category.noun(2)),
        };
        let when = match &self.edition {
            Some(edition) => say!("put together on {when}", when = moment(edition.made_at)),
            None => say!("as it is now").to_owned(),
        };
        say!(
            "For a download manager or another device: an address for the ZIP of {what}, {when}. It works for 24 hours \
             without signing in, so whoever has it has your data.",
            what,
            when
        )
    }
}

fn act<'a>(path: &'a str, lead: &'a str) -> Act<'a> {
    Act {
        slug: "download-link",
        path,
        title: say!("Make a download link"),
        lead,
        button: say!("Make the link"),
        back: "/recovery/archive",
    }
}

pub async fn page(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    session: Session,
    Query(wanted): Query<Wanted>,
    view: View,
) -> web::Result {
    let target = Target::of(&portal, &subscriber, &wanted).await?;
    let (path, lead) = (target.path(), target.lead());
    fresh_code::page(&portal, &view, &Asker::of(&subscriber, &session)?, &act(&path, &lead)).await
}

pub async fn post(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    session: Session,
    Query(wanted): Query<Wanted>,
    view: View,
    Form(typed): Form<Typed>,
) -> web::Result {
    let target = Target::of(&portal, &subscriber, &wanted).await?;
    let (path, lead) = (target.path(), target.lead());
    let (act, asker) = (act(&path, &lead), Asker::of(&subscriber, &session)?);
    let entry = match fresh_code::step(&portal, &view, &asker, &act, &typed).await? {
        Step::Answer(response) => return Ok(response),
        Step::Entered(entry) => entry,
    };
    // A refusal commits too: it has taken a try.
    let made = transaction!(portal.db()?, bulk |tx| -> Result<std::result::Result<Option<String>, Refusal>> {
        if let Err(refusal) = fresh_code::confirm(tx, &portal, &entry).await? {
            return Ok(Err(refusal));
        }
        match &target.edition {
            Some(edition) => make_and_tell(tx, &portal, &subscriber, edition).await.map(|token| Ok(Some(token))),
            None => Ok(Ok(None)),
        }
    })?;
    let token = match made {
        Ok(token) => token,
        Err(refusal) => return fresh_code::refused(&portal, &view, &asker, &act, refusal).await,
    };
    let (edition, token) = match (target.edition, token) {
        (Some(edition), Some(token)) => (edition, token),
        _ => to_first(&portal, &subscriber, target.part).await?,
    };
    portal.outbox.notify_one();
    Ok(view.page(shown_once(&portal, &edition, &token)?))
}

/// The code was right, and the part had no edition: makes it, and the link to it.
async fn to_first(portal: &Portal, subscriber: &Subscriber, part: Part) -> web::Result<(Edition, String)> {
    let edition = current_or_first(portal, subscriber, part).await?;
    let token = transaction!(portal.db()?, bulk |tx| -> Result<String> {
        make_and_tell(tx, portal, subscriber, &edition).await
    })?;
    Ok((edition, token))
}

async fn make_and_tell(
    tx: &mut Tx,
    portal: &Portal,
    subscriber: &Subscriber,
    edition: &Edition,
) -> Result<String> {
    tell(tx, portal, subscriber).await?;
    make(tx, portal, edition).await
}

/// The owner of the phone hears of it, also if it was not they.
async fn tell(tx: &mut Tx, portal: &Portal, subscriber: &Subscriber) -> Result<()> {
    messages::tell(tx, portal, &subscriber.id, templates::download_link_made).await
}

/// The one answer that holds the address; a redirect would have to keep it somewhere.
fn shown_once(portal: &Portal, edition: &Edition, token: &str) -> Result<LinkMade> {
    Ok(LinkMade {
        address: address(portal, edition.part()?, token),
        file_name: edition.part()?.file_name(),
        until: moment(portal.ambient.now() + super::LASTS),
        edition: moment(edition.made_at),
        bytes: edition.bytes,
        sha256: edition.sha256.as_ref().map(hex::encode),
    })
}

/// `/links/TOKEN/NAME`: no cookie is looked at. What is unknown, over or ended is not found, alike.
pub async fn download(
    State(portal): State<Portal>,
    Path((token, name)): Path<(String, String)>,
    method: Method,
    asked: HeaderMap,
) -> web::Result {
    let db = portal.db()?;
    let opened = store::by_token(db, &kept(portal.master(), &token), portal.ambient.now()).await?;
    let opened = opened.ok_or(web::Error::NotFound)?;
    let edition = editions::linked(db, &opened.edition_id).await?.ok_or(web::Error::NotFound)?;
    if edition.part()?.file_name() != name {
        return Err(web::Error::NotFound);
    }
    note_use(&portal, &opened);
    let mut response = serve::answer(&portal, edition, &method, &asked).await?;
    let headers = response.headers_mut();
    // Nobody passes the address on, and nobody lists it.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    Ok(response)
}

/// Written down behind the answer: the first byte does not wait for it.
fn note_use(portal: &Portal, opened: &store::Opened) {
    let now = portal.ambient.now();
    if !opened.is_use_new(now) {
        return;
    }
    let (portal, id) = (portal.clone(), opened.id.clone());
    tokio::spawn(async move {
        let noted = async {
            transaction!(portal.db()?, bulk |tx| -> Result<()> { store::note_use(tx, &id, now).await })
        };
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the use of a link was not noted");
        }
    });
}

/// `POST /account/links/ID/end`.
pub async fn end_one(
    State(portal): State<Portal>,
    subscriber: Subscriber,
    Path(id): Path<String>,
) -> web::Result {
    let ended = transaction!(portal.db()?, |tx| -> Result<bool> { end(tx, subscriber.own(), &id).await })?;
    if ended { Ok(Redirect::to("/account#links").into_response()) } else { Err(web::Error::NotFound) }
}

/// What `/account` shows of a link.
pub fn line(link: Link) -> DownloadLink {
    let what = Part::of_slug(&link.part).unwrap_or(Part::Everything).title();
    DownloadLink {
        what: say!("{what}, as of {day}", what, day = day(link.edition_at)),
        made: moment(link.made_at),
        until: moment(link.expires_at),
        used: link.used_at.map_or_else(|| say!("never").to_owned(), moment),
        end: format!("/account/links/{}/end", link.id),
    }
}
