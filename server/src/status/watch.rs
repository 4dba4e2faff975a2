//! Keeps the database in sight and the snapshot up to date.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, time::MissedTickBehavior};

use super::{
    Snapshot, Trouble,
    snapshot::{self, OnDisk},
    store,
    told::Told,
};
use crate::{
    ambient::MINUTE,
    portal::Portal,
    store::{Db, Error, IfAbsent, OpenError},
};

/// How often the database is asked whether anything changed.
const EVERY: Duration = Duration::from_secs(1);
/// How long `serve` waits for a first word before it serves without.
const FIRST: Duration = Duration::from_secs(5);

/// What `serve` must not start with.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{}. {}", Trouble::WrongKey, Trouble::WrongKey.remedy())]
    WrongKey,
}

/// Publishes what is on disk, then opens and watches the database until the portal stops.
///
/// Returns after the first look, or after five seconds. A database that cannot be reached is
/// no error: it is tried again every second while the snapshot is served.
pub async fn start(portal: &Portal) -> Result<(), StartError> {
    let mut watch = Watch::new(portal.clone());
    let (told, first) = oneshot::channel();
    let stopping = portal.stopping.clone();
    tokio::spawn(stopping.run_until_cancelled_owned(async move {
        // Nobody waits any more after five seconds.
        let _ = told.send(watch.look().await);
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            watch.look().await;
        }
    }));
    match tokio::time::timeout(FIRST, first).await {
        Ok(Ok(Some(Trouble::WrongKey))) => Err(StartError::WrongKey),
        _ => Ok(()),
    }
}

pub struct Watch {
    portal: Portal,
    file: PathBuf,
    /// Whether a snapshot was on disk at the start: then no database is made.
    found: bool,
    /// The database's own id, as soon as one is known.
    id: Option<String>,
    snapshot: Option<Snapshot>,
    /// The changes counter when the figures were read.
    changes: Option<i64>,
    trouble: Option<Trouble>,
    /// A large database is not counted without a pause.
    pub(super) not_before: Instant,
}

impl Watch {
    /// Publishes the figures on disk with the incident file's words of today.
    pub fn new(portal: Portal) -> Self {
        let file = snapshot::path(&portal.settings.data_dir);
        let on_disk = snapshot::read(&file);
        if on_disk == OnDisk::Unreadable {
            tracing::error!("the status snapshot on disk cannot be read; it is replaced from the database");
        }
        let found = on_disk != OnDisk::Nothing;
        let snapshot = match on_disk {
            OnDisk::Kept(kept) => Some(Snapshot { incident: Told::of(&portal.incident), ..*kept }),
            _ => None,
        };
        portal.status.publish(&portal, snapshot.as_ref(), Some(Trouble::NotYet));
        Self {
            id: snapshot.as_ref().map(|snapshot| snapshot.id.clone()),
            trouble: Some(Trouble::NotYet),
            changes: None,
            not_before: Instant::now(),
            portal,
            file,
            found,
            snapshot,
        }
    }

    /// One look at the database; returns what is wrong with it.
    pub async fn look(&mut self) -> Option<Trouble> {
        let trouble = self.check().await.err();
        if trouble != self.trouble {
            match trouble {
                Some(trouble) => tracing::error!("{trouble}. {}", trouble.remedy()),
                None => tracing::info!("the database is ready"),
            }
            self.trouble = trouble;
            self.portal.status.publish(&self.portal, self.snapshot.as_ref(), trouble);
        }
        trouble
    }

    async fn check(&mut self) -> Result<(), Trouble> {
        let outcome = self.check_identity().await;
        match outcome {
            Err(trouble) if trouble.is_wrong_database() => self.portal.cut_off(true),
            Err(_) => {}
            Ok(_) => self.portal.cut_off(false),
        }
        self.refresh(&outcome?).await
    }

    /// The database, once it is sure to be the right one and up to date.
    async fn check_identity(&mut self) -> Result<Db, Trouble> {
        let Some(db) = self.portal.opened_db().cloned() else { return self.open().await };
        self.recognise(&db).await?;
        if self.trouble.is_some() {
            self.prepare(&db).await?;
        }
        match self.portal.keyring.follow(&db).await {
            Ok(true) => Ok(db),
            Ok(false) => Err(Trouble::WrongKey),
            Err(error) => Err(unread(&error)),
        }
    }

