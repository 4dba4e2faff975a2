//! Why a file could not be read, in the language of whoever looks.
//!
//! Reasons are kept in English with the file that they are about: reports and staff read them too. Here are those that
//! our readers give, with places for what they quote. What another program's reader said stays as it said it.

use app::{
    mark, say,
    words::{filled, said},
};

const KNOWN: [&str; 16] = [
    mark!("the file is empty"),
    mark!("the file holds nothing but blanks"),
    mark!("not a calendar: no BEGIN:VCALENDAR line"),
    mark!("not a vCard: no BEGIN:VCARD line"),
    mark!("not a picture: its first bytes are those of no picture format"),
    mark!("begins like a {kind} picture, but no picture follows"),
    mark!("not a text: it holds bytes that no text has"),
    mark!("not a table: the JSON is no list of objects"),
    mark!("no column for {wanted}; its columns are: {columns}"),
    mark!("the row has no {wanted}"),
    mark!("an entry of the list is no object"),
    mark!("{name} is not a contact card"),
    mark!("{name} is no calendar entry, task or journal entry"),
    mark!("the file ends inside the {name} that began on line {line}; what follows is missing"),
    mark!(
        "the file is larger than {bytes} bytes, the most that is looked into; its bytes are kept: import what is in it in smaller files"
    ),
    mark!("our reader failed on it; its bytes are kept, and a later version may read it"),
];

/// A kept reason as people read it.
pub fn in_words(kept: &str) -> String {
    if let Some((line, reason)) = kept.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
        return say!("line {line}: {reason}", line, reason = in_words(reason));
    }
    let known = KNOWN.iter().find_map(|known| Some((*known, quoted(known, kept)?)));
    known.map_or_else(
        || kept.to_owned(),
        |(known, quoted)| {
            let values: Vec<_> =
                quoted.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
            filled(said(known), &values)
        },
    )
}

/// What stands in the text's `{places}`; none where it is another text.
fn quoted<'a>(text: &'a str, mut kept: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    let (first, mut rest) = text.split_once('{').map_or((text, None), |(first, rest)| (first, Some(rest)));
    kept = kept.strip_prefix(first)?;
    while let Some((name, after)) = rest.and_then(|rest| rest.split_once('}')) {
        let (between, next) = after.split_once('{').map_or((after, None), |(one, rest)| (one, Some(rest)));
        let end = if between.is_empty() { kept.len() } else { kept.find(between)? };
        values.push((name, &kept[..end]));
        kept = &kept[end + between.len()..];
        rest = next;
    }
    kept.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use app::{Category, words::Language};

    use super::*;
    use crate::intake::read::read;

    #[test]
    fn what_our_readers_say_is_known() {
        for (category, name, bytes, spanish) in [
            (Category::Contacts, "a.vcf", &b""[..], "el archivo está vacío"),
            (Category::Contacts, "a.vcf", b"hello", "no es una vCard: no hay ninguna línea BEGIN:VCARD"),
            (
                Category::Calendar,
                "a.ics",
                b"hello",
                "no es un calendario: no hay ninguna línea BEGIN:VCALENDAR",
            ),
            (
                Category::Photos,
                "a.jpg",
                b"hello",
                "no es una imagen: sus primeros bytes no son de ningún formato de imagen",
            ),
            (
                Category::Calendar,
                "a.ics",
                b"BEGIN:VCALENDAR\nBEGIN:VTALK\nUID:1\nEND:VTALK\nEND:VCALENDAR",
                "línea 2: VTALK no es ni una cita, ni una tarea, ni una entrada de diario",
            ),
            (
                Category::HighScores,
                "a.csv",
                b"color,size\nred,1",
                "no hay ninguna columna para game or score; sus columnas son: color, size",
            ),
        ] {
            let kept = read(category, name, bytes).unwrap_err().reason;
            assert_eq!(in_words(&kept), kept);
            assert_eq!(Language::Es.within(|| in_words(&kept)), spanish);
        }
    }

    #[test]
    fn what_others_say_stays_as_it_is() {
        for other in ["key must be a string at line 1", "", "line", "the file is empty, nearly", "line 3"] {
            assert_eq!(Language::Es.within(|| in_words(other)), other);
        }
    }
}
