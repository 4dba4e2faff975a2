//! What the incident file tells the public, in the status API's words.

use app::Category;
use serde::{Deserialize, Serialize};

use crate::{
    ambient::Millis,
    incident::{ComponentStatus, Incident, IncidentStatus, Update},
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub id: String,
    pub name: String,
    pub operator: String,
    /// What a demonstration says of itself.
    pub demo: Option<String>,
    pub status: String,
    pub impact: String,
    pub started_at: Millis,
    /// IANA's name.
    pub time_zone: String,
    /// In the order in which people see them.
    pub components: Vec<Component>,
    /// Newest first.
    pub updates: Vec<Said>,
}

/// One category, as the timeline left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    pub category: Category,
    pub title: String,
    pub status: String,
    pub updated_at: Millis,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub at: Millis,
    /// The file's word, `update` when it changes nothing.
    pub word: String,
    /// The incident's status from here on.
    pub status: String,
    pub title: String,
    pub body: String,
    /// Who said so, and when.
    pub source: String,
    pub changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub category: Category,
    pub title: String,
    pub old: String,
    pub new: String,
}

impl Said {
    /// Title, body and source as one plain text, for readers that have one field.
    pub fn text(&self) -> String {
        let title = (!self.title.is_empty()).then(|| self.title.clone());
        let parts = title.into_iter().chain([self.body.clone(), format!("Source: {}", self.source)]);
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

impl Told {
    pub fn of(incident: &Incident) -> Self {
        let started_at = incident.started_at.as_millisecond();
        let mut components: Vec<Component> = incident
            .categories
            .iter()
            .map(|listed| Component {
                category: listed.category,
                title: listed.title.clone(),
                status: ComponentStatus::Operational.slug().to_owned(),
                updated_at: started_at,
            })
            .collect();
        let mut status = IncidentStatus::Investigating;
        let mut updates = Vec::with_capacity(incident.timeline.len());
        for update in &incident.timeline {
            status = update.status.of_incident().unwrap_or(status);
            updates.push(said(update, status, &mut components));
        }
        updates.reverse();
        Self {
            id: incident.id.as_str().to_owned(),
            name: incident.name.clone(),
            operator: incident.operator.clone(),
            demo: incident.demo.as_ref().map(|demo| demo.sentence.clone()),
            status: incident.status.slug().to_owned(),
            impact: incident.impact.slug().to_owned(),
            started_at,
            time_zone: incident.time_zone.iana_name().unwrap_or("Etc/UTC").to_owned(),
            components,
            updates,
        }
    }

    pub fn is_resolved(&self) -> bool {
        self.status == IncidentStatus::Resolved.slug()
    }

    /// When the incident first had `status`, as the timeline tells.
    pub fn reached(&self, status: IncidentStatus) -> Option<Millis> {
        self.updates.iter().rev().find(|said| said.word == status.slug()).map(|said| said.at)
    }

    /// The newest update's time, or when it all began.
    pub fn updated_at(&self) -> Millis {
        self.updates.first().map_or(self.started_at, |said| said.at)
    }
}

/// Takes an update down, and what it changes into the components.
fn said(update: &Update, status: IncidentStatus, components: &mut [Component]) -> Said {
    let at = update.at.as_millisecond();
    let changes = update.affected.iter().filter_map(|(category, new)| {
        let component = components.iter_mut().find(|component| component.category == *category)?;
        let old = std::mem::replace(&mut component.status, new.slug().to_owned());
        component.updated_at = at;
        Some(Change {
            category: *category,
            title: component.title.clone(),
            old,
            new: component.status.clone(),
        })
    });
    Said {
        at,
        changes: changes.collect(),
        word: update.status.slug().to_owned(),
        status: status.slug().to_owned(),
        title: update.title.clone().unwrap_or_default(),
        body: update.body.clone(),
        source: update.attribution.to_string(),
    }
}
