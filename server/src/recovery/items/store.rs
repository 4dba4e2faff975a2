//! The SQL of lists and single items. Every list is a stretch of the index over `(subscriber, category, sort, id)`;
//! rows are compared with it as pairs, so that a page reads its own rows and no others.

use app::Category;

use crate::store::{Db, Result, sql};

/// Above every key: a stretch without an end ends here.
pub const END: &str = "\u{10FFFF}";
/// Words of a search; what is typed beyond them does not narrow it further.
pub const WORDS: usize = 4;

/// Where a page begins or ends, exclusive: the keys of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub sort: String,
    pub id: String,
}

/// Part of a category: keys from `low` up to, and without, `high`, that hold all the words.
#[derive(Clone, Debug)]
pub struct Stretch<'a> {
    pub subscriber: &'a str,
    pub category: Category,
    pub low: &'a str,
    pub high: &'a str,
    /// Folded; an empty one is in everything.
    pub words: [&'a str; WORDS],
}

/// An item as a list shows it. The body is there where a list needs it: where its dates may be said in another language.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemRow {
    pub id: String,
    pub sort: String,
    pub title: String,
    pub details: String,
    pub body: String,
    pub thumbnail: Option<String>,
    pub versions: i64,
}

macro_rules! rows {
    ($beyond:literal, $within:literal, $order:literal) => {
        concat!(
            "SELECT id, sort, title, details, CASE WHEN category IN ('calendar', 'tasks', 'high-scores', 'purchases') THEN body ELSE '' END AS body, thumbnail,
             (SELECT COUNT(*) FROM versions WHERE item_id = items.id) AS versions FROM items
             WHERE subscriber_id = $1 AND category = $2 AND ",
            $beyond,
            " AND ",
            $within,
            " AND ($6 = '' OR instr(search, $6) > 0) AND ($7 = '' OR instr(search, $7) > 0)
             AND ($8 = '' OR instr(search, $8) > 0) AND ($9 = '' OR instr(search, $9) > 0)",
            $order,
            " LIMIT $10"
        )
    };
}

const UPWARDS: &str = rows!("(sort, id) > ($3, $4)", "sort < $5", " ORDER BY sort, id");
const DOWNWARDS: &str = rows!("(sort, id) < ($3, $4)", "sort >= $5", " ORDER BY sort DESC, id DESC");

/// The items above `key`, the nearest first.
pub async fn upwards(db: &Db, stretch: &Stretch<'_>, key: &Key, limit: i64) -> Result<Vec<ItemRow>> {
    walk(db, UPWARDS, stretch, key, stretch.high, limit).await
}

/// The items below `key`, the nearest first.
pub async fn downwards(db: &Db, stretch: &Stretch<'_>, key: &Key, limit: i64) -> Result<Vec<ItemRow>> {
    walk(db, DOWNWARDS, stretch, key, stretch.low, limit).await
}

async fn walk(
    db: &Db,
    text: &'static str,
    stretch: &Stretch<'_>,
    key: &Key,
    until: &str,
    limit: i64,
) -> Result<Vec<ItemRow>> {
    let query =
        sql(text).bind(stretch.subscriber).bind(stretch.category).bind(&key.sort).bind(&key.id).bind(until);
    stretch.words.iter().fold(query, |query, word| query.bind(*word)).bind(limit).all(db).await
}

/// How many match, counted no further than `most`.
pub async fn matches(db: &Db, stretch: &Stretch<'_>, most: i64) -> Result<i64> {
    let query = sql(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM items
         WHERE subscriber_id = $1 AND category = $2 AND sort >= $3 AND sort < $4
         AND ($5 = '' OR instr(search, $5) > 0) AND ($6 = '' OR instr(search, $6) > 0)
         AND ($7 = '' OR instr(search, $7) > 0) AND ($8 = '' OR instr(search, $8) > 0) LIMIT $9) AS matching",
    )
    .bind(stretch.subscriber)
    .bind(stretch.category)
    .bind(stretch.low)
    .bind(stretch.high);
    let (count,): (i64,) =
        stretch.words.iter().fold(query, |query, word| query.bind(*word)).bind(most).one(db).await?;
    Ok(count)
}

