//! Dates, times and the operator's details, as people read them.

use app::models::{Support, SupportWay};
use jiff::{Timestamp, tz::TimeZone};

use crate::{ambient::Millis, incident::Incident};

/// `20 October 2009, 14:05 UTC`.
pub fn moment(at: Millis) -> String {
    format(at, "%-d %B %Y, %H:%M UTC")
}

/// `20 October 2009, 07:05 PDT`: by the clocks of a place. A place whose zone has no letters reads `11:05 UTC-03`.
pub fn moment_in(at: Millis, zone: &TimeZone) -> String {
    let Ok(at) = Timestamp::from_millisecond(at) else { return String::new() };
    let local = at.to_zoned(zone.clone());
    let name = local.strftime("%Z").to_string();
    let prefix = if name.starts_with(['+', '-']) { "UTC" } else { "" };
    format!("{} {prefix}{name}", local.strftime("%-d %B %Y, %H:%M"))
}

/// `20 October 2009, 14:05:00 UTC`.
pub fn second(at: Millis) -> String {
    format(at, "%-d %B %Y, %H:%M:%S UTC")
}

/// `20 October 2009`, as the calendar stood in UTC.
pub fn day(at: Millis) -> String {
    format(at, "%-d %B %Y")
}

/// RFC 3339 with milliseconds, `2009-10-20T14:05:00.000Z`.
pub fn rfc3339(at: Millis) -> String {
    format(at, "%Y-%m-%dT%H:%M:%S.%3fZ")
}

fn format(at: Millis, pattern: &str) -> String {
    match Timestamp::from_millisecond(at) {
        Ok(at) => at.to_zoned(TimeZone::UTC).strftime(pattern).to_string(),
        Err(_) => String::new(),
    }
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
}
