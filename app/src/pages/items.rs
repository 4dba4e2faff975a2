//! Items in a list, each category in the shape that suits it. With a page of its own an item says here what it is
//! known by; without one, as staff see it, all there is.

use leptos::prelude::*;

use crate::{
    models::{Contact, Details, Entry, Group, Item, Note, Photo, Purchase, Score},
    pieces::{bytes_in_words, summary},
    say, say_many,
};

/// Values of a contact that its row shows.
const SHOWN: usize = 3;
/// Letters of a note that its row shows.
const PREVIEW: usize = 140;

/// The groups of a list, each under its heading: pictures as a grid, all else as rows.
pub fn groups(groups: Vec<Group>) -> AnyView {
    groups.into_iter().map(group).collect_view().into_any()
}

fn group(group: Group) -> AnyView {
    let is_grid = matches!(group.items.first().map(|item| &item.details), Some(Details::Photo(_)));
    let class = if is_grid { "photos" } else { "rows" };
    let heading = (!group.heading.is_empty()).then(|| view! { <h3>{group.heading}</h3> });
    let rows = group.items.into_iter().map(|item| {
        let versions = versions(item.older_versions);
        view! { <li>{row(item)}{versions}</li> }
    });
    let rows = rows.collect_view();
    view! { {heading}<ul class=class>{rows}</ul> }.into_any()
}

fn row(item: Item) -> AnyView {
    if item.damaged {
        return damaged(&item);
    }
    match item.details.clone() {
        Details::Contact(contact) => contact_row(contact, &item),
        Details::Event(entry) | Details::Task(entry) => entry_row(entry, &item),
        Details::Note(note) => note_row(note, &item),
        Details::Photo(photo) => photo_tile(photo, &item),
        Details::Score(score) => score_row(score, &item),
        Details::Purchase(purchase) => purchase_row(purchase, &item),
    }
}

/// That the same item was found in other versions too: they are on its page and in the download.
fn versions(others: i64) -> Option<AnyView> {
    match others {
        ..=0 => None,
        n => hint(say_many!(n, "There is {n} other version.", "There are {n} other versions.")),
    }
}

/// The item's name, which leads to its page.
fn title(text: String, otherwise: &'static str, item: &Item) -> AnyView {
    let text = if text.trim().is_empty() { otherwise.to_owned() } else { text };
    match item.href.as_str() {
        "" => view! { <p class="title">{text}</p> }.into_any(),
        href => view! { <p class="title"><a href=href.to_owned()>{text}</a></p> }.into_any(),
    }
}

fn damaged(item: &Item) -> AnyView {
    let name = match item.details.clone() {
        Details::Contact(contact) => contact.name,
        Details::Event(entry) | Details::Task(entry) => entry.summary,
        Details::Note(note) => note.title,
        Details::Photo(photo) => photo.name,
        Details::Score(score) => score.game,
        Details::Purchase(purchase) => purchase.product,
    };
    view! {
        {title(name, say!("No name"), item)}
        {hint(say!("We cannot show this one here. The file it came in is kept as it was found.").to_owned())}
    }
    .into_any()
}

fn contact_row(contact: Contact, item: &Item) -> AnyView {
    let work = joined(&[&contact.role, &contact.organization]);
    let rest = if item.href.is_empty() {
        whole_contact(&contact)
    } else {
        let reached = contact.phones.iter().chain(&contact.emails).map(|(_, value)| value.as_str());
        let reached: Vec<&str> = reached.collect();
        let more = reached.len().saturating_sub(SHOWN);
        let line = joined(&reached[..reached.len().min(SHOWN)]);
        hint(if more > 0 { say!("{list} and {more} more", list = line, more) } else { line })
    };
    view! { {title(contact.name, say!("No name"), item)}{hint(work)}{rest} }.into_any()
}

fn whole_contact(contact: &Contact) -> Option<AnyView> {
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.extend(labelled(say!("Phone"), &contact.phones));
    rows.extend(labelled(say!("Email"), &contact.emails));
    rows.extend(labelled(say!("Address"), &contact.addresses));
    rows.extend(contact.urls.iter().map(|url| (say!("Web").to_owned(), url.clone())));
    rows.push((say!("Birthday").to_owned(), contact.birthday.clone()));
    rows.push((say!("Note").to_owned(), contact.note.clone()));
    rows.retain(|(_, value)| !value.is_empty());
    let rows = rows
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    Some(view! { <dl class="summary">{rows}</dl> }.into_any())
}

