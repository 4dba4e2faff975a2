//! Calendar entries, tasks and journal entries: iCalendar 2.0 (RFC 5545) and
//! vCalendar 1.0, one or many calendars in a file, or bare entries without one.

use app::Category;
use app::models::{Details, Entry, Note};

use super::component::{self, Component};
use super::property::Property;
use super::settle::{self, Age};
use super::when::{self, When};
use super::zones::{Budget, Zones};
use super::{Found, Problem, Reading, Unreadable, digest, fold, order, repeats, text, value, write};

/// Reads the entries of a file; `category` says what they are to become.
pub fn read(category: Category, bytes: &[u8]) -> Result<Reading, Unreadable> {
    let (components, problems) = component::read(&text::ascii_compatible(bytes));
    if components.is_empty() {
        return Err(Unreadable::new("not a calendar: no BEGIN:VCALENDAR line"));
    }
    let mut reader =
        Reader { category, items: Vec::new(), problems, budget: Budget::for_file_of(bytes.len()) };
    let (calendars, bare): (Vec<_>, Vec<_>) = components.into_iter().partition(|c| c.name == "VCALENDAR");
    calendars.into_iter().for_each(|calendar| reader.calendar(calendar));
    reader.calendar(Component { children: bare, ..Component::default() });
    Reading::of(reader.items, reader.problems)
}

struct Reader {
    category: Category,
    items: Vec<Found>,
    problems: Vec<Problem>,
    budget: Budget,
}

impl Reader {
    fn calendar(&mut self, mut calendar: Component) {
        let age = Age::of(&calendar);
        settle::settle(&mut calendar, age, &mut self.problems);
        let zones = Zones::of(&calendar);
        for child in calendar.children {
            match child.name.as_str() {
                "VEVENT" | "VTODO" | "VJOURNAL" => self.entry(child, age, &zones),
                "VTIMEZONE" => {}
                name => self.problems.push(Problem { line: Some(child.line), reason: no_entry(name) }),
            }
        }
    }

    fn entry(&mut self, mut component: Component, age: Age, zones: &Zones) {
        let says_nothing = |p: &Property| matches!(p.name.as_str(), "DTSTAMP" | "PRODID" | "VERSION");
        if component.children.is_empty() && component.properties.iter().all(says_nothing) {
            return;
        }
        if age == Age::Old {
            component.properties.iter_mut().filter(|p| p.name == "RRULE").for_each(|rule| {
                rule.value = repeats::modern(&rule.value);
            });
        }
        let mut body = zones.needed_by(&component, &mut self.budget);
        write::component(&mut body, &component);
        self.items.push(found(self.category, &component, body, zones));
    }
}

fn no_entry(name: &str) -> String {
    match name {
        "VFREEBUSY" => "free and busy times (VFREEBUSY) are no calendar entries".into(),
        "VCARD" => "a contact card (VCARD) is no calendar entry".into(),
        name => format!("{name} is no calendar entry, task or journal entry"),
    }
}

fn found(category: Category, component: &Component, body: String, zones: &Zones) -> Found {
    let entry = entry(component, zones);
    let first_line = entry.description.lines().map(str::trim).find(|line| !line.is_empty());
    let title = [entry.summary.as_str(), first_line.unwrap_or(""), &entry.location]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or("(no title)")
        .to_owned();
    let revised = component.first("LAST-MODIFIED").or_else(|| component.first("DTSTAMP"));
    Found {
        uid: uid(component),
        digest: digest::of(component),
        revised_at: revised.and_then(|property| When::parse(&property.value)?.millis(None)),
        sort: key(category, component, &entry, &title),
        search: fold::search([title.as_str(), &entry.location, &entry.description, &entry.starts], []),
        at: moment(component, zones),
        body,
        details: details(category, entry, &title),
        title,
        thumbnail: None,
    }
}

fn details(category: Category, entry: Entry, title: &str) -> Details {
    match category {
        Category::Tasks => Details::Task(entry),
        Category::Notes => Details::Note(Note { title: title.to_owned(), text: entry.description }),
        _ => Details::Event(entry),
    }
}

/// One occurrence changed on its own is an item beside the series it is of.
fn uid(component: &Component) -> Option<String> {
    let uid = component.first("UID").map(|uid| value::unescape(&uid.value).trim().to_owned())?;
    match component.first("RECURRENCE-ID").map(|id| id.value.trim()) {
        _ if uid.is_empty() => None,
        Some(id) if !id.is_empty() => Some(format!("{uid}/{id}")),
        _ => Some(uid),
    }
}

