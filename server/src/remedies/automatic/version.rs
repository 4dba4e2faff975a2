//! What an approval holds for.

use sha2::{Digest, Sha256};

use crate::{
    incident::{Approval, Remedy},
    remedies::terms,
};

/// A hash of all of a remedy that decides who gets what by which way, 64 hexadecimal digits. Its budget is not among
/// it: more money changes nothing of what was approved.
pub fn of(remedy: &Remedy) -> String {
    let Remedy { kind, rules, opens_at, closes_at, given, approval, ways, .. } = remedy;
    // What decides on single claims decides on no run.
    let Approval { claims, automatic, .. } = approval;
    let approval = format!("Approval {{ claims: {claims}, automatic: {automatic} }}");
    let mut hash = Sha256::new();
    hash.update(terms::version([remedy].into_iter()));
    hash.update(format!("{kind:?}\n{rules:?}\n{opens_at:?}\n{closes_at:?}\n{given:?}\n{approval}\n{ways:?}"));
    hex::encode(hash.finalize())
}
