//! From a model to a whole HTML document, in one call.

use leptos::{
    nonce::{provide_nonce, use_nonce},
    prelude::*,
};

use crate::{
    models::{Assets, Frame},
    pages::shell,
};

/// A model that can be drawn as a page.
pub trait Page: Sized + 'static {
    /// What the browser's tab says, before the operator's name.
    fn title(&self) -> String;

    /// Pages without islands load no script at all, as a rule.
    fn islands(&self) -> bool {
        false
    }

    /// What the page runs.
    fn script(&self, _assets: &Assets) -> Script {
        if self.islands() { Script::Islands } else { Script::None }
    }

    /// The page's main part: everything below the header.
    fn view(self) -> AnyView;
}

/// What a page may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Script {
    None,
    Islands,
    /// The script at this address, which starts a worker.
    WithWorker(String),
}

/// A page ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub html: String,
    /// For `script-src 'nonce-…' 'strict-dynamic' 'wasm-unsafe-eval'`.
    /// `None` on a page that runs no script: then `script-src 'none'` is right.
    pub nonce: Option<String>,
    /// Whether the script is one that starts a worker, instead of the islands'.
    pub starts_worker: bool,
}

/// The whole document of `page` within `frame`, with a nonce of its own where it has islands.
pub fn render<P: Page>(frame: &Frame, page: P) -> Document {
    Owner::new_root(None).with(|| {
        let (title, script) = (page.title(), page.script(&frame.assets));
        if script != Script::None {
            provide_nonce();
        }
        let html = shell(frame, &title, &script, page.view()).to_html();
        let starts_worker = matches!(script, Script::WithWorker(_));
        Document { html, nonce: use_nonce().map(|nonce| nonce.to_string()), starts_worker }
    })
}
