//! The incident in each language: the file as it is written, and its texts by a PO file beside it.

use std::{collections::BTreeSet, ops::Deref};

use app::words::{Catalogue, Language, spoken};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Attribution, Incident, IncidentError, Mistake, file};

/// One incident, told in every language. Read through it is the incident in the language spoken:
/// its texts differ, its rules, amounts and dates do not.
#[derive(Clone, Debug, PartialEq)]
pub struct Incidents {
    written: Incident,
    /// None where the operator has not translated it: then everyone reads it as it is written.
    spanish: Option<Incident>,
}

impl From<Incident> for Incidents {
    fn from(written: Incident) -> Self {
        Incidents { written, spanish: None }
    }
}

impl Deref for Incidents {
    type Target = Incident;

    fn deref(&self) -> &Incident {
        self.told_in(spoken())
    }
}

impl Incidents {
    /// Reads an incident file and, where there is one, its translation; `path` is only named in errors.
    pub fn read(toml: &str, path: &str, spanish: Option<&str>) -> Result<Self, IncidentError> {
        let written = Language::En.within(|| Incident::from_toml(toml, path))?;
        let spanish = spanish.map(|po| {
            let path = po_path(path);
            let catalogue = Catalogue::read(po).map_err(|what| IncidentError {
                path: path.clone(),
                mistakes: vec![Mistake { line: None, key: String::new(), what }],
            })?;
            Language::Es
                .within(|| file::read_with(toml, |document| translate(document, &catalogue)))
                .map_err(|mistakes| IncidentError { path, mistakes })
        });
        Ok(Incidents { written, spanish: spanish.transpose()? })
    }

    pub fn told_in(&self, language: Language) -> &Incident {
        match language {
            Language::En => &self.written,
            Language::Es => self.spanish.as_ref().unwrap_or(&self.written),
        }
    }

    /// The name of a remedy that is kept in English, in the language spoken, while the file calls it so.
    pub fn remedy_title(&self, id: &str, kept: &str) -> String {
        let written = self.written.remedy(id).filter(|remedy| remedy.title == kept);
        let told = written.and_then(|_| self.remedy(id));
        told.map_or_else(|| kept.to_owned(), |remedy| remedy.title.clone())
    }
}

impl Incident {
    /// The texts of the file that people read and that have no default, each once; the operator's and the
    /// product's names stay as they are.
    pub fn texts(&self) -> BTreeSet<&str> {
        let mut texts: BTreeSet<&str> = [self.name.as_str(), &self.affected].into();
        texts.extend(self.summary.iter().chain(&self.doing).chain(&self.advice).map(String::as_str));
        for support in &self.support {
            texts.insert(&support.how);
            texts.extend(support.hours.as_deref());
        }
        texts.extend(self.special.own());
        for category in &self.categories {
            // Our own names of categories are translated already.
            texts.extend(Some(category.title.as_str()).filter(|title| *title != category.category.title()));
            texts.extend(category.note.as_deref());
            for milestone in &category.milestones {
                texts.insert(&milestone.says);
                texts.extend(source(&milestone.attribution));
            }
        }
        for remedy in &self.remedies {
            texts.extend([remedy.title.as_str(), &remedy.description, &remedy.who]);
            // The sentence about rights is ours, unless the file has one of its own.
            let own = |text: &&str| !text.trim_end_matches('.').eq(super::RIGHTS);
            texts.extend(remedy.terms.lines().map(|(_, text)| text).into_iter().filter(own));
        }
        for update in &self.timeline {
            texts.extend(update.title.as_deref());
            texts.insert(&update.body);
            texts.extend(source(&update.attribution));
        }
        texts
    }
}

fn source(attribution: &Attribution) -> Option<&str> {
    match attribution {
        Attribution::Stated { source, .. } => Some(source),
        Attribution::Chosen => None,
    }
}

/// Where the Spanish of an incident file is looked for: `incident.es.po` beside `incident.toml`.
pub fn po_path(toml: &str) -> String {
    format!("{}.es.po", toml.strip_suffix(".toml").unwrap_or(toml))
}

/// Puts each text's translation in its place. Words that mean something to the program are in no PO file.
fn translate(document: &mut DeTable<'_>, catalogue: &Catalogue) {
    for (_, value) in document.iter_mut() {
        translate_value(value, catalogue);
    }
}

