use std::{
    fs,
    path::{Path, PathBuf},
};

use app::Category;
use tempfile::TempDir;

use super::*;
use crate::{
    accounts::{Profile, Subscriber, erasure},
    ambient::Ambient,
    incident::Incident,
    on_both, recovery,
    store::{Db, blobs::Blobs, keys::MasterKey, sql, testing::TestDb},
    transaction,
    web::testing::NOW,
};

const SUBSCRIBERS: &str = "account,phone,name,email,locale,time_zone,plan\n\
    a-1,+12125550101,Ada Example,ada@example.com,en-US,America/New_York,data-20\n\
    a-2,+12125550102,Bo Example,bo@example.com,en-US,America/New_York,data-20\n";

async fn subscriber_id(db: &Db, account: &str) -> Option<String> {
    store::subscriber_ids(db, &[account.to_owned()]).await.unwrap().remove(account)
}

/// A folder of recovered data and an intake over a test database.
struct Scene {
    folder: TempDir,
    intake: Intake,
}

impl Scene {
    fn new(test: &TestDb) -> Self {
        Self::with_seed(test, 11)
    }

    /// Scenes over one database need seeds of their own: ids come of them.
    fn with_seed(test: &TestDb, seed: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let blobs = Blobs::open(&format!("file://{}", folder.path().join("blobs").display())).unwrap();
        let (ambient, _) = Ambient::fixed(NOW, seed);
        let keyring = Keyring::new(MasterKey::from_bytes([3; 32]));
        let intake = Intake::new(test.db.clone(), blobs, keyring, ambient);
        let scene = Self { folder, intake };
        scene.write("subscribers.csv", SUBSCRIBERS);
        scene
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    async fn import(&self) -> Report {
        self.import_from(&self.root()).await
    }

    async fn import_from(&self, path: &Path) -> Report {
        let (report, outcome) = self.intake.import(path, &mut |_| {}).await;
        outcome.unwrap();
        assert_eq!(report.files, behind(&report), "{report}");
        report
    }

    async fn line(&self, account: &str, category: Category) -> app::models::CategoryLine {
        let incident = Incident::from_toml(include_str!("../../../demo/incident.toml"), "demo").unwrap();
        let id = subscriber_id(&self.intake.db, account).await.unwrap();
        let profile = Subscriber::for_test(Profile::load(&self.intake.db, &id).await.unwrap().unwrap());
        let overview =
            recovery::overview(&self.intake.db, &incident, profile.own(), self.intake.ambient.now())
                .await
                .unwrap();
        overview.lines.into_iter().find(|line| line.category == category).unwrap()
    }
}

/// Each file is behind items, unchanged or quarantined: at least not more than all.
fn behind(report: &Report) -> u64 {
    report.by_category.values().map(|counts| counts.files).sum()
}

fn card(name: &str, number: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nTEL:{number}\r\nEND:VCARD\r\n")
}

on_both!(what_comes_in_is_counted_once_whatever_path_it_comes_by, |test| {
    let scene = Scene::new(test);
    scene.write("inventory.csv", "account,category,expected,as_of\na-1,contacts,3,2009-10-01\n");
    scene.write("data/a-1/contacts/all.vcf", card("Ann", "1") + &card("Ben", "2"));
    let first = scene.import().await;
    assert_eq!((first.files, first.items, first.quarantined), (1, 2, 0));
    let second = scene.import().await;
    assert_eq!((second.files, second.items, second.unchanged), (1, 0, 1));
    scene.write("data/a-1/contacts/again/ann.vcf", card("Ann", "1"));
    let third = scene.import().await;
    assert_eq!((third.files, third.items, third.unchanged), (2, 0, 1));
    let line = scene.line("a-1", Category::Contacts).await;
    assert_eq!((line.found, line.expected, line.words().as_str()), (2, Some(3), "2 of 3 recovered"));
});

on_both!(what_staff_search_in_holds_no_address_that_is_masked, |test| {
    let scene = Scene::new(test);
    scene.import().await;
    let searched: Vec<(String,)> =
        sql("SELECT search FROM subscribers ORDER BY account").all(&scene.intake.db).await.unwrap();
    assert_eq!(searched, [("ada example a-1".to_owned(),), ("bo example a-2".to_owned(),)]);
});

on_both!(a_garbled_file_is_kept_in_quarantine_with_its_reason, |test| {
    let scene = Scene::new(test);
    scene.write("data/a-1/contacts/bad.vcf", b"\x00\x01garbage");
    scene.write("data/a-1/photos/empty.jpg", b"");
    for _ in 0..2 {
        let report = scene.import().await;
        assert_eq!((report.files, report.items, report.quarantined), (2, 0, 2));
        assert_eq!(report.problems.len(), 2);
        assert!(report.problems.iter().all(|problem| !problem.reason.is_empty()));
    }
    let line = scene.line("a-1", Category::Contacts).await;
    assert_eq!((line.found, line.quarantined), (0, 1));
    let (blob, bytes): (String, i64) =
        sql("SELECT blob, bytes FROM files WHERE category = 'contacts'").one(&scene.intake.db).await.unwrap();
    let id = subscriber_id(&scene.intake.db, "a-1").await.unwrap();
    let key = scene.intake.keyring.get(&scene.intake.db, &id).await.unwrap().unwrap();
    let kept = scene.intake.blobs.read_whole(&blob, &key, bytes as u64).await.unwrap();
    assert_eq!(kept, b"\x00\x01garbage");
});

on_both!(unknown_accounts_and_categories_wait_in_quarantine, |test| {
    let scene = Scene::new(test);
    scene.write("data/a-9/contacts/all.vcf", card("Cy", "3"));
    scene.write("data/a-1/fotos/x.jpg", b"x");
    let report = scene.import().await;
    assert_eq!((report.files, report.quarantined), (2, 2));
    assert_eq!(report.by_category["unknown"], Counts { files: 2, items: 0, quarantined: 2 });
    scene.write("subscribers.csv", format!("{SUBSCRIBERS}a-9,+12125550109,Cy,,,,\n"));
    let report = scene.import().await;
    assert_eq!((report.items, report.quarantined), (1, 1));
    assert_eq!(scene.line("a-9", Category::Contacts).await.found, 1);
});

on_both!(other_bytes_under_a_path_supersede_and_remove_nothing, |test| {
    let scene = Scene::new(test);
    scene.write("data/a-1/notes/list.txt", "milk");
    scene.import().await;
    scene.write("data/a-1/notes/list.txt", "milk and eggs");
    assert_eq!(scene.import().await.items, 1);
    let states: Vec<(Option<i64>,)> =
        sql("SELECT superseded_at FROM files ORDER BY imported_at, id").all(&scene.intake.db).await.unwrap();
    assert_eq!(states.iter().filter(|(at,)| at.is_some()).count(), 1);
    assert_eq!(scene.line("a-1", Category::Notes).await.found, 2);
    scene.write("data/a-1/notes/list.txt", "milk");
    let report = scene.import().await;
    assert_eq!((report.items, report.unchanged), (0, 1));
});

on_both!(cards_with_one_uid_are_one_item_and_the_newest_is_shown, |test| {
    let scene = Scene::new(test);
    let version = |name: &str, revised: &str| {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-1\r\nFN:{name}\r\nREV:{revised}\r\nEND:VCARD\r\n")
    };
    scene.write("data/a-1/contacts/new.vcf", version("New", "2009-09-01T00:00:00Z"));
    scene.write("data/a-1/contacts/old.vcf", version("Old", "2008-09-01T00:00:00Z"));
    assert_eq!(scene.import().await.items, 1);
    let (title,): (String,) = sql("SELECT title FROM items").one(&scene.intake.db).await.unwrap();
    assert_eq!(title, "New");
    let versions: Vec<(String,)> = sql("SELECT title FROM versions").all(&scene.intake.db).await.unwrap();
    assert_eq!(versions, [("Old".to_owned(),)]);
});

on_both!(a_bad_line_costs_itself_and_says_where_it_is, |test| {
    let scene = Scene::new(test);
    scene.write("subscribers.csv", format!("{SUBSCRIBERS}a-3,not a phone,Cy,,,,\na-4,+12125550104,Di,,,,\n"));
    scene.write("inventory.csv", "account,category,expected,as_of\nnobody,contacts,3,2009-10-01\n");
    let report = scene.import().await;
    let places: Vec<_> =
        report.problems.iter().map(|problem| (problem.path.as_str(), problem.line)).collect();
    assert_eq!(places, [("subscribers.csv", Some(4)), ("inventory.csv", Some(2))]);
    assert!(subscriber_id(&scene.intake.db, "a-4").await.is_some());
});

on_both!(a_phone_that_two_accounts_claim_is_a_problem, |test| {
    let scene = Scene::new(test);
    scene.write("subscribers.csv", format!("{SUBSCRIBERS}a-3,+12125550101,Cy,,,,\n"));
    let report = scene.import().await;
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].line, Some(4));
    assert!(!report.problems[0].reason.contains("+1212"), "a report names accounts, not phones");
});

