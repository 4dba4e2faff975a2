//! Writing a report or an appeal, one question on a page.

use leptos::prelude::*;

use super::{files, records};
use crate::{
    mark,
    models::{BringFiles, CaseFile, CheckCase, DraftHead, FieldError, NewReport, ReportedCategory, Tell},
    pieces::{
        Input, back, bytes_in_words, error_summary, file_field, form_title, heading, long_text, notice,
        summary_of,
    },
    render::Page,
    say,
    words::said,
};

impl Page for NewReport {
    fn title(&self) -> String {
        form_title(said(WHICH), &self.errors)
    }

    fn view(self) -> AnyView {
        which(self)
    }
}

impl Page for Tell {
    fn title(&self) -> String {
        form_title(&question(&self.head), &self.errors)
    }

    fn view(self) -> AnyView {
        tell(self)
    }
}

impl Page for BringFiles {
    fn title(&self) -> String {
        form_title(said(BRING), &self.errors)
    }

    fn view(self) -> AnyView {
        bring(self)
    }
}

impl Page for CheckCase {
    fn title(&self) -> String {
        form_title(said(CHECK), &self.errors)
    }

    fn view(self) -> AnyView {
        check(self)
    }
}

const WHICH: &str = mark!("What is it about?");
const BRING: &str = mark!("Do you have a file that helps?");
const CHECK: &str = mark!("Check before you send");

fn which(model: NewReport) -> AnyView {
    let message = model.errors.first().map(|error| error.message.clone());
    let (class, described_by) = match message {
        Some(_) => ("wrong", Some("category-error")),
        None => ("", None),
    };
    let listed = model.categories.into_iter().enumerate();
    let choices = listed.map(|(place, listed)| choice(place + 1, listed, &model.chosen)).collect_view();
    view! {
        {back("/reports", say!("All your reports"))}
        {error_summary(&model.errors)}
        {heading(said(WHICH), say!("Our records stand beside each."))}
        <form method="post" action="/reports/new" novalidate>
            <fieldset class=class aria-describedby=described_by>
                <legend>{say!("Category")}</legend>
                {message.map(|m| view! { <p class="error" id="category-error"><b>{say!("Error:")}" "</b>{m}</p> })}
                {choices}
            </fieldset>
            <button class="button">{say!("Continue")}</button>
        </form>
    }
    .into_any()
}

fn choice(place: usize, listed: ReportedCategory, chosen: &str) -> AnyView {
    let id = format!("category-{place}");
    let checked = listed.slug == chosen;
    view! {
        <div class="choice">
            <input type="radio" id=id.clone() name="category" value=listed.slug checked=checked/>
            <label for=id>{listed.title}<span class="hint">{listed.says}</span></label>
        </div>
    }
    .into_any()
}

fn question(head: &DraftHead) -> String {
    match head.appeal {
        true => say!("Why should you get it after all? {remedy}", remedy = head.subject),
        false => say!("What is missing or wrong in {category}?", category = head.subject),
    }
}

fn tell(model: Tell) -> AnyView {
    let (title, head) = (question(&model.head), model.head);
    let up = if head.appeal {
        ("/remedies", say!("All remedies"))
    } else {
        ("/reports/new", say!("Another category"))
    };
    let errors = &model.errors;
    let (label, hint) = match head.appeal {
        true => (
            say!("What our records have wrong, or do not know"),
            say!("As exactly as you can. We look at it again, and a person answers. Up to 4,000 characters."),
        ),
        false => (
            say!("What is missing or wrong"),
            say!(
                "Names, as exactly as you remember, or what is wrong with what came back. Up to 4,000 characters."
            ),
        ),
    };
    let short = (!head.appeal).then(|| {
        view! {
            {short("how_many", say!("About how many? (optional)"), say!("For example: 12, or all of one folder."), model.how_many).view(errors)}
            {short("period", say!("From when? (optional)"), say!("For example: June 2008 to March 2009."), model.period).view(errors)}
        }
    });
    view! {
        {back(up.0, up.1)}
        {error_summary(errors)}
        {heading(title, "")}
        {records(head.records)}
        <form method="post" action=head.base novalidate>
            {long_text("text", label, hint, &model.text, errors)}
            {short}
            <button class="button">{say!("Continue")}</button>
        </form>
    }
    .into_any()
}

