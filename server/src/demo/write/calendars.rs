//! Calendars and tasks: iCalendar (RFC 5545) in the person's own time zone.

use jiff::{Span, civil::Date};

use super::{File, basic, calendar_day, day, escaped, folded, words};
use crate::demo::{dice::Dice, names, people::Subscriber};

/// The files with `count` different entries.
pub fn events(subscriber: &Subscriber, count: usize, dice: &mut Dice) -> Vec<File> {
    let entries = (0..count).map(|at| event(subscriber, at, dice)).collect();
    files(subscriber, "calendar", entries)
}

/// The files with `count` different tasks.
pub fn tasks(subscriber: &Subscriber, count: usize, dice: &mut Dice) -> Vec<File> {
    let tasks = (0..count).map(|at| task(subscriber, at, dice)).collect();
    files(subscriber, "tasks", tasks)
}

fn files(subscriber: &Subscriber, category: &str, components: Vec<String>) -> Vec<File> {
    let zone = zone(subscriber.time_zone);
    let wrap = |inner: &str| {
        let head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Pocket 2//EN\r\n";
        format!("{head}{zone}{inner}END:VCALENDAR\r\n").into_bytes()
    };
    if subscriber.habits.one_a_file {
        let each = |(at, one): (usize, &String)| (format!("{category}/{:03}.ics", at + 1), wrap(one));
        return components.iter().enumerate().map(each).collect();
    }
    vec![(format!("{category}/{category}.ics"), wrap(&components.concat()))]
}

fn event(subscriber: &Subscriber, at: usize, dice: &mut Dice) -> String {
    let on = calendar_day(dice);
    let mut lines = opening("VEVENT", subscriber, at, dice);
    match dice.below(10) {
        0 => {
            let (given, _) = names::person(dice, 20, false);
            lines.push(format!("SUMMARY:{given}'s birthday"));
            lines.push(format!("DTSTART;VALUE=DATE:{}", basic(on)));
            lines.push("RRULE:FREQ=YEARLY".to_owned());
        }
        1 => {
            let (what, rule) = dice.pick(words::REPEATING);
            lines.push(format!("SUMMARY:{}", escaped(what)));
            lines.extend(times(subscriber, on, dice));
            lines.push(format!("RRULE:{rule}"));
        }
        _ => {
            lines.push(format!("SUMMARY:{}", escaped(&summary(dice))));
            lines.extend(times(subscriber, on, dice));
        }
    }
    if dice.chance(50) {
        lines.push(format!("LOCATION:{}", escaped(dice.pick(words::PLACES))));
    }
    if dice.chance(20) {
        lines.push(format!("DESCRIPTION:{}", escaped(dice.pick(words::REMARKS))));
    }
    lines.push(format!("STATUS:{}", if dice.chance(85) { "CONFIRMED" } else { "TENTATIVE" }));
    closed("VEVENT", lines)
}

fn task(subscriber: &Subscriber, at: usize, dice: &mut Dice) -> String {
    let due = calendar_day(dice);
    let mut lines = opening("VTODO", subscriber, at, dice);
    lines.push(format!("SUMMARY:{}", escaped(dice.pick(words::TASKS))));
    if dice.chance(80) {
        lines.push(format!(
            "DUE;TZID={}:{}T{:02}0000",
            subscriber.time_zone,
            basic(due),
            dice.between(9, 18)
        ));
    }
    lines.push(format!("PRIORITY:{}", dice.between(1, 9)));
    match dice.below(4) {
        0 => {
            lines.push("STATUS:COMPLETED".to_owned());
            lines.push(format!("COMPLETED:{}T180000Z", basic(due.min(jiff::civil::date(2009, 9, 30)))));
            lines.push("PERCENT-COMPLETE:100".to_owned());
        }
        1 => lines.extend([
            "STATUS:IN-PROCESS".to_owned(),
            format!("PERCENT-COMPLETE:{}", dice.between(1, 9) * 10),
        ]),
        _ => lines.push("STATUS:NEEDS-ACTION".to_owned()),
    }
    closed("VTODO", lines)
}

fn opening(kind: &str, subscriber: &Subscriber, at: usize, dice: &mut Dice) -> Vec<String> {
    let stamp = format!("{}T{:02}1500Z", basic(day(dice)), dice.below(24));
    vec![
        format!("BEGIN:{kind}"),
        format!("UID:{}-{}-{at:04}@example.com", subscriber.account, kind.to_lowercase()),
        format!("DTSTAMP:{stamp}"),
        format!("LAST-MODIFIED:{stamp}"),
    ]
}

fn closed(kind: &str, mut lines: Vec<String>) -> String {
    lines.push(format!("END:{kind}"));
    lines.iter().map(|line| folded(line)).collect()
}

fn times(subscriber: &Subscriber, on: Date, dice: &mut Dice) -> [String; 2] {
    let start = on.at(dice.between(8, 20) as i8, dice.pick(&[0, 0, 15, 30, 30, 45]), 0, 0);
    let end = start.saturating_add(Span::new().minutes(dice.pick(&[30_i64, 45, 60, 60, 90, 120])));
    let at = |name: &str, time: jiff::civil::DateTime| {
        format!("{name};TZID={}:{}", subscriber.time_zone, time.strftime("%Y%m%dT%H%M%S"))
    };
    [at("DTSTART", start), at("DTEND", end)]
}

fn summary(dice: &mut Dice) -> String {
    let what = dice.pick(words::APPOINTMENTS);
    if dice.chance(40) {
        format!("{what} with {}", names::person(dice, 30, false).0)
    } else {
        what.to_owned()
    }
}

/// The zone's rules as they were in 2008 and 2009.
fn zone(name: &str) -> String {
    let (standard, summer, letters) = match name {
        "America/New_York" => ("-0500", Some("-0400"), "E"),
        "America/Chicago" => ("-0600", Some("-0500"), "C"),
        "America/Denver" => ("-0700", Some("-0600"), "M"),
        "America/Phoenix" => ("-0700", None, "M"),
        "Pacific/Honolulu" => ("-1000", None, "H"),
        _ => ("-0800", Some("-0700"), "P"),
    };
    let part = |kind: &str, from: &str, to: &str, word: &str, start: &str, rule: &str| {
        let rule = if rule.is_empty() { String::new() } else { format!("RRULE:FREQ=YEARLY;{rule}\r\n") };
        format!(
            "BEGIN:{kind}\r\nDTSTART:{start}\r\n{rule}TZOFFSETFROM:{from}\r\nTZOFFSETTO:{to}\r\nTZNAME:{letters}{word}\r\nEND:{kind}\r\n"
        )
    };
    let parts = match summer {
        Some(summer) => {
            part("STANDARD", summer, standard, "ST", "20071104T020000", "BYMONTH=11;BYDAY=1SU")
                + &part("DAYLIGHT", standard, summer, "DT", "20070311T020000", "BYMONTH=3;BYDAY=2SU")
        }
        None => part("STANDARD", standard, standard, "ST", "20070101T000000", ""),
    };
    format!("BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{parts}END:VTIMEZONE\r\n")
}
