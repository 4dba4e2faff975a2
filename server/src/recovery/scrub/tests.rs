use std::path::PathBuf;

use app::Category;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    accounts::Profile,
    intake::{Intake, Report},
    on_both,
    store::{keys::MasterKey, sql, testing},
    web::testing::TestPortal,
};

/// A subscriber with a card, a note and a photo with its thumbnail, and a file that nobody claimed.
async fn scene(test: &TestPortal) -> Profile {
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    let write = |path: &str, bytes: &[u8]| {
        let path = test.folder.path().join("in/data").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(400, 300).write_to(&mut picture, image::ImageFormat::Jpeg).unwrap();
    write("a-1/photos/us.jpg", picture.get_ref());
    write("a-1/contacts/a.vcf", b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nTEL:+12125550123\nEND:VCARD\n");
    write("a-1/notes/n.txt", b"Call Bo");
    write("x-1/notes/n.txt", b"Whose is this?");
    import(test).await;
    profile
}

async fn import(test: &TestPortal) -> Report {
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    let (report, outcome) = intake.import(&test.folder.path().join("in"), &mut |_| {}).await;
    outcome.unwrap();
    report
}

fn scrub(test: &TestPortal) -> Scrub<'_> {
    let p = &test.portal;
    Scrub { db: p.db().unwrap(), blobs: &p.blobs, keyring: &p.keyring, ambient: &p.ambient }
}

/// Everything once, a moment later.
async fn pass(test: &TestPortal) -> Tally {
    test.clock.advance(1_000);
    once(scrub(test), &mut |_| {}).await.unwrap()
}

async fn path_of(test: &TestPortal, select: &'static str) -> PathBuf {
    let (blob,): (String,) = sql(select).one(test.portal.db().unwrap()).await.unwrap();
    test.portal.blobs.folder().unwrap().join(blob)
}

const PHOTO: &str = "SELECT blob FROM files WHERE category = 'photos'";

fn rot(path: &PathBuf) {
    let mut sealed = std::fs::read(path).unwrap();
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    std::fs::write(path, sealed).unwrap();
}

async fn damaged_photos(test: &TestPortal) -> i64 {
    let row = sql("SELECT damaged_items FROM holdings WHERE category = 'photos'");
    row.one::<(i64,)>(test.portal.db().unwrap()).await.unwrap().0
}

on_both!(everything_that_is_whole_is_read_and_marked_as_read, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let tally = pass(&test).await;
    assert_eq!((tally.blobs, tally.damaged, tally.unread), (5, 0, 0));
    let db = test.portal.db().unwrap();
    let passes = passes(db).await.unwrap();
    assert_eq!(passes, Passes { ended_at: Some(test.portal.ambient.now()), never_read: 0 });
    assert_eq!(pass(&test).await.blobs, 5);
});

on_both!(rot_is_found_before_anybody_meets_it_and_what_is_restored_loses_its_mark, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let path = path_of(&test, PHOTO).await;
    let whole = std::fs::read(&path).unwrap();
    rot(&path);
    assert_eq!(pass(&test).await.damaged, 1);
    assert_eq!(damaged_photos(&test).await, 1);
    let db = test.portal.db().unwrap();
    assert_eq!(damaged_by_category(db).await.unwrap(), [("photos".to_owned(), 1)]);
    assert_eq!(damaged(db, 10).await.unwrap()[0].path, "us.jpg");
    assert_eq!(pass(&test).await.damaged, 1, "it is told as long as it lasts");
    std::fs::write(&path, whole).unwrap();
    let tally = pass(&test).await;
    assert_eq!((tally.damaged, tally.mended), (0, 1));
    assert_eq!(damaged_photos(&test).await, 0);
});

