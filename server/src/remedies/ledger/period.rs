//! The days that a statement is about.

use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use crate::ambient::Millis;

/// From one day to another, both with them, by the clocks of a place; open where no day is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    pub from: Option<Date>,
    pub to: Option<Date>,
    #[serde(skip)]
    begins: Option<Millis>,
    /// The first moment after it.
    #[serde(skip)]
    ends: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    #[error("the period would begin on {0} and end before, on {1}: --from is its first day, --to its last")]
    Backwards(Date, Date),
    #[error("{0} is too far off for a day of a statement")]
    TooFar(Date),
}

impl Period {
    pub fn of(from: Option<Date>, to: Option<Date>, zone: &TimeZone) -> Result<Self, PeriodError> {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(PeriodError::Backwards(from, to));
        }
        let begins = from.map(|day| begin(day, zone).ok_or(PeriodError::TooFar(day))).transpose()?;
        let after = |day: Date| day.tomorrow().ok().and_then(|next| begin(next, zone));
        let ends = to.map(|day| after(day).ok_or(PeriodError::TooFar(day))).transpose()?;
        Ok(Period { from, to, begins, ends })
    }

    pub fn holds(&self, at: Millis) -> bool {
        self.begins.is_none_or(|begins| begins <= at) && self.ends.is_none_or(|ends| at < ends)
    }
}

/// The first moment of a day: one o'clock, where the clocks go forward at midnight.
fn begin(day: Date, zone: &TimeZone) -> Option<Millis> {
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Millis {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    fn pacific() -> TimeZone {
        TimeZone::get("America/Los_Angeles").unwrap()
    }

    #[test]
    fn both_days_are_in_it_by_the_clocks_of_the_place_whatever_these_do_meanwhile() {
        let october = Period::of(Some(date(2009, 10, 1)), Some(date(2009, 11, 1)), &pacific()).unwrap();
        assert!(!october.holds(at("2009-10-01T06:59:59.999Z")) && october.holds(at("2009-10-01T07:00:00Z")));
        // The last day has 25 hours.
        assert!(october.holds(at("2009-11-02T07:59:59.999Z")) && !october.holds(at("2009-11-02T08:00:00Z")));
    }

    #[test]
    fn a_side_without_a_day_is_open() {
        let since = Period::of(Some(date(2009, 10, 1)), None, &pacific()).unwrap();
        assert!(!since.holds(0) && since.holds(Millis::MAX));
        let until = Period::of(None, Some(date(2009, 10, 1)), &pacific()).unwrap();
        assert!(until.holds(0) && !until.holds(Millis::MAX));
        assert!(Period::default().holds(0));
    }

    #[test]
    fn one_that_runs_backwards_or_has_no_end_is_refused() {
        let days = (Some(date(2009, 10, 2)), Some(date(2009, 10, 1)));
        let backwards = Period::of(days.0, days.1, &pacific()).unwrap_err();
        assert!(backwards.to_string().contains("begin on 2009-10-02 and end before, on 2009-10-01"));
        assert_eq!(Period::of(None, Some(Date::MAX), &pacific()), Err(PeriodError::TooFar(Date::MAX)));
        assert!(Period::of(days.1, days.1, &pacific()).unwrap().holds(at("2009-10-01T19:00:00Z")));
    }
}