/// When a task is due, and when all else begins.
fn moment(component: &Component, zones: &Zones) -> Option<i64> {
    let (property, when) = written(component)?;
    when.millis(property.param("TZID").and_then(|id| zones.resolve(id)))
}

/// The same as it is written.
fn written(component: &Component) -> Option<(&Property, When)> {
    let order = if component.name == "VTODO" { ["DUE", "DTSTART"] } else { ["DTSTART", "DUE"] };
    order.into_iter().find_map(|name| {
        let property = component.first(name)?;
        Some((property, When::parse(&property.value)?))
    })
}

fn key(category: Category, component: &Component, entry: &Entry, title: &str) -> String {
    let when = written(component).map(|(_, when)| when);
    match category {
        Category::Tasks => order::task(entry.is_done(), when.as_ref(), title),
        Category::Notes => fold::sort(title),
        _ => order::oldest_first(when.as_ref(), title),
    }
}

/// What is shown of it, its dates in the language that is spoken.
pub fn entry(component: &Component, zones: &Zones) -> Entry {
    let plain = |name: &str| component.first(name).map(|p| value::unescape(&p.value)).unwrap_or_default();
    Entry {
        summary: value::one_line(&plain("SUMMARY")),
        starts: component.first("DTSTART").map(|start| in_words(start, zones)).unwrap_or_default(),
        ends: ends(component, zones).unwrap_or_default(),
        due: component.first("DUE").map(|due| in_words(due, zones)).unwrap_or_default(),
        location: value::one_line(&plain("LOCATION")),
        description: plain("DESCRIPTION").trim().to_owned(),
        repeats: repeats(component),
        status: state(component),
    }
}

/// A date that cannot be read is shown as it is written.
fn in_words(property: &Property, zones: &Zones) -> String {
    let zone = property.param("TZID").map(|id| zones.name(id));
    match When::parse(&property.value) {
        Some(when) => when.in_words(zone.as_deref()),
        None => value::one_line(&property.value),
    }
}

/// The end, also where only the length is told. Whole days end the day before
/// the date that is written (RFC 5545 section 3.6.1); a single day says no end.
fn ends(component: &Component, zones: &Zones) -> Option<String> {
    let start = component.first("DTSTART")?;
    let from = When::parse(&start.value);
    let (end, zone_of) = match component.first("DTEND") {
        Some(end) => match When::parse(&end.value) {
            Some(when) => (when, end),
            None => return Some(value::one_line(&end.value)),
        },
        None => {
            let seconds = when::duration(&component.first("DURATION")?.value)?;
            (from?.plus(seconds)?, start)
        }
    };
    let end = if end.has_time() { end } else { end.plus(-86_400)? };
    let is_one_day = !end.has_time() && from.is_some_and(|from| from.date_in_words() == end.date_in_words());
    let zone = zone_of.param("TZID").map(|id| zones.name(id));
    (!is_one_day).then(|| end.in_words(zone.as_deref()))
}

fn repeats(component: &Component) -> String {
    let rules = component.all("RRULE").map(|rule| repeats::in_words(&rule.value));
    let words: Vec<String> = rules.filter(|words| !words.is_empty()).take(8).collect();
    if words.is_empty() && component.first("RDATE").is_some() {
        return app::say!("on chosen dates").into();
    }
    words.join("; ")
}

/// A task that was finished counts as completed, also where its writer forgot to say so.
fn state(component: &Component) -> String {
    let plain = |name: &str| component.first(name).map(|p| value::unescape(&p.value)).unwrap_or_default();
    let said = status(&plain("STATUS"));
    let is_finished = component.name == "VTODO"
        && (component.first("COMPLETED").is_some() || plain("PERCENT-COMPLETE").trim() == "100");
    if said.is_empty() && is_finished { "completed".to_owned() } else { said }
}

