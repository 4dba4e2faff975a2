//! The tables of `docs/formats.md`, row by row: what they say is what is written.

use app::Category;

use crate::archives::formats::{contacts_vcf, contacts_vcf_4};
use crate::intake::read::{lines::Lines, read};

const DOCS: &str = include_str!("../../../../../docs/formats.md");

/// One row of the table of conversions.
pub struct Row {
    pub number: usize,
    pub from: String,
    pub before: Vec<String>,
    pub in_3: Vec<String>,
    pub in_4: Vec<String>,
}

impl Row {
    /// Both cards that are written of the lines before.
    pub fn written(&self) -> (String, String) {
        let mut lines = vec!["BEGIN:VCARD".to_owned(), format!("VERSION:{}", self.from)];
        lines.extend(self.base());
        lines.extend(self.before.iter().cloned());
        lines.push("END:VCARD\r\n".into());
        let reading = read(Category::Contacts, "row", lines.join("\r\n").as_bytes()).unwrap();
        assert_eq!((reading.items.len(), &reading.problems[..]), (1, &[][..]), "row {}", self.number);
        let body = reading.items[0].body.as_str();
        (contacts_vcf([body]), contacts_vcf_4([body]))
    }

    /// What a card needs, where the row itself does not speak of it.
    pub fn base(&self) -> Vec<String> {
        let speaks_of = |name: &str| {
            let mut lines = self.before.iter().take_while(|line| !line.starts_with("BEGIN"));
            lines.any(|line| line.split([';', ':']).next() == Some(name))
        };
        let base = [("FN", "FN:Ann Doe"), ("N", "N:Doe;Ann;;;")];
        base.iter().filter(|(name, _)| !speaks_of(name)).map(|(_, line)| (*line).to_owned()).collect()
    }
}

/// The rows whose second cell is a version of vCard.
pub fn rows() -> Vec<Row> {
    DOCS.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    let [number, from @ ("2.1" | "3.0" | "4.0"), before, in_3, in_4] = cells[..] else { return None };
    let before = code(before);
    let or_before = |cell: &str| if cell == "=" { before.clone() } else { code(cell) };
    let (in_3, in_4) = (or_before(in_3), or_before(in_4));
    Some(Row { number: number.parse().ok()?, from: from.into(), before, in_3, in_4 })
}

/// The lines of a cell, each in backticks; `–` says that there are none.
fn code(cell: &str) -> Vec<String> {
    cell.split("<br>")
        .filter(|line| *line != "–")
        .map(|line| line.trim().trim_matches('`').to_owned())
        .collect()
}

/// The lines of a card without its frame, unfolded, in an order that does not matter.
fn content(card: &str) -> Vec<String> {
    let lines = Lines::new(card.as_bytes()).map(|line| String::from_utf8(line.bytes).unwrap());
    let mut lines: Vec<String> = lines
        .filter(|line| !["BEGIN:", "END:", "VERSION:"].iter().any(|frame| line.starts_with(frame)))
        .collect();
    lines.sort();
    lines
}

#[test]
fn every_row_of_the_document_is_what_is_written() {
    let rows = rows();
    assert!(rows.len() >= 60, "{} rows found", rows.len());
    let mut wrong = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row.number, index + 1, "rows are numbered");
        let (three, four) = row.written();
        for (version, said, text) in [("3.0", &row.in_3, three), ("4.0", &row.in_4, four)] {
            // A name that the row is silent about is the base's, also where a rule makes it.
            let mut expected: Vec<String> = said.iter().cloned().chain(row.base()).collect();
            if version == "3.0" && !expected.iter().any(|line| line.starts_with("N:")) {
                expected.push(content(&text).into_iter().find(|line| line.starts_with("N:")).unwrap());
            }
            expected.sort();
            if content(&text) != expected {
                wrong.push(format!(
                    "row {} in {version}:\n  says   {expected:?}\n  writes {:?}",
                    row.number,
                    content(&text)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
