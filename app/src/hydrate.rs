//! Where the browser's half starts.

/// Called by the page's hydration script once the WebAssembly is loaded; wakes every island on the page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
