use app::Category;

use super::*;
use crate::{
    accounts::{Profile, Subscriber},
    intake::Intake,
    on_both,
    recovery::lines,
    store::{keyring::Keyring, keys::MasterKey},
    web::testing::TestPortal,
};

/// A subscriber with a card, and a picture that is there twice under two paths.
async fn someone(test: &TestPortal) -> Profile {
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    let root = test.folder.path().join("in");
    let write = |path: &str, bytes: &[u8]| {
        let path = root.join("data/a-1").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("contacts/a.vcf", b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nTEL:+12125550123\nEND:VCARD\n");
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(400, 300).write_to(&mut picture, image::ImageFormat::Jpeg).unwrap();
    let picture = picture.into_inner();
    write("photos/a.jpg", &picture);
    write("photos/again.jpg", &picture);
    write("photos/no-picture.jpg", b"no picture at all");
    import(test).await;
    profile
}

async fn import(test: &TestPortal) {
    let p = &test.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    intake.import(&test.folder.path().join("in"), &mut |_| {}).await.1.unwrap();
}

async fn found_of(test: &TestPortal, profile: &Profile, category: Category) -> (i64, i64) {
    let (portal, subscriber) = (&test.portal, Subscriber::for_test(profile.clone()));
    let lines = lines(portal.db().unwrap(), &portal.incident, subscriber.own(), portal.ambient.now()).await;
    let line = lines.unwrap().into_iter().find(|line| line.category == category).unwrap();
    (line.found, line.damaged)
}

async fn blob_of(test: &TestPortal, path: &str) -> String {
    let row = sql("SELECT blob FROM files WHERE path = $1").bind(path);
    row.one::<(String,)>(test.portal.db().unwrap()).await.unwrap().0
}

#[tokio::test]
async fn the_files_of_a_blob_are_found_by_an_index() {
    let test = crate::store::testing::sqlite().await;
    for statement in [
        "EXPLAIN QUERY PLAN UPDATE files SET damaged_at = 1 WHERE subscriber_id = 's' AND blob = 's/b'",
        "EXPLAIN QUERY PLAN UPDATE files SET damaged_at = 1 WHERE subscriber_id IS NULL AND blob = 'unclaimed/b'",
    ] {
        let steps: Vec<(i64, i64, i64, String)> = sql(statement).all(&test.db).await.unwrap();
        assert!(
            steps.iter().any(|step| step.3.contains("files_blob (subscriber_id=? AND blob=?)")),
            "{steps:?}"
        );
    }
}

on_both!(a_photo_whose_bytes_rot_is_not_recovered_until_they_can_be_read_again, |test| {
    let test = TestPortal::new(test);
    let profile = someone(&test).await;
    let (db, ambient) = (test.portal.db().unwrap(), &test.portal.ambient);
    assert_eq!(found_of(&test, &profile, Category::Photos).await, (1, 0));
    let blob = blob_of(&test, "a.jpg").await;
    test.clock.advance(1000);
    let before = recovery::changes(db).await.unwrap();
    assert_eq!(found(db, ambient, &blob, &BlobError::Absent).await.unwrap(), 2);
    assert_eq!(found(db, ambient, &blob, &BlobError::Absent).await.unwrap(), 0);
    assert!(recovery::changes(db).await.unwrap() > before);
    let (changed,): (i64,) =
        sql("SELECT changed_at FROM holdings WHERE category = 'photos'").one(db).await.unwrap();
    assert_eq!(changed, ambient.now());
    assert_eq!(found_of(&test, &profile, Category::Photos).await, (0, 2));
    assert_eq!(mended(db, ambient, &blob).await.unwrap(), 2);
    assert_eq!(found_of(&test, &profile, Category::Photos).await, (1, 0));
});

on_both!(a_card_lives_on_when_its_file_rots, |test| {
    let test = TestPortal::new(test);
    let profile = someone(&test).await;
    let blob = blob_of(&test, "a.vcf").await;
    found(test.portal.db().unwrap(), &test.portal.ambient, &blob, &BlobError::Length).await.unwrap();
    assert_eq!(found_of(&test, &profile, Category::Contacts).await, (1, 1));
    assert_eq!(found_of(&test, &profile, Category::Photos).await, (1, 0));
});

on_both!(an_outage_marks_nothing, |test| {
    let test = TestPortal::new(test);
    let profile = someone(&test).await;
    let blob = blob_of(&test, "a.jpg").await;
    let outage = BlobError::Sync(std::io::Error::other("the disk is away"));
    for away in [outage, BlobError::Elsewhere] {
        assert_eq!(found(test.portal.db().unwrap(), &test.portal.ambient, &blob, &away).await.unwrap(), 0);
    }
    assert_eq!(found_of(&test, &profile, Category::Photos).await, (1, 0));
});

on_both!(a_damaged_thumbnail_is_forgotten_and_its_photo_stays_recovered, |test| {
    let test = TestPortal::new(test);
    let profile = someone(&test).await;
    let db = test.portal.db().unwrap();
    let thumbnail = "SELECT thumbnail FROM items WHERE category = 'photos'";
    let (blob,): (Option<String>,) = sql(thumbnail).one(db).await.unwrap();
    let counted = found(db, &test.portal.ambient, &blob.unwrap(), &BlobError::Absent).await.unwrap();
    assert_eq!(counted, 0);
    assert_eq!(sql(thumbnail).one::<(Option<String>,)>(db).await.unwrap(), (None,));
    assert_eq!(found_of(&test, &profile, Category::Photos).await, (1, 0));
});
