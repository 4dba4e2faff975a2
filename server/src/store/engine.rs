//! Opening a database: which engine, which file, which migrations.

use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Error, place::Place, turn::Turnstile};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The database: one of two native pools.
#[derive(Clone)]
pub enum Db {
    Sqlite(Pools),
    Postgres(PgPool),
}

/// SQLite has one writer at a time and any number of readers.
#[derive(Clone)]
pub struct Pools {
    pub(super) read: SqlitePool,
    pub(super) write: SqlitePool,
    pub(super) turnstile: Turnstile,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{0:?} is neither a sqlite:// nor a postgres:// address")]
    Scheme(String),
    #[error("the database address cannot be read: {0}")]
    Address(sqlx::Error),
    #[error("there is no database at {0}")]
    Absent(PathBuf),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("the database cannot be opened: {0}")]
    Open(sqlx::Error),
    #[error("the tables cannot be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error(transparent)]
    Store(#[from] Error),
}

/// Whether an absent SQLite file is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum IfAbsent {
    Create,
    Refuse,
}

impl Db {
    /// Opens `url` and brings its tables up to date, one process at a time.
    pub async fn open(url: &str, if_absent: IfAbsent) -> Result<Self, OpenError> {
        let db = Self::connect(url, if_absent).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens `url` as it is.
    pub async fn connect(url: &str, if_absent: IfAbsent) -> Result<Self, OpenError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => connect_sqlite(url, if_absent).await,
            Some(("postgres" | "postgresql", _)) => connect_postgres(url).await,
            _ => Err(OpenError::Scheme(url.split("://").next().unwrap_or_default().to_owned())),
        }
    }

    /// Brings the tables up to date, one process at a time.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        match self {
            Db::Sqlite(pools) => {
                let _turn = pools.turnstile.take().await?;
                SQLITE_MIGRATIONS.run(&pools.write).await?;
            }
            // The migrator holds an advisory lock meanwhile.
            Db::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// The newest migration that this program knows, and the newest that the database has.
    pub async fn migrations(&self) -> super::Result<(i64, i64)> {
        let known = match self {
            Db::Sqlite(_) => &SQLITE_MIGRATIONS,
            Db::Postgres(_) => &POSTGRES_MIGRATIONS,
        };
        let newest = known.iter().map(|migration| migration.version).max().unwrap_or_default();
        let (applied,): (i64,) =
            super::sql("SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM _sqlx_migrations")
                .one(self)
                .await?;
        Ok((newest, applied))
    }

    /// The database server's clock; none where the database is on this machine's own.
    pub async fn clock(&self) -> super::Result<Option<crate::ambient::Millis>> {
        if matches!(self, Db::Sqlite(_)) {
            return Ok(None);
        }
        let (now,): (i64,) =
            super::sql("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")
                .one(self)
                .await?;
        Ok(Some(now))
    }

    /// Leaves as little as the engine can of rows that were deleted: SQLite overwrites them, and the log is emptied
    /// here; PostgreSQL frees the room of destroyed keys at once. Best effort: a reader may hold it up.
    pub async fn forget_deleted(&self) -> super::Result<()> {
        match self {
            Db::Sqlite(pools) => {
                let _turn = pools.turnstile.take().await?;
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pools.write).await?;
            }
            Db::Postgres(pool) => {
                sqlx::query("VACUUM keyrings").execute(pool).await?;
            }
        }
        Ok(())
    }

    /// How many rows one round of statements takes in: SQLite's must be over in a moment, because nobody else can write
    /// meanwhile; PostgreSQL's wait for the disk and the network as seldom as may be.
    pub fn rows_at_once(&self) -> usize {
        match self {
            Db::Sqlite(_) => 500,
            Db::Postgres(_) => 100_000,
        }
    }

    pub fn engine(&self) -> &'static str {
        match self {
            Db::Sqlite(_) => "SQLite",
            Db::Postgres(_) => "PostgreSQL",
        }
    }

    pub async fn close(&self) {
        match self {
            Db::Sqlite(pools) => {
                pools.read.close().await;
                pools.write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

async fn connect_sqlite(url: &str, if_absent: IfAbsent) -> Result<Db, OpenError> {
    let options = SqliteConnectOptions::from_str(url).map_err(OpenError::Address)?;
    let path = options.get_filename().to_owned();
    if if_absent == IfAbsent::Refuse && !path.exists() {
        return Err(OpenError::Absent(path));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|source| OpenError::File { path: folder.into(), source })?;
    }
    let turnstile =
        Turnstile::beside(&path).map_err(|source| OpenError::File { path: path.clone(), source })?;
    if if_absent == IfAbsent::Create {
        let made = std::fs::OpenOptions::new().create(true).append(true).open(&path);
        made.map_err(|source| OpenError::File { path: path.clone(), source })?;
    }
    let place = Arc::new(Place::of(path));
    let options = options
        // Never by a connection: a file that was deleted must not come back empty.
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // What is deleted is overwritten: a data key that was destroyed must not lie in a free page.
        .pragma("secure_delete", "ON")
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(15))
        .before_acquire(place.clone().checks())
        .connect_with(options.clone())
        .await
        .map_err(OpenError::Open)?;
    let read = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(5))
        .before_acquire(place.checks())
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(OpenError::Open)?;
    Ok(Db::Sqlite(Pools { read, write, turnstile }))
}

async fn connect_postgres(url: &str) -> Result<Db, OpenError> {
    let options = PgConnectOptions::from_str(url).map_err(OpenError::Address)?.disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
        .map_err(OpenError::Open)?;
    Ok(Db::Postgres(pool))
}
