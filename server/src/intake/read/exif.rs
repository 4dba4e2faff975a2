//! What a camera wrote into a picture: when it was taken, and which way is up.

use std::io::Cursor;

use exif::{Exif, Field, In, Reader, Tag, Value};

use super::when::When;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// `2009-08-14 17:03`, by the camera's clock; empty when it says nothing.
    pub text: String,
    /// Milliseconds since 1970; a camera that tells no zone counts as UTC.
    pub at: Option<i64>,
    /// 1 to 8, EXIF tag 0x0112; 1 when it says nothing.
    pub orientation: u8,
    /// The small JPEG that a camera puts beside the picture.
    pub preview: Option<Vec<u8>>,
}

/// Reads what can be read; a damaged EXIF part says less and harms nothing.
pub fn read(bytes: &[u8]) -> Taken {
    let exif = Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| ()));
    let Ok(exif) = exif else { return Taken { orientation: 1, ..Taken::default() } };
    let field = |tag| exif.get_field(tag, In::PRIMARY);
    let orientation = field(Tag::Orientation).and_then(|field| field.value.get_uint(0));
    let date = [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime]
        .into_iter()
        .find_map(|tag| when(&text(field(tag)?)?));
    let offset = field(Tag::OffsetTimeOriginal).and_then(text).unwrap_or_default();
    Taken {
        text: date.as_ref().map(|(date, time)| format!("{date} {}", &time[..5])).unwrap_or_default(),
        at: date.and_then(|(date, time)| moment(&date, &time, &offset)),
        orientation: orientation
            .and_then(|o| u8::try_from(o).ok())
            .filter(|o| (1..=8).contains(o))
            .unwrap_or(1),
        preview: preview(&exif),
    }
}

/// EXIF 2.32 section 4.6.3: the second directory says where the preview lies.
fn preview(exif: &Exif) -> Option<Vec<u8>> {
    let number = |tag| usize::try_from(exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0)?).ok();
    let start = number(Tag::JPEGInterchangeFormat)?;
    let end = start.checked_add(number(Tag::JPEGInterchangeFormatLength)?)?;
    let bytes = exif.buf().get(start..end)?;
    bytes.starts_with(&[0xFF, 0xD8]).then(|| bytes.to_vec())
}

fn text(field: &Field) -> Option<String> {
    match &field.value {
        Value::Ascii(parts) => Some(String::from_utf8_lossy(parts.first()?).trim().to_owned()),
        _ => None,
    }
}

/// `2009:08:14 17:03:22` as a date and a time, both of which exist.
fn when(text: &str) -> Option<(String, String)> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let (date, time) = (date.replace(':', "-"), time.trim().get(..8)?.to_owned());
    When::parse(&format!("{date}T{time}")).filter(When::has_time)?;
    time.is_ascii().then_some((date, time))
}

fn moment(date: &str, time: &str, offset: &str) -> Option<i64> {
    When::parse(&format!("{date}T{time}{offset}"))?.millis(None)
}
