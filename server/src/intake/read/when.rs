//! Dates and times of cards and entries: what moment they are, and how a person
//! reads them.

use app::words::{Language, spoken};
use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;

use crate::web::wording;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HOUR: i64 = 3_600_000;

/// A date, perhaps with a time, as written: `20091015`, `20091015T140000Z`,
/// `2009-10-15T14:00:00+02:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    year: u16,
    month: u8,
    day: u8,
    time: Option<(u8, u8, u8)>,
    /// Seconds east of UTC, where the text says so itself.
    offset: Option<i32>,
}

impl When {
    /// Reads the basic and the extended form of ISO 8601; none when it is no
    /// date that exists.
    pub fn parse(text: &str) -> Option<When> {
        let text = text.trim();
        let (date, time) = match text.find(['T', 't', ' ']) {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        let digits: String = date.chars().filter(|c| *c != '-' && *c != '/').collect();
        if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (year, month, day) =
            (digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?);
        jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            .ok()?;
        let mut when = When { year, month, day, time: None, offset: None };
        if let Some(time) = time.map(str::trim).filter(|time| !time.is_empty()) {
            when.read_time(time)?;
        }
        Some(when)
    }

    /// Also reads seconds or milliseconds since 1970. Dates that two countries
    /// read differently (`10/09/2009`) are none.
    pub fn generous(text: &str) -> Option<When> {
        let text = text.trim();
        let seconds = match (text.len(), text.parse::<i64>()) {
            (9 | 10, Ok(seconds)) => seconds,
            (12 | 13, Ok(millis)) => millis / 1000,
            _ => return When::parse(text),
        };
        When { year: 1970, month: 1, day: 1, time: Some((0, 0, 0)), offset: Some(0) }.plus(seconds)
    }

    fn read_time(&mut self, text: &str) -> Option<()> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
        let digits: String = text[..end].chars().filter(char::is_ascii_digit).collect();
        let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |two| two.parse::<u8>().ok());
        if digits.len() < 2 {
            return None;
        }
        let (hour, minute, second) = (part(0)?, part(2)?, part(4)?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        self.time = Some((hour, minute, second.min(59)));
        self.offset = offset(text[end..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()));
        Some(())
    }

    /// Milliseconds since 1970. A time without a zone counts as UTC, for order's sake.
    pub fn millis(&self, zone: Option<Tz>) -> Option<i64> {
        if let Some(offset) = self.offset {
            return self.local(Tz::UTC).map(|millis| millis - i64::from(offset) * 1000);
        }
        let zone = match zone {
            Some(zone) if self.time.is_some() && !zone.is_floating() => zone,
            _ => Tz::UTC,
        };
        // An hour that clocks skip or repeat is reached from the hour before it.
        self.local(zone).or_else(|| self.hour_before()?.local(zone).map(|millis| millis + HOUR))
    }

    fn local(&self, zone: Tz) -> Option<i64> {
        let (hour, minute, second) = self.time.unwrap_or_default();
        let partial = PartialDateTime {
            year: Some(self.year),
            month: Some(self.month),
            day: Some(self.day),
            hour: Some(hour),
            minute: Some(minute),
            second: Some(second),
            ..PartialDateTime::default()
        };
        Some(partial.to_date_time_with_tz(zone)?.timestamp_millis())
    }

    fn hour_before(&self) -> Option<When> {
        let (hour, minute, second) = self.time?;
        Some(When { time: Some((hour.checked_sub(1)?, minute, second)), ..*self })
    }

    /// `15 Oct 2009`, and with a time `15 Oct 2009, 14:00 (America/Los_Angeles)`.
    pub fn in_words(&self, zone: Option<&str>) -> String {
        let date = self.date_in_words();
        let Some((hour, minute, _)) = self.time else { return date };
        match (self.offset, zone) {
            (Some(0), _) => format!("{date}, {hour:02}:{minute:02} (UTC)"),
            (Some(offset), _) => {
                let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
                format!("{date}, {hour:02}:{minute:02} (UTC{sign}{:02}:{:02})", minutes / 60, minutes % 60)
            }
            (None, Some(zone)) => format!("{date}, {hour:02}:{minute:02} ({zone})"),
            (None, None) => format!("{date}, {hour:02}:{minute:02}"),
        }
    }

