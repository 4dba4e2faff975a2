//! An edition stays what it was, for as long as it is kept.

use super::*;
use crate::{
    ambient::{DAY, HOUR, SECOND},
    archives::{self, editions::KEPT},
};

const ZIP: &str = "/recovery/archive.zip";

on_both!(what_comes_later_offers_a_new_edition_and_changes_none, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let first = browser.get(ZIP).await;
    let page = browser.get("/recovery/archive").await.text();
    assert!(!page.contains("Something is new"), "{page}");

    portal.clock.advance(DAY);
    let mut browser = portal.signed_in(&profile).await;
    let card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Cem Example\nEND:VCARD\n";
    import(&portal, &[("contacts/more.vcf", card), ("contacts/bad.vcf", b"other garbage")]).await;
    open(&portal, Category::Photos).await;
    let page = browser.get("/recovery/archive").await.text();
    assert!(page.contains("Contacts: 1 more recovered"), "{page}");
    assert!(page.contains("Photos: open now, 1 recovered"), "{page}");
    let again = browser.get(ZIP).await;
    assert_eq!((again.body == first.body, header(&again, "etag")), (true, header(&first, "etag")));

    assert_eq!(browser.post("/recovery/archive", &[]).await.location(), "/recovery/archive");
    let second = browser.get(ZIP).await;
    assert_ne!(header(&second, "etag"), header(&first, "etag"));
    assert!(has(&second.body, "photos/dot.png") && has(&second.body, "contacts/each/Cem Example.vcf"));
    // The earlier one is linked, and is byte for byte what it was.
    let page = browser.get("/recovery/archive").await.text();
    let address = format!("{ZIP}?edition={}", header(&first, "etag").trim_matches('"'));
    assert!(page.contains(&address) && !page.contains("Something is new"), "{page}");
    assert_eq!(browser.get(&address).await.body, first.body);
});

on_both!(without_anything_new_a_post_makes_nothing, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let first = browser.get(ZIP).await;
    portal.clock.advance(HOUR / 4);
    browser.post("/recovery/archive", &[]).await;
    assert_eq!(header(&browser.get(ZIP).await, "etag"), header(&first, "etag"));
});

on_both!(a_post_renews_a_categorys_edition_too, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let first = browser.get("/recovery/contacts/download").await;
    assert!(has(&first.body, "contacts/contacts.vcf") && has(&first.body, "README.html"));
    assert!(header(&first, "content-disposition").contains("filename*=UTF-8''recovered-contacts.zip"));
    import(&portal, &[("contacts/more.vcf", b"BEGIN:VCARD\nVERSION:3.0\nFN:Cem\nEND:VCARD\n")]).await;
    assert_eq!(browser.get("/recovery/contacts/download").await.body, first.body);
    browser.post("/recovery/archive", &[]).await;
    let second = browser.get("/recovery/contacts/download").await;
    assert!(has(&second.body, "contacts/each/Cem.vcf"));
    let address = format!("/recovery/contacts/download?edition={}", header(&first, "etag").trim_matches('"'));
    assert_eq!(browser.get(&address).await.body, first.body);
});

on_both!(two_editions_are_never_of_one_second, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let first = browser.get(ZIP).await;
    open(&portal, Category::Photos).await;
    browser.post("/recovery/archive", &[]).await;
    let second = browser.get(ZIP).await;
    assert_ne!(header(&first, "last-modified"), header(&second, "last-modified"));
    assert_eq!(header(&first, "last-modified"), "Tue, 20 Oct 2009 12:00:00 GMT");
});

/// Blobs on disk that were written for editions.
async fn written(portal: &TestPortal) -> (i64, usize) {
    let (rows,): (i64,) =
        sql("SELECT COUNT(*) FROM edition_blobs").one(portal.portal.db().unwrap()).await.unwrap();
    let (id,): (String,) = sql("SELECT id FROM subscribers").one(portal.portal.db().unwrap()).await.unwrap();
    let files = std::fs::read_dir(portal.portal.blobs.folder().unwrap().join(id)).unwrap().count();
    (rows, files)
}

