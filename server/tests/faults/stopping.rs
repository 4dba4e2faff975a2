//! Told to stop, the server lets go in good order; without its database it still says how things stand.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use futures::StreamExt;

use crate::{
    harness::{Served, World, people, phone, until, write},
    on_both_engines,
};

/// One person with 24 MB of what nobody could read: too much for any buffer on the way.
pub fn large(world: &World) -> PathBuf {
    let root = world.path("in");
    write(&root.join("subscribers.csv"), people("s-", 2));
    for file in 0..3u8 {
        write(&root.join(format!("data/s-0/photos/{file}.jpg")), vec![file + 1; 8 << 20]);
    }
    write(&root.join("data/s-0/contacts/a.vcf"), "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n");
    root
}

on_both_engines!(streams_and_downloads_do_not_keep_the_server, |world| {
    world.imported(&large(world));
    world.run(&["release", "photos"]).code(0);
    world.run(&["release", "contacts"]).code(0);
    let mut server = world.serve().await;
    let browser = server.browser();
    browser.sign_in(world, &phone(0)).await;
    let mut events = browser.get("/recovery/events").await.bytes_stream();
    assert!(events.next().await.unwrap().unwrap().starts_with(b"data:"));
    let download = browser.get("/recovery/archive.zip").await;
    assert_eq!(download.status(), 200);
    let mut download = download.bytes_stream();
    assert!(!download.next().await.unwrap().unwrap().is_empty());

    server.terminate();
    let told = Instant::now();
    while let Some(Ok(_)) = events.next().await {}
    let stream = told.elapsed();
    // Nobody reads on: what does not fit on the way is still to be sent.
    let (status, _) = server.ended().await;
    let whole = told.elapsed();
    println!("the stream ended after {stream:.1?}, the server after {whole:.1?}");
    assert_eq!(status.code(), Some(0));
    assert!(stream < Duration::from_millis(1_500), "the stream ended after {stream:?}");
    assert!(whole < Duration::from_secs(10), "the server ended after {whole:?}");
    drop(download);
});

on_both_engines!(with_nothing_open_the_server_ends_at_once, |world| {
    let mut server = world.serve().await;
    assert_eq!(server.browser().page("/healthz").await, "ok\n");
    server.terminate();
    let (status, took) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(3), "{took:?}");
});

/// The status page with a time, whatever the database does; not ready, and why.
async fn holds_out(server: &Served) {
    let browser = server.browser();
    let told = until("not ready", Duration::from_secs(10), async || {
        let answer = browser.get("/readyz").await;
        if answer.status() == 503 { Some(answer.text().await.unwrap()) } else { None }
    })
    .await;
    assert!(told.contains("database"), "{told}");
    let page = browser.page("/status").await;
    assert!(page.contains("<time"), "no time is told: {page}");
    browser.page("/api/v2/summary.json").await;
    // A page that needs the database says so, and is no blank.
    let answer = browser.get("/recovery").await;
    assert!([303, 503].contains(&answer.status().as_u16()), "{}", answer.status());
}

/// A served world with a snapshot on disk; the database file.
async fn known(world: &World) -> (Served, PathBuf) {
    write(&world.path("in/subscribers.csv"), people("s-", 2));
    world.imported(&world.path("in"));
    let server = world.serve().await;
    until("a snapshot", Duration::from_secs(10), async || {
        world.path("data/status.json").exists().then_some(())
    })
    .await;
    (server, world.path("data/makegood.db"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_database_the_server_says_how_things_stood() {
    let world = World::sqlite();
    let (server, database) = known(&world).await;
    for harm in ["moved away", "emptied", "garbage"] {
        let kept = fs::read(&database).unwrap();
        let logs = ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", database.display())));
        match harm {
            "moved away" => fs::rename(&database, world.path("away")).unwrap(),
            "emptied" => fs::write(world.path("other"), "").unwrap(),
            _ => fs::write(world.path("other"), vec![0x5a; 64 << 10]).unwrap(),
        }
        if harm != "moved away" {
            fs::rename(&database, world.path("away")).unwrap();
            fs::rename(world.path("other"), &database).unwrap();
        }
        println!("{harm}");
        holds_out(&server).await;
        // A start in that state is no different.
        let mut again = world.serve().await;
        holds_out(&again).await;
        again.terminate();
        assert_eq!(again.ended().await.0.code(), Some(0), "{harm}");
        logs.iter().for_each(|log| drop(fs::remove_file(log)));
        fs::write(world.path("back"), kept).unwrap();
        fs::rename(world.path("away"), world.path("gone")).unwrap();
        fs::rename(world.path("back"), &database).unwrap();
        let browser = server.browser();
        until("ready again", Duration::from_secs(10), async || {
            (browser.get("/readyz").await.status() == 200).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_file_that_is_overwritten_in_place_stops_no_page() {
    let world = World::sqlite();
    for harm in [Vec::new(), vec![0x5a; 64 << 10]] {
        let (mut server, database) = known(&world).await;
        let kept = fs::read(&database).unwrap();
        fs::write(&database, &harm).unwrap();
        server.browser().page("/status").await;
        server.terminate();
        assert_eq!(server.ended().await.0.code(), Some(0));
        let mut again = world.serve().await;
        holds_out(&again).await;
        again.terminate();
        again.ended().await;
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", database.display()));
        }
        fs::write(&database, kept).unwrap();
        fs::remove_file(world.path("data/status.json")).unwrap();
    }
}
