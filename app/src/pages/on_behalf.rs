//! Claiming for somebody who cannot claim for themselves: one remedy, a form, what to read aloud, and the number.

use leptos::prelude::*;

use super::questions::{address_block, address_fields};
use crate::{
    address::subscriber,
    models::{
        ClaimFor, ClaimForCheck, ClaimForForm, ClaimedFor, Delivery, FieldError, FilledFor, MadeFor, Offer,
    },
    pieces::{Input, back, error_summary, form_title, heading, notice, summary_of, terms_list, text_field},
    render::Page,
    say,
};

impl Page for ClaimFor {
    fn title(&self) -> String {
        format!("Claim for {}", self.name)
    }

    fn view(self) -> AnyView {
        claim_for(self)
    }
}

impl Page for ClaimForForm {
    fn title(&self) -> String {
        form_title(&format!("{} for {}", self.remedy_name, self.name), &self.errors)
    }

    fn view(self) -> AnyView {
        form(self)
    }
}

impl Page for ClaimForCheck {
    fn title(&self) -> String {
        form_title(&format!("Check the claim for {}", self.name), &self.errors)
    }

    fn view(self) -> AnyView {
        check(self)
    }
}

impl Page for ClaimedFor {
    fn title(&self) -> String {
        format!("Claim {} of {}", self.number, self.name)
    }

    fn view(self) -> AnyView {
        claimed(self)
    }
}

pub fn claim_for(model: ClaimFor) -> AnyView {
    let up = subscriber(&model.account);
    let own = model.own.then(|| {
        notice(
            "warning",
            "This is your own account. Claim for yourself as everybody does, or ask a colleague.",
        )
    });
    let open = !model.own;
    let offers = model.offers.into_iter().map(|offer| self::offer(&up, offer, open)).collect_view();
    view! {
        {back(up.clone(), "The caller's page")}
        {heading(format!("Claim for {}", model.name), "For a minor, an estate, the owner of a closed account, and whoever cannot use the pages. Everybody else claims for themselves.")}
        {own}
        <ul class="rows">{offers}</ul>
    }
    .into_any()
}

fn offer(up: &str, offer: Offer, open: bool) -> AnyView {
    let href = format!("{up}/claim/{}", offer.id);
    let go = (open && offer.claimable()).then(|| {
        view! {
            <p><a class="button secondary" href=href>"Claim this for them"<span class="hidden">{format!("({})", offer.name)}</span></a></p>
        }
    });
    let claimed = offer.claim.map(|number| {
        let href = format!("{up}/claims/{number}");
        view! { <p>"Claimed already: "<a href=href>{number}</a></p> }
    });
    let declined = offer.declined.map(|number| {
        let href = format!("{up}/claims/{number}");
        view! { <p>"Declined or closed, so an appeal is the way on: "<a href=href>{number}</a></p> }
    });
    let facts = offer
        .facts
        .into_iter()
        .map(|fact| {
            let (class, word) = if fact.holds { ("yes", "Yes: ") } else { ("no", "No: ") };
            view! { <li class=class><b>{word}</b>{fact.text}</li> }
        })
        .collect_view();
    view! {
        <li>
            <h2>{offer.name.clone()}</h2>
            <p>{format!("Worth {}. What the records say, as the subscriber reads it:", offer.worth)}</p>
            <ul class="facts">{facts}</ul>
            {claimed}
            {declined}
            {go}
        </li>
    }
    .into_any()
}

pub fn form(model: ClaimForForm) -> AnyView {
    let up = format!("{}/claim", subscriber(&model.account));
    let action = format!("{up}/{}", model.remedy_id);
    let (errors, filled) = (model.errors, model.filled);
    let rights = model
        .rights
        .into_iter()
        .map(|(value, label)| Delivery { value, label, hint: String::new() })
        .collect();
    view! {
        {back(up, "Another remedy")}
        {error_summary(&errors)}
        {heading(format!("{} for {}", model.remedy_name, model.name), format!("Worth {}", model.worth))}
        <form method="post" action=action novalidate>
            {choice("right", "Who asks, and by what right?", rights, &filled.right, &errors)}
            {line("who", "The name of who asks", "The subscriber reads it on the claim's page.", "text", filled.who.clone(), &errors)}
            {choice("way", "How should it come?", model.ways, &filled.way, &errors)}
            {model.asks_email.then(|| line("email", "E-mail address, if it goes to another", "", "email", filled.email.clone(), &errors))}
            {model.asks_address.then(|| address(&filled, &errors))}
            {text_field("reason", "What they showed or said, and why you claim for them", "In one line. The subscriber reads it, and it stays recorded with your name: write nobody's name and no number of a document.", &filled.reason, &errors)}
            <button class="button">"Continue"</button>
        </form>
    }
    .into_any()
}

/// A line is named by a word of ours, and its value is never kept by the browser: it is another's.
fn line(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
    value: String,
    errors: &[FieldError],
) -> AnyView {
    Input { name, label, hint, kind, autocomplete: "off", value, ..Default::default() }.view(errors)
}

