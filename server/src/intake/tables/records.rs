//! Records of separated values (RFC 4180), each with the line it begins on.
//!
//! Stricter than most readers in one thing: text after a closing quote, or a
//! quote that is never closed, is a fault of the line it stands on, and reading
//! goes on with the very next line. So one stray quote costs one row, not the
//! rest of the file.

use std::io::BufRead;

use super::lines::{LONGEST, Line, Lines};

/// No cell goes over more lines than this.
const MOST_LINES: usize = 200;

pub struct Record {
    pub line: u64,
    cells: Cut,
}

impl Record {
    pub fn len(&self) -> usize {
        self.cells.ends.len()
    }

    /// A cell's bytes, without its quotes; none beyond the last.
    pub fn cell(&self, index: usize) -> Option<&[u8]> {
        let end = *self.cells.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.cells.ends[before]);
        Some(&self.cells.text[start..end])
    }

    fn is_blank(&self) -> bool {
        self.cells.text.trim_ascii().is_empty()
    }
}

/// All cells' bytes in one, and where each ends: a row is two allocations.
#[derive(Default)]
struct Cut {
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A record that cannot be read, and why, for a person.
pub struct Fault {
    pub line: u64,
    pub reason: String,
    /// Nothing can be read after it.
    pub last: bool,
}

pub struct Records<R> {
    lines: Lines<R>,
    /// What parts the cells; known from the first line on.
    separator: Option<u8>,
}

impl<R: BufRead> Records<R> {
    pub fn new(input: R) -> Records<R> {
        Records { lines: Lines::new(input), separator: None }
    }

    /// The next record that says anything: rows of empty cells are passed over.
    pub fn next(&mut self) -> Option<Result<Record, Fault>> {
        loop {
            let line = match self.line() {
                Ok(line) => line?,
                Err(fault) => return Some(Err(fault)),
            };
            match self.record(line) {
                Ok(record) if record.is_blank() => {}
                other => return Some(other),
            }
        }
    }

    fn line(&mut self) -> Result<Option<Line>, Fault> {
        self.lines.next_line().map_err(|error| Fault {
            line: self.lines.number() + 1,
            reason: format!("the file cannot be read from here on: {error}"),
            last: true,
        })
    }

    fn record(&mut self, first: Line) -> Result<Record, Fault> {
        let fault = |reason: &str| Fault { line: first.number, reason: reason.to_owned(), last: false };
        let separator = *self.separator.get_or_insert_with(|| separator_of(&first.bytes));
        let mut splitter = Splitter::new(separator);
        let (mut more, mut length) = (Vec::new(), first.bytes.len());
        if first.too_long {
            return Err(fault("the line is longer than 65,536 bytes"));
        }
        splitter.feed(&first.bytes).map_err(fault)?;
        while splitter.wants_more() {
            let next = if more.len() < MOST_LINES { self.line()? } else { None };
            let Some(line) = next else {
                self.lines.give_back(more);
                return Err(fault("a quote that opens on this line is never closed"));
            };
            length += line.bytes.len();
            let fed = splitter.feed(&line.bytes);
            let over = line.too_long || length > LONGEST;
            more.push(line);
            if let Some(reason) = fed.err().or(over.then_some("a quote opens on this line and is not closed"))
            {
                self.lines.give_back(more);
                return Err(fault(reason));
            }
        }
        Ok(Record { line: first.number, cells: splitter.cells })
    }
}

/// A comma, unless the header has only semicolons or only tabs.
fn separator_of(header: &[u8]) -> u8 {
    [b',', b';', b'\t'].into_iter().find(|separator| header.contains(separator)).unwrap_or(b',')
}

enum State {
    Start,
    Bare,
    Quoted,
    /// After a quote inside quotes: the end of the cell, or the first of two.
    Closing,
}

struct Splitter {
    separator: u8,
    cells: Cut,
    state: State,
}

impl Splitter {
    fn new(separator: u8) -> Splitter {
        Splitter { separator, cells: Cut::default(), state: State::Start }
    }

    fn wants_more(&self) -> bool {
        matches!(self.state, State::Quoted)
    }

    /// Takes one line, and its end.
    fn feed(&mut self, line: &[u8]) -> Result<(), &'static str> {
        self.cells.text.reserve(line.len() + 1);
        for &byte in line {
            self.take(byte)?;
        }
        match self.state {
            State::Quoted => self.cells.text.push(b'\n'),
            _ => self.end_cell(),
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) -> Result<(), &'static str> {
        match self.state {
            State::Start if byte == b'"' => self.state = State::Quoted,
            State::Closing if byte == b'"' => {
                self.cells.text.push(byte);
                self.state = State::Quoted;
            }
            State::Quoted if byte == b'"' => self.state = State::Closing,
            State::Quoted => self.cells.text.push(byte),
            _ if byte == self.separator => self.end_cell(),
            State::Closing if matches!(byte, b' ' | b'\t') => {}
            State::Closing => return Err("text follows a closing quote"),
            State::Start | State::Bare => {
                self.cells.text.push(byte);
                self.state = State::Bare;
            }
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        self.cells.ends.push(self.cells.text.len());
        self.state = State::Start;
    }
}
