//! The rows of the three tables: who there is, what they had, what cannot come back.

use sha2::{Digest, Sha256};

use super::{
    Intake, IntakeError,
    feed::Problem,
    read, store,
    tables::{InventoryRow, Numbered, SubscriberRow, VerdictRow},
};
use crate::{accounts, ambient::Millis, recovery, store::TurnOf, transaction};

/// As for files: nobody waits longer on these rows.
const HOLD: Millis = 40;

/// Runs `$body` for each row, in transactions that are short; gives the problems.
macro_rules! each_row {
    ($intake:expr, $rows:expr, $count:expr, $path:literal, |$tx:ident, $row:ident| $body:block) => {{
        let mut done = 0;
        let mut problems = Vec::new();
        while done < $rows.len() {
            let refused = transaction!($intake.db, bulk |$tx| -> Result<Vec<Option<String>>, IntakeError> {
                $tx.take_turn(TurnOf::Intake).await?;
                let started = $intake.ambient.now();
                let mut refused = Vec::new();
                for numbered in &$rows[done..] {
                    let $row = &numbered.row;
                    refused.push($body);
                    if $intake.ambient.now() - started >= HOLD {
                        break;
                    }
                }
                recovery::raise($tx).await?;
                Ok(refused)
            })?;
            for (numbered, refusal) in $rows[done..].iter().zip(&refused) {
                match refusal {
                    None => *$count += 1,
                    Some(reason) => problems.push(Problem {
                        path: $path.to_owned(),
                        line: Some(numbered.line),
                        reason: reason.clone(),
                    }),
                }
            }
            done += refused.len();
        }
        Ok(problems)
    }};
}

pub async fn subscribers(
    intake: &Intake,
    rows: Vec<Numbered<SubscriberRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    intake.forget_account();
    each_row!(intake, rows, count, "subscribers.csv", |tx, row| {
        let before = store::standing(tx, &row.account).await?;
        let search = read::fold(&format!("{} {}", row.name, row.account));
        store::put_subscriber(tx, &intake.ambient, row, &search, cohort(&row.account)).await?;
        let phone = row.phone.as_ref().map(|phone| phone.as_str());
        if let Some(before) = before.filter(|before| before.phone.as_deref() != phone) {
            accounts::phone_changed(tx, &before.id).await?;
        }
        match phone {
            Some(phone) => shared_phone(&store::others_with_phone(tx, phone, &row.account).await?),
            None => None,
        }
    })
}

/// A phone belongs to one account at a time; while two claim it, nobody signs in by it.
fn shared_phone(others: &[(String,)]) -> Option<String> {
    let (other,) = others.first()?;
    Some(format!(
        "this phone is also account {other}'s: neither can sign in by it until one of them has another phone; \
         the rest of the row is taken in"
    ))
}

pub async fn inventory(
    intake: &Intake,
    rows: Vec<Numbered<InventoryRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    each_row!(intake, rows, count, "inventory.csv", |tx, row| {
        let known = store::put_inventory(tx, row, intake.ambient.now()).await?;
        (!known).then(|| unknown_account(&row.account))
    })
}

pub async fn verdicts(
    intake: &Intake,
    rows: Vec<Numbered<VerdictRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    each_row!(intake, rows, count, "verdicts.csv", |tx, row| {
        let known = store::put_verdict(tx, row, intake.ambient.now()).await?;
        (!known).then(|| unknown_account(&row.account))
    })
}

fn unknown_account(account: &str) -> String {
    format!(
        "no subscriber has the account {account:?}; name it in subscribers.csv, then import this row again"
    )
}

/// Which ten-thousandth of all accounts this one is in: releases reach the low ones first.
fn cohort(account: &str) -> i64 {
    let digest = Sha256::new().chain_update(b"cohort\0").chain_update(account.as_bytes()).finalize();
    let number = digest.iter().take(4).fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    i64::from(number % 10_000)
}