on_both!(a_truncated_container_keeps_what_came_before, |test| {
    let scene = Scene::new(test);
    for n in 0..40 {
        scene.write(&format!("data/a-1/notes/{n}.txt"), format!("note {n} {}", "x".repeat(2_000)));
    }
    let path = scene.folder.path().join("all.tar");
    let mut tar = tar::Builder::new(fs::File::create(&path).unwrap());
    tar.append_path_with_name(scene.root().join("subscribers.csv"), "subscribers.csv").unwrap();
    tar.append_dir_all("data", scene.root().join("data")).unwrap();
    tar.finish().unwrap();
    drop(tar);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let (report, outcome) = scene.intake.import(&path, &mut |_| {}).await;
    assert!(outcome.is_err());
    assert!(report.items > 0 && report.items < 40, "{report} {outcome:?}");
    fs::write(&path, &whole).unwrap();
    let rest = scene.import_from(&path).await;
    assert_eq!(report.items + rest.items, 40);
});

on_both!(before_release_there_are_counts_and_after_it_there_are_items, |test| {
    let scene = Scene::new(test);
    scene.write("data/a-1/contacts/all.vcf", card("Ann", "1"));
    scene.import().await;
    let line = scene.line("a-1", Category::Contacts).await;
    assert_eq!((line.found, line.released), (1, false));
    let (db, ambient) = (&scene.intake.db, &scene.intake.ambient);
    for _ in 0..2 {
        let cohort = recovery::Cohort::Accounts(vec!["a-1".to_owned(), "a-0".to_owned()]);
        let released = recovery::release(db, ambient, Category::Contacts, cohort, "test").await.unwrap();
        assert_eq!((released.subscribers, released.unknown_accounts), (1, vec!["a-0".to_owned()]));
    }
    assert!(scene.line("a-1", Category::Contacts).await.released);
    let everyone = recovery::Cohort::Everyone;
    let released = recovery::release(db, ambient, Category::Notes, everyone, "test").await.unwrap();
    assert_eq!(released.subscribers, 2);
});

