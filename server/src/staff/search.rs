//! One box, six ways to find a caller: phone, account, number of a claim or of a case, e-mail address, name.

use app::models::{FoundSubscriber, Search};

use super::{
    Callers, Staff,
    audit::{self, Act},
};
use crate::{
    accounts::{Profile, phone::Phone},
    intake::read::fold,
    portal::Portal,
    recovery::reports,
    remedies,
    store::{self as storage, Db, keys::hmac, sql},
    transaction, web,
};

/// Results on the page.
const SHOWN: usize = 20;
/// Nobody is called by more than this.
const LONGEST: usize = 200;

/// Finds whom `typed` may mean, and records that it was asked: by which way and with how many
/// results, and a keyed hash of the words, by which a suspicion can be checked but nothing read.
pub async fn search(portal: &Portal, member: &Staff<Callers>, typed: &str) -> web::Result<Search> {
    let query: String = typed.trim().chars().take(LONGEST).collect();
    if query.is_empty() {
        return Ok(Search::default());
    }
    let mut found = find(portal, &query).await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    record(portal, member, &query, &found).await?;
    let results = found.into_iter().map(|(profile, matched)| line(profile, matched)).collect();
    Ok(Search { query, results: Some(results), more, errors: Vec::new() })
}

type Found = Vec<(Profile, String)>;

async fn find(portal: &Portal, query: &str) -> web::Result<Found> {
    let db = portal.db()?;
    let mut found = Found::new();
    if let Some(phone) = Phone::parse_typed(query, portal.incident.country.as_ref()) {
        add(&mut found, by_phone(db, phone.as_str()).await?, |_| "phone".to_owned());
    }
    add(&mut found, by_account(db, query).await?, |_| "account".to_owned());
    if let Some(id) = remedies::subscriber_of_claim(db, query).await? {
        let matched = format!("claim {}", query.to_uppercase());
        add(&mut found, Profile::load(db, &id).await?.into_iter().collect(), |_| matched.clone());
    }
    if let Some(id) = reports::subscriber_of(db, query).await? {
        let matched = format!("case {}", query.to_uppercase());
        add(&mut found, Profile::load(db, &id).await?.into_iter().collect(), |_| matched.clone());
    }
    if query.contains('@') {
        add(&mut found, by_email(db, query).await?, |_| "e-mail".to_owned());
    }
    let words = fold(query);
    if words.chars().filter(|c| c.is_alphabetic()).count() >= 2 {
        let by_name = |profile: &Profile| fold(&profile.name).contains(first_word(&words));
        let matched = |profile: &Profile| if by_name(profile) { "name" } else { "account" }.to_owned();
        add(&mut found, by_words(db, &words).await?, matched);
    }
    Ok(found)
}

fn add(found: &mut Found, more: Vec<Profile>, matched: impl Fn(&Profile) -> String) {
    for profile in more {
        if found.iter().all(|(known, _)| known.id != profile.id) {
            let matched = matched(&profile);
            found.push((profile, matched));
        }
    }
}

fn first_word(words: &str) -> &str {
    words.split(' ').next().unwrap_or_default()
}

async fn by_phone(db: &Db, phone: &str) -> storage::Result<Vec<Profile>> {
    sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers WHERE phone = $1
         ORDER BY account LIMIT 21")
    .bind(phone)
    .all(db)
    .await
}

async fn by_account(db: &Db, account: &str) -> storage::Result<Vec<Profile>> {
    sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers WHERE account = $1")
        .bind(account)
        .all(db)
        .await
}

/// The whole address, as a caller says it: by its parts a masked one could be guessed at.
async fn by_email(db: &Db, typed: &str) -> storage::Result<Vec<Profile>> {
    sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers
         WHERE LOWER(email) = $1 ORDER BY account LIMIT 21")
    .bind(typed.to_lowercase())
    .all(db)
    .await
}

/// Every word somewhere in the folded name or account; the third stands for all the rest.
async fn by_words(db: &Db, words: &str) -> storage::Result<Vec<Profile>> {
    let mut words = words.splitn(3, ' ');
    let mut next = || words.next().unwrap_or_default().to_owned();
    sql("SELECT id, account, phone, name, email, locale, time_zone, plan FROM subscribers
         WHERE instr(search, $1) > 0 AND instr(search, $2) > 0 AND instr(search, $3) > 0
         ORDER BY search, id LIMIT 21")
    .bind(next())
    .bind(next())
    .bind(next())
    .all(db)
    .await
}

async fn record(portal: &Portal, member: &Staff<Callers>, query: &str, found: &Found) -> web::Result<()> {
    let mut ways: Vec<&str> =
        found.iter().map(|(_, matched)| matched.split(' ').next().unwrap_or_default()).collect();
    ways.sort_unstable();
    ways.dedup();
    let ways = if ways.is_empty() { "nothing".to_owned() } else { ways.join(", ") };
    let hash = hmac(&portal.master().derive("audit-search"), &[fold(query).as_bytes()]);
    let hash = hex::encode(&hash[..8]);
    let detail = format!("matched {ways}; {} found; query {hash}", found.len());
    let act = Act {
        member_id: member.id(),
        member_email: member.email(),
        action: "searched",
        detail: &detail,
        ..Act::default()
    };
    transaction!(portal.db()?, |tx| -> storage::Result<()> {
        audit::record(tx, &portal.ambient, act).await
    })?;
    Ok(())
}

fn line(profile: Profile, matched: String) -> FoundSubscriber {
    FoundSubscriber { phone: profile.phone_end(), account: profile.account, name: profile.name, matched }
}
