//! When two cards or entries are the same.
//!
//! The digest is SHA-256 over the lines of a component in an order and a
//! spelling of our own, so that line ends, folding, charset, quoted-printable,
//! the order of properties and the order and case of parameters do not matter.
//! - Left out, because they say nothing of the content: `VERSION`, `PRODID`,
//!   `REV`, `DTSTAMP`, `LAST-MODIFIED`, `CREATED`, `SEQUENCE`, the parameters
//!   `CHARSET`, `ENCODING` and `VALUE`, and the book-keeping of vendors
//!   ([`BOOK_KEEPING`]). Every other `X-` property is content.
//! - `UID` and `RECURRENCE-ID` count: two entries with equal words and
//!   different identifiers are two.
//! - Group names (`item1.`) are arbitrary: a label found through one
//!   (`item1.X-ABLabel`) stands with the property it names.
//! - Values are compared unescaped and in NFC; trailing empty parts of names
//!   and addresses fall away.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::component::Component;
use super::labels::Labels;
use super::property::Property;
use super::value;

/// Vendors' properties that change without the content changing.
#[rustfmt::skip]
const BOOK_KEEPING: [&str; 16] = [
    "X-ABUID", "X-ADDRESSBOOKSERVER-PHOTO-ETAG", "X-APPLE-CREATOR-IDENTITY", "X-EVOLUTION-CALDAV-HREF",
    "X-GENERATOR", "X-IRMC-CALL-DATETIME", "X-IRMC-LUID", "X-LIC-ERROR", "X-LUID",
    "X-MICROSOFT-CDO-REPLYTIME", "X-MOZ-GENERATION", "X-MOZ-LASTACK", "X-PRODID", "X-REVISION",
    "X-WR-ALARMUID", "X-ZARAFA-REPLYTIME",
];

/// SHA-256 of a settled component after normalising.
pub fn of(component: &Component) -> [u8; 32] {
    let mut hash = Sha256::new();
    for line in lines(component) {
        hash.update((line.len() as u64).to_be_bytes());
        hash.update(line.as_bytes());
    }
    hash.finalize().into()
}

/// SHA-256 of anything that needs no normalising.
pub fn of_bytes(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn lines(component: &Component) -> Vec<String> {
    let labels = Labels::of(component);
    let mut out: Vec<String> = Vec::with_capacity(component.properties.len());
    for property in component.properties.iter().filter(|property| !is_left_out(property)) {
        out.push(normal(property, &labels));
    }
    for child in &component.children {
        out.push(format!("{}\n{}", child.name, lines(child).join("\n")));
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn is_left_out(property: &Property) -> bool {
    let name = property.name.as_str();
    matches!(
        name,
        "VERSION" | "PRODID" | "REV" | "DTSTAMP" | "LAST-MODIFIED" | "CREATED" | "DCREATED" | "SEQUENCE"
    ) || BOOK_KEEPING.contains(&name)
        || property.value.is_empty()
        || (property.group.is_some() && name == "X-ABLABEL")
}

fn normal(property: &Property, labels: &Labels) -> String {
    let mut params: Vec<String> = property
        .params
        .iter()
        .filter(|param| !matches!(param.name.as_str(), "CHARSET" | "ENCODING" | "VALUE" | "TYPE"))
        .map(|param| format!("{}={}", param.name, param.values.join(",")))
        .collect();
    params.extend(property.types().map(|one| format!("TYPE={one}")));
    if let Some(label) = labels.raw(property) {
        params.push(format!("LABEL={label}"));
    }
    params.sort_unstable();
    params.dedup();
    let line = format!("{};{}:{}", property.name, params.join(";"), normal_value(property));
    line.nfc().collect()
}

fn normal_value(property: &Property) -> String {
    if !matches!(property.name.as_str(), "N" | "ADR" | "ORG") {
        return value::unescape(&property.value).trim_end().to_owned();
    }
    let mut parts = value::split(&property.value, ';');
    while parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    parts.join("\u{1f}")
}
