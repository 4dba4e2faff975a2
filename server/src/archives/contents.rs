//! What goes into an archive: released categories only, each in formats that every phone reads.

use app::{
    Category,
    models::{CategoryLine, Contact, Details, Note},
};

use super::{
    formats, manifest,
    plan::{Draft, Plan},
    readme::{Named, Readme, What},
    store::{self, FileRow},
};
use crate::{
    accounts::Access,
    ambient::Millis,
    incident::Incident,
    intake::UNKNOWN,
    store::{Db, Error, Result},
    web::wording,
};

/// Which part of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Everything,
    Category(Category),
}

/// Lays out one subscriber's archive.
pub async fn plan(
    db: &Db,
    incident: &Incident,
    access: Access<'_>,
    lines: &[CategoryLine],
    part: Part,
    now: Millis,
) -> Result<Plan> {
    let subscriber = access.id();
    let mut draft = Draft::new(now);
    let wanted = |line: &&CategoryLine| match part {
        Part::Everything => true,
        Part::Category(category) => line.category == category,
    };
    let shown: Vec<CategoryLine> = lines.iter().filter(wanted).cloned().collect();
    let mut named = Vec::new();
    for line in shown.iter().filter(|line| line.released) {
        items(db, &mut draft, subscriber, line.category).await?;
        originals(db, &mut draft, &mut named, subscriber, line.category).await?;
    }
    if part == Part::Everything && shown.iter().any(|line| line.released) {
        for file in store::files(db, subscriber, UNKNOWN).await? {
            original(&mut draft, &mut named, UNKNOWN, &file);
        }
    }
    draft.made("README.html", readme(incident, access, &shown, &named, now));
    let notice = incident.demo.as_ref().map(|demo| demo.sentence.as_str());
    let json = manifest::json(&incident.name, &wording::rfc3339(now), notice, &draft.listed)
        .map_err(|error| Error::Corrupt(error.to_string()))?;
    draft.made("manifest.json", json);
    let sums = manifest::sha256(&draft.listed);
    draft.unlisted("MANIFEST.sha256", sums);
    draft.lay_out().map_err(|error| Error::Corrupt(error.to_string()))
}

fn readme(
    incident: &Incident,
    access: Access<'_>,
    lines: &[CategoryLine],
    files: &[Named],
    now: Millis,
) -> String {
    Readme {
        incident: &incident.name,
        operator: &incident.operator,
        notice: incident.demo.as_ref().map(|demo| demo.sentence.as_str()),
        made_at: now,
        locale: &access.profile().locale,
        lines,
        files,
        duplicates: None,
        support: &wording::support(incident),
    }
    .html()
}

/// An item's stored body with what a page shows of it.
struct Read {
    title: String,
    body: String,
    details: Details,
}

async fn items(db: &Db, draft: &mut Draft, subscriber: &str, category: Category) -> Result<()> {
    if category == Category::Photos {
        for photo in store::photos(db, subscriber).await? {
            let source = format!("photos/{}", photo.path);
            draft.kept(&source, &photo, source.clone(), "recovered");
        }
        return Ok(());
    }
    let mut read = Vec::new();
    for row in store::items(db, subscriber, category).await? {
        let details =
            serde_json::from_str(&row.details).map_err(|error| Error::Corrupt(error.to_string()))?;
        read.push(Read { title: row.title, body: row.body, details });
    }
    if read.is_empty() {
        return Ok(());
    }
    let bodies = || read.iter().map(|item| item.body.as_str());
    match category {
        Category::Contacts => contacts(draft, &read),
        Category::Calendar => draft.made("calendar/calendar.ics", formats::calendar_ics(bodies())),
        Category::Tasks => draft.made("tasks/tasks.ics", formats::calendar_ics(bodies())),
        Category::Notes => notes(draft, &read),
        Category::HighScores | Category::Purchases => {
            draft.made(&format!("{category}/{category}.csv"), formats::table_csv(category, bodies()));
        }
        Category::Photos => {}
    }
    Ok(())
}

fn contacts(draft: &mut Draft, read: &[Read]) {
    let bodies = || read.iter().map(|item| item.body.as_str());
    draft.made("contacts/contacts.vcf", formats::contacts_vcf(bodies()));
    draft.made("contacts/contacts-4.0.vcf", formats::contacts_vcf_4(bodies()));
    let shown: Vec<(&str, &Contact)> = read
        .iter()
        .filter_map(|item| match &item.details {
            Details::Contact(contact) => Some((item.body.as_str(), contact)),
            _ => None,
        })
        .collect();
    draft.made("contacts/contacts.csv", formats::contacts_csv(shown));
    let pairs = read.iter().map(|item| (item.title.as_str(), item.body.as_str()));
    for (name, text) in formats::each_contact(pairs) {
        draft.made(&format!("contacts/each/{name}"), text);
    }
}

fn notes(draft: &mut Draft, read: &[Read]) {
    let shown: Vec<(&str, &Note)> = read
        .iter()
        .filter_map(|item| match &item.details {
            Details::Note(note) => Some((item.body.as_str(), note)),
            _ => None,
        })
        .collect();
    for (name, text) in formats::each_note(shown.iter().map(|(_, note)| *note)) {
        draft.made(&format!("notes/{name}"), text);
    }
    draft.made("notes/notes.ics", formats::notes_ics(shown));
}

/// The files as they came. Photos are not here again.
async fn originals(
    db: &Db,
    draft: &mut Draft,
    named: &mut Vec<Named>,
    subscriber: &str,
    category: Category,
) -> Result<()> {
    for file in store::files(db, subscriber, category.slug()).await? {
        if category != Category::Photos || file.reason.is_some() {
            original(draft, named, category.slug(), &file);
        }
    }
    Ok(())
}

fn original(draft: &mut Draft, named: &mut Vec<Named>, category: &str, file: &FileRow) {
    let source = match category {
        UNKNOWN => file.path.clone(),
        category => format!("{category}/{}", file.path),
    };
    let (folder, state) = match (&file.reason, file.superseded_at) {
        (Some(_), _) => ("originals/quarantine", "quarantined"),
        (None, Some(_)) => ("originals", "earlier-version"),
        (None, None) => ("originals", "recovered"),
    };
    let path = draft.kept(&format!("{folder}/{category}/{}", file.path), file, source, state);
    let what = match (&file.reason, file.superseded_at) {
        (Some(reason), _) => What::Quarantined { reason: reason.clone() },
        (None, Some(_)) => What::EarlierVersion,
        (None, None) => return,
    };
    named.push(Named { path, what });
}
