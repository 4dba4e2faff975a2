//! The import's SQL.

mod files;
mod items;

pub use files::{Known, NewFile, Turned, Version, insert, known, subscriber_ids, turn, versions};
pub use items::put as put_items;

use crate::{
    ambient::Millis,
    store::{Bulk, Column, Db, Result, Shape, Tx, sql},
};

/// What a handful of files adds to one subscriber's category.
#[derive(Clone, Copy, Debug, Default)]
pub struct Delta {
    pub files: i64,
    pub quarantined: i64,
    pub items: i64,
}

impl Delta {
    /// So many files more or less, in quarantine or not.
    pub fn count(&mut self, files: i64, quarantined: bool) {
        self.files += files;
        self.quarantined += if quarantined { files } else { 0 };
    }

    pub fn add(&mut self, other: Delta) {
        self.files += other.files;
        self.quarantined += other.quarantined;
        self.items += other.items;
    }
}

/// A subscriber's category, and what is added to it.
pub struct Added {
    pub subscriber_id: String,
    pub category: &'static str,
    pub delta: Delta,
    pub at: Millis,
}

pub async fn add_to_holdings(tx: &mut Tx, added: &[Added]) -> Result<()> {
    static ADDED: Shape<Added> = Shape::new(
        "added",
        &[
            Column::Text("subscriber_id", |added| Some(&added.subscriber_id)),
            Column::Text("category", |added| Some(added.category)),
            Column::Integer("files", |added| Some(added.delta.files)),
            Column::Integer("quarantined", |added| Some(added.delta.quarantined)),
            Column::Integer("items", |added| Some(added.delta.items)),
            Column::Integer("at", |added| Some(added.at)),
        ],
    );
    static ADD: Bulk<Added> = Bulk::new(
        &ADDED,
        &["subscriber_id", "category", "files", "quarantined", "items", "at"],
        "INSERT INTO holdings (subscriber_id, category, files, quarantined, items, changed_at)
         SELECT subscriber_id, category, files, quarantined, items, at FROM given WHERE true
         ON CONFLICT (subscriber_id, category) DO UPDATE SET files = holdings.files + excluded.files,
         quarantined = holdings.quarantined + excluded.quarantined, items = holdings.items + excluded.items,
         changed_at = excluded.changed_at",
    );
    let given = ADDED.give(tx, added).await?;
    ADD.execute(tx, &given).await?;
    Ok(())
}

pub async fn begin_run(tx: &mut Tx, id: &str, source: &str, now: Millis) -> Result<()> {
    sql("INSERT INTO runs (id, source, started_at, beat_at) VALUES ($1, $2, $3, $3)")
        .bind(id)
        .bind(source)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn beat(tx: &mut Tx, id: &str, now: Millis) -> Result<()> {
    sql("UPDATE runs SET beat_at = $2 WHERE id = $1").bind(id).bind(now).execute(tx).await?;
    Ok(())
}

pub async fn finish_run(tx: &mut Tx, id: &str, report: &str, now: Millis) -> Result<()> {
    sql("UPDATE runs SET beat_at = $3, finished_at = $3, report = $2 WHERE id = $1")
        .bind(id)
        .bind(report)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// From where each run came.
pub async fn sources(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    sql("SELECT id, source FROM runs ORDER BY id").all(tx).await
}

pub async fn set_source(tx: &mut Tx, id: &str, source: &str) -> Result<()> {
    sql("UPDATE runs SET source = $2 WHERE id = $1").bind(id).bind(source).execute(tx).await?;
    Ok(())
}

/// What is written down of a run that ended.
pub async fn report(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    let (report,): (Option<String>,) = sql("SELECT report FROM runs WHERE id = $1").bind(id).one(tx).await?;
    Ok(report)
}

pub async fn set_report(tx: &mut Tx, id: &str, report: Option<&str>) -> Result<()> {
    sql("UPDATE runs SET report = $2 WHERE id = $1").bind(id).bind(report).execute(tx).await?;
    Ok(())
}

/// A run as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    pub id: String,
    pub source: String,
    pub started_at: Millis,
    pub finished_at: Option<Millis>,
    pub report: Option<String>,
}

/// The run of that id; the newest where none is named.
pub async fn run(db: &Db, id: Option<&str>) -> Result<Option<Run>> {
    sql("SELECT id, source, started_at, finished_at, report FROM runs WHERE id = $1 OR $1 IS NULL
         ORDER BY started_at DESC, id DESC LIMIT 1")
    .bind(id)
    .optional(db)
    .await
}
