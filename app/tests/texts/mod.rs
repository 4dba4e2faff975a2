//! What a page says, without its tags: as the tests of both halves compare it.

/// The value of one attribute of a tag.
pub fn attribute<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let start = format!(" {rest}").find(&format!(" {name}=\""))? + name.len() + 2;
    rest.get(start..)?.split('"').next()
}

/// What stands in `<main>`, a tag a line.
pub fn inside(html: &str) -> String {
    let main = html.split_once("<main").map_or("", |(_, main)| main);
    let main = main.split_once("</main>").map_or("", |(main, _)| main);
    main.replace("><", ">\n<")
}

/// The texts of a page's main part, each on a line of its own, with what labels say to those who hear them.
pub fn texts(html: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for part in inside(html).split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
        let said = ["aria-label", "alt", "placeholder"].iter().filter_map(|name| attribute(rest, name));
        texts.extend(said.chain([text]).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()));
    }
    texts
}
