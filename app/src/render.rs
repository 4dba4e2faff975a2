//! From a model to a whole HTML document, in one call.

use leptos::{
    nonce::{provide_nonce, use_nonce},
    prelude::*,
};

use crate::{models::Frame, pages::shell};

/// A model that can be drawn as a page.
pub trait Page: Sized + 'static {
    /// What the browser's tab says, before the operator's name.
    fn title(&self) -> String;

    /// Pages without islands load no script at all.
    fn islands(&self) -> bool {
        false
    }

    /// The page's main part: everything below the header.
    fn view(self) -> AnyView;
}

/// A page ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub html: String,
    /// For `script-src 'nonce-…' 'strict-dynamic' 'wasm-unsafe-eval'`.
    /// `None` on a page that runs no script: then `script-src 'none'` is right.
    pub nonce: Option<String>,
}

/// The whole document of `page` within `frame`, with a nonce of its own where it has islands.
pub fn render<P: Page>(frame: &Frame, page: P) -> Document {
    Owner::new_root(None).with(|| {
        let (title, islands) = (page.title(), page.islands());
        if islands {
            provide_nonce();
        }
        let html = shell(frame, &title, islands, page.view()).to_html();
        Document { html, nonce: use_nonce().map(|nonce| nonce.to_string()) }
    })
}
