//! `/recovery/contacts/duplicates`: contacts that look like one person's, and choosing about them.

mod group;
mod merge;
mod phone;
mod review;

use leptos::prelude::*;

use crate::{
    models::{ChoiceLine, DuplicateLine, Duplicates, PhoneContacts},
    pieces::{back, button_form, heading, notice, pager_links},
    render::Page,
    say, say_many,
    vocabulary::Likeness,
};

/// Where all of it stands.
pub const BASE: &str = "/recovery/contacts/duplicates";

impl Page for Duplicates {
    fn title(&self) -> String {
        say!("Likely duplicates").to_owned()
    }

    fn view(self) -> AnyView {
        duplicates(self)
    }
}

fn duplicates(model: Duplicates) -> AnyView {
    let lead = match model.groups {
        0 => say!("No contacts of yours wait for a choice.").to_owned(),
        _ => {
            say!(
                "{contacts} look like duplicates, in {groups}.",
                contacts = contacts(model.contacts),
                groups = groups(model.groups)
            )
        }
    };
    let about = (model.groups > 0).then(|| {
        view! {
            <p>{say!("You decide about each. Nothing that was recovered is ever deleted: a choice shapes the contacts in your next download, and you can undo it at any time.")}</p>
        }
    });
    view! {
        {back("/recovery/contacts", say!("Your contacts"))}
        {model.done.map(done)}
        {model.done_at_once.map(done_at_once)}
        {heading(say!("Likely duplicates"), lead)}
        {about}
        {at_once(model.certain, model.certain_on_phone)}
        {lines(model.list, true)}
        {pager_links(model.pager)}
        {phone_part(model.phone)}
        {chosen(model.chosen)}
    }
    .into_any()
}

/// What was chosen a moment ago, with the way back.
fn done(choice: ChoiceLine) -> AnyView {
    let what = format!("{}: {}.", choice.title, choice.what);
    view! {
        <div class="panel" role="status">
            <p>{what}</p>
            {button_form(choice.undo, say!("Undo this"), "button secondary")}
        </div>
    }
    .into_any()
}

fn done_at_once(n: i64) -> AnyView {
    let text = match n {
        0 => say!("There was nothing left to choose about.").to_owned(),
        n => say!("Done for {groups}. Each can be undone in the list of your choices.", groups = groups(n)),
    };
    view! { <div class="panel" role="status"><p>{text}</p></div> }.into_any()
}

/// The certain ones in one step.
fn at_once(certain: i64, on_phone: i64) -> Option<AnyView> {
    let merge = (certain > 0).then(|| {
        let label = say_many!(certain, "Merge the certain one", "Merge all {n} certain ones");
        view! { <p><a class="button secondary" href=format!("{BASE}/certain?do=merge")>{label}</a></p> }
    });
    let keep = (on_phone > 0).then(|| {
        let label = say_many!(
            on_phone,
            "Keep what the phone has for the certain one",
            "Keep what the phone has for {n} certain ones"
        );
        view! { <p><a class="button secondary" href=format!("{BASE}/certain?do=keep-phone")>{label}</a></p> }
    });
    let hint = view! { <p class="hint">{say!("You see all of them before anything is done.")}</p> };
    (certain > 0 || on_phone > 0).then(|| view! { {merge}{keep}{hint} }.into_any())
}

/// Groups as rows; linked where they can be opened.
fn lines(list: Vec<DuplicateLine>, linked: bool) -> Option<AnyView> {
    if list.is_empty() {
        return None;
    }
    let rows = list.into_iter().map(|line| {
        let where_from = where_from(line.recovered, line.on_phone);
        let title = match linked {
            true => view! { <a href=line.href>{line.title}</a> }.into_any(),
            false => line.title.into_any(),
        };
        view! {
            <li>
                <h2>{title}</h2>
                {likeness(line.strength)}
                <p>{line.reasons.join(" · ")}</p>
                <p class="hint">{where_from}</p>
            </li>
        }
    });
    Some(view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any())
}

/// How sure it is: a word, and a mark that is a second way to see it.
fn likeness(strength: Likeness) -> AnyView {
    view! { <p class=format!("likeness {}", strength.slug())>{strength.label()}</p> }.into_any()
}

fn where_from(recovered: i64, on_phone: i64) -> String {
    match on_phone {
        0 => say!("{recovered} recovered", recovered),
        n => say!("{recovered} recovered, {n} on your phone", recovered, n),
    }
}

fn phone_part(phone: Option<PhoneContacts>) -> AnyView {
    let inside = match phone {
        Some(phone) => view! {
            <p>{say!("Compared with {contacts} that you brought on {day}.", contacts = contacts(phone.cards), day = phone.uploaded)}</p>
            <p><a href=format!("{BASE}/phone")>{say!("Bring a newer file, or delete it")}</a></p>
        }
        .into_any(),
        None => view! {
            <p>{say!("Do you have a new phone with contacts on it already? Bring its contacts file, and we show you who is in both, before you put anyone on the phone twice.")}</p>
            <p><a href=format!("{BASE}/phone")>{say!("Compare with the phone you use")}</a></p>
        }
        .into_any(),
    };
    view! { <h2>{say!("Your new phone")}</h2>{inside} }.into_any()
}

fn chosen(total: i64) -> Option<AnyView> {
    (total > 0).then(|| {
        let label = say_many!(total, "{n} choice of yours holds.", "{n} choices of yours hold.");
        view! {
            <h2>{say!("Your choices")}</h2>
            <p>{label}" "<a href=format!("{BASE}/choices")>{say!("See or undo them")}</a></p>
        }
        .into_any()
    })
}

fn contacts(n: i64) -> String {
    say_many!(n, "{n} contact", "{n} contacts")
}

fn groups(n: i64) -> String {
    say_many!(n, "{n} group", "{n} groups")
}

/// What the contacts' page and the archive's say when duplicates wait; nothing for none.
pub fn duplicates_notice(waiting: i64) -> Option<AnyView> {
    (waiting > 0).then(|| {
        let text =
            say_many!(waiting, "{n} contact looks like a duplicate.", "{n} contacts look like duplicates.");
        view! {
            <div class="notice info">
                <p>{text}" "<a href=BASE>{say!("Look at them and choose")}</a></p>
            </div>
        }
        .into_any()
    })
}

/// Said beside what changes no original.
fn nothing_is_deleted() -> AnyView {
    notice(
        "info",
        say!("Nothing is deleted. Your next download is shaped by this; the originals in it stay complete."),
    )
}
