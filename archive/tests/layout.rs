//! The layout's rules, seen from outside and by other people's programs.

mod samples;

use std::{
    io::{Cursor, Read},
    process::Command,
};

use archive::{Entry, Layout, LayoutError, NameFault, Piece, Timestamp};
use proptest::prelude::*;
use samples::{File, bytes_of, layout_of, whole};

fn files() -> impl Strategy<Value = Vec<File>> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    proptest::collection::vec(("[a-zé猫 ]{1,12}", bytes), 0..12).prop_map(|files| {
        let numbered = files.into_iter().enumerate();
        numbered.map(|(index, (name, bytes))| (format!("{index}/{name}"), bytes)).collect()
    })
}

proptest! {
    #[test]
    fn any_split_joined_again_is_the_whole(files in files(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8)) {
        let layout = layout_of(&files);
        let whole = whole(&layout, &files);
        prop_assert_eq!(whole.len() as u64, layout.len());
        let mut cuts: Vec<u64> = cuts.iter().map(|cut| cut.index(whole.len()) as u64).collect();
        cuts.extend([0, layout.len()]);
        cuts.sort_unstable();
        let joined: Vec<u8> =
            cuts.windows(2).flat_map(|pair| bytes_of(&layout, &files, pair[0]..pair[1])).collect();
        prop_assert_eq!(joined, whole);
    }

    #[test]
    fn the_zip_crate_reads_back_what_went_in(files in files()) {
        let layout = layout_of(&files);
        let mut archive = zip::ZipArchive::new(Cursor::new(whole(&layout, &files))).unwrap();
        prop_assert_eq!(archive.len(), files.len());
        for (index, (name, bytes)) in files.iter().enumerate() {
            let mut entry = archive.by_index(index).unwrap();
            prop_assert_eq!(entry.name().unwrap(), name.as_str());
            let mut read = Vec::new();
            entry.read_to_end(&mut read).unwrap();
            prop_assert_eq!(&read, bytes);
        }
    }
}

#[test]
fn bytes_beyond_the_end_are_left_out() {
    let files = vec![("a".to_owned(), b"abc".to_vec())];
    let layout = layout_of(&files);
    assert_eq!(layout.pieces(layout.len()..u64::MAX).count(), 0);
    #[allow(clippy::reversed_empty_ranges)]
    let backwards = layout.pieces(9..3).count();
    assert_eq!(backwards, 0);
    assert_eq!(bytes_of(&layout, &files, 5..u64::MAX), whole(&layout, &files)[5..]);
}

#[test]
fn names_that_would_harm_are_refused_with_the_entry() {
    let entry = |name: &str| Entry::of_bytes(name, b"", Timestamp::EARLIEST);
    let error = Layout::new(vec![entry("a"), entry("../a")]).unwrap_err();
    let expected = LayoutError::Name { index: 1, name: "../a".into(), fault: NameFault::BadPart };
    assert_eq!(error, expected);
    assert_eq!(error.to_string(), "entry 1, \"../a\": the name has a part that is empty, `.` or `..`");
}

#[test]
fn lengths_that_overflow_are_an_error() {
    let entry = |name: &str| Entry::new(name, u64::MAX / 2, 0, Timestamp::EARLIEST);
    let three = vec![entry("a"), entry("b"), entry("c")];
    assert_eq!(Layout::new(three).unwrap_err(), LayoutError::TooLong);
}

#[test]
fn folders_may_stand_by_themselves() {
    let day = Timestamp::EARLIEST;
    let layout =
        Layout::new(vec![Entry::folder("empty/", day), Entry::of_bytes("full/a", b"abc", day)]).unwrap();
    let files = [("empty/".to_owned(), vec![]), ("full/a".to_owned(), b"abc".to_vec())];
    let mut archive = zip::ZipArchive::new(Cursor::new(whole(&layout, &files))).unwrap();
    assert!(archive.by_index(0).unwrap().is_dir());
    assert!(archive.by_index(1).unwrap().is_file());

    let bytes = Entry::of_bytes("folder/", b"abc", day);
    let fault = LayoutError::Name { index: 0, name: "folder/".into(), fault: NameFault::FolderWithBytes };
    assert_eq!(Layout::new(vec![bytes]).unwrap_err(), fault);
}

#[test]
fn the_same_entries_are_the_same_bytes() {
    let files: Vec<File> = (0..50).map(|n| (format!("{n}/x.txt"), vec![n; 40])).collect();
    assert_eq!(whole(&layout_of(&files), &files), whole(&layout_of(&files), &files));
}

/// CRC-32 of the letter z.
const Z: u32 = 0x62D2_77AF;

fn z(name: &str) -> Entry {
    Entry::new(name, 1, Z, Timestamp::EARLIEST)
}

