//! What an archive is made of, as rows.

use app::Category;

use crate::store::{Db, Result, sql};

/// An item to be written into a format.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemRow {
    pub title: String,
    pub details: String,
    pub body: String,
}

/// The distinct items of a category, in the order that pages have.
pub async fn items(db: &Db, subscriber: &str, category: Category) -> Result<Vec<ItemRow>> {
    sql("SELECT title, details, body FROM items WHERE subscriber_id = $1 AND category = $2 ORDER BY sort, id")
        .bind(subscriber)
        .bind(category)
        .all(db)
        .await
}

/// A file whose bytes go in as they are.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FileRow {
    pub path: String,
    pub blob: String,
    pub bytes: i64,
    pub crc32: i64,
    pub sha256: Vec<u8>,
    pub modified_at: Option<i64>,
    pub imported_at: i64,
    pub reason: Option<String>,
    pub superseded_at: Option<i64>,
}

/// Every file of a category, the earlier versions too.
pub async fn files(db: &Db, subscriber: &str, category: &str) -> Result<Vec<FileRow>> {
    sql("SELECT path, blob, bytes, crc32, sha256, modified_at, imported_at, reason, superseded_at FROM files
         WHERE subscriber_id = $1 AND category = $2 ORDER BY path, imported_at, id")
    .bind(subscriber)
    .bind(category)
    .all(db)
    .await
}

/// The one file of each distinct photo.
pub async fn photos(db: &Db, subscriber: &str) -> Result<Vec<FileRow>> {
    sql("SELECT f.path, f.blob, f.bytes, f.crc32, f.sha256, f.modified_at, f.imported_at, f.reason, f.superseded_at
         FROM items i JOIN files f ON f.id = i.file_id
         WHERE i.subscriber_id = $1 AND i.category = 'photos' ORDER BY f.path, f.imported_at, f.id")
    .bind(subscriber)
    .all(db)
    .await
}

/// About how many bytes an archive of these categories holds.
pub async fn bytes(db: &Db, subscriber: &str) -> Result<Vec<(String, i64)>> {
    sql("SELECT category, CAST(SUM(bytes) AS BIGINT) FROM files WHERE subscriber_id = $1 GROUP BY category")
        .bind(subscriber)
        .all(db)
        .await
}
