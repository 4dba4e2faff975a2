//! What is stored of files and their lines.

use super::super::Answer;
use crate::{
    ambient::{DAY, Millis},
    store::{Db, On, Result, Tx, sql},
    transaction,
    web::wording,
};

/// The line of an order.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub file: String,
    pub position: i64,
    pub closed_at: Option<Millis>,
    pub answer: Option<String>,
    pub answer_note: String,
}

impl Line {
    /// `bill-file-2009-10-20-1.csv:17`.
    pub fn reference(&self) -> String {
        format!("{}:{}", self.file, self.position)
    }

    pub fn says(&self) -> Answer {
        let reference = self.reference();
        match self.answer.as_deref() {
            None => Answer::Placed { reference },
            Some("applied") => Answer::Paid { reference },
            Some(_) => Answer::Refused { why: self.answer_note.clone() },
        }
    }
}

/// The file of a provider that takes lines; made where there is none. Nobody closes it before this transaction ends.
pub async fn open(tx: &mut Tx, id: &str, provider: &str, now: Millis) -> Result<String> {
    loop {
        let open: Option<(String,)> = sql("UPDATE payout_files SET opened_at = opened_at
             WHERE provider = $1 AND closed_at IS NULL RETURNING id")
        .bind(provider)
        .optional(&mut *tx)
        .await?;
        if let Some((id,)) = open {
            return Ok(id);
        }
        let day = now - now.rem_euclid(DAY);
        let (today,): (i64,) =
            sql("SELECT COUNT(*) FROM payout_files WHERE provider = $1 AND opened_at >= $2")
                .bind(provider)
                .bind(day)
                .one(&mut *tx)
                .await?;
        let date: String = wording::rfc3339(now).chars().take(10).collect();
        sql("INSERT INTO payout_files (id, provider, name, opened_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(provider)
            .bind(format!("{provider}-{date}-{}", today + 1))
            .bind(now)
            .execute(&mut *tx)
            .await?;
    }
}

/// Adds an order's line, if it has none anywhere.
pub async fn add(tx: &mut Tx, file: &str, order: &str) -> Result<()> {
    sql("INSERT INTO payout_file_lines (order_id, file_id, position)
         SELECT $2, $1, COALESCE(MAX(position), 0) + 1 FROM payout_file_lines WHERE file_id = $1
         ON CONFLICT (order_id) DO NOTHING")
    .bind(file)
    .bind(order)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn line(on: impl Into<On<'_>>, order: &str) -> Result<Option<Line>> {
    sql("SELECT f.name AS file, l.position, f.closed_at, l.answer, l.answer_note
         FROM payout_file_lines l JOIN payout_files f ON f.id = l.file_id WHERE l.order_id = $1")
    .bind(order)
    .optional(on)
    .await
}

/// Closes what takes lines, so that it can be handed over.
pub async fn close(tx: &mut Tx, provider: &str, now: Millis) -> Result<()> {
    sql("UPDATE payout_files SET closed_at = $2 WHERE provider = $1 AND closed_at IS NULL
         AND EXISTS (SELECT 1 FROM payout_file_lines l WHERE l.file_id = payout_files.id)")
    .bind(provider)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// A file that is closed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Closed {
    pub id: String,
    pub name: String,
    pub handed_at: Option<Millis>,
}

pub async fn closed(on: impl Into<On<'_>>, provider: &str) -> Result<Vec<Closed>> {
    sql("SELECT id, name, handed_at FROM payout_files WHERE provider = $1 AND closed_at IS NOT NULL ORDER BY opened_at, id")
        .bind(provider)
        .all(on)
        .await
}

/// Gives a file that nobody was handed a name that no other ever had; none when it was handed over meanwhile.
pub async fn rename(db: &Db, file: &Closed) -> Result<Option<String>> {
    let name = format!("{}-{}", file.name, file.id.rsplit('-').next().unwrap_or(&file.id));
    let renamed = transaction!(db, bulk |tx| -> Result<u64> {
        sql("UPDATE payout_files SET name = $2 WHERE id = $1 AND handed_at IS NULL")
            .bind(&file.id)
            .bind(&name)
            .execute(tx)
            .await
    })?;
    Ok((renamed > 0).then_some(name))
}

/// Takes a file that nobody was handed, so that it gets its name once, in that folder; false when somebody else has it, handed
/// it over, or died over it in another folder, where it may lie.
pub async fn take(db: &Db, id: &str, folder: &str, now: Millis, until: Millis) -> Result<bool> {
    let taken = transaction!(db, bulk |tx| -> Result<u64> {
        sql("UPDATE payout_files SET handing_until = $3, handing_in = $4
             WHERE id = $1 AND handed_at IS NULL AND handing_until <= $2 AND (handing_until = 0 OR handing_in = $4)")
        .bind(id)
        .bind(now)
        .bind(until)
        .bind(folder)
        .execute(tx)
        .await
    })?;
    Ok(taken == 1)
}

/// It was taken until then, and got no name.
pub async fn let_go(db: &Db, id: &str, until: Millis) -> Result<()> {
    transaction!(db, bulk |tx| -> Result<()> {
        sql("UPDATE payout_files SET handing_until = 0 WHERE id = $1 AND handing_until = $2")
            .bind(id)
            .bind(until)
            .execute(tx)
            .await?;
        Ok(())
    })
}

/// It was written for others to take; false when it was marked already.
pub async fn mark_handed(db: &Db, id: &str, now: Millis) -> Result<bool> {
    let rows = transaction!(db, bulk |tx| -> Result<u64> {
        sql("UPDATE payout_files SET handed_at = $2 WHERE id = $1 AND handed_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(tx)
            .await
    })?;
    Ok(rows == 1)
}

/// A file some of whose orders nobody has said anything about for too long.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Unanswered {
    pub provider: String,
    /// Without `.csv`.
    pub name: String,
    /// None: it was never handed over.
    pub handed_at: Option<Millis>,
    pub orders: i64,
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Unanswered { name, orders, .. } = self;
        match self.handed_at {
            Some(at) => {
                let at = wording::moment(at);
                write!(f, "{name}: handed over on {at}, and {orders} of its orders are without an answer")
            }
            None => write!(f, "{name}: {orders} orders gather in it, and it was never handed over"),
        }
    }
}

/// Files that were handed over before `since`, or gather orders since before it, and have orders without an answer; the
/// oldest first.
pub async fn unanswered(on: impl Into<On<'_>>, since: Millis) -> Result<Vec<Unanswered>> {
    sql("SELECT f.provider, f.name, f.handed_at, COUNT(*) AS orders
         FROM payout_files f JOIN payout_file_lines l ON l.file_id = f.id JOIN payout_orders o ON o.id = l.order_id
         WHERE COALESCE(f.handed_at, f.opened_at) <= $1 AND l.answer IS NULL AND o.state = 'placed'
         GROUP BY f.provider, f.name, f.handed_at, f.opened_at ORDER BY f.opened_at, f.name")
    .bind(since)
    .all(on)
    .await
}

/// One order as a file says it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub position: i64,
    pub order_id: String,
    pub claim_id: String,
    /// None once the person was erased.
    pub account: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub remedy: String,
    pub number: String,
    pub created_at: Millis,
}

pub async fn rows(on: impl Into<On<'_>>, file: &str, after: i64, most: i64) -> Result<Vec<Row>> {
    sql("SELECT l.position, l.order_id, o.claim_id, s.account, o.amount, o.currency, o.remedy, c.number,
         o.created_at
         FROM payout_file_lines l JOIN payout_orders o ON o.id = l.order_id JOIN claims c ON c.id = o.claim_id
         LEFT JOIN subscribers s ON s.id = o.subscriber_id
         WHERE l.file_id = $1 AND l.position > $2 ORDER BY l.position LIMIT $3")
    .bind(file)
    .bind(after)
    .bind(most)
    .all(on)
    .await
}

/// Notes what was acknowledged; what was said last holds.
pub async fn answer(tx: &mut Tx, order: &str, answer: &str, note: &str, now: Millis) -> Result<()> {
    sql("UPDATE payout_file_lines SET answer = $2, answer_note = $3, answered_at = $4 WHERE order_id = $1")
        .bind(order)
        .bind(answer)
        .bind(note)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