/// How many a stretch holds, and how many of them stand below the key.
pub async fn position(db: &Db, stretch: &Stretch<'_>, key: &Key) -> Result<(i64, i64)> {
    let query = sql("SELECT COUNT(*),
         CAST(COALESCE(SUM(CASE WHEN (sort, id) < ($9, $10) THEN 1 ELSE 0 END), 0) AS BIGINT) FROM items
         WHERE subscriber_id = $1 AND category = $2 AND sort >= $3 AND sort < $4
         AND ($5 = '' OR instr(search, $5) > 0) AND ($6 = '' OR instr(search, $6) > 0)
         AND ($7 = '' OR instr(search, $7) > 0) AND ($8 = '' OR instr(search, $8) > 0)")
    .bind(stretch.subscriber)
    .bind(stretch.category)
    .bind(stretch.low)
    .bind(stretch.high);
    let query = stretch.words.iter().fold(query, |query, word| query.bind(*word));
    query.bind(&key.sort).bind(&key.id).one(db).await
}

/// When the operator last knew how many items there were: the last sync.
pub async fn synced_at(db: &Db, subscriber: &str, category: Category) -> Result<Option<i64>> {
    let row: Option<(Option<i64>,)> =
        sql("SELECT as_of FROM holdings WHERE subscriber_id = $1 AND category = $2")
            .bind(subscriber)
            .bind(category)
            .optional(db)
            .await?;
    Ok(row.and_then(|(at,)| at))
}

const BEGINNINGS: &str = "WITH RECURSIVE place (sort, n) AS (
           SELECT MIN(sort), 1 FROM items WHERE subscriber_id = $1 AND category = $2 AND sort >= $3 AND sort < $4
           UNION ALL
           SELECT (SELECT MIN(i.sort) FROM items i WHERE i.subscriber_id = $1 AND i.category = $2
                   AND i.sort > substr(place.sort, 1, CAST($5 AS INTEGER)) || $6 AND i.sort < $4), n + 1
           FROM place WHERE place.sort IS NOT NULL AND n < CAST($7 AS INTEGER))
         SELECT substr(sort, 1, CAST($5 AS INTEGER)) FROM place WHERE sort IS NOT NULL";

/// The different beginnings, of `length` letters, that the keys of a stretch have: its letters, its months. Jumps
/// from one to the next through the index, and stops at `most`.
pub async fn beginnings(db: &Db, stretch: &Stretch<'_>, length: i64, most: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql(BEGINNINGS)
        .bind(stretch.subscriber)
        .bind(stretch.category)
        .bind(stretch.low)
        .bind(stretch.high)
        .bind(length)
        .bind(END)
        .bind(most)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(beginning,)| beginning).collect())
}

/// Where an item stands in its list; none when it is not this subscriber's.
pub async fn key_of(db: &Db, subscriber: &str, category: Category, id: &str) -> Result<Option<Key>> {
    let row: Option<(String, String)> =
        sql("SELECT sort, id FROM items WHERE id = $1 AND subscriber_id = $2 AND category = $3")
            .bind(id)
            .bind(subscriber)
            .bind(category)
            .optional(db)
            .await?;
    Ok(row.map(|(sort, id)| Key { sort, id }))
}

const REPEATING: &str = "SELECT id, title, details, body FROM items WHERE subscriber_id = $1
         AND category = 'calendar' AND (details NOT LIKE '%\"repeats\":\"\"%' OR body LIKE '%RECURRENCE-ID%')
         ORDER BY id LIMIT $2";

/// The calendar's entries that repeat, and the single ones of them that were changed; by an index of their own.
pub async fn repeating(db: &Db, subscriber: &str, limit: i64) -> Result<Vec<Written>> {
    sql(REPEATING).bind(subscriber).bind(limit).all(db).await
}

