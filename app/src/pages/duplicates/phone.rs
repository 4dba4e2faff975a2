//! Bringing the contacts file of the phone in use.

use leptos::prelude::*;

use super::{BASE, contacts};
use crate::{
    models::{FieldError, PhoneContacts, PhoneUpload},
    pieces::{back, button_form, error_summary, form_title, heading},
    render::Page,
    say, say_many,
};

impl Page for PhoneUpload {
    fn title(&self) -> String {
        form_title(say!("Compare with your phone"), &self.errors)
    }

    fn view(self) -> AnyView {
        upload(self)
    }
}

fn upload(model: PhoneUpload) -> AnyView {
    view! {
        {back(BASE, say!("All likely duplicates"))}
        {error_summary(&model.errors)}
        {heading(say!("Compare with your phone"), say!("We show you who is on your phone and among your recovered contacts too."))}
        {model.phone.map(kept)}
        <h2>{say!("The file")}</h2>
        <p>{say!("Export the contacts of your phone as one file whose name ends in .vcf, a vCard file. On Android: Contacts, Fix and manage, Export to file. On an iPhone: Contacts, Lists, hold a list, Export.")}</p>
        {form(&model.errors)}
        <h2>{say!("What becomes of it")}</h2>
        <p>{say!("We use it for nothing but this comparison. It is stored encrypted under a key of your own, deleted after 30 days, and you can delete it before. A contact that you merge with one of the phone's keeps what it took from it.")}</p>
    }
    .into_any()
}

fn form(errors: &[FieldError]) -> AnyView {
    let message = errors.iter().find(|error| error.field == "file").map(|error| error.message.clone());
    let class = if message.is_some() { "field wrong" } else { "field" };
    let described_by = if message.is_some() { "file-hint file-error" } else { "file-hint" };
    let invalid = message.is_some().then_some("true");
    view! {
        <form method="post" action=format!("{BASE}/phone") enctype="multipart/form-data">
            <div class=class>
                <label for="file">{say!("Contacts file")}</label>
                <p class="hint" id="file-hint">{say!("A .vcf file of up to 10 MB and 10,000 contacts.")}</p>
                {message.map(|m| view! { <p class="error" id="file-error"><b>{say!("Error:")}" "</b>{m}</p> })}
                <input
                    type="file"
                    id="file"
                    name="file"
                    accept=".vcf,.vcard,text/vcard,text/x-vcard"
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
            </div>
            <button class="button">{say!("Compare")}</button>
        </form>
    }
    .into_any()
}

fn kept(phone: PhoneContacts) -> AnyView {
    let brought = say!(
        "You brought {contacts} on {day}. They are deleted on {until}.",
        contacts = contacts(phone.cards),
        day = phone.uploaded,
        until = phone.until
    );
    let problems = (phone.problems > 0).then(|| {
        say_many!(
            phone.problems,
            "{n} part of the file could not be read.",
            "{n} parts of the file could not be read."
        )
    });
    let sentences = [Some(brought), problems, Some(say!("A new file takes their place.").to_owned())];
    let what = sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! {
        <h2>{say!("The file you brought")}</h2>
        <p>{what}</p>
        {button_form(format!("{BASE}/phone/delete"), say!("Delete it now"), "button secondary")}
    }
    .into_any()
}
