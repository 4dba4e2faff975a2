//! How a remedy is given: asked for or not, who approves, and how it reaches a person.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{ProviderName, RemedyKind, WayId, section::Section};

/// Whether a person has to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// To whoever claims it.
    OnClaim,
    /// Also to whoever is entitled and has not claimed it by the automatic run, which is not before `from`.
    Automatically { from: Option<Timestamp> },
}

impl Given {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let given = section.optional::<String>("given");
        let from = section.optional("automatic_from");
        match given.as_deref() {
            Some("automatically") => return Given::Automatically { from },
            Some("on-claim") | None => {}
            Some(_) => section.wrong("given", "must be on-claim or automatically"),
        }
        if from.is_some() {
            section.wrong("automatic_from", "needs given = \"automatically\" beside it");
        }
        Given::OnClaim
    }
}

/// How many people have to say yes, beside the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Members of staff who approve each claim: 0 or 1.
    pub claims: u8,
    /// Different members of staff who approve an automatic run: 2 to 9.
    pub automatic: u8,
    /// Members of staff who approve a claim that another made for somebody, and that goes to an address which is not the
    /// account's: 0 or 1.
    pub elsewhere: u8,
}

impl Default for Approval {
    fn default() -> Self {
        Approval { claims: 0, automatic: 2, elsewhere: 1 }
    }
}

impl Approval {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default = Approval::default();
        let Some(mut table) = section.optional_table("approval") else { return default };
        let approval = Approval {
            claims: people(&mut table, "claims", &[0, 1]).unwrap_or(default.claims),
            automatic: four_eyes(&mut table).unwrap_or(default.automatic),
            elsewhere: people(&mut table, "elsewhere", &[0, 1]).unwrap_or(default.elsewhere),
        };
        table.finish();
        approval
    }
}

/// How many approve an automatic run. One alone would be no approval at all.
fn four_eyes(table: &mut Section<'_>) -> Option<u8> {
    let number = table.optional::<i64>("automatic")?;
    let enough = u8::try_from(number).ok().filter(|number| (2..=9).contains(number));
    if enough.is_none() {
        table.wrong("automatic", "must be from 2 to 9: nobody alone gives a remedy to everybody");
    }
    enough
}

fn people(table: &mut Section<'_>, key: &'static str, allowed: &[u8]) -> Option<u8> {
    let number = table.optional::<i64>(key)?;
    let known = u8::try_from(number).ok().filter(|number| allowed.contains(number));
    if known.is_none() {
        let allowed: Vec<_> = allowed.iter().map(u8::to_string).collect();
        table.wrong(key, format!("must be {}", allowed.join(" or ")));
    }
    known
}

/// One way in which a remedy may reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub id: WayId,
    pub provider: ProviderName,
    /// Minutes from the claim to its payout, while which the person may choose another way or withdraw.
    pub change_for: i64,
}

/// Minutes; long enough to notice a slip, short against any promised delivery.
const CHANGE_FOR: i64 = 30;
/// A year of minutes: beyond it somebody mistook the unit.
const LONGEST: i64 = 525_600;

impl Way {
    pub fn new(id: WayId, provider: ProviderName) -> Self {
        Way { id, provider, change_for: CHANGE_FOR }
    }

    /// Where a way is not the remedy's any more: here, after signing in.
    pub fn at_hand() -> Self {
        Way::new(WayId::Site, ProviderName::CodePool)
    }

    fn read(table: &mut Section<'_>) -> Option<Self> {
        let (id, provider) = (table.required::<WayId>("id"), table.required::<ProviderName>("provider"));
        let change_for = table.optional("change_for_minutes").unwrap_or(CHANGE_FOR);
        if !(0..=LONGEST).contains(&change_for) {
            table.wrong("change_for_minutes", format!("must be from 0 to {LONGEST}, in minutes"));
        }
        if let (Some(id), Some(provider)) = (id, provider)
            && !id.providers().contains(&provider)
        {
            let able: Vec<_> = id.providers().iter().map(|able| able.slug()).collect();
            let why = why_not(id, provider);
            table.wrong("provider", format!("cannot carry {}; write {}{why}", id.slug(), able.join(" or ")));
        }
        table.finish();
        Some(Way { id: id?, provider: provider?, change_for })
    }
}

impl WayId {
    /// Who can carry it.
    fn providers(self) -> &'static [ProviderName] {
        match self {
            WayId::Email | WayId::Sms => &[ProviderName::CodePool, ProviderName::Tremendous],
            WayId::Site => &[ProviderName::CodePool],
            WayId::Post => &[ProviderName::PostFile],
            WayId::Bill => &[ProviderName::BillFile, ProviderName::Stripe],
        }
    }
}

/// What somebody who wrote it may not know.
fn why_not(id: WayId, provider: ProviderName) -> &'static str {
    match (id, provider) {
        (WayId::Site, ProviderName::Tremendous) => {
            ": what is shown after signing in is a code of ours, and Tremendous sends by email or sms"
        }
        _ => "",
    }
}

/// `[[remedies.ways]]`, else those that suit the kind.
pub(super) fn ways(section: &mut Section<'_>, kind: Option<RemedyKind>) -> Vec<Way> {
    let tables = section.tables("ways");
    if tables.is_empty() {
        return kind.map(usual).unwrap_or_default();
    }
    let (mut seen, mut ways) = (BTreeSet::new(), Vec::new());
    for mut table in tables {
        let Some(way) = Way::read(&mut table) else { continue };
        if !seen.insert(way.id) {
            table.wrong("id", format!("{} is a way already; keep one", way.id.slug()));
        }
        ways.push(way);
    }
    ways
}

fn usual(kind: RemedyKind) -> Vec<Way> {
    match kind {
        RemedyKind::ServiceCredit => vec![Way::new(WayId::Bill, ProviderName::BillFile)],
        RemedyKind::GiftCard => {
            [WayId::Email, WayId::Sms, WayId::Site].map(|id| Way::new(id, ProviderName::CodePool)).to_vec()
        }
    }
}
