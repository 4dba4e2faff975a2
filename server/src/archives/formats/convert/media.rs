//! Pictures, sounds and keys: base64 under `ENCODING=b` in 3.0, a `data:` address in 4.0 (RFC 2397).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::{add_type, drop_types, set, take};
use crate::intake::read::property::Property;
use crate::intake::read::value;

/// A word of 3.0 and the media type that it is.
const WORDS: [(&str, &str); 9] = [
    ("JPEG", "image/jpeg"),
    ("PNG", "image/png"),
    ("GIF", "image/gif"),
    ("WEBP", "image/webp"),
    ("WAVE", "audio/wav"),
    ("BASIC", "audio/basic"),
    ("AAC", "audio/aac"),
    ("X509", "application/pkix-cert"),
    ("PGP", "application/pgp-keys"),
];

/// Types that say whose it is and not what.
const WHOSE: [&str; 3] = ["home", "work", "pref"];

pub fn to_4(property: &mut Property) {
    let word = property.types().find(|one| !WHOSE.contains(&one.as_str()));
    let kind = word.as_deref().map(|word| media_type(&property.name, word));
    let is_address = property.param("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("uri"));
    if property.is_base64() {
        let kind = kind.or_else(|| sniffed(&property.value)).unwrap_or_else(|| family(&property.name).into());
        forget_kind(property, word.as_deref());
        property.params.retain(|param| !matches!(param.name.as_str(), "ENCODING" | "VALUE"));
        property.value = format!("data:{kind};base64,{}", property.value);
    } else if is_address || is_address_like(&property.value) {
        forget_kind(property, word.as_deref());
        take(property, "VALUE");
        property.value = value::unescape(&property.value);
        if let Some(kind) = kind {
            set(property, "MEDIATYPE", &kind);
        }
    } else {
        set(property, "VALUE", "text");
    }
}

pub fn to_3(property: &mut Property) {
    let text = value::unescape(&property.value);
    let kind = take(property, "MEDIATYPE");
    if let Some((own, data)) = data_of(&text) {
        property.value = data;
        property.params.retain(|param| !matches!(param.name.as_str(), "ENCODING" | "VALUE"));
        set(property, "ENCODING", "b");
        let known = own.or(kind).or_else(|| sniffed(&property.value));
        let is_told = property.types().any(|one| !WHOSE.contains(&one.as_str()));
        if let (Some(kind), false) = (known, is_told) {
            add_type(property, &word(&kind));
        }
    } else if property.param("VALUE") == Some("text") {
        take(property, "VALUE");
    } else {
        property.value = text;
        set(property, "VALUE", "uri");
        if let Some(kind) = kind {
            add_type(property, &word(&kind));
        }
    }
}

fn forget_kind(property: &mut Property, word: Option<&str>) {
    if let Some(word) = word {
        drop_types(property, &[word]);
    }
}

fn is_address_like(text: &str) -> bool {
    ["http:", "https:", "data:", "cid:", "file:", "urn:"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

/// Media type and base64 of a `data:` address, whichever of its two encodings it has.
fn data_of(address: &str) -> Option<(Option<String>, String)> {
    let (head, data) =
        address.get(5..).filter(|_| address[..5].eq_ignore_ascii_case("data:"))?.split_once(',')?;
    let mut parts = head.split(';');
    let kind = parts.clone().next().filter(|kind| kind.contains('/')).map(str::to_ascii_lowercase);
    let data = match parts.any(|part| part.eq_ignore_ascii_case("base64")) {
        true => data.to_owned(),
        false => BASE64_STANDARD.encode(unpercented(data)),
    };
    Some((kind, data))
}

fn unpercented(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |at: usize| (*bytes.get(at)? as char).to_digit(16);
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

fn media_type(property: &str, word: &str) -> String {
    if word.contains('/') {
        return word.to_owned();
    }
    let word = if word == "jpg" { "jpeg" } else { word };
    let known = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    let family = family(property);
    known.map_or_else(
        || format!("{}/{word}", family.split('/').next().unwrap_or(family)),
        |(_, kind)| (*kind).into(),
    )
}

fn word(kind: &str) -> String {
    let known = WORDS.iter().find(|(_, known)| *known == kind);
    known.map_or_else(
        || kind.rsplit('/').next().unwrap_or(kind).to_ascii_uppercase(),
        |(word, _)| (*word).into(),
    )
}

/// What it most likely is where nothing says so.
fn family(property: &str) -> &'static str {
    match property {
        "SOUND" => "audio/basic",
        "KEY" => "application/octet-stream",
        _ => "image/jpeg",
    }
}

/// What the first bytes say.
fn sniffed(data: &str) -> Option<String> {
    let head = BASE64_STANDARD.decode(data.get(..16)?).ok()?;
    let kind = match head.as_slice() {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => "image/webp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E'] => "audio/wav",
        _ => return None,
    };
    Some(kind.into())
}
