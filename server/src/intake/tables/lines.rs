//! Physical lines with their numbers, of bounded length, that can be given back.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

/// Longer lines are no table's. Bounds the memory that a broken file takes.
pub const LONGEST: usize = 64 * 1024;

/// A line without its end; `\n`, `\r\n` and `\r` end one.
#[derive(Clone, Debug)]
pub struct Line {
    /// 1-based.
    pub number: u64,
    pub bytes: Vec<u8>,
    /// The line went on beyond [`LONGEST`]; the rest was passed over.
    pub too_long: bool,
}

pub struct Lines<R> {
    input: R,
    number: u64,
    given_back: VecDeque<Line>,
    /// The last line ended in `\r`: a `\n` that follows belongs to it.
    after_return: bool,
}

impl<R: BufRead> Lines<R> {
    pub fn new(input: R) -> Lines<R> {
        Lines { input, number: 0, given_back: VecDeque::new(), after_return: false }
    }

    /// The number of the line last read from the input.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Puts lines in front again, in their order.
    pub fn give_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.given_back.push_front(line);
        }
    }

    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.given_back.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Line { number: self.number + 1, bytes: Vec::new(), too_long: false };
        let mut any = false;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                self.number += u64::from(any);
                return Ok(any.then_some(line));
            }
            if std::mem::take(&mut self.after_return) && buffer[0] == b'\n' {
                self.input.consume(1);
                continue;
            }
            any = true;
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            append(&mut line, &buffer[..end.unwrap_or(buffer.len())]);
            let consumed = end.map_or(buffer.len(), |end| end + 1);
            self.after_return = end.is_some_and(|end| buffer[end] == b'\r');
            self.input.consume(consumed);
            if end.is_some() {
                self.number += 1;
                return Ok(Some(line));
            }
        }
    }
}

fn append(line: &mut Line, bytes: &[u8]) {
    let room = LONGEST.saturating_sub(line.bytes.len());
    line.too_long |= bytes.len() > room;
    line.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
}
