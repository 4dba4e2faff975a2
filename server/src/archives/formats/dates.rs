//! Dates of cards in the forms that each version and each table asks for: whole (`1980-04-07`), or
//! with parts that nobody knows (`--0407`, `1980-04`, Apple's year 1604).

use crate::intake::read::property::Property;
use crate::intake::read::value;

/// The year that stands for none on Apple's devices, told by `X-APPLE-OMIT-YEAR`.
pub const NO_YEAR: u16 = 1604;

/// A date of which some parts are known, with the time behind it as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialDate {
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
    /// `T100000Z` with its letter, or nothing.
    time: String,
}

impl PartialDate {
    /// The value of a `BDAY`, an anniversary or the like; none where it is text.
    pub fn of(property: &Property) -> Option<PartialDate> {
        let text = value::unescape(&property.value);
        let mut date = PartialDate::parse(text.trim())?;
        let omitted = property.param("X-APPLE-OMIT-YEAR").and_then(|year| year.parse().ok());
        if date.year.is_some() && date.year == omitted {
            date.year = None;
        }
        Some(date)
    }

    /// Both forms of ISO 8601 that RFC 2426 and RFC 6350 use.
    fn parse(text: &str) -> Option<PartialDate> {
        let (date, time) = match text.find(['T', 't']) {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text.len());
        let (year, month, day) = match date.strip_prefix("--") {
            Some(rest) => match rest.strip_prefix('-') {
                Some(day) => ("", "", day),
                None => match rest.split_once('-') {
                    Some((month, day)) => ("", month, day),
                    None => ("", rest.get(..2)?, rest.get(2..)?),
                },
            },
            None => match date.split('-').collect::<Vec<_>>()[..] {
                [year, month, day] => (year, month, day),
                [year, month] if digits(year) == Some(4) => (year, month, ""),
                [whole] if digits(whole) == Some(8) => (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
                [year] if digits(year) == Some(4) => (year, "", ""),
                _ => return None,
            },
        };
        let date = PartialDate {
            year: part(year, 4, 0..=9999)?,
            month: part(month, 2, 1..=12)?.map(|month| month as u8),
            day: part(day, 2, 1..=31)?.map(|day| day as u8),
            time: time.to_ascii_uppercase(),
        };
        (date.year.is_some() || date.month.is_some() || date.day.is_some()).then_some(date)
    }

    /// As version 3.0 takes it: a whole date, the year 1604 where it has none, with whether it has
    /// none. Nothing where the day or the month is not known: 3.0 has no word for that.
    pub fn in_3(&self) -> Option<(String, bool)> {
        let (month, day) = (self.month?, self.day?);
        let year = self.year.unwrap_or(NO_YEAR);
        let time = if self.year.is_some() { extended(&self.time) } else { String::new() };
        Some((format!("{year:04}-{month:02}-{day:02}{time}"), self.year.is_none()))
    }

    /// As version 4.0 takes it (RFC 6350 section 4.3.1): the basic form, what is not known left out.
    pub fn in_4(&self) -> String {
        let date = match (self.year, self.month, self.day) {
            (Some(year), Some(month), Some(day)) => format!("{year:04}{month:02}{day:02}"),
            (Some(year), Some(month), None) => return format!("{year:04}-{month:02}"),
            (Some(year), None, _) => return format!("{year:04}"),
            (None, Some(month), Some(day)) => format!("--{month:02}{day:02}"),
            (None, Some(month), None) => return format!("--{month:02}"),
            (None, None, day) => return format!("---{:02}", day.unwrap_or_default()),
        };
        format!("{date}{}", self.time.replace(':', ""))
    }

    /// As Google's tables have it: `1980-04-07`, `--04-07`.
    pub fn in_google(&self) -> Option<String> {
        let (month, day) = (self.month?, self.day?);
        let year = self.year.map_or_else(|| "-".into(), |year| format!("{year:04}"));
        Some(format!("{year}-{month:02}-{day:02}"))
    }
}

/// So many digits in that range, or none at all.
fn part(text: &str, width: usize, range: std::ops::RangeInclusive<u16>) -> Option<Option<u16>> {
    if text.is_empty() {
        return Some(None);
    }
    let number = text.parse().ok().filter(|number| range.contains(number))?;
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(Some(number))
}

/// `T100000Z` with colons between its parts.
fn extended(time: &str) -> String {
    let digits = time.strip_prefix('T').unwrap_or_default();
    match (digits.get(..6), digits.get(6..)) {
        (Some(clock), Some(zone)) if clock.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("T{}:{}:{}{zone}", &clock[..2], &clock[2..4], &clock[4..])
        }
        _ => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::read::property::Param;

    fn bday(text: &str, omit: bool) -> Option<PartialDate> {
        let param = Param { name: "X-APPLE-OMIT-YEAR".into(), values: vec!["1604".into()] };
        let params = if omit { vec![param] } else { Vec::new() };
        PartialDate::of(&Property { name: "BDAY".into(), value: text.into(), params, ..Property::default() })
    }

    #[test]
    fn dates_have_a_form_for_each_version() {
        for (text, omit, three, four, google) in [
            ("1980-04-07", false, Some("1980-04-07"), "19800407", Some("1980-04-07")),
            ("19800407", false, Some("1980-04-07"), "19800407", Some("1980-04-07")),
            ("1604-04-07", true, Some("1604-04-07"), "--0407", Some("--04-07")),
            ("--0407", false, Some("1604-04-07"), "--0407", Some("--04-07")),
            ("--04-07", false, Some("1604-04-07"), "--0407", Some("--04-07")),
            ("1980-04", false, None, "1980-04", None),
            ("1980", false, None, "1980", None),
            ("--04", false, None, "--04", None),
            ("---07", false, None, "---07", None),
            ("19531015T231000Z", false, Some("1953-10-15T23:10:00Z"), "19531015T231000Z", Some("1953-10-15")),
            (
                "1953-10-15T23:10:00Z",
                false,
                Some("1953-10-15T23:10:00Z"),
                "19531015T231000Z",
                Some("1953-10-15"),
            ),
        ] {
            let date = bday(text, omit).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(date.in_3().map(|(text, _)| text).as_deref(), three, "{text}");
            assert_eq!(date.in_4(), four, "{text}");
            assert_eq!(date.in_google().as_deref(), google, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "circa 1800", "1980-13-07", "10/09/2009", "--", "1980-4-7", "é980-04-07", "-", "T10"]
        {
            assert_eq!(bday(text, false), None, "{text}");
        }
    }
}
