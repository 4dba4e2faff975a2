//! Draws every page from invented models into a folder, to be looked at:
//! `cargo run -p app --features ssr --example gallery -- FOLDER`
//!
//! The pages name the stylesheet as `main.css`, which stands beside them.

mod samples;

use std::{env, fs, io, path::PathBuf};

use app::{
    Page,
    models::{Assets, Frame, Visitor},
};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| env::temp_dir().join("gallery"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    let gallery = Gallery { folder };
    samples::draw_all(&gallery)?;
    println!("{}", gallery.folder.display());
    Ok(())
}

struct Gallery {
    folder: PathBuf,
}

impl Gallery {
    fn nobody<P: Page>(&self, name: &str, page: P) -> io::Result<()> {
        self.draw(name, Visitor::Nobody, page)
    }

    fn subscriber<P: Page>(&self, name: &str, page: P) -> io::Result<()> {
        self.draw(name, Visitor::Subscriber { phone_end: "…0142".to_owned() }, page)
    }

    fn staff<P: Page>(&self, name: &str, page: P) -> io::Result<()> {
        self.draw(name, Visitor::Staff { name: "Ana Agent".to_owned() }, page)
    }

    fn draw<P: Page>(&self, name: &str, visitor: Visitor, page: P) -> io::Result<()> {
        let assets = Assets {
            stylesheet: "main.css".to_owned(),
            icon: "icon.svg".to_owned(),
            manifest: "site.webmanifest".to_owned(),
            pkg: "pkg/gallery".to_owned(),
        };
        let frame = Frame {
            operator: "Example Mobile".to_owned(),
            product: "Pocket".to_owned(),
            demo: true,
            visitor,
            path: format!("/{name}"),
            assets,
        };
        fs::write(self.folder.join(format!("{name}.html")), app::render(&frame, page).html)
    }
}
