//! Components as text again: UTF-8, CRLF, folded at 75 octets (RFC 6350 section
//! 3.2, RFC 5545 section 3.1).

use super::component::Component;
use super::property::{Param, Property};

const LINE: usize = 75;

/// The component with its children, from `BEGIN:` to `END:`.
pub fn component(out: &mut String, component: &Component) {
    line(out, &format!("BEGIN:{}", component.name));
    for one in &component.properties {
        property(out, one);
    }
    for child in &component.children {
        self::component(out, child);
    }
    line(out, &format!("END:{}", component.name));
}

/// One property as a folded line.
pub fn property(out: &mut String, property: &Property) {
    let mut text = String::new();
    if let Some(group) = &property.group {
        text.push_str(group);
        text.push('.');
    }
    text.push_str(&property.name);
    for param in &property.params {
        push_param(&mut text, param);
    }
    text.push(':');
    text.push_str(&property.value);
    line(out, &text);
}

/// One content line, folded between characters.
pub fn line(out: &mut String, text: &str) {
    let mut room = LINE;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

fn push_param(text: &mut String, param: &Param) {
    text.push(';');
    text.push_str(&param.name);
    text.push('=');
    for (index, value) in param.values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_param_value(text, value);
    }
}

/// Quoted where it must be; quotation marks and line ends as RFC 6868 writes them.
fn push_param_value(text: &mut String, value: &str) {
    let quoted = value.contains([':', ';', ',']);
    text.extend(quoted.then_some('"'));
    for c in value.chars() {
        match c {
            '"' => text.push_str("^'"),
            '\n' => text.push_str("^n"),
            '^' => text.push_str("^^"),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    text.extend(quoted.then_some('"'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_fold_between_characters() {
        let mut out = String::new();
        line(&mut out, &format!("NOTE:{}", "é".repeat(100)));
        assert!(out.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(out.replace("\r\n ", "").trim_end(), format!("NOTE:{}", "é".repeat(100)));
    }

    #[test]
    fn parameters_read_back() {
        let mut out = String::new();
        let values = vec!["a:b".into(), "say \"x\" ^ y".into()];
        let one = Property {
            name: "X".into(),
            params: vec![Param { name: "P".into(), values }],
            ..Default::default()
        };
        property(&mut out, &one);
        let logical = super::super::lines::Lines::new(out.as_bytes()).next().unwrap();
        assert_eq!(Property::parse(&logical).unwrap().params, one.params);
    }
}
