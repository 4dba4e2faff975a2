//! Imports that run at once, each a process of its own.

use std::process::{Child, Stdio};

use crate::{
    harness::{World, people, write},
    on_both_engines,
};

const ACCOUNTS: usize = 30;

/// Cards with a UID that come in another version by another path, notes that come twice, and rows for everybody.
fn lay_out(world: &World, folder: &str, year: u32) {
    let root = world.path(folder);
    write(&root.join("subscribers.csv"), people("t-", ACCOUNTS));
    let mut inventory = String::from("account,category,expected,as_of\n");
    for account in 0..ACCOUNTS {
        inventory.push_str(&format!("t-{account},contacts,4,2009-10-01\n"));
        let data = root.join(format!("data/t-{account}"));
        for n in 0..4 {
            let card = format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-{n}\r\nFN:Of {year}\r\nREV:{year}-09-01T00:00:00Z\r\nEND:VCARD\r\n"
            );
            write(&data.join(format!("contacts/{folder}/{n}.vcf")), card);
            write(&data.join(format!("notes/{n}.txt")), format!("Note {n} of {account}"));
        }
        write(&data.join("photos/same.jpg"), format!("no picture, in {folder}"));
    }
    write(&root.join("inventory.csv"), inventory);
}

fn start(world: &World, folder: &str) -> Child {
    let mut command = world.makegood(&["import", world.path(folder).to_str().unwrap(), "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

on_both_engines!(imports_at_once_come_to_what_one_after_the_other_would, |world| {
    let apart = world.another().await;
    for world in [world, &apart] {
        lay_out(world, "one", 2008);
        lay_out(world, "other", 2009);
    }
    apart.imported(&apart.path("one"));
    apart.imported(&apart.path("other"));
    let (holdings, rows) = apart.counts().await;

    // Two of the same path among them, and nothing there when they begin: not even tables.
    let running: Vec<Child> = ["one", "other", "one", "other"].map(|folder| start(world, folder)).into();
    let mut items = 0;
    for child in running {
        let ended = crate::harness::Ended::from(child.wait_with_output().unwrap());
        ended.code(0);
        let report = ended.json();
        assert_eq!(report["files"], 9 * ACCOUNTS, "{report}");
        items += report["items"].as_i64().unwrap();
    }
    assert_eq!(world.counts().await, (holdings, rows));
    assert_eq!(items, rows[1], "each item is new in one run alone");
    for folder in ["one", "other"] {
        assert_eq!(world.imported(&world.path(folder))["items"], 0);
    }
});
