//! A gift card's code.

use leptos::prelude::*;

use crate::{
    models::GiftCode,
    pieces::{back, heading, notice},
    render::Page,
};

impl Page for GiftCode {
    fn title(&self) -> String {
        "Your gift card's code".to_owned()
    }

    fn view(self) -> AnyView {
        gift_code(self)
    }
}

pub fn gift_code(model: GiftCode) -> AnyView {
    let claim = format!("/claims/{}", model.claim);
    let pin = model.pin.map(|pin| {
        view! { <h2>"Its PIN"</h2><p class="command"><code>{pin}</code></p> }
    });
    view! {
        {back(claim, "Back to your claim")}
        {heading("Your gift card's code", format!("{}, worth {}", model.remedy, model.worth))}
        <p class="command"><code>{model.code}</code></p>
        {pin}
        {notice("warning", "Whoever has this code can spend the card. We never ask you for it, by phone or by message. You can come back and see it again.")}
    }
    .into_any()
}
