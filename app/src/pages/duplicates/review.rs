//! All certain ones at once, the choices that hold, and undoing them.

use leptos::prelude::*;

use super::{BASE, contacts, groups, lines, nothing_is_deleted};
use crate::{
    models::{CertainReview, ChoiceLine, DuplicateChoices, UndoChoices},
    pieces::{back, heading, pager_links},
    render::Page,
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
        "Your choices about duplicates".to_owned()
    }

    fn view(self) -> AnyView {
        choices(self)
    }
}

impl Page for UndoChoices {
    fn title(&self) -> String {
        "Undo all your choices".to_owned()
    }

    fn view(self) -> AnyView {
        undo_all(self)
    }
}

fn certain_title(model: &CertainReview) -> &'static str {
    if model.merge { "Merge all certain ones" } else { "Keep what the phone has" }
}

fn certain(model: CertainReview) -> AnyView {
    let title = certain_title(&model);
    let what = match model.merge {
        true => format!(
            "{} in {} become one contact for each group. Every number and address is kept; where only one value can stand, such as the spelling of a name, the first one does, and the other stays in the originals.",
            contacts(model.contacts),
            groups(model.groups)
        ),
        false => format!(
            "{} in {} are left out of your next download, since the phone has these people already.",
            contacts(model.contacts),
            groups(model.groups)
        ),
    };
    let (wish, button) = match model.merge {
        true => ("merge", format!("Merge {}", groups(model.groups))),
        false => ("keep-phone", format!("Keep what the phone has for {}", groups(model.groups))),
    };
    let more = model.groups - model.list.len() as i64;
    let more = (more > 0).then(|| view! { <p>{format!("And {} more.", groups(more))}</p> });
    let form = (model.groups > 0).then(|| {
        view! {
            <form method="post" action=format!("{BASE}/certain")>
                <input type="hidden" name="do" value=wish/>
                <button class="button">{button}</button>
            </form>
        }
    });
    view! {
        {back(BASE, "All likely duplicates")}
        {heading(title, "Nothing is changed until you press the button. Each can be undone, and all of them.")}
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
        0 => "You have not chosen anything, or undone it all.".to_owned(),
        1 => "1 choice holds.".to_owned(),
        n => format!("{n} choices hold."),
    };
    let all = (model.total > 1).then(|| {
        view! { <p><a class="button secondary" href=format!("{BASE}/undo")>"Undo all of them"</a></p> }
    });
    let rows = model.list.into_iter().map(choice).collect_view();
    view! {
        {back(BASE, "All likely duplicates")}
        {heading("Your choices about duplicates", lead)}
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
            <p class="hint">{format!("Chosen {}", line.at)}</p>
            <form method="post" action=line.undo>
                <button class="button secondary">"Undo"<span class="hidden">{about}</span></button>
            </form>
        </li>
    }
    .into_any()
}

fn undo_all(model: UndoChoices) -> AnyView {
    let what = match model.total {
        0 => "There is nothing to undo.".to_owned(),
        1 => "Your one choice is undone, and the contacts are as they were recovered.".to_owned(),
        n => format!(
            "All {n} choices are undone, and the contacts are as they were recovered. You would have to choose about each again."
        ),
    };
    let form = (model.total > 0).then(|| {
        view! {
            <form method="post" action=format!("{BASE}/undo")>
                <button class="button">"Undo all of them"</button>
            </form>
        }
    });
    view! {
        {back(format!("{BASE}/choices"), "Your choices")}
        {heading("Undo all your choices", what)}
        {form}
    }
    .into_any()
}