fn translate_value(value: &mut Spanned<DeValue<'_>>, catalogue: &Catalogue) {
    match value.get_mut() {
        DeValue::String(text) => {
            if let Some(translated) = catalogue.text(text) {
                *text = translated.to_owned().into();
            }
        }
        DeValue::Array(values) => {
            values.iter_mut().for_each(|value| translate_value(value, catalogue));
        }
        DeValue::Table(table) => translate(table, catalogue),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str = include_str!("../../../demo/incident.toml");
    const SPANISH: &str = include_str!("../../../demo/incident.es.po");

    #[test]
    fn only_texts_differ_between_languages() {
        let incidents = Incidents::read(DEMO, "incident.toml", Some(SPANISH)).unwrap();
        let (english, spanish) = (incidents.told_in(Language::En), incidents.told_in(Language::Es));
        assert_ne!(english.remedies[1].title, spanish.remedies[1].title);
        assert_ne!(english.categories[0].title, spanish.categories[0].title);
        for (one, other) in english.remedies.iter().zip(&spanish.remedies) {
            assert_eq!((&one.id, &one.rules, one.budget), (&other.id, &other.rules, other.budget));
            assert_eq!((&one.ways, &one.value, one.given), (&other.ways, &other.value, other.given));
            assert_ne!(one.terms.version(), other.terms.version());
        }
        assert_eq!(incidents.name, english.name);
        Language::Es.within(|| assert_eq!(incidents.name, spanish.name));
    }

    #[test]
    fn every_text_of_the_demonstration_is_translated() {
        let incidents = Incidents::read(DEMO, "incident.toml", Some(SPANISH)).unwrap();
        let (english, spanish) = (incidents.told_in(Language::En), incidents.told_in(Language::Es));
        assert_ne!(english.summary, spanish.summary);
        for (one, other) in english.timeline.iter().zip(&spanish.timeline) {
            assert_ne!(one.body, other.body);
        }
        for (one, other) in english.remedies.iter().zip(&spanish.remedies) {
            for ((heading, text), (_, translated)) in one.terms.lines().iter().zip(other.terms.lines()) {
                assert_ne!(*text, translated, "{heading}");
            }
        }
    }

    #[test]
    fn without_a_translation_everyone_reads_what_is_written() {
        let incidents = Incidents::read(DEMO, "incident.toml", None).unwrap();
        assert_eq!(incidents.told_in(Language::Es), incidents.told_in(Language::En));
    }

    #[test]
    fn what_the_operator_writes_of_its_own_is_among_the_texts() {
        let own = DEMO
            .replacen(
                "[[incident.support]]",
                "[incident.special]\nminors = \"Come by.\"\n\n[[incident.support]]",
                1,
            )
            .replacen("id = \"contacts\"", "id = \"contacts\"\ntitle = \"Address book\"", 1);
        let texts = |toml: &str| {
            let incident = Incident::from_toml(toml, "incident.toml").unwrap();
            incident.texts().into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
        };
        let new: Vec<_> = texts(&own).difference(&texts(DEMO)).cloned().collect();
        assert_eq!(new, ["Address book", "Come by."]);
    }

    #[test]
    fn terms_about_rights_that_are_not_translated_are_read_as_they_are_written() {
        let rights = format!("{}. Nor do you sign anything.", super::super::RIGHTS);
        let own = DEMO.replacen("[remedies.terms]", &format!("[remedies.terms]\nrights = {rights:?}"), 1);
        let incidents = Incidents::read(&own, "incident.toml", Some(SPANISH)).unwrap();
        assert_eq!(incidents.told_in(Language::Es).remedies[0].terms.rights, rights);
        let po = format!("{SPANISH}\nmsgid {rights:?}\nmsgstr \"Usted renuncia a todo.\"\n");
        let error = Incidents::read(&own, "incident.toml", Some(&po)).unwrap_err();
        assert!(error.to_string().contains("rights"), "{error}");
    }

    #[test]
    fn a_translation_that_cannot_stand_is_refused_by_its_file() {
        let po = "msgid \"\"\nmsgstr \"Language: es\\n\"\n\nmsgid \"Everyone who was affected, whatever their plan.\"\nmsgstr \"\\n\"\n";
        let error = Incidents::read(DEMO, "incident.toml", Some(po)).err().unwrap();
        assert_eq!((error.path.as_str(), error.mistakes.len()), ("incident.es.po", 1));
        let error = Incidents::read(DEMO, "folder/incident.toml", Some("no po file")).unwrap_err();
        assert_eq!(error.path, "folder/incident.es.po");
    }
}
