//! From the decision to the money.

use super::{Purpose, Template, Voice, voice::Words};
use crate::{
    ambient::Millis,
    messages::{
        Language::{self, En, Es},
        sms::plain,
    },
};

/// What was granted is under way later than was said; `by` is when it is expected now, where that can be said.
pub fn payout_late(voice: &Voice<'_>, number: &str, by: Option<Millis>) -> Template {
    let (operator, day) = (voice.operator(), by.map(|by| voice.day(by)));
    let (when, told) = expected(voice.language, day);
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: what you claimed with {number} is late, sorry. {when}. You need do nothing."
            ),
            subject: format!("Your claim {number}: it takes longer than we said"),
            letter: vec![
                format!("What you claimed with {number} takes longer than we said. We are sorry. {told}"),
                "It is still yours, and you need do nothing.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: lo de su solicitud {number} se retrasa, perdone. {when}. No tiene que hacer nada."
            ),
            subject: format!("Su solicitud {number}: tarda más de lo que dijimos"),
            letter: vec![
                format!("Lo de su solicitud {number} tarda más de lo que dijimos. Lo sentimos. {told}"),
                "Sigue siendo suyo, y no tiene que hacer nada.".into(),
            ],
        },
    };
    voice.say("payout-late", Purpose::Notice, words)
}

/// When what is late comes: for a text message and for an e-mail.
fn expected(language: Language, day: Option<String>) -> (String, String) {
    match (language, day) {
        (En, Some(day)) => (format!("We expect it by {day}"), format!("We expect it by {day}.")),
        (Es, Some(day)) => (format!("Lo esperamos para el {day}"), format!("Lo esperamos para el {day}.")),
        (En, None) => (
            "We are on it".to_owned(),
            "We are on it, and cannot say yet on which day it comes. The page of your claim shows how far it is.".to_owned(),
        ),
        (Es, None) => (
            "Estamos en ello".to_owned(),
            "Estamos en ello, y aún no podemos decir qué día llegará. La página de su solicitud muestra por dónde va.".to_owned(),
        ),
    }
}

/// The code of a gift card waits on the claim's page. It never stands in a message.
pub fn gift_code_ready(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your gift card ({short}) is ready. Sign in to see its code: we never send it. Claim {number}."
            ),
            subject: format!("Your gift card is ready, claim {number}"),
            letter: vec![
                format!("Your gift card, worth {worth}, is ready. Its code is on the page of your claim {number}: sign in to see it."),
                "We never send the code in a message. Whoever has it can spend it, so show it to nobody but the shop.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: su tarjeta de regalo ({short}) ya la espera. Entre en su cuenta para ver la clave; nunca la enviamos. {number}"
            ),
            subject: format!("Su tarjeta de regalo está lista, solicitud {number}"),
            letter: vec![
                format!("Su tarjeta de regalo, por valor de {worth}, está lista. Su código está en la página de su solicitud {number}: inicie sesión para verlo."),
                "Nunca enviamos el código en un mensaje. Quien lo tiene puede gastarlo: no lo muestre más que en la tienda.".into(),
            ],
        },
    };
    voice.say("gift-code-ready", Purpose::Notice, words)
}

/// `provider` sent the card by e-mail itself.
pub fn gift_card_sent(voice: &Voice<'_>, number: &str, worth: &str, provider: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: voice.around(
                &format!("{operator}: your gift card ({short}, {number}) was sent to you by e-mail by "),
                provider,
                ". Look among spam too.",
            ),
            subject: format!("Your gift card is on its way, claim {number}"),
            letter: vec![
                format!(
                    "Your gift card, worth {worth}, was sent to you by e-mail by {provider}, who does this for us. Look among spam too."
                ),
                format!(
                    "The page of your claim {number} says when it was sent and to which address. If it is not there within a day, ask our support."
                ),
            ],
        },
        Es => Words {
            sms: voice.around(
                &format!("{operator}: su tarjeta de regalo ({short}, {number}) fue enviada por e-mail por "),
                provider,
                ". Mire también en el spam.",
            ),
            subject: format!("Su tarjeta de regalo está en camino, solicitud {number}"),
            letter: vec![
                format!(
                    "{provider}, que lo hace por encargo nuestro, le ha enviado por correo electrónico su tarjeta de regalo, por valor de {worth}. Mire también en el correo no deseado."
                ),
                format!(
                    "La página de su solicitud {number} dice cuándo se envió y a qué dirección. Si no llega en un día, pregunte a nuestro servicio de ayuda."
                ),
            ],
        },
    };
    voice.say("gift-card-sent", Purpose::Notice, words)
}

