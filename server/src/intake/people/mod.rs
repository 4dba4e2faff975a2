//! The rows of the three tables: who there is, what they had, what cannot come back.

mod store;

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::{
    Intake, IntakeError,
    feed::Problem,
    read,
    tables::{InventoryRow, Numbered, SubscriberRow, VerdictRow},
};
use crate::{
    accounts::{self, erasure},
    ambient::Millis,
    recovery,
    store::{TurnOf, Tx, next_rows},
    transaction,
};

/// As for files: nobody waits longer on these rows.
const HOLD: Millis = 40;

/// What a row was refused for, or what is wrong although it was taken in.
type Refusal = Option<String>;

/// Runs `$body` for handfuls of rows in which no key comes twice, in transactions that are short;
/// it gives each row's refusal. The macro gives the problems.
macro_rules! each_handful {
    ($intake:expr, $rows:expr, $count:expr, $path:literal, $key:expr, |$tx:ident, $handful:ident| $body:block) => {{
        let mut done = 0;
        let mut problems = Vec::new();
        while done < $rows.len() {
            let refused = transaction!($intake.db, bulk |$tx| -> Result<Vec<Refusal>, IntakeError> {
                $tx.take_turn(TurnOf::Intake).await?;
                let started = $intake.ambient.now();
                let mut refused = Vec::new();
                while done + refused.len() < $rows.len() && $intake.ambient.now() - started < HOLD {
                    let left = &$rows[done + refused.len()..];
                    let $handful = handful(left, $key);
                    refused.extend($body);
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

/// The rows that one statement takes. It must not come by one key twice: the later row waits for the next.
fn handful<'a, T, K: Eq + std::hash::Hash>(rows: &'a [Numbered<T>], key: impl Fn(&'a T) -> K) -> Vec<&'a T> {
    let mut seen = HashSet::new();
    let apart = rows.iter().take(next_rows(rows.len())).map(|numbered| &numbered.row);
    let apart: Vec<&T> = apart.take_while(|row| seen.insert(key(row))).collect();
    let fits = next_rows(apart.len());
    apart.into_iter().take(fits).collect()
}

pub async fn subscribers(
    intake: &Intake,
    rows: Vec<Numbered<SubscriberRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    intake.forget_account();
    each_handful!(
        intake,
        rows,
        count,
        "subscribers.csv",
        |row: &SubscriberRow| row.account.as_str(),
        |tx, few| { put_subscribers(intake, tx, &few).await? }
    )
}

async fn put_subscribers(
    intake: &Intake,
    tx: &mut Tx,
    rows: &[&SubscriberRow],
) -> Result<Vec<Refusal>, IntakeError> {
    let accounts: Vec<&str> = rows.iter().map(|row| row.account.as_str()).collect();
    let erased = erasure::refused_among(tx, intake.keyring.root(), &accounts).await?;
    if erased.is_empty() {
        return put_admitted(intake, tx, rows).await;
    }
    let mut refused = Vec::with_capacity(rows.len());
    for row in rows {
        refused.extend(match erased.contains(row.account.as_str()) {
            true => vec![Some(erasure::Refused.to_string())],
            false => put_admitted(intake, tx, &[row]).await?,
        });
    }
    Ok(refused)
}

async fn put_admitted(
    intake: &Intake,
    tx: &mut Tx,
    rows: &[&SubscriberRow],
) -> Result<Vec<Refusal>, IntakeError> {
    let accounts: Vec<&str> = rows.iter().map(|row| row.account.as_str()).collect();
    let before = store::standing(tx, &accounts).await?;
    let derived: Vec<_> = rows.iter().map(|row| (*row, derive(intake, row))).collect();
    store::put_subscribers(tx, &derived, intake.ambient.now()).await?;
    for row in rows {
        if let Some(before) = before.get(&row.account).filter(|before| before.phone.as_deref() != phone(row))
        {
            accounts::phone_changed(tx, &before.id).await?;
        }
    }
    shared_phones(tx, rows, &before).await
}

fn derive(intake: &Intake, row: &SubscriberRow) -> store::Derived {
    store::Derived {
        id: intake.ambient.id(),
        search: read::fold(&format!("{} {}", row.name, row.account)),
        cohort: cohort(&row.account),
    }
}

fn phone(row: &SubscriberRow) -> Option<&str> {
    row.phone.as_ref().map(|phone| phone.as_str())
}

/// A phone belongs to one account at a time; while two claim it, nobody signs in by it. Told of the row
/// that came to it later.
async fn shared_phones(
    tx: &mut Tx,
    rows: &[&SubscriberRow],
    before: &HashMap<String, store::Standing>,
) -> Result<Vec<Refusal>, IntakeError> {
    // Rows without a phone ask for what nobody has.
    let phones: Vec<&str> = rows.iter().map(|row| phone(row).unwrap_or_default()).collect();
    let with = store::with_phones(tx, &phones).await?;
    let places: HashMap<&str, usize> =
        rows.iter().enumerate().map(|(place, row)| (row.account.as_str(), place)).collect();
    let had_it = |account: &str, phone: &str| {
        before.get(account).is_some_and(|before| before.phone.as_deref() == Some(phone))
    };
    let refusal = |(place, row): (usize, &&SubscriberRow)| {
        let phone = phone(row)?;
        let earlier = |other: &&String| {
            **other != row.account
                && (places.get(other.as_str()).is_none_or(|other| *other < place) || had_it(other, phone))
        };
        with.get(phone)?.iter().find(earlier).map(|other| shared_phone(other))
    };
    Ok(rows.iter().enumerate().map(refusal).collect())
}

fn shared_phone(other: &str) -> String {
    format!(
        "this phone is also account {other}'s: neither can sign in by it until one of them has another phone; \
         the rest of the row is taken in"
    )
}

pub async fn inventory(
    intake: &Intake,
    rows: Vec<Numbered<InventoryRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    let key = |row: &InventoryRow| (row.account.clone(), row.category);
    each_handful!(intake, rows, count, "inventory.csv", key, |tx, few| {
        let known = store::put_inventory(tx, &few, intake.ambient.now()).await?;
        few.iter().map(|row| unknown_account(&row.account, &known)).collect::<Vec<_>>()
    })
}

pub async fn verdicts(
    intake: &Intake,
    rows: Vec<Numbered<VerdictRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    let key = |row: &VerdictRow| (row.account.clone(), row.category);
    each_handful!(intake, rows, count, "verdicts.csv", key, |tx, few| {
        let known = store::put_verdicts(tx, &few, intake.ambient.now()).await?;
        few.iter().map(|row| unknown_account(&row.account, &known)).collect::<Vec<_>>()
    })
}

fn unknown_account(account: &str, known: &HashSet<String>) -> Refusal {
    let told = || {
        format!(
            "no subscriber has the account {account:?}; name it in subscribers.csv, then import this row again"
        )
    };
    (!known.contains(account)).then(told)
}

/// Which ten-thousandth of all accounts this one is in: releases reach the low ones first.
fn cohort(account: &str) -> i64 {
    let digest = Sha256::new().chain_update(b"cohort\0").chain_update(account.as_bytes()).finalize();
    let number = digest.iter().take(4).fold(0u32, |number, byte| number << 8 | u32::from(*byte));
    i64::from(number % 10_000)
}