/// Values with their own labels: "Phone (cell)".
fn labelled<'a>(
    kind: &'static str,
    values: &'a [(String, String)],
) -> impl Iterator<Item = (String, String)> + 'a {
    values.iter().map(move |(label, value)| match label.as_str() {
        "" => (kind.to_owned(), value.clone()),
        label => (format!("{kind} ({label})"), value.clone()),
    })
}

fn entry_row(entry: Entry, item: &Item) -> AnyView {
    let is_task = matches!(item.details, Details::Task(_));
    if item.href.is_empty() {
        let rows = vec![
            (say!("When"), entry.when()),
            (say!("Due"), entry.due.clone()),
            (say!("Repeats"), entry.repeats.clone()),
            (say!("Where"), entry.location.clone()),
            (say!("Status"), entry.status_in_words().to_owned()),
            (say!("Notes"), entry.description.clone()),
        ];
        return view! { {title(entry.summary, say!("No title"), item)}{summary(rows)} }.into_any();
    }
    let due = if entry.due.is_empty() { String::new() } else { say!("Due {date}", date = entry.due) };
    // Whether a task is done says its heading, and that an entry is confirmed goes without saying.
    let state = match entry.status.as_str() {
        "cancelled" | "tentative" | "in-process" => entry.status_in_words(),
        _ => "",
    };
    let first = if is_task { joined(&[state, &due]) } else { joined(&[&entry.when(), state]) };
    let repeats = match entry.repeats.as_str() {
        "" => String::new(),
        often => say!("Repeats {often}", often),
    };
    view! {
        {title(entry.summary.clone(), say!("No title"), item)}
        {hint(first)}
        {hint(joined(&[&repeats, &entry.location]))}
    }
    .into_any()
}

fn note_row(note: Note, item: &Item) -> AnyView {
    let text = note.below_title().to_owned();
    if item.href.is_empty() {
        return view! { {title(note.title, say!("No title"), item)}<p class="typed">{text}</p> }.into_any();
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let preview = match words.char_indices().nth(PREVIEW) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    };
    view! { {title(note.title, say!("No title"), item)}{hint(preview)} }.into_any()
}

fn photo_tile(photo: Photo, item: &Item) -> AnyView {
    let name = if photo.name.is_empty() { say!("No name").to_owned() } else { photo.name.clone() };
    let picture = match item.thumbnail.clone() {
        Some(small) => view! {
            <img
                src=small.src
                width=small.width.to_string()
                height=small.height.to_string()
                alt=photo.alt()
                loading="lazy"
                decoding="async"
            />
        }
        .into_any(),
        None => {
            let kind = photo.kind().to_owned();
            view! { <span class="blank">{kind}<span class="hidden">{format!(" {}", photo.alt())}</span></span> }
                .into_any()
        }
    };
    let picture = match item.href.as_str() {
        "" => picture,
        href => view! { <a href=href.to_owned()>{picture}</a> }.into_any(),
    };
    let size = photo.width.zip(photo.height).map(|(w, h)| format!("{w} × {h}")).unwrap_or_default();
    let about = joined(&[&photo.taken, &size, &bytes_in_words(photo.bytes)]);
    view! { {picture}<p class="name">{name}</p>{hint(about)} }.into_any()
}

fn score_row(score: Score, item: &Item) -> AnyView {
    let level =
        if score.level.is_empty() { String::new() } else { say!("Level {level}", level = score.level) };
    view! {
        {title(score.game, say!("No game named"), item)}
        <p>{or(score.score, say!("No score"))}</p>
        {hint(joined(&[&level, &score.achieved]))}
    }
    .into_any()
}

fn purchase_row(purchase: Purchase, item: &Item) -> AnyView {
    let order = if purchase.order.is_empty() {
        String::new()
    } else {
        say!("Order {number}", number = purchase.order)
    };
    view! {
        {title(purchase.product, say!("No product named"), item)}
        <p>{or(purchase.price, say!("No price"))}</p>
        {hint(joined(&[&purchase.bought, &purchase.vendor, &order]))}
    }
    .into_any()
}

fn hint(text: String) -> Option<AnyView> {
    (!text.is_empty()).then(|| view! { <p class="hint">{text}</p> }.into_any())
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

fn or(text: String, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise.to_owned() } else { text }
}
