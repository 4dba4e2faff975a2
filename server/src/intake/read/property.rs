//! One content line, taken apart: `group.NAME;PARAM=value:value` (RFC 6350
//! section 3.3, RFC 5545 section 3.1, and vCard 2.1 with its nameless parameters).

use super::lines::Logical;
use super::text;

/// Among how many parameters repeated ones are found: honest lines have few, and
/// hostile ones must not cost the square of their length.
const MERGED: usize = 64;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Param {
    /// Upper case.
    pub name: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property {
    /// 1-based line it starts on.
    pub line: u64,
    /// Lower case.
    pub group: Option<String>,
    /// Upper case.
    pub name: String,
    pub params: Vec<Param>,
    /// The value's bytes as they came; empty once settled.
    pub raw: Vec<u8>,
    /// The value as UTF-8, still escaped; set by settling.
    pub value: String,
}

impl Property {
    /// Takes a line apart; none when it has no name and colon.
    pub fn parse(line: &Logical) -> Option<Property> {
        let mut scan = HeaderScan::default();
        scan.advance(&line.bytes);
        let colon = scan.colon.or_else(|| line.bytes.iter().position(|byte| *byte == b':'))?;
        let header = text::decode(&line.bytes[..colon]);
        let mut parts = split_outside_quotes(&header, ';').into_iter();
        let (group, name) = name_of(parts.next()?.trim())?;
        let mut property = Property {
            line: line.number,
            group,
            name,
            raw: line.bytes[colon + 1..].to_vec(),
            ..Property::default()
        };
        parts.for_each(|part| property.add_param(part.trim()));
        Some(property)
    }

    /// The first value of a parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|param| param.name == name)?.values.first().map(String::as_str)
    }

    /// All `TYPE`s in lower case.
    pub fn types(&self) -> impl Iterator<Item = String> + '_ {
        let values = self.params.iter().filter(|param| param.name == "TYPE").flat_map(|param| &param.values);
        values.flat_map(|value| value.split(',')).map(|one| one.trim().to_ascii_lowercase())
    }

    pub fn is_base64(&self) -> bool {
        self.param("ENCODING")
            .is_some_and(|e| e.eq_ignore_ascii_case("b") || e.eq_ignore_ascii_case("base64"))
    }

    pub fn is_quoted_printable(&self) -> bool {
        self.param("ENCODING")
            .is_some_and(|e| e.eq_ignore_ascii_case("quoted-printable") || e.eq_ignore_ascii_case("q"))
    }

    fn add_param(&mut self, part: &str) {
        if part.is_empty() {
            return;
        }
        let (name, values) = match part.split_once('=') {
            Some((name, values)) => (name.trim().to_ascii_uppercase(), values),
            None => (nameless(part).to_owned(), part),
        };
        let values = split_outside_quotes(values, ',').into_iter().map(|one| caret(&unquoted(one)));
        let known = self.params.iter_mut().take(MERGED).find(|param| param.name == name);
        match known {
            Some(known) if name == "TYPE" => known.values.extend(values),
            Some(_) => {}
            None => self.params.push(Param { name, values: values.collect() }),
        }
    }
}

/// Which parameter a nameless one of vCard 2.1 is.
fn nameless(value: &str) -> &'static str {
    match value.to_ascii_uppercase().as_str() {
        "QUOTED-PRINTABLE" | "BASE64" | "8BIT" | "7BIT" | "B" | "Q" => "ENCODING",
        "INLINE" | "URL" | "URI" | "CID" | "CONTENT-ID" => "VALUE",
        "UTF-8" | "ISO-8859-1" | "US-ASCII" => "CHARSET",
        _ => "TYPE",
    }
}

fn name_of(text: &str) -> Option<(Option<String>, String)> {
    let fits = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    match text.rsplit_once('.') {
        None if fits(text) => Some((None, text.to_ascii_uppercase())),
        Some((group, name)) if fits(name) && group.split('.').all(fits) => {
            Some((Some(group.to_ascii_lowercase()), name.to_ascii_uppercase()))
        }
        _ => None,
    }
}

