//! The pages of claiming as people read them, in every language: what is worded here (facts, steps, ways, sentences
//! about waiting) stands in none of the samples that `app` draws.

#[path = "../../../app/tests/texts/mod.rs"]
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use app::{Category, words::Language};
use http::StatusCode;

use super::{
    ClaimNumber, automatic, deciding,
    payouts::{
        self, Answer, Decision, testing_answers, testing_codes,
        tests::{order, orders},
    },
    tests::claim_by_form,
};
use crate::{
    accounts::Profile,
    ambient::{MINUTE, Millis},
    incident::ProviderName,
    store::testing::{self, TestDb},
    transaction,
    web::testing::{Browser, TestPortal},
};

const DEMO: &str = include_str!("../../../demo/incident.toml");
const CARD: &str = "/remedies/gift-card";
/// What staff write stays as they wrote it (docs/decisions/0029).
const OF_STAFF: &str = "The account was closed before the outage";
/// Words that no Spanish sentence has.
const ENGLISH: [&str; 12] =
    ["and", "are", "by", "for", "is", "it", "of", "the", "this", "was", "you", "your"];

/// Somebody who reads the portal in a language.
struct Reader {
    test: TestPortal,
    _db: TestDb,
    language: Language,
    person: Profile,
    browser: Browser,
    pages: Vec<(&'static str, String)>,
}

impl Reader {
    /// Somebody of whose 300 contacts 64 came back.
    async fn affected(language: Language, incident: &str) -> Self {
        let reader = Self::of_plan(language, incident, "data-20").await;
        reader.test.holding(&reader.person, Category::Contacts, 64, Some(300)).await;
        reader
    }

    /// Somebody who lost nothing.
    async fn of_plan(language: Language, incident: &str, plan: &str) -> Self {
        let db = testing::sqlite().await;
        let test = TestPortal::in_every_language(&db, incident);
        let person = test.subscriber("a-1", "+12125550101", plan).await;
        let browser = reading(&test, &person, language).await;
        Reader { test, _db: db, language, person, browser, pages: Vec::new() }
    }

    /// Comes back after a while; nobody stays signed in for long.
    async fn comes_back(&mut self, after: Millis) {
        self.test.clock.advance(after);
        self.browser = reading(&self.test, &self.person, self.language).await;
    }

    /// Reads a page, which is kept by `name`.
    async fn reads(&mut self, name: &'static str, path: &str) {
        let page = self.browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path} leads to {:?}", page.location());
        self.keeps(name, &page.text());
    }

    fn keeps(&mut self, name: &'static str, html: &str) {
        self.pages.push((name, without_numbers(&texts::texts(html).join("\n"))));
    }

    /// Claims a remedy and returns where its claim is.
    async fn claims(&mut self, slug: &str) -> String {
        let made = claim_by_form(&mut self.browser, slug).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER);
        made.location().to_owned()
    }

    /// What a provider says of the newest order.
    async fn is_answered(&self, answer: Answer) {
        let order = orders(&self.test).await.pop().unwrap();
        let provider = order.provider.clone();
        testing_answers(&self.test.portal, &provider, &[(order, answer)], None).await.unwrap();
    }
}

async fn reading(test: &TestPortal, person: &Profile, language: Language) -> Browser {
    let mut browser = test.signed_in(person).await;
    browser.cookies.insert("language".to_owned(), language.tag().to_owned());
    browser
}

/// Claims' numbers are drawn.
fn without_numbers(text: &str) -> String {
    const AFTER_ITS_MARK: usize = "7K2P-QX04-M9TB".len();
    let mut parts = text.split("MG-");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain += &format!("MG-…{}", &part[AFTER_ITS_MARK..]);
    }
    plain
}

