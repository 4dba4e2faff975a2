//! Containers that are cut short, damaged or made to do harm.

use proptest::prelude::*;

use super::*;

fn limited(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

/// Text that does not shrink when packed.
fn noise(len: usize) -> String {
    let mut state = 12_345_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'!' + (state >> 24) as u8 % 90)
    };
    (0..len).map(|_| next()).collect()
}

#[test]
fn a_tar_cut_anywhere_gives_what_came_before_and_says_truncated() {
    let tar = tar_of(&EXPORT);
    // Where it is cut, and how many files are whole by then.
    let cuts =
        [(513, 0), (530, 0), (700, 1), (1024, 1), (1030, 1), (2048, 2), (2560, 2), (2572, 3), (3072, 3)];
    for (cut, expected) in cuts {
        let walked = walk(&packed(&tar[..cut]));
        let whole = walked.members.iter().filter(|(_, text)| text.is_ok()).count();
        assert_eq!(whole, expected, "{cut}");
        assert!(walked.end.unwrap().contains("ends too early"), "{cut}");
    }
}

#[test]
fn a_tar_gz_cut_short_gives_what_came_before_and_says_truncated() {
    let (small, large) = ("Buy milk".to_owned(), noise(300_000));
    let tar = tar_of(&[("data/a/notes/small", &small), ("data/a/notes/large", &large)]);
    let gz = gzip(&tar);
    let walked = walk(&packed(&gz[..gz.len() / 2]));
    assert_eq!(walked.texts()[0], ("data/a/notes/small", "Buy milk"));
    assert!(walked.members[1].1.as_ref().unwrap_err().contains("cut short"));
    let end = walked.end.unwrap();
    assert!(end.contains("ends too early, in or after data/a/notes/large"), "{end}");
    // Even the last byte is missed: gzip's own checksum stands there.
    let walked = walk(&packed(&gz[..gz.len() - 1]));
    assert_eq!(walked.members.iter().filter(|(_, text)| text.is_ok()).count(), 2);
    assert!(walked.end.unwrap().contains("ends too early"));
}

#[test]
fn a_zip_cut_short_is_read_by_its_headers_as_far_as_they_go() {
    let files = [("data/a/notes/1", "one"), ("data/a/notes/2", "two"), ("data/a/notes/3", "three")];
    for zip in [zip_of(&files), streamed_zip_of(&files)] {
        let third = zip.windows(4).enumerate().filter(|(_, four)| four == b"PK\x03\x04").nth(2).unwrap().0;
        let list = zip.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        for (cut, whole) in
            [(zip.len() - 1, 3), (list + 7, 3), (list, 3), (third + 46, 2), (third + 3, 2), (third, 2)]
        {
            let walked = walk(&packed(&zip[..cut]));
            assert_eq!(walked.texts(), files[..whole], "{cut}: {walked:?}");
            assert!(walked.end.unwrap().contains("ends too early"), "{cut}");
        }
        let walked = walk(&packed(&zip[..third + 46]));
        let (path, reason) = walked.only_problem();
        assert_eq!(path, "data/a/notes/3");
        assert!(reason.contains("cut short"));
    }
}

