//! No bytes make a reader panic, and none make it slow.

use app::Category;
use proptest::prelude::*;

use super::read;

const CARD: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;=\r\nJ\r\nitem1.TEL;CELL:+1\r\nitem1.X-ABLabel:x\r\nBDAY:--0407\r\nPHOTO;ENCODING=b:AAAA\r\n AA==\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\nEND:VCARD\r\n";
const CALENDAR: &str = "BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nTZOFFSETTO:-0530\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:u\nDTSTART;TZID=Z:20091015T140000\nDURATION:P1WT2H\nRRULE:MP1 1+ TU #3\nDTEND:20091015T150000+02:00\nBEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
const SCORES: &str = "game;score;date\n\"A;b\";10;1255615200\nC;;2009-10-15\n";
const PURCHASES: &str = r#"{"purchases":[{"item":"x","price":4.99,"currency":"USD","date":"2009-10-15"}]}"#;

fn sample() -> impl Strategy<Value = Vec<u8>> {
    let png = {
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(8, 8).write_to(&mut out, image::ImageFormat::Png).unwrap();
        out.into_inner()
    };
    let jpeg = [
        b"\xFF\xD8\xFF\xE1\0\x2CExif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0".to_vec(),
        vec![0; 16],
        b"\xFF\xC0\0\x11\x08\0\x08\0\x08\x03".to_vec(),
    ]
    .concat();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x14ispe\0\0\0\0\0\0\0\x08\0\0\0\x08".to_vec();
    let texts = [CARD, CALENDAR, SCORES, PURCHASES].map(|text| text.as_bytes().to_vec());
    let wide = CARD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    prop::sample::select([texts.to_vec(), vec![png, jpeg, heic, wide]].concat())
}

/// A sample with some bytes changed, a piece of it doubled and its end cut off.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12);
    let piece = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    (sample(), changes, piece, any::<prop::sample::Index>()).prop_map(
        |(mut bytes, changes, (from, to), end)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let piece = bytes[from.min(to)..from.max(to)].to_vec();
            bytes.splice(from..from, piece);
            bytes.truncate(bytes.len() - end.index(bytes.len() / 2));
            bytes
        },
    )
}

fn survives(bytes: &[u8]) {
    for category in Category::ALL {
        if let Ok(reading) = read(category, "a/b.ics", bytes) {
            reading.items.iter().for_each(|item| assert!(!item.title.is_empty()));
        }
        let _ = read(category, "a/b.txt", bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        survives(&bytes);
    }

    #[test]
    fn damaged_files_never_panic(bytes in mutated()) {
        survives(&bytes);
    }

    #[test]
    fn text_of_our_own_letters_never_panics(text in "(BEGIN:V(CARD|EVENT|CALENDAR)|END:V(CARD|EVENT)|[A-Z;:=,\\\\\"^. 0-9é\u{0}-]{0,12}|\r|\n|\r\n ){0,60}") {
        survives(text.as_bytes());
    }
}

/// Inputs that cost the square of their length where a reader is careless.
#[test]
fn time_grows_with_the_length_alone() {
    let repeated = |head: &str, piece: &str| format!("{head}{}", piece.repeat(200_000 / piece.len()));
    let numbered = |piece: fn(usize) -> String| (0..8_000).map(piece).collect::<String>();
    let card = "BEGIN:VCARD\n";
    for text in [
        repeated(card, "item1.TEL:1\nitem1.X-ABLabel:x\n"),
        repeated(card, "\n a"),
        repeated(card, "NOTE:a\nb c\n"),
        repeated(&format!("{card}NOTE;ENCODING=QUOTED-PRINTABLE:"), "a=\n"),
        repeated(&format!("{card}X;A=\""), ";B=\n ;"),
        repeated(&format!("{card}PHOTO;ENCODING=b:"), "AAAA\n"),
        repeated(card, "\n\n"),
        repeated("", "BEGIN:VCARD\nAGENT:\n"),
        repeated("", "BEGIN:X\n"),
        format!("{card}TEL{}:1", numbered(|n| format!(";P{n}=1"))),
        format!("{card}{}", numbered(|n| format!("item{n}.TEL:1\nitem{n}.X-ABLABEL:x\n"))),
        format!(
            "BEGIN:VCALENDAR\n{}",
            numbered(|n| format!(
                "BEGIN:VTIMEZONE\nTZID:{n}\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID={n}:1\n"
            ))
        ),
        format!("game,score\n{}", numbered(|n| format!("{n},1\n"))),
        format!("{{{}\"game\":\"x\"}}", numbered(|n| format!("\"k{n}\":1,"))),
        repeated("game\n\"", "x\n"),
        repeated("", "["),
    ] {
        let started = std::time::Instant::now();
        let category = match text.as_bytes()[..7] {
            [b'B', .., b'V' | b'X'] if text.contains("VEVENT") => Category::Calendar,
            [b'B', ..] => Category::Contacts,
            _ => Category::HighScores,
        };
        let _ = read(category, "a", text.as_bytes());
        let took = started.elapsed();
        assert!(took.as_secs() < 20, "{took:?}: {}", text.chars().take(60).collect::<String>());
    }
}