fn status(text: &str) -> String {
    let status = text.trim().to_ascii_lowercase().replace(' ', "-");
    let known = ["needs-action", "completed", "in-process", "cancelled", "confirmed", "tentative"];
    if known.contains(&status.as_str()) { status } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Found> {
        read(Category::Calendar, text.as_bytes()).unwrap().items
    }

    fn one(lines: &str) -> (Found, Entry) {
        let text =
            format!("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
        let found = items(&text).remove(0);
        match found.details.clone() {
            Details::Event(entry) => (found, entry),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_entry_shows_what_it_says() {
        let (found, entry) = one(concat!(
            "UID:u1\nDTSTAMP:20090101T000000Z\nSUMMARY:Lunch\\, late\nDTSTART;TZID=America/Los_Angeles:20091015T070000\n",
            "DURATION:PT90M\nLOCATION:Café\nDESCRIPTION:one\\ntwo\nRRULE:FREQ=WEEKLY;BYDAY=TH\nSTATUS:CONFIRMED"
        ));
        assert_eq!((found.title.as_str(), found.uid.as_deref()), ("Lunch, late", Some("u1")));
        assert_eq!(found.at, Some(1_255_615_200_000));
        assert_eq!(entry.starts, "15 Oct 2009, 07:00 (America/Los_Angeles)");
        assert_eq!(entry.ends, "15 Oct 2009, 08:30 (America/Los_Angeles)");
        assert_eq!((entry.repeats.as_str(), entry.status.as_str()), ("every week on Thursday", "confirmed"));
        assert_eq!((entry.location.as_str(), entry.description.as_str()), ("Café", "one\ntwo"));
    }

    #[test]
    fn whole_days_end_on_their_last_day() {
        let (_, entry) = one("DTSTART;VALUE=DATE:20091015\nDTEND;VALUE=DATE:20091016");
        assert_eq!((entry.starts.as_str(), entry.ends.as_str()), ("15 Oct 2009", ""));
        assert_eq!(one("DTSTART;VALUE=DATE:20091015\nDTEND;VALUE=DATE:20091018").1.ends, "17 Oct 2009");
    }

    #[test]
    fn the_zone_a_calendar_brings_comes_along_and_counts() {
        let found = items(concat!(
            "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:My zone\nBEGIN:STANDARD\nTZOFFSETTO:+1100\nEND:STANDARD\nEND:VTIMEZONE\n",
            "BEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID=My zone:20170228T230000\nEND:VEVENT\nEND:VCALENDAR"
        ));
        assert_eq!(found[0].at, Some(1_488_283_200_000));
        assert!(found[0].body.starts_with("BEGIN:VTIMEZONE\r\n"));
    }

    #[test]
    fn a_changed_occurrence_is_an_item_of_its_own() {
        let found = items(concat!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nSUMMARY:a\nEND:VEVENT\n",
            "BEGIN:VEVENT\nUID:u\nRECURRENCE-ID:20090101T100000Z\nSUMMARY:a\nEND:VEVENT\nEND:VCALENDAR"
        ));
        let uids: Vec<_> = found.iter().filter_map(|item| item.uid.as_deref()).collect();
        assert_eq!(uids, ["u", "u/20090101T100000Z"]);
    }

    #[test]
    fn a_calendar_without_entries_is_empty_and_not_unreadable() {
        assert_eq!(items("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR"), []);
        assert!(read(Category::Calendar, b"hello").unwrap_err().reason.starts_with("not a calendar"));
        let busy = read(
            Category::Calendar,
            b"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nUID:1\nEND:VFREEBUSY\nEND:VCALENDAR",
        );
        assert_eq!(
            busy.unwrap_err().reason,
            "line 2: free and busy times (VFREEBUSY) are no calendar entries"
        );
    }

    #[test]
    fn an_old_calendar_reads_and_its_rules_become_modern() {
        let found = items(concat!(
            "BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VTODO\nSUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:B=F6rse, 9h\n",
            "DUE:20091015T140000Z\nRRULE:W1 MO #5\nSTATUS:NEEDS ACTION\nEND:VTODO\nEND:VCALENDAR"
        ));
        let Details::Event(entry) = &found[0].details else { panic!() };
        assert_eq!(entry.summary, "Börse, 9h");
        assert_eq!(
            (entry.repeats.as_str(), entry.status.as_str()),
            ("every week on Monday, 5 times", "needs-action")
        );
        assert!(found[0].body.contains("RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=5\r\n"));
        assert_eq!(found[0].at, Some(1_255_615_200_000));
    }

    #[test]
    fn entries_differ_by_content_and_not_by_stamps() {
        let with =
            |stamp: &str, title: &str| one(&format!("UID:u\nDTSTAMP:{stamp}\nSUMMARY:{title}")).0.digest;
        assert_eq!(with("20090101T000000Z", "a"), with("20100101T000000Z", "a"));
        assert_ne!(with("20090101T000000Z", "a"), with("20090101T000000Z", "b"));
    }
}
