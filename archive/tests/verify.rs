//! What the verifier says of archives that came through whole, and of others.

mod samples;

use std::io::{Cursor, Write};

use archive::{
    Entry, Layout, Piece, SUMS_NAME, Timestamp, sums,
    verify::{Damage, Fault, Foreign, Proof, Report, State, Verdict, Verifier},
};
use proptest::prelude::*;
use samples::{File, listed, zip_of};

fn verify_in(bytes: &[u8], chunk: usize) -> Report {
    let mut verifier = Verifier::new();
    bytes.chunks(chunk).for_each(|chunk| verifier.push(chunk));
    verifier.finish()
}

fn verify(bytes: &[u8]) -> Report {
    verify_in(bytes, 1 << 20)
}

/// Three files and the list; of a few kilobytes.
fn files() -> Vec<File> {
    let photo: Vec<u8> = (0..1500_u32).map(|n| ((n * 7919) >> 3) as u8).collect();
    listed(vec![
        ("README.html".into(), b"<p>Hi</p>".to_vec()),
        ("photos/1.jpg".into(), photo),
        ("notes/hello.txt".into(), b"Hello".to_vec()),
    ])
}

fn zip() -> Vec<u8> {
    zip_of(&files())
}

/// Where an entry's header begins, and its bytes.
fn places(name: &str) -> (usize, usize) {
    let zip = zip();
    let named = zip.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
    (named - 30, named + name.len())
}

/// Where the directory begins, and the end record.
fn tail(zip: &[u8]) -> (usize, usize) {
    let start = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    (start, zip.len() - 22)
}

fn state(report: &Report, name: &str) -> State {
    let found: Vec<State> =
        report.files.iter().filter(|file| file.name == name).map(|file| file.state).collect();
    assert_eq!(found.len(), 1, "{name}: {report:#?}");
    found[0]
}

/// That this one file is in this state, every other is whole, and nothing else is wrong.
fn only(report: &Report, name: &str, expected: State) {
    assert_eq!(report.verdict, Verdict::Damaged);
    assert_eq!(state(report, name), expected);
    assert_eq!(report.not_whole().count(), 1, "{report:#?}");
    assert_eq!(report.faults, [], "{report:#?}");
}

/// That every file is whole, and this alone is wrong.
fn only_fault(report: &Report, fault: Fault) {
    assert_eq!(report.verdict, Verdict::Damaged);
    assert_eq!(report.not_whole().count(), 0, "{report:#?}");
    assert_eq!(report.faults, [fault]);
}

fn flipped(at: usize) -> Vec<u8> {
    let mut zip = zip();
    zip[at] ^= 1;
    zip
}

#[test]
fn a_whole_archive_is_whole() {
    let report = verify(&zip());
    assert_eq!(report.verdict, Verdict::Whole);
    assert_eq!(report.faults, []);
    assert_eq!((report.files.len(), report.whole(), report.bytes), (4, 4, zip().len() as u64));
    assert_eq!(state(&report, "photos/1.jpg"), State::Whole(Proof::Sha256));
    assert_eq!(state(&report, SUMS_NAME), State::Whole(Proof::Crc32));
}

#[test]
fn folders_need_no_line_in_the_list() {
    let mut files = files();
    files.insert(0, ("empty/".into(), vec![]));
    assert_eq!(verify(&zip_of(&files)).verdict, Verdict::Whole);
}

#[test]
fn damaged_bytes_are_told_with_the_entry() {
    let (_, content) = places("photos/1.jpg");
    only(&verify(&flipped(content + 700)), "photos/1.jpg", State::Damaged(Damage::Content));
}

#[test]
fn a_damaged_header_is_told_apart_from_its_bytes() {
    let (header, content) = places("photos/1.jpg");
    let crc32 = header + 14;
    for at in [crc32, content - 3] {
        only(&verify(&flipped(at)), "photos/1.jpg", State::Damaged(Damage::Header));
    }
    let (signature, length) = (header, header + 22);
    for at in [signature, length] {
        only(&verify(&flipped(at)), "photos/1.jpg", State::Damaged(Damage::Unreadable));
    }
    only(&verify(&flipped(0)), "README.html", State::Damaged(Damage::Unreadable));
    only(&verify(&flipped(8)), "README.html", State::Damaged(Damage::Unreadable));
}

#[test]
fn a_damaged_directory_leaves_the_files_whole() {
    let (directory, _) = tail(&zip());
    let fault = |name: &str| Fault::Directory { name: name.into(), count: 1 };
    for at in [directory, directory + 5, directory + 17, directory + 43, directory + 48] {
        only_fault(&verify(&flipped(at)), fault("README.html"));
    }
    let second = directory + 46 + "README.html".len();
    only_fault(&verify(&flipped(second + 12)), fault("photos/1.jpg"));
}

