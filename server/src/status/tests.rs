use std::path::Path;

use app::Category;
use http::StatusCode;
use serde_json::Value;

use super::{
    Trouble,
    snapshot::{self, OnDisk},
    watch::Watch,
};
use crate::{
    ambient::Ambient,
    incident::Incident,
    on_both,
    portal::Portal,
    settings::{Flavor, Settings},
    store::{self, blobs::Blobs, keys::MasterKey, sql, testing},
    transaction,
    web::testing::{Answer, NOW, TestPortal},
};

/// A portal over `url` that has not opened its database, as after a restart.
fn restarted(folder: &Path, url: &str) -> Portal {
    let data = folder.display().to_string();
    let variables = [("MAKEGOOD_DATA_DIR", data.as_str()), ("MAKEGOOD_DATABASE_URL", url)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::load(None, variables.into_iter(), Flavor::Real).unwrap();
    let incident = Incident::from_toml(include_str!("../../../demo/incident.toml"), "incident.toml").unwrap();
    let blobs = Blobs::open(&settings.blobs_url).unwrap();
    Portal::new(settings, incident, Ambient::fixed(NOW, 1).0, MasterKey::from_bytes([7; 32]), blobs)
}

/// Two subscribers' contacts: 8 of 10, and 5 of nobody knows how many.
async fn with_contacts(portal: &TestPortal) {
    let ada = portal.subscriber("1001", "+14155550142", "data-20").await;
    let bob = portal.subscriber("1002", "+14155550143", "data-20").await;
    portal.holding(&ada, Category::Contacts, 8, Some(10)).await;
    portal.holding(&bob, Category::Contacts, 5, None).await;
}

async fn raise(portal: &Portal) {
    transaction!(portal.db().unwrap(), |tx| -> store::Result<()> {
        sql("INSERT INTO changes (name, count) VALUES ('recovery', 1)
             ON CONFLICT (name) DO UPDATE SET count = changes.count + 1")
        .execute(tx)
        .await?;
        Ok(())
    })
    .unwrap();
}

async fn get(portal: &Portal, path: &str) -> Answer {
    use axum::body::Body;
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let request = http::Request::get(path).body(Body::empty()).unwrap();
    let response = crate::web::router(portal.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn json(portal: &Portal, path: &str) -> Value {
    serde_json::from_slice(&get(portal, path).await.body).unwrap()
}

/// The words of a page, without its tags.
fn words(answer: &Answer) -> String {
    let text = answer.text();
    text.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

on_both!(the_page_shows_the_sums_over_everybody_and_follows_every_change, |test| {
    let portal = TestPortal::new(test);
    with_contacts(&portal).await;
    let mut watch = Watch::new(portal.portal.clone());
    assert_eq!(watch.look().await, None);
    let answer = get(&portal.portal, "/status").await;
    assert_eq!(answer.headers["cache-control"], "public, max-age=1");
    let page = words(&answer);
    assert!(page.contains("8 of 10 recovered"), "{page}");
    assert!(page.contains("5 more are back than we knew of, or of people for whom we do not know"), "{page}");
    assert!(page.contains("Contacts are back"), "{page}");
    assert!(!page.contains("cannot be reached"), "{page}");

    let dan = portal.subscriber("1004", "+14155550145", "data-20").await;
    portal.holding(&dan, Category::Contacts, 7, Some(5)).await;
    let eve = portal.subscriber("1003", "+14155550144", "data-20").await;
    portal.holding(&eve, Category::Tasks, 1, Some(4)).await;
    watch.look().await;
    assert!(!words(&get(&portal.portal, "/status").await).contains("1 of 4"));
    raise(&portal.portal).await;
    watch.not_before = std::time::Instant::now();
    watch.look().await;
    let page = words(&get(&portal.portal, "/status").await);
    assert!(page.contains("1 of 4 recovered"), "{page}");
    // What Dan has too much is no part of what is missing to Ada.
    assert!(page.contains("13 of 15 recovered") && page.contains("7 more are back"), "{page}");
    assert_eq!(get(&portal.portal, "/readyz").await.status, StatusCode::OK);
});

on_both!(after_a_restart_without_a_database_the_snapshot_stands_with_its_time, |test| {
    let portal = TestPortal::new(test);
    with_contacts(&portal).await;
    Watch::new(portal.portal.clone()).look().await;
    let nowhere = format!("sqlite://{}/gone.db", portal.folder.path().display());
    for url in [nowhere.as_str(), "postgres://nobody@127.0.0.1:1/none"] {
        let again = restarted(portal.folder.path(), url);
        let trouble = Watch::new(again.clone()).look().await;
        assert!(matches!(trouble, Some(Trouble::Gone | Trouble::Unreached)), "{trouble:?}");
        let page = words(&get(&again, "/status").await);
        assert!(page.contains("8 of 10 recovered"), "{page}");
        assert!(page.contains("20 October 2009, 12:00:00 UTC"), "{page}");
        assert!(page.contains("Our database cannot be reached just now"), "{page}");
        let ready = get(&again, "/readyz").await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(ready.text().contains("database"), "{}", ready.text());
        assert!(again.db().is_err());
        assert!(json(&again, "/api/v2/summary.json").await["components"].is_array());
    }
    assert!(!portal.folder.path().join("gone.db").exists());
});

on_both!(another_database_never_replaces_the_snapshot, |test| {
    let portal = TestPortal::new(test);
    with_contacts(&portal).await;
    Watch::new(portal.portal.clone()).look().await;
    let file = snapshot::path(portal.folder.path());
    let before = std::fs::read(&file).unwrap();
    let others = [Some(testing::sqlite().await), testing::postgres().await];
    for other in others.iter().flatten() {
        let again = restarted(portal.folder.path(), &other.url);
        let mut watch = Watch::new(again.clone());
        assert_eq!(watch.look().await, Some(Trouble::Another));
        assert_eq!(watch.look().await, Some(Trouble::Another));
        assert!(again.db().is_err());
        assert!(words(&get(&again, "/status").await).contains("8 of 10 recovered"));
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
});

#[tokio::test]
async fn an_empty_or_unreadable_file_is_not_made_into_a_database() {
    let test = testing::sqlite().await;
    let portal = TestPortal::new(&test);
    with_contacts(&portal).await;
    Watch::new(portal.portal.clone()).look().await;
    let path = portal.folder.path().join("other.db");
    let url = format!("sqlite://{}", path.display());
    let noise = vec![b'x'; 8192];
    for (bytes, expected) in [(&b""[..], Trouble::Empty), (&noise, Trouble::Unreadable)] {
        std::fs::write(&path, bytes).unwrap();
        let again = restarted(portal.folder.path(), &url);
        assert_eq!(Watch::new(again.clone()).look().await, Some(expected));
        assert!(words(&get(&again, "/status").await).contains("8 of 10 recovered"));
        assert_eq!(get(&again, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
    std::fs::remove_file(&path).unwrap();
    Watch::new(restarted(portal.folder.path(), &url)).look().await;
    assert!(!path.exists());
}

#[tokio::test]
async fn a_file_that_is_swapped_while_we_serve_is_noticed_and_its_return_too() {
    let test = testing::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("makegood.db");
    let portal = restarted(folder.path(), &format!("sqlite://{}", path.display()));
    let mut watch = Watch::new(portal.clone());
    assert_eq!(watch.look().await, None);
    let away = folder.path().join("away.db");
    rename(&path, &away);
    assert_eq!(watch.look().await, Some(Trouble::Unreached));
    test.db.close().await;
    std::fs::copy(test.url.strip_prefix("sqlite://").unwrap(), &path).unwrap();
    assert_eq!(watch.look().await, Some(Trouble::Another));
    assert!(portal.db().is_err());
    assert!(get(&portal, "/status").await.status.is_success());
    rename(&path, &folder.path().join("wrong.db"));
    rename(&away, &path);
    assert_eq!(watch.look().await, None);
    assert!(portal.db().is_ok());
}

/// Moves a database with the files beside it.
fn rename(from: &Path, to: &Path) {
    for end in ["", "-wal", "-shm"] {
        // Beside a closed database there is none.
        let _ = std::fs::rename(format!("{}{end}", from.display()), format!("{}{end}", to.display()));
    }
}

on_both!(a_first_start_makes_the_database_and_a_wrong_key_is_refused, |test| {
    let folder = tempfile::tempdir().unwrap();
    let portal = restarted(folder.path(), &test.url);
    crate::status::start(&portal).await.unwrap();
    assert!(portal.db().is_ok());
    let OnDisk::Kept(kept) = snapshot::read(&snapshot::path(folder.path())) else { panic!("a snapshot") };
    assert_eq!(kept.id.len(), 36);
    transaction!(test.db, |tx| -> store::Result<u64> {
        sql("UPDATE master_keys SET id = 'x'").execute(tx).await
    })
    .unwrap();
    let again = restarted(folder.path(), &test.url);
    assert!(crate::status::start(&again).await.is_err());
    portal.stopping.cancel();
    again.stopping.cancel();
});

#[tokio::test]
async fn a_read_needs_no_database_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let portal = restarted(folder.path(), "postgres://nobody@127.0.0.1:1/none");
    let page = words(&get(&portal, "/status").await);
    assert!(page.contains("so the counts are missing here"), "{page}");
    for path in ["/api/v2/summary.json", "/api/v2/status.json", "/history.atom", "/history.rss"] {
        let answer = get(&portal, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
    }
    assert_eq!(get(&portal, "/api/v2/nothing.json").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_summary_is_what_clients_of_statuspage_read() {
    let test = testing::sqlite().await;
    let portal = TestPortal::new(&test);
    let ada = portal.subscriber("1001", "+14155550142", "data-20").await;
    portal.holding(&ada, Category::Contacts, 8, Some(10)).await;
    Watch::new(portal.portal.clone()).look().await;
    insta::assert_json_snapshot!("status", json(&portal.portal, "/api/v2/status.json").await);
    let mut summary = json(&portal.portal, "/api/v2/summary.json").await;
    // One of each kind tells the shape.
    for list in ["/components", "/incidents/0/components"] {
        summary.pointer_mut(list).unwrap().as_array_mut().unwrap().truncate(1);
    }
    let updates = summary.pointer_mut("/incidents/0/incident_updates").unwrap().as_array_mut().unwrap();
    assert_eq!(updates.len(), 8);
    updates.truncate(2);
    insta::assert_json_snapshot!("summary", summary);
    let all = json(&portal.portal, "/api/v2/incidents.json").await;
    assert_eq!(all["incidents"][0]["id"], summary["incidents"][0]["id"]);
    assert_eq!(
        json(&portal.portal, "/api/v2/scheduled-maintenances/active.json").await["scheduled_maintenances"],
        Value::Array(vec![])
    );
}

#[tokio::test]
async fn the_feeds_carry_the_whole_history_under_lasting_ids() {
    let test = testing::sqlite().await;
    let portal = TestPortal::new(&test);
    let (atom, rss) = (get(&portal.portal, "/history.atom").await, get(&portal.portal, "/history.rss").await);
    assert_eq!(atom.text().matches("<entry>").count(), 8);
    assert_eq!(rss.text().matches("<item>").count(), 8);
    assert!(atom.text().contains("<id>tag:127.0.0.1,2005:Incident/"));
    assert!(rss.text().contains("<pubDate>Tue, 20 Oct 2009 22:00:00 +0000</pubDate>"));
}

#[tokio::test]
async fn who_has_the_page_already_is_told_so() {
    use axum::body::Body;
    let test = testing::sqlite().await;
    let portal = TestPortal::new(&test);
    let mut browser = portal.browser();
    let zipped = || http::Request::get("/status").header("accept-encoding", "br, gzip");
    let first = browser.send(zipped(), Body::empty()).await;
    assert_eq!(first.headers["content-encoding"], "gzip");
    let request = zipped().header("if-none-match", &first.headers["etag"]);
    let second = browser.send(request, Body::empty()).await;
    assert_eq!((second.status, second.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert!(browser.get("/status").await.headers.get("content-encoding").is_none());
}
