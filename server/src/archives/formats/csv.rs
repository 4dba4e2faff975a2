//! Tables for spreadsheets: UTF-8 with a mark (Excel asks for it), CRLF, quoted
//! as RFC 4180 says.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line
//! end (OWASP, *CSV Injection*), and what stands in a recovered card was written
//! by anyone. Such a cell gets an apostrophe in front, which spreadsheets hide.
//! Cells of nothing but digits and the signs of phone numbers and amounts stay as
//! they are: they cannot call anything, and an address book that imports the
//! table needs the `+` of a number.

/// The table with its header line.
pub fn table<R, C>(rows: R) -> String
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut out = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(|cell| quoted(&harmless(cell))).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn harmless(cell: String) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_number = cell.chars().all(|c| c.is_ascii_digit() || "+-(). /#*,".contains(c));
    if runs && !is_number { format!("'{cell}") } else { cell }
}

fn quoted(cell: &str) -> String {
    match cell.contains([',', '"', '\r', '\n', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
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
            "\u{feff}'=1+1,+1 (555) 010-0100,'@SUM(A1),'-2+cmd|' /C calc'!A0,\"a \"\"b\"\", c\",-4.99\r\n"
        );
    }
}