    /// `2009-10-15t14:00`, without a time `2009-10-15`: texts in the order of what they say.
    pub fn key(&self) -> String {
        let date = format!("{:04}-{:02}-{:02}", self.year, self.month, self.day);
        self.time.map_or(date.clone(), |(hour, minute, _)| format!("{date}t{hour:02}:{minute:02}"))
    }

    /// What a clock on the wall says: a date, perhaps with its time.
    pub fn of(at: jiff::civil::DateTime, has_time: bool) -> Option<When> {
        let part = |part: i8| u8::try_from(part).ok();
        let time = (part(at.hour())?, part(at.minute())?, part(at.second())?);
        Some(When {
            year: u16::try_from(at.year()).ok()?,
            month: part(at.month())?,
            day: part(at.day())?,
            time: has_time.then_some(time),
            offset: None,
        })
    }

    /// What the clock on the wall says; midnight without a time.
    pub fn civil(&self) -> Option<jiff::civil::DateTime> {
        let (hour, minute, second) = self.time.unwrap_or_default();
        let part = |part: u8| i8::try_from(part).ok();
        let year = i16::try_from(self.year).ok()?;
        jiff::civil::DateTime::new(
            year,
            part(self.month)?,
            part(self.day)?,
            part(hour)?,
            part(minute)?,
            part(second)?,
            0,
        )
        .ok()
    }

    /// Seconds east of UTC, where the text says so itself.
    pub fn offset(&self) -> Option<i32> {
        self.offset
    }

    /// As iCalendar writes it: `20091015`, `20091015T140000`, and `20091015T140000Z` where the text
    /// says how far from UTC it is.
    pub fn basic(&self) -> Option<String> {
        let utc = match self.offset {
            Some(offset) => When { offset: None, ..*self }.plus(-i64::from(offset))?,
            None => *self,
        };
        let date = format!("{:04}{:02}{:02}", utc.year, utc.month, utc.day);
        Some(match utc.time {
            None => date,
            Some((hour, minute, second)) => {
                format!(
                    "{date}T{hour:02}{minute:02}{second:02}{}",
                    if self.offset.is_some() { "Z" } else { "" }
                )
            }
        })
    }

    pub fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// So many seconds later by the wall clock; none beyond the calendar.
    pub fn plus(&self, seconds: i64) -> Option<When> {
        let to = self.civil()?.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
        Some(When { offset: self.offset, ..When::of(to, self.has_time())? })
    }

    pub fn date_in_words(&self) -> String {
        format!("{} {} {}", self.day, short_month(self.month), self.year)
    }
}

/// `Oct` of 10, or `oct`.
fn short_month(month: u8) -> &'static str {
    let place = usize::from(month.clamp(1, 12) - 1);
    match spoken() {
        Language::En => MONTHS[place],
        Language::Es => &wording::SPANISH_MONTHS[place][..3],
    }
}

