//! Calendars, tasks and journals as one iCalendar file (RFC 5545).

pub mod dates;
mod old;
mod zones;

use std::collections::HashMap;
use std::fmt::Write;

use app::models::Note;
use sha2::{Digest, Sha256};

use self::zones::Zones;
use super::convert::components;
use crate::intake::read::component::Component;
use crate::intake::read::property::Property;
use crate::intake::read::{value, write};

const PRODUCT: &str = "-//Makegood//Recovered data//EN";

/// All entries in one `VCALENDAR`, each with the `UID` and `DTSTAMP` that calendars ask for (the same
/// every time), every zone that one refers to in front, and the changed occurrences of a series
/// behind it.
pub fn calendar_ics<'a>(bodies: impl IntoIterator<Item = &'a str>) -> String {
    let (mut zones, mut entries) = (Zones::default(), Vec::new());
    for body in bodies {
        let (own, rest): (Vec<_>, Vec<_>) =
            components(body).into_iter().partition(|one| one.name == "VTIMEZONE");
        let renamed = zones.take(own);
        for mut entry in rest {
            zones::rename(&mut entry, &renamed);
            old::modern(&mut entry);
            dates::tidy(&mut entry);
            texts(&mut entry);
            complete(&mut entry, body);
            entries.push(entry);
        }
    }
    zones.complete(&mut entries);
    series(&mut entries);
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", &format!("PRODID:{PRODUCT}")] {
        write::line(&mut out, line);
    }
    zones.into_components().iter().chain(&entries).for_each(|one| write::component(&mut out, one));
    write::line(&mut out, "END:VCALENDAR");
    out
}

/// A changed occurrence stands behind the series it is of, or where it was if that did not come back.
fn series(entries: &mut Vec<Component>) {
    let id = |entry: &Component| entry.first("UID").map(|uid| uid.value.clone()).unwrap_or_default();
    let is_change = |entry: &Component| entry.first("RECURRENCE-ID").is_some();
    let mut place: HashMap<String, usize> = HashMap::new();
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| !is_change(entry)) {
        place.entry(id(entry)).or_insert(index);
    }
    let mut placed: Vec<(usize, bool, Component)> = std::mem::take(entries)
        .into_iter()
        .enumerate()
        .map(|(index, entry)| (place.get(&id(&entry)).copied().unwrap_or(index), is_change(&entry), entry))
        .collect();
    placed.sort_by_key(|(place, is_change, _)| (*place, *is_change));
    entries.extend(placed.into_iter().map(|(_, _, entry)| entry));
}

/// Texts with the escapes that their writers forgot.
fn texts(entry: &mut Component) {
    for property in &mut entry.properties {
        if matches!(property.name.as_str(), "SUMMARY" | "DESCRIPTION" | "LOCATION" | "COMMENT" | "CONTACT") {
            property.value = value::escaped_anew(&property.value);
        }
    }
    entry.children.iter_mut().for_each(texts);
}

/// Every note as a `VJOURNAL`; each pair is a body and what a page shows of it.
pub fn notes_ics<'a>(notes: impl IntoIterator<Item = (&'a str, &'a Note)>) -> String {
    let bodies: Vec<String> = notes.into_iter().map(|(body, note)| journal(body, note)).collect();
    calendar_ics(bodies.iter().map(String::as_str))
}

/// A note that came as a journal entry stays the one it was.
fn journal(body: &str, note: &Note) -> String {
    if body.starts_with("BEGIN:VJOURNAL\r\n") || body.starts_with("BEGIN:VTIMEZONE\r\n") {
        return body.to_owned();
    }
    let property = |name: &str, text: &str| Property {
        name: name.into(),
        value: value::escape(text),
        ..Property::default()
    };
    let properties = vec![property("SUMMARY", &note.title), property("DESCRIPTION", &note.text)];
    let mut out = String::new();
    write::component(&mut out, &Component { name: "VJOURNAL".into(), properties, ..Component::default() });
    out
}

fn complete(component: &mut Component, body: &str) {
    let stamp = ["LAST-MODIFIED", "CREATED"].into_iter().find_map(|name| component.first(name));
    let stamp = stamp.map(|p| p.value.clone()).filter(|value| value.ends_with('Z'));
    let mut add = |name: &str, value: String| {
        if component.first(name).is_none() {
            component.properties.insert(0, Property { name: name.into(), value, ..Property::default() });
        }
    };
    add("DTSTAMP", stamp.unwrap_or_else(|| "19700101T000000Z".into()));
    add("UID", uid(body));
}

fn uid(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().take(16).fold(String::from("makegood-"), |mut uid, byte| {
        let _ = write!(uid, "{byte:02x}");
        uid
    })
}

#[cfg(test)]
mod tests {
    use app::Category;

    use super::*;
    use crate::intake::read::read;

