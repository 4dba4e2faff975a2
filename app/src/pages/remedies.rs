//! Remedies: what one is entitled to and why, the terms, choosing and checking.

use leptos::prelude::*;

use crate::{
    models::{Check, Choose, Claimable, Delivery, Fact, Offer, Remedies, Support},
    pieces::{back, error_summary, form_title, heading, notice, summary_of, support_lines, terms_list},
    render::Page,
};

impl Page for Remedies {
    fn title(&self) -> String {
        "Remedies".to_owned()
    }

    fn view(self) -> AnyView {
        remedies(self)
    }
}

impl Page for Choose {
    fn title(&self) -> String {
        form_title(&choose_heading(self), &self.errors)
    }

    fn view(self) -> AnyView {
        choose(self)
    }
}

impl Page for Check {
    fn title(&self) -> String {
        form_title("Check before you claim", &self.errors)
    }

    fn view(self) -> AnyView {
        check(self)
    }
}

pub fn remedies(model: Remedies) -> AnyView {
    let claimable = model.offers.iter().filter(|offer| offer.claimable()).count();
    let all = (claimable > 1).then(|| {
        let label = if claimable == 2 { "Claim both" } else { "Claim all" };
        view! { <p><a class="button" href="/remedies/all">{label}</a></p> }
    });
    let claimed = model.offers.iter().any(|offer| offer.claim.is_some());
    let lead = match (claimable, claimed) {
        (0, false) => "There is nothing for you to claim. Each remedy says why.",
        (0, true) => "You have claimed all that is yours.",
        _ => "Claiming takes a minute. You give up nothing by it.",
    };
    let offers = model.offers.into_iter().map(|offer| offer_card(offer, claimable > 1)).collect_view();
    view! {
        {heading("What you can claim", lead)}
        {all}
        <ul class="offers">{offers}</ul>
        <h2>"Questions"</h2>
        {support_lines(&model.support)}
    }
    .into_any()
}

/// One remedy with the facts that decided it. With several to claim, the button for all leads.
fn offer_card(offer: Offer, several: bool) -> AnyView {
    let href = format!("/remedies/{}", offer.id);
    let class = if several { "button secondary" } else { "button" };
    let claimable = offer.claimable();
    let unclaimed = unclaimed(&offer);
    let next = match (claimable, offer.claim) {
        (true, _) => claim_link(class, href.clone(), offer.name.clone()),
        (_, Some(number)) => claimed(number),
        (_, None) => view! { <p><a href=href.clone()>"Why, and the terms"</a></p> }.into_any(),
    };
    view! {
        <li>
            <h2><a href=href>{offer.name}</a></h2>
            <p class="worth">{format!("Worth {}", offer.worth)}</p>
            <p>{offer.summary}</p>
            {entitlement(offer.eligible, offer.facts, "h3")}
            {unclaimed}
            {next}
        </li>
    }
    .into_any()
}

/// The name is for those who hear the link away from its card.
fn claim_link(class: &'static str, href: String, name: String) -> AnyView {
    view! {
        <p><a class=class href=href>"Claim this"<span class="hidden">{format!("({name})")}</span></a></p>
    }
    .into_any()
}

fn claimed(number: String) -> AnyView {
    let href = format!("/claims/{number}");
    view! { <p>"You have claimed this: "<a href=href>{number}</a></p> }.into_any()
}

/// "You are entitled to this, because…" with every fact and which way it speaks.
fn entitlement(eligible: bool, facts: Vec<Fact>, level: &'static str) -> AnyView {
    let words = if eligible { "You are entitled to this" } else { "You are not entitled to this" };
    let title = match level {
        "h3" => view! { <h3>{words}</h3> }.into_any(),
        _ => view! { <h2>{words}</h2> }.into_any(),
    };
    let rows = facts
        .into_iter()
        .map(|fact| {
            let (class, word) = if fact.holds { ("yes", "Yes: ") } else { ("no", "No: ") };
            view! { <li class=class><b>{word}</b>{fact.text}</li> }
        })
        .collect_view();
    view! { {title}<ul class="facts">{rows}</ul> }.into_any()
}

/// What comes without a claim, to whoever may still claim.
fn unclaimed(offer: &Offer) -> Option<AnyView> {
    let said = offer.claimable() && !offer.unclaimed.is_empty();
    said.then(|| view! { <p>{offer.unclaimed.clone()}</p> }.into_any())
}

fn choose_heading(model: &Choose) -> String {
    match model.remedies.as_slice() {
        [one] => one.offer.name.clone(),
        _ => "Claim everything".to_owned(),
    }
}

