//! Telling many people something in one transaction, a statement for all.

use std::collections::HashMap;

use super::{Channel, Language, Reader, Template, Voice, store};
use crate::{
    portal::Portal,
    store::{Bulk, Column, Error, Result, Shape, Tx},
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
    ],
    "INSERT INTO messages (id, subscriber_id, channel, recipient, template, language, urgency, subject, text_sealed,
         secret, created_at, leased_until)
     SELECT id, subscriber_id, channel, recipient, template, language, urgency, subject, text_sealed, 0, created_at,
         leased_until FROM given WHERE true",
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
        let not_before = reader.not_before(&template, portal);
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
    let sealed = portal.master().seal_small(&store::context(&id), text.as_bytes(), &portal.ambient);
    Ok(Row {
        text: sealed.map_err(|error| Error::Corrupt(error.to_string()))?,
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
