//! The terms as they are shown, agreed to and shown again.

use app::models::{Term, Terms};
use sha2::{Digest, Sha256};

use crate::incident::Remedy;

/// The terms that hold now.
pub fn of(remedy: &Remedy) -> Terms {
    Terms { who: remedy.who.clone(), ..from_text(&remedy.title, &remedy.terms.text()) }
}

/// The terms of a text that was stored: what one reads before and after is made by the same hand.
pub fn from_text(remedy: &str, text: &str) -> Terms {
    let term = |line: &str| {
        let (name, text) = line.split_once(": ")?;
        Some(Term { name: name.to_owned(), text: text.to_owned() })
    };
    Terms { remedy: remedy.to_owned(), who: String::new(), list: text.lines().filter_map(term).collect() }
}

/// Which promise a page makes: a SHA-256 over each remedy's name, worth and terms, 64 hexadecimal digits.
pub fn version<'a>(remedies: impl Iterator<Item = &'a Remedy>) -> String {
    let mut hash = Sha256::new();
    for remedy in remedies {
        let (id, title, value) = (&remedy.id, &remedy.title, &remedy.value);
        hash.update(format!("{id}\n{title}\n{value}\n{}\n", remedy.terms.version()));
    }
    hex::encode(hash.finalize())
}
