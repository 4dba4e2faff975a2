//! Files that come with a case: sealed like everything of the person's, given back as downloads alone.

use futures::{StreamExt, TryStreamExt};

use super::{Case, CaseError, said::clean_line};
use crate::{
    ambient::{HOUR, Millis},
    portal::Portal,
    recovery::duplicates::sealed,
    store::{self as storage, On, Result, Tx, blobs::BlobError, keys::DataKey, sql},
    transaction,
};

/// The most files of one case, in all.
pub const MOST: i64 = 5;
/// The most bytes of one file.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// The most characters of a name that are kept.
const LONGEST_NAME: usize = 120;
/// A file that is not sent by then never will be.
const UNSENT: Millis = HOUR;

/// Why a file was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What it is called.
    Empty(String),
    TooLarge(String),
    TooMany,
}

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub id: String,
    /// What it came with: a message's id, or the case's.
    pub message_id: String,
    pub name: String,
    pub bytes: i64,
    pub blob: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    message_id: String,
    name_sealed: Vec<u8>,
    bytes: i64,
    blob: String,
}

impl Row {
    fn open(self, key: &DataKey) -> Result<File> {
        let name = sealed::open(key, &self.name_sealed)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        Ok(File { id: self.id, message_id: self.message_id, name, bytes: self.bytes, blob: self.blob })
    }
}

/// The name without folders, on one line; `file` where nothing is left.
pub fn plain_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = clean_line(last).chars().take(LONGEST_NAME).collect();
    if name.trim_matches('.').is_empty() { "file".to_owned() } else { name }
}

/// Keeps a file for a case, to be sent with `message`. It counts from then on; it goes again unless [`send`] follows.
///
/// The row is there before the bytes: whatever breaks off, cleaning finds what is left.
pub async fn bring(
    portal: &Portal,
    case: &Case,
    message: &str,
    name: &str,
    bytes: &[u8],
) -> std::result::Result<std::result::Result<(), Refused>, CaseError> {
    let (db, ambient) = (portal.db()?, &portal.ambient);
    let name = plain_name(name);
    if bytes.is_empty() {
        return Ok(Err(Refused::Empty(name)));
    }
    if bytes.len() > MOST_BYTES {
        return Ok(Err(Refused::TooLarge(name)));
    }
    let key = portal.keyring.ensure(db, &case.subscriber_id, ambient).await?;
    // The same file brought twice with one message is one.
    let id = key.name(&[case.id.as_bytes(), message.as_bytes(), name.as_bytes(), b"\0", bytes].concat());
    // No other blob has these bytes, so that removing this one takes nothing else away.
    let plain = [id.as_bytes(), bytes].concat();
    let blob = format!("{}/{}", case.subscriber_id, key.name(&plain));
    let name = sealed::seal(&key, name.as_bytes(), ambient)?;
    let taken = transaction!(db, |tx| -> Result<bool> {
        let there: Vec<(String,)> =
            sql("SELECT id FROM case_files WHERE case_id = $1").bind(&case.id).all(&mut *tx).await?;
        if there.iter().any(|(known,)| *known == id) {
            return Ok(true);
        }
        if there.len() as i64 >= MOST {
            return Ok(false);
        }
        sql("INSERT INTO case_files (id, case_id, message_id, name_sealed, bytes, blob, made_at, kept)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (id) DO NOTHING")
        .bind(&id)
        .bind(&case.id)
        .bind(message)
        .bind(name.clone())
        .bind(bytes.len() as i64)
        .bind(&blob)
        .bind(ambient.now())
        .execute(tx)
        .await?;
        Ok(true)
    })?;
    if !taken {
        return Ok(Err(Refused::TooMany));
    }
    put(portal, &case.subscriber_id, &key, &plain).await?;
    Ok(Ok(()))
}

/// How often bytes are put that seem to be damaged at once.
const ATTEMPTS: usize = 3;