/// From the offers to a claim that is paid, came back and was given up.
async fn claimed(language: Language) -> Vec<(&'static str, String)> {
    let mut reader = Reader::affected(language, DEMO).await;
    testing_codes(&reader.test, "code\nAAAA-BBBB-0001\n", None).await.unwrap();
    reader.reads("terms", "/terms").await;
    reader.reads("remedies", "/remedies").await;
    reader.reads("remedy", CARD).await;
    reader.reads("way", &format!("{CARD}/way")).await;
    let missing = reader.browser.get(&format!("{CARD}/way?asked=gift-card")).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    reader.keeps("way-missing", &missing.text());
    let address = format!("{CARD}/address?delivery-gift-card=post");
    reader.reads("address", &address).await;
    let nowhere = reader.browser.post(&address, &[("name", "Ada Example")]).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    reader.keeps("address-missing", &nowhere.text());
    reader.reads("check", &format!("{CARD}/check?delivery-gift-card=email")).await;
    let claim = reader.claims("gift-card").await;
    reader.reads("claim-made", &claim).await;
    reader.reads("remedies-claimed", "/remedies").await;
    reader.comes_back(30 * MINUTE).await;
    reader.claims("free-month").await;
    reader.reads("claims", "/claims").await;
    let pool = reader.test.portal.providers.get(ProviderName::CodePool).unwrap();
    payouts::work(&reader.test.portal, pool).await.unwrap();
    reader.reads("claim-paid", &claim).await;
    let card = orders(&reader.test).await.into_iter().find(|order| order.provider == "code-pool").unwrap();
    let (reference, why) = (card.reference.clone().unwrap_or_default(), "nobody took it".to_owned());
    let back = Answer::Returned { reference, why };
    testing_answers(&reader.test.portal, "code-pool", &[(card.clone(), back)], None).await.unwrap();
    reader.reads("claim-returned", &claim).await;
    let reason = OF_STAFF.to_owned();
    payouts::decide(&reader.test.portal, &card.id, &Decision::Close { reason }, "Grace").await.unwrap();
    reader.reads("claim-closed", &claim).await;
    reader.pages
}

async fn refused(language: Language) -> Vec<(&'static str, String)> {
    let mut reader = Reader::of_plan(language, DEMO, "data-10").await;
    reader.reads("remedies-refused", "/remedies").await;
    reader.reads("remedy-refused", "/remedies/free-month").await;
    reader.pages
}

/// Another has had the only card that there is.
async fn waiting_for_budget(language: Language) -> Vec<(&'static str, String)> {
    let one = DEMO.replace("budget = 8_000_000_000", "budget = 10_000");
    let mut reader = Reader::affected(language, &one).await;
    payouts::tests::claim(&reader.test, 2, "gift-card").await;
    let claim = reader.claims("gift-card").await;
    reader.reads("claim-waits-for-budget", &claim).await;
    reader.pages
}

/// The gift card is given when a member of staff says so.
async fn declined(language: Language) -> Vec<(&'static str, String)> {
    let (before, card) = DEMO.rsplit_once("[remedies.terms]").unwrap();
    let approved = format!("{before}[remedies.approval]\nclaims = 1\n\n[remedies.terms]{card}");
    let mut reader = Reader::affected(language, &approved).await;
    let claim = reader.claims("gift-card").await;
    reader.reads("claim-waits-for-approval", &claim).await;
    let portal = &reader.test.portal;
    let number = ClaimNumber::parse(claim.trim_start_matches("/claims/")).unwrap();
    let rule = deciding::rules(portal, "gift-card").remove(0);
    let no = transaction!(portal.db().unwrap(), |tx| -> Result<(), deciding::DecideError> {
        deciding::decline(tx, portal, &number, &rule, OF_STAFF).await
    });
    no.unwrap();
    reader.reads("claim-declined", &claim).await;
    reader.reads("remedies-declined", "/remedies").await;
    reader.pages
}

