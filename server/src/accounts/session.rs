//! Sessions: tower-sessions over our own table, which keeps a hash of the id.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

use crate::{
    accounts::recent::Recent,
    ambient::{HOUR, MINUTE, Millis},
    portal::Portal,
    store::{self as storage, Db, Tx, sql},
    transaction, web,
};

/// A session ends after this long without a request …
pub const IDLE: Millis = 30 * MINUTE;
/// … and after this long in any case (NIST 800-63B).
pub const LIFETIME: Millis = 12 * HOUR;
/// A row is written for being used at most this often.
const TOUCH: Millis = 5 * MINUTE;

const VISIT: &str = "visit";

/// What a session holds of a signed-in person: ids and times, nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub who: Who,
    pub signed_in_at: Millis,
    pub touched_at: Millis,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    Subscriber(String),
    Staff(String),
}

impl Visit {
    fn is_over(&self, now: Millis) -> bool {
        now - self.touched_at >= IDLE || now - self.signed_in_at >= LIFETIME
    }
}

/// The person whom this session belongs to, if it is still good; notes that it was used.
pub async fn visit(session: &Session, now: Millis) -> web::Result<Option<Visit>> {
    let Some(visit) = session.get::<Visit>(VISIT).await.map_err(failed)? else { return Ok(None) };
    if visit.is_over(now) {
        session.flush().await.map_err(failed)?;
        return Ok(None);
    }
    if now - visit.touched_at >= TOUCH {
        let touched = Visit { touched_at: now, ..visit.clone() };
        session.insert(VISIT, touched).await.map_err(failed)?;
    }
    Ok(Some(visit))
}

/// Signs `who` in under a new id (OWASP: renewed at sign-in).
pub async fn begin(session: &Session, who: Who, now: Millis) -> web::Result<()> {
    session.clear().await;
    session.cycle_id().await.map_err(failed)?;
    session.insert(VISIT, Visit { who, signed_in_at: now, touched_at: now }).await.map_err(failed)
}

/// Signs out: the row goes.
pub async fn end(session: &Session) -> web::Result<()> {
    session.flush().await.map_err(failed)
}

/// Ends every session of a subscriber.
pub async fn end_all(tx: &mut Tx, subscriber: &str) -> storage::Result<()> {
    sql("DELETE FROM sessions WHERE subscriber_id = $1").bind(subscriber).execute(&mut *tx).await?;
    raise_ended(tx).await
}

