use std::collections::BTreeSet;

use app::Category;

use super::*;
use crate::{
    accounts::Profile,
    intake::{Intake, Report},
    on_both, recovery,
    remedies::{automatic, terms, tests::claim_by_form},
    store::{keyring::Keyring, sql},
    web::testing::TestPortal,
};

const SUBSCRIBERS: &str = "account,phone,name,email,locale,time_zone,plan\n\
    a-1,+12125550101,Ada Example,ada@example.com,en-US,America/New_York,data-20\n\
    a-2,+12125550102,Bo Example,bo@example.com,en-US,America/New_York,data-20\n";

/// Two people with the same photo, and files of two accounts that nobody has, one of them the same.
async fn scene(test: &TestPortal) {
    let write = |path: &str, bytes: &[u8]| {
        let path = test.folder.path().join("in").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("subscribers.csv", SUBSCRIBERS.as_bytes());
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(400, 300).write_to(&mut picture, image::ImageFormat::Jpeg).unwrap();
    for account in ["a-1", "a-2"] {
        write(&format!("data/{account}/photos/us.jpg"), picture.get_ref());
        write(&format!("data/{account}/notes/n.txt"), b"Call Bo");
    }
    for account in ["x-1", "x-2"] {
        write(&format!("data/{account}/notes/same.txt"), b"The same for both");
        write(&format!("data/{account}/notes/own.txt"), account.as_bytes());
    }
    import(test).await;
    recovery::release(db(test), &test.portal.ambient, Category::Photos, recovery::Cohort::Everyone, "test")
        .await
        .unwrap();
}

fn db(test: &TestPortal) -> &Db {
    test.portal.db().unwrap()
}

async fn import(test: &TestPortal) -> Report {
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(db(test).clone(), p.blobs.clone(), keyring, p.ambient.clone());
    let (report, outcome) = intake.import(&test.folder.path().join("in"), &mut |_| {}).await;
    outcome.unwrap();
    report
}

async fn erase_account(test: &TestPortal, account: &str) -> Option<Erased> {
    let p = &test.portal;
    erase(db(test), &p.blobs, p.master(), &p.ambient, account).await.unwrap()
}

async fn profile(test: &TestPortal, account: &str) -> Profile {
    let row = sql("SELECT id FROM subscribers WHERE account = $1").bind(account);
    let (id,): (String,) = row.one(db(test)).await.unwrap();
    Profile::load(db(test), &id).await.unwrap().unwrap()
}

/// The blobs on disk of one holder.
fn on_disk(test: &TestPortal, holder: &str) -> usize {
    std::fs::read_dir(test.portal.blobs.folder().unwrap().join(holder)).map_or(0, Iterator::count)
}

on_both!(of_two_people_with_the_same_photo_erasing_one_leaves_the_others_whole, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let (one, two) = (profile(&test, "a-1").await, profile(&test, "a-2").await);
    let kept = on_disk(&test, &two.id);
    assert!(on_disk(&test, &one.id) >= 3 && kept >= 3);
    let erased = erase_account(&test, "a-1").await.unwrap();
    assert_eq!((erased.files, erased.items), (2, 2));
    assert_eq!((on_disk(&test, &one.id), on_disk(&test, &two.id)), (0, kept));
    let files: Vec<(String, i64)> = sql("SELECT blob, bytes FROM files WHERE subscriber_id = $1")
        .bind(&two.id)
        .all(db(&test))
        .await
        .unwrap();
    let key = test.portal.data_key(&two.id).await.unwrap().unwrap();
    for (blob, bytes) in files {
        test.portal.blobs.read_whole(&blob, &key, bytes.unsigned_abs()).await.unwrap();
    }
    let mut browser = test.signed_in(&two).await;
    let item = "SELECT id FROM items WHERE subscriber_id = $1 AND category = 'photos'";
    let (id,): (String,) = sql(item).bind(&two.id).one(db(&test)).await.unwrap();
    assert_eq!(browser.get(&format!("/recovery/photos/{id}/thumbnail")).await.status, 200);
});

on_both!(nothing_is_left_of_an_erased_person_but_what_the_ledger_keeps, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let person = profile(&test, "a-1").await;
    let mut browser = test.signed_in(&person).await;
    assert_eq!(browser.get("/recovery").await.status, 200);
    erase_account(&test, "a-1").await.unwrap();
    // As another process sees it, a second later.
    test.clock.advance(1_000);
    assert!(test.portal.keyring.follow(db(&test)).await.is_ok());
    assert!(browser.get("/recovery").await.location().starts_with("/sign-in"));
    assert!(test.portal.data_key(&person.id).await.unwrap().is_none());
    for (table, _) in store::ERASED {
        assert_eq!(rows_of(&test, table, &person.id).await, 0, "{table}");
    }
    assert!(matches!(
        test.portal.keyring.ensure(db(&test), &person.id, &test.portal.ambient).await,
        Err(crate::store::Error::Erased)
    ));
});

