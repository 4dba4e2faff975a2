//! Duplicates as a whole: real vendors' files, rules that hold for any cards, and choices on both engines.

mod choices;
mod corpus;
mod hostile;
mod merging;
mod pages;
mod rules;