/// Whether what is counted is what is there, and what the imports said.
async fn assert_counts_are_true(db: &Db, reports: &[&Report]) {
    let wrong: Vec<(String, String)> = sql("SELECT h.subscriber_id, h.category FROM holdings h
         WHERE h.items <> (SELECT COUNT(*) FROM items i
                           WHERE i.subscriber_id = h.subscriber_id AND i.category = h.category)
         OR h.files <> (SELECT COUNT(*) FROM files f WHERE f.subscriber_id = h.subscriber_id
                        AND f.category = h.category AND f.superseded_at IS NULL)")
    .all(db)
    .await
    .unwrap();
    assert_eq!(wrong, []);
    let doubled: Vec<(String, String)> = sql("SELECT account, path FROM files WHERE superseded_at IS NULL
         GROUP BY account, category, path HAVING COUNT(*) > 1")
    .all(db)
    .await
    .unwrap();
    assert_eq!(doubled, []);
    let (items,): (i64,) = sql("SELECT COUNT(*) FROM items").one(db).await.unwrap();
    assert_eq!(reports.iter().map(|report| report.items).sum::<u64>(), items as u64);
}

on_both!(what_a_power_cut_left_of_a_blob_does_not_stop_an_import, |test| {
    let scene = Scene::new(test);
    scene.write("data/a-1/notes/n.txt", "Call Bo");
    scene.import().await;
    let db = &scene.intake.db;
    let (blob,): (String,) = sql("SELECT blob FROM files").one(db).await.unwrap();
    fs::write(scene.folder.path().join("blobs").join(&blob), "").unwrap();
    // The cut came before anything was written down.
    transaction!(db, |tx| -> crate::store::Result<u64> {
        sql("DELETE FROM items").execute(&mut *tx).await?;
        sql("DELETE FROM files").execute(tx).await
    })
    .unwrap();
    assert_eq!(scene.import().await.items, 1);
    let key = scene.intake.keyring.get(db, blob.split('/').next().unwrap()).await.unwrap().unwrap();
    assert_eq!(scene.intake.blobs.read_whole(&blob, &key, 7).await.unwrap(), b"Call Bo");
});

on_both!(files_of_somebody_who_is_erased_meanwhile_are_refused_and_the_others_taken_in, |test| {
    let scene = Scene::new(test);
    let run: std::sync::Arc<str> = scene.import().await.run.into();
    for account in ["a-1", "a-2"] {
        scene.write(&format!("data/{account}/notes/n.txt"), format!("Call {account}"));
    }
    let intake = &scene.intake;
    let (fed, walking) = feed::feed(&scene.root(), feed::Pass::TheRest, 10);
    let (to, mut prepared) = tokio::sync::mpsc::channel(10);
    prepare::prepare_all(intake.clone(), fed, to).await;
    walking.await.unwrap().unwrap();
    let (db, root) = (&intake.db, intake.keyring.root());
    erasure::erase(db, &intake.blobs, root, &intake.ambient, "a-1").await.unwrap().unwrap();

    let mut report = Report::default();
    while let Some((steps, outcome)) = prepared.recv().await {
        outcome.unwrap();
        let files: Vec<_> = steps.into_iter().filter_map(prepare::Step::into_file).collect();
        intake.write_files(&files, &run, &mut report).await.unwrap();
    }
    assert_eq!((report.files, report.items, report.unchanged), (2, 1, 1));
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].path, "data/a-1/notes/n.txt");
});

