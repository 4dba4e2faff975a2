//! One bad source never kills the archive, and never passes as good.

use super::*;

const ZIP: &str = "/recovery/archive.zip";

fn spoil(blob: &std::path::Path) {
    let mut sealed = std::fs::read(blob).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    std::fs::write(blob, sealed).unwrap();
}

/// What the lists of an archive say of a file that is not in it.
fn named(zip: &[u8], path: &str) {
    let files = unpack(zip);
    assert!(!files.iter().any(|(name, _)| name == path), "{path} is not promised");
    let manifest: serde_json::Value = serde_json::from_str(text(&files, "manifest.json")).unwrap();
    let entry = manifest["files"].as_array().unwrap().iter().find(|file| file["path"] == path).unwrap();
    assert_eq!(entry["state"], "damaged");
    assert!(entry["reason"].as_str().unwrap().len() > 10);
    assert!(!text(&files, "MANIFEST.sha256").contains(path));
}

on_both!(a_blob_that_is_gone_is_found_before_it_is_promised, |test| {
    let (portal, profile) = scene(test).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    std::fs::remove_file(blob_of(&portal, "photos").await).unwrap();
    let answer = portal.signed_in(&profile).await.get(ZIP).await;
    named(&answer.body, "photos/dot.png");
    assert!(has(&answer.body, "contacts/contacts.vcf") && has(&answer.body, "notes/milk.txt"));
});

on_both!(a_rotten_blob_ends_the_download_and_a_new_edition_goes_without_it, |test| {
    let (portal, profile) = scene(test).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    let mut browser = portal.signed_in(&profile).await;
    let head = browser.send(http::Request::head(ZIP), axum::body::Body::empty()).await;
    assert_eq!(head.status, StatusCode::OK);
    spoil(&blob_of(&portal, "photos").await);
    let promised: usize = header(&head, "content-length").parse().unwrap();
    let sent = browser.cut(ZIP).await;
    assert!(sent.len() < promised, "the connection ended early");
    assert!(!sent.windows(8).any(|window| window == &dot(9)[..8]), "no byte of it left");

    let page = browser.get("/recovery/archive").await.text();
    assert!(page.contains("found damaged") && page.contains("Make a new edition"), "{page}");
    browser.post("/recovery/archive", &[]).await;
    let second = browser.get(ZIP).await;
    named(&second.body, "photos/dot.png");
    let page = browser.get("/recovery/archive").await.text();
    assert!(!page.contains("found damaged"), "{page}");
});

on_both!(damage_to_what_was_written_for_an_edition_offers_another, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let mut browser = portal.signed_in(&profile).await;
    let whole = browser.get(ZIP).await;
    let blobs: Vec<(String,)> =
        sql("SELECT blob FROM edition_blobs WHERE blob NOT IN (SELECT manifest FROM editions)")
            .all(portal.portal.db().unwrap())
            .await
            .unwrap();
    spoil(&portal.portal.blobs.folder().unwrap().join(&blobs[0].0));
    assert!(browser.cut(ZIP).await.len() < whole.body.len());
    browser.post("/recovery/archive", &[]).await;
    let second = browser.get(ZIP).await;
    assert!(has(&second.body, "contacts/each/Ann Example.vcf"));
});

on_both!(a_manifest_that_cannot_be_read_offers_another_edition, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Contacts).await;
    let whole = portal.signed_in(&profile).await.get(ZIP).await;
    let db = portal.portal.db().unwrap();
    let (manifest,): (String,) = sql("SELECT manifest FROM editions").one(db).await.unwrap();
    spoil(&portal.portal.blobs.folder().unwrap().join(manifest));
    // A process that remembers no layout.
    let fresh = another(&portal, test);
    let mut browser = fresh.signed_in(&profile).await;
    let answer = browser.get(ZIP).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.text().contains("Make a new edition"), "{}", answer.text());
    let page = browser.get("/recovery/archive").await.text();
    assert!(page.contains("found damaged") && page.contains(">Make a new edition</button>"), "{page}");
    browser.post("/recovery/archive", &[]).await;
    let second = browser.get(ZIP).await;
    assert!(second.status == StatusCode::OK && header(&second, "etag") != header(&whole, "etag"));
    assert!(has(&second.body, "contacts/each/Ann Example.vcf"));
});
