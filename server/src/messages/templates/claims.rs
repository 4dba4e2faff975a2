//! From asking for a remedy to the decision.

use super::{Purpose, Template, Voice, voice::Words};
use crate::messages::{
    Language::{self, En, Es},
    sms::plain,
};

/// A remedy was claimed, and waits for somebody who looks at it.
pub fn claim_received(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: we have your claim {number} ({short}). A person checks it. Sign in to follow it. If it was not you, ask our support."
            ),
            subject: format!("We have your claim {number}"),
            letter: vec![
                format!("We have your claim {number}, worth {worth}. A person checks it before it is granted; you need do nothing meanwhile."),
                "We write to you again when it is decided. On the page of your claim you see each step with its time.".into(),
                "If it was not you who claimed, please tell our support at once.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: tenemos su solicitud {number} ({short}). Una persona la revisa: vea su cuenta. Si no fue usted, avise a nuestra ayuda."
            ),
            subject: format!("Tenemos su solicitud {number}"),
            letter: vec![
                format!("Tenemos su solicitud {number}, por valor de {worth}. Una persona la revisa antes de aprobarla; mientras tanto, usted no tiene que hacer nada."),
                "Le escribiremos de nuevo cuando esté decidida. En la página de su solicitud verá cada paso con su hora.".into(),
                "Si no fue usted quien la presentó, avise enseguida a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("claim-received", Purpose::Receipt, words)
}

/// A remedy was claimed, and waits for room in its budget.
pub fn claim_waits(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: we have your claim {number} ({short}). It waits for room in the budget. If it was not you, ask our support."
            ),
            subject: format!("We have your claim {number}"),
            letter: vec![
                format!("We have your claim {number}, worth {worth}. It waits until there is room for it in the budget: whoever claimed first is given it first, and your claim keeps its place. You need do nothing meanwhile."),
                "We write to you again when there is room for it. On the page of your claim you see each step with its time.".into(),
                "If it was not you who claimed, please tell our support at once.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: tenemos su solicitud {number} ({short}). Espera a que haya presupuesto. Si no fue usted, avise a nuestra ayuda."
            ),
            subject: format!("Tenemos su solicitud {number}"),
            letter: vec![
                format!("Tenemos su solicitud {number}, por valor de {worth}. Espera a que haya lugar para ella en el presupuesto: quien la presentó antes la recibe antes, y la suya conserva su lugar. Mientras tanto, usted no tiene que hacer nada."),
                "Le escribiremos de nuevo cuando haya presupuesto para ella. En la página de su solicitud verá cada paso con su hora.".into(),
                "Si no fue usted quien la presentó, avise enseguida a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("claim-waits", Purpose::Receipt, words)
}

/// There is room in the budget for a claim that waited for it.
pub fn claim_has_room(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: there is room in the budget now, and your claim {number} ({short}) is granted. You need do nothing more."
            ),
            subject: format!("Your claim {number} is granted"),
            letter: vec![
                format!(
                    "There is room in the budget now, and your claim {number}, worth {worth}, is granted. You need do nothing more."
                ),
                "On the page of your claim you see what happens when.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: ya hay presupuesto, y su solicitud {number} ({short}) fue aprobada. No tiene que hacer nada."
            ),
            subject: format!("Su solicitud {number} está aprobada"),
            letter: vec![
                format!(
                    "Ya hay presupuesto para su solicitud {number}, por valor de {worth}, y está aprobada. No tiene que hacer nada más."
                ),
                "En la página de su solicitud verá qué ocurre y cuándo.".into(),
            ],
        },
    };
    voice.say("claim-has-room", Purpose::Notice, words)
}

/// It should have been paid by now, and is not even decided: nothing is promised yet.
pub fn claim_late(voice: &Voice<'_>, number: &str) -> Template {
    let operator = voice.operator();
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your claim {number} takes longer than we said, sorry. It is not decided yet. You need do nothing."
            ),
            subject: format!("Your claim {number}: it takes longer than we said"),
            letter: vec![
                format!(
                    "Your claim {number} takes longer than we said. We are sorry. We have not decided on it yet."
                ),
                "It keeps its place, and you need do nothing: we write to you when it is decided. The page of your claim shows what it waits for.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: su solicitud {number} se retrasa, perdone. Sigue sin decidir. No tiene que hacer nada."
            ),
            subject: format!("Su solicitud {number}: tarda más de lo que dijimos"),
            letter: vec![
                format!(
                    "Su solicitud {number} tarda más de lo que dijimos. Lo sentimos. Todavía no hemos decidido sobre ella."
                ),
                "Conserva su lugar, y usted no tiene que hacer nada: le escribiremos cuando esté decidida. La página de su solicitud muestra a qué espera.".into(),
            ],
        },
    };
    voice.say("claim-late", Purpose::Notice, words)
}

