//! Words that are kept with a claim: in every language, since its person and the staff each read them in theirs, and
//! what they were made from (rules, dates, an address) may read otherwise by then.

use app::words::{Language, spoken};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    pub english: String,
    /// Empty where it is the same.
    pub spanish: String,
}

impl Note {
    /// What `words` says, asked in each language.
    pub fn of(words: impl Fn() -> String) -> Self {
        let english = Language::En.within(&words);
        let spanish = Some(Language::Es.within(&words)).filter(|spanish| *spanish != english);
        Note { english, spanish: spanish.unwrap_or_default() }
    }

    /// What somebody wrote, in whatever language it is.
    pub fn written(text: &str) -> Self {
        Note { english: text.to_owned(), spanish: String::new() }
    }

    pub fn told_in(&self, language: Language) -> &str {
        match language {
            Language::Es if !self.spanish.is_empty() => &self.spanish,
            _ => &self.english,
        }
    }

    /// In the language spoken.
    pub fn told(&self) -> &str {
        self.told_in(spoken())
    }
}

#[cfg(test)]
mod tests {
    use app::say;

    use super::*;

    #[test]
    fn a_note_is_told_in_the_language_of_whoever_reads() {
        let note = Note::of(|| say!("You took it back.").to_owned());
        assert_eq!(note.told(), "You took it back.");
        Language::Es.within(|| assert_eq!(note.told(), say!("You took it back.")));
        assert_ne!(note.told_in(Language::Es), note.english);
    }

    #[test]
    fn what_somebody_wrote_is_told_as_it_is() {
        let note = Note::written("The bill is of 2008.");
        assert_eq!(note.told_in(Language::Es), "The bill is of 2008.");
        assert_eq!(Note::of(|| "7".to_owned()).spanish, "");
    }
}
