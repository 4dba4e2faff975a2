//! Items, each category in the shape that suits it.

use leptos::prelude::*;

use crate::{
    models::{Contact, Details, Entry, Item, Note, Photo, Purchase, Score},
    pieces::{bytes_in_words, summary},
};

/// A list of items: pictures as a grid, all else as rows. Nothing for no items.
pub fn items(items: Vec<Item>) -> Option<AnyView> {
    let first = items.first()?;
    let class = if matches!(first.details, Details::Photo(_)) { "photos" } else { "rows" };
    let rows = items.into_iter().map(row).collect_view();
    Some(view! { <ul class=class>{rows}</ul> }.into_any())
}

fn row(item: Item) -> AnyView {
    let versions = versions(item.older_versions);
    let inside = match item.details.clone() {
        Details::Contact(contact) => contact_view(contact),
        Details::Event(entry) | Details::Task(entry) => entry_view(entry),
        Details::Note(note) => note_view(note),
        Details::Photo(photo) => photo_view(photo, &item),
        Details::Score(score) => score_view(score),
        Details::Purchase(purchase) => purchase_view(purchase),
    };
    view! { <li>{inside}{versions}</li> }.into_any()
}

fn versions(older: i64) -> Option<AnyView> {
    let text = match older {
        ..=0 => return None,
        1 => "1 older version is in your download.".to_owned(),
        n => format!("{n} older versions are in your download."),
    };
    Some(view! { <p class="hint">{text}</p> }.into_any())
}

fn contact_view(contact: Contact) -> AnyView {
    let work = joined(&[&contact.role, &contact.organization]);
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.extend(labelled("Phone", contact.phones));
    rows.extend(labelled("Email", contact.emails));
    rows.extend(labelled("Address", contact.addresses));
    rows.extend(contact.urls.into_iter().map(|url| ("Web".to_owned(), url)));
    rows.push(("Birthday".to_owned(), contact.birthday));
    rows.push(("Note".to_owned(), contact.note));
    view! {
        <h3>{or(contact.name, "No name")}</h3>
        {line(work)}
        {facts(rows)}
        {contact.has_photo.then(|| line("Its picture is in your download.".to_owned()))}
    }
    .into_any()
}

fn entry_view(entry: Entry) -> AnyView {
    let when = between(&entry.starts, &entry.ends);
    let rows = vec![
        ("When", when),
        ("Due", entry.due),
        ("Repeats", entry.repeats),
        ("Where", entry.location),
        ("Status", status(&entry.status)),
        ("Notes", entry.description),
    ];
    view! { <h3>{or(entry.summary, "No title")}</h3>{summary(rows)} }.into_any()
}

/// "2 May 2009, 9:00 to 10:00 (Zone)": a day and a zone that both ends share are said once.
fn between(starts: &str, ends: &str) -> String {
    if ends.is_empty() || ends == starts {
        return starts.to_owned();
    }
    let ((from, from_zone), (to, to_zone)) = (zoned(starts), zoned(ends));
    let from = if from_zone == to_zone { from } else { starts };
    let to = match (from.split_once(", "), to.split_once(", ")) {
        (Some((day, _)), Some((same, _))) if day == same => {
            ends.trim_start_matches(same).trim_start_matches(", ")
        }
        _ => ends,
    };
    format!("{from} to {to}")
}

/// Splits "2 May 2009, 9:00 (Zone)" before its zone.
fn zoned(moment: &str) -> (&str, &str) {
    match moment.split_once(" (") {
        Some((moment, zone)) => (moment, zone),
        None => (moment, ""),
    }
}

/// iCalendar's status (RFC 5545, 3.8.1.11) in words.
fn status(status: &str) -> String {
    match status {
        "needs-action" => "To do",
        "completed" => "Done",
        "in-process" => "Begun",
        "cancelled" => "Cancelled",
        "tentative" => "Tentative",
        "confirmed" => "Confirmed",
        other => other,
    }
    .to_owned()
}

