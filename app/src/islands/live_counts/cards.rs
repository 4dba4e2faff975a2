//! The cards that the server drew, brought up to date in place.
//!
//! A card is the element with `data-category`; its parts are `.count`, `progress`
//! and `.state`, as `pages::recovery::card` draws them. The JSON is
//! `models::CountsUpdate`, read by hand: serde's code would be most of the download.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element};

#[derive(Default)]
pub struct Changes {
    /// A sentence for each card that changed, without its full stop.
    pub news: Vec<String>,
    /// At least one category changed its state and not only its count.
    pub state: bool,
}

/// Writes the counts of `text` into the page and says what is new. What cannot be read changes nothing.
pub fn update(text: &str) -> Changes {
    let mut changes = Changes::default();
    let parsed = JSON::parse(text).ok().and_then(|value| value.dyn_into::<Array>().ok());
    let document = web_sys::window().and_then(|window| window.document());
    if let (Some(updates), Some(document)) = (parsed, document) {
        for update in updates.iter() {
            update_card(&document, &update, &mut changes);
        }
    }
    changes
}

/// Words of the page that the server left at the cards for when they are needed.
pub fn words(attribute: &str) -> String {
    let document = web_sys::window().and_then(|window| window.document());
    let cards = document.and_then(|document| document.query_selector(".categories").ok().flatten());
    cards.and_then(|cards| cards.get_attribute(attribute)).unwrap_or_default()
}

fn update_card(document: &Document, update: &JsValue, changes: &mut Changes) -> Option<()> {
    let category = text_of(update, "category")?;
    let card = document.query_selector(&format!("[data-category=\"{category}\"]")).ok()??;
    let (words, label) = (text_of(update, "words")?, text_of(update, "label")?);
    let recounted = write(&card, ".count", &words);
    let restated = write(&card, ".state", &label);
    if restated {
        let state = part(&card, ".state")?;
        state.set_class_name(&format!("state {}", text_of(update, "state")?));
        changes.state = true;
    }
    if recounted || restated {
        let name = part(&card, "h2").and_then(|title| title.text_content()).unwrap_or(category);
        changes.news.push(format!("{name}: {words}, {label}"));
    }
    move_bar(&card, update)
}

/// The bar never says more than all of it, as in `pieces::bar`.
fn move_bar(card: &Element, update: &JsValue) -> Option<()> {
    let bar = part(card, "progress")?;
    let (found, expected) = (number_of(update, "found")?, number_of(update, "expected")?);
    bar.set_attribute("max", &expected.to_string()).ok()?;
    bar.set_attribute("value", &found.min(expected).to_string()).ok()
}

fn part(card: &Element, selector: &str) -> Option<Element> {
    card.query_selector(selector).ok()?
}

/// Whether the text was another one before.
fn write(card: &Element, selector: &str, text: &str) -> bool {
    match part(card, selector) {
        Some(element) if element.text_content().as_deref() != Some(text) => {
            element.set_text_content(Some(text));
            true
        }
        _ => false,
    }
}

fn text_of(object: &JsValue, key: &str) -> Option<String> {
    Reflect::get(object, &key.into()).ok()?.as_string()
}

fn number_of(object: &JsValue, key: &str) -> Option<f64> {
    Reflect::get(object, &key.into()).ok()?.as_f64()
}
