//! The incident file in another language: what has no Spanish yet, and what stands there for a text that is gone.

use std::collections::BTreeSet;

use app::words::Catalogue;

use super::{finding::Finding, incident_file::IncidentFile};
use crate::incident::{Incident, Incidents, doubt, po_path};

/// Texts that one finding names.
const NAMED: usize = 3;

/// Nothing while there are mistakes in the incident file: they are another finding.
pub fn all(file: &IncidentFile) -> Option<Finding> {
    let incident = file.incident()?;
    let name = po_path(&file.name);
    Some(match &file.po {
        Ok(Some(po)) => translated(incident, &file.toml, &file.name, po),
        Ok(None) => {
            let found =
                format!("there is no {name}: in Spanish, too, your texts are shown as you wrote them");
            Finding::good("translation", found)
        }
        Err(error) => {
            Finding::broken("translation", format!("{name}: {error}"), "make it readable, or remove it")
        }
    })
}

/// One finding for each sentence of some terms that says less in Spanish than in the file; nothing where nothing is
/// translated.
pub fn terms(file: &IncidentFile) -> Vec<Finding> {
    let Some(catalogue) = file.po().and_then(|po| Catalogue::read(po).ok()) else { return Vec::new() };
    let name = po_path(&file.name);
    let told = |doubt: doubt::Doubt| {
        let mend = "translate it again: it is what people agree to who read it in Spanish";
        Finding::warning("terms", format!("{name}: {doubt}"), mend)
    };
    doubt::of_translation(&file.toml, &catalogue).into_iter().map(told).collect()
}

fn translated(incident: &Incident, toml: &str, path: &str, po: &str) -> Finding {
    let name = po_path(path);
    if let Err(error) = Incidents::read(toml, path, Some(po)) {
        return Finding::broken(
            "translation",
            error.to_string(),
            "correct it: `serve` does not start with it",
        );
    }
    let catalogue = Catalogue::read(po).unwrap_or_default();
    let texts = incident.texts();
    let missing: Vec<&str> = texts.iter().copied().filter(|text| catalogue.text(text).is_none()).collect();
    let written = strings(toml);
    let idle = catalogue.english().filter(|english| !written.contains(*english)).count();
    if missing.is_empty() && idle == 0 {
        return Finding::good("translation", format!("{name}: all {} texts", texts.len()));
    }
    let named: Vec<String> = missing.iter().take(NAMED).map(|text| format!("{text:?}")).collect();
    let rest = if missing.len() > NAMED { " and others" } else { "" };
    let which = if missing.is_empty() { String::new() } else { format!(" ({}{rest})", named.join(", ")) };
    let found = format!(
        "{name}: {} of {} texts are missing{which}, and {idle} stand there for a text that the incident file does not have",
        missing.len(),
        texts.len(),
    );
    Finding::warning(
        "translation",
        found,
        "add each text as msgid, as the incident file has it, and its Spanish as msgstr",
    )
}

/// Every string of a TOML document.
fn strings(toml: &str) -> BTreeSet<String> {
    fn collect(value: toml::Value, into: &mut BTreeSet<String>) {
        match value {
            toml::Value::String(text) => drop(into.insert(text)),
            toml::Value::Array(values) => values.into_iter().for_each(|value| collect(value, into)),
            toml::Value::Table(table) => table.into_iter().for_each(|(_, value)| collect(value, into)),
            _ => {}
        }
    }
    let mut strings = BTreeSet::new();
    if let Ok(table) = toml.parse::<toml::Table>() {
        collect(toml::Value::Table(table), &mut strings);
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::finding::Verdict;

    const DEMO: &str = include_str!("../../../../demo/incident.toml");
    const SPANISH: &str = include_str!("../../../../demo/incident.es.po");

    fn found(po: &str) -> Finding {
        let incident = Incident::from_toml(DEMO, "incident.toml").unwrap();
        translated(&incident, DEMO, "incident.toml", po)
    }

    #[test]
    fn the_demonstration_lacks_nothing() {
        let found = found(SPANISH);
        assert_eq!(found.verdict, Verdict::Good, "{found}");
    }

    #[test]
    fn terms_that_lost_their_amount_in_spanish_are_told_with_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("incident.toml");
        std::fs::write(&path, DEMO).unwrap();
        let terms = || terms(&IncidentFile::read(&path).unwrap());
        assert!(terms().is_empty(), "nothing is translated");
        let po = folder.path().join("incident.es.po");
        std::fs::write(&po, SPANISH.replace("\"100 dólares.\"", "\"Cien dólares.\"")).unwrap();
        let told = terms();
        assert_eq!(told.len(), 1, "{told:?}");
        let said = "incident.es.po: gift-card: terms.worth does not name the amount, $100";
        assert!(told[0].found.ends_with(said) && told[0].verdict == Verdict::Warning, "{}", told[0]);
    }

    #[test]
    fn a_text_that_was_changed_is_missing_and_its_old_translation_idle() {
        let found = found(&SPANISH.replace("msgid \"It does not expire.\"", "msgid \"It never expires.\""));
        assert_eq!(found.verdict, Verdict::Warning);
        assert!(found.found.contains("1 of ") && found.found.contains("It does not expire."), "{found}");
        assert!(found.found.contains("and 1 stand"), "{found}");
    }

    #[test]
    fn what_is_no_po_file_is_broken() {
        assert_eq!(found("hola").verdict, Verdict::Broken);
    }
}
