//! One fact for each rule: whether it holds, and the numbers that decided it, in a sentence.

use app::{Category, mark, models::Fact, say, words::said};
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
    let titles =
        |categories: &[Category]| one_of(categories.iter().map(|category| category.title())).to_lowercase();
    match rule {
        Rule::Affected => Some(say!("It is for people who were affected").to_owned()),
        Rule::Plans(plans) if plans.is_empty() => None,
        Rule::Plans(plans) => {
            Some(say!("It is for people on {plans}", plans = one_of(plans.iter().map(String::as_str))))
        }
        Rule::Categories(categories) => {
            Some(say!("It is for people who were affected in {categories}", categories = titles(categories)))
        }
        Rule::LostAtLeast { percent, of } if of.is_empty() => {
            Some(say!("It is for people who lost at least {percent}%", percent))
        }
        Rule::LostAtLeast { percent, of } => Some(say!(
            "It is for people who lost at least {percent}% in {categories}",
            percent,
            categories = titles(of)
        )),
        Rule::AffectedBefore(date) => {
            let date = wording::moment_in(date.as_millisecond(), zone);
            Some(say!("It is for people whom the records know by {date}", date))
        }
    }
}

/// Nothing to say where a remedy has no dates.
pub fn of_window(remedy: &Remedy, zone: &TimeZone, now: Millis) -> Option<Fact> {
    let day = |at: Timestamp| wording::moment_in(at.as_millisecond(), zone);
    let ahead = |at: Timestamp| now < at.as_millisecond();
    match (remedy.opens_at, remedy.closes_at) {
        (Some(opens), _) if ahead(opens) => {
            no(say!("It can be claimed from {when}", when = day(opens))).into()
        }
        (_, Some(closes)) if ahead(closes) => {
            yes(say!("It can be claimed until {when}", when = day(closes))).into()
        }
        (_, Some(closes)) => no(say!("It could be claimed until {when}", when = day(closes))).into(),
        (Some(opens), None) => yes(say!("It can be claimed since {when}", when = day(opens))).into(),
        (None, None) => None,
    }
}

/// Each record that could have said otherwise is named.
const NOTHING: &str = mark!(
    "Our records show that nothing of yours was lost: no inventory lists anything of yours, nothing of yours was declared lost, and no file of yours was among what was recovered"
);

/// The category that lost most tells why.
fn affected(standing: &Standing) -> Fact {
    let worst = standing.speaking().max_by_key(|holding| (holding.missing(), holding.verdict.is_some()));
    match worst {
        Some(holding) => yes(worst_of(holding)),
        None => no(said(NOTHING).to_owned()),
    }
}

/// The worst that can truly be said of this category.
fn worst_of(holding: &Holding) -> String {
    let Some(category) = holding.category else {
        return say!("You were affected: files of yours had to be recovered").to_owned();
    };
    let (noun, title) = (category.noun(2), category.title().to_lowercase());
    match holding.expected {
        Some(expected) if holding.missing() > 0 => {
            say!(
                "You were affected: {found} of {expected} {things} have come back so far",
                found = holding.found,
                expected,
                things = noun
            )
        }
        _ if holding.verdict.is_some() && holding.found == 0 => {
            say!("You were affected: your {category} cannot be brought back", category = title)
        }
        _ => say!("You were affected: your {category} had to be recovered", category = title),
    }
}

fn plan(plans: &[String], plan: &str) -> Fact {
    if plans.is_empty() {
        return yes(say!("It is for every plan").to_owned());
    }
    let plans_in_words = one_of(plans.iter().map(String::as_str));
    match plan {
        "" => no(say!("We know no plan of yours, and this is for {plans}", plans = plans_in_words)),
        plan if plans.len() == 1 && plans[0] == plan => {
            yes(say!("Your plan is {plan}, and this is for that plan", plan))
        }
        plan if plans.iter().any(|known| known == plan) => {
            yes(say!("Your plan is {plan}, and this is for {plans}", plan, plans = plans_in_words))
        }
        plan => no(say!("Your plan is {plan}, and this is for {plans}", plan, plans = plans_in_words)),
    }
}

