//! `/recovery/CATEGORY`: the items of one category, and what is missing.

use leptos::prelude::*;

use super::{
    duplicates::duplicates_notice,
    items::groups,
    month::month,
    recovery::{facts, progress},
};
use crate::{
    models::{CategoryLine, CategoryPage, Jump, MANY, QuarantinedFile},
    pieces::{back, bytes_in_words, heading, pager_links, search_form},
    render::Page,
    say, say_many,
    vocabulary::Category,
};

impl Page for CategoryPage {
    fn title(&self) -> String {
        match self.query.as_str() {
            "" => self.line.title.clone(),
            query => say!("{query} in {category}", query, category = self.line.title),
        }
    }

    fn view(self) -> AnyView {
        category(self)
    }
}

pub fn category(model: CategoryPage) -> AnyView {
    let line = &model.line;
    let base = format!("/recovery/{}", line.category);
    let can_download = line.released && (line.found > 0 || line.quarantined > 0);
    let download = can_download.then(|| download(line, format!("{base}/download")));
    view! {
        {back("/recovery", say!("All categories"))}
        {heading(line.title.clone(), "")}
        <div class="standing">{progress(line)}</div>
        {facts(line)}
        {missing(line)}
        {download}
        {duplicates_notice(model.duplicates)}
        {listing(&base, model)}
    }
    .into_any()
}

/// Search, ways to look, items, pager and the files that could not be read.
pub fn listing(base: &str, model: CategoryPage) -> AnyView {
    let CategoryPage { line, query, .. } = model;
    let searched = !query.is_empty();
    let search = (line.released && line.found > 0).then(|| {
        search_form(
            base.to_owned(),
            say!("Search your {things}", things = line.category.noun(2)),
            query.clone(),
        )
    });
    let outcome = searched.then(|| search_outcome(&query, model.matches, base));
    let heading = (line.released && line.found > 0)
        .then(|| view! { <h2>{say!("Your {things}", things = line.category.noun(2))}</h2> });
    let remarks = model.remarks.into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
    let shown = match model.month {
        Some(shown) => month(shown),
        None => groups(model.groups),
    };
    view! {
        {heading}
        {search}
        {outcome}
        {jumps("views", say!("Ways to look"), model.views)}
        {remarks}
        {jumps("jumps", say!("Go to"), model.jumps)}
        {shown}
        {pager_links(model.pager)}
        {unreadable_files(model.quarantined)}
    }
    .into_any()
}

/// Links to parts of the list, or to other ways to see it.
fn jumps(class: &'static str, name: &'static str, links: Vec<Jump>) -> Option<AnyView> {
    if links.is_empty() {
        return None;
    }
    let links = links
        .into_iter()
        .map(|jump| {
            view! { <li><a href=jump.href aria-current=jump.here.then_some("true")>{jump.label}</a></li> }
        })
        .collect_view();
    Some(view! { <nav class=class aria-label=name><ul>{links}</ul></nav> }.into_any())
}

fn search_outcome(query: &str, matches: i64, base: &str) -> AnyView {
    let words = match matches {
        0 => say!("Nothing matches “{query}”.", query),
        n if n > MANY => say!("More than {many} matches for “{query}”.", many = MANY, query),
        n => say_many!(n, "{n} match for “{query}”.", "{n} matches for “{query}”.", query),
    };
    view! { <p role="status">{words}" "<a href=base.to_owned()>{say!("Show all")}</a></p> }.into_any()
}

fn download(line: &CategoryLine, href: String) -> AnyView {
    let label = say!("Download your {things}", things = line.category.noun(2));
    view! {
        <p>
            <a class="button" href=href download>{label}</a>
        </p>
        <p class="hint">{say!("A ZIP with open formats that every phone and computer reads.")}</p>
        <p><a href=format!("/recovery/archive/link?part={}", line.category)>{say!("Make a download link to it")}</a></p>
    }
    .into_any()
}

/// What has not come back, said plainly, and what to do about it.
fn missing(line: &CategoryLine) -> Option<AnyView> {
    // Of photos with damaged bytes we do know which, and that they may come back.
    let damaged = if line.category == Category::Photos { line.damaged } else { 0 };
    let n = (line.missing() - damaged).max(0);
    if n == 0 || !line.released {
        return None;
    }
    let what = line.category.noun(n);
    let text = match (line.found + damaged, n) {
        (0, 1) => say!("Your one {thing} has not come back. If you think that this is wrong,", thing = what),
        (0, _) => say!(
            "None of your {n} {things} has come back. If you think that this is wrong,",
            n,
            things = what
        ),
        _ => say_many!(
            n,
            "{n} {what} of yours has not come back. We do not know which. If you miss something in particular,",
            "{n} {what} of yours have not come back. We do not know which. If you miss something in particular,",
            what
        ),
    };
    let note = view! {
        <div class="notice warning">
            <p>{text}" "<a href="/reports">{say!("report it")}</a>"."</p>
        </div>
    };
    Some(note.into_any())
}

fn unreadable_files(files: Vec<QuarantinedFile>) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let rows = files
        .into_iter()
        .map(|file| {
            let about = format!("{} · {}", bytes_in_words(file.bytes), file.reason);
            let name = match file.href.is_empty() {
                true => file.path.into_any(),
                false => view! { <a href=file.href download>{file.path}</a> }.into_any(),
            };
            view! { <li>{name}<p class="hint">{about}</p></li> }
        })
        .collect_view();
    let list = view! {
        <h2 id="unreadable">{say!("Files we could not read")}</h2>
        <p>{say!("They are kept exactly as they were found. You can download them: another program may read them.")}</p>
        <ul class="rows">{rows}</ul>
    };
    Some(list.into_any())
}
