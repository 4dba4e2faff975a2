//! A calendar entry or task as it is written, taken apart again for the pages that show more than a line of it.

use app::{
    models::{Detail, Entry},
    say, say_many,
};
use calcard::common::timezone::Tz;
use jiff::civil::{Date, DateTime};

use super::clock::Clock;
use crate::intake::read::{
    calendar,
    component::{self, Component},
    property::Property,
    settle::{self, Age},
    value,
    when::{self, When},
    zones::Zones,
};
use crate::web::wording::short_moment;

/// Names of people, excepted dates and alarms that a page lists.
const LISTED: usize = 20;

/// An entry with the time zones that it brings along.
pub struct Whole {
    pub entry: Component,
    zones: Zones,
}

/// When an entry is, on the clock of whoever looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub starts: DateTime,
    /// Without an end of its own an entry ends as it starts.
    pub ends: DateTime,
    pub all_day: bool,
}

impl Span {
    /// The last day that has something of it: midnight belongs to the day before.
    pub fn last_day(&self) -> Date {
        let ends = self.ends;
        let is_midnight = !self.all_day && ends > self.starts && ends.time() == jiff::civil::Time::midnight();
        let day = if is_midnight { ends.date().yesterday().unwrap_or(ends.date()) } else { ends.date() };
        day.max(self.starts.date())
    }
}

impl Whole {
    /// None for a stored body that holds no entry.
    pub fn of(body: &str) -> Option<Self> {
        let (mut components, _) = component::read(body.as_bytes());
        components.iter_mut().for_each(|one| settle::settle(one, Age::New, &mut Vec::new()));
        let place = components.iter().position(|one| one.name != "VTIMEZONE")?;
        let entry = components.swap_remove(place);
        let zones = Zones::of(&Component { children: components, ..Component::default() });
        Some(Whole { entry, zones })
    }

    /// A date of the entry and the zone that it is written in.
    pub fn date(&self, name: &str) -> Option<(When, Option<Tz>)> {
        let property = self.entry.first(name)?;
        Some((When::parse(&property.value)?, self.zone(property)))
    }

    pub fn zone(&self, property: &Property) -> Option<Tz> {
        property.param("TZID").and_then(|id| self.zones.resolve(id))
    }

    /// When it is by `clock`; of a task when it is due. None without a date that can be read.
    pub fn span(&self, clock: &Clock) -> Option<Span> {
        let (start, zone) = self.date("DTSTART").or_else(|| self.date("DUE"))?;
        let starts = clock.shows(&start, zone)?;
        let all_day = !start.has_time();
        let ends = match (self.date("DTEND"), self.entry.first("DURATION")) {
            (Some((end, zone)), _) => clock.shows(&end, zone),
            (None, Some(length)) => {
                when::duration(&length.value).and_then(|seconds| clock.shows(&start.plus(seconds)?, zone))
            }
            (None, None) => None,
        };
        // The end of whole days is the day after the last (RFC 5545, 3.6.1).
        let ends = ends.map(|ends| match all_day {
            true => ends.checked_sub(jiff::Span::new().days(1)).unwrap_or(ends),
            false => ends,
        });
        Some(Span { starts, ends: ends.unwrap_or(starts).max(starts), all_day })
    }

    /// Says an entry's dates and how often it comes back anew, in the language that is spoken.
    pub fn say_anew(&self, entry: &mut Entry) {
        let Entry { starts, ends, due, repeats, .. } = calendar::entry(&self.entry, &self.zones);
        (entry.starts, entry.ends, entry.due, entry.repeats) = (starts, ends, due, repeats);
    }

    fn text(&self, name: &str) -> String {
        self.entry.first(name).map(|property| value::unescape(&property.value)).unwrap_or_default()
    }
}

/// What a page says of an entry or task, in the order in which people ask.
pub fn facts(entry: &Entry, whole: Option<&Whole>, clock: &Clock) -> Vec<Detail> {
    let mut facts = vec![Detail::new(say!("When"), entry.when())];
    facts.push(Detail::new(say!("For you"), whole.map(|whole| for_you(whole, clock)).unwrap_or_default()));
    facts.push(Detail::new(say!("Due"), entry.due.as_str()));
    facts.push(Detail::new(say!("Repeats"), entry.repeats.as_str()));
    facts.push(Detail::new(say!("Where"), entry.location.as_str()));
    facts.push(Detail::new(say!("Status"), entry.status_in_words()));
    if let Some(whole) = whole {
        facts.extend(more(whole));
    }
    facts.retain(|fact| !fact.text.is_empty());
    facts
}

