//! Keys, erasing and scrubbing with the real binary: killed in the middle, nothing is half done for good.

use std::{
    fs,
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

use makegood::{
    ambient::Ambient,
    store::{self, Db, keyring::Keyring, keys::MasterKey, sql},
    transaction,
};
use std::io::Write;

use crate::{
    harness::{Ended, World, people, until, write},
    on_both_engines,
};

const HOLDERS: usize = 2_500;

fn lay_out(world: &World, accounts: usize, files: usize) {
    let root = world.path("in");
    write(&root.join("subscribers.csv"), people("v-", accounts));
    for account in 0..accounts {
        for file in 0..files {
            let path = root.join(format!("data/v-{account}/notes/{file}.txt"));
            write(&path, format!("Note {file}, the same for everybody"));
        }
    }
    world.imported(&root);
}

/// As many data keys more, wrapped by the world's key.
async fn more_keys(world: &World, master: &MasterKey) {
    let (db, ambient) = (world.db().await, Ambient::system());
    transaction!(db, |tx| -> store::Result<()> {
        for holder in 0..HOLDERS {
            let holder = format!("holder-{holder}");
            let wrapped = master.wrap(&holder, &master.new_data_key(&ambient), &ambient).unwrap();
            sql("INSERT INTO keyrings (holder, master, wrapped) VALUES ($1, $2, $3)")
                .bind(holder)
                .bind(master.check())
                .bind(wrapped)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
    })
    .unwrap();
    db.close().await;
}

/// Every holder with a name that only their data key gives, as this key opens it; and what the root gives.
async fn names(world: &World, master: &MasterKey) -> Vec<(String, String)> {
    let (db, keyring) = (world.db().await, Keyring::new(master.clone()));
    assert!(keyring.check(&db, &Ambient::system()).await.unwrap());
    let wraps =
        sql("SELECT holder, wrapped FROM keyrings WHERE master = $1 ORDER BY holder").bind(master.check());
    let wraps: Vec<(String, Vec<u8>)> = wraps.all(&db).await.unwrap();
    let mut names = vec![("root".to_owned(), format!("{:?}", keyring.root().derive("test")))];
    for (holder, wrapped) in wraps {
        let key = master.unwrap(&holder, &wrapped).unwrap();
        names.push((holder, key.name(b"x")));
    }
    db.close().await;
    names
}

/// How many rows `select` counts; none while the database is not to be read.
async fn count(db: &Db, select: &'static str) -> i64 {
    sql(select).one::<(i64,)>(db).await.map_or(0, |(count,)| count)
}

/// Kills `child` once `select` counts that many; true when it was still at it.
async fn kill_at(world: &World, mut child: Child, select: &'static str, rows: i64) -> bool {
    let db = world.db().await;
    let over = until("so many rows", Duration::from_secs(60), async || {
        let over = child.try_wait().unwrap().is_some();
        (over || count(&db, select).await >= rows).then_some(over)
    })
    .await;
    let _ = child.kill();
    child.wait().unwrap();
    db.close().await;
    !over
}

fn quietly(world: &World, arguments: &[&str]) -> Child {
    world.makegood(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn with_key(world: &World, key: &Path, arguments: &[&str]) -> Ended {
    world.makegood(arguments).env("MAKEGOOD_MASTER_KEY_FILE", key).output().unwrap().into()
}

const WRAPPED_TWICE: &str =
    "SELECT COUNT(*) FROM keyrings a JOIN keyrings b ON a.holder = b.holder AND a.master < b.master";

on_both_engines!(a_killed_rotation_goes_on_and_no_key_is_lost, |world| {
    lay_out(world, 3, 2);
    let (old_file, new_file) = (world.path("data/master.key"), world.path("new.key"));
    let old = MasterKey::read(&old_file).unwrap();
    more_keys(world, &old).await;
    let known = names(world, &old).await;
    let rotate = ["rotate-key", "--new", new_file.to_str().unwrap(), "--json"];
    let mut killed = 0;
    for rows in [1, 600, 1_500] {
        let at_it = kill_at(world, quietly(world, &rotate), WRAPPED_TWICE, rows).await;
        killed += usize::from(at_it);
        if at_it {
            // Both keys are good meanwhile, and the doctor says that it is not over.
            for key in [&old_file, &new_file] {
                with_key(world, key, &["release", "notes"]).code(0);
            }
            world.run(&["doctor"]).said("a rotation of the master key is unfinished");
        }
    }
    assert!(killed >= 2, "the rotation was over before it was killed");
    let rotated = world.run(&rotate);
    assert_eq!(rotated.code(0).json()["retired"], true);

    let new = MasterKey::read(&new_file).unwrap();
    assert_eq!(names(world, &new).await, known);
    world.run(&["release", "notes"]).code(2).said("not this database's master key");
    world.run(&["serve"]).code(2);
    with_key(world, &new_file, &["scrub"]).code(0);
    with_key(world, &new_file, &["doctor"]).said("the master key is this database's");
    // Asked for once more with the old key in the settings: it is done.
    assert_eq!(world.run(&rotate).code(0).json()["keys"], 0);
});

on_both_engines!(a_server_with_the_old_key_says_so_and_serves_nothing_more, |world| {
    lay_out(world, 1, 1);
    let server = world.serve().await;
    let browser = server.browser();
    assert_eq!(browser.get("/readyz").await.status(), 200);
    let new = world.path("new.key");
    world.run(&["rotate-key", "--new", new.to_str().unwrap()]).code(0).said("start every process again");
    until("readiness to end", Duration::from_secs(10), async || {
        (browser.get("/readyz").await.status() == 503).then_some(())
    })
    .await;
    assert!(browser.get("/readyz").await.text().await.unwrap().contains("master key"));
    assert_eq!(browser.get("/status").await.status(), 200);
});

on_both_engines!(a_killed_erasure_is_finished_and_the_others_keep_theirs, |world| {
    const FILES: usize = 200;
    lay_out(world, 4, FILES);
    for (account, rows) in [("v-0", 0), ("v-1", 1), ("v-2", 1)] {
        let child = quietly(world, &["erase", account, "--yes"]);
        kill_at(world, child, "SELECT COUNT(*) FROM erasures WHERE finished_at IS NULL", rows).await;
        let again = world.run(&["erase", account, "--yes", "--json"]);
        let (erased, gone) = (again.code(0).json(), count_of(world, account).await == 0);
        assert!(gone, "{account}: {erased}");
    }
    let left: Vec<_> = fs::read_dir(world.path("data/blobs")).unwrap().map(|entry| entry.unwrap()).collect();
    let holders: Vec<_> = left.iter().filter(|entry| entry.path().is_dir()).collect();
    assert_eq!(holders.len(), 1, "{holders:?}");
    assert_eq!(fs::read_dir(holders[0].path()).unwrap().count(), FILES);
    let scrubbed = world.run(&["scrub", "--json"]);
    assert_eq!(scrubbed.code(0).json()["blobs"], FILES);
    world.run(&["erase", "v-0", "--yes"]).code(0).said("Nobody has the account v-0: it was erased");
    world.run(&["erase", "nobody", "--yes"]).code(1).said("nobody has the account");
});

async fn count_of(world: &World, account: &str) -> i64 {
    let db = world.db().await;
    let row = sql("SELECT COUNT(*) FROM subscribers WHERE account = $1").bind(account);
    let (count,): (i64,) = row.one(&db).await.unwrap();
    db.close().await;
    count
}

on_both_engines!(erasing_asks_for_the_account_to_be_typed, |world| {
    lay_out(world, 1, 1);
    let typed = |text: &str| -> Ended {
        let mut command = world.makegood(&["erase", "v-0"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    typed("v-1\n").code(1).said("nothing was erased");
    typed("").code(1).said("nothing was erased");
    assert_eq!(count_of(world, "v-0").await, 1);
    typed("v-0\n").code(0).said("Erased: 1 files, 1 items, 1 blobs");
    assert_eq!(count_of(world, "v-0").await, 0);
});

on_both_engines!(a_scrub_names_what_is_rotten_and_the_next_import_mends_it, |world| {
    lay_out(world, 1, 3);
    world.run(&["scrub"]).code(0);
    let holder = fs::read_dir(world.path("data/blobs")).unwrap().map(|entry| entry.unwrap().path());
    let holder = holder.filter(|path| path.is_dir()).find(|path| !path.ends_with("doctor")).unwrap();
    let blob = fs::read_dir(holder).unwrap().next().unwrap().unwrap().path();
    let mut sealed = fs::read(&blob).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    fs::write(&blob, sealed).unwrap();
    let scrubbed = world.run(&["scrub", "--json"]);
    let report = scrubbed.code(1).json();
    assert_eq!((&report["damaged"], &report["damaged_files"]["notes"]), (&1.into(), &1.into()), "{report}");
    assert_eq!(report["files"][0]["account"], "v-0");
    world.run(&["doctor"]).code(1).said("files are damaged: notes 1");
    assert_eq!(world.imported(&world.path("in"))["mended"], 1);
    world.run(&["scrub"]).code(0);
});
