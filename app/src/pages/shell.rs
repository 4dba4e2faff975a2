//! The document around every page: head, banner, header, main, footer.

use leptos::{config::LeptosOptions, hydration::HydrationScripts, nonce::use_nonce, prelude::*};

use crate::{
    mark,
    models::{Assets, Frame, Visitor},
    render::Script,
    say,
    words::{said, spoken},
};

/// The whole document.
pub fn shell(frame: &Frame, title: &str, script: &Script, body: AnyView) -> AnyView {
    view! {
        <!DOCTYPE html>
        <html lang=spoken().tag()>
            {head(frame, title, script)}
            <body>
                <a class="skip" href="#main">{say!("Skip to the main part")}</a>
                {header(frame)}
                <main id="main" tabindex="-1">{body}</main>
                {footer(frame)}
            </body>
        </html>
    }
    .into_any()
}

fn head(frame: &Frame, title: &str, script: &Script) -> AnyView {
    let title = format!("{title} – {} – {}", frame.product, frame.operator);
    let Assets { stylesheet, icon, manifest, pkg, .. } = frame.assets.clone();
    let script = match script {
        Script::None => None,
        Script::Islands => Some(view! { <HydrationScripts options=hydration(pkg) islands=true/> }.into_any()),
        Script::WithWorker(src) => {
            Some(view! { <script nonce=use_nonce() src=src.clone()></script> }.into_any())
        }
    };
    view! {
        <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{title}</title>
            <meta name="color-scheme" content="light dark"/>
            {frame.demo.is_some().then(|| view! { <meta name="robots" content="noindex"/> })}
            <link rel="stylesheet" href=stylesheet/>
            <link rel="icon" type="image/svg+xml" href=icon/>
            <link rel="manifest" href=manifest/>
            {script}
        </head>
    }
    .into_any()
}

/// File names carry no hash: the folder does, and Leptos would read a file at each render.
fn hydration(pkg: String) -> LeptosOptions {
    LeptosOptions::builder().output_name("app").site_pkg_dir(pkg).hash_files(false).build()
}

fn header(frame: &Frame) -> AnyView {
    let home = if matches!(frame.visitor, Visitor::Staff { .. }) { "/staff" } else { "/" };
    view! {
        <header class="top">
            {frame.demo.clone().map(|sentence| view! { <p class="demo">{sentence}</p> })}
            <div class="wrap">
                <a class="brand" href=home>
                    <b>{frame.operator.clone()}</b>
                    " "
                    <span>{frame.product.clone()}</span>
                </a>
                {navigation(frame)}
            </div>
        </header>
    }
    .into_any()
}

/// Links for whoever looks on, with the page's own section marked.
fn navigation(frame: &Frame) -> AnyView {
    let (links, leave): (&[(&str, &str)], _) = match &frame.visitor {
        Visitor::Nobody => (&[("/status", mark!("Status")), ("/sign-in", mark!("Sign in"))], None),
        Visitor::Subscriber { phone_end } => (
            &[
                ("/recovery", mark!("Recovery")),
                ("/remedies", mark!("Remedies")),
                ("/claims", mark!("Claims")),
                ("/account", mark!("Account")),
            ],
            Some(("/sign-out", say!("Signed in: {phone_end}", phone_end))),
        ),
        Visitor::Staff { name, rooms } => (rooms, Some(("/staff/sign-out", name.clone()))),
    };
    // The longest address that the page lies under: "/staff/payouts" is not "/staff".
    let here = links.iter().map(|(href, _)| *href).filter(|href| lies_under(&frame.path, href));
    let here = here.max_by_key(|href| href.len());
    let links = links.iter().map(|(href, label)| nav_link(href, label, here == Some(href))).collect_view();
    view! {
        <nav aria-label=say!("Main")>
            <ul>{links}</ul>
        </nav>
        {leave.map(|(action, who)| sign_out(action, who))}
    }
    .into_any()
}