#[test]
fn the_end_of_a_zip_within_a_cut_zip_is_not_taken_for_its_own() {
    let inner = zip_of(&[("data/x/notes/1", "evil")]);
    let mut outer = ZipWriter::new(io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    outer.start_file("data/a/notes/inner.zip", stored).unwrap();
    outer.write_all(&inner).unwrap();
    let outer = outer.finish().unwrap().into_inner();
    let list = outer.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    let walked = walk(&packed(&outer[..list]));
    assert_eq!(walked.paths(), ["data/a/notes/inner.zip"]);
    assert!(walked.end.is_some());
}

#[test]
fn a_wrong_checksum_in_a_zip_is_told_when_it_is_read() {
    let stored = raw_zip(&[("data/1", &noise(100)), ("data/2", "fine")]);
    let at = stored.windows(6).position(|window| window == b"data/1").unwrap() + 50;
    let mut damaged = stored.clone();
    damaged[at] ^= 1;
    let walked = walk(&packed(&damaged));
    assert!(walked.members[0].1.as_ref().unwrap_err().contains("damaged"), "{walked:?}");
    assert_eq!(walked.texts()[1], ("data/2", "fine"));
    assert_eq!(walked.end, None);
}

#[test]
fn a_program_before_a_zip_does_not_hide_it() {
    let walked = walk(&packed(&[b"#!/bin/sh\nexit\n".as_slice(), &zip_of(&EXPORT)].concat()));
    assert_eq!((walked.texts(), walked.end.as_ref()), (EXPORT.to_vec(), None));
}

#[test]
fn a_member_over_the_limit_is_a_problem_and_the_rest_goes_on() {
    let limits = limited(|limits| limits.member_bytes = 20);
    for container in all_kinds(&[("data/a/notes/1", &noise(21)), ("data/a/notes/2", "small")]) {
        let walked = walk_with(&container.path, limits.clone());
        assert!(walked.only_problem().1.contains("larger than 20 bytes"));
        assert_eq!((walked.texts(), walked.end.as_ref()), (vec![("data/a/notes/2", "small")], None));
    }
}

#[test]
fn a_bomb_is_told_when_it_is_read_and_the_rest_goes_on() {
    let limits = limited(|limits| (limits.ratio, limits.ratio_from) = (100, 1 << 16));
    let zeros = "0".repeat(4_000_000);
    let files = [("data/a/notes/1", zeros.as_str()), ("data/a/notes/2", "small")];
    for bytes in [zip_of(&files), gzip(&tar_of(&files))] {
        let walked = walk_with(&packed(&bytes).path, limits.clone());
        assert!(walked.members[0].1.as_ref().unwrap_err().contains("zip bomb"), "{walked:?}");
        assert_eq!((walked.texts()[1], walked.end.as_ref()), (("data/a/notes/2", "small"), None));
    }
}

#[test]
fn a_tar_gz_that_is_nothing_but_a_bomb_is_an_error_even_when_passed_over() {
    let limits = limited(|limits| {
        (limits.ratio, limits.ratio_from, limits.member_bytes) = (100, 1 << 16, 1 << 20);
    });
    let container = packed(&gzip(&tar_of(&[("data/a/notes/1", &"0".repeat(4_000_000))])));
    let end = walk_with(&container.path, limits).end.unwrap();
    assert!(end.contains("zip bomb"), "{end}");
}

#[test]
fn too_many_entries_or_bytes_of_the_whole_are_an_error() {
    for container in all_kinds(&EXPORT) {
        let few = walk_with(&container.path, limited(|limits| limits.entries = 2));
        assert!(few.end.unwrap().contains("more than 2 entries"));
        let small = walk_with(&container.path, limited(|limits| limits.total_bytes = 20));
        assert!(small.end.unwrap().contains("more than 20 bytes"));
    }
}

#[test]
fn paths_too_long_or_too_deep_are_problems() {
    let files = [("data/a/b/c/d/e", "deep"), ("data/a/x", "fine")];
    for container in all_kinds(&files) {
        let walked = walk_with(&container.path, limited(|limits| limits.depth = 4));
        assert_eq!((walked.problems.len(), walked.texts()), (1, vec![("data/a/x", "fine")]));
        let walked = walk_with(&container.path, limited(|limits| limits.path_bytes = 10));
        assert!(walked.only_problem().1.contains("too long"));
    }
}

#[test]
fn files_that_overlap_in_a_zip_are_an_error() {
    let mut zip = raw_zip(&[("data/1", &noise(5000)), ("data/2", &noise(5000))]);
    let len = zip.len() as u32;
    let list = zip.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    zip[list + 20..list + 24].copy_from_slice(&(len - 100).to_le_bytes());
    assert!(walk(&packed(&zip)).end.unwrap().contains("overlap"));
}

#[test]
fn a_member_asked_for_with_a_cap_says_when_it_is_larger() {
    let container = packed(&zip_of(&EXPORT));
    let source = Source::open(&container.path, Limits::default()).unwrap();
    let visit = &mut |event: Event<'_>| {
        let Event::Member(mut member) = event else { return Ok::<(), ()>(()) };
        assert!(matches!(member.read_whole(3), Err(Unread::TooLarge { limit: 3 })));
        Ok(())
    };
    source.walk(visit).unwrap();
}

/// Small limits, so that a length that was flipped cannot make a test long.
fn narrow() -> Limits {
    limited(|limits| (limits.member_bytes, limits.total_bytes) = (1 << 20, 1 << 22))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn flipped_and_cut_containers_end_in_members_or_an_error(
        kind in 0..4_usize,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let long = noise(3000);
        let files = [EXPORT[0], EXPORT[1], ("data/ana/notes/long", long.as_str())];
        let tar = tar_of(&files);
        let mut bytes = match kind {
            0 => zip_of(&files),
            1 => streamed_zip_of(&files),
            2 => tar,
            _ => gzip(&tar),
        };
        for (at, value) in &flips {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let walked = walk_with(&packed(&bytes).path, narrow());
        let told = walked.members.len() + walked.problems.len() + usize::from(walked.end.is_some());
        prop_assert!(told > 0);
        if flips.is_empty() && cut.is_none() {
            prop_assert_eq!(walked.texts(), files.to_vec());
        }
        // What is given as whole of a container that was only cut is whole.
        for (path, text) in walked.members.iter().filter(|_| flips.is_empty()) {
            let original = files.iter().find(|(name, _)| name == path).map(|(_, text)| *text);
            prop_assert!(text.as_deref().is_err() || text.as_deref().ok() == original);
        }
    }
}
