//! `/account`: what we hold about the person who asks.

use leptos::prelude::*;

use super::{app_passwords::app_passwords, links::links};
use crate::{
    models::{Account, OpenSession, SignInRecord},
    pieces::{button_form, heading, summary},
    render::Page,
    say,
};

impl Page for Account {
    fn title(&self) -> String {
        say!("Your account").to_owned()
    }

    fn view(self) -> AnyView {
        account(self)
    }
}

pub fn account(model: Account) -> AnyView {
    let held = vec![
        (say!("Name"), model.name),
        (say!("Phone"), model.phone),
        (say!("Email"), model.email),
        (say!("Plan"), model.plan),
    ];
    view! {
        {heading(say!("Your account"), say!("What we hold about you here, besides what was recovered."))}
        {summary(held)}
        <p>{say!("Is something wrong?")}" "<a href="/help">{say!("Tell us")}</a>". "<a href="/privacy">{say!("What we use it for")}</a></p>
        {model.unreachable.into_iter().map(unreachable).collect_view()}
        <h2>{say!("Messages")}</h2>
        <p><a href="/account/messages">{say!("What we sent you, and how we write to you")}</a></p>
        {sessions(model.sessions)}
        {button_form("/account/sign-out-everywhere".to_owned(), say!("Sign out everywhere"), "button secondary")}
        {links(model.links)}
        {app_passwords(model.app_passwords)}
        {sign_ins(model.sign_ins)}
    }
    .into_any()
}

fn unreachable(address: String) -> AnyView {
    let told = say!("We could not reach you at {address}: what we sent there came back.", address);
    view! {
        <div class="notice warning"><p>{told}" "<a href="/account/messages">{say!("What you can do")}</a></p></div>
    }
    .into_any()
}

fn sessions(list: Vec<OpenSession>) -> AnyView {
    let rows = list
        .into_iter()
        .map(|session| {
            let name = if session.here { say!("This browser") } else { say!("Another browser") };
            let about = say!(
                "Signed in {started}, last seen {seen}",
                started = session.started,
                seen = session.last_seen
            );
            view! { <div><dt>{name}</dt><dd>{about}</dd></div> }
        })
        .collect_view();
    view! { <h2>{say!("Where you are signed in")}</h2><dl class="summary">{rows}</dl> }.into_any()
}

fn sign_ins(list: Vec<SignInRecord>) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list
        .into_iter()
        .map(|record| view! { <div><dt>{record.at}</dt><dd>{record.what}</dd></div> })
        .collect_view();
    let part = view! {
        <h2>{say!("Recent sign-ins")}</h2>
        <p>{say!("If one of these was not you, sign out everywhere and")}" "<a href="/help">{say!("tell us")}</a>"."</p>
        <dl class="summary">{rows}</dl>
    };
    Some(part.into_any())
}
