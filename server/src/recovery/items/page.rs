//! `/recovery/CATEGORY/ID`: what one item says, where it stands, how it is taken away.

use app::{
    Category, bytes_in_words,
    models::{CategoryLine, Detail, Details, ItemPage, Photo, Picture, Take, Version},
    say,
};

use super::{
    Wanted, card,
    clock::Clock,
    draw,
    entry::{self, Whole},
    portrait,
    shape::{Shape, link},
    store::{self, ItemFile, Key, VersionRow, WORDS},
    told,
    walk::Walk,
};
use crate::{
    accounts::Access,
    intake::read::pictures::Kind,
    store::{Db, Result},
    web::wording,
};

/// The longest side of a contact's picture on its page.
const PORTRAIT: u32 = 160;

/// None for an item that is not there, or somebody else's.
pub async fn page(db: &Db, access: Access<'_>, line: &CategoryLine, id: &str) -> Result<Option<ItemPage>> {
    let Some(item) = store::item(db, access.id(), line.category, id).await? else { return Ok(None) };
    let shape = Shape::of(line.category, &Wanted::default());
    let walk = Walk::new(db, access.id(), &shape, [""; WORDS]);
    let key = Key { sort: item.sort.clone(), id: item.id.clone() };
    let (previous, next) = walk.neighbours(&key).await?;
    let versions = store::versions(db, &item.id).await?;
    let base = format!("/recovery/{}", line.category);
    let address = |id: String| format!("{base}/{id}");
    let mut page = drawn(&item, line, &Clock::of(access.profile()));
    let place = shape.place_of(&item.sort);
    page.back = link(&base, &[("from", &place)]);
    page.previous = previous.map(address);
    page.next = next.map(address);
    page.versions = versions.into_iter().map(|row| version(row, &address(item.id.clone()))).collect();
    Ok(Some(page))
}

fn drawn(item: &ItemFile, line: &CategoryLine, clock: &Clock) -> ItemPage {
    let read = serde_json::from_str::<Details>(&item.details);
    let damaged = read.is_err();
    let mut details = read.unwrap_or_else(|_| draw::named(line.category, &item.title));
    told::anew(&mut details, &item.body);
    let address = format!("/recovery/{}/{}", line.category, item.id);
    let mut page = ItemPage {
        category: line.category,
        category_title: line.title.clone(),
        back: String::new(),
        title: told::title(&item.title),
        lead: String::new(),
        picture: None,
        facts: Vec::new(),
        text: String::new(),
        trouble: String::new(),
        downloads: downloads(line.category, item, &address),
        versions: Vec::new(),
        previous: None,
        next: None,
    };
    if damaged {
        page.trouble =
            say!("We cannot show what this says. The file it came in is kept as it was found.").to_owned();
        return page;
    }
    fill(&mut page, details, item, clock, &address);
    if item.damaged_at.is_some() {
        without_file(&mut page, item, &address);
    }
    page
}

/// What is left where the stored bytes of the file cannot be read any more.
fn without_file(page: &mut ItemPage, item: &ItemFile, address: &str) {
    page.downloads.retain(|take| page.category != Category::Photos && !take.href.ends_with("/original"));
    page.trouble = match page.category {
        Category::Photos => say!("The stored bytes of this picture are damaged. If there is another copy, it will be put in its place."),
        _ => say!("The file it came in is damaged. What is shown here is kept apart from it and can be taken away."),
    }
    .to_owned();
    if page.category == Category::Photos {
        page.picture = page.picture.take().filter(|_| item.thumbnail.is_some());
        if let Some(picture) = &mut page.picture {
            picture.src = format!("{address}/thumbnail");
        }
    }
}

fn fill(page: &mut ItemPage, details: Details, item: &ItemFile, clock: &Clock, address: &str) {
    match details {
        Details::Contact(contact) => {
            let work = [contact.role.as_str(), contact.organization.as_str()];
            page.lead = work.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
            let card = card::of(&item.body);
            page.facts = card.as_ref().map(|card| card::facts(card, &contact)).unwrap_or_default();
            page.picture = card.as_ref().and_then(portrait::of_card).map(|found| Picture {
                src: format!("{address}/photo"),
                alt: say!("Picture of {name}", name = told::title(&item.title)),
                small: true,
                ..fitted(found.width, found.height, PORTRAIT)
            });
            if contact.has_photo && page.picture.is_none() {
                page.trouble =
                    say!("The card has a picture that cannot be shown here. It is in the download.")
                        .to_owned();
            }
        }
        Details::Event(entry) | Details::Task(entry) => {
            page.facts = entry::facts(&entry, Whole::of(&item.body).as_ref(), clock);
            page.text = entry.description;
        }
        Details::Note(note) => page.text = note.below_title().to_owned(),
        Details::Photo(photo) => photo_page(page, photo, item, address),
        Details::Score(score) => {
            page.facts = told([
                (say!("Score"), score.score),
                (say!("Level"), score.level),
                (say!("Reached"), score.achieved),
            ]);
            page.facts.extend(others(&item.body, Category::HighScores));
        }
        Details::Purchase(purchase) => {
            page.facts = told([
                (say!("Price"), purchase.price),
                (say!("Bought"), purchase.bought),
                (say!("From"), purchase.vendor),
                (say!("Order"), purchase.order),
            ]);
            page.facts.extend(others(&item.body, Category::Purchases));
        }
    }
}

