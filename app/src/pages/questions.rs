//! The questions of claiming, each on a page of its own: how it should come, and where the post finds one.

use leptos::prelude::*;

use crate::{
    mark,
    models::{AddressForm, AddressLines, Answers, Delivery, FieldError, WayQuestion},
    pieces::{Input, back, error_summary, form_title, heading},
    render::Page,
    say,
    words::said,
};

impl Page for WayQuestion {
    fn title(&self) -> String {
        form_title(said(QUESTION), &self.errors())
    }

    fn view(self) -> AnyView {
        way(self)
    }
}

impl Page for AddressForm {
    fn title(&self) -> String {
        form_title(say!("Where should we send it?"), &self.errors)
    }

    fn view(self) -> AnyView {
        address(self)
    }
}

const QUESTION: &str = mark!("How should it reach you?");

impl WayQuestion {
    fn errors(&self) -> Vec<FieldError> {
        // The id of the first choice is known, whatever the remedy is called.
        self.missing
            .then(|| FieldError::new("way-1", say!("Choose how it should reach you")))
            .into_iter()
            .collect()
    }
}

pub fn way(model: WayQuestion) -> AnyView {
    let errors = model.errors();
    let mistake = errors.first().map(|error| error.message.clone());
    let about = say!("{remedy}, worth {worth}", remedy = model.remedy_name, worth = model.worth);
    let list = model.deliveries.into_iter().enumerate();
    let choices = list
        .map(|(place, delivery)| radio(place + 1, &model.field, model.chosen == delivery.value, delivery))
        .collect_view();
    let (class, described_by) = match mistake {
        Some(_) => ("field wrong", Some("way-error")),
        None => ("field", None),
    };
    view! {
        {back(model.back, say!("Back"))}
        {error_summary(&errors)}
        <form method="get" action=model.action>
            {hidden(&model.answers)}
            <fieldset class=class aria-describedby=described_by>
                <legend><h1>{said(QUESTION)}</h1></legend>
                <p class="hint">{about}</p>
                {mistake.map(|m| view! { <p class="error" id="way-error"><b>{say!("Error:")}" "</b>{m}</p> })}
                {choices}
            </fieldset>
            <button class="button">{say!("Continue")}</button>
        </form>
    }
    .into_any()
}

fn radio(place: usize, name: &str, checked: bool, delivery: Delivery) -> AnyView {
    let id = format!("way-{place}");
    let hint = (!delivery.hint.is_empty()).then(|| view! { <span class="hint">{delivery.hint}</span> });
    view! {
        <div class="choice">
            <input type="radio" id=id.clone() name=name.to_owned() value=delivery.value checked=checked/>
            <label for=id>{delivery.label}{hint}</label>
        </div>
    }
    .into_any()
}

/// Answers that a form carries on.
pub fn hidden(answers: &Answers) -> AnyView {
    let field = |(name, value): &(String, String)| {
        view! { <input type="hidden" name=name.clone() value=value.clone()/> }
    };
    answers.iter().map(field).collect_view().into_any()
}

pub fn address(model: AddressForm) -> AnyView {
    let (lines, errors) = (model.lines, &model.errors);
    view! {
        {back(model.back, say!("Back"))}
        {error_summary(errors)}
        {heading(say!("Where should we send it?"), say!("It is sealed, used for this alone, and seen by those alone who send it."))}
        <form method="post" action=model.action novalidate>
            {hidden(&model.answers)}
            {address_fields(lines, errors, true)}
            <button class="button">{say!("Continue")}</button>
        </form>
    }
    .into_any()
}

/// The lines of an address; `own` when the browser may fill them in.
pub fn address_fields(lines: AddressLines, errors: &[FieldError], own: bool) -> AnyView {
    let line = |name, label, fills, value| {
        let autocomplete = if own { fills } else { "off" };
        let input = Input { name, label, kind: "text", autocomplete, value, ..Default::default() };
        input.view(errors)
    };
    view! {
        {line("name", say!("Name on the letter"), "name", lines.name)}
        {line("line1", say!("Address, line 1"), "address-line1", lines.line1)}
        {line("line2", say!("Address, line 2 (if there is one)"), "address-line2", lines.line2)}
        {line("town", say!("Town or city"), "address-level2", lines.town)}
        {line("region", say!("State, province or region (if it is part of the address)"), "address-level1", lines.region)}
        {line("postcode", say!("Postal code (if there is one)"), "postal-code", lines.postcode)}
        {line("country", say!("Country"), "country-name", lines.country)}
    }
    .into_any()
}

/// An address, a line each.
pub fn address_block(lines: &[String]) -> AnyView {
    let lines = lines.iter().cloned().map(|line| view! { <span class="line">{line}</span> });
    view! { <span class="address">{lines.collect_view()}</span> }.into_any()
}
