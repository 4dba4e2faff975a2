//! The SQL of duplicates: cards to compare, the phone's file, what was found, and choices.

use super::card::CardKey;
use crate::{
    ambient::Millis,
    store::{Db, Many, On, Query, Result, Tx, next_rows, sql},
};

/// An item as it is compared.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ItemHead {
    pub id: String,
    pub identity: Vec<u8>,
    pub digest: Vec<u8>,
    pub sort: String,
    pub details: String,
    pub head: String,
}

/// Every contact to be compared. The names stand at a card's beginning, pictures after: that much is read.
pub async fn item_heads(db: &Db, subscriber: &str) -> Result<Vec<ItemHead>> {
    sql("SELECT id, identity, digest, sort, details, substr(body, 1, 4096) AS head FROM items
         WHERE subscriber_id = $1 AND category = 'contacts'")
    .bind(subscriber)
    .all(db)
    .await
}

/// An item as it is written and shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Item {
    pub id: String,
    pub identity: Vec<u8>,
    pub digest: Vec<u8>,
    pub title: String,
    pub sort: String,
    pub details: String,
    pub body: String,
}

/// Every recovered contact.
pub async fn items(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<Item>> {
    sql("SELECT id, identity, digest, title, sort, details, body FROM items
         WHERE subscriber_id = $1 AND category = 'contacts'")
    .bind(subscriber)
    .all(on)
    .await
}

static SOME_ITEMS: Many = Many::new(
    "WITH asked (item, owner) AS (VALUES {rows})
     SELECT id, identity, digest, title, sort, details, body FROM asked CROSS JOIN items
     WHERE id = item AND subscriber_id = owner AND category = 'contacts'",
    2,
);

/// Those of the subscriber's contacts that have one of these ids.
pub async fn some_items(on: impl Into<On<'_>>, subscriber: &str, ids: &[String]) -> Result<Vec<Item>> {
    let bind = |query: Query, id: &String| query.bind(id).bind(subscriber);
    SOME_ITEMS.find(on, ids, &String::new(), bind).await
}

/// When the contacts last changed, as the holdings say; none when there are none.
pub async fn clock(db: &Db, subscriber: &str) -> Result<Option<Millis>> {
    let row: Option<(Millis,)> =
        sql("SELECT changed_at FROM holdings WHERE subscriber_id = $1 AND category = 'contacts'")
            .bind(subscriber)
            .optional(db)
            .await?;
    Ok(row.map(|(clock,)| clock))
}

/// Moves the holdings clock on, so that a new edition is offered. What was found about the contacts still
/// holds, only what waits for a choice is to be counted anew.
pub async fn move_clock(tx: &mut Tx, subscriber: &str, now: Millis) -> Result<()> {
    let row: Option<(Millis,)> =
        sql("SELECT changed_at FROM holdings WHERE subscriber_id = $1 AND category = 'contacts'")
            .bind(subscriber)
            .optional(&mut *tx)
            .await?;
    let Some((before,)) = row else { return Ok(()) };
    let after = now.max(before + 1);
    sql("UPDATE holdings SET changed_at = $2 WHERE subscriber_id = $1 AND category = 'contacts'")
        .bind(subscriber)
        .bind(after)
        .execute(&mut *tx)
        .await?;
    sql("UPDATE duplicate_findings SET clock = $3, waiting_groups = NULL, waiting_contacts = NULL
         WHERE subscriber_id = $1 AND clock = $2")
    .bind(subscriber)
    .bind(before)
    .bind(after)
    .execute(tx)
    .await?;
    Ok(())
}

/// What was found for a state of the contacts.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Finding {
    pub clock: Millis,
    pub phone_file: String,
    pub rules: i64,
    pub found: String,
    pub waiting_groups: Option<i64>,
    pub waiting_contacts: Option<i64>,
}

pub async fn finding(db: &Db, subscriber: &str) -> Result<Option<Finding>> {
    sql("SELECT clock, phone_file, rules, found, waiting_groups, waiting_contacts FROM duplicate_findings
         WHERE subscriber_id = $1")
    .bind(subscriber)
    .optional(db)
    .await
}

pub async fn keep_finding(tx: &mut Tx, subscriber: &str, finding: &Finding) -> Result<()> {
    sql("INSERT INTO duplicate_findings (subscriber_id, clock, phone_file, rules, found, waiting_groups,
         waiting_contacts) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (subscriber_id) DO UPDATE SET clock = excluded.clock, phone_file = excluded.phone_file,
         rules = excluded.rules, found = excluded.found, waiting_groups = excluded.waiting_groups,
         waiting_contacts = excluded.waiting_contacts")
    .bind(subscriber)
    .bind(finding.clock)
    .bind(&finding.phone_file)
    .bind(finding.rules)
    .bind(&finding.found)
    .bind(finding.waiting_groups)
    .bind(finding.waiting_contacts)
    .execute(tx)
    .await?;
    Ok(())
}

/// What waits, counted; not kept when the contacts or choices changed meanwhile.
pub async fn keep_waiting(tx: &mut Tx, subscriber: &str, clock: Millis, waiting: (i64, i64)) -> Result<()> {
    sql("UPDATE duplicate_findings SET waiting_groups = $3, waiting_contacts = $4
         WHERE subscriber_id = $1 AND clock = $2")
    .bind(subscriber)
    .bind(clock)
    .bind(waiting.0)
    .bind(waiting.1)
    .execute(tx)
    .await?;
    Ok(())
}

/// The file that the subscriber brought from the phone in use.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PhoneFile {
    pub id: String,
    pub cards: i64,
    pub problems: i64,
    pub uploaded_at: Millis,
    pub expires_at: Millis,
}

pub async fn phone_file(db: &Db, subscriber: &str, now: Millis) -> Result<Option<PhoneFile>> {
    sql("SELECT id, cards, problems, uploaded_at, expires_at FROM phone_files
         WHERE subscriber_id = $1 AND expires_at > $2")
    .bind(subscriber)
    .bind(now)
    .optional(db)
    .await
}

/// Removes the file and its cards. True when there was one.
pub async fn forget_phone_file(tx: &mut Tx, subscriber: &str) -> Result<bool> {
    sql("DELETE FROM phone_cards WHERE file_id IN (SELECT id FROM phone_files WHERE subscriber_id = $1)")
        .bind(subscriber)
        .execute(&mut *tx)
        .await?;
    Ok(sql("DELETE FROM phone_files WHERE subscriber_id = $1").bind(subscriber).execute(tx).await? > 0)
}

/// Removes every file whose time is over.
pub async fn forget_expired(tx: &mut Tx, now: Millis) -> Result<()> {
    sql("DELETE FROM phone_cards WHERE file_id IN (SELECT id FROM phone_files WHERE expires_at <= $1)")
        .bind(now)
        .execute(&mut *tx)
        .await?;
    sql("DELETE FROM phone_files WHERE expires_at <= $1").bind(now).execute(tx).await?;
    Ok(())
}

/// A card of the phone's file, sealed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SealedCard {
    pub card: String,
    pub sealed: Vec<u8>,
}

static PHONE_CARDS: Many = Many::new(
    "INSERT INTO phone_cards (file_id, card, sealed) VALUES {rows} ON CONFLICT (file_id, card) DO NOTHING",
    3,
);

pub async fn put_phone_file(
    tx: &mut Tx,
    subscriber: &str,
    file: &PhoneFile,
    cards: &[SealedCard],
) -> Result<()> {
    forget_phone_file(tx, subscriber).await?;
    sql("INSERT INTO phone_files (id, subscriber_id, cards, problems, uploaded_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
    .bind(&file.id)
    .bind(subscriber)
    .bind(file.cards)
    .bind(file.problems)
    .bind(file.uploaded_at)
    .bind(file.expires_at)
    .execute(&mut *tx)
    .await?;
    let mut left = cards;
    while !left.is_empty() {
        let (now, later) = left.split_at(next_rows(left.len()));
        let bind = |query: Query, card: &SealedCard| {
            query.bind(&file.id).bind(&card.card).bind(card.sealed.as_slice())
        };
        now.iter().fold(PHONE_CARDS.sql(now.len()), bind).execute(&mut *tx).await?;
        left = later;
    }
    Ok(())
}

pub async fn phone_cards(db: &Db, file: &str) -> Result<Vec<SealedCard>> {
    sql("SELECT card, sealed FROM phone_cards WHERE file_id = $1 ORDER BY card").bind(file).all(db).await
}

pub async fn phone_card(db: &Db, file: &str, card: &str) -> Result<Option<SealedCard>> {
    sql("SELECT card, sealed FROM phone_cards WHERE file_id = $1 AND card = $2")
        .bind(file)
        .bind(card)
        .optional(db)
        .await
}

/// What a choice that holds says about one card.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Fated {
    pub choice_id: String,
    pub card: String,
    pub version: String,
    pub part: i64,
    pub fate: String,
}

/// Of every card that a choice which holds speaks of.
pub async fn fates(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<Fated>> {
    sql("SELECT choice_id, card, version, part, fate FROM duplicate_choice_cards
         WHERE subscriber_id = $1 AND holds = 1 ORDER BY choice_id, part, card, version")
    .bind(subscriber)
    .all(on)
    .await
}

static WITH: Many = Many::new(
    "WITH asked (owner, card, version) AS (VALUES {rows})
     SELECT choice_id, card, version, part, fate FROM duplicate_choice_cards
     WHERE holds = 1 AND choice_id IN (
         SELECT known.choice_id FROM asked CROSS JOIN duplicate_choice_cards known
         WHERE known.holds = 1 AND known.subscriber_id = asked.owner
           AND known.card = asked.card AND known.version = asked.version)",
    3,
);

/// Of every card of the choices that hold and speak of one of these cards.
pub async fn fates_with(on: impl Into<On<'_>>, subscriber: &str, cards: &[CardKey]) -> Result<Vec<Fated>> {
    let nobody = CardKey { card: String::new(), version: String::new() };
    let bind = |query: Query, key: &CardKey| query.bind(subscriber).bind(&key.card).bind(&key.version);
    let mut fates: Vec<Fated> = WITH.find(on, cards, &nobody, bind).await?;
    let order =
        |fated: &Fated| (fated.choice_id.clone(), fated.part, fated.card.clone(), fated.version.clone());
    fates.sort_by_key(order);
    fates.dedup();
    Ok(fates)
}

/// A choice, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Choice {
    pub id: String,
    pub kind: String,
    pub fingerprint: String,
    pub chosen_at: Millis,
}

/// One of the subscriber's choices that hold.
pub async fn choice(on: impl Into<On<'_>>, subscriber: &str, id: &str) -> Result<Option<Choice>> {
    sql("SELECT id, kind, fingerprint, chosen_at FROM duplicate_choices
         WHERE id = $1 AND subscriber_id = $2 AND ended_at IS NULL")
    .bind(id)
    .bind(subscriber)
    .optional(on)
    .await
}

/// The choice that holds and was made by the same wish on the same form.
pub async fn choice_made(
    on: impl Into<On<'_>>,
    subscriber: &str,
    fingerprint: &str,
) -> Result<Option<String>> {
    let row: Option<(String,)> = sql("SELECT id FROM duplicate_choices
         WHERE subscriber_id = $1 AND fingerprint = $2 AND ended_at IS NULL")
    .bind(subscriber)
    .bind(fingerprint)
    .optional(on)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// Choices that hold, the newest first, `skip` of them left out.
pub async fn choices(db: &Db, subscriber: &str, skip: i64, limit: i64) -> Result<Vec<Choice>> {
    sql("SELECT id, kind, fingerprint, chosen_at FROM duplicate_choices
         WHERE subscriber_id = $1 AND ended_at IS NULL ORDER BY chosen_at DESC, id DESC LIMIT $3 OFFSET $2")
    .bind(subscriber)
    .bind(skip)
    .bind(limit)
    .all(db)
    .await
}

/// Whether it was one of the subscriber's choices once.
pub async fn was_undone(db: &Db, subscriber: &str, id: &str) -> Result<bool> {
    let row: Option<(String,)> = sql("SELECT id FROM duplicate_choices WHERE id = $1 AND subscriber_id = $2")
        .bind(id)
        .bind(subscriber)
        .optional(db)
        .await?;
    Ok(row.is_some())
}

pub async fn count_choices(db: &Db, subscriber: &str) -> Result<i64> {
    let (count,): (i64,) =
        sql("SELECT COUNT(*) FROM duplicate_choices WHERE subscriber_id = $1 AND ended_at IS NULL")
            .bind(subscriber)
            .one(db)
            .await?;
    Ok(count)
}

/// The cards that a choice speaks of.
pub async fn cards_of(on: impl Into<On<'_>>, choice: &str) -> Result<Vec<Fated>> {
    sql("SELECT choice_id, card, version, part, fate FROM duplicate_choice_cards
         WHERE choice_id = $1 ORDER BY part, card, version")
    .bind(choice)
    .all(on)
    .await
}

/// A merged contact, sealed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SealedMerge {
    pub choice_id: String,
    pub part: i64,
    pub sealed: Vec<u8>,
}

/// Every merged contact of the choices that hold.
pub async fn merges(on: impl Into<On<'_>>, subscriber: &str) -> Result<Vec<SealedMerge>> {
    sql("SELECT m.choice_id, m.part, m.sealed FROM duplicate_merged m JOIN duplicate_choices c ON c.id = m.choice_id
         WHERE c.subscriber_id = $1 AND c.ended_at IS NULL ORDER BY m.choice_id, m.part")
    .bind(subscriber)
    .all(on)
    .await
}

pub async fn merge_of(db: &Db, choice: &str, part: i64) -> Result<Option<SealedMerge>> {
    sql("SELECT choice_id, part, sealed FROM duplicate_merged WHERE choice_id = $1 AND part = $2")
        .bind(choice)
        .bind(part)
        .optional(db)
        .await
}

pub async fn insert_choice(tx: &mut Tx, subscriber: &str, choice: &Choice) -> Result<()> {
    sql("INSERT INTO duplicate_choices (id, subscriber_id, kind, fingerprint, chosen_at)
         VALUES ($1, $2, $3, $4, $5)")
    .bind(&choice.id)
    .bind(subscriber)
    .bind(&choice.kind)
    .bind(&choice.fingerprint)
    .bind(choice.chosen_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn insert_card(tx: &mut Tx, subscriber: &str, card: &Fated) -> Result<()> {
    sql("INSERT INTO duplicate_choice_cards (choice_id, subscriber_id, card, version, part, fate, holds)
         VALUES ($1, $2, $3, $4, $5, $6, 1)")
    .bind(&card.choice_id)
    .bind(subscriber)
    .bind(&card.card)
    .bind(&card.version)
    .bind(card.part)
    .bind(&card.fate)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn insert_merge(tx: &mut Tx, merge: &SealedMerge) -> Result<()> {
    sql("INSERT INTO duplicate_merged (choice_id, part, sealed) VALUES ($1, $2, $3)")
        .bind(&merge.choice_id)
        .bind(merge.part)
        .bind(merge.sealed.as_slice())
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends a choice. `by`: `undone`, or the choice that takes its place.
pub async fn end(tx: &mut Tx, choice: &str, by: &str, now: Millis) -> Result<()> {
    sql("UPDATE duplicate_choices SET ended_at = $3, ended_by = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(choice)
        .bind(by)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    sql("UPDATE duplicate_choice_cards SET holds = 0 WHERE choice_id = $1").bind(choice).execute(tx).await?;
    Ok(())
}

/// The choices in whose place this one stood.
pub async fn replaced_by(tx: &mut Tx, subscriber: &str, choice: &str) -> Result<Vec<(String,)>> {
    sql("SELECT id FROM duplicate_choices WHERE subscriber_id = $1 AND ended_by = $2 ORDER BY chosen_at, id")
        .bind(subscriber)
        .bind(choice)
        .all(tx)
        .await
}

/// Lets a choice hold again.
pub async fn restore(tx: &mut Tx, choice: &str) -> Result<()> {
    sql("UPDATE duplicate_choices SET ended_at = NULL, ended_by = NULL WHERE id = $1")
        .bind(choice)
        .execute(&mut *tx)
        .await?;
    sql("UPDATE duplicate_choice_cards SET holds = 1 WHERE choice_id = $1").bind(choice).execute(tx).await?;
    Ok(())
}

pub async fn ids_of_choices(tx: &mut Tx, subscriber: &str) -> Result<Vec<(String,)>> {
    sql("SELECT id FROM duplicate_choices WHERE subscriber_id = $1 AND ended_at IS NULL ORDER BY chosen_at, id")
        .bind(subscriber)
        .all(tx)
        .await
}

/// Writes down what was done.
pub async fn act(
    tx: &mut Tx,
    id: &str,
    subscriber: &str,
    choice: &str,
    act: &str,
    now: Millis,
) -> Result<()> {
    sql("INSERT INTO duplicate_acts (id, subscriber_id, choice_id, act, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(subscriber)
        .bind(choice)
        .bind(act)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