fn photo_page(page: &mut ItemPage, photo: Photo, item: &ItemFile, address: &str) {
    let size = photo.width.zip(photo.height);
    page.picture = match size.filter(|_| shown_as(&photo.media_type).is_some()) {
        Some((width, height)) => {
            Some(Picture { src: format!("{address}/picture"), width, height, alt: photo.alt(), small: false })
        }
        None => item.thumbnail.as_ref().map(|_| {
            let small = draw::thumbnail(&Details::Photo(photo.clone()), format!("{address}/thumbnail"));
            Picture {
                src: small.src,
                width: small.width,
                height: small.height,
                alt: photo.alt(),
                small: false,
            }
        }),
    };
    let kind = photo.kind().to_owned();
    if shown_as(&photo.media_type).is_none() {
        page.trouble = match page.picture {
            Some(_) => say!(
                "Browsers do not show {kind} pictures. This is a small preview of it; the download is the picture itself.",
                kind
            ),
            None => say!(
                "Browsers do not show {kind} pictures, and there is no preview. The download is the picture itself.",
                kind
            ),
        };
    }
    page.facts = told([
        (say!("Taken"), photo.taken),
        (
            say!("Size"),
            size.map(|(width, height)| say!("{width} × {height} pixels", width, height)).unwrap_or_default(),
        ),
        (say!("Format"), kind),
        (say!("File"), format!("{}, {}", item.path, bytes_in_words(photo.bytes))),
    ]);
}

/// The media type under which a picture is shown: of the kinds that browsers draw, and that run nothing.
pub fn shown_as(media_type: &str) -> Option<&'static str> {
    [Kind::Jpeg, Kind::Png, Kind::Gif, Kind::WebP, Kind::Bmp, Kind::Avif]
        .into_iter()
        .map(Kind::media_type)
        .find(|known| *known == media_type)
}

fn told<const N: usize>(rows: [(&str, String); N]) -> Vec<Detail> {
    let rows = rows.into_iter().filter(|(_, text)| !text.is_empty());
    rows.map(|(name, text)| Detail::new(name, text)).collect()
}

/// The columns of a row that have no place of their own on the page.
fn others(body: &str, category: Category) -> Vec<Detail> {
    let row: std::collections::BTreeMap<String, String> = serde_json::from_str(body).unwrap_or_default();
    let known: Vec<&str> =
        crate::intake::read::columns::Column::of(category).iter().map(|column| column.slug).collect();
    let others = row.into_iter().filter(|(name, _)| !known.contains(&name.as_str()));
    others.take(50).map(|(name, text)| Detail::new(name, text)).collect()
}

fn fitted(width: u32, height: u32, side: u32) -> Picture {
    let longest = width.max(height).max(1);
    let scale = |length: u32| {
        let scaled = u64::from(length) * u64::from(side.min(longest)) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    Picture { width: scale(width), height: scale(height), ..Picture::default() }
}

fn downloads(category: Category, item: &ItemFile, address: &str) -> Vec<Take> {
    let (label, hint) = match category {
        Category::Contacts => {
            (say!("Download as a card (.vcf)"), say!("Every phone and address book opens it."))
        }
        Category::Calendar => (say!("Download as a calendar file (.ics)"), say!("Every calendar opens it.")),
        Category::Tasks => (say!("Download as a task (.ics)"), say!("Calendars and task lists open it.")),
        Category::Notes => (say!("Download as text (.txt)"), say!("Everything opens it.")),
        Category::Photos => (say!("Download the picture"), say!("The very bytes that were recovered.")),
        Category::HighScores | Category::Purchases => {
            (say!("Download as a table (.csv)"), say!("Every spreadsheet opens it."))
        }
    };
    let own = Take { label: label.to_owned(), href: format!("{address}/download"), hint: hint.to_owned() };
    let original = Take {
        label: say!("Download the file it came in").to_owned(),
        href: format!("{address}/original"),
        hint: say!("{path}, {size}, as it was found.", path = item.path, size = bytes_in_words(item.bytes)),
    };
    // A picture is its file.
    if category == Category::Photos { vec![own] } else { vec![own, original] }
}

fn version(row: VersionRow, address: &str) -> Version {
    let dated = match row.revised_at {
        Some(at) => say!("Changed {moment}", moment = wording::moment(at)),
        None => say!("It does not say when it was changed.").to_owned(),
    };
    let href = format!("{address}/versions/{}", hex::encode(&row.digest));
    Version { title: say!("Download “{title}”", title = told::title(&row.title)), dated, href }
}