fn address(filled: &FilledFor, errors: &[FieldError]) -> AnyView {
    view! {
        <fieldset class="field">
            <legend>"Where the post finds them"</legend>
            <p class="hint">"Only if it comes by post. It is sealed, and seen by those alone who approve and send it."</p>
            {address_fields(filled.address.clone(), errors, false)}
        </fieldset>
    }
    .into_any()
}

/// One of several, named in the error summary by the first.
fn choice(
    name: &'static str,
    question: &'static str,
    list: Vec<Delivery>,
    chosen: &str,
    errors: &[FieldError],
) -> AnyView {
    let first = format!("{name}-1");
    let mistake = errors.iter().find(|error| error.field == first).map(|error| error.message.clone());
    let (class, described_by) = match mistake {
        Some(_) => ("field wrong", Some(format!("{name}-error"))),
        None => ("field", None),
    };
    let choices = list
        .into_iter()
        .enumerate()
        .map(|(place, one)| {
            let id = format!("{name}-{}", place + 1);
            let checked = chosen == one.value;
            view! {
                <div class="choice">
                    <input type="radio" id=id.clone() name=name value=one.value.clone() checked=checked/>
                    <label for=id>{one.words()}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class=class aria-describedby=described_by>
            <legend>{question}</legend>
            {mistake.map(|m| view! { <p class="error" id=format!("{name}-error")><b>"Error: "</b>{m}</p> })}
            {choices}
        </fieldset>
    }
    .into_any()
}

pub fn check(model: ClaimForCheck) -> AnyView {
    let form = format!("{}/claim/{}", subscriber(&model.account), model.remedy_id);
    let mut rows = vec![
        ("For", model.name.into_any()),
        ("Remedy", model.remedy_name.into_any()),
        ("Worth", model.worth.to_string().into_any()),
        ("Who asks", model.who.into_any()),
        ("By what right", model.right.into_any()),
        ("How it comes", model.way.into_any()),
    ];
    if !model.email.is_empty() {
        rows.push(("E-mail address", model.email.into_any()));
    }
    if !model.address.is_empty() {
        rows.push(("Where it goes", address_block(&model.address)));
    }
    rows.push(("Why you claim for them", model.reason.into_any()));
    let second = model.second_look.then(|| {
        notice("info", "It goes to an address that is not the account's, so a colleague in finance approves it before it is granted. Say so to whoever asks.")
    });
    let mistake = model.errors.iter().find(|error| error.field == "read").map(|error| error.message.clone());
    let class = if mistake.is_some() { "field wrong" } else { "field" };
    let described_by = mistake.is_some().then_some("read-error");
    view! {
        {back(form.clone(), "Change something")}
        {error_summary(&model.errors)}
        {heading("Check, and read the terms aloud", "Nothing is claimed until you press the button.")}
        {summary_of(rows)}
        {second}
        <h2 id="terms">"The terms, all of them"</h2>
        {terms_list(model.terms)}
        <form method="post" action=format!("{form}/check") novalidate>
            <input type="hidden" name="terms" value=model.terms_version/>
            <div class=class>
                {mistake.map(|m| view! { <p class="error" id="read-error"><b>"Error: "</b>{m}</p> })}
                <div class="choice">
                    <input type="checkbox" id="read" name="read" value="yes" aria-describedby=described_by/>
                    <label for="read">"I have read these terms to whoever asks, or they have read them, and they want to claim"</label>
                </div>
            </div>
            <button class="button">"Make this claim"</button>
        </form>
    }
    .into_any()
}

pub fn claimed(model: ClaimedFor) -> AnyView {
    let up = subscriber(&model.account);
    let mut rows = vec![
        ("For", model.name.into_any()),
        ("Remedy", model.remedy_name.into_any()),
        ("Worth", model.worth.to_string().into_any()),
        ("State", view! { <b>{model.state}</b> }.into_any()),
        ("How it comes", model.delivery.into_any()),
        ("Claimed", model.made_at.into_any()),
    ];
    let by = model.made_for.map(|made| made_by(&mut rows, made));
    let waits = (!model.waits_for.is_empty()).then(|| notice("info", model.waits_for));
    view! {
        {back(up, "The caller's page")}
        {heading(format!("Claim {}", model.number), "")}
        {by}
        {waits}
        {summary_of(rows)}
    }
    .into_any()
}

/// Who made it, and what to tell whoever asked.
fn made_by(rows: &mut Vec<(&'static str, AnyView)>, made: MadeFor) -> AnyView {
    rows.extend(made_for_rows(made));
    view! {
        <p>"Read this number to whoever asked: with it we find the claim. The subscriber's phone or e-mail address gets the same message as for every claim."</p>
    }
    .into_any()
}

/// Who made a claim for its person, for whoever reads about it.
pub fn made_for_rows(made: MadeFor) -> Vec<(&'static str, AnyView)> {
    let who = if made.who.is_empty() { made.right } else { format!("{}: {}", made.who, made.right) };
    vec![
        (say!("Made by"), say!("{member}, of the staff", member = made.by).into_any()),
        (say!("Who asked"), who.into_any()),
        (say!("Why"), made.reason.into_any()),
    ]
}
