//! `/recovery/archive/to`: how to go on from the archive, and the QR code that brings a phone to it.

use app::models::{Destination, DestinationPage, Destinations};
use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use http::header;
use qrcode::{QrCode, render::svg};

use crate::{
    accounts::Subscriber,
    portal::Portal,
    web::{self, View},
};

pub async fn index(State(portal): State<Portal>, _: Subscriber, view: View) -> web::Result {
    Ok(view.page(Destinations { archive: archive(&portal) }))
}

pub async fn page(
    State(portal): State<Portal>,
    _: Subscriber,
    Path(destination): Path<String>,
    view: View,
) -> web::Result {
    let to: Destination = destination.parse().map_err(|()| web::Error::NotFound)?;
    let server = portal.settings.base_url.clone();
    Ok(view.page(DestinationPage { to, archive: archive(&portal), server }))
}

/// The archive's address as a picture: no secret and nothing of the person who asks.
pub async fn qr_code(State(portal): State<Portal>) -> web::Result {
    let code = QrCode::new(archive(&portal))
        .map_err(|error| web::Error::Internal(format!("the archive's address as a QR code: {error}")))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(168, 168).build();
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((headers, drawn).into_response())
}

fn archive(portal: &Portal) -> String {
    format!("{}/recovery/archive", portal.settings.base_url)
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::{on_both, web::testing::TestPortal};

    on_both!(every_destination_has_a_page_for_those_who_are_signed_in, |db| {
        let test = TestPortal::new(db);
        let ada = test.subscriber("a-1", "+12125550101", "data-20").await;
        let mut browser = test.signed_in(&ada).await;
        let index = browser.get("/recovery/archive/to").await.text();
        for to in Destination::ALL {
            assert!(index.contains(&format!("href=\"{}\"", to.href())), "{to:?}");
            let page = browser.get(&to.href()).await;
            assert_eq!(page.status, StatusCode::OK, "{to:?}");
            assert!(page.text().contains("http://127.0.0.1:3000/recovery/archive"), "{to:?}");
            assert_eq!(test.browser().get(&to.href()).await.status, StatusCode::SEE_OTHER, "{to:?}");
        }
        assert_eq!(browser.get("/recovery/archive/to/pager").await.status, StatusCode::NOT_FOUND);
    });

    on_both!(the_qr_code_is_a_picture_of_an_address_and_of_nobody, |db| {
        let test = TestPortal::new(db);
        let answer = test.browser().get("/recovery/archive/qr.svg").await;
        assert_eq!(answer.headers["content-type"], "image/svg+xml");
        let drawn = answer.text();
        assert!(drawn.contains("<svg") && !drawn.contains("style"), "{drawn}");
    });
}
