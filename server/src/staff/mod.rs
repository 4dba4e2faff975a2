//! Support staff: who they are, what they may see, what they looked at.

mod witness;

pub use witness::Member;
