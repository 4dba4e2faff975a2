//! A download that is cut, by whatever, goes on to the very same bytes; and what opens one is in no log.

use futures::StreamExt;
use sha2::{Digest, Sha256};

use crate::{
    harness::{Browser, Served, World, phone},
    on_both_engines,
    stopping::large,
};

const ZIP: &str = "/recovery/archive.zip";

/// A served world in which somebody has 24 MB to take away.
async fn served(world: &World) -> Served {
    world.imported(&large(world));
    world.run(&["release", "photos"]).code(0);
    world.run(&["release", "contacts"]).code(0);
    world.serve().await
}

async fn signed_in(server: &Served, world: &World) -> Browser {
    let browser = server.browser();
    browser.sign_in(world, &phone(0)).await;
    browser
}

/// Reads on until so many bytes have arrived or the connection breaks.
async fn read_until(answer: reqwest::Response, have: &mut Vec<u8>, enough: usize) {
    let mut stream = answer.bytes_stream();
    while let Some(Ok(bytes)) = stream.next().await {
        have.extend_from_slice(&bytes);
        if have.len() >= enough {
            return;
        }
    }
}

/// What a client asks that has so much of an edition.
fn from(have: usize, tag: &str) -> [(&'static str, String); 2] {
    [("range", format!("bytes={have}-")), ("if-range", tag.to_owned())]
}

on_both_engines!(a_download_goes_on_after_the_server_was_killed, |world| {
    let mut server = served(world).await;
    let browser = signed_in(&server, world).await;
    let first = browser.get(ZIP).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let length = first.content_length().unwrap() as usize;
    assert!(length > 24 << 20, "{length}");
    let whole = Sha256::digest(first.bytes().await.unwrap());

    // Cut by the client, then by the server's end in the middle of what came next.
    let mut have = Vec::new();
    read_until(browser.get(ZIP).await, &mut have, length / 8).await;
    let under_way = browser.ask(ZIP, &from(have.len(), &tag)).await;
    assert_eq!(under_way.status(), 206);
    server.kill();
    // What was on the way may still arrive.
    read_until(under_way, &mut have, length).await;
    assert!(have.len() < length, "the whole of it was on the way: nothing was cut");

    // Another process takes over; the browser is still signed in.
    let server = world.serve().await;
    let rest = browser.moved_to(&server.address).ask(ZIP, &from(have.len(), &tag)).await;
    assert_eq!(rest.status(), 206);
    let range = format!("bytes {}-{}/{length}", have.len(), length - 1);
    assert_eq!(rest.headers()["content-range"].to_str().unwrap(), range);
    read_until(rest, &mut have, length).await;
    assert_eq!(have.len(), length);
    assert_eq!(Sha256::digest(&have), whole);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_of_a_link_is_in_no_log() {
    let world = World::sqlite();
    let mut server = served(&world).await;
    let browser = signed_in(&server, &world).await;
    let seen = world.texts(&phone(0)).len();
    assert_eq!(browser.post("/recovery/archive/link", &[]).await.status(), 303);
    let code = world.code(&phone(0), seen).await;
    let page = browser.post("/recovery/archive/link", &[("code", &code)]).await.text().await.unwrap();
    let token = page.split("/links/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let address = format!("/links/{token}/recovered-data.zip");
    // Somebody without a cookie, as a download manager is.
    let manager = server.browser();
    assert_eq!(
        manager.get(&address).await.bytes().await.unwrap().len(),
        browser.get(ZIP).await.bytes().await.unwrap().len()
    );
    assert_eq!(manager.get(&format!("/links/{token}x/recovered-data.zip")).await.status(), 404);
    server.terminate();
    server.ended().await;
    let log = std::fs::read_to_string(world.path("serve.log")).unwrap();
    assert!(log.contains("/links/{token}/{name}"), "requests are named by their pattern");
    assert!(!log.contains(&token));
}
