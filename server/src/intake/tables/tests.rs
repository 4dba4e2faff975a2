use std::io::{self, Read};

use app::Category;
use proptest::prelude::*;

use super::*;

const HEADER: &str = "account,phone,name,email,locale,time_zone,plan\n";

/// Rows and problems, each with its line.
type Told<T> = (Vec<(u64, T)>, Vec<(u64, String)>);

fn read<T: Table>(bytes: &[u8]) -> Told<T> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for row in Rows::<_, T>::new(bytes) {
        match row {
            Ok(Numbered { line, row }) => rows.push((line, row)),
            Err(Problem { line, reason }) => problems.push((line.unwrap(), reason)),
        }
    }
    (rows, problems)
}

fn subscribers(rows: &str) -> Told<SubscriberRow> {
    read(format!("{HEADER}{rows}").as_bytes())
}

fn only_problem(rows: &str) -> String {
    let (good, problems) = subscribers(rows);
    assert!(good.is_empty(), "{good:?}");
    let [(2, reason)] = &problems[..] else { panic!("{problems:?}") };
    reason.clone()
}

fn names(rows: &[(u64, SubscriberRow)]) -> Vec<(u64, &str)> {
    rows.iter().map(|(line, row)| (*line, row.name.as_str())).collect()
}

#[test]
fn a_full_row_is_read_into_its_types() {
    let (rows, problems) =
        subscribers("ana, +12125550123 ,Ana Díaz,ana@example.com,en_US,america/new_york,data-20\n");
    assert_eq!(problems, []);
    let expected = SubscriberRow {
        account: "ana".into(),
        phone: Some("+12125550123".parse().unwrap()),
        name: "Ana Díaz".into(),
        email: "ana@example.com".into(),
        locale: "en-US".into(),
        time_zone: "America/New_York".into(),
        plan: "data-20".into(),
    };
    assert_eq!(rows, [(2, expected)]);
}

#[test]
fn columns_stand_in_any_order_and_others_are_ignored() {
    let (rows, problems) = read::<SubscriberRow>(b"Shoe Size, NAME ,phone,\"account\"\n44,Ana,,ana\n");
    assert_eq!(problems, []);
    assert_eq!(names(&rows), [(2, "Ana")]);
    assert_eq!((rows[0].1.phone.as_ref(), rows[0].1.time_zone.as_str()), (None, "UTC"));
}

#[test]
fn a_missing_column_is_one_problem_and_no_rows() {
    let (rows, problems) = read::<SubscriberRow>(b"account,name\nana,Ana\nbo,Bo\n");
    assert!(rows.is_empty());
    assert_eq!(problems, [(1, "the header has no column phone: no row of this file is taken in".into())]);
    let (_, problems) = read::<InventoryRow>(b"account\nana\n");
    assert!(problems[0].1.contains("no columns category, expected, as_of"));
}

#[test]
fn a_column_named_twice_or_an_empty_file_is_one_problem() {
    let (_, problems) = read::<SubscriberRow>(b"account,phone,phone\nana,,\n");
    assert!(problems[0].1.contains("phone twice"), "{problems:?}");
    assert_eq!(read::<SubscriberRow>(b"").1, [(1, "the file is empty".into())]);
    assert_eq!(read::<SubscriberRow>(b"\n\r\n").1.len(), 1);
}

#[test]
fn utf8_utf16_and_latin1_say_the_same() {
    let text = format!("{HEADER}ana,,Ana Díaz ✓,,,,\n");
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked_little = [b"\xFF\xFE", &little[..]].concat();
    let marked_big = [b"\xFE\xFF", &big[..]].concat();
    for bytes in [text.as_bytes(), &marked, &little, &big, &marked_little, &marked_big] {
        let (rows, problems) = read::<SubscriberRow>(bytes);
        assert_eq!((names(&rows), problems.len()), (vec![(2, "Ana Díaz ✓")], 0));
    }
    let (rows, _) = read::<SubscriberRow>(&[HEADER.as_bytes(), b"ana,,Ana D\xEDaz,,,,\n"].concat());
    assert_eq!(names(&rows), [(2, "Ana Díaz")]);
}

