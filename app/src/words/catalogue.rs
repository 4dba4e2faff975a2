//! Translations by their English text, read from gettext's PO files.

use std::collections::HashMap;

/// English texts and what they are in another language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    texts: HashMap<String, String>,
    /// By the text for one: the texts for one and for any other number.
    counted: HashMap<String, [String; 2]>,
}

impl Catalogue {
    /// Reads one PO file. What is not translated, or fuzzy, is left out.
    ///
    /// # Errors
    /// Says what is no PO file, or what two entries disagree about.
    pub fn read(po: &str) -> Result<Self, String> {
        let mut catalogue = Self::default();
        catalogue.add(po)?;
        Ok(catalogue)
    }

    /// The text in the catalogue's language; none when it is not translated.
    pub fn text(&self, english: &str) -> Option<&str> {
        self.texts.get(english).map(String::as_str)
    }

    /// The texts for one and for any other number.
    pub fn counted(&self, english_one: &str) -> Option<&[String; 2]> {
        self.counted.get(english_one)
    }

    /// Every English text, those for one and many by the one.
    pub fn english(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().chain(self.counted.keys()).map(String::as_str)
    }

    /// Adds the entries of another PO file.
    ///
    /// # Errors
    /// As [`Catalogue::read`].
    pub fn add(&mut self, po: &str) -> Result<(), String> {
        check(po)?;
        let file = polib::po_file::parse_from_reader(po.as_bytes()).map_err(|error| error.to_string())?;
        let translated = file.messages().filter(|message| message.is_translated() && !message.is_fuzzy());
        // The entry without a text of its own is the file's head.
        for message in translated.filter(|message| !message.msgid().is_empty()) {
            let english = message.msgid().to_owned();
            let differs = match (message.msgstr(), message.msgstr_plural()) {
                (Ok(text), _) => {
                    let text = text.to_owned();
                    self.texts.insert(english.clone(), text.clone()).is_some_and(|before| before != text)
                }
                (_, Ok(forms)) => {
                    let forms = <[String; 2]>::try_from(forms.clone())
                        .map_err(|forms| format!("{english:?} has {} forms, not 2", forms.len()))?;
                    self.counted.insert(english.clone(), forms.clone()).is_some_and(|before| before != forms)
                }
                (Err(error), Err(_)) => return Err(error.to_string()),
            };
            if differs {
                return Err(format!("{english:?} is translated twice, differently"));
            }
        }
        Ok(())
    }
}

/// What the parser would pass over in silence, or stumble at: a line that is none of a PO file's, and a file
/// without a head, whose first text would be taken for one.
fn check(po: &str) -> Result<(), String> {
    let is_quoted = |text: &str| text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
    for (number, line) in po.lines().enumerate().map(|(place, line)| (place + 1, line.trim_end())) {
        let entry = ["msgctxt ", "msgid ", "msgid_plural ", "msgstr ", "msgstr[0] ", "msgstr[1] "]
            .iter()
            .find_map(|start| line.strip_prefix(start));
        if !(line.is_empty() || line.starts_with('#') || is_quoted(entry.unwrap_or(line))) {
            return Err(format!("line {number} is no line of a PO file: write msgid \"…\" or msgstr \"…\""));
        }
    }
    let first = po.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    match first.map(str::trim_end) {
        Some("msgid \"\"") => Ok(()),
        _ => Err("begin with the head of a PO file: msgid \"\", and msgstr with Language and Content-Type"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: es\\n\"\n\n";

    #[test]
    fn texts_and_counted_texts_are_read() {
        let po = "msgid \"Help\"\nmsgstr \"Ayuda\"\n\nmsgid \"Later\"\nmsgstr \"\"\n\n\
                  msgid \"{n} note\"\nmsgid_plural \"{n} notes\"\nmsgstr[0] \"{n} nota\"\nmsgstr[1] \"{n} notas\"\n";
        let catalogue = Catalogue::read(&format!("{HEAD}{po}")).unwrap();
        assert_eq!(catalogue.text("Help"), Some("Ayuda"));
        assert_eq!(catalogue.text("Later"), None);
        assert_eq!(catalogue.counted("{n} note").unwrap()[1], "{n} notas");
    }

    #[test]
    fn two_translations_of_one_text_are_refused() {
        let po = |text: &str| format!("{HEAD}msgid \"Help\"\nmsgstr \"{text}\"\n");
        let mut catalogue = Catalogue::read(&po("Ayuda")).unwrap();
        assert!(catalogue.add(&po("Ayuda")).is_ok());
        assert!(catalogue.add(&po("Socorro")).unwrap_err().contains("Help"));
    }

    #[test]
    fn what_is_no_po_file_is_refused_by_its_line() {
        for (po, line) in [
            (format!("{HEAD}msgid \"Help\"\nmsgstr \"\n"), "line 6"),
            (format!("{HEAD}Help = Ayuda\n"), "line 5"),
            (format!("{HEAD}msgid \n"), "line 5"),
            ("msgid \"Help\"\nmsgstr \"Ayuda\"\n".to_owned(), "head"),
            (String::new(), "head"),
        ] {
            let error = Catalogue::read(&po).unwrap_err();
            assert!(error.contains(line), "{po:?}: {error}");
        }
    }
}
