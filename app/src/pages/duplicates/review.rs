//! All certain ones at once, the choices that hold, and undoing them.

use leptos::prelude::*;

use super::{BASE, contacts, groups, lines, nothing_is_deleted};
use crate::{
    models::{CertainReview, ChoiceLine, DuplicateChoices, UndoChoices},
    pieces::{back, heading, pager_links},
    render::Page,
    say, say_many,
};

impl Page for CertainReview {
    fn title(&self) -> String {
        certain_title(self).to_owned()
    }

    fn view(self) -> AnyView {
        certain(self)
    }
}

impl Page for DuplicateChoices {
    fn title(&self) -> String {
        say!("Your choices about duplicates").to_owned()
    }

    fn view(self) -> AnyView {
        choices(self)
    }
}

impl Page for UndoChoices {
    fn title(&self) -> String {
        say!("Undo all your choices").to_owned()
    }

    fn view(self) -> AnyView {
        undo_all(self)
    }
}

fn certain_title(model: &CertainReview) -> &'static str {
    if model.merge { say!("Merge all certain ones") } else { say!("Keep what the phone has") }
}

fn certain(model: CertainReview) -> AnyView {
    let title = certain_title(&model);
    let what = match model.merge {
        true => say!(
            "{contacts} in {groups} become one contact for each group. Every number and address is kept; where only one value can stand, such as the spelling of a name, the first one does, and the other stays in the originals.",
            contacts = contacts(model.contacts),
            groups = groups(model.groups)
        ),
        false => say!(
            "{contacts} in {groups} are left out of your next download, since the phone has these people already.",
            contacts = contacts(model.contacts),
            groups = groups(model.groups)
        ),
    };
    let (wish, button) = match model.merge {
        true => ("merge", say_many!(model.groups, "Merge {n} group", "Merge {n} groups")),
        false => ("keep-phone", say!("Keep what the phone has for {groups}", groups = groups(model.groups))),
    };
    let more = model.groups - model.list.len() as i64;
    let more =
        (more > 0).then(|| view! { <p>{say_many!(more, "And {n} group more.", "And {n} groups more.")}</p> });
    let form = (model.groups > 0).then(|| {
        view! {
            <form method="post" action=format!("{BASE}/certain")>
                <input type="hidden" name="do" value=wish/>
                <button class="button">{button}</button>
            </form>
        }
    });
    view! {
        {back(BASE, say!("All likely duplicates"))}
        {heading(title, say!("Nothing is changed until you press the button. Each can be undone, and all of them."))}
        <p>{what}</p>
        {nothing_is_deleted()}
        {form}
        {lines(model.list, false)}
        {more}
    }
    .into_any()
}

fn choices(model: DuplicateChoices) -> AnyView {
    let lead = match model.total {
        0 => say!("You have not chosen anything, or undone it all.").to_owned(),
        n => say_many!(n, "{n} choice holds.", "{n} choices hold."),
    };
    let all = (model.total > 1).then(|| {
        view! { <p><a class="button secondary" href=format!("{BASE}/undo")>{say!("Undo all of them")}</a></p> }
    });
    let rows = model.list.into_iter().map(choice).collect_view();
    view! {
        {back(BASE, say!("All likely duplicates"))}
        {heading(say!("Your choices about duplicates"), lead)}
        {all}
        <ul class="rows">{rows}</ul>
        {pager_links(model.pager)}
    }
    .into_any()
}

fn choice(line: ChoiceLine) -> AnyView {
    let note = (!line.note.is_empty()).then(|| view! { <p>{line.note}</p> });
    let about = format!("({})", line.title);
    view! {
        <li>
            <h2>{line.title}</h2>
            <p>{line.what}</p>
            {note}
            <p class="hint">{say!("Chosen {moment}", moment = line.at)}</p>
            <form method="post" action=line.undo>
                <button class="button secondary">{say!("Undo")}<span class="hidden">{about}</span></button>
            </form>
        </li>
    }
    .into_any()
}

fn undo_all(model: UndoChoices) -> AnyView {
    let what = match model.total {
        0 => say!("There is nothing to undo.").to_owned(),
        n => say_many!(
            n,
            "Your one choice is undone, and the contacts are as they were recovered.",
            "All {n} choices are undone, and the contacts are as they were recovered. You would have to choose about each again."
        ),
    };
    let form = (model.total > 0).then(|| {
        view! {
            <form method="post" action=format!("{BASE}/undo")>
                <button class="button">{say!("Undo all of them")}</button>
            </form>
        }
    });
    view! {
        {back(format!("{BASE}/choices"), say!("Your choices"))}
        {heading(say!("Undo all your choices"), what)}
        {form}
    }
    .into_any()
}