    async fn open(&mut self) -> Result<Db, Trouble> {
        let if_absent = if self.found { IfAbsent::Refuse } else { IfAbsent::Create };
        let db = Db::connect(&self.portal.settings.database_url, if_absent).await.map_err(unopened)?;
        match self.admit(&db).await {
            Ok(()) => {
                self.portal.set_db(db.clone());
                Ok(db)
            }
            Err(trouble) => {
                db.close().await;
                Err(trouble)
            }
        }
    }

    async fn admit(&mut self, db: &Db) -> Result<(), Trouble> {
        if self.found {
            self.recognise(db).await?;
        }
        self.prepare(db).await?;
        self.recognise(db).await
    }

    /// Refuses a database that does not know the id it should have.
    async fn recognise(&mut self, db: &Db) -> Result<(), Trouble> {
        let id = store::identity(db).await.map_err(|error| unread(&error))?.ok_or(Trouble::Empty)?;
        match &self.id {
            Some(known) if *known != id => Err(Trouble::Another),
            _ => {
                self.id = Some(id);
                Ok(())
            }
        }
    }

    async fn prepare(&self, db: &Db) -> Result<(), Trouble> {
        db.migrate().await.map_err(unopened)?;
        match self.portal.keyring.check(db, &self.portal.ambient).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Trouble::WrongKey),
            Err(error) => Err(unread(&error)),
        }
    }

    /// Counts again when something changed, and says once a minute that nothing did.
    async fn refresh(&mut self, db: &Db) -> Result<(), Trouble> {
        let now = self.portal.ambient.now();
        let changes = store::changes(db).await.map_err(|error| unread(&error))?;
        let changed = self.changes != Some(changes);
        let due = self.snapshot.as_ref().is_none_or(|snapshot| now - snapshot.made_at >= MINUTE);
        if !(changed || due) || Instant::now() < self.not_before {
            return Ok(());
        }
        let started = Instant::now();
        let figures = store::tallies(db).await.map_err(|error| unread(&error))?;
        self.not_before = Instant::now() + started.elapsed();
        let before = self.snapshot.as_ref().filter(|snapshot| snapshot.figures == figures);
        let changed_at = before.map_or(now, |snapshot| snapshot.changed_at);
        let Some(id) = self.id.clone() else { return Err(Trouble::Empty) };
        let incident = Told::of(&self.portal.incident);
        let snapshot = Snapshot { id, made_at: now, changed_at, incident, figures };
        self.changes = Some(changes);
        self.keep(&snapshot).await;
        self.portal.status.publish(&self.portal, Some(&snapshot), None);
        self.snapshot = Some(snapshot);
        Ok(())
    }

    /// A full disk must not stop the page: it says so in the log and tries again a minute later.
    async fn keep(&self, snapshot: &Snapshot) {
        let (file, snapshot) = (self.file.clone(), snapshot.clone());
        let written = tokio::task::spawn_blocking(move || snapshot::write(&file, &snapshot)).await;
        if let Err(error) = written.map_err(std::io::Error::other).and_then(|written| written) {
            tracing::error!(%error, "the status snapshot could not be kept on disk");
        }
    }
}

fn unopened(error: OpenError) -> Trouble {
    let trouble = match &error {
        OpenError::Absent(_) => Trouble::Gone,
        OpenError::Migrate(_) => Trouble::Tables,
        OpenError::Store(error) => return unread(error),
        OpenError::Open(sqlx::Error::Database(database)) if is_rot(&**database) => Trouble::Unreadable,
        _ => Trouble::Unreached,
    };
    tracing::debug!(%error, "the database was not opened");
    trouble
}

fn unread(error: &Error) -> Trouble {
    tracing::debug!(%error, "the database was not read");
    match error {
        Error::Sqlx(sqlx::Error::Database(database)) if is_rot(&**database) => Trouble::Unreadable,
        _ => Trouble::Unreached,
    }
}

/// SQLite: CORRUPT, NOTADB. PostgreSQL: data_corrupted, index_corrupted.
fn is_rot(error: &dyn sqlx::error::DatabaseError) -> bool {
    matches!(error.code().as_deref(), Some("11" | "26" | "XX001" | "XX002"))
}
