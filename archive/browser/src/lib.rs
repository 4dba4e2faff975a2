//! The verifier as `worker.js` uses it. What goes over the border are bytes in and words out: English
//! ones, by which the page finds those of its own language.

use archive::verify::{Report, Verdict};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
#[derive(Default)]
pub struct Verifier(archive::verify::Verifier);

#[wasm_bindgen]
impl Verifier {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Verifier {
        Verifier::default()
    }

    /// The file's next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// The file ends here.
    pub fn finish(self) -> Outcome {
        Outcome(self.0.finish())
    }
}

/// What was found out.
#[wasm_bindgen]
pub struct Outcome(Report);

#[wasm_bindgen]
impl Outcome {
    /// `whole`, `damaged` or `not-ours`.
    pub fn verdict(&self) -> String {
        let verdict = match self.0.verdict {
            Verdict::Whole => "whole",
            Verdict::Damaged => "damaged",
            Verdict::NotOurs(_) => "not-ours",
        };
        verdict.to_owned()
    }

    /// The verdict in a sentence.
    pub fn words(&self) -> String {
        self.0.verdict.to_string()
    }

    /// A sentence for each thing that is wrong beside the files, with `{places}` for its values.
    pub fn faults(&self) -> Vec<String> {
        self.0.faults.iter().map(|fault| fault.sentence().to_owned()).collect()
    }

    /// The values of all those sentences, one after the other, as their places stand.
    pub fn values(&self) -> Vec<String> {
        self.0.faults.iter().flat_map(|fault| fault.values()).collect()
    }

    /// The names of the files that are whole.
    pub fn whole(&self) -> Vec<String> {
        self.0.files.iter().filter(|file| file.is_whole()).map(|file| file.name.clone()).collect()
    }

    /// The names of the files that are not.
    pub fn wrong(&self) -> Vec<String> {
        self.0.not_whole().map(|file| file.name.clone()).collect()
    }

    /// What is wrong with each of them, in the same order.
    pub fn states(&self) -> Vec<String> {
        self.0.not_whole().map(|file| file.state.to_string()).collect()
    }
}