on_both!(an_edition_goes_thirty_days_after_its_last_download_with_what_was_written_for_it, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let (_, before) = written(&portal).await;
    portal.signed_in(&profile).await.get(ZIP).await;
    let (rows, files) = written(&portal).await;
    assert!(rows == 2 && files == before + 2, "one blob of files, one manifest: {rows}, {files}");

    portal.clock.advance(KEPT - DAY);
    portal.signed_in(&profile).await.get(ZIP).await;
    // The use is noted behind the answer.
    let used = async || {
        let used: (i64,) =
            sql("SELECT used_at FROM editions").one(portal.portal.db().unwrap()).await.unwrap();
        used.0
    };
    while used().await < portal.portal.ambient.now() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    portal.clock.advance(2 * DAY);
    archives::clean(&portal.portal).await.unwrap();
    assert_eq!(written(&portal).await.0, 2, "it was downloaded meanwhile");
    portal.clock.advance(KEPT);
    archives::clean(&portal.portal).await.unwrap();
    archives::clean(&portal.portal).await.unwrap();
    assert_eq!(written(&portal).await, (0, before));
    // The next download begins anew.
    let answer = portal.signed_in(&profile).await.get(ZIP).await;
    assert!(has(&answer.body, "contacts/contacts.vcf"));
});

on_both!(what_a_killed_process_left_behind_is_removed, |test| {
    let (portal, profile) = scene(test).await;
    let p = &portal.portal;
    let key = p.keyring.ensure(p.db().unwrap(), &profile.id, &p.ambient).await.unwrap();
    let blob = p.blobs.put(&profile.id, &key, b"half an edition", &p.ambient).await.unwrap();
    crate::transaction!(p.db().unwrap(), |tx| -> crate::store::Result<()> {
        sql("INSERT INTO edition_blobs (blob, edition_id, made_at, orphaned_at) VALUES ($1, 'gone', $2, $3)")
            .bind(&blob)
            .bind(p.ambient.now())
            .bind(p.ambient.now() + HOUR)
            .execute(tx)
            .await?;
        Ok(())
    })
    .unwrap();
    archives::clean(p).await.unwrap();
    assert_eq!(written(&portal).await.0, 1, "it may still be at work");
    portal.clock.advance(HOUR + SECOND);
    archives::clean(p).await.unwrap();
    assert_eq!(written(&portal).await.0, 0);
    assert!(p.blobs.check(&blob, 15).await.is_err());
});

async fn change(portal: &TestPortal, statement: crate::store::Query) {
    let statement = &mut Some(statement);
    crate::transaction!(portal.portal.db().unwrap(), |tx| -> crate::store::Result<()> {
        statement.take().unwrap().execute(tx).await?;
        Ok(())
    })
    .unwrap();
}

on_both!(the_newest_edition_stays_while_an_older_one_is_kept, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    browser.get(ZIP).await;
    open(&portal, Category::Photos).await;
    browser.post("/recovery/archive", &[]).await;
    let newest = browser.get(ZIP).await;
    portal.clock.advance(KEPT + DAY);
    let now = portal.portal.ambient.now();
    change(&portal, sql("UPDATE editions SET used_at = $1 WHERE number = 1").bind(now)).await;
    archives::clean(&portal.portal).await.unwrap();
    let again = portal.signed_in(&profile).await.get(ZIP).await;
    assert_eq!(header(&again, "etag"), header(&newest, "etag"), "what the address serves does not go back");

    portal.clock.advance(2 * KEPT);
    archives::clean(&portal.portal).await.unwrap();
    assert_eq!(written(&portal).await.0, 0, "both are over, and so is what was written for them");
});

on_both!(a_live_editions_blobs_stay_and_a_removal_cut_short_is_taken_up_again, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let first = portal.signed_in(&profile).await.get(ZIP).await;
    let (_, files) = written(&portal).await;
    // As if it had gone while it was read: the claim looks again.
    change(&portal, sql("UPDATE edition_blobs SET orphaned_at = 0")).await;
    archives::clean(&portal.portal).await.unwrap();
    assert_eq!(written(&portal).await, (2, files));
    assert!(another(&portal, test).signed_in(&profile).await.get(ZIP).await.body == first.body);
    // Claimed by a process that was killed before the bytes went.
    change(&portal, sql("DELETE FROM editions")).await;
    change(&portal, sql("UPDATE edition_blobs SET edition_id = ''")).await;
    archives::clean(&portal.portal).await.unwrap();
    assert_eq!(written(&portal).await, (0, files - 2));
});

on_both!(what_was_claimed_belongs_to_no_edition_any_more, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    portal.signed_in(&profile).await.get(ZIP).await;
    let db = portal.portal.db().unwrap();
    let (id,): (String,) = sql("SELECT id FROM editions").one(db).await.unwrap();
    let held = async || {
        crate::transaction!(db, |tx| -> crate::store::Result<usize> {
            archives::cleaning::hold(tx, &id).await
        })
        .unwrap()
    };
    assert_eq!(held().await, 2);
    change(
        &portal,
        sql("UPDATE edition_blobs SET edition_id = '' WHERE blob IN (SELECT manifest FROM editions)"),
    )
    .await;
    assert_eq!(held().await, 1, "who makes it sees that some are gone");
});
