//! Deciding on claims.

use leptos::prelude::*;

use crate::{
    address::subscriber,
    models::{Fact, FieldError, StaffClaim, StaffClaims, WaitingClaim, WaitsFor, in_thousands},
    pages::{on_behalf::made_for_rows, questions::address_block},
    pieces::{
        back, button_form, error_summary, form_title, heading, notice, pager_links, summary_of, text_field,
    },
    render::Page,
};

impl Page for StaffClaims {
    fn title(&self) -> String {
        title(self.waits_for).to_owned()
    }

    fn view(self) -> AnyView {
        staff_claims(self)
    }
}

impl Page for StaffClaim {
    fn title(&self) -> String {
        form_title(&format!("Decide claim {}", self.claim.number), &self.errors)
    }

    fn view(self) -> AnyView {
        staff_claim(self)
    }
}

fn title(waits_for: WaitsFor) -> &'static str {
    match waits_for {
        WaitsFor::Decision => "Claims to decide",
        WaitsFor::Budget => "Claims that wait for the budget",
    }
}

pub fn staff_claims(model: StaffClaims) -> AnyView {
    let lead = match model.pager.total {
        0 => "No claim waits.".to_owned(),
        1 => "1 claim waits.".to_owned(),
        many => format!("{} claims wait, the oldest first.", in_thousands(many)),
    };
    let by_themselves = (model.waits_for == WaitsFor::Budget).then(|| {
        view! { <p>"They are granted by themselves when there is room, unless it says otherwise below."</p> }
    });
    let rows = model.claims.into_iter().map(row).collect_view();
    view! {
        {heading(title(model.waits_for), lead)}
        {by_themselves}
        {others(model.waits_for, model.others, model.overtaken)}
        <ul class="rows">{rows}</ul>
        {pager_links(model.pager)}
    }
    .into_any()
}

/// The way to those that wait for the other; to the budget's where there are any.
fn others(waits_for: WaitsFor, count: i64, overtaken: bool) -> Option<AnyView> {
    if waits_for == WaitsFor::Decision && count == 0 {
        return None;
    }
    let count = match count {
        1 => "1 claim waits".to_owned(),
        many => format!("{} claims wait", in_thousands(many)),
    };
    let (href, words) = match waits_for {
        WaitsFor::Decision if overtaken => (
            "/staff/claims?for=budget",
            format!("{count} for the budget, and some of them for a decision by now"),
        ),
        WaitsFor::Decision => ("/staff/claims?for=budget", format!("{count} for the budget alone")),
        WaitsFor::Budget => ("/staff/claims", format!("{count} for a decision")),
    };
    Some(view! { <p><a href=href>{words}</a></p> }.into_any())
}

fn row(claim: WaitingClaim) -> AnyView {
    let href = format!("/staff/claims/{}", claim.number);
    let about = format!("{}, worth {} · {}", claim.remedy_name, claim.worth, who(&claim));
    view! {
        <li>
            <h2><a href=href>{claim.number}</a></h2>
            <p>{about}</p>
            <p class="hint">{format!("Claimed {}. {}", claim.made_at, claim.waits_for)}</p>
        </li>
    }
    .into_any()
}

fn who(claim: &WaitingClaim) -> String {
    if claim.account.is_empty() { "the subscriber was erased".to_owned() } else { claim.name.clone() }
}

