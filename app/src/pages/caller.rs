//! `/staff/subscribers/ACCOUNT`: the caller's whole story, masked until there is a reason.

use leptos::prelude::*;

use super::{
    category::listing,
    recovery::{card, facts, progress},
};
use crate::{
    address::subscriber,
    models::{Caller, CallerCategory, CaseLine, ClaimLine, FieldError, Look, Reveal},
    pieces::{Input, back, button_form, error_summary, form_title, heading, notice, summary, text_field},
    render::Page,
};

impl Page for Caller {
    fn title(&self) -> String {
        form_title(&self.name, &self.errors)
    }

    fn view(self) -> AnyView {
        caller(self)
    }
}

impl Page for CallerCategory {
    fn title(&self) -> String {
        format!("{} of {}", self.page.line.title, self.name)
    }

    fn view(self) -> AnyView {
        caller_category(self)
    }
}

pub fn caller(model: Caller) -> AnyView {
    let base = subscriber(&model.account);
    let about = vec![
        ("Account", model.account),
        ("Phone", model.phone),
        ("Email", model.email),
        ("Plan", model.plan),
        ("Language", model.locale),
        ("Time zone", model.time_zone),
    ];
    let lines = model.lines.into_iter().map(|line| card(line, &base)).collect_view();
    let unaffected = (!model.affected).then(|| notice("info", "Nothing of this subscriber's was lost."));
    view! {
        {back("/staff", "Find another")}
        {error_summary(&model.errors)}
        {heading(model.name, "")}
        {summary(about)}
        {reveal(&base, model.reveal, &model.reason, &model.errors)}
        {unaffected}
        <h2>"What the subscriber sees"</h2>
        <ul class="categories">{lines}</ul>
        {claims(&base, model.claims, model.claims_for)}
        {cases(model.cases, model.opens_cases)}
        {looks(model.looks)}
    }
    .into_any()
}

/// How to see more, or that more is seen and why.
fn reveal(base: &str, state: Reveal, reason: &str, errors: &[FieldError]) -> AnyView {
    match state {
        Reveal::Masked => view! {
            <details class="reveal" open=!errors.is_empty()>
                <summary>"Show the masked fields"</summary>
                <h2>"With the caller's consent"</h2>
                <p>"A code goes to the subscriber's phone. The caller reads it back."</p>
                {button_form(format!("{base}/code"), "Send a code", "button secondary")}
                {reason_form(base, reason, errors)}
            </details>
        }
        .into_any(),
        Reveal::CodeSent => view! {
            <div class="reveal">
                {verify_form(base, errors)}
                {reason_form(base, reason, errors)}
            </div>
        }
        .into_any(),
        Reveal::Revealed { until, why } => view! {
            <div class="notice warning"><p>{format!("Shown until {until}: {why}.")}</p></div>
            {button_form(format!("{base}/mask"), "Mask again", "button secondary")}
        }
        .into_any(),
    }
}

fn verify_form(base: &str, errors: &[FieldError]) -> AnyView {
    let input = Input {
        name: "code",
        label: "Code read back by the caller",
        hint: "Six digits, sent to the subscriber's phone just now.",
        kind: "text",
        autocomplete: "off",
        inputmode: Some("numeric"),
        width: "short",
        ..Default::default()
    };
    view! {
        <h2>"The caller reads the code"</h2>
        <form method="post" action=format!("{base}/verify") novalidate>
            {input.view(errors)}
            <button class="button">"Check the code"</button>
        </form>
    }
    .into_any()
}

fn reason_form(base: &str, reason: &str, errors: &[FieldError]) -> AnyView {
    view! {
        <h2>"For another reason"</h2>
        <form method="post" action=format!("{base}/reveal") novalidate>
            {text_field("reason", "Reason", "It is recorded with your name and stays recorded.", reason, errors)}
            <button class="button secondary">"Show and record"</button>
        </form>
    }
    .into_any()
}

/// Staff see that claims exist and where they stand, and claim for whoever cannot.
fn claims(base: &str, list: Vec<ClaimLine>, claims_for: bool) -> AnyView {
    let claim = claims_for.then(|| {
        view! { <p><a href=format!("{base}/claim")>"Claim for this subscriber"</a>", who cannot claim here"</p> }
    });
    if list.is_empty() {
        return view! { <h2>"Claims"</h2><p>"None."</p>{claim} }.into_any();
    }
    let rows = list
        .into_iter()
        .map(|claim| {
            let about = format!(
                "{}, worth {} · {} · claimed {}",
                claim.remedy_name, claim.worth, claim.state, claim.made_at
            );
            let href = format!("{base}/claims/{}", claim.number);
            view! { <div><dt><a href=href>{claim.number}</a></dt><dd>{about}</dd></div> }
        })
        .collect_view();
    view! { <h2>"Claims"</h2><dl class="summary">{rows}</dl>{claim} }.into_any()
}

/// Reports and appeals, linked for whoever works on them.
fn cases(list: Vec<CaseLine>, linked: bool) -> AnyView {
    if list.is_empty() {
        return view! { <h2>"Reports and appeals"</h2><p>"None."</p> }.into_any();
    }
    let rows = list
        .into_iter()
        .map(|case| {
            let about = format!("{} · {} · sent {}", case.title, case.state, case.sent);
            let href = format!("/staff/cases/{}", case.number);
            let number = match linked {
                true => view! { <a href=href>{case.number}</a> }.into_any(),
                false => case.number.into_any(),
            };
            view! { <div><dt>{number}</dt><dd>{about}</dd></div> }
        })
        .collect_view();
    view! { <h2>"Reports and appeals"</h2><dl class="summary">{rows}</dl> }.into_any()
}

fn looks(list: Vec<Look>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|look| {
            let about = match look.reason.is_empty() {
                true => format!("{}: {}", look.who, look.what),
                false => format!("{}: {} ({})", look.who, look.what, look.reason),
            };
            view! { <div><dt>{look.at}</dt><dd>{about}</dd></div> }
        })
        .collect_view();
    Some(view! { <h2>"Who looked"</h2><dl class="summary">{rows}</dl> }.into_any())
}

pub fn caller_category(model: CallerCategory) -> AnyView {
    let up = subscriber(&model.account);
    let base = format!("{up}/{}", model.page.line.category);
    let title = format!("{} of {}", model.page.line.title, model.name);
    let masked = (!model.revealed)
        .then(|| notice("info", "Masked. Verify the caller or record a reason on the page before."));
    let line = &model.page.line;
    view! {
        {back(up, "The caller's page")}
        {heading(title, "")}
        {masked}
        <div class="standing">{progress(line)}</div>
        {facts(line)}
        {model.revealed.then(|| listing(&base, model.page))}
    }
    .into_any()
}