/// Reads the one byte of an entry through the `zip` crate, which checks its CRC-32.
fn read_z(archive: &mut zip::ZipArchive<Sparse<'_>>, index: usize) {
    let mut read = String::new();
    archive.by_index(index).unwrap().read_to_string(&mut read).unwrap();
    assert_eq!(read, "z");
}

#[test]
fn entries_beyond_four_gigabytes_take_no_memory_and_read_back() {
    let big = 5 << 30;
    let entry = Entry::new("big", big, 0, Timestamp::EARLIEST);
    let layout = Layout::new(vec![z("before"), entry, z("after")]).unwrap();
    let mut archive = zip::ZipArchive::new(Sparse { layout: &layout, at: 0 }).unwrap();
    assert_eq!(archive.by_index_raw(1).unwrap().size(), big);
    assert!(archive.by_index_raw(2).unwrap().header_start() > big);
    read_z(&mut archive, 0);
    read_z(&mut archive, 2);
}

#[test]
fn offsets_beyond_four_gigabytes_need_no_big_entry() {
    let gigabyte = |n: u32| Entry::new(format!("{n}"), 1 << 30, 0, Timestamp::EARLIEST);
    let mut entries: Vec<Entry> = (0..10).map(gigabyte).collect();
    entries.push(z("after"));
    let layout = Layout::new(entries).unwrap();
    assert!(layout.len() > 10 << 30);
    let mut archive = zip::ZipArchive::new(Sparse { layout: &layout, at: 0 }).unwrap();
    assert_eq!(archive.len(), 11);
    read_z(&mut archive, 10);
}

#[test]
fn more_entries_than_sixteen_bits_read_back() {
    let layout = Layout::new((0..70_000).map(|n| z(&format!("{n}.txt"))).collect()).unwrap();
    let mut archive = zip::ZipArchive::new(Sparse { layout: &layout, at: 0 }).unwrap();
    assert_eq!(archive.len(), 70_000);
    for index in [0, 65_534, 65_535, 65_536, 69_999] {
        read_z(&mut archive, index);
    }
}

proptest! {
    #[test]
    fn any_manifest_is_laid_out_without_gap_or_overlap(
        lens in proptest::collection::vec(prop_oneof![0..300_u64, 0xFFFF_FF00..0x1_0000_0100_u64, 0..u64::MAX >> 8], 0..20),
        from in any::<u64>(),
        len in 0..1_000_000_u64,
    ) {
        let entries = lens.iter().enumerate().map(|(n, len)| Entry::new(format!("{n}"), *len, 0, Timestamp::EARLIEST));
        let layout = Layout::new(entries.collect()).unwrap();
        let pieces = |range| layout.pieces(range).collect::<Vec<_>>();
        prop_assert_eq!(pieces(0..layout.len()).iter().map(Piece::len).sum::<u64>(), layout.len());
        let from = from % layout.len();
        let part = from..layout.len().min(from + len);
        prop_assert_eq!(pieces(part.clone()).iter().map(Piece::len).sum::<u64>(), part.end - part.start);
    }
}

/// The layout's bytes with the letter z for contents.
struct Sparse<'a> {
    layout: &'a Layout,
    at: u64,
}

impl Read for Sparse<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let range = self.at..self.at.saturating_add(out.len() as u64);
        let mut filled = 0;
        for piece in self.layout.pieces(range) {
            let len = piece.len() as usize;
            match piece {
                Piece::Literal(bytes) => out[filled..filled + len].copy_from_slice(&bytes),
                Piece::Source { .. } => out[filled..filled + len].fill(b'z'),
            }
            filled += len;
        }
        self.at += filled as u64;
        Ok(filled)
    }
}

impl std::io::Seek for Sparse<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            std::io::SeekFrom::Start(at) => at,
            std::io::SeekFrom::End(by) => self.layout.len().saturating_add_signed(by),
            std::io::SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn unzip_and_python_find_no_fault() {
    let files: Vec<File> = [("README.html", "<p>Hi</p>"), ("photos/猫.jpg", "not really"), ("empty", "")]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .to_vec();
    let layout = layout_of(&files);
    let path = std::env::temp_dir().join(format!("archive-layout-{}.zip", std::process::id()));
    std::fs::write(&path, whole(&layout, &files)).unwrap();
    let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); \
                  assert z.testzip() is None; assert 'photos/猫.jpg' in z.namelist()";
    let path_text = path.to_str().unwrap();
    for (program, arguments) in
        [("unzip", vec!["-tq", path_text]), ("python3", vec!["-c", script, path_text])]
    {
        match Command::new(program).args(arguments).output() {
            Ok(output) => assert!(output.status.success(), "{program}: {output:?}"),
            Err(_) => eprintln!("skipped: no {program}"),
        }
    }
    std::fs::remove_file(&path).unwrap();
}
