//! Escaped text inside a value: `\n`, `\,`, `\;`, `\\` (RFC 6350 section 3.4,
//! RFC 5545 section 3.3.11).

/// The text that an escaped value means.
pub fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(c @ ('\\' | ',' | ';' | ':' | '"')) => out.push(c),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// The value that a text is written as.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

/// The same text with every escape that its format asks for: writers forget those of commas, and
/// readers then take the first of them for the end.
pub fn escaped_anew(value: &str) -> String {
    escape(&unescape(value))
}

/// The parts of a value between separators that are not escaped, each unescaped.
pub fn split(value: &str, at: char) -> Vec<String> {
    raw_split(value, at).into_iter().map(unescape).collect()
}

/// The same, still escaped.
pub fn raw_split(value: &str, at: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (index, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == at => {
                parts.push(&value[start..index]);
                start = index + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&value[start..]);
    parts
}

/// Text on one line: inner white space once, none around it.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_reads_back() {
        let text = "a, b; c\\n\nd";
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(unescape(r"C:\docs"), r"C:\docs");
        assert_eq!(unescape("end\\"), "end\\");
    }

    #[test]
    fn only_separators_that_are_not_escaped_split() {
        assert_eq!(split(r"Doe;John\;Jr;", ';'), ["Doe", "John;Jr", ""]);
    }
}