on_both!(two_imports_at_once_come_to_what_one_after_the_other_would, |test| {
    let (one, mut other, mut again) =
        (Scene::new(test), Scene::with_seed(test, 12), Scene::with_seed(test, 13));
    for scene in [&mut other, &mut again] {
        scene.intake.blobs = one.intake.blobs.clone();
    }
    let shared = |name: &str, n: u32, year: u32| {
        format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-{n}\r\nFN:{name} {n}\r\nREV:{year}-09-01T00:00:00Z\r\nEND:VCARD\r\n"
        )
    };
    for n in 0..30 {
        for scene in [&one, &other] {
            scene.write(&format!("data/a-1/notes/{n}.txt"), format!("note {n}"));
            scene.write(&format!("data/a-{}/contacts/{n}.vcf", n % 2 + 1), card(&format!("Ann {n}"), "1"));
        }
        one.write(&format!("data/a-2/tasks/{n}.vcf"), "no task");
        one.write(&format!("data/a-1/contacts/shared/{n}.vcf"), shared("One", n, 2008));
        other.write(&format!("data/a-1/contacts/shared/{n}.vcf"), shared("Other", n, 2009));
    }
    for n in 0..30 {
        again.write(&format!("data/a-1/contacts/third/{n}.vcf"), shared("Third", n, 2007));
    }
    let (first, second, third) = tokio::join!(one.import(), other.import(), again.import());
    let db = &one.intake.db;
    assert_counts_are_true(db, &[&first, &second, &third]).await;
    let (newest, versions): (i64, i64) = sql("SELECT (SELECT COUNT(*) FROM items WHERE title LIKE 'Other%'),
         (SELECT COUNT(*) FROM versions)")
    .one(db)
    .await
    .unwrap();
    assert_eq!((newest, versions), (30, 60));
});

