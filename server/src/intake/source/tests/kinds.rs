//! What each kind of container gives, and what it does not.

use ::tar::{Builder, EntryType, Header};
use ::zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

#[test]
fn every_kind_gives_the_same_members() {
    for container in all_kinds(&EXPORT) {
        let mut walked = walk(&container);
        walked.members.sort();
        let mut expected = EXPORT;
        expected.sort_unstable();
        assert_eq!(walked.texts(), expected);
        assert_eq!((walked.problems.len(), walked.end), (0, None));
    }
}

#[test]
fn a_second_walk_gives_the_same_again_and_skipping_reads_nothing_wrong() {
    for container in all_kinds(&EXPORT) {
        let source = Source::open(&container.path, Limits::default()).unwrap();
        for _ in 0..2 {
            let mut sizes = 0;
            let visit = &mut |event: Event<'_>| {
                if let Event::Member(member) = event {
                    sizes += member.size.unwrap();
                    assert!(member.modified_at.is_some_and(|at| at > 300_000_000_000));
                }
                Ok::<(), ()>(())
            };
            source.walk(visit).unwrap();
            assert_eq!(sizes, 34);
        }
    }
}

#[test]
fn the_visitors_own_error_ends_the_walk_at_once() {
    for container in all_kinds(&EXPORT) {
        let source = Source::open(&container.path, Limits::default()).unwrap();
        let mut seen = 0;
        let end = source.walk(&mut |_| {
            seen += 1;
            Err("enough")
        });
        assert!(matches!(end, Err(WalkError::Visit("enough"))));
        assert_eq!(seen, 1);
    }
}

#[test]
fn what_is_no_container_says_what_it_is() {
    for (bytes, word) in [
        (&b""[..], "empty"),
        (b"hello, this is text", "none of theirs"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xFD7zXZ\0\0\0", "xz"),
        (&gzip(&[b'x'; 600]), "no tar"),
    ] {
        let error = walk(&packed(bytes)).end.unwrap();
        assert!(error.contains(word), "{error}");
    }
    let missing = Source::open(Path::new("/nowhere/at/all"), Limits::default()).unwrap_err();
    assert!(missing.to_string().contains("cannot be opened"));
}

#[test]
fn a_container_with_nothing_in_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(walk_with(folder.path(), Limits::default()).end, None);
    for bytes in [zip_of(&[]), tar_of(&[]), gzip(&tar_of(&[]))] {
        let walked = walk(&packed(&bytes));
        assert_eq!((walked.members.len(), walked.end), (0, None));
    }
}

#[cfg(unix)]
mod on_disk {
    use super::*;

    #[test]
    fn links_and_pipes_of_a_folder_are_problems() {
        let folder = folder_of(&EXPORT);
        std::os::unix::fs::symlink("/etc", folder.path.join("data/ana/etc")).unwrap();
        std::os::unix::fs::symlink("b.txt", folder.path.join("data/ana/notes/link")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path.join("data/socket")).unwrap();
        let walked = walk(&folder);
        assert_eq!(walked.members.len(), 3);
        let told: Vec<&str> = walked.problems.iter().map(|problem| problem.0.as_str()).collect();
        assert_eq!(told, ["data/ana/etc", "data/ana/notes/link", "data/socket"]);
    }

    #[test]
    fn what_may_not_be_read_says_so_and_the_rest_goes_on() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder_of(&EXPORT);
        let close = |path: &str, mode| {
            fs::set_permissions(folder.path.join(path), fs::Permissions::from_mode(mode)).unwrap();
        };
        fs::create_dir(folder.path.join("data/bo")).unwrap();
        close("data/ana/notes/a.txt", 0o000);
        close("data/bo", 0o000);
        let walked = walk(&folder);
        let all_may = File::open(folder.path.join("data/ana/notes/a.txt")).is_ok();
        close("data/bo", 0o700);
        if all_may {
            eprintln!("skipped: this user may read everything");
            return;
        }
        assert!(walked.members[0].1.as_ref().unwrap_err().contains("cannot be read"));
        assert_eq!(walked.members.len(), 3);
        assert_eq!(walked.only_problem().0, "data/bo");
    }
}

#[test]
fn links_and_devices_of_a_tar_are_problems() {
    let mut tar = Builder::new(Vec::new());
    for (kind, name) in [
        (EntryType::Symlink, "data/a"),
        (EntryType::Link, "data/b"),
        (EntryType::Fifo, "data/c"),
        (EntryType::Char, "data/d"),
    ] {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        tar.append_link(&mut header, name, "/etc/passwd").unwrap();
    }
    let walked = walk(&packed(&tar.into_inner().unwrap()));
    assert_eq!((walked.members.len(), walked.problems.len(), walked.end), (0, 4, None));
}

#[test]
fn links_and_encrypted_files_of_a_zip_are_problems() {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    zip.add_symlink("data/link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    zip.start_file("data/secret", SimpleFileOptions::default()).unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    let central = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 8] |= 1;
    let walked = walk(&packed(&bytes));
    assert!(walked.problems[0].1.contains("symbolic link"));
    assert!(walked.problems[1].1.contains("encrypted"));
}

#[test]
fn an_unknown_packing_method_is_a_problem() {
    let mut bytes = zip_of(&[("data/x", "hello"), ("data/y", "there")]);
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 10] = 9;
    let walked = walk(&packed(&bytes));
    assert!(walked.only_problem().1.contains("method 9"));
    assert_eq!(walked.texts(), [("data/y", "there")]);
}

#[test]
fn tars_and_gzips_joined_into_one_are_read_one_after_another() {
    let (one, two) = (tar_of(&[("data/a/notes/1", "1")]), tar_of(&[("data/a/notes/2", "2")]));
    for bytes in [[one.clone(), two.clone()].concat(), [gzip(&one), gzip(&two)].concat()] {
        let walked = walk(&packed(&bytes));
        assert_eq!(walked.texts(), [("data/a/notes/1", "1"), ("data/a/notes/2", "2")]);
        assert_eq!(walked.end, None);
    }
}
