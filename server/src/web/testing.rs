//! A whole portal in a test, and a browser of sorts: cookies, our origin, redirects on request.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, body::Body};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tower::ServiceExt;
use tower_sessions::Session;

use crate::{
    accounts::{
        Profile,
        session::{self, Who},
    },
    ambient::{Ambient, FixedClock, Millis},
    incident::{Incident, Incidents},
    messages,
    portal::Portal,
    settings::{Flavor, Settings},
    store::{self, blobs::Blobs, keys::MasterKey, sql, testing::TestDb},
    transaction,
};

/// 20 October 2009, 12:00 UTC, where the demo's story stands.
pub const NOW: Millis = 1_256_040_000_000;

pub struct TestPortal {
    pub portal: Portal,
    pub clock: Arc<FixedClock>,
    pub folder: TempDir,
}

impl TestPortal {
    /// The demo incident over `test`'s database.
    pub fn new(test: &TestDb) -> Self {
        Self::with_incident(test, include_str!("../../../demo/incident.toml"))
    }

    pub fn with_incident(test: &TestDb, incident: &str) -> Self {
        Self::with(test, incident, |_| ())
    }

    /// With settings of its own.
    pub fn with(test: &TestDb, incident: &str, change: impl FnOnce(&mut Settings)) -> Self {
        Self::telling(test, Incident::from_toml(incident, "incident.toml").unwrap(), change)
    }

    /// With the demo's translation too.
    pub fn in_every_language(test: &TestDb, incident: &str) -> Self {
        let spanish = include_str!("../../../demo/incident.es.po");
        Self::telling(test, Incidents::read(incident, "incident.toml", Some(spanish)).unwrap(), |_| ())
    }

    fn telling(test: &TestDb, incident: impl Into<Incidents>, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().display().to_string();
        let variables = [
            ("MAKEGOOD_DATA_DIR", data.as_str()),
            ("MAKEGOOD_DATABASE_URL", &test.url),
            ("MAKEGOOD_MESSAGES", "file"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut settings = Settings::load(None, variables.into_iter(), Flavor::Real).unwrap();
        change(&mut settings);
        let (ambient, clock) = Ambient::fixed(NOW, 42);
        let master = MasterKey::from_bytes([7; 32]);
        let blobs = Blobs::open(&settings.blobs_url).unwrap();
        let portal = Portal::new(settings, incident, ambient, master, blobs);
        portal.set_db(test.db.clone());
        Self { portal, clock, folder }
    }

    /// A subscriber who is not affected.
    pub async fn subscriber(&self, account: &str, phone: &str, plan: &str) -> Profile {
        let (id, ambient) = (self.portal.ambient.id(), &self.portal.ambient);
        let db = self.portal.db().unwrap();
        transaction!(db, |tx| -> store::Result<()> {
            sql("INSERT INTO subscribers (id, account, phone, name, email, locale, time_zone, plan, search, cohort,
                 created_at, updated_at)
                 VALUES ($1, $2, $3, 'Ada Example', 'ada@example.com', 'en-US', 'America/Los_Angeles', $4,
                 'ada example', 0, $5, $5)")
            .bind(&id)
            .bind(account)
            .bind(phone)
            .bind(plan)
            .bind(ambient.now())
            .execute(tx)
            .await?;
            Ok(())
        })
        .unwrap();
        Profile::load(db, &id).await.unwrap().unwrap()
    }

    /// Makes the subscriber affected: `items` found of `expected` in a released category.
    pub async fn holding(
        &self,
        subscriber: &Profile,
        category: app::Category,
        items: i64,
        expected: Option<i64>,
    ) {
        transaction!(self.portal.db().unwrap(), |tx| -> store::Result<()> {
            sql("INSERT INTO holdings (subscriber_id, category, files, items, expected, as_of, released_at, changed_at)
                 VALUES ($1, $2, 1, $3, $4, $5, $5, $5)")
            .bind(&subscriber.id)
            .bind(category)
            .bind(items)
            .bind(expected)
            .bind(NOW)
            .execute(tx)
            .await?;
            Ok(())
        })
        .unwrap();
    }

    /// A browser in which the subscriber is signed in.
    pub async fn signed_in(&self, subscriber: &Profile) -> Browser {
        self.session(Who::Subscriber(subscriber.id.clone())).await
    }

    /// A browser with a session of `who`.
    pub async fn session(&self, who: Who) -> Browser {
        let session = Session::new(None, Arc::new(session::store(&self.portal)), None);
        session::begin(&session, who, self.portal.ambient.now()).await.unwrap();
        session.save().await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("id".to_owned(), session.id().unwrap().to_string());
        browser
    }

    /// Sends what is due or waits for the morning, for which nobody has quiet hours from now on, and returns the newest
    /// message to `phone`; empty when there is none.
    pub async fn last_message(&self, phone: &str) -> String {
        transaction!(self.portal.db().unwrap(), bulk |tx| -> store::Result<()> {
            sql("INSERT INTO message_preferences (subscriber_id, news, quiet_from, quiet_until, changed_at)
                 SELECT id, 'email', 0, 0, 0 FROM subscribers WHERE true
                 ON CONFLICT (subscriber_id) DO UPDATE SET quiet_from = 0, quiet_until = 0")
            .execute(&mut *tx)
            .await?;
            sql("UPDATE messages SET leased_until = 0 WHERE attempts = 0").execute(tx).await.map(drop)
        })
        .unwrap();
        while messages::deliver(&self.portal).await.unwrap() > 0 {}
        let lines = std::fs::read_to_string(self.folder.path().join("messages.jsonl")).unwrap_or_default();
        let mut messages = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let newest = messages.rfind(|message| message["to"] == phone);
        newest.map(|message| message["text"].as_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// The six digits that begin the newest message to `phone`; empty when there is none.
    pub async fn last_code(&self, phone: &str) -> String {
        self.last_message(phone).await.chars().take_while(char::is_ascii_digit).collect()
    }

    pub fn browser(&self) -> Browser {
        Browser { router: super::router(self.portal.clone()), cookies: BTreeMap::new() }
    }
}

/// Keeps cookies; sends posts as our own pages do. A clone is another tab.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where a redirect leads; empty when it is none.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Posts a form, `[("phone", "+1…")]`.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Sends any request with the cookies that this browser holds.
    pub async fn send(&mut self, request: http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header(header::COOKIE, cookies.join("; ")).body(body).unwrap();
        let peer: std::net::SocketAddr = ([127, 0, 0, 1], 40_000).into();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// What arrives of an answer until it ends or is cut.
    pub async fn cut(&mut self, path: &str) -> Vec<u8> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            Request::get(path).header(header::COOKIE, cookies.join("; ")).body(Body::empty()).unwrap();
        let peer: std::net::SocketAddr = ([127, 0, 0, 1], 40_000).into();
        request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        let mut body = self.router.clone().oneshot(request).await.unwrap().into_body();
        let mut arrived = Vec::new();
        while let Some(Ok(frame)) = body.frame().await {
            arrived.extend(frame.into_data().unwrap_or_default());
        }
        arrived
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
