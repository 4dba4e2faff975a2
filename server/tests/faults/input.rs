//! Wrong input gets a clear word, and costs nothing but itself.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    os::unix::process::CommandExt,
    process::Command,
};

use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    harness::{Ended, World, people, tar_gz_of, write, zip_of},
    on_both_engines,
};

/// Two people with a note each, under `name`.
fn honest(world: &World, name: &str) -> std::path::PathBuf {
    let root = world.path(name);
    write(&root.join("subscribers.csv"), people("i-", 2));
    write(&root.join("data/i-0/notes/a.txt"), "milk");
    write(&root.join("data/i-1/notes/b.txt"), "eggs");
    root
}

/// Why `path` was not taken in.
fn reason<'a>(report: &'a Value, path: &str) -> (&'a str, Option<u64>) {
    let problems = report["problems"].as_array().unwrap();
    let problem = problems.iter().find(|problem| problem["path"].as_str().unwrap().contains(path));
    let problem = problem.unwrap_or_else(|| panic!("nothing is said of {path}: {report}"));
    (problem["reason"].as_str().unwrap(), problem["line"].as_u64())
}

on_both_engines!(a_malformed_line_costs_itself, |world| {
    let root = honest(world, "in");
    let mut subscribers = people("i-", 2).into_bytes();
    subscribers.extend(b"i-2,call me,Bad Phone,,,,\n\"i-3,+12025550103,never closed,,,,\n");
    write(&root.join("subscribers.csv"), subscribers);
    write(
        &root.join("inventory.csv"),
        "account,category,expected,as_of\ni-0,contacts,many,2009-10-01\nnobody,contacts,3,2009-10-01\ni-1,notes,1,2009-10-01\n",
    );
    write(&root.join("verdicts.csv"), "account,category,verdict\ni-1,tasks,gone\n");
    write(&root.join("data/nobody/notes/c.txt"), "lost");
    let report = world.imported(&root);
    assert_eq!((report["files"].as_u64(), report["items"].as_u64()), (Some(3), Some(2)), "{report}");
    assert_eq!(report["quarantined"], 1);
    let (told, line) = reason(&report, "subscribers.csv");
    assert!(told.contains("E.164") && line == Some(4), "{told} {line:?}");
    let (told, line) = reason(&report, "inventory.csv");
    assert!(told.contains("whole number") && line == Some(2), "{told} {line:?}");
    assert_eq!(reason(&report, "verdicts.csv").1, Some(2));
    assert!(reason(&report, "data/nobody/notes/c.txt").0.contains("no subscriber has this account"));
    let lines = |path: &str| {
        let problems = report["problems"].as_array().unwrap();
        problems.iter().filter(|problem| problem["path"] == path).count()
    };
    assert_eq!((lines("subscribers.csv"), lines("inventory.csv")), (2, 2), "{report}");
    // A script that wants nothing left out says so.
    let strict = world.run(&["import", root.to_str().unwrap(), "--strict", "--json"]);
    strict.code(1).said("--strict");
    assert_eq!(strict.json()["quarantined"], 1);
});

#[test]
fn names_that_climb_and_bombs_stay_outside() {
    let world = World::sqlite();
    let mut zip = ZipWriter::new(File::create(world.path("in.zip")).unwrap());
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default().compression_level(Some(9))).unwrap();
        zip.write_all(bytes).unwrap();
    };
    add("subscribers.csv", people("i-", 2).as_bytes());
    add("data/i-0/notes/a.txt", b"milk");
    add("data/i-0/notes/../../../../climbed.txt", b"out");
    add("/data/i-0/notes/rooted.txt", b"out");
    add("data\\i-0\\..\\..\\back.txt", b"out");
    add("data/i-0/notes/bomb.txt", &vec![0; 64 << 20]);
    add("data/i-1/notes/b.txt", b"eggs");
    zip.finish().unwrap();
    let report = world.imported(&world.path("in.zip"));
    assert_eq!(report["items"], 2, "{report}");
    for name in ["climbed.txt", "rooted.txt", "back.txt"] {
        assert!(reason(&report, name).0.split(' ').count() > 3, "{report}");
        assert!(!world.path(name).exists() && !world.folder.path().parent().unwrap().join(name).exists());
    }
    assert!(reason(&report, "bomb.txt").0.contains("zip bomb"));
}

#[test]
fn a_symbolic_link_is_told_and_not_followed() {
    let world = World::sqlite();
    let root = honest(&world, "in");
    write(&world.path("secret.txt"), "secret");
    symlink(world.path("secret.txt"), root.join("data/i-0/notes/link.txt")).unwrap();
    symlink(world.path("in/data/i-1"), root.join("data/i-0/photos")).unwrap();
    let report = world.imported(&root);
    assert_eq!((report["files"].as_u64(), report["items"].as_u64()), (Some(2), Some(2)));
    assert!(reason(&report, "link.txt").0.contains("not followed"));
    assert!(reason(&report, "i-0/photos").0.contains("not followed"));
}

