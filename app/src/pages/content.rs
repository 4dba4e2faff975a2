//! Pages of plain text.

use leptos::prelude::*;

use crate::{
    models::{Accessibility, Help, NO_WAIVER, Privacy, Support, TermsPage},
    pieces::{heading, sections, support_lines, terms_list, who_gets_it},
    render::Page,
    say,
    words::said,
};

impl Page for TermsPage {
    fn title(&self) -> String {
        say!("Terms").to_owned()
    }

    fn view(self) -> AnyView {
        terms(self)
    }
}

impl Page for Privacy {
    fn title(&self) -> String {
        say!("Privacy").to_owned()
    }

    fn view(self) -> AnyView {
        privacy(self)
    }
}

impl Page for Help {
    fn title(&self) -> String {
        say!("Help").to_owned()
    }

    fn view(self) -> AnyView {
        help(self)
    }
}

impl Page for Accessibility {
    fn title(&self) -> String {
        say!("Accessibility").to_owned()
    }

    fn view(self) -> AnyView {
        accessibility(self)
    }
}

pub fn terms(model: TermsPage) -> AnyView {
    let parts = model
        .remedies
        .into_iter()
        .map(|terms| view! { <h2>{terms.remedy.clone()}</h2>{who_gets_it(&terms)}{terms_list(terms)} })
        .collect_view();
    view! {
        {heading(say!("Terms"), say!("Everything that holds when you claim. There is no other text."))}
        {parts}
        <h2>{say!("Looking at your data and taking it away")}</h2>
        <p>{say!("Both are free and bind you to nothing. {rights}.", rights = said(NO_WAIVER))}</p>
    }
    .into_any()
}

pub fn privacy(model: Privacy) -> AnyView {
    view! {
        {heading(say!("Privacy"), say!("What this site keeps about you, what for, and who sees it."))}
        <h2>{say!("What we keep")}</h2>
        <ul>
            <li>{say!("What was recovered of yours. Every file is encrypted under a key of your own.")}</li>
            <li>{say!("Your account number, phone, name, e-mail and plan, as the operator has them.")}</li>
            <li>{say!("When you signed in, the claims you made and the terms you agreed to.")}</li>
            <li>{say!("Your choices about duplicates and the contacts merged from them. A contacts file of your phone that you bring to compare goes after 30 days.")}</li>
            <li>{say!("Each ZIP that was put together for you, until 30 days after its last download. The newest stays as long as an older one does.")}</li>
            <li>{say!("Your reports and appeals, with what you wrote and the files that you sent. They are encrypted under the same key.")}</li>
            <li>{say!("That you made a download link, for the 24 hours that it works, and an app password, until you end it. What opens them is not kept in a form that anybody can read.")}</li>
        </ul>
        <h2>{say!("Who sees it")}</h2>
        <ul>
            <li>{say!("You, once you have signed in.")}</li>
            <li>{say!("Whoever has a download link or an app password that you made: they need no code. You can end both on your account page.")}</li>
            <li>{say!("Support staff, masked until you confirm that it is you or another reason is recorded. Each look is recorded and stays recorded.")}</li>
            <li>{say!("Nobody else. {operator} passes nothing on, and this site has no advertising and no tracking.", operator = model.operator)}</li>
        </ul>
        <h2>{say!("Cookies")}</h2>
        <ul>
            <li>{say!("One keeps you signed in. It ends when you sign out, after 30 minutes without use, or after 12 hours.")}</li>
            <li>{say!("One knows the browser that asked for a code, because a code works there alone. Once you have signed in it is kept, so that somebody who tries wrong codes for your number cannot shut you out. It signs nobody in, and nothing else is done with it.")}</li>
        </ul>
        {sections(model.sections)}
        {ask(&model.support)}
    }
    .into_any()
}

pub fn help(model: Help) -> AnyView {
    view! {
        {heading(say!("Help"), "")}
        {sections(model.sections)}
        <h2>{say!("The code does not arrive")}</h2>
        <p>{say!("Check the number you typed. Codes go by text message to the phone itself, never by e-mail. If you do not have that number any more, ask us.")}</p>
        <h2>{say!("A count looks wrong")}</h2>
        <p>{say!("What is exactly the same counts once. Where we do not know how many there were, the page says so.")}" "<a href="/reports">{say!("How to report what is missing")}</a></p>
        <h2>{say!("Somebody asks for your code")}</h2>
        <p>{say!("If you called us, our staff may ask you to read back a code whose message says that it is for them. Never give anyone a sign-in code.")}</p>
        {ask(&model.support)}
    }
    .into_any()
}

pub fn accessibility(model: Accessibility) -> AnyView {
    view! {
        {heading(say!("Accessibility"), say!("This site is meant to work for everyone, on any device."))}
        <ul>
            <li>{say!("It aims at the Web Content Accessibility Guidelines 2.2, level AA.")}</li>
            <li>{say!("Every page and form works without JavaScript, by keyboard, and at 400 % zoom.")}</li>
            <li>{say!("Nothing is told by color alone.")}</li>
            <li>{say!("It follows your light or dark setting and your wish for less motion.")}</li>
        </ul>
        <p>{say!("Recovered photos have no descriptions, since nobody but you knows what is on them: they are named by file and date.")}</p>
        <p>{say!("If something does not work for you, tell us and we will help you another way at once.")}</p>
        {ask(&model.support)}
    }
    .into_any()
}

fn ask(support: &Support) -> AnyView {
    view! { <h2>{say!("Talk to a person")}</h2>{support_lines(support)} }.into_any()
}
