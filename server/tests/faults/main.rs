//! The real binary among faults: killed, cut off, out of room, given nonsense, told to stop.
//!
//! One test binary, because each costs a link of the whole server.

mod at_once;
mod corpus;
mod downloads;
mod harness;
mod input;
mod killed;
mod ledger;
mod payouts;
mod room;
mod sign_in;
mod stopping;
mod vault;
