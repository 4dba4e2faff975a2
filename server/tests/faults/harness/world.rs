//! A data folder, a database and the settings that name them.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use makegood::{
    ambient::Ambient,
    store::{Db, IfAbsent, sql},
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

use super::{Cluster, Served, until};

pub struct World {
    pub folder: TempDir,
    pub database_url: String,
    /// PostgreSQL: the server, and the database to drop in the end.
    database: Option<(String, String)>,
    /// Settings of this world's own, over those that all have.
    settings: Vec<(&'static str, String)>,
}

/// A command that is over.
#[derive(Debug)]
pub struct Ended {
    /// None: a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The JSON object that standard output ends with.
    pub fn json(&self) -> Value {
        serde_json::from_str(self.out.lines().last().unwrap_or_default())
            .unwrap_or_else(|error| panic!("no JSON at the end ({error}): {self:?}"))
    }

    pub fn said(&self, words: &str) -> &Self {
        assert!(self.err.contains(words) || self.out.contains(words), "not said: {words:?}: {self:?}");
        self
    }

    pub fn code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

impl World {
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let database_url = format!("sqlite://{}", folder.path().join("data/makegood.db").display());
        Self { folder, database_url, database: None, settings: Vec::new() }
    }

    /// An empty world on a cluster of the test's own, which ends with its database.
    pub fn on(cluster: &Cluster) -> Self {
        let folder = TempDir::new().unwrap();
        Self { folder, database_url: cluster.url.clone(), database: None, settings: Vec::new() }
    }

    /// Every command from now on has this setting.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.settings.push((name, value.into()));
    }

    /// None when no server is named; `bin/test` always names one.
    pub async fn postgres() -> Option<Self> {
        let server = std::env::var("MAKEGOOD_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
        let name = format!("makegood_faults_{}", Ambient::system().id().replace('-', ""));
        administer(&server, format!("CREATE DATABASE \"{name}\"")).await;
        let (base, query) = server.split_once('?').map_or((server.as_str(), None), |(b, q)| (b, Some(q)));
        let root = base.rsplit_once('/').expect("a database in the address").0;
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let database_url = format!("{root}/{name}{query}");
        Some(Self {
            folder: TempDir::new().unwrap(),
            database_url,
            database: Some((server, name)),
            settings: Vec::new(),
        })
    }

    /// Another empty world on the same engine.
    pub async fn another(&self) -> Self {
        match self.database {
            None => Self::sqlite(),
            Some(_) => Self::postgres().await.unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `makegood ARGUMENTS` with this world's settings and none of the caller's.
    pub fn makegood(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_makegood"));
        self.settle(&mut command).args(arguments);
        command
    }

    /// Gives `command` this world's settings.
    pub fn settle<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAKEGOOD_")) {
            command.env_remove(name);
        }
        // What runs here is on this machine, the providers too.
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(name);
        }
        let incident = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/incident.toml");
        command
            .current_dir(self.folder.path())
            .env("MAKEGOOD_DATA_DIR", self.path("data"))
            .env("MAKEGOOD_DATABASE_URL", &self.database_url)
            .env("MAKEGOOD_LISTEN", "127.0.0.1:0")
            .env("MAKEGOOD_INCIDENT", incident)
            .env("MAKEGOOD_MESSAGES", "file")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.makegood(arguments).output().unwrap().into()
    }

    pub fn import(&self, path: &Path) -> Ended {
        self.run(&["import", &path.display().to_string(), "--json"])
    }

    /// An import that must end well; its report.
    pub fn imported(&self, path: &Path) -> Value {
        let ended = self.import(path);
        ended.code(0);
        ended.json()
    }

    pub async fn serve(&self) -> Served {
        Served::start(self).await
    }

    pub async fn db(&self) -> Db {
        Db::connect(&self.database_url, IfAbsent::Refuse).await.unwrap()
    }

    /// Every subscriber's counts, by account and category, and how many rows stand behind them.
    pub async fn counts(&self) -> (Vec<Holding>, [i64; 3]) {
        let db = self.db().await;
        let holdings = sql("SELECT s.account, h.category, h.files, h.quarantined, h.items FROM holdings h
             JOIN subscribers s ON s.id = h.subscriber_id ORDER BY s.account, h.category")
        .all(&db)
        .await
        .unwrap();
        let (files, items, versions): (i64, i64, i64) = sql(
            "SELECT (SELECT COUNT(*) FROM files), (SELECT COUNT(*) FROM items), (SELECT COUNT(*) FROM versions)",
        )
        .one(&db)
        .await
        .unwrap();
        db.close().await;
        (holdings, [files, items, versions])
    }

    /// The code in the newest message to `phone` after the first `seen` messages to it.
    pub async fn code(&self, phone: &str, seen: usize) -> String {
        until("a code in messages.jsonl", Duration::from_secs(10), async || {
            let text = self.texts(phone).into_iter().nth(seen)?;
            Some(text.chars().take_while(char::is_ascii_digit).collect())
        })
        .await
    }

    /// What was sent to `phone`, the oldest first.
    pub fn texts(&self, phone: &str) -> Vec<String> {
        let lines = std::fs::read_to_string(self.path("data/messages.jsonl")).unwrap_or_default();
        let messages = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let to_phone = messages.filter(|message| message["to"] == phone);
        to_phone.map(|message| message["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Account, category, files, in quarantine, items.
pub type Holding = (String, String, i64, i64, i64);

impl Drop for World {
    fn drop(&mut self) {
        let Some((server, name)) = self.database.take() else { return };
        // A runtime of its own: the test's may be shutting down.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(administer(&server, format!("DROP DATABASE \"{name}\" WITH (FORCE)")));
        });
        let _ = dropped.join();
    }
}

async fn administer(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.expect("MAKEGOOD_TEST_POSTGRES_URL answers");
    connection.execute(AssertSqlSafe(statement)).await.expect("the test's database");
}
