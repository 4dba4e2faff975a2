//! Rows as a list shows them, under the headings of their letter, day or month.

use app::{
    Category,
    models::{Contact, Details, Entry, Group, Item, Note, Photo, Purchase, Score, Thumbnail},
    say,
};

use super::{
    clock::Clock,
    dates::{day_in_words, month_in_words},
    entry::{Span, Whole},
    shape::Shape,
    store::ItemRow,
    told,
};
use crate::{
    intake::read::order,
    web::wording::{self, short_moment},
};

/// The longest side of a thumbnail, as the import makes it.
const THUMBNAIL: u32 = 320;

/// The page's rows in groups. A row that cannot be read is shown by its name and harms no other.
pub fn groups(shape: &Shape, rows: &[ItemRow], clock: &Clock, base: &str) -> Vec<Group> {
    let mut drawn: Vec<(Place, Item)> = rows.iter().map(|row| draw(shape, row, clock, base)).collect();
    if shape.category == Category::Calendar {
        // Keys go by the clock of whoever wrote; headings go by the reader's.
        drawn.sort_by(|(one, _), (other, _)| one.order.cmp(&other.order));
    }
    let mut groups: Vec<Group> = Vec::new();
    for (place, item) in drawn {
        match groups.last_mut().filter(|group| group.heading == place.heading) {
            Some(group) => group.items.push(item),
            None => groups.push(Group { heading: place.heading, items: vec![item] }),
        }
    }
    groups
}

/// Where an item stands in its page.
struct Place {
    heading: String,
    order: String,
}

fn draw(shape: &Shape, row: &ItemRow, clock: &Clock, base: &str) -> (Place, Item) {
    let read = serde_json::from_str::<Details>(&row.details);
    let damaged = read.is_err();
    let mut details = read.unwrap_or_else(|_| named(shape.category, &row.title));
    told::anew(&mut details, &row.body);
    let span = match (&details, shape.category) {
        (Details::Event(_), Category::Calendar) => Whole::of(&row.body).and_then(|whole| whole.span(clock)),
        _ => None,
    };
    let place = place(shape, row, span);
    if let (Details::Event(entry), Some(span)) = (&mut details, span) {
        tell_times(entry, span);
    }
    if let Details::Task(task) = &mut details
        && let Some(here) = task.due.strip_suffix(&format!(" ({})", clock.name))
    {
        // A time on one's own clock needs no zone.
        task.due = here.to_owned();
    }
    let thumbnail =
        row.thumbnail.as_ref().map(|_| thumbnail(&details, format!("{base}/{}/thumbnail", row.id)));
    let href = format!("{base}/{}", row.id);
    (place, Item { href, id: row.id.clone(), details, older_versions: row.versions, thumbnail, damaged })
}

fn place(shape: &Shape, row: &ItemRow, span: Option<Span>) -> Place {
    let is_dated = row.sort.starts_with(|c: char| c.is_ascii_digit());
    let heading = match shape.category {
        Category::Contacts => match row.sort.chars().next() {
            Some(letter @ 'a'..='z') => letter.to_ascii_uppercase().to_string(),
            _ => "#".to_owned(),
        },
        Category::Calendar => match span {
            Some(span) => day_in_words(span.starts.date()),
            None => say!("No date").to_owned(),
        },
        Category::Tasks if row.sort.starts_with(order::CLOSED) => say!("Done").to_owned(),
        Category::Tasks => say!("To do").to_owned(),
        Category::Photos | Category::Purchases if is_dated => {
            month_in_words(row.sort.get(..7).unwrap_or_default())
        }
        Category::Photos | Category::Purchases => say!("No date").to_owned(),
        Category::Notes | Category::HighScores => String::new(),
    };
    // All-day entries come first on their day; what has no date comes after every day.
    let order = span.map_or_else(
        || format!("~ {}", row.sort),
        |span| {
            let time = if span.all_day { String::new() } else { span.starts.time().to_string() };
            format!("{} {time}", span.starts.date())
        },
    );
    Place { heading, order }
}

/// Under the heading of its day an entry needs to tell the time alone.
fn tell_times(entry: &mut Entry, span: Span) {
    let several_days = span.last_day() > span.starts.date();
    let until = wording::short_date(span.last_day());
    (entry.starts, entry.ends) = match (span.all_day, several_days) {
        (true, false) => (say!("All day").to_owned(), String::new()),
        (true, true) => (say!("All day").to_owned(), until),
        (false, true) => (span.starts.strftime("%H:%M").to_string(), short_moment(span.ends)),
        (false, false) => {
            (span.starts.strftime("%H:%M").to_string(), span.ends.strftime("%H:%M").to_string())
        }
    };
}

/// All that is left of an item whose details are damaged.
pub fn named(category: Category, title: &str) -> Details {
    let name = title.to_owned();
    match category {
        Category::Contacts => Details::Contact(Contact { name, ..Contact::default() }),
        Category::Calendar => Details::Event(Entry { summary: name, ..Entry::default() }),
        Category::Tasks => Details::Task(Entry { summary: name, ..Entry::default() }),
        Category::Notes => Details::Note(Note { title: name, ..Note::default() }),
        Category::Photos => Details::Photo(Photo { name, ..Photo::default() }),
        Category::HighScores => Details::Score(Score { game: name, ..Score::default() }),
        Category::Purchases => Details::Purchase(Purchase { product: name, ..Purchase::default() }),
    }
}

/// A thumbnail at its own size, so that the page does not move while it comes.
pub fn thumbnail(details: &Details, src: String) -> Thumbnail {
    let size = match details {
        Details::Photo(photo) => photo.width.zip(photo.height),
        _ => None,
    };
    let (width, height) = size.unwrap_or((THUMBNAIL, THUMBNAIL));
    let longest = width.max(height).max(1);
    let scale = |side: u32| {
        let scaled = u64::from(side) * u64::from(THUMBNAIL.min(longest)) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(THUMBNAIL).max(1)
    };
    Thumbnail { src, width: scale(width), height: scale(height) }
}
