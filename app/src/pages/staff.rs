//! Staff: signing in, enrolling, and finding a subscriber.

use leptos::prelude::*;

use crate::{
    address::subscriber,
    models::{Enrol, FoundSubscriber, Search, StaffSignIn},
    pieces::{Input, error_summary, form_title, heading, notice, search_form},
    render::Page,
};

impl Page for StaffSignIn {
    fn title(&self) -> String {
        form_title("Staff sign-in", &self.errors)
    }

    fn view(self) -> AnyView {
        staff_sign_in(self)
    }
}

impl Page for Enrol {
    fn title(&self) -> String {
        form_title("Set up your access", &self.errors)
    }

    fn view(self) -> AnyView {
        enrol(self)
    }
}

impl Page for Search {
    fn title(&self) -> String {
        form_title("Find a subscriber", &self.errors)
    }

    fn view(self) -> AnyView {
        search(self)
    }
}

pub fn staff_sign_in(model: StaffSignIn) -> AnyView {
    let email = Input {
        name: "email",
        label: "Email",
        kind: "email",
        autocomplete: "username",
        value: model.email,
        ..Default::default()
    };
    let password = Input {
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "current-password",
        ..Default::default()
    };
    view! {
        {error_summary(&model.errors)}
        {heading("Staff sign-in", "")}
        {model.just_enrolled.then(|| notice("success", "Your access is set up. Sign in with it now."))}
        <form method="post" action="/staff/sign-in" novalidate>
            {email.view(&model.errors)}
            {password.view(&model.errors)}
            {app_code("The six digits that your authenticator app shows now.").view(&model.errors)}
            <button class="button">"Sign in"</button>
        </form>
    }
    .into_any()
}

fn app_code(hint: &'static str) -> Input {
    Input {
        name: "code",
        label: "Code",
        hint,
        kind: "text",
        autocomplete: "one-time-code",
        inputmode: Some("numeric"),
        width: "short",
        ..Default::default()
    }
}

fn new_password(name: &'static str, label: &'static str, hint: &'static str) -> Input {
    Input { name, label, hint, kind: "password", autocomplete: "new-password", ..Default::default() }
}

pub fn enrol(model: Enrol) -> AnyView {
    let who = format!("For {}, {}. This address works once.", model.name, model.email);
    view! {
        {error_summary(&model.errors)}
        {heading("Set up your access", who)}
        <h2>"1. Authenticator app"</h2>
        <p>"Scan this with an authenticator app, or type the key into it."</p>
        <div class="qr" role="img" aria-label="QR code with the key below" inner_html=model.qr_svg></div>
        <p>"Key: "<code>{model.secret}</code></p>
        <form method="post" novalidate>
            {app_code("The six digits that the app shows now.").view(&model.errors)}
            <h2>"2. Password"</h2>
            {new_password("password", "Password", "12 characters or more. Several words are good.").view(&model.errors)}
            {new_password("password_again", "The same password again", "").view(&model.errors)}
            <button class="button">"Finish"</button>
        </form>
    }
    .into_any()
}

pub fn search(model: Search) -> AnyView {
    let label = "Phone, name, account, or the number of a claim or report".to_owned();
    view! {
        {error_summary(&model.errors)}
        {heading("Find a subscriber", "")}
        {search_form("/staff".to_owned(), label, model.query)}
        {model.results.map(|found| results(found, model.more))}
    }
    .into_any()
}

fn results(found: Vec<FoundSubscriber>, more: bool) -> AnyView {
    let words = match found.len() {
        0 => "Nobody matches. Try the whole phone number or the claim number.".to_owned(),
        1 => "1 subscriber matches.".to_owned(),
        n if more => format!("The first {n} that match. Ask for something more exact to see fewer."),
        n => format!("{n} subscribers match."),
    };
    let rows = found.into_iter().map(result).collect_view();
    view! { <p role="status">{words}</p><ul class="rows">{rows}</ul> }.into_any()
}

fn result(found: FoundSubscriber) -> AnyView {
    let href = subscriber(&found.account);
    let about = format!("Account {} · phone {}", found.account, found.phone);
    let matched = (!found.matched.is_empty())
        .then(|| view! { <p class="hint">{format!("Matched by {}", found.matched)}</p> });
    view! { <li><h2><a href=href>{found.name}</a></h2><p>{about}</p>{matched}</li> }.into_any()
}
