//! Who gets a remedy, as rules that the records can decide.

use app::Category;
use jiff::Timestamp;

use super::section::Section;

/// One condition. A remedy has its dates beside these: when it can be claimed is said by `opens` and `closes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// With an inventory row, a verdict or a recovered file.
    Affected,
    /// On one of these plans; empty for every plan.
    Plans(Vec<String>),
    /// Affected in at least one of these; never empty.
    Categories(Vec<Category>),
    /// Of the items that are known to have been there, at least this share has not come back.
    LostAtLeast {
        /// 1 to 100.
        percent: i64,
        /// Where items are counted; empty for every category.
        of: Vec<Category>,
    },
    /// What is recorded of the person goes back to this moment or further: an inventory of theirs is of that date
    /// or earlier, or their account was entered here by then.
    AffectedBefore(Timestamp),
}

/// The rules of one remedy, in the order in which they are explained: to be affected and on a plan always comes first.
pub(super) fn read(section: &mut Section<'_>) -> Vec<Rule> {
    let mut rules = vec![Rule::Affected, Rule::Plans(plans(section).unwrap_or_default())];
    if let Some(table) = section.optional_table("eligibility") {
        rules.extend(eligibility(table));
    }
    rules
}

/// `plans`, or `plan` as it was written before.
fn plans(section: &mut Section<'_>) -> Option<Vec<String>> {
    let (one, several) = (section.optional::<String>("plan"), section.optional::<Vec<String>>("plans"));
    match (one, several) {
        (Some(_), Some(several)) => {
            section.wrong("plan", "says the same as plans; keep plans alone");
            Some(several)
        }
        (one, several) => several.or(one.map(|plan| vec![plan])),
    }
}

fn eligibility(mut table: Section<'_>) -> Vec<Rule> {
    let categories: Vec<Category> = table.optional("categories").unwrap_or_default();
    let percent = table.optional::<i64>("lost_at_least_percent");
    if percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
        table.wrong("lost_at_least_percent", "must be a whole number from 1 to 100");
    }
    let before = table.optional("affected_before");
    table.finish();
    let named = (!categories.is_empty()).then(|| Rule::Categories(categories.clone()));
    let lost = percent.map(|percent| Rule::LostAtLeast { percent, of: categories });
    named.into_iter().chain(lost).chain(before.map(Rule::AffectedBefore)).collect()
}