pub fn staff_claim(model: StaffClaim) -> AnyView {
    let claim = model.claim;
    let (base, name) = (format!("/staff/claims/{}", claim.number), who(&claim));
    let person = if claim.account.is_empty() {
        name.into_any()
    } else {
        view! { <a href=subscriber(&claim.account)>{name}</a> }.into_any()
    };
    let mut rows = vec![
        ("For", person),
        ("Remedy", claim.remedy_name.into_any()),
        ("Worth", claim.worth.to_string().into_any()),
        ("How it comes", claim.delivery.into_any()),
        ("Claimed", claim.made_at.into_any()),
        ("Waits", claim.waits_for.into_any()),
    ];
    if !model.goes_to.is_empty() {
        rows.push(("Where it goes", address_block(&model.goes_to)));
    }
    rows.extend(model.made_for.map(made_for_rows).into_iter().flatten());
    let decide = match (model.own, model.decides) {
        (true, _) => notice("warning", "This is your own claim. Somebody else decides on it."),
        _ if model.maker => {
            notice("warning", "You made this claim for its person. Somebody else decides on it.")
        }
        (_, false) => notice("info", "Your role reads claims. Finance and administrators decide on them."),
        _ if model.second_look => ending(&base, &model.reason, &model.errors),
        _ => forms(&base, model.rules, &model.rule, &model.reason, &model.errors),
    };
    view! {
        {back("/staff/claims", "All claims to decide")}
        {error_summary(&model.errors)}
        {heading(format!("Claim {}", claim.number), "")}
        {summary_of(rows)}
        <h2>"What entitled it when it was claimed"</h2>
        {facts(model.facts_then)}
        <h2>"What the records say today"</h2>
        {facts(model.facts_now)}
        {decide}
    }
    .into_any()
}

fn facts(facts: Vec<Fact>) -> AnyView {
    if facts.is_empty() {
        return view! { <p>"Nothing is recorded."</p> }.into_any();
    }
    let rows = facts
        .into_iter()
        .map(|fact| {
            let (class, word) = if fact.holds { ("yes", "Yes: ") } else { ("no", "No: ") };
            view! { <li class=class><b>{word}</b>{fact.text}</li> }
        })
        .collect_view();
    view! { <ul class="facts">{rows}</ul> }.into_any()
}

fn approving(base: &str) -> AnyView {
    view! {
        <h2>"Approve it"</h2>
        {button_form(format!("{base}/approve"), "Approve this claim", "button")}
    }
    .into_any()
}

/// A no to what staff claimed for somebody binds that somebody to nothing, so no rule is asked for.
fn ending(base: &str, reason: &str, errors: &[FieldError]) -> AnyView {
    view! {
        {approving(base)}
        <h2>"End it"</h2>
        <p>"Nothing is given by this claim. It takes nothing from the subscriber, who can claim for themselves."</p>
        <form method="post" action=format!("{base}/decline") novalidate>
            {text_field("reason", "Why", "The subscriber reads it on the claim's page.", reason, errors)}
            <button class="button secondary">"End this claim"</button>
        </form>
    }
    .into_any()
}

fn forms(base: &str, rules: Vec<String>, chosen: &str, reason: &str, errors: &[FieldError]) -> AnyView {
    let choices =
        rules.into_iter().enumerate().map(|(place, rule)| radio(place + 1, chosen, rule)).collect_view();
    let mistake = errors.iter().find(|error| error.field == "rule-1").map(|error| error.message.clone());
    let (class, described_by) = match mistake {
        Some(_) => ("field wrong", Some("rule-error")),
        None => ("field", None),
    };
    view! {
        {approving(base)}
        <h2>"Decline it"</h2>
        <form method="post" action=format!("{base}/decline") novalidate>
            <fieldset class=class aria-describedby=described_by>
                <legend>"Which rule does it not meet?"</legend>
                {mistake.map(|m| view! { <p class="error" id="rule-error"><b>"Error: "</b>{m}</p> })}
                {choices}
            </fieldset>
            {text_field("reason", "Why", "The subscriber reads it on the claim's page, and can appeal.", reason, errors)}
            <button class="button secondary">"Decline this claim"</button>
        </form>
    }
    .into_any()
}

fn radio(place: usize, chosen: &str, rule: String) -> AnyView {
    let (id, value) = (format!("rule-{place}"), place.to_string());
    let checked = chosen == value;
    view! {
        <div class="choice">
            <input type="radio" id=id.clone() name="rule" value=value checked=checked/>
            <label for=id>{rule}</label>
        </div>
    }
    .into_any()
}