/// The entries of a stretch of the calendar, in its order.
pub async fn entries(db: &Db, subscriber: &str, low: &str, high: &str, limit: i64) -> Result<Vec<Written>> {
    sql("SELECT id, title, details, body FROM items WHERE subscriber_id = $1 AND category = 'calendar'
         AND sort >= $2 AND sort < $3 ORDER BY sort, id LIMIT $4")
    .bind(subscriber)
    .bind(low)
    .bind(high)
    .bind(limit)
    .all(db)
    .await
}

/// Of an entry's details the words that follow `$key` (`15 Oct 2009, 14:00`), which is as long as `$length`.
macro_rules! words {
    ($key:literal, $length:literal) => {
        concat!("substr(details, CAST(instr(details, '\"", $key, "\":\"') AS INTEGER) + ", $length, ")")
    };
}

/// The month and year of such words, which follow the first blank.
macro_rules! month_of {
    ($key:literal, $length:literal) => {
        concat!(
            "substr(",
            words!($key, $length),
            ", CAST(instr(",
            words!($key, $length),
            ", ' ') AS INTEGER) + 1, 8)"
        )
    };
}

const OF_SEVERAL_DAYS: &str = concat!(
    "SELECT id, title, details, body FROM items WHERE subscriber_id = $1 AND category = 'calendar'
     AND sort >= $2 AND sort < $3 AND details NOT LIKE '%\"ends\":\"\"%' AND substr(",
    words!("starts", 10),
    ", 1, 11) <> substr(",
    words!("ends", 8),
    ", 1, 11) ORDER BY sort DESC, id DESC LIMIT $4"
);

/// The entries of a stretch of the calendar that are written to end on another day than they begin, the last ones first.
pub async fn of_several_days(
    db: &Db,
    subscriber: &str,
    low: &str,
    high: &str,
    limit: i64,
) -> Result<Vec<Written>> {
    sql(OF_SEVERAL_DAYS).bind(subscriber).bind(low).bind(high).bind(limit).all(db).await
}

const OF_SEVERAL_MONTHS: &str = concat!(
    "SELECT id, title, details, body FROM items WHERE subscriber_id = $1 AND category = 'calendar'
     AND details NOT LIKE '%\"ends\":\"\"%' AND ",
    month_of!("starts", 10),
    " <> ",
    month_of!("ends", 8),
    " AND sort < $2 ORDER BY sort DESC, id DESC LIMIT $3"
);

/// The entries before a key that are written to end in another month than they begin, the last ones first; by an
/// index of their own (`items_long`, whose condition is the same text).
pub async fn of_several_months(db: &Db, subscriber: &str, before: &str, limit: i64) -> Result<Vec<Written>> {
    sql(OF_SEVERAL_MONTHS).bind(subscriber).bind(before).bind(limit).all(db).await
}

/// The keys of the calendar's last dated entry before `from` and of the first from `to` on.
pub async fn days_around(
    db: &Db,
    subscriber: &str,
    from: &str,
    to: &str,
) -> Result<(Option<String>, Option<String>)> {
    // What has no date stands behind every year, under a key that begins with no digit.
    sql("SELECT (SELECT MAX(sort) FROM items WHERE subscriber_id = $1 AND category = 'calendar' AND sort < $2),
         (SELECT MIN(sort) FROM items WHERE subscriber_id = $1 AND category = 'calendar'
          AND sort >= $3 AND sort < ':')")
    .bind(subscriber)
    .bind(from)
    .bind(to)
    .one(db)
    .await
}

/// An entry of the calendar as it is written.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Written {
    pub id: String,
    pub title: String,
    pub details: String,
    pub body: String,
}

/// The details of at most `limit` items of a category.
pub async fn details(db: &Db, subscriber: &str, category: Category, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        sql("SELECT details FROM items WHERE subscriber_id = $1 AND category = $2 LIMIT $3")
            .bind(subscriber)
            .bind(category)
            .bind(limit)
            .all(db)
            .await?;
    Ok(rows.into_iter().map(|(details,)| details).collect())
}

/// An item with the file that it was found in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemFile {
    pub id: String,
    pub sort: String,
    pub digest: Vec<u8>,
    pub title: String,
    pub details: String,
    pub body: String,
    pub revised_at: Option<i64>,
    pub thumbnail: Option<String>,
    pub thumbnail_bytes: Option<i64>,
    pub path: String,
    pub blob: String,
    pub bytes: i64,
    /// When its file's stored bytes were found damaged; none while they can be read.
    pub damaged_at: Option<i64>,
}

pub async fn item(db: &Db, subscriber: &str, category: Category, id: &str) -> Result<Option<ItemFile>> {
    sql("SELECT i.id, i.sort, i.digest, i.title, i.details, i.body, i.revised_at, i.thumbnail, i.thumbnail_bytes,
         f.path, f.blob, f.bytes, f.damaged_at
         FROM items i JOIN files f ON f.id = i.file_id
         WHERE i.id = $1 AND i.subscriber_id = $2 AND i.category = $3")
    .bind(id)
    .bind(subscriber)
    .bind(category)
    .optional(db)
    .await
}

/// A version of an item that is not the one shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VersionRow {
    pub digest: Vec<u8>,
    pub revised_at: Option<i64>,
    pub title: String,
    pub body: String,
}

/// The other versions of an item, the newest first.
pub async fn versions(db: &Db, item: &str) -> Result<Vec<VersionRow>> {
    sql("SELECT digest, revised_at, title, body FROM versions WHERE item_id = $1
         ORDER BY COALESCE(revised_at, 0) DESC, created_at DESC, digest LIMIT 50")
    .bind(item)
    .all(db)
    .await
}

/// A file in quarantine.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct QuarantinedRow {
    pub id: String,
    pub path: String,
    pub reason: String,
    pub bytes: i64,
    pub blob: String,
}

/// At most `limit` of a category's current files in quarantine.
pub async fn quarantined(
    db: &Db,
    subscriber: &str,
    category: &str,
    limit: i64,
) -> Result<Vec<QuarantinedRow>> {
    sql("SELECT id, path, reason, bytes, blob FROM files WHERE subscriber_id = $1 AND category = $2
         AND reason IS NOT NULL AND superseded_at IS NULL ORDER BY path LIMIT $3")
    .bind(subscriber)
    .bind(category)
    .bind(limit)
    .all(db)
    .await
}

pub async fn quarantined_file(
    db: &Db,
    subscriber: &str,
    category: &str,
    id: &str,
) -> Result<Option<QuarantinedRow>> {
    sql("SELECT id, path, reason, bytes, blob FROM files
         WHERE id = $1 AND subscriber_id = $2 AND category = $3 AND reason IS NOT NULL")
    .bind(id)
    .bind(subscriber)
    .bind(category)
    .optional(db)
    .await
}

#[cfg(test)]
mod tests;
