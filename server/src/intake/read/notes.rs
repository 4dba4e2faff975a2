//! Notes: plain text, journal entries (`VJOURNAL`) and the `VNOTE`s of old phones.

use app::Category;
use app::models::{Details, Note};
use unicode_normalization::UnicodeNormalization;

use super::component::{self, Component};
use super::settle::{self, Age};
use super::when::When;
use super::{Found, Reading, Unreadable, calendar, digest, fold, text, value};

const TITLE: usize = 80;

pub fn read(path: &str, bytes: &[u8]) -> Result<Reading, Unreadable> {
    let text = text::whole(bytes);
    let text = text.trim_matches('\0');
    let head: String = text.trim_start().chars().take(32).collect::<String>().to_ascii_uppercase();
    if head.starts_with("BEGIN:VCALENDAR") || head.starts_with("BEGIN:VJOURNAL") || is_calendar(path) {
        return calendar::read(Category::Notes, bytes);
    }
    if head.starts_with("BEGIN:VNOTE") {
        return old_notes(bytes);
    }
    if is_binary(text) {
        return Err(Unreadable::new("not a text: it holds bytes that no text has"));
    }
    Reading::of(vec![note(path, text)], Vec::new())
}

fn is_calendar(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ext)| ext.eq_ignore_ascii_case("ics"))
}

/// Text has line ends and tabs, and hardly any other control character.
fn is_binary(text: &str) -> bool {
    let control = |c: &char| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{b}' | '\u{1b}' | '\u{85}')
    };
    let strange = text.chars().filter(|c| control(c) || *c == char::REPLACEMENT_CHARACTER).count();
    text.contains('\0') || strange * 20 > text.chars().count()
}

fn note(path: &str, text: &str) -> Found {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_end();
    let normal: String = text.nfc().collect();
    let note = Note { title: title(path, text), text: text.to_owned() };
    found(None, digest::of_bytes(normal.as_bytes()), note)
}

fn found(uid: Option<String>, digest: [u8; 32], note: Note) -> Found {
    Found {
        uid,
        digest,
        revised_at: None,
        sort: fold::sort(&note.title),
        search: fold::search([note.title.as_str(), &note.text], []),
        title: note.title.clone(),
        at: None,
        body: note.text.clone(),
        details: Details::Note(note),
        thumbnail: None,
    }
}

/// The first line that says something, else the file's name.
fn title(path: &str, text: &str) -> String {
    let line = text.lines().map(value::one_line).find(|line| !line.is_empty());
    line.map(|line| line.chars().take(TITLE).collect()).unwrap_or_else(|| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if stem.is_empty() { "(empty note)".into() } else { stem.to_owned() }
    })
}

/// `VNOTE` of IrMC, one or many in a file.
fn old_notes(bytes: &[u8]) -> Result<Reading, Unreadable> {
    let (components, mut problems) = component::read(&text::ascii_compatible(bytes));
    let mut items = Vec::new();
    for mut component in components.into_iter().filter(|component| component.name == "VNOTE") {
        settle::settle(&mut component, Age::Old, &mut problems);
        items.push(old_note(&component));
    }
    Reading::of(items, problems)
}

fn old_note(component: &Component) -> Found {
    let plain = |name: &str| component.first(name).map(|p| value::unescape(&p.value)).unwrap_or_default();
    let text = plain("BODY").trim_end().to_owned();
    let summary = value::one_line(&plain("SUMMARY"));
    let title = if summary.is_empty() { title("", &text) } else { summary };
    let uid = Some(plain("X-IRMC-LUID")).filter(|uid| !uid.is_empty());
    let written = component.first("DCREATED").and_then(|date| When::parse(&date.value)?.millis(None));
    Found { at: written, ..found(uid, digest::of(component), Note { title, text }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(bytes: &[u8]) -> Found {
        read("a/shopping.txt", bytes).unwrap().items.remove(0)
    }

    #[test]
    fn a_note_is_named_by_its_first_line() {
        let found = one(b"\r\n Milk \r\nBread\r\n\r\n");
        assert_eq!(found.title, "Milk");
        assert_eq!(found.body, "\n Milk \nBread");
        assert_eq!(found.digest, one(b"\n Milk \nBread\n").digest);
    }

    #[test]
    fn an_empty_note_is_a_note() {
        assert_eq!(one(b"").title, "shopping");
        assert_eq!(one(b" \r\n").body, "");
    }

    #[test]
    fn notes_come_in_every_encoding() {
        let wide: Vec<u8> = "Grüße".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in ["Grüße".as_bytes(), b"Gr\xFC\xDFe", &wide] {
            assert_eq!(one(bytes).title, "Grüße");
        }
    }

    #[test]
    fn a_journal_entry_and_an_old_phones_note_are_notes() {
        let journal = one(
            b"BEGIN:VCALENDAR\nBEGIN:VJOURNAL\nSUMMARY:Trip\nDESCRIPTION:Sun\nEND:VJOURNAL\nEND:VCALENDAR",
        );
        assert_eq!(journal.details, Details::Note(Note { title: "Trip".into(), text: "Sun".into() }));
        let old = one(b"BEGIN:VNOTE\nVERSION:1.1\nBODY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=C3=9Fe, ich=0D=0Abin\nEND:VNOTE");
        assert_eq!(old.body, "Grüße, ich\nbin");
    }

    #[test]
    fn a_program_is_no_note() {
        assert!(read("x.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\x03\0>").is_err());
    }
}
