//! What a person says and reads in Spanish, the staff read in English, on both engines.

use http::StatusCode;

use super::{Role, claim_tests::approved_first, tests::member};
use crate::{
    on_both,
    recovery::reports::tests::drafted,
    remedies::tests::{affected, claim_by_form},
    web::testing::{Browser, TestPortal},
};

const REASON: &str = "The account was entered twice";

async fn speak(browser: &mut Browser, language: &str) {
    let answer = browser.post("/language", &[("language", language), ("back", "/")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// The page says all of `words`, and none of what it says in the other language.
async fn says(browser: &mut Browser, path: &str, words: &[&str], others: &[&str]) {
    let page = browser.get(path).await;
    let text = page.text();
    assert_eq!(page.status, StatusCode::OK, "{path}: {text}");
    for word in words {
        assert!(text.contains(word), "{path} lacks {word:?}: {text}");
    }
    for other in others {
        assert!(!text.contains(other), "{path} says {other:?}: {text}");
    }
}

on_both!(a_claim_is_made_and_followed_in_spanish_and_decided_on_in_english, |db| {
    let test = TestPortal::with_incident(db, &approved_first());
    let (_, mut ada) = affected(&test).await;
    speak(&mut ada, "es").await;
    let wishes = [("news", "none"), ("language", "es"), ("quiet_from", "21:00"), ("quiet_until", "21:00")];
    assert_eq!(ada.post("/account/messages/wishes", &wishes).await.status, StatusCode::SEE_OTHER);
    let fact = "El fallo le afectó: hasta ahora se han recuperado 64 de 300 contactos";
    says(&mut ada, "/remedies", &["Qué puede solicitar", fact], &["You were affected", "Claim this"]).await;
    let way = &["¿Cómo quiere recibirlo?", "Por correo electrónico", "En su factura"];
    says(&mut ada, "/remedies/gift-card/way", way, &["By e-mail<", "How should it"]).await;
    let claim = claim_by_form(&mut ada, "gift-card").await.location().to_owned();
    let waits = "Una persona de nuestro equipo la revisa antes de aprobarla";
    let page = &["<b>Recibida</b>", waits, "Por correo electrónico, a…@example.com", "Sus derechos"];
    says(&mut ada, &claim, page, &["Received", "A member of our staff", "By e-mail, a"]).await;

    let mut grace = member(&test, Role::Finance).await;
    let story = &[
        "By e-mail, a…@example.com",
        "64 of 300 contacts have come back so far",
        "It is for people who were affected",
    ];
    says(&mut grace, &format!("/staff{claim}"), story, &["se han recuperado", "afectadas"]).await;
    let queue = &["A $100 gift card", "A member of our staff looks at it"];
    says(&mut grace, "/staff/claims", queue, &["Por correo", "nuestro equipo"]).await;
    let no = grace.post(&format!("/staff{claim}/decline"), &[("rule", "1"), ("reason", REASON)]).await;
    assert_eq!(no.status, StatusCode::SEE_OTHER);

    let rule = "Es para personas afectadas";
    let why =
        format!("La regla: {rule}. El motivo: {REASON}. Nuestros registros cuando presentó la solicitud:");
    says(&mut ada, &claim, &["<b>No aprobada</b>", &why, fact], &["The rule:", "Declined"]).await;
    // Messages wait for no quiet hours here, and quote the rule in their own language.
    says(&mut ada, "/account/messages", &["SMS a …0101", "no aprobamos", rule], &["people who were"]).await;
    speak(&mut ada, "en").await;
    let english = &["<b>Declined</b>", "The rule: It is for people who were affected. Why:"];
    says(&mut ada, &claim, english, &["La regla", "El fallo le"]).await;
});

on_both!(a_report_is_written_in_spanish_and_read_in_english_by_staff, |db| {
    let test = TestPortal::new(db);
    let (_, mut ada) = affected(&test).await;
    speak(&mut ada, "es").await;
    let draft = drafted(&mut ada, "Faltan Ana y Bo").await;
    says(&mut ada, &draft, &["¿Cuántos, más o menos?", "Recuperado: 64 de 300"], &["About how many"]).await;
    let case = ada.post(&format!("{draft}/check"), &[]).await.location().to_owned();
    let told = &["Su aviso está enviado", "Usted avisó de esto", "Faltan Ana y Bo", "Recuperado: 64 de 300"];
    says(&mut ada, &case, told, &["You reported", "64 of 300"]).await;
    says(&mut ada, "/reports", &["Aviso sobre", "Lo tenemos"], &["Report about", "We have it"]).await;

    let mut grace = member(&test, Role::Admin).await;
    let page = format!("/staff{}", case.replace("/reports/", "/cases/"));
    let story = grace.get(&page).await.text();
    assert_eq!(story.matches("64 of 300 recovered. State:").count(), 2, "then and now: {story}");
    assert!(story.contains("Faltan Ana y Bo") && !story.contains("Recuperado"), "{story}");
});
