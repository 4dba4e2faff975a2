//! From rows to what a page shows.

use app::{
    models::{CategoryLine, Overview},
    vocabulary::CategoryFacts,
};

use super::store::{self, Holding};
use crate::{
    accounts::Access,
    ambient::Millis,
    incident::{Incident, IncidentCategory},
    remedies,
    store::{Db, On, Result},
    web::wording,
};

/// `/recovery` for one subscriber.
pub async fn overview(db: &Db, incident: &Incident, access: Access<'_>, now: Millis) -> Result<Overview> {
    let holdings = store::holdings(db, access.id(), now).await?;
    let affected = holdings.iter().any(is_affected);
    let lines = if affected { draw_lines(incident, &holdings) } else { Vec::new() };
    let can_claim = remedies::can_claim(db, incident, access.profile(), now).await?;
    Ok(Overview { affected, lines, as_of: wording::moment(now), can_claim })
}

/// Every category of the incident as it stands for one subscriber; empty when not affected.
pub async fn lines(
    on: impl Into<On<'_>>,
    incident: &Incident,
    access: Access<'_>,
    now: Millis,
) -> Result<Vec<CategoryLine>> {
    lines_of(on, incident, access.id(), now).await
}

/// The same for those who listen: their access was proved when they began.
pub(super) async fn lines_of(
    on: impl Into<On<'_>>,
    incident: &Incident,
    subscriber: &str,
    now: Millis,
) -> Result<Vec<CategoryLine>> {
    let holdings = store::holdings(on, subscriber, now).await?;
    let affected = holdings.iter().any(is_affected);
    Ok(if affected { draw_lines(incident, &holdings) } else { Vec::new() })
}

fn draw_lines(incident: &Incident, holdings: &[Holding]) -> Vec<CategoryLine> {
    incident
        .categories
        .iter()
        .map(|listed| {
            let slug = listed.category.slug();
            line(listed, holdings.iter().find(|holding| holding.category == slug).unwrap_or(&NOTHING))
        })
        .collect()
}

/// Affected: an inventory row, a verdict or a recovered file.
fn is_affected(holding: &Holding) -> bool {
    holding.expected.is_some() || holding.verdict_reason.is_some() || holding.files > 0
}

/// What is known of a category that no row speaks of.
const NOTHING: Holding = Holding {
    category: String::new(),
    files: 0,
    quarantined: 0,
    damaged: 0,
    items: 0,
    expected: None,
    as_of: None,
    verdict_reason: None,
    released: 0,
    importing: 0,
};

fn line(listed: &IncidentCategory, holding: &Holding) -> CategoryLine {
    let facts = CategoryFacts {
        found: holding.items,
        files: holding.files,
        expected: holding.expected,
        verdict: holding.verdict_reason.is_some(),
        released: holding.released == 1,
        importing: holding.importing == 1,
    };
    CategoryLine {
        category: listed.category,
        title: listed.title.clone(),
        note: listed.note.clone().unwrap_or_default(),
        state: facts.state(),
        found: holding.items,
        expected: holding.expected,
        as_of: holding.as_of.map(wording::day),
        quarantined: holding.quarantined,
        damaged: holding.damaged,
        released: facts.released,
        verdict: holding.verdict_reason.clone(),
    }
}
