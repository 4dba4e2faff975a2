//! Dates, times and the operator's details, as people read them.

use app::models::Support;
use jiff::{Timestamp, tz::TimeZone};

use crate::{ambient::Millis, incident::Incident};

/// `20 October 2009, 14:05 UTC`.
pub fn moment(at: Millis) -> String {
    format(at, "%-d %B %Y, %H:%M UTC")
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
    let lines: Vec<&str> = incident.support.iter().map(|support| support.how.as_str()).collect();
    let hours: Vec<&str> = incident.support.iter().filter_map(|support| support.hours.as_deref()).collect();
    let (mail, phone): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.contains('@'));
    Support { phone: phone.join(" · "), email: mail.join(" · "), hours: hours.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_well() {
        assert_eq!(moment(1_256_047_500_000), "20 October 2009, 14:05 UTC");
        assert_eq!(day(1_256_047_500_000), "20 October 2009");
        assert_eq!(rfc3339(1_256_047_500_007), "2009-10-20T14:05:00.007Z");
    }
}
