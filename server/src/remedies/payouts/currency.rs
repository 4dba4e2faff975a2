//! Remedies whose currency was changed in the incident file.
//!
//! Budgets, codes and the ledger count a remedy's amounts together, so a remedy has one currency for good.

use crate::{
    incident::Incident,
    store::{Db, Result, sql},
};

/// A remedy that was granted, or is claimed and waits, in another currency than the incident file's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCurrency {
    pub remedy: String,
    pub before: String,
    pub now: String,
}

impl std::fmt::Display for OtherCurrency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let OtherCurrency { remedy, before, now } = self;
        write!(
            f,
            "the remedy {remedy} is in {now} in the incident file, and was granted or claimed in {before}"
        )
    }
}

/// What to do about it.
pub const MEND: &str = "give it its currency back, and write the new one as a remedy with an id of its own";

/// The remedies of the file whose currency is not that of all their grants and of all claims that wait.
pub async fn other_currencies(db: &Db, incident: &Incident) -> Result<Vec<OtherCurrency>> {
    let mut found = Vec::new();
    for remedy in &incident.remedies {
        let now = remedy.value.currency.code();
        let before: Option<(String,)> = sql("SELECT currency FROM grants
             WHERE incident = $1 AND remedy = $2 AND currency <> $3
             UNION ALL SELECT currency FROM claims
             WHERE incident = $1 AND remedy = $2 AND currency <> $3 AND state = 'submitted' LIMIT 1")
        .bind(incident.id.as_str())
        .bind(remedy.id.as_str())
        .bind(now)
        .optional(db)
        .await?;
        found.extend(before.map(|(before,)| OtherCurrency {
            remedy: remedy.id.to_string(),
            before,
            now: now.to_owned(),
        }));
    }
    Ok(found)
}
