//! The SQL of files: a handful of them in each statement.

use std::{collections::HashMap, sync::Arc};

use crate::{
    ambient::Millis,
    intake::file::Facts,
    store::{Bulk, Column, Db, Result, Shape, Tx},
};

/// A file that is there already.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    no: i64,
    pub reason: Option<String>,
    pub blob: String,
    /// Its stored bytes could not be read.
    pub damaged_at: Option<Millis>,
    /// They were written anew by this import.
    #[sqlx(skip)]
    pub mended: bool,
}

impl Known {
    pub fn mended(self, mended: bool) -> Self {
        Self { mended, ..self }
    }
}

/// A file and its place among those asked for.
pub struct Asked {
    no: i64,
    facts: Arc<Facts>,
}

fn asked<'a>(files: impl Iterator<Item = &'a Arc<Facts>>) -> Vec<Asked> {
    files.zip(0..).map(|(facts, no)| Asked { no, facts: facts.clone() }).collect()
}

static ASKED: Shape<Asked> = Shape::new(
    "asked",
    &[
        Column::Integer("no", |asked| Some(asked.no)),
        Column::Text("account", |asked| Some(&asked.facts.account)),
        Column::Text("category", |asked| Some(asked.facts.category)),
        Column::Text("path", |asked| Some(&asked.facts.path)),
        Column::Text("unclaimed", |asked| asked.facts.unclaimed.as_deref()),
        Column::Bytes("sha256", |asked| Some(&asked.facts.digest.sha256)),
    ],
);

/// The subscribers that have these accounts.
pub async fn subscriber_ids(db: &Db, accounts: &[String]) -> Result<HashMap<String, String>> {
    static ACCOUNTS: Shape<String> =
        Shape::new("accounts", &[Column::Text("account", |account| Some(account))]);
    static IDS: Bulk<String> = Bulk::new(
        &ACCOUNTS,
        &["account"],
        "SELECT s.account, s.id FROM given CROSS JOIN subscribers s WHERE s.account = given.account",
    );
    Ok(IDS.look_up::<(String, String)>(db, accounts).await?.into_iter().collect())
}

/// Which of `files`, by their place, are there already with the same bytes.
pub async fn known(db: &Db, files: &[Arc<Facts>]) -> Result<HashMap<usize, Known>> {
    static KNOWN: Bulk<Asked> = Bulk::new(
        &ASKED,
        &["no", "account", "category", "path", "sha256"],
        "SELECT given.no, f.reason, f.blob, f.damaged_at FROM given CROSS JOIN files f WHERE f.account = given.account
         AND f.category = given.category AND f.path = given.path AND f.sha256 = given.sha256",
    );
    let rows: Vec<Known> = KNOWN.look_up(db, &asked(files.iter())).await?;
    Ok(rows.into_iter().map(|known| (known.no as usize, known)).collect())
}

/// A file that is there under the path of one that comes, or waits unclaimed for it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Version {
    no: i64,
    pub id: String,
    pub sha256: Vec<u8>,
    pub superseded_at: Option<Millis>,
    pub reason: Option<String>,
    unclaimed: i64,
}

impl Version {
    /// It lay there because the account was not known.
    pub fn is_unclaimed(&self) -> bool {
        self.unclaimed != 0
    }
}

/// Every version of each file's path; none is added while the transaction has the intake's turn.
pub async fn versions<'a>(
    tx: &mut Tx,
    files: impl ExactSizeIterator<Item = &'a Arc<Facts>>,
) -> Result<Vec<Vec<Version>>> {
    static VERSIONS: Bulk<Asked> = Bulk::new(
        &ASKED,
        &["no", "account", "category", "path", "unclaimed", "sha256"],
        "SELECT given.no, f.id, f.sha256, f.superseded_at, f.reason, CAST(0 AS BIGINT) AS unclaimed
         FROM given CROSS JOIN files f
         WHERE f.account = given.account AND f.category = given.category AND f.path = given.path
         UNION ALL
         SELECT given.no, f.id, f.sha256, f.superseded_at, f.reason, CAST(1 AS BIGINT) AS unclaimed
         FROM given CROSS JOIN files f
         WHERE f.account = given.account AND f.category = 'unknown' AND f.path = given.unclaimed
         AND f.sha256 = given.sha256 AND f.subscriber_id IS NULL AND f.superseded_at IS NULL",
    );
    let mut of_each = vec![Vec::new(); files.len()];
    let asked = asked(files);
    let given = ASKED.give(tx, &asked).await?;
    for version in VERSIONS.all::<Version>(tx, &given).await? {
        if let Some(versions) = of_each.get_mut(version.no as usize) {
            versions.push(version);
        }
    }
    Ok(of_each)
}

/// A file that was not there.
pub struct NewFile {
    pub id: String,
    pub facts: Arc<Facts>,
    pub blob: String,
    pub reason: Option<String>,
    pub run: Arc<str>,
    pub at: Millis,
}

pub async fn insert(tx: &mut Tx, files: &[NewFile]) -> Result<()> {
    static NEW_FILES: Shape<NewFile> = Shape::new(
        "files",
        &[
            Column::Text("id", |file| Some(&file.id)),
            Column::Text("subscriber_id", |file| file.facts.subscriber_id.as_deref()),
            Column::Text("account", |file| Some(&file.facts.account)),
            Column::Text("category", |file| Some(file.facts.category)),
            Column::Text("path", |file| Some(&file.facts.path)),
            Column::Bytes("sha256", |file| Some(&file.facts.digest.sha256)),
            Column::Integer("crc32", |file| Some(i64::from(file.facts.digest.crc32))),
            Column::Integer("bytes", |file| i64::try_from(file.facts.digest.bytes).ok()),
            Column::Text("blob", |file| Some(&file.blob)),
            Column::Integer("modified_at", |file| file.facts.modified_at),
            Column::Text("reason", |file| file.reason.as_deref()),
            Column::Text("run_id", |file| Some(&file.run)),
            Column::Integer("imported_at", |file| Some(file.at)),
        ],
    );
    static INSERT: Bulk<NewFile> = Bulk::new(
        &NEW_FILES,
        &[
            "id", "subscriber_id", "account", "category", "path", "sha256", "crc32", "bytes", "blob",
            "modified_at", "reason", "run_id", "imported_at",
        ],
        "INSERT INTO files (id, subscriber_id, account, category, path, sha256, crc32, bytes, blob, modified_at,
         reason, run_id, imported_at)
         SELECT id, subscriber_id, account, category, path, sha256, crc32, bytes, blob, modified_at,
         reason, run_id, imported_at FROM given",
    );
    let given = NEW_FILES.give(tx, files).await?;
    INSERT.execute(tx, &given).await?;
    Ok(())
}

/// A version that steps back for another, or is the current one again.
pub struct Turned {
    pub id: String,
    pub superseded_at: Option<Millis>,
}

pub async fn turn(tx: &mut Tx, versions: &[Turned]) -> Result<()> {
    static TURNED: Shape<Turned> = Shape::new(
        "turned",
        &[
            Column::Text("id", |turned| Some(&turned.id)),
            Column::Integer("at", |turned| turned.superseded_at),
        ],
    );
    static TURN: Bulk<Turned> = Bulk::new(
        &TURNED,
        &["id", "at"],
        "UPDATE files SET superseded_at = given.at FROM given WHERE files.id = given.id",
    );
    let given = TURNED.give(tx, versions).await?;
    TURN.execute(tx, &given).await?;
    Ok(())
}
