//! Parts that several pages are made of.

mod forms;
mod lists;
mod text;
mod textarea;

pub use forms::*;
pub use lists::*;
pub use text::*;
pub use textarea::*;
