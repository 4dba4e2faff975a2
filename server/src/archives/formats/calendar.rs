//! Calendars, tasks and journals as one iCalendar file (RFC 5545).

use std::collections::HashSet;
use std::fmt::Write;

use app::models::Note;
use sha2::{Digest, Sha256};

use super::convert::components;
use crate::intake::read::component::Component;
use crate::intake::read::property::Property;
use crate::intake::read::{value, write};

const PRODUCT: &str = "-//Makegood//Recovered data//EN";

/// All entries in one `VCALENDAR`. A time zone that several bring stands in it
/// once, as the first of them has it. Entries without the `UID` and `DTSTAMP` that
/// calendars ask for get some that are the same every time.
pub fn calendar_ics<'a>(bodies: impl IntoIterator<Item = &'a str>) -> String {
    let (mut zones, mut entries, mut known) = (String::new(), String::new(), HashSet::new());
    for body in bodies {
        for mut component in components(body) {
            if component.name != "VTIMEZONE" {
                complete(&mut component, body);
                write::component(&mut entries, &component);
            } else if known.insert(component.first("TZID").map(|id| id.value.clone())) {
                write::component(&mut zones, &component);
            }
        }
    }
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", &format!("PRODID:{PRODUCT}")] {
        write::line(&mut out, line);
    }
    out.push_str(&zones);
    out.push_str(&entries);
    write::line(&mut out, "END:VCALENDAR");
    out
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