#[test]
fn an_unreadable_folder_is_told_and_the_rest_goes_in() {
    const NOBODY: u32 = 65_534;
    let world = World::sqlite();
    let root = honest(&world, "in");
    let closed = root.join("data/i-1/notes");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = world.makegood(&["import", root.to_str().unwrap(), "--json"]);
    // Root reads everything: then somebody does it whom permissions bind.
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        chown(world.folder.path(), Some(NOBODY), None).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    let Ok(output) = command.output() else {
        return eprintln!("skipped: nobody but root may run the binary where it is");
    };
    let ended = Ended::from(output);
    let report = ended.code(0).json();
    assert_eq!(report["items"], 1, "{report}");
    assert!(reason(&report, "data/i-1/notes").0.contains("Permission denied"));
}

on_both_engines!(a_container_cut_short_keeps_what_came_before, |world| {
    let root = world.path("in");
    write(&root.join("subscribers.csv"), people("i-", 1));
    for note in 0..60u32 {
        // Bytes that do not pack, so that the cut falls among the notes.
        let words: String =
            (0..400u32).map(|n| format!("{:x} ", (n + note * 977).wrapping_mul(2_654_435_761))).collect();
        write(&root.join(format!("data/i-0/notes/{note}.txt")), words);
    }
    zip_of(&root, &world.path("in.zip"));
    tar_gz_of(&root, &world.path("in.tar.gz"));
    let mut found = 0;
    for name in ["in.zip", "in.tar.gz"] {
        let whole = fs::read(world.path(name)).unwrap();
        let cut = world.path(&format!("cut-{name}"));
        let at = if found == 0 { whole.len() / 3 } else { whole.len() * 2 / 3 };
        fs::write(&cut, &whole[..at]).unwrap();
        let ended = world.import(&cut);
        ended.code(1).said("ends too early");
        let new = ended.json()["items"].as_u64().unwrap();
        assert!(new > 0, "{name}: {ended:?}");
        found += new;
    }
    assert!(found < 60);
    assert_eq!(world.imported(&world.path("in.zip"))["items"].as_u64(), Some(60 - found));
});

#[test]
fn nonsense_is_refused_with_a_word_on_it() {
    let world = World::sqlite();
    world.run(&["import", "/nowhere/at/all"]).code(2).said("there is nothing of that name");
    write(&world.path("letter.txt"), "no container");
    world.run(&["import", "letter.txt"]).code(1).said("is no directory, zip, tar or tar.gz");
    world.run(&["import"]).code(2).said("PATH");
    world.run(&["improt"]).code(2);
    world.run(&["release", "fotos"]).code(2).said("fotos");
    world.run(&["release", "photos", "--percent", "101"]).code(2);
    world.run(&["staff", "add", "a@example.com", "--name", "A", "--role", "king"]).code(2).said("king");
    let set = |name: &str, value: &str| -> Ended {
        // A server that starts after all is ended, with a code that nobody expects.
        let mut command = Command::new("timeout");
        world.settle(&mut command).args(["20", env!("CARGO_BIN_EXE_makegood"), "serve"]);
        command.env(name, value).output().unwrap().into()
    };
    set("MAKEGOOD_LISTEN", "here").code(2).said("listen");
    set("MAKEGOOD_LISTENS", "127.0.0.1:0").code(2).said("MAKEGOOD_LISTENS");
    set("MAKEGOOD_INCIDENT", "").code(2).said("incident file");
    set("MAKEGOOD_INCIDENT", "/nowhere.toml").code(2).said("/nowhere.toml");
    set("MAKEGOOD_MASTER_KEY_FILE", "/nowhere.key").code(2).said("master key");
    set("MAKEGOOD_DATABASE_URL", "mysql://a:secret@b/c").said("sqlite://");
}

#[test]
fn a_release_where_no_database_is_makes_nothing() {
    let world = World::sqlite();
    world.run(&["release", "contacts"]).code(1).said("there is no database");
    assert!(!world.path("data").exists());
}

#[test]
fn another_master_key_is_refused() {
    let world = World::sqlite();
    world.imported(&honest(&world, "in"));
    write(&world.path("other.key"), format!("{}=\n", "A".repeat(43)));
    for arguments in [&["import", "in"][..], &["serve"]] {
        let mut command = world.makegood(arguments);
        let ended: Ended =
            command.env("MAKEGOOD_MASTER_KEY_FILE", world.path("other.key")).output().unwrap().into();
        ended.code(2).said("master key");
    }
}
