//! Links for download managers.

use leptos::prelude::*;

use crate::{
    models::{DownloadLink, LinkMade},
    pieces::{bytes_in_words, heading, notice},
    render::Page,
};

impl Page for LinkMade {
    fn title(&self) -> String {
        "Your download link".to_owned()
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
        ("aria2, over four connections", format!("aria2c -x4 '{address}'")),
    ];
    let ways = ways.map(|(name, command)| view! { <dt>{name}</dt><dd><code>{command}</code></dd> });
    let about = format!(
        "It leads to the ZIP as it was put together on {}, {}. It works until {}.",
        model.edition,
        bytes_in_words(model.bytes),
        model.until
    );
    view! {
        {heading("Your download link", "Copy it now: it is not shown again.")}
        <p class="command"><code>{address.clone()}</code></p>
        <p>{about}</p>
        {notice("warning", "Whoever has this address has your data, without signing in. Give it to nobody. You can end it on your account page.")}
        <h2>"With a program"</h2>
        <p>"Each of these goes on where it stopped when you run it again."</p>
        <dl class="commands">{ways.into_iter().collect_view()}</dl>
        {model.sha256.map(|sha256| sum(name, sha256))}
        <p><a href="/recovery/archive">"Back to the download"</a></p>
    }
    .into_any()
}

/// What proves the whole file.
fn sum(name: String, sha256: String) -> AnyView {
    view! {
        <h2>"To check the whole file"</h2>
        <p>"Its SHA-256, as "<code>"sha256sum"</code>" shows it:"</p>
        <p class="command"><code>{format!("{sha256}  {name}")}</code></p>
    }
    .into_any()
}

/// The part of `/account`.
pub fn links(list: Vec<DownloadLink>) -> AnyView {
    let nothing = list.is_empty().then(|| view! { <p>"There is none that works now."</p> });
    let rows = list.into_iter().map(row).collect_view();
    view! {
        <h2 id="links">"Download links"</h2>
        <p>"A link downloads your data without signing in, for 24 hours. "<a href="/recovery/archive">"Make one where you download everything"</a>". Signing out everywhere ends them all."</p>
        {nothing}
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

fn row(link: DownloadLink) -> AnyView {
    let about = format!("Made {}. Works until {}. Last used: {}.", link.made, link.until, link.used);
    view! {
        <li>
            <h3>{link.what.clone()}</h3>
            <p>{about}</p>
            <form method="post" action=link.end>
                <button class="button secondary">"End "<span class="hidden">{format!("the link to {}", link.what)}</span></button>
            </form>
        </li>
    }
    .into_any()
}
