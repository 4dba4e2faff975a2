//! The rows of the three tables: who there is, what they had, what cannot come back.

mod store;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::Hash,
};

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
    store::{HOLD, TurnOf, Tx},
    transaction,
};

/// What a row was refused for, or what is wrong although it was taken in.
type Refusal = Option<String>;

/// A row of subscribers.csv, and what is worked out from it before it is written.
#[derive(Clone)]
pub struct Newcomer {
    line: u64,
    row: SubscriberRow,
    id: String,
    search: String,
    cohort: i64,
    at: Millis,
}

impl Newcomer {
    fn phone(&self) -> Option<&str> {
        self.row.phone.as_ref().map(|phone| phone.as_str())
    }
}

/// A row of inventory.csv or verdicts.csv.
pub struct Holding<R> {
    line: u64,
    row: R,
    at: Millis,
}

fn holdings<R>(intake: &Intake, rows: Vec<Numbered<R>>) -> Vec<Holding<R>> {
    let at = intake.ambient.now();
    rows.into_iter().map(|Numbered { line, row }| Holding { line, row, at }).collect()
}

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
                    let $handful = handful(left, $intake.db.rows_at_once(), $key);
                    refused.extend($body);
                }
                recovery::raise($tx).await?;
                Ok(refused)
            })?;
            for (row, refusal) in $rows[done..].iter().zip(&refused) {
                match refusal {
                    None => *$count += 1,
                    Some(reason) => problems.push(Problem {
                        path: $path.to_owned(),
                        line: Some(row.line),
                        reason: reason.clone(),
                    }),
                }
            }
            done += refused.len();
        }
        Ok(problems)
    }};
}

/// The rows that are written together. They must not come by one key twice: the later row waits for the next handful.
fn handful<'a, T, K: Eq + Hash>(rows: &'a [T], most: usize, key: impl Fn(&'a T) -> K) -> &'a [T] {
    let mut seen = HashSet::new();
    let apart = rows.iter().take(most).take_while(|row| seen.insert(key(row))).count();
    &rows[..apart]
}

pub async fn subscribers(
    intake: &Intake,
    rows: Vec<Numbered<SubscriberRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    let at = intake.ambient.now();
    let newcomer = |Numbered { line, row }: Numbered<SubscriberRow>| Newcomer {
        line,
        id: intake.ambient.id(),
        search: read::fold(&format!("{} {}", row.name, row.account)),
        cohort: cohort(&row.account),
        row,
        at,
    };
    let rows: Vec<Newcomer> = rows.into_iter().map(newcomer).collect();
    each_handful!(
        intake,
        rows,
        count,
        "subscribers.csv",
        |new: &'_ Newcomer| new.row.account.as_str(),
        |tx, few| { put_subscribers(intake, tx, few).await? }
    )
}

async fn put_subscribers(
    intake: &Intake,
    tx: &mut Tx,
    rows: &[Newcomer],
) -> Result<Vec<Refusal>, IntakeError> {
    let accounts: Vec<&str> = rows.iter().map(|new| new.row.account.as_str()).collect();
    let erased = erasure::refused_among(tx, intake.keyring.root(), &accounts).await?;
    let is_erased = |new: &Newcomer| erased.contains(new.row.account.as_str());
    let mut refused = Vec::with_capacity(rows.len());
    for rows in rows.chunk_by(|one, next| is_erased(one) == is_erased(next)) {
        refused.extend(match rows.first() {
            Some(first) if is_erased(first) => vec![Some(erasure::Refused.to_string()); rows.len()],
            _ => {
                let rows = with_their_ids(intake, tx, rows).await?;
                put_admitted(tx, &rows).await?
            }
        });
    }
    Ok(refused)
}

/// Whoever was erased and may come in again is who they were.
async fn with_their_ids<'a>(
    intake: &Intake,
    tx: &mut Tx,
    rows: &'a [Newcomer],
) -> Result<Cow<'a, [Newcomer]>, IntakeError> {
    let accounts: Vec<&str> = rows.iter().map(|new| new.row.account.as_str()).collect();
    let again = erasure::ids_again(tx, intake.keyring.root(), &accounts).await?;
    if again.is_empty() {
        return Ok(Cow::Borrowed(rows));
    }
    let mut rows = rows.to_vec();
    for new in &mut rows {
        if let Some(id) = again.get(new.row.account.as_str()) {
            new.id.clone_from(id);
        }
    }
    Ok(Cow::Owned(rows))
}

async fn put_admitted(tx: &mut Tx, rows: &[Newcomer]) -> Result<Vec<Refusal>, IntakeError> {
    let given = store::NEWCOMERS.give(tx, rows).await?;
    let before = store::standing(tx, &given).await?;
    match before.is_empty() {
        true => store::add_subscribers(tx, &given).await?,
        false => store::put_subscribers(tx, &given).await?,
    }
    for new in rows {
        let moved = |before: &&store::Standing| before.phone.as_deref() != new.phone();
        if let Some(before) = before.get(&new.row.account).filter(moved) {
            accounts::phone_changed(tx, &before.id).await?;
        }
    }
    let sharing = store::sharing(tx, &given).await?;
    Ok(if sharing.is_empty() { vec![None; rows.len()] } else { shared_phones(rows, &before, &sharing) })
}

/// A phone belongs to one account at a time; while two claim it, nobody signs in by it. Told of the row
/// that came to it later.
fn shared_phones(
    rows: &[Newcomer],
    before: &HashMap<String, store::Standing>,
    sharing: &HashMap<String, Vec<String>>,
) -> Vec<Refusal> {
    let places: HashMap<&str, usize> =
        rows.iter().enumerate().map(|(place, new)| (new.row.account.as_str(), place)).collect();
    let had_it = |account: &str, phone: Option<&str>| {
        before.get(account).is_some_and(|before| before.phone.as_deref() == phone)
    };
    let refusal = |(place, new): (usize, &Newcomer)| {
        let earlier = |other: &&String| {
            places.get(other.as_str()).is_none_or(|other| *other < place) || had_it(other, new.phone())
        };
        sharing.get(&new.row.account)?.iter().find(earlier).map(|other| shared_phone(other))
    };
    rows.iter().enumerate().map(refusal).collect()
}

fn shared_phone(other: &str) -> String {
    format!(
        "this phone is also account {other:?}: neither can sign in by it until one of them has another phone; \
         the rest of the row is taken in"
    )
}

pub async fn inventory(
    intake: &Intake,
    rows: Vec<Numbered<InventoryRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    let rows = holdings(intake, rows);
    each_handful!(
        intake,
        rows,
        count,
        "inventory.csv",
        |holding: &'_ Holding<InventoryRow>| (holding.row.account.as_str(), holding.row.category),
        |tx, few| {
            let known = store::put_inventory(tx, few).await?;
            few.iter().map(|holding| unknown_account(&holding.row.account, &known)).collect::<Vec<_>>()
        }
    )
}

pub async fn verdicts(
    intake: &Intake,
    rows: Vec<Numbered<VerdictRow>>,
    count: &mut u64,
) -> Result<Vec<Problem>, IntakeError> {
    let rows = holdings(intake, rows);
    each_handful!(
        intake,
        rows,
        count,
        "verdicts.csv",
        |holding: &'_ Holding<VerdictRow>| (holding.row.account.as_str(), holding.row.category),
        |tx, few| {
            let known = store::put_verdicts(tx, few).await?;
            few.iter().map(|holding| unknown_account(&holding.row.account, &known)).collect::<Vec<_>>()
        }
    )
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