/// The time on one's own clock where the entry is written for another.
fn for_you(whole: &Whole, clock: &Clock) -> String {
    let Some((start, zone)) = whole.date("DTSTART") else { return String::new() };
    match (whole.span(clock), start.civil()) {
        (Some(span), Some(written))
            if span.starts != written && (zone.is_some() || start.offset().is_some()) =>
        {
            format!("{} ({})", short_moment(span.starts), clock.name)
        }
        _ => String::new(),
    }
}

fn more(whole: &Whole) -> Vec<Detail> {
    let entry = &whole.entry;
    let mut facts = vec![
        Detail::new(
            say!("Not on"),
            listed(entry.all("EXDATE").flat_map(|dates| dates.value.split(',').map(day))),
        ),
        Detail::new(
            say!("Also on"),
            listed(entry.all("RDATE").flat_map(|dates| dates.value.split(',').map(day))),
        ),
        Detail::new(
            say!("Completed"),
            entry.first("COMPLETED").map(|done| day(&done.value)).unwrap_or_default(),
        ),
        Detail::new(say!("Done so far"), percent(&whole.text("PERCENT-COMPLETE"))),
        Detail::new(say!("Priority"), priority(&whole.text("PRIORITY"))),
        Detail::new(
            say!("Reminder"),
            listed(entry.children.iter().filter(|c| c.name == "VALARM").map(alarm)),
        ),
        Detail::new(say!("Organizer"), entry.first("ORGANIZER").map(person).unwrap_or_default()),
        Detail::new(say!("People"), listed(entry.all("ATTENDEE").map(person))),
        Detail::new(
            say!("Tags"),
            listed(entry.all("CATEGORIES").flat_map(|tags| value::split(&tags.value, ','))),
        ),
        Detail::new(say!("Comment"), listed(entry.all("COMMENT").map(|p| value::unescape(&p.value)))),
        Detail::new(say!("Shown to others as"), shown_as(&whole.text("CLASS")).to_owned()),
    ];
    facts.extend(entry.all("URL").map(|url| super::card::web(say!("Web"), &value::unescape(&url.value))));
    facts.extend(
        entry
            .all("ATTACH")
            .take(LISTED)
            .filter(|file| !file.is_base64())
            .map(|file| super::card::web(say!("Attached"), &value::unescape(&file.value))),
    );
    facts
}

fn listed(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.map(|text| text.trim().to_owned()).filter(|t| !t.is_empty()).collect();
    let more = texts.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| say!("and {more} more", more));
    texts.into_iter().take(LISTED).chain(more).collect::<Vec<_>>().join("\n")
}

fn day(text: &str) -> String {
    // A period (RFC 5545, 3.3.9) begins with its start.
    let start = text.split('/').next().unwrap_or_default();
    When::parse(start).map_or_else(|| value::one_line(text), |when| when.in_words(None))
}

/// "Ann Example (ann@example.com)".
fn person(property: &Property) -> String {
    let address = value::unescape(&property.value);
    let address = match address.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &address[7..],
        _ => address.as_str(),
    };
    match property.param("CN").map(value::one_line).filter(|name| !name.is_empty()) {
        Some(name) if name != address => format!("{name} ({address})"),
        _ => address.to_owned(),
    }
}

fn percent(text: &str) -> String {
    match text.trim().parse::<u8>() {
        Ok(percent @ 1..=99) => format!("{percent} %"),
        _ => String::new(),
    }
}

/// RFC 5545, 3.8.1.9: 1 is the highest, 9 the lowest, 0 says nothing.
fn priority(text: &str) -> String {
    match text.trim().parse::<u8>() {
        Ok(1..=4) => say!("high").to_owned(),
        Ok(5) => say!("normal").to_owned(),
        Ok(6..=9) => say!("low").to_owned(),
        _ => String::new(),
    }
}

fn shown_as(class: &str) -> &'static str {
    match class.trim() {
        "PRIVATE" => say!("private"),
        "CONFIDENTIAL" => say!("confidential"),
        _ => "",
    }
}