fn note_view(note: Note) -> AnyView {
    let text = without_title(&note.title, &note.text).to_owned();
    view! { <h3>{or(note.title, "No title")}</h3><p class="typed">{text}</p> }.into_any()
}

/// A note whose title is its first line does not say it twice.
fn without_title<'a>(title: &str, text: &'a str) -> &'a str {
    match text.split_once('\n') {
        Some((first, rest)) if first.trim() == title.trim() => rest.trim_start_matches(['\r', '\n']),
        _ => text,
    }
}

fn photo_view(photo: Photo, item: &Item) -> AnyView {
    let name = or(photo.name, "No name");
    let alt = match photo.taken.as_str() {
        "" => format!("Photo {name}"),
        taken => format!("Photo {name}, taken {taken}"),
    };
    let picture = match item.thumbnail.clone() {
        Some(small) => view! {
            <img src=small.src width=small.width.to_string() height=small.height.to_string() alt=alt loading="lazy"/>
        }
        .into_any(),
        None => view! { <span class="blank">"No preview"</span> }.into_any(),
    };
    let picture = match item.href.is_empty() {
        true => picture,
        false => view! { <a href=item.href.clone()>{picture}</a> }.into_any(),
    };
    let size = photo.width.zip(photo.height).map(|(w, h)| format!("{w} × {h}")).unwrap_or_default();
    let about = joined(&[&photo.taken, &size, &bytes_in_words(photo.bytes)]);
    view! { {picture}<p class="name">{name}</p><p class="hint">{about}</p> }.into_any()
}

fn score_view(score: Score) -> AnyView {
    let rows = vec![("Score", score.score), ("Level", score.level), ("Reached", score.achieved)];
    view! { <h3>{or(score.game, "No game named")}</h3>{summary(rows)} }.into_any()
}

fn purchase_view(purchase: Purchase) -> AnyView {
    let rows = vec![
        ("From", purchase.vendor),
        ("Price", purchase.price),
        ("Bought", purchase.bought),
        ("Order", purchase.order),
    ];
    view! { <h3>{or(purchase.product, "No product named")}</h3>{summary(rows)} }.into_any()
}

/// Values with their own labels: "Phone (cell)".
fn labelled(kind: &'static str, values: Vec<(String, String)>) -> impl Iterator<Item = (String, String)> {
    values.into_iter().map(move |(label, value)| match label.is_empty() {
        true => (kind.to_owned(), value),
        false => (format!("{kind} ({label})"), value),
    })
}

fn facts(rows: Vec<(String, String)>) -> Option<AnyView> {
    let rows: Vec<_> = rows.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if rows.is_empty() {
        return None;
    }
    let rows = rows
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    Some(view! { <dl class="summary">{rows}</dl> }.into_any())
}

fn line(text: String) -> Option<AnyView> {
    (!text.is_empty()).then(|| view! { <p class="hint">{text}</p> }.into_any())
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

fn or(text: String, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_ends_share_is_said_once() {
        let start = "19 May 2009, 11:45 (America/Los_Angeles)";
        assert_eq!(
            between(start, "19 May 2009, 13:45 (America/Los_Angeles)"),
            "19 May 2009, 11:45 to 13:45 (America/Los_Angeles)"
        );
        assert_eq!(
            between(start, "20 May 2009, 01:00 (America/Los_Angeles)"),
            "19 May 2009, 11:45 to 20 May 2009, 01:00 (America/Los_Angeles)"
        );
        assert_eq!(
            between(start, "19 May 2009, 15:00 (America/Denver)"),
            "19 May 2009, 11:45 (America/Los_Angeles) to 15:00 (America/Denver)"
        );
        assert_eq!(between("19 May 2009", "21 May 2009"), "19 May 2009 to 21 May 2009");
        assert_eq!(between(start, ""), start);
    }

    #[test]
    fn a_note_says_its_title_once() {
        assert_eq!(without_title("Locker", "Locker\r\n\r\nRow 76"), "Row 76");
        assert_eq!(without_title("Locker", "Locker"), "Locker");
        assert_eq!(without_title("Other", "Locker\nRow 76"), "Locker\nRow 76");
    }
}