/// A remedy was claimed and given at once; also tells the owner of the phone if it was not they.
pub fn claim_granted(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your claim {number} ({short}) is granted. You need do nothing. If it was not you, ask our support."
            ),
            subject: format!("Your claim {number} is granted"),
            letter: vec![
                format!("Your claim {number}, worth {worth}, is granted. You need do nothing more."),
                "On the page of your claim you see what happens when, and a receipt to print.".into(),
                "If it was not you who claimed, please tell our support at once.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: su solicitud {number} ({short}) fue aprobada. No tiene que hacer nada. Si no fue usted, avise a nuestra ayuda."
            ),
            subject: format!("Su solicitud {number} está aprobada"),
            letter: vec![
                format!(
                    "Su solicitud {number}, por valor de {worth}, está aprobada. No tiene que hacer nada más."
                ),
                "En la página de su solicitud verá qué ocurre y cuándo, y un recibo para imprimir.".into(),
                "Si no fue usted quien la presentó, avise enseguida a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("claim-granted", Purpose::Receipt, words)
}

/// A claim that waited was approved, or an appeal was.
pub fn claim_approved(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your claim {number} ({short}) is granted. You need do nothing more. Sign in to follow it."
            ),
            subject: format!("Your claim {number} is granted"),
            letter: vec![
                format!(
                    "Your claim {number}, worth {worth}, was checked and is granted. You need do nothing more."
                ),
                "On the page of your claim you see what happens when.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: su solicitud {number} ({short}) fue aprobada. No tiene que hacer nada. Puede seguirla en su cuenta."
            ),
            subject: format!("Su solicitud {number} está aprobada"),
            letter: vec![
                format!(
                    "Hemos revisado su solicitud {number}, por valor de {worth}, y está aprobada. No tiene que hacer nada más."
                ),
                "En la página de su solicitud verá qué ocurre y cuándo.".into(),
            ],
        },
    };
    voice.say("claim-approved", Purpose::Notice, words)
}

/// A claim was not granted. `rule` is the sentence that decided it, as the person reads it on the claim's page.
pub fn claim_declined(voice: &Voice<'_>, number: &str, rule: &str) -> Template {
    let operator = voice.operator();
    let words = match voice.language {
        En => Words {
            sms: voice.around(
                &format!("{operator}: your claim {number} is declined. "),
                rule,
                " You can appeal: sign in to see how.",
            ),
            subject: format!("Your claim {number} is declined"),
            letter: vec![
                format!("We could not grant your claim {number}, for this reason:"),
                rule.to_owned(),
                "The page of your claim shows the facts in our records that decided it. If they are wrong, or you see it otherwise, you can appeal there; a person reads it. Declining takes no right from you.".into(),
            ],
        },
        Es => Words {
            sms: voice.around(
                &format!("{operator}: no aprobamos su solicitud {number}. "),
                rule,
                " Puede recurrir: entre en su cuenta.",
            ),
            subject: format!("No hemos aprobado su solicitud {number}"),
            letter: vec![
                format!("No hemos podido aprobar su solicitud {number}, por este motivo:"),
                rule.to_owned(),
                "La página de su solicitud muestra los datos de nuestros registros que lo decidieron. Si no son correctos, o usted lo ve de otra manera, allí puede recurrir; una persona lo leerá. Esta decisión no le quita ningún derecho.".into(),
            ],
        },
    };
    voice.say("claim-declined", Purpose::Notice, words)
}

/// What staff claimed for somebody was ended by a second member, and binds them to nothing.
pub fn claim_ended(voice: &Voice<'_>, number: &str) -> Template {
    let operator = voice.operator();
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: claim {number}, which our staff made for you, was not approved. It binds you to nothing: see what you can claim."
            ),
            subject: format!("Claim {number}, which our staff made for you, was not approved"),
            letter: vec![
                format!("A member of our staff made claim {number} for you. It was to go to an address that is not your account's, and a second member did not approve it."),
                "Nothing is paid for it, and it counts for nothing: you can claim for yourself while it can be claimed, as if that claim had never been made, and else ask us to look again. The page of the claim says why.".into(),
                "If you know of nobody who asked for it, please tell our support.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: no aprobamos la solicitud {number}, hecha por nuestro personal para usted. No le obliga a nada: vea qué puede pedir."
            ),
            subject: format!("No hemos aprobado la solicitud {number}, hecha por nuestro personal para usted"),
            letter: vec![
                format!("Una persona de nuestro equipo hizo la solicitud {number} para usted. Iba a una dirección que no es la de su cuenta, y una segunda persona no la aprobó."),
                "No se paga nada por ella y no cuenta: usted puede presentar la suya mientras se pueda solicitar, como si aquella no se hubiera hecho, y si no, pedirnos que lo revisemos. La página de la solicitud dice por qué.".into(),
                "Si no sabe de nadie que la pidiera, avise a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("claim-ended", Purpose::Notice, words)
}

