//! How often an entry comes back, in words; and the rules of vCalendar 1.0 as
//! those of iCalendar.

use app::{
    say, say_many,
    words::{Language, spoken},
};
use jiff::civil::Weekday;

use super::when::When;
use crate::web::wording;

/// `every 2 weeks on Monday and Friday, 10 times`; empty when the rule says nothing.
pub fn in_words(rule: &str) -> String {
    let rule = Rule::parse(rule);
    let Some(mut often) = rule.often() else { return String::new() };
    if let Some(days) = rule.days() {
        often = match rule.has_ordinals() {
            true => say!("{often} on {days}", often, days),
            false => say!("{often} on {weekdays}", often, weekdays = days),
        };
    }
    if let Some(days) = rule.get("BYMONTHDAY").and_then(month_days) {
        often = say!("{often} on {days}", often, days);
    }
    if let Some(months) = rule.get("BYMONTH").and_then(months) {
        often = say!("{often} in {months}", often, months);
    }
    if let Some(count) = rule.number("COUNT") {
        say_many!(i64::from(count), "{often}, once", "{often}, {n} times", often)
    } else if let Some(until) = rule.get("UNTIL").and_then(When::parse) {
        say!("{often}, until {date}", often, date = until.date_in_words())
    } else {
        often
    }
}

struct Rule(Vec<(String, String)>);

impl Rule {
    fn parse(text: &str) -> Rule {
        let pair = |part: &str| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase()))
        };
        Rule(text.split(';').filter_map(pair).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }

    /// `every 2 weeks`.
    fn often(&self) -> Option<String> {
        let interval = self.number("INTERVAL").map_or(1, i64::from).max(1);
        Some(match self.get("FREQ")? {
            "SECONDLY" => say_many!(interval, "every second", "every {n} seconds"),
            "MINUTELY" => say_many!(interval, "every minute", "every {n} minutes"),
            "HOURLY" => say_many!(interval, "every hour", "every {n} hours"),
            "DAILY" => say_many!(interval, "every day", "every {n} days"),
            "WEEKLY" => say_many!(interval, "every week", "every {n} weeks"),
            "MONTHLY" => say_many!(interval, "every month", "every {n} months"),
            "YEARLY" => say_many!(interval, "every year", "every {n} years"),
            _ => return None,
        })
    }

    /// Whether days are told as "the last Friday".
    fn has_ordinals(&self) -> bool {
        self.get("BYDAY").is_some_and(|list| list.bytes().any(|byte| byte.is_ascii_digit()))
    }

    fn days(&self) -> Option<String> {
        let list = self.get("BYDAY")?;
        let days: Vec<String> = list.split(',').take(7 * 5).filter_map(day).collect();
        (!days.is_empty()).then(|| joined(&days))
    }
}

/// `MO`, `2TU`, `-1FR`.
fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at))?;
    let weekday = wording::weekday(match &text[at..] {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    });
    match &text[..at] {
        "" => Some(on_each(weekday)),
        ordinal => Some(say!("the {which} {weekday}", which = which(ordinal.parse().ok()?), weekday)),
    }
}

/// Spanish says "los sábados", and "los lunes".
fn on_each(weekday: &str) -> String {
    match spoken() {
        Language::Es if !weekday.ends_with('s') => format!("{weekday}s"),
        _ => weekday.to_owned(),
    }
}

fn month_days(list: &str) -> Option<String> {
    let day = |one: &str| Some(say!("the {day}", day = day_of_month(one.trim().parse().ok()?)));
    list.split(',').take(31).map(day).collect::<Option<Vec<_>>>().map(|days| joined(&days))
}

fn months(list: &str) -> Option<String> {
    let name = |one: &str| {
        let month = one.trim().parse().ok().filter(|month| (1..=12).contains(month))?;
        Some(month_name(month))
    };
    list.split(',').take(12).map(name).collect::<Option<Vec<_>>>().map(|months| joined(&months))
}

/// `April` of 4, or `abril`.
fn month_name(month: usize) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match spoken() {
        Language::En => NAMES[month - 1],
        Language::Es => wording::SPANISH_MONTHS[month - 1],
    }
}

/// Before a weekday: `1st`, `22nd`, `last`, `3rd to last`; or `primer`, `último`.
fn which(number: i32) -> String {
    match (spoken(), number) {
        (Language::En, _) => english_ordinal(number),
        (Language::Es, 1) => "primer".into(),
        (Language::Es, 2) => "segundo".into(),
        (Language::Es, 3) => "tercer".into(),
        (Language::Es, 4) => "cuarto".into(),
        (Language::Es, 5) => "quinto".into(),
        (Language::Es, -1) => "último".into(),
        (Language::Es, -2) => "penúltimo".into(),
        (Language::Es, _) => format!("{number}.º"),
    }
}