fn lies_under(path: &str, href: &str) -> bool {
    path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
}

fn nav_link(href: &'static str, label: &'static str, here: bool) -> AnyView {
    view! { <li><a href=href aria-current=here.then_some("page")>{said(label)}</a></li> }.into_any()
}

fn sign_out(action: &'static str, who: String) -> AnyView {
    view! {
        <form class="leave" method="post" action=action>
            <span>{who}</span>
            <button class="quiet">{say!("Sign out")}</button>
        </form>
    }
    .into_any()
}

fn footer(frame: &Frame) -> AnyView {
    view! {
        <footer>
            <div class="wrap">
                <nav aria-label=say!("About this site")>
                    <ul>
                        <li><a href="/help">{say!("Help")}</a></li>
                        <li><a href="/terms">{say!("Terms")}</a></li>
                        <li><a href="/privacy">{say!("Privacy")}</a></li>
                        <li><a href="/accessibility">{say!("Accessibility")}</a></li>
                        <li><a href="/status">{say!("Status")}</a></li>
                    </ul>
                </nav>
                <p>{frame.operator.clone()}</p>
                {language_form(frame)}
            </div>
        </footer>
    }
    .into_any()
}

/// The way to the other language, in its own words. It is a form, since it changes what is kept.
/// Staff's rooms speak English alone.
fn language_form(frame: &Frame) -> Option<AnyView> {
    if matches!(frame.visitor, Visitor::Staff { .. }) {
        return None;
    }
    let other = spoken().other();
    let form = view! {
        <form class="language" method="post" action="/language">
            <input type="hidden" name="back" value=frame.path.clone()/>
            <button class="quiet" name="language" value=other.tag() lang=other.tag()>{other.name()}</button>
        </form>
    };
    Some(form.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(frame: &Frame, title: &str) -> String {
        Owner::new_root(None)
            .with(|| shell(frame, title, &Script::None, view! { <h1>"Here"</h1> }.into_any()).to_html())
    }

    #[test]
    fn nobody_breaks_out_of_the_title() {
        let html = drawn(&Frame::default(), "</title><script>alert(1)</script>");
        assert!(!html.contains("<script"));
        assert_eq!(html.matches("</title>").count(), 1);
    }

    #[test]
    fn a_document_begins_with_its_type_and_names_its_language() {
        let html = drawn(&Frame::default(), "Home");
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{html}");
    }

    #[test]
    fn the_demo_says_so_and_stays_out_of_search_engines() {
        let demo = Some("Nobody here is real".to_owned());
        let html = drawn(&Frame { demo, ..Default::default() }, "Home");
        assert!(html.contains("<p class=\"demo\">Nobody here is real</p>") && html.contains("noindex"));
        let html = drawn(&Frame::default(), "Home");
        assert!(!html.contains("class=\"demo\"") && !html.contains("noindex"));
    }

    #[test]
    fn the_page_one_is_on_is_marked() {
        let frame = Frame {
            path: "/claims/MG-1".to_owned(),
            visitor: Visitor::Subscriber { phone_end: "…0142".to_owned() },
            ..Default::default()
        };
        let html = drawn(&frame, "Claim");
        assert!(html.contains("<a href=\"/claims\" aria-current=\"page\">Claims</a>"), "{html}");
        assert_eq!(html.matches("aria-current").count(), 1);
        let frame = Frame {
            path: "/staff/cases/MR-1".to_owned(),
            visitor: Visitor::Staff {
                name: "Ana".to_owned(),
                rooms: vec![("/staff", "Find a subscriber"), ("/staff/cases", "Reports and appeals")],
            },
            ..Default::default()
        };
        let html = drawn(&frame, "Report");
        assert!(html.contains("<a href=\"/staff/cases\" aria-current=\"page\">"), "{html}");
        assert_eq!(html.matches("aria-current").count(), 1);
    }
}
