//! One group side by side, and the ways to choose about it.

use leptos::prelude::*;

use super::{BASE, likeness, nothing_is_deleted};
use crate::{
    models::{DuplicateColumn, DuplicateGroup, FieldRow},
    pieces::{back, error_summary, form_title, heading, notice},
    render::Page,
    say, say_many,
};

impl Page for DuplicateGroup {
    fn title(&self) -> String {
        form_title(&say!("{title}: likely duplicates", title = self.title), &self.errors)
    }

    fn view(self) -> AnyView {
        group(self)
    }
}

fn group(model: DuplicateGroup) -> AnyView {
    let chosen = (!model.chosen.is_empty()).then(|| {
        notice("success", say!("You chose: {what}. Choosing again takes its place.", what = model.chosen))
    });
    let on_phone = model.columns.iter().any(|column| column.on_phone);
    let recovered = model.columns.iter().filter(|column| !column.on_phone).count();
    let several = model.columns.len() > 1;
    let form = Choose { href: model.href.clone(), basis: model.basis };
    view! {
        {back(BASE, say!("All likely duplicates"))}
        {error_summary(&model.errors)}
        {heading(model.title, "")}
        {likeness(model.strength)}
        <p>{model.reasons.join(" · ")}</p>
        {chosen}
        {side_by_side(&model.columns, model.rows)}
        <h2 id="choose">{say!("What should become of them?")}</h2>
        {several.then(|| merge(&model.href))}
        {on_phone.then(|| form.keep_phone(recovered))}
        {several.then(|| form.keep_all(model.columns.len()))}
        {(recovered > 1).then(|| form.keep_one(&model.columns))}
        {nothing_is_deleted()}
    }
    .into_any()
}

/// A table where there is room for one; below one another where not.
fn side_by_side(columns: &[DuplicateColumn], rows: Vec<FieldRow>) -> AnyView {
    let heads = columns.iter().map(|column| {
        let note =
            (!column.note.is_empty()).then(|| view! { <span class="hint">{column.note.clone()}</span> });
        view! { <th scope="col">{column.name.clone()}{note}</th> }
    });
    let heads = heads.collect_view();
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let rows = rows.into_iter().map(|row| table_row(row, &names)).collect_view();
    view! {
        <div class="sideways" tabindex="0" role="region" aria-label=say!("Side by side")>
            <table class="beside">
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn table_row(row: FieldRow, names: &[String]) -> AnyView {
    let class = if row.same { "" } else { "differs" };
    let cells = row.cells.into_iter().zip(names).map(|(values, name)| {
        let empty = values.is_empty().then(|| view! { <span class="hint">{say!("nothing")}</span> });
        let values = values.into_iter().map(|value| view! { <p>{value}</p> }).collect_view();
        view! { <td data-from=name.clone()>{values}{empty}</td> }
    });
    let cells = cells.collect_view();
    view! { <tr class=class><th scope="row">{row.label}</th>{cells}</tr> }.into_any()
}

fn merge(href: &str) -> AnyView {
    view! {
        <h3>{say!("They are one person")}</h3>
        <p>{say!("Make one contact of them, with every number and address. You see it before it is made.")}</p>
        <p><a class="button" href=format!("{href}/merge")>{say!("Merge them")}</a></p>
    }
    .into_any()
}

/// The forms that choose at once.
struct Choose {
    href: String,
    basis: String,
}

impl Choose {
    fn form(&self, wish: &'static str, button: &'static str, inside: AnyView) -> AnyView {
        view! {
            <form method="post" action=self.href.clone()>
                <input type="hidden" name="basis" value=self.basis.clone()/>
                <input type="hidden" name="do" value=wish/>
                {inside}
                <button class="button secondary">{button}</button>
            </form>
        }
        .into_any()
    }

    fn keep_phone(&self, recovered: usize) -> AnyView {
        let words = say_many!(
            recovered as i64,
            "The recovered contact is left out of your next download, since the phone has this person already.",
            "The recovered contacts are left out of your next download, since the phone has this person already."
        );
        view! {
            <h3>{say!("The phone has the better one")}</h3>
            <p>{words}</p>
            {self.form("keep-phone", say!("Keep what the phone has"), ().into_any())}
        }
        .into_any()
    }

    fn keep_all(&self, count: usize) -> AnyView {
        let (words, button) = match count {
            2 => (say!("Both stay as they are, and we do not ask again."), say!("Keep both")),
            _ => (say!("All stay as they are, and we do not ask again."), say!("Keep all of them")),
        };
        view! {
            <h3>{say!("They are different people")}</h3>
            <p>{words}</p>
            {self.form("keep-all", button, ().into_any())}
        }
        .into_any()
    }

    fn keep_one(&self, columns: &[DuplicateColumn]) -> AnyView {
        let choices =
            columns.iter().enumerate().filter(|(_, column)| !column.on_phone).map(|(at, column)| {
                let id = format!("keep-{at}");
                let label = format!("{}: {}", column.name, column.title);
                view! {
                    <div class="choice">
                        <input type="radio" id=id.clone() name="keep" value=at.to_string()/>
                        <label for=id>{label}</label>
                    </div>
                }
            });
        let choices = view! {
            <fieldset id="keep"><legend>{say!("Which one?")}</legend>{choices.collect_view()}</fieldset>
        };
        view! {
            <h3>{say!("One of them is enough")}</h3>
            <p>{say!("The other recovered ones are left out of your next download.")}</p>
            {self.form("keep-one", say!("Keep this one only"), choices.into_any())}
        }
        .into_any()
    }
}
