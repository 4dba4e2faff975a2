//! Tables that operators hand in as CSV: codes, acknowledgements, a provider's statement.

use std::io::Read;

use csv::{Position, Reader, ReaderBuilder, StringRecord, Terminator, Trim};
use serde::{Serialize, de::DeserializeOwned};

/// Problems that are told one by one.
const TOLD: usize = 100;

/// A table with its columns' names in the first line; with or without a byte order mark, as spreadsheets write it.
pub struct Table<R> {
    reader: Reader<R>,
    columns: StringRecord,
}

impl<R: Read> Table<R> {
    pub fn open(file: R) -> csv::Result<Self> {
        // A carriage return is trimmed as space is, so that lines are counted by their newlines alone.
        let newline = Terminator::Any(b'\n');
        let mut reader =
            ReaderBuilder::new().terminator(newline).trim(Trim::All).flexible(true).from_reader(file);
        let columns =
            reader.headers()?.iter().map(|column| column.trim_start_matches('\u{feff}').trim()).collect();
        Ok(Self { reader, columns })
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter()
    }

    /// Whether every one of `wanted` is a column.
    pub fn has(&self, wanted: &[&str]) -> bool {
        wanted.iter().all(|wanted| self.columns().any(|column| column == *wanted))
    }

    /// The next line that is not empty, with its number: 1-based, with the header. A line that is short has
    /// nothing in its last columns.
    pub fn next(&mut self) -> csv::Result<Option<(u64, StringRecord)>> {
        let mut record = StringRecord::new();
        while self.reader.read_record(&mut record)? {
            if record.len() == 1 && record[0].is_empty() {
                continue;
            }
            // It begins where the line before ended, which may be some empty lines earlier.
            let inside = record.iter().map(|field| field.matches('\n').count() as u64).sum::<u64>();
            let ended = self.reader.position().line().saturating_sub(1 + inside);
            let line = record.position().map_or(0, Position::line).max(ended);
            (record.len()..self.columns.len()).for_each(|_| record.push_field(""));
            return Ok(Some((line, record)));
        }
        Ok(None)
    }

    /// The line by its columns' names; none when one is missing that it needs.
    pub fn row<T: DeserializeOwned>(&self, record: &StringRecord) -> Option<T> {
        record.deserialize(Some(&self.columns)).ok()
    }
}

/// A line that was not taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// 1-based, with the header.
    pub line: u64,
    pub reason: String,
}

/// Tells a problem, if there is room for it: whoever handed in another file than they meant reads enough in a hundred.
pub fn tell(problems: &mut Vec<Problem>, line: u64, reason: impl Into<String>) {
    if problems.len() < TOLD {
        problems.push(Problem { line, reason: reason.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq, Eq)]
    struct Row {
        order: String,
        #[serde(default)]
        note: String,
    }

    #[test]
    fn a_spreadsheets_mark_spaces_and_short_lines_are_read_past() {
        let text = "\u{feff}order , note\r\n a ,\"x, y\"\r\n\r\nb\n\n,\n";
        let mut table = Table::open(text.as_bytes()).unwrap();
        assert!(table.has(&["order", "note"]) && !table.has(&["order", "status"]));
        let mut rows = Vec::new();
        while let Some((line, record)) = table.next().unwrap() {
            rows.push((line, table.row::<Row>(&record)));
        }
        let row = |order: &str, note: &str| Some(Row { order: order.to_owned(), note: note.to_owned() });
        assert_eq!(rows, [(2, row("a", "x, y")), (4, row("b", "")), (6, row("", ""))]);
    }

    #[test]
    fn a_hundred_problems_are_told() {
        let mut problems = Vec::new();
        (0..1_000).for_each(|line| tell(&mut problems, line, "is wrong"));
        assert_eq!((problems.len(), problems[99].line), (100, 99));
    }
}
