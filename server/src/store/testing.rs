//! Both engines for tests: a SQLite file and, where `MAKEGOOD_TEST_POSTGRES_URL`
//! names a server, a database of the test's own on it.

mod bad_sector;

use tempfile::TempDir;

pub use self::bad_sector::bad_sector;
use super::{Db, IfAbsent, blobs::Blobs, marker::MARKER};

/// A database that goes with the value.
pub struct TestDb {
    pub db: Db,
    pub url: String,
    _folder: TempDir,
    drop_at: Option<(String, String)>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Some((server, name)) = self.drop_at.take() else { return };
        // A runtime of its own: the test's may be shutting down.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(administer(&server, format!("DROP DATABASE \"{name}\" WITH (FORCE)")));
        });
        let _ = dropped.join();
    }
}

async fn administer(server: &str, statement: String) {
    use sqlx::{Connection, Executor};
    let mut connection =
        sqlx::PgConnection::connect(server).await.expect("MAKEGOOD_TEST_POSTGRES_URL answers");
    connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("the test's database");
}

pub async fn sqlite() -> TestDb {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("makegood.db").display());
    let db = Db::open(&url, IfAbsent::Create).await.unwrap();
    TestDb { db, url, _folder: folder, drop_at: None }
}

/// None when no server is named; `bin/test` always names one.
pub async fn postgres() -> Option<TestDb> {
    let server = std::env::var("MAKEGOOD_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
    let name = format!("makegood_test_{}", crate::ambient::Ambient::system().secret_id().replace('-', ""));
    administer(&server, format!("CREATE DATABASE \"{name}\"")).await;
    let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
    let root = base.rsplit_once('/').expect("a database in the address").0;
    let url = if query.is_empty() { format!("{root}/{name}") } else { format!("{root}/{name}?{query}") };
    let db = Db::open(&url, IfAbsent::Create).await.unwrap();
    Some(TestDb { db, url, _folder: TempDir::new().unwrap(), drop_at: Some((server, name)) })
}

/// A store of blobs that no database knows, as if it were marked by one.
pub fn blobs(folder: &std::path::Path) -> Blobs {
    let blobs = Blobs::open(&format!("file://{}", folder.display())).unwrap();
    std::fs::write(folder.join(MARKER), "a test").unwrap();
    blobs.marked.set("a test".to_owned()).unwrap();
    blobs
}

/// Defines a test that runs whole on both engines, as `NAME::sqlite` and `NAME::postgres`.
/// The body is an expression over a `TestDb`: `on_both!(a_name, |test| { … });`.
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$test:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($test: &$crate::store::testing::TestDb) $body

            #[tokio::test]
            async fn sqlite() {
                body(&$crate::store::testing::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                match $crate::store::testing::postgres().await {
                    Some(test) => body(&test).await,
                    None => eprintln!("skipped: MAKEGOOD_TEST_POSTGRES_URL names no server"),
                }
            }
        }
    };
}