async fn changed_and_withdrawn(language: Language) -> Vec<(&'static str, String)> {
    let mut reader = Reader::affected(language, DEMO).await;
    let claim = reader.claims("gift-card").await;
    reader.reads("claim-way", &format!("{claim}/way")).await;
    reader.reads("claim-way-check", &format!("{claim}/way/check?way=bill")).await;
    reader.browser.post(&format!("{claim}/way"), &[("way", "bill")]).await;
    reader.reads("claim-changed", &claim).await;
    reader.reads("claim-withdraw", &format!("{claim}/withdraw")).await;
    reader.browser.post(&format!("{claim}/withdraw"), &[]).await;
    reader.reads("claim-withdrawn", &claim).await;
    let too_late = reader.browser.get(&format!("{claim}/way")).await;
    assert_eq!(too_late.status, StatusCode::CONFLICT);
    reader.keeps("claim-too-late", &too_late.text());
    reader.pages
}

async fn on_its_way_and_delayed(language: Language) -> Vec<(&'static str, String)> {
    let mut reader = Reader::affected(language, DEMO).await;
    let claim = reader.claims("free-month").await;
    reader.comes_back(30 * MINUTE).await;
    reader.is_answered(Answer::Placed { reference: "R-1".to_owned() }).await;
    reader.reads("claim-on-its-way", &claim).await;
    reader.is_answered(Answer::Refused { why: "no such account".to_owned() }).await;
    reader.reads("claim-delayed", &claim).await;
    reader.pages
}

async fn given_unasked(language: Language) -> Vec<(&'static str, String)> {
    let mut reader = Reader::affected(language, DEMO).await;
    automatic::testing_gift(&reader.test).await;
    reader.reads("remedies-given", "/remedies").await;
    let claim = order(&reader.test).await.claim_id;
    let claims = super::store::claims(reader.test.portal.db().unwrap(), &reader.person.id).await.unwrap();
    let number = &claims.iter().find(|stored| stored.id == claim).unwrap().number;
    reader.reads("claim-given", &format!("/claims/{number}")).await;
    reader.pages
}

async fn every_page(language: Language) -> BTreeMap<&'static str, String> {
    let mut pages = claimed(language).await;
    pages.extend(refused(language).await);
    pages.extend(waiting_for_budget(language).await);
    pages.extend(declined(language).await);
    pages.extend(changed_and_withdrawn(language).await);
    pages.extend(on_its_way_and_delayed(language).await);
    pages.extend(given_unasked(language).await);
    pages.into_iter().collect()
}

/// The lines of a page in Spanish that are the same in English, or have an English word in them.
fn english_in<'a>(spanish: &'a str, english: &str) -> Vec<&'a str> {
    let same: BTreeSet<&str> = english.lines().collect();
    let long = |line: &str| line.split_whitespace().filter(|word| word.len() > 2).count() > 1;
    let english_words = |line: &str| {
        let without_staffs = line.replace(OF_STAFF, "").to_lowercase();
        without_staffs.split(|c: char| !c.is_alphanumeric()).any(|word| ENGLISH.contains(&word))
    };
    spanish.lines().filter(|line| english_words(line) || (same.contains(line) && long(line))).collect()
}

/// What people are told is a promise: whoever changes a word of it sees it here, and its translation beside it.
#[tokio::test]
async fn the_pages_of_claiming_say_what_they_said_in_every_language_and_no_english_in_spanish() {
    let (english, spanish) = (every_page(Language::En).await, every_page(Language::Es).await);
    for (pages, language) in [(&english, Language::En), (&spanish, Language::Es)] {
        for (name, text) in pages {
            insta::assert_snapshot!(format!("{name}.{}", language.tag()), text);
        }
    }
    let left: BTreeSet<&str> =
        spanish.iter().flat_map(|(name, text)| english_in(text, &english[name])).collect();
    assert_eq!(left.into_iter().collect::<Vec<_>>(), ["Ada Example", OF_STAFF]);
}

#[test]
fn english_is_found_in_a_whole_line_and_in_a_part_of_one() {
    let spanish = "Valor\nYour plan is data-20\nLa regla: It is for people\nPago hecho";
    assert_eq!(
        english_in(spanish, "Worth\nYour plan is data-20"),
        ["Your plan is data-20", "La regla: It is for people"]
    );
}
