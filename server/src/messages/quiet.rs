//! Quiet hours, in a person's own day.

use jiff::{Timestamp, ToSpan, civil::Time, tz::TimeZone};

use crate::ambient::Millis;

/// Of each day as many minutes are to be left, so that what waits has its turn in them.
pub const LEAST: i64 = 4 * 60;

/// From and until, as minutes of the day; both alike: never quiet. May go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub from: i64,
    pub until: i64,
}

impl Default for Quiet {
    /// 21:00 to 8:00.
    fn default() -> Self {
        Quiet { from: 21 * 60, until: 8 * 60 }
    }
}

impl Quiet {
    /// Whether what waits has its turn some time of the day.
    pub fn leaves_time(self) -> bool {
        self.from == self.until || (self.from - self.until).rem_euclid(24 * 60) >= LEAST
    }

    /// When a message that may wait can go: now, or at the end of the quiet hours.
    pub fn earliest(self, now: Millis, zone: &TimeZone) -> Millis {
        self.end_of_now(now, zone).unwrap_or(now)
    }

    /// When the quiet hours end that it is in; none outside of them.
    fn end_of_now(self, now: Millis, zone: &TimeZone) -> Option<Millis> {
        let here = Timestamp::from_millisecond(now).ok()?.to_zoned(zone.clone());
        let minute = i64::from(here.hour()) * 60 + i64::from(here.minute());
        let over_midnight = self.from > self.until;
        let quiet = match over_midnight {
            false => (self.from..self.until).contains(&minute),
            true => minute >= self.from || minute < self.until,
        };
        if !quiet {
            return None;
        }
        let day = if over_midnight && minute >= self.from {
            here.date().checked_add(1.day()).ok()?
        } else {
            here.date()
        };
        // Where clocks are put forward over it, the hour after.
        let end = day.to_datetime(time(self.until)).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
        // Where clocks are put back, the end may be met twice.
        Some(end.max(now + 1))
    }
}

fn time(minutes: i64) -> Time {
    let minutes = minutes.rem_euclid(24 * 60);
    Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).unwrap_or_default()
}

/// `21:00`.
pub fn told(minutes: i64) -> String {
    time(minutes).strftime("%H:%M").to_string()
}

/// Minutes of `21:00`, `9:05` or `08.30`; none for anything else.
pub fn read(typed: &str) -> Option<i64> {
    let (hours, minutes) = typed.trim().split_once([':', '.'])?;
    let digits = |text: &str, most: i64| {
        let few = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| few && *number <= most)
    };
    Some(digits(hours, 23)? * 60 + digits(minutes, 59).filter(|_| minutes.len() == 2)?)
}

/// A person's zone; the incident's where theirs is not known.
pub fn zone_of(name: &str, incident: &TimeZone) -> TimeZone {
    TimeZone::get(name).unwrap_or_else(|_| incident.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ambient::{HOUR, MINUTE};

    fn at(text: &str) -> Millis {
        text.parse::<jiff::Zoned>().unwrap().timestamp().as_millisecond()
    }

    fn earliest(now: &str) -> String {
        let zoned: jiff::Zoned = now.parse().unwrap();
        let at = Quiet::default().earliest(at(now), zoned.time_zone());
        Timestamp::from_millisecond(at).unwrap().to_zoned(zoned.time_zone().clone()).to_string()
    }

    #[test]
    fn what_may_wait_goes_in_the_morning_of_the_persons_own_day() {
        for (now, then) in [
            (
                "2009-10-20T20:59:00-07:00[America/Los_Angeles]",
                "2009-10-20T20:59:00-07:00[America/Los_Angeles]",
            ),
            (
                "2009-10-20T21:00:00-07:00[America/Los_Angeles]",
                "2009-10-21T08:00:00-07:00[America/Los_Angeles]",
            ),
            (
                "2009-10-20T05:00:00-07:00[America/Los_Angeles]",
                "2009-10-20T08:00:00-07:00[America/Los_Angeles]",
            ),
            (
                "2009-10-20T08:00:00-07:00[America/Los_Angeles]",
                "2009-10-20T08:00:00-07:00[America/Los_Angeles]",
            ),
            // Over the night in which summer time ends.
            (
                "2009-10-31T23:00:00-07:00[America/Los_Angeles]",
                "2009-11-01T08:00:00-08:00[America/Los_Angeles]",
            ),
            ("2009-12-31T23:30:00+05:45[Asia/Kathmandu]", "2010-01-01T08:00:00+05:45[Asia/Kathmandu]"),
        ] {
            assert_eq!(earliest(now), then, "{now}");
        }
    }

    #[test]
    fn hours_within_a_day_and_no_hours_at_all() {
        let noon = at("2009-10-20T12:00:00+00:00[UTC]");
        let rest = Quiet { from: 11 * 60, until: 13 * 60 };
        assert_eq!(rest.earliest(noon, &TimeZone::UTC), noon + HOUR);
        let never = Quiet { from: 12 * 60, until: 12 * 60 };
        assert_eq!(never.earliest(noon, &TimeZone::UTC), noon);
    }

    #[test]
    fn hours_leave_time_of_the_day_or_do_not() {
        for (from, until, leaves) in [
            ("21:00", "08:00", true),
            ("12:00", "12:00", true),
            ("00:00", "20:00", true),
            ("00:00", "20:01", false),
            ("00:00", "23:59", false),
            ("08:00", "04:00", true),
            ("08:00", "07:59", false),
        ] {
            let quiet = Quiet { from: read(from).unwrap(), until: read(until).unwrap() };
            assert_eq!(quiet.leaves_time(), leaves, "{from} {until}");
        }
    }

    #[test]
    fn an_unknown_zone_is_the_incidents() {
        let here = TimeZone::get("America/Los_Angeles").unwrap();
        assert_eq!(zone_of("Mars/Olympus_Mons", &here), here);
        assert_eq!(zone_of("Europe/Madrid", &here), TimeZone::get("Europe/Madrid").unwrap());
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        for (typed, minutes) in
            [("21:00", Some(1260)), ("9:05", Some(545)), (" 08.30 ", Some(510)), ("24:00", None)]
        {
            assert_eq!(read(typed), minutes, "{typed}");
        }
        for wrong in ["", "late", "12", "12:5", "-1:00", "012:00", "12:60", "+1:00"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(told(545), "09:05");
    }

    proptest! {
        #[test]
        fn it_is_never_earlier_never_more_than_a_day_later_and_then_not_quiet(
            now in 1_200_000_000_000i64..1_900_000_000_000, from in 0i64..1440, until in 0i64..1440,
            zone in prop::sample::select(vec!["America/Los_Angeles", "Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia"]),
        ) {
            let (quiet, zone) = (Quiet { from, until }, TimeZone::get(zone).unwrap());
            let then = quiet.earliest(now, &zone);
            prop_assert!((now..=now + 49 * HOUR).contains(&then));
            prop_assert!(then == now || quiet.earliest(then, &zone) - then <= 120 * MINUTE);
        }
    }
}