/// `Z`, `+0200`, `-05:30`; seconds east of UTC.
fn offset(text: &str) -> Option<i32> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).map_or(Some(0), |two| two.parse().ok())?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// The seconds of `PT1H30M`, `P2W`, `-P1D`.
pub fn duration(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.trim_start_matches('+')),
    };
    let (mut total, mut number) = (0i64, None::<i64>);
    for c in text.strip_prefix('P')?.chars() {
        let unit = match c {
            '0'..='9' => {
                let digit = i64::from(c as u8 - b'0');
                number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
                continue;
            }
            'T' if number.is_none() => continue,
            'W' => 604_800,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    Some(sign * total)
}

/// A birthday or anniversary as a person reads it. Years that are not known
/// (`--0407`, Apple's 1604) stay out; what is no date is given as written.
pub fn birthday(text: &str, omitted_year: Option<&str>) -> String {
    let text = text.trim();
    if let Some(when) = When::parse(text) {
        let year_unknown = omitted_year.and_then(|year| year.parse().ok()) == Some(when.year);
        let date = when.date_in_words();
        return if year_unknown {
            date.trim_end_matches(|c: char| c.is_ascii_digit()).trim().into()
        } else {
            date
        };
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if text.starts_with("--")
        && digits.len() >= 4
        && let (Ok(month @ 1..=12), Ok(day @ 1..=31)) =
            (digits[..2].parse::<u8>(), digits[2..4].parse::<u8>())
    {
        return format!("{day} {}", short_month(month));
    }
    text.to_owned()
}

/// The zone that a `TZID` names: IANA, Windows, or with a vendor's prefix as in
/// `/freeassociation.sourceforge.net/Europe/Berlin` (RFC 5545 section 3.8.3.1), of any number of steps.
pub fn zone(name: &str) -> Option<Tz> {
    let known = |name: &str| name.parse().ok().filter(|zone: &Tz| !zone.is_floating());
    let mut ends = name.match_indices('/').map(|(slash, _)| &name[slash + 1..]);
    known(name).or_else(|| name.starts_with('/').then(|| ends.find_map(known)).flatten())
}

/// A zone that is always as far from UTC, from `TZOFFSETTO`.
pub fn fixed_zone(text: &str) -> Option<Tz> {
    let minutes = offset(text)? / 60;
    match minutes {
        0 => Some(Tz::UTC),
        _ => Tz::from_id(0x8000 | u16::try_from(minutes + 1440).ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str, name: Option<&str>) -> Option<i64> {
        When::parse(text)?.millis(name.and_then(zone))
    }

    #[test]
    fn moments_follow_their_zone() {
        assert_eq!(millis("20091015T140000Z", None), Some(1_255_615_200_000));
        assert_eq!(millis("20091015T070000", Some("America/Los_Angeles")), Some(1_255_615_200_000));
        assert_eq!(millis("20091015T070000", Some("Pacific Standard Time")), Some(1_255_615_200_000));
        assert_eq!(millis("2009-10-15T16:00:00+02:00", None), Some(1_255_615_200_000));
        assert_eq!(millis("20091015", Some("Asia/Tokyo")), Some(1_255_564_800_000));
    }

    #[test]
    fn a_vendors_prefix_hides_no_zone() {
        for prefix in ["", "/vendor.example/", "/vendor.example/Tzfile/", "/vendor.example/20070129_1/"] {
            for name in ["Europe/Berlin", "America/Argentina/Buenos_Aires"] {
                assert_eq!(zone(&format!("{prefix}{name}")), zone(name), "{prefix}{name}");
            }
        }
        assert!(zone("Europe/Berlin").is_some());
        assert_eq!((zone("/vendor.example/Nowhere"), zone("vendor.example/Europe/Berlin")), (None, None));
    }

    #[test]
    fn skipped_and_repeated_hours_are_moments_too() {
        let repeated = millis("20091101T013000", Some("America/New_York"));
        assert_eq!(repeated, millis("20091101T053000Z", None));
        let skipped = millis("20090308T023000", Some("America/New_York"));
        assert_eq!(skipped, millis("20090308T073000Z", None));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "foo", "20091315", "20090230", "2020216T152600Z", "20091015T996000", "1987921５"] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_read_as_words() {
        let words = |text: &str, zone| When::parse(text).unwrap().in_words(zone);
        assert_eq!(words("20091015", None), "15 Oct 2009");
        assert_eq!(words("20091015T140000", Some("Europe/Paris")), "15 Oct 2009, 14:00 (Europe/Paris)");
        assert_eq!(words("20091015T140000Z", None), "15 Oct 2009, 14:00 (UTC)");
        assert_eq!(words("20091015T140000-0730", None), "15 Oct 2009, 14:00 (UTC-07:30)");
    }

    #[test]
    fn durations_add_up() {
        assert_eq!(duration("PT1H30M"), Some(5_400));
        assert_eq!(duration("-P1DT1S"), Some(-86_401));
        assert_eq!(duration("P99999999999999999999W"), None);
        let end = When::parse("20091231T233000").unwrap().plus(3_600).unwrap();
        assert_eq!(end.in_words(None), "1 Jan 2010, 00:30");
    }

    #[test]
    fn birthdays_without_a_year_say_none() {
        assert_eq!(birthday("--0407", None), "7 Apr");
        assert_eq!(birthday("1604-04-07", Some("1604")), "7 Apr");
        assert_eq!(birthday("1980-04-07T00:00:00Z", None), "7 Apr 1980");
        assert_eq!(birthday("circa 1800", None), "circa 1800");
    }

    #[test]
    fn zones_of_a_fixed_offset_count() {
        let zone = fixed_zone("+1100");
        assert_eq!(When::parse("20170228T230000").unwrap().millis(zone), millis("20170228T120000Z", None));
    }
}
