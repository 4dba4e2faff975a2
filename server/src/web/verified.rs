//! The check of an archive speaks English alone, in the browser; the page brings the words of other languages along.
//! Here it is held that every sentence that the check can say is among those.

use std::collections::BTreeSet;

use app::pages::SCRIPT_SAYS;
use archive::verify::{Damage, Fault, Foreign, Proof, State, Verdict};

/// The page's script.
const SCRIPT: &str = include_str!("../../../archive/browser/page.js");

fn faults() -> Vec<Fault> {
    let name = || "a {b}.txt".to_owned();
    vec![
        Fault::Truncated,
        Fault::Gap { at: 7, len: 3 },
        Fault::Directory { name: name(), count: 1 },
        Fault::Directory { name: name(), count: 3 },
        Fault::End,
        Fault::Trailing { bytes: 4 },
        Fault::ListMissing,
        Fault::ListDamaged,
        Fault::TooMany { at: 9 },
    ]
}

/// What the program behind the script says.
fn found() -> BTreeSet<String> {
    let foreign = [
        Foreign::Empty,
        Foreign::NotAZip,
        Foreign::Compressed(8),
        Foreign::Encrypted,
        Foreign::Descriptors,
        Foreign::OtherMaker,
        Foreign::NoList,
    ];
    let verdicts = [Verdict::Whole, Verdict::Damaged].into_iter().chain(foreign.map(Verdict::NotOurs));
    let states = [
        State::Damaged(Damage::Content),
        State::Damaged(Damage::Header),
        State::Damaged(Damage::Unreadable),
        State::Damaged(Damage::Cut),
        State::Missing,
        State::NotChecked,
        State::Unlisted,
    ];
    let said = verdicts.map(|verdict| verdict.to_string()).chain(states.map(|state| state.to_string()));
    said.chain(faults().iter().map(|fault| fault.sentence().to_owned())).collect()
}

/// What the script says itself: a literal after `say(`, and the sentences of `FAILED`.
fn scripted() -> BTreeSet<String> {
    let literal = |text: &str| text.split_once('"').map(|(text, _)| text.to_owned());
    let said = SCRIPT.split("say(\"").skip(1).filter_map(literal);
    let failed = SCRIPT.split_once("FAILED = {").and_then(|(_, rest)| rest.split_once('}')).unwrap().0;
    let failed = failed.split(": \"").skip(1).filter_map(literal);
    said.chain(failed).collect()
}

#[test]
fn every_sentence_of_the_check_is_brought_along_and_no_other() {
    let known: BTreeSet<String> = SCRIPT_SAYS.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(scripted().len(), 7, "{:?}", scripted());
    assert_eq!(found().union(&scripted()).cloned().collect::<BTreeSet<_>>(), known);
    // It is not shown of a file that is whole.
    assert!(!known.contains(&State::Whole(Proof::Sha256).to_string()));
}

#[test]
fn a_sentence_has_as_many_places_as_values() {
    for fault in faults() {
        assert_eq!(fault.sentence().matches('{').count(), fault.values().len(), "{fault}");
    }
    let directory = &faults()[3];
    assert_eq!(directory.to_string(), "The directory at the end does not agree with a {b}.txt and 2 more.");
}
