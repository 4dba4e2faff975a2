//! One fact for each rule: whether it holds, and the numbers that decided it, in a sentence.

use app::{Category, models::Fact};
use jiff::{Timestamp, tz::TimeZone};

use super::standing::{Holding, Standing};
use crate::{
    ambient::Millis,
    incident::{Remedy, Rule},
    web::wording,
};

pub fn of_rule(rule: &Rule, standing: &Standing, zone: &TimeZone) -> Fact {
    match rule {
        Rule::Affected => affected(standing),
        Rule::Plans(plans) => plan(plans, &standing.plan),
        Rule::Categories(categories) => touched(categories, standing),
        Rule::LostAtLeast { percent, of } => lost(*percent, of, standing),
        Rule::AffectedBefore(date) => before(*date, standing, zone),
    }
}

/// The rule itself, in words; none for one that nobody can fail.
pub fn words(rule: &Rule, zone: &TimeZone) -> Option<String> {
    let titles = |categories: &[Category]| {
        listed(categories.iter().map(|category| category.title()), "or").to_lowercase()
    };
    match rule {
        Rule::Affected => Some("It is for people who were affected".to_owned()),
        Rule::Plans(plans) if plans.is_empty() => None,
        Rule::Plans(plans) => {
            Some(format!("It is for people on {}", listed(plans.iter().map(String::as_str), "or")))
        }
        Rule::Categories(categories) => {
            Some(format!("It is for people who were affected in {}", titles(categories)))
        }
        Rule::LostAtLeast { percent, of } if of.is_empty() => {
            Some(format!("It is for people who lost at least {percent}%"))
        }
        Rule::LostAtLeast { percent, of } => {
            Some(format!("It is for people who lost at least {percent}% in {}", titles(of)))
        }
        Rule::AffectedBefore(date) => {
            let date = wording::moment_in(date.as_millisecond(), zone);
            Some(format!("It is for people whom the records know by {date}"))
        }
    }
}

/// Nothing to say where a remedy has no dates.
pub fn of_window(remedy: &Remedy, zone: &TimeZone, now: Millis) -> Option<Fact> {
    let day = |at: Timestamp| wording::moment_in(at.as_millisecond(), zone);
    let ahead = |at: Timestamp| now < at.as_millisecond();
    match (remedy.opens_at, remedy.closes_at) {
        (Some(opens), _) if ahead(opens) => no(format!("It can be claimed from {}", day(opens))).into(),
        (_, Some(closes)) if ahead(closes) => yes(format!("It can be claimed until {}", day(closes))).into(),
        (_, Some(closes)) => no(format!("It could be claimed until {}", day(closes))).into(),
        (Some(opens), None) => yes(format!("It can be claimed since {}", day(opens))).into(),
        (None, None) => None,
    }
}

/// Each record that could have said otherwise is named.
const NOTHING: &str = "Our records show that nothing of yours was lost: no inventory lists anything of yours, nothing of \
                       yours was declared lost, and no file of yours was among what was recovered";

/// The category that lost most tells why.
fn affected(standing: &Standing) -> Fact {
    let worst = standing.speaking().max_by_key(|holding| (holding.missing(), holding.verdict.is_some()));
    match worst {
        Some(holding) => yes(worst_of(holding)),
        None => no(NOTHING.to_owned()),
    }
}

/// The worst that can truly be said of this category.
fn worst_of(holding: &Holding) -> String {
    let Some(category) = holding.category else {
        return "You were affected: files of yours had to be recovered".to_owned();
    };
    let (noun, title) = (category.noun(2), category.title().to_lowercase());
    match holding.expected {
        Some(expected) if holding.missing() > 0 => {
            format!("You were affected: {} of {expected} {noun} have come back so far", holding.found)
        }
        _ if holding.verdict.is_some() && holding.found == 0 => {
            format!("You were affected: your {title} cannot be brought back")
        }
        _ => format!("You were affected: your {title} had to be recovered"),
    }
}

fn plan(plans: &[String], plan: &str) -> Fact {
    if plans.is_empty() {
        return yes("It is for every plan".to_owned());
    }
    let names = listed(plans.iter().map(String::as_str), "or");
    match plan {
        "" => no(format!("We know no plan of yours, and this is for {names}")),
        plan if plans.len() == 1 && plans[0] == plan => {
            yes(format!("Your plan is {plan}, and this is for that plan"))
        }
        plan if plans.iter().any(|known| known == plan) => {
            yes(format!("Your plan is {plan}, and this is for {names}"))
        }
        plan => no(format!("Your plan is {plan}, and this is for {names}")),
    }
}

fn touched(categories: &[Category], standing: &Standing) -> Fact {
    let titles = categories.iter().map(|category| category.title());
    let wanted = format!("This is for those who were affected in {}", listed(titles, "or").to_lowercase());
    match standing.speaking_of(categories).find_map(|holding| holding.category) {
        Some(category) => yes(format!("{wanted}; you were, in {}", category.title().to_lowercase())),
        None => no(format!("{wanted}; our records show nothing of yours there")),
    }
}

/// Items are counted where an inventory says how many there were. What nobody counted is never taken for lost,
/// except a category that the operator itself calls lost whole.
fn lost(percent: i64, of: &[Category], standing: &Standing) -> Fact {
    let nouns = of.iter().map(|category| category.noun(2));
    let places = if of.is_empty() { "items".to_owned() } else { listed(nouns, "and") };
    let wanted = format!("this is for those who lost at least {percent}%");
    if let Some(whole) = standing.speaking_of(of).find(|holding| holding.lost_whole()) {
        let title = whole.category.map_or("files", Category::title).to_lowercase();
        return yes(format!("None of your {title} can be brought back, and {wanted}"));
    }
    let (mut missing, mut expected) = (0_i128, 0_i128);
    for holding in standing.speaking_of(of) {
        missing += i128::from(holding.missing());
        expected += i128::from(holding.expected.unwrap_or(0).max(0));
    }
    if expected == 0 {
        return no(format!(
            "We do not know how many {places} you had, so we cannot count a loss, and {wanted}"
        ));
    }
    let share = missing * 100 / expected;
    let unknown = standing.speaking_of(of).any(|holding| holding.expected.is_none());
    let note = if unknown { " (what nobody counted before is not in these numbers)" } else { "" };
    let text =
        format!("{missing} of your {expected} {places} have not come back, {share}%{note}, and {wanted}");
    Fact { text, holds: missing * 100 >= i128::from(percent) * expected }
}

/// What goes back furthest decides: an inventory of the person's, or the day their account was entered here.
fn before(date: Timestamp, standing: &Standing, zone: &TimeZone) -> Fact {
    let day = |at: Millis| wording::moment_in(at, zone);
    let wanted = format!("this is for those whom our records know by {}", day(date.as_millisecond()));
    let counted = standing.speaking().filter_map(|holding| holding.as_of).min();
    let (at, what) = match (counted, standing.recorded_at) {
        (Some(counted), recorded) if recorded.is_none_or(|at| counted <= at) => {
            (counted, "The earliest count of what you had is of")
        }
        (_, Some(recorded)) => (recorded, "Your account was entered here on"),
        _ => return no(format!("No record of yours has a date, and {wanted}")),
    };
    Fact { text: format!("{what} {}, and {wanted}", day(at)), holds: at <= date.as_millisecond() }
}

/// `contacts, photos or notes`.
fn listed<'a>(names: impl Iterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

fn yes(text: String) -> Fact {
    Fact { text, holds: true }
}

fn no(text: String) -> Fact {
    Fact { text, holds: false }
}
