//! Draws every page from invented models into a folder, to be looked at:
//! `cargo run -p app --features ssr --example gallery -- FOLDER`
//!
//! The pages name the stylesheet as `main.css`, which stands beside them.

#[path = "../tests/samples/mod.rs"]
mod samples;

use app::words::Language;
use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| env::temp_dir().join("gallery"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for language in Language::ALL {
        for (name, document) in samples::every_page_in(language) {
            fs::write(folder.join(format!("{name}.{}.html", language.tag())), document.html)?;
        }
    }
    println!("{}", folder.display());
    Ok(())
}
