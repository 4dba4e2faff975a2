//! Signing in. Every answer is worded alike for known and unknown numbers.

use leptos::prelude::*;

use crate::{
    models::{CodeForm, PhoneForm, SecondFactForm, Wait},
    pieces::{Input, back, error_summary, form_title, heading, notice, seconds_in_words},
    render::Page,
    say, say_many,
};

impl Page for PhoneForm {
    fn title(&self) -> String {
        form_title(say!("Sign in"), &self.errors)
    }

    fn view(self) -> AnyView {
        phone_form(self)
    }
}

impl Page for CodeForm {
    fn title(&self) -> String {
        form_title(say!("Enter your code"), &self.errors)
    }

    fn view(self) -> AnyView {
        code_form(self)
    }
}

impl Page for SecondFactForm {
    fn title(&self) -> String {
        form_title(say!("One more question"), &self.errors)
    }

    fn view(self) -> AnyView {
        second_fact(self)
    }
}

pub fn phone_form(model: PhoneForm) -> AnyView {
    let input = Input {
        name: "phone",
        label: say!("Your phone number"),
        hint: say!(
            "The number of the phone whose data was lost. With the country's code, or ten digits in the United States."
        ),
        kind: "tel",
        autocomplete: "tel",
        value: model.phone,
        width: "middle",
        ..Default::default()
    };
    view! {
        {error_summary(&model.errors)}
        {heading(say!("Sign in"), say!("We send a six-digit code to your phone. There is no password."))}
        {model.must_sign_in.then(|| notice("info", say!("Sign in first, to see what is yours.")))}
        {model.wait.as_ref().map(wait_notice)}
        <form method="post" action="/sign-in" novalidate>
            {input.view(&model.errors)}
            <button class="button">{say!("Send me a code")}</button>
        </form>
        {model.handset.then(handset_hint)}
        <p>{say!("Do you no longer have this number?")}" "<a href="/help">{say!("Ask for help")}</a>"."</p>
    }
    .into_any()
}

pub fn code_form(model: CodeForm) -> AnyView {
    let lead = if model.phone.is_empty() {
        say!("If we know your number, a text message with a six-digit code is on its way.").to_owned()
    } else {
        say!("If we know {phone}, a text message with a six-digit code is on its way.", phone = model.phone)
    };
    let input = Input {
        name: "code",
        label: say!("Code"),
        hint: say!("Six digits."),
        kind: "text",
        autocomplete: "one-time-code",
        inputmode: Some("numeric"),
        width: "short",
        ..Default::default()
    };
    let lasts = say_many!(
        model.minutes,
        "It lasts {n} minute and works once, in this browser.",
        "It lasts {n} minutes and works once, in this browser."
    );
    view! {
        {back("/sign-in", say!("Change the number"))}
        {error_summary(&model.errors)}
        {heading(say!("Enter your code"), lead)}
        <p>{lasts}</p>
        <form method="post" action="/sign-in/code" novalidate>
            {input.view(&model.errors)}
            <button class="button">{say!("Sign in")}</button>
        </form>
        {model.handset.then(handset_hint)}
        <h2>{say!("Nothing arrived?")}</h2>
        {another_code(model.phone, model.wait)}
    }
    .into_any()
}

/// Another code replaces the one before, and may need a wait.
fn another_code(phone: String, wait: Option<Wait>) -> AnyView {
    if let Some(wait) = wait {
        let when = seconds_in_words(wait.seconds);
        return view! { <p>{say!("You can ask for another code in {when}. It replaces this one.", when)}</p> }
            .into_any();
    }
    if phone.is_empty() {
        return view! { <p><a href="/sign-in">{say!("Ask for another code")}</a>"."</p> }.into_any();
    }
    view! {
        <form method="post" action="/sign-in">
            <input type="hidden" name="phone" value=phone/>
            <button class="button secondary">{say!("Send another code")}</button>
        </form>
        <p class="hint">{say!("It replaces the one before.")}</p>
    }
    .into_any()
}

pub fn second_fact(model: SecondFactForm) -> AnyView {
    let input = Input {
        name: "last4",
        label: say!("The last four characters of your account number"),
        hint: say!("It is on any bill. We ask because a phone number can pass to somebody else."),
        kind: "text",
        autocomplete: "off",
        width: "short",
        ..Default::default()
    };
    view! {
        {error_summary(&model.errors)}
        {heading(say!("One more question"), say!("The code was right. This shows that the account is yours."))}
        <form method="post" action="/sign-in/account" novalidate>
            {input.view(&model.errors)}
            <button class="button">{say!("Continue")}</button>
        </form>
    }
    .into_any()
}

fn wait_notice(wait: &Wait) -> AnyView {
    let when = seconds_in_words(wait.seconds);
    notice(
        "warning",
        say!(
            "Too many codes were asked for. You can ask for another in {when}. The waits grow to keep others out of your account.",
            when
        ),
    )
}

pub(super) fn handset_hint() -> AnyView {
    view! {
        <div class="notice info">
            <p>{say!("In this demonstration, messages arrive on the")}" "<a href="/demo/handset">{say!("handset page")}</a>"."</p>
        </div>
    }
    .into_any()
}
