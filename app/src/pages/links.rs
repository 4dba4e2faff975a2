//! Links for download managers.

use leptos::prelude::*;

use crate::{
    models::{DownloadLink, LinkMade},
    pieces::{bytes_in_words, heading, notice},
    render::Page,
    say,
};

impl Page for LinkMade {
    fn title(&self) -> String {
        say!("Your download link").to_owned()
    }

    fn view(self) -> AnyView {
        link_made(self)
    }
}

pub fn link_made(model: LinkMade) -> AnyView {
    let (address, name) = (model.address, model.file_name);
    let ways = [
        ("curl", format!("curl -C - -o {name} '{address}'")),
        ("wget", format!("wget -c '{address}'")),
        (say!("aria2, over four connections"), format!("aria2c -x4 '{address}'")),
    ];
    let ways = ways.map(|(name, command)| view! { <dt>{name}</dt><dd><code>{command}</code></dd> });
    let about = say!(
        "It leads to the ZIP as it was put together on {edition}, {size}. It works until {until}.",
        edition = model.edition,
        size = bytes_in_words(model.bytes),
        until = model.until
    );
    view! {
        {heading(say!("Your download link"), say!("Copy it now: it is not shown again."))}
        <p class="command"><code>{address.clone()}</code></p>
        <p>{about}</p>
        {notice("warning", say!("Whoever has this address has your data, without signing in. Give it to nobody. You can end it on your account page."))}
        <h2>{say!("With a program")}</h2>
        <p>{say!("Each of these goes on where it stopped when you run it again.")}</p>
        <dl class="commands">{ways.into_iter().collect_view()}</dl>
        {model.sha256.map(|sha256| sum(name, sha256))}
        <p><a href="/recovery/archive">{say!("Back to the download")}</a></p>
    }
    .into_any()
}

/// What proves the whole file.
fn sum(name: String, sha256: String) -> AnyView {
    view! {
        <h2>{say!("To check the whole file")}</h2>
        <p>{say!("Its SHA-256, as shown by")}" "<code>"sha256sum"</code>":"</p>
        <p class="command"><code>{format!("{sha256}  {name}")}</code></p>
    }
    .into_any()
}

/// The part of `/account`.
pub fn links(list: Vec<DownloadLink>) -> AnyView {
    let nothing = list.is_empty().then(|| view! { <p>{say!("There is none that works now.")}</p> });
    let rows = list.into_iter().map(row).collect_view();
    view! {
        <h2 id="links">{say!("Download links")}</h2>
        <p>{say!("A link downloads your data without signing in, for 24 hours.")}" "<a href="/recovery/archive">{say!("Make one where you download everything")}</a>". "{say!("Signing out everywhere ends them all.")}</p>
        {nothing}
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

fn row(link: DownloadLink) -> AnyView {
    let about = say!(
        "Made {made}. Works until {until}. Last used: {used}.",
        made = link.made,
        until = link.until,
        used = link.used
    );
    view! {
        <li>
            <h3>{link.what.clone()}</h3>
            <p>{about}</p>
            <form method="post" action=link.end>
                <button class="button secondary">{say!("End")}" "<span class="hidden">{say!("the link to {what}", what = link.what)}</span></button>
            </form>
        </li>
    }
    .into_any()
}