#[test]
fn a_damaged_end_leaves_the_files_whole() {
    let (_, end) = tail(&zip());
    for at in [end, end + 8, end + 10, end + 14, end + 18, end + 20] {
        only_fault(&verify(&flipped(at)), Fault::End);
    }
}

#[test]
fn a_damaged_list_leaves_the_weaker_proof() {
    let (_, content) = places(SUMS_NAME);
    let report = verify(&flipped(content + 5));
    assert_eq!(report.verdict, Verdict::Damaged);
    assert_eq!(report.faults, [Fault::ListDamaged]);
    assert_eq!(state(&report, SUMS_NAME), State::Damaged(Damage::Content));
    assert_eq!(state(&report, "photos/1.jpg"), State::Whole(Proof::Crc32));
    assert_eq!(report.files.len(), 4);

    let (header, _) = places(SUMS_NAME);
    for (at, damage) in [(header, Damage::Unreadable), (header + 33, Damage::Header)] {
        let report = verify(&flipped(at));
        assert_eq!(report.faults, [Fault::ListMissing], "{report:#?}");
        assert_eq!(state(&report, SUMS_NAME), State::Damaged(damage));
        assert_eq!(report.not_whole().count(), 1);
    }
}

#[test]
fn a_list_that_is_no_list_proves_nothing() {
    let mut files = files();
    files.last_mut().unwrap().1 = b"Hello\n".to_vec();
    let report = verify(&zip_of(&files));
    only_fault(&report, Fault::ListDamaged);
}

#[test]
fn what_is_listed_and_not_there_is_missing() {
    let mut files = files();
    files.remove(1);
    only(&verify(&zip_of(&files)), "photos/1.jpg", State::Missing);
}

#[test]
fn what_is_there_and_not_listed_is_told() {
    let mut files = files();
    files.insert(1, ("added.exe".into(), b"?".to_vec()));
    only(&verify(&zip_of(&files)), "added.exe", State::Unlisted);
}

#[test]
fn a_file_exchanged_with_all_its_headers_does_not_pass() {
    let mut files = files();
    files[2].1 = b"Jello".to_vec();
    only(&verify(&zip_of(&files)), "notes/hello.txt", State::Damaged(Damage::Content));
}

#[test]
fn a_download_that_stopped_is_told_with_the_entry_it_stopped_in() {
    let (header, content) = places("photos/1.jpg");
    let report = verify(&zip()[..content + 700]);
    assert_eq!((report.verdict, &report.faults[..]), (Verdict::Damaged, &[Fault::Truncated][..]));
    assert_eq!(state(&report, "README.html"), State::Whole(Proof::Crc32));
    assert_eq!(state(&report, "photos/1.jpg"), State::Damaged(Damage::Cut));
    assert_eq!(report.files.len(), 2);

    for end in [header, header + 10] {
        let report = verify(&zip()[..end]);
        assert_eq!(report.faults, [Fault::Truncated]);
        assert_eq!((report.files.len(), report.whole()), (1, 1));
    }
    let (directory, end) = tail(&zip());
    for end in [directory, directory + 20, end, end + 21] {
        only_fault(&verify(&zip()[..end]), Fault::Truncated);
    }
}

#[test]
fn no_beginning_passes_for_the_whole() {
    let zip = zip();
    for end in 0..zip.len() {
        let report = verify(&zip[..end]);
        assert_ne!(report.verdict, Verdict::Whole, "{end}");
        if end >= 4 {
            assert_eq!(report.faults, [Fault::Truncated], "{end}: {report:#?}");
        }
    }
}

#[test]
fn bytes_too_many_at_the_end_are_counted() {
    let mut twice = zip();
    twice.extend(zip());
    only_fault(&verify(&twice), Fault::Trailing { bytes: zip().len() as u64 });
    let mut more = zip();
    more.push(b'\n');
    only_fault(&verify(&more), Fault::Trailing { bytes: 1 });
}

#[test]
fn bytes_lost_on_the_way_damage_what_they_were_in_and_what_followed() {
    let (_, content) = places("photos/1.jpg");
    let mut zip = zip();
    zip.drain(content + 100..content + 110);
    let report = verify(&zip);
    assert_eq!(report.verdict, Verdict::Damaged);
    assert_eq!(state(&report, "README.html"), State::Whole(Proof::Sha256));
    assert_eq!(state(&report, "photos/1.jpg"), State::Damaged(Damage::Content));
    assert_eq!(state(&report, "notes/hello.txt"), State::Damaged(Damage::Unreadable));
    assert_eq!(state(&report, SUMS_NAME), State::Whole(Proof::Crc32));
}

