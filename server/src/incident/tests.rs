use super::*;

const GOOD: &str = r#"
[incident]
id = "lost-data"
name = "Lost data"
operator = "Northwind Mobile"
product = "Pocket"
summary = ["We lost your data."]
doing = ["We are bringing it back."]
affected = "Everyone."
started_at = 2009-10-02T01:30:00-07:00
as_of = 2009-10-20
time_zone = "America/Los_Angeles"
country = "US"
status = "monitoring"
impact = "major"

[[incident.support]]
how = "By phone"
hours = "At any hour"

[[categories]]
id = "photos"
order = 2

[[categories]]
id = "contacts"
order = 1
title = "Address book"

[[categories.milestones]]
on = 2009-10-20
says = "Contacts are back."
source = "operator's statement"
source_date = 2009-10-20

[[remedies]]
id = "free-month"
kind = "service-credit"
title = "One month free"
value = 2000
currency = "USD"
description = "One month of the data plan."
who = "Everyone affected on the data plan."
plan = "data-20"

[remedies.terms]
given_by = "Northwind Mobile."
worth = "$20."
where = "On your bill."
arrives = "With your next bill."
expires = "Never."
fees = "None."
taxes = "None."
data_used = "Your account number."
contact = "Support."

[[timeline]]
at = "2009-10-20T10:00:00-07:00"
status = "monitoring"
body = "Contacts are back."
source = "operator's statement"
source_date = 2009-10-20
affected = { contacts = "operational" }

[[timeline]]
at = 2009-10-02T01:30:00-07:00
status = "investigating"
title = "Outage"
body = "Something is wrong."
source = "operator's statement"
source_date = 2009-10-02
affected = { contacts = "major_outage", photos = "major_outage" }
"#;

fn mistakes(text: &str) -> Vec<String> {
    let error = Incident::from_toml(text, "incident.toml").expect_err("should be refused");
    error.mistakes.iter().map(ToString::to_string).collect()
}

/// Replaces a line, so that a test shows one mistake only.
fn with(line: &str, instead: &str) -> Vec<String> {
    assert!(GOOD.contains(line), "{line} is not in the good file");
    mistakes(&GOOD.replacen(line, instead, 1))
}

#[test]
fn a_good_file_gives_every_part_in_its_order() {
    let incident = Incident::from_toml(GOOD, "incident.toml").unwrap();
    assert_eq!(incident.id.as_str(), "lost-data");
    let titles: Vec<_> = incident.categories.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles, ["Address book", "Photos"]);
    assert_eq!(
        incident.categories[0].milestones[0].attribution.to_string(),
        "operator's statement, 20 Oct 2009"
    );
    assert_eq!(incident.timeline[0].title.as_deref(), Some("Outage"));
    assert_eq!(incident.timeline[0].affected.len(), 2);
    assert_eq!(incident.second_fact, SecondFact::AccountLast4);
    assert!(!incident.is_demo());
    assert_eq!(incident.country.as_ref(), "US");
}

fn remedy() -> Remedy {
    Incident::from_toml(GOOD, "incident.toml").unwrap().remedies[0].clone()
}

/// The remedy with `line` added to it, before its terms.
fn remedy_with(line: &str) -> Remedy {
    let text = GOOD.replacen("[remedies.terms]", &format!("{line}\n\n[remedies.terms]"), 1);
    Incident::from_toml(&text, "incident.toml").unwrap().remedies[0].clone()
}

#[test]
fn a_remedy_that_says_little_is_given_on_claim_to_the_affected_on_its_plan() {
    let remedy = remedy();
    assert_eq!(remedy.rules, [Rule::Affected, Rule::Plans(vec!["data-20".to_owned()])]);
    assert_eq!(remedy.value.to_string(), "$20");
    assert_eq!((remedy.given, remedy.budget), (Given::OnClaim, None));
    assert_eq!(remedy.approval, Approval { claims: 0, automatic: 2, elsewhere: 1 });
    assert_eq!(remedy.ways, [Way::new(WayId::Bill, ProviderName::BillFile)]);
    let card = GOOD.replacen("service-credit", "gift-card", 1);
    let card = Incident::from_toml(&card, "incident.toml").unwrap();
    let ways: Vec<_> = card.remedies[0].ways.iter().map(|way| way.id.slug()).collect();
    assert_eq!(ways, ["email", "sms", "site"]);
}