/// The same file sent twice at the same moment is written twice under one name: whoever looks at what they wrote while
/// the other's takes its place finds neither, and looks again.
async fn put(
    portal: &Portal,
    holder: &str,
    key: &DataKey,
    plain: &[u8],
) -> std::result::Result<(), BlobError> {
    let mut attempt = 1;
    loop {
        match portal.blobs.put(holder, key, plain, &portal.ambient).await {
            Err(error) if error.damage().is_some() && attempt < ATTEMPTS => attempt += 1,
            outcome => return outcome.map(drop),
        }
    }
}

/// The files that came with `message` are part of the case now.
pub async fn send(tx: &mut Tx, case: &str, message: &str) -> Result<()> {
    sql("UPDATE case_files SET kept = 1 WHERE case_id = $1 AND message_id = $2")
        .bind(case)
        .bind(message)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether files came with a message that are not part of it.
pub async fn are_left(tx: &mut Tx, case: &str, message: &str) -> Result<bool> {
    let (count,): (i64,) =
        sql("SELECT COUNT(*) FROM case_files WHERE case_id = $1 AND message_id = $2 AND kept = 0")
            .bind(case)
            .bind(message)
            .one(tx)
            .await?;
    Ok(count > 0)
}

/// What was brought with a draft stands in it now, unless it was sent meanwhile.
pub async fn keep_in_draft(portal: &Portal, draft: &Case) -> std::result::Result<(), CaseError> {
    transaction!(portal.db()?, |tx| -> Result<()> {
        sql("UPDATE case_files SET kept = 1 WHERE case_id = $1 AND message_id = $1
             AND EXISTS (SELECT 1 FROM cases WHERE id = $1 AND state = 'draft')")
        .bind(&draft.id)
        .execute(tx)
        .await?;
        Ok(())
    })?;
    Ok(())
}

/// Every file of a case that is part of it.
pub async fn of_case(on: impl Into<On<'_>>, case: &str, key: &DataKey) -> Result<Vec<File>> {
    let rows: Vec<Row> = sql("SELECT id, message_id, name_sealed, bytes, blob FROM case_files
         WHERE case_id = $1 AND kept = 1 ORDER BY made_at, id")
    .bind(case)
    .all(on)
    .await?;
    rows.into_iter().map(|row| row.open(key)).collect()
}

/// One of them; none for any other.
pub async fn one(portal: &Portal, case: &Case, id: &str) -> Result<Option<File>> {
    let Some(key) = portal.data_key(&case.subscriber_id).await? else { return Ok(None) };
    Ok(of_case(portal.db()?, &case.id, &key).await?.into_iter().find(|file| file.id == id))
}

/// How many more files a case takes.
pub async fn room(on: impl Into<On<'_>>, case: &str) -> Result<i64> {
    let (count,): (i64,) =
        sql("SELECT COUNT(*) FROM case_files WHERE case_id = $1").bind(case).one(on).await?;
    Ok((MOST - count).max(0))
}

/// The bytes of a file, as a stream.
pub async fn read(
    portal: &Portal,
    case: &Case,
    file: &File,
) -> Result<impl futures::Stream<Item = std::result::Result<bytes::Bytes, BlobError>> + Send + use<>> {
    let key = portal.data_key(&case.subscriber_id).await?.ok_or(storage::Error::Erased)?;
    let before = file.id.len();
    let chunks = portal.blobs.read(&file.blob, &key, before as u64 + file.bytes.unsigned_abs());
    // The first chunk begins with the file's id.
    let cut = move |(index, chunk): (usize, bytes::Bytes)| {
        if index == 0 { chunk.slice(before.min(chunk.len())..) } else { chunk }
    };
    Ok(chunks.enumerate().map(|(index, chunk)| chunk.map(|chunk| (index, chunk))).map_ok(cut))
}

/// Takes a file out of a draft. What was sent meanwhile keeps its files.
pub async fn remove(portal: &Portal, case: &Case, id: &str) -> std::result::Result<(), CaseError> {
    let blobs: Vec<Gone> = transaction!(portal.db()?, |tx| -> Result<Vec<Gone>> {
        sql("DELETE FROM case_files WHERE id = $1 AND case_id = $2
             AND EXISTS (SELECT 1 FROM cases WHERE id = $2 AND state = 'draft') RETURNING blob")
        .bind(id)
        .bind(&case.id)
        .all(tx)
        .await
    })?;
    forget(portal, blobs).await
}

/// Lets go what was brought with a message that was not sent.
pub async fn let_go(portal: &Portal, case: &Case, message: &str) -> std::result::Result<(), CaseError> {
    let blobs: Vec<Gone> = transaction!(portal.db()?, |tx| -> Result<Vec<Gone>> {
        sql("DELETE FROM case_files WHERE case_id = $1 AND message_id = $2 AND kept = 0 RETURNING blob")
            .bind(&case.id)
            .bind(message)
            .all(tx)
            .await
    })?;
    forget(portal, blobs).await
}

/// Removes files that were never sent, and drafts that nobody went on with since `before`.
pub async fn clean(portal: &Portal, before: Millis) -> std::result::Result<(), CaseError> {
    let (db, unsent) = (portal.db()?, portal.ambient.now() - UNSENT);
    let left: Vec<(String,)> = sql("SELECT id FROM case_files WHERE kept = 0 AND made_at < $1
         ORDER BY made_at LIMIT 100")
    .bind(unsent)
    .all(db)
    .await?;
    for (id,) in left {
        // It may be sent at this moment.
        let blobs: Vec<Gone> = transaction!(db, |tx| -> Result<Vec<Gone>> {
            sql("DELETE FROM case_files WHERE id = $1 AND kept = 0 RETURNING blob").bind(&id).all(tx).await
        })?;
        forget(portal, blobs).await?;
    }
    let drafts: Vec<(String,)> = sql("SELECT id FROM cases WHERE state = 'draft' AND waits_since < $1
         ORDER BY waits_since LIMIT 100")
    .bind(before)
    .all(db)
    .await?;
    for (id,) in drafts {
        let blobs = transaction!(db, |tx| -> Result<Vec<Gone>> { remove_draft(tx, &id, before).await })?;
        forget(portal, blobs).await?;
    }
    Ok(())
}

/// A draft with its files, unless somebody went on with it or sent it meanwhile.
async fn remove_draft(tx: &mut Tx, id: &str, before: Millis) -> Result<Vec<Gone>> {
    let blobs = sql("DELETE FROM case_files WHERE case_id = $1
         AND EXISTS (SELECT 1 FROM cases WHERE id = $1 AND state = 'draft' AND waits_since < $2) RETURNING blob")
    .bind(id)
    .bind(before)
    .all(&mut *tx)
    .await?;
    sql("DELETE FROM cases WHERE id = $1 AND state = 'draft' AND waits_since < $2")
        .bind(id)
        .bind(before)
        .execute(tx)
        .await?;
    Ok(blobs)
}

/// The blob of a file whose row is gone.
type Gone = (String,);

/// Removes the bytes of files whose rows are gone, which is decided by then: what was sent keeps both. The same file
/// brought once more meanwhile has them again. What stays where this breaks off goes with its person's key.
async fn forget(portal: &Portal, blobs: Vec<Gone>) -> std::result::Result<(), CaseError> {
    for (blob,) in blobs {
        let again: Option<Gone> =
            sql("SELECT blob FROM case_files WHERE blob = $1").bind(&blob).optional(portal.db()?).await?;
        if again.is_none() {
            portal.blobs.delete(&blob).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_name_whatever_path_it_came_with() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ann\\list.vcf", "list.vcf"),
            ("..", "file"),
            ("", "file"),
            ("a\r\nSet-Cookie: b", "a Set-Cookie: b"),
            ("photo \0.png", "photo \u{FFFD}.png"),
        ] {
            assert_eq!(plain_name(given), kept);
        }
        assert_eq!(plain_name(&"x".repeat(1_000)).len(), LONGEST_NAME);
    }
}