#[test]
fn an_entry_cut_out_is_missing() {
    let (from, _) = places("photos/1.jpg");
    let (to, _) = places("notes/hello.txt");
    let mut zip = zip();
    zip.drain(from..to);
    let report = verify(&zip);
    assert_eq!(state(&report, "photos/1.jpg"), State::Missing);
    assert_eq!(report.whole(), 3);
    assert!(report.faults.contains(&Fault::End), "{report:#?}");
}

#[test]
fn a_hole_full_of_zeros_is_told_by_the_names_in_it() {
    let (from, _) = places("photos/1.jpg");
    let (_, to) = places("notes/hello.txt");
    let mut zip = zip();
    zip[from..to].fill(0);
    let report = verify(&zip);
    assert_eq!(state(&report, "photos/1.jpg"), State::Damaged(Damage::Unreadable));
    assert_eq!(state(&report, "notes/hello.txt"), State::NotChecked);
    assert_eq!((report.whole(), report.files.len(), &report.faults[..]), (2, 4, &[][..]));
}

#[test]
fn an_archive_inside_an_entry_is_not_taken_for_its_surroundings() {
    let inner = ("originals/old.zip".to_owned(), zip());
    let files =
        listed(vec![("README.html".into(), b"<p>Ho</p>".to_vec()), inner, ("z".into(), b"z".to_vec())]);
    let good = zip_of(&files);
    assert_eq!(verify(&good).verdict, Verdict::Whole);
    let header = good.windows(17).position(|window| window == b"originals/old.zip").unwrap() - 30;
    let mut bad = good.clone();
    bad[header] ^= 1;
    only(&verify(&bad), "originals/old.zip", State::Damaged(Damage::Unreadable));
}

#[test]
fn what_is_no_zip_is_called_that() {
    assert_eq!(verify(b"").verdict, Verdict::NotOurs(Foreign::Empty));
    let page = "<!DOCTYPE html><title>Sign in</title>".repeat(100);
    for bytes in [page.as_bytes(), &[0; 5000], b"P", b"%PDF-1.7 PK\x03\x04"] {
        let report = verify(bytes);
        assert_eq!(report.verdict, Verdict::NotOurs(Foreign::NotAZip));
        assert_eq!((report.files.len(), report.faults.len()), (0, 0));
    }
}

