//! Sessions: tower-sessions over our own table, which keeps a hash of the id.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

use crate::{
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

/// What is stored of a session id: whoever reads the table cannot use it.
fn key(id: &Id) -> [u8; 32] {
    Sha256::digest(id.to_string().as_bytes()).into()
}

impl Store {
    async fn write(&self, record: &Record) -> storage::Result<()> {
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
        transaction!(self.0.db()?, |tx| -> storage::Result<()> {
            sql("INSERT INTO sessions (id, subscriber_id, staff_id, data, expires_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET subscriber_id = excluded.subscriber_id, staff_id = excluded.staff_id,
                 data = excluded.data, expires_at = excluded.expires_at")
            .bind(&key(&record.id))
            .bind(subscriber)
            .bind(staff)
            .bind(&data)
            .bind(touched + IDLE)
            .execute(tx)
            .await?;
            Ok(())
        })
    }

    async fn read(&self, id: &Id) -> storage::Result<Option<Record>> {
        let row: Option<(String, i64)> =
            sql("SELECT data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2")
                .bind(&key(id))
                .bind(self.0.ambient.now())
                .optional(self.0.db()?)
                .await?;
        let Some((data, _)) = row else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|error| storage::Error::Corrupt(error.to_string()))?;
        // The true limits are ours, by our clock; tower-sessions only needs a date ahead.
        let expiry_date = time::OffsetDateTime::UNIX_EPOCH + time::Duration::days(365 * 300);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }
}

fn backend(error: storage::Error) -> session_store::Error {
    session_store::Error::Backend(if error.is_outage() { OUTAGE.to_owned() } else { error.to_string() })
}

#[async_trait::async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // 128 random bits do not collide; a taken id would be overwritten by nobody's.
        self.write(record).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.write(record).await.map_err(backend)
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
        delete.await.map_err(backend)
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
}
