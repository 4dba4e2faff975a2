//! Taking gift-card codes in from a CSV: `code`, and where there are such `pin` and `expires_on`.

use std::io::Read;

use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{Code, context, fingerprint, store};
use crate::{
    ambient::{Ambient, Millis},
    incident::Remedy,
    remedies::table::{Problem, Table, tell},
    store::{Db, Error, Result, keys::MasterKey},
    transaction,
};

/// Codes that go in by one transaction.
const AT_ONCE: usize = 200;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error("the file cannot be read as CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error(
        "the first line must name the columns, one of them \"code\"; others are \"pin\" and \"expires_on\""
    )]
    Header,
    #[error(
        "codes of {remedy} are worth different amounts, because orders or codes of another amount than today's are \
         there: say with --value what each code of this file is worth, in minor units: {amounts}"
    )]
    WhichValue { remedy: String, amounts: String },
    #[error("nobody waits for a code of {remedy} worth {value} (minor units): --value is one of {amounts}")]
    NoSuchValue { remedy: String, value: i64, amounts: String },
}

/// What became of a file of codes. No code is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    pub imported: i64,
    /// There already, or twice in the file.
    pub known: i64,
    /// Known ones that were in doubt and may be given again.
    pub trusted: i64,
    /// Lines that were not taken in, and why; the first hundred.
    pub problems: Vec<Problem>,
}

/// Where codes go, and by what they are sealed.
pub struct Import<'a> {
    pub db: &'a Db,
    pub ambient: &'a Ambient,
    pub master: &'a MasterKey,
    pub goods: Goods,
    /// What each code is worth, in minor units; none: what the remedy is worth, if it was never worth anything else.
    pub value: Option<i64>,
    /// Of codes whose line says nothing.
    pub expires_at: Option<Millis>,
    /// The issuer says that all of them are unused: those in doubt may be given.
    pub unused: bool,
}

/// What codes are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    pub remedy: String,
    /// Minor units; none where the incident file does not list the remedy any more.
    pub value: Option<i64>,
    pub currency: String,
}

impl Goods {
    pub fn of(remedy: &Remedy) -> Self {
        Goods {
            remedy: remedy.id.to_string(),
            value: Some(remedy.value.minor),
            currency: remedy.value.currency.code().to_owned(),
        }
    }

    /// A remedy that is not listed any more, from the orders that wait for its codes; none where there are none.
    pub async fn awaited(db: &Db, remedy: &str) -> Result<Option<Self>> {
        let first = store::awaited(db, remedy).await?.into_iter().next();
        Ok(first.map(|(_, currency)| Goods { remedy: remedy.to_owned(), value: None, currency }))
    }
}

#[derive(Deserialize)]
struct Row {
    code: String,
    #[serde(default)]
    pin: Option<String>,
    #[serde(default)]
    expires_on: Option<String>,
}

/// Takes every code in that is not there yet; harmless to repeat.
pub async fn import(to: &Import<'_>, file: impl Read) -> std::result::Result<Taken, ImportError> {
    let value = value(to).await?;
    let mut table = Table::open(file)?;
    if !table.has(&["code"]) {
        return Err(ImportError::Header);
    }
    let mut taken = Taken::default();
    let mut read = Vec::new();
    while let Some((line, record)) = table.next()? {
        match table.row(&record).ok_or_else(|| "has no code".to_owned()).and_then(|row| code(to, row)) {
            Ok(code) => read.push(code),
            Err(reason) => tell(&mut taken.problems, line, reason),
        }
        if read.len() == AT_ONCE {
            put(to, value, &read, &mut taken).await?;
            read.clear();
        }
    }
    put(to, value, &read, &mut taken).await?;
    Ok(taken)
}

/// What each code is worth. What waits keeps the worth that was promised, so where there is more than one somebody has to
/// say which.
async fn value(to: &Import<'_>) -> std::result::Result<i64, ImportError> {
    let Goods { remedy, value: today, currency } = to.goods.clone();
    let stock = store::stock(to.db, to.ambient.now()).await?;
    let of_it = stock.iter().filter(|stock| stock.remedy == remedy && stock.currency == currency);
    let left = of_it.filter(|stock| stock.free > 0).map(|stock| stock.amount);
    let awaited = store::awaited(to.db, &remedy).await?;
    let awaited = awaited.into_iter().filter(|(_, theirs)| *theirs == currency).map(|(amount, _)| amount);
    let mut amounts: Vec<i64> = left.chain(awaited).chain(today).collect();
    amounts.sort_unstable();
    amounts.dedup();
    let listed = amounts.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    match to.value {
        Some(value) if amounts.contains(&value) => Ok(value),
        Some(value) => Err(ImportError::NoSuchValue { remedy, value, amounts: listed }),
        None => match amounts.as_slice() {
            [one] => Ok(*one),
            _ => Err(ImportError::WhichValue { remedy, amounts: listed }),
        },
    }
}

fn code(to: &Import<'_>, row: Row) -> std::result::Result<(Code, Option<Millis>), String> {
    let letters = row.code.chars().filter(|c| c.is_ascii_alphanumeric()).count();
    if letters < 6 || row.code.len() > 64 || !row.code.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        return Err("its code is not 6 to 64 letters and digits".to_owned());
    }
    let expires_at = match row.expires_on.as_deref().filter(|day| !day.is_empty()) {
        None => to.expires_at,
        Some(day) => Some(end_of(day).ok_or_else(|| format!("{day:?} is no day; write it as 2027-12-31"))?),
    };
    Ok((Code { code: row.code, pin: row.pin.filter(|pin| !pin.is_empty()) }, expires_at))
}

/// The end of a day, UTC.
fn end_of(day: &str) -> Option<Millis> {
    let day: Date = day.parse().ok()?;
    day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_millisecond())
}

async fn put(to: &Import<'_>, value: i64, codes: &[(Code, Option<Millis>)], taken: &mut Taken) -> Result<()> {
    let (new, trusted) = transaction!(to.db, bulk |tx| -> Result<(i64, i64)> {
        let (mut new, mut trusted) = (0, 0);
        for (code, expires_at) in codes {
            let id = to.ambient.id();
            let plain = zeroize::Zeroizing::new(
                serde_json::to_vec(code).map_err(|error| Error::Corrupt(error.to_string()))?,
            );
            let sealed = to.master.seal_small(&context(&id), &plain, to.ambient);
            let row = store::NewCode {
                id: &id,
                remedy: &to.goods.remedy,
                amount: value,
                currency: &to.goods.currency,
                fingerprint: fingerprint(to.master, &code.code),
                sealed: sealed.map_err(|error| Error::Corrupt(error.to_string()))?,
                now: to.ambient.now(),
                expires_at: *expires_at,
            };
            if store::insert(tx, &row).await? {
                new += 1;
            } else if to.unused {
                trusted += i64::from(store::trust(tx, &row.fingerprint).await?);
            }
        }
        Ok((new, trusted))
    })?;
    taken.imported += new;
    taken.trusted += trusted;
    taken.known += codes.len() as i64 - new;
    Ok(())
}
