//! The file as a whole, and what its parts must agree on.

use std::collections::BTreeSet;

use app::{Category, say};
use toml::de::DeTable;

use super::{
    DemoNotice, Incident, IncidentCategory, IncidentStatus, Mistake, Remedy, SecondFact, Special, Support,
    Update,
    section::{Section, Source},
};

/// The incident, or everything that is wrong with the file.
pub(super) fn read(text: &str) -> Result<Incident, Vec<Mistake>> {
    read_with(text, |_| ())
}

/// The same, after `change` to the document.
pub(super) fn read_with(text: &str, change: impl FnOnce(&mut DeTable<'_>)) -> Result<Incident, Vec<Mistake>> {
    let source = Source::new(text);
    let (mut document, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        broken
            .iter()
            .for_each(|error| source.wrong(error.span(), "", format!("not TOML: {}", error.message())));
        return Err(source.into_mistakes());
    }
    change(document.get_mut());
    let incident = whole(Section::new(&source, "", 0..0, document.get_ref()));
    let mistakes = source.into_mistakes();
    match incident {
        Some(incident) if mistakes.is_empty() => Ok(incident),
        _ => Err(mistakes),
    }
}

/// None only after a mistake was noted.
fn whole(mut file: Section<'_>) -> Option<Incident> {
    let mut facts = file.table("incident");
    let demo = facts.as_mut().and_then(demo_notice);
    let categories = categories(&mut file, demo.is_some());
    let remedies = remedies(&mut file, &categories);
    let timeline = timeline(&mut file, demo.is_some(), &categories);
    let second_fact = second_fact(&mut file);
    file.finish();
    about(facts?, Parts { demo, categories, remedies, timeline, second_fact })
}

/// What stands outside `[incident]`, and the notice that the rest depends on.
struct Parts {
    demo: Option<DemoNotice>,
    categories: Vec<IncidentCategory>,
    remedies: Vec<Remedy>,
    timeline: Vec<Update>,
    second_fact: SecondFact,
}

fn about(mut facts: Section<'_>, parts: Parts) -> Option<Incident> {
    let (id, name) = (facts.required("id"), facts.required("name"));
    let (operator, product) = (facts.required("operator"), facts.required("product"));
    let (summary, doing) = (facts.required("summary"), facts.required("doing"));
    let (advice, affected) = (facts.optional("advice"), facts.required("affected"));
    let (started_at, as_of) = (facts.required("started_at"), facts.required("as_of"));
    let (time_zone, country) = (facts.required("time_zone"), facts.required("country"));
    let (status, impact) = (facts.required::<IncidentStatus>("status"), facts.required("impact"));
    let said_last = parts.timeline.iter().rev().find_map(|update| update.status.of_incident());
    if let (Some(status), Some(last)) = (status, said_last)
        && status != last
    {
        let (status, last) = (status.slug(), last.slug());
        facts.wrong("status", format!("is {status} but the timeline ends as {last}; make them the same"));
    }
    let support = support(&mut facts);
    let special = Special::read(&mut facts);
    facts.finish();
    Some(Incident {
        id: id?,
        name: name?,
        operator: operator?,
        product: product?,
        summary: summary?,
        doing: doing?,
        advice: advice.unwrap_or_default(),
        affected: affected?,
        started_at: started_at?,
        as_of: as_of?,
        time_zone: time_zone?,
        country: country?,
        status: status?,
        impact: impact?,
        support,
        special,
        demo: parts.demo,
        categories: parts.categories,
        remedies: parts.remedies,
        timeline: parts.timeline,
        second_fact: parts.second_fact,
    })
}

fn demo_notice(facts: &mut Section<'_>) -> Option<DemoNotice> {
    let demo = facts.optional::<bool>("demo").unwrap_or(false);
    let sentence = facts.optional("demo_notice");
    let word = facts.optional("demo_word");
    if !demo && sentence.is_some() {
        facts.wrong("demo_notice", "needs demo = true beside it");
    }
    demo.then(|| DemoNotice {
        sentence: sentence.unwrap_or_else(|| {
            say!("Demonstration with invented people; nothing can be claimed here").to_owned()
        }),
        word: word.unwrap_or_else(|| say!("Demonstration").to_owned()),
    })
}

fn support(facts: &mut Section<'_>) -> Vec<Support> {
    let tables = facts.tables("support");
    if tables.is_empty() {
        facts.wrong(
            "support",
            "is missing; people need at least one way to reach a person: [[incident.support]]",
        );
    }
    let read = |mut table: Section<'_>| {
        let (how, hours) = (table.required("how"), table.optional("hours"));
        table.finish();
        Some(Support { how: how?, hours })
    };
    tables.into_iter().filter_map(read).collect()
}

fn categories(file: &mut Section<'_>, may_choose: bool) -> Vec<IncidentCategory> {
    let tables = file.tables("categories");
    if tables.is_empty() {
        file.wrong("categories", "is missing; name at least one category that was lost: [[categories]]");
    }
    let mut seen = BTreeSet::new();
    let mut categories = Vec::new();
    for mut table in tables {
        let Some((order, category)) = IncidentCategory::read(&mut table, may_choose) else { continue };
        if seen.insert(category.category) {
            categories.push((order, category));
        } else {
            table.wrong("id", format!("{} is listed twice; keep one", category.category));
        }
    }
    categories.sort_by_key(|(order, _)| *order);
    categories.into_iter().map(|(_, category)| category).collect()
}

fn remedies(file: &mut Section<'_>, listed: &[IncidentCategory]) -> Vec<Remedy> {
    let known: BTreeSet<Category> = listed.iter().map(|listed| listed.category).collect();
    let mut seen = BTreeSet::new();
    let mut remedies = Vec::new();
    for mut table in file.tables("remedies") {
        let Some(remedy) = Remedy::read(&mut table) else { continue };
        if !seen.insert(remedy.id.clone()) {
            table.wrong("id", format!("{} is used twice; give each remedy its own", remedy.id));
        }
        for category in remedy.categories().iter().filter(|category| !known.contains(category)) {
            let what = format!("names {category}, which is not listed; add it under [[categories]]");
            table.wrong("eligibility", what);
        }
        remedies.push(remedy);
    }
    remedies
}

fn timeline(file: &mut Section<'_>, may_choose: bool, listed: &[IncidentCategory]) -> Vec<Update> {
    let known: BTreeSet<Category> = listed.iter().map(|listed| listed.category).collect();
    let mut seen = BTreeSet::new();
    let mut timeline = Vec::new();
    for mut table in file.tables("timeline") {
        let Some(update) = Update::read(&mut table, may_choose) else { continue };
        if !seen.insert(update.at) {
            table.wrong("at", "is the moment of another entry; move one by a minute");
        }
        for (category, _) in update.affected.iter().filter(|(category, _)| !known.contains(category)) {
            table.wrong("affected", format!("{category} is not listed; add it under [[categories]]"));
        }
        timeline.push(update);
    }
    timeline.sort_by_key(|update| update.at);
    timeline
}

fn second_fact(file: &mut Section<'_>) -> SecondFact {
    let Some(mut table) = file.optional_table("sign_in") else { return SecondFact::AccountLast4 };
    let fact = table.optional("second_fact").unwrap_or(SecondFact::AccountLast4);
    table.finish();
    fact
}
