//! What goes into an archive: released categories only, each in formats that every phone reads.
//!
//! First everything is read, as it stood at one moment; then it is written, without the database.

use app::{
    Category,
    models::{CategoryLine, Contact, Details, Note},
};

use super::{
    Part,
    basis::Basis,
    draft::Draft,
    formats,
    listed::{self, Listed, State},
    packs::Packs,
    readme::{Duplicates, Named, Readme, What},
    store::{self, FileRow, ItemRow},
};
use crate::{
    accounts::Access,
    ambient::Millis,
    incident::Incident,
    intake::UNKNOWN,
    recovery::{
        self,
        duplicates::{ChosenContact, chosen},
    },
    store::{Db, Error, Result, Tx, blobs::BlobError, keys::DataKey},
    web::wording,
};

/// All that an edition is made from.
pub struct Gathered {
    pub basis: Basis,
    /// The subscriber's: which language stands first.
    locale: String,
    /// The categories that its README tells of.
    lines: Vec<CategoryLine>,
    shares: Vec<Share>,
    /// Files of no known category.
    others: Vec<FileRow>,
    /// What choices about duplicates took out of the contacts.
    duplicates: Duplicates,
}

/// What one released category brings.
struct Share {
    category: Category,
    items: Vec<ItemRow>,
    photos: Vec<FileRow>,
    files: Vec<FileRow>,
}

/// Reads it; none when nothing of this part is released.
pub async fn gather(
    db: &Db,
    key: Option<&DataKey>,
    incident: &Incident,
    access: Access<'_>,
    part: Part,
    now: Millis,
) -> Result<Option<Gathered>> {
    let tx = &mut db.begin_reading().await?;
    let subscriber = access.id();
    let basis = Basis::now(&mut *tx, subscriber, part).await?;
    let mut lines = recovery::lines(&mut *tx, incident, access, now).await?;
    lines.retain(|line| part.has(line.category));
    if basis.is_empty() || !lines.iter().any(|line| line.released) {
        return Ok(None);
    }
    let mut shares = Vec::new();
    let mut duplicates = Duplicates::default();
    for line in lines.iter().filter(|line| line.released) {
        let mut share = share(tx, subscriber, line.category).await?;
        if line.category == Category::Contacts {
            (share.items, duplicates) = chosen_contacts(tx, key, access).await?;
        }
        shares.push(share);
    }
    let others = match part {
        Part::Everything => store::files(&mut *tx, subscriber, UNKNOWN).await?,
        Part::Category(_) => Vec::new(),
    };
    let locale = access.profile().locale.clone();
    Ok(Some(Gathered { basis, locale, lines, shares, others, duplicates }))
}

async fn share(tx: &mut Tx, subscriber: &str, category: Category) -> Result<Share> {
    let (items, photos) = match category {
        Category::Photos => (Vec::new(), store::photos(&mut *tx, subscriber).await?),
        // Asked for apart: choices shape them.
        Category::Contacts => (Vec::new(), Vec::new()),
        category => (store::items(&mut *tx, subscriber, category).await?, Vec::new()),
    };
    Ok(Share { category, items, photos, files: store::files(tx, subscriber, category.slug()).await? })
}

/// The contacts that formats are written from, as the subscriber chose about duplicates. Here and nowhere else
/// choices shape an archive: `originals/` has every file whatever was chosen.
async fn chosen_contacts(
    tx: &mut Tx,
    key: Option<&DataKey>,
    access: Access<'_>,
) -> Result<(Vec<ItemRow>, Duplicates)> {
    let chosen = chosen(&mut *tx, key, access).await?;
    let row = |contact: ChosenContact| {
        let details = serde_json::to_string(&Details::Contact(contact.contact));
        Ok(ItemRow {
            identity: contact.identity,
            sort: contact.sort,
            title: contact.title,
            details: details.map_err(|error| Error::Corrupt(error.to_string()))?,
            body: contact.body,
        })
    };
    let told = Duplicates { merged: chosen.merged, left_out: chosen.left_out };
    Ok((chosen.contacts.into_iter().map(row).collect::<Result<_>>()?, told))
}

impl Gathered {
    /// Every recovered file whose bytes would be promised.
    pub fn promised(&self) -> impl Iterator<Item = &FileRow> {
        let files = self.shares.iter().flat_map(|share| share.photos.iter().chain(share.originals()));
        files.chain(&self.others).filter(|file| file.damaged_at.is_none())
    }
}

impl Share {
    /// The files as they came. Photos are not among the originals again.
    fn originals(&self) -> impl Iterator<Item = &FileRow> {
        self.files.iter().filter(|file| self.category != Category::Photos || file.reason.is_some())
    }
}

/// What writing comes to: what cannot be read, or has no room.
type Writing<T> = std::result::Result<T, BlobError>;

