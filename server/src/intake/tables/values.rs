//! One cell each, checked. Reasons are for a person and do not repeat the cell.

use app::Category;
use jiff::{
    Timestamp,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};

use super::{Cells, rows::Verdict};
use crate::accounts::phone::Phone;

const LONGEST_ACCOUNT: usize = 128;
const LONGEST_LINE: usize = 1000;
const LONGEST_EMAIL: usize = 254;
/// More items than anyone has; keeps sums over all subscribers within 64 bits.
const MOST_EXPECTED: i64 = 1_000_000_000;

/// Why this account cannot be one, or nothing. An account is a folder's name
/// under `data/`, so it must be able to be one.
pub fn account_fault(account: &str) -> Option<&'static str> {
    match account {
        "" => Some("the account is empty"),
        "." | ".." => Some("the account is `.` or `..`, which cannot be a folder's name"),
        _ if account.contains(['/', '\\']) => {
            Some("the account contains a slash, so it cannot be a folder's name")
        }
        _ if account.chars().any(char::is_control) => Some("the account contains a control character"),
        _ if account.chars().count() > LONGEST_ACCOUNT => Some("the account is longer than 128 characters"),
        _ => None,
    }
}

pub fn account(cells: &Cells<'_>) -> Result<String, String> {
    // Guessed at, a key could name somebody else.
    let raw = std::str::from_utf8(cells.raw("account"));
    let account = raw.map_err(|_| "the account is not in UTF-8")?.trim();
    account_fault(account).map_or_else(|| Ok(account.to_owned()), |fault| Err(fault.to_owned()))
}

pub fn phone(cells: &Cells<'_>) -> Result<Option<Phone>, String> {
    match cells.get("phone").as_ref() {
        "" => Ok(None),
        phone => phone.parse().map(Some).map_err(|fault| format!("{fault}; the row is not taken in")),
    }
}

/// Free text on one line: line breaks and tabs become spaces.
pub fn line(cells: &Cells<'_>, column: &str) -> Result<String, String> {
    let text = cells.get(column);
    if text.len() <= LONGEST_LINE && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(text.into_owned());
    }
    let line: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    if line.chars().any(char::is_control) {
        return Err(format!("the {column} contains a control character"));
    }
    if line.chars().count() > LONGEST_LINE {
        return Err(format!("the {column} is longer than {LONGEST_LINE} characters"));
    }
    Ok(line)
}

pub fn email(cells: &Cells<'_>) -> Result<String, String> {
    let email = cells.get("email");
    let plausible = |(user, host): (&str, &str)| !user.is_empty() && !host.is_empty();
    let fits = email.len() <= LONGEST_EMAIL
        && !email.chars().any(|c| c.is_control() || c.is_whitespace())
        && email.rsplit_once('@').is_some_and(plausible);
    if fits || email.is_empty() {
        return Ok(email.into_owned());
    }
    Err("the email is not an address; leave it empty where there is none".into())
}

/// `en_US.UTF-8`, as systems write it, is read as `en-US`.
pub fn locale(cells: &Cells<'_>) -> Result<String, String> {
    let cell = cells.get("locale");
    let tag = cell.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    let subtag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let language = |tag: &str| {
        let first = tag.split('-').next().unwrap_or_default();
        (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic())
    };
    if cell.is_empty() || (tag.len() <= 35 && language(&tag) && tag.split('-').all(subtag)) {
        return Ok(tag);
    }
    Err("the locale is not a language tag (BCP 47, as in en-US)".into())
}

/// The zone's own spelling of its name.
pub fn time_zone(cells: &Cells<'_>) -> Result<String, String> {
    let name = cells.get("time_zone");
    if name.is_empty() {
        return Ok("UTC".into());
    }
    // Systems leave out zones that others have; what is built in is the same everywhere.
    let zone = TimeZone::get(&name).or_else(|_| TimeZoneDatabase::bundled().get(&name));
    let canonical = zone.ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    canonical.ok_or_else(|| "the time_zone is not an IANA name (as in America/Los_Angeles)".into())
}

pub fn category(cells: &Cells<'_>) -> Result<Category, String> {
    cells.get("category").parse().map_err(|unknown: app::vocabulary::UnknownCategory| {
        let shown: String = unknown.0.chars().take(40).collect();
        app::vocabulary::UnknownCategory(shown).to_string()
    })
}

pub fn expected(cells: &Cells<'_>) -> Result<i64, String> {
    let number = cells.get("expected");
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let value = digits.then(|| number.parse().ok()).flatten();
    value
        .filter(|expected| *expected <= MOST_EXPECTED)
        .ok_or_else(|| "expected is not a whole number from 0 to 1000000000".into())
}

/// `YYYY-MM-DD` (midnight in UTC) or RFC 3339.
pub fn as_of(cells: &Cells<'_>) -> Result<i64, String> {
    let text = cells.get("as_of");
    let moment = match text.len() {
        10 => text.parse::<Date>().and_then(|date| date.to_zoned(TimeZone::UTC)).map(|day| day.timestamp()),
        _ => text.parse::<Timestamp>(),
    };
    let moment = moment.map_err(|_| "as_of is not a date (as in 2009-10-01, or 2009-10-01T08:00:00Z)")?;
    Ok(moment.as_millisecond())
}

pub fn verdict(cells: &Cells<'_>) -> Result<Verdict, String> {
    match cells.get("verdict").as_ref() {
        "unrecoverable" => Ok(Verdict::Unrecoverable),
        _ => Err("the verdict is not `unrecoverable`, the only one there is".into()),
    }
}
