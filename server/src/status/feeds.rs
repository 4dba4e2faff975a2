//! The snapshot's whole history as Atom (RFC 4287) and RSS 2.0.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Snapshot, id, page,
    told::{Said, Told},
};
use crate::{ambient::Millis, web::wording::rfc3339};

/// One entry for each update, the newest first; ids stay the same for ever.
pub fn atom(snapshot: &Snapshot, base_url: &str, host: &str) -> String {
    let incident = &snapshot.incident;
    let link = format!("{base_url}/status");
    let entries: String = incident
        .updates
        .iter()
        .map(|said| {
            format!(
                "<entry><id>{}</id><title>{}</title><published>{at}</published><updated>{at}</updated>\
                 <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\
                 <content type=\"text\">{}</content></entry>\n",
                tag(incident, said, host),
                escape(&title(incident, said)),
                escape(&link),
                escape(&said.text()),
                at = rfc3339(said.at),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:{},2005:/history</id><title>{}</title>\
         <updated>{}</updated><author><name>{}</name></author>\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}/history.atom\"/>\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n{entries}</feed>\n",
        authority(host),
        escape(&name(incident)),
        rfc3339(page::changed_at(snapshot)),
        escape(&incident.operator),
        escape(base_url),
        escape(&link),
    )
}

pub fn rss(snapshot: &Snapshot, base_url: &str, host: &str) -> String {
    let incident = &snapshot.incident;
    let link = escape(&format!("{base_url}/status"));
    let items: String = incident
        .updates
        .iter()
        .map(|said| {
            format!(
                "<item><title>{}</title><link>{link}</link><guid isPermaLink=\"false\">{}</guid>\
                 <pubDate>{}</pubDate><description>{}</description></item>\n",
                escape(&title(incident, said)),
                tag(incident, said, host),
                rfc2822(said.at),
                escape(&said.text()),
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>{}</title>\
         <link>{link}</link><description>{}</description><lastBuildDate>{}</lastBuildDate>\n\
         {items}</channel></rss>\n",
        escape(&name(incident)),
        escape(&description(incident)),
        rfc2822(page::changed_at(snapshot)),
    )
}

fn name(incident: &Told) -> String {
    format!("{}: {}", incident.operator, incident.name)
}

fn description(incident: &Told) -> String {
    incident.demo.clone().unwrap_or_else(|| format!("The history of {}", incident.name))
}

fn title(incident: &Told, said: &Said) -> String {
    if said.title.is_empty() { incident.name.clone() } else { said.title.clone() }
}

/// `tag:HOST,2005:Incident/ID` (RFC 4151), an update's own id behind it.
fn tag(incident: &Told, said: &Said, host: &str) -> String {
    let of = |kind, key: &str| id::of(&incident.id, kind, key);
    let (incident, update) = (of("incident", ""), of("update", &said.at.to_string()));
    format!("tag:{},2005:Incident/{incident}/{update}", authority(host))
}

/// A tag's authority has no port.
fn authority(host: &str) -> &str {
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// RFC 2822, as RSS wants it: `Tue, 20 Oct 2009 14:05:00 +0000`.
fn rfc2822(at: Millis) -> String {
    match Timestamp::from_millisecond(at) {
        Ok(at) => at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S %z").to_string(),
        Err(_) => String::new(),
    }
}

/// What XML's text and attributes can hold.
fn escape(text: &str) -> String {
    let allowed = |c: &char| *c >= ' ' || matches!(c, '\n' | '\t');
    text.chars()
        .filter(allowed)
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            c => c.to_string(),
        })
        .collect()
}
