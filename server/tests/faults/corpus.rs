//! Every real file goes in, once, whatever container and path it comes by.

use std::path::Path;

use serde_json::Value;

use crate::{
    harness::{World, corpus, lay_out, tar_gz_of, zip_of},
    on_both_engines,
};

const ACCOUNTS: usize = 7;

/// The numbers of a report that say what happened.
fn numbers(report: &Value) -> [u64; 4] {
    ["files", "items", "unchanged", "quarantined"].map(|name| report[name].as_u64().unwrap())
}

/// A reason is a sentence that a person understands, not a type's name.
fn reasons_are_told(report: &Value) {
    for problem in report["problems"].as_array().unwrap() {
        let reason = problem["reason"].as_str().unwrap();
        assert!(reason.split_whitespace().count() >= 3 && !reason.contains("Error("), "{problem}");
    }
}

/// Each file is behind items, unchanged or in quarantine; new items come from files that are neither.
fn first_import(world: &World, path: &Path, files: usize) -> Value {
    let report = world.imported(path);
    let [all, items, unchanged, quarantined] = numbers(&report);
    assert_eq!(all, files as u64);
    assert!(items > 0 && quarantined < all && unchanged < all, "{report}");
    let categories = report["by_category"].as_object().unwrap();
    let sum = |name: &str| categories.values().map(|counts| counts[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!([sum("files"), sum("items"), sum("quarantined")], [all, items, quarantined]);
    reasons_are_told(&report);
    let told = report["problems"].as_array().unwrap();
    let whole = told.iter().filter(|problem| problem["line"].is_null()).count();
    assert!(whole as u64 >= quarantined, "a file in quarantine has no reason: {report}");
    report
}

on_both_engines!(the_corpus_goes_in_once, |world| {
    let Some(files) = corpus() else { return };
    let root = world.path("in");
    lay_out(&root, "phone", ACCOUNTS, &files);
    let first = first_import(world, &root, files.len());
    let before = world.counts().await;

    // Again, as it is and in other containers: nothing is new and nothing changes.
    zip_of(&root, &world.path("in.zip"));
    tar_gz_of(&root, &world.path("in.tar.gz"));
    for name in ["in", "in.zip", "in.tar.gz"] {
        let [all, items, unchanged, quarantined] = numbers(&world.imported(&world.path(name)));
        assert_eq!((all, items, quarantined), (files.len() as u64, 0, numbers(&first)[3]), "{name}");
        assert_eq!(unchanged + quarantined, all, "{name}");
        assert_eq!(world.counts().await, before, "{name}");
    }

    // The same people's data under other paths: more files, not one more item.
    let moved = world.path("moved");
    lay_out(&moved, "backup/of 2008", ACCOUNTS, &files);
    assert_eq!(numbers(&world.imported(&moved))[1], 0);
    let (after, [_, items, _]) = world.counts().await;
    let items_of = |holdings: &[crate::harness::Holding]| -> Vec<_> {
        holdings.iter().map(|holding| (holding.0.clone(), holding.1.clone(), holding.4)).collect()
    };
    assert_eq!(items_of(&after), items_of(&before.0));
    assert_eq!(items, before.1[1]);
});

#[tokio::test]
async fn a_zip_and_a_tar_bring_in_the_same() {
    let world = World::sqlite();
    let Some(files) = corpus() else { return };
    let root = world.path("in");
    lay_out(&root, "phone", ACCOUNTS, &files);
    zip_of(&root, &world.path("in.zip"));
    tar_gz_of(&root, &world.path("in.tar.gz"));
    let from_zip = first_import(&world, &world.path("in.zip"), files.len());
    let other = world.another().await;
    let from_tar = first_import(&other, &world.path("in.tar.gz"), files.len());
    assert_eq!(numbers(&from_zip), numbers(&from_tar));
    assert_eq!(world.counts().await, other.counts().await);
}

on_both_engines!(what_people_see_stays_the_same_when_their_data_comes_again, |world| {
    let Some(mut files) = corpus() else { return };
    // Pictures take long to read, and the other tests have them.
    files.retain(|(category, _)| category != "photos");
    lay_out(&world.path("in"), "phone", 1, &files);
    world.imported(&world.path("in"));
    for category in ["contacts", "calendar"] {
        world.run(&["release", category]).code(0);
    }
    let mut server = world.serve().await;
    let browser = server.browser();
    browser.sign_in(world, "+12025550100").await;
    let before = counted(&browser.page("/recovery").await);
    assert!(before.iter().any(|line| line.contains("recovered")), "{before:?}");
    lay_out(&world.path("moved"), "again", 1, &files);
    world.imported(&world.path("moved"));
    assert_eq!(counted(&browser.page("/recovery").await), before);
    server.terminate();
    assert_eq!(server.ended().await.0.code(), Some(0));
});

/// The lines of a page that tell of what was recovered.
fn counted(page: &str) -> Vec<String> {
    let words = page.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
    words.filter(|text| text.contains("recovered")).map(str::to_owned).collect()
}