on_both!(a_blob_that_is_gone_or_another_one_under_its_name_is_damage, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    std::fs::remove_file(path_of(&test, PHOTO).await).unwrap();
    // Well sealed by the right key, but other bytes of the same length.
    let db = test.portal.db().unwrap();
    let (blob, bytes): (String, i64) =
        sql("SELECT blob, bytes FROM files WHERE category = 'notes'").one(db).await.unwrap();
    let holder = blob.split('/').next().unwrap();
    let key = test.portal.data_key(holder).await.unwrap().unwrap();
    let other =
        test.portal.blobs.put(holder, &key, &b"Call Al"[..bytes as usize], &test.portal.ambient).await;
    let folder = test.portal.blobs.folder().unwrap();
    std::fs::rename(folder.join(other.unwrap()), folder.join(&blob)).unwrap();
    assert_eq!(pass(&test).await.damaged, 2);
});

on_both!(a_rotten_thumbnail_is_forgotten_and_nothing_of_the_person_counts_as_damaged, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    rot(&path_of(&test, "SELECT thumbnail FROM items WHERE category = 'photos'").await);
    assert_eq!(pass(&test).await.damaged, 1);
    assert_eq!(damaged_photos(&test).await, 0);
    assert_eq!(pass(&test).await.blobs, 4);
});

on_both!(an_edition_whose_own_bytes_rot_is_found_too, |test| {
    let test = TestPortal::new(test);
    let profile = scene(&test).await;
    let (db, ambient) = (test.portal.db().unwrap(), &test.portal.ambient);
    crate::recovery::release(db, ambient, Category::Notes, crate::recovery::Cohort::Everyone, "test")
        .await
        .unwrap();
    let mut browser = test.signed_in(&profile).await;
    assert_eq!(browser.get("/recovery/archive.zip").await.status, 200);
    let whole = pass(&test).await;
    assert!(whole.blobs > 5 && whole.damaged == 0, "{whole:?}");
    rot(&path_of(&test, "SELECT manifest FROM editions").await);
    assert_eq!(pass(&test).await.damaged, 1);
    let (marked,): (i64,) =
        sql("SELECT COUNT(*) FROM editions WHERE damaged_at IS NOT NULL").one(db).await.unwrap();
    assert_eq!(marked, 1);
});

/// The test's store, of which names that begin so cannot be read.
fn bad_sector(test: &TestPortal, refused: &str) -> Blobs {
    let blobs = testing::bad_sector(test.portal.blobs.folder().unwrap(), refused);
    blobs.belong_to(test.portal.db().unwrap(), &test.portal.ambient);
    blobs
}

on_both!(what_lies_on_a_bad_sector_is_marked_and_an_archive_arrives_without_it, |test| {
    let test = TestPortal::new(test);
    let profile = scene(&test).await;
    let (db, ambient) = (test.portal.db().unwrap(), &test.portal.ambient);
    crate::recovery::release(db, ambient, Category::Photos, crate::recovery::Cohort::Everyone, "test")
        .await
        .unwrap();
    let (blob,): (String,) = sql(PHOTO).one(db).await.unwrap();
    let bad = bad_sector(&test, &blob);
    test.clock.advance(1_000);
    let tally = once(Scrub { blobs: &bad, ..scrub(&test) }, &mut |_| {}).await.unwrap();
    assert_eq!((tally.damaged, tally.unread), (1, 0));
    assert_eq!(damaged_photos(&test).await, 1);
    let archive = test.signed_in(&profile).await.get("/recovery/archive.zip").await;
    assert_eq!(archive.status, 200);
    let text = String::from_utf8_lossy(&archive.body).into_owned();
    assert!(text.contains("us.jpg") && text.contains("cannot be read from the disk"));
    assert_eq!(pass(&test).await.mended, 1, "read again, it loses its mark");
    assert_eq!(damaged_photos(&test).await, 0);
});

on_both!(a_disk_that_refuses_everything_marks_nothing, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let bad = bad_sector(&test, "");
    test.clock.advance(1_000);
    let outcome = once(Scrub { blobs: &bad, ..scrub(&test) }, &mut |_| {}).await;
    assert!(matches!(outcome, Err(ScrubError::Away(_))));
    assert_eq!(damaged_by_category(test.portal.db().unwrap()).await.unwrap(), []);
});

