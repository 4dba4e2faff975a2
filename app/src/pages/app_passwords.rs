//! App passwords: what a phone signs in with to fetch contacts and calendar.

use leptos::prelude::*;

use crate::{
    models::{AppPasswordForm, AppPasswordLine, AppPasswordMade, Destination},
    pieces::{Input, back, error_summary, form_title, heading, notice},
    render::Page,
    say,
};

impl Page for AppPasswordForm {
    fn title(&self) -> String {
        form_title(say!("Make an app password"), &self.errors)
    }

    fn view(self) -> AnyView {
        app_password_form(self)
    }
}

pub fn app_password_form(model: AppPasswordForm) -> AnyView {
    let input = Input {
        name: "name",
        label: say!("What is it for?"),
        hint: say!("A name that you will know it by, like My iPhone."),
        kind: "text",
        autocomplete: "off",
        value: model.name,
        width: "middle",
        ..Default::default()
    };
    let form = if model.full {
        notice(
            "warning",
            say!(
                "You have as many app passwords as one account may have. End one on your account page first."
            ),
        )
    } else {
        view! {
            <form method="post" action="/account/app-passwords" novalidate>
                {input.view(&model.errors)}
                <button class="button">{say!("Continue")}</button>
            </form>
        }
        .into_any()
    };
    view! {
        {back("/account", say!("Your account"))}
        {error_summary(&model.errors)}
        {heading(say!("Make an app password"), say!("For a phone or a program that is to fetch your contacts and calendar by itself."))}
        <ul>
            <li>{say!("It reads contacts, calendar, tasks and notes that are open to you. It changes nothing, and it does not sign in to this site.")}</li>
            <li>{say!("You end it whenever you like on your account page. It also ends when the phone number of your account changes.")}</li>
        </ul>
        {form}
    }
    .into_any()
}

impl Page for AppPasswordMade {
    fn title(&self) -> String {
        say!("Your app password").to_owned()
    }

    fn view(self) -> AnyView {
        app_password_made(self)
    }
}

pub fn app_password_made(model: AppPasswordMade) -> AnyView {
    let rows = [
        (say!("Server"), model.server),
        (say!("User name"), model.user_name),
        (say!("Password"), model.password),
    ];
    let rows = rows.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    let guides = [Destination::IPhone, Destination::Android]
        .map(|to| view! { <li><a href=to.href()>{to.title()}</a></li> });
    view! {
        {heading(say!("Your app password"), say!("For “{name}”. Type these three on the phone now: the password is not shown again.", name = model.name))}
        <dl class="summary to-type">{rows.into_iter().collect_view()}</dl>
        <p>{say!("Capital letters, spaces and hyphens do not matter. If you lose it, end it and make another.")}</p>
        <h2>{say!("Where to type them")}</h2>
        <ul class="spaced">{guides.into_iter().collect_view()}</ul>
        <p><a href="/account#app-passwords">{say!("Done: back to your account")}</a></p>
    }
    .into_any()
}

/// The part of `/account`.
pub fn app_passwords(list: Vec<AppPasswordLine>) -> AnyView {
    let rows: Vec<AnyView> = list.into_iter().map(row).collect();
    view! {
        <h2 id="app-passwords">{say!("App passwords")}</h2>
        <p>{say!("With an app password a phone fetches your contacts and calendar by itself. Signing out everywhere leaves them: end each that you do not know.")}</p>
        {(!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> })}
        <p><a class="button secondary" href="/account/app-passwords">{say!("Make an app password")}</a></p>
    }
    .into_any()
}

fn row(line: AppPasswordLine) -> AnyView {
    let about = say!(
        "Made {made}. Last used: {used}. User name {user_name}.",
        made = line.made,
        used = line.used,
        user_name = line.user_name
    );
    view! {
        <li>
            <h3>{line.name.clone()}</h3>
            <p>{about}</p>
            <form method="post" action=line.end>
                <button class="button secondary">{say!("End")}" "<span class="hidden">{line.name}</span></button>
            </form>
        </li>
    }
    .into_any()
}
