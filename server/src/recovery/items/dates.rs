//! Days and months as headings.

use jiff::civil::{Date, date};

use crate::web::wording;

/// `October 2009` of `2009-10`; a text that names no month stays as it is.
pub fn month_in_words(month: &str) -> String {
    first_of(month).map_or_else(|| month.to_owned(), wording::month)
}

/// `Thursday, 15 October 2009`.
pub fn day_in_words(day: Date) -> String {
    wording::date_with_weekday(day)
}

/// The first day of `2009-10`.
pub fn first_of(month: &str) -> Option<Date> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (i16, i8) = (year.parse().ok()?, month.parse().ok()?);
    // Years of four digits: that is what keys are made of.
    ((1..=9998).contains(&year) && (1..=12).contains(&month)).then(|| date(year, month, 1))
}

/// The day of `2009-10-15`.
pub fn first_day(day: &str) -> Option<Date> {
    day.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_read_well() {
        assert_eq!(month_in_words("2009-10"), "October 2009");
        assert_eq!(month_in_words("No date"), "No date");
        assert_eq!(day_in_words(date(2009, 10, 15)), "Thursday, 15 October 2009");
        for wrong in ["2009-13", "2009", "x-1", "-5-01", "99999-01", "2009-00"] {
            assert_eq!(first_of(wrong), None, "{wrong}");
        }
    }
}
