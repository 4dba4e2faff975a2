//! The clock of whoever looks: entries that name a zone are told by it, those that name none stay as written.

use calcard::common::timezone::Tz;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{accounts::Profile, intake::read::when::When};

#[derive(Clone, Debug)]
pub struct Clock {
    pub zone: TimeZone,
    /// `America/Los_Angeles`.
    pub name: String,
}

impl Clock {
    /// A person whose zone is not known looks at a clock in UTC.
    pub fn of(profile: &Profile) -> Self {
        let zone = TimeZone::get(&profile.time_zone);
        let name = if zone.is_ok() { profile.time_zone.clone() } else { "UTC".to_owned() };
        Clock { zone: zone.unwrap_or(TimeZone::UTC), name }
    }

    /// What this clock shows at a moment written in `zone`; midnight of a date without a time.
    pub fn shows(&self, when: &When, zone: Option<Tz>) -> Option<DateTime> {
        let floats = when.offset().is_none() && zone.is_none();
        if !when.has_time() || floats {
            return when.civil();
        }
        let moment = Timestamp::from_millisecond(when.millis(zone)?).ok()?;
        Some(moment.to_zoned(self.zone.clone()).datetime())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::read::when;

    #[test]
    fn a_moment_is_told_by_ones_own_clock_and_a_date_stays_that_date() {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let clock = Clock { zone, name: "America/Los_Angeles".to_owned() };
        let shows = |text: &str, zone: Option<&str>| {
            let when = When::parse(text).unwrap();
            clock.shows(&when, zone.and_then(when::zone)).unwrap().to_string()
        };
        assert_eq!(shows("20091020T020000Z", None), "2009-10-19T19:00:00");
        assert_eq!(shows("20091020T020000", Some("Europe/Paris")), "2009-10-19T17:00:00");
        assert_eq!(shows("20091020T020000", None), "2009-10-20T02:00:00");
        assert_eq!(shows("20091020", Some("Europe/Paris")), "2009-10-20T00:00:00");
    }
}
