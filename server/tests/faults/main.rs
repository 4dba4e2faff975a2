//! The real binary among faults: killed, cut off, out of room, given nonsense, told to stop.
//!
//! One test binary, because each costs a link of the whole server.

mod corpus;
mod harness;
mod killed;
mod sign_in;