#[test]
fn an_account_is_never_guessed_from_another_encoding() {
    let (rows, problems) = read::<SubscriberRow>(b"account,phone\nD\xEDaz,\n");
    assert!(rows.is_empty());
    assert_eq!(problems, [(2, "the account is not in UTF-8".into())]);
}

#[test]
fn quoted_line_breaks_keep_the_numbers_of_the_lines() {
    let (rows, problems) =
        subscribers("a,,\"Ana\nMaria\",,,,\r\nb,,\"She said \"\"hi\"\"\",,,,\r\rbad\n\nc,,C,,,,");
    assert_eq!(names(&rows), [(2, "Ana Maria"), (4, "She said \"hi\""), (8, "C")]);
    assert_eq!(problems, [(6, "the row has 1 cells where the header has 7".into())]);
}

#[test]
fn a_stray_quote_costs_its_own_row_only() {
    let (rows, problems) = subscribers("a,,\"Ana,,,,\nb,,\"Bo\",,,,\nc,,C,,,,\n");
    assert_eq!(names(&rows), [(3, "Bo"), (4, "C")]);
    assert_eq!(problems, [(2, "text follows a closing quote".into())]);
    let (rows, problems) = subscribers("a,,\"Ana,,,,\nb,,Bo,,,,\nc,,5\" C,,,,\n");
    assert_eq!(names(&rows), [(3, "Bo"), (4, "5\" C")]);
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_line_without_end_is_a_problem_and_takes_no_memory() {
    let long = "x".repeat(3_000_000);
    let (rows, problems) = subscribers(&format!("{long}\nb,,Bo,,,,\n"));
    assert_eq!(names(&rows), [(3, "Bo")]);
    assert_eq!(problems, [(2, "the line is longer than 65,536 bytes".into())]);
}

#[test]
fn too_many_or_too_few_cells_are_a_problem_and_empty_rows_are_nothing() {
    assert!(only_problem("ana,,Díaz, Ana,a@example.com,,,\n").contains("8 cells"));
    assert!(only_problem("ana,+12125550123\n").contains("2 cells"));
    let (rows, problems) = subscribers("ana,,Ana,,,,\n,,,,,,\n");
    assert_eq!((rows.len(), problems.len()), (1, 0));
    let exported = "account,phone,,,\nana,,,,\n,,,,\n";
    assert_eq!(read::<SubscriberRow>(exported.as_bytes()).0.len(), 1);
}

#[test]
fn semicolons_and_tabs_part_cells_where_the_header_has_them() {
    for separator in [";", "\t"] {
        let text = "account,phone,name\nana,,Ana\n".replace(',', separator);
        assert_eq!(names(&read::<SubscriberRow>(text.as_bytes()).0), [(2, "Ana")]);
    }
}

#[test]
fn an_account_must_be_able_to_be_a_folder() {
    for bad in ["", "..", ".", "a/b", "a\\b", "a\u{7}b", "\"a\nb\"", &"x".repeat(129)] {
        only_problem(&format!("{bad},,Ana,,,,\n"));
    }
    let (rows, _) = subscribers(&format!("  {}  ,,Ana,,,,\n", "é".repeat(128)));
    assert_eq!(rows[0].1.account, "é".repeat(128));
}

#[test]
fn a_bad_phone_keeps_the_row_out_and_a_missing_one_does_not() {
    for bad in ["4155550123", "+1 415 555 0123", "+1415", "n/a"] {
        let reason = only_problem(&format!("ana,{bad},Ana,,,,\n"));
        assert!(reason.contains("E.164") && !reason.contains(bad), "{reason}");
    }
    assert_eq!(subscribers("ana,,Ana,,,,\n").0[0].1.phone, None);
}

#[test]
fn unknown_zones_locales_and_addresses_keep_the_row_out() {
    for bad in [",,,,,Pacific Standard Time,", ",,,,english please,,", ",,,not an address,,,", ",,,a@,,,"] {
        only_problem(&format!("ana{bad}\n"));
    }
    let (rows, _) = subscribers("ana,,,,zh-Hant-TW,US/Pacific,\n");
    assert_eq!((rows[0].1.locale.as_str(), rows[0].1.time_zone.as_str()), ("zh-Hant-TW", "US/Pacific"));
}

#[test]
fn an_inventory_row_has_a_count_and_a_moment() {
    let head = "account,category,expected,as_of\n";
    let good = "ana,high-scores,12,2009-10-01\nana,contacts,0,2009-10-01T00:00:00-07:00\n";
    let (rows, problems) = read::<InventoryRow>(format!("{head}{good}").as_bytes());
    assert_eq!(problems, []);
    assert_eq!(rows[0].1.category, Category::HighScores);
    assert_eq!((rows[0].1.expected, rows[0].1.as_of), (12, 1_254_355_200_000));
    assert_eq!((rows[1].1.expected, rows[1].1.as_of), (0, 1_254_380_400_000));
    for bad in ["fotos,1,2009-10-01", "photos,-1,2009-10-01", "photos,1.5,2009-10-01", "photos,,2009-10-01"] {
        assert_eq!(read::<InventoryRow>(format!("{head}ana,{bad}\n").as_bytes()).1.len(), 1, "{bad}");
    }
    for bad in
        ["photos,1,", "photos,1,1/10/2009", "photos,1,2009-13-01", "photos,99999999999999999999,2009-10-01"]
    {
        assert_eq!(read::<InventoryRow>(format!("{head}ana,{bad}\n").as_bytes()).1.len(), 1, "{bad}");
    }
}

#[test]
fn the_only_verdict_is_unrecoverable() {
    let table =
        b"account,category,verdict,reason\nana,photos,unrecoverable,\"disk, burnt\"\nana,notes,maybe,\n";
    let (rows, problems) = read::<VerdictRow>(table);
    let [(2, row)] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.verdict.slug(), row.reason.as_str()), ("unrecoverable", "disk, burnt"));
    assert_eq!(problems.len(), 1);
}