fn touched(categories: &[Category], standing: &Standing) -> Fact {
    let wanted = one_of(categories.iter().map(|category| category.title())).to_lowercase();
    match standing.speaking_of(categories).find_map(|holding| holding.category) {
        Some(category) => yes(say!(
            "This is for those who were affected in {categories}; you were, in {category}",
            categories = wanted,
            category = category.title().to_lowercase()
        )),
        None => no(say!(
            "This is for those who were affected in {categories}; our records show nothing of yours there",
            categories = wanted
        )),
    }
}

/// Items are counted where an inventory says how many there were. What nobody counted is never taken for lost,
/// except a category that the operator itself calls lost whole.
fn lost(percent: i64, of: &[Category], standing: &Standing) -> Fact {
    let nouns = of.iter().map(|category| category.noun(2));
    let things = if of.is_empty() { say!("items").to_owned() } else { all_of(nouns) };
    let wanted = say!("this is for those who lost at least {percent}%", percent);
    if let Some(whole) = standing.speaking_of(of).find(|holding| holding.lost_whole()) {
        let title = whole.category.map_or_else(|| say!("files"), Category::title).to_lowercase();
        return yes(say!(
            "None of your {category} can be brought back, and {wanted}",
            category = title,
            wanted
        ));
    }
    let (mut missing, mut expected) = (0_i128, 0_i128);
    for holding in standing.speaking_of(of) {
        missing += i128::from(holding.missing());
        expected += i128::from(holding.expected.unwrap_or(0).max(0));
    }
    if expected == 0 {
        return no(say!(
            "We do not know how many {things} you had, so we cannot count a loss, and {wanted}",
            things,
            wanted
        ));
    }
    let share = missing * 100 / expected;
    let unknown = standing.speaking_of(of).any(|holding| holding.expected.is_none());
    let text = match unknown {
        false => say!(
            "{missing} of your {expected} {things} have not come back, {share}%, and {wanted}",
            missing,
            expected,
            things,
            share,
            wanted
        ),
        true => say!(
            "{missing} of your {expected} {things} have not come back, {share}% (what nobody counted before is not in these numbers), and {wanted}",
            missing,
            expected,
            things,
            share,
            wanted
        ),
    };
    Fact { text, holds: missing * 100 >= i128::from(percent) * expected }
}

/// What goes back furthest decides: an inventory of the person's, or the day their account was entered here.
fn before(date: Timestamp, standing: &Standing, zone: &TimeZone) -> Fact {
    let day = |at: Millis| wording::moment_in(at, zone);
    let wanted = say!("this is for those whom our records know by {date}", date = day(date.as_millisecond()));
    let counted = standing.speaking().filter_map(|holding| holding.as_of).min();
    let (at, text) = match (counted, standing.recorded_at) {
        (Some(counted), recorded) if recorded.is_none_or(|at| counted <= at) => {
            let date = day(counted);
            (counted, say!("The earliest count of what you had is of {date}, and {wanted}", date, wanted))
        }
        (_, Some(recorded)) => {
            let date = day(recorded);
            (recorded, say!("Your account was entered here on {date}, and {wanted}", date, wanted))
        }
        _ => return no(say!("No record of yours has a date, and {wanted}", wanted)),
    };
    Fact { text, holds: at <= date.as_millisecond() }
}

/// `contacts, photos or notes`.
fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    listed(names, |first, last| say!("{first} or {last}", first, last))
}

/// `contacts, photos and notes`.
fn all_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    listed(names, |first, last| say!("{first} and {last}", first, last))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>, ending: impl Fn(&str, &str) -> String) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => ending(&rest.join(", "), end),
        None => String::new(),
    }
}

fn yes(text: String) -> Fact {
    Fact { text, holds: true }
}

fn no(text: String) -> Fact {
    Fact { text, holds: false }
}
