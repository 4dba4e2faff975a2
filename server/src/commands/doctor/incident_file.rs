//! The incident file and its translation, read once for all that is looked at in them.

use std::{io, path::Path};

use app::words::Language;

use super::finding::Finding;
use crate::{
    incident::{
        Incident, IncidentError,
        doubt::{self, Doubt},
        po_path,
    },
    settings::Settings,
};

pub struct IncidentFile {
    pub name: String,
    pub toml: String,
    /// Its translation, where there is one beside it.
    pub po: io::Result<Option<String>>,
    read: Result<Incident, IncidentError>,
}

impl IncidentFile {
    /// None, and the finding says why, where none is set or it cannot be opened.
    pub fn open(settings: &Settings) -> (Finding, Option<Self>) {
        let Some(path) = &settings.incident else {
            let mend = "`serve` needs one: name it in MAKEGOOD_INCIDENT";
            return (Finding::warning("incident", "no incident file is set", mend), None);
        };
        match Self::read(path) {
            Ok(file) => (file.finding(), Some(file)),
            Err(error) => {
                let found = format!("{}: {error}", path.display());
                (Finding::broken("incident", found, "name a file that can be read"), None)
            }
        }
    }

    pub fn read(path: &Path) -> io::Result<Self> {
        let (name, toml) = (path.display().to_string(), std::fs::read_to_string(path)?);
        let po = match std::fs::read_to_string(po_path(&name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        };
        let read = Language::En.within(|| Incident::from_toml(&toml, &name));
        Ok(IncidentFile { name, toml, po, read })
    }

    /// The translation, if it can be read.
    pub fn po(&self) -> Option<&str> {
        self.po.as_ref().ok()?.as_deref()
    }

    /// None while there are mistakes in it.
    pub fn incident(&self) -> Option<&Incident> {
        self.read.as_ref().ok()
    }

    fn finding(&self) -> Finding {
        match &self.read {
            Ok(incident) => Finding::good("incident", format!("{}: {}", self.name, incident.name)),
            Err(error) => Finding::broken("incident", error.to_string(), "correct the lines named"),
        }
    }

    /// One finding for each sentence of some terms that says too little; nothing where it is no TOML.
    pub fn terms(&self) -> Vec<Finding> {
        match doubt::of(&self.toml) {
            None | Some((0, _)) => Vec::new(),
            Some((count, doubts)) if doubts.is_empty() => {
                vec![Finding::good("terms", format!("all ten points are answered ({count} remedies)"))]
            }
            Some((_, doubts)) => doubts.iter().map(doubtful).collect(),
        }
    }
}

fn doubtful(doubt: &Doubt) -> Finding {
    Finding::warning("terms", doubt.to_string(), "write it out in a plain sentence before anybody claims")
}
