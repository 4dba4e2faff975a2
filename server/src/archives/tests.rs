use std::io::{Cursor, Read};

use app::Category;
use http::StatusCode;
use sha2::{Digest, Sha256};

use crate::{
    accounts::{Profile, Subscriber},
    archives::{Part, plan, send},
    intake::Intake,
    on_both,
    recovery::{Cohort, lines, release},
    store::{keyring::Keyring, keys::MasterKey, sql, testing::TestDb},
    web::testing::TestPortal,
};

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nTEL;TYPE=CELL:+12125550123\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bea Example\r\nEND:VCARD\r\n";

/// A subscriber with contacts, a note, a photo and a garbled card.
async fn scene(test: &TestDb) -> (TestPortal, Profile) {
    let portal = TestPortal::new(test);
    let profile = portal.subscriber("a-1", "+12125550101", "data-20").await;
    let root = portal.folder.path().join("in");
    let write = |path: &str, bytes: &[u8]| {
        let path = root.join("data/a-1").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("contacts/all.vcf", CARDS.as_bytes());
    write("contacts/bad.vcf", b"garbage");
    write("notes/list.txt", b"milk");
    write("photos/dot.png", &dot());
    let p = &portal.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    let (_, outcome) = intake.import(&root, &mut |_| {}).await;
    outcome.unwrap();
    (portal, profile)
}

fn dot() -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([9, 90, 200]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

async fn open(portal: &TestPortal, category: Category) {
    let p = &portal.portal;
    release(p.db().unwrap(), &p.ambient, category, Cohort::Everyone, "test").await.unwrap();
}

fn unpack(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a str {
    let (_, bytes) = files.iter().find(|(path, _)| path == name).unwrap_or_else(|| panic!("{name} is there"));
    std::str::from_utf8(bytes).unwrap()
}

on_both!(an_archive_holds_what_is_open_and_proves_itself, |test| {
    let (portal, profile) = scene(test).await;
    for category in [Category::Contacts, Category::Photos] {
        open(&portal, category).await;
    }
    let answer = portal.signed_in(&profile).await.get("/recovery/archive.zip").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-length"].to_str().unwrap(), answer.body.len().to_string());
    let files = unpack(&answer.body);
    assert!(text(&files, "contacts/contacts.vcf").contains("FN:Ann Example"));
    assert!(text(&files, "contacts/each/Bea Example.vcf").contains("Bea"));
    assert_eq!(text(&files, "originals/contacts/all.vcf"), CARDS);
    assert_eq!(text(&files, "originals/quarantine/contacts/bad.vcf"), "garbage");
    assert!(text(&files, "README.html").contains("Demonstration with invented people"));
    assert!(files.iter().any(|(path, bytes)| path == "photos/dot.png" && *bytes == dot()));
    assert!(!files.iter().any(|(path, _)| path.contains("notes")), "notes are not released");
    let sums = text(&files, "MANIFEST.sha256");
    assert_eq!(sums.lines().count(), files.len() - 1);
    for (sum, path) in sums.lines().map(|line| line.split_once("  ").unwrap()) {
        let (_, bytes) = files.iter().find(|(name, _)| name == path).unwrap();
        let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, sum, "{path}");
    }
    let manifest: serde_json::Value = serde_json::from_str(text(&files, "manifest.json")).unwrap();
    assert_eq!(manifest["files"].as_array().unwrap().len(), files.len() - 2);
});

on_both!(before_release_nothing_can_be_taken, |test| {
    let (portal, profile) = scene(test).await;
    let mut browser = portal.signed_in(&profile).await;
    for path in ["/recovery/archive.zip", "/recovery/contacts/download"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = browser.get("/recovery/contacts").await.text();
    assert!(!page.contains("Ann Example"), "before release there are counts alone");
    let (id,): (String,) =
        sql("SELECT id FROM items WHERE category = 'photos'").one(portal.portal.db().unwrap()).await.unwrap();
    for path in [format!("/recovery/photos/{id}"), format!("/recovery/photos/{id}/thumbnail")] {
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    open(&portal, Category::Photos).await;
    let picture = browser.get(&format!("/recovery/photos/{id}")).await;
    assert_eq!(picture.body, dot());
    assert_eq!(
        browser.get(&format!("/recovery/photos/{id}/thumbnail")).await.headers["content-type"],
        "image/jpeg"
    );
});

on_both!(what_is_one_persons_is_nobody_elses, |test| {
    let (portal, _) = scene(test).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    let other = portal.subscriber("a-2", "+12125550102", "data-20").await;
    let mut stranger = portal.signed_in(&other).await;
    let ids: Vec<(String, String)> =
        sql("SELECT id, category FROM items").all(portal.portal.db().unwrap()).await.unwrap();
    for (id, category) in ids {
        let answer = stranger.get(&format!("/recovery/{category}/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(portal.browser().get("/recovery/archive.zip").await.status, StatusCode::SEE_OTHER);
});

on_both!(a_rotten_blob_never_passes_as_good, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Photos).await;
    let (blob,): (String,) = sql("SELECT blob FROM files WHERE category = 'photos'")
        .one(portal.portal.db().unwrap())
        .await
        .unwrap();
    let path = portal.portal.blobs.folder().unwrap().join(blob);
    let mut sealed = std::fs::read(&path).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    std::fs::write(&path, sealed).unwrap();
    let p = &portal.portal;
    let (db, now) = (p.db().unwrap(), p.ambient.now());
    let owner = Subscriber::for_test(profile.clone());
    let lines = lines(db, &p.incident, owner.own(), now).await.unwrap();
    let plan = plan(db, &p.incident, owner.own(), &lines, Part::Everything, now).await.unwrap();
    let key = portal.portal.data_key(&profile.id).await.unwrap().unwrap();
    let stream = send::stream(portal.portal.blobs.clone(), key, plan);
    let sent: Result<Vec<_>, _> = futures::TryStreamExt::try_collect(stream).await;
    assert!(sent.is_err());
});
