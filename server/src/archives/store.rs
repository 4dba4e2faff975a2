//! What an archive is made of, as rows.

use app::Category;

use super::{basis::Standing, formats};
use crate::store::{On, Result, sql};

/// An item to be written into a format.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemRow {
    pub identity: Vec<u8>,
    pub sort: String,
    pub title: String,
    pub details: String,
    pub body: String,
}

/// The distinct items of a category, in the order that pages have. What is alike but for its id stands by its
/// content, so that two databases with the same items write them alike.
pub async fn items(on: impl Into<On<'_>>, subscriber: &str, category: Category) -> Result<Vec<ItemRow>> {
    let mut rows: Vec<ItemRow> = sql("SELECT identity, sort, title, details, body FROM items
         WHERE subscriber_id = $1 AND category = $2")
    .bind(subscriber)
    .bind(category)
    .all(on)
    .await?;
    rows.sort_by(|one, other| (&one.sort, &one.identity).cmp(&(&other.sort, &other.identity)));
    Ok(rows)
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
    pub damaged_at: Option<i64>,
    pub damage: Option<String>,
    pub checked_at: Option<i64>,
}

impl FileRow {
    /// Why its bytes cannot be promised; none while they can.
    pub fn damage(&self) -> Option<&str> {
        self.damaged_at.map(|_| self.damage.as_deref().unwrap_or("Its stored bytes cannot be read any more."))
    }
}

/// Every file of a category by path, the current version before earlier ones.
pub async fn files(on: impl Into<On<'_>>, subscriber: &str, category: &str) -> Result<Vec<FileRow>> {
    let rows =
        sql("SELECT path, blob, bytes, crc32, sha256, modified_at, imported_at, reason, superseded_at,
         damaged_at, damage, checked_at FROM files WHERE subscriber_id = $1 AND category = $2")
        .bind(subscriber)
        .bind(category)
        .all(on)
        .await?;
    Ok(in_order(rows))
}

/// The one file of each distinct photo, with the time that its file gets.
pub async fn photos(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<FileRow>> {
    let mut rows: Vec<FileRow> = sql(
        "SELECT f.path, f.blob, f.bytes, f.crc32, f.sha256, COALESCE(f.modified_at, i.at) AS modified_at,
         f.imported_at, f.reason, f.superseded_at, f.damaged_at, f.damage, f.checked_at
         FROM items i JOIN files f ON f.id = i.file_id
         WHERE i.subscriber_id = $1 AND i.category = 'photos'",
    )
    .bind(subscriber)
    .all(on)
    .await?;
    for row in &mut rows {
        row.modified_at = Some(formats::photo_time(&row.path, row.modified_at, row.imported_at));
    }
    Ok(in_order(rows))
}

/// By what is the same in every database, and never by when it came.
fn in_order(mut rows: Vec<FileRow>) -> Vec<FileRow> {
    rows.sort_by(|one, other| {
        (&one.path, one.superseded_at.is_some(), &one.sha256).cmp(&(
            &other.path,
            other.superseded_at.is_some(),
            &other.sha256,
        ))
    });
    rows
}

/// Every category that is released to a subscriber, and what is of no category.
pub async fn standings(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<Standing>> {
    sql("SELECT h.category, h.items - h.damaged_items AS items, h.files, h.quarantined, h.damaged_files AS damaged,
         h.expected, h.verdict_reason, h.changed_at
         FROM holdings h JOIN subscribers s ON s.id = h.subscriber_id
         LEFT JOIN releases r ON r.category = h.category
         WHERE h.subscriber_id = $1
         AND (h.category = 'unknown' OR h.released_at IS NOT NULL OR r.cohort > s.cohort)")
    .bind(subscriber)
    .all(on)
    .await
}

/// About how many bytes an archive of these categories holds.
pub async fn bytes(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<(String, i64)>> {
    sql("SELECT category, CAST(SUM(bytes) AS BIGINT) FROM files WHERE subscriber_id = $1 GROUP BY category")
        .bind(subscriber)
        .all(on)
        .await
}
