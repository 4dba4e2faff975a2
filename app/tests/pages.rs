//! What holds for every page, whatever is on it.

mod samples;
mod sources;
mod texts;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
};

use app::words::Language;
use proc_macro2::{TokenStream, TokenTree};
use texts::{attribute, inside, texts};

/// Each opening tag of `html`: its name and the rest of it.
fn tags(html: &str) -> Vec<(&str, &str)> {
    html.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(tag, _)| tag.split_once(' ').unwrap_or((tag, "")))
        .filter(|(name, _)| !name.starts_with(['/', '!']))
        .collect()
}

/// The page without its script, which is the islands' own.
fn without_script(html: &str) -> String {
    match (html.find("<script"), html.find("</script>")) {
        (Some(from), Some(to)) => format!("{}{}", &html[..from], &html[to..]),
        _ => html.to_owned(),
    }
}

fn holds_on_every_page(rule: impl Fn(&str, &str)) {
    for language in Language::ALL {
        for (name, document) in samples::every_page_in(language) {
            rule(&format!("{name} ({})", language.tag()), &without_script(&document.html));
        }
    }
}

#[test]
fn there_is_one_main_heading_and_no_level_is_skipped() {
    holds_on_every_page(|name, html| {
        let headings =
            tags(html).into_iter().filter_map(|(tag, _)| tag.strip_prefix('h')?.parse::<u8>().ok());
        let levels: Vec<u8> = headings.collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}: {levels:?}");
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name}: {levels:?}");
        }
    });
}

#[test]
fn an_id_is_used_once_and_every_reference_finds_its_own() {
    holds_on_every_page(|name, html| {
        let ids: Vec<&str> = tags(html).into_iter().filter_map(|(_, rest)| attribute(rest, "id")).collect();
        let known: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), known.len(), "{name}: {ids:?}");
        for (tag, rest) in tags(html) {
            let referred = ["for", "aria-describedby", "aria-labelledby"];
            let referred =
                referred.iter().filter_map(|key| attribute(rest, key)).flat_map(str::split_whitespace);
            let local = attribute(rest, "href").and_then(|href| href.strip_prefix('#'));
            for id in referred.chain(local) {
                assert!(known.contains(id), "{name}: <{tag} {rest}> refers to {id:?}");
            }
        }
    });
}

#[test]
fn every_control_has_a_label_and_every_picture_its_size() {
    holds_on_every_page(|name, html| {
        let all = tags(html);
        for (tag, rest) in &all {
            if matches!(*tag, "input" | "textarea") && attribute(rest, "type") != Some("hidden") {
                let id = attribute(rest, "id").unwrap_or_default();
                let labelled = all.iter().any(|(t, r)| *t == "label" && attribute(r, "for") == Some(id));
                assert!(labelled, "{name}: <{tag} {rest}>");
            }
            if *tag == "img" {
                let sized = ["width", "height", "alt"].iter().all(|key| attribute(rest, key).is_some());
                assert!(sized, "{name}: {rest}");
            }
        }
    });
}

#[test]
fn nothing_needs_what_the_content_policy_forbids() {
    for (name, document) in samples::every_page_in(Language::En) {
        let scripts = document.html.matches("<script").count();
        assert_eq!(scripts, usize::from(document.nonce.is_some()), "{name}");
        for (tag, rest) in tags(&without_script(&document.html)) {
            assert!(attribute(rest, "style").is_none() && tag != "style", "{name}: <{tag} {rest}>");
            assert!(!format!(" {rest}").contains(" on"), "{name}: <{tag} {rest}>");
        }
    }
}

#[test]
fn only_the_recovery_of_somebody_affected_and_the_check_of_an_archive_load_a_script() {
    let scripted: Vec<_> = samples::every_page_in(Language::En)
        .into_iter()
        .filter(|(_, document)| document.nonce.is_some())
        .map(|(name, document)| (name, document.starts_worker))
        .collect();
    assert_eq!(scripted, [("verify", true), ("recovery", false)]);
}

#[test]
fn the_demo_says_on_every_page_what_it_is() {
    holds_on_every_page(|name, html| {
        assert!(html.contains(samples::DEMO), "{name}");
        assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{name}");
    });
}

/// The pages of claiming are promises: whoever changes a word of them sees it here.
#[test]
fn the_pages_of_claiming_say_what_they_said() {
    const CLAIMING: [&str; 15] = [
        "remedies",
        "remedies-refused",
        "choose",
        "choose-refused",
        "way",
        "way-missing",
        "address-wrong",
        "check-post",
        "claim-changeable",
        "claim-declined",
        "claim-way-check",
        "claim-withdraw",
        "claim-too-late",
        "staff-claims",
        "staff-claim-wrong",
    ];
    let pages = samples::every_page_in(Language::En);
    for name in CLAIMING {
        let (_, document) = pages.iter().find(|(page, _)| *page == name).unwrap();
        insta::assert_snapshot!(name, inside(&document.html));
    }
}

/// What every page says, in every language: whoever changes a word sees it here, and its translation beside it.
#[test]
fn every_page_says_what_it_said_in_every_language() {
    for language in Language::ALL {
        for (name, document) in samples::every_page_in(language) {
            let name = format!("{name}.{}", language.tag());
            insta::assert_snapshot!(name, texts(&document.html).join("\n"));
        }
    }
}

/// What reads the same in Spanish as in English is data of the samples. A new line here is a text that was
/// forgotten, or a sample's own.
#[test]
fn only_data_reads_the_same_in_two_languages() {
    let english: BTreeMap<_, _> = samples::every_page_in(Language::En).into_iter().collect();
    let mut same = BTreeSet::new();
    for (name, document) in samples::every_page_in(Language::Es) {
        let before: BTreeSet<_> = texts(&english[name].html).into_iter().collect();
        let words = |text: &String| text.split_whitespace().filter(|word| word.len() > 2).count() > 1;
        same.extend(texts(&document.html).into_iter().filter(|text| before.contains(text) && words(text)));
    }
    insta::assert_snapshot!("same-in-both", same.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The types for which `tokens` say that they are a page: `impl Page for Type {`.
fn page_types(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let words: Vec<String> = tokens.iter().map(ToString::to_string).collect();
    for (place, pair) in words.windows(2).enumerate() {
        if let ["Page", "for"] = [pair[0].as_str(), pair[1].as_str()] {
            // The last word before the braces, if it is written with the path to it.
            let named =
                tokens.iter().skip(place + 2).take_while(|token| !matches!(token, TokenTree::Group(_)));
            let names = named.filter(|token| matches!(token, TokenTree::Ident(_)));
            found.extend(names.last().map(ToString::to_string));
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            page_types(group.stream(), found);
        }
    }
}

/// A page that stands in no sample is held to nothing that this file asks of pages.
#[test]
fn every_page_has_a_sample() {
    let mut pages = BTreeSet::new();
    for path in sources::sources(&sources::root().join("app/src")) {
        page_types(fs::read_to_string(path).unwrap().parse().unwrap(), &mut pages);
    }
    assert!(pages.len() > 60, "{pages:?}");
    let drawn = samples::types();
    let left_out: Vec<&String> = pages.iter().filter(|page| !drawn.contains(page.as_str())).collect();
    assert_eq!(left_out, Vec::<&String>::new(), "these have no sample");
}
