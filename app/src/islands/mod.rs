//! What HTML cannot do: parts of a page that run in the browser too.

mod live_counts;

pub use live_counts::LiveCounts;
