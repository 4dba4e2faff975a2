//! How long text messages are with this incident's names in them: the operator pays for each part.

use app::words::Language;

use super::{finding::Finding, incident_file::IncidentFile};
use crate::{
    incident::{Incident, Incidents},
    messages::{
        sms::{self, Parts},
        templates::{Template, Voice, every},
    },
};

/// Nothing while there are mistakes in the incident file: they are another finding.
pub fn all(file: &IncidentFile, host: &str) -> Option<Finding> {
    let read = |po| Incidents::read(&file.toml, &file.name, po);
    // A translation that cannot stand is another finding, too.
    let incidents = read(file.po()).or_else(|_| read(None)).ok()?;
    let texts = Language::ALL.into_iter().flat_map(|language| texts(&incidents, language, host));
    Some(measured(&incidents.told_in(Language::En).operator, texts))
}

/// Each message about each remedy, in one language.
fn texts(incidents: &Incidents, language: Language, host: &str) -> Vec<Template> {
    let incident = incidents.told_in(language);
    let voice = Voice { incident, language, host };
    worths(incident).iter().flat_map(|worth| every(&voice, worth)).collect()
}

/// Of each remedy, or nothing to speak of where there are none.
fn worths(incident: &Incident) -> Vec<String> {
    let worths: Vec<_> = incident.remedies.iter().map(|remedy| remedy.value.to_string()).collect();
    if worths.is_empty() { vec![String::new()] } else { worths }
}

fn measured(operator: &str, texts: impl Iterator<Item = Template>) -> Finding {
    let (mut longer, mut beyond) = (Vec::new(), 0);
    for text in texts {
        let parts = Parts::of(&text.sms);
        if parts.segments.len() > 1 {
            beyond = beyond.max(parts.beyond_one());
            let line = line(&text, &parts);
            if !longer.contains(&line) {
                longer.push(line);
            }
        }
    }
    if longer.is_empty() {
        let found = format!("each is sent in one part, in both languages{}", respelt(operator));
        return Finding::good("text", found);
    }
    let found = format!("paid for more than once: {}{}", longer.join(", "), respelt(operator));
    let mend = format!(
        "write a shorter `operator` (or `word` of a demonstration) in the incident file, {beyond} letters less for all of \
         them, or expect to pay for each part"
    );
    Finding::warning("text", found, mend)
}

/// "claim-received in es (2 parts)", and for which letters where they are what makes it so long.
fn line(text: &Template, parts: &Parts) -> String {
    let (name, language, count) = (text.name, text.language.tag(), parts.segments.len());
    let letters = sms::beyond_gsm7(&text.sms);
    let why = if letters.is_empty() { String::new() } else { format!(", for {}", listed(letters)) };
    format!("{name} in {language} ({count} parts{why})")
}

/// What is not in the alphabet of text messages is written otherwise: the operator may not expect it of its own name.
fn respelt(operator: &str) -> String {
    let letters = sms::beyond_gsm7(operator);
    if letters.is_empty() {
        return String::new();
    }
    let plain = sms::plain(operator);
    format!(
        "; they call the operator {plain:?}, since {} would leave room for 70 letters in place of 160",
        listed(letters)
    )
}

fn listed(letters: impl IntoIterator<Item = char>) -> String {
    letters.into_iter().map(String::from).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commands::doctor::finding::Verdict, messages::templates};

    const DEMO: &str = include_str!("../../../../demo/incident.toml");
    const SPANISH: &str = include_str!("../../../../demo/incident.es.po");

    /// What the doctor says of an operator of this name.
    fn found(operator: &str) -> Finding {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("incident.toml");
        let named = format!("operator = {operator:?}");
        let incident = DEMO.replacen("operator = \"T-Mobile\"", &named, 1);
        assert!(incident.contains(&named));
        std::fs::write(&path, incident).unwrap();
        std::fs::write(folder.path().join("incident.es.po"), SPANISH).unwrap();
        all(&IncidentFile::read(&path).unwrap(), "127.0.0.1:3000").unwrap()
    }

    #[test]
    fn the_demonstrations_text_messages_are_one_part_each() {
        let found = found("T-Mobile");
        assert_eq!((found.verdict, found.mend.as_str()), (Verdict::Good, ""), "{found}");
    }

    #[test]
    fn a_longer_name_is_told_with_the_messages_that_grow_and_by_how_much() {
        let longer = found("The Mobile Telephone Company of Exampleshire");
        assert_eq!(longer.verdict, Verdict::Warning);
        for line in ["claim-received in en (2 parts)", "claim-received in es (2 parts)"] {
            assert_eq!(longer.found.matches(line).count(), 1, "{longer}");
        }
        assert!(!longer.found.contains("many-wrong-codes"), "it names nobody: {longer}");
        let less: usize = longer.mend.split(' ').find_map(|word| word.parse().ok()).unwrap();
        let kept = |less: usize| {
            let name = "The Mobile Telephone Company of Exampleshire";
            found(&name[..name.len() - less]).verdict
        };
        assert_eq!((kept(less), kept(less - 1)), (Verdict::Good, Verdict::Warning));
    }

    #[test]
    fn a_name_in_other_letters_is_told_as_text_messages_write_it() {
        let found = found("Telefónica Móvil");
        assert_eq!(found.verdict, Verdict::Good, "{found}");
        assert!(found.found.contains("\"Telefonica Movil\", since ó would"), "{found}");
    }

    #[test]
    fn letters_that_make_a_message_long_are_named() {
        let incident = Incident::from_toml(DEMO, "incident.toml").unwrap();
        let voice = Voice { incident: &incident, language: Language::Es, host: "h" };
        let message = templates::many_wrong_codes(&voice);
        let text = Template { sms: "Su dirección y su número: żółw. ".repeat(3), ..message };
        let found = measured("T-Mobile", [text].into_iter());
        assert_eq!(found.verdict, Verdict::Warning);
        assert!(found.found.contains("many-wrong-codes in es (2 parts, for ó ú ł ż)"), "{found}");
    }
}
