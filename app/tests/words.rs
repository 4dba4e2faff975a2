//! Every text that the code says stands in the PO files, with the same `{places}`, and none stands there for nothing.

mod sources;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use app::words::{Catalogue, SPANISH};
use proc_macro2::{TokenStream, TokenTree};

/// What a macro says: one text, or one for one and one for many.
type Said = (String, Option<String>);

fn literals(inside: TokenStream) -> Vec<String> {
    let texts = inside.into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
        _ => None,
    });
    texts.map(|text| text.value()).collect()
}

/// Looks through macros' insides too: views are macros.
fn collect(tokens: TokenStream, said: &mut Vec<Said>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let name = match place.checked_sub(2).map(|start| &tokens[start..place]) {
            Some([TokenTree::Ident(name), TokenTree::Punct(mark)]) if mark.as_char() == '!' => {
                name.to_string()
            }
            _ => String::new(),
        };
        match name.as_str() {
            "say" | "mark" => {
                said.extend(literals(group.stream()).into_iter().take(1).map(|text| (text, None)))
            }
            "say_many" => {
                if let [one, many, ..] = &literals(group.stream())[..] {
                    said.push((one.clone(), Some(many.clone())));
                }
            }
            _ => {}
        }
        collect(group.stream(), said);
    }
}

/// Everything that the code says, by the files that say it.
fn said() -> BTreeMap<Said, String> {
    let root = sources::root();
    let mut all = BTreeMap::new();
    for path in ["app/src", "server/src"].into_iter().flat_map(|folder| sources::sources(&root.join(folder)))
    {
        // The macros' own tests say what they like.
        if path.ends_with("words/mod.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut said = Vec::new();
        collect(tokens, &mut said);
        let name = path.strip_prefix(root).unwrap().display().to_string();
        all.extend(said.into_iter().map(|said| (said, name.clone())));
    }
    all
}

fn spanish() -> Catalogue {
    let mut whole = Catalogue::default();
    for (name, po) in SPANISH {
        whole.add(po).unwrap_or_else(|error| panic!("{name}.po: {error}"));
    }
    whole
}

/// The `{names}` in a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

#[test]
fn every_text_is_in_spanish_with_its_places() {
    let catalogue = spanish();
    let mut missing = String::new();
    for ((text, many), file) in said() {
        match (many, catalogue.text(&text), catalogue.counted(&text)) {
            (None, Some(translated), _) => {
                assert_eq!(places(&text), places(translated), "{text:?} in {file}")
            }
            (Some(many), _, Some([one, others])) => {
                assert!(places(one).is_subset(&places(&text)), "{text:?} in {file}");
                assert_eq!(places(&many), places(others), "{many:?} in {file}");
            }
            (None, ..) => missing += &format!("#: {file}\nmsgid {text:?}\nmsgstr \"\"\n\n"),
            (Some(many), ..) => {
                missing += &format!(
                    "#: {file}\nmsgid {text:?}\nmsgid_plural {many:?}\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n\n"
                );
            }
        }
    }
    assert!(missing.is_empty(), "not in app/words/es:\n{missing}");
}

#[test]
fn no_translation_is_left_over() {
    let said: BTreeSet<String> = said().into_keys().map(|(text, _)| text).collect();
    let catalogue = spanish();
    let idle: Vec<&str> = catalogue.english().filter(|text| !said.contains(*text)).collect();
    assert!(idle.is_empty(), "nothing says these any more: {idle:#?}");
}
