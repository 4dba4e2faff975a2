//! UTF-16 and byte order marks, read as UTF-8.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};

const BUFFER: usize = 64 * 1024;

/// A reader that gives UTF-16 as UTF-8 and leaves other encodings as they are,
/// without the byte order mark.
pub struct Unicode<R> {
    input: BufReader<R>,
    decoder: Option<Decoder>,
    decoded: Vec<u8>,
    /// How much of `decoded` has been given.
    given: usize,
    started: bool,
    ended: bool,
}

impl<R: Read> Unicode<R> {
    pub fn new(input: R) -> Unicode<R> {
        let input = BufReader::with_capacity(BUFFER, input);
        Unicode { input, decoder: None, decoded: Vec::new(), given: 0, started: false, ended: false }
    }

    fn start(&mut self) -> io::Result<()> {
        self.started = true;
        let head = self.input.fill_buf()?;
        let (encoding, mark) = sniff(head);
        self.input.consume(mark);
        self.decoder = encoding.map(Encoding::new_decoder_without_bom_handling);
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        while self.given == self.decoded.len() && !self.ended {
            let input = self.input.fill_buf()?;
            self.ended = input.is_empty();
            self.decoded.resize(4 * input.len() + 16, 0);
            let (_, read, written, _) = decoder.decode_to_utf8(input, &mut self.decoded, self.ended);
            self.decoded.truncate(written);
            self.given = 0;
            self.input.consume(read);
        }
        Ok(())
    }
}

/// The encoding that is not UTF-8, and the length of the byte order mark.
/// Without a mark, UTF-16 shows by the zero beside the header's first letter.
fn sniff(head: &[u8]) -> (Option<&'static Encoding>, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => (None, 3),
        [0xFF, 0xFE, ..] => (Some(UTF_16LE), 2),
        [0xFE, 0xFF, ..] => (Some(UTF_16BE), 2),
        [1..=255, 0, 1..=255, 0, ..] => (Some(UTF_16LE), 0),
        [0, 1..=255, 0, 1..=255, ..] => (Some(UTF_16BE), 0),
        _ => (None, 0),
    }
}

impl<R: Read> Read for Unicode<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let len = available.len().min(out.len());
        out[..len].copy_from_slice(&available[..len]);
        self.consume(len);
        Ok(len)
    }
}

impl<R: Read> BufRead for Unicode<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.started {
            self.start()?;
        }
        if self.decoder.is_none() {
            return self.input.fill_buf();
        }
        self.decode()?;
        Ok(&self.decoded[self.given..])
    }

    fn consume(&mut self, amount: usize) {
        match self.decoder {
            None => self.input.consume(amount),
            Some(_) => self.given = (self.given + amount).min(self.decoded.len()),
        }
    }
}
