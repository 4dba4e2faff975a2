//! The record of sign-ins that `/account` shows.

use app::say;

use crate::{
    ambient::{Ambient, Millis},
    store::{Db, Result, Tx, sql},
};

/// How many `/account` shows.
const SHOWN: i64 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    SignedIn,
    WrongCode,
    SignedOut,
    SignedOutEverywhere,
}

impl What {
    const ALL: [What; 4] = [What::SignedIn, What::WrongCode, What::SignedOut, What::SignedOutEverywhere];

    fn slug(self) -> &'static str {
        match self {
            What::SignedIn => "signed-in",
            What::WrongCode => "wrong-code",
            What::SignedOut => "signed-out",
            What::SignedOutEverywhere => "signed-out-everywhere",
        }
    }

    /// As `/account` says it.
    pub fn words(self) -> &'static str {
        match self {
            What::SignedIn => say!("Signed in"),
            What::WrongCode => say!("Wrong code"),
            What::SignedOut => say!("Signed out"),
            What::SignedOutEverywhere => say!("Signed out everywhere"),
        }
    }
}

/// Writes a line; of a number that nobody has too, so that it takes as long.
pub async fn write(tx: &mut Tx, ambient: &Ambient, subscriber_id: Option<&str>, what: What) -> Result<()> {
    sql("INSERT INTO sign_ins (id, subscriber_id, what, at) VALUES ($1, $2, $3, $4)")
        .bind(ambient.id())
        .bind(subscriber_id)
        .bind(what.slug())
        .bind(ambient.now())
        .execute(tx)
        .await?;
    Ok(())
}

/// What happened of late and when, the newest first.
pub async fn newest(db: &Db, subscriber_id: &str) -> Result<Vec<(What, Millis)>> {
    let rows: Vec<(String, i64)> = sql("SELECT what, at FROM sign_ins WHERE subscriber_id = $1
         ORDER BY at DESC, id DESC LIMIT $2")
    .bind(subscriber_id)
    .bind(SHOWN)
    .all(db)
    .await?;
    let read =
        |(slug, at): (String, i64)| Some((What::ALL.into_iter().find(|what| what.slug() == slug)?, at));
    Ok(rows.into_iter().filter_map(read).collect())
}
