//! A month of the calendar: every entry on its days, those that repeat on each of them.

use std::collections::{BTreeMap, HashSet};

use app::{
    mark,
    models::{Day, DayEntry, Details, Jump, Month},
    words::said,
};
use jiff::{
    Span as Time,
    civil::{Date, DateTime, Weekday, date},
};

use super::{
    clock::Clock,
    dates::{first_of, month_in_words},
    entry::{Span, Whole},
    repeats,
    shape::link,
    store::{self, Written},
    told,
};
use crate::{
    accounts::Access,
    intake::read::{value, when::When},
    store::{Db, Error, Result},
    web::wording,
};

/// Entries of each sort that a page looks at: of the month, from before it, and those that repeat.
const MOST: usize = 2_000;
/// One more row says that there are more.
const LIMIT: i64 = MOST as i64 + 1;
/// What began longer ago than this many days and still goes on has come into another month.
const LONG_AGO: i64 = 31;
/// Days that one occurrence of a series may last and still be looked for.
const LONGEST_OCCURRENCE: i64 = 366;
/// A day of the month, but the clock of who wrote and of who reads may be a day apart.
const APART: i64 = 1;
/// No calendar leads on for ever.
const LAST_YEAR: i16 = 2100;

/// `asked` is `2009-10`; anything else is the month of `opens_at`, or the last one before it with something in it.
pub async fn month(db: &Db, access: Access<'_>, asked: &str, opens_at: Date, base: &str) -> Result<Month> {
    let (repeating, has_all_series) = at_most(store::repeating(db, access.id(), LIMIT).await?);
    let calendar = Calendar { db, subscriber: access.id(), clock: Clock::of(access.profile()) };
    let series = Series::of(&repeating);
    let (first, given) = match first_of(asked) {
        Some(first) => (first, true),
        None => (opens_at.first_of_month(), false),
    };
    let mut first = first;
    let mut spans = calendar.spans(first, &series).await?;
    if spans.on.is_empty() && !given {
        // Nothing about then: better a month with something in it.
        let (before, after) = calendar.around(first, &series).await?;
        if let Some(other) = before.or(after) {
            first = other;
            spans = calendar.spans(first, &series).await?;
        }
    }
    let (previous, next) = calendar.around(first, &series).await?;
    let jump = |first: Date| {
        let month = first.strftime("%Y-%m").to_string();
        Jump { label: month_in_words(&month), href: link(base, &[("month", &month)]), here: false }
    };
    let starts_on = first_weekday(&access.profile().locale);
    let left_out = if spans.all && has_all_series { "" } else { said(LEFT_OUT) };
    Ok(Month {
        title: month_in_words(&first.strftime("%Y-%m").to_string()),
        zone: calendar.clock.name.clone(),
        weekdays: weekdays(starts_on),
        weeks: weeks(first, starts_on, &by_day(first, spans.on, base)),
        previous: previous.map(jump),
        next: next.map(jump),
        left_out: left_out.to_owned(),
    })
}

const LEFT_OUT: &str =
    mark!("There may be more in this month than fits here. The list and the download have it all.");

/// As many rows as a page looks at, and whether these are all.
fn at_most(mut rows: Vec<Written>) -> (Vec<Written>, bool) {
    let all = rows.len() <= MOST;
    rows.truncate(MOST);
    (rows, all)
}

struct Calendar<'a> {
    db: &'a Db,
    subscriber: &'a str,
    clock: Clock,
}

/// What is on some days.
struct OnDays {
    id: String,
    title: String,
    span: Span,
}

/// What touches a month, and whether nothing of it had to be left out.
struct Spans {
    on: Vec<OnDays>,
    all: bool,
}

