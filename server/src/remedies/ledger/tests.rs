use app::Category;

use super::{check::Finding, seal::seal_some, *};
use crate::{
    on_both,
    remedies::{self, Wish, terms},
    staff::{Role, tests::another as member},
    store::{Db, sql},
    transaction,
    web::testing::{NOW, TestPortal},
};

/// A person who has claimed both remedies, and the portal.
async fn claimed(db: &crate::store::testing::TestDb) -> TestPortal {
    let test = TestPortal::new(db);
    claim_as(&test, "a-1", "+12125550101").await;
    test
}

async fn claim_as(test: &TestPortal, account: &str, phone: &str) {
    let person = test.subscriber(account, phone, "data-20").await;
    test.holding(&person, Category::Contacts, 64, Some(300)).await;
    let subscriber = crate::accounts::Subscriber::for_test(person);
    let p = &test.portal;
    let wishes: Vec<Wish> =
        p.incident.remedies.iter().map(|remedy| Wish { remedy, delivery: None, seen: None }).collect();
    let version = terms::version(wishes.iter().map(|wish| wish.remedy));
    remedies::claim(p, &subscriber, &wishes, &version).await.unwrap();
}

fn database(test: &TestPortal) -> &Db {
    test.portal.db().unwrap()
}

async fn findings(test: &TestPortal) -> Vec<&'static str> {
    let report = check(database(test)).await.unwrap();
    report.findings.into_iter().map(|Finding { kind, .. }| kind).collect()
}

/// What the tables refuse, done all the same: as somebody would who has the database.
async fn tamper(test: &TestPortal, statement: &'static str) {
    let db = database(test);
    let triggers = match db {
        Db::Sqlite(_) => ["postings_stay", "posting_lines_stay", "ledger_seals_stay"]
            .map(|name| format!("DROP TRIGGER {name}")),
        Db::Postgres(_) => [
            "DROP TRIGGER postings_stay ON postings",
            "DROP TRIGGER posting_lines_stay ON posting_lines",
            "DROP TRIGGER ledger_seals_stay ON ledger_seals",
        ]
        .map(str::to_owned),
    };
    transaction!(db, |tx| -> Result<()> {
        for trigger in &triggers {
            sql(Box::leak(trigger.clone().into_boxed_str())).execute(&mut *tx).await?;
        }
        sql(statement).execute(&mut *tx).await?;
        Ok(())
    })
    .unwrap();
}

on_both!(every_grant_is_owed_and_the_ledger_comes_to_zero, |db| {
    let test = claimed(db).await;
    let report = check(database(&test)).await.unwrap();
    assert_eq!((report.sealed, report.unsealed, report.findings), (0, 2, vec![]));
    assert_eq!(seal_some(database(&test)).await.unwrap(), 2);
    assert_eq!(seal_some(database(&test)).await.unwrap(), 0);
    let report = check(database(&test)).await.unwrap();
    assert_eq!((report.sealed, report.unsealed, report.findings), (2, 0, vec![]));
    let moved: Vec<(&str, &str, i64)> =
        report.totals.iter().map(|t| (t.remedy.as_str(), t.account.as_str(), t.amount)).collect();
    assert_eq!(
        moved,
        [
            ("free-month", "budget", -2_000),
            ("free-month", "obligation", 2_000),
            ("gift-card", "budget", -10_000),
            ("gift-card", "obligation", 10_000),
        ]
    );
    assert_eq!(report.totals[0].day, NOW / crate::ambient::DAY);
});

on_both!(a_claim_made_again_is_not_owed_again, |db| {
    let test = claimed(db).await;
    let p = &test.portal;
    let person: (String,) = sql("SELECT id FROM subscribers").one(database(&test)).await.unwrap();
    let profile = remedies::store::person(database(&test), &person.0).await.unwrap().unwrap();
    let subscriber = crate::accounts::Subscriber::for_test(profile);
    let wishes: Vec<Wish> =
        p.incident.remedies.iter().map(|remedy| Wish { remedy, delivery: None, seen: None }).collect();
    let version = terms::version(wishes.iter().map(|wish| wish.remedy));
    let again = (0..8).map(|_| remedies::claim(p, &subscriber, &wishes, &version));
    futures::future::try_join_all(again).await.unwrap();
    let (postings,): (i64,) = sql("SELECT COUNT(*) FROM postings").one(database(&test)).await.unwrap();
    assert_eq!(postings, 2);
});

on_both!(the_chain_goes_on_and_is_the_same_whoever_seals, |db| {
    let test = claimed(db).await;
    seal_some(database(&test)).await.unwrap();
    let first = check(database(&test)).await.unwrap().head;
    claim_as(&test, "a-2", "+12125550102").await;
    let both = (0..4).map(|_| seal_some(database(&test)));
    let sealed: usize = futures::future::try_join_all(both).await.unwrap().into_iter().sum();
    assert_eq!(sealed, 2);
    let report = check(database(&test)).await.unwrap();
    assert_eq!((report.sealed, report.findings), (4, vec![]));
    assert_ne!(report.head, first);
    let lines = lines(database(&test), 0, 10).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.position).collect::<Vec<_>>(), [1, 1, 2, 2, 3, 3, 4, 4]);
    assert_eq!(lines[7].hash, report.head);
});