on_both!(a_path_whose_first_bytes_come_again_in_one_container_has_them, |test| {
    let scene = Scene::new(test);
    let path = scene.folder.path().join("twice.tar");
    let mut tar = tar::Builder::new(fs::File::create(&path).unwrap());
    for (name, text) in [
        ("subscribers.csv", SUBSCRIBERS),
        ("data/a-1/notes/list.txt", "milk"),
        ("data/a-1/notes/list.txt", "eggs"),
        ("data/a-1/notes/list.txt", "milk"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap();
    let report = scene.import_from(&path).await;
    assert_counts_are_true(&scene.intake.db, &[&report]).await;
    let current: Vec<(i64,)> =
        sql("SELECT bytes FROM files WHERE superseded_at IS NULL").all(&scene.intake.db).await.unwrap();
    assert_eq!(current.len(), 1);
});

on_both!(many_rows_at_once_are_judged_one_by_one, |test| {
    let scene = Scene::new(test);
    let row = |account: usize, phone: usize| format!("m-{account},+1212556{phone:04},M,,,,\n");
    let mut people: Vec<String> = (0..250).map(|number| row(number, number)).collect();
    // Line 122 of the file: another who claims the phone of m-7, in one statement with others.
    people[120] = row(120, 7);
    // An account that comes twice: the later row holds.
    people.push(row(3, 999));
    scene.write(
        "subscribers.csv",
        format!("account,phone,name,email,locale,time_zone,plan\n{}", people.concat()),
    );
    let mut inventory = String::from("account,category,expected,as_of\n");
    (0..250).for_each(|number| inventory.push_str(&format!("m-{number},notes,{number},2009-10-01\n")));
    inventory.push_str("m-251,notes,1,2009-10-01\nm-5,notes,77,2009-10-01\n");
    scene.write("inventory.csv", inventory.replace("m-130,", "nobody,"));
    let report = scene.import().await;
    let places: Vec<_> =
        report.problems.iter().map(|problem| (problem.path.as_str(), problem.line)).collect();
    let inventory = "inventory.csv";
    assert_eq!(places, [("subscribers.csv", Some(122)), (inventory, Some(132)), (inventory, Some(252))]);
    assert_eq!(report.rows, 250 + 250);
    let (phone,): (String,) =
        sql("SELECT phone FROM subscribers WHERE account = 'm-3'").one(&scene.intake.db).await.unwrap();
    assert_eq!(phone, "+12125560999");
    for (account, expected) in [("m-5", 77), ("m-249", 249)] {
        assert_eq!(scene.line(account, Category::Notes).await.expected, Some(expected));
    }
});

/// A reasonable mess: known and unknown accounts, whole, partly read and unreadable files, gaps and surplus.
fn mess(scene: &Scene) {
    let broken = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Never ends\r\n";
    scene.write("subscribers.csv", format!("{SUBSCRIBERS}a-3,no phone,Cy Secret,,,,\na-4,,Di,,,,\n"));
    scene.write(
        "inventory.csv",
        "account,category,expected,as_of\na-1,contacts,3,2009-10-01\na-2,contacts,1,2009-10-01\n\
         a-1,notes,4,2009-10-01\nnobody,contacts,3,2009-10-01\n",
    );
    scene.write("verdicts.csv", "account,category,verdict,reason\na-1,notes,unrecoverable,the disk\n");
    scene.write("data/a-1/contacts/all.vcf", card("Ann Secret", "1"));
    scene.write("data/a-2/contacts/all.vcf", card("Ben", "2") + &card("Cem", "3") + broken);
    for n in 0..8 {
        scene.write(&format!("data/a-1/photos/{n}.jpg"), format!("garbage {n}"));
    }
    scene.write(
        "data/a-2/tasks/a.ics",
        "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:Go\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
    );
    scene.write("data/a-9/contacts/all.vcf", card("Cy", "3"));
    scene.write("data/a-1/fotos/<x>.jpg", b"x");
    scene.write("stray.txt", b"x");
}

on_both!(a_report_says_what_was_wrong_and_what_is_missing, |test| {
    let scene = Scene::new(test);
    mess(&scene);
    let first = scene.import().await;
    let html = page_of(&scene.intake.db, None, NOW).await.unwrap().unwrap().html();
    let html = html.replace(&first.run, "RUN").replace(&scene.root().display().to_string(), "/in");
    for never in ["Secret", "+12125550101", "example.com", "garbage"] {
        assert!(!html.contains(never), "{never}");
    }
    insta::assert_snapshot!("report", html);
    // Drawn again, and for a run that changed nothing.
    let again = scene.import().await;
    let page = page_of(&scene.intake.db, Some(&again.run), NOW).await.unwrap().unwrap();
    assert_eq!(page.stored.unwrap().unchanged, again.unchanged);
    assert!(page_of(&scene.intake.db, Some("no run"), NOW).await.unwrap().is_none());
});

on_both!(a_large_file_is_kept_without_being_held_in_memory, |test| {
    let scene = Scene::new(test);
    let mut photo = b"GIF89a".to_vec();
    photo.extend([0x40, 1, 0xF0, 0]);
    photo.resize(feed::LARGEST_PHOTO as usize + 100_001, 7);
    scene.write("data/a-1/photos/large.gif", &photo);
    scene.write("data/a-1/notes/small.txt", "small");
    let report = scene.import().await;
    assert_eq!((report.files, report.items, report.quarantined), (2, 2, 0), "{report}");
    let (blob, bytes, sha256): (String, i64, Vec<u8>) =
        sql("SELECT blob, bytes, sha256 FROM files WHERE category = 'photos'")
            .one(&scene.intake.db)
            .await
            .unwrap();
    let id = subscriber_id(&scene.intake.db, "a-1").await.unwrap();
    let key = scene.intake.keyring.get(&scene.intake.db, &id).await.unwrap().unwrap();
    assert_eq!(scene.intake.blobs.read_whole(&blob, &key, bytes as u64).await.unwrap(), photo);
    assert_eq!(sha256, <sha2::Sha256 as sha2::Digest>::digest(&photo).as_slice());
    let again = scene.import().await;
    assert_eq!((again.items, again.unchanged), (0, 2));
});

on_both!(pictures_larger_than_all_room_for_decoding_are_drawn_one_after_the_other, |test| {
    let mut scene = Scene::new(test);
    scene.intake.decoding = super::room::Room::of(1);
    for n in 0..6 {
        let mut picture = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(400 + n, 300).write_to(&mut picture, image::ImageFormat::Jpeg).unwrap();
        scene.write(&format!("data/a-1/photos/{n}.jpg"), picture.into_inner());
    }
    scene.write("data/a-1/photos/none.jpg", "no picture");
    let report = scene.import().await;
    assert_eq!((report.items, report.quarantined), (6, 1), "{report}");
    let (drawn,): (i64,) =
        sql("SELECT COUNT(*) FROM items WHERE thumbnail IS NOT NULL").one(&scene.intake.db).await.unwrap();
    assert_eq!(drawn, 6);
});

on_both!(what_changes_nothing_sets_no_clock, |test| {
    let scene = Scene::new(test);
    let inventory = |n: u32| format!("account,category,expected,as_of\na-1,contacts,{n},2009-10-01\n");
    scene.write("inventory.csv", inventory(1));
    scene.write("verdicts.csv", "account,category,verdict,reason\na-1,notes,unrecoverable,the disk\n");
    scene.write("data/a-1/contacts/all.vcf", card("Ann", "1"));
    scene.import().await;
    let db = &scene.intake.db;
    let clocks = async || -> Vec<(String, i64)> {
        sql("SELECT category, changed_at FROM holdings ORDER BY category").all(db).await.unwrap()
    };
    transaction!(db, |tx| -> crate::store::Result<u64> {
        sql("UPDATE holdings SET changed_at = 1").execute(tx).await
    })
    .unwrap();
    scene.import().await;
    assert_eq!(clocks().await, [("contacts".to_owned(), 1), ("notes".to_owned(), 1)]);
    // As many files and items as before, and yet other ones.
    scene.write("data/a-1/contacts/all.vcf", card("Ann", "1").replace('\r', ""));
    scene.import().await;
    assert_eq!(clocks().await, [("contacts".to_owned(), NOW), ("notes".to_owned(), 1)]);
});
