//! A database that somebody else holds, and a disk that is full.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use makegood::{
    store::{Result, sql},
    transaction,
};

use crate::{
    harness::{Ended, World, people, until, write},
    on_both_engines,
};

const NOTES: usize = 60;

fn notes(world: &World) -> PathBuf {
    let root = world.path("in");
    write(&root.join("subscribers.csv"), people("r-", 4));
    for note in 0..NOTES {
        let text = format!("Note {note}\n{}", "words ".repeat(4_000));
        write(&root.join(format!("data/r-{}/notes/{note}.txt", note % 4)), text);
    }
    root
}

on_both_engines!(an_import_waits_for_a_locked_database, |world| {
    write(&world.path("few/subscribers.csv"), people("r-", 4));
    world.imported(&world.path("few"));
    let root = notes(world);
    let db = world.db().await;
    // A rival who holds every write back: on SQLite by having begun, on PostgreSQL by the table.
    let waited = transaction!(db, |tx| -> Result<bool> {
        sql("UPDATE subscribers SET plan = 'rival'").execute(tx).await?;
        let mut import = world
            .makegood(&["import", root.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let held = Instant::now();
        let waits = until("a second", Duration::from_secs(5), async || {
            let over = import.try_wait().unwrap().is_some();
            (over || held.elapsed() > Duration::from_secs(1)).then_some(!over)
        })
        .await;
        tokio::spawn(async move { import.wait() });
        Ok(waits)
    });
    assert!(waited.unwrap(), "the import ended while the database was locked");
    db.close().await;
    until("every note", Duration::from_secs(60), async || {
        (world.counts().await.1[1] == NOTES as i64).then_some(())
    })
    .await;
    assert_eq!(world.imported(&root)["items"], 0);
});

/// A small disk, where root may mount one.
struct Disk(PathBuf);

impl Disk {
    fn of(size: &str, at: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], &at);
        mounted.then(|| Self(at))
    }

    fn grow(&self, size: &str) -> bool {
        mount(&["-o", &format!("remount,size={size}")], &self.0)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn mount(options: &[&str], at: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(options).arg(at).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_is_told_and_an_import_with_room_completes_it() {
    let world = World::sqlite();
    let root = notes(&world);
    let Some(disk) = Disk::of("2m", world.path("data")) else {
        return eprintln!("skipped: no disk can be mounted here");
    };
    let ended = world.import(&root);
    ended.code(1).said("full").said("run the same import again");
    assert!(disk.grow("64m"));
    let report = world.imported(&root);
    let before = ended.json()["items"].as_u64().unwrap();
    assert_eq!(before + report["items"].as_u64().unwrap(), NOTES as u64);
    assert_eq!(world.imported(&root)["items"], 0);
}

/// The same for those who may not mount: a process that may not write a large file.
#[test]
fn a_file_that_cannot_grow_is_told_and_an_import_with_room_completes_it() {
    let world = World::sqlite();
    let root = notes(&world);
    let mut command = Command::new("sh");
    // Blocks of 512 bytes; without the trap the signal would end the process, as it would end any.
    let script = "trap '' XFSZ; ulimit -f 800; exec \"$0\" import \"$1\" --json";
    let command = world.settle(&mut command).args(["-c", script, env!("CARGO_BIN_EXE_makegood")]).arg(&root);
    let ended: Ended = command.output().unwrap().into();
    ended.code(1);
    assert!(ended.err.starts_with("makegood: ") && !ended.err.contains("panicked"), "{ended:?}");
    let report = world.imported(&root);
    assert!(report["items"].as_u64().unwrap() <= NOTES as u64, "{report}");
    assert_eq!(world.imported(&root)["items"], 0);
}