/// "15 minutes before", "on 15 Oct 2009, 09:00".
fn alarm(alarm: &Component) -> String {
    let Some(trigger) = alarm.first("TRIGGER") else { return String::new() };
    if let Some(when) = When::parse(&trigger.value) {
        return say!("on {date}", date = when.in_words(None));
    }
    let Some(seconds) = when::duration(&trigger.value) else { return value::one_line(&trigger.value) };
    let at_end = trigger.param("RELATED").is_some_and(|end| end.eq_ignore_ascii_case("END"));
    let length = length(seconds.saturating_abs());
    match (seconds, at_end) {
        (0, false) => say!("at the start").to_owned(),
        (0, true) => say!("at the end").to_owned(),
        (..0, false) => say!("{length} before the start", length),
        (..0, true) => say!("{length} before the end", length),
        (_, false) => say!("{length} after the start", length),
        (_, true) => say!("{length} after the end", length),
    }
}

fn length(seconds: i64) -> String {
    match seconds {
        s if s % 604_800 == 0 => say_many!(s / 604_800, "{n} week", "{n} weeks"),
        s if s % 86_400 == 0 => say_many!(s / 86_400, "{n} day", "{n} days"),
        s if s % 3_600 == 0 => say_many!(s / 3_600, "{n} hour", "{n} hours"),
        s if s % 60 == 0 => say_many!(s / 60, "{n} minute", "{n} minutes"),
        s => say_many!(s, "{n} second", "{n} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::intake::read;

    fn clock() -> Clock {
        let name = "America/Los_Angeles".to_owned();
        Clock { zone: TimeZone::get(&name).unwrap(), name }
    }

    fn of(lines: &str) -> Vec<(String, String)> {
        let text = format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n");
        let found = read::read(app::Category::Calendar, "x.ics", text.as_bytes()).unwrap().items.remove(0);
        let app::models::Details::Event(entry) = found.details else { panic!() };
        let facts = facts(&entry, Whole::of(&found.body).as_ref(), &clock());
        facts.into_iter().map(|fact| (fact.name, fact.text)).collect()
    }

    #[test]
    fn an_entry_says_when_with_whom_and_what_reminds_of_it() {
        let facts = of(concat!(
            "SUMMARY:Lunch\r\nDTSTART;TZID=Europe/Paris:20091015T120000\r\nDURATION:PT1H\r\n",
            "RRULE:FREQ=WEEKLY\r\nEXDATE;TZID=Europe/Paris:20091022T120000\r\nORGANIZER;CN=Ann:mailto:ann@example.com\r\n",
            "ATTENDEE:mailto:bob@example.com\r\nPRIORITY:1\r\nURL:javascript:alert(1)\r\n",
            "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nACTION:DISPLAY\r\nEND:VALARM\r\n",
            "BEGIN:VALARM\r\nTRIGGER;RELATED=END:PT0S\r\nACTION:DISPLAY\r\nEND:VALARM"
        ));
        let fact = |name: &str| facts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
        assert_eq!(fact("When"), Some("15 Oct 2009, 12:00 to 13:00 (Europe/Paris)"));
        assert_eq!(fact("For you"), Some("15 Oct 2009, 03:00 (America/Los_Angeles)"));
        assert_eq!(fact("Repeats"), Some("every week"));
        assert_eq!(fact("Not on"), Some("22 Oct 2009, 12:00"));
        assert_eq!(fact("Reminder"), Some("15 minutes before the start\nat the end"));
        assert_eq!(fact("Organizer"), Some("Ann (ann@example.com)"));
        assert_eq!((fact("People"), fact("Priority")), (Some("bob@example.com"), Some("high")));
    }

    #[test]
    fn whole_days_and_midnights_end_on_the_day_before() {
        let span = |lines: &str| {
            Whole::of(&format!("BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n")).unwrap().span(&clock()).unwrap()
        };
        let days = span("DTSTART;VALUE=DATE:20091015\r\nDTEND;VALUE=DATE:20091018");
        assert_eq!((days.all_day, days.last_day().to_string()), (true, "2009-10-17".to_owned()));
        let evening = span("DTSTART:20091015T200000\r\nDTEND:20091016T000000");
        assert_eq!(evening.last_day().to_string(), "2009-10-15");
        let backwards = span("DTSTART:20091015T200000\r\nDTEND:20091014T000000");
        assert_eq!(backwards.last_day().to_string(), "2009-10-15");
        assert!(Whole::of("nothing").is_none());
    }
}
