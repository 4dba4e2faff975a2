//! Telling many people something in one transaction, a statement for all.

use std::collections::HashMap;

use super::{Channel, Language, Reader, Template, Voice, kept, seal, store};
use crate::{
    portal::Portal,
    store::{Bulk, Column, Result, Shape, Tx},
};

type Words<'a> = dyn Fn(&Voice<'_>) -> Template + Send + Sync + 'a;

/// What is told to somebody.
pub struct Told<'a> {
    subscriber_id: String,
    words: Box<Words<'a>>,
}

impl<'a> Told<'a> {
    pub fn new(subscriber_id: &str, words: impl Fn(&Voice<'_>) -> Template + Send + Sync + 'a) -> Self {
        Told { subscriber_id: subscriber_id.to_owned(), words: Box::new(words) }
    }
}

/// A message's row.
struct Row {
    id: String,
    subscriber_id: String,
    channel: Channel,
    to: String,
    template: &'static str,
    language: Language,
    urgency: i64,
    subject: String,
    text: Vec<u8>,
    created_at: i64,
    not_before: i64,
    letter: Option<store::KeptLetter>,
}

static ROWS: Shape<Row> = Shape::new(
    "told",
    &[
        Column::Text("id", |row| Some(&row.id)),
        Column::Text("subscriber_id", |row| Some(&row.subscriber_id)),
        Column::Text("channel", |row| Some(row.channel.slug())),
        Column::Text("recipient", |row| Some(&row.to)),
        Column::Text("template", |row| Some(row.template)),
        Column::Text("language", |row| Some(row.language.tag())),
        Column::Integer("urgency", |row| Some(row.urgency)),
        Column::Text("subject", |row| Some(&row.subject)),
        Column::Bytes("text_sealed", |row| Some(&row.text)),
        Column::Integer("created_at", |row| Some(row.created_at)),
        Column::Integer("leased_until", |row| Some(row.not_before)),
        Column::Text("letter_id", |row| Some(&row.letter.as_ref()?.id)),
        Column::Text("letter_subject", |row| Some(&row.letter.as_ref()?.subject)),
        Column::Bytes("letter_sealed", |row| Some(&row.letter.as_ref()?.text)),
    ],
);

static INSERT: Bulk<Row> = Bulk::new(
    &ROWS,
    &[
        "id",
        "subscriber_id",
        "channel",
        "recipient",
        "template",
        "language",
        "urgency",
        "subject",
        "text_sealed",
        "created_at",
        "leased_until",
        "letter_id",
        "letter_subject",
        "letter_sealed",
    ],
    "INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject, text_sealed,
         secret, created_at, leased_until, letter_id, letter_subject, letter_sealed)
     SELECT id, subscriber_id, channel, recipient, template, language, urgency, subject, text_sealed, 0, created_at,
         leased_until, letter_id, letter_subject, letter_sealed FROM given WHERE true",
);

/// What [`tell`](super::tell) writes for one, for all of them; how many messages that were. None of it may be secret.
///
/// Call `portal.outbox.notify_one()` after the commit.
pub async fn tell_many(tx: &mut Tx, portal: &Portal, told: &[Told<'_>]) -> Result<u64> {
    let ids: Vec<String> = told.iter().map(|one| one.subscriber_id.clone()).collect();
    let readers: HashMap<String, Reader> =
        store::readers(tx, &ids).await?.into_iter().map(|reader| (reader.id.clone(), reader)).collect();
    let mut rows = Vec::new();
    for one in told {
        let Some(reader) = readers.get(&one.subscriber_id) else { continue };
        let template = (one.words)(&Voice::new(portal, reader.language()));
        let not_before = reader.not_before(template.purpose, portal);
        for (channel, to) in reader.ways(&template) {
            rows.push(row(portal, reader, &template, (channel, to), not_before)?);
        }
    }
    let given = ROWS.give(tx, &rows).await?;
    INSERT.execute(tx, &given).await
}

fn row(
    portal: &Portal,
    reader: &Reader,
    template: &Template,
    (channel, to): (Channel, &str),
    not_before: i64,
) -> Result<Row> {
    let id = portal.ambient.id();
    let (subject, text) = template.for_channel(channel)?;
    let letter = template.letter.as_ref().filter(|_| reader.keeps_letter(template, channel));
    Ok(Row {
        text: seal(&portal.ambient, portal.master(), &id, text)?,
        letter: letter.map(|letter| kept(&portal.ambient, portal.master(), letter)).transpose()?,
        subject: subject.to_owned(),
        subscriber_id: reader.id.clone(),
        channel,
        to: to.to_owned(),
        template: template.name,
        language: template.language,
        urgency: template.purpose.urgency(),
        created_at: portal.ambient.now(),
        not_before,
        id,
    })
}