impl Calendar<'_> {
    /// Everything that touches the month.
    async fn spans(&self, first: Date, series: &Series) -> Result<Spans> {
        let (from, to) = bounds(first);
        let (rows, all_rows) = self.rows(from, to).await?;
        let (clock, series) = (self.clock.clone(), series.clone());
        // Taking two thousand entries apart keeps a processor busy.
        let spans = tokio::task::spawn_blocking(move || {
            let single = rows.into_iter().filter(|row| !series.has(&row.id)).filter_map(|row| {
                let span = Whole::of(&row.body)?.span(&clock)?;
                Some(OnDays { id: row.id, title: row.title, span })
            });
            let mut on: Vec<OnDays> = single.collect();
            let repeated = series.touching(from, to, &clock);
            let all = all_rows && repeated.len() < MOST;
            on.extend(repeated);
            on.retain(|on| on.span.starts.date() < to && on.span.last_day() >= from);
            on.sort_by_key(|on| (on.span.starts.date(), !on.span.all_day, on.span.starts, on.title.clone()));
            Spans { on, all }
        });
        spans.await.map_err(|error| Error::Corrupt(error.to_string()))
    }

    /// The single entries that may touch the month: its own, and from before it those that are long enough. However
    /// much stands before the month, it takes none of the month's own places.
    async fn rows(&self, from: Date, to: Date) -> Result<(Vec<Written>, bool)> {
        let (db, subscriber) = (self.db, self.subscriber);
        let low = day_before(from, APART).to_string();
        let high = day_after(to, APART).to_string();
        let long_ago = day_before(from, LONG_AGO + APART).to_string();
        let (mut rows, mut all) = at_most(store::entries(db, subscriber, &low, &high, LIMIT).await?);
        for before in [
            store::of_several_days(db, subscriber, &long_ago, &low, LIMIT).await?,
            store::of_several_months(db, subscriber, &long_ago, LIMIT).await?,
        ] {
            let (before, all_before) = at_most(before);
            rows.extend(before);
            all &= all_before;
        }
        Ok((rows, all))
    }

    /// The nearest months before and after that have something in them.
    async fn around(&self, first: Date, series: &Series) -> Result<(Option<Date>, Option<Date>)> {
        let (from, to) = bounds(first);
        let (before, after) =
            store::days_around(self.db, self.subscriber, &from.to_string(), &to.to_string()).await?;
        let month = |key: Option<String>| first_of(key?.get(..7)?);
        let (before, after) = (month(before), month(after));
        let (series, clock) = (series.clone(), self.clock.clone());
        let repeated = tokio::task::spawn_blocking(move || series.around(from, to, &clock));
        let (earlier, later) = repeated.await.map_err(|error| Error::Corrupt(error.to_string()))?;
        let before = before.into_iter().chain(earlier).max();
        let after = after.into_iter().chain(later).min();
        Ok((before, after.filter(|day| day.year() <= LAST_YEAR)))
    }
}

/// The entries that repeat, without the occurrences that were changed on their own.
#[derive(Clone)]
struct Series {
    all: std::sync::Arc<Vec<Written>>,
    ids: std::sync::Arc<HashSet<String>>,
}

impl Series {
    fn of(rows: &[Written]) -> Self {
        let is_series = |row: &&Written| match serde_json::from_str(&row.details) {
            Ok(Details::Event(entry)) => !entry.repeats.is_empty(),
            _ => false,
        };
        let ids = rows.iter().filter(is_series).map(|row| row.id.clone()).collect();
        Series { all: std::sync::Arc::new(rows.to_vec()), ids: std::sync::Arc::new(ids) }
    }

    fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Each occurrence that begins in the window.
    fn within(&self, from: Date, to: Date, clock: &Clock) -> Vec<OnDays> {
        self.occurrences(|_| from, to, clock)
    }

    /// Each occurrence that may have begun before the window and still go on in it, and those that begin in it.
    fn touching(&self, from: Date, to: Date, clock: &Clock) -> Vec<OnDays> {
        let begins = |span: &Span| {
            let days = i64::from((span.last_day() - span.starts.date()).get_days());
            day_before(from, days.min(LONGEST_OCCURRENCE) + APART)
        };
        self.occurrences(begins, to, clock)
    }

    /// At most `MOST` occurrences that begin before `to`, and not before what `begins` says of the first of them.
    fn occurrences(&self, begins: impl Fn(&Span) -> Date, to: Date, clock: &Clock) -> Vec<OnDays> {
        let wholes = self.wholes();
        let changed = changed(&wholes, clock);
        let mut found = Vec::new();
        for (row, whole) in wholes.iter().filter(|(row, _)| self.has(&row.id)) {
            let Some((start, zone)) = whole.date("DTSTART") else { continue };
            let Some(span) = whole.span(clock) else { continue };
            let length = span.starts.duration_until(span.ends);
            let (uid, from) = (uid(whole), begins(&span));
            for day in repeats::within(whole, day_before(from, APART), day_after(to, APART)) {
                let Some(when) = When::of(day, start.has_time()) else { continue };
                let Some(starts) = clock.shows(&when, zone) else { continue };
                let Ok(ends) = starts.checked_add(length) else { continue };
                if changed.contains(&(uid.clone(), starts)) || !(from..to).contains(&starts.date()) {
                    continue;
                }
                let span = Span { starts, ends, all_day: span.all_day };
                found.push(OnDays { id: row.id.clone(), title: row.title.clone(), span });
                if found.len() >= MOST {
                    return found;
                }
            }
        }
        found
    }

    /// The nearest months before and after the window in which something comes back, within a year of it.
    fn around(&self, from: Date, to: Date, clock: &Clock) -> (Option<Date>, Option<Date>) {
        let month = |on: &OnDays| on.span.starts.date().first_of_month();
        // What is daily or weekly is in the very next month; a year is looked through only where nothing is.
        let near = [31, 366];
        let before = near
            .iter()
            .find_map(|days| self.within(day_before(from, *days), from, clock).iter().map(month).max());
        let after =
            near.iter().find_map(|days| self.within(to, day_after(to, *days), clock).iter().map(month).min());
        (before, after)
    }