on_both!(nothing_in_it_can_be_changed_or_taken_out, |db| {
    let test = claimed(db).await;
    seal_some(database(&test)).await.unwrap();
    for statement in [
        "UPDATE postings SET kind = 'x'",
        "DELETE FROM postings",
        "UPDATE posting_lines SET amount = amount + 1",
        "DELETE FROM posting_lines",
        "UPDATE ledger_seals SET hash = 'x'",
        "DELETE FROM ledger_seals",
    ] {
        let refused = transaction!(database(&test), |tx| -> Result<u64> { sql(statement).execute(tx).await });
        assert!(refused.is_err(), "{statement}");
    }
});

on_both!(whoever_changes_it_all_the_same_is_found_out, |db| {
    let test = claimed(db).await;
    seal_some(database(&test)).await.unwrap();
    tamper(&test, "UPDATE posting_lines SET amount = amount * 2").await;
    let found = findings(&test).await;
    assert!(found.contains(&"chain") && found.contains(&"other-amount") && !found.contains(&"unbalanced"));
});

on_both!(a_line_that_goes_missing_and_a_seal_that_does_are_found, |db| {
    let test = claimed(db).await;
    seal_some(database(&test)).await.unwrap();
    tamper(&test, "UPDATE posting_lines SET amount = amount - 1 WHERE account = 'obligation'").await;
    assert!(findings(&test).await.contains(&"unbalanced"));
});

on_both!(a_grant_that_nobody_posted_is_found, |db| {
    let test = claimed(db).await;
    transaction!(database(&test), |tx| -> Result<u64> {
        sql("INSERT INTO grants (id, claim_id, incident, subscriber_id, remedy, amount, currency, facts, granted_at)
             SELECT 'g', claim_id, incident, 'somebody', remedy, amount, currency, facts, granted_at FROM grants
             WHERE remedy = 'gift-card'")
        .execute(tx)
        .await
    })
    .unwrap();
    assert_eq!(findings(&test).await, ["no-obligation", "no-order"]);
});

on_both!(finance_downloads_the_ledger_and_its_totals, |db| {
    let test = claimed(db).await;
    claim_as(&test, "a-2", "+12125550102").await;
    while seal_some(database(&test)).await.unwrap() > 0 {}
    let mut browser = member(&test, "Ben", Role::Finance).await;
    let page = browser.get("/staff/payouts").await.text();
    for file in ["ledger.csv", "ledger.jsonl", "totals.csv", "totals.jsonl"] {
        assert!(page.contains(&format!("/staff/payouts/files/{file}")), "{file}");
    }
    // Pages of two postings: what is told is the same as if all were read at once.
    let known = lines(database(&test), 0, 100).await.unwrap();
    assert_eq!(known.len(), 8);
    let answer = browser.get("/staff/payouts/files/ledger.csv").await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"ledger.csv\"");
    let text = answer.text();
    assert_eq!(text.lines().count(), 9);
    assert!(
        text.starts_with(
            "position,at,posting,kind,incident,remedy,grant,order,account,amount,currency,hash\n"
        )
    );
    let hashes: Vec<_> = text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(hashes, known.iter().map(|line| line.hash.as_str()).collect::<Vec<_>>());
    let text = browser.get("/staff/payouts/files/ledger.jsonl").await.text();
    let told: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(serde_json::Value::Array(told), serde_json::to_value(&known).unwrap());
    for personal in ["a-1", "a-2", "+1212555", "example.com"] {
        assert!(!text.contains(personal), "{personal}");
    }
    let text = browser.get("/staff/payouts/files/totals.csv").await.text();
    assert!(text.starts_with("day,incident,remedy,account,currency,postings,amount\n2009-10-20,"), "{text}");
    assert!(text.contains(",gift-card,obligation,USD,2,20000\n"), "{text}");
    let text = browser.get("/staff/payouts/files/totals.jsonl").await.text();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!((text.lines().count(), &first["amount"]), (4, &serde_json::json!(-4_000)));
    assert_eq!(browser.get("/staff/payouts/files/people.csv").await.status, 404);
    assert_eq!(browser.get("/staff/payouts/files/ledger.xls").await.status, 404);
    let audited: Vec<(String, String)> =
        sql("SELECT member_email, detail FROM audit WHERE action = 'exported-ledger' ORDER BY at, id")
            .all(database(&test))
            .await
            .unwrap();
    assert_eq!(audited.len(), 4);
    assert_eq!(audited[0], ("ben@example.com".to_owned(), "ledger.csv".to_owned()));
    let mut support = member(&test, "Sue", Role::Support).await;
    assert_eq!(support.get("/staff/payouts/files/ledger.csv").await.status, 403);
    assert_eq!(test.browser().get("/staff/payouts/files/ledger.csv").await.location(), "/staff/sign-in");
});

on_both!(a_ledger_with_nothing_in_it_is_an_empty_file, |db| {
    let test = TestPortal::new(db);
    let mut browser = member(&test, "Ben", Role::Finance).await;
    for file in ["ledger.csv", "ledger.jsonl", "totals.csv", "totals.jsonl"] {
        let answer = browser.get(&format!("/staff/payouts/files/{file}")).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, String::new()), "{file}");
    }
});