fn short(name: &'static str, label: &'static str, hint: &'static str, value: String) -> Input {
    Input { name, label, hint, kind: "text", autocomplete: "off", value, ..Default::default() }
}

fn bring(model: BringFiles) -> AnyView {
    let head = model.head;
    let form =
        if model.room > 0 { add_form(&head.base, model.room, &model.errors) } else { full(&head.base) };
    view! {
        {back(head.base.clone(), say!("Back"))}
        {error_summary(&model.errors)}
        {heading(said(BRING), say!("You need not bring any. We never ask for what our records prove already."))}
        {kept(&head.base, model.files)}
        {form}
    }
    .into_any()
}

fn full(base: &str) -> AnyView {
    view! {
        {notice("info", say!("That is as many files as we take. Take one out to bring another."))}
        <p><a class="button secondary" href=format!("{base}/check")>{say!("Continue")}</a></p>
    }
    .into_any()
}

fn add_form(base: &str, room: i64, errors: &[FieldError]) -> AnyView {
    let hint = say!(
        "A picture, a list, a bill: whatever you have. Up to {room} more, 10 MB each. They are stored encrypted, and staff open them only with a recorded reason.",
        room
    );
    view! {
        <form method="post" action=format!("{base}/files") enctype="multipart/form-data">
            {file_field(say!("Files"), hint, errors)}
            <div class="buttons">
                <button class="button">{say!("Add")}</button>
                // Of the same form, so that a file that was chosen and not added comes along.
                <button class="button secondary" name="then" value="check">{say!("Continue")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn kept(base: &str, files: Vec<CaseFile>) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let rows = files
        .into_iter()
        .map(|file| {
            let about = format!("{}, {}", file.name, bytes_in_words(file.bytes));
            let action = format!("{base}/files/{}/remove", file.id);
            view! {
                <li>
                    <p>{about}</p>
                    <form method="post" action=action>
                        <button class="button secondary">{say!("Take out")}" "<span class="hidden">{file.name}</span></button>
                    </form>
                </li>
            }
        })
        .collect_view();
    Some(view! { <h2>{say!("Your files")}</h2><ul class="rows">{rows}</ul> }.into_any())
}

fn check(model: CheckCase) -> AnyView {
    let head = model.head;
    let base = head.base.clone();
    let change = |href: String, what: &'static str| {
        view! { " "<a href=href>{say!("Change")}<span class="hidden">" "{what}</span></a> }
    };
    let kind = if head.appeal { say!("Remedy") } else { say!("Category") };
    let written =
        view! { <div class="said">{model.text}</div>{change(base.clone(), say!("what you wrote"))} }
            .into_any();
    let mut rows = vec![(kind, head.subject.into_any()), (say!("What you wrote"), written)];
    for (name, value) in [(say!("How many"), model.how_many), (say!("From when"), model.period)] {
        if !value.is_empty() {
            rows.push((name, value.into_any()));
        }
    }
    let brought = if model.files.is_empty() { say!("No files").into_any() } else { files(model.files) };
    let brought = view! { {brought}{change(format!("{base}/files"), say!("your files"))} }.into_any();
    rows.push((say!("Files"), brought));
    view! {
        {back(format!("{base}/files"), say!("Back"))}
        {error_summary(&model.errors)}
        {heading(said(CHECK), say!("Nothing is sent until you press the button."))}
        <div id="main-answers">{summary_of(rows)}</div>
        {records(head.records)}
        {notice("info", say!("Pressing the button more than once sends it once."))}
        <form method="post" action=format!("{base}/check")>
            <button class="button">{if head.appeal { say!("Send the appeal") } else { say!("Send the report") }}</button>
        </form>
    }
    .into_any()
}
