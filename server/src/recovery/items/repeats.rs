//! The days on which an entry that repeats comes back, within a window.
//!
//! The arithmetic of rules (RFC 5545, 3.3.10) is calcard's. It is asked on the entry's own wall clock, without zones:
//! the rule's end and the exceptions are brought to that clock first. Work is bounded: a daily or weekly rule begins
//! just before the window, and every rule ends with it.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calcard::{common::timezone::Tz, icalendar::ICalendar};
use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::entry::Whole;
use crate::intake::read::when::When;

/// Occurrences of one rule that are looked at.
const MOST: usize = 10_000;
/// Rules of one entry.
const RULES: usize = 4;
/// Exceptions and additions of one entry.
const DATES: usize = 1_000;

/// When the entry comes back on the days from `from` up to, and without, `to`, by its own clock; sorted.
pub fn within(whole: &Whole, from: Date, to: Date) -> Vec<DateTime> {
    let Some((start, zone)) = whole.date("DTSTART") else { return Vec::new() };
    let Some(first) = start.civil() else { return Vec::new() };
    let mut days: BTreeSet<DateTime> = BTreeSet::from([first]);
    for rule in whole.entry.all("RRULE").take(RULES) {
        days.extend(of_rule(&rule.value, first, zone, from, to));
    }
    days.extend(dates(whole, "RDATE", zone));
    for exception in dates(whole, "EXDATE", zone) {
        days.remove(&exception);
        // Some write the day alone and mean what is on it.
        if exception.time() == jiff::civil::Time::midnight() {
            days.retain(|day| day.date() != exception.date());
        }
    }
    days.into_iter().filter(|day| (from..to).contains(&day.date())).collect()
}

fn of_rule(rule: &str, first: DateTime, zone: Option<Tz>, from: Date, to: Date) -> Vec<DateTime> {
    let Some(rule) = Rule::of(rule, zone) else { return Vec::new() };
    let end = rule.until.unwrap_or(DateTime::MAX).min(to.to_datetime(jiff::civil::Time::midnight()));
    if first > end {
        return Vec::new();
    }
    let start = rule.begin_near(first, from);
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:{}\r\nRRULE:{};UNTIL={}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        basic(start),
        rule.parts,
        basic(end)
    );
    // A rule is a stranger's text: if the arithmetic fails on it, the entry is shown on its first day.
    let expanded = catch_unwind(AssertUnwindSafe(|| {
        let calendar = ICalendar::parse(text).ok()?;
        let events = calendar.expand_dates(Tz::Floating, MOST).events;
        Some(events.iter().map(|event| event.start.naive_local().to_string()).collect::<Vec<_>>())
    }));
    let texts = expanded.ok().flatten().unwrap_or_default();
    texts.iter().filter_map(|text| When::parse(text)?.civil()).collect()
}

/// A rule in parts.
struct Rule {
    /// All but its end.
    parts: String,
    /// The days after which it may come back; none where a rule cannot begin anywhere but at its start.
    period: Option<i64>,
    until: Option<DateTime>,
}

impl Rule {
    /// None for what comes back more often than daily: no calendar shows that.
    fn of(text: &str, zone: Option<Tz>) -> Option<Rule> {
        let text = text.trim().to_ascii_uppercase();
        let get =
            |name: &str| text.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        let interval: i64 = get("INTERVAL").map_or(Some(1), |n| n.trim().parse().ok())?;
        let unit = match get("FREQ")?.trim() {
            "DAILY" => Some(1),
            "WEEKLY" => Some(7),
            "MONTHLY" | "YEARLY" => None,
            _ => return None,
        };
        let counts = get("COUNT").is_some();
        let period = unit.filter(|_| !counts && (1..=1_000).contains(&interval)).map(|unit| unit * interval);
        let until = get("UNTIL").and_then(When::parse);
        let until = match until {
            // The last day counts whole.
            Some(day) if !day.has_time() => {
                day.civil().and_then(|day| day.checked_add(Span::new().hours(23).minutes(59)).ok())
            }
            Some(moment) => on_clock(&moment, zone, zone),
            None => None,
        };
        let parts: Vec<&str> = text
            .split(';')
            .filter(|part| !part.trim().is_empty() && !part.trim().starts_with("UNTIL"))
            .collect();
        Some(Rule { parts: parts.join(";"), period, until })
    }

    /// A start in step with the rule's own, not long before `from`.
    fn begin_near(&self, first: DateTime, from: Date) -> DateTime {
        let Some(period) = self.period else { return first };
        let days = i64::from((from - first.date()).get_days());
        let whole = (days / period - 1).max(0) * period;
        first.checked_add(Span::new().days(whole)).unwrap_or(first)
    }
}