/// Tells every process that sessions ended, so that their streams end too.
async fn raise_ended(tx: &mut Tx) -> storage::Result<()> {
    sql("INSERT INTO changes (name, count) VALUES ('sessions', 1)
         ON CONFLICT (name) DO UPDATE SET count = changes.count + 1")
    .execute(tx)
    .await?;
    Ok(())
}

/// How often sessions have ended before their time.
pub async fn ended(db: &Db) -> storage::Result<i64> {
    let row: Option<(i64,)> = sql("SELECT count FROM changes WHERE name = 'sessions'").optional(db).await?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Whether a session's row is still there.
pub async fn exists(db: &Db, key: &[u8; 32]) -> storage::Result<bool> {
    let row: Option<(i64,)> =
        sql("SELECT expires_at FROM sessions WHERE id = $1").bind(key).optional(db).await?;
    Ok(row.is_some())
}

/// The key under which a session is stored; none before it was saved for the first time.
pub fn key_of(session: &Session) -> Option<[u8; 32]> {
    session.id().as_ref().map(key)
}

fn failed(error: tower_sessions::session::Error) -> web::Error {
    match error {
        tower_sessions::session::Error::Store(session_store::Error::Backend(reason)) if reason == OUTAGE => {
            web::Error::Store(storage::Error::Unavailable)
        }
        error => web::Error::Internal(format!("session: {error}")),
    }
}

const OUTAGE: &str = "outage";

/// The cookie: `__Host-id` on https, `id` on plain-HTTP loopback.
pub fn layer(portal: &Portal) -> SessionManagerLayer<Store> {
    let https = portal.settings.is_https();
    SessionManagerLayer::new(store(portal))
        .with_name(if https { "__Host-id" } else { "id" })
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The visit inside has the true limits; the cookie goes with the browser's session.
        .with_expiry(Expiry::OnSessionEnd)
}

pub fn store(portal: &Portal) -> Store {
    Store(portal.clone())
}

/// Our table as a session store.
#[derive(Clone)]
pub struct Store(Portal);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

/// What a session holds, by name.
pub type Data = HashMap<String, serde_json::Value>;

/// Sessions read a moment ago, by the hash of their id.
pub type RecentSessions = Recent<[u8; 32], Data>;

/// The sessions of a subscriber that are still good: where each began and was last used, and whether
/// it is `here`.
pub async fn of_subscriber(
    db: &Db,
    subscriber_id: &str,
    here: &Session,
    now: Millis,
) -> storage::Result<Vec<(Visit, bool)>> {
    let rows: Vec<(Vec<u8>, String)> =
        sql("SELECT id, data FROM sessions WHERE subscriber_id = $1 AND expires_at > $2")
            .bind(subscriber_id)
            .bind(now)
            .all(db)
            .await?;
    let here = here.id().map(|id| key(&id).to_vec());
    let read = |(id, data): (Vec<u8>, String)| {
        let visit = serde_json::from_str::<Data>(&data).ok()?.remove(VISIT)?;
        Some((serde_json::from_value::<Visit>(visit).ok()?, here.as_ref() == Some(&id)))
    };
    let mut visits: Vec<(Visit, bool)> =
        rows.into_iter().filter_map(read).filter(|(visit, _)| !visit.is_over(now)).collect();
    visits.sort_by_key(|(visit, here)| (!here, -visit.touched_at));
    Ok(visits)
}

/// What is stored of a session id: whoever reads the table cannot use it.
fn key(id: &Id) -> [u8; 32] {
    Sha256::digest(id.to_string().as_bytes()).into()
}

const INSERT: &str =
    "INSERT INTO sessions (id, subscriber_id, staff_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)";
const UPDATE: &str =
    "UPDATE sessions SET subscriber_id = $2, staff_id = $3, data = $4, expires_at = $5 WHERE id = $1";

impl Store {
    /// A new row, or with `is_new` false the one there is: what was signed out meanwhile stays so.
    async fn write(&self, record: &Record, is_new: bool) -> storage::Result<()> {
        let visit: Option<Visit> =
            record.data.get(VISIT).and_then(|value| serde_json::from_value(value.clone()).ok());
        let (subscriber, staff) = match visit.as_ref().map(|visit| &visit.who) {
            Some(Who::Subscriber(id)) => (Some(id.as_str()), None),
            Some(Who::Staff(id)) => (None, Some(id.as_str())),
            None => (None, None),
        };
        let touched = visit.as_ref().map_or(self.0.ambient.now(), |visit| visit.touched_at);
        let data = serde_json::to_string(&record.data)
            .map_err(|error| storage::Error::Corrupt(error.to_string()))?;
        let statement = if is_new { INSERT } else { UPDATE };
        transaction!(self.0.db()?, |tx| -> storage::Result<()> {
            sql(statement)
                .bind(&key(&record.id))
                .bind(subscriber)
                .bind(staff)
                .bind(&data)
                .bind(touched + IDLE)
                .execute(tx)
                .await?;
            Ok(())
        })?;
        self.0.sessions.forget(&key(&record.id));
        Ok(())
    }

    async fn read(&self, id: &Id) -> storage::Result<Option<Record>> {
        let (key, now) = (key(id), self.0.ambient.now());
        let before = self.0.sessions.before();
        let data = match self.0.sessions.get(&key, now) {
            Some(data) => data,
            None => {
                let Some(data) = self.read_row(&key, now).await? else { return Ok(None) };
                self.0.sessions.keep(before, key, data.clone(), now);
                data
            }
        };
        // The true limits are ours, by our clock; tower-sessions only needs a date ahead.
        let expiry_date = time::OffsetDateTime::UNIX_EPOCH + time::Duration::days(365 * 300);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn read_row(&self, key: &[u8; 32], now: Millis) -> storage::Result<Option<Data>> {
        let row: Option<(String,)> = sql("SELECT data FROM sessions WHERE id = $1 AND expires_at > $2")
            .bind(key)
            .bind(now)
            .optional(self.0.db()?)
            .await?;
        let read = |(data,): (String,)| {
            serde_json::from_str(&data).map_err(|error| storage::Error::Corrupt(error.to_string()))
        };
        row.map(read).transpose()
    }
}

fn backend(error: storage::Error) -> session_store::Error {
    session_store::Error::Backend(if error.is_outage() { OUTAGE.to_owned() } else { error.to_string() })
}

#[async_trait::async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // 128 random bits do not collide.
        self.write(record, true).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.write(record, false).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.read(id).await.map_err(backend)
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let delete = async {
            transaction!(self.0.db()?, |tx| -> storage::Result<()> {
                sql("DELETE FROM sessions WHERE id = $1").bind(&key(id)).execute(&mut *tx).await?;
                raise_ended(tx).await
            })
        };
        let deleted = delete.await.map_err(backend);
        self.0.sessions.forget(&key(id));
        deleted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{accounts::Profile, on_both, web::testing::TestPortal};

    async fn someone(test: &TestPortal) -> Profile {
        test.subscriber("a-1", "+12125550101", "data-20").await
    }

    async fn stored(test: &TestPortal) -> i64 {
        let (count,): (i64,) =
            sql("SELECT COUNT(*) FROM sessions").one(test.portal.db().unwrap()).await.unwrap();
        count
    }

    on_both!(an_idle_session_ends_and_its_row_goes, |db| {
        let test = TestPortal::new(db);
        let profile = someone(&test).await;
        test.signed_in(&profile).await;
        assert_eq!(stored(&test).await, 1);
        let session = Session::new(None, std::sync::Arc::new(store(&test.portal)), None);
        begin(&session, Who::Subscriber(profile.id), test.portal.ambient.now()).await.unwrap();
        test.clock.advance(IDLE - 1);
        assert!(visit(&session, test.portal.ambient.now()).await.unwrap().is_some());
        test.clock.advance(IDLE);
        assert!(visit(&session, test.portal.ambient.now()).await.unwrap().is_none());
    });

    on_both!(a_session_in_use_still_ends_after_its_lifetime, |db| {
        let test = TestPortal::new(db);
        let session = Session::new(None, std::sync::Arc::new(store(&test.portal)), None);
        begin(&session, Who::Staff("s".to_owned()), test.portal.ambient.now()).await.unwrap();
        let mut hours = 0;
        while visit(&session, test.portal.ambient.now()).await.unwrap().is_some() {
            test.clock.advance(IDLE / 2);
            hours += 1;
        }
        assert_eq!(hours * IDLE / 2, LIFETIME);
    });

    on_both!(a_session_ended_in_another_process_ends_here_within_a_second_for_good, |db| {
        let test = TestPortal::new(db);
        let profile = someone(&test).await;
        let mut browser = test.signed_in(&profile).await;
        assert_eq!(browser.get("/account").await.status, 200);
        let open =
            Session::new(browser.cookies["id"].parse().ok(), std::sync::Arc::new(store(&test.portal)), None);
        assert!(visit(&open, test.portal.ambient.now()).await.unwrap().is_some());
        transaction!(test.portal.db().unwrap(), |tx| -> storage::Result<()> {
            end_all(tx, &profile.id).await
        })
        .unwrap();
        // A request that was under way when it ended does not bring it back.
        test.clock.advance(TOUCH);
        assert!(visit(&open, test.portal.ambient.now()).await.unwrap().is_some());
        open.save().await.unwrap();
        assert_eq!(stored(&test).await, 0);
        assert_eq!(browser.get("/account").await.status, 303);
    });
}
