//! The tables of an import: `subscribers.csv`, `inventory.csv`, `verdicts.csv`.
//!
//! Read as a stream, a row at a time. Columns are found by the header's names,
//! in any order; columns of other names are ignored. A row that cannot be taken
//! in is a [`Problem`] with its line, and the rest goes in. The text may be
//! UTF-8 (with a byte order mark or without), UTF-16 or, in names and other
//! free text, Windows-1252; cells may be parted by commas, semicolons or tabs.
//!
//! Reasons never repeat what a cell says of a person.

mod lines;
mod records;
mod rows;
#[cfg(test)]
mod tests;
mod unicode;
mod values;

use std::{borrow::Cow, io::Read, marker::PhantomData};

use records::{Record, Records};
pub use rows::{InventoryRow, SubscriberRow, Verdict, VerdictRow};
use unicode::Unicode;
pub use values::account_fault;

use super::read::Problem;

/// A table's row, and the 1-based line on which it begins, the header counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<T> {
    pub line: u64,
    pub row: T,
}

/// A kind of row: which columns it needs, and how it is read from them.
pub trait Table: Sized {
    /// Columns without which no row can be read.
    const REQUIRED: &'static [&'static str];
    /// Reads a row, or says for a person why it is not taken in.
    fn read(cells: &Cells<'_>) -> Result<Self, String>;
}

/// The rows of a table. After a [`Problem`] the next row follows; where the
/// header is unfit or reading fails, that problem is the last thing given.
pub struct Rows<R, T> {
    records: Option<Records<Unicode<R>>>,
    columns: Option<Vec<String>>,
    table: PhantomData<T>,
}

impl<R: Read, T: Table> Rows<R, T> {
    pub fn new(input: R) -> Rows<R, T> {
        Rows { records: Some(Records::new(Unicode::new(input))), columns: None, table: PhantomData }
    }

    fn record(&mut self) -> Option<Result<Record, Problem>> {
        let next = self.records.as_mut()?.next()?;
        Some(next.map_err(|fault| {
            if fault.last {
                self.records = None;
            }
            problem(fault.line, fault.reason)
        }))
    }

    fn read_header(&mut self) -> Result<Vec<String>, Problem> {
        let header = self.record().unwrap_or_else(|| Err(problem(1, "the file is empty".into())));
        let header = header.inspect_err(|_| self.records = None)?;
        let columns: Vec<_> =
            (0..header.len()).filter_map(|index| header.cell(index)).map(column_name).collect();
        check_columns(&columns, T::REQUIRED).map_err(|reason| {
            self.records = None;
            problem(header.line, reason)
        })?;
        Ok(columns)
    }
}

impl<R: Read, T: Table> Iterator for Rows<R, T> {
    type Item = Result<Numbered<T>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        self.records.as_ref()?;
        if self.columns.is_none() {
            match self.read_header() {
                Ok(columns) => self.columns = Some(columns),
                Err(problem) => return Some(Err(problem)),
            }
        }
        let record = match self.record()? {
            Ok(record) => record,
            Err(problem) => return Some(Err(problem)),
        };
        let cells = Cells { columns: self.columns.as_deref()?, record: &record };
        let row = cells.check_count().and_then(|()| T::read(&cells));
        let line = record.line;
        Some(row.map(|row| Numbered { line, row }).map_err(|reason| problem(line, reason)))
    }
}

fn column_name(cell: &[u8]) -> String {
    text(cell).trim().to_lowercase()
}

fn problem(line: u64, reason: String) -> Problem {
    Problem { line: Some(line), reason }
}

fn check_columns(columns: &[String], required: &[&str]) -> Result<(), String> {
    let count = |name: &str| columns.iter().filter(|column| *column == name).count();
    let missing: Vec<&str> = required.iter().copied().filter(|name| count(name) == 0).collect();
    if !missing.is_empty() {
        let (noun, missing) = (if missing.len() == 1 { "column" } else { "columns" }, missing.join(", "));
        return Err(format!("the header has no {noun} {missing}: no row of this file is taken in"));
    }
    match columns.iter().find(|column| !column.is_empty() && count(column) > 1) {
        Some(twice) => {
            Err(format!("the header names the column {twice} twice: no row of this file is taken in"))
        }
        None => Ok(()),
    }
}

/// UTF-8, or what else it is taken for.
fn text(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0,
    }
}

/// One row's cells, by column.
pub struct Cells<'a> {
    columns: &'a [String],
    record: &'a Record,
}

impl Cells<'_> {
    /// The cell's text without spaces around it; empty where there is no such column.
    pub fn get(&self, column: &str) -> Cow<'_, str> {
        let text = text(self.raw(column));
        match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// The cell's bytes as the file has them.
    pub fn raw(&self, column: &str) -> &[u8] {
        let index = self.columns.iter().position(|name| name == column);
        index.and_then(|index| self.record.cell(index)).unwrap_or_default()
    }

    /// A cell too many or too few means that others stand in the wrong column.
    fn check_count(&self) -> Result<(), String> {
        let (columns, cells) = (self.columns.len(), self.record.len());
        if cells == columns {
            return Ok(());
        }
        Err(format!("the row has {cells} cells where the header has {columns}"))
    }
}