pub fn choose(model: Choose) -> AnyView {
    let title = choose_heading(&model);
    let single = model.remedies.len() == 1;
    let action = format!("/remedies/{}/check", model.slug);
    let claimable = model.remedies.iter().any(|remedy| remedy.offer.claimable());
    let parts = model.remedies.into_iter().map(|remedy| remedy_part(remedy, single)).collect_view();
    let go = claimable.then(|| view! { <button class="button">"Continue"</button> });
    view! {
        {back("/remedies", "All remedies")}
        {error_summary(&model.errors)}
        {heading(title, "")}
        <form method="get" action=action>{parts}{go}</form>
        {questions(&model.support)}
    }
    .into_any()
}

/// One remedy whole: worth, reasons, terms, and how it should come.
fn remedy_part(remedy: Claimable, single: bool) -> AnyView {
    let offer = remedy.offer.clone();
    let name = (!single).then(|| view! { <h2>{offer.name.clone()}</h2> });
    let claimed = offer.claim.clone().map(claimed);
    let unclaimed = unclaimed(&offer);
    let level = if single { "h2" } else { "h3" };
    let chosen = remedy.delivery().map(|d| d.value.clone()).unwrap_or_default();
    let delivery = offer.claimable().then(|| deliveries(&offer.id, remedy.deliveries, &chosen));
    view! {
        {name}
        <p class="worth">{format!("Worth {}", offer.worth)}</p>
        <p>{offer.summary}</p>
        {claimed}
        {entitlement(offer.eligible, offer.facts, level)}
        {unclaimed}
        {terms_heading(single)}
        {terms_list(remedy.terms)}
        {delivery}
    }
    .into_any()
}

fn terms_heading(single: bool) -> AnyView {
    if single {
        view! { <h2>"The terms, all of them"</h2> }.into_any()
    } else {
        view! { <h3>"The terms, all of them"</h3> }.into_any()
    }
}

/// Radio buttons; one hidden field where there is nothing to choose, and nothing where there is no way.
fn deliveries(id: &str, list: Vec<Delivery>, chosen: &str) -> AnyView {
    let name = format!("delivery-{id}");
    if let [only] = list.as_slice() {
        return view! { <input type="hidden" name=name value=only.value.clone()/> }.into_any();
    }
    if list.is_empty() {
        return ().into_any();
    }
    let choices =
        list.into_iter().map(|delivery| radio(&name, chosen == delivery.value, delivery)).collect_view();
    view! {
        <fieldset id=name>
            <legend>"How should it reach you?"</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

fn radio(name: &str, checked: bool, delivery: Delivery) -> AnyView {
    let id = format!("{name}-{}", delivery.value);
    let hint = (!delivery.hint.is_empty()).then(|| view! { <span class="hint">{delivery.hint}</span> });
    view! {
        <div class="choice">
            <input type="radio" id=id.clone() name=name.to_owned() value=delivery.value checked=checked/>
            <label for=id>{delivery.label}{hint}</label>
        </div>
    }
    .into_any()
}

fn questions(support: &Support) -> AnyView {
    view! { <h2>"Whom to ask"</h2>{support_lines(support)} }.into_any()
}

pub fn check(model: Check) -> AnyView {
    let several = model.remedies.len() > 1;
    let button = if several { "Make these claims" } else { "Make this claim" };
    let action = format!("/remedies/{}/claim", model.slug);
    let change = format!("/remedies/{}", model.slug);
    let hidden = model.remedies.iter().map(hidden_delivery).collect_view();
    let parts = model.remedies.into_iter().map(|remedy| answers(remedy, &change)).collect_view();
    view! {
        {back(change.clone(), "Back")}
        {error_summary(&model.errors)}
        {heading("Check before you claim", "Nothing is sent until you press the button.")}
        <div id="terms">{parts}</div>
        {notice("info", "Pressing the button more than once makes one claim.")}
        <form method="post" action=action>
            {hidden}
            <input type="hidden" name="terms" value=model.terms_version/>
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

fn hidden_delivery(remedy: &Claimable) -> AnyView {
    let name = format!("delivery-{}", remedy.offer.id);
    let value = remedy.delivery().map(|d| d.value.clone()).unwrap_or_default();
    view! { <input type="hidden" name=name value=value/> }.into_any()
}

/// What was chosen, with a way to change it, and the terms that are agreed to.
fn answers(remedy: Claimable, change: &str) -> AnyView {
    let delivery = remedy.delivery().cloned().unwrap_or_default();
    let comes = match delivery.hint.is_empty() {
        true => delivery.label,
        false => format!("{}, {}", delivery.label, delivery.hint),
    };
    let link = (remedy.deliveries.len() > 1).then(|| {
        view! { " "<a href=change.to_owned()>"Change"<span class="hidden">" how it comes"</span></a> }
    });
    let rows = vec![
        ("Worth", remedy.offer.worth.to_string().into_any()),
        ("How it comes", view! { {comes}{link} }.into_any()),
    ];
    view! {
        <h2>{remedy.offer.name}</h2>
        {summary_of(rows)}
        <h3>"The terms, all of them"</h3>
        {terms_list(remedy.terms)}
    }
    .into_any()
}
