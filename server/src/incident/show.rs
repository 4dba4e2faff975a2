//! From the incident file to what public pages show.

use app::{
    models::{Front, FrontRemedy, Money, Section, TimelineEntry},
    say,
};
use jiff::Timestamp;

use super::{Incident, Remedy, Update};
use crate::web::wording;

impl Incident {
    /// `/`: what happened, what is being done, what people get.
    pub fn front(&self) -> Front {
        let sections =
            [section(say!("What happened"), &self.summary), section(say!("What is being done"), &self.doing)];
        Front {
            title: self.name.clone(),
            summary: self.affected.clone(),
            sections: sections.into(),
            advice: self.advice_section(),
            remedies: self.remedies.iter().map(front_remedy).collect(),
            timeline: self.timeline.iter().rev().map(|update| self.entry(update)).collect(),
            signed_in: false,
        }
    }

    /// What people should do or leave alone; none when the file says nothing.
    pub fn advice_section(&self) -> Option<Section> {
        (!self.advice.is_empty()).then(|| section(say!("What you should know meanwhile"), &self.advice))
    }

    /// What each remedy uses of a person's data; none without remedies.
    pub fn data_used_section(&self) -> Option<Section> {
        let used = |remedy: &Remedy| format!("{}: {}", remedy.title, remedy.terms.data_used);
        let lines: Vec<_> = self.remedies.iter().map(used).collect();
        (!lines.is_empty()).then(|| section(say!("What a claim uses"), &lines))
    }

    fn entry(&self, update: &Update) -> TimelineEntry {
        let date = self.local(update.at);
        TimelineEntry {
            date: wording::date(date.date()),
            datetime: date.strftime("%Y-%m-%d").to_string(),
            title: update.title.clone().unwrap_or_default(),
            text: update.body.clone(),
            source: update.attribution.to_string(),
        }
    }

    /// The moment by the clocks where the incident was.
    fn local(&self, at: Timestamp) -> jiff::Zoned {
        at.to_zoned(self.time_zone.clone())
    }
}

fn section(heading: &str, paragraphs: &[String]) -> Section {
    Section { heading: heading.to_owned(), paragraphs: paragraphs.to_vec() }
}

fn front_remedy(remedy: &Remedy) -> FrontRemedy {
    FrontRemedy {
        name: remedy.title.clone(),
        worth: Money::new(remedy.value.minor, remedy.value.currency.code()),
        summary: remedy.description.clone(),
    }
}