    #[test]
    fn entries_read_back_and_zones_stand_once() {
        let zone = "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        let entry = |name: &str| {
            format!(
                "{zone}BEGIN:VEVENT\r\nSUMMARY:{name}\r\nDTSTART;TZID=Z:20091015T100000\r\nEND:VEVENT\r\n"
            )
        };
        let (one, two) = (entry("a"), entry("b"));
        let text = calendar_ics([one.as_str(), two.as_str()]);
        assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1);
        let back = read(Category::Calendar, "x", text.as_bytes()).unwrap();
        assert_eq!(back.problems, []);
        assert_eq!(back.items.iter().map(|i| i.title.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(back.items.iter().all(|item| item.uid.is_some() && item.at == Some(1_255_597_200_000)));
        assert_eq!(text, calendar_ics([one.as_str(), two.as_str()]), "the same every time");
    }

    fn lines<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
        text.lines().filter(|line| line.starts_with(name)).collect()
    }

    #[test]
    fn two_zones_of_one_name_stay_two() {
        let entry = |offset: &str, name: &str| {
            format!(
                "BEGIN:VTIMEZONE\r\nTZID:Custom\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
                 BEGIN:VEVENT\r\nSUMMARY:{name}\r\nDTSTART;TZID=Custom:20091015T100000\r\nEND:VEVENT\r\n"
            )
        };
        let (one, two, three) = (entry("+0100", "a"), entry("-0500", "b"), entry("+0100", "c"));
        let text = calendar_ics([one.as_str(), &two, &three]);
        assert_eq!(lines(&text, "TZID:"), ["TZID:Custom", "TZID:Custom 2"]);
        let starts = ["Custom", "Custom 2", "Custom"].map(|id| format!("DTSTART;TZID={id}:20091015T100000"));
        assert_eq!(lines(&text, "DTSTART;TZID"), starts);
        let back = read(Category::Calendar, "x", text.as_bytes()).unwrap();
        let moments: Vec<_> = back.items.iter().map(|item| item.at).collect();
        assert_eq!(moments, [Some(1_255_597_200_000), Some(1_255_618_800_000), Some(1_255_597_200_000)]);
    }

    #[test]
    fn a_zone_that_nobody_brought_is_made_or_the_time_floats() {
        let entry = |zone: &str| {
            format!("BEGIN:VEVENT\r\nSUMMARY:a\r\nDTSTART;TZID={zone}:20091015T100000\r\nEND:VEVENT\r\n")
        };
        let known = calendar_ics([entry("America/New_York").as_str()]);
        assert!(
            known.contains("TZID:America/New_York\r\n") && known.contains("TZOFFSETTO:-0400\r\n"),
            "{known}"
        );
        assert_eq!(known, calendar_ics([entry("America/New_York").as_str()]), "the same every time");
        let unknown = calendar_ics([entry("Nowhere").as_str()]);
        assert_eq!(lines(&unknown, "DTSTART"), ["DTSTART;X-TZID=Nowhere:20091015T100000"]);
        assert!(!unknown.contains("VTIMEZONE"));
    }

    #[test]
    fn changed_occurrences_stand_behind_their_series() {
        let entry = |more: &str| format!("BEGIN:VEVENT\r\n{more}\r\nEND:VEVENT\r\n");
        let bodies = [
            "UID:a\r\nRECURRENCE-ID:20091016T100000Z",
            "UID:b",
            "UID:a\r\nRRULE:FREQ=DAILY",
            "UID:c\r\nRECURRENCE-ID:20091016T100000Z",
        ]
        .map(entry);
        let text = calendar_ics(bodies.iter().map(String::as_str));
        assert_eq!(lines(&text, "UID"), ["UID:b", "UID:a", "UID:a", "UID:c"]);
        assert!(text.find("RRULE").unwrap() < text.find("RECURRENCE-ID").unwrap());
    }

    #[test]
    fn alarms_of_old_calendars_are_alarms() {
        let text = calendar_ics([
            "BEGIN:VEVENT\r\nDCREATED:20140101T010000Z\r\nDALARM:20140101T010000Z;PT10M;5;wake up, now\r\nAALARM:20140101T020000;;;file.wav\r\nEND:VEVENT\r\n",
        ]);
        for wanted in [
            "CREATED:20140101T010000Z\r\n",
            "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER;VALUE=DATE-TIME:20140101T010000Z\r\nDURATION:PT10M\r\nREPEAT:5\r\nDESCRIPTION:wake up\\, now\r\nEND:VALARM\r\n",
            "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER;VALUE=DATE-TIME:20140101T020000Z\r\nATTACH:file.wav\r\nEND:VALARM\r\n",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }

    #[test]
    fn notes_of_every_kind_become_journal_entries() {
        let plain = Note { title: "Milk".into(), text: "Milk\nBread; butter".into() };
        let old = Note { title: "Trip".into(), text: String::new() };
        let text = notes_ics([
            (plain.text.as_str(), &plain),
            ("BEGIN:VJOURNAL\r\nSUMMARY:Trip\r\nEND:VJOURNAL\r\n", &old),
        ]);
        let back = read(Category::Notes, "x.ics", text.as_bytes()).unwrap();
        assert_eq!(back.items.len(), 2);
        assert_eq!(back.items[0].details, app::models::Details::Note(plain));
    }
}
