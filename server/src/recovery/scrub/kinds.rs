//! The kinds of blobs that there are, and which of each comes next.

use super::Pass;
use crate::{
    ambient::Millis,
    store::{Db, Result, sql},
    transaction,
};

/// Whose bytes they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was recovered: each knows when it was last read.
    Files,
    /// Small pictures, walked by their items' ids.
    Thumbnails,
    /// What was written for editions, walked by the blobs' names.
    Editions,
}

/// A blob to read, with what is known of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Due {
    /// Of the row that names it.
    pub id: String,
    pub blob: String,
    /// None: as many as there are.
    pub bytes: Option<i64>,
    pub crc32: Option<i64>,
    pub sha256: Option<Vec<u8>>,
    pub checked_at: Option<Millis>,
    /// It could not be read the last time.
    pub is_marked: bool,
}

impl Due {
    pub fn holder(&self) -> &str {
        self.blob.split('/').next().unwrap_or_default()
    }

    /// The keyed hash of the bytes.
    pub fn name(&self) -> &str {
        self.blob.split('/').next_back().unwrap_or_default()
    }
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Files, Kind::Thumbnails, Kind::Editions];

    pub fn slug(self) -> &'static str {
        match self {
            Kind::Files => "files",
            Kind::Thumbnails => "thumbnails",
            Kind::Editions => "editions",
        }
    }

    /// The next few to read in this pass. Between passes: what was never read.
    pub async fn due(self, db: &Db, pass: &Pass) -> Result<Vec<Due>> {
        match self {
            Kind::Files => {
                let longest_ago: Vec<Due> = sql("SELECT id, blob, bytes, crc32, sha256, checked_at,
                     damaged_at IS NOT NULL AS is_marked FROM files ORDER BY checked_at NULLS FIRST, id LIMIT 256")
                .all(db)
                .await?;
                let due = |due: &Due| match due.checked_at {
                    None => true,
                    Some(at) => !pass.is_over() && at < pass.began_at,
                };
                Ok(longest_ago.into_iter().take_while(due).collect())
            }
            Kind::Thumbnails | Kind::Editions if pass.is_over() => Ok(Vec::new()),
            Kind::Thumbnails => {
                sql("SELECT id, thumbnail AS blob, thumbnail_bytes AS bytes, CAST(NULL AS BIGINT) AS crc32,
                     CAST(NULL AS BYTEA) AS sha256, CAST(NULL AS BIGINT) AS checked_at, 1 = 0 AS is_marked FROM items
                     WHERE thumbnail IS NOT NULL AND id > $1 ORDER BY id LIMIT 256")
                .bind(&pass.cursor)
                .all(db)
                .await
            }
            // What no edition has any more is about to be deleted.
            Kind::Editions => {
                sql("SELECT blob AS id, blob, CAST(NULL AS BIGINT) AS bytes, CAST(NULL AS BIGINT) AS crc32,
                     CAST(NULL AS BYTEA) AS sha256, CAST(NULL AS BIGINT) AS checked_at, 1 = 0 AS is_marked
                     FROM edition_blobs WHERE blob > $1
                     AND EXISTS (SELECT 1 FROM editions WHERE editions.id = edition_blobs.edition_id)
                     ORDER BY blob LIMIT 256")
                .bind(&pass.cursor)
                .all(db)
                .await
            }
        }
    }

    /// Writes down that these were read.
    pub async fn note(self, db: &Db, pass: &mut Pass, read: &[Due], now: Millis) -> Result<()> {
        let Some(last) = read.last() else { return Ok(()) };
        if self == Kind::Files {
            return transaction!(db, bulk |tx| -> Result<()> {
                for due in read {
                    sql("UPDATE files SET checked_at = $2 WHERE id = $1").bind(&due.id).bind(now).execute(&mut *tx).await?;
                }
                Ok(())
            });
        }
        pass.cursor.clone_from(&last.id);
        transaction!(db, bulk |tx| -> Result<()> {
            sql("UPDATE scrubs SET cursor = $2 WHERE kind = $1").bind(self.slug()).bind(&pass.cursor).execute(tx).await?;
            Ok(())
        })
    }
}
