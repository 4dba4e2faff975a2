//! Dates, times and the operator's details, as people read them.

use app::{
    models::{Support, SupportWay},
    say,
    words::{Language, spoken},
};
use jiff::{
    Timestamp, Zoned,
    civil::{Date, DateTime, Weekday},
    tz::TimeZone,
};

use crate::{ambient::Millis, incident::Incident};

/// `20 October 2009, 14:05 UTC`.
pub fn moment(at: Millis) -> String {
    in_utc(at, |at| format!("{}, {} UTC", date(at.date()), at.strftime("%H:%M")))
}

/// `20 October 2009, 07:05 PDT`: by the clocks of a place. A place whose zone has no letters reads `11:05 UTC-03`.
pub fn moment_in(at: Millis, zone: &TimeZone) -> String {
    let Ok(at) = Timestamp::from_millisecond(at) else { return String::new() };
    let local = at.to_zoned(zone.clone());
    let name = local.strftime("%Z").to_string();
    let prefix = if name.starts_with(['+', '-']) { "UTC" } else { "" };
    format!("{}, {} {prefix}{name}", date(local.date()), local.strftime("%H:%M"))
}

/// `20 October 2009, 14:05:00 UTC`.
pub fn second(at: Millis) -> String {
    in_utc(at, |at| format!("{}, {} UTC", date(at.date()), at.strftime("%H:%M:%S")))
}

/// `20 October 2009`, as the calendar stood in UTC.
pub fn day(at: Millis) -> String {
    in_utc(at, |at| date(at.date()))
}

/// `20 October 2009`, by the clocks of a place.
pub fn day_in(at: Millis, zone: &TimeZone) -> String {
    Timestamp::from_millisecond(at).map(|at| date(at.to_zoned(zone.clone()).date())).unwrap_or_default()
}

/// `20 October 2009`, or `20 de octubre de 2009`.
pub fn date(day: Date) -> String {
    match spoken() {
        Language::En => day.strftime("%-d %B %Y").to_string(),
        Language::Es => format!("{} de {} de {}", day.day(), spanish_month(day), day.year()),
    }
}

/// `20 Oct 2009`, or `20 oct 2009`.
pub fn short_date(day: Date) -> String {
    match spoken() {
        Language::En => day.strftime("%-d %b %Y").to_string(),
        Language::Es => format!("{} {} {}", day.day(), &spanish_month(day)[..3], day.year()),
    }
}

/// `20 Oct 2009, 14:05`.
pub fn short_moment(at: DateTime) -> String {
    format!("{}, {}", short_date(at.date()), at.strftime("%H:%M"))
}

/// `Tuesday, 20 October 2009`, or `martes, 20 de octubre de 2009`.
pub fn date_with_weekday(day: Date) -> String {
    format!("{}, {}", weekday(day.weekday()), date(day))
}

/// `Tuesday, 20 October`, or `martes, 20 de octubre`.
pub fn day_of_year(day: Date) -> String {
    match spoken() {
        Language::En => day.strftime("%A, %-d %B").to_string(),
        Language::Es => format!("{}, {} de {}", weekday(day.weekday()), day.day(), spanish_month(day)),
    }
}

/// `October 2009`, or `octubre de 2009`.
pub fn month(day: Date) -> String {
    match spoken() {
        Language::En => day.strftime("%B %Y").to_string(),
        Language::Es => format!("{} de {}", spanish_month(day), day.year()),
    }
}

/// `Tuesday`, or `martes`.
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => say!("Monday"),
        Weekday::Tuesday => say!("Tuesday"),
        Weekday::Wednesday => say!("Wednesday"),
        Weekday::Thursday => say!("Thursday"),
        Weekday::Friday => say!("Friday"),
        Weekday::Saturday => say!("Saturday"),
        Weekday::Sunday => say!("Sunday"),
    }
}

/// Their first three letters tell them apart.
pub const SPANISH_MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

fn spanish_month(day: Date) -> &'static str {
    SPANISH_MONTHS[day.month() as usize - 1]
}

/// RFC 3339 with milliseconds, `2009-10-20T14:05:00.000Z`.
pub fn rfc3339(at: Millis) -> String {
    in_utc(at, |at| at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
}

fn in_utc(at: Millis, write: impl FnOnce(&Zoned) -> String) -> String {
    Timestamp::from_millisecond(at).map(|at| write(&at.to_zoned(TimeZone::UTC))).unwrap_or_default()
}

/// How to reach a person, from the incident file.
pub fn support(incident: &Incident) -> Support {
    let way = |listed: &crate::incident::Support| SupportWay {
        how: listed.how.clone(),
        hours: listed.hours.clone().unwrap_or_default(),
    };
    Support { ways: incident.support.iter().map(way).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_well() {
        assert_eq!(moment(1_256_047_500_000), "20 October 2009, 14:05 UTC");
        let there = |zone| moment_in(1_256_047_500_000, &TimeZone::get(zone).unwrap());
        assert_eq!(there("America/Los_Angeles"), "20 October 2009, 07:05 PDT");
        assert_eq!(there("America/Argentina/Buenos_Aires"), "20 October 2009, 11:05 UTC-03");
        assert_eq!(there("UTC"), "20 October 2009, 14:05 UTC");
        assert_eq!(day(1_256_047_500_000), "20 October 2009");
        assert_eq!(rfc3339(1_256_047_500_007), "2009-10-20T14:05:00.007Z");
    }

    #[test]
    fn dates_read_well_in_spanish() {
        let day = jiff::civil::date(2009, 10, 20);
        Language::Es.within(|| {
            assert_eq!(moment(1_256_047_500_000), "20 de octubre de 2009, 14:05 UTC");
            assert_eq!(date_with_weekday(day), "martes, 20 de octubre de 2009");
            assert_eq!(day_of_year(day), "martes, 20 de octubre");
            assert_eq!((short_date(day), month(day)), ("20 oct 2009".into(), "octubre de 2009".into()));
            assert_eq!(rfc3339(1_256_047_500_007), "2009-10-20T14:05:00.007Z");
        });
        assert_eq!(date_with_weekday(day), "Tuesday, 20 October 2009");
        assert_eq!((short_date(day), month(day)), ("20 Oct 2009".into(), "October 2009".into()));
    }
}