/// The dates that a property lists, on the entry's clock.
fn dates(whole: &Whole, name: &str, clock: Option<Tz>) -> Vec<DateTime> {
    let listed = whole.entry.all(name).flat_map(|property| {
        let zone = whole.zone(property);
        let starts = property.value.split(',').map(|text| text.split('/').next().unwrap_or_default());
        starts.filter_map(move |text| on_clock(&When::parse(text)?, zone, clock)).collect::<Vec<_>>()
    });
    listed.take(DATES).collect()
}

/// What the wall clock of `clock` shows at a moment written in `zone`.
fn on_clock(when: &When, zone: Option<Tz>, clock: Option<Tz>) -> Option<DateTime> {
    let written = when.civil()?;
    let Some(clock) = clock.filter(|_| when.has_time() && (when.offset().is_some() || zone != clock)) else {
        return Some(written);
    };
    let moment = when.millis(zone)?;
    let utc = |at: i64| Some(Timestamp::from_millisecond(at).ok()?.to_zoned(TimeZone::UTC).datetime());
    // How far that clock is from UTC is asked twice: near a change of the clocks the first answer may be an hour off.
    let ahead = |shown: DateTime| {
        let as_utc = shown.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond();
        Some(as_utc - When::of(shown, true)?.millis(Some(clock))?)
    };
    let nearly = utc(moment + ahead(utc(moment)?)?)?;
    utc(moment + ahead(nearly)?)
}

fn basic(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days(lines: &str, from: Date, to: Date) -> Vec<String> {
        let whole = Whole::of(&format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")).unwrap();
        within(&whole, from, to).iter().map(|day| day.strftime("%d %H:%M").to_string()).collect()
    }

    fn october(lines: &str) -> Vec<String> {
        days(lines, date(2009, 10, 1), date(2009, 11, 1))
    }

    #[test]
    fn a_weekly_entry_of_long_ago_still_comes_back() {
        let weekly = "DTSTART;TZID=America/Los_Angeles:19990107T090000\r\nRRULE:FREQ=WEEKLY;BYDAY=TH";
        assert_eq!(october(weekly), ["01 09:00", "08 09:00", "15 09:00", "22 09:00", "29 09:00"]);
        let second = "DTSTART:20090917T090000\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH";
        assert_eq!(october(second), ["01 09:00", "15 09:00", "29 09:00"]);
    }

    #[test]
    fn months_years_and_counts_are_kept() {
        assert_eq!(october("DTSTART;VALUE=DATE:19701012\r\nRRULE:FREQ=YEARLY"), ["12 00:00"]);
        assert_eq!(october("DTSTART:20090131T100000\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR"), ["30 10:00"]);
        assert_eq!(october("DTSTART:20090929T100000\r\nRRULE:FREQ=DAILY;COUNT=4"), ["01 10:00", "02 10:00"]);
        assert_eq!(october("DTSTART:20090901T100000\r\nRRULE:FREQ=DAILY;COUNT=4"), [""; 0]);
    }

    #[test]
    fn a_rule_ends_by_the_clock_of_its_entry() {
        // 07:00 in Tokyo on the 3rd is 22:00 UTC on the 2nd.
        let tokyo = "DTSTART;TZID=Asia/Tokyo:20091001T070000\r\nRRULE:FREQ=DAILY;UNTIL=20091002T220000Z";
        assert_eq!(october(tokyo), ["01 07:00", "02 07:00", "03 07:00"]);
        let days = "DTSTART:20091001T070000\r\nRRULE:FREQ=DAILY;UNTIL=20091002";
        assert_eq!(october(days), ["01 07:00", "02 07:00"]);
    }

    #[test]
    fn excepted_days_stay_out_and_added_ones_come_in() {
        let entry = concat!(
            "DTSTART;TZID=America/New_York:20091001T090000\r\nRRULE:FREQ=WEEKLY;UNTIL=20091016T000000Z\r\n",
            "EXDATE:20091008T130000Z\r\nRDATE;TZID=America/New_York:20091010T100000,20091011T100000"
        );
        assert_eq!(october(entry), ["01 09:00", "10 10:00", "11 10:00", "15 09:00"]);
    }

    #[test]
    fn rules_without_sense_or_end_cost_little() {
        for rule in [
            "FREQ=SECONDLY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=NEVER",
            "",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=YEARLY;BYWEEKNO=99;BYSETPOS=-400",
            "FREQ=DAILY;COUNT=99999999999999",
        ] {
            let found = october(&format!("DTSTART:20091005T090000\r\nRRULE:{rule}"));
            assert!(found.len() <= 31, "{rule}: {found:?}");
        }
        assert_eq!(october("DTSTART:20090101T000000\r\nRRULE:FREQ=DAILY").len(), 31);
    }
}