/// A ZIP by the `zip` crate.
fn by_another(method: zip::CompressionMethod, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    writer.start_file(name, options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn other_programs_archives_are_called_that() {
    let deflated = by_another(zip::CompressionMethod::Deflated, "a.txt", b"hello hello hello");
    assert_eq!(verify(&deflated).verdict, Verdict::NotOurs(Foreign::Compressed(8)));
    let stored = by_another(zip::CompressionMethod::Stored, "a.txt", b"hello");
    assert_eq!(verify(&stored).verdict, Verdict::NotOurs(Foreign::OtherMaker));
    let around_ours = by_another(zip::CompressionMethod::Stored, "recovered-data.zip", &zip());
    assert_eq!(verify(&around_ours).verdict, Verdict::NotOurs(Foreign::OtherMaker));
    let mut with_descriptors = deflated;
    (with_descriptors[6], with_descriptors[8]) = (8, 0);
    assert_eq!(verify(&with_descriptors).verdict, Verdict::NotOurs(Foreign::Descriptors));
    let without_list = zip_of(&files()[..3]);
    assert_eq!(verify(&without_list).verdict, Verdict::NotOurs(Foreign::NoList));
    let empty = zip_of(&[]);
    assert_eq!(verify(&empty).verdict, Verdict::NotOurs(Foreign::NoList));
}

#[test]
fn every_single_change_of_a_byte_is_noticed() {
    let good = zip();
    for at in 0..good.len() {
        for mask in [0x01, 0x03, 0x08, 0x20, 0x80, 0xFF] {
            let mut bad = good.clone();
            bad[at] ^= mask;
            let report = verify(&bad);
            assert_eq!(report.verdict, Verdict::Damaged, "byte {at} ^ {mask:#x}: {report:#?}");
            assert!(report.files.len() >= 3, "byte {at} ^ {mask:#x}: {report:#?}");
        }
    }
}

#[test]
fn an_archive_with_zip64_records_holds_as_well() {
    let many: Vec<File> = (0..66_000).map(|n| (format!("{n}"), vec![])).collect();
    let files = listed(many);
    let mut zip = zip_of(&files);
    assert_eq!(verify(&zip).verdict, Verdict::Whole);
    let end = zip.len() - 98;
    for at in [end, end + 4, end + 24, end + 40, end + 48, end + 60, end + 76 + 8] {
        zip[at] ^= 1;
        only_fault(&verify(&zip), Fault::End);
        zip[at] ^= 1;
    }
}

/// Of 2³² bytes, all zero.
const CRC32_OF_ZEROS: u32 = 0xD202_EF8D;
const SHA256_OF_ZEROS: [u8; 32] = [
    0x84, 0x79, 0xe4, 0x39, 0x11, 0xdc, 0x45, 0xe8, 0x9f, 0x93, 0x4f, 0xe4, 0x8d, 0x01, 0x29, 0x7e, 0x16,
    0xf5, 0x1d, 0x17, 0xaa, 0x56, 0x1d, 0x4d, 0x1c, 0x21, 0x6b, 0x1a, 0xe0, 0xfc, 0xdd, 0xca,
];

#[test]
fn an_entry_of_four_gigabytes_streams_through() {
    let len = 1_u64 << 32;
    let big = Entry::new("big", len, CRC32_OF_ZEROS, Timestamp::EARLIEST).with_sha256(SHA256_OF_ZEROS);
    let list = sums(std::slice::from_ref(&big));
    let layout =
        Layout::new(vec![big, Entry::of_bytes(SUMS_NAME, list.as_bytes(), Timestamp::EARLIEST)]).unwrap();
    let zeros = vec![0; 1 << 20];
    let mut verifier = Verifier::new();
    for piece in layout.pieces(0..layout.len()) {
        match piece {
            Piece::Literal(bytes) => verifier.push(&bytes),
            Piece::Source { entry: 0, .. } => (0..len >> 20).for_each(|_| verifier.push(&zeros)),
            Piece::Source { .. } => verifier.push(list.as_bytes()),
        }
    }
    let report = verifier.finish();
    assert_eq!(report.verdict, Verdict::Whole, "{report:#?}");
    assert_eq!(report.bytes, layout.len());
}

fn some_files() -> impl Strategy<Value = Vec<File>> {
    // Contents that look like records too.
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..60),
        Just(b"PK\x03\x04".to_vec()),
        Just(b"PK\x01\x02".to_vec()),
        Just(zip()),
    ];
    let bytes = proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    proptest::collection::vec(("[a-zé猫 ]{1,12}", bytes), 0..8).prop_map(|files| {
        let numbered = files.into_iter().enumerate();
        listed(numbered.map(|(index, (name, bytes))| (format!("{index}/{name}"), bytes)).collect())
    })
}

proptest! {
    #[test]
    fn whatever_is_laid_out_is_whole(files in some_files(), chunk in 1..5000_usize) {
        let report = verify_in(&zip_of(&files), chunk);
        prop_assert_eq!(report.verdict, Verdict::Whole, "{:#?}", report);
        prop_assert_eq!(report.files.len(), files.len());
    }

    #[test]
    fn one_changed_byte_is_noticed_whatever_the_archive(
        files in some_files(), at in any::<prop::sample::Index>(), mask in 1..=255_u8,
    ) {
        let mut zip = zip_of(&files);
        let at = at.index(zip.len());
        zip[at] ^= mask;
        prop_assert_ne!(verify(&zip).verdict, Verdict::Whole);
    }

    #[test]
    fn any_chunks_give_the_same_report(
        files in some_files(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..40_usize, any::<u8>()), 0..4),
        chunk in 1..3000_usize,
    ) {
        let mut zip = zip_of(&files);
        for (at, len, byte) in cuts {
            // Bytes lost, changed or added.
            let at = at.index(zip.len());
            let end = (at + len).min(zip.len());
            zip.splice(at..end, std::iter::repeat_n(byte, usize::from(byte) % 50));
            if zip.is_empty() { break; }
        }
        prop_assert_eq!(verify_in(&zip, chunk), verify(&zip));
        prop_assert_eq!(verify_in(&zip, 1), verify(&zip));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        verify(&bytes);
        verify(&[&b"PK\x03\x04\x0a\0\0\x08\0\0"[..], &bytes].concat());
    }
}

#[test]
fn the_words_name_what_happened() {
    let (_, content) = places("photos/1.jpg");
    let report = verify(&flipped(content + 700));
    assert_eq!(report.verdict.to_string(), "The archive is not whole.");
    let words = state(&report, "photos/1.jpg").to_string();
    assert_eq!(words, "damaged: its bytes are not those that were sent");
    let deflated = by_another(zip::CompressionMethod::Deflated, "a.txt", b"hello hello hello");
    assert_eq!(
        verify(&deflated).verdict.to_string(),
        "This ZIP is not one of our archives: its files are compressed, and ours never are."
    );
}