/// Gives its bytes and then fails.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "cut short")),
            n => Ok(n),
        }
    }
}

#[test]
fn a_file_cut_short_gives_its_rows_and_says_so() {
    let text = format!("{HEADER}ana,,Ana,,,,\nbo,,B");
    let rows: Vec<_> = Rows::<_, SubscriberRow>::new(Broken(text.as_bytes())).collect();
    assert!(rows[0].is_ok());
    let problem = rows[1].as_ref().unwrap_err();
    assert_eq!(problem.line, Some(3));
    assert!(problem.reason.contains("cannot be read from here on: cut short"));
    assert_eq!(rows.len(), 2);
}

proptest! {
    #[test]
    fn any_bytes_end_in_rows_or_problems(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        read::<SubscriberRow>(&bytes);
        read::<VerdictRow>(&[b"account,category,verdict\n", &bytes[..]].concat());
    }

    #[test]
    fn every_line_is_a_row_or_a_problem(lines in proptest::collection::vec("[a-z\",; ]{1,20}", 0..20)) {
        let told: std::collections::BTreeSet<u64> = {
            let (rows, problems) = subscribers(&lines.join("\n"));
            rows.iter().map(|row| row.0).chain(problems.iter().map(|problem| problem.0)).collect()
        };
        // Without line breaks in cells, only lines of nothing but separators go untold.
        for (index, line) in lines.iter().enumerate() {
            let silent = line.chars().all(|c| matches!(c, ',' | ' ' | '"'));
            prop_assert!(silent || told.contains(&(index as u64 + 2)) || lines[..index].iter().any(|l| l.contains('"')));
        }
    }
}