/// A person of whom much was wrong: an unreadable file, a refused row, a phone that is another's too.
const WRONG: &str = "account,phone,name,email,locale,time_zone,plan\n\
    zylstra,+12125550177,Dear Zylstra,dz@example.com,en-US,America/New_York,data-20\n\
    a-2,+12125550177,Bo Example,bo@example.com,en-US,America/New_York,data-20\n";

async fn wrongs(test: &TestPortal) -> Report {
    let write = |path: &str, text: &str| {
        let path = test.folder.path().join("in").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("subscribers.csv", WRONG);
    write("inventory.csv", "account,category,expected,as_of\nzylstra,notes,1,2009-10-01\n");
    write("verdicts.csv", "account,category,verdict,reason\nzylstra,tasks,unrecoverable,Dear Ann\n");
    write("data/zylstra/contacts/Dear Ann.vcf", "no card");
    write("data/a-2/contacts/Dear Bo.vcf", "no card");
    write("data/zylstra/letters/Dear Ann.txt", "no category");
    write("data/zylstra/notes/Dear Ann.txt", "Dear Ann");
    import(test).await
}

/// Where these words stand in the database, but for the audit, which keeps the account on purpose.
async fn found(test: &TestPortal, words: &[&str]) -> Vec<String> {
    let columns = match db(test) {
        Db::Sqlite(_) => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND c.type = 'TEXT'"
        }
        Db::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE data_type IN ('text', 'character varying', 'json', 'jsonb') AND table_schema = current_schema()"
        }
    };
    let columns: Vec<(String, String)> = sql(columns).all(db(test)).await.unwrap();
    assert!(columns.contains(&("runs".to_owned(), "report".to_owned())), "{columns:?}");
    let mut found = Vec::new();
    for (table, column) in columns.iter().filter(|(table, _)| table != "audit") {
        let statement: &'static str = Box::leak(
            format!("SELECT COUNT(*) FROM {table} WHERE instr(CAST({column} AS TEXT), $1) > 0")
                .into_boxed_str(),
        );
        for word in words {
            let (count,): (i64,) = sql(statement).bind(*word).one(db(test)).await.unwrap();
            if count > 0 {
                found.push(format!("{table}.{column}: {word}"));
            }
        }
    }
    found
}

on_both!(no_text_in_the_database_names_who_was_erased_or_a_file_of_theirs, |test| {
    let test = TestPortal::new(test);
    let words = ["zylstra", "Zylstra", "Dear Ann"];
    let first = wrongs(&test).await;
    let second = wrongs(&test).await;
    assert!(found(&test, &words).await.contains(&"runs.report: zylstra".to_owned()));
    let drawn = async |run: &Report| {
        let page = crate::intake::page_of(db(&test), Some(&run.run), 0).await.unwrap().unwrap();
        (page.html(), page.stored.unwrap())
    };
    let (before, counted) = drawn(&first).await;
    assert!(before.contains("data/zylstra/contacts/Dear Ann.vcf"), "{before}");
    assert!(!before.contains("also account &quot;zylstra"), "{before}");
    erase_account(&test, "zylstra").await.unwrap();
    assert_eq!(found(&test, &words).await, Vec::<String>::new());
    let (after, kept) = drawn(&first).await;
    assert!(after.contains("data/a-2/contacts/Dear Bo.vcf") && !after.contains("Dear Ann"), "{after}");
    let sums = |stored: &crate::intake::Stored| stored.findings.iter().map(|one| one.count).sum::<u64>();
    assert_eq!((kept.files, kept.quarantined, sums(&kept)), (counted.files, 3, sums(&counted)));

    // What is refused is told to whoever imports, and not written down.
    let refused = wrongs(&test).await;
    assert!(refused.problems.iter().any(|problem| problem.path.starts_with("data/zylstra/")));
    assert_eq!(found(&test, &words).await, Vec::<String>::new());
    // A run that was under way when they were erased.
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(db(&test).clone(), p.blobs.clone(), keyring, p.ambient.clone());
    let cut = "in or after data/zylstra/notes/Dear Ann.txt".to_owned();
    intake.finish(&second, Some(cut)).await.unwrap();
    assert_eq!(found(&test, &words).await, Vec::<String>::new());
});

