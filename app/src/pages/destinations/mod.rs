//! `/recovery/archive/to`: from the archive into a phone or a program, step by step.
//!
//! Menus are named as their makers name them at the time of writing; each guide is one file of plain
//! words, so that a menu that moved is mended by whoever can read.

mod android;
mod basic_phone;
mod iphone;
mod outlook;

use leptos::prelude::*;

use crate::{
    models::{Destination, DestinationPage, Destinations},
    pieces::{back, heading, notice},
    render::Page,
    say,
    words::said,
};

/// Everything that a page says of one destination, marked and said when it is shown.
pub struct Guide {
    lead: &'static str,
    /// What to know before beginning.
    first: &'static str,
    parts: &'static [Part],
    /// What cannot go there, and what to do instead.
    cannot: &'static [&'static str],
}

/// One kind of data, or one way.
pub struct Part {
    heading: &'static str,
    /// Where in the archive it is; empty where no file is needed.
    file: &'static str,
    steps: &'static [Step],
    /// What to know afterwards.
    then: &'static str,
}

pub enum Step {
    Say(&'static str),
    /// Leads to where app passwords are made.
    AppPassword,
    /// Names the server to type.
    Server(&'static str),
}

fn guide(to: Destination) -> &'static Guide {
    match to {
        Destination::IPhone => &iphone::GUIDE,
        Destination::Android => &android::GUIDE,
        Destination::Outlook => &outlook::GUIDE,
        Destination::BasicPhone => &basic_phone::GUIDE,
    }
}

impl Page for Destinations {
    fn title(&self) -> String {
        say!("Put it on your phone or computer").to_owned()
    }

    fn view(self) -> AnyView {
        destinations(self)
    }
}

pub fn destinations(model: Destinations) -> AnyView {
    let links = Destination::ALL.map(|to| view! { <li><a href=to.href()>{to.title()}</a></li> });
    view! {
        {back("/recovery/archive", say!("Download everything"))}
        {heading(say!("Put it on your phone or computer"), say!("Each page says which file to take and what to press, one step after the other."))}
        <ul class="spaced">{links.into_iter().collect_view()}</ul>
        <p>{say!("Take your time: nothing that you do here changes what we keep for you, and you can download again as often as you like.")}</p>
        {on_the_phone(model.archive)}
    }
    .into_any()
}

impl Page for DestinationPage {
    fn title(&self) -> String {
        self.to.title().to_owned()
    }

    fn view(self) -> AnyView {
        destination(self)
    }
}

pub fn destination(model: DestinationPage) -> AnyView {
    let guide = guide(model.to);
    let parts = guide.parts.iter().map(|part| part_view(part, &model.server)).collect_view();
    let cannot = guide.cannot.iter().map(|text| view! { <li>{said(text)}</li> }).collect_view();
    view! {
        {back("/recovery/archive/to", say!("All destinations"))}
        {heading(model.to.title(), said(guide.lead))}
        {notice("info", said(guide.first))}
        {on_the_phone(model.archive)}
        {parts}
        <h2>{say!("What cannot go there")}</h2>
        <ul class="spaced">{cannot}</ul>
        <p>{say!("Menus move with each version. If one is named otherwise on yours, look in the settings for the word itself, such as “import”.")}" "{say!("If you are stuck,")}" "<a href="/help">{say!("ask us")}</a>": "{say!("we can go through it with you.")}</p>
    }
    .into_any()
}

fn part_view(part: &'static Part, server: &str) -> AnyView {
    let steps = part.steps.iter().map(|step| view! { <li>{step_view(step, server)}</li> }).collect_view();
    view! {
        <h2>{said(part.heading)}</h2>
        {(!part.file.is_empty()).then(|| view! { <p>{say!("In the archive:")}" "<code>{said(part.file)}</code></p> })}
        <ol class="numbered">{steps}</ol>
        {(!part.then.is_empty()).then(|| view! { <p>{said(part.then)}</p> })}
    }
    .into_any()
}

fn step_view(step: &'static Step, server: &str) -> AnyView {
    match step {
        Step::Say(text) => said(text).into_any(),
        Step::AppPassword => view! {
            <a href="/account/app-passwords">{say!("Make an app password")}</a>
            " "
            {say!("on this site and leave that page open: it shows a server, a user name and a password, once.")}
        }
        .into_any(),
        Step::Server(text) => view! { {said(text)}" "<code>{server.to_owned()}</code>"." }.into_any(),
    }
}

/// The way from the screen that one reads on to the phone in one's hand. The code holds the address
/// alone: whoever scans it still has to sign in.
fn on_the_phone(archive: String) -> AnyView {
    view! {
        <h2>{say!("Open the download on the phone itself")}</h2>
        <div class="scan">
            <img src="/recovery/archive/qr.svg" width="168" height="168" alt=say!("QR code with the address that stands beside it")/>
            <p>{say!("Reading this on another screen? Point the phone’s camera at the square, or type")}" "<code>{archive}</code>" "{say!("on the phone. You sign in there as you did here.")}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_guide_is_short_enough_to_follow_and_says_what_cannot_go_there() {
        for to in Destination::ALL {
            let guide = guide(to);
            assert!(!guide.cannot.is_empty(), "{to:?}");
            for part in guide.parts {
                assert!((1..=7).contains(&part.steps.len()), "{to:?}: {}", part.heading);
            }
        }
    }

    #[test]
    fn every_file_that_a_guide_names_is_of_the_archives_layout() {
        let known =
            ["contacts/", "calendar/calendar.ics", "tasks/tasks.ics", "notes/", "photos/", "README.html"];
        for part in Destination::ALL.iter().flat_map(|to| guide(*to).parts) {
            let is_known = part.file.is_empty() || known.iter().any(|start| part.file.starts_with(start));
            assert!(is_known, "{}", part.file);
        }
    }
}