/// The operator's billing has taken the credit.
pub fn credit_on_bill(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your credit of {short} is on your bill. You need do nothing more. Claim {number}."
            ),
            subject: format!("Your credit is on your bill, claim {number}"),
            letter: vec![format!(
                "The credit of {worth} for your claim {number} is on your bill. You need do nothing more."
            )],
        },
        Es => Words {
            sms: format!(
                "{operator}: su crédito de {short} aparece en su factura. No tiene que hacer nada. Solicitud {number}."
            ),
            subject: format!("Su crédito está en su factura, solicitud {number}"),
            letter: vec![format!(
                "El crédito de {worth} de su solicitud {number} está en su factura. No tiene que hacer nada más."
            )],
        },
    };
    voice.say("credit-on-bill", Purpose::Notice, words)
}

/// A card went out by post.
pub fn gift_card_posted(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your gift card ({short}) is in the post. It may take some days. Claim {number}."
            ),
            subject: format!("Your gift card is in the post, claim {number}"),
            letter: vec![format!(
                "Your gift card, worth {worth}, is in the post. It may take some days. The page of your claim {number} says when it left."
            )],
        },
        Es => Words {
            sms: format!(
                "{operator}: su tarjeta de regalo ({short}) va por correo postal. Solicitud {number}."
            ),
            subject: format!("Su tarjeta de regalo va por correo, solicitud {number}"),
            letter: vec![format!(
                "Su tarjeta de regalo, por valor de {worth}, va por correo postal. Puede tardar unos días. La página de su solicitud {number} dice cuándo salió."
            )],
        },
    };
    voice.say("gift-card-posted", Purpose::Notice, words)
}

/// It came back to us: an address was wrong, a card was refused.
pub fn payout_returned(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: {short} for claim {number} came back to us. It is still yours. Sign in to choose how to get it."
            ),
            subject: format!("Your claim {number}: it came back to us"),
            letter: vec![
                format!("We sent what you claimed with {number}, worth {worth}, and it came back to us. It is still yours."),
                "Sign in and choose on the page of your claim how to get it. If you do nothing, a person looks at it and writes to you.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: el pago de {number} ({short}) nos fue devuelto. Sigue siendo suyo. Entre en su cuenta y elija otra forma."
            ),
            subject: format!("Su solicitud {number}: el pago nos fue devuelto"),
            letter: vec![
                format!("Enviamos lo de su solicitud {number}, por valor de {worth}, y nos fue devuelto. Sigue siendo suyo."),
                "Inicie sesión y elija en la página de su solicitud cómo quiere recibirlo. Si no hace nada, una persona lo mirará y le escribirá.".into(),
            ],
        },
    };
    voice.say("payout-returned", Purpose::Notice, words)
}

/// It could not be carried out, and a person looks at it.
pub fn payout_failed(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: {short} for claim {number} could not be paid yet. It is still yours. A person is on it; you need do nothing."
            ),
            subject: format!("Your claim {number}: it could not be paid yet"),
            letter: vec![
                format!(
                    "What you claimed with {number}, worth {worth}, could not be paid yet. It is still yours."
                ),
                "A person looks at it, and we write to you again. You need do nothing.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: el pago de {number} ({short}) no pudo hacerse. Sigue siendo suyo. Una persona lo revisa; no tiene que hacer nada."
            ),
            subject: format!("Su solicitud {number}: aún no se ha podido pagar"),
            letter: vec![
                format!(
                    "Lo de su solicitud {number}, por valor de {worth}, aún no se ha podido pagar. Sigue siendo suyo."
                ),
                "Una persona lo revisa, y le escribiremos de nuevo. No tiene que hacer nada.".into(),
            ],
        },
    };
    voice.say("payout-failed", Purpose::Notice, words)
}

/// A person gave up on paying it; why stands on the claim's page.
pub fn payout_closed(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: claim {number} ({short}) is closed and will not be paid. Sign in to read why, and what you can do."
            ),
            subject: format!("Your claim {number} is closed and will not be paid"),
            letter: vec![
                format!("What you claimed with {number}, worth {worth}, will not be paid: we have closed the claim."),
                "Sign in: the page of your claim says why. You can ask us there to look again, or ask our support.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: la solicitud {number} ({short}) se ha cerrado sin pago. Entre en su cuenta: le decimos por qué."
            ),
            subject: format!("Su solicitud {number} se ha cerrado y no se pagará"),
            letter: vec![
                format!("Lo de su solicitud {number}, por valor de {worth}, no se pagará: hemos cerrado la solicitud."),
                "Inicie sesión: la página de su solicitud dice por qué. Allí puede pedirnos que lo revisemos, o preguntar a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("payout-closed", Purpose::Notice, words)
}