    fn wholes(&self) -> Vec<(&Written, Whole)> {
        self.all.iter().filter_map(|row| Some((row, Whole::of(&row.body)?))).collect()
    }
}

/// Which occurrences of which series have an entry of their own.
fn changed(wholes: &[(&Written, Whole)], clock: &Clock) -> HashSet<(String, DateTime)> {
    let one = |whole: &Whole| {
        let (when, zone) = whole.date("RECURRENCE-ID")?;
        Some((uid(whole), clock.shows(&when, zone)?))
    };
    wholes.iter().filter_map(|(_, whole)| one(whole)).collect()
}

fn uid(whole: &Whole) -> String {
    whole.entry.first("UID").map(|uid| value::unescape(&uid.value).trim().to_owned()).unwrap_or_default()
}

/// The month's first day, and the next month's.
fn bounds(first: Date) -> (Date, Date) {
    (first, first.last_of_month().tomorrow().unwrap_or(first))
}

fn day_before(day: Date, days: i64) -> Date {
    day.saturating_sub(Time::new().days(days)).max(date(1, 1, 1))
}

fn day_after(day: Date, days: i64) -> Date {
    day.saturating_add(Time::new().days(days))
}

/// What is on each day of the month.
fn by_day(first: Date, spans: Vec<OnDays>, base: &str) -> BTreeMap<Date, Vec<DayEntry>> {
    let (from, to) = bounds(first);
    let mut days: BTreeMap<Date, Vec<DayEntry>> = BTreeMap::new();
    for on in spans {
        let mut day = on.span.starts.date().max(from);
        let last = on.span.last_day();
        while day < to && day <= last {
            let begins = day == on.span.starts.date() && !on.span.all_day;
            days.entry(day).or_default().push(DayEntry {
                time: if begins { on.span.starts.strftime("%H:%M").to_string() } else { String::new() },
                title: told::title(&on.title),
                href: format!("{base}/{}", on.id),
            });
            day = match day.tomorrow() {
                Ok(next) => next,
                Err(_) => break,
            };
        }
    }
    days
}

fn weeks(first: Date, starts_on: Weekday, entries: &BTreeMap<Date, Vec<DayEntry>>) -> Vec<Vec<Day>> {
    let (_, next) = bounds(first);
    let mut day = day_before(first, i64::from(first.weekday().since(starts_on)));
    let mut weeks = Vec::new();
    while day < next {
        let mut week = Vec::with_capacity(7);
        for _ in 0..7 {
            week.push(Day {
                number: day.day(),
                title: wording::day_of_year(day),
                inside: (first..next).contains(&day),
                entries: entries.get(&day).cloned().unwrap_or_default(),
            });
            day = day_after(day, 1);
        }
        weeks.push(week);
    }
    weeks
}

/// Where weeks begin with Sunday (CLDR, week data); elsewhere with Monday.
fn first_weekday(locale: &str) -> Weekday {
    const SUNDAY: [&str; 16] =
        ["US", "CA", "MX", "BR", "JP", "IL", "IN", "KR", "TW", "HK", "PH", "ZA", "CO", "PE", "VE", "PR"];
    let region = locale.rsplit(['-', '_']).next().unwrap_or_default().to_ascii_uppercase();
    if SUNDAY.contains(&region.as_str()) { Weekday::Sunday } else { Weekday::Monday }
}

fn weekdays(starts_on: Weekday) -> Vec<&'static str> {
    starts_on.cycle_forward().take(7).map(wording::weekday).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_whole_and_begin_where_people_begin_them() {
        let october = weeks(date(2009, 10, 1), Weekday::Sunday, &BTreeMap::new());
        assert_eq!(october.len(), 5);
        assert!(october.iter().all(|week| week.len() == 7));
        assert_eq!((october[0][0].number, october[0][0].inside), (27, false));
        assert_eq!((october[0][4].number, october[0][4].title.as_str()), (1, "Thursday, 1 October"));
        assert_eq!((october[4][6].number, october[4][6].inside), (31, true));
        assert_eq!(weekdays(first_weekday("en-US"))[0], "Sunday");
        assert_eq!(weekdays(first_weekday("es-ES"))[0], "Monday");
        assert_eq!(weekdays(first_weekday("")).len(), 7);
    }

    #[test]
    fn an_entry_of_several_days_is_on_each_of_them() {
        let span = Span {
            starts: date(2009, 9, 29).at(22, 0, 0, 0),
            ends: date(2009, 10, 2).at(8, 0, 0, 0),
            all_day: false,
        };
        let on = OnDays { id: "1".to_owned(), title: "Trip".to_owned(), span };
        let days = by_day(date(2009, 10, 1), vec![on], "/recovery/calendar");
        let days: Vec<(i8, &str)> =
            days.iter().map(|(day, entries)| (day.day(), entries[0].time.as_str())).collect();
        assert_eq!(days, [(1, ""), (2, "")]);
    }
}
