//! What a person hears of a case outside of the portal: that there is something to read, and never what.

use super::{Case, CaseNumber, Kind};
use crate::{
    messages::{self, Template, Voice, templates},
    portal::Portal,
    store::{Result, Tx},
};

/// To the phone that signs in, so that its owner hears of a case that was not theirs.
pub async fn received(tx: &mut Tx, portal: &Portal, case: &Case, number: &CaseNumber) -> Result<()> {
    tell(
        tx,
        portal,
        case,
        number,
        match case.kind {
            Kind::Report => templates::report_received,
            Kind::Appeal => templates::appeal_received,
        },
    )
    .await
}

pub async fn asked(tx: &mut Tx, portal: &Portal, case: &Case, number: &CaseNumber) -> Result<()> {
    tell(
        tx,
        portal,
        case,
        number,
        match case.kind {
            Kind::Report => templates::report_asked,
            Kind::Appeal => templates::appeal_asked,
        },
    )
    .await
}

pub async fn answered(tx: &mut Tx, portal: &Portal, case: &Case, number: &CaseNumber) -> Result<()> {
    tell(
        tx,
        portal,
        case,
        number,
        match case.kind {
            Kind::Report => templates::report_answered,
            Kind::Appeal => templates::appeal_answered,
        },
    )
    .await
}

async fn tell(
    tx: &mut Tx,
    portal: &Portal,
    case: &Case,
    number: &CaseNumber,
    words: fn(&Voice<'_>, &str) -> Template,
) -> Result<()> {
    messages::tell(tx, portal, &case.subscriber_id, |voice| words(voice, number.as_str())).await
}
