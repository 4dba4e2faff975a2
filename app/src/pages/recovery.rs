//! `/recovery`: every category, what came back of it and what happens next.

use leptos::prelude::*;

use crate::{
    islands::LiveCounts,
    models::{CategoryLine, Overview},
    pieces::{bar, heading},
    render::Page,
    say, say_many,
    vocabulary::{Category, CategoryState},
};

impl Page for Overview {
    fn title(&self) -> String {
        say!("Your recovery").to_owned()
    }

    fn islands(&self) -> bool {
        self.affected
    }

    fn view(self) -> AnyView {
        recovery(self)
    }
}

pub fn recovery(model: Overview) -> AnyView {
    if !model.affected {
        return unaffected();
    }
    let open = model.lines.iter().any(|line| line.released && line.found > 0);
    let lines = model.lines.into_iter().map(|line| card(line, "/recovery")).collect_view();
    view! {
        {heading(say!("Your recovery"), say!("What we have brought back so far, and what is still missing."))}
        <p class="hint">{say!("Counted {moment}.", moment = model.as_of)}</p>
        <LiveCounts/>
        {open.then(take_everything)}
        <ul
            class="categories"
            data-again=say!("Load the page again to see all of it")
            data-signed-out=say!("You are signed out.")
        >
            {lines}
        </ul>
        {model.can_claim.then(compensation)}
        <h2>{say!("Something missing or wrong?")}</h2>
        <p><a href="/reports">{say!("How to report it")}</a></p>
    }
    .into_any()
}

fn unaffected() -> AnyView {
    view! {
        {heading(say!("Nothing of yours was lost"), "")}
        <p>{say!("We looked for your account among the data that the outage touched and did not find it. What you had before is where it was, and you need to do nothing.")}</p>
        <p>{say!("Do you think that this is wrong?")}" "<a href="/reports">{say!("Tell us")}</a>{say!(", and a person will look. You can also ask us to look again at a")}" "<a href="/remedies">{say!("remedy that is refused")}</a>"."</p>
        <p><a href="/status">{say!("How the recovery goes for everyone")}</a></p>
    }
    .into_any()
}

fn take_everything() -> AnyView {
    view! {
        <p><a class="button" href="/recovery/archive">{say!("Download everything")}</a></p>
    }
    .into_any()
}

fn compensation() -> AnyView {
    view! {
        <h2>{say!("Compensation")}</h2>
        <p>{say!("You can claim what was promised. It limits no right you have.")}</p>
        <p><a class="button secondary" href="/remedies">{say!("See what you can claim")}</a></p>
    }
    .into_any()
}

/// One category's name, count and state, in this order. The live island finds its parts
/// by `data-category` and by class.
pub fn card(line: CategoryLine, base: &str) -> AnyView {
    let href = format!("{base}/{}", line.category);
    view! {
        <li data-category=line.category.slug()>
            <h2><a href=href>{line.title.clone()}</a></h2>
            {progress(&line)}
            {facts(&line)}
        </li>
    }
    .into_any()
}

/// Count, bar and state.
pub fn progress(line: &CategoryLine) -> AnyView {
    view! {
        <p class="count">{line.words()}</p>
        {bar(line.found, line.expected)}
        <p class=format!("state {}", line.state.slug())>{line.state.label()}</p>
    }
    .into_any()
}

/// What the state means, since when the expected number holds, and what could not be read.
pub fn facts(line: &CategoryLine) -> AnyView {
    let verdict = line.verdict.clone().map(|reason| view! { <p>{reason}</p> });
    let as_of = line.as_of.as_ref().zip(line.expected).map(|(date, expected)| {
        view! { <p class="hint">{say!("There were {expected} at the last sync, as of {date}.", expected, date)}</p> }
    });
    view! {
        <p>{meaning(line)}</p>
        {(!line.note.is_empty()).then(|| view! { <p>{line.note.clone()}</p> })}
        {verdict}
        {as_of}
        {unreadable(line)}
        {damaged(line)}
    }
    .into_any()
}

/// The state's own explanation, but never "nothing found" beside files that were.
fn meaning(line: &CategoryLine) -> &'static str {
    match line.state {
        CategoryState::Awaiting if line.quarantined > 0 => {
            say!(
                "We have found files, but nothing in them that we can read yet. The files are kept as they are."
            )
        }
        CategoryState::Restored if line.found == 0 => {
            say!("There was nothing here at the last sync, so nothing is missing.")
        }
        state => state.explanation(),
    }
}

fn unreadable(line: &CategoryLine) -> Option<AnyView> {
    let text = match line.quarantined {
        ..=0 => return None,
        n => say_many!(
            n,
            "{n} file could not be read. It is kept as it was found.",
            "{n} files could not be read. They are kept as they were found."
        ),
    };
    Some(view! { <p class="hint">{text}</p> }.into_any())
}

/// A photo is its bytes; everything else was read out of its file before the file rotted.
fn damaged(line: &CategoryLine) -> Option<AnyView> {
    let text = match (line.category, line.damaged) {
        (_, ..=0) => return None,
        (Category::Photos, n) => say_many!(
            n,
            "We have the record of {n} photo, but its stored bytes are damaged. We keep trying to recover it.",
            "We have the records of {n} photos, but their stored bytes are damaged. We keep trying to recover them."
        ),
        (_, n) => say_many!(
            n,
            "{n} file that these came in is damaged in our storage. What was read from it is here. We keep trying to recover the file.",
            "{n} files that these came in are damaged in our storage. What was read from them is here. We keep trying to recover the files."
        ),
    };
    Some(view! { <p class="hint">{text}</p> }.into_any())
}
