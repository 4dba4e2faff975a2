//! The recovered files themselves, in the formats that phones leave behind.

pub mod calendars;
pub mod cards;
pub mod notes;
pub mod tables;
pub mod words;

use jiff::civil::{Date, date};

use super::dice::Dice;

/// A file's path below `data/ACCOUNT/` and its bytes.
pub type File = (String, Vec<u8>);

/// A day from January 2008 to the end of September 2009, before the outage.
fn day(dice: &mut Dice) -> Date {
    date(2008, 1, 1).saturating_add(jiff::Span::new().days(dice.below(639) as i64))
}

/// A day that puts an entry of a calendar before or after the outage, to the end of October 2009.
fn calendar_day(dice: &mut Dice) -> Date {
    date(2009, 1, 5).saturating_add(jiff::Span::new().days(dice.below(300) as i64))
}

/// `YYYYMMDD`, as calendars and cards write it.
fn basic(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// Folds a line of a card or calendar at 75 bytes (RFC 5545, 3.1; RFC 6350, 3.2) and ends it.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out + "\r\n"
}

/// Escapes text for a card or calendar (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}
