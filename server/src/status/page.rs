//! The snapshot as the model of `/status`.

use app::{
    mark,
    models::{Status, StatusComponent, StatusUpdate},
    say,
    words::said,
};

use super::{Snapshot, Trouble, told::Said};
use crate::{
    ambient::Millis,
    incident::{ComponentStatus, Impact},
    web::wording,
};

/// `told` stands alone while no figures were ever read.
pub fn model(snapshot: &Snapshot, trouble: Option<Trouble>) -> Status {
    let incident = &snapshot.incident;
    let (indicator, description) = indicator(snapshot);
    let figures = &snapshot.figures;
    let components = incident.components.iter().filter_map(|component| {
        // Until the figures are known a zero would be a claim.
        let known = !snapshot.id.is_empty();
        let tally = known.then(|| figures.get(&component.category).copied().unwrap_or_default())?;
        Some(StatusComponent {
            name: component.title.clone(),
            status: component.status.clone(),
            found: tally.counted(),
            expected: tally.expected,
            uncounted: tally.uncounted,
        })
    });
    Status {
        incident: incident.name.clone(),
        resolved: incident.is_resolved(),
        indicator: indicator.to_owned(),
        description: said(description).to_owned(),
        as_of: wording::second(snapshot.made_at),
        as_of_datetime: wording::rfc3339(snapshot.made_at),
        stale: trouble.map(|_| stale(snapshot.id.is_empty()).to_owned()),
        components: components.collect(),
        updates: incident.updates.iter().map(update).collect(),
    }
}

fn stale(no_figures: bool) -> &'static str {
    if no_figures {
        say!(
            "Our database cannot be reached just now, so the counts are missing here. The updates below stand."
        )
    } else {
        say!(
            "Our database cannot be reached just now. The counts are as they were at the time above; they may have grown since."
        )
    }
}

fn update(said: &Said) -> StatusUpdate {
    StatusUpdate {
        status: said.word.clone(),
        title: said.title.clone(),
        body: said.body.clone(),
        at: wording::moment(said.at),
        datetime: wording::rfc3339(said.at),
        source: said.source.clone(),
    }
}

/// The status API's indicator and its words, in English: an open incident's impact, else the worst component.
pub fn indicator(snapshot: &Snapshot) -> (&'static str, &'static str) {
    let incident = &snapshot.incident;
    let impact = Impact::from_slug(&incident.impact).filter(|_| !incident.is_resolved());
    let worst = incident.components.iter().filter_map(|c| ComponentStatus::from_slug(&c.status)).max();
    match (impact, worst) {
        (Some(Impact::Critical), _) => ("critical", mark!("Major Service Outage")),
        (Some(Impact::Major), _) => ("major", mark!("Partial System Outage")),
        (Some(Impact::Minor), _) => ("minor", mark!("Minor Service Outage")),
        (_, Some(ComponentStatus::MajorOutage)) => ("critical", mark!("Major Service Outage")),
        (_, Some(ComponentStatus::PartialOutage)) => ("major", mark!("Partial System Outage")),
        (_, Some(ComponentStatus::DegradedPerformance)) => ("minor", mark!("Partially Degraded Service")),
        (_, Some(ComponentStatus::UnderMaintenance)) => ("maintenance", mark!("Service Under Maintenance")),
        _ => ("none", mark!("All Systems Operational")),
    }
}

/// When anything that the public sees last changed.
pub fn changed_at(snapshot: &Snapshot) -> Millis {
    snapshot.changed_at.max(snapshot.incident.updated_at())
}
