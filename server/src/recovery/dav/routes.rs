//! `/dav/` and the two addresses under `/.well-known/` that lead there.

use std::{
    pin::Pin,
    sync::{Arc, LazyLock},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse, Response},
    routing::{any, options},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use hyper::body::{Frame, SizeHint};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    answer::{Error, Result, busy, with_abilities},
    get, members,
    place::{Collection, Place},
    propfind, report, states,
};
use crate::{
    accounts::{Access, app_passwords::AppClient},
    ambient::Millis,
    portal::Portal,
    store::Db,
};

/// The largest body: ten thousand members asked for at once.
const BODY_LIMIT: usize = 1024 * 1024;

/// Answers that are made or on their way at once: each may be as large as [`texts`](super::texts) says.
const AT_ONCE: usize = 16;
/// How long a client waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is answered, as `Allow` says it.
const METHODS: &str = "OPTIONS, GET, HEAD, PROPFIND, REPORT";

/// Every method of an address has one handler: axum knows no filters for those of WebDAV.
pub fn routes() -> Router<Portal> {
    let place = || options(abilities).fallback(answer);
    Router::new()
        .route("/dav", place())
        .route("/dav/", place())
        .route("/dav/{*path}", place())
        .route("/.well-known/carddav", any(found))
        .route("/.well-known/caldav", any(found))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// RFC 6764: from the host alone to where the protocol begins.
async fn found() -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, Place::Root.href())]).into_response()
}

/// Asked before anybody signs in, and the same for everybody.
async fn abilities() -> Response {
    with_abilities((StatusCode::OK, [(header::ALLOW, METHODS)]).into_response())
}

async fn answer(
    State(portal): State<Portal>,
    client: AppClient,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(Ok(turn)) = timeout(PATIENCE, turns().acquire_owned()).await else {
        return with_abilities(busy());
    };
    let answered = work(&portal, &client, method, uri.path(), &headers, &body).await;
    let response = answered.unwrap_or_else(IntoResponse::into_response);
    with_abilities(held_while_sent(response, turn))
}

/// An answer on its way.
struct Held {
    body: Body,
    _turn: OwnedSemaphorePermit,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn turns() -> Arc<Semaphore> {
    static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));
    TURNS.clone()
}

/// The turn ends when the answer has left, or its client has.
fn held_while_sent(response: Response, turn: OwnedSemaphorePermit) -> Response {
    response.map(|body| Body::new(Held { body, _turn: turn }))
}

async fn work(
    portal: &Portal,
    client: &AppClient,
    method: Method,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response> {
    match method.as_str() {
        "GET" | "HEAD" | "PROPFIND" | "REPORT" => {}
        "PUT" | "DELETE" | "POST" | "PATCH" | "PROPPATCH" | "MKCOL" | "MKCALENDAR" | "COPY" | "MOVE"
        | "LOCK" | "UNLOCK" | "ACL" => return Err(Error::read_only(path)),
        _ => return Ok((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, METHODS)]).into_response()),
    }
    let place = Place::of(path).ok_or(Error::NotFound)?;
    let scene = Scene::of(portal, client).await?;
    scene.has(&place)?;
    match method.as_str() {
        "PROPFIND" => propfind::answer(&scene, &place, headers, body).await,
        "REPORT" => report::answer(&scene, &place, body).await,
        _ => get::answer(&scene, &place, headers).await,
    }
}

/// What one request works with.
pub struct Scene<'a> {
    pub portal: &'a Portal,
    pub db: &'a Db,
    pub access: Access<'a>,
    pub now: Millis,
    /// The collections that are open to whoever asks; the others are not there.
    pub open: Vec<Collection>,
}

impl<'a> Scene<'a> {
    async fn of(portal: &'a Portal, client: &'a AppClient) -> Result<Self> {
        let (db, access, now) = (portal.db()?, client.own(), portal.ambient.now());
        let open = members::open(db, &portal.incident, access, now).await?;
        Ok(Self { portal, db, access, now, open })
    }

    fn has(&self, place: &Place) -> Result<()> {
        match place {
            Place::Collection(collection) | Place::Member(collection, _)
                if !self.open.contains(collection) =>
            {
                Err(Error::NotFound)
            }
            _ => Ok(()),
        }
    }

    /// The collection's token, told and so kept.
    pub async fn token(&self, collection: Collection, members: &[members::Member]) -> Result<String> {
        Ok(states::keep(self.db, self.access, collection, &states::state(members), self.now).await?)
    }
}
