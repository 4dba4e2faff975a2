//! Pages are in the language of who reads; what is downloaded does not depend on it.

use super::*;
use crate::{store::Result, transaction, web::testing::Browser};

async fn speak_spanish(browser: &mut Browser) {
    browser.post("/language", &[("language", "es"), ("back", "/")]).await;
}

on_both!(an_edition_asked_for_in_spanish_has_the_same_bytes, |test| {
    let (portal, profile) = scene(test).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    let mut browser = portal.signed_in(&profile).await;
    let english = browser.get("/recovery/archive.zip").await;
    assert_eq!(english.status, StatusCode::OK);
    // As if none had been made yet, at the same moment.
    let db = portal.portal.db().unwrap();
    transaction!(db, |tx| -> Result<()> { sql("DELETE FROM editions").execute(tx).await.map(drop) }).unwrap();
    speak_spanish(&mut browser).await;
    let spanish = browser.get("/recovery/archive.zip").await;
    assert_ne!(header(&english, "etag"), header(&spanish, "etag"), "it was made anew");
    for ((path, bytes), (other, others)) in unpack(&english.body).iter().zip(&unpack(&spanish.body)) {
        assert_eq!((path, String::from_utf8_lossy(bytes)), (other, String::from_utf8_lossy(others)));
    }
    assert_eq!(english.body, spanish.body);
});

on_both!(the_pages_around_the_archive_speak_spanish, |test| {
    let (portal, profile) = scene(test).await;
    open(&portal, Category::Photos).await;
    let mut browser = portal.signed_in(&profile).await;
    speak_spanish(&mut browser).await;
    assert_eq!(browser.get("/recovery/archive.zip").await.status, StatusCode::OK);
    open(&portal, Category::Contacts).await;
    for (path, spanish, english) in [
        ("/recovery/archive", ": ya se puede abrir; 2 recuperados", "Something is new"),
        (
            "/recovery/archive/link",
            "una dirección para el archivo ZIP de todo, preparado el ",
            "put together",
        ),
        (
            "/recovery/archive/link?part=contacts",
            "archivo ZIP de sus contactos, tal como está ahora",
            "as it is now",
        ),
        ("/recovery/archive/to/outlook", "Pulse Administrar contactos y luego Importar contactos.", "Press "),
        ("/account", "Ahora no hay ninguno que funcione.", "Sign out"),
        ("/account/app-passwords", "Crear una contraseña de aplicación", "What is it for?"),
    ] {
        let page = browser.get(path).await.text();
        assert!(page.contains(spanish) && !page.contains(english), "{path}: {page}");
    }
    // A code from another session has ended, which is said in Spanish too.
    let refused = browser.post("/recovery/archive/link", &[("code", "12 34 56")]).await;
    assert!(refused.text().contains("Este código ya no vale"), "{}", refused.text());
});
