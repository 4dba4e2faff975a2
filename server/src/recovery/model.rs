//! From rows to what a page shows.

use app::{
    Category,
    models::{CategoryLine, Overview},
    vocabulary::CategoryFacts,
};

use super::store::{self, Holding};
use crate::{
    accounts::Profile,
    ambient::Millis,
    incident::Incident,
    store::{Db, Result},
    web::wording,
};

/// `/recovery` for one subscriber.
pub async fn overview(db: &Db, incident: &Incident, subscriber: &Profile, now: Millis) -> Result<Overview> {
    let holdings = store::holdings(db, &subscriber.id, now).await?;
    let affected = holdings.iter().any(is_affected);
    let lines = if affected { draw_lines(incident, &holdings) } else { Vec::new() };
    Ok(Overview { affected, lines, as_of: wording::moment(now), can_claim: false })
}

/// Every category of the incident as it stands for one subscriber; empty when not affected.
pub async fn lines(db: &Db, incident: &Incident, subscriber: &str, now: Millis) -> Result<Vec<CategoryLine>> {
    let holdings = store::holdings(db, subscriber, now).await?;
    let affected = holdings.iter().any(is_affected);
    Ok(if affected { draw_lines(incident, &holdings) } else { Vec::new() })
}

fn draw_lines(incident: &Incident, holdings: &[Holding]) -> Vec<CategoryLine> {
    incident.categories.iter().map(|listed| line(listed.category, holdings)).collect()
}

/// Affected: an inventory row, a verdict or a recovered file.
fn is_affected(holding: &Holding) -> bool {
    holding.expected.is_some() || holding.verdict_reason.is_some() || holding.files > 0
}

fn line(category: Category, holdings: &[Holding]) -> CategoryLine {
    let Some(holding) = holdings.iter().find(|holding| holding.category == category.slug()) else {
        let state = CategoryFacts::default().state();
        return CategoryLine {
            category,
            state,
            found: 0,
            expected: None,
            as_of: None,
            quarantined: 0,
            released: false,
            verdict: None,
        };
    };
    let facts = CategoryFacts {
        found: holding.items,
        files: holding.files,
        expected: holding.expected,
        verdict: holding.verdict_reason.is_some(),
        released: holding.released == 1,
        importing: holding.importing == 1,
    };
    CategoryLine {
        category,
        state: facts.state(),
        found: holding.items,
        expected: holding.expected,
        as_of: holding.as_of.map(wording::day),
        quarantined: holding.quarantined,
        released: facts.released,
        verdict: holding.verdict_reason.clone(),
    }
}
