//! Tables for spreadsheets, written by the csv crate: UTF-8 with a mark (Excel asks for it), CRLF,
//! every cell quoted (RFC 4180).
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end (OWASP, *CSV
//! Injection*), and what stands in a recovered card was written by anyone. Such a cell gets an
//! apostrophe in front, which spreadsheets hide. So does what follows a semicolon or a tab inside a
//! cell: where those part the columns, a spreadsheet makes a cell of it, whatever the quotes say.
//! Cells of nothing but digits and the signs of phone numbers and amounts stay as they are: they
//! cannot call anything, and an address book that imports the table needs the `+` of a number.

use csv::{QuoteStyle, Terminator, WriterBuilder};

/// The table with its header line.
pub fn table<R, C>(rows: R) -> String
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Always)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        // Memory takes every write, and what is text stays text.
        let _ = writer.write_record(row.into_iter().map(harmless));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The cell as no spreadsheet runs it.
pub fn harmless(cell: String) -> String {
    if cell.chars().all(|c| c.is_ascii_digit() || "+-(). /#*,".contains(c)) {
        return cell;
    }
    let mut out = String::with_capacity(cell.len() + 1);
    let mut begins = true;
    for c in cell.chars() {
        let runs = matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
            || out.is_empty() && matches!(c, '\t' | '\r' | '\n');
        if begins && runs {
            out.push('\'');
        }
        out.push(c);
        begins = matches!(c, ';' | '\t');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_never_runs_and_a_phone_number_stays() {
        let cells = ["=1+1", "+1 (555) 010-0100", "@SUM(A1)", "-2+cmd|' /C calc'!A0", "a \"b\", c", "-4.99"];
        let text = table([cells.map(String::from)]);
        assert_eq!(
            text,
            "\u{feff}\"'=1+1\",\"+1 (555) 010-0100\",\"'@SUM(A1)\",\"'-2+cmd|' /C calc'!A0\",\"a \"\"b\"\", c\",\"-4.99\"\r\n"
        );
    }

    #[test]
    fn nothing_runs_where_semicolons_part_columns() {
        let text = table([["a;=1+1", "b;c", "x\t@y", "mail a;b"].map(String::from)]);
        assert_eq!(text, "\u{feff}\"a;'=1+1\",\"b;c\",\"x\t'@y\",\"mail a;b\"\r\n");
    }

    #[test]
    fn rows_read_back_with_line_ends_and_quotes() {
        let row = ["one\r\ntwo", "\"", "", " x "];
        let text = table([row.map(String::from)]);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        assert_eq!(reader.records().next().unwrap().unwrap(), row.to_vec());
    }
}
