//! Names and the root.

use ::tar::{Builder, Header};

use super::*;

#[test]
fn one_folder_around_everything_is_taken_away() {
    let inside = EXPORT.map(|(name, text)| (format!("export-2009/{name}"), text));
    let inside: Vec<_> = inside.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    for container in all_kinds(&inside) {
        let mut paths = walk(&container).paths().join(" ");
        if paths.starts_with("data") {
            paths = format!("subscribers.csv {}", paths.trim_end_matches(" subscribers.csv"));
        }
        assert_eq!(paths, "subscribers.csv data/ana/notes/a.txt data/ana/notes/b.txt");
    }
    let dotted = walk(&packed(&tar_of(&[("./data/ana/notes/a.txt", "x"), ("./verdicts.csv", "y")])));
    assert_eq!(dotted.paths(), ["data/ana/notes/a.txt", "verdicts.csv"]);
}

#[test]
fn what_lies_outside_that_folder_is_a_problem() {
    for container in all_kinds(&[("export/data/ana/notes/a.txt", "a"), ("other/b.txt", "b")]) {
        let walked = walk(&container);
        assert_eq!(walked.paths(), ["data/ana/notes/a.txt"]);
        let (path, reason) = walked.only_problem();
        assert_eq!(path, "other/b.txt");
        assert!(reason.contains("outside export/"), "{reason}");
    }
}

#[test]
fn an_account_called_data_is_not_taken_for_the_root() {
    for container in all_kinds(&[("data/data/notes/a.txt", "a"), ("data/x/data/subscribers.csv", "b")]) {
        assert_eq!(walk(&container).paths(), ["data/data/notes/a.txt", "data/x/data/subscribers.csv"]);
    }
}

#[test]
fn traces_of_desktops_are_passed_over_but_nothing_inside_data() {
    let files = [
        ("data/ana/notes/.DS_Store", "1"),
        ("data/ana/notes/Thumbs.db", "2"),
        (".DS_Store", "3"),
        ("__MACOSX/data/._ana", "4"),
        ("._subscribers.csv", "5"),
        ("notes/Thumbs.db", "6"),
    ];
    for container in all_kinds(&files) {
        let walked = walk(&container);
        assert_eq!(walked.paths(), ["data/ana/notes/.DS_Store", "data/ana/notes/Thumbs.db"]);
        assert_eq!(walked.problems.len(), 0);
    }
}

#[test]
fn names_that_climb_out_are_problems_and_the_rest_goes_on() {
    let bad = ["../evil", "data/../../evil", "/etc/passwd", "C:/evil", "data\\ana\\x", "C:evil"];
    let mut files: Vec<_> = bad.iter().map(|name| (*name, "evil")).collect();
    files.push(("data/ana/notes/a.txt", "good"));
    for bytes in [tar_of(&files), gzip(&tar_of(&files)), raw_zip(&files)] {
        let walked = walk(&packed(&bytes));
        assert_eq!(walked.texts(), [("data/ana/notes/a.txt", "good")]);
        let told: Vec<&str> = walked.problems.iter().map(|problem| problem.0.as_str()).collect();
        assert_eq!(told, bad);
        assert_eq!(walked.end, None);
    }
}

#[test]
fn two_members_of_one_name_are_both_given_in_order() {
    let twice = [("data/a/notes/x", "one"), ("data/a/notes/x", "two")];
    for bytes in [tar_of(&twice), gzip(&tar_of(&twice)), raw_zip(&twice)] {
        assert_eq!(walk(&packed(&bytes)).texts(), twice);
    }
}

#[test]
fn bytes_that_are_not_utf8_are_escaped_and_said_to_be() {
    let mut zip = zip_of(&[("data/a/notes/X", "x")]);
    let mut tar = tar_of(&[("data/a/notes/X", "x")]);
    for at in 0..zip.len() {
        if zip[at..].starts_with(b"notes/X") {
            zip[at + 6] = 0xE9;
        }
    }
    let mut header = Header::from_byte_slice(&tar[..512]).clone();
    header.as_old_mut().name[13] = 0xE9;
    header.set_cksum();
    tar[..512].copy_from_slice(header.as_bytes());
    for bytes in [zip, tar] {
        let container = packed(&bytes);
        let source = Source::open(&container.path, Limits::default()).unwrap();
        let mut seen = Vec::new();
        source
            .walk::<()>(&mut |event| {
                let Event::Member(member) = event else { panic!("a problem") };
                seen.push((member.path, member.name_escaped));
                Ok(())
            })
            .unwrap();
        assert_eq!(seen, [("data/a/notes/%E9".to_owned(), true)]);
    }
}

#[test]
fn long_names_of_both_kinds_are_read_whole() {
    let long = format!("data/ana/notes/{}.txt", "long/".repeat(40));
    let mut tar = Builder::new(Vec::new());
    tar.append_pax_extensions([("path", long.as_bytes()), ("mtime", b"1255000000.5")]).unwrap();
    let mut header = Header::new_ustar();
    header.set_size(1);
    header.set_path("data/short").unwrap();
    header.set_cksum();
    tar.append(&header, &b"x"[..]).unwrap();
    let pax = tar.into_inner().unwrap();
    for bytes in [tar_of(&[(&long, "x")]), pax] {
        let walked = walk(&packed(&bytes));
        assert_eq!(walked.texts(), [(long.as_str(), "x")], "{walked:?}");
    }
}