fn split_outside_quotes(text: &str, at: char) -> Vec<&str> {
    let balanced = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 0;
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if balanced => quoted = !quoted,
            c if c == at && !quoted => {
                parts.push(&text[start..index]);
                start = index + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    if inner.contains('\\') { super::value::unescape(inner) } else { inner.to_owned() }
}

/// RFC 6868: `^'` is a quotation mark, `^n` a new line, `^^` a caret.
fn caret(value: &str) -> String {
    if !value.contains('^') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let meant = match (c, rest.peek()) {
            ('^', Some('\'')) => Some('"'),
            ('^', Some('n')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        out.push(meant.unwrap_or(c));
        if meant.is_some() {
            rest.next();
        }
    }
    out
}

/// Finds the colon that ends a line's header, going on where it stopped when
/// the line has grown, so that a long folded header costs its length once.
#[derive(Debug, Default)]
pub struct HeaderScan {
    at: usize,
    quoted: bool,
    escaped: bool,
    pub colon: Option<usize>,
    encoding: Option<Encoding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    QuotedPrintable,
    Base64,
    Other,
}

impl HeaderScan {
    pub fn advance(&mut self, bytes: &[u8]) {
        while self.colon.is_none() && self.at < bytes.len() {
            match bytes[self.at] {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b':' if !self.quoted => {
                    self.colon = Some(self.at);
                    self.encoding = Some(encoding_of(&bytes[..self.at]));
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    pub fn quoted_printable(&self) -> bool {
        self.encoding == Some(Encoding::QuotedPrintable)
    }

    pub fn base64(&self) -> bool {
        self.encoding == Some(Encoding::Base64)
    }
}

fn encoding_of(header: &[u8]) -> Encoding {
    for param in header.split(|byte| *byte == b';').skip(1) {
        let value = match param.split(|byte| *byte == b'=').collect::<Vec<_>>()[..] {
            [name, value] if name.trim_ascii().eq_ignore_ascii_case(b"ENCODING") => value,
            [value] => value,
            _ => continue,
        };
        let value = value.trim_ascii();
        if value.eq_ignore_ascii_case(b"QUOTED-PRINTABLE") {
            return Encoding::QuotedPrintable;
        }
        if value.eq_ignore_ascii_case(b"BASE64") || value.eq_ignore_ascii_case(b"B") {
            return Encoding::Base64;
        }
    }
    Encoding::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<Property> {
        Property::parse(&Logical { number: 1, bytes: line.as_bytes().to_vec() })
    }

    #[test]
    fn a_line_comes_apart_into_group_name_parameters_and_value() {
        let property = parse("item1.tel;type=Home,CELL;PREF=1:+1 555:0100").unwrap();
        assert_eq!(property.group.as_deref(), Some("item1"));
        assert_eq!(property.name, "TEL");
        assert_eq!(property.types().collect::<Vec<_>>(), ["home", "cell"]);
        assert_eq!(property.param("PREF"), Some("1"));
        assert_eq!(property.raw, b"+1 555:0100");
    }

    #[test]
    fn nameless_parameters_find_their_name() {
        let property = parse("LABEL;HOME;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:x").unwrap();
        assert!(property.is_quoted_printable());
        assert_eq!(property.types().collect::<Vec<_>>(), ["home"]);
    }

    #[test]
    fn quoted_and_escaped_colons_do_not_end_the_header() {
        assert_eq!(parse(r#"X;P="a:b":v"#).unwrap().raw, b"v");
        assert_eq!(parse(r"ORGANIZER;CN=a\:b:mailto:x").unwrap().raw, b"mailto:x");
        assert_eq!(parse(r#"X;P="a:v"#).unwrap().raw, b"v", "an unbalanced quote");
    }

    #[test]
    fn carets_are_decoded() {
        assert_eq!(
            parse("FN;X-T=George ^'Babe^' Ruth^^:J").unwrap().param("X-T"),
            Some("George \"Babe\" Ruth^")
        );
    }

    #[test]
    fn a_line_without_name_or_colon_is_no_property() {
        for line in ["bad-line", ":value", "two words:x", "Grüße:x", "FN;card"] {
            assert!(parse(line).is_none(), "{line}");
        }
    }
}
