//! Archives over a whole portal, on both engines.

mod damage;
mod kept;
mod languages;
mod links;
mod racing;
mod served;

use std::io::{Cursor, Read};

use app::Category;
use http::StatusCode;
use sha2::{Digest, Sha256};

use crate::{
    accounts::Profile,
    intake::Intake,
    on_both,
    recovery::{Cohort, release},
    store::{keyring::Keyring, keys::MasterKey, sql, testing::TestDb},
    web::testing::{Answer, TestPortal},
};

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Example\r\nTEL;TYPE=CELL:+12125550123\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bea Example\r\nEND:VCARD\r\n";

/// A subscriber with contacts, a note, a photo and a garbled card.
async fn scene(test: &TestDb) -> (TestPortal, Profile) {
    let portal = TestPortal::new(test);
    let profile = portal.subscriber("a-1", "+12125550101", "data-20").await;
    import(
        &portal,
        &[
            ("contacts/all.vcf", CARDS.as_bytes()),
            ("contacts/bad.vcf", b"garbage"),
            ("notes/list.txt", b"milk"),
            ("photos/dot.png", &dot(9)),
        ],
    )
    .await;
    (portal, profile)
}

/// Imports files of `a-1`.
async fn import(portal: &TestPortal, files: &[(&str, &[u8])]) {
    let root = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = root.path().join("data/a-1").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        // The file's time goes into the archive: always the same, so that archives can be compared.
        let noon = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_256_040_000);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(noon).unwrap();
    }
    let p = &portal.portal;
    let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
    let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
    let (_, outcome) = intake.import(root.path(), &mut |_| {}).await;
    outcome.unwrap();
}

fn dot(red: u8) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([red, 90, 200]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

async fn open(portal: &TestPortal, category: Category) {
    let p = &portal.portal;
    release(p.db().unwrap(), &p.ambient, category, Cohort::Everyone, "test").await.unwrap();
}

/// Another process on the same database, with the same keys and blobs.
fn another(portal: &TestPortal, test: &TestDb) -> TestPortal {
    let blobs = portal.portal.settings.blobs_url.clone();
    TestPortal::with(test, include_str!("../../../../demo/incident.toml"), |settings| {
        settings.blobs_url = blobs
    })
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

fn has(zip: &[u8], name: &str) -> bool {
    unpack(zip).iter().any(|(path, _)| path == name)
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Where the blob of the one file of a category is on disk.
async fn blob_of(portal: &TestPortal, category: &str) -> std::path::PathBuf {
    let (blob,): (String,) = sql("SELECT blob FROM files WHERE category = $1 AND superseded_at IS NULL")
        .bind(category)
        .one(portal.portal.db().unwrap())
        .await
        .unwrap();
    portal.portal.blobs.folder().unwrap().join(blob)
}

on_both!(an_archive_holds_what_is_open_and_proves_itself, |test| {
    let (portal, profile) = scene(test).await;
    for category in [Category::Contacts, Category::Photos] {
        open(&portal, category).await;
    }
    let answer = portal.signed_in(&profile).await.get("/recovery/archive.zip").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(header(&answer, "content-length"), answer.body.len().to_string());
    let files = unpack(&answer.body);
    assert_eq!(files[0].0, "README.html", "what tells of the others comes first");
    assert!(text(&files, "contacts/contacts.vcf").contains("FN:Ann Example"));
    assert!(text(&files, "contacts/each/Bea Example.vcf").contains("Bea"));
    assert_eq!(text(&files, "originals/contacts/all.vcf"), CARDS);
    assert_eq!(text(&files, "originals/quarantine/contacts/bad.vcf"), "garbage");
    assert!(text(&files, "README.html").contains("Demonstration with invented people"));
    assert!(files.iter().any(|(path, bytes)| path == "photos/dot.png" && *bytes == dot(9)));
    assert!(!files.iter().any(|(path, _)| path.contains("notes")), "notes are not released");
    let sums = text(&files, "MANIFEST.sha256");
    assert_eq!(sums.lines().count(), files.len() - 1);
    for (sum, path) in sums.lines().map(|line| line.split_once("  ").unwrap()) {
        let (_, bytes) = files.iter().find(|(name, _)| name == path).unwrap();
        let found = hex::encode(Sha256::digest(bytes));
        assert_eq!(found, sum, "{path}");
    }
    let manifest: serde_json::Value = serde_json::from_str(text(&files, "manifest.json")).unwrap();
    assert_eq!(manifest["files"].as_array().unwrap().len(), files.len() - 2);
});

on_both!(before_release_nothing_can_be_taken, |test| {
    let (portal, profile) = scene(test).await;
    let mut browser = portal.signed_in(&profile).await;
    for path in ["/recovery/archive.zip", "/recovery/contacts/download", "/recovery/nonsense/download"] {
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
    let picture = browser.get(&format!("/recovery/photos/{id}/original")).await;
    assert_eq!(picture.body, dot(9));
    assert_eq!(
        browser.get(&format!("/recovery/photos/{id}/thumbnail")).await.headers["content-type"],
        "image/jpeg"
    );
});

on_both!(what_is_one_persons_is_nobody_elses, |test| {
    let (portal, profile) = scene(test).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    let mut owner = portal.signed_in(&profile).await;
    let tag = header(&owner.get("/recovery/archive.zip").await, "etag").trim_matches('"').to_owned();
    let other = portal.subscriber("a-2", "+12125550102", "data-20").await;
    let mut stranger = portal.signed_in(&other).await;
    let ids: Vec<(String, String)> =
        sql("SELECT id, category FROM items").all(portal.portal.db().unwrap()).await.unwrap();
    for (id, category) in ids {
        let answer = stranger.get(&format!("/recovery/{category}/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let address = format!("/recovery/archive.zip?edition={tag}");
    assert_eq!(owner.get(&address).await.status, StatusCode::OK);
    assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND);
    // Of another part it is none either.
    let elsewhere = format!("/recovery/contacts/download?edition={tag}");
    assert_eq!(owner.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/recovery/archive.zip?edition=").await.status, StatusCode::NOT_FOUND);
    assert_eq!(portal.browser().get("/recovery/archive.zip").await.status, StatusCode::SEE_OTHER);
    assert_eq!(portal.browser().get(&address).await.status, StatusCode::SEE_OTHER);
});
