//! An import that is killed, and run again, ends where an undisturbed one does.

use std::{process::Stdio, time::Duration};

use crate::{
    harness::{World, people, until, write},
    on_both_engines,
};

const ACCOUNTS: usize = 25;
const FILES_EACH: usize = 6;

/// Cards that repeat under other paths, notes that do not, and files that nobody can read.
fn lay_out(world: &World) {
    let root = world.path("in");
    write(&root.join("subscribers.csv"), people("k-", ACCOUNTS));
    let mut inventory = String::from("account,category,expected,as_of\n");
    for account in 0..ACCOUNTS {
        inventory.push_str(&format!("k-{account},contacts,{FILES_EACH},2009-10-01\n"));
        for file in 0..FILES_EACH {
            let (folder, other) = (root.join(format!("data/k-{account}")), file / 2);
            let card = format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person {other}\r\nTEL:+1 212 555 01{other:02}\r\nEND:VCARD\r\n"
            );
            write(&folder.join(format!("contacts/{file}.vcf")), card);
            write(&folder.join(format!("notes/{file}.txt")), format!("Note {file} of {account}"));
            write(&folder.join(format!("photos/{file}.jpg")), format!("no picture {file}"));
        }
    }
    write(&root.join("inventory.csv"), inventory);
}

on_both_engines!(a_killed_import_goes_on, |world| {
    lay_out(world);
    let root = world.path("in");
    let undisturbed = world.another().await;
    let whole = undisturbed.imported(&root);
    let expected = undisturbed.counts().await;

    // Killed when so many files are written down, each time further on.
    let mut killed = 0;
    for files in [0, 1, 130, 300] {
        let mut child = world
            .makegood(&["import", root.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let over = until("so many files", Duration::from_secs(60), async || {
            let over = child.try_wait().unwrap().is_some();
            (over || files_in(world).await >= files).then_some(over)
        })
        .await;
        killed += usize::from(!over);
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(killed >= 2, "the import was over before it was killed");

    let report = world.imported(&root);
    assert_eq!(report["files"], whole["files"]);
    assert_eq!(report["quarantined"], whole["quarantined"]);
    assert_eq!(world.counts().await, expected);
    assert_eq!(world.imported(&root)["items"], 0);
    assert_eq!(world.counts().await, expected);
});

/// How many files are written down so far; none before there is a table.
async fn files_in(world: &World) -> i64 {
    let Ok(db) = makegood::store::Db::connect(&world.database_url, makegood::store::IfAbsent::Refuse).await
    else {
        return -1;
    };
    let count = makegood::store::sql("SELECT COUNT(*) FROM files").one::<(i64,)>(&db).await;
    db.close().await;
    count.map_or(-1, |(count,)| count)
}
