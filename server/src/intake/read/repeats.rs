//! How often an entry comes back, in words; and the rules of vCalendar 1.0 as
//! those of iCalendar.

use super::when::When;

/// `every 2 weeks on Monday and Friday, 10 times`; empty when the rule says nothing.
pub fn in_words(rule: &str) -> String {
    let rule = Rule::parse(rule);
    let Some(unit) = rule.unit() else { return String::new() };
    let mut words = match rule.number("INTERVAL") {
        Some(interval) if interval > 1 => format!("every {interval} {unit}s"),
        _ => format!("every {unit}"),
    };
    if let Some(days) = rule.days() {
        words.push_str(&format!(" on {days}"));
    }
    if let Some(days) = rule.get("BYMONTHDAY").and_then(month_days) {
        words.push_str(&format!(" on {days}"));
    }
    if let Some(months) = rule.get("BYMONTH").and_then(months) {
        words.push_str(&format!(" in {months}"));
    }
    if let Some(count) = rule.number("COUNT") {
        words.push_str(&if count == 1 { ", once".into() } else { format!(", {count} times") });
    } else if let Some(until) = rule.get("UNTIL").and_then(When::parse) {
        words.push_str(&format!(", until {}", until.date_in_words()));
    }
    words
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

    fn unit(&self) -> Option<&'static str> {
        match self.get("FREQ")? {
            "SECONDLY" => Some("second"),
            "MINUTELY" => Some("minute"),
            "HOURLY" => Some("hour"),
            "DAILY" => Some("day"),
            "WEEKLY" => Some("week"),
            "MONTHLY" => Some("month"),
            "YEARLY" => Some("year"),
            _ => None,
        }
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
    let name = match &text[at..] {
        "MO" => "Monday",
        "TU" => "Tuesday",
        "WE" => "Wednesday",
        "TH" => "Thursday",
        "FR" => "Friday",
        "SA" => "Saturday",
        "SU" => "Sunday",
        _ => return None,
    };
    match &text[..at] {
        "" => Some(name.into()),
        ordinal => Some(format!("the {} {name}", which(ordinal.parse().ok()?))),
    }
}

fn month_days(list: &str) -> Option<String> {
    let days = list.split(',').take(31).map(|one| Some(format!("the {}", which(one.trim().parse().ok()?))));
    days.collect::<Option<Vec<_>>>().map(|days| joined(&days))
}

fn months(list: &str) -> Option<String> {
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
    let name = |one: &str| NAMES.get(one.trim().parse::<usize>().ok()?.checked_sub(1)?).copied();
    list.split(',').take(12).map(name).collect::<Option<Vec<_>>>().map(|months| joined(&months))
}

/// `1st`, `22nd`, `last`, `3rd to last`.
fn which(number: i32) -> String {
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
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
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