on_both!(what_an_earlier_version_left_of_an_erased_person_goes_when_they_are_erased_again, |test| {
    let test = TestPortal::new(test);
    let first = wrongs(&test).await;
    erase_account(&test, "zylstra").await.unwrap();
    transaction!(db(&test), |tx| -> Result<()> {
        let report = r#"{"findings":[{"place":"notes","fate":"quarantined","kind":"this phone is also account zylstra's",
            "count":4,"samples":[{"path":"data/zylstra/notes/Dear Ann.txt","line":null}]}]}"#;
        sql("UPDATE runs SET report = $2, source = '/in/zylstra.zip' WHERE id = $1")
            .bind(&first.run)
            .bind(report)
            .execute(tx)
            .await?;
        Ok(())
    })
    .unwrap();
    assert_eq!(erase_account(&test, "zylstra").await, None);
    assert_eq!(found(&test, &["zylstra", "Dear Ann"]).await, Vec::<String>::new());
});

async fn rows_of(test: &TestPortal, table: &str, subscriber: &str) -> i64 {
    let column = if table == "keyrings" { "holder" } else { "subscriber_id" };
    let statement: &'static str =
        Box::leak(format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1").into_boxed_str());
    sql(statement).bind(subscriber).one::<(i64,)>(db(test)).await.unwrap().0
}

on_both!(every_table_that_knows_a_subscriber_is_erased_or_kept_on_purpose, |test| {
    // All that have the column, and whose rows go with which other's.
    let [tables, cascades] = match &test.db {
        Db::Sqlite(_) => [
            "SELECT m.name, '' FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND c.name = 'subscriber_id'",
            "SELECT m.name, f.\"table\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' AND f.on_delete = 'CASCADE'",
        ],
        Db::Postgres(_) => [
            "SELECT CAST(table_name AS TEXT), '' FROM information_schema.columns
             WHERE column_name = 'subscriber_id' AND table_schema = current_schema()",
            "SELECT CAST(c.conrelid::regclass AS TEXT), CAST(c.confrelid::regclass AS TEXT)
             FROM pg_constraint c WHERE c.contype = 'f' AND c.confdeltype = 'c'",
        ],
    };
    let there: Vec<(String, String)> = sql(tables).all(&test.db).await.unwrap();
    let cascades: Vec<(String, String)> = sql(cascades).all(&test.db).await.unwrap();
    let mut erased: BTreeSet<&str> = store::ERASED.iter().map(|(table, _)| *table).collect();
    erased.insert("subscribers");
    // As often as one table can hang on another.
    for _ in 0..cascades.len() {
        let with = cascades.iter().filter(|(_, parent)| erased.contains(parent.as_str()));
        let with: Vec<&str> = with.map(|(child, _)| child.as_str()).collect();
        erased.extend(with);
    }
    let known = |table: &str| erased.contains(table) || store::KEPT.contains(&table);
    let forgotten: Vec<&str> =
        there.iter().map(|(table, _)| table.as_str()).filter(|table| !known(table)).collect();
    assert!(forgotten.is_empty(), "say in accounts/erasure/store.rs what erasing does with {forgotten:?}");
});

on_both!(somebody_who_is_erased_already_is_nobody, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let root = test.portal.master();
    assert_eq!(erased_at(db(&test), root, "a-1").await.unwrap(), None);
    erase_account(&test, "a-1").await.unwrap();
    assert_eq!(erase_account(&test, "a-1").await, None);
    assert_eq!(erased_at(db(&test), root, "a-1").await.unwrap(), Some(test.portal.ambient.now()));
    assert_eq!(erase_account(&test, "never").await, None);
});

on_both!(files_that_nobody_claimed_go_too_but_not_what_another_account_shares, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    assert_eq!(on_disk(&test, "unclaimed"), 3);
    assert_eq!(erase_account(&test, "x-1").await.unwrap().files, 2);
    assert_eq!(on_disk(&test, "unclaimed"), 2);
    assert_eq!(erase_account(&test, "x-2").await.unwrap().files, 2);
    assert_eq!(on_disk(&test, "unclaimed"), 0);
});

on_both!(an_import_does_not_bring_an_erased_person_back_until_the_operator_says_so, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let before = profile(&test, "a-1").await.id;
    erase_account(&test, "a-1").await.unwrap();
    erase_account(&test, "x-1").await.unwrap();
    let report = import(&test).await;
    assert_eq!((report.files, report.items, report.unchanged, report.quarantined), (8, 0, 6, 2));
    let told: Vec<&str> = report.problems.iter().map(|problem| problem.path.as_str()).collect();
    for path in ["subscribers.csv", "data/a-1/photos/us.jpg", "data/x-1/notes/own.txt"] {
        assert!(told.contains(&path), "{path} in {told:?}");
    }
    assert_eq!(standing(db(&test), "a-1").await.unwrap(), None);
    assert_eq!(standing(db(&test), "x-1").await.unwrap(), None);

    let again = async || readmit(db(&test), test.portal.master(), &test.portal.ambient, "a-1").await.unwrap();
    assert_eq!(again().await, Readmission::Admitted);
    assert_eq!(again().await, Readmission::NotErased);
    assert_eq!(import(&test).await.items, 2);
    assert_eq!(profile(&test, "a-1").await.id, before, "by it their claims are known");
});