/// Writes every file of the edition that is made `at`. Takes a while: not for a thread that others wait on.
pub fn write(
    incident: &Incident,
    site: &str,
    gathered: &Gathered,
    at: Millis,
    packs: Packs,
) -> Writing<Draft> {
    let mut draft = Draft::new(at, packs);
    for share in &gathered.shares {
        items(&mut draft, share)?;
        share.originals().for_each(|file| original(&mut draft, share.category.slug(), file));
    }
    gathered.others.iter().for_each(|file| original(&mut draft, UNKNOWN, file));
    let html = readme(incident, site, gathered, draft.listed(), at);
    draft.readme(html)?;
    let notice = incident.demo.as_ref().map(|demo| demo.sentence.as_str());
    let duplicates = Some(gathered.duplicates).filter(|told| told.merged + told.left_out > 0);
    let json = listed::json(&incident.name, &wording::rfc3339(at), notice, duplicates, draft.listed())
        .map_err(|error| Error::Corrupt(error.to_string()))?;
    draft.made("manifest.json", [json])?;
    let sums = draft.sums();
    draft.unlisted(archive::SUMS_NAME, sums)?;
    Ok(draft)
}

fn readme(incident: &Incident, site: &str, gathered: &Gathered, listed: &[Listed], at: Millis) -> String {
    let files: Vec<Named> = listed.iter().filter_map(named).collect();
    Readme {
        incident: &incident.name,
        operator: &incident.operator,
        site,
        notice: incident.demo.as_ref().map(|demo| demo.sentence.as_str()),
        made_at: at,
        locale: &gathered.locale,
        lines: &gathered.lines,
        files: &files,
        duplicates: Some(gathered.duplicates),
        support: &wording::support(incident),
    }
    .html()
}

/// A file that needs a word; one that is whole and current needs none.
fn named(listed: &Listed) -> Option<Named> {
    let path = listed.path.clone();
    Some(match listed.state {
        State::Made | State::Recovered => return None,
        State::EarlierVersion => Named { path, what: What::EarlierVersion },
        State::Quarantined => {
            Named { path, what: What::Quarantined { reason: listed.reason.clone().unwrap_or_default() } }
        }
        // It is not here: its name is the one that it was recovered under.
        State::Damaged => Named { path: listed.source.clone().unwrap_or(path), what: What::Damaged },
    })
}

/// An item's stored body with what a page shows of it.
struct Read<'a> {
    title: &'a str,
    body: &'a str,
    details: Details,
}

fn items(draft: &mut Draft, share: &Share) -> Writing<()> {
    for photo in &share.photos {
        let source = format!("photos/{}", photo.path);
        draft.kept(&source, photo, source.clone(), State::Recovered);
    }
    if share.items.is_empty() {
        return Ok(());
    }
    let read: Vec<Read> = share.items.iter().map(read).collect::<Result<_>>()?;
    let bodies = || read.iter().map(|item| item.body);
    match share.category {
        Category::Contacts => contacts(draft, &read),
        Category::Calendar => draft.made("calendar/calendar.ics", [formats::calendar_ics(bodies())]),
        Category::Tasks => draft.made("tasks/tasks.ics", [formats::calendar_ics(bodies())]),
        Category::Notes => notes(draft, &read),
        category @ (Category::HighScores | Category::Purchases) => {
            draft.made(&format!("{category}/{category}.csv"), [formats::table_csv(category, bodies())])
        }
        Category::Photos => Ok(()),
    }
}

fn read(row: &ItemRow) -> Result<Read<'_>> {
    let details = serde_json::from_str(&row.details).map_err(|error| Error::Corrupt(error.to_string()))?;
    Ok(Read { title: &row.title, body: &row.body, details })
}

fn contacts(draft: &mut Draft, read: &[Read]) -> Writing<()> {
    let bodies = || read.iter().map(|item| item.body);
    draft.made("contacts/contacts.vcf", bodies().map(|body| formats::contacts_vcf([body])))?;
    draft.made("contacts/contacts-4.0.vcf", bodies().map(|body| formats::contacts_vcf_4([body])))?;
    let shown: Vec<(&str, &Contact)> = read
        .iter()
        .filter_map(|item| match &item.details {
            Details::Contact(contact) => Some((item.body, contact)),
            _ => None,
        })
        .collect();
    draft.made("contacts/contacts.csv", [formats::contacts_csv(shown)])?;
    let pairs = read.iter().map(|item| (item.title, item.body));
    for (name, text) in formats::each_contact(pairs) {
        draft.made(&format!("contacts/each/{name}"), [text])?;
    }
    Ok(())
}

fn notes(draft: &mut Draft, read: &[Read]) -> Writing<()> {
    let shown: Vec<(&str, &Note)> = read
        .iter()
        .filter_map(|item| match &item.details {
            Details::Note(note) => Some((item.body, note)),
            _ => None,
        })
        .collect();
    for (name, text) in formats::each_note(shown.iter().map(|(_, note)| *note)) {
        draft.made(&format!("notes/{name}"), [text])?;
    }
    draft.made("notes/notes.ics", [formats::notes_ics(shown)])
}

fn original(draft: &mut Draft, category: &str, file: &FileRow) {
    let source = match category {
        UNKNOWN => file.path.clone(),
        category => format!("{category}/{}", file.path),
    };
    let (folder, state) = match (&file.reason, file.superseded_at) {
        (Some(_), _) => ("originals/quarantine", State::Quarantined),
        (None, Some(_)) => ("originals", State::EarlierVersion),
        (None, None) => ("originals", State::Recovered),
    };
    draft.kept(&format!("{folder}/{category}/{}", file.path), file, source, state);
}