/// Another way to get it was chosen; `way` is the delivery's slug.
pub fn claim_changed(voice: &Voice<'_>, number: &str, way: &str) -> Template {
    let (operator, by) = (voice.operator(), way_in_words(voice.language, way));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: what you claimed with {number} now comes {by}. If it was not you, ask our support at once."
            ),
            subject: format!("Your claim {number} was changed"),
            letter: vec![
                format!(
                    "As you chose, what you claimed with {number} now comes {by}. You can change it until the payout starts."
                ),
                "If it was not you who changed it, please tell our support at once.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: lo de su solicitud {number} ahora le llega {by}. Si no fue usted, avise enseguida a nuestra ayuda."
            ),
            subject: format!("Su solicitud {number} ha cambiado"),
            letter: vec![
                format!(
                    "Como usted eligió, lo de su solicitud {number} ahora le llega {by}. Puede cambiarlo hasta que empiece el pago."
                ),
                "Si no fue usted quien lo cambió, avise enseguida a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("claim-changed", Purpose::Receipt, words)
}

/// "by e-mail": how what was claimed comes, by a delivery's slug.
fn way_in_words(language: Language, way: &str) -> &'static str {
    match (language, way) {
        (En, "bill") => "on your bill",
        (En, "email") => "by e-mail",
        (En, "post") => "by post",
        (En, "sms") => "by text message",
        (En, "site") => "on your page here",
        (En, _) => "another way",
        (Es, "bill") => "en su factura",
        (Es, "email") => "por e-mail",
        (Es, "post") => "por correo postal",
        (Es, "sms") => "por SMS",
        (Es, "site") => "en su cuenta",
        (Es, _) => "de otra forma",
    }
}

/// The person took the claim back. `again`: by today's records they can make another.
pub fn claim_withdrawn(voice: &Voice<'_>, number: &str, again: bool) -> Template {
    let operator = voice.operator();
    let (short, then) = after_withdrawal(voice.language, again);
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: your claim {number} is withdrawn, as you asked. {short} If it was not you, ask our support at once."
            ),
            subject: format!("Your claim {number} is withdrawn"),
            letter: vec![
                format!("Your claim {number} is withdrawn, as you asked. Nothing is paid for it. {then}"),
                "If it was not you who withdrew it, please tell our support at once.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: su solicitud {number} queda retirada, como nos dijo. {short} Si no fue usted, avise a nuestra ayuda."
            ),
            subject: format!("Su solicitud {number} queda retirada"),
            letter: vec![
                format!("Su solicitud {number} queda retirada, como pidió. No se paga nada por ella. {then}"),
                "Si no fue usted quien la retiró, avise enseguida a nuestro servicio de ayuda.".into(),
            ],
        },
    };
    voice.say("claim-withdrawn", Purpose::Receipt, words)
}

/// What is left to whoever took a claim back: for a text message and for an e-mail.
fn after_withdrawal(language: Language, again: bool) -> (&'static str, &'static str) {
    match (language, again) {
        (En, true) => ("You can claim again.", "You can claim again as long as the offer is open."),
        (En, false) => (
            "You can appeal.",
            "By what our records say today you cannot claim it again. If you want it after all, you can appeal; a person reads it.",
        ),
        (Es, true) => ("Puede hacer otra.", "Puede presentar otra mientras la oferta siga abierta."),
        (Es, false) => (
            "Puede recurrir.",
            "Según lo que dicen hoy nuestros registros, no puede presentar otra. Si a pesar de todo la quiere, puede recurrir; una persona lo leerá.",
        ),
    }
}

/// Given without being asked for.
pub fn granted_automatically(voice: &Voice<'_>, number: &str, worth: &str) -> Template {
    let (operator, short) = (voice.operator(), plain(worth));
    let words = match voice.language {
        En => Words {
            sms: format!(
                "{operator}: you get {short} without asking for it. You need do nothing. Sign in to see it, number {number}."
            ),
            subject: format!("You get {worth} without asking for it"),
            letter: vec![
                format!("You did not claim it, and you need not: we have granted you {worth}. Its number is {number}."),
                "On its page you see what happens when. It takes no right from you, and you need do nothing.".into(),
            ],
        },
        Es => Words {
            sms: format!(
                "{operator}: recibe {short} sin tener que pedirlo. No tiene que hacer nada. Puede verlo en su cuenta, {number}."
            ),
            subject: format!("Recibe {worth} sin tener que pedirlo"),
            letter: vec![
                format!("Usted no lo solicitó, y no hace falta: le hemos concedido {worth}. Su número es {number}."),
                "En su página verá qué ocurre y cuándo. No le quita ningún derecho y no tiene que hacer nada.".into(),
            ],
        },
    };
    voice.say("granted-automatically", Purpose::Notice, words)
}