/// Erased, admitted again and imported; as another process sees it.
async fn comes_again(test: &TestPortal, account: &str) -> Profile {
    let p = &test.portal;
    erase_account(test, account).await.unwrap();
    assert_eq!(readmit(db(test), p.master(), &p.ambient, account).await.unwrap(), Readmission::Admitted);
    import(test).await;
    p.keyring.follow(db(test)).await.unwrap();
    profile(test, account).await
}

on_both!(whoever_is_admitted_again_gets_nothing_a_second_time, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let before = profile(&test, "a-1").await;
    let mut browser = test.signed_in(&before).await;
    let month = claim_by_form(&mut browser, "free-month").await.location().to_owned();
    let address =
        [("name", "Ada Example"), ("line1", "1 Road"), ("town", "Springfield"), ("country", "Here")];
    let posted = [&[("delivery-gift-card", "post")], &address[..]].concat();
    assert_eq!(browser.post("/remedies/gift-card/address", &posted).await.status, 303);
    let terms = terms::version(test.portal.incident.remedy("gift-card").into_iter());
    let form = [("terms", terms.as_str()), ("delivery-gift-card", "post")];
    let card = browser.post("/remedies/gift-card/claim", &form).await.location().to_owned();

    let again = comes_again(&test, "a-1").await;
    assert_eq!(again.id, before.id);
    let mut browser = test.signed_in(&again).await;
    assert_eq!(browser.post("/remedies/gift-card/claim", &form).await.location(), card);
    for claim in [&month, &card] {
        let page = browser.get(claim).await;
        assert_eq!(page.status, 200, "{claim}");
        assert!(!page.text().contains("1 Road"), "what was sealed by the old key is gone");
    }
    // Nor does a run give it: to the other person alone.
    let remedy = test.portal.incident.remedy("free-month").unwrap();
    let run = automatic::dry_run(&test.portal, remedy, "the operator", None, |_| ()).await.unwrap();
    assert_eq!((run.people, run.entitled), (2, 1));
    transaction!(db(&test), |tx| -> Result<u64> {
        sql("UPDATE automatic_runs SET state = 'approved'").execute(tx).await
    })
    .unwrap();
    assert_eq!(automatic::carry_out(&test.portal, &run.id, |_| ()).await.unwrap().unwrap().granted, 1);
    assert_eq!(rows_of(&test, "grants", &before.id).await, 2);
});

on_both!(what_comes_in_anew_stays_and_a_second_erasure_keeps_the_id, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let before = profile(&test, "a-1").await.id;
    for _ in 0..2 {
        assert_eq!(comes_again(&test, "a-1").await.id, before);
        assert!(on_disk(&test, &before) >= 2);
        worker::look(&test.portal).await.unwrap();
        assert!(on_disk(&test, &before) >= 2, "they are not what an erasure left");
        let ambient = &test.portal.ambient;
        test.portal.keyring.ensure(db(&test), &before, ambient).await.unwrap();
    }
});

on_both!(an_erasure_is_not_over_while_the_blobs_are_not_mounted, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let (portal, marker) = (&test.portal, test.portal.blobs.folder().unwrap().join(crate::store::MARKER));
    let mark = std::fs::read(&marker).unwrap();
    std::fs::remove_file(&marker).unwrap();
    let erased = erase(db(&test), &portal.blobs, portal.master(), &portal.ambient, "a-1").await;
    assert!(matches!(erased, Err(EraseError::Blobs(BlobError::Elsewhere))));
    assert_eq!(standing(db(&test), "a-1").await.unwrap(), None);
    std::fs::write(&marker, mark).unwrap();
    assert!(finish(db(&test), &portal.blobs, &portal.ambient).await.unwrap() > 0);
});

on_both!(blobs_that_an_interrupted_erasure_left_are_deleted_by_whoever_looks, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let person = profile(&test, "a-1").await;
    erase_account(&test, "a-1").await.unwrap();
    let left = test.portal.blobs.folder().unwrap().join(&person.id);
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("00"), "what the command did not come to").unwrap();
    transaction!(db(&test), |tx| -> Result<()> {
        sql("UPDATE erasures SET finished_at = NULL").execute(tx).await?;
        Ok(())
    })
    .unwrap();
    let again = async || readmit(db(&test), test.portal.master(), &test.portal.ambient, "a-1").await.unwrap();
    assert_eq!(again().await, Readmission::Unfinished, "the blobs would be forgotten");
    assert_eq!(finish(db(&test), &test.portal.blobs, &test.portal.ambient).await.unwrap(), 1);
    assert_eq!(again().await, Readmission::Admitted);
    assert_eq!(on_disk(&test, &person.id), 0);
    assert_eq!(finish(db(&test), &test.portal.blobs, &test.portal.ambient).await.unwrap(), 0);
});
