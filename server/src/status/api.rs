//! The snapshot as JSON that clients of Atlassian Statuspage v2 read unchanged.

use app::vocabulary::count_in_words;
use serde_json::{Value, json};

use super::{
    Snapshot, id, page,
    told::{Component, Said},
};
use crate::{incident::IncidentStatus, web::wording::rfc3339};

/// Every body of the API, by the name that stands between `/api/v2/` and `.json`.
pub fn bodies(snapshot: &Snapshot, base_url: &str) -> Vec<(&'static str, Value)> {
    let api = Api { snapshot, base_url };
    let (page, status, components) = (api.page(), api.status(), api.components());
    let all = vec![api.incident()];
    let open = if snapshot.incident.is_resolved() { Vec::new() } else { all.clone() };
    let none = json!({ "page": page, "scheduled_maintenances": [] });
    vec![
        (
            "summary",
            json!({
                "page": page, "status": status, "components": components,
                "incidents": open, "scheduled_maintenances": [],
            }),
        ),
        ("status", json!({ "page": page, "status": status })),
        ("components", json!({ "page": page, "components": components })),
        ("incidents", json!({ "page": page, "incidents": all })),
        ("incidents/unresolved", json!({ "page": page, "incidents": open })),
        ("scheduled-maintenances", none.clone()),
        ("scheduled-maintenances/active", none.clone()),
        ("scheduled-maintenances/upcoming", none),
    ]
}

struct Api<'a> {
    snapshot: &'a Snapshot,
    base_url: &'a str,
}

impl Api<'_> {
    fn id(&self, kind: &str, key: &str) -> String {
        id::of(&self.snapshot.incident.id, kind, key)
    }

    fn page_id(&self) -> String {
        self.id("page", "")
    }

    fn page(&self) -> Value {
        json!({
            "id": self.page_id(),
            "name": self.snapshot.incident.operator,
            "url": self.base_url,
            "time_zone": self.snapshot.incident.time_zone,
            "updated_at": rfc3339(page::changed_at(self.snapshot)),
        })
    }

    fn status(&self) -> Value {
        let (indicator, description) = page::indicator(self.snapshot);
        json!({ "indicator": indicator, "description": description })
    }

    fn components(&self) -> Vec<Value> {
        let listed = self.snapshot.incident.components.iter().enumerate();
        listed.map(|(index, component)| self.component(index + 1, component)).collect()
    }

    fn component(&self, position: usize, component: &Component) -> Value {
        let tally = self.snapshot.figures.get(&component.category);
        json!({
            "id": self.id("component", component.category.slug()),
            "name": component.title,
            "status": component.status,
            "created_at": rfc3339(self.snapshot.incident.started_at),
            "updated_at": rfc3339(component.updated_at),
            "position": position,
            "description": tally.map(|tally| count_in_words(tally.counted(), tally.expected)),
            "showcase": true,
            "start_date": null,
            "group_id": null,
            "page_id": self.page_id(),
            "group": false,
            "only_show_if_degraded": false,
        })
    }

    fn incident(&self) -> Value {
        let incident = &self.snapshot.incident;
        let reached = |status| incident.reached(status).map(rfc3339);
        let resolved_at = incident.is_resolved().then(|| reached(IncidentStatus::Resolved)).flatten();
        json!({
            "id": self.id("incident", ""),
            "name": incident.name,
            "status": incident.status,
            "created_at": rfc3339(incident.started_at),
            "updated_at": rfc3339(incident.updated_at()),
            "monitoring_at": reached(IncidentStatus::Monitoring),
            "resolved_at": resolved_at,
            "impact": incident.impact,
            "shortlink": format!("{}/status", self.base_url),
            "started_at": rfc3339(incident.started_at),
            "page_id": self.page_id(),
            "incident_updates": incident.updates.iter().map(|said| self.update(said)).collect::<Vec<_>>(),
            "components": self.components(),
        })
    }

    fn update(&self, said: &Said) -> Value {
        let at = rfc3339(said.at);
        let affected: Vec<Value> = said
            .changes
            .iter()
            .map(|change| {
                json!({
                    "code": self.id("component", change.category.slug()),
                    "name": change.title, "old_status": change.old, "new_status": change.new,
                })
            })
            .collect();
        json!({
            "id": self.id("update", &said.at.to_string()),
            "status": said.status,
            "body": said.text(),
            "incident_id": self.id("incident", ""),
            "created_at": at,
            "updated_at": at,
            "display_at": at,
            "affected_components": if affected.is_empty() { Value::Null } else { affected.into() },
            "deliver_notifications": false,
            "custom_tweet": null,
            "tweet_id": null,
        })
    }
}