#[test]
fn a_remedy_says_who_gets_it_and_how() {
    let remedy = remedy_with(
        "given = \"automatically\"\nautomatic_from = 2009-12-01T00:00:00-08:00\nbudget = 2000
         [remedies.eligibility]\ncategories = [\"contacts\"]\nlost_at_least_percent = 10
         affected_before = 2009-10-12T09:00:00-07:00
         [remedies.approval]\nclaims = 1\nautomatic = 3\nelsewhere = 0
         [[remedies.ways]]\nid = \"post\"\nprovider = \"post-file\"\nchange_for_minutes = 0
         [[remedies.ways]]\nid = \"bill\"\nprovider = \"stripe\"",
    );
    let contacts = vec![Category::Contacts];
    assert_eq!(
        remedy.rules[2..],
        [
            Rule::Categories(contacts.clone()),
            Rule::LostAtLeast { percent: 10, of: contacts },
            Rule::AffectedBefore("2009-10-12T16:00:00Z".parse().unwrap()),
        ]
    );
    let from = "2009-12-01T08:00:00Z".parse().ok();
    assert_eq!((remedy.given, remedy.budget), (Given::Automatically { from }, Some(2000)));
    assert_eq!(remedy.approval, Approval { claims: 1, automatic: 3, elsewhere: 0 });
    assert_eq!(remedy.ways[0], Way { change_for: 0, ..Way::new(WayId::Post, ProviderName::PostFile) });
    assert_eq!(remedy.way("bill").unwrap().provider, ProviderName::Stripe);
}

#[test]
fn those_who_cannot_claim_for_themselves_are_told_what_to_do() {
    let special = |text: &str| Incident::from_toml(text, "incident.toml").unwrap().special;
    assert!(special(GOOD).estates.contains("whoever looks after their affairs can claim for them"));
    let own = "[incident.special]\nestates = \"Write to us.\"\n\n[[incident.support]]";
    let told = special(&GOOD.replacen("[[incident.support]]", own, 1));
    assert_eq!((told.estates.as_str(), told.minors), ("Write to us.", special(GOOD).minors));
    let wrong = with("[[incident.support]]", "[incident.special]\npets = \"No.\"\n\n[[incident.support]]");
    assert!(wrong[0].contains("incident.special.pets: is not a key here"), "{wrong:?}");
}

#[test]
fn plans_are_a_list_and_one_of_before_is_read() {
    let several = GOOD.replacen("plan = \"data-20\"", "plans = [\"data-20\", \"data-10\"]", 1);
    let incident = Incident::from_toml(&several, "incident.toml").unwrap();
    assert_eq!(incident.remedies[0].plans(), ["data-20", "data-10"]);
    let both = with("plan = \"data-20\"", "plan = \"data-20\"\nplans = [\"data-20\"]");
    assert_eq!(both, ["line 44: remedies[1].plan: says the same as plans; keep plans alone"]);
}

#[test]
fn what_cannot_be_decided_or_carried_is_refused() {
    let plan = "plan = \"data-20\"";
    for (line, wrong) in [
        ("budget = 1999", "remedies[1].budget: must be at least value"),
        ("given = \"perhaps\"", "remedies[1].given: must be on-claim or automatically"),
        ("automatic_from = 2009-12-01T00:00:00Z", "remedies[1].automatic_from: needs given"),
        ("arrives_within_days = 0", "remedies[1].arrives_within_days: must be from 1 to 365 days"),
        ("arrives_within_days = 366", "remedies[1].arrives_within_days: must be from 1 to 365 days"),
        (
            "automatic_from = 2009-12-01T00:00:00Z\ngiven = \"automatically\"\ncloses = 2009-12-01T00:00:00Z",
            "remedies[1].automatic_from: must be earlier than closes",
        ),
        ("automatic_from = 2009-12-01", "must be a time with its offset"),
        ("eligibility = { categories = [\"pets\"] }", "categories: must be a list of categories"),
        ("eligibility = { categories = [\"notes\"] }", "names notes, which is not listed"),
        ("eligibility = { lost_at_least_percent = 0 }", "must be a whole number from 1 to 100"),
        ("eligibility = { lost_at_least_percent = 101 }", "must be a whole number from 1 to 100"),
        ("eligibility = { rich = true }", "remedies[1].eligibility.rich: is not a key here"),
        ("approval = { claims = 2 }", "remedies[1].approval.claims: must be 0 or 1"),
        (
            "approval = { automatic = 1 }",
            "remedies[1].approval.automatic: must be from 2 to 9: nobody alone gives a remedy to everybody",
        ),
        ("approval = { elsewhere = 2 }", "remedies[1].approval.elsewhere: must be 0 or 1"),
        ("ways = [{ id = \"pigeon\", provider = \"code-pool\" }]", "remedies[1].ways[1].id: must be email"),
        (
            "ways = [{ id = \"site\", provider = \"tremendous\" }]",
            "cannot carry site; write code-pool: what is shown after signing in is a code of ours, and Tremendous sends by email or sms",
        ),
        ("ways = [{ id = \"post\", provider = \"code-pool\" }]", "cannot carry post; write post-file"),
        (
            "ways = [{ id = \"bill\", provider = \"stripe\" }, { id = \"bill\", provider = \"bill-file\" }]",
            "remedies[1].ways[2].id: bill is a way already; keep one",
        ),
        (
            "ways = [{ id = \"bill\", provider = \"stripe\", change_for_minutes = -1 }]",
            "change_for_minutes: must be from 0 to 525600, in minutes",
        ),
    ] {
        let told = with(plan, line);
        assert!(told.len() == 1 && told[0].starts_with("line 44: ") && told[0].contains(wrong), "{told:?}");
    }
}

#[test]
fn the_terms_version_follows_the_text() {
    let incident = Incident::from_toml(GOOD, "incident.toml").unwrap();
    let terms = &incident.remedies[0].terms;
    assert!(
        terms
            .text()
            .ends_with("Your rights: Claiming does not limit any right you have, in or out of court.\n")
    );
    assert_eq!(terms.version().len(), 64);
    let other = Terms { fees: "Some.".to_owned(), ..terms.clone() };
    assert_ne!(other.version(), terms.version());
}

#[test]
fn every_mistake_is_told_at_once_with_its_line_and_key() {
    let text = GOOD.replace("value = 2000", "value = -1").replace("country = \"US\"", "country = \"Utopia\"");
    let error = Incident::from_toml(&text, "my/incident.toml").unwrap_err();
    assert_eq!(
        error.to_string(),
        "The incident file my/incident.toml cannot be used yet:\n  \
         line 13: incident.country: must be a country's two letters (ISO 3166), like \"US\"\n  \
         line 40: remedies[1].value: must be above zero, in the smallest unit: 2000 for $20"
    );
}

#[test]
fn a_key_that_is_not_part_of_the_format_is_refused() {
    let told = with("order = 2", "ordre = 2");
    assert_eq!(
        told,
        ["line 23: categories[1].ordre: is not a key here; the keys are id, milestones, note, order, title"]
    );
    let told = mistakes(&format!("{GOOD}\n[remedy]\n"));
    assert!(told[0].contains("remedy: is not a key here"), "{told:?}");
}

#[test]
fn what_is_missing_is_told_with_what_to_write() {
    let told = with("product = \"Pocket\"", "");
    assert_eq!(told, ["line 2: incident.product: is missing; write text in quotes, not empty"]);
    let told = with("[[incident.support]]\nhow = \"By phone\"\nhours = \"At any hour\"", "");
    assert!(told[0].contains("at least one way to reach a person"), "{told:?}");
    assert!(mistakes("").iter().any(|told| told.contains("add a table [incident]")));
}

#[test]
fn terms_that_touch_rights_are_refused() {
    let told = with("fees = \"None.\"", "fees = \"None.\"\nrights = \"You waive everything.\"");
    assert!(
        told[0].contains("must contain \"Claiming does not limit any right you have, in or out of court\"")
    );
}

#[test]
fn names_stand_once() {
    assert!(with("id = \"photos\"", "id = \"contacts\"").concat().contains("contacts is listed twice"));
    assert!(
        with("\nat = 2009-10-02T01:30:00-07:00", "\nat = 2009-10-20T10:00:00-07:00")
            .concat()
            .contains("another entry")
    );
    let remedy = &GOOD[GOOD.find("[[remedies]]").unwrap()..GOOD.find("[[timeline]]").unwrap()];
    assert!(mistakes(&format!("{GOOD}\n{remedy}")).concat().contains("free-month is used twice"));
}

#[test]
fn a_category_that_is_not_listed_has_no_status() {
    let told = with("affected = { contacts = \"operational\" }", "affected = { notes = \"operational\" }");
    assert!(told[0].contains("notes is not listed"), "{told:?}");
    let told = with("contacts = \"operational\"", "contacts = \"fine\"");
    assert!(told[0].contains("\"fine\" is not a status of contacts"), "{told:?}");
}

#[test]
fn the_status_agrees_with_the_timeline() {
    let told = with("status = \"monitoring\"", "status = \"resolved\"");
    assert_eq!(
        told,
        ["line 14: incident.status: is resolved but the timeline ends as monitoring; make them the same"]
    );
}

#[test]
fn only_a_demonstration_may_choose_its_facts() {
    let source = "source = \"operator's statement\"\nsource_date = 2009-10-20";
    let chosen = format!("source = \"{CHOSEN}\"");
    assert!(with(source, &chosen)[0].contains("only a demonstration"));
    let demo = GOOD.replacen(source, &chosen, 1).replace("country =", "demo = true\ncountry =");
    let incident = Incident::from_toml(&demo, "incident.toml").unwrap();
    assert_eq!(incident.categories[0].milestones[0].attribution, Attribution::Chosen);
    let notice = incident.demo.unwrap();
    assert_eq!(notice.sentence, "Demonstration with invented people; nothing can be claimed here");
}

#[test]
fn what_is_not_toml_is_told_with_its_lines() {
    let told = mistakes("[incident\nid = \n");
    assert!(told[0].starts_with("line 1: not TOML: "), "{told:?}");
}

#[test]
fn the_demonstration_stands_at_20_october_2009_and_takes_nothing_away() {
    let incident =
        Incident::from_toml(include_str!("../../../demo/incident.toml"), "demo/incident.toml").unwrap();
    assert!(incident.is_demo());
    assert_eq!((incident.status, incident.second_fact), (IncidentStatus::Monitoring, SecondFact::None));
    assert_eq!(incident.categories.len(), Category::ALL.len());
    let last = incident.timeline.last().unwrap().at.to_zoned(incident.time_zone.clone()).date();
    assert_eq!(last, incident.as_of);
    let free_month = incident.remedy("free-month").unwrap();
    assert_eq!(
        (free_month.value.to_string().as_str(), free_month.plans()),
        ("$20", ["data-20".to_owned()].as_slice())
    );
    let gift_card = incident.remedy("gift-card").unwrap();
    assert_eq!((gift_card.value.to_string().as_str(), gift_card.plans()), ("$100", [].as_slice()));
    let people = |remedy: &Remedy| remedy.budget.unwrap() / remedy.value.minor;
    assert_eq!((people(free_month), people(gift_card)), (800_000, 800_000));
    assert_eq!(free_month.given, Given::Automatically { from: None });
    assert!(incident.remedies.iter().all(|remedy| remedy.approval.claims == 0));
    assert!(incident.remedies.iter().all(|remedy| remedy.closes_at.is_none()));
}