/// `1st`, `last`; or `día 1`, `último día`.
fn day_of_month(number: i32) -> String {
    match (spoken(), number) {
        (Language::En, _) => english_ordinal(number),
        (Language::Es, ..0) => format!("{} día", which(number)),
        (Language::Es, _) => format!("día {number}"),
    }
}

fn english_ordinal(number: i32) -> String {
    let from_end = number.unsigned_abs();
    let suffix = match (from_end % 10, from_end % 100) {
        (1, n) if n != 11 => "st",
        (2, n) if n != 12 => "nd",
        (3, n) if n != 13 => "rd",
        _ => "th",
    };
    match number {
        -1 => "last".into(),
        ..-1 => format!("{from_end}{suffix} to last"),
        _ => format!("{number}{suffix}"),
    }
}

fn joined<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => say!("{list} and {last}", list = rest.join(", "), last),
        _ => words.concat(),
    }
}

/// A rule of vCalendar 1.0 (`W2 MO FR #10`, `MP1 1+ TU`, `D1 20091231T000000`)
/// as an iCalendar one; what is not of that form comes back as it is.
pub fn modern(rule: &str) -> String {
    translated(rule.trim()).unwrap_or_else(|| rule.trim().to_owned())
}

fn translated(rule: &str) -> Option<String> {
    let mut words = rule.split_whitespace();
    let first = words.next()?;
    let letters = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let interval: u32 = first[letters.len()..].parse().ok()?;
    let (freq, by) = match letters {
        "D" => ("DAILY", ""),
        "W" => ("WEEKLY", "BYDAY"),
        "MP" => ("MONTHLY", "BYDAY"),
        "MD" => ("MONTHLY", "BYMONTHDAY"),
        "YM" => ("YEARLY", "BYMONTH"),
        "YD" => ("YEARLY", "BYYEARDAY"),
        _ => return None,
    };
    let (mut values, mut ordinal, mut end) = (Vec::new(), String::new(), String::new());
    for word in words {
        if let Some(count) = word.strip_prefix('#') {
            let count: u32 = count.parse().ok()?;
            end = if count == 0 { String::new() } else { format!(";COUNT={count}") };
        } else if When::parse(word).is_some() {
            end = format!(";UNTIL={}", word.replace(['-', ':'], ""));
        } else if let Some(nth) = word.strip_suffix('+') {
            ordinal = nth.to_owned();
        } else if let Some(nth) = word.strip_suffix('-') {
            ordinal = format!("-{nth}");
        } else {
            values.push(format!("{ordinal}{word}"));
        }
    }
    let by = if by.is_empty() || values.is_empty() {
        String::new()
    } else {
        format!(";{by}={}", values.join(","))
    };
    Some(format!("FREQ={freq};INTERVAL={interval}{by}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_as_words() {
        for (rule, words) in [
            ("FREQ=DAILY", "every day"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10", "every 2 weeks on Monday and Friday, 10 times"),
            ("FREQ=MONTHLY;BYDAY=-1SU", "every month on the last Sunday"),
            ("FREQ=MONTHLY;BYMONTHDAY=1,22", "every month on the 1st and the 22nd"),
            ("FREQ=YEARLY;BYMONTH=4;UNTIL=20121231T000000Z", "every year in April, until 31 Dec 2012"),
            ("FREQ=INVALID", ""),
            ("", ""),
        ] {
            assert_eq!(in_words(rule), words, "{rule}");
        }
    }

    #[test]
    fn rules_read_as_words_in_spanish() {
        for (rule, words) in [
            ("FREQ=DAILY", "cada día"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10", "cada 2 semanas, los lunes y viernes, 10 veces"),
            ("FREQ=WEEKLY;BYDAY=SA,SU", "cada semana, los sábados y domingos"),
            ("FREQ=MONTHLY;BYDAY=-1SU,2TU", "cada mes, el último domingo y el segundo martes"),
            ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "cada mes, el día 1 y el último día"),
            ("FREQ=YEARLY;BYMONTH=4;UNTIL=20121231T000000Z", "cada año en abril, hasta el 31 dic 2012"),
        ] {
            assert_eq!(Language::Es.within(|| in_words(rule)), words, "{rule}");
        }
    }

    #[test]
    fn rules_of_vcalendar_1_become_modern() {
        for (old, new) in [
            ("D1 #10", "FREQ=DAILY;INTERVAL=1;COUNT=10"),
            ("W2 MO FR 20091231T000000Z", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20091231T000000Z"),
            ("MP1 1+ TU #0", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU"),
            ("MP1 1- SU", "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1SU"),
            ("YM1 6 #3", "FREQ=YEARLY;INTERVAL=1;BYMONTH=6;COUNT=3"),
            ("FREQ=DAILY", "FREQ=DAILY"),
        ] {
            assert_eq!(modern(old), new);
        }
    }
}