on_both!(a_store_that_is_not_mounted_marks_nothing, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let folder = test.portal.blobs.folder().unwrap().to_owned();
    let away = folder.with_extension("away");
    std::fs::rename(&folder, &away).unwrap();
    std::fs::create_dir(&folder).unwrap();
    test.clock.advance(1_000);
    assert!(matches!(once(scrub(&test), &mut |_| {}).await, Err(ScrubError::Away(_))));
    assert_eq!(damaged_by_category(test.portal.db().unwrap()).await.unwrap(), []);
    std::fs::remove_dir(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    assert_eq!(pass(&test).await.damaged, 0);
});

on_both!(one_process_scrubs_at_a_time_and_another_goes_on_where_it_was, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let mut pace = Pace::of(u64::MAX, CancellationToken::new());
    assert!(worker::step(&test.portal, "one", &mut pace).await.unwrap());
    assert!(!worker::step(&test.portal, "two", &mut pace).await.unwrap());
    test.clock.advance(crate::ambient::HOUR);
    while worker::step(&test.portal, "two", &mut pace).await.unwrap() {}
    let passes_so_far = passes(test.portal.db().unwrap()).await.unwrap();
    assert_eq!(passes_so_far, Passes { ended_at: Some(test.portal.ambient.now()), never_read: 0 });
    // Within the day what is new is read, and the rest is left alone.
    test.clock.advance(crate::ambient::HOUR);
    std::fs::write(test.folder.path().join("in/data/a-1/notes/new.txt"), "New").unwrap();
    import(&test).await;
    let before = bytes_so_far();
    assert!(worker::step(&test.portal, "two", &mut pace).await.unwrap());
    assert!(!worker::step(&test.portal, "two", &mut pace).await.unwrap());
    assert!(bytes_so_far() > before);
    assert_eq!(passes(test.portal.db().unwrap()).await.unwrap().never_read, 0);
});

on_both!(told_to_stop_it_stops_in_the_middle_of_a_blob, |test| {
    let test = TestPortal::new(test);
    scene(&test).await;
    let stopping = CancellationToken::new();
    let mut pace = Pace::of(1, stopping.clone());
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        stopping.cancel();
    };
    let (stepped, ()) = tokio::join!(worker::step(&test.portal, "one", &mut pace), stop);
    assert!(!stepped.unwrap());
    assert_eq!(passes(test.portal.db().unwrap()).await.unwrap().never_read, 4);
});

on_both!(importing_the_same_files_again_mends_what_is_rotten_absent_or_marked, |test| {
    let test = TestPortal::new(test);
    let profile = scene(&test).await;
    rot(&path_of(&test, PHOTO).await);
    std::fs::remove_file(
        path_of(&test, "SELECT blob FROM files WHERE path = 'n.txt' AND account = 'a-1'").await,
    )
    .unwrap();
    assert_eq!(pass(&test).await.damaged, 2);
    let report = import(&test).await;
    assert_eq!((report.unchanged, report.mended), (3, 2));
    assert_eq!(damaged_by_category(test.portal.db().unwrap()).await.unwrap(), []);
    assert_eq!(damaged_photos(&test).await, 0);
    assert_eq!(pass(&test).await.damaged, 0);
    assert_eq!(import(&test).await.mended, 0);
    // The same bytes under another path lie in the same blob: it is not trusted for being there.
    rot(&path_of(&test, PHOTO).await);
    let root = test.folder.path().join("in/data/a-1/photos");
    std::fs::copy(root.join("us.jpg"), root.join("again.jpg")).unwrap();
    import(&test).await;
    assert_eq!(pass(&test).await.damaged, 0);
    let subscriber = crate::accounts::Subscriber::for_test(profile);
    let (p, now) = (&test.portal, test.portal.ambient.now());
    let lines = crate::recovery::lines(p.db().unwrap(), &p.incident, subscriber.own(), now).await.unwrap();
    assert_eq!(lines.iter().find(|line| line.category == Category::Photos).unwrap().found, 1);
});
